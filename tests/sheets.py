"""Workbooks in every layout that partners use, made for tests: what was written, and in which cell each value stands.

Read `Sheet` first, then any writer: it takes observations and gives a sheet, with the address of every value.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter

WORDS = {
    "en": {"indicator": "Indicator", "period": "Reporting period", "partner": "Partner", "location": "Location",
           "value": "Actual", "target": "Target", "comment": "Comment", "total": "Total", "baseline": "Baseline",
           "this": "Value this period", "cumulative": "Cumulative", "planned": "Planned", "achieved": "Achieved",
           "previous": "Previous value", "current": "Current value", "end": "End target", "date": "Date", "note": "Preliminary figures"},
    "fr": {"indicator": "Indicateur", "period": "Période de rapport", "partner": "Partenaire", "location": "Lieu",
           "value": "Réalisé", "target": "Cible", "comment": "Commentaire", "total": "Ensemble", "baseline": "Valeur de référence",
           "this": "Valeur de la période", "cumulative": "Cumul", "planned": "Prévu", "achieved": "Réalisé",
           "previous": "Valeur précédente", "current": "Valeur actuelle", "end": "Cible finale", "date": "Date", "note": "Chiffres provisoires"},
    "ru": {"indicator": "Показатель", "period": "Отчётный период", "partner": "Партнёр", "location": "Место",
           "value": "Факт", "target": "План", "comment": "Комментарий", "total": "Итого", "baseline": "Базовое значение",
           "this": "За отчётный период", "cumulative": "Нарастающим итогом", "planned": "План", "achieved": "Факт",
           "previous": "Предыдущее значение", "current": "Текущее значение", "end": "Конечная цель", "date": "Дата", "note": "Предварительные данные"},
    "tg": {"indicator": "Нишондиҳанда", "period": "Давраи ҳисоботӣ", "partner": "Шарик", "location": "Макон",
           "value": "Иҷро", "target": "Нақша", "comment": "Шарҳ", "total": "Ҳамагӣ", "baseline": "Қимати ибтидоӣ",
           "this": "Дар ин давра", "cumulative": "Аз оғози лоиҳа", "planned": "Нақша", "achieved": "Иҷрошуда",
           "previous": "Қимати пешина", "current": "Қимати ҷорӣ", "end": "Ҳадафи ниҳоӣ", "date": "Сана", "note": "Маълумоти пешакӣ"},
}  # fmt: skip
QUARTERS = {
    "en": "Q{q} {y}", "fr": "T{q} {y}", "ru": "{r} кв. {y}", "tg": "семоҳаи {q} {y}",
}  # fmt: skip
SEX = {"en": ("women", "men"), "fr": ("femmes", "hommes"), "ru": ("женщины", "мужчины"), "tg": ("F", "M")}
ROMAN = ("", "I", "II", "III", "IV")


class Seen(NamedTuple):
    """One observation as it was written; `category` is encoded."""

    indicator: str
    period: str
    partner: str
    location: str
    category: str
    value: int
    comment: str | None = None


def quarter(label: str, lang: str) -> str:
    """A quarter's name in a language: 2024-Q1 as ``I кв. 2024``."""
    year, q = label.split("-Q")
    return QUARTERS[lang].format(q=q, y=year, r=ROMAN[int(q)])


@dataclass
class Sheet:
    """Cells by row and column from 1, merged ranges, and the address of each observation's value."""

    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    addresses: dict[Seen, str] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Any) -> None:
        if value is not None:
            self.cells[row, column] = value

    def value(self, row: int, column: int, seen: Seen) -> None:
        self.put(row, column, seen.value)
        self.addresses[seen] = f"{get_column_letter(column)}{row}"

    def to_xlsx(self) -> bytes:
        book = openpyxl.Workbook()
        for (row, column), value in self.cells.items():
            book.active.cell(row, column, value)
        for top, left, bottom, right in self.merged:
            book.active.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def to_csv(self) -> bytes:
        import csv

        height, width = (max(each[at] for each in self.cells) for at in (0, 1))
        stream = io.StringIO()
        csv.writer(stream).writerows(
            [self.cells.get((row, column)) for column in range(1, width + 1)] for row in range(1, height + 1)
        )
        return stream.getvalue().encode()


def unique(seen: Sequence[Seen], *names: str) -> list[Any]:
    """The different values of some fields, in order."""
    return list(dict.fromkeys(tuple(getattr(each, name) for name in names) for each in seen))


def by_period(seen: Sequence[Seen], lang: str, *, top: int = 1) -> Sheet:
    """A row for each indicator, partner and place, a column for each period; totals of the whole."""
    words, sheet = WORDS[lang], Sheet()
    periods = [period for (period,) in unique(seen, "period")]
    for at, name in enumerate(("indicator", "partner", "location"), start=1):
        sheet.put(top, at, words[name])
    sheet.put(top, 4, words["baseline"])
    for at, period in enumerate(periods):
        sheet.put(top, 5 + at, quarter(period, lang))
    for row, key in enumerate(unique(seen, "indicator", "partner", "location"), start=top + 1):
        for at, code in enumerate(key, start=1):
            sheet.put(row, at, code)
        sheet.put(row, 4, 999)
        for each in seen:
            if (each.indicator, each.partner, each.location) == key:
                sheet.value(row, 5 + periods.index(each.period), each)
    last = top + 1 + len(unique(seen, "indicator", "partner", "location"))
    sheet.put(last, 1, words["total"])
    sheet.put(last + 2, 1, words["note"])
    return sheet


