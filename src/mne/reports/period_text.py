"""What partners call a period, read as dates: ``Q1 2025``, ``I кв. 2025``, ``T1 2025``, ``янв.–март 2025``.

Read `PeriodReader.read` first. A name that fits two readings (a quarter of the calendar year or of the fiscal year) is
never settled by guessing; the plan's own labels and names always win.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mne.ground.phrases import phrase
from mne.logframe.periods import Calendar, Frequency
from mne.reports.cells import LONGEST, clean
from mne.reports.dates import day, day_first, typed_day
from mne.reports.words import FISCAL, HALVES, MONTH_WORDS, MONTHS, NOISE, ORDINALS, QUARTERS, folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period

__all__ = ["PeriodAnswer", "PeriodReader"]

_EXPECTED: Final = phrase("a period such as 2025-Q1, 2025-03 or 2025")
_DAY: Final = dt.timedelta(days=1)
_DATES: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}")
_JOINTS: Final = frozenset(
    ("", "-", "/", "to", "till", "until", "from to", "с по", "с до", "по", "до", "du au", "au", "à", "аз то", "то")
)
_TOKENS: Final = re.compile(r"[^\W\d_]+|[0-9]+")
_LONE_DIGIT: Final = re.compile(r"[0-9]{4}[^0-9]+[0-9](?![0-9])")
_SHORT_FISCAL: Final = re.compile(r"\bfy ?'?([0-9]{2})(?![0-9])")
_SPOKEN: Final = re.compile(r"[^\s,;:()\[\]]+")
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])")
_TWICE: Final = re.compile(r"([^()\[\]]+)[(\[]([^()\[\]]+)[)\]]")
_MOST_SPOKEN: Final = 40
_LONGEST_SPOKEN: Final = 6
_SHORTEST: Final = 5
"""Days of a title that may be the one on which it was written."""
_FREQUENCY: Final = {3: Frequency.QUARTERLY, 6: Frequency.SEMIANNUAL, 12: Frequency.ANNUAL, 1: Frequency.MONTHLY}


@dataclass(frozen=True, slots=True)
class PeriodAnswer:
    """What a period's name means: first and last day and a label, or the code of the finding that says why not."""

    start: dt.date | None = None
    last: dt.date | None = None
    label: str | None = None
    code: str | None = None
    expected: str = ""
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    """Whole months: how many, which one, of which year. `fiscal`: the text says so; `across`: it names two years."""

    months: int
    number: int
    year: int
    fiscal: bool = False
    across: bool = False


