"""Observations written in any layout and language are read back as they were, each with the cell in which it stands."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.logframe.model import Logframe
from mne.reports.read import read
from tests.fixtures import measures_plan
from tests.sheets import LAYOUTS, WORDS, Seen

WHOLE = ("blocks",)


@cache
def plan() -> Logframe:
    """Three indicators that add up over time."""
    told = measures_plan().model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    indicators = [
        {"id": name, "title": f"Count {name}", "measure": "number", "accumulation": "flow"}
        for name in ("N1", "N2", "N3")
    ]
    told["results"] = [{"id": "OC1", "level": "outcome", "title": "Outcome", "indicators": indicators}]
    return Logframe.model_validate(told)


PERIODS = ["2024-Q1", "2024-Q2", "2024-Q3", "2025-Q1"]
keys = st.tuples(
    st.sampled_from(["N1", "N2", "N3"]),
    st.sampled_from(PERIODS),
    st.sampled_from(["ORG-A", "ORG-B"]),
    st.sampled_from(["TJ-1", "TJ-2"]),
    st.sampled_from(["sex=F", "sex=M", "_T"]),
)


@st.composite
def reports(draw, layout):
    """Observations that a layout can hold."""
    cells = draw(st.lists(keys, min_size=1, max_size=8, unique=True))
    if layout in WHOLE:
        cells = [(one, period, "ORG-A", "_T", "_T") for one, period, *_ in cells]
    elif layout != "by_category":
        cells = [(*each[:4], "_T") for each in cells]
    numbers = st.integers(0, 10**6)
    comment = st.sampled_from([None, "x", "да"]) if layout == "by_period_and_role" else st.none()
    return [Seen(*each, draw(numbers), draw(comment)) for each in sorted(dict.fromkeys(cells))]


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("layout", LAYOUTS)
@given(data=st.data(), top=st.integers(1, 4), kind=st.sampled_from(["xlsx", "csv"]))
def test_what_was_written_is_read_back_with_its_cell(layout, lang, data, top, kind):
    seen = data.draw(reports(layout))
    sheet = LAYOUTS[layout](seen, lang, top=top)
    content = sheet.to_xlsx() if kind == "xlsx" else sheet.to_csv()
    reading = read((f"q.{kind}", content), plan(), partner="ORG-A" if layout in WHOLE else None)
    found = {
        Seen(*row[:5], int(row[5]), row[6]): row[7]
        for row in reading.frame.select(
            "indicator", "period", "partner", "location", "category", "value", "comment", "source_cell"
        ).iter_rows()
    }
    assert found == sheet.addresses, [str(each) for each in reading.findings]
    assert reading.frame["usable"].all()
    told = [each for each in reading.findings if each.code == "layout-read"]
    assert told
    assert not [each for each in reading.findings if each.level in ("blocker", "error")]
    again = read((f"q.{kind}", content), plan(), partner="ORG-A" if layout in WHOLE else None)
    assert again.frame.equals(reading.frame)
