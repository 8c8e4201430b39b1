"""The rows of many projects in one typed table of canonical columns, typed for all of them together.

Read `plain_rows` first. A row is plain where every cell is as our own tables write it: codes of its plan letter by
letter, days, numbers of a typed column. Which rows are not is said too: their projects are read one by one as ever, so
that what comes out is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.logframe.indicator import TOTAL, Measure, category_key, category_parts
from mne.logframe.types import MAX_DECIMALS
from mne.logframe.units import VOCABULARY, UnitTable
from mne.reports import asking, fields
from mne.reports.headers import header_key
from mne.reports.machine import is_live
from mne.reports.names import Names
from mne.reports.plain_numbers import of_type
from mne.tables.observations import NAMES, State, polars_schema

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.tables.plans import CompiledPlans

__all__ = ["READ", "plain_rows"]

READ: Final = tuple(name for name in NAMES if not name.startswith("source_"))
"""The columns that are read."""

_CODES: Final = ("project", "indicator", "partner", "location", "category", "unit", "state", "status")
_WORDS: Final = ("text", "comment", "evidence")
_DAYS: Final = ("period_start", "period_end", "reported_on")
_NUMBERS: Final = ("value", "numerator", "denominator")
_DECIMAL: Final = polars_schema()["value"]
_LARGEST: Final = 10**18
_FIRST_DAY, _LAST_DAY = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
_MOST_REVISIONS: Final = 10**9


def plain_rows(table: pl.DataFrame, plans: CompiledPlans, *, status: str) -> pl.DataFrame | None:
    """Every row of a table, typed as if it were plain, with `plain`: whether it is; None where the table is not typed.

    Args:
        table: canonical columns and `plan_at`, the position of each row's plan.
        plans: the plans.
        status: the status of rows that name none.

    Returns:
        The columns of the observation table but those that say where a row comes from, `named_period`, `plan_at` and
        `plain`, in the order of the table.
    """
    told = _typed(table)
    if told is None:
        return None
    return _Sorter(told, plans.once(_Known), status).rows()


def _typed(table: pl.DataFrame) -> pl.DataFrame | None:
    """The columns in the types of an observation table; None where they are of others."""
    first = next((at for at, name in enumerate(table.columns) if name in READ), 0)
    if first or not set(table.columns) <= {*NAMES, "plan_at"}:
        return None
    there = set(table.columns)
    if "indicator" not in there or not ("period" in there or {"period_start", "period_end"} <= there):
        return None
    if not (there & {"value", "text"} or {"numerator", "denominator"} <= there):
        return None
    made: list[pl.Series] = [table["plan_at"]]
    for name in READ:
        if name in there:
            column = _column(name, table[name])
            if column is None:
                return None
            made.append(column)
    return pl.DataFrame(made)


def _column(name: str, column: pl.Series) -> pl.Series | None:
    kind = column.dtype
    if name in _NUMBERS:
        fits = kind.is_integer() or kind in (pl.Float64, pl.Null) or (kind == pl.Decimal and kind.scale <= MAX_DECIMALS)  # type: ignore[attr-defined] # of decimals
        return (
            column.cast(_DECIMAL)
            if kind == pl.Null
            else column
            if fits and kind not in (pl.Int128, pl.UInt128)
            else None
        )
    if name in _DAYS:
        return column.cast(pl.Date) if kind in (pl.Date, pl.Null) else None
    if name == "revision":
        return column.cast(pl.Int64, strict=False) if kind.is_integer() or kind == pl.Null else None
    if name == "illustrative":
        return column.cast(pl.Boolean) if kind in (pl.Boolean, pl.Null) else None
    return column.cast(pl.String) if kind in (pl.String, pl.Categorical, pl.Enum, pl.Null) else None


class _Known:
    """What is known of all plans together, by which plain cells are recognised."""

    def __init__(self, plans: CompiledPlans) -> None:
        self.plans = plans.plans

    @cached_property
    def calendars(self) -> tuple[dict[int, int], list[Logframe]]:
        """The number of each plan's calendar, and one plan for each calendar."""
        numbers: dict[Any, int] = {}
        ones: list[Logframe] = []
        found = {}
        for at, plan in enumerate(self.plans):
            key = (plan.calendar, plan.start, plan.end)
            if key not in numbers:
                numbers[key] = len(numbers)
                ones.append(plan)
            found[at] = numbers[key]
        return found, ones

    @cached_property
    def names(self) -> list[Names]:
        """The names of one plan for each calendar, by which its periods are read."""
        return [Names(plan) for plan in self.calendars[1]]

    @cached_property
    def dimensions(self) -> tuple[dict[int, int], list[dict[str, frozenset[str]]]]:
        """The number of each plan's set of dimensions, and the codes of the dimensions of each set, in order."""
        numbers: dict[Any, int] = {}
        ones: list[dict[str, frozenset[str]]] = []
        found = {}
        for at, plan in enumerate(self.plans):
            key = tuple((each.id, tuple(code.id for code in each.codes)) for each in plan.dimensions)
            if key not in numbers:
                numbers[key] = len(numbers)
                ones.append({id: frozenset(codes) for id, codes in key})
            found[at] = numbers[key]
        return found, ones

    @cached_property
    def by_plan(self) -> pl.DataFrame:
        """Shape: one row for each plan: the numbers of its calendar and dimensions, and its id."""
        rows = []
        for at, plan in enumerate(self.plans):
            rows.append(
                (
                    at, self.calendars[0][at], self.dimensions[0][at], bool(plan.partners),
                    _is_plain(plan), plan.id,
                )
            )  # fmt: skip
        schema = {
            "plan_at": pl.Int32, "calendar": pl.Int32, "dimensions": pl.Int32, "asks_partner": pl.Boolean,
            "plain_plan": pl.Boolean, "own_id": pl.String,
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")

    @cached_property
    def indicators(self) -> pl.DataFrame:
        """Shape: one row for each plan and indicator: what kind of values it has, and how often it is reported."""
        rows = [
            (at, id, _kind(each), each.frequency.value if each.frequency is not None else None)
            for at, plan in enumerate(self.plans)
            for id, each in plan.indicators.items()
        ]
        schema = {"plan_at": pl.Int32, "indicator": pl.String, "kind": pl.String, "often": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row")

    @cached_property
    def partners(self) -> pl.DataFrame:
        """Shape: one row for each plan and organisation that may report."""
        rows = []
        for at, plan in enumerate(self.plans):
            partners = set(plan.partners)
            rows += [(at, each.id) for each in plan.organisations if not partners or each.id in partners]
        return pl.DataFrame(rows, schema={"plan_at": pl.Int32, "partner": pl.String}, orient="row").unique()

    @cached_property
    def locations(self) -> pl.DataFrame:
        """Shape: one row for each plan and place."""
        rows = [(at, each.id) for at, plan in enumerate(self.plans) for each in plan.locations]
        return pl.DataFrame(rows, schema={"plan_at": pl.Int32, "location": pl.String}, orient="row").unique()

    @cached_property
    def stages(self) -> pl.DataFrame:
        """Shape: one row for each step of a scale: `text`, its code, and `rank`."""
        rows = [
            (at, id, step.id, each.rank(step.id))
            for at, plan in enumerate(self.plans)
            for id, each in plan.indicators.items()
            if each.measure.is_ranked
            for step in each.scale
        ]
        schema = {"plan_at": pl.Int32, "indicator": pl.String, "text": pl.String, "rank": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row").unique(["plan_at", "indicator", "text"])

    @cached_property
    def labels(self) -> pl.DataFrame:
        """Shape: one row for each calendar and label of a period in which anything is reported, with what it means."""
        asked: dict[int, set[Any]] = {}
        for at, plan in enumerate(self.plans):
            often = asked.setdefault(self.calendars[0][at], set())
            often.update(each.frequency for each in plan.indicators.values())
        rows = []
        for calendar, often in asked.items():
            plan, periods = self.calendars[1][calendar], self.names[calendar].periods
            for label in {period.label for each in often for period in plan.periods(each)}:
                answer = periods.read(label)
                if answer.code is None:
                    rows.append((calendar, label, answer.start, answer.last, answer.label))
        schema = {
            "calendar": pl.Int32, "period": pl.String, "own_start": pl.Date, "own_end": pl.Date, "own_label": pl.String,
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")

    @cached_property
    def units(self) -> pl.DataFrame:
        """Shape: one row for each plan and unit that it declares."""
        rows = [(at, each.id) for at, plan in enumerate(self.plans) for each in plan.units]
        return pl.DataFrame(rows, schema={"plan_at": pl.Int32, "unit": pl.String}, orient="row").unique()


def _kind(indicator: Indicator) -> str:
    measure = indicator.measure
    if measure.is_text:
        return "words"
    return "stage" if measure.is_ranked else "yes_no" if measure is Measure.YES_NO else "number"


def _is_plain(plan: Logframe) -> bool:
    """Whether no code of a plan reads like the header of a column."""
    headers = {header_key(name) for name in NAMES}
    own = {header_key(each) for each in plan.indicators}
    for each in plan.dimensions:
        titles = (each.title.root,) if isinstance(each.title.root, str) else tuple(each.title.root.values())
        own |= {header_key(title) for title in (each.id, *titles)}
    return not own & headers


class _Sorter:
    """Tells the plain rows from others, and types them."""

    def __init__(self, table: pl.DataFrame, known: _Known, status: str) -> None:
        self.known = known
        self.status = status
        self.there = set(table.columns)
        self.table = self._beside(table, known.by_plan, ["plan_at"])
        self.sure: list[pl.Expr] = [pl.col("plan_at").is_not_null() & pl.col("plain_plan")]

    @staticmethod
    def _beside(table: pl.DataFrame, told: pl.DataFrame, on: list[str]) -> pl.DataFrame:
        return table.join(told, on=on, how="left", maintain_order="left")

    def rows(self) -> pl.DataFrame:
        """All rows, typed, with `plain`."""
        self.table = self._beside(self.table, self.known.indicators, ["plan_at", "indicator"])
        self.sure.append(pl.col("kind").is_not_null())
        if "project" in self.there:
            # Rows of one plan need not name it; that a name was only understood has to be said.
            self.sure.append(pl.col("project").is_null() | (pl.col("project") == pl.col("own_id")))
        made = {
            "project": pl.col("own_id"),
            "indicator": pl.col("indicator"),
            **self._periods(),
            "partner": self._place("partner", self.known.partners, ~pl.col("asks_partner")),
            "location": self._place("location", self.known.locations, pl.lit(value=True)),
            "category": self._category(),
            **self._figures(),
            "unit": self._unit(),
            "status": self._word("status", asking.status).fill_null(self.status),
            "revision": self._revision(),
            "reported_on": self._day("reported_on"),
            "illustrative": self._given("illustrative", pl.Boolean()).fill_null(value=False),
        }
        schema = polars_schema()
        plain = pl.all_horizontal(each.fill_null(value=False) for each in self.sure)
        return self.table.select(
            *(made[name].cast(schema[name]).alias(name) for name in READ),
            made["named_period"].alias("named_period"),
            "plan_at",
            plain.alias("plain"),
        )

    def _given(self, name: str, kind: Any) -> pl.Expr:
        return pl.col(name) if name in self.there else pl.lit(None, kind)

    def _ask(self, keys: list[str], told: str, kind: Any, ask: Callable[..., tuple[Any, bool]]) -> None:
        """Put beside each different row of some columns what `ask` says of it: a value, and whether it is plain."""
        distinct = self.table.select(keys).unique(maintain_order=True)
        answers = [ask(*row) for row in distinct.iter_rows()]
        beside = distinct.with_columns(
            pl.Series(f"={told}", [value for value, _ in answers], dtype=kind),
            pl.Series(f"?{told}", [sure for _, sure in answers], dtype=pl.Boolean()),
        )
        self.table = self.table.join(beside, on=keys, how="left", maintain_order="left", nulls_equal=True)
        self.sure.append(pl.col(f"?{told}"))

    def _word(self, name: str, ask: Callable[[Any], Any]) -> pl.Expr:
        """A column of words that need no plan."""
        if name not in self.there:
            return pl.lit(None, pl.String)

        def answered(cell: str | None) -> tuple[str | None, bool]:
            answer = ask(cell)
            return (None if answer.value is None else str(answer.value)), answer.code is None

        self._ask([name], name, pl.String(), answered)
        return pl.col(f"={name}")

    def _place(self, name: str, known: pl.DataFrame, blank: pl.Expr) -> pl.Expr:
        """A column of codes that the plan lists; `blank` says where there need be none."""
        if name not in self.there:
            self.sure.append(blank)
            return pl.lit(TOTAL)
        told = known.with_columns(pl.lit(value=True).alias(f"?{name}"))
        self.table = self._beside(self.table, told, ["plan_at", name])
        cell = pl.col(name)
        self.sure.append(
            pl.when(cell.is_null()).then(blank).otherwise((cell == TOTAL) | pl.col(f"?{name}").is_not_null())
        )
        return cell.fill_null(TOTAL)

    def _category(self) -> pl.Expr:
        if "category" not in self.there:
            return pl.lit(TOTAL)
        sets = self.known.dimensions[1]

        def ask(number: int | None, cell: str | None) -> tuple[str, bool]:
            if cell is None or cell == TOTAL:
                return TOTAL, True
            try:
                written = category_parts(cell)
            except ValueError:
                return TOTAL, False
            known = sets[number] if number is not None else {}
            exact = all(code in known.get(dimension, ()) for dimension, code in written.items())
            return category_key({id: written[id] for id in known if id in written}) if exact else TOTAL, exact

        self._ask(["dimensions", "category"], "category", pl.String(), ask)
        return pl.col("=category")

    def _unit(self) -> pl.Expr:
        if "unit" not in self.there:
            return pl.lit(None, pl.String)
        declared = self.known.units.with_columns(declared=pl.lit(value=True))
        self.table = self._beside(self.table, declared, ["plan_at", "unit"])
        exact = pl.col("unit").is_null() | pl.col("declared").fill_null(value=False)
        exact = exact | pl.col("unit").is_in([*VOCABULARY])
        asked = self.table.filter(~exact).select("plan_at", "unit").unique().drop_nulls()
        tables: dict[int, UnitTable] = {}
        rows = []
        for at, word in asked.iter_rows():
            if at not in tables:
                tables[at] = UnitTable(self.known.plans[at])
            answer = tables[at].resolve(word) if word == word.strip() else None
            rows.append((at, word, answer))
        schema = {"plan_at": pl.Int32, "unit": pl.String, "meant": pl.String}
        self.table = self._beside(self.table, pl.DataFrame(rows, schema=schema, orient="row"), ["plan_at", "unit"])
        self.sure.append(exact | pl.col("meant").is_not_null())
        return pl.when(exact).then("unit").otherwise("meant")

    def _day(self, name: str) -> pl.Expr:
        if name not in self.there:
            return pl.lit(None, pl.Date)
        self.sure.append(pl.col(name).is_null() | pl.col(name).is_between(_FIRST_DAY, _LAST_DAY))
        return pl.col(name)

    def _revision(self) -> pl.Expr:
        if "revision" not in self.there:
            return pl.lit(0)
        self.sure.append(pl.col("revision").is_null() | pl.col("revision").is_between(0, _MOST_REVISIONS - 1))
        return pl.col("revision").fill_null(0)

    # --------------------------------------------------------------------------------------------------- periods

    def _periods(self) -> dict[str, pl.Expr]:
        """The days of each row: those of a label of its calendar, else asked once for each different row."""
        for name in ("period_start", "period_end"):
            self._day(name)
        for name, kind in (("period", pl.String), ("period_start", pl.Date), ("period_end", pl.Date)):
            if name not in self.there:
                self.table = self.table.with_columns(pl.lit(None, kind).alias(name))
        self.table = self._beside(self.table, self.known.labels, ["calendar", "period"])
        agrees = [
            pl.col(name).is_null() | (pl.col(name) == pl.col(own))
            for name, own in (("period_start", "own_start"), ("period_end", "own_end"))
        ]
        named = pl.col("own_label").is_not_null() & pl.all_horizontal(agrees)
        keys = ["calendar", "often", "period", "period_start", "period_end"]
        asked = self.table.filter(~named.fill_null(value=False)).select(keys).unique()
        names = self.known.names
        rows = []
        for calendar, often, label, start, end in asked.iter_rows():
            if calendar is None:
                continue
            found = fields.period(
                names[calendar],
                fields.PeriodCells(label=label, start=start, end=end),
                frequency=None if often is None else _frequency(often),
                first=(None, None),
                epoch=1900,
                given=None,
            )
            if not found.said and None not in (found.label, found.start, found.last):
                rows.append((calendar, often, label, start, end, found.start, found.last, found.label, found.named))
        schema = {
            "calendar": pl.Int32, "often": pl.String, "period": pl.String, "period_start": pl.Date,
            "period_end": pl.Date, "its_start": pl.Date, "its_end": pl.Date, "its_label": pl.String,
            "its_named": pl.Boolean,
        }  # fmt: skip
        told = pl.DataFrame(rows, schema=schema, orient="row")
        self.table = self.table.join(told, on=keys, how="left", maintain_order="left", nulls_equal=True)
        self.sure.append(named | pl.col("its_label").is_not_null())
        return {
            "period": pl.when(named).then("own_label").otherwise("its_label"),
            "period_start": pl.when(named).then("own_start").otherwise("its_start"),
            "period_end": pl.when(named).then("own_end").otherwise("its_end"),
            "named_period": pl.when(named).then(pl.lit(value=True)).otherwise("its_named"),
        }

    # --------------------------------------------------------------------------------------------------- figures

    def _figures(self) -> dict[str, pl.Expr]:
        """What each row reports, as its indicator's measure asks for, with its state and words."""
        made = {name: self._number(name) for name in _NUMBERS}
        for name in _WORDS:
            made[name] = self._free(name)
        made["value"] = self._value(made["value"])
        told = self._word("state", asking.state)
        there = made["value"].is_not_null() | made["numerator"].is_not_null()
        reported = told.is_null() | (told == State.REPORTED.value)
        self.sure.append(reported | ~there)
        made["state"] = told.fill_null(State.REPORTED.value)
        return made

    def _number(self, name: str) -> pl.Expr:
        if name not in self.there:
            return pl.lit(None, _DECIMAL)
        column = self.table[name]
        if column.dtype == pl.Float64:
            told = of_type(column)
            self.table = self.table.with_columns(told.number.alias(f"={name}"), told.plain.alias(f"?{name}"))
            self.sure.append(pl.col(f"?{name}"))
        else:
            self.table = self.table.with_columns(pl.col(name).cast(_DECIMAL, strict=False).alias(f"={name}"))
            fits = pl.col(f"={name}").is_not_null() & (pl.col(f"={name}").abs() < _LARGEST)
            self.sure.append(pl.col(name).is_null() | fits)
        return pl.col(f"={name}")

    def _free(self, name: str) -> pl.Expr:
        """Words as they stand, where nothing in them is live."""
        if name not in self.there:
            return pl.lit(None, pl.String)
        cell = pl.col(name)
        blank, live = is_live(cell)
        self.sure.append(blank | ~live)
        return pl.when(~blank).then(cell)

    def _value(self, number: pl.Expr) -> pl.Expr:
        """Numbers as they are; steps of a scale, yes and no by the words beside them, which count."""
        if "value" not in self.there:
            return number
        kind, text = pl.col("kind"), pl.col("text") if "text" in self.there else pl.lit(None, pl.String)
        empty = pl.col("value").is_null()
        self.table = (
            self._beside(self.table, self.known.stages, ["plan_at", "indicator", "text"])
            if ("text" in self.there)
            else self.table.with_columns(rank=pl.lit(None, pl.Int64))
        )
        words = self.table.filter(kind == "yes_no").select(text.alias("text")).unique()["text"]
        answers = {word: _yes_no(word) for word in words if word is not None}
        known = pl.DataFrame(
            {"text": list(answers), "yes": list(answers.values())}, schema={"text": pl.String, "yes": pl.Int64}
        )
        self.table = self.table.with_columns(
            text.replace_strict(known["text"], known["yes"], default=None, return_dtype=pl.Int64).alias("yes")
            if known.height
            else pl.lit(None, pl.Int64).alias("yes")
        )
        self.sure.append(
            empty
            | (kind == "number")
            | ((kind == "stage") & pl.col("rank").is_not_null())
            | ((kind == "yes_no") & pl.col("yes").is_not_null())
        )
        meant = pl.when(kind == "stage").then("rank").when(kind == "yes_no").then("yes").cast(_DECIMAL)
        return pl.when(empty | (kind == "number")).then(number).otherwise(meant)


def _frequency(often: str) -> Any:
    from mne.logframe.periods import Frequency

    return Frequency(often)


def _yes_no(word: str) -> int | None:
    """1 or 0 for a word that says it plainly."""
    from mne.reports import cells

    answer = cells.yes_no(word) if word == word.strip() else None
    return int(answer.value) if answer is not None and answer.code is None and answer.value is not None else None
