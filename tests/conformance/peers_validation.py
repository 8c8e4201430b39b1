"""Reports that must be sent back, and such that must be taken: what other systems refuse, put to `mne.validate`.

Read `validated` first. Cases say in words what is wrong; for each kind of words there is a report that has that fault
and nothing else wrong with it, and it must be refused while the same report without the fault is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import mne
from tests.conformance.building import dimension, indicator, project, ratio, split
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged

Row = dict[str, Any]


def validated(plan: Any, rows: Sequence[Mapping[str, Any]], **options: Any) -> Any:
    """A partner's report as a table of text, as a partner would type it, held against a plan."""
    import polars as pl

    with_sender = plan.model_copy(update={"organisations": (_SENDER,)})
    given = [{"partner": "A", "period": "2001", **row} for row in rows]
    names = list(dict.fromkeys(name for row in given for name in row))
    columns = {name: [None if row.get(name) is None else str(row[name]) for row in given] for name in names}
    try:
        return mne.validate(pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)), with_sender, **options)
    except TypeError as error:
        raise NotWired(f"validate has no option {', '.join(options)}") from error


_SENDER: Final = mne.Organisation.model_validate({"id": "A", "title": "A", "roles": ("partner",)})


def is_accepted(found: Any) -> bool:
    """Whether the report need not be sent back."""
    return str(found.verdict) != "send back"


def _codes(found: Any) -> set[str]:
    return {finding.code for finding in found.findings}


# --- parts and totals -----------------------------------------------------------------------------------------------


def _in_parts(parts: int, measure: str = "number", **options: Any) -> Any:
    """A plan whose one indicator, in kilograms so that halves are allowed, is split in so many parts."""
    one = ratio(disaggregation=split()) if measure == "percentage" else indicator(unit="kg", disaggregation=split())
    return project(one, dimensions=(dimension("part", [f"p{at}" for at in range(parts)]),), **options)


def _with_parts(total: Any, parts: Sequence[Any]) -> list[Row]:
    """A total and its parts. Beside parts that are filled in, TolaData's form takes a blank one for nothing: a zero."""
    told = [{"value": part if str(part).strip() else 0, "part": f"p{at}"} for at, part in enumerate(parts)]
    return [{"indicator": "I", **row} for row in ({"value": total}, *told) if row["value"] is not None]


def parts_of_total(case: Case) -> str:
    """Whether a total with these parts is taken; with the mark on sums that disagree raised to an error."""
    inputs = case["inputs"]
    plan = _in_parts(len(inputs["parts"]), severities={"total-mismatch": "error", "total-parts-missing": "error"})
    found = validated(plan, _with_parts(inputs["total"], inputs["parts"]))
    return "accepted" if is_accepted(found) else "rejected"


def stored_parts(case: Case) -> Outcome:
    """Parts that are all blank: nothing is stored."""
    rows = [{"indicator": "I", "part": f"p{at}", "value": part} for at, part in enumerate(case["inputs"]["parts"])]
    stored = validated(_in_parts(len(rows)), rows).observations.to_polars()["value"].drop_nulls()
    return judged(case, "nothing stored" if not len(stored) else f"{len(stored)} stored")


def consistency(case: Case, data: Datasets) -> Outcome:
    """Whether parts that do not make the total are told."""
    total, parts = case["inputs"]["total"], case["inputs"]["parts"]
    found = validated(_in_parts(len(parts)), _with_parts(total, parts))
    return judged(case, {"incomplete": any(code.startswith("total-") for code in _codes(found))})


def _exceeding(words: str) -> tuple[Any, list[Row], list[Row]]:
    """A total with parts that make more than it, and one with parts that make less, which is taken.

    The split has a third part of which nobody speaks, so that the two need not be all.
    """
    most, total = (int(each) for each in found.groups()) if (found := re.search(r"(\d+) > (\d+)", words)) else (11, 10)
    side = next((each for each in ("numerator", "denominator") if each in words), None)
    if side is None:
        plan = _in_parts(3)
        return plan, _with_parts(total, [most - 5, 5]), _with_parts(total, [total - 7, 5])

    def rows(first: int, second: int) -> list[Row]:
        other = "denominator" if side == "numerator" else "numerator"
        rest = (2 * total, total, total) if side == "numerator" else (4, 2, 2)
        numbers = zip((total, first, second), rest, strict=True)
        return [
            {"indicator": "I", "part": part, side: number, other: beside}
            for part, (number, beside) in zip((None, "p0", "p1"), numbers, strict=True)
        ]

    return _in_parts(3, "percentage"), rows(most - 5, 5), rows(total - 7, 5)


