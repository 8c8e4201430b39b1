"""Projects that contribute to each other: what the children report becomes part of the parent's value.

Read `aggregate_portfolio` first, then `_gathered`: a parent's periods are folded along one more axis, the projects,
and the rest is as within one project (semantics §4, step 7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from mne.errors import OptionError
from mne.ground.findings import Finding, Findings, Place
from mne.ground.maps import FrozenMap
from mne.ground.phrases import phrase
from mne.logframe.formula import parse
from mne.logframe.indicator import Axis, MissingPolicy, Rule
from mne.logframe.links import Link
from mne.logframe.portfolio import Key, Portfolio, check_portfolio
from mne.tables.observations import Observations, State
from mne.tables.reasons import Reason
from mne.values.aggregate import COUNTED, count, day_of, statuses_of
from mne.values.derive import derived, without_value
from mne.values.fold import Datum, fold, ratio
from mne.values.missing import Filled, behind
from mne.values.series import (
    ABSENT,
    Step,
    checked,
    datum_of,
    fold_along,
    series_of,
    time_is_last,
    value_to_date,
    why_missing,
)
from mne.values.shares import THERE, Child, Share, amount_of, covered, refused, shares_of, told_of
from mne.values.standing import owes, own_standing, stand, standing
from mne.values.values import Amount, Contributed, ContributedPeriod, Coverage, IndicatorValue, PeriodValue, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd
    import pyarrow as pa

    from mne.logframe.indicator import Indicator
    from mne.logframe.periods import Period

__all__ = ["PortfolioValues", "aggregate_portfolio", "regathered"]


class PortfolioValues(Mapping[str, Values]):
    """The values of every project of a portfolio, by its id; each can be scored like the values of one project."""

    __slots__ = ("_by_project", "findings", "known_by", "portfolio", "statuses", "until")

    def __init__(
        self,
        by_project: Mapping[str, Values],
        *,
        portfolio: Portfolio,
        until: dt.date | None,
        known_by: dt.date | None,
        statuses: tuple[str, ...],
        findings: Findings,
    ) -> None:
        self._by_project = FrozenMap(by_project)
        self.portfolio = portfolio
        self.until = until
        self.known_by = known_by
        self.statuses = statuses
        self.findings = findings

    def __getitem__(self, project: str) -> Values:
        return self._by_project[project]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_project)

    def __len__(self) -> int:
        return len(self._by_project)

    @property
    def illustrative(self) -> bool:
        """Whether any value rests on an example that nobody reported."""
        return any(values.illustrative for values in self._by_project.values())

    def to_polars(self) -> pl.DataFrame:
        """The rows of every project's `Values.to_polars`, with the column `project` before them."""
        tables = [
            values.to_polars().select(pl.lit(project, pl.String).alias("project"), pl.all())
            for project, values in self._by_project.items()
        ]
        return pl.concat(tables) if tables else pl.DataFrame()

    def to_pandas(self) -> pd.DataFrame:
        """`to_polars`, as pandas."""
        return self.to_polars().to_pandas()

    def to_arrow(self) -> pa.Table:
        """`to_polars`, as Arrow."""
        return self.to_polars().to_arrow()

    def __repr__(self) -> str:
        known = sum(1 for values in self.values() for value in values.values() if value.value is not None)
        every = sum(len(values) for values in self.values())
        return f"PortfolioValues({len(self)} projects until {self.until}: {known} of {every} indicators have a value)"


