"""A small logframe to start from: two indicators, every line explained, and no finding when it is checked."""

from __future__ import annotations

from typing import Final

__all__ = ["STARTER"]

STARTER: Final = """\
# A logframe to start from. Change the texts and numbers, then check it:  logframe check THIS-FILE
# Numbers marked `illustrative: true` are examples: every page says so. Put your own, and delete the mark.

format: 1
id: MY-PROJECT                # a short code; partners write it in their reports
title: Our project            # or in several languages:  {en: Our project, fr: Notre projet}
start: 2026-01-01
end: 2027-12-31

calendar:
  frequency: quarterly        # monthly, quarterly, semiannual or annual; quarters are called 2026-Q1, 2026-Q2 ...

# Who takes part. Those with the role `partner` send reports.
organisations:
  - {id: P-NORTH, title: Partner in the north, roles: [partner]}
  - {id: P-SOUTH, title: Partner in the south, roles: [partner]}

# How values are split. Give each category a short code.
dimensions:
  - id: sex
    title: Sex
    codes:
      - {id: F, title: women}
      - {id: M, title: men}

# Where numbers come from: baselines, targets and means of verification point here.
sources:
  - {id: SURVEY, title: Baseline survey 2025, kind: survey, date: 2025-11-30}
  - {id: LISTS, title: Attendance lists, kind: register}

results:
  - id: G
    level: impact             # impact, outcome, output, activity or other
    label: Goal
    title: People find better work
    results:
      - id: OC1
        level: outcome
        label: Outcome 1
        title: People use the skills that employers ask for
        assumptions: [Employers keep hiring]
        indicators:
          # A share of people, measured at the end of each year: a level. It should go up from 20 % to 60 %.
          - id: OC1.1
            title: Trained people who found work within six months
            measure: percentage       # reports give a numerator and a denominator
            direction: increase
            accumulation: level       # the state at the end of the period
            frequency: annual
            baseline: {value: 20, date: 2025-11-30, source: SURVEY, illustrative: true}
            targets:
              - {period: "2026", value: 40, illustrative: true}
              - {period: "2027", value: 60, kind: final, illustrative: true}
            means_of_verification: [Telephone survey of trained people]
            sources: [SURVEY]
            assignments:
              - {partner: P-NORTH}
              - {partner: P-SOUTH}
        results:
          - id: OP1.1
            level: output
            label: Output 1.1
            title: People are trained
            risks: [Trainers leave for better pay]
            indicators:
              # A count of people in each quarter: a flow. Quarters are added up; no one is trained before the start.
              - id: OP1.1.1
                title: People who completed a training
                measure: number
                unit: person
                direction: increase
                accumulation: flow        # each report covers its own period
                baseline: {value: 0, date: 2025-12-31, source: LISTS}
                targets:
                  # cumulative: for the sum since the start; per_period would be for each period by itself
                  - {period: 2026-Q4, value: 400, basis: cumulative, illustrative: true}
                  - {period: 2027-Q4, value: 1000, basis: cumulative, kind: final, illustrative: true}
                disaggregation:
                  - {dimensions: [sex]}   # parts add up to the total
                means_of_verification: [Attendance lists]
                sources: [LISTS]
                assignments:
                  - {partner: P-NORTH}
                  - {partner: P-SOUTH}
"""