# --- cells of a crossed split -----------------------------------------------------------------------------------------


def _cells(*left_out: tuple[str, str], **more: Any) -> list[Row]:
    """A total of 10 with all four cells of sex and age, but for those left out."""
    numbers = {("F", "young"): 1, ("F", "old"): 2, ("M", "young"): 3, ("M", "old"): 4}
    told = [
        {"indicator": "I", "value": value, "sex": sex, "age": age}
        for (sex, age), value in numbers.items()
        if (sex, age) not in left_out
    ]
    return [{"indicator": "I", "value": 10}, *told, *([{"indicator": "I", **more}] if more else [])]


def _crossed() -> Any:
    """A plan whose one indicator must be split by sex and age together, as UNICEF's portal asks."""
    return project(
        indicator(disaggregation=split("sex", "age", required=True)),
        ratio("R"),
        dimensions=(dimension("sex", "FM"), dimension("age", ["young", "old"]), dimension("place", ["camp", "host"])),
        severities={"total-parts-missing": "error"},
    )


_FAULTS: Final[tuple[tuple[str, Callable[[], list[Row]]], ...]] = (
    (r"non-?numeric|not a number", lambda: _replaced("four")),
    (r"d ?= ?0|zero denominator|denominator (?:is )?(?:0|zero)", lambda: [{"indicator": "R", "numerator": 5, "denominator": 0}]),
    (r"without v/d/c|empty cell|cell (?:is )?(?:blank|empty)|missing (?:v|d|c)\b", lambda: _replaced(None)),
    (r"not of this indicator|another indicator|foreign", lambda: _cells(value=4, place="camp")),
    (r"wrong report|membership|another report", lambda: _cells(value=4, project="OTHER")),
    (r"unknown option|invalid option|option .*unknown|unknown key", lambda: _cells(value=4, sex="X", age="old")),
    (r"combination missing|missing combination|too few (?:cells|keys)", lambda: _cells(("M", "old"))),
    (r"duplicate|twice|repeated", lambda: _cells(value=5, sex="M", age="old")),
    (r"extra combination|too many|longer|wrong length|exceeds|higher than", lambda: _cells(value=4, sex="M", age="old", place="camp")),
    (r"differs from level|level|number of reported disaggregations", lambda: [
        {"indicator": "I", "value": 10}, {"indicator": "I", "value": 3, "sex": "F"}, {"indicator": "I", "value": 7, "sex": "M"}]),
)  # fmt: skip
"""What may be wrong with a set of cells, by the words that a case has for it, the most particular first."""


def _replaced(value: Any) -> list[Row]:
    return [*_cells()[:-1], {"indicator": "I", "value": value, "sex": "M", "age": "old"}]


def _cell_set(words: str) -> str:
    rows = next((made for pattern, made in _FAULTS if re.search(pattern, words)), None)
    if rows is None:
        raise NotWired(f"a report with the fault {words!r}")
    return _refused(_crossed(), rows(), _cells())


def _refused(plan: Any, faulty: Sequence[Row], sound: Sequence[Row], **options: Any) -> str:
    """That a report is refused for its fault alone: the same one without it is taken."""
    if not is_accepted(validated(plan, sound, **options)):
        return "rejected also without the fault"
    return "accepted" if is_accepted(validated(plan, faulty, **options)) else "rejected"


# --- rules about whole records ----------------------------------------------------------------------------------------


def _rule(words: str) -> str:
    """That what violates a rule in words is refused, and what keeps to it is not."""
    if re.match(r"sum\(.*\) == ", words):
        plan = _crossed().model_copy(update={"severities": {"total-mismatch": "error"}})
        broken = [{"indicator": "I", "value": 11}, *_cells()[1:]]
        return _refused(plan, broken, _cells())
    if re.search(r"date lies in|within the (?:fiscal|programme|program|reporting)", words):
        plan = project(indicator())
        return _refused(plan, [{"indicator": "I", "value": 4, "period": "2002"}], [{"indicator": "I", "value": 4}])
    if found := re.fullmatch(r"(.+?) present iff (.+?) present", words):
        return _both_or_neither(*found.groups())
    if re.search(r"<=|>=|==|<|>", words):
        return _between_indicators(words)
    raise NotWired(f"the rule {words!r}")


