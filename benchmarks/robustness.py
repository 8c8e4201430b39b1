"""``python -m benchmarks.robustness``: ratings under varied weights, ours against a loop over the draws by hand."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np

import mne
from benchmarks.same_process import compared
from mne.logframe.model import Logframe
from mne.scores.cards import Scorecard
from mne.scores.robustness import robustness
from mne.tables.observations import Observations

SPREAD = 0.25


def card_of(indicators: int, *, seed: int = 7) -> Scorecard:
    """A goal, outcomes of ten indicators each, and every indicator reported once."""
    chance = np.random.default_rng(seed)

    def indicator(number: int) -> dict[str, Any]:
        return {
            "id": f"I{number}", "title": f"Indicator {number}", "measure": "number", "accumulation": "level",
            "weight": str(chance.integers(1, 30)), "baseline": {"value": "0"},
            "targets": [{"date": "2025-12-31", "value": "100", "kind": "final"}],
        }  # fmt: skip

    outcomes = [
        {
            "id": f"OC{first}", "level": "outcome", "title": f"Outcome {first}",
            "indicators": [indicator(number) for number in range(first, min(first + 10, indicators))],
        }
        for first in range(0, indicators, 10)
    ]  # fmt: skip
    plan = Logframe.model_validate(
        {
            "id": "BENCH", "title": "Benchmark", "start": "2025-01-01", "end": "2025-12-31",
            "organisations": [{"id": "A", "title": "A", "roles": ["partner"]}],
            "results": [{"id": "G", "level": "impact", "title": "Goal", "results": outcomes}],
        }
    )  # fmt: skip
    period = plan.periods()[-1]
    rows = [
        {
            "project": "BENCH", "indicator": code, "period": period.label, "period_start": period.start,
            "period_end": period.last_day, "partner": "A", "location": "_T", "category": "_T",
            "value": Decimal(int(chance.integers(20, 120))), "state": "reported", "status": "submitted", "revision": 0,
            "illustrative": True, "source_order": order,
        }
        for order, code in enumerate(plan.indicators)
    ]  # fmt: skip
    return mne.score(mne.aggregate(Observations.from_rows(rows), plan), scheme="baseline-target")


def by_hand(card: Scorecard, draws: int, seed: int) -> dict[str, Counter[str]]:
    """The ratings of every outcome and the goal, one draw after the other, in plain floats."""
    scheme = card.scheme
    edges = [
        (band.label, None if band.edge is None else float(band.edge), band.above is not None)
        for band in scheme.ordered_bands
    ]
    tree = [
        (part.id, float(part.share), [(each.id, float(each.share), float(each.score or 0)) for each in part.indicators])
        for part in card.results["G"].results
    ]
    names = [*card.results, *card.indicators]
    chance = np.random.default_rng(seed)
    ratings: dict[str, Counter[str]] = {code: Counter() for code in card.results}

    def rating(score: float) -> str:
        best = edges[0][0]
        for label, edge, open_ in edges:
            if edge is None or (score > edge if open_ else score >= edge):
                best = label
        return best

    for _ in range(draws):
        factor = dict(zip(names, chance.uniform(1 - SPREAD, 1 + SPREAD, len(names)).tolist(), strict=True))
        goal, whole = 0.0, 0.0
        for code, share, parts in tree:
            total = sum(factor[each] * weight for each, weight, _ in parts)
            score = sum(factor[each] * weight * points for each, weight, points in parts) / total
            ratings[code][rating(score)] += 1
            goal += factor[code] * share * score
            whole += factor[code] * share
        ratings["G"][rating(goal / whole)] += 1
    return ratings


def main() -> None:
    """Checks that both give every rating as often as the other, then times them."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.robustness")
    options.add_argument("--indicators", type=int, default=200)
    options.add_argument("--draws", type=int, default=10_000)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    card = card_of(given.indicators)
    ours = robustness(card, spread=SPREAD, draws=given.draws, seed=1)
    for code, counts in by_hand(card, given.draws, 1).items():
        mine = {label: int(share * given.draws) for label, share in ours[code].ratings.items()}
        if mine != dict(counts):
            sys.exit(f"{code}: ours is {mine}, by hand it is {dict(counts)}")
    print(f"{given.indicators} indicators, {given.draws:,} draws, median of {given.runs} runs, numpy {np.__version__}")
    compared(
        "robustness",
        lambda: robustness(card, spread=SPREAD, draws=given.draws, seed=1),
        lambda: by_hand(card, given.draws, 1),
        given.runs,
    )


if __name__ == "__main__":
    main()
