"""What the rival in pandas asks of series too short to tell how far a figure lies from their middle.

Read `among_few` first. Few series have figures of another size, so that only those are gone through one by one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.rival import HOUSEHOLDS, PEOPLE, SHARE

COUNTED = (PEOPLE, HOUSEHOLDS)


def among_few(m: pd.DataFrame, f: pd.DataFrame, sizes: dict[str, int]) -> tuple[int, set[Any]]:
    """How many figures too few others of their series can tell, and the rows of those of another size than these."""
    found, leaps = _denominators(m), _leaps(m, f)
    short = f.loc[(f["k"] <= 6) | (f["floor"] == 0), ["k"]]
    if short.empty:
        return found + len(leaps), leaps
    few = m.loc[m["s"].isin(short.index), ["i", "p", "u", "s", "amount"]].join(short, on="s")
    told = _other_sizes(m, few) | leaps
    apart, reports = _apart(m, f, few, told, sizes)
    alone = _alone(m) & {*few.index[few["k"] <= 6]} - told - reports
    return found + len(told) + _thousandfold(few, told) + apart + len(alone), told


def _denominators(m: pd.DataFrame) -> int:
    """The one denominator that is many times more or less than all others of its series."""
    shares = m.loc[(m["i"] == SHARE) & (m["d"] >= 10_000), ["s", "d"]]
    spans = shares.groupby("s")["d"].agg(["size", "min", "max"])
    wide = spans.index[(spans["size"] > 2) & (spans["max"] >= 8 * spans["min"])]
    found = 0
    for _, each in shares[shares["s"].isin(wide)].groupby("s")["d"]:
        w = np.sort(each.to_numpy())
        high = w[-2] <= 2 * w[0] and w[-1] >= 8 * np.median(w[:-1])
        found += int(high or (w[-1] <= 2 * w[1] and np.median(w[1:]) >= 8 * w[0]))
    return found


def _leaps(m: pd.DataFrame, f: pd.DataFrame) -> set[Any]:
    """The one growth of a total to date, by the period, that is many times all others, which are steady."""
    short = f.index[(f["i"] == HOUSEHOLDS) & f["k"].between(5, 7)]
    totals = m.loc[m["s"].isin(short), ["s", "p", "amount"]].sort_values(["s", "p"])
    totals = totals[totals.groupby("s")["amount"].diff() != 0]
    grown = totals.groupby("s")[["p", "amount"]].diff()
    pace = grown["amount"] / grown["p"]
    pace = pace[pace > 0]
    found = set()
    for _, each in pace.groupby(totals["s"]):
        w, several = np.sort(each.to_numpy()), len(each) > 4
        if len(w) < 4 or w[0] < 10:
            continue
        high = w[-1] >= (4 if several else 8) * w[-2] and w[-2] <= 2 * w[0]
        if high or (several and w[-1] >= 2.5 * w[-2] and w[-2] <= 1.5 * w[0]):
            found.add(each.idxmax())
    return found


def _other_sizes(m: pd.DataFrame, few: pd.DataFrame) -> set[int]:
    """The one figure that is many times more or less than all others of its series, which are steady.

    Series of two are asked together with the one of the other sex.
    """
    known = few[(few["i"] != SHARE) & (few["amount"] > 0)]
    spans = known.groupby("s")["amount"].agg(["size", "min", "max"])
    spans = spans[spans["size"].between(2, 6) & (spans["max"] >= np.where(spans["size"] > 4, 2.5, 8) * spans["min"])]
    rows = known[known["s"].isin(spans.index)].assign(pool=lambda told: told["s"])
    opens = rows.groupby("s")["p"].idxmin()
    # The other sex is the next number, or the one before.
    sisters = {s + 3 - 2 * (s % 4): s for s, size in spans["size"].items() if size == 2 and s % 4}
    others = m[m["s"].isin([*sisters]) & (m["amount"] > 0)].assign(pool=lambda told: told["s"].map(sisters))
    several = rows["s"].map(spans["size"]) > 2
    pools = pd.concat([rows[several | rows["s"].isin(others["pool"])], others])[["i", "s", "amount", "pool"]]
    found = set()
    for pool, each in pools.sort_values("amount").groupby("pool"):
        w, counted = each["amount"].to_numpy(), each["i"].iloc[0] in COUNTED
        if len(w) < 3 or (counted and w[0] < 10):
            continue
        several = len(w) > 4 and (each["s"] == pool).all()
        leap = 4 if several else 8
        if (w[-1] >= leap * w[-2] and w[-2] <= 2 * w[0]) or (several and w[-1] >= 2.5 * w[-2] and w[-2] <= 1.5 * w[0]):
            at = -1
        elif (
            (w[1] >= leap * w[0] and w[-1] <= 2 * w[1]) or (several and w[1] >= 2.5 * w[0] and w[-1] <= 1.5 * w[1])
        ) and each["i"].iloc[0] != HOUSEHOLDS:
            at = 0
        else:
            continue
        if each["s"].iloc[at] == pool and (at == -1 or each.index[0] != opens[pool]):
            found.add(each.index[at])
    return found


def _thousandfold(few: pd.DataFrame, told: set[int]) -> int:
    """The second of two figures, thousands of what the first is in units or the other way about."""
    pairs = few[(few["k"] == 2) & (few["i"] != SHARE)].sort_values(["s", "p"])
    i, u, amount = (pairs[name].to_numpy() for name in ("i", "u", "amount"))
    before, after = amount[::2], amount[1::2]
    small, large = np.minimum(before, after), np.maximum(before, after)
    with np.errstate(all="ignore"):
        far = (small > 0) & (large / small >= 300) & (large / small <= 3000) & (u[::2] == u[1::2])
    far &= ((i[::2] != HOUSEHOLDS) | (after > before)) & (~np.isin(i[::2], COUNTED) | (small >= 10))
    return len({*pairs.index[1::2][far]} - told)


def _alone(m: pd.DataFrame) -> set[int]:
    """The greatest of an indicator where it is a thousand times the next."""
    found = set()
    for _, amounts in m["amount"][m["amount"] > 0].groupby(m["i"]):
        first, second = (*amounts.nlargest(2), 0.0, 0.0)[:2]
        if len(amounts) >= 3 and second >= 10 and first >= 1000 * second:
            found.add(amounts.idxmax())
    return found


def _apart(
    m: pd.DataFrame, f: pd.DataFrame, few: pd.DataFrame, told: set[int], sizes: dict[str, int]
) -> tuple[int, set[Any]]:
    """Partners of short series who report far more or less of an indicator in a period than all others do.

    How many, each told once for an indicator, and the first row of each of their reports.
    """
    width, places = sizes["partners"], sizes["places"]

    def reports_of(s: Any) -> Any:
        return s // (4 * places) * 4 + s % 4

    def quantities(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[(rows["i"] != SHARE) & (rows["amount"] > 0) & (rows["s"] // (4 * places) % width > 0)]

    # Who has a series of all periods has no report of short ones alone.
    whole = f.index[(f["k"] > 6) & (f["k"] == m["p"].nunique()) & (f["floor"] > 0)]
    short = quantities(few[few["k"] <= 6])
    short = short[~reports_of(short["s"]).isin(reports_of(whole))]
    left = ~short.index.isin([*told])
    key = reports_of(short["s"]) * 32 + short["p"]
    reports = pd.DataFrame({"cells": 1, "left": left}).set_axis(key).groupby(level=0).sum()
    reports = reports[reports["left"] > 0]
    if reports.empty:
        return 0, set()
    every = quantities(m)
    every = every.assign(reporter=reports_of(every["s"]))
    every["report"] = every["reporter"] * 32 + every["p"]
    cells = every["report"][every["report"].isin(reports.index)].value_counts()
    of_short = reports.index[reports["cells"] == cells.reindex(reports.index)]
    every["group"] = (every["i"].astype(np.int64) * 4 + every["s"] % 4) * 32 + every["p"]
    beside = every[every["group"].isin(every["group"][every["report"].isin(of_short)])]
    logs = beside.assign(log=np.log(beside["amount"])).groupby(["group", "report"])["log"].mean().reset_index()
    group = logs["group"]
    logs = logs[group.map(group.value_counts()) >= 6].sort_values(["group", "log"])
    by_group = logs.groupby("group")["log"]
    log, under, over = logs["log"], by_group.shift(1), by_group.shift(-1)
    away = (log - by_group.transform("median")).abs()
    spread = away.groupby(logs["group"]).transform("median").clip(lower=math.log(1.2))
    limit = np.where(under - by_group.transform("min") <= math.log(2), math.log(5), math.log(20))
    above = over.isna() & (log - under >= limit) & (under >= math.log(10))
    below = under.isna() & (over - log >= math.log(300))
    far = (0.6745 * away / spread > 3.5) & logs["report"].isin(of_short) & (above | below)
    reporters = {*zip(logs.loc[far, "report"] // (32 * 4), above[far], strict=True)}
    rows = every[every["report"].isin(logs.loc[far, "report"])]
    # Everywhere comes after all places.
    place = (rows["s"] // 4 - 1) % places
    return len(reporters), {*place.groupby(rows["report"]).idxmin()}
