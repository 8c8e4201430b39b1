"""Text tables (CSV, TSV): strict quoting, every cell as its text, and the line numbers that an editor shows.

Read `read_delimited` first. A row is numbered by the line on which it begins, so that a cell with line breaks in it
moves the numbers of the rows below as it does in an editor.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice, zip_longest
from typing import Final

from mne.ground.files import Limits, decode_text
from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.reports.grid import Cell, Column, Grid, Loaded, Note

__all__ = ["DELIMITERS", "read_delimited"]

DELIMITERS: Final = (",", ";", "\t", "|")
_NAMES: Final = {",": phrase("comma"), ";": phrase("semicolon"), "\t": phrase("tab"), "|": phrase("vertical bar")}
_SAMPLE: Final = 64 << 10
_SAMPLE_ROWS: Final = 200
_LARGE: Final = 64 << 10
"""Characters of a table for which the engine is worth the while."""
_BLOCK: Final = 20_000
"""Rows that are held as lists of texts at a time."""


def read_delimited(
    data: bytes,
    *,
    name: str,
    limits: Limits | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    agreed: str | None = None,
    piece: bool = False,
) -> Loaded:
    """The one table of a text file, or what keeps it from being read.

    Args:
        data: the bytes of the file.
        name: how the file is named in findings.
        limits: how many rows and columns it may have.
        encoding: the encoding, where somebody who knows says that it is not UTF-8.
        delimiter: the sign between cells, where somebody who knows says it.
        piece: whether these are but some lines of a large table.
        agreed: the sign that was agreed on; a table that is parted otherwise is refused, not read as something else.

    Findings: encoding-not-utf8, encoding-unknown, csv-dialect-guessed, csv-delimiter-mismatch, csv-unclosed-quote,
    csv-malformed, cell-newline-looks-like-record, limit-rows, limit-columns, limit-cell-length.
    """
    if encoding is not None:
        try:
            data = data.decode(encoding).encode()
        except (UnicodeError, LookupError):
            place = Place(file=name)
            return Loaded(
                findings=[
                    Finding(
                        code="encoding-unknown", place=place, found=phrase("it is not {encoding}", encoding=encoding)
                    )
                ]
            )
    text, findings = decode_text(data, name=name)
    loaded = Loaded(findings=list(findings))
    if text is None:
        return loaded
    text = text.removeprefix("\ufeff")
    if delimiter is not None:
        _read_rows(loaded, text, delimiter, name=name, skipped=0, limits=limits or Limits(), piece=piece)
        return loaded
    stated, body, skipped = _stated(text)
    parted = _parted(body, stated or agreed or "")
    broken = next((each for each in (agreed, stated) if each is not None and each != parted), None)
    if broken is not None:
        found, expected = _NAMES[parted], _NAMES[broken]
        loaded.findings.append(
            Finding(code="csv-delimiter-mismatch", place=Place(file=name), found=found, expected=expected)
        )
        return loaded
    if parted != "," and agreed is None and not skipped and not name.casefold().endswith((".tsv", ".tab")):
        loaded.findings.append(Finding(code="csv-dialect-guessed", place=Place(file=name), found=_NAMES[parted]))
    _read_rows(loaded, body, parted, name=name, skipped=skipped, limits=limits or Limits(), piece=piece)
    return loaded


def _stated(text: str) -> tuple[str | None, str, int]:
    """The delimiter that Excel's own first line ``sep=;`` states, the text of the table, and the lines before it."""
    first = text[:16].splitlines()[0] if text else ""
    if first.casefold().startswith("sep=") and len(first) == 5 and first[4] in DELIMITERS:
        end = len(first) + (2 if text[len(first) : len(first) + 2] == "\r\n" else 1)
        return first[4], text[end:], 1
    return None, text, 0


def _parted(text: str, stated: str) -> str:
    """The delimiter that gives the most rows of one width; the one that is stated, where none gives more."""
    sample = (
        text if len(text) <= _SAMPLE else text[: max(text.rfind("\n", 0, _SAMPLE), text.rfind("\r", 0, _SAMPLE)) + 1]
    )
    known = sample or text[:_SAMPLE]
    return max(DELIMITERS, key=lambda delimiter: (*_agreement(known, delimiter), delimiter == stated))


