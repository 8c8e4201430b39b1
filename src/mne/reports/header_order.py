"""Headers of periods that break the order of those beside them: a wrong year, a copied header, two that changed places.

Read `misplaced` first. Which order is meant is nobody's to say: from the oldest on or from the newest, by whole steps
or with gaps. Only a header is told that all the others leave no doubt about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from mne.logframe.periods import Frequency

if TYPE_CHECKING:
    from mne.reports.headings import Heading
    from mne.reports.names import Names
    from mne.reports.period_text import PeriodAnswer

__all__ = ["Misplaced", "misplaced", "spanning"]

_FEWEST: Final = 3
"""Headers of one kind that show an order at all."""

_SURE: Final = 4
"""Headers of which three show by themselves what the fourth should be."""

_FEW: Final = 4
"""Of so many headers one may be wrong; where more are, it is another order that somebody meant."""

_BY_MONTHS: Final = {each.months: each for each in Frequency if each.months}
_WEEK: Final = 7


class Misplaced(NamedTuple):
    """A header out of order: the period that is expected there, and the header that stands where it should.

    `outside`: its own period is none of the project, so that its figures can be placed nowhere.
    """

    expected: str
    other: Heading | None
    outside: bool


class _Spot(NamedTuple):
    heading: Heading
    number: int
    outside: bool
    has_year: bool

    @property
    def text(self) -> str:
        return self.heading.period.text if self.heading.period is not None else ""


def misplaced(headings: Iterable[Heading], names: Names) -> dict[int, Misplaced]:
    """The headers of periods that are out of order, by the position of their column.

    Args:
        headings: the columns of figures of one table; those of one role, category and place are asked together.
        names: reads the periods.
    """
    groups: dict[tuple[object, ...], list[Heading]] = {}
    for heading in sorted(headings, key=lambda each: each.column):
        if heading.period is not None:
            groups.setdefault((heading.role, heading.total, *heading.spot[1:]), []).append(heading)
    found: dict[int, Misplaced] = {}
    told: set[tuple[str, str]] = set()
    for group in groups.values():
        months, spots = _spots(group, names)
        for spot, each in _of_one(spots, months, _labels(names, months)):
            # The same slip for women and for men is one slip; where nothing can be placed, each column is told.
            same = (spot.text, each.expected)
            if each.outside or same not in told:
                found[spot.heading.column] = each
                told.add(same)
    return found


def spanning(headings: Iterable[Heading], names: Names) -> dict[int, list[int]]:
    """The columns of a period that holds those of at least two others of the same kind, with the columns of these."""
    groups: dict[tuple[object, ...], list[tuple[int, PeriodAnswer]]] = {}
    for heading in headings:
        if heading.period is not None:
            read = names.periods.read(heading.period.text)
            groups.setdefault((heading.role, *heading.spot[1:]), []).append((heading.column, read))
    found: dict[int, list[int]] = {}
    for group in groups.values():
        for column, whole in group:
            parts = [other for other, part in group if _is_inside(part, whole)]
            if len(parts) > 1:
                found[column] = parts
    return found


def _is_inside(part: PeriodAnswer, whole: PeriodAnswer) -> bool:
    days = (part.start, part.last, whole.start, whole.last)
    if part.start is None or part.last is None or whole.start is None or whole.last is None:
        return False
    return days[:2] != days[2:] and whole.start <= part.start and part.last <= whole.last


def _spots(group: Sequence[Heading], names: Names) -> tuple[int, list[_Spot]]:
    """The headers of the usual length, each with the number of its period; a year among its quarters is a sum."""
    year = names.plan.start.year
    read = []
    for heading in group:
        text = heading.period.text if heading.period is not None else ""
        answer = names.periods.read(text)
        has_year = answer.start is not None
        if not has_year:
            answer = names.periods.read(f"{text} {year}")
        if answer.start is None or answer.last is None:
            return 0, []
        days = (answer.last - answer.start).days + 1
        months = next((each for each in _BY_MONTHS if _WEEK < days <= 31 * each), 0)
        # The middle: the project may begin or end within a period.
        middle = answer.start + (answer.last - answer.start) / 2
        outside = answer.last < names.plan.start or answer.start > names.plan.end
        read.append((heading, months, middle, outside, has_year))
    months = Counter(each[1] for each in read).most_common(1)[0][0]
    if not months:
        return 0, []
    shift = int(names.plan.calendar.fiscal_year_start[:2]) - 1 if months > 1 else 0
    return months, [
        _Spot(heading, (day.year * 12 + day.month - 1 - shift) // months, outside, has_year)
        for heading, length, day, outside, has_year in read
        if length == months
    ]


def _labels(names: Names, months: int) -> dict[int, str]:
    """The plan's own names of the periods of a length, by the number that `_spots` gives them."""
    if months not in _BY_MONTHS:
        return {}
    shift = int(names.plan.calendar.fiscal_year_start[:2]) - 1 if months > 1 else 0
    found = {}
    for period in names.plan.calendar.periods(names.plan.start, names.plan.end, _BY_MONTHS[months]):
        middle = period.start + (period.last_day - period.start) / 2
        found[(middle.year * 12 + middle.month - 1 - shift) // months] = period.label
    return found


def _of_one(spots: Sequence[_Spot], months: int, labels: Mapping[int, str]) -> Iterator[tuple[_Spot, Misplaced]]:
    """The headers of one row of periods that are out of order."""
    if len(spots) < _FEWEST:
        return
    numbers = [spot.number for spot in spots]
    wrong = _mistyped(numbers, months)
    # One wrong header among four is a slip of the pen; among three, two of which are in order by chance, a swap.
    moved = _moved(numbers) if len(wrong) != 1 or len(numbers) < _SURE else None
    if moved is not None:
        at, expected, other = moved
        wrong, stands = {at: expected}, spots[other].heading
    else:
        stands = None
    for at, expected in wrong.items():
        if expected in labels:
            label = labels[expected]
            # Headers without a year are answered without one.
            told = label if spots[at].has_year else label.partition("-")[2] or label
            yield spots[at], Misplaced(told, stands, spots[at].outside)


def _mistyped(numbers: Sequence[int], months: int) -> dict[int, int]:
    """The positions whose number is not the one that all the others, each one step after the last, leave for it."""
    best: dict[int, int] = {}
    most = 1
    for step in (1, -1):
        first, count = Counter(number - step * at for at, number in enumerate(numbers)).most_common(1)[0]
        if count > most:
            most = count
            best = {at: first + step * at for at, each in enumerate(numbers) if each != first + step * at}
    if not best or len(best) > max(1, len(numbers) // _FEW):
        return {}
    rises = all(one < other for one, other in pairwise(numbers))
    falls = all(one > other for one, other in pairwise(numbers))
    if not (rises or falls):
        return best
    # In order, and yet of another year than the rest, such as a fourth quarter of the year after.
    year = 12 // months
    known = len(numbers) >= _SURE and year > 1
    return {at: each for at, each in best.items() if known and (numbers[at] - each) % year == 0}


def _moved(numbers: Sequence[int]) -> tuple[int, int, int] | None:
    """The first position whose number belongs elsewhere, what belongs there, and where that stands.

    Only where the numbers make a row without a gap once a single one of them has been moved.
    """
    ordered = sorted(numbers)
    if ordered != list(range(ordered[0], ordered[0] + len(ordered))):
        return None
    for wanted in (ordered, ordered[::-1]):
        off = [at for at, (one, other) in enumerate(zip(numbers, wanted, strict=True)) if one != other]
        swapped = len(off) == 2
        if off and (swapped or _is_one_move(numbers, wanted)):
            return off[0], wanted[off[0]], numbers.index(wanted[off[0]])
        if not off:
            return None
    return None


def _is_one_move(numbers: Sequence[int], wanted: Sequence[int]) -> bool:
    """Whether both rows are the same once one number is taken out of them."""
    return any(
        [each for each in numbers if each != number] == [each for each in wanted if each != number]
        for number in numbers
    )
