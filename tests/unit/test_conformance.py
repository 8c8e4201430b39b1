"""The conformance run: what it counts, what makes it fail, and that cases are answered by their kind and not by their id."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.__main__ import main
from tests.conformance.contract import Status, better_answers, judged, same
from tests.conformance.peers import FORMAT
from tests.conformance.runner import FileRun, failures, run_file, table

DATA = {
    "small_tree": {
        "org_tree": {"A": ["B", "C"], "B": ["D"]},
        "values": {
            "deA": {"2020-01": {"A": 4, "D": 10}, "2020-02": {"B": 6, "C": 2}, "2020-05": {"D": 30}},
            "deB": {"2020-01": {"A": 8, "D": 5}, "2020-03": {"C": 4}},
        },
        "reports_received": {"dataSetX (due from B,C; monthly)": {"B": ["01", "03"], "C": ["02"]}},
    }
}
"""A dataset of the format that no published case asks about: other units, months and figures."""


def case(topic: str, method: str, inputs: dict[str, Any], expected: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": "own", "system": "own", "topic": topic, "method": method, "inputs": inputs, "expected": expected,
        "verdict": "agree", **more,
    }  # fmt: skip


def of_tree(topic: str, method: str, query: str, expected: Any, **more: Any) -> dict[str, Any]:
    return case(topic, method, {"dataset": "small_tree", "query": query}, expected, **more)


WORKED = (
    # 4 + 10 + 6 + 2 from A down in the first quarter; 30 came in May
    of_tree("hierarchy_time", "sum over subtree and quarter", "deA, A, 2020Q1", 22),
    of_tree("hierarchy_time", "sum over subtree", "deA, B, 2020", 46),
    # 4, 10 and 6 for January and February: A, D and B
    of_tree("hierarchy_time", "max over units incl. descendants", "deA, A, 2020-01 and 02", 10),
    of_tree("hierarchy_time", "min over units incl. descendants", "deA, A, 2020-01 + 2020-02", 2),
    # January alone lies whole between the two days
    of_tree("hierarchy_time", "only periods wholly inside the date range", "deA, A, 2020-01-01..2020-02-28", 14),
    # the largest of D's months is 30; A 4, B 6, C 2
    of_tree("hierarchy_time", "max (min) over time per unit, then sum over units", "deA, A, 2020",
            {"max_sum": 42, "min_sum": 22}),
    # 22 · 17 / 10
    of_tree("expression", "aggregate first, then multiply", "deA*deB/10, A, 2020Q1", 37.4),
    # of B and C in three months each, three of six forms came
    of_tree("completeness", "reporting rate percent", "dataSetX, A, 2020Q1", 50),
    # A 4/8, D 10/5; neither B nor C sent both
    of_tree("ratio_of_sums_vs_mean", "sum of unit ratios", "deA/deB per unit, 2020-01", {"A": 2.5, "B": 2}),
    of_tree("ratio_of_sums_vs_mean", "mean of unit ratios", "deA/deB per unit, 2020-01", {"A": 1.25}),
    # A, D, B and C between January and March; only D in May
    of_tree("moving_window", "count of units with any report in the last 3 months", "deA",
            {"A": {"2020-03": 4, "2020-05": 1}}),
    case("locations", "min across locations", {"values": [7, 3, 5]}, 3),
    case("percentage", "percent_of(numerator,denominator), 2 decimals", {"numerator": 5, "denominator": 6}, 83.33),
    case("percentage", "percent_of", {"numerator": 5, "denominator": 0}, 0, verdict="quirk",
         notes="undefined ratio becomes 0"),
    case("achievement", "percent met", {"target": 40, "actual": 50, "decreasing": True}, 0.8),
    case("rag", "grade: <=49 low, >=85 high, else medium", {"percent": 84}, "medium"),
    # 30 of 40 is 25 points ahead of the half that is due
    case("rag", "time-adjusted", {"achievement": 0.75, "quarter": 2, "level_indicator": False}, "Above Target"),
    case("score_rollup", "weighted mean of children [percent, weight]", {"children": [[40, 1], [80, 3]]}, 70),
    # 10 and 20 run on to 30 and 60, of 40 and 50
    case("time_periods", "period actual: running sum", {"targets": [40, 50, 60], "results_by_period": [[10, 20], [30]]},
         {"actuals": [30, 60, None], "percent_met": [0.75, 1.2, None]}),
    case("life_of_project", "target = sum of periodic targets; actual = sum", {"targets": [40, 60],
         "results_by_period": [30, [10, 10]]}, {"target": 100, "actual": 50, "percent_met": 0.5}),
    case("missing_strategy", "sum with missing-value strategy skip_if_any_missing", {"values": [3, None]}, None),
    case("missing_strategy", "sum with missing-value strategy never_skip", {"values": [None]}, 0),
    case("validation_rule", "A+B < C", {"A": 1, "B": 2, "C": 3}, {"violation": [3, 3]}),
    case("validation_rule", "exclusive pair A,B (at most one)", {"A": 1, "B": 2}, {"violation": [1, 2]}),
    case("validation", "disaggregated parts for a total of 9", {"total": 9, "parts": ["4", "4"]}, "rejected"),
    case("validation", "partner disaggregated cell set", {"case": "non-numeric cell"}, "rejected"),
    case("calendar", "period containing a date", {"date": "2020-02-29", "start_month": 7, "periods": 2},
         ["2020-01-01", "2020-06-30"]),
    case("parent_child_ratio", "ratio of sums across children", {"children": [{"n": 1, "d": 4}, {"n": 2, "d": 4}]},
         {"n": 3, "d": 8, "percent": 37.5}),
    case("lineage", "contributors of a parent cell", {"child1": [4, 6], "child2": 5},
         {"contributors": {"child1": 10, "child2": 5}}),
    case("relation", "property: max over accepted periods", {"values": "random"}, "relation holds"),
)  # fmt: skip


def written(folder: Path, *cases: dict[str, Any]) -> Path:
    path = folder / "cases.json"
    path.write_text(json.dumps({"datasets": DATA, "cases": cases}), encoding="utf-8")
    return path


def run_of(folder: Path, *cases: dict[str, Any]) -> FileRun:
    return run_file(written(folder, *cases), [FORMAT])


@pytest.mark.parametrize("worked", [pytest.param(each, id=f"{each['topic']}-{at}") for at, each in enumerate(WORKED)])
def test_a_case_with_other_figures_is_answered(worked: dict[str, Any], tmp_path: Path) -> None:
    run = run_of(tmp_path, worked)
    assert failures([run]) == []
    assert run.count(Status.PASSED) == 1


@pytest.mark.parametrize(
    "worked",
    [each for each in WORKED if each["verdict"] == "agree" and isinstance(each["expected"], (int, float))],
)
def test_another_figure_is_not_taken_for_the_expected_one(worked: dict[str, Any], tmp_path: Path) -> None:
    run = run_of(tmp_path, {**worked, "expected": worked["expected"] + 1})
    assert run.count(Status.FAILED) == 1
    assert not run.is_good


def test_what_is_expected_does_not_change_what_is_computed(tmp_path: Path) -> None:
    told = [
        run_of(tmp_path, {**each, "expected": _spoilt(each["expected"])})
        for each in WORKED
        if each["verdict"] == "agree"
    ]
    assert [run.count(Status.PASSED) for run in told] == [0] * len(told)


def _spoilt(expected: Any) -> Any:
    """The same shape with nothing right in it."""
    if isinstance(expected, dict):
        return {key: _spoilt(each) for key, each in expected.items()}
    if isinstance(expected, list):
        return [_spoilt(each) for each in expected]
    return f"not {expected}" if isinstance(expected, str) else -987654321


def test_a_topic_that_nobody_knows_is_not_wired_and_fails_the_run(tmp_path: Path) -> None:
    run = run_of(tmp_path, WORKED[0], case("astrology", "rising sign", {"born": "2000-01-01"}, "Leo"))
    assert (run.count(Status.PASSED), run.count(Status.NOT_WIRED)) == (1, 1)
    assert not run.is_good
    assert "astrology" in failures([run])[0]


def test_a_method_that_a_known_topic_does_not_have_is_not_wired(tmp_path: Path) -> None:
    run = run_of(tmp_path, case("locations", "bootstrap across locations", {"values": [1, 2]}, 1.5))
    assert run.count(Status.NOT_WIRED) == 1


def test_an_adapter_that_breaks_fails_its_case_and_no_other(tmp_path: Path) -> None:
    run = run_of(tmp_path, case("workflow", "sum", {"no updates": []}, 1), WORKED[0])
    assert (run.count(Status.FAILED), run.count(Status.PASSED)) == (1, 1)


def in_scope(name: str, targets: list[int], results: list[int], expected: str) -> dict[str, Any]:
    inputs = {"targets": targets, "results": results, "cumulation": "noncum", "decreasing": False}
    return case("rag", f"portfolio scope count, one indicator: {name}", inputs, expected)


def test_a_portfolio_counts_the_indicators_that_its_file_describes(tmp_path: Path) -> None:
    scopes = [in_scope("far over", [100], [200], "high"), in_scope("nothing yet", [100], [], "nonreporting")]
    inputs = {"indicators": ["far over", "nothing yet"], "source": "the cases above"}
    whole = case("rag", "portfolio counts", inputs, {"low": 0, "on": 0, "high": 1, "nonreporting": 1, "total": 2})
    assert run_of(tmp_path, *scopes, whole).count(Status.PASSED) == 3
    assert run_of(tmp_path, *scopes[:1], whole).count(Status.NOT_APPLICABLE) == 1


SITES = {
    "indicator1": {
        "site1 (Red, 2020-01, north)": 4,
        "site2 (Blue, 2020-05, south)": 6,
        "site3 (Red, 2020-05, south)": 5,
    }
}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("sum by partner", {"Red": 9, "Blue": 6}),
        ("sum by province", {"north": 4, "south": 11}),
        ("sum per quarter", {"2020Q1": 4, "2020Q2": 11}),
        ("average over sites", 5),
    ],
)
def test_sites_are_summed_by_whatever_is_asked(method: str, expected: Any, tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    asked = case("locations", method, {"dataset": "sites", "query": "indicator 1"}, expected)
    path.write_text(json.dumps({"datasets": {"sites": SITES}, "cases": [asked]}), encoding="utf-8")
    assert failures([run_file(path, [FORMAT])]) == []


def test_a_case_goes_on_from_the_one_above(tmp_path: Path) -> None:
    method = "latest value per reporter, carried forward"
    first = case("cumulative", method, {"P1": {"u1": {"value": 4}, "u2": {"value": 3}}}, {"P1": {"value": 7}})
    then = {"previous": "case above", "P2": {"u2": {"value": 5}}}
    second = {**case("cumulative", method, then, {"P2": {"value": 9}}), "id": "next"}
    assert run_of(tmp_path, first, second).count(Status.PASSED) == 2


def test_more_left_out_than_allowed_fails_the_run(tmp_path: Path) -> None:
    web_form = case("formatting", "display string of a total", {"type": "ratio", "total": {}}, "0/1")
    few = run_of(tmp_path, web_form, *WORKED[:12])
    many = run_of(tmp_path, web_form, *WORKED[:10])
    assert (few.is_good, many.is_good) == (True, False)
    assert few.count(Status.NOT_APPLICABLE) == many.count(Status.NOT_APPLICABLE) == 1


@pytest.mark.parametrize("content", ["{", "[]", '{"cases": []}', '{"cases": [{"id": 1}]}', '{"something": "else"}'])
def test_a_file_that_holds_no_cases_does_not_pass(content: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text(content, encoding="utf-8")
    run = run_file(path, [FORMAT])
    assert not run.is_good
    assert len(failures([run])) == 1


def test_the_table_adds_up(tmp_path: Path) -> None:
    lines = table([run_of(tmp_path, *WORKED[:5], case("astrology", "m", {}, 1))]).splitlines()
    counts = [[int(each) for each in line.split()[-5:]] for line in lines[1:]]
    assert counts[-1] == [5, 5, 0, 0, 1]
    assert counts[-1] == counts[-2] == counts[0]


# --- the verdicts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "want", "tolerance", "agrees"),
    [
        (Fraction(1, 3), Decimal("33.33"), None, False),
        (Fraction(100, 3), Decimal("33.33"), None, True),
        (Fraction(4, 15), Decimal("0.26666666"), None, True),
        (Fraction(200, 3), Decimal("66.67"), None, True),
        (Fraction(200, 3), Decimal("66.65"), None, False),
        (Fraction(29, 2), 14, None, False),
        (Fraction(29, 2), 14, Decimal("0.5"), True),
        (None, "N/A", None, True),
        (Fraction(0), "N/A", None, False),
        (None, 0, None, False),
        (Fraction(0), None, None, False),
        (True, 1, None, False),
        ({"a": Fraction(1), "b": Fraction(2)}, {"a": 1}, None, True),
        ({"a": Fraction(1)}, {"a": 1, "b": None}, None, False),
        ([Fraction(1)], [1, None], None, False),
    ],
)
def test_when_two_answers_are_the_same(got: Any, want: Any, tolerance: Any, agrees: bool) -> None:
    assert same(got, want, tolerance) is agrees


@pytest.mark.parametrize(
    ("notes", "better"),
    [
        ("undefined ratio becomes 0; a missing-aware library should give missing/undefined", (None,)),
        ("running total is doubled; correct 10 (or 15)", (10, 15)),
        ("mixes 0.2/0.5 fractions with 45 percent; correct (45-20)/(50-20)=83.33", (Decimal("83.33"),)),
        ("decreasing: correct .5", (Decimal("0.5"),)),
        ("blank counts as 0 in the divisor; missing-aware answer 10", (10,)),
        ("falls back to sum", ()),
        ("", ()),
    ],
)
def test_the_better_answer_is_read_from_the_notes(notes: str, better: tuple[Any, ...]) -> None:
    assert better_answers(notes) == better


@pytest.mark.parametrize(
    ("got", "expected", "notes", "status"),
    [
        (Fraction(20), 20, "correct 10", Status.FAILED),
        (Fraction(10), 20, "correct 10", Status.PASSED),
        (Fraction(12), 20, "correct 10", Status.FAILED),
        (Fraction(12), 20, "", Status.PASSED),
        (None, 0, "undefined becomes 0", Status.PASSED),
        (Fraction(1), 0, "undefined becomes 0", Status.FAILED),
        (Fraction(299, 3), Decimal("99.66"), "exact 99.67", Status.PASSED),
        (Decimal("99.66"), Decimal("99.66"), "exact 99.67", Status.FAILED),
    ],
)
def test_a_quirk_differs_and_is_the_better_answer(got: Any, expected: Any, notes: str, status: Status) -> None:
    told = {"verdict": "quirk", "expected": expected, "notes": notes, "tolerance": Decimal("0.005")}
    assert judged(told, got).status is status


# --- everything that is published -------------------------------------------------------------------------------------


def test_every_published_case_is_answered(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = sorted(str(path) for path in (shared / "oracles").glob("*.json"))
    assert len(paths) == 3
    code = main(paths)
    told = capsys.readouterr().out
    assert code == 0, told


def test_a_file_with_an_unknown_topic_is_told_and_exits_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, *WORKED[:2], case("astrology", "rising sign", {"born": "2000-01-01"}, "Leo"))
    assert main([str(path)]) == 1
    assert "astrology" in capsys.readouterr().out
    assert main([str(written(tmp_path, *WORKED[:2]))]) == 0


def test_without_files_the_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "PATH" in capsys.readouterr().err
