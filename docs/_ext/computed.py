"""Numbers on a page that are computed while the page is built, so that none of them can go stale.

Pages under `conventions/` and `schemes/` hold expressions between double braces; `NAMES` says what they may call. A
published figure that does not come out stops the build.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import jinja2

import mne
from mne.ground.numbers import number_text
from mne.scores.scheme import Rounding
from mne.scores.trajectory import trajectory

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_AGAINST: Final = {"milestone": "target that is due", "final": "end target"}
FOLDERS: Final = ("conventions/", "schemes/")


def exact(value: Any) -> Fraction | None:
    """A number as it is written on the page."""
    return None if value is None else Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def achieved(actual: Any, target: Any, baseline: Any = None, **options: Any) -> Fraction | None:
    """An achievement."""
    times = {name: exact(options.pop(name)) for name in ("expected", "elapsed", "span") if name in options}
    numbers = {"actual": exact(actual), "target": exact(target), "baseline": exact(baseline)}
    return mne.achievement_of(**numbers, **times, **options)[0]


def why(actual: Any, target: Any, baseline: Any = None, **options: Any) -> str:
    """Why there is no achievement."""
    times = {name: exact(options.pop(name)) for name in ("expected", "elapsed", "span") if name in options}
    numbers = {"actual": exact(actual), "target": exact(target), "baseline": exact(baseline)}
    value, reason = mne.achievement_of(**numbers, **times, **options)
    if value is not None or reason is None:
        raise ValueError(f"there is a number: {value}")
    return reason.words


def num(value: Fraction | None, digits: int = 2) -> str:
    """A number for people."""
    if value is None:
        raise ValueError("there is no number")
    shown = number_text(value, digits=digits)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def pct(value: Fraction | None, digits: int = 1) -> str:
    """A share as a percentage."""
    return "none" if value is None else f"{num(value * 100, digits)} %"


def published(value: Fraction | None, printed: Any, digits: int = 0) -> str:
    """A published figure, which must be what the library computes, rounded as it was printed."""
    figure = Decimal(str(printed))
    if value is None or Rounding(digits=digits)(value) != Fraction(figure):
        raise ValueError(f"published is {printed}, computed is {value}")
    return str(printed)


def rated(scheme: str, score: Any) -> str:
    """The rating of a score."""
    band = mne.schemes()[scheme].band(exact(score))
    return "–" if band is None else band.label


def bands(scheme: str) -> str:
    """A scheme's ratings as a table, the best first."""
    chosen = mne.schemes()[scheme]
    ordered = sorted(chosen.bands, key=lambda band: -chosen.ranks[band.label])
    lines = ["| rating | from | worth | status | meaning |", "|---|---|---|---|---|"]
    for band in ordered:
        start = f"above {band.above}" if band.above is not None else "lowest" if band.lower is None else str(band.lower)
        worth = "" if band.value is None else str(band.value)
        lines.append(f"| {band.label} | {start} | {worth} | {band.status.replace('_', ' ')} | {band.title or ''} |")
    return "\n".join(lines)


def about(scheme: str) -> str:
    """Where a scheme comes from, and what it does, from its own file."""
    chosen = mne.schemes()[scheme]
    checked = "checked against its source" if chosen.verified else "**not checked against its source**"
    rule = chosen.achievement
    told = [f"*{chosen.title}*, version {chosen.version}, {checked}.", f"Source: {chosen.source}"]
    if chosen.url:
        told.append(f"<{chosen.url}>")
    if chosen.rates == "achievements":
        limits = " and ".join(
            f"{name} {pct(Fraction(limit))}"
            for name, limit in (("floor", rule.floor), ("ceiling", rule.ceiling))
            if limit is not None
        )
        told.append(
            f"Achievement: `{rule.convention}` against the {_AGAINST[rule.against]}"
            + (f", {limits}" if limits else ", neither floor nor ceiling")
            + f". A target just reached scores {num(chosen.on_target)}."
        )
        steps = ", ".join(
            f"{level}: {step.aggregate} of {step.source.replace('_', ' ')}"
            + (", looked up" if step.lookup else "")
            + (f", coverage of at least {pct(Fraction(step.min_coverage), 0)}" if step.min_coverage else "")
            for level, step in chosen.steps.items()
        )
        told.append(f"Steps: {steps}.")
    else:
        told.append("It weighs ratings or points that people gave, with `mne.combine`; it does not score a logframe.")
    if chosen.rounding:
        told.append(
            f"Scores are rounded to {chosen.rounding.digits} decimals ({chosen.rounding.mode}) before they meet a band."
        )
    if chosen.note:
        told.append(str(chosen.note))
    return "\n\n".join(told)


def combined(parts: dict[str, Any], **options: Any) -> Any:
    """Parts brought together."""
    weights = options.pop("weights", None)
    if weights is not None:
        options["weights"] = {code: exact(weight) for code, weight in weights.items()}
    given = {code: part if part is None or isinstance(part, str) else exact(part) for code, part in parts.items()}
    return mne.combine(given, **options)


def moves(**options: Any) -> Any:
    """A trajectory."""
    return trajectory(**{name: each if name == "direction" else exact(each) for name, each in options.items()})


NAMES: Final = {
    "about": about,
    "achieved": achieved,
    "bands": bands,
    "combined": combined,
    "exact": exact,
    "moves": moves,
    "num": num,
    "pct": pct,
    "published": published,
    "rated": rated,
    "why": why,
}


def computed(source: str) -> str:
    """A page with its expressions replaced by what they come to."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701
    return environment.from_string(source).render(NAMES)


def _compute(app: Sphinx, page: str, source: list[str]) -> None:
    if page.startswith(FOLDERS):
        source[0] = computed(source[0])


def setup(app: Sphinx) -> dict[str, Any]:
    """Hook into Sphinx."""
    app.connect("source-read", _compute)
    return {"parallel_read_safe": True}
