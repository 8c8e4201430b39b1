"""A logframe as text: YAML for people, JSON for programs, both without what was left at its default.

Read `to_yaml` first. Text that another reader of YAML would take for a number, a date or a truth value is quoted;
numbers, dates and flags stand bare, since the model knows what they are.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, RootModel

from mne.ground.trees import Bare, dump_yaml
from mne.logframe.model import FORMAT
from mne.logframe.types import plain

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["to_json", "to_yaml"]


def to_yaml(plan: Logframe) -> str:
    """The logframe as YAML text, in the order of the format.

    Raises:
        OptionError: a text of it cannot be written in YAML: half of a surrogate pair.
    """
    return dump_yaml({"format": FORMAT, **_entries(plan)})


def to_json(plan: Logframe) -> str:
    """The logframe as JSON text. Numbers are text, so that no reader changes a digit."""
    return json.dumps({"format": FORMAT, **_entries(plan)}, ensure_ascii=False, indent=2) + "\n"


def _entries(part: BaseModel) -> dict[str, Any]:
    """The entries of a part that differ from their defaults."""
    told = {}
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if field.is_required() or value != field.get_default(call_default_factory=True):
            told[name] = _told(value)
    return told


def _told(value: Any) -> Any:
    match value:
        case RootModel():
            return _told(value.root)
        case BaseModel():
            return _entries(value)
        case Mapping():
            return {str(key): _told(each) for key, each in value.items()}
        case tuple():
            return [_told(each) for each in value]
        case Enum():
            return value.value
        case Decimal():
            return Bare(plain(value))
        case Fraction() | dt.date():
            return Bare(str(value))
    return value
