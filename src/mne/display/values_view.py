"""Values as a tracking table: one row per indicator, its baseline, every period, the value to date and the target.

Read `tracking` first. Where there is no number its state stands instead, in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from mne.display.explanation_view import explanation
from mne.display.figures import amount_words, baseline_words, target_words, unit_words
from mne.display.markup import Markup, column, el, head, join, table, words
from mne.display.palette import banner, mark
from mne.display.story import reason_words
from mne.logframe.indicator import TOTAL, TargetKind

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.logframe.indicator import Indicator, Target
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.tables.observations import Observations
    from mne.values.values import Amount, IndicatorValue, Values

__all__ = ["indicator_value", "observations", "silent", "span", "tracking"]


def tracking(values: Values, say: Labels) -> Markup:
    """The tracking table of a plan. One table per frequency, so that columns are periods of one length."""
    plan = values.plan
    until = say("until", day=values.until) if values.until else say("status-no_data")
    title = head(say("values"), words(plan.title, say.wanted), el("b", until))
    by_periods: dict[tuple[Period, ...], list[IndicatorValue]] = {}
    for value in values.values():
        by_periods.setdefault(tuple(each.period for each in value.periods), []).append(value)
    tables = [_table(group, periods, plan, say) for periods, group in by_periods.items()]
    return join((title, banner(say, when=values.illustrative), *tables))


def indicator_value(value: IndicatorValue, say: Labels, *, whole: bool = False) -> Markup:
    """One indicator: its value to date and in every period; the `whole` says why as well."""
    told = amount_words(value.indicator, value.amount, say, plan=value.plan)
    why = f" ({reason_words(value.reason)})" if value.reason else ""
    when = say("as-of", when=value.as_of.label) if value.as_of else ""
    head = el(
        "p",
        el("span", value.indicator.id, class_="mne-id"),
        el("b", told, " ", unit_words(value.indicator, value.plan, say)),
        el("span", why, lang="en") if why else None,
        el("span", when, class_="mne-soft"),
        el("span", f"{say('coverage')}{say.colon}{value.coverage}", class_="mne-soft"),
        mark(say, when=value.illustrative),
        class_="mne-row",
    )
    periods = tuple(each.period for each in value.periods)
    title = el("h3", words(value.indicator.title, say.wanted))
    traceable = value.counted is not None or value.indicator.formula is not None
    why = explanation(value.explain(lang=say.wanted), say) if whole and traceable else Markup("")
    return join((title, head, _table([value], periods, value.plan, say), why))


def _table(group: list[IndicatorValue], periods: tuple[Period, ...], plan: Logframe | None, say: Labels) -> Markup:
    skipped = silent(group)
    heads = [
        column(say("indicator")),
        column(say("baseline-head"), numeric=True),
        *(column(period.label, numeric=True) for period in periods[skipped:]),
        column(say("to-date"), numeric=True),
        column(say("target-head"), numeric=True),
    ]
    rows = [_row(value, plan, say, skipped) for value in group]
    grid = table(heads, rows, kind="mne-track-table")
    note = None
    if skipped:
        note = el("p", say("silent", span=span([each.label for each in periods[:skipped]])), class_="mne-soft")
    return el("div", el("div", grid, class_="mne-scroll"), note)


def span(labels: Sequence[str]) -> str:
    """The first and the last of some periods, or the only one."""
    return labels[0] if len(labels) == 1 else f"{labels[0]} – {labels[-1]}"


def silent(group: list[IndicatorValue]) -> int:
    """How many of the first periods hold no number of any of these indicators."""
    spans = zip(*(value.periods for value in group), strict=True)
    return len(list(takewhile(lambda span: all(each.amount.value is None for each in span), spans)))


def _row(value: IndicatorValue, plan: Logframe | None, say: Labels, skipped: int) -> Markup:
    indicator = value.indicator
    unit = unit_words(indicator, plan, say)
    baseline = indicator.baseline
    return el(
        "tr",
        el(
            "td",
            el("span", indicator.id, class_="mne-id"),
            " ",
            words(indicator.title, say.wanted),
            el("small", f" ({unit})") if unit else None,
            " ",
            mark(say, when=value.illustrative or indicator.illustrative),
        ),
        el(
            "td",
            baseline_words(indicator, baseline, say, dated=False),
            el("br"),
            el("small", str(baseline.date)) if baseline is not None and baseline.date else None,
            mark(say, when=baseline is not None and baseline.illustrative),
            class_="mne-num",
            data_head=say("baseline-head"),
        ),
        *(_amount(indicator, each.amount, each.period.label, say) for each in value.periods[skipped:]),
        _amount(indicator, value.amount, say("to-date"), say, bold=True),
        _target(indicator, say),
    )


def _amount(indicator: Indicator, amount: Amount, head: str, say: Labels, *, bold: bool = False) -> Markup:
    told = amount_words(indicator, amount, say)
    if amount.value is None:
        return el("td", told, class_="mne-num mne-state", data_head=head, title=reason_words(amount.reason))
    coverage = amount.coverage
    partial = el("br"), el("small", f"{coverage.reported}/{coverage.expected}")
    lacking = partial if coverage.expected and coverage.reported < coverage.expected else ()
    return el("td", el("b", told) if bold else told, *lacking, class_="mne-num", data_head=head)


def _target(indicator: Indicator, say: Labels) -> Markup:
    last = _end_target(indicator)
    if last is None:
        return el("td", "–", class_="mne-num", data_head=say("target-head"))
    when, what = target_words(indicator, last, say)
    return el(
        "td",
        what,
        el("br"),
        el("small", when),
        mark(say, when=last.illustrative),
        class_="mne-num",
        data_head=say("target-head"),
    )


def _end_target(indicator: Indicator) -> Target | None:
    """The declared end target, else the last one written."""
    known = [target for target in indicator.targets if target.category == TOTAL]
    finals = [target for target in known if target.kind is TargetKind.FINAL]
    return (finals or known)[-1] if known else None


def observations(told: Observations, say: Labels, *, limit: int = 20) -> Markup:
    """The first rows of an observation table, and how many there are."""
    frame = told.to_polars()
    columns = (
        "indicator",
        "period",
        "partner",
        "location",
        "category",
        "value",
        "numerator",
        "denominator",
        "unit",
        "state",
        "status",
    )
    shown = frame.head(limit)
    rows = [
        el(
            "tr",
            *(
                el("td", "" if cell is None else _plain(cell), data_head=name)
                for name, cell in zip(columns, row, strict=True)
            ),
        )
        for row in shown.select(columns).iter_rows()
    ]
    heads = [column(name) for name in columns]
    more = el("p", say("and-more", count=frame.height - shown.height)) if frame.height > shown.height else Markup("")
    grid = table(heads, rows)
    return join(
        (el("h3", f"{say('observations')}{say.colon}{frame.height}"), el("div", grid, class_="mne-scroll"), more)
    )


def _plain(cell: object) -> str:
    told = str(cell)
    return told.rstrip("0").rstrip(".") if "." in told and told.replace(".", "").replace("-", "").isdigit() else told
