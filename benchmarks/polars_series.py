"""What both rivals in Polars ask of series over time, in a large Parquet file and in a large CSV file.

Read `features` first: the least and the greatest of each series tell which of the dear questions it can answer at all.
All functions take rows with the numbers of `benchmarks.rival`: `s` packs indicator, partner, place and category. No
share here is above its whole, so that none looks swapped, women and men are about as many, so that they do not either,
and no figure comes near three times its target.
"""

from __future__ import annotations

import math

import polars as pl

from benchmarks.rival import HOUSEHOLDS, PEOPLE, SEED, SHARE

col = pl.col


def features(m: pl.DataFrame) -> pl.DataFrame:
    """One row for each series."""
    v = col("v")
    return (
        m.lazy()
        .group_by("s")
        .agg(
            col("i").first(), k=pl.len(),
            least=col("amount").min(), most=col("amount").max(), mean=col("amount").mean(),
            low=v.filter(v > 0).min(), high=v.max(), floor=v.min(), mixed=col("u").min() != col("u").max(),
        )
        .collect(engine="streaming")
    )  # fmt: skip


def uneven(m: pl.DataFrame, f: pl.DataFrame) -> pl.DataFrame:
    """The amounts of long series, as `point`, but for those too even to hold an outlier and for totals to date."""
    wide = (col("least") <= 0) | (col("most") - col("least") > 0.25 * col("least"))
    some = f.filter((col("i") != HOUSEHOLDS) & (col("k") > 6) & wide)
    return m.select("row", "s", point="amount").join(some, on="s", how="semi")


def outliers(points: pl.DataFrame) -> pl.Series:
    """The rows whose `point` is far from the median of its series."""
    points = points.sort("s")
    # What is true of a series is put beside its rows by position, as these stand series by series.
    at, series = points["s"].rle_id(), points.group_by("s", maintain_order=True)
    middle = series.agg(col("point").median())["point"].gather(at)
    points = points.select("row", "s", middle=middle, away=(col("point") - middle).abs())
    known = points.group_by("s", maintain_order=True).agg(spread=col("away").median(), mean=col("away").mean())
    points = points.with_columns(spread=known["spread"].gather(at), mean=known["mean"].gather(at))
    score = (
        pl.when(col("spread") > 0)
        .then(0.6745 * col("away") / col("spread"))
        .when((col("mean") > 0) & (col("middle") != 0))
        .then(col("away") / (1.253314 * col("mean")))
    )
    return points.filter((score > 3.5) & (col("away") > 0.25 * col("middle").abs()))["row"]


def out_of_size(m: pl.DataFrame, f: pl.DataFrame, points: pl.DataFrame, sizes: dict[str, int]) -> dict[str, int]:
    """Figures far from the others of their series, of other partners or of their ratios, and units that changed."""
    far = outliers(points)
    few, told = among_few(m, f, sizes)
    changed = _units_changed(m, f, pl.concat([far, told]), sizes)
    return {"value_outlier": len(far) + few, "unit_changed": changed}