def aggregate_portfolio(
    observations: Any,
    portfolio: Portfolio,
    *,
    until: dt.date | str | None = None,
    known_by: dt.date | str | None = None,
    statuses: Iterable[str] = COUNTED,
) -> PortfolioValues:
    """The values of every project, those of parents with what their children contribute.

    Args:
        observations: the reports of all projects in one table with the canonical columns, told apart by `project`.
        portfolio: the plans.
        until: periods that ended by this day count, in every project; None takes the newest period that anybody
            in the portfolio has reported.
        known_by: only reports received by this day count; None takes all.
        statuses: the report statuses that count.

    Returns:
        One `Values` per project, in the portfolio's order. Nothing here is rounded.

    Raises:
        OptionError: a date that is none, an unknown status, no portfolio, or a table without the canonical columns.
    """
    if not isinstance(portfolio, Portfolio):
        raise OptionError(
            f"portfolio must be a Portfolio, not {type(portfolio).__name__}; make one with Portfolio(plans)"
        )
    day, known = day_of(until, "until"), day_of(known_by, "known_by")
    wanted = statuses_of(statuses)
    table = observations if isinstance(observations, Observations) else Observations.from_frame(observations)
    frame = table.to_polars()
    if day is None:
        day = _newest(frame, portfolio, known_by=known, statuses=wanted)
    split = {str(project): rows for (project,), rows in frame.partition_by("project", as_dict=True).items()}
    own: dict[str, dict[str, IndicatorValue]] = {}
    findings: dict[str, list[Finding]] = {}
    for project, plan in portfolio.plans.items():
        rows = split.pop(project, frame.clear())
        parents = {code for code in plan.indicators if portfolio.children(project, code)}
        told = count(rows, plan, until=day, known_by=known, statuses=wanted, without_minimum=parents)
        own[project] = dict(told.values)
        findings[project] = list(told.findings)
    found = _rolled_up(portfolio, own, until=day, findings=findings)
    by_project = {
        project: Values(
            {code: found[project, code] for code in plan.indicators},
            plan=plan,
            until=day,
            known_by=known,
            statuses=wanted,
            findings=Findings(findings[project]),
        )
        for project, plan in portfolio.plans.items()
    }
    strangers = [
        Finding(
            code="value-other-project",
            place=Place(project=project),
            found=project,
            expected=phrase("one of these plans"),
            params={"rows": rows.height},
        )
        for project, rows in split.items()
    ]
    return PortfolioValues(
        by_project,
        portfolio=portfolio,
        until=day,
        known_by=known,
        statuses=wanted,
        findings=Findings(
            [*check_portfolio(portfolio), *strangers, *(each for told in findings.values() for each in told)]
        ),
    )


def _newest(
    frame: pl.DataFrame, portfolio: Portfolio, *, known_by: dt.date | None, statuses: Sequence[str]
) -> dt.date | None:
    """The last day that anybody in the portfolio reports on."""
    known = pl.DataFrame(list(portfolio.order), schema={"project": pl.String, "indicator": pl.String}, orient="row")
    rows = frame.filter((pl.col("state") == State.REPORTED.value) & pl.col("status").is_in(list(statuses)))
    if known_by is not None:
        rows = rows.filter(pl.col("reported_on").is_null() | (pl.col("reported_on") <= known_by))
    newest: dt.date | None = rows.join(known, on=["project", "indicator"], how="semi")["period_end"].max()  # type: ignore[assignment]
    return newest


def _rolled_up(
    portfolio: Portfolio,
    own: Mapping[str, Mapping[str, IndicatorValue]],
    *,
    until: dt.date | None,
    findings: Mapping[str, list[Finding]],
) -> dict[Key, IndicatorValue]:
    """Every indicator, children and the operands of formulas first."""
    found: dict[Key, IndicatorValue] = {}
    for key in portfolio.order:
        project, code = key
        plan = portfolio.plans[project]
        formula = plan.indicators[code].formula
        if formula is not None:
            parsed = parse(formula)
            known = {name: found[project, name] for name in parsed.names if (project, name) in found}
            complete = len(known) == len(set(parsed.names))
            found[key] = derived(plan, code, parsed, known, until) if complete else without_value(plan, code, until)
            continue
        value = own[project][code]
        children = [Child(child, found[child], portfolio.link(child, key)) for child in portfolio.children(*key)]
        if children:
            value = _gathered(value, plan.indicators[code], project, children)
            findings[project].extend(each for child in children for each in told_of(child, key))
        found[key] = value
    return found


# --- the parent -------------------------------------------------------------------------------------------------------


