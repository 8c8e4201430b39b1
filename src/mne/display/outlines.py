"""Every object as blocks: the words of the terminal, of plain text and of Markdown, written once.

Read `scorecard` first. There is one function per view, under the view's name in `mne._render.VIEWS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from mne.display.blocks import Block, Code, Complaints, Grid, Heading, Item, Line, Told, Tree
from mne.display.figures import amount_words, baseline_words, points_words, target_words, unit_words
from mne.display.palette import STATUSES
from mne.display.plurals import severities
from mne.display.report_view import LOOKS, count_words, reported_matrix
from mne.display.story import command_line, examples_words, reason_words, standing, story
from mne.display.values_view import silent, span
from mne.ground.catalogue import Severity
from mne.ground.findings import Findings

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.ground.explanation import Explanation
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe, Result
    from mne.reports.report import ValidationReport
    from mne.scores.cards import IndicatorScore, ResultScore, Scorecard
    from mne.tables.observations import Observations
    from mne.values.values import IndicatorValue, Values

__all__ = [
    "explanation",
    "findings",
    "indicator_score",
    "indicator_value",
    "logframe",
    "observations",
    "report",
    "result",
    "scorecard",
    "values",
]


def _marked(text: str, say: Labels, *, when: bool) -> str:
    return f"{text} ({say('illustrative')})" if when else text


def _banner(say: Labels, *, when: bool) -> Iterator[Block]:
    if when:
        yield Line(Told(say("illustrative-banner"), strong=True), alone=True)


def explanation(node: Explanation, say: Labels) -> Iterator[Block]:
    """The tree of reasons."""
    del say  # the tree speaks the words of the floors that made it
    yield Tree(node)


def findings(found: Findings, say: Labels) -> Iterator[Block]:
    """Every finding, or that there is none."""
    if not len(found):
        yield Line(Told(say("no-findings"), status="met"))
        return
    yield Complaints(found)


def report(told: ValidationReport, say: Labels) -> Iterator[Block]:
    """The verdict, the findings, who reported, and what was checked."""
    counts, status = told.counts, LOOKS[told.verdict]
    yield Heading(f"{say('report')}{say.colon}{told.plan_id}", 1)
    verdict = f"{STATUSES[status].sign} {say(f'verdict-{told.verdict}')}"
    numbers = " · ".join(
        f"{say(key)} {number}"
        for key, number in (
            ("rows", counts.own), ("accepted", counts.accepted), ("held", counts.held), ("ignored", counts.passed),
        )
    )  # fmt: skip
    yield Line(Told(f"{verdict} · {numbers}", status=status, strong=True))
    if counts.compared:
        yield Line(Told(f"{say('compared')}{say.colon}{counts.compared}", soft=True))
    yield Heading(f"{say('findings')}{say.colon}{severities(told.findings, say.lang)}")
    grave = told.findings.at_least("warning")
    yield from findings(grave, say)
    remarks = [each for each in told.findings if each.level is Severity.INFO]
    if remarks:
        # Remarks ask nobody to do anything: counted here, listed one by one in JSON and HTML.
        counted = ", ".join(f"{code} × {count}" for code, count in Findings(remarks).codes.items())
        yield Line(Told(say("remarks", count=len(remarks), codes=counted), soft=True))
    partners, rows = reported_matrix(told.by_partner_and_period, say)
    if rows:
        yield Heading(say("reported-by"))
        yield Line(Told(say("reported-note"), soft=True))
        grid = tuple(
            (Told(period), *(Told(count_words(cell), soft=not any(cell)) for cell in cells)) for period, cells in rows
        )
        yield Grid((say("period"), *partners), grid, frozenset(range(1, len(partners) + 1)))
    yield Heading(say("checked"))
    files = len(told.sources)
    yield Line(Told(say("checked-rules", rules=len(told.checked), rows=counts.own, files=files), soft=True))


# --- scores -----------------------------------------------------------------------------------------------------


def scorecard(card: Scorecard, say: Labels) -> Iterator[Block]:
    """The chain with its scores, every indicator in one line, what was left out, and how to redo it."""
    yield Heading(f"{card.plan.title.in_language(say.wanted)} ({card.plan.id})", 1)
    yield Line(Told(_basis(card, say), soft=True))
    yield from _banner(say, when=card.illustrative)
    yield _chain(card, say)
    for node in card.plan.walk():
        yield from _indicators(card.results[node.id], say)
    yield from _left_out(card, say)
    found = card.actuals.findings.at_least("warning")
    if found:
        yield Heading(f"{say('held-back')}{say.colon}{severities(found, say.lang)}")
        yield Complaints(found)
    yield Heading(say("recompute"))
    yield Code(command_line(card))


def _basis(card: Scorecard, say: Labels) -> str:
    scheme = card.scheme
    parts = [say("until", day=card.until)] if card.until else []
    parts += [say("known-by", day=card.actuals.known_by)] if card.actuals.known_by else []
    parts.append(f"{scheme.id} {scheme.version} ({say('verified' if scheme.verified else 'not-verified')})")
    return ", ".join(parts)


def _rated(part: ResultScore | IndicatorScore, say: Labels) -> Told:
    now = standing(part, say)
    rating = f"{now.rating} · " if now.rating else ""
    return Told(f"{STATUSES[now.status].sign} {rating}{now.word}", status=now.status)


def _chain(card: Scorecard, say: Labels) -> Grid:
    rows: list[tuple[Told, ...]] = []

    def add(node: Result, depth: int) -> None:
        part = card.results[node.id]
        label = f"{node.label.in_language(say.wanted)}{say.colon}" if node.label else ""
        name = _marked(
            f"{'  ' * depth}{node.id}  {label}{node.title.in_language(say.wanted)}", say, when=part.illustrative
        )
        rows.append(
            (
                Told(points_words(part.score, say), strong=True),
                _rated(part, say),
                Told(say.percent(part.coverage)),
                Told(say.percent(part.share)),
                Told(name, strong=depth < 2),
            )
        )
        for child in node.results:
            add(child, depth + 1)

    for top in card.plan.results:
        add(top, 0)
    heads = (say("score"), say("rating"), say("coverage"), say("weight"), say("result"))
    return Grid(heads, tuple(rows), frozenset({0, 2, 3}))


def _indicators(part: ResultScore, say: Labels) -> Iterator[Block]:
    if part.indicators:
        yield Heading(f"{part.id}  {part.result.title.in_language(say.wanted)}")
    for remark in _remarks(part, say):
        yield Line(Told(remark))
    for each in part.indicators:
        yield from indicator_score(each, say)


def _remarks(part: ResultScore, say: Labels) -> Iterator[str]:
    computed = say("computed", rating=part.computed_rating or "–")
    for gate in part.gates:
        yield f"{say('gate')}{say.colon}{gate} ({computed})"
    if part.override:
        who = say("override", who=part.override.who, when=part.override.when)
        yield f"{who}{say.colon}{part.override.why} ({computed})"


def indicator_score(part: IndicatorScore, say: Labels) -> Iterator[Block]:
    """One indicator: its title, its line, both achievements."""
    now = standing(part, say)
    title = f"{part.id}  {part.indicator.title.in_language(say.wanted)}"
    facts = [
        f"{say(key)} {say.percent(reached.value)}"
        for key, reached in (("towards-milestone", part.milestone), ("towards-final", part.final))
        if reached.value is not None
    ]
    facts.append(f"{say('share-of-weight')} {say.percent(part.share)}")
    facts += [examples_words(part, say)] if part.illustrative else []
    beneath = (Told(story(part, say)), Told(" · ".join(facts), soft=True))
    yield Item(Told(title, status=now.status, strong=True), beneath, STATUSES[now.status].sign)


def result(part: ResultScore, say: Labels) -> Iterator[Block]:
    """One result: its score, its indicators, and why."""
    rated = _rated(part, say)
    yield Heading(f"{part.id}  {part.result.title.in_language(say.wanted)}", 1)
    told = f"{points_words(part.score, say)}  {rated.text}  {say('coverage')} {say.percent(part.coverage)}"
    yield Line(Told(told, status=rated.status, strong=True))
    yield from _banner(say, when=part.illustrative)
    yield from _indicators(part, say)
    yield Heading(say("explain"))
    yield Tree(part.explain(lang=say.wanted))


def _left_out(card: Scorecard, say: Labels) -> Iterator[Block]:
    parts = [(card.results[node.id], each) for node in card.plan.walk() for each in card.results[node.id].dropped]
    if not parts:
        return
    yield Heading(say("dropped"))
    for part, each in parts:
        told = f"{each.id} {say('left-out-of', result=part.id)}{say.colon}{reason_words(each.reason)}"
        yield Item(
            Told(f"{told}{say.semicolon}{say('weight')} {say.percent(each.share)}"), (), STATUSES["no_data"].sign
        )


# --- values -----------------------------------------------------------------------------------------------------


def values(told: Values, say: Labels) -> Iterator[Block]:
    """The tracking table, one for each set of periods."""
    yield Heading(f"{say('values')}{say.colon}{told.plan.title.in_language(say.wanted)}", 1)
    if told.until:
        yield Line(Told(say("until", day=told.until), soft=True))
    yield from _banner(say, when=told.illustrative)
    groups: dict[tuple[str, ...], list[IndicatorValue]] = {}
    for value in told.values():
        groups.setdefault(tuple(each.period.label for each in value.periods), []).append(value)
    for periods, group in groups.items():
        yield from _tracking(group, periods, say)


def indicator_value(value: IndicatorValue, say: Labels) -> Iterator[Block]:
    """One indicator: its value to date and in every period."""
    title = f"{value.indicator.id}  {value.indicator.title.in_language(say.wanted)}"
    yield Heading(_marked(title, say, when=value.illustrative), 1)
    shown = (
        f"{amount_words(value.indicator, value.amount, say)} {unit_words(value.indicator, value.plan, say)}".rstrip()
    )
    if value.reason:
        shown += f" ({reason_words(value.reason)})"
    when = f", {say('as-of', when=value.as_of.label)}" if value.as_of else ""
    yield Line(Told(f"{shown}{when}{say.semicolon}{say('coverage')} {value.coverage}"))
    yield from _tracking([value], tuple(each.period.label for each in value.periods), say)


def _tracking(group: list[IndicatorValue], periods: tuple[str, ...], say: Labels) -> Iterator[Block]:
    skipped = silent(group)
    heads = (say("indicator"), say("unit"), say("baseline-head"), *periods[skipped:], say("to-date"), say("coverage"))
    rows = tuple(
        (
            Told(
                _marked(
                    f"{value.indicator.id}  {value.indicator.title.in_language(say.wanted)}",
                    say,
                    when=value.illustrative,
                )
            ),
            Told(unit_words(value.indicator, value.plan, say)),
            Told(baseline_words(value.indicator, value.indicator.baseline, say)),
            *(_cell(value, at, say) for at in range(skipped, len(periods))),
            Told(amount_words(value.indicator, value.amount, say), strong=True),
            Told(str(value.coverage)),
        )
        for value in group
    )
    yield Grid(heads, rows, frozenset(range(2, len(heads))))
    if skipped:
        yield Line(Told(say("silent", span=span(periods[:skipped])), soft=True))


def _cell(value: IndicatorValue, at: int, say: Labels) -> Told:
    amount = value.periods[at].amount
    return Told(amount_words(value.indicator, amount, say), soft=amount.value is None)


def observations(table: Observations, say: Labels) -> Iterator[Block]:
    """The first rows, and how many there are."""
    frame = table.to_polars()
    columns = ("indicator", "period", "partner", "location", "category", "value", "numerator", "denominator", "state")
    shown = frame.head(20)
    rows = tuple(
        tuple(
            Told("" if cell is None else say.number(Fraction(cell)) if 5 <= at <= 7 else str(cell))
            for at, cell in enumerate(row)
        )
        for row in shown.select(columns).iter_rows()
    )
    yield Heading(f"{say('observations')}{say.colon}{frame.height}", 1)
    yield Grid(columns, rows, frozenset({5, 6, 7}))
    if frame.height > shown.height:
        yield Line(Told(say("and-more", count=frame.height - shown.height), soft=True))


# --- the plan ---------------------------------------------------------------------------------------------------


def logframe(plan: Logframe, say: Labels) -> Iterator[Block]:
    """The chain of results, each with its indicators, baselines and targets."""
    yield Heading(f"{plan.title.in_language(say.wanted)} ({plan.id})", 1)
    yield Line(Told(f"{plan.start} – {plan.end}", soft=True))
    for node in plan.walk():
        label = f"{node.label.in_language(say.wanted)}{say.colon}" if node.label else ""
        yield Heading(_marked(f"{node.id}  {label}{node.title.in_language(say.wanted)}", say, when=node.illustrative))
        for each in node.indicators:
            yield _planned(each, plan, say)
        for key, texts in (("assumptions", node.assumptions), ("risks", node.risks)):
            if texts:
                yield Line(
                    Told(
                        f"{say(key)}{say.colon}{say.semicolon.join(text.in_language(say.wanted) for text in texts)}",
                        soft=True,
                    )
                )


def _planned(each: Indicator, plan: Logframe, say: Labels) -> Item:
    unit = unit_words(each, plan, say)
    title = f"{each.id}  {each.title.in_language(say.wanted)}" + (f" ({unit})" if unit else "")
    base = each.baseline
    start = _marked(baseline_words(each, base, say), say, when=base is not None and base.illustrative)
    told = [f"{say('baseline')} {start}"]
    for target in each.targets:
        when, what = target_words(each, target, say)
        told.append(f"{say(f'target-{target.kind}')} {when}: {_marked(what, say, when=target.illustrative)}")
    means = [text.in_language(say.wanted) for text in each.means_of_verification] + list(each.sources)
    beneath = [Told(say.semicolon.join(told))]
    if means:
        beneath.append(Told(f"{say('means')}{say.colon}{say.semicolon.join(means)}", soft=True))
    return Item(Told(_marked(title, say, when=each.illustrative), strong=True), tuple(beneath))
