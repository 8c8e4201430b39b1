"""The made-up figures behind the example reports, and the rows that a partner sends for a quarter.

Read `rows_of` first. Six figures in a line are the quarters 2025-Q1 to 2026-Q2; None is a figure that was not sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from plain_workbook import Cell

__all__ = ["PARTNERS", "QUARTERS", "Row", "late_corrections", "received", "rows_of", "split"]

PARTNERS: Final = ("P-CENTRE", "P-SUGHD", "P-KHATLON", "P-EAST")
QUARTERS: Final = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")
SILENT: Final = ("P-KHATLON", "2025-Q4")
"""Khatlon sent nothing for this quarter."""

_ENDS: Final = {
    "2025-Q1": dt.date(2025, 3, 31),
    "2025-Q2": dt.date(2025, 6, 30),
    "2025-Q3": dt.date(2025, 9, 30),
    "2025-Q4": dt.date(2025, 12, 31),
    "2026-Q1": dt.date(2026, 3, 31),
    "2026-Q2": dt.date(2026, 6, 30),
}
_DAYS_TAKEN: Final = {"P-CENTRE": 14, "P-SUGHD": 22, "P-KHATLON": 26, "P-EAST": 29}
_LATE: Final = {("P-SUGHD", "2025-Q3"): 49, ("P-EAST", "2026-Q1"): 42}
"""Reports that came later than the 30 days that a partner has."""


@dataclass(frozen=True)
class Row:
    """One line of a partner's report, before it is put into the words of a language."""

    indicator: str
    period: str
    partner: str
    location: str | None = None
    sex: str | None = None
    age: str | None = None
    vulnerability: str | None = None
    value: Cell = None
    numerator: Cell = None
    denominator: Cell = None
    unit: str | None = None
    state: str | None = None
    text: str | None = None
    comment: str | None = None
    revision: Cell = 0
    reported_on: Cell = None


@dataclass(frozen=True)
class _Line:
    """The six figures of one indicator from one partner and place."""

    indicator: str
    partner: str
    location: str | None
    figures: Sequence[Cell]
    unit: str | None = None


def _tenths(*figures: str | int | None) -> tuple[Decimal | None, ...]:
    return tuple(None if figure is None else Decimal(figure) for figure in figures)


