"""What `mne.testing` makes up is what it says: plans that can be used, rows that fit the table."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mne.logframe.files import check_logframe
from mne.tables.observations import Observations
from mne.testing import logframes, observation_rows


@given(logframes())
def test_a_generated_logframe_has_no_error(plan):
    assert list(check_logframe(plan).at_least("error")) == []


@given(st.data())
def test_generated_rows_make_a_table(data):
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    assert len(Observations.from_rows(rows)) == len(rows)
    assert {row["indicator"] for row in rows} <= set(plan.indicators)
