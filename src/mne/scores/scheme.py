"""A scoring scheme: how achievements become scores and ratings, as data with a source and a version.

Read `Scheme` first. A scheme is a YAML file, never code: `read_scheme` loads one by its name or path, and
refuses bands with a gap, weights that make no sense or a step that nobody declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from mne.errors import OptionError, ReadError, SchemeError
from mne.ground.files import read_bytes
from mne.ground.findings import Finding, Findings, Place
from mne.ground.language import Text
from mne.ground.maps import FrozenMap
from mne.ground.phrases import phrase
from mne.ground.trees import parse_yaml
from mne.logframe.loading import build
from mne.logframe.model import Level
from mne.logframe.types import Code, Flag, Model, Number, Share, Whole, Words
from mne.scores.conventions import Convention, met_at

__all__ = [
    "AchievementRule",
    "Against",
    "Band",
    "Convention",
    "Due",
    "Expected",
    "Gate",
    "Policy",
    "Rounding",
    "Scheme",
    "Step",
    "check_scheme",
    "read_scheme",
    "schemes",
    "with_weights_checked",
]


class Against(StrEnum):
    """Which target a score is about: the newest milestone due, or the end of the project."""

    MILESTONE = "milestone"
    FINAL = "final"


class Due(StrEnum):
    """Which periods count when a flow is compared with what was due."""

    ENDED_PERIODS = "ended_periods"
    PERIODS_WITH_DATA = "periods_with_data"
    ALL = "all"


class Expected(StrEnum):
    """How far an indicator should be by a day (semantics §5)."""

    COMPLETED_MILESTONES = "completed_milestones"
    """The newest target that has fallen due."""
    LINEAR = "linear"
    """A straight line from the baseline to the end target."""
    MILESTONE_INTERPOLATION = "milestone_interpolation"
    """Straight lines through all milestones."""


class Policy(StrEnum):
    """What becomes of a part that has no number."""

    DROP = "drop"
    """It is left out, its weight goes to the others, and the scorecard lists it."""
    ZERO = "zero"
    FAIL = "fail"
    """The result has no score either."""


class AchievementRule(Model):
    """Which achievement is scored, and how far it may run below 0 or above 1."""

    convention: Convention = Convention.BASELINE_TARGET
    against: Against = Against.MILESTONE
    due: Due = Due.ENDED_PERIODS
    expected: Expected = Expected.COMPLETED_MILESTONES
    """Against milestones: the newest one due, or what a line through them asks for by now."""
    no_baseline: Literal["undefined", "actual_over_target"] = "undefined"
    favourable: Flag = False
    """With the convention variance: turn the sign where less is better, so that above zero is always good."""
    falling: Literal["undefined", "as_published"] = "undefined"
    """With conventions that read more as better: what becomes of indicators that should fall."""
    floor: Number | None = None
    ceiling: Number | None = None


class Step(Model):
    """How a result of one level gets its score from what is beneath it."""

    source: Literal["indicators", "results", "indicators_else_results", "results_else_indicators", "blend"]
    indicators: Share | None = None
    """With `blend`: the share of the result's own indicators; its results beneath have the rest."""
    aggregate: Literal["mean", "geometric", "harmonic", "min"] = "mean"
    lookup: Flag = False
    """The rounded score is replaced by the value of the band that it falls into."""
    missing: Policy = Policy.DROP
    min_coverage: Share | None = None

    def blended(self, *, own: bool, beneath: bool) -> Fraction:
        """With `blend`, the indicators' share: as declared, and all or nothing where only one of the sides exists."""
        share = Fraction(self.indicators if self.indicators is not None else 0)
        return share if own == beneath else Fraction(int(own))


class Rounding(Model):
    """The one rounding ahead of display: of a score, before it meets the bands."""

    digits: Whole
    mode: Literal["half_up", "half_even"] = "half_up"

    def __call__(self, score: Fraction) -> Fraction:
        """`score` at `digits` decimals; half_up rounds halves away from zero."""
        power = Fraction(10) ** self.digits
        scaled = abs(score) * power
        whole, rest = divmod(scaled, 1)
        up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (self.mode == "half_up" or whole % 2 == 1))
        rounded = Fraction(whole + (1 if up else 0)) / power
        return rounded if score >= 0 else -rounded