class PeriodReader:
    """Reads the names of periods for one plan."""

    def __init__(self, plan: Logframe, *, words: Mapping[str, str] | None = None) -> None:
        self.plan = plan
        self.calendar: Calendar = plan.calendar
        self.is_fiscal = plan.calendar.fiscal_year_start != "01-01"
        self._names = {folded(name): label for name, label in plan.calendar.names.items()}
        self._words = {folded(word): text for word, text in (words or {}).items()}
        self._periods = {each: plan.periods(each) for each in (None, *Frequency)}
        self._labels = {folded(period.label): period for each in Frequency for period in self._periods[each]}
        self._spans = {
            each: {(period.start, period.last_day): period for period in periods}
            for each, periods in self._periods.items()
        }

    def read(self, text: str, *, frequency: Frequency | None = None) -> PeriodAnswer:
        """The dates and the label behind a period's name.

        Args:
            text: the cell as it was written.
            frequency: how often the row's indicator is reported; a bare day is taken as the bound of such a period.

        Findings: period-unknown, period-ambiguous, period-reversed, limit-cell-length.
        """
        plain = clean(self._words.get(folded(text), text) if self._words else text)
        if len(plain) > LONGEST:
            return PeriodAnswer(code="limit-cell-length", expected=phrase("at most {n} characters", n=LONGEST))
        own = self._own(plain)
        if own is not None:
            return PeriodAnswer(own.start, own.last_day, own.label)
        dates = _DATES.findall(plain)
        if dates:
            answer = self._of_dates(plain, dates, frequency)
            return answer if answer.code is None else self._explained(plain, frequency) or answer
        found = _months(plain)
        if found is None:
            unknown = PeriodAnswer(code="period-unknown", expected=_EXPECTED)
            return self._of_days(plain) or self._explained(plain, frequency) or unknown
        return self._of_span(found) if isinstance(found, _Span) else self.of_bounds(*found)

    def named_in(self, title: str) -> dict[tuple[dt.date, dt.date], str]:
        """The periods that a title names among other words, each in its own words, by first and last day.

        A year alone is none: it may be that of the project, of the report or of anything else.
        """
        spans = [word.span() for word in _SPOKEN.finditer(title)][:_MOST_SPOKEN]
        found: dict[tuple[dt.date, dt.date], str] = {}
        first = 0
        while first < len(spans):
            for last in range(min(first + _LONGEST_SPOKEN, len(spans)) - 1, first - 1, -1):
                bounds = self._said(title[spans[first][0] : spans[last][1]])
                if bounds is None:
                    continue
                # "for Q1 2026" names the same as "Q1 2026".
                while first < last and self._said(title[spans[first + 1][0] : spans[last][1]]) == bounds:
                    first += 1
                found.setdefault(bounds, title[spans[first][0] : spans[last][1]])
                first = last
                break
            first += 1
        return found

    def _said(self, words: str) -> tuple[dt.date, dt.date] | None:
        """The first and last day of a period that words name, with its year, and that is longer than a few days."""
        if not _YEAR.search(words) or _YEAR.fullmatch(words):
            return None
        answer = self.read(words)
        if answer.code is not None or answer.start is None or answer.last is None:
            return None
        return (answer.start, answer.last) if (answer.last - answer.start).days > _SHORTEST else None

    def _own(self, plain: str) -> Period | None:
        """The period of the plan that has this very label or name, in whatever case."""
        name = folded(plain)
        return self._labels.get(folded(self._names.get(name, name)))

    def of_bounds(
        self, start: dt.date, last: dt.date, *, frequency: Frequency | None = None, label: str | None = None
    ) -> PeriodAnswer:
        """The plan's period between two days, if there is one, else the days as they are.

        The plan's first and last periods are cut to its own dates; a whole quarter's name (`label`) means them still.
        """
        if last < start:
            return PeriodAnswer(code="period-reversed", expected=phrase("an end after its beginning"))
        within = (max(start, self.plan.start), min(last, self.plan.end)) if label else (start, last)
        for each in (frequency, None, *Frequency):
            period = self._spans[each].get((start, last)) or self._spans[each].get(within)
            if period is not None:
                return PeriodAnswer(period.start, period.last_day, period.label)
        return PeriodAnswer(start, last, label or f"{start.isoformat()}/{last.isoformat()}")

    def _of_dates(self, plain: str, dates: list[str], frequency: Frequency | None) -> PeriodAnswer:
        rest = plain
        for each in dates:
            rest = rest.replace(each, " ", 1)
        joint = " ".join(re.sub(r"[–—−]", "-", folded(rest)).replace("г.", " ").split()).strip(" .()[],;:")
        first = day_first(dates)
        read = [day(each, first=first).value for each in dates]
        if joint not in _JOINTS or None in read or len(dates) > 2:
            return PeriodAnswer(code="period-unknown", expected=_EXPECTED)
        days = [each for each in read if each is not None]
        return self.of_bounds(*days) if len(days) == 2 else self.of_day(days[0], frequency)

    def of_day(self, bound: dt.date, frequency: Frequency | None) -> PeriodAnswer:
        """A bare day: the period that begins or ends with it; any other day names no period."""
        holding = next((period for period in self._periods[frequency] if bound in period), None)
        if holding is None:
            return PeriodAnswer(code="period-unknown", expected=_EXPECTED)
        if bound in (holding.start, holding.last_day):
            return PeriodAnswer(holding.start, holding.last_day, holding.label)
        return PeriodAnswer(code="period-unknown", expected=_EXPECTED, suggestion=holding.label)

    def typed(self, value: object, *, frequency: Frequency | None, epoch: int = 1900) -> PeriodAnswer:
        """A date, or a whole number that is a year, in a typed cell; 2025.1 may have been typed as 2025.10."""
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        if is_number and 1900 <= value < 2200 and value % 1 == 0:  # type: ignore[operator] # a number, as just asked
            return self.read(str(int(value)), frequency=frequency)  # type: ignore[call-overload]
        answer = typed_day(value, epoch=epoch)
        if answer.value is None:
            return PeriodAnswer(code="period-unknown", expected=_EXPECTED, suggestion=answer.suggestion)
        return self.of_day(answer.value, frequency)

    def _of_span(self, span: _Span) -> PeriodAnswer:
        plain = _bounds(span)
        if not self.is_fiscal:
            if span.across:
                return PeriodAnswer(code="period-unknown", expected=_EXPECTED)
            (part,) = self.calendar.periods(*plain, _FREQUENCY[span.months])
            return self.of_bounds(*plain, label=part.label)
        if span.months == 1 and not span.fiscal:
            return self.of_bounds(*plain, label=f"{plain[0]:%Y-%m}")
        fiscal = self._fiscal(span)
        if span.fiscal or span.across:
            return fiscal
        both = phrase(
            "{label} ({start} to {last}), or {first} to {end}",
            label=fiscal.label,
            start=fiscal.start,
            last=fiscal.last,
            first=plain[0],
            end=plain[1],
        )
        return PeriodAnswer(code="period-ambiguous", expected=both)

    def _fiscal(self, span: _Span) -> PeriodAnswer:
        """The `number`th part of the fiscal year that is named by the calendar year in which it ends."""
        frequency = _FREQUENCY[span.months]
        month, of_month = int(self.calendar.fiscal_year_start[:2]), int(self.calendar.fiscal_year_start[3:])
        first = dt.date(span.year - 1, month, min(of_month, calendar.monthrange(span.year - 1, month)[1]))
        after = dt.date(span.year, month, min(of_month, calendar.monthrange(span.year, month)[1]))
        parts = self.calendar.periods(first, after - _DAY, frequency)
        part = parts[span.number - 1]
        return self.of_bounds(part.start, part.last_day, frequency=frequency, label=part.label)

    def _explained(self, plain: str, frequency: Frequency | None) -> PeriodAnswer | None:
        """``2026-Q2 (April – June 2026)``: a period that is said twice, where both parts are the same days."""
        said = _TWICE.fullmatch(plain)
        if said is None:
            return None
        name, more = (each.strip() for each in said.groups())
        one = self.read(name, frequency=frequency)
        year = _YEAR.search(name)
        others = [more, f"{more} {year.group()}"] if year is not None and not _YEAR.search(more) else [more]
        for each in others:
            other = self.read(each, frequency=frequency)
            if one.code is None and other.code is None and (one.start, one.last) == (other.start, other.last):
                return one
        return None

    def _of_days(self, plain: str) -> PeriodAnswer | None:
        """``1 января – 31 марта 2025``: two days in words, the year with the second or with both."""
        tokens = [token for token in _TOKENS.findall(folded(plain)) if token not in NOISE]
        years = [token for token in tokens if len(token) == 4 and token.isdigit()]
        rest = [token for token in tokens if token not in years]
        if len(rest) != 4 or len(years) not in (1, 2) or tokens[-1] != years[-1]:
            return None
        days = [day(f"{rest[at]} {rest[at + 1]} {year}").value for at, year in ((0, years[0]), (2, years[-1]))]
        known = [each for each in days if each is not None]
        return self.of_bounds(*known) if len(known) == 2 else None


