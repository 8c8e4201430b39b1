"""The one door from the models to what people see: `html` for a notebook, `save` for a file, by the object's class.

Read `VIEWS` first: which class is shown by which function of which module. Nothing of `mne.display` is imported
before it is asked for, and no call can change the table.
"""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from mne.errors import OptionError
from mne.ground.maps import FrozenMap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mne.ground.findings import Findings
    from mne.reports.mail import Email

__all__ = [
    "FORMATS",
    "VIEWS",
    "annotate",
    "data",
    "email",
    "emails",
    "html",
    "markdown",
    "page",
    "rendered",
    "save",
    "show",
    "text",
]

VIEWS: Final[FrozenMap[str, str]] = FrozenMap(
    {
        "mne.ground.explanation.Explanation": "explanation",
        "mne.ground.findings.Findings": "findings",
        "mne.logframe.changes.LogframeDiff": "diff_view.logframe_diff",
        "mne.logframe.model.Logframe": "logframe",
        "mne.reports.due.Due": "due_view.due",
        "mne.reports.report.ValidationReport": "report",
        "mne.scores.cards.IndicatorScore": "indicator_score",
        "mne.scores.cards.ResultScore": "result",
        "mne.scores.cards.Scorecard": "scorecard",
        "mne.scores.revised.ScoreEffects": "diff_view.score_effects",
        "mne.tables.observations.Observations": "observations",
        "mne.values.values.IndicatorValue": "indicator_value",
        "mne.values.values.Values": "values",
    }
)
"""The view of each class; the functions of that name in `mne.display.pages` and `mne.display.outlines` draw it.

Where the name has a module in front, that module of `mne.display` has both, with ``_page`` and ``_blocks`` behind it.
"""

FORMATS: Final[FrozenMap[str, str]] = FrozenMap(
    {
        ".html": "html",
        ".htm": "html",
        ".json": "json",
        ".csv": "csv",
        ".md": "markdown",
        ".txt": "text",
        ".yaml": "yaml",
        ".yml": "yaml",
        ".parquet": "parquet",
        ".jsonl": "jsonl",
        ".xml": "junit",
        ".sarif": "sarif",
    }
)
"""The format that each ending of a file asks for."""


def _view(obj: object) -> str:
    for cls in type(obj).__mro__:
        found = VIEWS.get(f"{cls.__module__}.{cls.__qualname__}")
        if found is not None:
            return found
    raise OptionError(f"there is no view of a {type(obj).__name__}")


def _drawer(module: str, obj: object) -> Callable[..., Any]:
    home, _, name = _view(obj).rpartition(".")
    if home:
        module, name = home, f"{name}_{'page' if module == 'pages' else 'blocks'}"
    drawn: Callable[..., Any] = getattr(import_module(f"mne.display.{module}"), name)
    return drawn


def html(obj: object, *, lang: str | None = None) -> str:
    """A fragment of HTML for a notebook: self-contained, escaped, without script."""
    from mne.display.labels import labels
    from mne.display.page import fragment

    say = labels(lang)
    return fragment(_drawer("pages", obj)(obj, say, whole=False), say)


def page(obj: object, *, lang: str | None = None) -> str:
    """A whole HTML page that stands on its own."""
    from mne.display.labels import labels
    from mne.display.page import document
    from mne.display.pages import title

    say = labels(lang)
    return document(_drawer("pages", obj)(obj, say, whole=True), say, title=title(obj, say))


def text(obj: object, *, lang: str | None = None) -> str:
    """Plain text, one thing a line, for files and pipes."""
    from mne.display.labels import labels
    from mne.display.text import plain

    say = labels(lang)
    return plain(_drawer("outlines", obj)(obj, say), say)


def show(obj: object, *, lang: str | None = None) -> None:
    """Write the object to stdout: in colour where that is a terminal, else as plain text."""
    from mne.display import text as display
    from mne.display.labels import labels

    say = labels(lang)
    display.show(_drawer("outlines", obj)(obj, say), say)


def markdown(obj: object, *, lang: str | None = None) -> str:
    """Markdown, for a wiki, a ticket or a mail."""
    from mne.display import markdown as display
    from mne.display.labels import labels

    say = labels(lang)
    return display.markdown(_drawer("outlines", obj)(obj, say), say)


def data(obj: Any, *, lang: str | None = None) -> Any:
    """Plain data for JSON. Exact numbers are text, so that nothing is rounded on the way.

    Names and codes are the same in every language; the sentences of findings are in `lang`.

    Raises:
        OptionError: the object has no form as plain data.
    """
    view = _view(obj)
    if view == "scorecard":
        return {**obj.to_dict(), "findings": obj.actuals.findings.to_dicts(lang=lang)}
    if view == "report":
        return obj.to_dict(lang=lang)
    if hasattr(obj, "to_dict"):
        return obj.to_dict()
    if view == "findings":
        return {"format": 1, "summary": obj.summary(lang=lang), "findings": obj.to_dicts(lang=lang)}
    if view == "logframe":
        from mne.logframe.files import to_json

        return json.loads(to_json(obj))
    if hasattr(obj, "to_polars"):
        return {"format": 1, "rows": [_plain(row) for row in obj.to_polars().to_dicts()]}
    raise OptionError(f"a {type(obj).__name__} has no form as JSON")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    kept = (str, int, float, bool, type(None))
    return {name: value if isinstance(value, kept) else str(value) for name, value in row.items()}


