"""Why a value, an achievement or a score is not a number: each reason once, with its words.

Every floor to the right uses these, so that a scheme can name a reason in its policy.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason"]


class Reason(StrEnum):
    """A stable code for the absence of a number."""

    NO_REPORTS = "no-reports"
    NOT_YET_DUE = "not-yet-due"
    NOT_APPLICABLE = "not-applicable"
    INCOMPLETE = "incomplete"
    COVERAGE_BELOW_MINIMUM = "coverage-below-minimum"
    DENOMINATOR_ZERO = "denominator-zero"
    NOT_AGGREGABLE = "not-aggregable"
    NO_WEIGHT = "no-weight"
    UNIT_NOT_CONVERTIBLE = "unit-not-convertible"
    PERIODS_DIFFER = "periods-differ"
    TEXT_ONLY = "text-only"
    FORMULA_OPERAND_MISSING = "formula-operand-missing"
    FORMULA_DIVISION_BY_ZERO = "formula-division-by-zero"
    NO_BASELINE = "no-baseline"
    NO_TARGET = "no-target"
    NO_TARGET_DUE = "no-target-due"
    TARGET_EQUALS_BASELINE = "target-equals-baseline"
    TARGET_ZERO = "target-zero"
    ACTUAL_ZERO = "actual-zero"
    DIRECTION_UNFIT = "direction-unfit"
    GROWTH_UNDEFINED = "growth-undefined"
    NO_TIME_ELAPSED = "no-time-elapsed"
    TARGET_IS_TEXT = "target-is-text"
    TARGET_NOT_APPLICABLE = "target-not-applicable"
    TARGETS_DIFFER = "targets-differ"
    NOT_POSITIVE = "not-positive"
    NOTHING_TO_SCORE = "nothing-to-score"
    FAILED_BY_POLICY = "failed-by-policy"

    @property
    def words(self) -> str:
        """The reason in plain words."""
        return _WORDS[self]

    def in_language(self, lang: str | None = None) -> str:
        """The reason in plain words of one language; in English where that is not one of the library's."""
        told = {"fr": 0, "ru": 1, "tg": 2}.get((lang or "en").partition("-")[0].lower())
        return self.words if told is None else _TRANSLATED[self][told]


_WORDS = {
    Reason.NO_REPORTS: "nobody has reported",
    Reason.NOT_YET_DUE: "no period has ended yet",
    Reason.NOT_APPLICABLE: "declared not applicable",
    Reason.INCOMPLETE: "an expected report is missing and the indicator asks for all of them",
    Reason.COVERAGE_BELOW_MINIMUM: "fewer reports than the minimum coverage",
    Reason.DENOMINATOR_ZERO: "the denominator is zero",
    Reason.NOT_AGGREGABLE: "the indicator declares no rule to combine these values",
    Reason.NO_WEIGHT: "a value has no weight for the weighted mean",
    Reason.UNIT_NOT_CONVERTIBLE: "reported in a unit without a declared conversion",
    Reason.PERIODS_DIFFER: "reported for days that lie in two of its periods, or in none",
    Reason.TEXT_ONLY: "words are collected, not computed",
    Reason.FORMULA_OPERAND_MISSING: "an indicator in its formula has no value",
    Reason.FORMULA_DIVISION_BY_ZERO: "its formula divides by zero",
    Reason.NO_BASELINE: "no baseline",
    Reason.NO_TARGET: "no target",
    Reason.NO_TARGET_DUE: "no target was due yet",
    Reason.TARGET_EQUALS_BASELINE: "the target equals the baseline",
    Reason.TARGET_ZERO: "the target is zero",
    Reason.ACTUAL_ZERO: "the actual is zero, and this convention divides by it",
    Reason.DIRECTION_UNFIT: "the convention reads more as better, and this indicator should fall",
    Reason.GROWTH_UNDEFINED: "there is no growth rate of a zero, across zero, or of sums over time",
    Reason.NO_TIME_ELAPSED: "no time lies between the baseline and the date it is held against",
    Reason.TARGET_IS_TEXT: "the target is words, to be judged by a person",
    Reason.TARGET_NOT_APPLICABLE: "the target is not applicable",
    Reason.TARGETS_DIFFER: "its targets ask for different things, so that they do not add up",
    Reason.NOT_POSITIVE: "a geometric or harmonic mean needs numbers above zero",
    Reason.NOTHING_TO_SCORE: "nothing beneath it could be scored",
    Reason.FAILED_BY_POLICY: "the scheme fails a result when something is missing",
}

