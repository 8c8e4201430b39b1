"""The annotated copy: a partner's own workbook with a list of what to fix, and each cell that needs it marked.

Read `annotated` first. The copy is made by changing the package itself, so that whatever else is in it stays.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from mne.errors import OptionError, ReadError
from mne.exchange.workbook import book
from mne.exchange.workbook.cells import Address, anchors, first_filled, parse_address, with_styles, written
from mne.exchange.workbook.comments import comment, threaded
from mne.exchange.workbook.earlier import clean
from mne.exchange.workbook.fresh import empty_workbook, grids_of, row_of, workbook_of
from mne.exchange.workbook.listing import MARKS, Head, Line, sheet_xml
from mne.exchange.workbook.package import Package
from mne.exchange.workbook.styles import Styles, solid
from mne.exchange.workbook.words import Words, told, words
from mne.ground.catalogue import Severity
from mne.ground.files import read_bytes, write_atomic
from mne.ground.findings import Finding, Findings, Place, clean_text
from mne.ground.kinds import sniff
from mne.ground.packages import scan_xlsx
from mne.ground.phrases import phrase
from mne.reports.grid import text_of

if TYPE_CHECKING:
    from mne.reports.grid import Grid
    from mne.reports.report import ValidationReport

__all__ = ["annotate", "annotate_all", "annotated"]

MOST_LINES: Final = 20_000
MOST_CELLS: Final = 5_000
_FEW_PLACES: Final = 10
_PLAIN_BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, LookupError, ValueError, OSError, StopIteration,
    NotImplementedError,
)  # fmt: skip


def annotate(
    report: ValidationReport,
    source: Any,
    output: str | os.PathLike[str],
    *,
    lang: str | None = None,
    force: bool = False,
) -> Findings:
    """Write the annotated copy of one file that a report is about; see `ValidationReport.annotate`."""
    target = Path(output)
    if target.suffix.lower() != ".xlsx":
        raise OptionError(f"output must end in .xlsx, not in {target.suffix or 'nothing'!r}")
    if isinstance(source, (str, os.PathLike)) and _is_same(source, target):
        raise OptionError(f"output is the original itself ({clean_text(target)}); the copy needs a name of its own")
    if target.is_symlink():
        raise OptionError(f"output is a link ({clean_text(target)}); name the file itself")
    if os.path.lexists(target) and not force:
        raise OptionError(f"output is there already ({clean_text(target)}); force=True writes over it")
    content, findings = annotated(report, source, lang=lang)
    write_atomic(target, content)
    return findings


def annotate_all(
    report: ValidationReport, output: str | os.PathLike[str], *, lang: str | None = None, force: bool = False
) -> list[tuple[Path, Findings]]:
    """Write the annotated copy of every file of a report in which there is something to mend.

    Args:
        report: what validation found.
        output: the path of the copy (.xlsx) where the report is about one file; else a folder, which is made.
        lang: the language of the lists and the comments.
        force: write over copies that are there already.

    Returns:
        The copies written, each with what could not be marked or kept in it.
    """
    names = [each.name for each in report.sources if each.sha256 is not None and each.kind != "frame"]
    target = Path(output)
    if target.suffix.lower() == ".xlsx" and len(names) != 1:
        raise OptionError(f"the copies of {len(names)} files need a folder, not {clean_text(target)}")
    if target.suffix.lower() == ".xlsx":
        return [(target, annotate(report, names[0], target, lang=lang, force=force))]
    if target.exists() and not target.is_dir():
        raise OptionError(f"{clean_text(target)} is a file; name a folder, or a file that ends in .xlsx")
    target.mkdir(parents=True, exist_ok=True)
    written_: list[tuple[Path, Findings]] = []
    taken: set[str] = set()
    for name in names:
        if not any(map(_is_grave, _about(report, name))):
            continue
        stem = Path(name).stem or "report"
        free = next(
            each
            for each in (stem, *(f"{stem} ({n})" for n in range(2, len(names) + 2)))
            if each.casefold() not in taken
        )
        taken.add(free.casefold())
        copy = target / f"{free}.xlsx"
        written_.append((copy, annotate(report, name, copy, lang=lang, force=force)))
    return written_


def _is_same(source: str | os.PathLike[str], target: Path) -> bool:
    if os.path.realpath(source) == os.path.realpath(target):
        return True
    try:
        return Path(source).samefile(target)
    except OSError:
        return False


def annotated(report: ValidationReport, source: Any, *, lang: str | None = None) -> tuple[bytes, Findings]:
    """The annotated copy of one file as bytes, and what could not be marked or kept in it.

    Args:
        report: what validation found.
        source: the file as it was checked: its path, its bytes, or its name and bytes.
        lang: the language of the list and the comments.

    Raises:
        OptionError: this file, or this version of it, is not one that the report is about.
        ReadError: the path cannot be read.
    """
    given, data = _content(source)
    digest = hashlib.sha256(data).hexdigest()
    known = [each for each in report.sources if each.sha256 == digest]
    mine = next((each for each in known if each.name == given), known[0] if known else None)
    if mine is None:
        raise OptionError(
            f"source is none of the files that were checked ({clean_text(given)}), or has changed since: "
            "validate it again and annotate that report"
        )
    copy = _Copy(words(lang), mine.name, _about(report, mine.name))
    return copy.make(data, mine.kind, refused=mine.refused and _is_hostile(copy.findings))


def _content(source: Any) -> tuple[str, bytes]:
    match source:
        case bytes() | bytearray() | memoryview():
            return "(bytes)", bytes(source)
        case (str(name), bytes() | bytearray() | memoryview() as data):
            return name, bytes(data)
        case str() | os.PathLike():
            found, said = read_bytes(source)
            if found is None:
                raise ReadError("; ".join(str(each) for each in said))
            return str(Path(source)), found.data
    raise OptionError(f"source must be the path or the bytes of the file checked, not {type(source).__name__}")


def _about(report: ValidationReport, name: str) -> list[Finding]:
    """The findings about one file, and those about nobody's file from a partner who sent it."""
    rows = report.observations.to_polars()
    partners = set(rows.filter(rows["source_file"] == name)["partner"])
    alone = len(report.sources) == 1

    def is_mine(finding: Finding) -> bool:
        file = finding.place.file
        return file == name or (file is None and (alone or finding.place.partner in partners))

    return [finding for finding in report.findings if is_mine(finding)]


