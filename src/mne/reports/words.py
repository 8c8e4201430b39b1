"""The words that partners write in cells, in four languages: data that `cells`, `dates` and `period_text` read by.

Every word stands here folded by `folded`: lower case, one space between words, `ё` as `е`. Add a word here and
nowhere else.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from mne.tables.observations import State, Status

__all__ = [
    "FISCAL",
    "HALVES",
    "MONTHS",
    "MONTH_WORDS",
    "NO",
    "NOISE",
    "NOTHING",
    "ORDINALS",
    "QUARTERS",
    "SEVERAL",
    "STATES",
    "STATUSES",
    "TOTALS",
    "YES",
    "folded",
    "is_sum",
]


_SHORT: Final = 60
"""Characters up to which a text may be kept beside what it is compared as."""


def folded(text: str) -> str:
    """Text as it is compared: compatible characters made one, lower case, single spaces, `ё` as `е`."""
    # The words of a plan, and of headers, are compared again with every file.
    return _known(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").split())


_known = lru_cache(maxsize=1 << 13)(_folded)


def _words(text: str) -> frozenset[str]:
    return frozenset(folded(word) for word in text.split())


def _by_word(groups: dict[int, str]) -> dict[str, int]:
    return {folded(word): number for number, words in groups.items() for word in words.split()}


STATES: Final[dict[str, State]] = {
    folded(word): state
    for state, words in {
        # "n/a" is used for "not available" as often as for "not applicable": it does not excuse anybody from reporting.
        State.MISSING: (
            "-", "--", "---", "–", "—", "…", "...", "n/a", "na", "n.a.", "n.a", "#n/a n/a", "tbc", "tbd", "tba",
            "t.b.c.", "t.b.d.", "to be confirmed", "to be determined", "pending", "no data", "not available",
            "not reported", "missing", "n/d", "nd", "n.d.", "non disponible", "pas de données", "non renseigné",
            "à confirmer", "à déterminer", "manquant", "нет данных", "н/д", "н.д.", "нд", "сведений нет",
            "нет сведений", "данных нет", "не указано", "уточняется", "отсутствует", "маълумот нест", "маълумот нет",
            "дастрас нест",
        ),
        State.NOT_APPLICABLE: (
            "not applicable", "not_applicable", "does not apply", "sans objet", "s.o.", "s/o", "non applicable",
            "не применимо", "неприменимо", "не применяется", "дахл надорад", "татбиқ намешавад",
        ),
        State.NOT_DUE: (
            "not due", "not_due", "not yet due", "pas encore dû", "non échu", "срок не наступил", "еще не наступил",
            "мӯҳлаташ нарасидааст", "муҳлаташ нарасидааст",
        ),
        State.REPORTED: ("reported", "renseigné", "déclaré", "представлено", "сообщено", "пешниҳод шуд"),
        State.UNDEFINED: ("undefined", "indéfini", "не определено", "номуайян"),
    }.items()
    for word in words
}  # fmt: skip
"""What stands for a state instead of a number, and the words of a column of states."""

STATUSES: Final[dict[str, Status]] = {
    folded(word): status
    for status, words in {
        Status.DRAFT: ("draft", "brouillon", "черновик", "проект", "сиёҳнавис", "лоиҳа"),
        Status.SUBMITTED: (
            "submitted",
            "sent",
            "soumis",
            "envoyé",
            "подан",
            "представлен",
            "отправлен",
            "пешниҳодшуда",
        ),
        Status.RETURNED: ("returned", "sent back", "renvoyé", "retourné", "возвращен", "баргардонидашуда"),
        Status.ACCEPTED: ("accepted", "approved", "accepté", "validé", "approuvé", "принят", "утвержден", "қабулшуда"),
    }.items()
    for word in words
}

YES: Final = frozenset(map(folded, ("yes", "y", "true", "1", "oui", "vrai", "да", "истина", "ҳа", "бале", "оре")))
NO: Final = frozenset(map(folded, ("no", "n", "false", "0", "non", "faux", "нет", "ложь", "не")))

NOTHING: Final = frozenset(
    map(folded, (
        "none", "nil", "nothing", "néant", "neant", "aucun", "aucune", "rien", "нет", "нету", "нисколько", "ничего",
        "нест", "ҳеҷ", "ҳеҷ чиз",
    ))
)  # fmt: skip
"""What stands for zero as often as for nobody knows."""

TOTALS: Final = frozenset(
    map(folded, (
        "_T", "total", "totals", "grand total", "sub-total", "subtotal", "sum", "all", "overall", "both", "totaux",
        "total général", "sous-total", "somme", "ensemble", "tous", "итого", "всего", "итог", "общий итог", "сумма",
        "все", "ҷамъ", "ҷамъи умумӣ", "ҳамагӣ", "ҳама",
    ))
)  # fmt: skip
"""What stands for "the whole" in a column of categories, and what gives away a row of sums."""

_SUMS: Final = frozenset(
    map(folded, (
        "total", "totals", "subtotal", "sub-total", "totaux", "sous-total", "итого", "всего", "итог", "ҷамъ", "ҷамъи",
        "ҳамагӣ", "ҳамагии",
    ))
)  # fmt: skip
"""What begins the name of a sum: ``Total trained``, ``Итого по области``."""


def is_sum(text: str) -> bool:
    """Whether words name a sum of other rows, alone or with what is summed."""
    words = folded(text.strip().strip(":").strip()).split()
    return len(text) <= _LONGEST_SUM and bool(words) and (" ".join(words) in TOTALS or words[0].rstrip(":") in _SUMS)


_LONGEST_SUM: Final = 60

MONTHS: Final = _by_word({
    1: "january jan janvier janv январь января янв январ январи",
    2: "february feb février fevrier févr fevr fév fev февраль февраля фев февр феврал феврали",
    3: "march mar mars март марта мар марти",
    4: "april apr avril avr апрель апреля апр апрел апрели",
    5: "may mai май мая майи",
    6: "june jun juin июнь июня июн июни",
    7: "july jul juillet juil июль июля июл июли",
    8: "august aug août aout август августа авг августи",
    9: "september sep sept septembre сентябрь сентября сен сент сентябр сентябри",
    10: "october oct octobre октябрь октября окт октябр октябри",
    11: "november nov novembre ноябрь ноября ноя нояб ноябр ноябри",
    12: "december dec décembre decembre déc декабрь декабря дек декабр декабри",
})  # fmt: skip

ORDINALS: Final = _by_word({
    1: "i first premier première premiere первый первое первая якум якуми",
    2: "ii second deuxième deuxieme второй второе вторая дуюм дуюми",
    3: "iii third troisième troisieme третий третье третья сеюм сеюми",
    4: "iv fourth quatrième quatrieme четвертый четвертое четвертая чорум чоруми чаҳорум чаҳоруми",
})  # fmt: skip

QUARTERS: Final = _words("q qtr quarter t trim trimestre кв квартал квартала семоҳа семоҳаи чоряк чоряки")
HALVES: Final = _words("h half hy s sem semester semestre полугодие полугодия нимсола нимсолаи")
MONTH_WORDS: Final = _words("m month mois месяц моҳ моҳи")
SEVERAL: Final[dict[str, str]] = {
    folded(word): kind
    for kind, words in {
        "q": "quarters qtrs trimestres кварталы кварталов кварталам семоҳаҳо семоҳаҳои чорякҳо чорякҳои",
        "h": "semesters semestres полугодия полугодий полугодиям нимсолаҳо нимсолаҳои",
        "m": "months mois месяцы месяцев месяцам моҳҳо моҳҳои",
    }.items()
    for word in words.split()
}
"""Words for several periods of a kind, with the sign of that kind: beneath them a number is the number of one."""
FISCAL: Final = _words("fy fiscal exercice фг финансовый")
NOISE: Final = _words("""
    г гг год года годы году year years yr annee annees année années an ans l d de du la le les of the for за сол соли
    соле et and to till until по с до au à a из аз то ва st nd rd th er ere ère e е eme ème й ый ой ий я ая ое го
    period période период давраи
""")
"""Words around a period or a day that say nothing by themselves."""
