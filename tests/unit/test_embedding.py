"""What embedders rely on: the rules inside a pandera pipeline, and calls from many threads at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pytest

import mne
from mne.reports.rules import RULES

PLAN = mne.example("tajikistan")
THREADS = 16


@pytest.fixture(scope="module")
def accepted(root: Any) -> pd.DataFrame:
    """Rows that the library accepts, as a pipeline would hand them on."""
    return mne.validate(root / "examples" / "reports", PLAN).observations.to_pandas()


def schema(**options: Any) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(checks=[mne.rule_check(PLAN, **options)])


def test_what_validate_accepts_passes(accepted: pd.DataFrame) -> None:
    assert schema().validate(accepted) is not None
    mne.observation_schema(PLAN).validate(accepted)


def test_rows_that_validate_would_hold_are_the_failure_cases(accepted: pd.DataFrame) -> None:
    spoiled = accepted.copy()
    spoiled.loc[spoiled.index[3], "indicator"] = "NOBODY"
    twice = pd.concat([spoiled, spoiled.iloc[[7]]], ignore_index=True)
    report = mne.validate(mne.tables.observations.Observations.from_frame(twice), PLAN)
    with pytest.raises(pa.errors.SchemaErrors) as raised:
        schema().validate(twice, lazy=True)
    assert set(raised.value.failure_cases["index"].dropna()) == set(report.held_rows["source_order"])
    assert 3 in set(raised.value.failure_cases["index"])


def test_rules_of_ones_own_are_part_of_the_check(accepted: pd.DataFrame) -> None:
    import narwhals.stable.v2 as nw

    mine = mne.Rule(
        code="mine-no-reports-from-centre",
        at="partner",
        find=lambda: nw.col("partner") == "P-CENTRE",
        message="{found} does not report.",
        holds=True,
    )
    with pytest.raises(pa.errors.SchemaErrors):
        schema(rules=(mine,)).validate(accepted, lazy=True)
    schema(rules=()).validate(accepted)
    assert RULES


def test_an_index_of_ones_own_stays(accepted: pd.DataFrame) -> None:
    moved = accepted.set_index(pd.Index([f"row {at}" for at in range(len(accepted))]))
    assert list(schema().validate(moved).index) == list(moved.index)


def test_a_frame_that_is_no_observation_table_is_refused() -> None:
    with pytest.raises((mne.MneError, pa.errors.SchemaErrors, pa.errors.SchemaError)):
        schema().validate(pd.DataFrame({"a": [1]}))


def test_sixteen_threads_get_the_answers_of_one(root: Any) -> None:
    """Reading, judging, counting and scoring at once, over files of every kind, in four languages."""
    files = sorted((root / "examples" / "reports").iterdir())[:THREADS]
    alone = [told(path) for path in files]
    gate = threading.Barrier(THREADS)

    def together(number: int) -> list[Any]:
        gate.wait()
        return [told(files[(number + step) % len(files)]) for step in range(2)]

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(together, range(THREADS)))
    for number, answer in enumerate(answers):
        assert answer == [alone[(number + step) % len(files)] for step in range(2)]


def told(path: Any) -> tuple[Any, ...]:
    report = mne.validate(path, PLAN)
    card = mne.score(mne.aggregate(report.observations, PLAN), scheme="fcdo-annual-review")
    lang = ("en", "fr", "ru", "tg")[len(path.name) % 4]
    rows = tuple(report.observations.to_polars().select("indicator", "period", "value").rows())
    return (
        str(report.verdict),
        tuple(map(str, report.findings)),
        rows,
        {code: (part.score, part.rating) for code, part in card.results.items()},
        card.explain("OC1", lang=lang).to_text(),
    )
