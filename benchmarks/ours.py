"""Our side of the comparisons: files in, findings, values and scores out."""

from __future__ import annotations

import functools
from typing import Any

import mne
from benchmarks.projects import bench
from mne.logframe.model import Logframe
from mne.pipeline import evaluate  # noqa: F401 - all that a run needs is loaded before it is timed
from mne.reports.readers.columnar import read_parquet  # noqa: F401 - as above

plan = functools.cache(bench)


def chain(path: str, rows: str) -> dict[str, Any]:
    """Validate, aggregate and score one file; the codes and how often, the values and the scores."""
    project = plan(int(rows))
    report = mne.validate(path, project, trusted=True)
    values = mne.aggregate(report.observations, project)
    return {"codes": counted(report), **told(mne.score(values), project)}


def counted(report: Any) -> dict[str, int]:
    """How often each code was told, but for figures that come again by chance: the rivals do not look for them."""
    return {code: count for code, count in report.findings.codes.items() if code != "figures-repeated"}


def told(card: Any, project: Logframe) -> dict[str, Any]:
    """The values and scores of a card, as plain numbers."""
    return {
        "values": {id: _float(card.actuals[id].value) for id in project.indicators},
        "scores": {id: _float(each.score) for id, each in card.results.items()},
    }


def _float(number: Any) -> float | None:
    return None if number is None else float(number)


def validated(path: str, rows: str) -> dict[str, int]:
    """The codes of the findings alone."""
    return counted(mne.validate(path, plan(int(rows)), trusted=True))
