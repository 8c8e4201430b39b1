"""Workbooks (.xlsx, .xlsm): every sheet as a grid, with what each cell shows and where it stands.

Read `read_workbook` first. The cells are followed in the sheet's own XML, once, because the usual readers give either a
formula or its value and read neither hidden rows nor an odd number; the package has been scanned before that.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import unquote
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from mne.ground.files import Limits
from mne.ground.findings import Finding, Place, clean_text
from mne.ground.packages import scan_xlsx
from mne.reports.grid import Grid, Loaded
from mne.reports.readers.sheet import TRUE, SheetEntry, SheetReader, local_name, parse_xml, unescaped

__all__ = ["read_workbook"]

_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    KeyError,
    IndexError,
    ValueError,
    OSError,
    NotImplementedError,
)


def read_workbook(
    data: bytes, *, name: str, limits: Limits | None = None, tell: Callable[[str], None] | None = None
) -> Loaded:
    """The sheets of a workbook that hold cells, in their order, or what keeps it from being read.

    `tell` is called with how far a large sheet is read.

    Findings: those of `mne.ground.packages.scan_xlsx`, and xlsx-malformed.
    """
    facts, findings = scan_xlsx(data, name=name, limits=limits)
    loaded = Loaded(findings=list(findings))
    if facts is None:
        return loaded
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            loaded.grids = _Workbook(archive, name).grids(tell)
    except _DAMAGED as problem:
        reason = clean_text(problem, limit=200) or type(problem).__name__
        loaded.findings.append(Finding(code="xlsx-malformed", place=Place(file=name), params={"reason": reason}))
        loaded.grids = []
    return loaded


class _Workbook:
    """The parts of the package that say what the sheets are and how their cells are shown."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.main = next(target for kind, target in self.relations("").values() if kind == "officeDocument")
        self.related = self.relations(self.main)
        self.epoch = 1900
        self.sheets: list[SheetEntry] = []
        self.read_workbook_part()
        self.strings = self.read_strings()
        self.formats = self.read_formats()

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and target of every relation of a part, by its id."""
        folder, base = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            local = local_name(name)
            if local == "Relationship" and attributes.get("TargetMode") != "External":
                target = unquote(attributes.get("Target", "")).replace("\\", "/")
                path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                found[attributes["Id"]] = (attributes.get("Type", "").rpartition("/")[2], posixpath.normpath(path))

        parse_xml(self.archive.read(posixpath.join(folder, "_rels", f"{base}.rels")), start)
        return found

    def part_of(self, kind: str) -> bytes | None:
        """The content of the part that stands in a relation of this kind to the workbook."""
        target = next((target for each, target in self.related.values() if each == kind), None)
        return self.archive.read(target) if target in self.archive.namelist() else None

    def read_workbook_part(self) -> None:
        def start(name: str, attributes: dict[str, str]) -> None:
            local = local_name(name)
            if local == "workbookPr" and attributes.get("date1904", "").lower() in TRUE:
                self.epoch = 1904
            elif local == "sheet":
                key = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
                kind, target = self.related.get(key, ("", ""))
                state = attributes.get("state", "visible")
                if kind == "worksheet":
                    self.sheets.append(
                        SheetEntry(attributes.get("name", ""), target, None if state == "visible" else state)
                    )

        parse_xml(self.archive.read(self.main), start)

    def read_strings(self) -> list[str]:
        """The shared texts; what is only the pronunciation of a text (rPh) is no part of it."""
        strings: list[str] = []
        pieces: list[str] = []
        inside = {"t": False, "rPh": False}

        def start(name: str, _: dict[str, str]) -> None:
            local = local_name(name)
            if local == "si":
                pieces.clear()
            elif local in inside:
                inside[local] = True

        def end(name: str) -> None:
            local = local_name(name)
            if local == "si":
                strings.append(unescaped("".join(pieces)))
            elif local in inside:
                inside[local] = False

        def text(piece: str) -> None:
            if inside["t"] and not inside["rPh"]:
                pieces.append(piece)

        content = self.part_of("sharedStrings")
        if content is not None:
            parse_xml(content, start, end, text)
        return strings

    def read_formats(self) -> list[str]:
        """How the cells of each style show a number: plain, percent, date, month or (a length of) time."""
        own: dict[str, str] = {}
        styles: list[str] = []
        inside = [False]

        def start(name: str, attributes: dict[str, str]) -> None:
            local = local_name(name)
            if local == "numFmt":
                own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif local == "cellXfs":
                inside[0] = True
            elif local == "xf" and inside[0]:
                styles.append(attributes.get("numFmtId", "0"))

        def end(name: str) -> None:
            if local_name(name) == "cellXfs":
                inside[0] = False

        content = self.part_of("styles")
        if content is not None:
            parse_xml(content, start, end)
        return [
            _format_kind(own.get(key) or BUILTIN_FORMATS.get(int(key) if key.isdecimal() else 0, "")) for key in styles
        ]

    def grids(self, tell: Callable[[str], None] | None) -> list[Grid]:
        """Every sheet that holds a cell."""
        grids = []
        for sheet in self.sheets:
            reader = SheetReader(self.strings, self.formats, self.epoch)
            so_far = None if tell is None else partial(_tell_share, tell, sheet.title)
            parse_xml(self.archive.read(sheet.part), reader.start, reader.end, reader.text, tell=so_far)
            grid = reader.grid(self.name, sheet)
            if grid.columns:
                grids.append(grid)
        return grids


def _tell_share(tell: Callable[[str], None], sheet: str, share: float) -> None:
    tell(f"{sheet} {share:.0%}")


def _format_kind(code: str) -> str:
    if not code:
        return "plain"
    if is_timedelta_format(code):
        return "time"
    if is_date_format(code):
        shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).lower()
        return "month" if "y" in shown and "d" not in shown else "date"
    return "percent" if "%" in re.sub(r'"[^"]*"|\\.', "", code) else "plain"