def _json(obj: Any, *, lang: str | None = None) -> str:
    return json.dumps(data(obj, lang=lang), ensure_ascii=False, indent=2, allow_nan=False, default=str) + "\n"


def _table(obj: Any, lang: str | None) -> Any:
    if not hasattr(obj, "to_polars") and not hasattr(obj, "to_pandas"):
        raise OptionError(f"a {type(obj).__name__} is no table; it can be written to {_endings(obj)}")
    if hasattr(obj, "to_polars"):
        return obj.to_polars()
    import polars as pl

    told = obj.to_pandas(lang=lang) if _view(obj) in ("findings", "report") else obj.to_pandas()
    return pl.from_pandas(told)


def _csv(obj: Any, *, lang: str | None = None) -> str:
    from mne.exchange.tabular import csv_text

    return csv_text(_table(obj, lang))


def _parquet(obj: Any, *, lang: str | None = None) -> bytes:
    from mne.exchange.tabular import parquet_bytes

    return parquet_bytes(_table(obj, lang))


def _yaml(obj: Any, *, lang: str | None = None) -> str:
    del lang  # a logframe's file holds all its languages
    from mne.logframe.files import to_yaml

    return to_yaml(obj)


def _jsonl(obj: Any, *, lang: str | None = None) -> str:
    found = obj if _view(obj) == "findings" else obj.findings
    return "".join(json.dumps(each, ensure_ascii=False, allow_nan=False) + "\n" for each in found.to_dicts(lang=lang))


def _junit(obj: Any, *, lang: str | None = None) -> str:
    del lang  # the log of a build has codes, and the words that stand beside them everywhere
    from mne.display.junit import junit

    return junit(obj)


def _sarif(obj: Any, *, lang: str | None = None) -> str:
    del lang  # as in `_junit`
    from mne.display.sarif import sarif

    return sarif(obj)


def _email(obj: Any, *, lang: str | None = None) -> str:
    return str(email(obj, lang=lang))


_WRITERS: Final[FrozenMap[str, Callable[..., str | bytes]]] = FrozenMap(
    {
        "html": page,
        "json": _json,
        "csv": _csv,
        "markdown": markdown,
        "text": text,
        "yaml": _yaml,
        "parquet": _parquet,
        "jsonl": _jsonl,
        "junit": _junit,
        "sarif": _sarif,
        "email": _email,
    }
)
_OF_FINDINGS: Final = ("jsonl", "junit", "sarif")


def _formats(obj: object) -> tuple[str, ...]:
    """The formats that make sense for an object, in the order of `_WRITERS`."""
    view = _view(obj)
    table = hasattr(obj, "to_polars") or hasattr(obj, "to_pandas")
    left_out = set() if table else {"csv", "parquet"}
    if view != "logframe":
        left_out.add("yaml")
    if view not in ("findings", "report"):
        left_out.update(_OF_FINDINGS)
    if view != "report":
        left_out.add("email")
    return tuple(name for name in _WRITERS if name not in left_out)


def _endings(obj: object) -> str:
    allowed = _formats(obj)
    return ", ".join(ending for ending, name in FORMATS.items() if name in allowed and ending not in (".htm", ".yml"))


def rendered(obj: object, format: str, *, lang: str | None = None) -> str | bytes:  # noqa: A002 (what it is called)
    """The object in a format: html, json, csv, markdown, text, yaml, parquet, jsonl, junit, sarif or email.

    Raises:
        OptionError: the object has no such form; the message lists those that it has.
    """
    if format not in _formats(obj):
        raise OptionError(f"a {type(obj).__name__} can be shown as {', '.join(_formats(obj))}; not as {format!r}")
    return _WRITERS[format](obj, lang=lang)


def email(report: Any, *, lang: str | None = None, limit: int = 20) -> Email:
    """The letter to a partner that a report makes."""
    from mne.display.letter import letter

    return letter(report, lang=lang, limit=limit)


def emails(report: Any, *, lang: str | None = None, limit: int = 20) -> Mapping[str | None, Email]:
    """The letters to all partners of a report."""
    from mne.display.letter import letters

    return letters(report, lang=lang, limit=limit)


def annotate(
    report: Any, source: Any, output: str | os.PathLike[str], *, lang: str | None = None, force: bool = False
) -> Findings:
    """Write the annotated copy of a file that a report is about."""
    from mne.exchange.workbook.annotate import annotate as written

    return written(report, source, output, lang=lang, force=force)


def save(obj: object, path: str | os.PathLike[str], *, lang: str | None = None) -> None:
    """Write an object to a file whose ending says in which form; the file is written whole or not at all.

    Raises:
        OptionError: the ending is none that works for this object; the message lists those that do.
        WriteError: the file cannot be written.
    """
    from mne.ground.files import write_atomic

    ending = PurePath(path).suffix.lower()
    if FORMATS.get(ending) not in _formats(obj):
        raise OptionError(
            f"a {type(obj).__name__} can be saved to a file ending in {_endings(obj)}; not {ending or 'in nothing'!r}"
        )
    write_atomic(path, rendered(obj, FORMATS[ending], lang=lang))