class Band(Model):
    """A rating: the scores from `lower`, or from just above `above`, up to the next band's; the lowest has neither."""

    label: Code
    lower: Number | None = None
    """The lowest score of the band, which belongs to it."""
    above: Number | None = None
    """Instead of `lower`: a score that does not belong to the band, while everything above it does."""
    status: Literal["met", "on_track", "at_risk", "off_track"]
    title: Text | None = None
    value: Number | None = None
    """What the rating is worth where a step looks it up, or where ratings are combined."""

    @property
    def edge(self) -> Number | None:
        """Where the band begins, whether that score belongs to it or not."""
        return self.lower if self.lower is not None else self.above

    def holds(self, score: Fraction) -> bool:
        """Whether a score reaches this band."""
        if self._edge is None:
            return True
        return score >= self._edge if self.above is None else score > self._edge

    @cached_property
    def _edge(self) -> Fraction | None:
        begins = self.lower if self.above is None else self.above
        return None if begins is None else Fraction(begins)


class Gate(Model):
    """A ceiling on the rating of results, whatever their score, when something went wrong beneath them."""

    id: Code
    title: Text
    when: Literal["core_regressed", "core_missing", "core_below", "part_worse"]
    below: Number | None = None
    """With `core_below`: the achievement of a core indicator under which the gate closes."""
    parts: tuple[Code, ...] = ()
    """With `part_worse`: the parts that must be rated well enough, where ratings are combined."""
    worse_than: Code | None = None
    """With `part_worse`: the rating that each of them must reach."""
    cap: Code
    """The best rating that is left when the gate closes."""
    levels: tuple[Level, ...] = (Level.IMPACT, Level.OUTCOME, Level.OUTPUT)


class Scheme(Model):
    """A way to turn achievements into scores and ratings, with its source.

    `scale` is what an achievement of 1 is worth: 100 makes scores read as percentages.
    """

    format: Whole = 1
    id: Code
    title: Text
    version: Code
    source: Words
    url: Words | None = None
    verified: Flag
    note: Text | None = None
    rates: Literal["achievements", "ratings"] = "achievements"
    """What it rates: achievements of a scorecard, or ratings and points that people gave (`mne.combine`)."""
    scale: Number = Field(default=100, validate_default=True)
    better: Literal["higher", "lower"] = "higher"
    """Which end of the scores is the good one; grades from 1 to 6 are better the lower they are."""
    achievement: AchievementRule = Field(default_factory=AchievementRule)
    undefined: FrozenMap[Code, Policy] = Field(default_factory=FrozenMap)
    """Policy per reason code (`mne.tables.reasons`); `default` stands for the others."""
    missing: Policy = Policy.DROP
    weights: Literal["normalise", "sum_100"] = "normalise"
    steps: FrozenMap[Level, Step] = Field(default_factory=FrozenMap)
    rounding: Rounding | None = None
    bands: tuple[Band, ...] = ()
    gates: tuple[Gate, ...] = ()
    aliases: tuple[Code, ...] = ()

    def policy(self, reason: str) -> Policy:
        """What becomes of a part that is undefined for `reason`."""
        return self.undefined.get(reason, self.undefined.get("default", Policy.DROP))

    @property
    def scale_exact(self) -> Fraction:
        """What an achievement of 1 is worth, as a fraction."""
        return Fraction(self.scale)

    @property
    def on_target(self) -> Fraction:
        """The score of a target that is just reached, or of an indicator that is just on pace."""
        return met_at(self.achievement.convention) * self.scale_exact

    @cached_property
    def ordered_bands(self) -> tuple[Band, ...]:
        """The bands from the lowest up."""
        return tuple(
            sorted(self.bands, key=lambda band: (band.edge is not None, band.edge or 0, band.above is not None))
        )

    @cached_property
    def ranks(self) -> FrozenMap[str, int]:
        """The rank of each rating, 0 for the worst."""
        bands = self.ordered_bands if self.better == "higher" else self.ordered_bands[::-1]
        return FrozenMap({band.label: rank for rank, band in enumerate(bands)})

    def band_of(self, label: str) -> Band | None:
        """The band with this label, or None."""
        return next((band for band in self.bands if band.label == label), None)

    def band(self, score: Fraction) -> Band | None:
        """The band of a score, which is rounded here as the scheme says; None without bands."""
        rounded = self.rounding(score) if self.rounding else score
        best: Band | None = None
        for band in self.ordered_bands:
            if band.holds(rounded):
                best = band
        return best

    def __repr__(self) -> str:
        told = "verified" if self.verified else "unverified"
        return f"Scheme({self.id} {self.version}: {str(self.title)!r}, {len(self.bands)} bands, {told})"

    __str__ = __repr__


