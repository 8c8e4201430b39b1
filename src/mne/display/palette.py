"""The look of a status: its colour, its shape and its word, each written here once and nowhere else.

Read `STATUSES` first. The colours are those of Okabe and Ito, darkened until text in them can be read; whoever cannot
tell them apart has the shape, and whoever sees neither has the word. "No data" is grey and never red.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mne.display.markup import Markup, el
from mne.ground.catalogue import Severity
from mne.ground.maps import FrozenMap

if TYPE_CHECKING:
    from mne.display.labels import Labels

__all__ = ["SEVERITIES", "STATUSES", "Look", "badge", "banner", "icon", "mark", "severity_badge"]


@dataclass(frozen=True, slots=True)
class Look:
    """How one status is shown: `ink` on paper, `tint` under a badge, and both again for the dark."""

    key: str
    sign: str
    shape: str
    ink: str
    tint: str
    ink_dark: str
    tint_dark: str
    terminal: str

    @property
    def word(self) -> str:
        """The key of the status's word in the table of labels."""
        return f"status-{self.key}"


_TICK: Final = "M2.2 8.6 6.2 12.4 13.8 3.9"
_LOOKS: Final = (
    Look("met", "✓", "tick", "#00634a", "#d9f0e8", "#4fd3ab", "#0e3329", "green"),
    Look("on_track", "●", "circle", "#00609c", "#dcecf8", "#6bbcf0", "#0f2c43", "blue"),
    Look("at_risk", "▲", "triangle", "#8a5500", "#fdeccb", "#f2b544", "#3d2b08", "yellow"),
    Look("off_track", "■", "square", "#a83c00", "#fbe1d3", "#ff9a66", "#43200f", "red"),
    Look("no_data", "○", "ring", "#595f66", "#eceef0", "#a9b1ba", "#2a2f35", "bright_black"),
)
STATUSES: Final[FrozenMap[str, Look]] = FrozenMap({look.key: look for look in _LOOKS})

# Severities borrow the looks: the grave ones are square, a warning is a triangle, a remark a ring.
SEVERITIES: Final[FrozenMap[Severity, str]] = FrozenMap(
    {
        Severity.BLOCKER: "off_track",
        Severity.ERROR: "off_track",
        Severity.WARNING: "at_risk",
        Severity.INFO: "no_data",
    }
)


def icon(status: str) -> Markup:
    """The shape of a status as a small inline drawing; its word always stands beside it."""
    look = STATUSES[status]
    match look.shape:
        case "tick":
            drawn = el("path", d=_TICK, fill="none", stroke="currentColor", stroke_width="2.6", stroke_linecap="round")
        case "circle":
            drawn = el("circle", cx="8", cy="8", r="5.6", fill="currentColor")
        case "triangle":
            drawn = el("polygon", points="8,1.6 14.8,13.8 1.2,13.8", fill="currentColor")
        case "square":
            drawn = el("rect", x="2.2", y="2.2", width="11.6", height="11.6", fill="currentColor")
        case _:
            drawn = el("circle", cx="8", cy="8", r="5", fill="none", stroke="currentColor", stroke_width="2.2")
    return el("svg", drawn, viewBox="0 0 16 16", class_="mne-icon", aria_hidden="true", focusable="false")


def badge(status: str, say: Labels, *, word: str | None = None, rating: str | None = None) -> Markup:
    """Shape and word in the colour of the status, with the scheme's own rating where there is one."""
    look = STATUSES[status]
    told = el("b", rating, class_="mne-rating") if rating else None
    return el("span", icon(status), told, el("span", word or say(look.word)), class_=f"mne-badge mne-{status}")


def severity_badge(severity: Severity, say: Labels) -> Markup:
    """A finding's severity as shape and word."""
    return badge(SEVERITIES[severity], say, word=say(f"severity-{severity}"))


def mark(say: Labels, *, when: bool = True) -> Markup | None:
    """The mark on a number that is an example and that nobody reported; None on any other."""
    return el("span", say("illustrative"), class_="mne-ill") if when else None


def banner(say: Labels, *, when: bool = True) -> Markup:
    """The notice on top of a page that has such numbers."""
    return el("p", say("illustrative-banner"), class_="mne-banner", role="note") if when else Markup("")
