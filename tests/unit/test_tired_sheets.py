"""Sheets of a partner's own: a line that says several things, ratios in two rows, heads that nobody knows, subtotals."""

from __future__ import annotations

import pytest

import mne
from tests.unit.test_tired_layouts import partners
from tests.unit.test_tired_reading import figures, judged

QUARTERS = ["Code", "Indicator", "Q1 2026", "Q2 2026"]


def codes(told: mne.ValidationReport) -> list[tuple[str, str | None]]:
    """What is said that asks for something, with its cell."""
    return [(each.code, each.place.cell) for each in told.findings if each.level != "info"]


# ------------------------------------------------------------------------------------- a line that says several things


@pytest.mark.parametrize(
    ("line", "place", "partner"),
    [
        ("Project P. Partner: A. Place: N. Updated on 12 October (Z. R.)", "N", "A"),
        ("Projet P. Partenaire : A. Lieu : N. Mis à jour le 12 octobre 2026 (Z. R.)", "N", "A"),
        ("Партнер: A; место: N; исп. Ш. Назарова", "N", "A"),
        ("Partner: A | Location: N", "N", "A"),
        ("Partner: A – Location: N", "N", "A"),
        ("Шарик: A, ҷой: N", "N", "A"),
        ("Place: N. Seen at 10:30", "N", "_T"),
        ("Report of the year, place: see the annex", "_T", "_T"),
        ("Workplace: N", "_T", "_T"),
    ],
)
def test_a_line_above_a_table_may_say_several_things(line: str, place: str, partner: str) -> None:
    told = judged([[line], [], QUARTERS, ["OC1.2", "Days", 4, 5]], partner=None)
    assert [each[:3] for each in figures(told)] == [("OC1.2", f"2026-Q{at}", place) for at in (1, 2)]
    assert partners(told) == [partner, partner]


def test_a_period_within_a_line_is_that_of_its_rows() -> None:
    line = "Partner: A. Period: II кв. 2026. Place: N"
    told = judged([[line], [], ["Indicator", "Value"], ["OC1.2", 4]], partner=None)
    assert figures(told) == [("OC1.2", "2026-Q2", "N", "_T", 4)]
    within = judged([["Signed. Period: Q2 2026, place: N."], [], ["Indicator", "Value"], ["OC1.2", 4]])
    assert figures(within) == [("OC1.2", "2026-Q2", "N", "_T", 4)]