# --- reading ----------------------------------------------------------------------------------------------------

_SUFFIXES: Final = (".yaml", ".yml")
_HUNDRED: Final = 100


def schemes() -> FrozenMap[str, Scheme]:
    """The schemes that are shipped with the library, by id."""
    return _shipped()


@lru_cache(maxsize=1)
def _shipped() -> FrozenMap[str, Scheme]:
    """Their files are part of the library and do not change; to read all of them takes longer than to score."""
    found = {}
    for entry in sorted(resources.files("mne.scores").joinpath("schemes").iterdir(), key=lambda each: each.name):
        if entry.name.endswith(_SUFFIXES):
            scheme = _parsed(entry.read_bytes(), entry.name)
            found[scheme.id] = scheme
    return FrozenMap(found)


def read_scheme(name: str | Path) -> Scheme:
    """The shipped scheme of this name, or the one in this YAML file.

    Raises:
        OptionError: there is no shipped scheme of this name, and it is not a path of a YAML file either.
        ReadError: the file cannot be read.
        SchemeError: the file is no usable scheme; the error lists everything that is wrong with it.
    """
    if not isinstance(name, (str, Path)):
        raise OptionError(f"scheme must be a name, a path or a Scheme, not {type(name).__name__}")
    if str(name).endswith(_SUFFIXES):
        source, findings = read_bytes(name)
        if source is None:
            raise ReadError("; ".join(str(finding) for finding in findings))
        return _parsed(source.data, source.name)
    shipped = schemes()
    for scheme in shipped.values():
        if name == scheme.id or name in scheme.aliases:
            return scheme
    raise OptionError(f"there is no scheme {name!r}; shipped are {', '.join(shipped)}; a file must end in .yaml")


def with_weights_checked(scheme: Scheme, weights: Iterable[tuple[str, Sequence[Decimal | None]]]) -> None:
    """Refuse sibling weights that do not sum to 100 where the scheme asks for it; who has no sibling needs none.

    Raises:
        SchemeError: weights of some siblings are missing, or sum to something else; the error lists all of them.
    """
    if scheme.weights != "sum_100":
        return
    wrong = tuple(
        Finding(
            code="scheme-weights-invalid",
            place=Place(path=owner),
            found=" + ".join("no weight" if weight is None else str(weight) for weight in told),
            expected=phrase("weights that sum to 100"),
        )
        for owner, told in weights
        if told != (None,) and told and (None in told or sum(filter(None, told)) != _HUNDRED)
    )
    if wrong:
        raise SchemeError(Findings(wrong), what=f"the logframe's weights do not fit the scheme {scheme.id}")


def _parsed(data: bytes, name: str) -> Scheme:
    tree, found = parse_yaml(data, name=name)
    findings = list(found)
    scheme: Scheme | None = None
    if tree is not None:
        scheme, wrong = build(Scheme, tree, name=name)
        findings += wrong
    if scheme is not None:
        findings += check_scheme(scheme, name=name)
    grave = Findings(findings).at_least("error")
    if scheme is None or grave:
        raise SchemeError(grave, what=f"{name} is not a usable scheme")
    return scheme


def check_scheme(scheme: Scheme, *, name: str | None = None) -> tuple[Finding, ...]:
    """What is wrong with a scheme: gaps or overlaps of its bands, steps and gates that cannot work."""
    return tuple(
        Finding(code=code, place=Place(file=name, path=path), found=found, expected=expected)
        for code, path, found, expected in (*_band_problems(scheme), *_step_problems(scheme), *_gate_problems(scheme))
    )


