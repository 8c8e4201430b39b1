"""The logframe as the matrix that every programme officer knows: objectives, indicators, verification, assumptions.

Read `logframe` first. The layout is the Swiss one (SDC): hierarchy of objectives, key indicators, means of
verification, assumptions and risks; baseline and targets stand beside each indicator.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.display.figures import baseline_words, target_words, unit_words
from mne.display.markup import Markup, column, el, head, join, link, prose, words
from mne.display.palette import banner, mark

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe, Result

__all__ = ["logframe"]

_COLUMNS: Final = (
    ("hierarchy", 20), ("key-indicators", 21), ("baseline-target", 26), ("means", 16), ("assumptions-risks", 17),
)  # fmt: skip
"""The columns of the matrix, with their share of the width in percent."""


def logframe(plan: Logframe, say: Labels, *, whole: bool = True) -> Markup:
    """The matrix with the project's facts above it, and, when it is `whole`, the sources beneath it."""
    heads = [column(say(key), width=width) for key, width in _COLUMNS]
    bodies = [body for top in plan.results for body in _bodies(top, 0, plan, say)]
    table = el("table", el("thead", el("tr", *heads)), *bodies, class_="mne-matrix mne-stack")
    return join(
        (
            head(say("logframe"), words(plan.title, say.wanted)),
            el("p", words(plan.description, say.wanted)) if plan.description else Markup(""),
            _facts(plan, say),
            _banner(plan, say),
            table,
            _sources(plan, say) if whole else Markup(""),
        )
    )


def _banner(plan: Logframe, say: Labels) -> Markup:
    marked = any(result.illustrative or result.weight_illustrative for result in plan.walk())
    marked = marked or any(_illustrative(each) for each in plan.indicators.values())
    return banner(say, when=marked)


def _illustrative(indicator: Indicator) -> bool:
    base = indicator.baseline is not None and indicator.baseline.illustrative
    return (
        indicator.illustrative
        or indicator.weight_illustrative
        or base
        or any(t.illustrative for t in indicator.targets)
    )


def _facts(plan: Logframe, say: Labels) -> Markup:
    facts = (
        (say("duration"), prose(f"{plan.start} – {plan.end}")),
        (say("countries"), ", ".join(plan.countries)),
        (say("indicators"), str(len(plan.indicators))),
        (say("version"), plan.version or ""),
    )
    short = el("dl", *(el("div", el("dt", name), el("dd", told)) for name, told in facts if told), class_="mne-facts")
    budgets = [
        el(
            "li",
            f"{say.number(Fraction(each.amount))} {each.currency} ",
            words(each.title, say.wanted),
            mark(say, when=each.illustrative),
        )
        for each in plan.budgets
    ]
    people = [
        el(
            "li",
            words(each.title, say.wanted),
            el("small", f" ({', '.join(each.roles)})") if each.roles else None,
            mark(say, when=each.illustrative),
        )
        for each in plan.organisations
    ]
    return join((short, _folded(say("budget"), budgets), _folded(say("organisations"), people)))


def _folded(name: str, entries: list[Markup]) -> Markup:
    if not entries:
        return Markup("")
    return el("details", el("summary", f"{name} ({len(entries)})"), el("ul", *entries, class_="mne-plain"))


def _bodies(result: Result, depth: int, plan: Logframe, say: Labels) -> list[Markup]:
    return [
        _body(result, depth, plan, say),
        *(b for child in result.results for b in _bodies(child, depth + 1, plan, say)),
    ]


def _body(result: Result, depth: int, plan: Logframe, say: Labels) -> Markup:
    """One result: its indicators in rows, with the objective and its assumptions spanning them."""
    span = max(len(result.indicators), 1)
    objective = el(
        "td",
        el("div", words(result.label, say.wanted) if result.label else result.level, class_="mne-kicker"),
        el("span", result.id, class_="mne-id"),
        " ",
        el("b", words(result.title, say.wanted)) if depth < 2 else words(result.title, say.wanted),
        _weight(result.weight, say, illustrative=result.weight_illustrative),
        mark(say, when=result.illustrative),
        class_="mne-goal",
        rowspan=span if span > 1 else None,
    )
    conditions = el("td", *_conditions(result, say), class_="mne-last", rowspan=span if span > 1 else None)
    if not result.indicators:
        return el(
            "tbody", el("tr", objective, el("td"), el("td"), el("td"), conditions), class_=f"mne-level{min(depth, 3)}"
        )
    rows = [
        el(
            "tr",
            objective if at == 0 else None,
            *_indicator(each, plan, say),
            conditions if at == 0 else None,
        )
        for at, each in enumerate(result.indicators)
    ]
    return el("tbody", *rows, class_=f"mne-level{min(depth, 3)}")


def _conditions(result: Result, say: Labels) -> list[Markup]:
    told: list[Markup] = []
    for key, texts in (("assumptions", result.assumptions), ("risks", result.risks)):
        if texts:
            told.append(el("small", say(key)))
            told.append(el("ul", *(el("li", words(text, say.wanted)) for text in texts), class_="mne-plain"))
    return told


def _indicator(each: Indicator, plan: Logframe, say: Labels) -> list[Markup]:
    unit = unit_words(each, plan, say)
    baseline = each.baseline
    rows = [
        el(
            "li",
            el("small", f"{say('baseline')}{say.colon}"),
            baseline_words(each, baseline, say),
            _source(None if baseline is None else baseline.source),
            mark(say, when=baseline is not None and baseline.illustrative),
        )
    ]
    for target in each.targets:
        when, what = target_words(each, target, say)
        kind = say(f"target-{target.kind}")
        rows.append(
            el(
                "li",
                el("small", f"{kind} {when}{say.colon}"),
                what,
                _source(target.source),
                mark(say, when=target.illustrative),
            )
        )
    means = [el("li", words(text, say.wanted)) for text in each.means_of_verification]
    means += [el("li", _source_title(plan, code, say)) for code in each.sources]
    return [
        el(
            "td",
            el("span", each.id, class_="mne-id"),
            " ",
            words(each.title, say.wanted),
            el("small", f" ({unit})") if unit else None,
            _weight(each.weight, say, illustrative=each.weight_illustrative),
            mark(say, when=each.illustrative),
            class_="mne-what",
        ),
        el("td", el("ul", *rows, class_="mne-plain"), data_head=say("baseline-target")),
        el("td", el("ul", *means, class_="mne-plain") if means else None, data_head=say("means") if means else None),
    ]


def _weight(weight: object, say: Labels, *, illustrative: bool) -> Markup | None:
    if weight is None:
        return None
    told = f" {say('weight')}{say.colon}{say.number(Fraction(str(weight)))}"
    return el("small", told, mark(say, when=illustrative))


def _source(code: str | None) -> Markup | None:
    return el("small", f" [{code}]") if code else None


def _source_title(plan: Logframe, code: str, say: Labels) -> Markup:
    found = next((each for each in plan.sources if each.id == code), None)
    return words(found.title, say.wanted) if found is not None else el("span", code)


def _sources(plan: Logframe, say: Labels) -> Markup:
    if not plan.sources:
        return Markup("")
    told = [
        el(
            "li",
            el("span", f"[{each.id}] ", class_="mne-id"),
            words(each.title, say.wanted),
            f" ({each.date})" if each.date else None,
            join((" ", link(each.url, each.url))) if each.url else None,
            mark(say, when=each.illustrative),
        )
        for each in plan.sources
    ]
    return join((el("h2", say("sources")), el("ul", *told, class_="mne-plain")))
