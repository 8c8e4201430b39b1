"""Whatever comes out of projects large and small, held against what came out when somebody last read it.

After a change on purpose, run ``pytest tests/golden --update-golden`` and read the difference line by line: each one is a
number, a reason or a word that is now another.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from importlib import resources
from itertools import cycle
from pathlib import Path

import pytest
import yaml

import mne
from mne.logframe.files import to_yaml
from mne.logframe.model import Logframe
from mne.scores.scheme import Scheme, schemes
from tests import cases
from tests.cases import Case
from tests.cases.building import END_Q2
from tests.golden import dossier, hard_project
from tests.golden.test_golden_scores import custom, observed, project, values
from tests.unit.test_cases_library import counted

Golden = Callable[[str, str], None]

HERE = Path(__file__).parent
GROUPS: dict[str, tuple[Case, ...]] = {
    module.__name__.rsplit(".", 1)[-1]: module.CASES
    for module in (
        cases.grid, cases.flows, cases.levels, cases.ratios, cases.categories, cases.units, cases.states,
        cases.achievements, cases.conventions, cases.scores,
    )
}  # fmt: skip
PROJECTS = list(enumerate(dossier.frozen(HERE / "projects.jsonl")))
PORTFOLIOS = list(enumerate(dossier.frozen(HERE / "portfolios.jsonl")))


def test_one_project_asked_everything(golden: Golden) -> None:
    golden("dossier.txt", dossier.dossier(values(), {"custom": custom(), "baseline-target": "baseline-target"}))


@pytest.mark.parametrize("scheme", ["baseline-target", "custom"])
def test_everything_that_makes_a_number_hard(scheme: str, golden: Golden) -> None:
    counted = mne.aggregate(hard_project.observed(), hard_project.project(), until=hard_project.UNTIL)
    card = custom() if scheme == "custom" else scheme
    told = dossier.dossier(counted, {scheme: card}, data=False)
    golden(f"hard-{scheme}.txt", told if scheme != "custom" else told[told.index("\n== scheme") :])


def test_what_people_overrode(golden: Golden) -> None:
    """Ratings given by hand, where ratings are looked up and where they are not: everything above, and how sure it is."""
    counted = mne.aggregate(hard_project.observed(), hard_project.project(), until=hard_project.UNTIL)
    day = dt.date(2025, 11, 3)
    told = []
    for name in ("custom", "baseline-target"):
        scheme = custom() if name == "custom" else schemes()[name]
        best, worst = scheme.bands[0].label, scheme.bands[-1].label
        given = [
            mne.Override(result, rating, "A. Reviewer", "Seen on site", day)
            for result, rating in (("OP1.1", worst), ("OP1.2", best), ("OC2", worst))
        ]
        told += [f"#### {name}", dossier.judged(mne.score(counted, scheme=scheme, overrides=given))]
    golden("overridden.txt", "\n".join(told))


@pytest.mark.parametrize("group", GROUPS)
def test_cases(group: str, golden: Golden) -> None:
    told = []
    for case in GROUPS[group]:
        scheme = (
            case.scheme if case.scheme is None or isinstance(case.scheme, str) else Scheme.model_validate(case.scheme)
        )
        told.append(f"#### {case.name}\n{dossier.brief(counted(case), scheme)}")
    golden(f"cases-{group}.txt", "\n".join(told))


def test_projects(golden: Golden) -> None:
    schemes = cycle([*dossier.shipped().values(), custom()])
    told = [
        f"#### {number}\n{dossier.brief(mne.aggregate_portfolio(rows, plans)[next(iter(plans.plans))], next(schemes))}"
        for number, (plans, rows) in PROJECTS
    ]
    golden("projects.txt", "\n".join(told))


def _variants() -> dict[str, Scheme]:
    """Schemes that combine parts in every way, with every policy for what has no number and every gate."""
    base = custom().model_dump()
    limits = {"floor": "0", "ceiling": "1.2"}

    def variant(aggregate: str, source: str, policy: str, **more: object) -> Scheme:
        step = {"source": source, "aggregate": aggregate, "missing": policy}
        if source == "blend":
            step["indicators"] = "0.4"
        steps = dict.fromkeys(("impact", "outcome", "output"), step)
        gates = [
            {"id": "r", "title": "Core regressed", "when": "core_regressed", "cap": "B"},
            {"id": "m", "title": "Core missing", "when": "core_missing", "cap": "A"},
        ]
        told = {"achievement": {**base["achievement"], **limits}, "steps": steps, "gates": gates, "missing": policy}
        return Scheme.model_validate({**base, **told, "undefined": {"default": policy}, **more})

    return {
        "mean, drop": variant("mean", "indicators_else_results", "drop"),
        "mean, fail": variant("mean", "results_else_indicators", "fail"),
        "geometric, zero": variant("geometric", "blend", "zero"),
        "min, drop": variant("min", "blend", "drop"),
        "harmonic, fail": variant("harmonic", "indicators", "fail", gates=[]),
        "growth": variant("mean", "results", "drop", achievement={"convention": "growth_rate", **limits}),
        "inverse": variant("mean", "blend", "zero", achievement={"convention": "inverse_ratio", **limits}),
    }


def test_bounds(golden: Golden) -> None:
    """How low and how high every score may end, by the limits of a scheme and by those of the missing reports."""
    told = []
    hard = mne.aggregate(hard_project.observed(), hard_project.project(), until=hard_project.UNTIL)
    cases = [(str(at), mne.aggregate_portfolio(rows, plans)[next(iter(plans.plans))]) for at, (plans, rows) in PROJECTS]
    for number, values_of in (*cases, ("hard", hard)):
        for name, scheme in _variants().items():
            card = mne.score(values_of, scheme=scheme)
            cells = {code: (5, 60) for code, each in card.indicators.items() if not each.indicator.by_denominator}
            for how, found in (("limits", mne.bounds(card)), ("cells", mne.bounds(card, cells=cells))):
                told.append(f"#### {number}, {name}, by {how}")
                told += [
                    f"{code}: {each.low} to {each.high}, {each.rating_low} to {each.rating_high}, lack {each.may_lack},"
                    f" complete {each.complete}, certain {each.certain}: {each.why}"
                    for code, each in found.items()
                    if not each.complete or each.may_lack
                ]
    golden("bounds.txt", "\n".join(told) + "\n")


def test_portfolios(golden: Golden) -> None:
    told = []
    for number, (plans, rows) in PORTFOLIOS:
        together = mne.aggregate_portfolio(rows, plans)
        told.append(f"#### {number}\n{together!r}")
        told += [f"! {finding}" for finding in together.findings]
        told += [f"## {id}\n{dossier.brief(each, None)}" for id, each in together.items()]
    golden("portfolios.txt", "\n".join(told))


# --- a revised plan -----------------------------------------------------------------------------------------------


def test_a_revised_plan(golden: Golden) -> None:
    """A weight and a target that are others, an indicator that is gone, one that is new: what that does to scores."""
    old = project()
    plain = yaml.safe_load(to_yaml(old))
    output, other = plain["results"][0]["results"]
    trained, served, days = output["indicators"]
    trained["weight"], trained["core"] = 80, False
    served["targets"][0]["value"] = 140
    days["title"], days["baseline"]["value"] = "Days until an answer", 60
    plain["results"][0]["indicators"] = [each for each in plain["results"][0]["indicators"] if each["id"] != "SILENT"]
    other["indicators"].append({**days, "id": "WAIT", "title": "Days of waiting"})
    new = Logframe.model_validate(plain)
    told = []
    for scheme in ("baseline-target", custom()):
        effects = mne.score_effects(mne.diff(old, new), observed(), scheme=scheme, until=END_Q2)
        told += [repr(effects), effects.to_text(), effects.to_markdown(), effects.to_polars().write_csv()]
        told += [json.dumps(effects.to_dict(), ensure_ascii=False, default=str)]
        told += [f"{effect!s} | {effect.difference}" for effect in effects]
    golden("revised.txt", "\n".join(told) + "\n")


# --- schemes that cannot work -------------------------------------------------------------------------------------


def gated(gate: str) -> tuple[str, str]:
    """A gate more for a scheme that has none."""
    return "bands:", f"gates:\n  - {{id: g, title: A gate, {gate}}}\nbands:"


SPOILT: dict[str, tuple[str, str]] = {
    "a step for no level": ("  outcome: {source", "  outcomes: {source"),
    "no step for outcomes": ("  outcome: {source: results_else_indicators, aggregate: mean}\n", ""),
    "a rating twice": ("label: A+, lower", "label: A++, lower"),
    "a bound twice": ("lower: 112.6", "lower: 137.6"),
    "both kinds of bound": ("lower: 112.6", "lower: 112.6, above: 112.6"),
    "two lowest bands": ("label: B, lower: 62.5, value", "label: B, value"),
    "no lowest band": ("label: C, value", "label: C, lower: 1, value"),
    "a bound finer than the rounding": ("lower: 62.5", "lower: 62.55"),
    "a blend without a share": ("output: {source: indicators_else_results", "output: {source: blend"),
    "a share without a blend": ("mean, lookup: true}", "mean, lookup: true, indicators: 0.5}"),
    "a band that is worth nothing": ("label: C, value: 50,", "label: C,"),
    "limits the wrong way": ("floor: 0", "floor: 2"),
    "limits that leave nothing": ("floor: 0", "floor: 1.5"),
    "a scale of zero": ("scale: 100", "scale: 0"),
    "a scale below zero": ("scale: 100", "scale: -1"),
    "a gate to an unknown rating": gated("when: core_missing, cap: Z"),
    "a gate below nothing": gated("when: core_below, cap: B"),
    "a limit that no gate asks for": gated("when: core_missing, below: 1, cap: B"),
    "a gate of no parts": gated("when: part_worse, cap: B"),
    "parts that no gate asks for": gated("when: core_missing, parts: [OP1], cap: B"),
    "parts without a rating": gated("when: part_worse, parts: [OP1, OP2], cap: B"),
    "parts worse than nothing known": gated("when: part_worse, parts: [OP1], worse_than: Z, cap: B"),
    "no list": ("bands:", "bands: 3\nband:"),
    "no scheme": ("format: 1", "- format: 1"),
}


@pytest.fixture
def spoilt(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(before: str, after: str) -> Path:
        sound = resources.files("mne.scores").joinpath("schemes/fcdo-annual-review.yaml").read_text(encoding="utf-8")
        assert before in sound
        path = tmp_path / "spoilt.yaml"
        path.write_text(sound.replace(before, after, 1), encoding="utf-8")
        return path

    return write


def test_a_spoilt_scheme_says_what_is_wrong(spoilt: Callable[[str, str], Path], golden: Golden) -> None:
    told = []
    for name, (before, after) in SPOILT.items():
        with pytest.raises(mne.SchemeError) as raised:
            mne.read_scheme(spoilt(before, after))
        told.append(f"# {name}\n{raised.value}")
        told += [
            f"{each.code} | {each.place} | {each.place.path} | {each.found} | {each.expected}"
            for each in raised.value.findings
        ]
    folder = str(raised.value.findings[0].place.file).removesuffix("spoilt.yaml")
    golden("spoilt-schemes.txt", "\n".join(told).replace(folder, "") + "\n")
