"""Old and open workbooks (.xls, .ods), opened by a process apart, as their parser is native code.

Read `read_binary` first; `to_cells` is what runs in the other process. What these readers cannot see is said: whether a
number is the result of a formula, an error in a cell, hidden rows and columns, the format in which a number is shown.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from mne.ground.files import Limits
from mne.ground.findings import Finding, Place, clean_text
from mne.ground.phrases import phrase
from mne.ground.sheets import column_letters
from mne.reports.grid import Area, Cell, Flaw, Grid, Loaded, is_blank, text_of

if TYPE_CHECKING:
    from mne.ground.guard import Guard

__all__ = ["read_binary", "to_cells"]

_UNSEEN: Final = phrase(
    "formulas, errors in cells, hidden rows and columns, how a number is shown, and not always merged cells"
)


def read_binary(data: bytes, *, name: str, guard: Guard, limits: Limits | None = None) -> Loaded:
    """The sheets of an old or open workbook, or what keeps them from being read.

    Findings: file-format-limited, file-encrypted, xlsx-malformed, limit-rows, limit-columns, limit-cells, and those of
    `Guard.run`.
    """
    known = limits or Limits()
    options = {"rows": known.rows, "columns": known.columns, "cells": known.cells}
    result, findings = guard.run(f"{__name__}:to_cells", data, name=name, options=options)
    if result is None:
        return Loaded(findings=list(findings))
    told: dict[str, Any] = json.loads(result)
    if told["code"] is not None:
        return Loaded(findings=[Finding(code=told["code"], place=Place(file=name), params=told["params"])])
    ending = name.rpartition(".")[2].casefold()
    limited = Finding(code="file-format-limited", place=Place(file=name), found=f".{ending}", expected=_UNSEEN)
    return Loaded(grids=[_grid(sheet, name) for sheet in told["sheets"] if sheet["rows"]], findings=[limited])


def _grid(sheet: dict[str, Any], name: str) -> Grid:
    columns = [[_cell(cell) for cell in column] for column in zip_longest(*sheet["rows"])]
    height = len(sheet["rows"])
    grid = Grid(file=name, sheet=sheet["title"], lane="workbook", columns=[*columns], numbers=range(1, height + 1))
    grid.has_letters = True
    grid.hidden = None if sheet["visible"] else "hidden"
    areas = (
        Area(top, left, min(bottom + 1, height), min(right + 1, len(columns)))
        for (top, left), (bottom, right) in sheet["merged"]
    )
    grid.merged = tuple(area for area in areas if area.top < area.bottom and area.left < area.right)
    for area in grid.merged:
        told = text_of(columns[area.left][area.top])
        of = f"{column_letters(area.left + 1)}{area.top + 1}"
        for column in columns[area.left : area.right] if told is not None else ():
            for row in range(area.top + 1, area.bottom):
                if is_blank(column[row]):
                    column[row] = Flaw("cell-merged", told or "", suggestion=told, of=of)
    return grid


def _cell(cell: Any) -> Cell:
    """A cell as it travelled: days and times as text with their kind before them."""
    if not isinstance(cell, list):
        found: Cell = cell
        return found
    kind, text = cell
    if kind == "date":
        return dt.date.fromisoformat(text)
    return dt.datetime.fromisoformat(text) if kind == "datetime" else text


def to_cells(data: bytes, *, rows: int, columns: int, cells: int) -> bytes:
    """The cells of every sheet as JSON, or a code that says why there are none."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for entry in book.sheets_metadata:
            if entry.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(entry.name)
            for code, found, limit in (
                ("limit-rows", sheet.total_height, rows),
                ("limit-columns", sheet.total_width, columns),
                ("limit-cells", sheet.total_height * sheet.total_width, cells),
            ):
                if found > limit:
                    return _told(code, limit=limit)
            sheets.append(
                {
                    "title": entry.name,
                    "visible": entry.visible is calamine.SheetVisibleEnum.Visible,
                    "rows": [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)],
                    "merged": sheet.merged_cell_ranges or [],
                }
            )
    except calamine.PasswordError:
        return _told("file-encrypted")
    except (calamine.CalamineError, OSError, ValueError) as problem:
        return _told("xlsx-malformed", reason=clean_text(problem, limit=200))
    return json.dumps({"code": None, "sheets": sheets}).encode()


def _plain(cell: Any) -> Any:
    """A cell as JSON can carry it."""
    match cell:
        case "":
            return None
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return int(cell)
        case dt.datetime():
            return ["date", cell.date().isoformat()] if cell.time() == dt.time() else ["datetime", cell.isoformat()]
        case dt.date():
            return ["date", cell.isoformat()]
        case dt.time() | dt.timedelta():
            return ["time", str(cell)]
        case _:
            return cell


def _told(code: str, **params: object) -> bytes:
    return json.dumps({"code": code, "params": params}).encode()
