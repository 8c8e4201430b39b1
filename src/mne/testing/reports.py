"""Reports as a careful partner fills them in: nothing in them is wrong, whatever the logframe. Read `reports` first."""

from __future__ import annotations

import csv
import io
import itertools
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from mne.errors import MissingExtraError
from mne.logframe.indicator import TOTAL, Axis, Measure, Rule, category_key
from mne.logframe.model import Logframe

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtraError('mne.testing needs hypothesis: pip install "logframe[testing]"') from error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mne.logframe.indicator import Indicator
    from mne.logframe.periods import Period

__all__ = [
    "COLUMNS",
    "adds_up",
    "as_csv",
    "blank_row",
    "expected_cells",
    "filled",
    "reporters",
    "reports",
    "whole_cells",
]

COLUMNS: Final = (
    *(
        "indicator",
        "period",
        "period_start",
        "period_end",
        "partner",
        "location",
        "category",
        "value",
        "numerator",
        "denominator",
        "unit",
        "state",
    ),
    *("status", "revision", "reported_on", "comment", "evidence", "illustrative"),
)
"""The columns of a made-up report; every cell is text, as a partner wrote it."""

_WORDS: Final = ("a road", "training went on", "ҷаласа", "réunion tenue", "совещание")

_PROOFS: Final = ("attendance lists, May", "https://example.org/photos/12", "акт № 4", "rapport.pdf")


@st.composite
def reports(draw: st.DrawFn, plan: Logframe) -> list[dict[str, str]]:
    """A partners' report on one period of a logframe in which nothing is wrong.

    Shape: rows of text with the columns `COLUMNS`, in any order; `as_csv` makes of them the file that a partner sends.
    Everybody whom the plan asks for the period reports every indicator; an indicator that nobody is assigned to is
    reported by one partner. Parts stand beside their totals and make them. No finding about it is graver than info.
    """
    period = draw(st.sampled_from(plan.periods()))
    rows: list[dict[str, str]] = []
    for indicator, own, reporter in expected_cells(plan, period, draw(st.sampled_from(reporters(plan)))):
        rows += draw(_of_cell(plan, indicator, own, reporter))
    shuffled: list[dict[str, str]] = draw(st.permutations(rows)) if len(rows) > 1 else rows
    return shuffled


def as_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Rows as the text table that a partner would send, in UTF-8."""
    told = io.StringIO(newline="")
    writer = csv.DictWriter(told, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return told.getvalue().encode()


def reporters(plan: Logframe) -> list[tuple[str, str]]:
    """Who may report an indicator that nobody is assigned to."""
    partners = plan.partners or (TOTAL,)
    return [(partner, place) for partner in partners for place in (TOTAL, *(each.id for each in plan.locations))]


def expected_cells(
    plan: Logframe, period: Period, otherwise: tuple[str, str]
) -> list[tuple[Indicator, Period, tuple[str, str]]]:
    """Whom the plan asks for which indicator in a period; of another frequency, in its own period that ends with it."""
    found = []
    for indicator in plan.indicators.values():
        if indicator.formula is not None:
            continue
        own = next((each for each in plan.periods_of(indicator) if each.last_day == period.last_day), None)
        if own is not None:
            asked = plan.expected_reporters(indicator, own) or (() if indicator.assignments else (otherwise,))
            found += [(indicator, own, reporter) for reporter in asked]
    return found


def blank_row(indicator: Indicator, period: Period, reporter: tuple[str, str]) -> dict[str, str]:
    """A row that names its cell and says nothing."""
    partner, location = (("" if each == TOTAL else each) for each in reporter)
    told = {"indicator": indicator.id, "period": period.label, "partner": partner, "location": location}
    return {**dict.fromkeys(COLUMNS, ""), **told}


@st.composite
def _of_cell(
    draw: st.DrawFn, plan: Logframe, indicator: Indicator, period: Period, reporter: tuple[str, str]
) -> list[dict[str, str]]:
    row = blank_row(indicator, period, reporter)
    split = next((each for each in indicator.disaggregation if each.required), None)
    wanted = split is not None or (bool(indicator.disaggregation) and draw(st.booleans()))
    if split is None and draw(st.integers(0, 9)) == 0:
        return [{**row, "state": draw(st.sampled_from(("n/a", "not applicable", "нет данных", "missing")))}]
    if wanted and adds_up(indicator):
        split = split or indicator.disaggregation[0]
        return draw(whole_cells(plan, indicator, row, split.dimensions))
    if split is not None:
        names = _categories(plan, split.dimensions)
        return [row | filled(draw, indicator) | {"category": name} for name in ("", *names)]
    return [row | filled(draw, indicator)]


def adds_up(indicator: Indicator) -> bool:
    """Whether the parts of an indicator make its total, as far as a partner can know."""
    sums = indicator.rule(Axis.CATEGORIES) in (Rule.SUM, Rule.POOLED)
    return sums and all(each.relation == "sums_to_total" for each in indicator.disaggregation)


@st.composite
def whole_cells(
    draw: st.DrawFn, plan: Logframe, indicator: Indicator, row: dict[str, str], dimensions: tuple[str, ...]
) -> list[dict[str, str]]:
    """All the parts of a split, and the total that they make."""
    columns = ("numerator", "denominator") if indicator.by_denominator else ("value",)
    parts = [row | filled(draw, indicator) | {"category": name} for name in _categories(plan, dimensions)]
    unit = parts[0]["unit"]
    parts = [part | {"unit": unit} for part in parts]
    sums = {name: f"{sum(Decimal(part[name]) for part in parts):f}" for name in columns}
    return [row | sums | {"unit": unit, "comment": "the sum of all"}, *parts]


def _categories(plan: Logframe, dimensions: tuple[str, ...]) -> list[str]:
    codes = {each.id: [code.id for code in each.codes] for each in plan.dimensions if each.id in dimensions}
    return [category_key(dict(zip(codes, each, strict=True))) for each in itertools.product(*codes.values())]


def filled(draw: st.DrawFn, indicator: Indicator) -> dict[str, str]:
    """A figure for an indicator, as its measure asks for it, with a comment."""
    told: dict[str, Any] = {"comment": draw(st.sampled_from(_WORDS))}
    if indicator.evidence_required:
        told["evidence"] = draw(st.sampled_from(_PROOFS))
    measure = indicator.measure
    if measure.is_text and not indicator.scale:
        return told | {"value": draw(st.sampled_from(_WORDS))}
    if indicator.scale:
        return told | {"value": draw(st.sampled_from([step.id for step in indicator.scale]))}
    if measure is Measure.YES_NO:
        return told | {"value": draw(st.sampled_from(("yes", "no", "1", "0", "да", "non")))}
    most = int(min(indicator.reachable or 400, 400))
    if indicator.by_denominator:
        bottom = draw(st.integers(1, most))
        return told | {"numerator": str(draw(st.integers(0, bottom))), "denominator": str(bottom)}
    most = int(min(most, 100 if measure is Measure.PERCENTAGE else most, indicator.maximum or most))
    number = draw(st.integers(max(1, math.ceil(indicator.minimum or 1)), most))
    whole = measure not in (Measure.CURRENCY, Measure.INDEX)
    text = str(number) if whole or number == most or draw(st.booleans()) else f"{number}.{draw(st.integers(0, 99)):02}"
    return told | {"value": text, "unit": indicator.unit or ""}
