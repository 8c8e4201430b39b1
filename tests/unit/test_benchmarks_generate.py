"""The tables that benchmarks are measured on: seeded, right but for what was planted, and spoilt where it was."""

import polars as pl
import pytest

import mne
from benchmarks import generate
from benchmarks.defects import KINDS, possible_kinds
from benchmarks.projects import bench, widened
from mne.testing import DEFECTS
from tests.builders import plan_of

WITHOUT = {
    "comment-missing",  # a target must be missed by the whole of an indicator
    "figures-repeated",  # several indicators of one report must repeat theirs
    "date-ambiguous",  # the other days of a large table say how days are written
    "number-ambiguous",  # as with days
    "period-future",  # validation must be told the day
    "period-year",  # one row of a partner's must lack the period that all its others have
    "stage-falls-back",  # a stage is a word, and what is planted in a series are figures
    "state-not-due",  # the whole of an indicator must be called so, by those whom the plan asks for it
    "unit-changed",  # the other units of the plans are a thousand times larger or smaller, which is an outlier
    "ratio-swapped",  # a ratio per hundred that is swapped is more than one, which is another code
    "parts-swapped",  # women and men are about as many in all tables of the benchmarks
    "value-out-of-range",  # no plan of the benchmarks sets limits of an index but the Tajik one, for one indicator
}


def strict():
    """A plan with every limit that a plan can set."""
    return plan_of(
        {"id": "I1", "title": "One", "measure": "number", "unit": "person", "accumulation": "flow",
         "reachable": "20000", "thresholds": {"jump": "40"}, "evidence_required": True},
        {"id": "I2", "title": "Two", "measure": "percentage", "unit": "percent", "reported_as": "value",
         "accumulation": "level", "baseline": {"value": "10"},
         "targets": [{"date": "2026-12-31", "value": "50", "kind": "final"}]},
        {"id": "I3", "title": "Three", "measure": "number", "unit": "person", "accumulation": "flow",
         "formula": "I1 * 2"},
        reporting_lag=20, closing_lag=60,
    )  # fmt: skip


PLANS = {"bench": bench(5000, places=6), "tajikistan": mne.example("tajikistan"), "strict": widened(strict(), 600)}


def judged(table, project, tmp_path):
    path = generate.save(table, tmp_path / "report.csv")
    return mne.validate(path, project)


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("numbers", ["text", "float"])
def test_a_table_without_defects_is_accepted_without_a_word(name, numbers, tmp_path):
    table = generate.report(PLANS[name], 1000, numbers=numbers)
    report = judged(table, PLANS[name], tmp_path) if numbers == "text" else mne.validate(table, PLANS[name])
    assert not [each for each in report.findings if each.level.rank <= mne.Severity.WARNING.rank]
    assert report.counts.accepted == table.height


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("part", range(6))
def test_every_kind_of_defect_is_found_by_its_code(name, part, tmp_path):
    # A few at a time, as a small table has no room for all of them.
    project = PLANS[name]
    kinds = possible_kinds(project, text=True)[part::6]
    table = generate.report(project, 2500, numbers="text", defects=dict.fromkeys(kinds, 0.004))
    assert set(kinds) <= judged(table, project, tmp_path).findings.codes.keys()


def test_every_defect_that_a_table_can_hold_can_be_planted():
    assert set(DEFECTS) - WITHOUT == set(KINDS)
    assert set(KINDS) == {code for each in PLANS.values() for code in possible_kinds(each, text=True)}


def test_the_seed_makes_the_table():
    first, again, other = (generate.report(PLANS["bench"], 800, seed=seed, defects=0.1) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_shares_of_defects_are_what_was_asked_for():
    table = generate.report(PLANS["bench"], 2000, defects={"unit-mismatch": 0.05, "ref-unknown-partner": 0.02})
    assert table.filter(pl.col("unit") == "day").height == pytest.approx(0.05 * table.height, rel=0.05)
    assert table.filter(pl.col("partner") == "Nobody at all").height == pytest.approx(0.02 * table.height, rel=0.05)


def test_nearly_every_cell_is_reported_once():
    table = generate.report(PLANS["bench"], 2000)
    key = ["indicator", "period", "partner", "location", "category"]
    assert table.select(pl.struct(key).n_unique()).item() > 0.95 * table.height


def test_where_all_is_bad_nothing_counts(tmp_path):
    table = generate.all_bad(PLANS["bench"], 1500)
    assert mne.validate(table, PLANS["bench"]).counts.accepted == 0


def test_a_plan_is_widened_until_the_rows_have_room():
    project = widened(PLANS["tajikistan"], 20_000)
    table = generate.report(project, 20_000)
    assert 20_000 <= table.height < 21_500
    assert len(project.partners) > len(PLANS["tajikistan"].partners)


def test_numbers_are_the_same_in_every_type():
    floats, decimals, texts = (
        generate.report(PLANS["bench"], 500, numbers=numbers) for numbers in ("float", "decimal", "text")
    )
    assert floats["value"].to_list() == decimals["value"].cast(pl.Float64).to_list()
    assert floats["value"].to_list() == texts["value"].cast(pl.Float64).to_list()


def test_a_defect_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="value-sad"):
        generate.report(PLANS["bench"], 100, defects={"value-sad": 0.1})