def _both_or_neither(first: str, second: str) -> str:
    """A rule of one's own: two columns of a record are filled in together or not at all."""
    import narwhals.stable.v2 as nw

    def find() -> Any:
        return nw.col("comment").is_null() != nw.col("text").is_null()

    rule = mne.Rule(
        code="record-evidence",
        at=("comment", "text"),
        find=find,
        holds=True,
        message=f"{first} and {second} are filled in together or not at all.",
    )
    both = {"comment": "Minutes of June", "text": "https://example.org/minutes"}
    plan = project(indicator(measure="narrative", unit=None, accumulation="level"), indicator("N"))
    halves = [{name: told} for name, told in both.items()]
    verdicts = {
        _refused(plan, [{"indicator": "I", **half}], [{"indicator": "I", **both}], rules=[rule]) for half in halves
    }
    return verdicts.pop() if len(verdicts) == 1 else "accepted in part"


def _between_indicators(words: str) -> str:
    """A rule over sums of indicators: a case that breaks it is told, and one on the edge keeps to it."""
    from tests.conformance.peers_expressions import held

    left, operator, right = next(
        (before.strip(), sign, after.strip())
        for sign in ("<=", ">=", "==", "<", ">")
        for before, found, after in [words.partition(sign)]
        if found
    )
    names: dict[str, str] = {}

    def formula(side: str) -> str:
        phrases = _phrases(side)
        return " + ".join(names.setdefault(phrase, f"X{len(names)}") for phrase in phrases)

    sides = (formula(left), formula(right))
    here, there = ([name for name in names.values() if name in side.split(" + ")] for side in sides)
    # As many times the other side's number of terms: the two sums are equal.
    level = {**dict.fromkeys(here, len(there)), **dict.fromkeys(there, len(here))}
    told = [
        held(sides[0], operator, sides[1], reports=[{**level, **more}], policy="propagate")[0].status == "holds"
        for more in ({}, {here[0]: 99}, {there[0]: 99})
    ]
    return "rejected" if told == _KEPT[operator] else "accepted"


_KEPT: Final = {"==": [True, False, False], "<=": [True, False, True], ">=": [True, True, False],
                "<": [False, False, True], ">": [False, True, False]}  # fmt: skip
"""Whether a rule holds where its sides are equal, where the left one is more, and where the right one is."""


def _phrases(side: str) -> list[str]:
    """ "direct+indirect unique" as "direct unique" and "indirect unique"."""
    parts = [part.strip() for part in side.split("+")]
    first, _, qualifier = parts[-1].partition(" ")
    return [
        part if " " in part else f"{part} {qualifier}".strip() for part in (*parts[:-1], f"{first} {qualifier}".strip())
    ]


# --- the topic --------------------------------------------------------------------------------------------------------


def validation(case: Case, data: Datasets) -> Outcome:
    """A report with a fault, by what the case says of it."""
    inputs, method = case["inputs"], case["method"]
    plain = {**case, "expected": re.sub(r" \(\d{3}\)$", "", str(case["expected"]))}
    if "updates" in inputs:
        return judged(plain, _several_updates(inputs["updates"]))
    if "total" in inputs:
        return judged(plain, parts_of_total(case))
    if "value" in inputs:
        found = validated(project(indicator(unit="kg")), [{"indicator": "I", "value": inputs["value"]}])
        return judged(plain, "accepted" if is_accepted(found) else "rejected")
    if "rule" in inputs:
        found_ = _rule(inputs["rule"])
        return judged(plain, "violations rejected" if found_ == "rejected" else found_)
    if "exceeding" in method:
        return judged(plain, _refused(*_exceeding(inputs["case"])))
    if "case" in inputs:
        return judged(plain, _cell_set(inputs["case"]))
    raise NotWired(method)


def _several_updates(updates: Sequence[Mapping[str, Any]]) -> str:
    """Several reports of one cell in one period, where only one may stand."""
    names = {"n": "numerator", "d": "denominator"}
    rows = [{"indicator": "I", **{names.get(name, name): each for name, each in update.items()}} for update in updates]
    found = validated(project(ratio()), rows, ignore=["row-duplicate"])
    conflict = {"key-conflict", "row-duplicate"} & (_codes(found) | {finding.code for finding in found.hidden})
    return "error: multiple updates in period" if conflict else "accepted"


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "validation": validation,
    "disaggregation_consistency": consistency,
}
