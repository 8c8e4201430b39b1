"""A corpus of mistakes in a logframe, one a case: each is found where it stands, under its own code, and nothing else is.

The plan `GOOD` gives no finding at all. A case says what is replaced in it, by what, and which findings must come of it,
each with its path and the text by which its line is known.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from mne.ground.catalogue import CODES
from mne.logframe.files import from_text

GOOD = """\
format: 1
id: P1
title: {en: Better services, fr: De meilleurs services}
start: 2024-01-01
end: 2026-12-31
calendar:
  frequency: quarterly
  names: {YR1: "2024"}
currency: USD
reporting_lag: 30
organisations:
  - {id: ORG-A, title: A, roles: [partner]}
  - {id: ORG-B, title: B, roles: [partner]}
  - {id: ORG-M, title: Ministry, roles: [funding]}
locations:
  - {id: REGION, title: Region}
  - {id: LOC-01, title: One, parent: REGION}
dimensions:
  - id: sex
    title: Sex
    codes: [{id: F, title: women}, {id: M, title: men}]
  - id: group
    title: Group
    codes: [{id: poor, title: poor}, {id: old, title: old}]
units:
  - {id: box, title: boxes, of: kg, factor: 12.5, aliases: [crate]}
exchange_rates:
  - {currency: USD, to: TJS, rate: 10, date: 2025-01-01, source: DOC}
sources:
  - {id: DOC, title: A document, url: "https://example.org/doc"}
phases:
  - {id: PH1, title: One, start: 2024-01-01, end: 2024-12-31}
budgets:
  - {amount: 100, currency: USD, organisation: ORG-M, source: DOC}
results:
  - id: GOAL
    level: impact
    title: Goal
    results:
      - id: OC1
        level: outcome
        title: Outcome
        weight: 60
        indicators:
          - id: OC1.1
            title: People served
            measure: number
            unit: person
            accumulation: flow
            weight: 1
            baseline: {value: 0, date: 2023-12-31, source: DOC}
            targets:
              - {period: 2024-Q4, value: 100, basis: cumulative, source: DOC}
              - {period: 2026-Q4, value: 500, basis: cumulative, kind: final, source: DOC}
            disaggregation: [{dimensions: [sex]}, {dimensions: [group], relation: overlapping}]
            assignments:
              - {partner: ORG-A, locations: [LOC-01], since: 2024-01-01, until: 2026-12-31}
              - {partner: ORG-B}
            sources: [DOC]
            means_of_verification: [Registers]
            responsible: [ORG-M]
          - id: OC1.2
            title: Users who are satisfied
            measure: percentage
            unit: percent
            accumulation: level
            weight: 3
            baseline: {numerator: 20, denominator: 100, date: 2023-12-31, source: DOC}
            targets:
              - {date: 2026-12-31, value: 60, kind: final, source: DOC}
            assignments: [{partner: ORG-A}]
            means_of_verification: [Survey]
            survey: {sample_size: 400, design_effect: 1.5, confidence: 0.95}
          - id: OC1.3
            title: Readiness
            measure: ordinal
            accumulation: level
            weight: 1
            scale: [{id: low, title: low}, {id: high, title: high}]
            baseline: {stage: low, date: 2023-12-31, source: DOC}
            targets:
              - {period: 2026-Q4, stage: high, kind: final, source: DOC}
            assignments: [{partner: ORG-A}]
            means_of_verification: [Review]
      - id: OC2
        level: outcome
        title: Second outcome
        weight: 40
        results:
          - id: OP2
            level: output
            title: Output
            indicators:
              - id: OP2.1
                title: Boxes in store
                measure: number
                unit: box
                accumulation: running_total
                missing: carry_forward
                baseline: {value: 5, date: 2023-12-31, source: DOC}
                targets:
                  - period: 2026-Q4
                    value: 50
                    kind: final
                    source: DOC
                    since: 2025-01-01
                    history: [{value: 60, source: DOC}]
                assignments: [{partner: ORG-A}]
                means_of_verification: [Stock books]
              - id: OP2.2
                title: Boxes for a hundred people
                measure: number
                unit: box
                accumulation: level
                formula: OP2.1 / OC1.1 * 100
                baseline: {value: 1, date: 2023-12-31, source: DOC}
                targets:
                  - {period: 2026-Q4, value: 10, kind: final, source: DOC}
                sources: [DOC]
              - id: OP2.3
                title: The law is in force
                measure: yes_no
                accumulation: level
                targets:
                  - {period: 2026-Q4, stage: yes, kind: final, source: DOC}
                assignments: [{partner: ORG-A}]
                sources: [DOC]
              - id: OP2.4
                title: What people say
                measure: narrative
                accumulation: level
                assignments: [{partner: ORG-A}]
                sources: [DOC]