def _bounds(span: _Span) -> tuple[dt.date, dt.date]:
    first = (span.number - 1) * span.months + 1
    last = first + span.months - 1
    return dt.date(span.year, first, 1), dt.date(span.year, last, calendar.monthrange(span.year, last)[1])


def _months(plain: str) -> _Span | tuple[dt.date, dt.date] | None:
    """The whole months that a name covers, as one span or as the first and last day of a range."""
    if not plain.isprintable():
        return None
    tokens = [token for token in _TOKENS.findall(_SHORT_FISCAL.sub(r"fy 20\1", folded(plain))) if token not in NOISE]
    fiscal = any(token in FISCAL for token in tokens)
    tokens = [token for token in tokens if token not in FISCAL]
    years = [int(token) for token in tokens if len(token) == 4 and token.isdigit() and 1900 <= int(token) < 2200]
    rest = [token for token in tokens if not (len(token) == 4 and token.isdigit())]
    if not years or len(years) + len(rest) != len(tokens) or len(years) > 2:
        return None
    if len(years) == 2:
        return _two_years(tokens, years, rest)
    kinds = [token for token in rest if token in QUARTERS or token in HALVES or token in MONTH_WORDS]
    named = [MONTHS[token] for token in rest if token in MONTHS]
    if named:
        return _named_months(rest, named, years[0])
    numbers = [_small(token) for token in rest if token not in kinds]
    if None in numbers:
        return None
    return _numbered(kinds, [each for each in numbers if each is not None], years[0], plain, fiscal=fiscal)


