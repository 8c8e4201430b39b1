"""The words of a letter to a partner.

Read `Words` first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mne.display.plurals import counted
from mne.ground.language import LANGUAGES
from mne.ground.maps import FrozenMap
from mne.ground.tags import spaced

__all__ = ["WORDS", "Words", "words"]


@dataclass(frozen=True, slots=True)
class Words:
    """The words for one reader."""

    lang: str

    def __call__(self, key: str, /, **values: object) -> str:
        """The words of `key`, with `values` put in their places."""
        return WORDS[key][self.lang].format(**values)

    @property
    def colon(self) -> str:
        """What stands between a place and what is wrong there."""
        return spaced(":", self.lang)

    def count(self, key: str, count: int) -> str:
        """A number with its noun: ``1 ошибка``, ``2 ошибки``, ``5 ошибок``."""
        return counted(key, count, self.lang)


def words(lang: str | None) -> Words:
    """The words in a language; a regional tag reads its language, and one that we do not speak reads English."""
    base = (lang or "en").partition("-")[0].lower()
    return Words(base if base in LANGUAGES else "en")


def _table(rows: tuple[tuple[str, str, str, str, str], ...]) -> Mapping[str, Mapping[str, str]]:
    return FrozenMap({key: FrozenMap(dict(zip(LANGUAGES, each, strict=True))) for key, *each in rows})


# key, English, French, Russian, Tajik
WORDS: Final = _table(
    (
        (
            "subject",
            "{plan}, your report: {what}",
            "{plan}, votre rapport : {what}",
            "{plan}, ваш отчёт: {what}",
            "{plan}, ҳисоботи шумо: {what}",
        ),
        ("s-accept", "accepted, thank you", "accepté, merci", "принят, спасибо", "қабул шуд, ташаккур"),
        (
            "s-notes",
            "accepted, {notes}",
            "accepté, {notes}",
            "принят; проверьте: {notes}",
            "қабул шуд; санҷед: {notes}",
        ),
        (
            "s-errors",
            "{errors} to correct",
            "{errors} à corriger",
            "{errors}, просим исправить",
            "{errors}, лутфан ислоҳ кунед",
        ),
        (
            "s-both",
            "{errors} to correct, {notes}",
            "{errors} à corriger, {notes}",
            "просим исправить ({errors}) и проверить ({notes})",
            "лутфан ислоҳ кунед ({errors}) ва санҷед ({notes})",
        ),
        ("s-held", "not accepted yet", "pas encore accepté", "пока не принят", "ҳоло қабул нашуд"),
        ("dear", "Dear colleagues,", "Bonjour,", "Уважаемые коллеги!", "Ҳамкорони мӯҳтарам!"),
        (
            "thanks",
            "Thank you for your report.",
            "Merci pour votre rapport.",
            "Спасибо за ваш отчёт.",
            "Барои ҳисоботатон ташаккур.",
        ),
        (
            "rows",
            "Checked: {rows}. Accepted: {accepted}.",
            "Vérifié : {rows}. Accepté : {accepted}.",
            "Проверено: {rows}. Принято: {accepted}.",
            "Санҷида шуд: {rows}. Қабул шуд: {accepted}.",
        ),
        (
            "held",
            "Not counted until corrected: {held}.",
            "En attente de correction : {held}.",
            "Не учитывается, пока не исправлено: {held}.",
            "То ислоҳ шудан ба ҳисоб намеравад: {held}.",
        ),
        (
            "compared",
            "Rows of earlier periods, only compared with: {rows}.",
            "Lignes de périodes antérieures, prises seulement pour comparer : {rows}.",
            "Строк за прошлые периоды, взятых только для сравнения: {rows}.",
            "Сатрҳои давраҳои пешина, танҳо барои муқоиса: {rows}.",
        ),
        (
            "nothing",
            "Nothing is wrong. You need not do anything.",
            "Tout est en ordre. Vous n’avez rien à faire.",
            "Ошибок нет. Делать ничего не нужно.",
            "Хато нест. Коре кардан лозим нест.",
        ),
        (
            "please",
            "Please correct what is listed below, save the file and send it again. What matters most comes first.",
            "Merci de corriger ce qui suit, d’enregistrer le fichier et de le renvoyer. Le plus important d’abord.",
            "Пожалуйста, исправьте перечисленное ниже, сохраните файл и пришлите его снова. Самое важное – сначала.",
            (
                "Лутфан он чиро, ки дар поён омадааст, ислоҳ кунед, файлро нигоҳ доред ва аз нав фиристед. "
                "Муҳимтаринаш аввал меояд."
            ),
        ),
        (
            "look",
            "Please check the points below. If the figures are right, you need not do anything.",
            "Merci de vérifier les points ci-dessous. Si les chiffres sont justes, vous n’avez rien à faire.",
            "Пожалуйста, проверьте перечисленное ниже. Если числа верны, делать ничего не нужно.",
            "Лутфан он чиро, ки дар поён омадааст, санҷед. Агар ададҳо дуруст бошанд, коре кардан лозим нест.",
        ),
        (
            "unlisted",
            "Some rows are held back for reasons that are not listed here. We will tell you more.",
            "Des lignes sont retenues pour des raisons qui ne figurent pas ici. Nous vous en dirons plus.",
            "Часть строк не учтена по причинам, которых здесь нет. Мы сообщим о них отдельно.",
            "Баъзе сатрҳо бо сабабҳое, ки ин ҷо нестанд, ба ҳисоб нарафтанд. Мо дар бораашон алоҳида хабар медиҳем.",
        ),
        ("sheet", "{file}, sheet {sheet}", "{file}, feuille {sheet}", "{file}, лист {sheet}", "{file}, варақи {sheet}"),
        ("row-at", "row {row}", "ligne {row}", "строка {row}", "сатри {row}"),
        ("whole", "the whole file", "tout le fichier", "весь файл", "тамоми файл"),
        ("minor", "(to check) {message}", "(à vérifier) {message}", "(проверьте) {message}", "(санҷед) {message}"),
        ("same", "The same in {cells}.", "De même : {cells}.", "То же: {cells}.", "Ҳамин тавр: {cells}."),
        (
            "more-cells",
            "{cells} and {count} more",
            "{cells} et {count} de plus",
            "{cells} и ещё {count}",
            "{cells} ва боз {count}",
        ),
        ("do", "What to do: {hint}", "Que faire : {hint}", "Что сделать: {hint}", "Чӣ бояд кард: {hint}"),
        ("suggestion", "Did you mean {value}?", "Vouliez-vous dire {value} ?", "Возможно, {value}?", "Шояд {value}?"),
        (
            "more",
            "And {count} more. All are marked in the copy of your file, and listed on its first sheet, “What to fix”.",
            (
                "Et {count} de plus. Tout est marqué dans la copie de votre fichier et listé sur sa première feuille, "
                "« À corriger »."
            ),
            "И ещё {count}. Всё отмечено в копии вашего файла и перечислено на её первом листе «Что исправить».",
            (
                "Ва боз {count}. Ҳамааш дар нусхаи файлатон қайд ва дар варақи якуми он «Чиро ислоҳ кардан лозим» "
                "номбар шудааст."
            ),
        ),
        (
            "end",
            "If anything is unclear, please write to us.",
            "Si quelque chose n’est pas clair, écrivez-nous.",
            "Если что-то неясно, напишите нам.",
            "Агар чизе нофаҳмо бошад, ба мо нависед.",
        ),
    )
)