def _gathered(own: IndicatorValue, indicator: Indicator, project: str, children: Sequence[Child]) -> IndicatorValue:
    """A parent's value: its own reports, if it has any, and what each child adds, folded along the projects."""
    ended = [each.period for each in own.periods]
    own_key = (project, indicator.id)
    shares = {child.key: shares_of(child, ended) for child in children}
    given: dict[Key, list[ContributedPeriod]] = {child.key: [] for child in children}
    mine: list[PeriodValue] = []
    steps: list[Step] = []
    for position, each in enumerate(own.periods):
        here = {key: found[position] for key, found in shares.items()}
        busy = _busy([each.amount, *(share.amount for share in here.values())])
        filled = _filled(indicator, children, here, given, busy=busy)
        short = _is_short(each.amount) or any(share.short for share in here.values())
        ours = each
        if stand(indicator, [each.amount, *(told.amount for told in filled.values())], busy=busy):
            ours = own_standing(own, position, mine)
            kept = standing(filled, given)
            changed = [kept[key].amount for key in kept if kept[key] is not filled[key]]
            short = short or any(owes(amount) for amount in (*changed, *([ours.amount] if ours is not each else [])))
            filled = kept
        for key, contributed in filled.items():
            given[key].append(contributed)
        mine.append(ours)
        amounts = {own_key: ours.amount} if _takes_part(ours.amount) else {}
        amounts |= {key: contributed.amount for key, contributed in filled.items()}
        steps.append(_step(indicator, ours, amounts, short=short))

    def over_time(live: Sequence[Step]) -> Datum | None:
        if time_is_last(indicator):
            told = [step.amount for step in live if step.amount.state is not State.MISSING]
            return fold_along(indicator, Axis.TIME, [("", datum_of(amount)) for amount in told])
        by_project = {own_key: _own_to_date(own, live[-1].period)}
        for child in children:
            data = [("", step.filled.data[child.key]) for step in live if child.key in step.filled.data]
            by_project[child.key] = fold_along(indicator, Axis.TIME, data)
        return _across(indicator, {key: datum for key, datum in by_project.items() if datum is not None})

    amount, last = value_to_date(indicator, steps, over_time)
    return IndicatorValue(
        indicator=indicator,
        amount=amount,
        as_of=last.period if last else None,
        periods=series_of(indicator, steps, over_time),
        illustrative=own.illustrative
        or any(child.value.illustrative for child in children if any(each.sources for each in given[child.key])),
        carried=tuple((*reporter, last.period.label) for reporter in last.filled.carried) if last else (),
        counted=own.counted,
        plan=own.plan,
        until=own.until,
        contributions=tuple(
            Contributed(
                *child.key,
                _given_to_date(indicator, given[child.key], steps, last),
                tuple(given[child.key]),
                child.value,
            )
            for child in children
        ),
        own=own,
    )


def regathered(value: IndicatorValue, part: Callable[[IndicatorValue], IndicatorValue]) -> IndicatorValue:
    """The same value made anew from some part of each project's own reports, at any depth: one category, one place.

    `part` takes the value of a project's own reports (its `rows`, its `plan`) and gives that of the part alone, over
    the same periods. What each child's part adds to its parent follows from the plans, as for the whole.
    """
    plan, indicator = value.plan, value.indicator
    if indicator.formula is not None and plan is not None:
        operands = {name: regathered(operand, part) for name, operand in value.operands.items()}
        return derived(plan, indicator.id, parse(indicator.formula), operands, value.until) if operands else value
    if not value.contributions or value.own is None or plan is None:
        return part(value)
    children = [
        Child(
            (each.project, each.indicator),
            regathered(each.value, part),
            Link(each.value.plan, each.value.indicator, plan, indicator),
        )
        for each in value.contributions
        if each.value.plan is not None
    ]
    return _gathered(part(value.own), indicator, plan.id, children)


def _filled(
    indicator: Indicator,
    children: Sequence[Child],
    here: Mapping[Key, Share],
    before: Mapping[Key, Sequence[ContributedPeriod]],
    *,
    busy: bool,
) -> dict[Key, ContributedPeriod]:
    """One period's shares with the silent children treated as the parent's missing policy says."""
    found = {key: share.given for key, share in here.items()}
    for child in children:
        share, given = here[child.key], here[child.key].given
        if indicator.missing is MissingPolicy.ZERO and share.silent and busy:
            coverage = given.amount.coverage
            nothing = ratio(Fraction(0), Fraction(0), Fraction(1)) if indicator.by_denominator else Datum(Fraction(0))
            found[child.key] = replace(given, amount=amount_of(nothing, coverage))
        elif indicator.missing is MissingPolicy.CARRY_FORWARD and share.silent:
            last = next((each for each in reversed(before[child.key]) if each.sources), None)
            if last is not None:
                due = given.amount.coverage.expected
                amount = amount_of(datum_of(last.amount), Coverage(0, due, due))
                found[child.key] = ContributedPeriod(given.period, amount, last.sources, carried=True)
    return found


