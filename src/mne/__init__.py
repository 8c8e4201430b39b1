"""Logframes as plain text, partner reports checked cell by cell, outcome scores that anyone can recompute.

Start with `read_logframe`, `validate`, `aggregate` and `score`, or with `evaluate`, which is all four. Importing the
package loads none of them: a name is imported from its floor when it is first used.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

TYPE_CHECKING = False  # what typing says too; the module itself takes longer to import than all that stands here
if TYPE_CHECKING:
    from typing import Any, Final

    from mne.errors import (
        EngineError,
        LogframeError,
        MissingExtraError,
        MneError,
        OptionError,
        ReadError,
        SchemeError,
    )
    from mne.exchange.workbook.template import template
    from mne.ground.catalogue import Severity, codes
    from mne.ground.explanation import Explanation
    from mne.ground.findings import Finding, Findings, Place
    from mne.ground.language import Text
    from mne.logframe.agreement import AgreementRule
    from mne.logframe.examples import example
    from mne.logframe.files import check_logframe, logframe_schema, read_logframe, write_logframe
    from mne.logframe.indicator import Baseline, Indicator, Target
    from mne.logframe.model import Budget, Logframe, Organisation, Result, Source
    from mne.logframe.periods import Calendar, Period
    from mne.logframe.portfolio import Portfolio, check_portfolio
    from mne.logframe.revisions import Change, LogframeDiff, as_known, diff
    from mne.pipeline import evaluate
    from mne.reports.due import Due, due
    from mne.reports.mail import Email
    from mne.reports.many_report import PortfolioReport
    from mne.reports.mapping import Mapping, mapping_schema, read_mapping
    from mne.reports.own_rules import read_rules
    from mne.reports.pipeline_check import rule_check
    from mne.reports.propose import ProposedMapping, propose_mapping
    from mne.reports.report_schema import report_schema
    from mne.reports.rules import RULES, Rule
    from mne.reports.validate import ValidationReport, validate
    from mne.scores.achievement import achievement
    from mne.scores.bounds import Bounds, bounds
    from mne.scores.cards import Override, Scorecard
    from mne.scores.categories import category_achievements
    from mne.scores.certainty import Certainty, certainty
    from mne.scores.combine import combine
    from mne.scores.conventions import achievement_of
    from mne.scores.expected import expected_progress
    from mne.scores.revised import ScoreEffects, score_effects
    from mne.scores.robustness import Robustness, robustness
    from mne.scores.scheme import Scheme, read_scheme, schemes
    from mne.scores.scorecard import Scorecards, rescored, score
    from mne.scores.trajectory import trajectory
    from mne.tables.observations import observation_schema
    from mne.tables.plans import CompiledPlans, compile_plans
    from mne.values.aggregate import Values, aggregate
    from mne.values.breakdown import Breakdown, breakdown, marginals
    from mne.values.closed import Closed, close, read_closed
    from mne.values.consistency import consistent
    from mne.values.many import ProjectValues
    from mne.values.projects import PortfolioValues, aggregate_portfolio

__all__ = [
    "RULES",
    "AgreementRule",
    "Baseline",
    "Bounds",
    "Breakdown",
    "Budget",
    "Calendar",
    "Certainty",
    "Change",
    "Closed",
    "CompiledPlans",
    "Due",
    "Email",
    "EngineError",
    "Explanation",
    "Finding",
    "Findings",
    "Indicator",
    "Logframe",
    "LogframeDiff",
    "LogframeError",
    "Mapping",
    "MissingExtraError",
    "MneError",
    "OptionError",
    "Organisation",
    "Override",
    "Period",
    "Place",
    "Portfolio",
    "PortfolioReport",
    "PortfolioValues",
    "ProjectValues",
    "ProposedMapping",
    "ReadError",
    "Result",
    "Robustness",
    "Rule",
    "Scheme",
    "SchemeError",
    "ScoreEffects",
    "Scorecard",
    "Scorecards",
    "Severity",
    "Source",
    "Target",
    "Text",
    "ValidationReport",
    "Values",
    "achievement",
    "achievement_of",
    "aggregate",
    "aggregate_portfolio",
    "as_known",
    "bounds",
    "breakdown",
    "category_achievements",
    "certainty",
    "check_logframe",
    "check_portfolio",
    "close",
    "codes",
    "combine",
    "compile_plans",
    "consistent",
    "diff",
    "due",
    "evaluate",
    "example",
    "expected_progress",
    "logframe_schema",
    "mapping_schema",
    "marginals",
    "observation_schema",
    "propose_mapping",
    "read_closed",
    "read_logframe",
    "read_mapping",
    "read_rules",
    "read_scheme",
    "report_schema",
    "rescored",
    "robustness",
    "rule_check",
    "schemes",
    "score",
    "score_effects",
    "template",
    "trajectory",
    "validate",
    "write_logframe",
]

__distribution__ = "logframe"  # the launcher looks for this line: MNE-Python's package of the same name has none

_HOMES: Final = {
    "mne.exchange.workbook.template": "template",
    "mne.errors": "EngineError LogframeError MissingExtraError MneError OptionError ReadError SchemeError",
    "mne.ground.catalogue": "Severity codes",
    "mne.ground.explanation": "Explanation",
    "mne.ground.findings": "Finding Findings Place",
    "mne.ground.language": "Text",
    "mne.logframe.examples": "example",
    "mne.logframe.files": "check_logframe logframe_schema read_logframe write_logframe",
    "mne.logframe.indicator": "Baseline Indicator Target",
    "mne.logframe.model": "Budget Logframe Organisation Result Source",
    "mne.logframe.periods": "Calendar Period",
    "mne.logframe.portfolio": "Portfolio check_portfolio",
    "mne.pipeline": "evaluate",
    "mne.reports.rules": "RULES Rule",
    "mne.reports.many_report": "PortfolioReport",
    "mne.reports.validate": "ValidationReport validate",
    "mne.scores.achievement": "achievement",
    "mne.logframe.revisions": "Change LogframeDiff as_known diff",
    "mne.scores.bounds": "Bounds bounds",
    "mne.reports.due": "Due due",
    "mne.reports.pipeline_check": "rule_check",
    "mne.logframe.agreement": "AgreementRule",
    "mne.reports.own_rules": "read_rules",
    "mne.reports.mapping": "Mapping mapping_schema read_mapping",
    "mne.reports.mail": "Email",
    "mne.reports.report_schema": "report_schema",
    "mne.reports.propose": "ProposedMapping propose_mapping",
    "mne.scores.certainty": "Certainty certainty",
    "mne.scores.revised": "ScoreEffects score_effects",
    "mne.scores.robustness": "Robustness robustness",
    "mne.scores.cards": "Override Scorecard",
    "mne.scores.scheme": "Scheme read_scheme schemes",
    "mne.scores.categories": "category_achievements",
    "mne.scores.combine": "combine",
    "mne.scores.conventions": "achievement_of",
    "mne.scores.expected": "expected_progress",
    "mne.scores.scorecard": "Scorecards rescored score",
    "mne.scores.trajectory": "trajectory",
    "mne.tables.observations": "observation_schema",
    "mne.tables.plans": "CompiledPlans compile_plans",
    "mne.values.aggregate": "Values aggregate",
    "mne.values.many": "ProjectValues",
    "mne.values.breakdown": "Breakdown breakdown marginals",
    "mne.values.closed": "Closed close read_closed",
    "mne.values.consistency": "consistent",
    "mne.values.projects": "PortfolioValues aggregate_portfolio",
}
_PATHS: Final = "_frozen_importlib_external"  # where Python's own finder comes from
_TRACES: Final = (".dist-info", ".egg-info", ".egg")
_HOME: Final = {name: home for home, names in _HOMES.items() for name in names.split()}


def _may_have_neighbour() -> bool:
    """Whether a distribution "mne" may be installed: a look at the names of files, as `importlib.metadata` is dear."""
    if any(hasattr(each, "find_distributions") for each in sys.meta_path if getattr(each, "__module__", "") != _PATHS):
        return True
    for folder in sys.path:
        try:
            names = [os.path.basename(folder), *os.listdir(folder or ".")]  # noqa: PTH119, PTH208 - pathlib is not loaded yet
        except FileNotFoundError:
            continue
        except OSError:  # an archive, most likely
            return True
        if any(name[:4] in ("mne-", "mne.") and name.endswith(_TRACES) for name in map(str.lower, names)):
            return True
    return False


def _refuse_neighbour() -> None:
    """MNE-Python's files and ours lie in one folder where both are installed, and each breaks the other in silence."""
    if not _may_have_neighbour():
        return
    from importlib import metadata

    try:
        neighbour = metadata.version("mne")
    except metadata.PackageNotFoundError:
        return
    raise ImportError(
        f"the package name 'mne' is taken twice here: by 'logframe', and by MNE-Python {neighbour} (distribution "
        "'mne', brain research), which is unrelated. One environment can hold only one of them. Either make a fresh "
        "one (python -m venv .venv) and install 'logframe' there, or, to keep this one for logframes: "
        "pip uninstall mne logframe, then pip install logframe",
        name="mne",
    )


_refuse_neighbour()


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib import metadata

        return metadata.version(__distribution__)
    if name not in _HOME:
        raise AttributeError(f"module 'mne' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_HOME[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__", *globals()})