def _agreement(sample: str, delimiter: str) -> tuple[int, int]:
    if delimiter not in sample and '"' not in sample:
        return 0, int(bool(sample.strip("\r\n")))
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True):
            widths[len(row)] += len(row) > 1
            if widths.total() >= _SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # what was read until then is told as a fault when the whole file is read
    width, count = max(widths.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
    return count, width


def _read_rows(
    loaded: Loaded, text: str, delimiter: str, *, name: str, skipped: int, limits: Limits, piece: bool
) -> None:
    even = None
    if piece or len(text) >= _LARGE:
        even = _quoted(text, delimiter, limits=limits) if '"' in text else _even(text, delimiter, limits=limits)
    if even is not None:
        lines = range(1 + skipped, 1 + skipped + len(even[0]))
        loaded.grids.append(Grid(file=name, sheet=None, lane="text", columns=[*even], numbers=lines))
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    notes: list[Note] = []
    line = 0
    try:
        for row in reader:
            number = line + 1 + skipped
            if reader.line_num - line > 1:
                notes += _swallowed(row, number, delimiter)
            line = reader.line_num
            if len(row) > limits.columns:
                loaded.findings.append(_stopped("limit-columns", name, number, limit=limits.columns))
                return
            if len(rows) > limits.rows:
                loaded.findings.append(_stopped("limit-rows", name, number, limit=limits.rows))
                return
            rows.append(row)
            numbers.append(number)
    except csv.Error as problem:
        loaded.findings.append(_fault(str(problem), name, line + 1 + skipped))
        return
    columns: list[tuple[Cell, ...]] = list(zip_longest(*rows))
    if columns:
        grid = Grid(file=name, sheet=None, lane="text", columns=[*columns], numbers=numbers, widths=[*map(len, rows)])
        grid.notes = notes
        loaded.grids.append(grid)


def _even(text: str, delimiter: str, *, limits: Limits) -> list[Column] | None:
    """The columns of a large table without a single quote, in which every line has as many cells as the first.

    There is but one way to read such a table, and the engine is quick at it; None for any other.
    """
    if "\0" in text:
        return None
    lines = text.replace("\r\n", "\n") if "\r" in text else text
    first = lines[: lines.find("\n")]
    width, height = first.count(delimiter) + 1, lines.count("\n") + (not lines.endswith("\n"))
    if not 1 < width <= limits.columns or height > limits.rows + 1:
        return None
    if "\r" in lines or "\n\n" in lines or lines.startswith("\n") or lines.count(delimiter) != (width - 1) * height:
        return None
    import polars as pl

    try:
        # A line with too many cells is refused; with the count above, none can have too few.
        read = pl.read_csv(lines.encode(), has_header=False, separator=delimiter, quote_char=None, infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    table = read.with_columns(each.fill_null("") for each in read if each.null_count())
    # Bytes are counted without reading them; a cell of so many characters has more of them.
    longest = table.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item()
    if table.shape != (height, width) or longest > csv.field_size_limit():
        return None
    return [Column(series) for series in table]


def _quoted(text: str, delimiter: str, *, limits: Limits) -> list[Column] | None:
    """The same of a table with quotes in it, of which each row stands on one line; None for any other."""
    import polars as pl

    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    blocks: list[pl.DataFrame] = []
    width = rows = 0
    try:
        while block := list(islice(reader, _BLOCK)):
            width, rows = width or len(block[0]), rows + len(block)
            even = 1 < width <= limits.columns and rows <= limits.rows + 1 and rows == reader.line_num
            if not even or any(len(row) != width for row in block):
                return None
            columns = zip(*block, strict=True)
            blocks.append(pl.DataFrame([pl.Series(str(at), cells) for at, cells in enumerate(columns)]))
    except csv.Error:
        return None  # what is wrong with it is told by who reads it row by row
    return [Column(series) for series in pl.concat(blocks)] if blocks else None


def _swallowed(row: list[str], number: int, delimiter: str) -> list[Note]:
    """Cells whose later lines look like rows: two stray quotes take everything between them for one cell."""
    least = max(3, (len(row) - 1) // 2)
    return [
        Note("cell-newline-looks-like-record", number, at, line)
        for at, cell in enumerate(row)
        for line in cell.splitlines()[1:2]
        if line.count(delimiter) >= least
    ]


def _stopped(code: str, name: str, number: int, **params: object) -> Finding:
    return Finding(code=code, place=Place(file=name, row=number), params=params)


def _fault(problem: str, name: str, number: int) -> Finding:
    if "end of data" in problem:
        return _stopped("csv-unclosed-quote", name, number)
    if "field limit" in problem:
        return Finding(
            code="limit-cell-length",
            place=Place(file=name, row=number),
            expected=phrase("at most {n:,} characters", n=csv.field_size_limit()),
        )
    return _stopped("csv-malformed", name, number, reason=problem)
