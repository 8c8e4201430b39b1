"""A table judged some partners at a time gives the report that it gives as a whole: every count, finding and row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mne
from mne.logframe.model import Logframe
from mne.reports import large
from mne.reports.readers import frames
from mne.testing import COLUMNS, DEFECTS, logframes, observation_rows, reports, reports_with
from tests.laws.test_machine_laws import ODD
from tests.profiles import times


@pytest.fixture(autouse=True)
def tiny() -> Iterator[None]:
    """A few rows to a part, fewer to a piece."""
    with (
        patch.object(large, "rows_of", lambda _, each: 20 if each != large.ODD_ROW else 1_000_000),
        patch.object(frames, "_LARGE", 0),
    ):
        yield


def alike(plan: Logframe, source: object, **options: object) -> mne.ValidationReport:
    whole = mne.validate(source, plan, **options)
    parts = mne.validate(source, plan, memory_limit="1GB", **options)
    assert parts.to_dict() == whole.to_dict()
    assert parts.observations.to_polars().equals(whole.observations.to_polars())
    assert len(parts.observations) == len(whole.observations)
    assert parts.held.to_polars().equals(whole.held.to_polars())
    assert parts.held_rows.equals(whole.held_rows)
    return parts


@st.composite
def tables(draw: st.DrawFn) -> tuple[Logframe, pl.DataFrame]:
    """A plan and what several partners sent for it, some of it wrong in one way or another, in one table of text."""
    plan = draw(logframes())
    rows: list[dict[str, str]] = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(("right", "wrong", "any")))
        if kind == "right":
            rows += draw(reports(plan))
        elif kind == "wrong":
            rows += draw(reports_with(plan, draw(st.sampled_from(sorted(DEFECTS))))).rows
        else:
            told = draw(observation_rows(plan))[:40]
            rows += [{name: "" if row.get(name) is None else str(row[name]) for name in COLUMNS} for row in told]
    for _ in range(draw(st.integers(0, 6)) if rows else 0):
        rows[draw(st.integers(0, len(rows) - 1))][draw(st.sampled_from(COLUMNS))] = draw(st.sampled_from(ODD))
    for row in rows if draw(st.booleans()) else ():
        row["partner"] = draw(st.sampled_from((*plan.partners, "", "_T", "P-NOBODY")))
    return plan, pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String))


@given(tables())
def test_a_frame_in_parts_is_judged_as_a_whole(told: tuple[Logframe, pl.DataFrame]) -> None:
    plan, frame = told
    alike(plan, frame)


@times(0.5)
@given(tables(), tables())
def test_and_so_are_files(told: tuple[Logframe, pl.DataFrame], more: tuple[Logframe, pl.DataFrame]) -> None:
    import tempfile

    plan, frame = told
    with tempfile.TemporaryDirectory() as folder:
        frame.write_parquet(Path(folder) / "a.parquet")
        more[1].write_parquet(Path(folder) / "b.parquet")
        text = io.StringIO()
        frame.write_csv(text)
        alike(plan, [folder, ("c.csv", text.getvalue().encode())])
