"""The large CSV file of `benchmarks.reports` by hand in Polars: codes instead of texts, all rules about rows one pass.

Read `checked` first. It knows the plan of `benchmarks.seeds` by heart, which is two of the large table's indicators.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks import polars_series as series
from benchmarks.rival import CATEGORIES, SEED, SHARE, found
from benchmarks.seeds import PLACES, codes, plan

col = pl.col
INDICATORS = {"OC1.1": SEED, "OC2.1": SHARE}
CODES = (
    *("ref-unknown-indicator", "period-unknown", "number-invalid", "value-missing", "value-kind", "ratio-incomplete"),
    *("value-negative", "ratio-over-one", "denominator-zero", "unit-mismatch", "category-not-declared"),
    *("ref-unknown-partner", "ref-unknown-location"),
)
"""What can be wrong with a row, each a bit of its mask. All of it holds the row back."""


def checked(path: Path, partners: int) -> dict[str, int]:
    """What a careful query finds by code, with the rules that can speak of such a table."""
    names = {"partners": ["_T", *codes(partners)], "places": ["_T", *PLACES]}
    sizes = {name: len(known) for name, known in names.items()}
    read = _read(path, names, [each.label for each in plan(partners=partners).periods()])
    masks = dict(read.group_by("mask").len().iter_rows())
    told = {code: sum(rows for mask, rows in masks.items() if mask >> at & 1) for at, code in enumerate(CODES)}
    m = read.filter(col("mask") == 0)
    f = series.features(m)
    copied = series.copied(m, sizes)
    told |= found(
        row_duplicate=m.select(pl.struct("s", "p").is_duplicated().sum()).item(),
        **series.out_of_size(m, f, series.uneven(m, f), sizes),
        flow_restates_total=series.restated(m, f),
        report_copied=copied.height,
        figures_repeated=series.pairs_again(m, copied, sizes),
        period_year=_another_year(read),
    )
    return {code: count for code, count in (told | _totals(m)).items() if count}


def _read(path: Path, names: dict[str, list[str]], periods: list[str]) -> pl.DataFrame:
    """The rows as numbers, figures in thousandths, with what is wrong with each as bits."""

    def number(name: str, told: list[str]) -> pl.Expr:
        return col(name).replace_strict(told, range(len(told)), default=None, return_dtype=pl.Int64)

    numbers = {"v": "value", "n": "numerator", "d": "denominator"}
    texts = pl.scan_csv(path, infer_schema=False).with_row_index("row")
    read = texts.with_columns(
        i=col("indicator").replace_strict(INDICATORS, default=None, return_dtype=pl.Int8),
        p=number("period", periods).cast(pl.Int8),
        of=number("partner", names["partners"]), place=number("location", names["places"]),
        cat=number("category", [*CATEGORIES]), u=number("unit", ["kg", "t"]).cast(pl.Int8),
        **{f"{short}_told": col(name).cast(pl.Float64, strict=False) for short, name in numbers.items()},
    ).with_columns(
        (col(f"{short}_told") * 1000).round().cast(pl.Int64).alias(short) for short in numbers
    )  # fmt: skip
    i, v, n, d, flow = col("i"), col("v"), col("n"), col("d"), col("i") == SEED
    wrong = [
        i.is_null(),
        col("p").is_null(),
        pl.any_horizontal(col(name).is_not_null() & col(short).is_null() for short, name in numbers.items()),
        i.is_not_null() & v.is_null() & n.is_null() & d.is_null(),
        flow & v.is_null(),
        (i == SHARE) & (n.is_null() != d.is_null()),
        i.is_not_null() & (v < 0),
        (i == SHARE) & (n > d),
        d == 0,
        flow & col("u").is_null(),
        col("cat").is_null(),
        col("of").is_null(),
        col("place").is_null(),
    ]
    mask = pl.sum_horizontal(mark.fill_null(value=False).cast(pl.UInt16) * (1 << at) for at, mark in enumerate(wrong))
    in_own_unit = col("v_told") * pl.when(col("u") == 1).then(1000.0).otherwise(1.0)
    reporter = i.cast(pl.Int64) * len(names["partners"]) + col("of")
    return read.select(
        "row", "i", "p", "u", "v", "n", "d", "of", mask=mask,
        s=(reporter * len(names["places"]) + col("place")) * 4 + col("cat"),
        amount=pl.when(flow).then(in_own_unit).otherwise(n / d * 100),
    ).collect(engine="streaming")  # fmt: skip


def _totals(m: pl.DataFrame) -> dict[str, int]:
    """Women and men against the total of their cell and unit."""
    part, v = col("s") % 4 > 0, col("v")
    cells = (
        m.lazy()
        .filter(col("i") == SEED)
        .group_by(cell=(col("s") // 4 * 32 + col("p")) * 2 + col("u"))
        .agg(whole=v.filter(~part).first(), made=v.filter(part).sum(), parts=part.sum())
    )
    told = cells.select(
        total_mismatch=((col("parts") == 2) & (col("made") != col("whole"))).sum(),
        total_exceeded=((col("parts") == 1) & (col("made") > col("whole"))).sum(),
    )
    return found(**told.collect(engine="streaming").row(0, named=True))


def _another_year(read: pl.DataFrame) -> int:
    """Rows of one indicator that alone of a partner name its first or last period, and lack it a year from there."""
    spots = (
        read.lazy()
        .filter(col("i").is_not_null() & col("p").is_not_null() & col("of").is_not_null())
        .group_by("of", "p")
        .agg(pl.len(), col("i").min(), several=col("i").min() != col("i").max())
        .collect()
        .sort("of", "p")
    )
    step = col("p").diff().over("of")
    ends = spots.with_columns(
        apart=pl.min_horizontal(step, step.shift(-1).over("of")), every=col("len").sum().over("of"),
        edge=(col("p") == col("p").min().over("of")) | (col("p") == col("p").max().over("of")),
    )  # fmt: skip
    lone = ends.filter(~col("several") & col("edge") & (col("every") - col("len") >= 3)).select("of", "p", "i", "apart")
    if not lone.height:
        return 0
    there = spots.select("of", meant="p", there="i", both="several")
    meant = pl.concat([lone.with_columns(meant=col("p") + year) for year in (4, -4)]).join(there, on=["of", "meant"])
    meant = meant.filter(col("both") | (col("there") != col("i")))
    rows = read.filter(col("mask") == 0).join(meant, on=["of", "p", "i"]).select("of", "p", "i", "apart", "meant", "s")
    rows = rows.join(read.select("s", meant="p"), on=["s", "meant"], how="anti")
    # Of two that could each be the other, the one that leaves a gap is wrong, else the older one.
    pair = ["of", pl.min_horizontal("p", "meant"), pl.max_horizontal("p", "meant")]
    worst = (col("apart").cast(pl.Int64) * 32 - col("p")).alias("worst")
    rows = rows.with_columns(worst).filter(col("worst") == col("worst").max().over(pair))
    return rows.select("of", "p", "i", "meant").n_unique()
