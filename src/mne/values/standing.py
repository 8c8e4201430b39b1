"""Running totals that projects are no longer asked for: what was reached stays reached.

Read `standing` first. What it does for whole projects, `mne.values.missing.fill` does for the reporters of one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mne.logframe.indicator import Accumulation, MissingPolicy
from mne.values.series import ABSENT, datum_of
from mne.values.shares import THERE, amount_of
from mne.values.values import ContributedPeriod, Coverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mne.logframe.indicator import Indicator
    from mne.logframe.portfolio import Key
    from mne.values.values import Amount, IndicatorValue, PeriodValue

__all__ = ["owes", "own_standing", "stand", "standing"]


def stand(indicator: Indicator, amounts: Iterable[Amount], *, busy: bool) -> bool:
    """Whether totals of the past count in a period with these amounts: not where they would be all there is.

    Where silence is skipped, a period in which nobody reported stays empty; totals of the past do not make it one.
    """
    running = indicator.accumulation is Accumulation.RUNNING_TOTAL
    carries = busy and indicator.missing is MissingPolicy.CARRY_FORWARD
    return running and (carries or any(amount.state in THERE for amount in amounts))


def standing(
    found: Mapping[Key, ContributedPeriod], before: Mapping[Key, Sequence[ContributedPeriod]]
) -> dict[Key, ContributedPeriod]:
    """One period's contributions, those of children that are not asked any more with their last totals."""
    kept = dict(found)
    for key, given in found.items():
        # A zero that stands in for silence has no source, and is no total.
        total = _last([(each.amount, bool(each.sources)) for each in before[key]])
        if given.amount.state in ABSENT and total is not None:
            sources = next(each.sources for each in reversed(before[key]) if each.sources)
            kept[key] = ContributedPeriod(given.period, total, sources, carried=True)
    return kept


def own_standing(own: IndicatorValue, position: int, before: Sequence[PeriodValue]) -> PeriodValue:
    """The same of the parent's own reports; `carried` then names those who made the last total."""
    here = own.periods[position]
    total = _last([(each.amount, _came(each)) for each in before])
    if here.amount.state not in ABSENT or total is None or own.counted is None:
        return here
    last = next(at for at in reversed(range(position)) if _came(own.periods[at]))
    rows = own.counted.frame.select("plan_period", "partner", "location").unique()
    reporters = {(partner, location) for at, partner, location in rows.iter_rows() if at == last}
    return replace(here, amount=total, carried=tuple(sorted(reporters.union(own.periods[last].carried))))


def _came(each: PeriodValue) -> bool:
    """Whether the value is somebody's: not zeros alone that stand in for silence."""
    return each.amount.state in THERE and bool(each.amount.coverage.reported or each.carried)


def owes(amount: Amount) -> bool:
    """Whether of a total that stands the last reports never came."""
    return amount.coverage.expected > 0


def _last(earlier: Sequence[tuple[Amount, bool]]) -> Amount | None:
    """The newest total that was told; of its reports those that never came are still expected, and nothing else is."""
    live = [amount for amount, _ in earlier if amount.state not in ABSENT]
    told = [amount for amount, came in earlier if came]
    if not told:
        return None
    coverage = live[-1].coverage
    lacking = coverage.expected - coverage.reported
    carried = coverage.carried if live[-1] is told[-1] else lacking
    return amount_of(datum_of(told[-1]), Coverage(0, lacking, carried))
