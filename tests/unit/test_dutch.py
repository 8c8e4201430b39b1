"""Real reports before any cleaning: every period is read, judged and counted once, and none of them breaks anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mne.scores.conventions import Convention
from tests.conformance.dutch import CELLS, DEFAULT, Tally, main, plans, read, run, table

FILE = "data/iati/aidstream_nl_results.jsonl"
PERIODS = 15_748


def period(actual: Any, target: Any, start: str = "2016-01-01", end: str = "2016-12-31") -> dict[str, Any]:
    return {
        "start": [start], "end": [end],
        "actuals": [{"value": actual, "comment": ""}], "targets": [{"value": target, "comment": ""}],
    }  # fmt: skip


def result(id: int, *periods: dict[str, Any], activity: int = 1, **more: Any) -> str:
    baseline = {"year": more.pop("year", "2015"), "value": more.pop("baseline", "0"), "comment": ""}
    indicator = {
        "title": "I",
        "measure": "1",
        "ascending": "1",
        "baselines": [baseline],
        "periods": list(periods),
        **more,
    }
    return json.dumps(
        {"id": id, "activity_id": activity, "result_title": "R", "result_type": "1", "indicators": [indicator]}
    )


@pytest.fixture
def file(tmp_path):
    def write(*lines: str) -> Tally:
        path = tmp_path / "results.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return run(path)

    return write


def test_every_kind_of_cell_is_counted_once_and_none_becomes_a_number_by_accident(file):
    tally = file(
        result(1, period("5", "10")),
        result(2, period("", "10"), baseline=""),
        result(3, period("-", None), baseline="N/A"),
        result(4, period("Not applicable", "Not applicable")),
        result(5, period("more than 250", "three")),
        result(6, period("42%", "50%"), activity=2),
        result(7, period("42%", "50%"), activity=3, measure="2"),
        result(8, period("Poor", "Good"), measure="5"),
        result(9, period("1", "2", start="", end="")),
        result(10, period("1", "2", start="2017-12-31", end="2016-01-01")),
        result(11, period("1", "2", start="no date")),
    )
    assert tally.adds_up()
    assert tally.total == 11
    assert tally.counters["actual"] == {
        "number": 5, "blank": 1, "word for missing": 1, "word for not applicable": 1, "not a number: number-invalid": 3,
    }  # fmt: skip
    assert tally.counters["target"]["blank"] == 1
    assert tally.counters["baseline"] == {"number": 9, "blank": 1, "word for missing": 1}
    assert tally.counters["dates"] == {"both": 8, "blank": 1, "end before start": 1, "no date: date-invalid": 1}
    reasons = tally.values[DEFAULT]
    assert reasons["number"] == 5, "1, 7, and the three without proper dates"
    assert reasons["target-is-text"] + reasons["text-only"] + reasons["no-reports"] + reasons["no-target"] == 5
    assert reasons["target-not-applicable"] + reasons["not-applicable"] == 1
    assert tally.values["growth_rate"]["number"] == 0, "no time is known where dates are not, and zero does not grow"


def test_a_comma_is_read_by_what_its_own_activity_writes(file):
    tally = file(
        result(1, period("1,234", "10,5"), activity=1),
        result(2, period("1,234", "10.5"), activity=2),
        result(3, period("1,234", "10"), activity=3),
    )
    assert tally.counters["actual"] == {"number": 2, "not a number: number-ambiguous": 1}
    read_as = {each.id: each.cells["actual"].value for each in read([result(1, period("1,234", "10,5"))])}
    assert str(read_as["R1.1.1"]) == "1.234"


def test_periods_of_the_same_dates_are_named_and_both_counted(file):
    tally = file(
        result(1, period("5", "10"), period("5", "10"), period("6", "10"), period("5", "10", end="2017-12-31"))
    )
    assert tally.counters["duplicates"] == {
        "first of its dates": 2, "again, same dates, same figures": 1, "again, same dates, other figures": 1,
    }  # fmt: skip
    assert [name.partition(":")[0] for name in tally.duplicates] == ["R1.1.2", "R1.1.3"]
    assert tally.values[DEFAULT]["number"] == 4


def test_ratings_are_held_beside_those_of_the_default_convention(file):
    tally = file(
        result(1, period("45", "60"), baseline="40"),
        result(2, period("60", "60"), baseline="40"),
        result(3, period("60", "60"), baseline=""),
        result(4, period("5", "0"), baseline="10", ascending="0"),
        result(5, period("", "60")),
    )
    # 45 of 60 is 75 %, of the way from 40 only 25 %
    assert tally.ratings["actual_over_target"] == {
        "another": 1, "same": 1, "only this": 1, "only the default": 1, "neither": 1,
    }  # fmt: skip
    assert tally.ratings["variance"]["another"] == 1
    assert tally.ratings[DEFAULT] == {"same": 3, "neither": 2}
    assert tally.ratings["baseline_target, else actual_over_target"]["only this"] == 1
    assert tally.schemes["tola-scope"]["low"] == 1


def test_every_period_stands_in_one_plan_with_at_most_one_report():
    periods = read(
        [result(1, period("1", "2"), period("3", "4", "2017-01-01", "2019-06-30")), result(2, period("x", "2"))]
    )
    made = list(plans(periods))
    assert [sorted(plan.indicators) for plan, _ in made] == [["R1.1.1", "R2.1.1"], ["R1.1.2"]]
    assert [len(observations) for _, observations in made] == [1, 1], "what is no number is held back"


def test_the_table_says_when_counts_do_not_add_up(file):
    tally = file(result(1, period("1", "2")))
    assert "DOES NOT" not in table(tally)
    tally.counters["actual"]["number"] += 1
    assert not tally.adds_up()
    assert "DOES NOT" in table(tally)


def test_the_command_prints_the_table_and_wants_one_file(tmp_path, capsys):
    path = tmp_path / "one.jsonl"
    path.write_text(result(1, period("1", "2"), period("1", "2")), encoding="utf-8")
    assert main([str(path)]) == 0
    told = capsys.readouterr().out
    assert "| actual | number | 2 | 100.0 |" in told
    assert "R1.1.2" in told
    assert main([]) == 2


# --- the whole file -----------------------------------------------------------------------------------------------


def test_all_published_periods(shared, root, subtests):
    """One test, as the count takes minutes and each worker would make it anew."""
    tally = run(shared / FILE)
    for holds in (all_are_counted, what_is_known_comes_out, only_three_numbers_are_measured, the_page_shows_it):
        with subtests.test(holds.__name__):
            holds(tally, root)


def all_are_counted(tally: Tally, _root: Path) -> None:
    assert (tally.total, tally.results, tally.indicators) == (PERIODS, 7_237, 11_179)
    assert tally.adds_up()
    assert {name: counter.total() for name, counter in tally.counters.items()} == dict.fromkeys(tally.counters, PERIODS)
    assert set(tally.values) >= {each.value for each in Convention}


def what_is_known_comes_out(everything: Tally, _root: Path) -> None:
    """Counted once with plain text searches, so that the cells' own reading is held against something else."""
    counts = everything.counters
    assert counts["dates"] == {"both": 15_290, "blank": 458}
    assert counts["actual"]["blank"] == 5_523
    assert counts["target"]["blank"] == 6_597
    assert 9_838 <= counts["actual"]["number"] <= PERIODS - 5_523, "9,838 are plain digits"
    assert 8_804 <= counts["target"]["number"] <= PERIODS - 6_597, "8,804 are plain digits"
    assert counts["duplicates"]["first of its dates"] == PERIODS - len(everything.duplicates) == PERIODS - 95


def only_three_numbers_are_measured(tally: Tally, _root: Path) -> None:
    three = tally.counters["actual, target and baseline"][" ".join(CELLS)]
    reasons = tally.values[DEFAULT]
    assert 0 < reasons["number"] + reasons["target-equals-baseline"] <= three
    assert tally.ratings[DEFAULT]["same"] == reasons["number"]
    assert tally.ratings[DEFAULT]["another"] == 0


def the_page_shows_it(everything: Tally, root: Path) -> None:
    assert table(everything) in (root / "docs" / "dutch.md").read_text(encoding="utf-8")