def _step(indicator: Indicator, own: PeriodValue, amounts: Mapping[Key, Amount], *, short: bool) -> Step:
    """One period of the parent."""
    coverage = covered(amount.coverage for amount in amounts.values())
    known = covered(behind(amount) for amount in amounts.values())
    data = {key: datum_of(amount) for key, amount in amounts.items() if amount.state in THERE}
    incomplete = indicator.missing is MissingPolicy.PROPAGATE and short and bool(data or coverage.expected)
    nothing = bool(data) and all(refused(amount) for amount in amounts.values() if amount.state in THERE)
    if nothing:
        amount = Amount(State.UNDEFINED, None, Reason.UNIT_NOT_CONVERTIBLE, coverage=coverage)
    elif incomplete:
        amount = Amount(State.MISSING, None, Reason.INCOMPLETE, coverage=coverage)
    elif data:
        datum = _across(indicator, data)
        amount = checked(indicator, datum, known if datum is not None and datum.value is not None else coverage)
    elif any(each.state is State.MISSING for each in amounts.values()):
        reason = why_missing(each.reason for each in amounts.values() if each.state is State.MISSING)
        amount = Amount(State.MISSING, None, reason, coverage=coverage)
    else:
        due = any(each.state is State.NOT_DUE for each in amounts.values())
        state = State.NOT_DUE if due else State.NOT_APPLICABLE
        amount = Amount(state, None, ABSENT[state])
    return Step(own.period, Filled(data, coverage, known, own.carried, incomplete), amount, nothing)


def _across(indicator: Indicator, data: Mapping[Key, Datum]) -> Datum | None:
    """Values of several projects as one, by the parent's rule; there is no latest among projects."""
    rule = indicator.rule(Axis.PROJECTS)
    return fold(
        [(project, datum) for (project, _), datum in data.items()],
        Rule.NONE if rule is Rule.LATEST else rule,
        multiplier=Fraction(indicator.multiplier),
        weights=indicator.aggregation.weights,
        lower_median=indicator.measure.is_ranked,
    )


def _own_to_date(own: IndicatorValue, period: Period) -> Datum | None:
    """What the parent's own reports come to by a period, where time is folded before the reporters."""
    here = next(each for each in own.periods if each.period == period)
    amount = here.to_date or own.amount
    return datum_of(amount) if amount.state in THERE else None


def _given_to_date(
    indicator: Indicator, given: Sequence[ContributedPeriod], steps: Sequence[Step], last: Step | None
) -> Amount:
    """What one child adds to the value to date."""
    if not given:
        return Amount(State.NOT_DUE, None, Reason.NOT_YET_DUE)
    if indicator.rule(Axis.TIME) is Rule.LATEST:
        return next(
            (each.amount for each in given if last is not None and each.period == last.period), given[-1].amount
        )
    pairs = zip(given, steps, strict=True)
    live = [(each.amount, step.amount) for each, step in pairs if step.amount.state not in ABSENT]
    coverage = covered(amount.coverage for amount, _ in live)
    # A period of the parent without a value adds nothing to date, whatever the child has in it.
    counts = [
        each for each, whole in live if each.state in THERE and (whole.value is not None or not time_is_last(indicator))
    ]
    folded = fold_along(indicator, Axis.TIME, [("", datum_of(amount)) for amount in counts])
    if folded is not None:
        return amount_of(folded, coverage)
    silent = [each for each, _ in live if each.state is State.MISSING]
    if not silent and live and any(each.state in THERE for each, _ in live):
        return Amount(State.MISSING, None, Reason.INCOMPLETE, coverage=coverage)
    if silent:
        return Amount(State.MISSING, None, why_missing(each.reason for each in silent), coverage=coverage)
    return replace(given[-1].amount, coverage=coverage)


# --- small words ------------------------------------------------------------------------------------------------------


def _takes_part(own: Amount) -> bool:
    """Whether the parent's own project reports this indicator, or somebody there should."""
    return own.state is not State.MISSING or bool(own.coverage.expected)


def _is_short(own: Amount) -> bool:
    """Whether own reports that were asked for are not there."""
    if own.state is State.MISSING:
        return bool(own.coverage.expected)
    return refused(own) and own.coverage.reported + own.coverage.carried < own.coverage.expected


def _busy(amounts: Iterable[Amount]) -> bool:
    """Whether anybody was expected in a period, or reported in it; in any other there is nothing to count as zero."""
    return any(amount.state in THERE or amount.coverage.expected for amount in amounts)
