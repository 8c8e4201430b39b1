"""The page of a scorecard: outcomes first, then the chain, every indicator with its bar, and how to redo it.

Read `scorecard` first. What a figure rests on stands beside it: coverage, what was left out, the scheme and its source.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mne.display.bullets import bar
from mne.display.explanation_view import tree
from mne.display.figures import points_words
from mne.display.findings_view import findings_table
from mne.display.markup import Markup, column, el, head, join, link, prose, table, words
from mne.display.palette import badge, banner, icon, mark
from mne.display.story import Standing, arithmetic, command_line, examples_words, reason_words, standing, story, tally
from mne.logframe.model import Level
from mne.scores.cards import IndicatorScore, ResultScore

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.logframe.model import Logframe, Result
    from mne.scores.cards import Achievement, Scorecard
    from mne.scores.scheme import Scheme

__all__ = ["headline_results", "result", "scorecard"]


def scorecard(card: Scorecard, say: Labels, *, whole: bool) -> Markup:
    """The card. `whole` adds the explanation of every indicator down to its cells, which a notebook shows on demand."""
    return join(
        (
            _head(card, say),
            banner(say, when=card.illustrative),
            el("div", *(_headline(part, card, say) for part in headline_results(card)), class_="mne-cards"),
            _chain(card, say),
            *(_section(part, card.plan, say, whole=whole) for part in _in_order(card) if part.indicators),
            _left_out(card, say),
            _held(card, say),
            _scheme(card.scheme, say),
            _recompute(card, say),
        )
    )


def result(part: ResultScore, say: Labels, *, whole: bool = False) -> Markup:
    """One result of a card: its score, its indicators, and why."""
    return join(
        (
            banner(say, when=part.illustrative),
            el("div", _summary(part, say), class_="mne-cards"),
            _section(part, None, say, whole=whole),
            el("h2", say("explain")),
            tree(part.explain(lang=say.wanted), say, open_levels=4 if whole else 1),
        )
    )


def headline_results(card: Scorecard) -> list[ResultScore]:
    """The results that a reader looks for first: outcomes, and the goal; else the tops of the chain."""
    found = [each for each in card.results.values() if each.result.level in (Level.IMPACT, Level.OUTCOME)]
    return found or [card.results[top.id] for top in card.plan.results]


def _in_order(card: Scorecard) -> list[ResultScore]:
    return [card.results[each.id] for each in card.plan.walk()]


def _anchor(plan: Logframe | None, id: str) -> str | None:
    """The address of a result on its page: by position, so that no text of the logframe ends up in one."""
    if plan is None:
        return None
    return next((f"mne-r{at}" for at, each in enumerate(plan.results_by_id) if each == id), None)


def _label(result: Result, say: Labels) -> Markup:
    return words(result.label, say.wanted) if result.label is not None else Markup("")


def _head(card: Scorecard, say: Labels) -> Markup:
    facts = [say("until", day=card.until) if card.until else None]
    facts.append(say("known-by", day=card.actuals.known_by) if card.actuals.known_by else None)
    scheme = card.scheme
    when = ", ".join(fact for fact in facts if fact)
    return head(
        say("scorecard"),
        words(card.plan.title, say.wanted),
        el("b", when) if when else None,
        el("span", f"{card.plan.id} · {card.plan.start} – {card.plan.end}", class_="mne-soft"),
        el("span", f"{say('scheme-short')}{say.colon}", words(scheme.title, say.wanted), class_="mne-soft"),
    )


def _headline(part: ResultScore, card: Scorecard, say: Labels) -> Markup:
    anchor = _anchor(card.plan, part.id)
    return _summary(part, say, href=f"#{anchor}" if anchor else None)


def _summary(part: ResultScore, say: Labels, *, href: str | None = None) -> Markup:
    """A result at a glance."""
    now = standing(part, say)
    title = words(part.result.title, say.wanted)
    scale = say("on-target", scale=points_words(part.scheme.on_target, say))
    big: Markup
    if part.score is None:
        big = el("span", el("span", "–", class_="mne-big"), " ", el("small", reason_words(part.reason), lang="en"))
    else:
        big = el("span", points_words(part.score, say), " ", el("small", scale), class_="mne-big")
    return el(
        "section",
        el(
            "div",
            el("span", _label(part.result, say), class_="mne-kicker") if part.result.label else None,
            el("span", part.id, class_="mne-id"),
            mark(say, when=part.illustrative),
            class_="mne-row",
        ),
        el("h3", el("a", title, href=href, style="color:inherit;text-decoration:none") if href else title),
        el("div", big, badge(now.status, say, word=now.word, rating=now.rating), class_="mne-row"),
        el("div", *_remarks(part, say), _coverage(part, say)),
        _tally(part, say) or el("div"),
        class_=f"mne-card mne-{now.status}",
    )


def _remarks(part: ResultScore, say: Labels) -> list[Markup]:
    """Why the rating is not the computed one."""
    computed = say("computed", rating=part.computed_rating or "–")
    told = [
        el("p", f"{say('gate')}{say.colon}", el("span", gate, lang="en"), f" ({computed})", class_="mne-soft")
        for gate in part.gates
    ]
    if part.override:
        who = say("override", who=part.override.who, when=part.override.when)
        told.append(el("p", f"{who}: {part.override.why} ({computed})", class_="mne-soft"))
    return told


def _coverage(part: ResultScore, say: Labels) -> Markup:
    share = say.percent(part.coverage)
    wide = f"width:{min(max(round(part.coverage * 100), 0), 100)}%"
    return el(
        "div",
        el("small", say("scored-share", share=share)),
        el("div", el("i", style=wide), class_="mne-meter", aria_hidden="true"),
    )


def _beneath(part: ResultScore) -> list[IndicatorScore]:
    return [*part.indicators, *(each for below in part.results for each in _beneath(below))]


def _tally(part: ResultScore, say: Labels) -> Markup | None:
    counted = tally(_beneath(part), say)
    if not counted:
        return None
    entries = [
        el("li", icon(status), f"{count} {word}", class_=f"mne-shape mne-{status}") for status, word, count in counted
    ]
    return el("ul", *entries, class_="mne-tally", aria_label=say("indicators"))


# --- the chain --------------------------------------------------------------------------------------------------


def _chain(card: Scorecard, say: Labels) -> Markup:
    rows: list[Markup] = []

    def add(node: Result, depth: int) -> None:
        part = card.results[node.id]
        now = standing(part, say)
        anchor = _anchor(card.plan, part.id) if part.indicators else None
        title = el("a", words(node.title, say.wanted), href=f"#{anchor}") if anchor else words(node.title, say.wanted)
        rows.append(
            el(
                "tr",
                el(
                    "td",
                    el("span", node.id, class_="mne-id"),
                    " ",
                    title,
                    " ",
                    mark(say, when=node.illustrative),
                ),
                el("td", say.percent(part.share), _weight_mark(node, say), class_="mne-num", data_head=say("weight")),
                el("td", points_words(part.score, say), class_="mne-num", data_head=say("score")),
                el("td", badge(now.status, say, word=now.word, rating=now.rating), data_head=say("rating")),
                el("td", say.percent(part.coverage), class_="mne-num", data_head=say("coverage")),
                class_=f"mne-level{min(depth, 3)}",
                style=f"--d:{depth}",
            )
        )
        for child in node.results:
            add(child, depth + 1)

    for top in card.plan.results:
        add(top, 0)
    heads = [
        column(say("result")),
        column(say("weight"), numeric=True),
        column(say("score"), numeric=True),
        column(say("rating")),
        column(say("coverage"), numeric=True),
    ]
    grid = table(heads, rows, kind="mne-tree")
    return join((el("h2", say("results-tree")), el("div", grid, class_="mne-scroll")))


def _weight_mark(node: Result, say: Labels) -> Markup | None:
    return mark(say, when=node.weight_illustrative and node.weight is not None)


# --- the indicators ---------------------------------------------------------------------------------------------


def _section(part: ResultScore, plan: Logframe | None, say: Labels, *, whole: bool) -> Markup:
    now = standing(part, say)
    score = f"{points_words(part.score, say)} {say('points')}" if part.score is not None else say("no-score")
    label = el("span", _label(part.result, say), class_="mne-kicker") if part.result.label else None
    return el(
        "section",
        el("h2", label, words(part.result.title, say.wanted), id=_anchor(plan, part.id)),
        el(
            "p",
            el("span", part.id, class_="mne-id"),
            badge(now.status, say, word=now.word, rating=now.rating),
            el("span", score),
            mark(say, when=part.result.illustrative),
            class_="mne-row",
        ),
        *(indicator(each, say, whole=whole) for each in part.indicators),
    )


def indicator(part: IndicatorScore, say: Labels, *, whole: bool) -> Markup:
    """One indicator: its line, its bar, both achievements, and the facts that they rest on."""
    now = standing(part, say)
    named = part.indicator
    core = el("small", say("core")) if named.core else None
    weight = join((say.percent(part.share), mark(say, when=named.weight_illustrative and named.weight is not None)))
    facts = [
        (say("towards-milestone"), _achieved(part.milestone, say)),
        (say("towards-final"), _achieved(part.final, say)),
        (say("share-of-weight"), weight if named.weight_illustrative else say.percent(part.share)),
        (say("period"), part.actual.as_of.label if part.actual.as_of else None),
    ]
    told = [el("span", f"{name}{say.colon}", el("b", value)) for name, value in facts if value is not None]
    drawn = bar(part, say)
    text = el(
        "div",
        el("p", prose(story(part, say))),
        el("p", *told, class_="mne-small"),
        el("p", el("span", examples_words(part, say), class_="mne-ill")) if part.illustrative else None,
        class_="" if drawn else "mne-wide",
    )
    why = None
    if whole and part.actual.counted is not None:
        why = el(
            "details",
            el("summary", say("explain")),
            tree(part.explain(lang=say.wanted), say, open_levels=2),
            class_="mne-wide",
        )
    return el(
        "article",
        el(
            "div",
            el("span", named.id, class_="mne-id"),
            el("h4", words(named.title, say.wanted)),
            core,
            badge(now.status, say, word=now.word, rating=now.rating),
            class_="mne-title mne-wide",
        ),
        text,
        drawn or None,
        why,
        class_=f"mne-indicator mne-{now.status}",
    )


def _achieved(reached: Achievement, say: Labels) -> str | None:
    return None if reached.value is None else say.percent(reached.value)


# --- what it rests on -------------------------------------------------------------------------------------------


def _left_out(card: Scorecard, say: Labels) -> Markup:
    rows = [
        el(
            "tr",
            el("td", el("span", each.id, class_="mne-id"), " ", _named(card, each.id, say)),
            el("td", part.id, class_="mne-id", data_head=say("result")),
            el("td", reason_words(each.reason), lang="en", data_head=say("why")),
            el("td", say.percent(each.share), class_="mne-num", data_head=say("weight")),
        )
        for part in _in_order(card)
        for each in part.dropped
    ]
    if not rows:
        return join((el("h2", say("dropped")), el("p", say("nothing-dropped"))))
    heads = [column(say(key)) for key in ("indicator", "result", "why")]
    heads.append(column(say("weight"), numeric=True))
    grid = table(heads, rows)
    return join((el("h2", say("dropped")), el("p", say("dropped-note"), class_="mne-soft"), grid))


def _named(card: Scorecard, id: str, say: Labels) -> Markup:
    if id in card.indicators:
        return words(card.indicators[id].indicator.title, say.wanted)
    return words(card.results[id].result.title, say.wanted) if id in card.results else Markup("")


def _held(card: Scorecard, say: Labels) -> Markup:
    findings = card.actuals.findings.at_least("warning")
    if not findings:
        return Markup("")
    counted = el(
        "p",
        ", ".join(
            f"{say(f'severity-{level}')}{say.colon}{count}" for level, count in findings.severities.items() if count
        ),
    )
    inside = el("details", el("summary", say("show")), findings_table(findings, say, limit=200))
    return join((el("h2", say("held-back")), counted, inside))


def _scheme(scheme: Scheme, say: Labels) -> Markup:
    checked = Standing("met", say("verified")) if scheme.verified else Standing("at_risk", say("not-verified"))
    rows = [
        el(
            "tr",
            el("td", badge(band.status, say, rating=band.label)),
            el("td", words(band.title, "en") if band.title else "", lang="en"),
            el("td", _from(scheme, at, say), class_="mne-num"),
        )
        for at, band in reversed(list(enumerate(scheme.ordered_bands)))
    ]
    return join(
        (
            el("h2", say("scheme")),
            el("h3", words(scheme.title, say.wanted)),
            el("p", f"{scheme.id}, {say('version')} {scheme.version} ", badge(checked.status, say, word=checked.word)),
            el("p", f"{say('source')}{say.colon}", el("span", scheme.source, lang="en"), class_="mne-soft"),
            el("p", link(scheme.url, scheme.url), class_="mne-soft") if scheme.url else Markup(""),
            el("p", words(scheme.note, say.wanted)) if scheme.note else Markup(""),
            el("table", el("tbody", *rows), class_="mne-narrow") if rows else Markup(""),
        )
    )


def _from(scheme: Scheme, at: int, say: Labels) -> str:
    band = scheme.ordered_bands[at]
    if band.lower is not None:
        return say("from", value=say.number(Fraction(band.lower)))
    if band.above is not None:
        return say("above", value=say.number(Fraction(band.above)))
    next_band = scheme.ordered_bands[at + 1] if at + 1 < len(scheme.ordered_bands) else None
    if next_band is None or next_band.edge is None:
        return ""
    return say("below" if next_band.above is None else "up_to", value=say.number(Fraction(next_band.edge)))


def _recompute(card: Scorecard, say: Labels) -> Markup:
    rows = [
        el(
            "tr",
            el("td", part.id, class_="mne-id"),
            el("td", el("code", str(part.score)) if part.score is not None else "–", data_head=say("exact")),
            _arithmetic(part, say),
        )
        for part in _in_order(card)
    ]
    heads = [column(say(key)) for key in ("result", "exact", "arithmetic")]
    return join(
        (
            el("h2", say("recompute")),
            el("p", say("recompute-note")),
            el("pre", command_line(card)),
            table(heads, rows),
        )
    )


def _arithmetic(part: ResultScore, say: Labels) -> Markup:
    told = arithmetic(part, say)
    if not told:
        return el("td", reason_words(part.reason), lang="en", data_head=say("arithmetic"))
    return el("td", told, data_head=say("arithmetic"))
