"""Our side of the comparisons: files in, findings, values and scores out."""

from __future__ import annotations

import functools
from typing import Any, Final

import pint  # noqa: F401 - all that a run needs is loaded before it is timed

import mne
from benchmarks.projects import bench
from mne.logframe.model import Logframe
from mne.pipeline import evaluate  # noqa: F401 - as above
from mne.reports.readers.columnar import read_parquet  # noqa: F401 - as above

plan = functools.cache(bench)
SHEET: Final = 1_000_000
MEMORY: Final = "3GB"


def chain(path: str, rows: str) -> dict[str, Any]:
    """Validate, aggregate and score one file; the codes and how often, the values and the scores."""
    project = plan(int(rows))
    report = _validated(path, rows)
    values = mne.aggregate(report.observations, project)
    return {"codes": dict(report.findings.codes), **told(mne.score(values), project)}


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
    return dict(_validated(path, rows).findings.codes)


def _validated(path: str, rows: str) -> Any:
    """The report on a file; more rows than one sheet may have are judged in parts, as the documentation says."""
    limit = None if int(rows) <= SHEET else MEMORY
    return mne.validate(path, plan(int(rows)), trusted=True, memory_limit=limit)
