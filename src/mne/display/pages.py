"""Every object as the body of a page: one function per view, under the view's name in `mne._render.VIEWS`.

Read `scorecard`. The drawing itself stands in the modules that end in ``_view`` and in `matrix`. `whole` is true for a
page of its own and false for a notebook, which shows the long parts on demand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mne.display import explanation_view, findings_view, matrix, report_view, scorecard_view, values_view
from mne.display.markup import Markup, neutral

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.ground.explanation import Explanation
    from mne.ground.findings import Findings
    from mne.ground.language import Text
    from mne.logframe.model import Logframe
    from mne.reports.report import ValidationReport
    from mne.scores.cards import IndicatorScore, ResultScore, Scorecard
    from mne.tables.observations import Observations
    from mne.values.values import IndicatorValue, Values

__all__ = [
    "explanation",
    "findings",
    "indicator_score",
    "indicator_value",
    "logframe",
    "observations",
    "report",
    "result",
    "scorecard",
    "title",
    "values",
]

_IN_NOTEBOOK = 200
"""Findings that a notebook lists; a page of its own lists many more."""


def title(obj: Any, say: Labels) -> str:
    """The title of an object's page: what the window and the bookmark are called."""
    plan = getattr(obj, "plan", None)
    about = getattr(plan, "title", None) or getattr(obj, "title", None) or _part_title(obj)
    if about is not None:
        return neutral(about.in_language(say.wanted), limit=200)
    shown = getattr(obj, "label", None) or getattr(obj, "plan_id", None) or say("findings")
    return neutral(shown, limit=200)


def _part_title(obj: Any) -> Text | None:
    """The title of the result or indicator that a part of a card, or a value, is about."""
    about = getattr(obj, "result", None) or getattr(obj, "indicator", None)
    return None if about is None else about.title


def explanation(node: Explanation, say: Labels, *, whole: bool) -> Markup:
    """The answer to "why?"; a page of its own has more of it unfolded."""
    return explanation_view.explanation(node, say, open_levels=4 if whole else 2)


def findings(found: Findings, say: Labels, *, whole: bool) -> Markup:
    """The findings by file and sheet."""
    return findings_view.findings(found, say, limit=findings_view.SHOWN if whole else _IN_NOTEBOOK)


def report(told: ValidationReport, say: Labels, *, whole: bool) -> Markup:
    """The verdict, what was checked, who reported, and the findings."""
    return report_view.report(told, say, limit=findings_view.SHOWN if whole else _IN_NOTEBOOK)


def logframe(plan: Logframe, say: Labels, *, whole: bool) -> Markup:
    """The matrix; a page of its own has the sources beneath it."""
    return matrix.logframe(plan, say, whole=whole)


def scorecard(card: Scorecard, say: Labels, *, whole: bool) -> Markup:
    """The scorecard; a page of its own has every explanation down to the cells."""
    return scorecard_view.scorecard(card, say, whole=whole)


def result(part: ResultScore, say: Labels, *, whole: bool) -> Markup:
    """One result of a scorecard."""
    return scorecard_view.result(part, say, whole=whole)


def indicator_score(part: IndicatorScore, say: Labels, *, whole: bool) -> Markup:
    """One indicator of a scorecard."""
    return scorecard_view.indicator(part, say, whole=whole)


def values(told: Values, say: Labels, *, whole: bool) -> Markup:
    """The tracking table; `whole` makes no difference: it is never long."""
    del whole
    return values_view.tracking(told, say)


def indicator_value(value: IndicatorValue, say: Labels, *, whole: bool) -> Markup:
    """One indicator's values; a page of its own says why as well."""
    return values_view.indicator_value(value, say, whole=whole)


def observations(table: Observations, say: Labels, *, whole: bool) -> Markup:
    """The head of an observation table; a page of its own shows more rows."""
    return values_view.observations(table, say, limit=1_000 if whole else 20)