def _is_hostile(findings: Iterable[Finding]) -> bool:
    """Whether the file itself was refused, and not what stands in it."""
    groups = ("file", "xlsx", "limit", "xml", "guard", "encoding", "csv", "json", "parquet")
    return any(
        each.level is Severity.BLOCKER and each.code.partition("-")[0] in groups and each.code != "file-other-logframe"
        for each in findings
    )


class _Copy:
    def __init__(self, say: Words, name: str, findings: Sequence[Finding]) -> None:
        self.say = say
        self.name = name
        self.findings = list(findings)
        self.lost: list[Finding] = []
        self.marks: dict[str, dict[Address, list[Finding]]] = {}
        self.kept: dict[tuple[str, Address], str] = {}

    def make(self, data: bytes, kind: str, *, refused: bool) -> tuple[bytes, Findings]:
        if not refused and sniff(data) in ("xlsx", "zip") and kind == "xlsx":
            try:
                facts, _ = scan_xlsx(data, name=self.name)
                if facts is not None:
                    return self.in_workbook(data)
            except _DAMAGED as problem:
                self.marks, self.kept, self.lost = {}, {}, []
                self.lose("annotation-fresh", reason=clean_text(problem, limit=120) or type(problem).__name__)
                return self.bare(), Findings(self.lost)
        grids = [] if refused else grids_of(data, name=self.name, kind=kind)
        if not grids:
            return self.bare(), Findings(self.lost)
        package, titles = workbook_of(grids)
        spots = {id(finding): _spot_in(grids, titles, finding) for finding in self.findings}
        self.write(package, titles, spots)
        return package.to_bytes(), Findings(self.lost)

    def bare(self) -> bytes:
        """A workbook that holds the list alone."""
        package = empty_workbook()
        self.write(package, [], {id(finding): (None, None) for finding in self.findings}, how="how-refused")
        return package.to_bytes()

    def in_workbook(self, data: bytes) -> tuple[bytes, Findings]:
        package = Package(data)
        clean(package, data, self.name)
        if any(each.kind == "origin" for each in package.relations("")):
            self.lose("annotation-signature")
        package.retype(package.main, _PLAIN_BOOK)
        titles = [sheet.title for sheet in book.sheets_of(package)]
        spots = {}
        for finding in self.findings:
            place = finding.place
            sheet = place.sheet if place.sheet in titles else None
            cell = parse_address(place.cell) if place.cell else (place.row, 1) if place.row else None
            spots[id(finding)] = (sheet, cell if sheet else None)
        self.write(package, titles, spots)
        return package.to_bytes(), Findings(self.lost)

    def write(
        self,
        package: Package,
        titles: Sequence[str],
        spots: Mapping[int, tuple[str | None, Address | None]],
        *,
        how: str | None = None,
    ) -> None:
        """Mark the cells, then put the list in front."""
        styles = Styles(package)
        where = {sheet.title: sheet.part for sheet in book.sheets_of(package)}
        spots = self.in_rows(package, where, spots)
        exact: set[int] = set()
        for finding in self.findings:
            sheet, cell = spots[id(finding)]
            if sheet and cell and (_names_a_cell(finding) or _is_grave(finding)):
                self.marks.setdefault(sheet, {}).setdefault(cell, []).append(finding)
            if sheet and cell and _names_a_cell(finding):
                exact.add(id(finding))
        most = MOST_CELLS
        for sheet in titles:
            wanted = dict(list(self.marks.get(sheet, {}).items())[:most])
            most -= len(wanted)
            self.mark(package, sheet, where[sheet], wanted, styles)
        left = sum(map(len, self.marks.values())) - (MOST_CELLS - most)
        if left > 0:
            self.lose("annotation-unmarked", found=str(left), reason=phrase("there are too many"))
        every = sorted((*self.findings, *self.lost), key=lambda each: not _is_grave(each))
        shown = every[:MOST_LINES]
        more = self.say("more", count=len(every) - len(shown)) if len(every) > len(shown) else ""
        lines = self.lines(shown, spots, exact)
        mend = any(map(_is_grave, every))
        told_how = self.say(how or ("how" if mend else "how-nothing"))
        counts = " · ".join(
            self.say("count", word=self.say(level.value), count=count)
            for level, count in Findings(every).severities.items()
            if count
        )
        head = Head(Path(self.name).name, counts, told_how, more)
        content = sheet_xml(head, lines, self.say, styles, package.namespace)
        styles.save()
        book.add_first(package, self.say("to-fix"), content)

    def in_rows(
        self, package: Package, where: Mapping[str, str], spots: Mapping[int, tuple[str | None, Address | None]]
    ) -> dict[int, tuple[str | None, Address | None]]:
        """What to mend in a whole row is marked at the first cell of it that holds something."""
        whole = {
            id(finding): (sheet, cell)
            for finding in self.findings
            for sheet, cell in [spots[id(finding)]]
            if sheet and cell and _is_grave(finding) and not _names_a_cell(finding)
        }
        rows: dict[str, set[int]] = {}
        for sheet, (row, _) in whole.values():
            rows.setdefault(sheet, set()).add(row)
        columns = {sheet: first_filled(package.xml(where[sheet]), wanted) for sheet, wanted in rows.items()}
        return {
            **spots,
            **{at: (sheet, (row, columns[sheet].get(row, own))) for at, (sheet, (row, own)) in whole.items()},
        }

    def mark(
        self, package: Package, title: str, part: str, wanted: Mapping[Address, list[Finding]], styles: Styles
    ) -> None:
        """Fill the cells of one sheet and comment on them."""
        if not wanted:
            return
        xml = package.xml(part)
        anchor = anchors(xml)
        grouped: dict[Address, list[Finding]] = {}
        for cell, findings in wanted.items():
            grouped.setdefault(anchor(cell), []).extend(findings)

        def change(cell: Address, worst: Severity) -> Any:
            def new_style(style: int) -> int:
                self.kept[title, cell] = f"{written(cell)} {styles.fill_of(style)}"
                return styles.filled(style, solid(MARKS[worst]))

            return new_style

        worst = {cell: min(each, key=lambda one: one.level.rank) for cell, each in grouped.items()}
        # A remark asks for nothing: it is told beside its cell, which keeps its colour.
        filled = {cell: change(cell, one.level) for cell, one in worst.items() if _is_grave(one)}
        package.parts[part] = with_styles(xml, filled)
        silent = threaded(package, part) & grouped.keys()
        for cell in sorted(silent):
            self.lose("annotation-unmarked", found=written(cell), reason=phrase("it holds a conversation"), sheet=title)
        texts = {cell: self.words_of(each) for cell, each in grouped.items() if cell not in silent}
        comment(package, part, texts)

    def words_of(self, findings: Sequence[Finding]) -> str:
        """The comment on one cell: every finding, its severity in words."""
        paragraphs = []
        for finding in sorted(findings, key=Finding.sort_key):
            message, hint, *_ = told(finding, self.say.lang)
            paragraphs.append(
                f"{self.say(finding.level.value)}{self.say.colon}{message}\n→ {hint}" if hint else message
            )
        return "\n\n".join(paragraphs)

    def lines(
        self,
        findings: Sequence[Finding],
        spots: Mapping[int, tuple[str | None, Address | None]],
        exact: set[int],
    ) -> list[Line]:
        lines = []
        waiting = dict(self.kept)
        for finding in findings:
            sheet, cell = spots.get(id(finding), (finding.place.sheet, parse_address(finding.place.cell or "")))
            address = written(cell) if cell else ""
            message, hint, found, expected = told(finding, self.say.lang)
            if others := ", ".join(_others(finding)):
                message = f"{message} {self.say('see', places=clean_text(others, limit=200))}"
            where = sheet or finding.place.sheet or ""
            if not where and finding.place.file is None:
                where = finding.place.in_language(self.say.lang)
            link = f"'{sheet.replace(chr(39), chr(39) * 2)}'!{address or 'A1'}" if sheet else None
            lines.append(
                Line(
                    severity=finding.level,
                    sheet=clean_text(where, limit=100),
                    cell=address if id(finding) in exact or cell is None else str(finding.place.row or address),
                    wrong=message,
                    found=clean_text(found, limit=500),
                    expected=clean_text(expected, limit=500),
                    do=hint,
                    code=finding.code,
                    link=link,
                    kept=waiting.pop((sheet, cell), "") if sheet and cell else "",
                )
            )
        return [*lines[:-1], self.with_rest(lines[-1], waiting)] if lines and waiting else lines

    @staticmethod
    def with_rest(line: Line, waiting: Mapping[tuple[str, Address], str]) -> Line:
        """The rest of what cells looked like, for those that are marked in place of a covered one."""
        from dataclasses import replace

        rest = "\n".join(f"{sheet}!{told}" for (sheet, _), told in waiting.items())
        return replace(line, kept=f"{line.kept}\n{rest}".strip())

    def lose(self, code: str, *, found: str = "", sheet: str | None = None, **params: object) -> None:
        place = Place(file=self.name, sheet=sheet, cell=found if sheet else None)
        self.lost.append(Finding(code=code, place=place, found=found, params=params))


