"""The two real logframes: complete, without error, and with nothing in them that is neither sourced nor marked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mne.ground.catalogue import Severity
from mne.logframe.files import check_logframe, read_logframe
from mne.logframe.indicator import Accumulation, BaselineStatus, Direction, Measure, Quantity, Target, TargetVersion
from mne.logframe.model import Logframe

NAMES = ("tajikistan-digital-foundations", "bangladesh-urban-resilience")
YEARS = ("2016", "2017", "2018", "2019", "2020")


@pytest.fixture(scope="module")
def plans(root: Path) -> dict[str, Logframe]:
    return {name: read_logframe(root / "logframes" / f"{name}.yaml") for name in NAMES}


@pytest.fixture(scope="module")
def tajikistan(plans: dict[str, Logframe]) -> Logframe:
    return plans[NAMES[0]]


@pytest.fixture(scope="module")
def bangladesh(plans: dict[str, Logframe]) -> Logframe:
    return plans[NAMES[1]]


def versions(target: Target) -> Iterator[TargetVersion]:
    yield target
    yield from target.history


def number_of(quantity: Quantity) -> bool:
    named = ("value", "numerator", "denominator", "stage", "minimum", "maximum", "above_baseline")
    return any(getattr(quantity, name, None) is not None for name in named)


def unaccounted(plan: Logframe) -> Iterator[str]:
    """Every number that neither names a source nor says that it is illustrative."""
    for result in plan.walk():
        if result.weight is not None and not result.weight_illustrative and result.source is None:
            yield f"{result.id}.weight"
        for indicator in result.indicators:
            made_up = indicator.illustrative
            if indicator.weight is not None and not indicator.weight_illustrative:
                yield f"{indicator.id}.weight"
            for name in ("per", "tolerance", "min_coverage", "reachable", "survey"):
                if getattr(indicator, name) is not None and not made_up:
                    yield f"{indicator.id}.{name}"
            baseline = indicator.baseline
            if baseline is not None:
                if number_of(baseline) and not (baseline.source or baseline.illustrative):
                    yield f"{indicator.id}.baseline"
                yield from (
                    f"{indicator.id}.baseline[{category}]"
                    for category, quantity in baseline.categories.items()
                    if not quantity.illustrative and not baseline.source
                )
            for target in indicator.targets:
                for version in versions(target):
                    if number_of(version) and not (version.source or version.illustrative):
                        yield f"{indicator.id}.target[{target.period or target.date}]"
    yield from (f"budget {budget.title}" for budget in plan.budgets if not (budget.source or budget.illustrative))
    yield from (f"rate {rate.currency}/{rate.to}" for rate in plan.exchange_rates if not rate.source)


def sources_named(plan: Logframe) -> Iterator[str]:
    yield from (budget.source for budget in plan.budgets if budget.source)
    yield from (rate.source for rate in plan.exchange_rates if rate.source)
    for result in plan.walk():
        if result.source:
            yield result.source
        for indicator in result.indicators:
            yield from indicator.sources
            if indicator.baseline and indicator.baseline.source:
                yield indicator.baseline.source
            yield from (version.source for each in indicator.targets for version in versions(each) if version.source)


@pytest.mark.parametrize("name", NAMES)
def test_the_design_has_no_error(plans: dict[str, Logframe], name: str) -> None:
    found = [f for f in check_logframe(plans[name]) if f.level in (Severity.BLOCKER, Severity.ERROR)]
    assert [str(finding) for finding in found] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_source_or_is_marked_illustrative(plans: dict[str, Logframe], name: str) -> None:
    assert list(unaccounted(plans[name])) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_source_named_is_listed(plans: dict[str, Logframe], name: str) -> None:
    listed = {source.id for source in plans[name].sources}
    assert set(sources_named(plans[name])) <= listed


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_short_enough_to_read(root: Path, name: str) -> None:
    lines = (root / "logframes" / f"{name}.yaml").read_text("utf-8").splitlines()
    assert [number for number, line in enumerate(lines, start=1) if len(line) > 120] == []


class TestTajikistan:
    def test_goal_and_outcomes_are_worded_as_published(self, tajikistan: Logframe) -> None:
        titles = {id: str(result.title) for id, result in tajikistan.results_by_id.items()}
        assert titles["OC1"] == "Strengthened foundations for safe digital government systems and services"
        assert titles["OC2"] == "Enhanced digital skills of the population"
        assert titles["GOAL"].endswith("and increase the digital literacy of the population")

    def test_it_has_every_accumulation_direction_and_measure(self, tajikistan: Logframe) -> None:
        indicators = list(tajikistan.indicators.values())
        assert len(indicators) >= 12
        assert {each.accumulation for each in indicators} == set(Accumulation)
        assert {each.direction for each in indicators} == set(Direction)
        assert {each.measure for each in indicators} >= set(Measure) - {Measure.NOMINAL, Measure.NARRATIVE}
        assert {each.measure for each in indicators} & {Measure.NOMINAL, Measure.NARRATIVE}

    def test_it_is_disaggregated_by_sex_age_and_vulnerability(self, tajikistan: Logframe) -> None:
        used = {
            name
            for each in tajikistan.indicators.values()
            for split in each.disaggregation
            for name in split.dimensions
        }
        assert used == {"sex", "age", "vulnerability"} == {dimension.id for dimension in tajikistan.dimensions}

    def test_only_published_targets_are_not_illustrative(self, tajikistan: Logframe) -> None:
        published = {
            each.id: (target.value, target.kind.value, str(target.date))
            for each in tajikistan.indicators.values()
            for target in each.targets
            if not target.illustrative
        }
        assert published == {
            "OC1.1": (25, "final", "2030-12-31"),
            "OC2.1": (28000, "final", "2030-12-31"),
            "OP2.1.1": (2000, "final", "2030-12-31"),
            "OP2.2.1": (100, "final", "2030-12-31"),
        }

    def test_no_baseline_is_presented_as_published(self, tajikistan: Logframe) -> None:
        baselines = [each.baseline for each in tajikistan.indicators.values() if each.baseline]
        assert all(b.illustrative for b in baselines if b.status is BaselineStatus.ESTABLISHED)
        assert [b.status for b in baselines].count(BaselineStatus.PENDING) == 1

    def test_outputs_weights_and_reporting_partners_are_marked(self, tajikistan: Logframe) -> None:
        outputs = [result for result in tajikistan.walk() if result.level == "output"]
        assert len(outputs) == 4
        assert all(result.illustrative for result in outputs)
        assert all(result.weight_illustrative for result in tajikistan.walk() if result.weight is not None)
        partners = [each for each in tajikistan.organisations if "partner" in each.roles]
        assert len(partners) == 4
        assert all(each.illustrative for each in partners)

    @pytest.mark.parametrize("parent", ["GOAL", "OC1", "OC2"])
    def test_weights_of_siblings_sum_to_100(self, tajikistan: Logframe, parent: str) -> None:
        assert sum(child.weight for child in tajikistan.results_by_id[parent].results) == 100

    def test_the_diagnostic_is_a_source_of_baselines(self, tajikistan: Logframe) -> None:
        kinds = {source.id: source.kind for source in tajikistan.sources}
        assert kinds["CASHLESS"] == "diagnostic"
        assert kinds["PEFA"] == kinds["PFM-STUDY"] == "assessment"
        assert tajikistan.indicator("OP1.1.1").baseline.source == "CASHLESS"

    def test_published_texts_stand_in_their_languages(self, tajikistan: Logframe, shared: Path) -> None:
        held = json.loads((shared / "data" / "tajikistan_digital_foundations.json").read_text("utf-8"))
        objective = tajikistan.description
        assert objective.in_language("en") == held["pdo_en"]
        assert objective.in_language("ru") == held["pdo_ru"]
        assert objective.in_language("tg") == held["pdo_tj"]
        cases = json.loads((shared / "oracles" / "real_frameworks.json").read_text("utf-8"))["cases"]
        for case, id in (("C001", "OC1.1"), ("C002", "OC2.1")):
            published = next(each for each in cases if each["id"] == case)
            indicator = tajikistan.indicator(id)
            assert indicator.title.in_language("en") == published["indicator"]
            assert indicator.title.in_language("ru") == published["indicator_ru"]
            assert indicator.title.in_language("tg") == published["indicator_tj"]
            assert indicator.targets[-1].value == published["target_num"]
            assert indicator.targets[-1].as_published == published["target_raw"]

    def test_contradictions_of_the_sources_are_told(self, tajikistan: Logframe) -> None:
        told = str(tajikistan.notes)
        for fact in ("P180432", "P506611", "31.08.2028", "December 2030", "45.4", "51.2", "46.2", "200'000"):
            assert fact in told

    def test_a_revised_target_keeps_what_it_was(self, tajikistan: Logframe) -> None:
        revised = [t for each in tajikistan.indicators.values() for t in each.targets if t.history]
        assert [(t.value, t.history[0].value, str(t.since)) for t in revised] == [(4800, 5500, "2025-12-15")]


class TestBangladesh:
    @pytest.fixture
    def cases(self, shared: Path) -> list[dict[str, object]]:
        held = json.loads((shared / "oracles" / "real_frameworks.json").read_text("utf-8"))["cases"]
        return [case for case in held if "C003" <= case["id"] <= "C019"]

    def test_it_has_17_indicators_with_five_yearly_targets_each(self, bangladesh: Logframe) -> None:
        assert len(bangladesh.indicators) == 17
        for indicator in bangladesh.indicators.values():
            periods = [bangladesh.period(target.period) for target in indicator.targets]
            assert [period.label for period in periods] == list(YEARS)
            assert [target.kind.value for target in indicator.targets] == ["milestone"] * 4 + ["final"]

    def test_every_target_says_what_was_published(self, bangladesh: Logframe, cases: list[dict[str, object]]) -> None:
        told = 0
        for indicator, case in zip(bangladesh.indicators.values(), cases, strict=True):
            assert str(indicator.title) == case["indicator"]
            stages = {stage.id: str(stage.title) for stage in indicator.scale}
            for target, raw in zip(indicator.targets, case["targets_raw_YR1_YR5"], strict=True):
                plain = None if target.value is None else format(target.value, "f")
                words = None if target.text is None else str(target.text)
                assert raw in {plain, words, stages.get(target.stage), target.as_published}
                told += 1
        assert told == 85

    def test_every_baseline_is_represented(self, bangladesh: Logframe, cases: list[dict[str, object]]) -> None:
        for indicator, case in zip(bangladesh.indicators.values(), cases, strict=True):
            baseline = indicator.baseline
            assert baseline.as_published == case["baseline_raw"]
            if case["baseline_raw"] == "N/A":
                assert baseline.value is None
                assert baseline.status is not BaselineStatus.ESTABLISHED
            else:
                assert baseline.value == case["baseline_num"]

    def test_baseline_plus_something_is_kept_relative(self, bangladesh: Logframe) -> None:
        relative = {
            id: [target.above_baseline for target in indicator.targets]
            for id, indicator in bangladesh.indicators.items()
            if any(target.above_baseline is not None for target in indicator.targets)
        }
        assert relative == {"PDOI-3": [0, 0, 1, 2, 3], "IRI-9": [None, None, None, None, 30]}

    def test_nothing_is_made_up(self, bangladesh: Logframe) -> None:
        text = bangladesh.model_dump_json(exclude_defaults=True)
        assert "illustrative" not in text
        assert all(result.weight is None for result in bangladesh.walk())
        assert all(indicator.weight is None for indicator in bangladesh.indicators.values())