def _units_changed(m: pl.DataFrame, f: pl.DataFrame, far: pl.Series, sizes: dict[str, int]) -> int:
    """Reports in another unit than the one before, of which the figures are not those before converted.

    Of a report the figures that changed alike count once.
    """
    mixed = f.filter("mixed")
    if not mixed.height:
        return 0
    rows = m.filter(col("amount") != 0).join(mixed, on="s", how="semi").select("row", "s", "p", "u", "v", "amount")
    rows = rows.sort("s", "p").with_columns(
        last=pl.when(col("s") == col("s").shift(1)).then(col("u").shift(1)),
        as_before=(col("v") / col("v").shift(1)).is_between(0.5, 2),
        in_line=(col("amount") / col("amount").shift(1)).is_between(0.5, 2),
    )
    changes = (col("last") != col("u")) & ((col("s") * 8 + col("u")).is_first_distinct())
    found = rows.filter(changes & ~(col("in_line") & ~col("as_before"))).filter(~col("row").is_in(far.implode()))
    same = (col("as_before") & ~col("in_line")).alias("same")
    return found.select(col("s") // (4 * sizes["places"]), "p", "u", "last", same).n_unique()


# ------------------------------------------------------------------------------------------------ among few figures


def among_few(m: pl.DataFrame, f: pl.DataFrame, sizes: dict[str, int]) -> tuple[int, pl.Series]:
    """How many figures too few others of their series can tell, and the rows of those of another size than these."""
    denominators, leaps = _denominators(m), _leaps(m, f)
    short = f.filter((col("k") <= 6) | (col("floor") == 0)).select("s", "k")
    if not short.height:
        return denominators + len(leaps), leaps
    few = m.select("row", "i", "p", "u", "s", "amount").join(short, on="s")
    told = pl.concat([_other_sizes(m, few), leaps]).unique()
    apart, reports = _apart(m, f, few, told, sizes)
    alone = _alone(m).join(short.filter(col("k") <= 6), on="s", how="semi")
    alone = alone.filter(~col("row").is_in(pl.concat([told, reports]).implode()))
    return denominators + len(told) + _thousandfold(few, told) + apart + alone.height, told


def _denominators(m: pl.DataFrame) -> int:
    """The one denominator that is many times more or less than all others of its series."""
    shares = m.lazy().filter((col("i") == SHARE) & (col("d") >= 10_000))
    wide = shares.group_by("s").agg(col("d").sort()).filter(
        (col("d").list.len() > 2) & (col("d").list.last() >= 8 * col("d").list.first())
    )  # fmt: skip
    least, second, last_but_one, most = (col("d").list.get(at) for at in (0, 1, -2, -1))
    below, above = (col("d").list.slice(at, col("d").list.len() - 1).list.median() for at in (0, 1))
    high = (last_but_one <= 2 * least) & (most >= 8 * below)
    low = (most <= 2 * second) & (above >= 8 * least)
    return int(wide.select((high | low).sum()).collect(engine="streaming").item())


def _leaps(m: pl.DataFrame, f: pl.DataFrame) -> pl.Series:
    """The one growth of a total to date, by the period, that is many times all others, which are steady."""
    short = f.filter((col("i") == HOUSEHOLDS) & col("k").is_between(5, 7)).select("s")
    if not short.height:
        return pl.Series(dtype=pl.UInt32)
    begins, amount = col("s").ne_missing(col("s").shift(1)), col("amount")
    totals = m.select("row", "s", "p", "amount").join(short, on="s", how="semi").sort("s", "p")
    totals = totals.filter(begins | (amount != amount.shift(1)))
    pace = (amount - amount.shift(1)) / (col("p") - col("p").shift(1))
    grown = totals.select("row", "s", pace=pl.when(~begins).then(pace)).filter(col("pace") > 0)
    pools = grown.group_by("s").agg(w=col("pace").sort(), row=col("row").get(col("pace").arg_max()), k=pl.len())
    least, near, most = (col("w").list.get(at, null_on_oob=True) for at in (0, -2, -1))
    high = (most >= pl.when(col("k") > 4).then(4).otherwise(8) * near) & (near <= 2 * least)
    high |= (col("k") > 4) & (most >= 2.5 * near) & (near <= 1.5 * least)
    return pools.filter(high & (col("k") > 3) & (least >= 10))["row"]


def _other_sizes(m: pl.DataFrame, few: pl.DataFrame) -> pl.Series:
    """The one figure that is many times more or less than all others of its series, which are steady.

    Series of two are asked together with the one of the other sex.
    """
    known = few.lazy().filter((col("i") != SHARE) & (col("amount") > 0))
    spans = (
        known.group_by("s")
        .agg(pl.len(), col("amount").min(), most=col("amount").max(), opens=col("row").get(col("p").arg_min()))
        .filter(
            (col("most") >= pl.when(col("len") > 4).then(2.5).otherwise(8.0) * col("amount"))
            & col("len").is_between(2, 6)
        )
        .select("s", "opens", size="len")
        .collect()
    )
    wanted = ["row", "i", "s", "amount"]
    rows = known.select(wanted).join(spans.lazy(), on="s").collect()
    several = rows.filter(col("size") > 2).select(*wanted, "opens", pool="s")
    pairs = rows.filter((col("size") == 2) & (col("s") % 4 > 0)).select(*wanted, "opens", pool="s")
    # The other sex is the next number, or the one before.
    sisters = pairs.select("opens", "pool", s=col("s") + 3 - 2 * (col("s") % 4)).unique("pool")
    others = m.filter(col("amount") > 0).select(wanted).join(sisters, on="s").select(*wanted, "opens", "pool")
    pairs = pairs.join(others, on="pool", how="semi")
    pools = pl.concat([several, pairs, others]).sort("amount", "row").group_by("pool").agg(
        col("i").first(), first=col("row").first(), last=col("row").last(), opens=col("opens").first(),
        own_first=col("s").first() == col("pool").first(), own_last=col("s").last() == col("pool").first(),
        least=col("amount").first(), second=col("amount").get(1), near=col("amount").get(-2),
        most=col("amount").last(), size=pl.len(), alone=col("s").min() == col("s").max(),
    ).filter(col("size") > 2)  # fmt: skip
    enough = ~col("i").is_in([PEOPLE, HOUSEHOLDS]) | (col("least") >= 10)
    several = col("alone") & (col("size") > 4)
    leap = pl.when(several).then(4).otherwise(8)
    high = (col("most") >= leap * col("near")) & (col("near") <= 2 * col("least"))
    high |= several & (col("most") >= 2.5 * col("near")) & (col("near") <= 1.5 * col("least"))
    high &= enough
    low = (col("second") >= leap * col("least")) & (col("most") <= 2 * col("second"))
    low |= several & (col("second") >= 2.5 * col("least")) & (col("most") <= 1.5 * col("second"))
    low &= enough
    low &= (col("i") != HOUSEHOLDS) & (col("first") != col("opens"))
    told = pl.when(high & col("own_last")).then("last").when(low & ~high & col("own_first")).then("first")
    return pools.select(row=told)["row"].drop_nulls()


def _thousandfold(few: pl.DataFrame, told: pl.Series) -> int:
    """The second of two figures, thousands of what the first is in units or the other way about."""
    pairs = few.lazy().filter((col("k") == 2) & (col("i") != SHARE)).sort("p").group_by("s").agg(
        col("i").first(), before=col("amount").first(), amount=col("amount").last(), row=col("row").last(),
        same=col("u").first().eq_missing(col("u").last()),
    )  # fmt: skip
    large, small = pl.max_horizontal("before", "amount"), pl.min_horizontal("before", "amount")
    found = pairs.filter(
        col("same")
        & (small > 0)
        & (large / small).is_between(300, 3000)
        & ((col("i") != HOUSEHOLDS) | (col("amount") > col("before")))
        & (~col("i").is_in([PEOPLE, HOUSEHOLDS]) | (small >= 10))
        & ~col("row").is_in(told.implode())
    )
    return int(found.select(pl.len()).collect().item())


def _alone(m: pl.DataFrame) -> pl.DataFrame:
    """The greatest of an indicator where it is a thousand times the next."""
    two = m.lazy().filter(col("amount") > 0).group_by("i").agg(
        col("row", "s").get(col("amount").arg_max()), two=col("amount").top_k(2), size=pl.len()
    )  # fmt: skip
    most, following = (col("two").list.get(at, null_on_oob=True) for at in (0, 1))
    far = (col("size") >= 3) & (following >= 10) & (most >= 1000 * following)
    return two.filter(far).select("row", "s").collect(engine="streaming")


def _apart(
    m: pl.DataFrame, f: pl.DataFrame, few: pl.DataFrame, told: pl.Series, sizes: dict[str, int]
) -> tuple[int, pl.Series]:
    """Partners of short series who report far more or less of an indicator in a period than all others do.

    How many, each told once for an indicator, and the first row of each of their reports.
    """
    nothing = 0, pl.Series(dtype=pl.UInt32)
    of = col("s") // (4 * sizes["places"])
    reporter = (of * 4 + col("s") % 4).alias("reporter")
    quantity = (col("i") != SHARE) & (col("amount") > 0) & (of % sizes["partners"] > 0)
    # Who has a series of all periods has no report of short ones alone.
    whole = f.lazy().filter((col("k") > 6) & (col("k") == m["p"].n_unique()) & (col("floor") > 0)).select(reporter)
    report = ["reporter", "p"]
    short = few.lazy().filter(quantity & (col("k") <= 6)).select(reporter, "p", "row")
    reports = (
        short.join(whole.unique(), on="reporter", how="anti")
        .group_by(report)
        .agg(pl.len(), left=~col("row").is_in(told.implode()).all())
        .filter("left")
        .collect()
        .lazy()
    )
    if not reports.select(pl.len()).collect().item():
        return nothing
    group = ["i", "cat", "p"]
    every = m.lazy().filter(quantity).select(reporter, "row", "i", "p", "s", "amount", cat=col("s") % 4)
    rows = every.join(reports, on=report, how="semi").group_by(report).len()
    of_short = rows.join(reports, on=[*report, "len"], how="semi").select(*report, short=True).collect().lazy()
    beside = every.join(of_short, on=report, how="semi").select(group).unique()
    log = col("log")
    means = every.join(beside, on=group, how="semi").group_by(*group, "reporter").agg(log=col("amount").log().mean())
    logs = means.join(of_short, on=report, how="left").collect(engine="streaming").sort(*group, "log")
    logs = logs.filter(pl.len().over(group) >= 6).with_columns(
        away=(log - log.median().over(group)).abs(), under=log.shift(1).over(group), over=log.shift(-1).over(group),
        least=log.min().over(group), top=log.shift(-1).over(group).is_null(),
    )  # fmt: skip
    spread = pl.max_horizontal(col("away").median().over(group), pl.lit(math.log(1.2)))
    limit = pl.when(col("under") - col("least") <= math.log(2)).then(math.log(5)).otherwise(math.log(20))
    above = col("top") & (log - col("under") >= limit) & (col("under") >= math.log(10))
    below = col("under").is_null() & (col("over") - log >= math.log(300))
    far = logs.filter((0.6745 * col("away") / spread > 3.5) & col("short") & (above | below))
    # Everywhere comes after all places.
    place = (col("s") // 4 - 1) % sizes["places"]
    first = every.join(far.lazy(), on=report, how="semi").group_by(report).agg(col("row").sort_by(place).first())
    return far.select(col("reporter") // 4, "top").n_unique(), first.collect()["row"]


# ------------------------------------------------------------------------------- what restates and what comes again


def restated(m: pl.DataFrame, f: pl.DataFrame) -> int:
    """Flows that are the sum of all before, or only grow, about as far as a total of steady amounts would."""
    likely = f.filter(
        col("i").is_in([SEED, PEOPLE]) & (col("k") > 2) & ((col("high") >= 2 * col("low")) | col("mixed"))
    )
    flows = m.select("row", "s", "u", "p", "v").join(likely, on="s", how="semi").select(
        "row", "v", "p", s=col("s") * 8 + col("u")
    ).sort("s", "p")  # fmt: skip
    v, begins = col("v"), col("s").ne_missing(col("s").shift(1))
    # Sums over all rows, less what they were when the series began.
    flows = flows.with_columns(total=v.cum_sum() - v, before=(v > 0).cast(pl.Int64).cum_sum() - (v > 0))
    start = pl.when(begins)
    flows = flows.with_columns(
        so_far=col("total") - start.then("total").forward_fill(),
        before=col("before") - start.then("before").forward_fill(),
    )
    repeats = (v == col("so_far")) & (col("before") >= 2) & (v >= 100_000)
    begun = flows.filter((v > 0) | (col("before") > 0))
    grows = begins | (v > v.shift(1)) | ((v == v.shift(1)) & (v >= 100_000))
    grown = begun.select("s", "row", "v", grows=grows).group_by("s").agg(
        col("grows").all(), k=pl.len(), first=v.first(), near=v.get(-2, null_on_oob=True), last=v.last(),
        row=col("row").last(),
    ).filter(
        col("grows")
        & (col("k") >= 4)
        & (col("first") > 0)
        & (col("last") >= 2 / 3 * col("k") * col("first"))
        & (col("near") >= 2 / 3 * (col("k") - 1) * col("first"))
    )  # fmt: skip
    step, pace = v.diff(), v / v.shift(1)
    by_itself = (step.diff() > 0).all() & (pace.last() >= 0.9 * pace.get(1))
    steady = begun.join(grown, on="s", how="semi").group_by("s").agg(own=by_itself | (pace.last() >= 8))
    grown = grown.join(steady.filter(~col("own")), on="s", how="semi")
    return flows.filter(repeats | col("row").is_in(grown["row"].implode())).height


def copied(m: pl.DataFrame, sizes: dict[str, int]) -> pl.DataFrame:
    """Reports that are the last one again: told by a sum of hashes first, cell by cell where these are the same."""
    partner, said = col("s") // (4 * sizes["places"]) % sizes["partners"], ["v", "n", "d", "u"]
    reports = (
        m.lazy()
        .group_by("p", partner=partner)
        .agg(
            cells=pl.len(),
            telling=((col("i") != HOUSEHOLDS) & (pl.coalesce("n", "v") != 0)).sum(),
            hash=pl.struct("s", *said).hash().sum(),
        )
        .collect(engine="streaming")
    )
    report = ["partner", "p"]
    alike = reports.filter(col("telling") >= 3).join(
        reports.with_columns(col("p") + 1), on=[*report, "cells", "hash"], how="semi"
    )
    if not alike.height:
        return alike.select(report)
    mine = m.filter(partner.is_in(alike["partner"].unique().implode())).with_columns(partner=partner)
    before = mine.select("s", col("p") + 1, *(col(name).alias(f"{name}_before") for name in said))
    same = pl.all_horizontal(col(name).eq_missing(col(f"{name}_before")) for name in said)
    equal = (
        mine.join(alike, on=report).join(before, on=["s", "p"]).filter(same)
        .group_by(report).agg(pl.len(), col("cells").first())
    )  # fmt: skip
    return equal.filter(col("len") == col("cells")).select(report)


def pairs_again(m: pl.DataFrame, reports: pl.DataFrame, sizes: dict[str, int]) -> int:
    """Shares whose two numbers, both large, are those of the period before, but for `reports` that are copies.

    Where a denominator is the same in all of three periods and more it is known beforehand.
    """
    shares = m.lazy().filter(col("i") == SHARE).select("s", "p", "n", "d")
    pairs = shares.filter((col("n") >= 30_000) & (col("d") >= 30_000)).collect(engine="streaming").sort("s", "p")
    again = pl.all_horizontal(col(name) == col(name).shift(1) + (name == "p") for name in ("s", "p", "n", "d"))
    found = pairs.filter(again)
    wholes = shares.join(found.lazy(), on="s", how="semi").group_by("s").agg(col("d").n_unique(), pl.len())
    kept = wholes.filter((col("d") == 1) & (col("len") > 2)).collect()
    partner = col("s") // (4 * sizes["places"]) % sizes["partners"]
    found = found.with_columns(partner=partner).join(reports, on=["partner", "p"], how="anti")
    return found.join(kept, on="s", how="anti").height