def _small(token: str) -> int | None:
    if token.isdigit():
        return int(token) if len(token) <= 2 and token.isascii() else None
    return ORDINALS.get(token)


def _two_years(tokens: list[str], years: list[int], rest: list[str]) -> _Span | tuple[dt.date, dt.date] | None:
    named = [MONTHS[token] for token in rest if token in MONTHS]
    if len(named) == 2 == len(rest) and tokens[-1].isdigit() and tokens[1].isdigit():
        return _month_range((years[0], named[0]), (years[1], named[1]))
    if not rest and years[1] == years[0] + 1:
        return _Span(12, 1, years[1], across=True)
    return None


def _month_range(first: tuple[int, int], last: tuple[int, int]) -> tuple[dt.date, dt.date]:
    return dt.date(*first, 1), dt.date(*last, calendar.monthrange(*last)[1])


def _named_months(rest: list[str], named: list[int], year: int) -> _Span | tuple[dt.date, dt.date] | None:
    if len(named) != len(rest) or len(named) > 2:
        return None
    if len(named) == 1:
        return _Span(1, named[0], year)
    return _month_range((year, named[0]), (year, named[1]))


def _numbered(
    kinds: list[str], numbers: list[int], year: int, plain: str, *, fiscal: bool
) -> _Span | tuple[dt.date, dt.date] | None:
    if not kinds:
        if not numbers:
            return _Span(12, 1, year, fiscal=fiscal)
        if len(numbers) != 1:
            return None
        (number,) = numbers
        if number == (year + 1) % 100 and number > 12:
            return _Span(12, 1, year + 1, across=True)
        # "2025-01" and "01.2025" are months; "2011/12" may be a year and the next, "2025.1" may have been "2025.10".
        if _LONE_DIGIT.search(plain):
            return None
        if 1 <= number <= 12 and not fiscal and ("/" not in plain or number != (year + 1) % 100):
            return _Span(1, number, year)
        return _Span(12, 1, year + 1, across=True) if fiscal and number == (year + 1) % 100 else None
    months = {3 if kind in QUARTERS else 6 if kind in HALVES else 1 for kind in kinds}
    if len(months) != 1 or len(kinds) > len(numbers) or not 1 <= len(numbers) <= 2:
        return None
    (length,) = months
    if not all(1 <= number <= 12 // length for number in numbers):
        return None
    spans = [_Span(length, number, year, fiscal=fiscal) for number in numbers]
    if len(spans) == 1:
        return spans[0]
    return None if fiscal or spans[0].number >= spans[1].number else (_bounds(spans[0])[0], _bounds(spans[1])[1])
