"""The words of explanations in the languages that the library speaks, each phrase once.

Read `wording` first. A language that lacks a phrase, or is not known, falls back to English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mne.ground.maps import FrozenMap
from mne.ground.phrases import named
from mne.ground.tags import LANGUAGES, spoken

__all__ = ["PHRASES", "Say", "said", "wording"]

_PHRASES: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    # key, English, French, Russian, Tajik
    ("illustrative", "illustrative", "illustratif", "условный пример", "намунавӣ"),
    ("actual", "Actual of {id}", "Valeur de {id}", "Факт {id}", "Нишондоди воқеии {id}"),
    (
        "actual-as-of",
        "Actual of {id} as of {period}",
        "Valeur de {id} au {period}",
        "Факт {id} на {period}",
        "Нишондоди воқеии {id} то {period}",
    ),
    ("flow", "flow", "flux", "поток", "ҷараён"),
    ("running_total", "running total", "cumul", "нарастающий итог", "ҷамъи афзоянда"),
    ("level", "level", "niveau", "уровень", "сатҳ"),
    ("categories", "categories", "catégories", "категории", "категорияҳо"),
    ("locations", "locations", "lieux", "места", "ҷойҳо"),
    ("partners", "partners", "partenaires", "партнёры", "шарикон"),
    ("projects", "projects", "projets", "проекты", "лоиҳаҳо"),
    ("time", "time", "temps", "время", "вақт"),
    ("sum", "sum", "somme", "сумма", "ҷамъ"),
    ("mean", "mean", "moyenne", "среднее", "миёна"),
    ("weighted_mean", "weighted mean", "moyenne pondérée", "взвешенное среднее", "миёнаи вазнӣ"),
    ("min", "min", "min", "минимум", "камтарин"),
    ("max", "max", "max", "максимум", "зиёдтарин"),
    ("median", "median", "médiane", "медиана", "медиана"),
    ("latest", "latest", "dernier", "последнее", "охирин"),
    ("pooled", "pooled", "Σn/Σd", "Σn/Σd", "Σn/Σd"),
    ("all", "all", "tous", "все", "ҳама"),
    ("any", "any", "au moins un", "хотя бы один", "ақаллан як"),
    ("mode", "mode", "mode", "мода", "мода"),
    ("none", "none", "aucune", "нет", "нест"),
    ("geometric", "geometric", "géométrique", "среднее геометрическое", "миёнаи геометрӣ"),
    ("harmonic", "harmonic", "harmonique", "среднее гармоническое", "миёнаи гармонӣ"),
    ("then", ", then ", ", puis ", ", затем ", ", баъд "),
    ("of", "{part} of {whole}", "{part} sur {whole}", "{part} из {whole}", "{part} аз {whole}"),
    ("carried-count", "({n} carried forward)", "(reportés : {n})", "(перенесено: {n})", "({n} гузаронида шуд)"),
    ("left-out-count", "({n} left out)", "({n} hors du total)", "({n} не учтено)", "({n} ба ҳисоб нарафт)"),
    (
        "received",
        "{coverage} expected reports received",
        "rapports attendus reçus : {coverage}",
        "получено отчётов: {coverage}",
        "ҳисоботҳои гирифташуда: {coverage}",
    ),
    ("carried", "Carried forward", "Reporté", "Перенесено", "Гузаронида шуд"),
    (
        "keeps-one",
        "1 reporter keeps its last value",
        "1 déclarant garde sa dernière valeur",
        "1 отчитывающийся сохраняет последнее значение",
        "1 ҳисоботдиҳанда қимати охиринро нигоҳ медорад",
    ),
    (
        "keep-many",
        "{n} reporters keep their last value",
        "{n} déclarants gardent leur dernière valeur",
        "отчитывающихся, чьё последнее значение сохранено: {n}",
        "{n} ҳисоботдиҳанда қимати охиринро нигоҳ медоранд",
    ),
    ("from", "from {labels}", "de {labels}", "из {labels}", "аз {labels}"),
    ("carried-too", ", carried forward", ", reporté", ", перенесено", ", гузаронида шуд"),
    ("more-cells", "and {n} more cells", "et {n} cellules de plus", "и ещё ячеек: {n}", "ва боз {n} чашмак"),
    ("see-trace", "see trace()", "voir trace()", "см. trace()", "ниг. trace()"),
    ("whole", "the whole", "l'ensemble", "целое", "ҳама"),
    ("revision", "(revision {n})", "(révision {n})", "(редакция {n})", "(таҳрири {n})"),
    ("no", "no", "non", "нет", "не"),
    ("yes", "yes", "oui", "да", "ҳа"),
    ("not-started", "not started", "pas commencé", "не начато", "оғоз нашудааст"),
    ("reported", "reported", "déclaré", "сообщено", "хабар дода шуд"),
    ("missing", "missing", "manquant", "нет данных", "маълумот нест"),
    ("not_due", "not due", "pas encore dû", "ещё не срок", "ҳанӯз вақташ нарасидааст"),
    ("not_applicable", "not applicable", "sans objet", "неприменимо", "татбиқ намешавад"),
    ("undefined", "undefined", "indéfini", "не определено", "муайян нест"),
    ("no-number", "none", "aucun", "нет", "нест"),
    ("no-score", "no score", "pas de score", "нет балла", "бе баҳо"),
    ("rated", "rated {rating}", "noté {rating}", "оценка {rating}", "баҳои {rating}"),
    ("coverage", "coverage {share}", "couverture {share}", "охват {share}", "фарогирӣ {share}"),
    ("nothing", "nothing to score", "rien à noter", "нечего оценивать", "чизи баҳодиҳӣ нест"),
    ("mean-of", "{mean} of {terms}", "{mean} de {terms}", "{mean}: {terms}", "{mean}: {terms}"),
    (
        "worth",
        " = {raw}, which is {rating}, worth {value}",
        " = {raw}, soit {rating}, qui vaut {value}",
        " = {raw}, это {rating}, стоимостью {value}",
        " = {raw}, яъне {rating}, бо арзиши {value}",
    ),
    (
        "worth-person",
        "; rated {rating} by a person, worth {value}",
        " ; noté {rating} par une personne, vaut {value}",
        "; человек оценил: {rating}, стоимостью {value}",
        "; шахс баҳо дод: {rating}, бо арзиши {value}",
    ),
    ("own", "its indicators", "ses indicateurs", "его индикаторы", "нишондиҳандаҳои худаш"),
    (
        "beneath",
        "the results beneath",
        "les résultats inférieurs",
        "нижестоящие результаты",
        "натиҷаҳои зерин",
    ),
    ("scheme", "Scheme", "Méthode", "Схема", "Тарҳ"),
    (
        "checked",
        "checked against its source",
        "vérifié auprès de sa source",
        "сверено с источником",
        "бо сарчашма муқоиса шуд",
    ),
    (
        "not-checked",
        "not checked against its source",
        "non vérifié auprès de sa source",
        "не сверено с источником",
        "бо сарчашма муқоиса нашудааст",
    ),
    ("gate", "Gate", "Verrou", "Ограничение", "Маҳдудият"),
    (
        "lowered",
        "{high} lowered to {low}",
        "{high} abaissé à {low}",
        "{high} снижено до {low}",
        "{high} то {low} паст шуд",
    ),
    ("person", "Rated by a person", "Noté par une personne", "Оценка человека", "Баҳои шахс"),
    (
        "computed-was",
        "{who}, {when}: {why}; computed was {rating}",
        "{who}, {when} : {why} ; calculé : {rating}",
        "{who}, {when}: {why}; расчётная: {rating}",
        "{who}, {when}: {why}; ҳисобшуда: {rating}",
    ),
    ("no-rating", "no rating", "pas de note", "нет оценки", "бе баҳо"),
    ("left-out", "Left out: {id}", "Laissé de côté : {id}", "Не учтено: {id}", "Ба ҳисоб гирифта нашуд: {id}"),
    (
        "weight-goes",
        "its weight of {share} goes to the others",
        "son poids de {share} va aux autres",
        "его вес {share} переходит к остальным",
        "вазни он {share} ба дигарон мегузарад",
    ),
    (
        "points-from",
        "{points} points from {achieved}",
        "{points} points pour {achieved}",
        "{points} баллов: {achieved}",
        "{points} хол: {achieved}",
    ),
    (
        "by-person",
        "{points} points for the rating {rating}, given by {who} on {when}: {why}",
        "{points} points pour la note {rating}, donnée par {who} le {when} : {why}",
        "{points} баллов за оценку {rating}, которую дал(а) {who} {when}: {why}",
        "{points} хол барои баҳои {rating}, ки {who} {when} гузошт: {why}",
    ),
    ("baseline_target", "{share} achieved", "{share} atteints", "достигнуто {share}", "{share} ба даст омад"),
    ("actual_over_target", "{share} of the target", "{share} de la cible", "{share} от цели", "{share} аз ҳадаф"),
    ("inverse_ratio", "{share} achieved", "{share} atteints", "достигнуто {share}", "{share} ба даст омад"),
    (
        "variance",
        "{share} from the target",
        "{share} d'écart à la cible",
        "отклонение от цели {share}",
        "{share} фарқ аз ҳадаф",
    ),
    (
        "time_proportional",
        "{share} from what was due",
        "{share} d'écart à l'attendu",
        "отклонение от ожидаемого {share}",
        "{share} фарқ аз интизорӣ",
    ),
    (
        "growth_rate",
        "{share} of the pace needed",
        "{share} du rythme requis",
        "{share} от нужного темпа",
        "{share} аз суръати лозима",
    ),
    (
        "projected_growth",
        "{share} of the way by its date",
        "{share} du chemin à l'échéance",
        "{share} пути к сроку",
        "{share} роҳ то мӯҳлат",
    ),
    ("kept-yes", "met", "atteint", "достигнуто", "расид"),
    ("kept-no", "not met", "non atteint", "не достигнуто", "нарасид"),
    ("capped", "(capped)", "(plafonné)", "(ограничено сверху)", "(аз боло маҳдуд)"),
    (
        "raised",
        "(raised to the floor)",
        "(relevé au plancher)",
        "(поднято до минимума)",
        "(то ҳадди ақал бардошта шуд)",
    ),
    (
        "towards-final",
        "Towards the end target",
        "Vers la cible finale",
        "К конечной цели",
        "Ба сӯи ҳадафи ниҳоӣ",
    ),
    (
        "towards-milestone",
        "Towards the newest milestone",
        "Vers le dernier jalon",
        "К последней вехе",
        "Ба сӯи марҳилаи охирин",
    ),
    (
        "against",
        "{convention} against the {target}",
        "{convention} par rapport à : {target}",
        "{convention}, цель: {target}",
        "{convention}, ҳадаф: {target}",
    ),
    ("milestone", "milestone", "jalon", "веха", "марҳила"),
    ("final", "final", "finale", "конечная", "ниҳоӣ"),
    ("target", "Target {name}", "Cible {name}", "Цель {name}", "Ҳадафи {name}"),
    ("per_period", "per period", "par période", "за период", "барои давра"),
    ("cumulative", "cumulative", "cumulée", "нарастающим итогом", "ҷамъшаванда"),
    ("restated", "as restated", "telle que redonnée", "как сообщено", "чунон ки хабар дода шуд"),
    ("source", "source {source}", "source {source}", "источник {source}", "сарчашма {source}"),
    ("baseline", "Baseline", "Référence", "Базовое значение", "Қимати ибтидоӣ"),
    ("baseline-plus", "baseline + {n}", "référence + {n}", "базовое + {n}", "ибтидоӣ + {n}"),
    (
        "included",
        "included in the actual",
        "comprise dans la valeur",
        "входит в факт",
        "дар нишондод дохил аст",
    ),
    (
        "line",
        "Expected on {day}, on the line through the targets",
        "Attendu au {day}, sur la ligne des cibles",
        "Ожидается на {day} по линии целей",
        "То {day} аз рӯи хати ҳадафҳо интизор",
    ),
    ("none-declared", "none declared", "aucune déclarée", "не указано", "нишон дода нашудааст"),
    ("pending", "pending", "en attente", "ожидается", "дар интизор"),
    ("not-used", "not used", "non utilisée", "не используется", "истифода намешавад"),
    ("on", "on {date}", "au {date}", "на {date}", "дар {date}"),
    (
        "each-period",
        "{n} × {value} in a period",
        "{n} × {value} par période",
        "{n} × {value} за период",
        "{n} × {value} дар як давра",
    ),
    ("to", "{low} to {high}", "{low} à {high}", "от {low} до {high}", "аз {low} то {high}"),
    ("met", "met (1) or not met (0)", "atteint (1) ou non (0)", "достигнуто (1) или нет (0)", "расид (1) ё не (0)"),
    (
        "kept",
        "met (0) or not met (−1)",
        "atteint (0) ou non (−1)",
        "достигнуто (0) или нет (−1)",
        "расид (0) ё не (−1)",
    ),
    ("inside", "1 inside the range", "1 dans la plage", "1 внутри диапазона", "1 дар дохили ҳудуд"),
    (
        "distance",
        "1 − distance from the range / half its width",
        "1 − distance à la plage / demi-largeur",
        "1 − расстояние до диапазона / половина ширины",
        "1 − масофа то ҳудуд / нисфи паҳноӣ",
    ),
    ("inside-kept", "0 inside the range", "0 dans la plage", "0 внутри диапазона", "0 дар дохили ҳудуд"),
    (
        "distance-kept",
        "− distance from the range / half its width",
        "− distance à la plage / demi-largeur",
        "− расстояние до диапазона / половина ширины",
        "− масофа то ҳудуд / нисфи паҳноӣ",
    ),
    (
        "reached",
        "1, since the target is reached, whatever the pace",
        "1, puisque la cible est atteinte, quel que soit le rythme",
        "1, поскольку цель достигнута, каким бы ни был темп",
        "1, зеро ҳадаф расидааст, суръат ҳар чӣ бошад",
    ),
    (
        "held",
        "{actual} against {target}",
        "{actual} pour {target}",
        "{actual} при {target}",
        "{actual} дар баробари {target}",
    ),
    (
        "to-come",
        "({actual} + {ahead} to come − {base}) / ({target} − {base})",
        "({actual} + {ahead} à venir − {base}) / ({target} − {base})",
        "({actual} + {ahead} впереди − {base}) / ({target} − {base})",
        "({actual} + {ahead} дар пеш − {base}) / ({target} − {base})",
    ),
    (
        "due-now",
        "{actual} / {target} − {share} due by now",
        "{actual} / {target} − {share} dus à ce jour",
        "{actual} / {target} − {share} ожидаемых на сегодня",
        "{actual} / {target} − {share} то имрӯз",
    ),
    (
        "observed",
        "observed growth / required growth: from {base} to {actual} in {past} of {years} years, {target} at their end",
        "croissance observée / requise : de {base} à {actual} en {past} ans sur {years}, {target} à la fin",
        "рост наблюдаемый / нужный: от {base} до {actual} за {past} из {years} лет, в конце {target}",
        "афзоиши воқеӣ / лозима: аз {base} то {actual} дар {past} аз {years} сол, дар охир {target}",
    ),
    (
        "projected",
        "(projected − baseline) / (target − baseline): from {base} to {actual} in {past} of {years} years to {target}",
        "(projeté − référence) / (cible − référence) : de {base} à {actual} en {past} ans sur {years} vers {target}",
        "(прогноз − база) / (цель − база): от {base} до {actual} за {past} из {years} лет, в конце {target}",
        "(пешгӯӣ − ибтидоӣ) / (ҳадаф − ибтидоӣ): аз {base} то {actual} дар {past} аз {years} сол, дар охир {target}",
    ),
)

PHRASES: Final[FrozenMap[str, FrozenMap[str, str]]] = FrozenMap(
    {key: FrozenMap(dict(zip(LANGUAGES, told, strict=True))) for key, *told in _PHRASES}
)
"""Every phrase by its key, in every language."""


@dataclass(frozen=True, slots=True)
class Say:
    """Phrases in one reader's language."""

    lang: str

    def __call__(self, key: str, **params: Any) -> str:
        """The phrase with its parameters filled in."""
        told = PHRASES[key][self.lang]
        return told.format(**params) if params else told


def said(key: str) -> str:
    """A phrase without parameters that is told later, in the language of who reads it."""
    return named(PHRASES[key]["en"], PHRASES[key]) if key in PHRASES else key


def wording(lang: str | None = None) -> Say:
    """Phrases in `lang`, or in English where it is not one of the library's; ``fr-CH`` reads ``fr``."""
    return Say(spoken(lang))
