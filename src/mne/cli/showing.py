"""How every command shows what came back: to stdout or to a file, and by its exit code.

Read `emit` first.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mne.cli.options import FailOn, Format
from mne.display.terminal import CLEAN, FOUND, note
from mne.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum
    from pathlib import Path

    from mne.display.blocks import Block
    from mne.ground.findings import Findings

__all__ = ["code_of", "emit", "emit_blocks", "emit_json", "source_of"]


def emit(obj: object, *, as_: StrEnum | None, output: Path | None, lang: str | None, quiet: bool = False) -> None:
    """Write an object to stdout or to a file, in the format asked for, or that of the file's ending."""
    from mne import _render

    if output is None and as_ in (None, "text"):
        _render.show(obj, lang=lang)
    elif output is None:
        sys.stdout.write(str(_render.rendered(obj, str(as_), lang=lang)))
    else:
        if as_ is None:
            _render.save(obj, output, lang=lang)
        else:
            from mne.ground.files import write_atomic

            write_atomic(output, _render.rendered(obj, str(as_), lang=lang))
        if not quiet:
            note(f"wrote {output}")


def emit_blocks(blocks: Iterable[Block], plain_data: Any, *, as_: Format | None, lang: str | None) -> None:
    """Write something that is no object of the library: a catalogue, a list of schemes."""
    from mne.display.labels import labels
    from mne.display.markdown import markdown
    from mne.display.text import show

    say = labels(lang)
    if as_ is Format.JSON:
        emit_json(plain_data)
    elif as_ is Format.MARKDOWN:
        sys.stdout.write(markdown(blocks, say))
    elif as_ is Format.HTML:
        raise OptionError("--format must be text, json or markdown here; html is for logframes, reports and scores")
    else:
        show(blocks, say)


def emit_json(plain_data: Any) -> None:
    """Write plain data as JSON to stdout."""
    import json

    sys.stdout.write(json.dumps(plain_data, ensure_ascii=False, indent=2) + "\n")


def code_of(findings: Findings, fail_on: FailOn) -> int:
    """1 when something is as grave as that, or graver, else 0."""
    return FOUND if fail_on is not FailOn.NEVER and findings.at_least(str(fail_on)) else CLEAN


def source_of(sources: list[Path]) -> Any:
    """What `mne.validate` is given: one source as itself, several as a list."""
    return sources[0] if len(sources) == 1 else list(sources)
