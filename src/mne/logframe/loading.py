"""A tree of text becomes a model, and every mistake in it a finding with its line.

Read `build` first. It serves logframes and scoring schemes alike: pydantic types the text, and what it complains of is
said again in plain words, all at once, with the place in the file and the path in the document.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from mne.ground.findings import Finding, Place
from mne.ground.trees import MapNode, Tree, locate, path_text, to_plain

__all__ = ["build"]

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_KINDS: Final = {
    "model_type": "a set of keys and values",
    "model_attributes_type": "a set of keys and values",
    "dict_type": "a set of keys and values",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "text",
    "too_short": "at least one entry",
    "string_too_long": "shorter text",
    "string_too_short": "text that is not empty",
}


def build(model: type[M], tree: Tree, *, name: str) -> tuple[M | None, tuple[Finding, ...]]:
    """The model that `tree` describes, or every reason why there is none.

    Args:
        model: the pydantic model to build.
        tree: what `parse_yaml` or `parse_json` read.
        name: the file's name as the caller wrote it.
    """
    if not isinstance(tree, MapNode):
        place = Place(file=name, line=tree.line, column=tree.column)
        expected = "a set of keys and values such as `id: …` and `title: …`"
        return None, (Finding(code="logframe-shape", place=place, found="something else", expected=expected),)
    plain = _without_blanks(to_plain(tree))
    try:
        return model.model_validate(plain), ()
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=True)
    findings: dict[tuple[str, str | None], Finding] = {}
    for problem in problems:
        finding = _finding(model, tree, plain, problem, name)
        findings.setdefault((finding.code, finding.place.path), finding)
    return None, tuple(findings.values())


def _without_blanks(plain: Any) -> Any:
    """The same data without keys that were left empty: an empty value is a value not given."""
    if isinstance(plain, dict):
        return {key: _without_blanks(value) for key, value in plain.items() if value is not None}
    if isinstance(plain, list):
        return [_without_blanks(value) for value in plain]
    return plain


def _finding(model: type[BaseModel], tree: Tree, plain: Any, problem: Mapping[str, Any], name: str) -> Finding:
    path = _real_path(plain, problem["loc"])
    kind = problem["type"]
    parent = _model_at(model, path[:-1])
    unknown = kind == "extra_forbidden"
    mark = locate(tree, path, key=unknown)
    place = Place(
        file=name, line=mark.line, column=mark.column, path=path_text(path), indicator=_indicator(plain, path)
    )
    key = str(path[-1]) if path else ""
    if unknown:
        known = list(parent.model_fields) if parent is not None else []
        return Finding(
            code="logframe-unknown-key",
            place=place,
            found=key,
            expected=", ".join(known),
            suggestion=_nearest(key, known),
        )
    if kind == "missing":
        expected = _described(parent, key) or key
        return Finding(
            code="logframe-missing-key", place=place, found="nothing", expected=expected, params={"key": key}
        )
    found = _shown(problem.get("input"))
    if kind in ("enum", "literal_error"):
        choices = _choices(problem)
        return Finding(
            code="logframe-not-a-choice",
            place=place,
            found=found,
            expected=" or ".join(choices),
            suggestion=_nearest(found, choices),
        )
    if kind in _KINDS:
        return Finding(code="logframe-shape", place=place, found=found, expected=_KINDS[kind])
    words = str(problem["msg"]).removeprefix("Value error, ")
    return Finding(code="logframe-value-invalid", place=place, found=found, expected=words)


def _real_path(plain: Any, loc: Sequence[str | int]) -> Path:
    """The part of pydantic's location that exists in the document, and one step beyond for a missing key."""
    path: list[str | int] = []
    spot = plain
    for position, step in enumerate(loc):
        if isinstance(spot, dict) and isinstance(step, str):
            if step in spot:
                path.append(step)
                spot = spot[step]
            elif position == len(loc) - 1 and step != "[key]":
                path.append(step)
        elif isinstance(spot, list) and isinstance(step, int) and step < len(spot):
            path.append(step)
            spot = spot[step]
    return tuple(path)


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that holds the keys at `path`; None inside a free map."""
    spot: Any = model
    for step in path:
        if isinstance(step, int):
            continue
        owner = _model_in(spot)
        if owner is None or step not in owner.model_fields:
            return None
        spot = owner.model_fields[step].annotation
    return _model_in(spot)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    return next(_models(annotation), None)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, types.UnionType, Annotated, tuple):
        for part in get_args(annotation):
            yield from _models(part)


def _described(parent: type[BaseModel] | None, key: str) -> str:
    """What a key takes, in words, as far as its type tells."""
    if parent is None or key not in parent.model_fields:
        return ""
    annotation = parent.model_fields[key].annotation
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return f"{key}: {' or '.join(str(choice.value) for choice in annotation)}"
    if get_origin(annotation) is Literal:
        return f"{key}: {' or '.join(str(choice) for choice in get_args(annotation))}"
    return f"{key}: …"


def _choices(problem: Mapping[str, Any]) -> list[str]:
    told = str((problem.get("ctx") or {}).get("expected", ""))
    return [part.strip().strip("'") for part in told.replace(" or ", ",").split(",") if part.strip()]


def _nearest(word: str, known: Sequence[str]) -> str | None:
    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.7)
    return folded[close[0]] if close else None


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a set of keys and values"
    return "a list" if isinstance(value, (list, tuple)) else str(value)


def _indicator(plain: Any, path: Path) -> str | None:
    """The id of the indicator that the path leads through, for people who look for it."""
    spot: Any = plain
    for step, following in zip(path, (*path[1:], None), strict=True):
        spot = spot[step] if _has(spot, step) else None
        if step == "indicators" and isinstance(following, int) and isinstance(spot, list):
            each = spot[following]
            return str(each.get("id")) if isinstance(each, dict) and each.get("id") else None
    return None


def _has(spot: Any, step: str | int) -> bool:
    if isinstance(spot, list):
        return isinstance(step, int) and step < len(spot)
    return isinstance(spot, dict) and step in spot
