"""Whatever a partner sends is read into findings and rows, never into an error; and no row is lost or counted twice."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import operator
from decimal import Decimal
from functools import cache

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mne.ground.catalogue import Severity
from mne.reports import cells, dates
from mne.reports.fields import value_cell
from mne.reports.mapping import Mapping
from mne.reports.names import Names
from mne.reports.period_text import PeriodReader
from mne.reports.propose import propose_mapping
from mne.reports.read import read
from mne.tables.observations import NAMES, Observations, polars_schema
from tests.fixtures import corpus_plan, measures_plan
from tests.profiles import times

PLAN = measures_plan()
HEADERS = [
    "indicator", "period", "period_start", "period_end", "partner", "location", "category", "sex", "value", "numerator",
    "denominator", "unit", "state", "text", "comment", "status", "revision", "reported_on", "illustrative", "project", "year",
    "Показатель", "Valeur", "value ", "notes of mine", "", "Q1 2024", "2024-Q2 Target", "II кв. 2024", "F", "M", "women 18+", "Total",
    "Cumulative", "this period", "Baseline", "План", "Milestone 1", "TJ-1", "2024", "Type", "Date",
]  # fmt: skip
AWKWARD = [
    "", " ", "N", "P", "PV", "S", "T", "Y", "O", "n", "ОРG-A", "ORG-A", "Организация А", "TJ-1", "Total", "Итого", "_T", "2024-Q1",
    "I кв. 2024", "2024", "31.03.2024", "03/04/2024", "2024-02-30", "45292", "12", "1,234", "1.234", "12,5", "1 234", "15/100", "45%",
    "n/a", "-", "NaN", "1e400", "=1+1", "<b>", "adopted", "да", "yes", "F", "sex=F", "sex=F|age=18+", "|", "=", "a=b=c", "person", "MT",
    "Plan", "Actual", "Факт", "Baseline", "Q1 2024", "Q1", "women", "draft", "missing", "\x00", "\u202e", "\ud7ff", "x" * 1001, "9" * 70, "#DIV/0!", "indicator", "value",
]  # fmt: skip

texts = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=12))
objects = st.one_of(
    texts,
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(dt.UTC)),
    st.times(),
    st.timedeltas(),
    st.binary(max_size=4),
    st.complex_numbers(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.just("\ud800"),
    st.just(pd.NA),
    st.just(pd.NaT),
)


def is_accounted(reading):
    """Every row below a header is read or passed over; nothing is read twice; what is usable is complete."""
    assert dict(reading.frame.schema) == {
        **polars_schema(),
        "usable": pl.Boolean(),
        "named_period": pl.Boolean(),
        "declared_decimal": pl.Boolean(),
    }
    assert reading.raw.height == reading.frame.height == sum(source.read for source in reading.sources)
    assert all(source.rows == source.read + source.ignored for source in reading.sources)
    assert (
        reading.frame["source_order"].to_list()
        == reading.raw["source_order"].to_list()
        == list(range(reading.frame.height))
    )
    whole = ["source_file", "source_sheet", "source_row"]
    wide = {each.place.file for each in reading.findings if each.code == "layout-read"}
    placed = reading.frame.filter(~pl.col("source_file").is_in(wide))
    assert placed.select(whole).is_unique().all()
    refused = {source.name for source in reading.sources if source.refused}
    blockers = {finding.place.file for finding in reading.findings if finding.level is Severity.BLOCKER}
    assert refused == blockers
    usable = reading.frame.filter(pl.col("usable"))
    needed = [
        "project",
        "indicator",
        "period",
        "period_start",
        "period_end",
        "partner",
        "location",
        "category",
        "state",
        "status",
    ]
    assert usable.select(needed).null_count().sum_horizontal().sum() == 0
    if not wide:
        held = set(reading.frame.filter(~pl.col("usable"))["source_row"])
        errors = {
            finding.place.row for finding in reading.findings if finding.level is Severity.ERROR and finding.place.row
        }
        assert held == errors & set(reading.frame["source_row"])
    json.dumps([finding.to_dict() for finding in reading.findings])
    reading.raw.to_arrow().validate(full=True)
    return True


@st.composite
def tables(draw, cell=texts):
    headers = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=9))
    if draw(st.booleans()):
        headers = [*dict.fromkeys(["indicator", "period", "value", *headers])]
    lines = draw(st.lists(st.lists(cell, min_size=len(headers), max_size=len(headers)), max_size=5))
    return headers, lines


# ------------------------------------------------------------------------------------------------------------- bytes


@given(st.binary(max_size=300), st.sampled_from([".csv", ".tsv", ".json", ".jsonl", ".xlsx", ".docx", ""]))
def test_any_bytes_give_a_reading(data, suffix):
    assert is_accounted(read((f"q{suffix}", data), PLAN))


@given(st.text(max_size=300), st.sampled_from([".csv", ".json", ".jsonl"]))
def test_any_text_gives_a_reading(text, suffix):
    assert is_accounted(read((f"q{suffix}", text.encode()), PLAN))


@cache
def workbook():
    book = openpyxl.Workbook()
    for line in (
        ["indicator", "period", "partner", "value", "comment"],
        ["N", "2024-Q1", "ORG-A", 5, "x"],
        ["P", 2024, None, "=1+1", None],
    ):
        book.active.append(line)
    book.active.merge_cells("A3:A4")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@cache
def parquet():
    stream = io.BytesIO()
    table = pa.table({"indicator": ["N", "P"], "period": ["2024-Q1"] * 2, "value": [1.5, None]})
    pq.write_table(table, stream)
    return stream.getvalue()


@st.composite
def damaged(draw, data):
    harmed = bytearray(data)
    for _ in range(draw(st.integers(0, 4))):
        harmed[draw(st.integers(0, len(harmed) - 1))] = draw(st.integers(0, 255))
    return bytes(harmed[: draw(st.sampled_from([len(harmed), len(harmed), len(harmed) // 2, 100]))])


@given(st.deferred(lambda: damaged(workbook())))
def test_any_damaged_workbook_gives_a_reading(data):
    assert is_accounted(read(("q.xlsx", data), PLAN))


@given(st.lists(st.deferred(lambda: damaged(parquet())), min_size=8, max_size=8))
@times(0.25)
def test_any_damaged_parquet_file_gives_a_reading(files):
    assert is_accounted(read([(f"q{number}.parquet", data) for number, data in enumerate(files)], PLAN))


@given(
    tables(),
    st.sampled_from([b"</row>", b"<v>5</v>", b't="s"', b'r="A2"', b"sheetData", b"<f>", b"2024"]),
    st.binary(max_size=8),
)
def test_any_change_in_a_sheet_gives_a_reading(table, old, new):
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(stream, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry.filename, content.replace(old, new) if "sheet1" in entry.filename else content)
    assert is_accounted(read(("q.xlsx", stream.getvalue()), PLAN))


# ------------------------------------------------------------------------------------------------------------ tables


@given(tables(), st.sampled_from([",", ";", "\t"]))
def test_every_row_of_a_text_table_is_accounted_for(table, mark):
    headers, lines = table
    stream = io.StringIO()
    csv.writer(stream, delimiter=mark).writerows([headers, *lines])
    reading = read(("q.csv", stream.getvalue().encode()), PLAN)
    assert is_accounted(reading)
    if not reading.sources[0].refused and reading.columns:
        first = reading.frame["source_row"].min() or 0
        assert all(row >= first for row in reading.frame["source_row"])


@given(
    tables(
        cell=st.one_of(
            texts,
            st.integers(),
            st.floats(allow_nan=False, allow_infinity=False),
            st.dates(dt.date(1901, 1, 1)),
            st.booleans(),
            st.none(),
        )
    )
)
def test_every_row_of_a_workbook_is_accounted_for(table):
    headers, lines = table
    book = openpyxl.Workbook()
    for line in (headers, *lines):
        shown = [
            openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in line
        ]
        try:
            book.active.append(shown)
        except (ValueError, OverflowError):
            assume(False)
    stream = io.BytesIO()
    book.save(stream)
    assert is_accounted(read(("q.xlsx", stream.getvalue()), PLAN))


@given(
    st.lists(
        st.one_of(
            st.dictionaries(
                st.sampled_from(HEADERS),
                st.one_of(texts, st.none(), st.integers(), st.floats(), st.booleans(), st.lists(st.none())),
            ),
            st.none(),
            st.integers(),
        ),
        max_size=5,
    )
)
def test_every_json_record_is_accounted_for(records):
    for name, text in (("q.json", json.dumps(records)), ("q.jsonl", "\n".join(map(json.dumps, records)))):
        assert is_accounted(read((name, text.encode()), PLAN))


@given(tables(cell=objects), st.booleans())
def test_any_data_frame_gives_a_reading_and_is_left_alone(table, as_index):
    headers, lines = table
    frame = pd.DataFrame({at: pd.Series([line[at] for line in lines], dtype=object) for at in range(len(headers))})
    frame.columns = pd.Index(headers, dtype=object)
    if as_index and headers:
        frame.index = pd.Index(range(len(frame)), name=headers[0])
    before = frame.copy(deep=True)
    assert is_accounted(read(frame, PLAN))
    pd.testing.assert_index_equal(frame.columns, before.columns)
    assert all(map(operator.is_, frame.to_numpy().ravel(), before.to_numpy().ravel()))


@pytest.mark.parametrize(
    "dtype",
    ["int64", "float32", "bool", "datetime64[ns]", "timedelta64[ns]", "category", "string", "Int8", "complex128"],
)
@given(data=st.data())
def test_frames_of_any_type(dtype, data):
    values = pd.Series(data.draw(st.lists(st.integers(0, 1), min_size=1, max_size=3))).astype(dtype)
    frame = pd.DataFrame(
        {"indicator": "N", "period": "2024-Q1", "value": values, "period_start": values, "location": values}
    )
    assert is_accounted(read(frame, PLAN))


@given(
    st.lists(st.one_of(st.integers(-5, 5), st.floats(width=32), st.none()), min_size=1, max_size=4),
    st.sampled_from(
        [
            pl.Float32,
            pl.Float64,
            pl.Decimal(20, 3),
            pl.String,
            pl.List(pl.Int8),
            pl.Datetime("ms", "UTC"),
            pl.Duration,
            pl.Time,
        ]
    ),
)
def test_polars_frames_of_any_type(values, dtype):
    try:
        column = (
            pl.Series("value", values, dtype=pl.Float64, strict=False)
            .cast(pl.Int64 if dtype.is_temporal() else dtype, strict=False)
            .cast(dtype, strict=False)
        )
    except pl.exceptions.PolarsError:
        assume(False)
    frame = pl.DataFrame(
        [pl.Series("indicator", ["N"] * len(values)), pl.Series("period", ["2024-Q1"] * len(values)), column]
    )
    assert is_accounted(read(frame, PLAN))
    assert is_accounted(read(frame.to_arrow(), PLAN))


@given(tables())
def test_a_second_reading_is_the_same_and_the_order_of_rows_is_kept(table):
    headers, lines = table
    stream = io.StringIO()
    csv.writer(stream).writerows([headers, *lines])
    first, second = (read(("q.csv", stream.getvalue().encode()), PLAN) for _ in range(2))
    assert first.frame.equals(second.frame)
    assert first.findings == second.findings
    assert first.frame["source_row"].is_sorted()


# ------------------------------------------------------------------------------------------------------------- cells

exact = st.integers(-(10**12), 10**12).flatmap(
    lambda whole: st.integers(0, 9).map(lambda scale: Decimal(whole).scaleb(-scale))
)
MARKS = st.sampled_from(
    [cells.Marks(), cells.Marks("."), cells.Marks(","), cells.Marks(".", mixed=True), cells.Marks(",", mixed=True)]
)


@given(st.text(max_size=30), MARKS, st.booleans(), st.booleans())
def test_any_text_is_a_number_a_state_or_a_finding(text, marks, percent, fraction):
    answer = cells.number(text, marks=marks, percent=percent, fraction=fraction)
    if answer.value is not None:
        assert answer.value.is_finite()
        assert not answer.refused
    else:
        assert answer.code is not None or answer.parts is not None or not text.strip()


@given(exact, st.sampled_from([".", ","]), st.sampled_from(["", ",", ".", " ", "\u202f", "’"]), MARKS)
def test_a_number_is_read_as_itself_or_doubted_and_never_as_another(value, mark, group, marks):
    assume(group != mark)
    whole, _, decimals = f"{abs(value):f}".partition(".")
    shown = f"{int(whole):,}".replace(",", group) if group else whole
    text = ("-" if value < 0 else "") + shown + (mark + decimals if decimals else "")
    answer = cells.number(text, marks=marks)
    proves_other = marks.decimal is not None and marks.decimal != mark
    if answer.value is not None and not proves_other:
        assert answer.value == value
    elif answer.value is None:
        assert answer.code == "number-ambiguous"


@given(exact)
def test_plain_decimals_are_exact(value):
    text = f"{value:f}"
    column = cells.decimal_marks([text, "0.5"])
    assert cells.number(text, marks=column).value == value
    assert cells.typed_number(value).value == value


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_a_day_is_read_as_itself_or_doubted_and_never_as_another(day):
    assert dates.day(day.isoformat()).value == day
    assert dates.day(f"{day:%d.%m.%Y}").value == day
    assert dates.day(f"{day.day} {day:%B} {day.year}").value == day
    slashed = dates.day(f"{day:%d/%m/%Y}")
    assert slashed.value == day or slashed.code == "date-ambiguous"
    assert dates.day(f"{day:%m/%d/%Y}", first=False).value == day


@given(st.text(max_size=25))
def test_any_text_is_a_day_or_a_finding(text):
    answer = dates.day(text)
    assert answer.value is not None or answer.code is not None or not text.strip()


PERIODS = PeriodReader(corpus_plan())


@given(
    st.one_of(
        st.text(max_size=25),
        st.lists(
            st.sampled_from(
                [
                    "2024",
                    "2025",
                    "Q1",
                    "I",
                    "кв",
                    "T2",
                    "S1",
                    "jan",
                    "март",
                    "31",
                    ".",
                    "-",
                    "/",
                    "–",
                    "FY",
                    "24",
                    "1",
                    "13",
                    "по",
                    "с",
                    "г",
                ]
            ),
            max_size=7,
        ).map(" ".join),
    )
)
def test_any_text_is_a_period_or_a_finding(text):
    answer = PERIODS.read(text)
    if answer.code is None:
        assert answer.start is not None
        assert answer.last is not None
        assert answer.start <= answer.last
        assert answer.label
    else:
        assert (answer.start, answer.last) == (None, None)


LOOKED_UP = Names(PLAN)


@given(st.text(max_size=20), st.sampled_from(sorted(PLAN.indicators)))
def test_any_text_is_a_value_of_its_measure_or_a_finding(text, indicator):
    answer = value_cell(LOOKED_UP, PLAN.indicators[indicator], text, marks=cells.Marks(), lane="text")
    said = answer.value is not None or answer.words or answer.parts or answer.code
    assert said or not text.strip()


# --------------------------------------------------------------------------------------------------- own tables again


@given(st.lists(exact, min_size=1, max_size=5))
def test_own_observations_are_read_back_exactly(values):
    quarters = PLAN.periods()
    rows = [
        {
            "project": "M1",
            "indicator": "N",
            "period": quarter.label,
            "period_start": quarter.start,
            "period_end": quarter.last_day,
            "partner": "ORG-A",
            "value": value,
        }
        for quarter, value in zip(quarters, values, strict=False)
    ]
    observations = Observations.from_rows(rows)
    reading = read(observations.to_pandas(numbers="decimal"), PLAN)
    assert reading.findings == ()
    again = reading.frame.select(NAMES).drop("source_file", "source_row")
    assert again.equals(observations.to_polars().drop("source_file", "source_row"))


grids = st.lists(
    st.lists(st.one_of(st.sampled_from([*HEADERS, *AWKWARD]), st.integers(0, 2100)), max_size=7), min_size=2, max_size=9
)


@given(grids, st.sampled_from(["auto", "wide", "blocks"]))
def test_any_cells_in_any_places_give_a_reading(rows, layout):
    book = openpyxl.Workbook()
    for row, cells_of in enumerate([["Indicator", "Q1 2024", "Target Q2 2024"], *rows], start=1):
        for column, cell in enumerate(cells_of, start=1):
            if not isinstance(cell, str) or (cell.isprintable() and not cell.startswith("=")):
                book.active.cell(row, column, cell)
    book.active.merge_cells("B1:C1")
    book.active.merge_cells("A2:A4")
    stream = io.BytesIO()
    book.save(stream)
    told = Mapping(format="1", layout=layout, header=1 if layout == "wide" else None)
    assert is_accounted(read(("q.xlsx", stream.getvalue()), PLAN, mapping=told))
    draft = propose_mapping(("q.xlsx", stream.getvalue()), PLAN)
    assert is_accounted(read(("q.xlsx", stream.getvalue()), PLAN, mapping=draft.mapping))