"""

OC1 = "results[GOAL].results[OC1]"
OP2 = "results[GOAL].results[OC2].results[OP2]"
SERVED, SATISFIED, READY = (f"{OC1}.indicators[OC1.{n}]" for n in (1, 2, 3))
STORE, SHARE, LAW, SAID = (f"{OP2}.indicators[OP2.{n}]" for n in (1, 2, 3, 4))

Expected = tuple[str, str | None, str | None]
"""A code, a path, and a text that ends on the line of the finding (None: the finding has no line)."""


class Case(NamedTuple):
    """What is replaced by what in the good plan, and the findings that come of it."""

    edits: dict[str, str]
    findings: tuple[Expected, ...]


def case(code: str, path: str | None, edits: dict[str, str], at: str | None = None) -> Case:
    return Case(edits, ((code, path, at or list(edits.values())[-1].strip()),))


PEOPLE = "unit: person\n            accumulation: flow"
PERCENT = "unit: percent\n            accumulation: level"
STEPS = "measure: ordinal\n            accumulation: level"
STOCK = "accumulation: running_total\n                missing: carry_forward"
LAW_FLOW = "measure: yes_no\n                accumulation: level"
WORDS = "measure: narrative\n                accumulation: level"
MIDWAY = "{period: 2024-Q4, value: 100, basis: cumulative, source: DOC}"
FINAL = "{period: 2026-Q4, value: 500, basis: cumulative, kind: final, source: DOC}"
SHARE_60 = "{date: 2026-12-31, value: 60, kind: final, source: DOC}"
STAGE_HIGH = "{period: 2026-Q4, stage: high, kind: final, source: DOC}"
STAGE_YES = "{period: 2026-Q4, stage: yes, kind: final, source: DOC}"
START_20 = "{numerator: 20, denominator: 100, date: 2023-12-31, source: DOC}"
START_0 = "{value: 0, date: 2023-12-31, source: DOC}"
START_LOW = "{stage: low, date: 2023-12-31, source: DOC}"
SPLITS = "[{dimensions: [sex]}, {dimensions: [group], relation: overlapping}]"
UNIT_BOX = "{id: box, title: boxes, of: kg, factor: 12.5, aliases: [crate]}"
RATE = "{currency: USD, to: TJS, rate: 10, date: 2025-01-01, source: DOC}"


def quarters(*values: int) -> str:
    """Targets for the first quarters, as lines of the list that `MIDWAY` stands in."""
    lines = (
        f"{{period: 2024-Q{at}, value: {value}, basis: per_period, source: DOC}}"
        for at, value in enumerate(values, start=1)
    )
    return "\n              - ".join(lines)


def with_(old: str, line: str) -> dict[str, str]:
    """One more line under what stands there, indented as it is."""
    return {old: f"{old}\n{' ' * (len(old.splitlines()[-1]) - len(old.splitlines()[-1].lstrip()) or 12)}{line}"}


def years(*amounts: int, basis: str = "per_period") -> dict[str, str]:
    """The targets of the first indicator, year by year."""
    lines = [
        f'{{period: "{2024 + at}", value: {amount}, basis: {basis}, source: DOC}}' for at, amount in enumerate(amounts)
    ]
    lines[-1] = lines[-1].replace("source", "kind: final, source")
    return {f"{MIDWAY}\n              - {FINAL}": "\n              - ".join(lines)}


READING = {
    "a format of the future": case("logframe-format-newer", "format", {"format: 1": "format: 9"}),
    "format 0": case("logframe-format-unknown", "format", {"format: 1": "format: 0"}),
    "a format in words": case("logframe-value-invalid", "format", {"format: 1": "format: one"}),
    "a misspelt key": case(
        "logframe-unknown-key", f"{SERVED}.targets[0].basiss", {MIDWAY: MIDWAY.replace("basis:", "basiss: x, basis:")}
    ),
    "a key of another format": case("logframe-unknown-key", "outcomes", {"reporting_lag: 30": "outcomes: []"}),
    "a key that is missing": case(
        "logframe-missing-key", f"{READY}.title", {"            title: Readiness\n": ""}, at="id: OC1.3"
    ),
    "a key that is left empty": case(
        "logframe-missing-key", f"{READY}.title", {"title: Readiness": "title:"}, at="id: OC1.3\n            title:"
    ),
    "a number in words": case("logframe-value-invalid", f"{SATISFIED}.targets[0].value", {"value: 60, k": "value: lot, k"}),
    "a number without end": case("logframe-value-invalid", f"{SATISFIED}.targets[0].value", {"value: 60, k": "value: .inf, k"}),
    "no number at all": case("logframe-value-invalid", f"{SERVED}.baseline.value", {START_0: START_0.replace("0,", ".nan,", 1)}),
    "a group mark": case("logframe-value-invalid", f"{SERVED}.targets[1].value", {"value: 500": "value: 1_500"}),
    "20 digits": case("logframe-value-invalid", f"{SERVED}.targets[1].value", {"value: 500": "value: 1" + "0" * 19}),
    "a day that no calendar has": case("logframe-value-invalid", "start", {"start: 2024-01-01\nend": "start: 2024-02-30\nend"}, at="02-30"),
    "a day in another order": case("logframe-value-invalid", "end", {"end: 2026-12-31\ncal": "end: 31.12.2026\ncal"}, at="31.12.2026"),
    "a day of the year": case("logframe-value-invalid", "calendar.fiscal_year_start", {"frequency: quarterly": "fiscal_year_start: 13-01"}),
    "no language": case("logframe-value-invalid", "title[french!]", {"fr: De": "french!: De"}),
    "an invisible letter in a code": case("logframe-value-invalid", "organisations[ORG-B\u200b].id", {"id: ORG-B, title: B": 'id: "ORG-B\\u200b", title: B'}),
    "a share above 1": case("logframe-value-invalid", f"{STORE}.min_coverage", with_(STOCK, "min_coverage: 80")),
    "a measure that there is not": case("logframe-not-a-choice", f"{READY}.measure", {"measure: ordinal": "measure: scale"}),
    "a role that there is not": case("logframe-not-a-choice", "organisations[ORG-M].roles[0]", {"[funding]": "[donor]"}),
    "a number for a list of targets": case("logframe-shape", f"{SATISFIED}.targets", {f"- {SHARE_60}": "60"}, at="targets:\n              60"),
    "a number for a baseline": case("logframe-shape", f"{SATISFIED}.baseline", {START_20: "20"}, at="baseline: 20"),
    "a list without entries": case("logframe-shape", f"{SERVED}.disaggregation[0].dimensions", {"dimensions: [sex]": "dimensions: []"}),
}  # fmt: skip

STRUCTURE = {
    "a project that ends first": case("logframe-dates-reversed", "end", {"end: 2026-12-31\ncal": "end: 2023-12-31\ncal"}, at="end: 2023-12-31"),
    "the year 9999": case("logframe-dates-reversed", "end", {"end: 2026-12-31\ncal": "end: 9999-12-31\ncal"}, at="9999"),
    "a phase that ends first": case("logframe-dates-reversed", "phases[PH1].end", {"end: 2024-12-31}": "end: 2023-12-31}"}),
    "an assignment that ends first": case("logframe-dates-reversed", f"{SERVED}.assignments[0].until", {"until: 2026": "until: 2023"}),
    "an organisation twice": case("logframe-duplicate-id", "organisations[2].id", {"id: ORG-M, title: Ministry": "id: ORG-B, title: Ministry", "ORG-M": "ORG-B"}, at="title: Ministry"),
    "an indicator twice": case("logframe-duplicate-id", f"{OP2}.indicators[OC1.2].id", {"id: OP2.4": "id: OC1.2"}, at="sources: [DOC]\n              - id: OC1.2"),
    "a category twice": case("logframe-duplicate-id", "dimensions[sex].codes[1].id", {"id: M": "id: F"}),
    "a stage twice": case("logframe-duplicate-id", f"{READY}.scale[2].id", {"{id: high, title: high}": "{id: high, title: high}, {id: low, title: again}"}, at="title: again"),
    "a unit twice": case("logframe-duplicate-id", "units[1].id", {UNIT_BOX: f"{UNIT_BOX}\n  - {{id: box, title: again}}"}, at="title: again"),
    "a word for two units": case("logframe-duplicate-id", "units[box].aliases[0]", {UNIT_BOX: f"{UNIT_BOX}\n  - {{id: crate}}"}, at="[crate]"),
    "an id in Cyrillic letters": case("logframe-id-confusable", f"{OP2}.indicators[ОР2.1].id", {"id: OP2.4": "id: ОР2.1"}),
    "an id in other capitals": case("logframe-id-confusable", "organisations[Org-b].id", {"id: ORG-M, title": "id: Org-b, title", "ORG-M": "Org-b"}, at="Org-b, title"),
    "a place for the whole": case("logframe-id-reserved", "locations[_T].id", {"{id: REGION, title: Region}": "{id: REGION, title: Region}\n  - {id: _T, title: All}"}, at="id: _T"),
    "a partner for the whole": case("logframe-id-reserved", "organisations[_T].id", {"ORG-M": "_T"}, at="id: _T"),
    "no such source": case("logframe-unknown-reference", f"{LAW}.sources[0]", {STAGE_YES: STAGE_YES, "sources: [DOC]\n              - id: OP2.4": "sources: [DOK]\n              - id: OP2.4"}, at="DOK"),
    "no such source of an older target": case("logframe-unknown-reference", f"{STORE}.targets[0].history[0].source", {"{value: 60, source: DOC}": "{value: 60, source: X}"}),
    "no such partner": case("logframe-unknown-reference", f"{SERVED}.assignments[1].partner", {"{partner: ORG-B}": "{partner: ORG-C}"}),
    "no such place": case("logframe-unknown-reference", f"{SERVED}.assignments[0].locations[0]", {"[LOC-01]": "[LOC-1]"}),
    "no such larger place": case("logframe-unknown-reference", "locations[LOC-01].parent", {"parent: REGION": "parent: NOWHERE"}),
    "no such dimension": case("logframe-unknown-reference", f"{SERVED}.disaggregation[0].dimensions[0]", {"dimensions: [sex]": "dimensions: [age]"}),
    "no such organisation that answers": case("logframe-unknown-reference", f"{SERVED}.responsible[0]", {"responsible: [ORG-M]": "responsible: [ORG-X]"}),
    "no such organisation that pays": case("logframe-unknown-reference", "budgets[0].organisation", {"organisation: ORG-M": "organisation: ORG-X"}),
    "no such result that is paid": case("logframe-unknown-reference", "budgets[0].result", {"organisation: ORG-M": "result: OC9"}),
    "no such category": case("logframe-unknown-reference", f"{SERVED}.targets[0].category", {MIDWAY: MIDWAY.replace("value", 'category: "sex=X", value')}),
    "no category at all": case("logframe-unknown-reference", f"{SERVED}.targets[0].category", {MIDWAY: MIDWAY.replace("value", "category: women, value")}),
    "no such category of a baseline": case("logframe-unknown-reference", f"{SERVED}.baseline.categories[sex=Y]", {START_0: START_0.replace("source", 'categories: {"sex=Y": {value: 0}}, source')}),
    "a category in another order": case("logframe-category-order", f"{SERVED}.targets[0].category", {SPLITS: "[{dimensions: [sex, group]}]", MIDWAY: MIDWAY.replace("value", 'category: "group=old|sex=F", value')}),
    "a partner without the role": case("logframe-partner-role", f"{SERVED}.assignments[1].partner", {"{partner: ORG-B}": "{partner: ORG-M}"}),
    "places within each other": Case({"{id: REGION, title: Region}": "{id: REGION, title: Region, parent: LOC-01}"}, (
        ("logframe-location-cycle", "locations[REGION].parent", "id: REGION"),
        ("logframe-location-cycle", "locations[LOC-01].parent", "id: LOC-01"),
    )),
    "a level that rises": case("logframe-level-rises", f"{OP2}.level", {"- id: OP2\n            level: output": "- id: OP2\n            level: impact"}),
    "a level that rises past another": case("logframe-level-rises", f"{OP2}.level", {
        "level: impact\n    title: Goal": "level: outcome\n    title: Goal",
        "- id: OC2\n        level: outcome": "- id: OC2\n        level: other",
        "- id: OP2\n            level: output": "- id: OP2\n            level: impact",
    }),
    "weights on some": case("logframe-weights-mixed", SATISFIED, {"            weight: 3\n": ""}, at="id: OC1.2"),
    "a weight below zero": case("logframe-weight-invalid", f"{SATISFIED}.weight", {"weight: 3": "weight: -3"}),
    "only zeros for weights": case("logframe-weight-invalid", f"{OC1[:13]}.results", {"weight: 60": "weight: 0", "weight: 40": "weight: 0"}, at="- id: OC1"),
    "a name for no period": case("logframe-period-unknown", "calendar.names.YR1", {'"2024"': '"2031"'}),
    "no such period": case("logframe-period-unknown", f"{SERVED}.targets[0].period", {"period: 2024-Q4": "period: 2024-Q5"}),
    "no such severity": case("logframe-severity-unknown", "severities[logframe-no-source]", {"reporting_lag: 30": "severities: {logframe-no-source: loud}"}),
    "no such finding code": case("logframe-severity-unknown", "severities[logframe-no-sauce]", {"reporting_lag: 30": "severities: {logframe-no-sauce: error}"}),
}  # fmt: skip

COUNTING = {
    "a percentage summed": case("logframe-sum-not-allowed", f"{SATISFIED}.aggregation.partners", with_(PERCENT, "aggregation: {partners: sum}")),
    "stages summed": case("logframe-sum-not-allowed", f"{READY}.aggregation.locations", with_(STEPS, "aggregation: {locations: sum}")),
    "a running total summed over time": case("logframe-sum-of-levels", f"{STORE}.aggregation.time", with_(STOCK, "aggregation: {time: sum}")),
    "a number pooled": case("logframe-pooled-without-denominator", f"{STORE}.aggregation.partners", with_(STOCK, "aggregation: {partners: pooled}")),
    "a percentage pooled that is reported as a value": case("logframe-pooled-without-denominator", f"{SATISFIED}.aggregation.partners", with_(PERCENT, "{reported_as: value, aggregation: {partners: pooled}}"[1:-1].replace(", agg", "\n            agg"))),
    "a percentage pooled after a mean": case("logframe-pooled-without-denominator", f"{SATISFIED}.aggregation.locations", with_(PERCENT, "aggregation: {locations: mean}")),
    "the latest partner": case("logframe-rule-not-allowed", f"{STORE}.aggregation.partners", with_(STOCK, "aggregation: {partners: latest}")),
    "all of a number": case("logframe-rule-not-allowed", f"{STORE}.aggregation.partners", with_(STOCK, "aggregation: {partners: all}")),
    "the median of answers": case("logframe-rule-not-allowed", f"{LAW}.aggregation.partners", with_(LAW_FLOW, "aggregation: {partners: median}")),
    "the mean of words": case("logframe-rule-not-allowed", f"{SAID}.aggregation.time", with_(WORDS, "aggregation: {time: mean}")),
    "overlapping groups summed": case("logframe-overlapping-sum", f"{SERVED}.aggregation.categories", {SPLITS: "[{dimensions: [group], relation: overlapping}]", **with_(PEOPLE, "aggregation: {categories: sum}")}),
    "overlapping groups averaged": case("logframe-overlapping-sum", f"{SERVED}.aggregation.categories", {SPLITS: "[{dimensions: [group], relation: overlapping}]", **with_(PEOPLE, "aggregation: {categories: mean}")}),
    "time before categories": case("logframe-axis-order", f"{SERVED}.aggregation.order", with_(PEOPLE, "aggregation: {order: [time, categories, locations, partners]}")),
    "an axis twice": case("logframe-axis-order", f"{SERVED}.aggregation.order", with_(PEOPLE, "aggregation: {order: [categories, time, time, partners]}")),
    "projects in the order": case("logframe-axis-order", f"{SERVED}.aggregation.order", with_(PEOPLE, "aggregation: {order: [categories, locations, partners, time, projects]}")),
    "no weights": case("logframe-weights-missing", f"{SERVED}.aggregation", with_(PEOPLE, "aggregation: {partners: weighted_mean}")),
    "a weight too few": case("logframe-weights-missing", f"{SERVED}.aggregation.weights", with_(PEOPLE, "aggregation: {partners: weighted_mean, weights: {ORG-A: 1}}")),
    "only zeros for weights": case("logframe-weights-missing", f"{SERVED}.aggregation.weights", with_(PEOPLE, "aggregation: {partners: weighted_mean, weights: {ORG-A: 0, ORG-B: 0}}")),
    "no weight for the whole": case("logframe-weights-missing", f"{SERVED}.aggregation.weights", with_(PEOPLE, "aggregation: {locations: weighted_mean, weights: {LOC-01: 1}}")),
    "no weight for a category": case("logframe-weights-missing", f"{SERVED}.aggregation.weights", {SPLITS: "[{dimensions: [sex]}]", **with_(PEOPLE, 'aggregation: {categories: weighted_mean, weights: {"sex=F": 1}}')}),
    "a flow carried forward": case("logframe-carry-forward-flow", f"{SERVED}.missing", with_(PEOPLE, "missing: carry_forward")),
    "a stage that is zero": case("logframe-zero-without-meaning", f"{READY}.missing", with_(STEPS, "missing: zero")),
    "no scale": Case({"            scale: [{id: low, title: low}, {id: high, title: high}]\n": ""}, (
        ("logframe-scale-missing", READY, "id: OC1.3"),
        ("logframe-value-kind", f"{READY}.baseline", START_LOW),
        ("logframe-value-kind", f"{READY}.targets[0]", STAGE_HIGH),
    )),
    "a split twice": case("logframe-split-twice", f"{SERVED}.disaggregation[2]", {SPLITS: SPLITS[:-1] + ", {dimensions: [group]}]"}),
    "a dimension crossed with itself": case("logframe-split-twice", f"{SERVED}.disaggregation[0]", {"dimensions: [sex]": "dimensions: [sex, sex]"}),
    "a formula with powers": case("logframe-formula-invalid", f"{SHARE}.formula", {"OP2.1 / OC1.1 * 100": "9 ** 9 ** 9"}),
    "a formula of calls": case("logframe-formula-invalid", f"{SHARE}.formula", {"OP2.1 / OC1.1 * 100": "().__class__.__bases__"}),
    "a formula of 600 signs": case("logframe-formula-invalid", f"{SHARE}.formula", {"OP2.1 / OC1.1 * 100": "'" + "-" * 600 + "1'"}),
    "a formula over nothing": case("logframe-unknown-reference", f"{SHARE}.formula", {"OP2.1 / OC1.1 * 100": "OP2.1 / OC9.9"}),
    "a formula over words": case("logframe-formula-operand", f"{SHARE}.formula", {"OP2.1 / OC1.1 * 100": "OP2.1 + OP2.4"}),
    "a formula of another frequency": case("logframe-formula-frequency", f"{SHARE}.formula", {"formula:": "frequency: annual\n                formula:", "OP2.1 / OC1.1 * 100": "OP2.1 * 2"}, at="OP2.1 * 2"),
    "a formula over itself": case("logframe-formula-cycle", f"{SHARE}.formula", {"OP2.1 / OC1.1 * 100": "OP2.2 + 1"}),
}  # fmt: skip

UNITS = {
    "a unit of many meanings": case("logframe-unit-unknown", f"{SERVED}.unit", {"unit: person": "unit: units"}),
    "another word for a unit": case("logframe-unit-unknown", f"{SERVED}.unit", {"unit: person": "unit: hh"}),
    "a unit that would run for ever": case("logframe-unit-unknown", f"{SERVED}.unit", {"unit: person": "unit: m**10**10**10"}),
    "a unit that is no money": case("logframe-unit-measure", f"{STORE}.unit", {"measure: number\n                unit: box\n                accumulation: running": "measure: currency\n                unit: box\n                accumulation: running"}, at="currency\n                unit: box"),
    "a percentage of people": case("logframe-unit-measure", f"{SATISFIED}.unit", {"unit: percent": "unit: person"}, at="percentage\n            unit: person"),
    "a number in percent": case("logframe-unit-measure", f"{SERVED}.unit", {"unit: person": "unit: percent"}, at="number\n            unit: percent"),
    "a unit of another without factor": case("logframe-unit-declaration", "units[box]", {" factor: 12.5,": ""}, at="id: box"),
    "a unit of nothing": case("logframe-unit-declaration", "units[box].of", {"of: kg": "of: kilos"}),
    "units of each other": Case({UNIT_BOX: "{id: box, title: boxes, of: crate, factor: 2}\n  - {id: crate, of: box, factor: 2}"}, (
        ("logframe-unit-declaration", "units[box].of", "of: crate"),
        ("logframe-unit-declaration", "units[crate].of", "of: box"),
    )),
    "a unit of physics declared anew": case("logframe-unit-declaration", "units[1].id", {UNIT_BOX: UNIT_BOX + "\n  - {id: kg, of: box, factor: 2}"}, at="id: kg")._replace(
        findings=(("logframe-unit-declaration", "units[kg].id", "id: kg"), ("logframe-unit-declaration", "units[box].of", "id: box"), ("logframe-unit-declaration", "units[kg].of", "id: kg"))
    ),
    "a word that means another unit": case("logframe-unit-declaration", "units[box].aliases[0]", {"[crate]": "[kg]"}),
    "no such currency": case("logframe-currency-unknown", "currency", {"currency: USD\nrep": "currency: dollars\nrep"}, at="dollars"),
    "two rates for a day": case("logframe-rate-duplicate", "exchange_rates[1]", {RATE: f"{RATE}\n  - {RATE.replace('10,', '11,')}"}, at="rate: 11"),
    "a rate of a currency to itself": case("logframe-rate-duplicate", "exchange_rates[0]", {"to: TJS": "to: USD"}),
}  # fmt: skip

VALUES = {
    "a baseline of two values": case("logframe-baseline-shape", f"{SATISFIED}.baseline", {START_20: START_20.replace("num", "value: 20, num")}),
    "a stage of a number": case("logframe-value-kind", f"{SERVED}.baseline", {START_0: START_0.replace("value: 0", "stage: low")}),
    "no such stage": case("logframe-value-kind", f"{READY}.baseline", {"stage: low": "stage: middle"}),
    "rank 5 of 2": case("logframe-value-kind", f"{READY}.targets[0]", {STAGE_HIGH: STAGE_HIGH.replace("stage: high", "value: 5")}),
    "half an answer": case("logframe-value-kind", f"{LAW}.targets[0]", {"stage: yes": "value: 0.5"}),
    "an answer that is none": case("logframe-value-kind", f"{LAW}.targets[0]", {"stage: yes": "stage: maybe"}),
    "a number of a narrative": case("logframe-value-kind", f"{SAID}.baseline", with_(WORDS, "baseline: {value: 1, source: DOC}")),
    "a range of answers": case("logframe-value-kind", f"{LAW}.targets[0]", {"stage: yes": "minimum: 0, comparator: within"}),
    "an answer above the baseline": case("logframe-value-kind", f"{LAW}.targets[0]", {"stage: yes": "above_baseline: 1"}),
    "half a stage above the baseline": case("logframe-value-kind", f"{READY}.targets[0]", {STAGE_HIGH: STAGE_HIGH.replace("stage: high", "above_baseline: 0.5")}),
    "a range beyond the scale": case("logframe-value-kind", f"{READY}.targets[0]", {STAGE_HIGH: STAGE_HIGH.replace("stage: high", "minimum: 1, maximum: 3, comparator: within")}),
    "a sure sample": case("logframe-setting-invalid", f"{SATISFIED}.survey.confidence", {"confidence: 0.95": "confidence: 1"}),
    "a ratio of a number": case("logframe-ratio-invalid", f"{SERVED}.baseline", {START_0: START_0.replace("value: 0", "numerator: 1, denominator: 2")}),
    "a denominator of 0": case("logframe-ratio-invalid", f"{SATISFIED}.baseline", {"denominator: 100": "denominator: 0"}),
    "no denominator": case("logframe-ratio-invalid", f"{SATISFIED}.baseline", {"denominator: 100, ": ""}, at="numerator: 20"),
    "a part larger than the whole": case("logframe-ratio-invalid", f"{SATISFIED}.baseline", {SHARE_60: SHARE_60.replace("kind", "comparator: ≥, kind"), "numerator: 20": "numerator: 120"}),
    "8000 percent": case("logframe-percentage-over-100", f"{SATISFIED}.targets[0]", {"value: 60, k": "value: 8000, k"}),
    "a tolerance below zero": Case(with_(PEOPLE, "direction: maintain\n            tolerance: -5"), (
        ("logframe-setting-invalid", f"{SERVED}.tolerance", "tolerance: -5"),
    )),
    "a sample of nobody": case("logframe-setting-invalid", f"{SATISFIED}.survey.sample_size", {"sample_size: 400": "sample_size: 0"}),
    "a lag below zero": case("logframe-setting-invalid", "reporting_lag", {"reporting_lag: 30": "reporting_lag: -1"}),
    "a limit below zero": case("logframe-setting-invalid", "thresholds.jump", {"reporting_lag: 30": "thresholds: {jump: -1}"}),
}  # fmt: skip

TARGETS = {
    "a target of nothing": case("logframe-target-shape", f"{SERVED}.targets[0]", {"value: 100, ": ""}, at="2024-Q4"),
    "a target of two things": case("logframe-target-shape", f"{SATISFIED}.targets[0]", {"value: 60, k": "value: 60, stage: high, k"})._replace(
        findings=(("logframe-target-shape", f"{SATISFIED}.targets[0]", "value: 60, stage"), ("logframe-value-kind", f"{SATISFIED}.targets[0]", "value: 60, stage"))
    ),
    "a pending target with a value": case("logframe-target-shape", f"{SERVED}.targets[0]", {"value: 100": "value: 100, status: pending"}),
    "a range that is not within": case("logframe-target-shape", f"{SATISFIED}.targets[0]", {"value: 60, k": "minimum: 50, maximum: 70, k"}),
    "within no range": case("logframe-target-shape", f"{SATISFIED}.targets[0]", {"value: 60, k": "value: 60, comparator: within, k"}),
    "words that are at least": case("logframe-target-shape", f"{LAW}.targets[0]", {"stage: yes": 'text: in force, comparator: ">="'}),
    "a target without a time": case("logframe-target-shape", f"{SERVED}.targets[0]", {"period: 2024-Q4, ": ""}, at="value: 100"),
    "a target with two times": case("logframe-target-shape", f"{SERVED}.targets[0]", {"period: 2024-Q4": "period: 2024-Q4, date: 2024-12-31"}),
    "an empty range": case("logframe-target-range", f"{SATISFIED}.targets[0]", {"value: 60, k": "minimum: 70, maximum: 50, comparator: within, k"}),
    "a target after the end": case("logframe-target-outside-project", f"{SATISFIED}.targets[0]", {"date: 2026-12-31, value": "date: 2027-01-01, value"}),
    "a target before the baseline": case("logframe-target-before-baseline", f"{SERVED}.targets[0]", {START_0: START_0.replace("2023", "2025")}, at=MIDWAY),
    "a target of a flow without basis": case("logframe-target-basis-missing", f"{SERVED}.targets[0]", {MIDWAY: MIDWAY.replace(" basis: cumulative,", "")}),
    "a target for a quarter of an annual flow": case("logframe-target-span", f"{SERVED}.targets[0].period", {"OP2.1 / OC1.1 * 100": "OP2.1 * 2", **with_(PEOPLE, "frequency: annual"), MIDWAY: MIDWAY.replace("cumulative", "per_period")}),
    "two targets for a day": case("logframe-target-duplicate", f"{SERVED}.targets[1]", {MIDWAY: f"{MIDWAY}\n              - {MIDWAY.replace('100', '200')}"}, at="value: 200"),
    "periods that overlap": case("logframe-target-overlap", f"{SERVED}.targets[1]", {MIDWAY: MIDWAY.replace("2024-Q4", "2024-Q2").replace("cumulative", "per_period") + '\n              - {period: "2024", value: 150, basis: per_period, source: DOC}'}, at="value: 150"),
    "a title of another time": case("logframe-accumulation-title", f"{SERVED}.accumulation", {"title: People served": "title: People currently served"}, at="accumulation: flow"),
    "targets that restate": case("logframe-targets-restate", f"{SERVED}.targets", {MIDWAY: quarters(100, 200, 300)}, at="targets:\n              - {period: 2024-Q1"),
    "an end that repeats the last": case("logframe-end-target-repeats", f"{SERVED}.targets[3]", {MIDWAY: quarters(480, 490, 500)}, at=FINAL),
    "totals that fall": case("logframe-total-target-falls", f"{SERVED}.targets[1]", {MIDWAY: MIDWAY.replace("100", "600")}, at=FINAL),
    "a sum that should fall": Case({**with_(PEOPLE, "direction: decrease")}, (
        ("logframe-decreasing-sum", f"{SERVED}.targets[0]", MIDWAY),
        ("logframe-decreasing-sum", f"{SERVED}.targets[1]", FINAL),
    )),
    "an older version without order": case("logframe-target-history", f"{STORE}.targets[0]", {"                    since: 2025-01-01\n": ""}, at="- period: 2026-Q4"),
    "a version older than the one before": case("logframe-target-history", f"{STORE}.targets[0]", {"{value: 60, source: DOC}": "{value: 60, source: DOC, since: 2025-06-01}"}, at="- period: 2026-Q4"),
    "a final target that is not the last": case("logframe-final-not-last", f"{SERVED}.targets[0]", {MIDWAY: MIDWAY.replace("source", "kind: final, source"), FINAL: FINAL.replace(" kind: final,", "")}, at="2024-Q4"),
    "a target at the baseline": case("logframe-target-equals-baseline", f"{STORE}.targets", {"value: 50\n": "value: 5\n"}, at="targets:\n                  - period: 2026-Q4"),
    "a target that is not possible": case("logframe-value-outside", f"{SHARE}.targets[0]", {"formula: OP2.1 / OC1.1 * 100": f"formula: OP2.1 / OC1.1 * 100\n{' ' * 16}maximum: 9"}, at="{period: 2026-Q4, value: 10, kind: final, source: DOC}"),
    "a target on the wrong side": case("logframe-target-direction", f"{STORE}.targets[0]", {"value: 50\n": "value: 4\n"}, at="- period: 2026-Q4"),
}  # fmt: skip

ADVICE = {
    "limits that only the title has": case("logframe-limits-in-title", SHARE, {"title: Boxes for a hundred people": "title: Boxes for a hundred people (0 to 100)"}, at="id: OP2.2"),
    "nothing to verify by": case("logframe-no-verification", SATISFIED, {"            means_of_verification: [Survey]\n": ""}, at="id: OC1.2"),
    "an outcome without indicators": case("logframe-no-indicators", "results[GOAL].results[OC3]", {"      - id: OC2": "      - {id: OC3, level: outcome, title: Third, weight: 0}\n      - id: OC2"}, at="id: OC3"),
    "weights of 98": case("logframe-weight-sum", "results[GOAL].results", {"weight: 40": "weight: 38"}, at="- id: OC1"),
    "weights of 0.7": case("logframe-weight-sum", "results[GOAL].results", {"weight: 60": "weight: 0.6", "weight: 40": "weight: 0.1"}, at="- id: OC1"),
    "a baseline to come": case("logframe-baseline-pending", f"{STORE}.baseline", {"{value: 5, date: 2023-12-31, source: DOC}": "{status: pending}"}),
    "a baseline of nothing": case("logframe-baseline-empty", f"{STORE}.baseline", {"{value: 5, date: 2023-12-31, source: DOC}": "{source: DOC}"}),
    "a baseline that does not apply, with a value": case("logframe-without-effect", f"{STORE}.baseline", {"{value: 5, date: 2023-12-31, source: DOC}": "{value: 5, source: DOC, status: not_applicable}"}),
    "no baseline": case("logframe-no-baseline", STORE, {"                baseline: {value: 5, date: 2023-12-31, source: DOC}\n": ""}, at="id: OP2.1"),
    "no targets": case("logframe-no-target", LAW, {f"                targets:\n                  - {STAGE_YES}\n": ""}, at="id: OP2.3"),
    "no final target": case("logframe-no-final-target", LAW, {STAGE_YES: STAGE_YES.replace("kind: final, ", "")}, at="id: OP2.3"),
    "a running total that skips": case("logframe-carry-forward-advised", STORE, {"                missing: carry_forward\n": ""}, at="id: OP2.1"),
    "nothing may change": case("logframe-maintain-without-range", SATISFIED, with_(PERCENT, "direction: maintain"), at="id: OC1.2"),
    "a survey of unknown size": case("logframe-survey-incomplete", f"{SATISFIED}.survey", {"sample_size: 400, ": ""}, at="survey:"),
    "nobody who reports": case("logframe-unassigned", "results", {"                assignments: [{partner: ORG-A}]\n                means_of_verification: [Stock books]": "                means_of_verification: [Stock books]"}, at="- id: GOAL"),
    "no source of a baseline": case("logframe-no-source", f"{SERVED}.baseline", {START_0: START_0.replace(", source: DOC", "")}),
    "no source of a target": case("logframe-no-source", f"{SATISFIED}.targets[0]", {SHARE_60: SHARE_60.replace(", source: DOC", "")}),
    "a number of what": case("logframe-no-unit", SERVED, {"            unit: person\n": ""}, at="id: OC1.1"),
    "a tolerance for nothing": case("logframe-without-effect", f"{SERVED}.tolerance", with_(PEOPLE, "tolerance: 5")),
    "a scale for nothing": case("logframe-without-effect", f"{LAW}.scale", with_(LAW_FLOW, "scale: [{id: a}, {id: b}]")),
    "weights for nothing": case("logframe-without-effect", f"{SERVED}.aggregation.weights", with_(PEOPLE, "aggregation: {weights: {ORG-A: 1}}")),
    "a weight of nobody": case("logframe-without-effect", f"{SERVED}.aggregation.weights[ORG-X]", with_(PEOPLE, "aggregation: {partners: weighted_mean, weights: {ORG-A: 1, ORG-B: 1, ORG-X: 1}}")),
    "a basis for nothing": case("logframe-without-effect", f"{SATISFIED}.targets[0].basis", {SHARE_60: SHARE_60.replace("kind", "basis: cumulative, kind")}),
    "reporters of a formula": case("logframe-without-effect", f"{SHARE}.assignments", {"formula: OP2.1": "assignments: [{partner: ORG-A, since: 2024-02-02}]\n                formula: OP2.1"}, at="2024-02-02"),
    "a target for a part that is not reported": case("logframe-category-not-split", f"{STORE}.targets[0].category", {"value: 50\n": 'value: 50\n                    category: "sex=F"\n'})._replace(
        findings=(("logframe-category-not-split", f"{STORE}.targets[0].category", 'category: "sex=F"'),)
    ),
    "a title that turns round": case("logframe-text-invisible", "results[GOAL].title", {"title: Goal": 'title: "Goal \\u202e"'}),
    "a title that would run": case("logframe-text-markup", "results[GOAL].title", {"title: Goal": "title: <script>alert(1)</script>"}),
    "a total to date that never grows": case("logframe-targets-stay", f"{SERVED}.targets", years(100, 100, 100, basis="cumulative"), at='targets:\n              - {period: "2024"'),
    "a percentage as a flow": case("logframe-percentage-flow", f"{SATISFIED}.accumulation", {
        PERCENT: PERCENT.replace("level", "flow"), SHARE_60: SHARE_60.replace("value", "basis: per_period, value")
    }, at=PERCENT.replace("level", "flow")),
    "an address that would run": case("logframe-url-invalid", "sources[DOC].url", {"https://example.org/doc": "javascript:alert(1)"}),
}  # fmt: skip

CASES = {
    f"{group}: {name}": each
    for group, cases in (
        ("reading", READING),
        ("structure", STRUCTURE),
        ("counting", COUNTING),
        ("units", UNITS),
        ("values", VALUES),
        ("targets", TARGETS),
        ("advice", ADVICE),
    )
    for name, each in cases.items()
}


ALLOWED = {
    "services counted in overlapping groups": {
        SPLITS: "[{dimensions: [group], relation: overlapping}]",
        **with_(PEOPLE, "aggregation: {categories: sum}\n            counts: services"),
    },
    "the largest of overlapping groups": {
        SPLITS: "[{dimensions: [group], relation: overlapping}]",
        **with_(PEOPLE, "aggregation: {categories: max}"),
    },
    "a sum where one split adds up": with_(PEOPLE, "aggregation: {categories: sum}"),
    "a flow summed over everything": with_(
        PEOPLE, "aggregation: {locations: sum, partners: sum, time: sum, projects: sum, order: [categories, partners, locations, time]}"
    ),
    "a mean over time": with_(PEOPLE, "aggregation: {time: mean}"),
    "a percentage pooled over time": with_(PERCENT, "aggregation: {time: pooled}"),
    "a mean of percentages after pooling": with_(PERCENT, "aggregation: {order: [categories, locations, partners, time], time: mean}"),
    "a mean of percentages that are reported as values": with_(
        PERCENT, "reported_as: value\n            aggregation: {partners: mean, locations: median}"
    ),
    "a weighted mean of all": with_(PEOPLE, "aggregation: {partners: weighted_mean, weights: {ORG-A: 0, ORG-B: 2.5}}"),
    "stages by their median, most frequent or lowest": with_(STEPS, "aggregation: {partners: median, locations: mode, time: min}"),
    "answers": with_(LAW_FLOW, "aggregation: {partners: all, locations: any, time: latest}"),
    "the share of yes": with_(LAW_FLOW, "aggregation: {partners: mean}"),
    "a baseline by category alone": {START_0: '{date: 2023-12-31, source: DOC, categories: {"sex=F": {value: 0}, "sex=M": {value: 1}}}'},
    "a target for a category": {
        MIDWAY: MIDWAY + "\n              - " + MIDWAY.replace("value", 'category: "sex=F", value')
    },
    "baseline plus one": {"value: 50\n": "above_baseline: 1\n"},
    "a target as a ratio": {SHARE_60: SHARE_60.replace("value: 60", "numerator: 60, denominator: 100")},
    "at least": {SHARE_60: SHARE_60.replace("value: 60", 'value: 60, comparator: ">="')},
    "within a range": {
        SHARE_60: SHARE_60.replace("value: 60", "minimum: 55, maximum: 65, comparator: within"),
        **with_(PERCENT, "direction: maintain"),
    },
    "a target of another frequency": {"{date: 2026-12-31, value: 60": '{period: "2026", value: 60'},
    "the project's own name for a period": {"period: 2024-Q4": "period: YR1"},
    "a milestone and the final target on one day": {
        MIDWAY: MIDWAY + "\n              - " + FINAL.replace("kind: final, ", "")
    },
    "a target that is not known yet": {"value: 100, basis": "status: pending, basis"},
    "a range as a rank": {STAGE_HIGH: STAGE_HIGH.replace("stage: high", "value: 2")},
    "a baseline before the first stage": {START_LOW: START_LOW.replace("stage: low", "value: 0")},
    "a percentage with another unit of one's own": {"unit: percent": "unit: box"},
    "weights that are shares": {"weight: 60": "weight: 0.6", "weight: 40": "weight: 0.4"},
    "weights that are no percentages": {"weight: 60": "weight: 3", "weight: 40": "weight: 2"},
    "a word that means something here": {"aliases: [crate]": "aliases: [ton, units]"},
    "a project without partners by role": {"roles: [partner]": "roles: [implementing]"},
    "a result of another kind between": {"- id: OC2\n        level: outcome": "- id: OC2\n        level: other"},
    "a joiner of letters": {"title: Goal": "title: می‌خواهم"},
    "signs that are no markup": {"title: Goal": "title: 'a < b and c > d, <5 km, i <3 u'"},
    "an id in braces": {"id: OP2.1\n": "id: OP 2-1\n", "formula: OP2.1 /": "formula: '{OP 2-1} /", "* 100": "* 100'"},
}  # fmt: skip
"""What is right, though it looks like something that is not."""


def edited(edits: dict[str, str]) -> str:
    text = GOOD
    for old, new in edits.items():
        assert old in text, f"nothing to replace: {old!r}"
        text = text.replace(old, new)
    return text


def line_of(text: str, at: str | None) -> int | None:
    if at is None:
        return None
    assert at in text, f"no line with {at!r}"
    return text[: text.index(at) + len(at)].count("\n") + 1


def test_the_good_plan_gives_no_finding() -> None:
    plan, findings = from_text(GOOD, name="plan.yaml")
    assert plan is not None
    assert list(findings) == []


@pytest.mark.parametrize("name", CASES)
def test_each_mistake_is_found_where_it_stands_and_nothing_else(name: str) -> None:
    text = edited(CASES[name].edits)
    _, findings = from_text(text, name="plan.yaml")
    found = {(each.code, each.place.path, each.place.line) for each in findings}
    assert found == {(code, path, line_of(text, at)) for code, path, at in CASES[name].findings}
    assert {each.place.file for each in findings} == {"plan.yaml"}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_right_gives_no_finding(name: str) -> None:
    plan, findings = from_text(edited(ALLOWED[name]), name="plan.yaml")
    assert [str(each) for each in findings] == []
    assert plan is not None


@pytest.mark.parametrize("name", CASES)
def test_a_plan_with_an_error_is_told_from_one_with_advice(name: str) -> None:
    plan, findings = from_text(edited(CASES[name].edits), name="plan.yaml")
    refused = plan is None or bool(findings.at_least("error"))
    # The only target of its indicator: nothing about it can ever be computed.
    only = name == "targets: a target at the baseline"
    graver = any(CODES[code].severity in ("blocker", "error") for code, _, _ in CASES[name].findings)
    assert refused == (only or graver)


def test_every_finding_can_be_read_by_a_person() -> None:
    for case_ in CASES.values():
        for finding in from_text(edited(case_.edits), name="plan.yaml")[1]:
            for told in (finding.message, finding.hint):
                assert told
                assert "{" not in told.replace("{OP", "").replace("such as {", ""), told
                assert "–" not in told, told


def test_every_code_of_a_logframe_has_a_case() -> None:
    elsewhere = {"logframe-file-type"}  # it is about a name, not about a text
    declared = {code for code in CODES if code.startswith("logframe-")}
    assert declared - elsewhere == {code for case_ in CASES.values() for code, _, _ in case_.findings}
