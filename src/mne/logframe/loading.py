"""A tree of text becomes a model, and every mistake in it a finding with its line.

Read `build` first. It serves logframes and scoring schemes alike: pydantic types the text, and what it complains of is
said again in plain words, all at once, with the place in the file and the path in the document.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from mne.ground.findings import Finding, Place
from mne.ground.maps import FrozenMap
from mne.ground.phrases import Phrase, either, listed, phrase
from mne.ground.trees import MapNode, Tree, locate, to_plain
from mne.logframe.places import Path, nearest, owner_id, shown_path

__all__ = ["build", "data_of", "entry_type", "likely", "models_in", "problems_of"]

M = TypeVar("M", bound=BaseModel)
Problem = Mapping[str, Any]
"""One complaint of pydantic."""

MOST_FINDINGS: Final = 200

_KINDS: Final = {
    "tuple_type": phrase("a list, each entry after a dash"),
    "list_type": phrase("a list, each entry after a dash"),
    "string_type": "text",
    "too_short": phrase("at least one entry"),
    "string_too_long": phrase("text of at most {n:,} characters", n=20_000),
    "string_too_short": phrase("text that is not empty"),
}
_MAPS: Final = ("model_type", "model_attributes_type", "dict_type")
# What people write who know other tools or other words for it; the first that is possible in its place is suggested.
_MEANT: Final[Mapping[str, tuple[str, ...]]] = {
    "activities": ("results",), "agencies": ("organisations",), "areas": ("locations",), "assumption": ("assumptions",),
    "categories": ("codes", "disaggregation"), "children": ("results",), "code": ("id",),
    "cumulative": ("running_total", "basis"), "currencies": ("exchange_rates",),
    "disaggregated_by": ("disaggregation",), "end_date": ("end",), "goal": ("results", "impact"), "goals": ("results",),
    "indicator": ("indicators",), "key": ("id",), "kpis": ("indicators",), "means": ("means_of_verification",),
    "mov": ("means_of_verification",), "name": ("title", "id"), "organizations": ("organisations",),
    "outcome": ("results",), "outcomes": ("results",), "output": ("results",), "outputs": ("results",),
    "partners": ("organisations", "assignments"), "places": ("locations",), "project": ("id",),
    "regions": ("locations",), "risk": ("risks",), "source": ("sources",), "sources": ("source",),
    "start_date": ("start",), "target": ("targets", "value"), "type": ("measure", "level", "kind"),
    "verification": ("means_of_verification",), "year": ("period", "annual"),
    "%": ("percentage",), "average": ("mean",), "avg": ("mean",), "biannual": ("semiannual",), "boolean": ("yes_no",),
    "count": ("number",), "decreasing": ("decrease",), "down": ("decrease",), "half_yearly": ("semiannual",),
    "increasing": ("increase",), "incremental": ("flow",), "integer": ("number",), "last": ("latest",),
    "month": ("monthly",), "numeric": ("number",), "objective": ("outcome", "impact"), "pdo": ("outcome",),
    "percent": ("percentage",), "quarter": ("quarterly",), "snapshot": ("level",), "stock": ("level",),
    "total": ("sum",), "up": ("increase",), "yearly": ("annual",), "yes/no": ("yes_no",),
}  # fmt: skip


def build(model: type[M], tree: Tree, *, name: str) -> tuple[M | None, tuple[Finding, ...]]:
    """The model that `tree` describes, or every reason why there is none.

    Args:
        model: the pydantic model to build.
        tree: what `parse_yaml` or `parse_json` read.
        name: the file's name as the caller wrote it.
    """
    if not isinstance(tree, MapNode):
        place = Place(file=name, line=tree.line, column=tree.column)
        expected = phrase("a set of keys and values, such as `id: …` and `title: …`")
        return None, (Finding(code="logframe-shape", place=place, found=phrase("something else"), expected=expected),)
    plain = data_of(tree)
    found, problems = problems_of(model, plain)
    document = _Document(model, tree, plain, name)
    findings: dict[tuple[str, str | None], Finding] = {}
    for path, problem in problems:
        finding = document.finding(path, problem)
        findings.setdefault((finding.code, finding.place.path), finding)
    told = sorted(findings.values(), key=Finding.sort_key)
    if len(told) > MOST_FINDINGS:
        told = [
            *told[:MOST_FINDINGS],
            Finding(code="limit-findings", place=Place(file=name), params={"limit": MOST_FINDINGS}),
        ]
    return found, tuple(told)


def data_of(tree: Tree) -> Any:
    """The plain data of a tree, without keys that were left empty: an empty value is a value not given."""
    return _without_blanks(to_plain(tree))


def _without_blanks(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {key: _without_blanks(value) for key, value in plain.items() if value is not None}
    if isinstance(plain, list):
        return [_without_blanks(value) for value in plain]
    return plain


def problems_of(model: type[M], plain: Any) -> tuple[M | None, list[tuple[Path, Problem]]]:
    """The model that plain data describes, or what pydantic complains of, each with its path in the data."""
    try:
        return model.model_validate(plain), []
    except ValidationError as error:
        problems = error.errors(include_url=False)
    # A list of which no entry is right is called too short as well.
    real = [each for each in problems if not (each["type"] == "too_short" and each["input"])]
    return None, [(_real_path(plain, problem["loc"]), problem) for problem in real or problems]


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


# --- complaints in plain words ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Document:
    """What was read, and what it should be."""

    model: type[BaseModel]
    tree: Tree
    plain: Any
    name: str

    def finding(self, path: Path, problem: Problem) -> Finding:
        """One complaint, with its line."""
        path = _into_languages(path, problem)
        code, told = _in_words(self.model, path, problem)
        at_key = code == "logframe-unknown-key" or problem["loc"][-1:] == ("[key]",)
        mark = locate(self.tree, path, key=at_key)
        place = Place(
            file=self.name,
            line=mark.line,
            column=mark.column,
            path=shown_path(self.plain, path) or None,
            indicator=owner_id(self.plain, path),
        )
        return Finding(code=code, place=place, **told)


def _into_languages(path: Path, problem: Problem) -> Path:
    """The path to the one language that a complaint about a text in several languages names."""
    told = problem.get("input")
    if problem["type"] == "value_error" and isinstance(told, dict):
        return (*path, *(tag for tag in told if repr(tag) in str(problem["msg"])))[: len(path) + 1]
    return path


def _in_words(model: type[BaseModel], path: Path, problem: Problem) -> tuple[str, dict[str, Any]]:
    """The code of a complaint, with what was found and what was expected."""
    kind = problem["type"]
    key = str(path[-1]) if path else ""
    owner = next(models_in(entry_type(model, path[:-1])), None)
    if kind == "extra_forbidden":
        known = list(owner.model_fields) if owner is not None else []
        suggestion = likely(key, known)
        return "logframe-unknown-key", {"found": key, "expected": ", ".join(known), "suggestion": suggestion}
    if kind == "missing":
        expected = listed([key, _takes(model, path, owner)], by=": ")
        return "logframe-missing-key", {"found": phrase("nothing"), "expected": expected, "params": {"key": key}}
    told = problem.get("input")
    found = key if problem["loc"] != path and isinstance(told, dict) and key in told else _shown(told)
    if kind in ("enum", "literal_error"):
        choices = _choices(entry_type(model, path, key=problem["loc"][-1] == "[key]"))
        suggestion = likely(found, choices)
        return "logframe-not-a-choice", {"found": found, "expected": _either(choices), "suggestion": suggestion}
    if kind in _MAPS:
        return "logframe-shape", {"found": found, "expected": _map_such_as(entry_type(model, path))}
    if kind in _KINDS:
        return "logframe-shape", {"found": found, "expected": _KINDS[kind]}
    words = _words(problem)
    told_as: str = phrase("it {words}", words=words) if words.startswith("must") else words
    return "logframe-value-invalid", {"found": found, "expected": told_as}


def _words(problem: Mapping[str, Any]) -> str:
    """What a validator says: our own as a phrase, where it is one."""
    error = problem.get("ctx", {}).get("error")
    said = error.args[0] if isinstance(error, ValueError) and error.args else None
    return said if isinstance(said, Phrase) else str(problem["msg"]).removeprefix("Value error, ")


def _takes(model: type[BaseModel], path: Path, owner: type[BaseModel] | None) -> str:
    """What a key takes: its choices, or what it means."""
    from mne.logframe.schema import entry_meanings

    choices = _choices(entry_type(model, path))
    if choices:
        return _either(choices)
    meaning = entry_meanings(owner).get(str(path[-1])) if owner is not None else None
    return f"… ({meaning.rstrip('.')})" if meaning else "…"


def _map_such_as(annotation: Any) -> str:
    owner = next(models_in(annotation), None)
    if owner is None:
        return phrase("a set of keys and values")
    needed = [name for name, field in owner.model_fields.items() if field.is_required()]
    keys = needed or (["value"] if "value" in owner.model_fields else list(owner.model_fields)[:1])
    return phrase("a set of keys and values, such as {keys}", keys=f"{{{', '.join(f'{key}: …' for key in keys)}}}")


def _either(choices: Sequence[str]) -> str:
    return either([", ".join(choices[:-1]), choices[-1]]) if len(choices) > 1 else "".join(choices)


def likely(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant."""
    folded = word.strip().casefold().replace(" ", "_").replace("-", "_")
    if folded in known:
        return folded
    usual = next((each for each in _MEANT.get(folded, ()) if each in known), None)
    return usual or nearest(word, known)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return phrase("a set of keys and values") if value else phrase("an empty set of keys")
    if isinstance(value, (list, tuple)):
        return phrase("a list") if value else phrase("an empty list")
    return phrase("nothing") if value is None else str(value)


