"""The rules that an embedder brings along: functions, or data from a file.

Read `own_rules` first; all of them come out as a `Rule`, and are run like the library's.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from mne.errors import LogframeError, OptionError, ReadError
from mne.ground.files import read_bytes
from mne.ground.findings import Findings
from mne.ground.trees import parse_json, parse_yaml
from mne.logframe.agreement import AgreementRule
from mne.logframe.loading import build
from mne.logframe.model import Logframe
from mne.logframe.types import Model
from mne.reports.rule import Rule
from mne.reports.rules_agreement import agreement_rule

__all__ = ["own_rules", "read_rules"]


class _RuleFile(Model):
    rules: tuple[AgreementRule, ...] = Field(min_length=1)
    """How indicators must agree with each other."""


def read_rules(path: str | os.PathLike[str]) -> tuple[AgreementRule, ...]:
    """The rules in a YAML or JSON file: a key ``rules`` with a list, as a logframe has it. It can hold no code.

    Raises:
        OptionError: not a path.
        ReadError: the file cannot be read.
        LogframeError: it was read, and holds no usable rules; `.findings` lists everything, with lines.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise OptionError(f"rules are read from the path of a file, not from {type(path).__name__}")
    source, findings = read_bytes(path)
    if source is None:
        raise ReadError("; ".join(str(finding) for finding in findings))
    parse = parse_json if source.name.casefold().endswith(".json") else parse_yaml
    tree, said = parse(source.data, name=source.name)
    found, wrong = build(_RuleFile, tree, name=source.name) if tree is not None else (None, ())
    grave = Findings((*said, *wrong)).at_least("error")
    if found is None or grave:
        raise LogframeError(grave, what=f"{os.fspath(path)} holds no usable rules")
    return found.rules


def own_rules(told: Any, plan: Logframe) -> tuple[Rule, ...]:
    """The caller's rules: a list of `Rule` and `AgreementRule`, or the path of a file of the latter.

    Raises:
        OptionError: no rules, or a rule of agreement that cannot be asked of this plan.
        ReadError, LogframeError: as `read_rules`.
    """
    rules = read_rules(told) if isinstance(told, (str, os.PathLike)) else told
    if not isinstance(rules, Sequence):
        raise OptionError(f"rules must be a list of rules or the path of a file of them, not {type(told).__name__}")
    wrong = next((rule for rule in rules if not isinstance(rule, (Rule, AgreementRule))), None)
    if wrong is not None:
        raise OptionError(f"a rule must be a Rule or an AgreementRule, not {type(wrong).__name__}")
    return tuple(rule if isinstance(rule, Rule) else agreement_rule(rule, plan) for rule in rules)
