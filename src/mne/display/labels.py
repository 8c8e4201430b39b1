"""The words of every page and terminal view, once, in the languages that the library speaks.

Read `labels` first. Messages of findings and the sentences of explanations come from the floors that made them; here
are headings, statuses and the few sentences that a view itself says. Tajik falls back to Russian, all else to English.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from mne.ground.maps import FrozenMap
from mne.ground.numbers import number_text
from mne.ground.tags import LANGUAGES, NUMBER_MARKS, spaced, spoken

__all__ = ["LABELS", "Labels", "labels"]

_FALLBACK: Final = FrozenMap({"tg": ("tg", "ru", "en"), "ru": ("ru", "en"), "fr": ("fr", "en"), "en": ("en",)})
_RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Labels:
    """The words for one reader: `lang` is the language of the words, `wanted` the tag that was asked for."""

    lang: str
    wanted: str

    def __call__(self, key: str, /, **values: object) -> str:
        """The words of `key`, with `values` put in their places."""
        entry = LABELS[key]
        template = next(entry[tag] for tag in _FALLBACK[self.lang] if tag in entry)
        return template.format(**values) if values else template

    @property
    def direction(self) -> str:
        """The direction of the page: ``rtl`` for the languages written from the right."""
        return "rtl" if self.wanted.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"

    @property
    def colon(self) -> str:
        """What stands between a heading and what it is about."""
        return spaced(":", self.lang)

    @property
    def semicolon(self) -> str:
        """What stands between the parts of a sentence that are sentences themselves."""
        return spaced(";", self.lang)

    def number(self, value: Fraction | int, *, digits: int | None = None) -> str:
        """A number as this language writes it, rounded once."""
        group, point = NUMBER_MARKS[self.lang]
        told = number_text(value, digits=digits, group="\0")
        return told.replace(".", point).replace("\0", group).replace("-", "−")

    def percent(self, share: Fraction | None) -> str:
        """A share of 1 as a whole percentage; a dash when there is none."""
        return "–" if share is None else f"{self.number(share * 100, digits=0)} %"

    def share(self, share: Fraction) -> str:
        """A share of 1 as a percentage with one decimal, where it is not whole."""
        return f"{self.number(share * 100, digits=0 if (share * 100).denominator == 1 else 1)} %"


def labels(lang: str | None = None) -> Labels:
    """The words in `lang`; a regional tag reads its language, and a language that we do not speak reads English."""
    return Labels(spoken(lang), lang or "en")


def _table(rows: tuple[tuple[str, ...], ...]) -> FrozenMap[str, FrozenMap[str, str]]:
    return FrozenMap({key: FrozenMap(dict(zip(LANGUAGES, told, strict=False))) for key, *told in rows})


# key, English, French, Russian, and Tajik where we are sure of it.
LABELS: Final[FrozenMap[str, FrozenMap[str, str]]] = _table(
    (
        ("status-met", "met", "atteint", "достигнуто", "иҷро шуд"),
        ("status-on_track", "on track", "en bonne voie", "по плану"),
        ("status-at_risk", "at risk", "à risque", "под угрозой", "зери хатар"),
        ("status-off_track", "off track", "en retard", "отстаёт", "қафо мондааст"),
        ("status-no_data", "no data", "pas de données", "нет данных", "маълумот нест"),
        ("status-not_due", "not due yet", "pas encore dû", "срок не наступил"),
        ("status-not_scored", "not scored", "non noté", "не оценено"),
        ("status-not_rated", "no rating", "sans note", "без оценки"),
        ("severity-blocker", "blocker", "bloquant", "препятствие", "монеа"),
        ("severity-error", "error", "erreur", "ошибка", "хато"),
        ("severity-warning", "warning", "avertissement", "предупреждение", "огоҳӣ"),
        ("severity-info", "remark", "remarque", "примечание", "эзоҳ"),
        ("verdict-accept", "Accept", "Accepter", "Принять", "Қабул карда шавад"),
        (
            "verdict-accept with notes",
            "Accept with notes",
            "Accepter avec réserves",
            "Принять с замечаниями",
            "Бо огоҳиҳо қабул карда шавад",
        ),
        ("verdict-send back", "Send back", "Renvoyer", "Вернуть на доработку", "Барои ислоҳ баргардонда шавад"),
        (
            "explain-severity",
            "severity: {severity}",
            "gravité : {severity}",
            "важность: {severity}",
            "дараҷа: {severity}",
        ),
        ("explain-example", "Example: {example}", "Exemple : {example}", "Пример: {example}", "Мисол: {example}"),
        ("explain-hint", "What to do: {hint}", "Que faire : {hint}", "Что сделать: {hint}", "Чӣ бояд кард: {hint}"),
        ("h-code", "code", "code", "код", "рамз"),
        ("h-severity", "severity", "gravité", "важность", "дараҷа"),
        ("h-message", "message", "message", "сообщение", "паём"),
        ("logframe", "Logical framework", "Cadre logique", "Логическая рамка"),
        ("scorecard", "Scorecard", "Tableau de bord", "Сводная оценка"),
        ("hierarchy", "Hierarchy of objectives", "Hiérarchie des objectifs", "Иерархия целей"),
        ("key-indicators", "Key indicators", "Indicateurs clés", "Ключевые показатели", "Нишондиҳандаҳои асосӣ"),
        ("baseline-target", "Baseline and targets", "Situation de référence et cibles", "Базовые и целевые значения"),
        ("means", "Means of verification", "Moyens de vérification", "Средства проверки"),
        ("assumptions-risks", "Assumptions and risks", "Hypothèses et risques", "Допущения и риски"),
        ("assumptions", "Assumptions", "Hypothèses", "Допущения"),
        ("risks", "Risks", "Risques", "Риски", "Хатарҳо"),
        ("indicator", "Indicator", "Indicateur", "Показатель", "Нишондиҳанда"),
        ("indicators", "Indicators", "Indicateurs", "Показатели", "Нишондиҳандаҳо"),
        ("results-tree", "Results chain", "Chaîne des résultats", "Цепочка результатов"),
        ("result", "Result", "Résultat", "Результат", "Натиҷа"),
        ("baseline", "baseline", "référence", "базовое"),
        ("milestone", "due by now", "dû à ce jour", "должно быть сейчас"),
        ("target", "target", "cible", "цель", "ҳадаф"),
        ("target-milestone", "milestone", "jalon", "веха"),
        ("target-final", "end target", "cible finale", "конечная цель"),
        ("low", "from", "de", "от"),
        ("high", "to", "à", "до"),
        ("actual", "actual", "réalisé", "факт"),
        ("baseline-head", "Baseline", "Référence", "Базовое значение"),
        ("target-head", "Target", "Cible", "Целевое значение", "Ҳадаф"),
        ("to-date", "To date", "À ce jour", "На сегодня"),
        ("score", "Score", "Score", "Балл"),
        ("rating", "Rating", "Note", "Оценка"),
        ("coverage", "Coverage", "Couverture", "Охват"),
        ("weight", "Weight", "Poids", "Вес"),
        ("period", "Period", "Période", "Период", "Давра"),
        ("partner", "Partner", "Partenaire", "Партнёр", "Шарик"),
        ("location", "Location", "Lieu", "Место", "Ҷой"),
        ("unit", "Unit", "Unité", "Единица", "Воҳид"),
        ("source", "Source", "Source", "Источник", "Манбаъ"),
        ("sources", "Sources", "Sources", "Источники", "Манбаъҳо"),
        ("file", "File", "Fichier", "Файл", "Файл"),
        ("cell", "Cell", "Cellule", "Ячейка", "Катак"),
        ("place", "Place", "Emplacement", "Место", "Ҷой"),
        ("row", "row {row}", "ligne {row}", "строка {row}", "сатри {row}"),
        ("whole", "(the whole)", "(l’ensemble)", "(целиком)", "(пурра)"),
        ("severity", "Severity", "Gravité", "Важность", "Дараҷа"),
        (
            "what",
            "What is wrong, and what to do",
            "Ce qui ne va pas, et que faire",
            "Что не так и что делать",
            "Чӣ нодуруст аст ва чӣ бояд кард",
        ),
        ("show", "Show them", "Les montrer", "Показать", "Нишон додан"),
        ("found", "Found", "Trouvé", "Найдено", "Навишта шудааст"),
        ("expected", "Expected", "Attendu", "Ожидалось", "Интизор аст"),
        ("suggestion", "Did you mean {value}?", "Vouliez-vous dire {value} ?", "Возможно, {value}?", "Шояд {value}?"),
        ("findings", "Findings", "Constats", "Что найдено", "Чӣ ёфт шуд"),
        ("no-findings", "Nothing is wrong here.", "Rien à corriger.", "Ошибок нет.", "Хато нест."),
        ("report", "Reports checked", "Rapports vérifiés", "Проверка отчётов", "Санҷиши ҳисоботҳо"),
        ("files-read", "What was read", "Ce qui a été lu", "Что прочитано", "Чӣ хонда шуд"),
        (
            "remarks",
            "Remarks, nothing to mend: {count} ({codes}).",
            "Remarques, rien à corriger : {count} ({codes}).",
            "Примечания, исправлять нечего: {count} ({codes}).",
            "Эзоҳҳо, чизеро ислоҳ кардан лозим нест: {count} ({codes}).",
        ),
        ("read", "Read", "Lues", "Прочитано", "Хонда шуд"),
        ("refused", "could not be read", "illisible", "не прочитан", "хонда нашуд"),
        ("rule", "Rule", "Règle", "Правило", "Қоида"),
        (
            "checked-rules",
            "Rules: {rules}; rows: {rows}; files: {files}.",
            "Règles : {rules} ; lignes : {rows} ; fichiers : {files}.",
            "Правил: {rules}; строк: {rows}; файлов: {files}.",
            "Қоидаҳо: {rules}; сатрҳо: {rows}; файлҳо: {files}.",
        ),
        ("checked", "What was checked", "Ce qui a été vérifié", "Что проверено", "Чӣ санҷида шуд"),
        ("rows", "Rows", "Lignes", "Строки", "Сатрҳо"),
        ("accepted", "Accepted", "Acceptées", "Принято", "Қабул шуд"),
        ("held", "Held back", "Retenues", "Задержано", "Нигоҳ дошта шуд"),
        (
            "held-back",
            "Held back, or to be looked at",
            "Retenu, ou à vérifier",
            "Задержано или требует проверки",
            "Нигоҳ дошта шуд ё санҷиданӣ",
        ),
        ("as-written", "as written", "comme écrit", "как написано", "чунон ки навишта шудааст"),
        ("held-file", "file", "fichier", "файл", "файл"),
        ("held-sheet", "sheet", "feuille", "лист", "варақ"),
        ("held-row", "row", "ligne", "строка", "сатр"),
        ("held-cell", "cell", "cellule", "ячейка", "катак"),
        ("held-codes", "codes", "codes", "коды", "рамзҳо"),
        ("ignored", "Ignored", "Ignorées", "Пропущено", "Гузаронда шуд"),
        (
            "compared",
            "Rows of earlier periods, only compared with",
            "Lignes de périodes antérieures, prises seulement pour comparer",
            "Строки за прошлые периоды, только для сравнения",
            "Сатрҳои давраҳои пешина, танҳо барои муқоиса",
        ),
        ("reported-by", "Who reported what", "Qui a rapporté quoi", "Кто что сообщил", "Кӣ чӣ ҳисобот дод"),
        (
            "reported-note",
            "Rows accepted, and after a plus those held back.",
            "Lignes acceptées et, après un plus, lignes retenues.",
            "Принятые строки, после плюса – задержанные.",
            "Сатрҳои қабулшуда ва пас аз аломати ҷамъ сатрҳои нигоҳдошташуда.",
        ),
        ("not-said", "(not said)", "(non précisé)", "(не указано)", "(гуфта нашудааст)"),
        ("see", "See {places}.", "Voir {places}.", "См. {places}.", "Нигаред: {places}."),
        ("observations", "Observations", "Observations", "Наблюдения"),
        ("values", "Tracking table", "Tableau de suivi", "Таблица отслеживания"),
        (
            "silent",
            "{span}: no number of any of these, so not shown.",
            "{span} : aucun chiffre pour ceux-ci, donc non affiché.",
            "{span}: чисел нет ни по одному из них, поэтому не показано.",
        ),
        ("as-of", "as of {when}", "à {when}", "на {when}"),
        ("until", "Until {day}", "Jusqu’au {day}", "По {day}"),
        ("known-by", "as known by {day}", "connu au {day}", "по данным на {day}"),
        ("scheme", "How it was scored", "Méthode de notation", "Как считалась оценка"),
        ("scheme-short", "Scheme", "Barème", "Схема"),
        ("version", "Version", "Version", "Версия", "Нусха"),
        ("verified", "checked against its source", "vérifié auprès de sa source", "сверено с источником"),
        (
            "not-verified",
            "not checked against its source",
            "non vérifié auprès de sa source",
            "не сверено с источником",
        ),
        ("bands", "Ratings", "Notes", "Оценки"),
        ("from", "from {value}", "dès {value}", "от {value}"),
        ("below", "below {value}", "moins de {value}", "ниже {value}"),
        ("above", "above {value}", "plus de {value}", "выше {value}"),
        ("up_to", "up to {value}", "jusqu'à {value}", "до {value}"),
        ("points", "points", "points", "баллов"),
        ("on-target", "points (target: {scale})", "points (cible : {scale})", "баллов (цель: {scale})"),
        ("no-score", "no score", "pas de score", "нет балла"),
        ("illustrative", "illustrative", "illustratif", "условный пример"),
        (
            "illustrative-banner",
            "Illustrative: some numbers here are examples that nobody reported. They are marked.",
            "Illustratif : certains chiffres sont des exemples que personne n’a rapportés. Ils sont signalés.",
            "Условный пример: часть чисел никто не сообщал. Они отмечены.",
        ),
        ("dropped", "What was left out", "Ce qui a été laissé de côté", "Что не учтено"),
        (
            "dropped-note",
            "Without a number these could not be scored; their weight went to their siblings.",
            "Sans chiffre, ceux-ci n’ont pu être notés ; leur poids est allé aux autres.",
            "Без числа их нельзя оценить; их вес перешёл к остальным.",
        ),
        ("nothing-dropped", "Nothing was left out.", "Rien n’a été laissé de côté.", "Учтено всё."),
        ("left-out-of", "of {result}", "de {result}", "из {result}"),
        ("why", "Why", "Pourquoi", "Почему"),
        ("recompute", "How to recompute this", "Comment refaire ce calcul", "Как пересчитать"),
        (
            "recompute-note",
            "Same reports, same logframe, same dates: same numbers, to the last digit.",
            "Mêmes rapports, même cadre logique, mêmes dates : mêmes chiffres, au dernier près.",
            "Те же отчёты, та же рамка, те же даты: те же числа до последней цифры.",
        ),
        ("exact", "Exact", "Exact", "Точно"),
        ("arithmetic", "Arithmetic", "Calcul", "Вычисление"),
        ("towards-milestone", "Of what was due", "De ce qui était dû", "От должного сейчас"),
        ("towards-final", "Of the end target", "De la cible finale", "От конечной цели"),
        ("share-of-weight", "Weight", "Poids", "Вес"),
        ("reports", "Reports", "Rapports", "Отчёты"),
        ("explain", "Why this number?", "Pourquoi ce chiffre ?", "Почему такое число?"),
        (
            "blended",
            "{share} from its indicators, the rest from the results beneath",
            "{share} de ses indicateurs, le reste des résultats inférieurs",
            "{share} от своих показателей, остальное от нижних результатов",
        ),
        ("mean-geometric", "geometric mean", "moyenne géométrique", "среднее геометрическое"),
        ("mean-harmonic", "harmonic mean", "moyenne harmonique", "среднее гармоническое"),
        ("mean-min", "the lowest of", "le plus bas de", "наименьшее из"),
        (
            "looked-up",
            "{raw} is {rating}, worth {value}",
            "{raw} donne {rating}, soit {value}",
            "{raw} – это {rating}, то есть {value}",
        ),
        ("gate", "Rating lowered", "Note abaissée", "Оценка снижена"),
        ("override", "Rated by {who} on {when}", "Noté par {who} le {when}", "Оценил(а) {who}, {when}"),
        ("computed", "computed: {rating}", "calculé : {rating}", "расчёт: {rating}"),
        ("core", "core indicator", "indicateur central", "основной показатель"),
        ("duration", "Duration", "Durée", "Срок"),
        ("countries", "Countries", "Pays", "Страны"),
        ("budget", "Budget", "Budget", "Бюджет", "Буҷет"),
        ("organisations", "Organisations", "Organisations", "Организации", "Ташкилотҳо"),
        ("pending", "pending", "en attente", "уточняется"),
        ("not_applicable", "not applicable", "sans objet", "неприменимо"),
        ("none-declared", "none", "aucun", "нет", "нест"),
        ("state-reported", "reported", "rapporté", "сообщено"),
        ("state-missing", "missing", "manquant", "нет отчёта"),
        ("state-not_due", "not due", "pas dû", "не срок"),
        ("state-not_applicable", "not applicable", "sans objet", "неприменимо"),
        ("state-undefined", "undefined", "non défini", "не определено"),
        ("yes", "yes", "oui", "да", "ҳа"),
        ("no", "no", "non", "нет", "не"),
        ("not-started", "not started", "pas commencé", "не начато"),
        ("at-least", "at least {value}", "au moins {value}", "не менее {value}"),
        ("at-most", "at most {value}", "au plus {value}", "не более {value}"),
        ("between", "{low} to {high}", "{low} à {high}", "от {low} до {high}"),
        ("above-baseline", "baseline + {value}", "référence + {value}", "базовое + {value}"),
        (
            "numerator-of",
            "{numerator} of {denominator}",
            "{numerator} sur {denominator}",
            "{numerator} из {denominator}",
        ),
        (
            "story-of",
            "{actual} of {target} ({share})",
            "{actual} sur {target} ({share})",
            "{actual} из {target} ({share})",
        ),
        (
            "story-way",
            "{actual}: {share} of the way from {baseline} to {target}",
            "{actual} : {share} du chemin de {baseline} à {target}",
            "{actual}: {share} пути от {baseline} до {target}",
        ),
        ("story-target", "{actual}; target: {target}", "{actual} ; cible : {target}", "{actual}; цель: {target}"),
        (
            "story-kept",
            "{actual}; to be kept: {target}",
            "{actual} ; à maintenir : {target}",
            "{actual}; удерживать: {target}",
        ),
        ("story-none", "No value: {why}", "Pas de valeur : {why}", "Нет значения: {why}"),
        ("story-words", "Told in words, not in numbers", "En mots, non en chiffres", "Словами, а не числом"),
        ("story-so", "{told}: {standing}", "{told} : {standing}", "{told}: {standing}"),
        ("story-due", "{share} was due by now", "{share} étaient dus à ce jour", "к этому сроку ожидалось {share}"),
        ("story-due-value", "{value} was due by {day}", "{value} étaient dus au {day}", "к {day} ожидалось {value}"),
        ("story-due-day", "due by {day}", "dû au {day}", "срок {day}"),
        ("story-not-due", "nothing was due yet", "rien n’était encore dû", "срок ещё не наступил"),
        ("story-inverse", "{share} by target over actual", "{share} (cible / valeur)", "{share} (цель / факт)"),
        ("story-variance", "{share} from the target", "{share} par rapport à la cible", "{share} от цели"),
        (
            "story-pace",
            "{share} of the target against what is due by now",
            "{share} de la cible par rapport à l'échéance",
            "{share} цели к ожидаемому на сегодня",
        ),
        (
            "story-growth",
            "growing at {share} of the pace that is needed",
            "croissance à {share} du rythme nécessaire",
            "рост: {share} от нужного темпа",
        ),
        (
            "story-projected",
            "at this pace {share} of the way on the target's date",
            "à ce rythme {share} du chemin à l'échéance",
            "таким темпом {share} пути к сроку",
        ),
        ("story-unscored", "not scored: {why}", "non noté : {why}", "не оценено: {why}"),
        (
            "story-partners",
            "{reported} of {expected} partners reported",
            "partenaires ayant rapporté : {reported} sur {expected}",
            "отчитались партнёры: {reported} из {expected}",
        ),
        (
            "story-reports",
            "{reported} of {expected} reports came in",
            "rapports reçus : {reported} sur {expected}",
            "получено отчётов: {reported} из {expected}",
        ),
        ("story-carried", "{carried} carried forward", "reportés : {carried}", "перенесено: {carried}"),
        (
            "scored-share",
            "{share} of the weight could be scored",
            "{share} du poids a pu être noté",
            "оценено {share} веса",
        ),
        ("and-more", "and {count} more", "et {count} de plus", "и ещё {count}", "ва боз {count}"),
        ("total", "Total", "Total", "Всего", "Ҳамагӣ"),
        ("yes-made-by", "Made with logframe", "Réalisé avec logframe", "Сделано с помощью logframe"),
    )
)
