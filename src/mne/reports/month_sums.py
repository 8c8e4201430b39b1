"""The figure of a quarter held against its months, and why it differs: text, a formula, the year to date.

Read `compare_months` first. What is counted in each month adds up; a total to date does not, nor does a state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding
from mne.ground.phrases import figures, phrase
from mne.ground.sheets import column_number
from mne.logframe.choices import Accumulation, Axis, Measure, Rule
from mne.reports import cells
from mne.reports.cells import Marks
from mne.reports.grid import text_of
from mne.reports.month_rows import MonthRow, plain
from mne.reports.sums import plain_number
from mne.reports.words import NO, YES, folded

if TYPE_CHECKING:
    from mne.reports.headings import Heading

__all__ = ["compare_months"]

_COUNTED: Final = (Measure.NUMBER, Measure.CURRENCY)
_SIZED: Final = (*_COUNTED, Measure.PERCENTAGE, Measure.INDEX)
_CLOSE: Final = Decimal("0.0000001")
_CELLS: Final = re.compile(r"\$?\b([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?[0-9]{1,7})?(?![\w(])")
_FEWEST: Final = 2
_LONGEST: Final = 40
_DAYS: Final = 10
"""Days by which quarters may differ in length."""


def compare_months(rows: Sequence[MonthRow]) -> Iterator[Finding]:
    """What is to be said of quarters that are not what their months make; those that are certainly wrong are held.

    Findings: total-sum-differs, total-not-summable, period-months-differ.
    """
    for each in rows:
        if each.indicator.measure is Measure.YES_NO:
            yield from _answers(each)
        elif _is_summed(each):
            yield from _summed(each)
        elif each.role == "value" and each.indicator.measure in _SIZED:
            yield from _restated(each)


def _is_summed(each: MonthRow) -> bool:
    """Whether the figures of the months add up to that of the quarter."""
    if each.indicator.accumulation is not Accumulation.FLOW:
        return False
    if each.role != "value":
        return each.indicator.by_denominator
    return each.indicator.measure in _COUNTED and each.indicator.rule(Axis.TIME) is Rule.SUM


# ----------------------------------------------------------------------------------------------- what adds up


def _summed(each: MonthRow) -> Iterator[Finding]:
    told = each.number(each.whole)
    if told is None:
        return
    texts = [month for month in each.months if _is_text(each, month)]
    known = [number for month in each.months if month not in texts and (number := each.number(month)) is not None]
    silent = [month for month in each.months if each.is_silent(month)]
    if texts and len(known) + len(texts) + len(silent) == len(each.months) and told == sum(known, Decimal(0)):
        each.hold()
        yield from _left_out(each, texts, told)
        return
    total = sum(known, Decimal(0))
    if texts or len(known) < len(each.months) or _is_near(told, total):
        return
    why = _to_date(each, told, total) or _by_formula(each, told, total)
    grave = why is not None
    if why is None and max(known) <= told <= total:
        return  # who came in two months may be counted once in the quarter
    if why is None:
        formula = each.formula(each.whole)
        cell = each.address(each.whole)
        why = phrase("{cell} is no formula", cell=cell)
        if formula:
            why = phrase("the formula in {cell} is {formula}", cell=cell, formula=formula[:_LONGEST])
    if grave:
        each.hold()
    yield Finding(
        code="total-sum-differs", place=each.place(each.whole), found=text_of(each.cell(each.whole)) or "",
        expected=figures(plain(total)), suggestion=plain(total),
        severity=Severity.ERROR if grave else Severity.WARNING,
        params={"sum": each.address(each.whole), "told": figures(plain(told)), "why": why},
    )  # fmt: skip


def _is_text(each: MonthRow, month: Heading) -> bool:
    """Whether what should be a number is text, as only a workbook has it: a sum passes over it."""
    text = isinstance(each.cell(month), str) and not each.is_silent(month)
    return text and each.maker.view.grid.lane == "workbook"


def _left_out(each: MonthRow, texts: Sequence[Heading], told: Decimal) -> Iterator[Finding]:
    """Text among the months of a sum that leaves it out, at its own cell."""
    meant = {month.column: _meant(str(each.cell(month))) for month in texts}
    numbers = [number for number in meant.values() if number is not None]
    wanted: str = phrase("more")
    if len(numbers) == len(texts):
        wanted = figures(plain(told + sum(numbers, Decimal(0))))
    for month in texts:
        cell, number = each.address(month), meant[month.column]
        why = phrase("{cell} is text, which a sum leaves out", cell=cell)
        answer = cells.number(str(each.cell(month)), marks=Marks())
        if answer.code is not None and answer.expected:
            why = phrase("{cell} is text, which a sum leaves out ({expected})", cell=cell, expected=answer.expected)
        yield Finding(
            code="total-sum-differs", place=each.place(month), found=str(each.cell(month)), expected=wanted,
            suggestion=plain(number) if number is not None else None, related=(each.place(each.whole),),
            params={"sum": each.address(each.whole), "told": figures(plain(told)), "why": why},
        )  # fmt: skip


def _meant(text: str) -> Decimal | None:
    """The number that a text is, or would be without the letters in place of digits."""
    number = plain_number(text)
    suggestion = cells.number(text, marks=Marks()).suggestion if number is None else None
    return plain_number(suggestion) if suggestion is not None else number


def _is_near(told: Decimal, total: Decimal) -> bool:
    """Whether two numbers are the same, but for how far the first was rounded."""
    places = min(0, int(told.normalize().as_tuple().exponent))
    rounded = round(total, -places) == told and total != told
    return rounded or abs(told - total) <= _CLOSE * abs(told)


def _to_date(each: MonthRow, told: Decimal, total: Decimal) -> str | None:
    """Why a figure is the sum since the beginning of the year: with the quarters before, or beside a column of that."""
    before = [*_before(each)]
    numbers = [number for head in before if (number := each.number(head)) is not None]
    if before and len(numbers) == len(before) and sum(numbers) and told == total + sum(numbers, Decimal(0)):
        shown = " + ".join(plain(number) for number in (*numbers, total))
        return phrase("it is the sum since the beginning of the year, {shown}", shown=figures(shown))
    if any(head.role == "to_date" and each.number(head) == told for head in each.maker.window.aside) and told > total:
        return phrase("it is the sum since the beginning of the year")
    return None


def _before(each: MonthRow) -> Iterator[Heading]:
    """The columns of the earlier quarters of the same year."""
    names, window = each.maker.names, each.maker.window
    own = names.periods.read(each.whole.period.text) if each.whole.period is not None else None
    if own is None or own.start is None or own.last is None:
        return
    length = own.last - own.start
    for head in (*window.aside, *window.figures):
        if head.period is None or head.role not in ("previous", "", "value", each.whole.role):
            continue
        told = names.periods.read(head.period.text)
        if told.start is None or told.last is None or head.spot[1:] != each.whole.spot[1:]:
            continue
        alike = abs((told.last - told.start - length).days) < _DAYS
        if alike and told.last < own.start and told.start.year == own.start.year:
            yield head


def _by_formula(each: MonthRow, told: Decimal, total: Decimal) -> str | None:
    """Why a formula makes less than its months: it does not name one of them."""
    formula = each.formula(each.whole)
    named = {at for found in _CELLS.finditer(formula) for at in _columns(found[1], found[3])}
    missing = [month for month in each.months if month.column not in named and each.number(month)]
    left = sum((each.number(month) or Decimal(0) for month in missing), Decimal(0))
    if not formula or not missing or len(missing) == len(each.months) or told != total - left:
        return None
    shown = ", ".join(each.address(month) for month in missing)
    return phrase("the formula in {cell} leaves out {cells}", cell=each.address(each.whole), cells=shown)


def _columns(first: str, last: str | None) -> range:
    return range(column_number(first) - 1, column_number(last or first))


# ----------------------------------------------------------------------------------------- what does not add up


def _restated(each: MonthRow) -> Iterator[Finding]:
    """A total to date, or a state, whose months were added up."""
    told, numbers = each.number(each.whole), each.numbers()
    if told is None or numbers is None or each.indicator.accumulation is Accumulation.FLOW:
        return
    if sum(number > 0 for number in numbers) < _FEWEST or told <= max(numbers) or told != sum(numbers, Decimal(0)):
        return
    running = each.indicator.accumulation is Accumulation.RUNNING_TOTAL
    last = plain(numbers[-1])
    why = phrase("the months were added up, and are states of which none adds to another")
    if running:
        why = phrase(
            "the months were added up, and are totals to date already: the last one says {last}", last=figures(last)
        )
    each.hold()
    yield Finding(
        code="total-not-summable", place=each.place(each.whole), found=text_of(each.cell(each.whole)) or "",
        suggestion=last if running else None, related=tuple(each.place(month) for month in each.months),
        params={"low": figures(plain(min(numbers))), "high": figures(plain(max(numbers))), "why": why},
    )  # fmt: skip


def _answers(each: MonthRow) -> Iterator[Finding]:
    """A quarter that says yes, although it was no again in a month; or no, although it was yes in all of them.

    What becomes true within a quarter, and stays so, is no contradiction.
    """
    whole = _answer(each, each.whole)
    said = [(month, answer) for month in each.months if (answer := _answer(each, month)) is not None]
    first = next((at for at, (_, answer) in enumerate(said) if answer), len(said))
    wrong = [month for month, answer in said[first:] if not answer] if whole else []
    if whole is False and len(said) == len(each.months) and all(answer for _, answer in said):
        wrong = [*each.months]
    for month in wrong[:1]:
        period = month.period.text if month.period is not None else month.header
        own = each.whole.period.text if each.whole.period is not None else each.whole.header
        yield Finding(
            code="period-months-differ", place=each.place(month), found=text_of(each.cell(month)) or "",
            expected=text_of(each.cell(each.whole)) or "",
            related=(each.place(each.whole), *(each.place(other) for other in wrong[1:])),
            params={"month": period, "whole": own},
        )  # fmt: skip


def _answer(each: MonthRow, heading: Heading) -> bool | None:
    word = folded(text_of(each.cell(heading)) or "")
    return True if word in YES else False if word in NO else None
