"""A large table that is read column by column gives what it gives cell by cell: every row, every word, every finding."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.logframe.model import Logframe
from mne.reports import machine, table
from mne.reports.read import read
from mne.reports.readers import delimited, frames
from mne.reports.reading import Reading
from mne.testing import logframes, observation_rows

ODD = (
    "", " ", "0", "-0", "007", "12", " 12", "12 ", "1.5", "1.50", "1,5", "1,234", "1.234", "870.000", "870,000", "1 250",
    "1,250.75", ".5", "5.", "+5", "-3", "–3", "1e5", "12%", "15/100", "n/a", "N/A", "-", "tbc", "нет данных", "NaN", "inf",
    "9" * 18, "9" * 19, "0.1234567890", "0.123456789", "1.234567891234", "yes", "no", "low", "Middle", "high ", "_T",
    "Total", "TOTAL:", "Итого", "indicator", "Indicator", "value", "I1", "i1", "I1 ", "Indicator I1", "I99", "P-A", "p-a",
    "P–A", "L-1", "sex=F", "F", "women", "sex=F|age=<25", "age=<25|sex=F", "sex=X", "2024-Q1", "Q1 2024", "2024", "2024-01",
    "31/12/2024", "01/02/2024", "2024-03-31", "2024-03-31 10:00", "45000", "kg", "KG", "t", "tonne", "percent", "%", "person",
    "=1+1", "@cmd", "<b>x</b>", "a word", "reported", "missing", "not applicable", "draft", "accepted", "1", "2.0", "é", "ў",
    "\u200b12", "１２", "x" * 1_001,
    'a "word"', "5, 6",
)  # fmt: skip
ODDER = (*ODD, '"', "two\nlines")
"""With what takes quotes, and then is read row by row."""
COLUMNS = ("indicator", "period", "partner", "location", "category", "value", "numerator", "denominator", "unit")
MORE = (
    "state",
    "status",
    "revision",
    "reported_on",
    "comment",
    "text",
    "project",
    "period_start",
    "period_end",
    "note",
)


def texts(row: dict[str, Any]) -> dict[str, str]:
    return {name: "" if row.get(name) is None else str(row[name]) for name in (*COLUMNS, *MORE)}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Logframe, str]:
    """A plan and a table for it: mostly as a machine writes one, with odd cells, rows and columns among them."""
    plan = draw(logframes())
    rows = [texts(row) for row in draw(observation_rows(plan))][:60]
    names = [*COLUMNS, *draw(st.lists(st.sampled_from(MORE), unique=True))]
    names = draw(st.permutations(names)) if draw(st.booleans()) else names
    for _ in range(draw(st.integers(0, 12)) if rows else 0):
        rows[draw(st.integers(0, len(rows) - 1))][draw(st.sampled_from(names))] = draw(st.sampled_from(ODDER))
    for _ in range(draw(st.integers(0, 3))):
        odd = dict.fromkeys(names, "")
        odd[draw(st.sampled_from(names))] = draw(st.sampled_from(ODD))
        rows.insert(draw(st.integers(0, len(rows))), draw(st.sampled_from((odd, {name: name for name in names}))))
    parted = draw(st.sampled_from((",", ",", ";", "\t")))
    told = io.StringIO()
    quoting = draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    ends = draw(st.sampled_from(("\n", "\r\n")))
    writer = csv.writer(told, delimiter=parted, quoting=quoting, lineterminator=ends)
    writer.writerow(names)
    writer.writerows([row[name] for name in names] for row in rows)
    return plan, told.getvalue()


def both_ways(plan: Logframe, text: str, **options: Any) -> tuple[Reading, Reading]:
    source = ("report.csv", text.encode())
    with patch.object(machine, "_FEWEST_ROWS", 1), patch.object(delimited, "_LARGE", 0):
        quick = read(source, plan, **options)
    nothing = {"_even": lambda *_, **__: None, "_quoted": lambda *_, **__: None}
    with patch.multiple(delimited, **nothing):
        slow = read(source, plan, **options)
    return quick, slow


def same(quick: Reading, slow: Reading) -> None:
    assert quick.findings == slow.findings
    assert quick.frame.schema == slow.frame.schema
    assert quick.frame.equals(slow.frame), [
        name for name in slow.frame.columns if not quick.frame[name].equals(slow.frame[name])
    ]
    assert quick.raw.equals(slow.raw)
    assert (quick.sources, quick.columns, quick.tables) == (slow.sources, slow.columns, slow.tables)


@given(tables(), st.sampled_from((None, "P-A")), st.sampled_from((None, "2024-Q1")))
def test_column_by_column_is_cell_by_cell(told: tuple[Logframe, str], partner: str | None, period: str | None) -> None:
    plan, text = told
    known = partner if partner is None or partner in {each.id for each in plan.organisations} else None
    same(*both_ways(plan, text, partner=known, period=period))


NUMBERS = {
    "decimals": st.decimals(-10, 1000, places=3),
    "floats": st.floats() | st.sampled_from((0.1, -0.0, 870.0, 1e-5, 1e15, 1e16, 1e300, 0.1 + 0.2, 123456.789)),
    "whole": st.integers(-(2**62), 2**62) | st.integers(0, 1000),
    "texts": st.sampled_from(ODD),
}
KINDS: dict[str, Any] = {
    "decimals": pl.Decimal(28, 9), "floats": pl.Float64, "whole": pl.Int64, "texts": pl.String,
}  # fmt: skip


@st.composite
def frames_of(draw: st.DrawFn) -> tuple[Logframe, pl.DataFrame]:
    """A plan and a frame for it, each column of one type and a few of its cells odd."""
    plan = draw(logframes())
    rows = draw(observation_rows(plan))[:40]
    columns: dict[str, pl.Series] = {}
    for name in (*COLUMNS, *draw(st.lists(st.sampled_from(MORE), unique=True))):
        cells = [row.get(name) for row in rows]
        if name in ("value", "numerator", "denominator"):
            kind = draw(st.sampled_from(list(NUMBERS)))
            if kind in ("texts", "whole"):
                cells = [None if cell is None else str(cell) if kind == "texts" else int(cell) for cell in cells]
            odd, dtype = NUMBERS[kind], KINDS[kind]
            cells = [float(cell) if kind == "floats" and cell is not None else cell for cell in cells]
        elif name in ("reported_on", "period_start", "period_end"):
            odd, dtype = st.dates() | st.none(), pl.Date
        elif name == "revision":
            odd, dtype = st.integers(-1, 3) | st.none(), pl.Int64
        else:
            odd, dtype = st.sampled_from(ODD) | st.none(), draw(st.sampled_from((pl.String, pl.Categorical)))
            cells = [None if cell is None else str(cell) for cell in cells]
        for _ in range(draw(st.integers(0, 2)) if rows else 0):
            cells[draw(st.integers(0, len(rows) - 1))] = draw(odd)
        columns[name] = pl.Series(name, cells, dtype=dtype, strict=False)
    return plan, pl.DataFrame(list(columns.values()))


@given(frames_of(), st.sampled_from(("polars", "arrow", "pandas")))
def test_a_frame_is_read_column_by_column_as_cell_by_cell(told: tuple[Logframe, pl.DataFrame], library: str) -> None:
    plan, frame = told
    source = {"polars": lambda: frame, "arrow": frame.to_arrow, "pandas": frame.to_pandas}[library]()
    with patch.object(machine, "_FEWEST_ROWS", 1), patch.object(frames, "_LARGE", 0):
        quick = read(source, plan)
    with patch.object(frames, "_LARGE", 10**9):
        slow = read(source, plan)
    same(quick, slow)


@pytest.mark.parametrize("names", list(zip_longest(COLUMNS, MORE)), ids=str)
def test_one_odd_cell_among_plain_ones(names: tuple[str | None, str]) -> None:
    """Every odd text in a column of a table that is plain but for it, and in another row in one other column."""
    plan = _plan()
    rows = [
        {"indicator": id, "period": period, "partner": "P-A", "value": value, "unit": unit}
        for id, value, unit in (("N", "12.25", "kg"), ("S", "low", ""), ("Y", "1", ""), ("W", "fine", ""))
        for period in ("2024-Q1", "2024-Q2", "2024-Q3")
    ]
    rows += [{"indicator": "R", "period": "2024-Q1", "partner": "P-A", "numerator": "3", "denominator": "4.5"}]
    odd = [name for name in names if name]
    header = list(dict.fromkeys([*COLUMNS, *odd]))
    with patch.object(table, "parted", wraps=machine.parted) as asked:
        for at, cell in enumerate(ODD):
            spoilt = [dict(row) for row in rows]
            for far, name in enumerate(odd):
                spoilt[(at + 5 * far) % len(rows)][name] = cell
            lines = [header, *([row.get(each, "") for each in header] for row in spoilt)]
            same(*both_ways(plan, "\n".join("\t".join(line) for line in lines)))
    assert asked.call_count == 2 * len(ODD)


def test_the_plain_rows_of_a_table_are_not_looked_at_one_by_one() -> None:
    plan, row = _plan(), "N,2024-Q1,P-A,12.5"
    text = "\n".join(["indicator,period,partner,value", *[row] * 50, "N,2024-Q1,P-A,twelve"])
    with patch.object(table, "one_by_one", wraps=table.one_by_one) as asked:
        quick, slow = both_ways(plan, text)
    same(quick, slow)
    assert [len(call.args[0].numbers) for call in asked.call_args_list] == [3, 52]  # header, witness and the odd row


@pytest.mark.parametrize("library", ["polars", "arrow", "pandas"])
def test_nor_are_those_of_a_frame(library: str) -> None:
    values = [12.5] * 50 + [1e-30]
    frame = pl.DataFrame({"indicator": "N", "period": "2024-Q1", "partner": "P-A", "value": values})
    source = {"polars": lambda: frame, "arrow": frame.to_arrow, "pandas": frame.to_pandas}[library]()
    with (
        patch.object(table, "one_by_one", wraps=table.one_by_one) as asked,
        patch.object(machine, "_FEWEST_ROWS", 1),
        patch.object(frames, "_LARGE", 0),
    ):
        read(source, _plan())
    assert [len(call.args[0].numbers) for call in asked.call_args_list] == [2]  # witness and the odd row


def _plan() -> Logframe:
    level = {"accumulation": "level"}
    return Logframe.model_validate(
        {
            "id": "P", "title": "P", "start": "2024-01-01", "end": "2024-12-31",
            "organisations": [{"id": id, "title": id, "roles": ["partner"]} for id in ("P-A", "P-B")],
            "locations": [{"id": "L-1", "title": "North"}],
            "dimensions": [
                {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "women"}, {"id": "M", "title": "men"}]}
            ],
            "results": [
                {
                    "id": "OC", "level": "outcome", "title": "OC",
                    "indicators": [
                        {"id": "N", "title": "Kilos", "measure": "number", "unit": "kg", **level},
                        {"id": "S", "title": "Stage", "measure": "ordinal", "scale": [{"id": "low"}, {"id": "high"}], **level},
                        {"id": "Y", "title": "Law", "measure": "yes_no", **level},
                        {"id": "W", "title": "Words", "measure": "narrative", **level},
                        {"id": "R", "title": "Ratio", "measure": "ratio", **level},
                    ],
                }
            ],
        }
    )  # fmt: skip
