"""The template: a workbook in which one partner fills in one period, and which is read back without loss.

Read `template` first. What is asked comes from `mne.logframe.asked`, what stands in the cells from `form`; here it is
drawn. The stamp by which it is known again is that of `mne.reports.template`.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from mne.errors import OptionError
from mne.exchange.workbook.form import Form, Line, Rule, form_of
from mne.exchange.workbook.package import Package
from mne.exchange.workbook.words import Words, words
from mne.ground.language import LANGUAGES
from mne.logframe.asked import asked, fingerprint
from mne.logframe.model import Logframe
from mne.logframe.periods import Period
from mne.reports.template import MARK, SHEET, Stamp, line_of, rows_of
from mne.tables.observations import Observations
from mne.tables.plan import compile_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["template"]

_LISTS: Final = "_lists"
_HEAD: Final = 4
"""The row of the headers."""

_INLINE: Final = 255
_PROMPT: Final = 250
_WIDTHS: Final = {
    "indicator": 11, "title": 44, "location": 20, "category": 19, "period": 10, "unit": 11, "baseline": 13,
    "target": 17, "last": 19, "value": 16, "numerator": 15, "denominator": 15, "state": 18, "comment": 30,
    "evidence": 30,
    "status": 14, "partner": 12,
}  # fmt: skip
_NUMBERS: Final = ("baseline", "target", "last", "value", "numerator", "denominator")
_INK: Final = "1F2933"
_ORANGE: Final = PatternFill("solid", fgColor="FFD9A8")
_PALE: Final = PatternFill("solid", fgColor="FFF0DC")
_HEADED: Final = PatternFill("solid", fgColor="334E68")
_BAND: Final = PatternFill("solid", fgColor="E4EBF2")
_GREY: Final = PatternFill("solid", fgColor="F1F3F5")
_LINE: Final = Side(style="thin", color="D5D9DE")
_STRONG: Final = Side(style="thin", color="8A9BAE")
_EDGE: Final = Side(style="thin", color="D98A2B")
_TIME: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def template(
    plan: Logframe,
    *,
    partner: str,
    period: str | Period,
    lang: str = "en",
    previous: Observations | None = None,
) -> bytes:
    """A workbook for one partner to fill in for one period; `validate` reads it back without loss.

    It asks for what the plan expects of this partner in this period, one row for each indicator, place and category,
    with baseline and target beside it. Input cells are orange; all others are locked, without a password.

    Args:
        plan: the logframe.
        partner: the code of the partner.
        period: the label of the period, such as 2026-Q3.
        lang: the language of all words: en, fr, ru or tg.
        previous: earlier observations, to show what this partner reported last.

    Returns:
        The workbook (.xlsx); write the bytes to a file.

    Raises:
        OptionError: the plan has no such partner or period, or asks nothing of it, or `lang` is none of the four.
    """
    if not isinstance(plan, Logframe):
        raise OptionError(f"plan must be a Logframe, not {type(plan).__name__}")
    if lang not in LANGUAGES:
        raise OptionError(f"lang must be one of {', '.join(LANGUAGES)}, not {lang!r}")
    if previous is not None and not isinstance(previous, Observations):
        raise OptionError(f"previous must be Observations, not {type(previous).__name__}")
    if plan.partners and partner not in plan.partners:
        raise OptionError(f"partner must be one of {', '.join(plan.partners)}, not {partner!r}")
    own = plan.period(period.label if isinstance(period, Period) else period)
    if own is None:
        some = ", ".join(each.label for each in plan.periods()[:3])
        raise OptionError(f"period must be one of the plan's, such as {some}, not {str(period)!r}")
    wanted = asked(plan, partner, own)
    if not wanted:
        raise OptionError(f"the plan asks nothing of partner {partner} in period {own.label}")
    say = words(lang)
    before = previous.to_polars() if previous is not None else None
    form = form_of(compile_plan(plan), wanted, partner=partner, say=say, previous=before)
    stamp = Stamp(
        logframe=plan.id,
        version=plan.version or "",
        digest=fingerprint(plan),
        partner=partner,
        period=own.label,
        lang=lang,
        indicators=form.titles,
        sheets=(say("sheet-guide"), _LISTS),
        last=form.last,
    )
    return _Drawing(plan, own, form, stamp, say).to_bytes()


class _Drawing:
    def __init__(self, plan: Logframe, period: Period, form: Form, stamp: Stamp, say: Words) -> None:
        self.plan = plan
        self.period = period
        self.form = form
        self.stamp = stamp
        self.say = say
        self.book = Workbook()
        sheet = self.book.active
        if sheet is None:
            raise AssertionError("a new workbook has a sheet")
        self.sheet: Worksheet = sheet
        self.at = {name: number for number, name in enumerate(form.columns, start=1)}
        self.choices: dict[tuple[str, ...], str] = {}
        self.rules: dict[tuple[str, Rule], DataValidation] = {}
        self.lists: Worksheet | None = None
        # A place that stands in every row should take one line of it.
        places = [len(str(line.texts.get("location", ""))) for line in form.lines]
        self.widths: dict[str, float] = {**_WIDTHS, "location": min(36, max(14, 1.15 * max(places, default=0) + 2))}

    def to_bytes(self) -> bytes:
        self.sheet.title = self.say("sheet-report")
        self.head()
        for row, line in enumerate(self.form.lines, start=_HEAD + 1):
            if line.heading:
                self.heading(row, line.heading)
            else:
                self.line(row, line)
        self.finish()
        self.guide()
        self.stamped()
        self.book.properties.creator = "logframe"
        self.book.properties.title = self.headline
        buffer = io.BytesIO()
        self.book.save(buffer)
        package = Package(buffer.getvalue())
        core = package.parts["docProps/core.xml"]
        # The library writes the time of day into every workbook; without it, the same call gives the same bytes.
        package.parts["docProps/core.xml"] = _TIME.sub(rb"\g<1>2000-01-01T00:00:00Z", core)
        return package.to_bytes()

    # ------------------------------------------------------------------------------------------------------ the table

    @property
    def headline(self) -> str:
        names = {each.id: each.title.in_language(self.say.lang) for each in self.plan.organisations}
        partner = names.get(self.stamp.partner, self.stamp.partner)
        return self.say("report-head", partner=partner, period=self.stamp.period)

    def put(self, row: int, column: int, value: Any, *, sheet: Worksheet | None = None) -> Cell:
        """A cell with a number or a text; a text is one whatever it begins with."""
        cell: Cell = (sheet or self.sheet).cell(row, column)  # type: ignore[assignment]  # nothing here is merged
        if isinstance(value, (int, float, Decimal)):
            cell.value = float(value) if value != int(value) else int(value)
        elif value:
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_000]
            cell.data_type = "s"
            cell.quotePrefix = str(value)[:1] in "=+-@"
        return cell

    def head(self) -> None:
        sheet = self.sheet
        title = self.put(1, 1, self.headline)
        title.font = Font(name="Calibri", size=16, bold=True, color=_INK)
        sheet.row_dimensions[1].height = 26
        told = self.put(2, 1, f"{self.plan.title.in_language(self.say.lang)} · {self.say('report-sub')}")
        told.font = Font(name="Calibri", size=11, color="52606D")
        sheet.row_dimensions[2].height = 18
        small = self.put(3, 1, line_of(self.stamp))
        small.font = Font(name="Calibri", size=6, color="C4CDD5")
        sheet.row_dimensions[3].height = 9
        sheet.row_dimensions[_HEAD].height = 32
        for name, words_ in self.form.columns.items():
            cell = self.put(_HEAD, self.at[name], words_)
            cell.font = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
            cell.fill = _HEADED
            right = "right" if name in _NUMBERS else "left"
            cell.alignment = Alignment(horizontal=right, vertical="center", wrap_text=True, indent=name in _NUMBERS)
            # A word that is longer than its column would be cut in two.
            widest = max(self.widths[name], *(1.25 * len(word) + 2 for word in words_.split()))
            sheet.column_dimensions[get_column_letter(self.at[name])].width = widest

    def heading(self, row: int, words_: str) -> None:
        for column in range(1, len(self.at) + 1):
            self.sheet.cell(row, column).fill = _BAND
        cell = self.put(row, self.at["title"], words_)
        cell.font = Font(name="Calibri", size=11, bold=True, color="334E68")
        cell.alignment = Alignment(vertical="center")
        self.sheet.row_dimensions[row].height = 21

    def line(self, row: int, line: Line) -> None:
        top = _STRONG if line.first else _LINE
        for name, column in self.at.items():
            cell = self.put(row, column, line.texts.get(name, ""))
            cell.font = Font(name="Calibri", size=11, color=_INK)
            indent = 2 if name == "title" and line.is_part else int(name in _NUMBERS)
            right = "right" if name in _NUMBERS else "left"
            cell.alignment = Alignment(horizontal=right, vertical="top", wrap_text=True, indent=indent)
            cell.border = Border(top=top, bottom=_LINE)
            rule = line.inputs.get(name)
            if rule is not None:
                self.input(cell, name, rule)
            elif name in ("value", "numerator", "denominator"):
                cell.fill = _GREY
            elif name in ("category", "partner", "period", "unit") or (name == "indicator" and line.is_part):
                cell.font = Font(name="Calibri", size=10, color="7B8794")
            if isinstance(cell.value, (int, float)):
                cell.number_format = "#,##0" if isinstance(cell.value, int) else "#,##0.0#####"
            if name in line.illustrative:
                plain = cell.number_format if cell.data_type == "n" else "General"
                cell.number_format = f'{plain}" *";-{plain}" *";{plain}" *";@" *"'
        if not line.is_part:
            self.sheet.cell(row, self.at["title"]).font = Font(name="Calibri", size=11, bold=True, color=_INK)
        if line.note:
            note = Comment(line.note[:3_000], "template", width=420, height=min(420, 40 + len(line.note) // 3))
            self.sheet.cell(row, self.at["title"]).comment = note
        self.sheet.row_dimensions[row].height = _height(line, self.widths)

    def input(self, cell: Cell, name: str, rule: Rule) -> None:
        cell.protection = Protection(locked=False)
        cell.fill = _ORANGE if name in ("value", "numerator", "denominator") else _PALE
        cell.border = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
        if rule.kind == "words":
            cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        if rule.kind == "words" and not rule.prompt:
            return
        known = (name, rule)
        if known not in self.rules:
            self.rules[known] = self.validation(rule)
            self.sheet.add_data_validation(self.rules[known])
        self.rules[known].add(cell)

    def validation(self, rule: Rule) -> DataValidation:
        kinds: dict[str, dict[str, Any]] = {
            "whole": {"type": "whole", "operator": "greaterThanOrEqual", "formula1": "0"},
            "number": {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": "0"},
            "any": {"type": "decimal", "operator": "between", "formula1": "-1E+18", "formula2": "1E+18"},
            "percent": {"type": "decimal", "operator": "between", "formula1": "0", "formula2": "100"},
            "words": {"type": None},
        }
        told = kinds.get(rule.kind) or {"type": "list", "formula1": self.list_of(rule.choices)}
        made = DataValidation(**told, allow_blank=True, showErrorMessage=rule.kind != "words", showInputMessage=True)
        made.errorTitle = made.promptTitle = self.say("v-title")[:32]
        made.error = made.prompt = rule.prompt[:_PROMPT]
        if rule.kind == "words":
            made.promptTitle = None
        return made

    def list_of(self, choices: tuple[str, ...]) -> str:
        """What a drop-down shows: a short list in place, a long one, or one with commas, on a sheet of its own."""
        inline = ",".join(choices)
        if len(inline) + 2 <= _INLINE and not any(set(each) & set(',"') or each != each.strip() for each in choices):
            return f'"{inline}"'
        if choices not in self.choices:
            if self.lists is None:
                self.lists = self.book.create_sheet(_LISTS)
                self.lists.sheet_state = "hidden"
            column = len(self.choices) + 1
            for row, each in enumerate(choices, start=1):
                self.put(row, column, each, sheet=self.lists)
            letter = get_column_letter(column)
            self.choices[choices] = f"'{_LISTS}'!${letter}$1:${letter}${len(choices)}"
        return self.choices[choices]

    def finish(self) -> None:
        """Freezing, locking and printing."""
        sheet = self.sheet
        sheet.freeze_panes = f"{get_column_letter(self.at['title'] + 1)}{_HEAD + 1}"
        sheet.sheet_view.showGridLines = False
        sheet.sheet_view.zoomScale = 90
        first = next((row for row, line in enumerate(self.form.lines, start=_HEAD + 1) if line.inputs), _HEAD + 1)
        names = self.form.lines[first - _HEAD - 1].inputs
        active = f"{get_column_letter(self.at[next(name for name in self.at if name in names)])}{first}"
        for selection in sheet.sheet_view.selection:
            selection.activeCell = selection.sqref = active
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False
        _print(sheet, self.say, self.headline)
        sheet.print_title_rows = f"{_HEAD}:{_HEAD}"
        sheet.sheet_properties.tabColor = "D98A2B"

    # ----------------------------------------------------------------------------------------------- the other sheets

    def guide(self) -> None:
        """The instructions."""
        say = self.say
        sheet = self.book.create_sheet(say("sheet-guide"))
        sheet.sheet_view.showGridLines = False
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 6, 100
        head = self.put(1, 2, say("guide-head"), sheet=sheet)
        head.font = Font(name="Calibri", size=16, bold=True, color=_INK)
        sheet.row_dimensions[1].height = 30
        columns = {name: self.form.columns.get(name, say(f"h-{name}")) for name in _WIDTHS}
        steps = [say("guide-1", sheet=say("sheet-report")), say("guide-2", **_picked(columns, "state", "comment"))]
        if "numerator" in self.at:
            steps.append(say("guide-3", **_picked(columns, "numerator", "denominator")))
        if any(line.is_part for line in self.form.lines):
            steps.append(say("guide-4"))
        if any(line.note for line in self.form.lines):
            steps.append(say("guide-5"))
        if any(line.illustrative for line in self.form.lines):
            steps.append(say("guide-star"))
        steps.append(say("guide-6"))
        for row, step in enumerate(steps, start=3):
            number = self.put(row, 1, row - 2, sheet=sheet)
            number.font = Font(name="Calibri", size=12, bold=True, color="D98A2B")
            number.alignment = Alignment(horizontal="center", vertical="top")
            told = self.put(row, 2, step, sheet=sheet)
            told.font = Font(name="Calibri", size=12, color=_INK)
            told.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.row_dimensions[row].height = 17 * (1 + len(step) // 95) + 8
        self.about(sheet, len(steps) + 4)
        sheet.protection.sheet = True
        _print(sheet, say, self.headline)

    def about(self, sheet: Worksheet, row: int) -> None:
        say, plan = self.say, self.plan
        head = self.put(row, 2, say("guide-about"), sheet=sheet)
        head.font = Font(name="Calibri", size=12, bold=True, color=_INK)
        span = f"{self.stamp.period} ({self.period.start:%d.%m.%Y} – {self.period.last_day:%d.%m.%Y})"
        told = [
            (say("a-logframe"), f"{plan.title.in_language(say.lang)} ({plan.id})"),
            (say("a-version"), plan.version or ""),
            (say("h-partner"), self.stamp.partner),
            (say("h-period"), span),
        ]
        if plan.reporting_lag is not None:
            due = self.period.last_day + dt.timedelta(days=plan.reporting_lag)
            told.append((say("a-due"), f"{due:%d.%m.%Y}"))
        for number, (name, value) in enumerate((pair for pair in told if pair[1]), start=row + 1):
            cell = self.put(number, 2, f"{name}: {value}", sheet=sheet)
            cell.font = Font(name="Calibri", size=11, color="52606D")

    def stamped(self) -> None:
        sheet = self.book.create_sheet(SHEET)
        for row, told in enumerate(rows_of(self.stamp), start=1):
            for column, value in enumerate(told, start=1):
                self.put(row, column, value, sheet=sheet)
        sheet.sheet_state = "veryHidden"
        sheet.protection.sheet = True
        if sheet["A1"].value != MARK:
            raise AssertionError("a template begins its stamp with the mark")


def _picked(columns: dict[str, str], *names: str) -> dict[str, str]:
    return {name: columns[name] for name in names}


def _print(sheet: Worksheet, say: Words, headline: str) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.75
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    # In a footer an & begins a code.
    for part, told in (("left", headline.replace("&", "&&")[:120]), ("right", f"{say('page')} &P {say('page-of')} &N")):
        getattr(sheet.oddFooter, part).text = told


def _height(line: Line, widths: Mapping[str, float]) -> float:
    """Enough for the longest text of a line: not every program works that out by itself."""
    lines = 1
    for name, value in line.texts.items():
        if isinstance(value, str) and value:
            room = widths[name] * 0.92
            lines = max(lines, -(-len(value) // max(1, int(room))))
    return 15.5 * lines + 4
