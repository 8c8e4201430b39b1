"""The parts of a split in one month that do not make the whole of it, where they do in the other months.

Read `compare_parts` first. The month before once more in all parts is told as that; one part that alone can be wrong,
with what all others leave for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding
from mne.ground.phrases import both, figures, phrase
from mne.logframe.choices import Measure
from mne.logframe.indicator import TOTAL, category_parts
from mne.reports.month_rows import MonthRow, plain
from mne.reports.plan_words import titled

if TYPE_CHECKING:
    from mne.reports.headings import Heading

__all__ = ["compare_parts"]

_COUNTED: Final = (Measure.NUMBER, Measure.CURRENCY)
_FEWEST: Final = 2


class _Split(NamedTuple):
    """A whole with the rows of its parts, and the one month in which they differ by so much."""

    whole: MonthRow
    parts: list[MonthRow]
    at: int
    off: Decimal

    @property
    def month(self) -> Heading:
        return self.whole.months[self.at]


def compare_parts(rows: Sequence[MonthRow]) -> Iterator[Finding]:
    """What is to be said of the parts in single months; the quarter's figures that take a mistake over are held.

    Findings: period-months-parts.
    """
    groups: dict[tuple[object, ...], list[MonthRow]] = {}
    for each in rows:
        if each.role != "value" or each.indicator.measure in _COUNTED:
            groups.setdefault((each.indicator.id, each.role, each.spot, each.months[0].column), []).append(each)
    for group in groups.values():
        wholes = [each for each in group if each.category == TOTAL]
        if len(wholes) == 1:
            found = [*_splits(wholes[0], group)]
            if len(found) > 1 and len({(each.at, each.off) for each in found}) == 1:
                yield _of_whole(found)
            else:
                for split in found:
                    yield _of_parts(split, rows)


def _splits(whole: MonthRow, group: Iterable[MonthRow]) -> Iterator[_Split]:
    """The splits of a whole that make it in all months but one."""
    splits: dict[tuple[str, ...], list[MonthRow]] = {}
    for each in group:
        if each.category != TOTAL and (dimensions := _dimensions(each.category)):
            splits.setdefault(dimensions, []).append(each)
    total = whole.numbers()
    for parts in splits.values():
        numbers = [each.numbers() for each in parts]
        if total is None or len(parts) < _FEWEST or len({each.category for each in parts}) < len(parts):
            continue
        known = [each for each in numbers if each is not None]
        if len(known) < len(parts):
            continue
        off = [one - sum(column, Decimal(0)) for one, column in zip(total, zip(*known, strict=True), strict=True)]
        wrong = [at for at, each in enumerate(off) if each]
        right = [at for at, each in enumerate(off) if not each and total[at]]
        if len(wrong) == 1 and right:
            yield _Split(whole, parts, wrong[0], off[wrong[0]])


def _dimensions(category: str) -> tuple[str, ...]:
    try:
        return tuple(category_parts(category))
    except ValueError:
        return ()


def _of_whole(found: Sequence[_Split]) -> Finding:
    """Several splits that agree with each other, and not with their whole."""
    first = found[0]
    wanted = (first.whole.number(first.month) or Decimal(0)) - first.off
    why = phrase("in several ways they make the same, so that the whole is wrong")
    grave = _hold_sum(first.whole)
    return _finding(first, first.whole, why, suggestion=wanted, grave=grave)


def _of_parts(split: _Split, rows: Sequence[MonthRow]) -> Finding:
    """A month's parts that differ from its whole, with the reason as far as it shows."""
    if split.at and _is_copied(split):
        before = split.whole.months[split.at - 1]
        why = phrase("they are the figures of {month} once more", month=_label(before))
        first, *others = split.parts
        held = [_hold_sum(each) for each in split.parts]
        return _finding(split, first, why, related=others, grave=any(held))
    likely = [each for each in split.parts if _may_be(each, split, rows)]
    if len(likely) == 1:
        (part,) = likely
        wanted = (part.number(split.month) or Decimal(0)) + split.off
        why = phrase("{cell} would be {n} for all to agree", cell=part.address(split.month), n=figures(plain(wanted)))
        grave = _hold_sum(part)
        return _finding(split, part, why, suggestion=wanted, related=[split.whole], grave=grave)
    why = phrase("in the other months they agree")
    return _finding(split, split.whole, why, related=split.parts, grave=False)


def _is_copied(split: _Split) -> bool:
    """Whether all parts are those of the month before, and the whole is not."""
    now, before = split.month, split.whole.months[split.at - 1]
    same = all(each.number(now) == each.number(before) for each in split.parts)
    return (
        same and split.whole.number(now) != split.whole.number(before) and any(each.number(now) for each in split.parts)
    )


def _may_be(part: MonthRow, split: _Split, rows: Sequence[MonthRow]) -> bool:
    """Whether one part alone can be the wrong one: fewer than of whom it counts, or a digit too few or turned round."""
    told = part.number(split.month)
    wanted = told + split.off if told is not None else None
    if told is None or wanted is None or wanted < 0:
        return False
    other = {"numerator": "denominator", "denominator": "numerator"}.get(part.role)
    pair = [
        each
        for each in rows
        if (each.role, each.category, each.spot) == (other, part.category, part.spot)
        and each.indicator == part.indicator
    ]
    for each in pair:
        number = each.number(split.month)
        above, below = (number, told) if part.role == "denominator" else (told, number)
        if above is not None and below is not None and above > below:
            return True
    return _is_slip(plain(told), plain(wanted))


def _is_slip(told: str, wanted: str) -> bool:
    """Whether a digit was lost, typed twice or changed places with its neighbour."""
    longer, shorter = sorted((told, wanted), key=len, reverse=True)
    if len(longer) == len(shorter) + 1:
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    swapped = (told[:at] + told[at + 1] + told[at] + told[at + 2 :] for at in range(len(told) - 1))
    return told != wanted and wanted in swapped


def _hold_sum(each: MonthRow) -> bool:
    """Hold the figure of a quarter that is the sum of its months, with the wrong one among them; whether it is that."""
    is_sum = each.number(each.whole) == sum(each.numbers() or (), Decimal(0))
    if is_sum:
        each.hold()
    return is_sum


def _label(month: Heading) -> str:
    return month.period.text if month.period is not None else month.header


def _finding(
    split: _Split,
    at: MonthRow,
    why: str,
    *,
    grave: bool,
    suggestion: Decimal | None = None,
    related: Sequence[MonthRow] = (),
) -> Finding:
    month = split.month
    total = split.whole.number(month) or Decimal(0)
    titles = {each.id: each.title for each in at.maker.names.plan.dimensions}
    told = both(titled(id, titles.get(id)) for id in _dimensions(split.parts[0].category))
    return Finding(
        code="period-months-parts", place=at.place(month), found=figures(plain(total - split.off)),
        expected=figures(plain(total)), suggestion=plain(suggestion) if suggestion is not None else None,
        severity=Severity.ERROR if grave else Severity.WARNING,
        related=tuple(each.place(month) for each in related),
        params={"month": _label(month), "split": told, "why": why},
    )  # fmt: skip