_PEOPLE: Final = {
    ("P-CENTRE", "DUSHANBE"): (240, 310, 330, 360, 380, 410),
    ("P-SUGHD", "SUGHD"): (180, 220, 260, 250, 300, 310),
    ("P-KHATLON", "KHATLON"): (210, 260, 290, None, 330, 350),
    ("P-EAST", "GBAO"): (40, 60, 55, 70, 80, 85),
    ("P-EAST", "DRS"): (90, 110, 120, 130, 140, 150),
}
_WOMEN: Final = {"P-CENTRE": 54, "P-SUGHD": 51, "P-KHATLON": 44, "P-EAST": 47}
"""Women among the participants, in per cent."""
_TESTED: Final = 90
"""Participants who take the test, in per cent."""
_PASS: Final = {
    "P-CENTRE": (70, 72, 76, 78, 81, 83),
    "P-SUGHD": (66, 69, 73, 76, 78, 80),
    "P-KHATLON": (62, 66, 70, None, 74, 77),
    "P-EAST": (58, 64, 67, 70, 73, 75),
}
"""Those who pass among those who take the test, in per cent."""
_COMPLAINTS: Final = {
    ("P-CENTRE", "DUSHANBE"): (2, 2, 3, 2, 3, 2),
    ("P-SUGHD", "SUGHD"): (2, 2, 2, 2, 2, 2),
    ("P-KHATLON", "KHATLON"): (2, 2, 3, None, 2, 3),
    ("P-EAST", "GBAO"): (0, 1, 0, 1, 0, 1),
    ("P-EAST", "DRS"): (1, 1, 1, 1, 2, 1),
}
_ADVANCED: Final = {
    ("P-CENTRE", "DUSHANBE"): (20, 30, 35, 40, 45, 50),
    ("P-SUGHD", "SUGHD"): (10, 15, 20, 25, 25, 30),
}
_LINES: Final = (
    _Line("OC1.1", "P-CENTRE", None, (0, 1, 2, 3, 4, 5), "service"),
    _Line("OC1.2", "P-CENTRE", "DUSHANBE", (14, 13, 12, 11, 10, 9), "day"),
    _Line("OC1.2", "P-SUGHD", "SUGHD", _tenths(15, 14, 14, 13, "12.5", 12), "day"),
    _Line("OC1.2", "P-KHATLON", "KHATLON", _tenths(16, "11.5", 15, None, 14, "13.5"), "day"),
    _Line("OC1.2", "P-EAST", "GBAO", (18, 17, 17, 16, 15, 15), "day"),
    _Line("OC1.2", "P-EAST", "DRS", _tenths(15, 15, 14, 13, 13, "12.5"), "day"),
    _Line("OP1.1.1", "P-CENTRE", "DUSHANBE", (2100000, 2300000, 2400000, 2500000, 2600000, 2700000), "TJS"),
    _Line("OP1.1.1", "P-SUGHD", "SUGHD", (1200, 1300, 1400, 1500, 1500, 1600), "тыс. сомони"),
    _Line("OP1.1.1", "P-KHATLON", "KHATLON", (1000000, 1100000, 1200000, None, 1300000, 1300000), "TJS"),
    _Line("OP1.1.1", "P-EAST", "DRS", (600000, 700000, 70000, 750000, 800000, 850000), "TJS"),
    _Line("OP1.1.2", "P-CENTRE", None, _tenths("99.6", "99.4", "99.1", "99.5", "99.2", "98.8"), "percent"),
    _Line("OP1.1.3", "P-CENTRE", "DUSHANBE", (300, 290, 280, 270, 260, 250), "kg"),
    _Line("OP1.1.3", "P-SUGHD", "SUGHD", (220, 210, 200, 200, 190, 180), "kg"),
    _Line("OP1.1.3", "P-KHATLON", "KHATLON", _tenths("0.2", "0.19", "0.19", None, "0.18", "0.17"), "tonne"),
    _Line("OP1.1.3", "P-EAST", "GBAO", (60, 60, 55, 55, 50, 45), "kg"),
    _Line("OP1.1.3", "P-EAST", "DRS", (110, 105, 100, 100, 95, 90), "kg"),
    _Line("OP1.2.1", "P-CENTRE", None, ("planned", "approved", "approved", "staffed", "staffed", "equipped")),
    _Line("OP1.2.3", "P-CENTRE", "DUSHANBE", ("yes",) * 6),
    _Line("OP1.2.3", "P-SUGHD", "SUGHD", ("no", "yes", "yes", "yes", "yes", "yes")),
    _Line("OP1.2.3", "P-KHATLON", "KHATLON", ("yes", "yes", "yes", None, "yes", "yes")),
    _Line("OP1.2.3", "P-EAST", "GBAO", ("no", "no", "yes", "yes", "yes", "yes")),
    _Line("OP1.2.3", "P-EAST", "DRS", ("no", "yes", "yes", "yes", "yes", "yes")),
    _Line("OP2.2.1", "P-SUGHD", "SUGHD", (1, 2, 4, 6, 8, 9), "school"),
    _Line("OP2.2.1", "P-KHATLON", "KHATLON", (1, 3, 5, None, 8, 10), "school"),
    _Line("OP2.2.1", "P-EAST", "GBAO", (0, 0, 1, 1, 2, 2), "school"),
    _Line("OP2.2.1", "P-EAST", "DRS", (0, 1, 2, 3, 4, 5), "school"),
)
# Twice a year: the figure, like a story, stands in the report of the quarter that ends the half year.
_HALF_YEARS: Final = (
    _Line("OC1.3", "P-CENTRE", None, (53, 55, 57)),
    _Line("OP1.2.2", "P-CENTRE", "DUSHANBE", ("developing", "defined", "defined")),
    _Line("OP1.2.2", "P-SUGHD", "SUGHD", ("initial", "developing", "developing")),
    _Line("OP1.2.2", "P-KHATLON", "KHATLON", ("initial", None, "developing")),
    _Line("OP1.2.2", "P-EAST", "GBAO", ("initial", "initial", "initial")),
    _Line("OP1.2.2", "P-EAST", "DRS", ("initial", "developing", "developing")),
)
_STORIES: Final = {
    ("P-CENTRE", "2025-Q2"): "A pensioner now pays her electricity by telephone and no longer queues at the bank.",
    ("P-CENTRE", "2025-Q4"): "Two graduates keep the books of a bakery in a spreadsheet and were taken on for good.",
    ("P-CENTRE", "2026-Q2"): "A seamstress sells through an online shop; half of her orders come from other regions.",
    ("P-KHATLON", "2025-Q2"): "Une agricultrice suit les prix du coton en ligne avant de vendre.",
    ("P-KHATLON", "2026-Q2"): "Trois participants ont ouvert un atelier de réparation de téléphones.",
}
_COMMENTS: Final = {
    ("P-CENTRE", "2025-Q1", "OC1.1"): "A true zero: the first service opened in April.",
    ("P-CENTRE", "2026-Q2", "OP1.1.2"): "Two power cuts in June at the data centre.",
    ("P-SUGHD", "2025-Q3", "OC2.1"): "Отчёт задержан: журналы посещаемости собирали по районам.",
    ("P-SUGHD", "2025-Q1", "OP1.1.1"): "В тысячах сомони, как в бухгалтерском учёте.",
    ("P-KHATLON", "2025-Q1", "OP1.1.3"): "En tonnes, d’après les bons de livraison.",
    ("P-KHATLON", "2026-Q1", "OC2.1"): "Le quatrième trimestre 2025 n’a pas été rapporté : le centre était en travaux.",
    ("P-EAST", "2025-Q1", "OP2.2.1"): "No school yet: the road was closed by snow.",
    ("P-EAST", "2025-Q3", "OP1.1.1"): "From the bank statement, which is in US dollars.",
    ("P-EAST", "2025-Q4", "OC2.1"): "Курсҳо то ибтидои зимистон идома ёфтанд.",
}


