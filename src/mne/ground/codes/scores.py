"""Codes about a scoring scheme."""

from __future__ import annotations

from typing import Final

from mne.ground.catalogue import Code, Severity

E = Severity.ERROR

CODES: Final[tuple[Code, ...]] = (
    Code(
        "scheme-band-duplicate",
        E,
        "The rating {found} is declared twice.",
        "Give each band a label of its own.",
        "two bands with the label A",
    ),
    Code(
        "scheme-band-gap",
        E,
        "The bands do not cover every score: there are {found}.",
        "Leave out `lower` on the lowest band, and on that one only.",
        "the lowest band starts at 30, so a score of 12 has no rating",
    ),
    Code(
        "scheme-band-overlap",
        E,
        "Two bands start at the same score: {found}.",
        "Give every band a lower bound of its own.",
    ),
    Code(
        "scheme-band-precision",
        E,
        "The lower bound {found} has more decimals than a rounded score.",
        "Write the bound with {expected}.",
    ),
    Code(
        "scheme-gate-invalid",
        E,
        "A gate cannot work: found {found}, expected {expected}.",
        "Name one of the scheme's ratings as cap, and a limit where the gate compares with one.",
    ),
    Code(
        "scheme-limits-invalid",
        E,
        "The limits make no sense: found {found}, expected {expected}.",
        "Correct the floor, the ceiling or the scale.",
    ),
    Code(
        "scheme-step-invalid",
        E,
        "A step cannot work: found {found}, expected {expected}.",
        "Correct the step as said.",
    ),
    Code(
        "scheme-weights-invalid",
        E,
        "The weights of what stands beneath one result do not add up: {found}.",
        "Correct the weights in the logframe, or use a scheme that normalises them.",
        "three outputs with the weights 40, 30 and 20",
    ),
    Code(
        "scheme-step-missing",
        E,
        "The scheme says nothing about outcomes.",
        "Add a step for the level outcome; levels without a step of their own use it.",
    ),
)
