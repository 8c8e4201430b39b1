"""(b) The whole chain on a large Parquet file, against the same by hand in pandas.

The rival takes the same ways around what is dear as those in DuckDB and Polars: codes instead of texts, one packed key,
and series that can have nothing to find left out before they are sorted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks import rival
from benchmarks.measure import Line, Options, in_turn, megabytes, shown
from benchmarks.pandas_few import among_few
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
from benchmarks.tables import table

FASTER: Final = 10
FEWER: Final = 1_000_000
"""pandas is asked for so many rows as well, as it takes long and much memory for ten times as many."""


def lines(options: Options) -> Iterator[Line]:
    """A line for the smaller table, and one for the large one."""
    for rows in sorted({min(FEWER, options.rows), options.rows}):
        path = str(table(options, rows))
        jobs = {"ours": ("ours:chain", path, f"{rows}"), "pandas": ("b_pandas:chain", path, f"{rows}")}
        found = in_turn(jobs, options.runs)
        ours, pandas = found["ours"], found["pandas"]
        faster = pandas.seconds / ours.seconds
        yield Line(
            "b", f"{rows:,} rows, 5 % with defects, against pandas", shown(ours.seconds), shown(pandas.seconds),
            f"{faster:.2f} × faster", f"≥ {FASTER} × faster", faster >= FASTER, megabytes(ours, pandas),
            f"{ours.own / rows:,.0f} / {pandas.own / rows:,.0f}",
        )  # fmt: skip


def chain(path: str, rows: str) -> dict[str, Any]:
    """Every rule, every value and every score of one file."""
    names = rival.names(int(rows))
    r = _read(path, names)
    counts = r["mask"][r["mask"] > 0].value_counts()
    codes = rival.counted(dict(zip(counts.index.tolist(), counts.tolist(), strict=True)))
    beside = r.loc[r["mask"] == 1 << (len(CODES) - 1), ["v", "n", "d"]] / 1000
    codes |= rival.beside_parts([*beside.itertuples(index=False, name=None)])
    m = r[(r["mask"] & HOLD) == 0].drop(columns="mask")
    del r
    keys, gone = _contested(m)
    m = m.drop(index=gone)
    codes |= keys | _history(m, {"partners": len(names["partner"]), "places": len(names["location"])})
    m["place"] = m["s"] // 4 % len(names["location"])
    within = _within(m)
    told, values = _values(m, within)
    codes |= rival.found(total_and_places=len(within)) | told
    return {"codes": codes, **rival.scored(values)}


def _read(path: str, names: dict[str, list[str]]) -> pd.DataFrame:
    """The file with its texts as codes, -1 for what is not known, and what is wrong with each row as bits."""
    t = pd.read_parquet(path)

    def code(name: str, told: Any) -> np.ndarray[Any, Any]:
        return pd.Categorical(t[name], categories=list(told)).codes.astype(np.int64)

    def or_whole(name: str, told: Any) -> np.ndarray[Any, Any]:
        return np.where(t[name].isna(), 0, code(name, told))

    i, u, p = code("indicator", INDICATORS), code("unit", UNITS), code("period", names["period"])
    partner, place = or_whole("partner", names["partner"]), or_whole("location", names["location"])
    cat = or_whole("category", CATEGORIES)
    other = t["period"].where(p < 0)
    outside = other.str.fullmatch(r"[0-9]{4}-Q[1-4]").fillna(value=False).to_numpy(bool)
    v, n, d = (np.round(t[name].to_numpy() * 1000) for name in ("value", "numerator", "denominator"))
    no_v, no_n, no_d = (np.isnan(each) for each in (v, n, d))
    day = t["reported_on"].to_numpy("datetime64[D]")
    start = np.array(names["start"], "datetime64[D]")[p]
    parted = i == SHARE
    with np.errstate(all="ignore"):
        quotient = 100 * n / d
        wrong = [
            no_v & no_n & no_d,
            ~parted & no_v & ~(no_n & no_d),
            parted & ~no_v & no_n & no_d,
            parted & (no_n != no_d),
            parted & ~no_n & (d == 0),
            ~parted & (v < 0),
            parted & (n < 0),
            parted & (d < 0),
            np.isin(i, [PEOPLE, HOUSEHOLDS]) & ~no_v & (v % 1000 != 0),
            parted & (d > 0) & (n > d),
            ~parted & (u >= 0) & np.where(i == SEED, u > 2, u != i + 2),
            outside,
            (p >= 0) & (day < start),
            (cat > 0) & (i > PEOPLE),
            parted & (d != 0) & (np.abs(quotient - v / 1000) > 1e-12 * np.abs(quotient)),
        ]
    unread = [i < 0, partner < 0, place < 0, cat < 0, (p < 0) & ~outside, (u < 0) & t["unit"].notna().to_numpy()]
    bad = _bits(unread)
    factor = np.array([TO_OWN.get((unit, OWN[SEED]), 1.0) for unit in UNITS])
    return pd.DataFrame(
        {
            "i": i.astype(np.int8), "p": p.astype(np.int8), "u": u.astype(np.int8), "v": v, "n": n, "d": d,
            "rev": t["revision"].to_numpy(np.int8), "day": day,
            "s": ((i * len(names["partner"]) + partner) * len(names["location"]) + place) * 4 + cat,
            "own": v * factor[u], "amount": np.where(parted, quotient, v * factor[u] / 1000),
            "mask": np.where(bad > 0, bad, _bits(wrong) << rival.UNREAD),
        }
    )  # fmt: skip


def _bits(marks: list[Any]) -> np.ndarray[Any, Any]:
    found = np.zeros(len(marks[0]), np.int32)
    for at, mark in enumerate(marks):
        found |= mark.astype(np.int32) << at
    return found


def _contested(m: pd.DataFrame) -> tuple[dict[str, int], pd.Index]:
    """Cells reported more than once: what is wrong with them, and the rows that are not the one that counts."""
    cell = m["s"] * 32 + m["p"]
    c = m.loc[cell.duplicated(keep=False), ["s", "p", "rev", "day", "n", "d", "own"]].copy()
    report = ["s", "p", "rev"]
    c["row"] = c.index
    c["content"] = c.groupby(["own", "n", "d"], dropna=False).ngroup()
    c["undated"] = c["day"].isna()
    c = c.sort_values([*report, "day", "row"])
    group = c.groupby(report)
    c["contents"] = group["content"].transform("nunique")
    c["clash"] = c.groupby([*report, "day"], dropna=False)["content"].transform("nunique") > 1
    unsettled = group["clash"].transform("any") | group["undated"].transform("any")
    c["conflict"] = (c["contents"] > 1) & unsettled
    c["once"] = c["day"].where(c["contents"] > 1)
    calm = c[~c["conflict"]]
    kept = calm.drop_duplicates([*report, "content", "once"])
    later = calm[calm["contents"] > 1]
    before = later.groupby(report)["content"].shift(1)
    days = c[~c["undated"]].groupby(report)["day"].agg(["min", "max"]).reset_index()
    days["before"] = days.groupby(["s", "p"])["max"].cummax()
    days["before"] = days.groupby(["s", "p"])["before"].shift(1)
    counts = {
        "key_conflict": len(c) - len(calm),
        "row_duplicate": len(calm) - len(kept),
        "revision_unnumbered": int((before.notna() & (before != later["content"])).sum()),
        "revision_order": int((days["min"] < days["before"]).sum()),
    }
    last = kept.sort_values(["rev", "day", "row"], na_position="first").drop_duplicates(["s", "p"], keep="last")
    return rival.found(**counts), c.index.difference(last.index)


def _history(m: pd.DataFrame, sizes: dict[str, int]) -> dict[str, int]:
    """Series over time; those that have nothing to find are told by their least and greatest value."""
    f = m.assign(low=m["v"].where(m["v"] > 0)).groupby("s", sort=False).agg(
        i=("i", "first"), k=("i", "size"), least=("amount", "min"), most=("amount", "max"), mean=("amount", "mean"),
        low=("low", "min"), high=("v", "max"), floor=("v", "min"), u_min=("u", "min"), u_max=("u", "max"),
    )  # fmt: skip
    totals = m[m["i"] == HOUSEHOLDS].sort_values(["s", "p"])
    steps = totals.groupby("s")[["v", "amount"]].diff()
    totals = totals.assign(step=steps["v"], point=steps["amount"])
    judged = totals.assign(
        fell=totals["step"] < 0, lost=totals["step"].clip(upper=0), won=totals["step"].clip(lower=0)
    ).groupby("s").agg(k=("i", "size"), falls=("fell", "sum"), lost=("lost", "sum"), won=("won", "sum"))  # fmt: skip
    amounts = (judged["k"] >= 4) & (judged["falls"] >= 2) & (-2 * judged["lost"] >= judged["won"])
    still = (f["i"] == PEOPLE) & (f["k"] >= 4) & (f["least"] >= 100) & ((f["most"] - f["least"]) ** 2 <= f["mean"] / 4)
    wide = (f["least"] <= 0) | (f["most"] - f["least"] > 0.25 * f["least"])
    few = f.index[(f["i"] != HOUSEHOLDS) & (f["k"] > 6) & wide]
    grown = totals[totals["point"].notna()]
    grown = grown[grown.groupby("s")["point"].transform("size") > 6]
    points = pd.concat(
        [m.loc[m["s"].isin(few), ["s", "amount"]].set_axis(["s", "point"], axis=1), grown[["s", "point"]]]
    )
    far = _outliers(points)
    among, told = among_few(m, f, sizes)
    report = (m["s"] // (4 * sizes["places"]) % sizes["partners"]) * 32 + m["p"]
    copied = _copied(m, report)
    return rival.found(
        cumulative_decrease=judged.loc[~amounts, "falls"].sum(),
        cumulative_fluctuates=amounts.sum(),
        flow_stands_still=still.sum(),
        flow_restates_total=_restated(m, f),
        level_comes_back=_comes_back(m, f),
        value_outlier=len(far) + among,
        unit_changed=_units_changed(m, f, far.union([*told]), sizes),
        report_copied=len(copied),
        figures_repeated=_again(m, report, copied),
    )


def _outliers(points: pd.DataFrame) -> pd.Index:
    middle = points.groupby("s")["point"].transform("median")
    away = (points["point"] - middle).abs()
    by_series = away.groupby(points["s"])
    spread, mean = by_series.transform("median"), by_series.transform("mean")
    with np.errstate(all="ignore"):
        other = np.where((mean > 0) & (middle != 0), away / (1.253314 * mean), np.nan)
        score = np.where(spread > 0, 0.6745 * away / spread, other)
    return points.index[(score > 3.5) & (away > 0.25 * middle.abs())]


def _units_changed(m: pd.DataFrame, f: pd.DataFrame, far: pd.Index, sizes: dict[str, int]) -> int:
    """Reports in another unit than the one before, of which the figures are not those before converted.

    Of a report the figures that changed alike count once.
    """
    mixed = f.index[f["u_min"] != f["u_max"]]
    rows = m.loc[m["s"].isin(mixed) & (m["amount"] != 0), ["s", "p", "u", "v", "amount"]].sort_values(["s", "p"])
    last = rows[["u", "v", "amount"]].shift(1)
    as_before, in_line = ((rows[name] / last[name]).between(0.5, 2) for name in ("v", "amount"))
    changes = (rows["s"] == rows["s"].shift(1)) & (rows["u"] != last["u"]) & ~rows.duplicated(["s", "u"])
    found = changes & (as_before | ~in_line) & ~rows.index.isin(far)
    told = {"of": rows["s"] // (4 * sizes["places"]), "p": rows["p"], "u": rows["u"], "last": last["u"]}
    return len(pd.DataFrame({**told, "same": as_before & ~in_line})[found].drop_duplicates())


def _restated(m: pd.DataFrame, f: pd.DataFrame) -> int:
    likely = (f["high"] >= 2 * f["low"]) | (f["u_min"] != f["u_max"])
    flows = m[m["s"].isin(f.index[f["i"].isin([SEED, PEOPLE]) & (f["k"] > 2) & likely])].sort_values(["s", "u", "p"])
    if flows.empty:
        return 0
    series = [flows["s"], flows["u"]]
    v = flows["v"]
    positive = (v > 0).astype(int)
    so_far, above, before = (
        v.groupby(series).cumsum() - v,
        positive.groupby(series).cumsum(),
        v.groupby(series).shift(1),
    )
    repeats = (v == so_far) & (above - positive >= 2) & (v >= 100_000)
    begun = flows[above > 0]
    first = begun.groupby(["s", "u"]).cumcount() == 0
    value, earlier = v[begun.index], before[begun.index]
    grows = first | (value > earlier) | ((value == earlier) & (value >= 100_000))
    begun = begun.assign(grows=grows, row=begun.index, before=earlier.where(~first))
    told = begun.groupby(["s", "u"]).agg(
        grows=("grows", "all"), k=("v", "size"), first=("v", "first"), last=("v", "last"), row=("row", "last"),
        near=("before", "last"),
    )  # fmt: skip
    enough = told["grows"] & (told["k"] >= 4) & (told["first"] > 0)
    enough &= told["near"] >= 2 / 3 * (told["k"] - 1) * told["first"]
    grown = told[enough & (told["last"] >= 2 / 3 * told["k"] * told["first"])]
    # What keeps its pace in ever larger steps grows by itself, and one leap at the end is an outlier.
    some = begun.join(grown[[]], on=["s", "u"], how="inner")
    some["pace"], by_series = some["v"] / some["before"], [some["s"], some["u"]]
    some["slower"] = (some["v"] - some["before"]).groupby(by_series).diff() <= 0
    paces = some.groupby(["s", "u"]).agg(first=("pace", "first"), last=("pace", "last"), slower=("slower", "any"))
    by_itself = (paces["last"] >= 8) | (~paces["slower"] & (paces["last"] >= 0.9 * paces["first"]))
    return int((repeats | flows.index.isin(grown.loc[paces.index[~by_itself], "row"])).sum())


def _comes_back(m: pd.DataFrame, f: pd.DataFrame) -> int:
    likely = f.index[(f["i"] == WELLS) & (f["k"] >= 4) & (f["floor"] == 0)]
    levels = m[m["s"].isin(likely)].sort_values(["s", "p"])
    known = levels["v"].where(levels["v"] != 0).groupby(levels["s"])
    around = (known.ffill() >= 10_000) & (known.bfill() >= 10_000)
    return int(levels.loc[(levels["v"] == 0) & around, "s"].nunique())


def _copied(m: pd.DataFrame, report: pd.Series) -> list[int]:
    """Reports that are the last one again: told by a sum of hashes first, cell by cell where these are the same."""
    said = ["v", "n", "d", "u"]
    telling = (m["i"] != HOUSEHOLDS) & (m["n"].where(m["n"].notna(), m["v"]) != 0)
    hashes = pd.util.hash_pandas_object(m[["s", *said]], index=False)
    reports = pd.DataFrame({"hash": hashes, "telling": telling, "cells": 1}).groupby(report).sum()
    before = reports.set_axis(reports.index + 1)
    same = reports.join(before, rsuffix="_before", how="inner")
    same = same[
        (same["hash"] == same["hash_before"]) & (same["cells"] == same["cells_before"]) & (same["telling"] >= 3)
    ]
    copied = []
    for number, cells in same["cells"].items():
        mine, earlier = (
            m.loc[report == each, ["s", *said]].set_index("s").sort_index() for each in (number, number - 1)
        )
        if len(mine) == cells and mine.equals(earlier):
            copied.append(number)
    return copied


def _again(m: pd.DataFrame, report: pd.Series, copied: list[int]) -> int:
    """Shares whose two numbers, both large, are those of the period before, but for reports that are copies.

    Where a denominator is the same in all of three periods and more it is known beforehand.
    """
    shares = m.loc[m["i"] == SHARE, ["s", "p", "n", "d"]]
    pairs = shares[(shares["n"] >= 30_000) & (shares["d"] >= 30_000)].sort_values(["s", "p"])
    step = pairs.diff()
    found = pairs[(step["s"] == 0) & (step["p"] == 1) & (step["n"] == 0) & (step["d"] == 0)]
    found = found[~report[found.index].isin(copied)]
    spans = shares[shares["s"].isin(found["s"])].groupby("s")["d"].agg(["size", "nunique"])
    kept = spans.index[(spans["size"] > 2) & (spans["nunique"] == 1)]
    return int((~found["s"].isin(kept)).sum())


def _within(m: pd.DataFrame) -> pd.Index:
    """Rows of everywhere beside a row of one place."""
    cell = (m["s"] - m["place"] * 4) * 32 + m["p"]
    whole = m["place"] == 0
    parts = cell[~whole & cell.isin(cell[whole])]
    return m.index[whole & cell.isin(parts)]


def _values(m: pd.DataFrame, within: pd.Index) -> tuple[dict[str, int], dict[str, float | None]]:
    held = m.index.isin(within)
    flows = m[m["i"] <= PEOPLE]
    part = flows["s"] % 4 > 0
    cells = pd.DataFrame(
        {
            "i": flows["i"], "whole": flows["own"].where(~part), "parts": flows["own"].where(part), "many": part,
            "u_min": flows["u"], "u_max": flows["u"], "held": held[m["i"] <= PEOPLE],
        }
    ).groupby(flows["s"] // 4 * 32 + flows["p"], sort=False).agg(
        {"i": "first", "whole": "max", "parts": "sum", "many": "sum", "u_min": "min", "u_max": "max", "held": "any"}
    )  # fmt: skip
    even = cells[cells["u_min"] == cells["u_max"]]
    whole = even["whole"].notna()
    told = rival.found(
        total_mismatch=(whole & (even["many"] == 2) & (even["whole"] != even["parts"])).sum(),
        total_exceeded=(whole & (even["many"] == 1) & (even["whole"] < even["parts"])).sum(),
    )
    amount = cells["whole"].fillna(cells["parts"])[~cells["held"]] / 1000
    of = cells["i"][~cells["held"]]
    last = m[~held & (m["p"] == m["p"].max())]
    shares = last[last["i"] == SHARE]
    sums = [
        *(amount[of == i] for i in (SEED, PEOPLE)),
        *(last.loc[last["i"] == i, "v"] / 1000 for i in (HOUSEHOLDS, WELLS)),
    ]
    values: list[float | None] = [float(each.sum()) if len(each) else None for each in sums]
    values.append(float(100 * shares["n"].sum() / shares["d"].sum()) if len(shares) else None)
    return told, dict(zip(INDICATORS, values, strict=True))
