"""The whole chain in one call, from partners' reports to a scorecard.

Read `evaluate`: it is `validate`, `aggregate` and `score`, one after the other, and adds nothing to them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mne.logframe.files import read_logframe
from mne.logframe.model import Logframe
from mne.reports.validate import validate
from mne.scores.scorecard import score
from mne.values.aggregate import Values, aggregate

if TYPE_CHECKING:
    import datetime as dt

    from mne.scores.cards import Scorecard
    from mne.scores.scheme import Scheme

__all__ = ["evaluate"]


def evaluate(
    source: Any,
    plan: Logframe | str | os.PathLike[str],
    *,
    scheme: str | Scheme = "baseline-target",
    until: dt.date | str | None = None,
    known_by: dt.date | str | None = None,
    **options: Any,
) -> Scorecard:
    """The scorecard of a plan from what partners reported: validate, aggregate, score.

    Args:
        source: whatever `validate` reads: a file, a folder, a data frame.
        plan: a logframe, or the path of one.
        scheme: a shipped scheme's name (`mne.schemes()`), a path to a YAML file, or a `Scheme`.
        until: periods that ended by this day count; None takes the newest period that has a report.
        known_by: only reports received by this day count, and targets as they stood then; None takes all.
        options: the other options of `validate`, under the same names.

    Returns:
        The scorecard. What was wrong with the reports is not lost: `card.actuals.findings` has every finding, those
        of `validate` too.

    Raises:
        LogframeError: `plan` is a path, and what stands there cannot be used.
        ReadError: `plan` is a path that cannot be read.
        SchemeError: the scheme cannot be used.
        OptionError: an argument makes no sense.
    """
    known = plan if isinstance(plan, Logframe) else read_logframe(plan)
    report = validate(source, known, **options)
    values = aggregate(report.observations, known, until=until, known_by=known_by)
    told = Values(
        values,
        plan=known,
        until=values.until,
        known_by=values.known_by,
        statuses=values.statuses,
        findings=report.findings + values.findings,
    )
    return score(told, scheme=scheme)