_Problem = tuple[str, str, str, str]


def _band_problems(scheme: Scheme) -> Iterator[_Problem]:
    labels = [band.label for band in scheme.bands]
    for label in sorted({label for label in labels if labels.count(label) > 1}):
        yield "scheme-band-duplicate", f"bands.{label}", label, "each rating once"
    for band in scheme.bands:
        if band.lower is not None and band.above is not None:
            yield "scheme-band-overlap", f"bands.{band.label}", "lower and above", "one of `lower` and `above`"
    edges = [(band.edge, band.above is not None) for band in scheme.bands]
    for edge in sorted({edge for edge, open_ in edges if edge is not None and edges.count((edge, open_)) > 1}):
        yield "scheme-band-overlap", "bands", f"two bands from {edge}", "each lower bound once"
    lowest = sum(1 for edge, _ in edges if edge is None)
    if scheme.bands and lowest != 1:
        found = phrase("{lowest} bands without a lower bound", lowest=lowest)
        yield (
            "scheme-band-gap",
            "bands",
            found,
            phrase("exactly one lowest band, without a lower bound, so that none is left out"),
        )
    if scheme.rounding is not None:
        step = Decimal(1).scaleb(-scheme.rounding.digits)
        for band in scheme.bands:
            if band.edge is not None and band.edge % step:
                yield (
                    "scheme-band-precision",
                    f"bands.{band.label}",
                    str(band.edge),
                    phrase(
                        "at most {digits} decimals, as scores are rounded so before they meet the bands",
                        digits=scheme.rounding.digits,
                    ),
                )


def _step_problems(scheme: Scheme) -> Iterator[_Problem]:
    if Level.OUTCOME not in scheme.steps and scheme.rates == "achievements":
        yield (
            "scheme-step-missing",
            "steps",
            "no step for outcome",
            phrase("a step for outcome, which other levels fall back on"),
        )
    for level, step in scheme.steps.items():
        if (step.source == "blend") != (step.indicators is not None):
            yield (
                "scheme-step-invalid",
                f"steps.{level}",
                f"source {step.source}, indicators {step.indicators or 'none'}",
                phrase("a share for `indicators` with source blend, and only then"),
            )
        if step.lookup and (not scheme.bands or any(band.value is None for band in scheme.bands)):
            yield "scheme-step-invalid", f"steps.{level}", "lookup", "a value on every band that is looked up"
    rule = scheme.achievement
    if rule.floor is not None and rule.ceiling is not None and rule.floor >= rule.ceiling:
        yield (
            "scheme-limits-invalid",
            "achievement",
            f"floor {rule.floor}, ceiling {rule.ceiling}",
            phrase("a floor below the ceiling"),
        )
    if scheme.scale <= 0:
        yield "scheme-limits-invalid", "scale", str(scheme.scale), phrase("a scale above zero")


def _gate_problems(scheme: Scheme) -> Iterator[_Problem]:
    labels = {band.label for band in scheme.bands}
    for gate in scheme.gates:
        if gate.cap not in labels:
            yield "scheme-gate-invalid", f"gates.{gate.id}", gate.cap, f"one of the ratings {', '.join(sorted(labels))}"
        if (gate.when == "core_below") != (gate.below is not None):
            yield (
                "scheme-gate-invalid",
                f"gates.{gate.id}",
                str(gate.below or "none"),
                "`below` with core_below, and only then",
            )
        if {gate.when == "part_worse"} != {bool(gate.parts), gate.worse_than is not None}:
            found = f"parts {', '.join(gate.parts) or 'none'}, worse_than {gate.worse_than or 'none'}"
            yield (
                "scheme-gate-invalid",
                f"gates.{gate.id}",
                found,
                phrase("`parts` and `worse_than` with part_worse, and only then"),
            )
        if gate.worse_than is not None and gate.worse_than not in labels:
            told = ", ".join(sorted(labels))
            yield "scheme-gate-invalid", f"gates.{gate.id}", gate.worse_than, f"one of the ratings {told}"
