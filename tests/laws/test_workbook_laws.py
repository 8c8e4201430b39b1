"""Laws of the workbooks that go out and come back."""

from __future__ import annotations

import io
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

import mne
from mne.exchange.workbook.annotate import annotated
from mne.exchange.workbook.words import WORDS
from mne.ground.language import LANGUAGES
from mne.logframe.asked import asked
from mne.logframe.indicator import Measure
from mne.testing import PARTNERS, logframes, numbers
from tests.profiles import times
from tests.workbooks import fill_in

NAMES = ("indicator", "location", "category", "period", "value", "numerator", "denominator", "state")


@st.composite
def filled_templates(draw):
    """A plan, a template of it filled in, and the cells that were written."""
    plan = draw(logframes())
    partner, lang = draw(st.sampled_from(PARTNERS)), draw(st.sampled_from(LANGUAGES))
    label = draw(st.sampled_from(("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024")))
    wanted = asked(plan, partner, plan.period(label))
    if not wanted:
        return None
    cells, told = {}, {}
    for each in wanted:
        key = (each.indicator.id, each.period.label, each.location, each.category)
        shape = draw(st.sampled_from(("blank", "figure", "figure", "figure", "state")))
        if shape == "state":
            state = draw(st.sampled_from(("missing", "not_applicable", "not_due")))
            cells[key] = {"state": WORDS[f"state-{state}"][lang]}
            told[key] = (None, None, None, state)
        elif shape == "figure":
            cells[key], told[key] = draw(figures(each.indicator, lang))
    data = mne.template(plan, partner=partner, period=label, lang=lang)
    columns = {name: WORDS[f"h-{name}"][lang] for name in NAMES}
    return plan, partner, fill_in(data, cells, columns), told


@st.composite
def figures(draw, indicator, lang):
    if indicator.by_denominator:
        bottom = draw(st.integers(1, 50))
        top = draw(st.integers(0, bottom))
        return {"numerator": top, "denominator": bottom}, (None, Decimal(top), Decimal(bottom), "reported")
    if indicator.measure.is_ranked:
        rank = draw(st.integers(1, len(indicator.scale)))
        return {"value": indicator.scale[rank - 1].id}, (Decimal(rank), None, None, "reported")
    if indicator.measure is Measure.YES_NO:
        yes = draw(st.booleans())
        return {"value": WORDS["yes" if yes else "no"][lang]}, (Decimal(int(yes)), None, None, "reported")
    value = draw(numbers(high=100))
    return {"value": float(value)}, (value, None, None, "reported")


@given(filled_templates())
def test_a_filled_template_reads_back_as_what_was_filled_in(made):
    if made is None:
        return
    plan, partner, data, told = made
    report = mne.validate(("t.xlsx", data), plan)
    rows = {
        (row["indicator"], row["period"], row["location"], row["category"]): (
            row["value"], row["numerator"], row["denominator"], row["state"],
        )
        for row in report.observations.to_polars().iter_rows(named=True)
    }  # fmt: skip
    assert rows == told
    assert len(report.held) == 0
    assert set(report.observations.to_polars()["partner"]) <= {partner}
    assert not report.findings.of("value-missing", "header-unknown", "header-misspelt", "sheet-skipped", "number-text")


@times(0.8)
@given(filled_templates(), st.sampled_from(LANGUAGES))
def test_annotating_changes_no_observation(made, lang):
    if made is None:
        return
    plan, _, data, _ = made
    report = mne.validate(("t.xlsx", data), plan)
    copy, lost = annotated(report, ("t.xlsx", data), lang=lang)
    assert not lost
    again = mne.validate(("t.xlsx", copy), plan)
    assert again.observations.to_polars().equals(report.observations.to_polars())
    assert again.findings == report.findings
    listed = load_workbook(io.BytesIO(copy)).worksheets[0]
    # What is nothing to mend stands beneath a line of its own.
    lines = len(report.findings) + any(each.level == "info" for each in report.findings)
    assert listed.max_row - 5 == lines or not report.findings
    twice, _ = annotated(again, ("t.xlsx", copy), lang=lang)
    assert mne.validate(("t.xlsx", twice), plan).findings == report.findings