def by_period_and_role(seen: Sequence[Seen], lang: str, *, top: int = 1) -> Sheet:
    """As `by_period`, with target, actual and comment beneath each period, whose cell is merged."""
    words, sheet = WORDS[lang], Sheet()
    periods = [period for (period,) in unique(seen, "period")]
    for at, name in enumerate(("indicator", "partner", "location"), start=1):
        sheet.put(top, at, words[name])
        sheet.merged.append((top, at, top + 1, at))
    for at, period in enumerate(periods):
        first = 4 + 3 * at
        sheet.put(top, first, quarter(period, lang))
        sheet.merged.append((top, first, top, first + 2))
        for shift, name in enumerate(("target", "value", "comment")):
            sheet.put(top + 1, first + shift, words[name])
    for row, key in enumerate(unique(seen, "indicator", "partner", "location"), start=top + 2):
        for at, code in enumerate(key, start=1):
            sheet.put(row, at, code)
        for each in seen:
            if (each.indicator, each.partner, each.location) == key:
                first = 4 + 3 * periods.index(each.period)
                sheet.put(row, first, 777)
                sheet.value(row, first + 1, each)
                sheet.put(row, first + 2, each.comment)
    return sheet


def by_category(seen: Sequence[Seen], lang: str, *, top: int = 1) -> Sheet:
    """A row for each indicator, partner, place and period; a column for women, one for men, one for all."""
    words, sheet = WORDS[lang], Sheet()
    names = ("indicator", "partner", "location", "period")
    for at, name in enumerate(names, start=1):
        sheet.put(top, at, words[name])
    columns = {"sex=F": 5, "sex=M": 6, "_T": 7}
    for at, text in zip((5, 6, 7), (*SEX[lang], words["total"]), strict=True):
        sheet.put(top, at, text)
    for row, key in enumerate(unique(seen, *names), start=top + 1):
        for at, code in enumerate(key, start=1):
            sheet.put(row, at, code if at < 4 else quarter(code, lang))
        for each in seen:
            if tuple(getattr(each, name) for name in names) == key:
                sheet.value(row, columns[each.category], each)
    return sheet


def blocks(seen: Sequence[Seen], lang: str, *, top: int = 1) -> Sheet:
    """A block for each indicator: baseline and milestones across, planned and achieved beneath."""
    words, sheet = WORDS[lang], Sheet()
    periods = [period for (period,) in unique(seen, "period")]
    row = top
    for (indicator,) in unique(seen, "indicator"):
        sheet.put(row, 1, indicator)
        sheet.put(row, 3, words["baseline"])
        for at, period in enumerate(periods):
            sheet.put(row, 4 + at, f"{words['target']} {quarter(period, lang)}")
        for shift, name in ((1, "planned"), (2, "achieved")):
            sheet.put(row + shift, 2, words[name])
            sheet.put(row + shift, 3, 0)
        for at in range(len(periods)):
            sheet.put(row + 1, 4 + at, 555)
        for each in seen:
            if each.indicator == indicator:
                sheet.value(row + 2, 4 + periods.index(each.period), each)
        row += 5
    return sheet


def this_and_cumulative(seen: Sequence[Seen], lang: str, *, top: int = 1) -> Sheet:
    """A row for each value: this period and cumulative."""
    words, sheet = WORDS[lang], Sheet()
    for at, name in enumerate(("indicator", "partner", "location", "period", "this", "cumulative"), start=1):
        sheet.put(top, at, words[name])
    sums: dict[Any, int] = {}
    for row, each in enumerate(seen, start=top + 1):
        for at, code in enumerate((each.indicator, each.partner, each.location, quarter(each.period, lang)), start=1):
            sheet.put(row, at, code)
        key = (each.indicator, each.partner, each.location)
        sums[key] = sums.get(key, 0) + each.value
        sheet.value(row, 5, each)
        sheet.put(row, 6, sums[key])
    return sheet


def with_dates(seen: Sequence[Seen], lang: str, *, top: int = 1) -> Sheet:
    """A row for each value: baseline, previous, current and end target, each with its date."""
    words, sheet = WORDS[lang], Sheet()
    for at, name in enumerate(("indicator", "partner", "location"), start=1):
        sheet.put(top, at, words[name])
    for at, name in enumerate(("baseline", "previous", "current", "end")):
        sheet.put(top, 4 + 2 * at, words[name])
        sheet.merged.append((top, 4 + 2 * at, top, 5 + 2 * at))
        sheet.put(top + 1, 4 + 2 * at, words["value"])
        sheet.put(top + 1, 5 + 2 * at, words["date"])
    for row, each in enumerate(seen, start=top + 2):
        for at, code in enumerate((each.indicator, each.partner, each.location), start=1):
            sheet.put(row, at, code)
        year, q = each.period.split("-Q")
        last = {"1": "03-31", "2": "06-30", "3": "09-30", "4": "12-31"}[q]
        for at in range(4):
            sheet.put(row, 4 + 2 * at, 444)
            sheet.put(row, 5 + 2 * at, f"{year}-{last}")
        sheet.value(row, 8, each)
    return sheet


LAYOUTS: dict[str, Callable[..., Sheet]] = {
    "by_period": by_period,
    "by_period_and_role": by_period_and_role,
    "by_category": by_category,
    "blocks": blocks,
    "this_and_cumulative": this_and_cumulative,
    "with_dates": with_dates,
}