def received(partner: str, quarter: str) -> dt.date:
    """The day on which a partner's first report for a quarter arrived."""
    return _ENDS[quarter] + dt.timedelta(days=_LATE.get((partner, quarter), _DAYS_TAKEN[partner]))


def split(total: int, *shares: int) -> tuple[int, ...]:
    """`total` in whole parts of about these shares, given in per cent; the first part takes what is left over."""
    rest = [total * share // 100 for share in shares[1:]]
    return (total - sum(rest), *rest)


def rows_of(partner: str, quarter: str) -> tuple[Row, ...]:
    """What a partner reports for a quarter, in the order of the logframe; nothing where the partner was silent."""
    if (partner, quarter) == SILENT:
        return ()
    rows = sorted(_rows(partner, QUARTERS.index(quarter)), key=lambda row: row.indicator)
    arrived = received(partner, quarter)
    told: set[str] = set()
    finished = []
    for row in rows:
        remark = None if row.indicator in told else _COMMENTS.get((partner, quarter, row.indicator))
        told.add(row.indicator)
        finished.append(replace(row, comment=remark, reported_on=arrived))
    return tuple(finished)


def late_corrections(partner: str, quarter: str) -> tuple[Row, ...]:
    """The second report that a partner sent for a quarter: corrected figures, and one that is taken back."""
    arrived = received(partner, quarter) + dt.timedelta(days=40)
    if (partner, quarter) == ("P-SUGHD", "2025-Q2"):
        row = Row("OC2.1", quarter, partner, "SUGHD", unit="person", revision=1, reported_on=arrived)
        women, men = split(232, 51, 49)
        return (
            replace(row, value=232, comment="Добавлены 12 участников из Истаравшана."),
            replace(row, sex="F", value=women),
            replace(row, sex="M", value=men),
            *(replace(row, age=age, value=part) for age, part in _ages(232)),
        )
    if (partner, quarter) == ("P-KHATLON", "2025-Q2"):
        row = Row("OC1.2", quarter, partner, "KHATLON", unit="day", revision=1, reported_on=arrived)
        return (replace(row, state="missing", comment="Valeur retirée : mesurée sur un seul guichet."),)
    if (partner, quarter) == ("P-CENTRE", "2025-Q4"):
        row = Row("OP1.1.1", quarter, partner, "DUSHANBE", unit="TJS", revision=1, reported_on=arrived)
        return (replace(row, value=2460000, comment="Refunds of December had been counted."),)
    return ()


def _rows(partner: str, at: int) -> Iterator[Row]:
    quarter = QUARTERS[at]
    for line in _LINES:
        if line.partner == partner:
            unit = "USD" if (line.indicator, line.location, at) == ("OP1.1.1", "DRS", 2) else line.unit
            yield Row(line.indicator, quarter, partner, line.location, value=line.figures[at], unit=unit)
    if quarter.endswith(("Q2", "Q4")):
        for line in _HALF_YEARS:
            if line.partner == partner:
                yield Row(line.indicator, _half_year(quarter), partner, line.location, value=line.figures[at // 2])
    if (partner, quarter) == ("P-CENTRE", "2025-Q4"):
        yield Row("OC2.2", "2025", partner, numerator=276, denominator=1200)
    for (who, place), figures in _PEOPLE.items():
        people = figures[at]
        if who == partner and people is not None:
            yield from _training(partner, place, quarter, people)
    story = _STORIES.get((partner, quarter))
    if story:
        place = "DUSHANBE" if partner == "P-CENTRE" else "KHATLON"
        yield Row("OP2.1.4", _half_year(quarter), partner, place, text=story)


def _half_year(quarter: str) -> str:
    return quarter.replace("Q2", "S1").replace("Q4", "S2")


def _training(partner: str, place: str, quarter: str, people: int) -> Iterator[Row]:
    """The rows on courses: participants, advanced participants, tests and complaints."""
    at = QUARTERS.index(quarter)
    share = _WOMEN[partner]
    women, men = split(people, share, 100 - share)
    row = Row("OC2.1", quarter, partner, place, unit="person")
    if partner != "P-KHATLON":  # Khatlon sends the parts and no total.
        yield replace(row, value=people)
    yield replace(row, sex="F", value=women)
    yield replace(row, sex="M", value=men)
    if partner in ("P-CENTRE", "P-SUGHD"):
        yield from (replace(row, age=age, value=part) for age, part in _ages(people))
    if partner == "P-CENTRE":
        others, vulnerable = split(people, 82, 18)
        yield replace(row, vulnerability="VUL", value=vulnerable)
        yield replace(row, vulnerability="OTH", value=others)
    if (partner, place) in _ADVANCED:
        row = Row("OP2.1.1", quarter, partner, place, unit="person")
        learners = _ADVANCED[partner, place][at]
        if partner == "P-SUGHD":  # Dushanbe sends the parts and no total.
            yield replace(row, value=learners)
        for sex, part in zip("FM", split(learners, 48, 52), strict=True):
            yield from (replace(row, sex=sex, age=age, value=piece) for age, piece in _ages(part))
    yield from _tests(partner, place, quarter, women, men)
    complaints = _COMPLAINTS[partner, place][at]
    yield Row("OP2.1.3", quarter, partner, place, numerator=complaints, denominator=people)


def _tests(partner: str, place: str, quarter: str, women: int, men: int) -> Iterator[Row]:
    passing = _PASS[partner][QUARTERS.index(quarter)] or 0
    taken = {"F": women * _TESTED // 100, "M": men * _TESTED // 100}
    passed = {sex: number * passing // 100 for sex, number in taken.items()}
    row = Row("OP2.1.2", quarter, partner, place)
    yield replace(row, numerator=sum(passed.values()), denominator=sum(taken.values()))
    if partner == "P-CENTRE":
        yield from (replace(row, sex=sex, numerator=passed[sex], denominator=taken[sex]) for sex in taken)


def _ages(people: int) -> tuple[tuple[str, int], ...]:
    middle, young, old = split(people, 55, 38, 7)
    return (("15-24", young), ("25-59", middle), ("60+", old))