# --- what the types of a model say ------------------------------------------------------------------------------


def entry_type(model: Any, path: Path, *, key: bool = False) -> Any:
    """The type that a model declares for what stands at `path`, or None; with `key`, for the keys of the last map."""
    spot: Any = model
    for position, step in enumerate(path):
        last = position == len(path) - 1
        spot = next((found for part in _parts(spot) if (found := _entered(part, step, key=key and last))), None)
    return spot


def _entered(part: Any, step: str | int, *, key: bool) -> Any:
    origin, args = get_origin(part), get_args(part)
    if origin is tuple and isinstance(step, int):
        return args[0]
    if origin is FrozenMap and isinstance(step, str):
        return args[0] if key else args[1]
    if isinstance(part, type) and issubclass(part, BaseModel) and step in part.model_fields:
        return part.model_fields[str(step)].annotation
    return None


def _parts(annotation: Any) -> Iterator[Any]:
    """What a union or an annotated type is made of; any other type itself."""
    if get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _parts(part)
    elif get_origin(annotation) is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif annotation is not None and annotation is not types.NoneType:
        yield annotation


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model that a type is made of: itself, or those in its unions, lists and maps."""
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part
        elif get_origin(part) in (tuple, FrozenMap):
            for each in get_args(part):
                yield from models_in(each)


def _choices(annotation: Any) -> list[str]:
    found: list[str] = []
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, Enum):
            found += [str(choice.value) for choice in part]
        elif get_origin(part) is Literal:
            found += [str(choice) for choice in get_args(part)]
    return found