_TRANSLATED = {
    Reason.NO_REPORTS: (
        "personne n'a fait rapport",
        "никто не отчитался",
        "касе ҳисобот надодааст",
    ),
    Reason.NOT_YET_DUE: (
        "aucune période n'est encore terminée",
        "ни один период ещё не закончился",
        "ҳеҷ давра ҳанӯз ба охир нарасидааст",
    ),
    Reason.NOT_APPLICABLE: (
        "déclaré sans objet",
        "указано как неприменимое",
        "татбиқнашаванда эълон шудааст",
    ),
    Reason.INCOMPLETE: (
        "un rapport attendu manque et l'indicateur les demande tous",
        "нет ожидаемого отчёта, а индикатору нужны все",
        "ҳисоботи интизоршуда нест, вале нишондиҳанда ҳамаашро талаб мекунад",
    ),
    Reason.COVERAGE_BELOW_MINIMUM: (
        "moins de rapports que la couverture minimale",
        "отчётов меньше минимального охвата",
        "ҳисоботҳо аз фарогирии ҳадди ақал камтаранд",
    ),
    Reason.DENOMINATOR_ZERO: (
        "le dénominateur est zéro",
        "знаменатель равен нулю",
        "маҳраҷ ба сифр баробар аст",
    ),
    Reason.NOT_AGGREGABLE: (
        "l'indicateur ne déclare pas de règle pour réunir ces valeurs",
        "для объединения этих значений не задано правило",
        "барои якҷоя кардани ин қиматҳо қоида нест",
    ),
    Reason.NO_WEIGHT: (
        "une valeur n'a pas de poids pour la moyenne pondérée",
        "у значения нет веса для взвешенного среднего",
        "қимат барои миёнаи вазнӣ вазн надорад",
    ),
    Reason.UNIT_NOT_CONVERTIBLE: (
        "déclaré dans une unité sans conversion",
        "единица измерения не переводится",
        "воҳиди ченак табдил намешавад",
    ),
    Reason.TEXT_ONLY: (
        "les mots sont recueillis, pas calculés",
        "слова собираются, а не считаются",
        "калимаҳо ҷамъ мешаванд, ҳисоб намешаванд",
    ),
    Reason.FORMULA_OPERAND_MISSING: (
        "un indicateur de sa formule n'a pas de valeur",
        "у индикатора в формуле нет значения",
        "нишондиҳандаи дохили формула қимат надорад",
    ),
    Reason.FORMULA_DIVISION_BY_ZERO: (
        "sa formule divise par zéro",
        "формула делит на ноль",
        "формула ба сифр тақсим мекунад",
    ),
    Reason.NO_BASELINE: (
        "pas de valeur de référence",
        "нет базового значения",
        "қимати ибтидоӣ нест",
    ),
    Reason.NO_TARGET: (
        "pas de cible",
        "нет цели",
        "ҳадаф нест",
    ),
    Reason.NO_TARGET_DUE: (
        "aucune cible n'était encore due",
        "срок ни одной цели ещё не наступил",
        "мӯҳлати ҳеҷ ҳадаф ҳанӯз нарасидааст",
    ),
    Reason.TARGET_EQUALS_BASELINE: (
        "la cible est égale à la référence",
        "цель равна базовому значению",
        "ҳадаф ба қимати ибтидоӣ баробар аст",
    ),
    Reason.TARGET_ZERO: (
        "la cible est zéro",
        "цель равна нулю",
        "ҳадаф ба сифр баробар аст",
    ),
    Reason.ACTUAL_ZERO: (
        "la valeur est zéro, et cette convention divise par elle",
        "факт равен нулю, а это правило делит на него",
        "нишондод сифр аст, вале ин қоида ба он тақсим мекунад",
    ),
    Reason.DIRECTION_UNFIT: (
        "la convention lit plus comme mieux, et cet indicateur doit baisser",
        "правило читает больше как лучше, а индикатор должен падать",
        "қоида зиёдро беҳтар мешуморад, вале нишондиҳанда бояд паст шавад",
    ),
    Reason.GROWTH_UNDEFINED: (
        "il n'y a pas de taux de croissance d'un zéro, à travers zéro ou de sommes",
        "нет темпа роста от нуля, через ноль или для сумм за время",
        "аз сифр, аз байни сифр ё барои ҷамъҳо суръати афзоиш нест",
    ),
    Reason.NO_TIME_ELAPSED: (
        "aucun temps ne sépare la référence de la date visée",
        "между базой и датой нет времени",
        "байни ибтидо ва сана вақт нест",
    ),
    Reason.TARGET_IS_TEXT: (
        "la cible est en mots, à juger par une personne",
        "цель словами, её оценивает человек",
        "ҳадаф бо калима аст, онро шахс баҳо медиҳад",
    ),
    Reason.TARGET_NOT_APPLICABLE: (
        "la cible est sans objet",
        "цель неприменима",
        "ҳадаф татбиқ намешавад",
    ),
    Reason.TARGETS_DIFFER: (
        "ses cibles demandent des choses différentes et ne s'additionnent pas",
        "цели требуют разного, поэтому не складываются",
        "ҳадафҳояш чизҳои гуногун мехоҳанд ва ҷамъ намешаванд",
    ),
    Reason.NOT_POSITIVE: (
        "une moyenne géométrique ou harmonique demande des nombres positifs",
        "среднему геометрическому и гармоническому нужны числа больше нуля",
        "миёнаи геометрӣ ва гармонӣ ададҳои мусбат мехоҳад",
    ),
    Reason.NOTHING_TO_SCORE: (
        "rien en dessous n'a pu être noté",
        "ниже нечего было оценить",
        "дар зер чизи баҳодиҳӣ набуд",
    ),
    Reason.FAILED_BY_POLICY: (
        "la méthode ne note pas un résultat incomplet",
        "схема не оценивает неполный результат",
        "тарҳ натиҷаи нопурраро баҳо намедиҳад",
    ),
    Reason.PERIODS_DIFFER: (
        "les périodes du projet contributeur ne s'emboîtent pas",
        "периоды вложенного проекта не совпадают",
        "давраҳои лоиҳаи саҳмгузор мувофиқ нестанд",
    ),
}
"""French, Russian and Tajik."""
