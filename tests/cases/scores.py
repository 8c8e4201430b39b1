"""Scores: shipped schemes, weights, aggregates, what is missing, coverage, rounding and gates."""

from __future__ import annotations

from tests.cases.building import (
    END_Q1,
    END_Q2,
    Q1,
    Q2,
    Case,
    F,
    assigned,
    flow,
    level,
    outcome,
    output,
    plan,
    row,
    rows,
)


def toward_100(id, /, **options):
    """From 0 to 100 by the first quarter: the actual is the achievement in percent."""
    return level(id, **{"baseline": {"value": 0}, "targets": ({"period": Q1, "value": 100},), **options})


def scheme(outcome_step, /, **options):
    """A small scheme; scores are percentages."""
    return {
        "id": "small",
        "title": "Small",
        "version": "1",
        "source": "none",
        "verified": False,
        "steps": {"outcome": {"source": "indicators", **outcome_step}},
        **options,
    }


BANDS = (
    {"label": "high", "lower": 80, "status": "met"},
    {"label": "middle", "lower": 50, "status": "at_risk"},
    {"label": "low", "status": "off_track"},
)
A_B_C = (toward_100("A", weight=50), toward_100("B", weight=30), toward_100("C", weight=20))


CASES = (
    Case(
        "scores, FCDO: outputs are graded, and the grades' values are averaged by impact weight",
        plan(
            results=(
                outcome(
                    "OC",
                    results=(
                        output(
                            "OP1",
                            toward_100("X"),
                            level("Y", baseline={"value": 0}, targets=({"period": Q1, "value": 50},)),
                            weight=60,
                        ),
                        output(
                            "OP2",
                            level("Z", baseline={"value": 20}, targets=({"period": Q1, "value": 120},)),
                            weight=40,
                        ),
                    ),
                ),
            )
        ),
        rows(row(Q1, 110, "X"), row(Q1, 35, "Y"), row(Q1, 90, "Z")),
        until=END_Q1,
        scheme="fcdo-annual-review",
        # X 110 %, Y 35/50 = 70 %: mean 90, an A (87.5 to 112.5), worth 100
        # Z (90 − 20) / (120 − 20) = 70 %: a B (62.5 to 87.4), worth 75
        # 0.6·100 + 0.4·75 = 90, an A
        scores={"X": {"score": 110}, "Y": {"score": 70}, "Z": {"score": 70}},
        results={
            "OP1": {"score": 100, "rating": "A", "coverage": 1},
            "OP2": {"score": 75, "rating": "B", "coverage": 1},
            "OC": {"score": 90, "rating": "A", "coverage": 1, "reason": None},
        },
    ),
    Case(
        "scores, FCDO: the published example, outputs C, B, B, B, A+ of weight 20 each give 80.0, a B",
        plan(
            results=(
                outcome("OC", results=tuple(output(f"OP{n}", toward_100(f"I{n}"), weight=20) for n in range(1, 6))),
            )
        ),
        rows(row(Q1, 50, "I1"), row(Q1, 70, "I2"), row(Q1, 75, "I3"), row(Q1, 80, "I4"), row(Q1, 120, "I5")),
        until=END_Q1,
        scheme="fcdo",
        # 0.2·50 + 0.2·75 + 0.2·75 + 0.2·75 + 0.2·125 = 10 + 15 + 15 + 15 + 25
        results={
            "OP1": {"rating": "C", "score": 50},
            "OP4": {"rating": "B", "score": 75},
            "OP5": {"rating": "A+", "score": 125},
            "OC": {"score": 80, "rating": "B"},
        },
    ),
    Case(
        "scores, FCDO: rounded to one decimal before the bands; the ceiling of 150 % holds",
        plan(
            results=(
                outcome(
                    "OC",
                    results=(
                        output("up", toward_100("U")),
                        output("down", toward_100("D")),
                        output("capped", toward_100("K"), toward_100("L")),
                    ),
                ),
            )
        ),
        rows(row(Q1, "137.55", "U"), row(Q1, "112.54", "D"), row(Q1, 900, "K"), row(Q1, 100, "L")),
        until=END_Q1,
        scheme="fcdo-annual-review",
        # 137.55 → 137.6: A++, 150; 112.54 → 112.5: A, 100; (150 + 100) / 2 = 125: A+, 125; (150 + 100 + 125) / 3 = 125
        scores={"K": {"score": 150, "achievement": 9}},
        results={
            "up": {"rating": "A++", "score": 150},
            "down": {"rating": "A", "score": 100},
            "capped": {"rating": "A+", "score": 125},
            "OC": {"rating": "A+", "score": 125},
        },
    ),
    Case(
        "scores, baseline to target: weights 3 to 1, the ceiling of 120 %, Global Fund bands",
        plan(
            level("P", weight=3, baseline={"value": 20}, targets=({"period": Q1, "value": 100},)),
            level("R", weight=1, direction="decrease", baseline={"value": 40}, targets=({"period": Q1, "value": 20},)),
        ),
        rows(row(Q1, 140, "P"), row(Q1, 30, "R")),
        until=END_Q1,
        scheme="baseline-target",
        # P (140 − 20) / 80 = 150 % → 120; R (30 − 40) / (20 − 40) = 50 %
        # (3·120 + 1·50) / 4 = 102.5 → 103, above 100: A1
        scores={"P": {"score": 120, "achievement": F(3, 2)}, "R": {"score": 50, "achievement": F(1, 2)}},
        results={"OC": {"score": F(205, 2), "rating": "A1", "coverage": 1}},
    ),
    Case(
        "scores, baseline to target: what has no number is dropped, its weight goes to the others",
        plan(
            results=(
                outcome(
                    "OC",
                    results=(
                        output("OP1", toward_100("done", weight=30), toward_100("silent", weight=70), weight=1),
                        output("OP2", toward_100("behind"), weight=1),
                        output("OP3", toward_100("nobody"), weight=2),
                    ),
                ),
            )
        ),
        rows(row(Q1, 95, "done"), row(Q1, -10, "behind")),
        until=END_Q1,
        scheme="baseline-target",
        # OP1: 95 from 30 of 100; OP2: −10 % → floor 0; OP3: nothing
        # OC: (1·95 + 1·0) / 2 = 47.5 → 48: B2; coverage (1·0.3 + 1·1 + 2·0) / 4 = 1.3/4
        scores={"silent": {"score": None, "reason": "no-reports"}, "behind": {"score": 0, "achievement": F(-1, 10)}},
        results={
            "OP1": {"score": 95, "rating": "A2", "coverage": F(3, 10)},
            "OP2": {"score": 0, "rating": "C", "coverage": 1},
            "OP3": {"score": None, "rating": None, "coverage": 0, "reason": "nothing-to-score"},
            "OC": {"score": F(95, 2), "rating": "B2", "coverage": F(13, 40)},
        },
    ),
    Case(
        "scores: an outcome's own indicators come before its outputs, which still have their own score",
        plan(results=(outcome("OC", toward_100("own"), results=(output("OP", toward_100("beneath")),)),)),
        rows(row(Q1, 40, "own"), row(Q1, 100, "beneath")),
        until=END_Q1,
        scheme="baseline-target",
        results={"OC": {"score": 40, "rating": "B2"}, "OP": {"score": 100, "rating": "A2"}},
    ),
    Case(
        "scores: an outcome whose own indicators are silent is judged by its outputs",
        plan(results=(outcome("OC", toward_100("own"), results=(output("OP", toward_100("beneath")),)),)),
        rows(row(Q1, 100, "beneath")),
        until=END_Q1,
        scheme="baseline-target",
        results={"OC": {"score": 100, "coverage": 1}},
    ),
    Case(
        "scores: a blend of own indicators and outputs",
        plan(
            results=(
                outcome(
                    "OC",
                    toward_100("own"),
                    results=(output("OP1", toward_100("X"), toward_100("Y")), output("OP2", toward_100("Z"))),
                ),
            )
        ),
        rows(row(Q1, 80, "own"), row(Q1, 30, "X"), row(Q1, 60, "Z")),
        until=END_Q1,
        scheme=scheme(
            {"source": "blend", "indicators": "0.25"},
            steps={"outcome": {"source": "blend", "indicators": "0.25"}, "output": {"source": "indicators"}},
        ),
        # OP1: 30 (Y is silent, half of the weight); OP2: 60; outputs (30 + 60) / 2 = 45
        # 0.25·80 + 0.75·45 = 20 + 33.75; coverage 0.25·1 + 0.75·(0.5 + 1)/2 = 0.25 + 0.5625
        results={"OC": {"score": F(215, 4), "coverage": F(13, 16)}, "OP1": {"score": 30, "coverage": F(1, 2)}},
    ),
    Case(
        "scores: arithmetic mean by weight",
        plan(*A_B_C),
        rows(row(Q1, 90, "A"), row(Q1, 60, "B"), row(Q1, 30, "C")),
        until=END_Q1,
        scheme=scheme({}, bands=BANDS),
        results={"OC": {"score": 69, "rating": "middle", "coverage": 1}},  # 45 + 18 + 6
    ),
    Case(
        "scores: the smallest",
        plan(*A_B_C),
        rows(row(Q1, 90, "A"), row(Q1, 60, "B"), row(Q1, 30, "C")),
        until=END_Q1,
        scheme=scheme({"aggregate": "min"}, bands=BANDS),
        results={"OC": {"score": 30, "rating": "low"}},
    ),
    Case(
        "scores: harmonic mean",
        plan(toward_100("A", weight=2), toward_100("B", weight=1)),
        rows(row(Q1, 50, "A"), row(Q1, 25, "B")),
        until=END_Q1,
        scheme=scheme({"aggregate": "harmonic"}),
        results={"OC": {"score": F(75, 2)}},  # 1 / ((2/3)/50 + (1/3)/25) = 1 / (2/150 + 2/150) = 150/4
    ),
    Case(
        "scores: geometric mean, and 0 where one is 0",
        plan(
            results=(outcome("OC", toward_100("A"), toward_100("B")), outcome("zero", toward_100("C"), toward_100("D")))
        ),
        rows(row(Q1, 20, "A"), row(Q1, 45, "B"), row(Q1, 0, "C"), row(Q1, 90, "D")),
        until=END_Q1,
        scheme=scheme({"aggregate": "geometric"}),
        results={"OC": {"score": 30}, "zero": {"score": 0}},  # √(20 · 45) = √900
    ),
    Case(
        "scores: missing counts as zero where the scheme says so, and coverage tells",
        plan(*A_B_C),
        rows(row(Q1, 90, "A"), row(Q1, 60, "B")),
        until=END_Q1,
        scheme=scheme({}, missing="zero", bands=BANDS),
        # 0.5·90 + 0.3·60 + 0.2·0 = 63; scored are 50 + 30 of 100
        results={"OC": {"score": 63, "rating": "middle", "coverage": F(4, 5)}},
        scores={"C": {"reason": "no-reports"}},
    ),
    Case(
        "scores: missing fails the result where the scheme says so",
        plan(*A_B_C),
        rows(row(Q1, 90, "A"), row(Q1, 60, "B")),
        until=END_Q1,
        scheme=scheme({}, missing="fail", bands=BANDS),
        results={"OC": {"score": None, "rating": None, "reason": "failed-by-policy"}},
    ),
    Case(
        "scores: a policy for one reason, another for the rest",
        plan(
            toward_100("A"),
            toward_100("no_baseline", baseline={"status": "pending"}),
            toward_100("same", baseline={"value": 100}),
        ),
        rows(row(Q1, 90, "A"), row(Q1, 50, "no_baseline"), row(Q1, 50, "same")),
        until=END_Q1,
        scheme=scheme({}, undefined={"no-baseline": "zero", "default": "drop"}),
        # A 90, without a baseline 0, the other dropped: (90 + 0) / 2; scored is 1 of 3
        results={"OC": {"score": 45, "coverage": F(1, 3)}},
    ),
    Case(
        "scores: nothing was due, which is nobody's failure, unless the scheme names it",
        plan(
            results=(
                outcome("OC", toward_100("A"), toward_100("later", targets=({"period": "2025-Q4", "value": 100},))),
            )
        ),
        rows(row(Q1, 90, "A")),
        until=END_Q1,
        scheme=scheme({}, missing="fail", undefined={"default": "fail"}),
        results={"OC": {"score": 90, "coverage": F(1, 2)}},
    ),
    Case(
        "scores: below the minimum coverage there is no score; exactly at it there is",
        plan(
            results=(
                outcome("under", toward_100("A", weight=59), toward_100("B", weight=41)),
                outcome("at", toward_100("C", weight=60), toward_100("D", weight=40)),
            )
        ),
        rows(row(Q1, 90, "A"), row(Q1, 90, "C")),
        until=END_Q1,
        scheme=scheme({"min_coverage": "0.6"}, bands=BANDS),
        results={
            "under": {"score": None, "rating": None, "reason": "coverage-below-minimum", "coverage": F(59, 100)},
            "at": {"score": 90, "rating": "high", "coverage": F(3, 5)},
        },
    ),
    Case(
        "scores: a part without weight changes nothing",
        plan(toward_100("A", weight=1), toward_100("B", weight=0)),
        rows(row(Q1, 90, "A")),
        until=END_Q1,
        scheme=scheme({"aggregate": "min"}, missing="fail"),
        results={"OC": {"score": 90, "coverage": 1}},
    ),
    Case(
        "scores: half is rounded up or to even, and the band follows the rounded score",
        plan(toward_100("A")),
        rows(row(Q1, "80.5", "A")),
        until=END_Q1,
        scheme=scheme(
            {},
            rounding={"digits": 0, "mode": "half_even"},
            bands=({"label": "more", "lower": 81, "status": "met"}, {"label": "less", "status": "off_track"}),
        ),
        # 80.5 → 80 (half to even): less; the score itself stays 80.5
        results={"OC": {"score": F(161, 2), "rating": "less"}},
    ),
    Case(
        "scores: a gate caps the rating where a core indicator went back, and leaves the score",
        plan(
            results=(
                outcome("OC", toward_100("A", weight=9), results=(output("OP", toward_100("core", core=True)),)),
                outcome("free", toward_100("B")),
            )
        ),
        rows(row(Q1, 100, "A"), row(Q1, -1, "core"), row(Q1, 100, "B")),
        until=END_Q1,
        scheme=scheme(
            {},
            bands=BANDS,
            gates=({"id": "back", "title": "A core indicator went back", "when": "core_regressed", "cap": "middle"},),
        ),
        # 100 would be high; −1 % < 0 beneath it closes the gate
        results={"OC": {"score": 100, "rating": "middle"}, "free": {"score": 100, "rating": "high"}},
    ),
    Case(
        "scores: gates for a core indicator that is missing, or below a limit; a cap never lifts",
        plan(
            results=(
                outcome("missing", toward_100("A"), toward_100("silent", core=True)),
                outcome("below", toward_100("B", weight=9), toward_100("weak", weight=1, core=True)),
                outcome("worse", toward_100("C", core=True)),
            )
        ),
        rows(row(Q1, 100, "A"), row(Q1, 100, "B"), row(Q1, 49, "weak"), row(Q1, 10, "C")),
        until=END_Q1,
        scheme=scheme(
            {},
            bands=BANDS,
            gates=(
                {"id": "gone", "title": "Missing", "when": "core_missing", "cap": "low"},
                {"id": "weak", "title": "Weak", "when": "core_below", "below": "0.5", "cap": "middle"},
            ),
        ),
        results={
            "missing": {"score": 100, "rating": "low"},
            "below": {"score": F(949, 10), "rating": "middle"},  # 0.9·100 + 0.1·49 = 94.9
            "worse": {"score": 10, "rating": "low"},
        },
    ),
    Case(
        "scores: a blend without outputs' scores goes by the indicators alone, and coverage tells",
        plan(results=(outcome("OC", toward_100("own"), results=(output("OP", toward_100("X")),)),)),
        rows(row(Q1, 80, "own")),
        until=END_Q1,
        scheme=scheme(
            {},
            steps={"outcome": {"source": "blend", "indicators": "0.25"}, "output": {"source": "indicators"}},
        ),
        results={"OC": {"score": 80, "coverage": F(1, 4)}},  # 0.25·1 + 0.75·0
    ),
    Case(
        "scores: a blend without outputs' scores, missing being zero",
        plan(results=(outcome("OC", toward_100("own"), results=(output("OP", toward_100("X")),)),)),
        rows(row(Q1, 80, "own")),
        until=END_Q1,
        scheme=scheme(
            {},
            steps={
                "outcome": {"source": "blend", "indicators": "0.25", "missing": "zero"},
                "output": {"source": "indicators"},
            },
        ),
        results={"OC": {"score": 20, "coverage": F(1, 4)}},  # 0.25·80 + 0.75·0
    ),
    Case(
        "scores: results alone, an output without a score as zero, or failing",
        plan(
            results=(
                outcome(
                    "OC", toward_100("own"), results=(output("OP1", toward_100("X")), output("OP2", toward_100("Y")))
                ),
                {"id": "G", "level": "impact", "title": "G", "results": (outcome("bare", results=(output("OP3"),)),)},
            )
        ),
        rows(row(Q1, 80, "X"), row(Q1, 100, "own")),
        until=END_Q1,
        scheme=scheme(
            {},
            steps={
                "impact": {"source": "results", "missing": "fail"},
                "outcome": {"source": "results", "missing": "zero"},
                "output": {"source": "indicators", "missing": "fail"},
            },
        ),
        # OC: (80 + 0) / 2, from one of two; an outcome over an empty output: 0, from nothing; the goal has that as its score
        results={
            "OC": {"score": 40, "coverage": F(1, 2)},
            "OP2": {"score": None, "reason": "nothing-to-score"},
            "OP3": {"score": None, "reason": "nothing-to-score", "coverage": 0},
            "bare": {"score": 0, "coverage": 0},
            "G": {"score": 0, "coverage": 0},
        },
    ),
    Case(
        "scores: the goal fails where an outcome has no score and the step says so",
        plan(
            results=(
                {
                    "id": "G",
                    "level": "impact",
                    "title": "G",
                    "results": (outcome("OC1", toward_100("X")), outcome("OC2", toward_100("Y"))),
                },
            )
        ),
        rows(row(Q1, 80, "X")),
        until=END_Q1,
        scheme=scheme(
            {}, steps={"impact": {"source": "results", "missing": "fail"}, "outcome": {"source": "indicators"}}
        ),
        results={
            "G": {"score": None, "reason": "failed-by-policy"},
            "OC1": {"score": 80},
            "OC2": {"reason": "nothing-to-score"},
        },
    ),
    Case(
        "scores: a level that the scheme does not speak of is scored as an outcome; a gate keeps to its levels",
        plan(
            results=(
                {
                    "id": "PDO",
                    "level": "other",
                    "title": "PDO",
                    "indicators": (toward_100("X", core=True), toward_100("Y", weight=None)),
                },
            )
        ),
        rows(row(Q1, -20, "X"), row(Q1, 180, "Y")),
        until=END_Q1,
        scheme=scheme(
            {},
            bands=BANDS,
            gates=({"id": "back", "title": "Back", "when": "core_regressed", "cap": "low", "levels": ("outcome",)},),
        ),
        results={"PDO": {"score": 80, "rating": "high"}},  # (−20 + 180) / 2, not clamped
    ),
    Case(
        "scores: what becomes of an indicator goes by why it has no achievement, not by the state of its sum to date",
        plan(
            flow(
                missing="propagate",
                assignments=assigned("A", "B"),
                targets=({"period": Q2, "value": 10, "basis": "per_period"},),
            )
        ),
        # The first quarter lacks B, so there is no sum to date; the target's own quarter is complete.
        rows(row(Q1, 5, partner="A"), row(Q2, 5, partner="A"), row(Q2, 5, partner="B")),
        until=END_Q2,
        scheme=scheme({}, missing="zero"),
        scores={"I": {"score": None, "reason": "no-baseline"}},
        results={"OC": {"score": None, "reason": "nothing-to-score"}},
    ),
)
