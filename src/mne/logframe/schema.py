"""The JSON Schema of the logframe format, by which editors complete and check YAML as it is written.

Read `logframe_schema` first. What each entry means is taken from the model's own docstrings: it is written once.
``python -m mne.logframe.schema`` writes the committed file `logframe.schema.json` anew.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mne.ground.files import write_atomic
from mne.ground.maps import FrozenMap
from mne.logframe.model import Logframe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

__all__ = ["SCHEMA_PATH", "entry_meanings", "logframe_schema", "schema_text"]

SCHEMA_PATH: Final = Path(__file__).with_name("logframe.schema.json")


def logframe_schema() -> dict[str, Any]:
    """The JSON Schema of the logframe format (draft 2020-12), with the meaning of every entry."""
    schema = Logframe.model_json_schema(mode="validation")
    parts = schema.get("$defs", {})
    for model in _models(Logframe):
        told = schema if model is Logframe else parts[model.__name__]
        for name, meaning in entry_meanings(model).items():
            told["properties"][name]["description"] = meaning
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Logframe",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def schema_text() -> str:
    """The schema as the text of the committed file."""
    return json.dumps(logframe_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and every model that its entries are made of, each once."""
    from mne.logframe.loading import models_in

    waiting, seen = [model], {model}
    while waiting:
        each = waiting.pop()
        if not each.__pydantic_root_model__:
            yield each
            for field in each.model_fields.values():
                fresh = set(models_in(field.annotation)) - seen
                seen |= fresh
                waiting += sorted(fresh, key=lambda found: found.__name__)


@lru_cache(maxsize=64)
def entry_meanings(model: type[BaseModel]) -> Mapping[str, str]:
    """What each entry of a model means: the docstring under it, in the model or a parent of it."""
    told: dict[str, str] = {}
    for parent in reversed(model.__mro__):
        if parent.__module__.startswith("mne.") and parent is not object:
            told.update(_docstrings(parent))
    return FrozenMap({name: told[name] for name in model.model_fields if name in told})


def _docstrings(owner: type) -> Iterator[tuple[str, str]]:
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
    except (OSError, SyntaxError):  # installed without its sources
        return
    entries = body.body if isinstance(body, ast.ClassDef) else []
    for entry, doc in pairwise(entries):
        name = entry.target if isinstance(entry, ast.AnnAssign) else None
        text = doc.value if isinstance(doc, ast.Expr) else None
        if isinstance(name, ast.Name) and isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield name.id, " ".join(text.value.split()).replace("``", "`")


if __name__ == "__main__":
    write_atomic(SCHEMA_PATH, schema_text())
