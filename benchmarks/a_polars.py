"""The large table by hand in Polars: lazy and streaming, packed keys, and windows only where they can find something.

Read `chain`. It takes the same ways around what is dear as the rival in DuckDB.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from benchmarks import polars_series as series
from benchmarks import rival
from benchmarks.rival import (
    CATEGORIES,
    CODES,
    HOLD,
    HOUSEHOLDS,
    INDICATORS,
    OWN,
    PEOPLE,
    SEED,
    SHARE,
    TO_OWN,
    UNITS,
    WELLS,
)

col = pl.col


def chain(path: str, rows: str) -> dict[str, Any]:
    """Every rule, every value and every score of one file."""
    names = rival.names(int(rows))
    read = _read(path, names)
    masks = read.filter(col("mask") > 0).group_by("mask").len()
    codes = rival.counted(dict(masks.iter_rows()))
    beside = read.filter(col("mask") == 1 << (len(CODES) - 1)).select(col("v", "n", "d") / 1000)
    codes |= rival.beside_parts(beside.rows())
    sound = read.lazy().filter(col("mask") & HOLD == 0)
    del read
    keys, gone = _contested(sound)
    m = _newest(sound, gone, places=len(names["location"]))
    codes |= keys | _history(m, {"partners": len(names["partner"]), "places": len(names["location"])})
    within = _within(m)
    codes |= rival.found(total_and_places=len(within))
    told, values = _values(m, within)
    return {"codes": codes | told, **rival.scored(values)}


def _read(path: str, names: dict[str, list[str]]) -> pl.DataFrame:
    """The file with its texts as numbers, the key of its series packed into one, and the codes of each row as bits."""

    def number(name: str, told: Any, *, blank: str | None = None) -> pl.Expr:
        text = col(name) if blank is None else col(name).fill_null(blank)
        kind = pl.Int64 if name in ("partner", "location") else pl.Int8
        return text.replace_strict(list(told), range(len(told)), default=None, return_dtype=kind)

    quarter = col("period").str.contains(r"^[0-9]{4}-Q[1-4]$")
    period = number("period", names["period"])
    starts = pl.Series(names["start"]).str.to_date()
    texts = pl.scan_parquet(path).with_row_index("row")
    read = texts.with_columns(
        i=number("indicator", INDICATORS),
        partner=number("partner", names["partner"], blank="_T"),
        place=number("location", names["location"], blank="_T"),
        cat=number("category", CATEGORIES, blank="_T"),
        p=pl.when(quarter).then(period.fill_null(-1)),
        u=number("unit", UNITS),
        start=col("period").replace_strict(names["period"], starts, default=None, return_dtype=pl.Date),
        **{short: (col(name) * 1000).round().cast(pl.Int64) for short, name in
           (("v", "value"), ("n", "numerator"), ("d", "denominator"))},
    )  # fmt: skip
    i, v, n, d = (col(name) for name in "ivnd")
    unit = pl.when(i == SEED).then(col("u") > 2).otherwise(col("u") != i + 2)
    quotient = 100 * n / d
    unread = [
        *(col(name).is_null() for name in ("i", "partner", "place", "cat", "p")),
        col("u").is_null() & col("unit").is_not_null(),
    ]
    wrong = [
        v.is_null() & n.is_null() & d.is_null(),
        (i != SHARE) & v.is_null() & ~(n.is_null() & d.is_null()),
        (i == SHARE) & v.is_not_null() & n.is_null() & d.is_null(),
        (i == SHARE) & (n.is_null() != d.is_null()),
        (i == SHARE) & n.is_not_null() & (d == 0),
        (i != SHARE) & (v < 0),
        (i == SHARE) & (n < 0),
        (i == SHARE) & (d < 0),
        i.is_in([PEOPLE, HOUSEHOLDS]) & (v % 1000 != 0),
        (i == SHARE) & (d > 0) & (n > d),
        (i != SHARE) & unit,
        col("p") == -1,
        (col("p") >= 0) & (col("reported_on") < col("start")),
        (col("cat") > 0) & (i > PEOPLE),
        (i == SHARE) & (d != 0) & ((quotient - col("value")).abs() > 1e-12 * quotient.abs()),
    ]
    bad = _bits(unread)
    width, places = len(names["partner"]), len(names["location"])
    return read.select(
        "row", "i", "p", "u", "v", "n", "d", rev=col("revision").cast(pl.Int8), day=col("reported_on"),
        s=((i.cast(pl.Int64) * width + col("partner")) * places + col("place")) * 4 + col("cat"),
        mask=pl.when(bad > 0).then(bad).otherwise(_bits(wrong) * (1 << rival.UNREAD)),
    ).collect(engine="streaming")  # fmt: skip


def _bits(marks: list[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(mark.fill_null(value=False).cast(pl.UInt32) * (1 << at) for at, mark in enumerate(marks))


def _factor() -> pl.Expr:
    factors = [TO_OWN.get((unit, OWN[SEED]), 1.0) for unit in UNITS]
    return col("u").replace_strict(range(len(UNITS)), factors, default=None, return_dtype=pl.Float64)


def _contested(sound: pl.LazyFrame) -> tuple[dict[str, int], pl.Series]:
    """Cells reported more than once: what is wrong with them, and the rows that are not the one that counts."""
    twice = sound.group_by("s", "p").len().filter(col("len") > 1).select("s", "p")
    c = (
        sound.join(twice, on=["s", "p"], how="semi")
        .select("row", "s", "p", "rev", "day", "n", "d", a=col("v") * _factor())
        .collect(engine="streaming")
        .sort("s", "p", "rev", "day", "row")
    )
    report, content = ["s", "p", "rev"], ["a", "n", "d"]
    c = c.with_columns(content=pl.struct(content).rank("dense"), undated=col("day").is_null())
    several = (
        c.group_by(report)
        .agg(pl.len(), contents=col("content").n_unique(), undated=col("undated").any())
        .filter(col("len") > 1)
        .drop("len")
    )
    clash = (
        c.group_by(*report, "day").agg(col("content").n_unique()).filter(col("content") > 1).select(report).unique()
    ).with_columns(clash=pl.lit(value=True))
    c = c.drop("undated").join(several, on=report, how="left").join(clash, on=report, how="left")
    c = c.with_columns(
        contents=col("contents").fill_null(1),
        conflict=((col("contents") > 1) & (col("undated") | col("clash").fill_null(value=False))).fill_null(
            value=False
        ),
        once=pl.when(col("contents") > 1).then("day"),
    ).sort("s", "p", "rev", "day", "row")
    calm = c.filter(~col("conflict"))
    kept = calm.unique([*report, "content", "once"], keep="first", maintain_order=True)
    later = calm.filter(col("contents") > 1)
    unnumbered = later.filter(col("content") != col("content").shift(1).over(report)).height
    days = (
        c.filter(col("day").is_not_null())
        .group_by(report)
        .agg(first=col("day").min(), last=col("day").max())
        .sort(report)
        .with_columns(before=col("last").cum_max().shift(1).over("s", "p"))
    )
    counts = {
        "key_conflict": c.height - calm.height,
        "row_duplicate": calm.height - kept.height,
        "revision_unnumbered": unnumbered,
        "revision_order": days.filter(col("first") < col("before")).height,
    }
    last = kept.sort("rev", "day", "row").unique(["s", "p"], keep="last", maintain_order=True)
    return rival.found(**counts), c.join(last.select("row"), on="row", how="anti")["row"]


def _newest(sound: pl.LazyFrame, gone: pl.Series, *, places: int) -> pl.DataFrame:
    own = col("v") * _factor()
    return (
        sound.filter(~col("row").is_in(gone.implode()))
        .select(
            "row", "i", "p", "u", "s", "v", "n", "d", own=own,
            amount=pl.when(col("i") == SHARE).then(100 * col("n") / col("d")).otherwise(own / 1000),
            cat=col("s") % 4, place=col("s") // 4 % places,
        )
        .collect(engine="streaming")
    )  # fmt: skip


def _history(m: pl.DataFrame, sizes: dict[str, int]) -> dict[str, int]:
    """Series over time; those that have nothing to find are told by their least and greatest value."""
    f = series.features(m)
    totals = m.filter(col("i") == HOUSEHOLDS).sort("s", "p")
    step = (col("v") - col("v").shift(1)).over("s")
    totals = totals.with_columns(step=step, point=(col("amount") - col("amount").shift(1)).over("s"))
    judged = totals.group_by("s").agg(
        amounts=(pl.len() >= 4)
        & ((col("step") < 0).sum() >= 2)
        & (-2 * col("step").clip(upper_bound=0).sum() >= col("step").clip(lower_bound=0).sum()),
        falls=(col("step") < 0).sum(),
    )
    still = f.filter(
        (col("i") == PEOPLE) & (col("k") >= 4) & (col("least") >= 100)
        & ((col("most") - col("least")) ** 2 <= col("mean") / 4)
    ).height  # fmt: skip
    grown = totals.filter(col("point").is_not_null()).filter(pl.len().over("s") > 6).select("row", "s", "point")
    copied = series.copied(m, sizes)
    return rival.found(
        cumulative_decrease=judged.filter(~col("amounts"))["falls"].sum(),
        cumulative_fluctuates=judged["amounts"].sum(),
        flow_stands_still=still,
        flow_restates_total=series.restated(m, f),
        level_comes_back=_comes_back(m, f),
        **series.out_of_size(m, f, pl.concat([series.uneven(m, f), grown]), sizes),
        report_copied=copied.height,
        figures_repeated=series.pairs_again(m, copied, sizes),
    )


def _comes_back(m: pl.DataFrame, features: pl.DataFrame) -> int:
    likely = features.filter((col("i") == WELLS) & (col("k") >= 4) & (col("floor") == 0))
    levels = m.join(likely, on="s", how="semi").sort("s", "p")
    known = pl.when(col("v") != 0).then("v")
    around = (known.forward_fill().over("s"), known.backward_fill().over("s"))
    return levels.filter((col("v") == 0) & pl.all_horizontal(each >= 10_000 for each in around))["s"].n_unique()


def _within(m: pl.DataFrame) -> pl.Series:
    """Rows of everywhere beside a row of one place."""
    cell = [(col("s") - col("place") * 4).alias("cell"), "p"]
    wholes = m.filter(col("place") == 0).select("row", *cell)
    parts = m.lazy().filter(col("place") > 0).select(cell).join(wholes.lazy(), on=["cell", "p"], how="semi")
    return wholes.join(parts.collect(engine="streaming"), on=["cell", "p"], how="semi")["row"]


def _values(m: pl.DataFrame, within: pl.Series) -> tuple[dict[str, int], dict[str, float | None]]:
    part = col("cat") > 0
    held = col("row").is_in(within.implode())
    cells = (
        m.lazy()
        .filter(col("i") <= PEOPLE)
        .group_by("p", cell=col("s") // 4)
        .agg(
            col("i").first(), whole=col("own").filter(~part).max(), parts=col("own").filter(part).sum(),
            many=part.sum(), even=col("u").min() == col("u").max(), held=held.any(),
        )
        .collect(engine="streaming")
    )  # fmt: skip
    even, made = cells.filter("even"), col("parts")
    told = rival.found(
        total_mismatch=even.filter((col("many") == 2) & (col("whole") != made)).height,
        total_exceeded=even.filter((col("many") == 1) & (col("whole") < made)).height,
    )
    flows = cells.filter(~col("held")).select("i", amount=pl.coalesce("whole", "parts") / 1000)
    last = m.filter(~held & (col("p") == col("p").max()))
    shares = last.filter(col("i") == SHARE)
    sums = [
        *(flows.filter(col("i") == i)["amount"] for i in (SEED, PEOPLE)),
        *(last.filter(col("i") == i)["v"] / 1000 for i in (HOUSEHOLDS, WELLS)),
    ]
    values: list[float | None] = [float(each.sum()) if len(each) else None for each in sums]
    values.append(100 * shares["n"].sum() / shares["d"].sum() if shares.height else None)
    return told, dict(zip(INDICATORS, values, strict=True))