def _others(finding: Finding) -> list[str]:
    """The first few of the other cells that a finding names, each once: with their sheet or file where it is another.

    Its own cell is none of them: it may speak for many figures that stand nowhere else.
    """
    own, told = finding.place, []
    for each in dict.fromkeys(finding.related):
        spot = each.cell or str(each.row or each)
        if each.file not in (None, own.file):
            spot = str(each)
        elif each.sheet not in (None, own.sheet):
            spot = f"{each.sheet}!{spot}"
        elif each.cell is not None and each.cell == own.cell:
            continue
        told.append(spot)
    return list(dict.fromkeys(told))[:_FEW_PLACES]


def _is_grave(finding: Finding) -> bool:
    """Whether there is something to mend, or at least to check."""
    return finding.level.rank <= Severity.WARNING.rank


def _names_a_cell(finding: Finding) -> bool:
    """Whether a finding is about one cell, and not about its whole row."""
    return finding.place.cell is not None or (finding.place.row is not None and finding.place.header is not None)


def _spot_in(grids: Sequence[Grid], titles: Sequence[str], finding: Finding) -> tuple[str | None, Address | None]:
    """Where in the new workbook stands what a finding about a text file speaks of."""
    place = finding.place
    for grid, title in zip(grids, titles, strict=True):
        if grid.sheet != place.sheet:
            continue
        row = place.row if place.row is not None else place.line
        if row is None:
            return title, None
        column = _column(grid, place.header) if place.header else None
        return title, (row_of(grid, row), column or 1)
    return (titles[0], None) if place.file is not None and titles else (None, None)


def _column(grid: Grid, header: str) -> int | None:
    if grid.header is not None:
        return next((at for at, name in enumerate(grid.header, start=1) if name.strip() == header), None)
    for at in range(min(40, len(grid.numbers))):
        row = [(text_of(cell) or "").strip() for cell in grid.row(at)]
        if header in row:
            return row.index(header) + 1
    return None
