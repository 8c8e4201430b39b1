"""(f) The whole chain on Spark with two cores of this machine, against the same in Spark SQL by hand.

The session is there before the clock starts. Memory is that of a Java process beside this one and is left out.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any, Final

import mne
from benchmarks import rival
from benchmarks import spark_few as few
from benchmarks.measure import Line, Options, have, in_turn, ratio, shown
from benchmarks.ours import plan, told
from benchmarks.rival import CATEGORIES, CODES, HOLD, INDICATORS, OWN, TO_OWN, UNITS
from benchmarks.tables import table
from mne.pipeline import evaluate  # noqa: F401 - all that a run needs is loaded before it is timed

ROWS: Final = 1_000_000
MOST: Final = 1.1


def lines(options: Options) -> Iterator[Line]:
    """One line, or why there is none."""
    rows = min(ROWS, options.rows)
    what = f"{rows:,} rows, 5 % with defects, on Spark local[2]"
    if have(["pyspark"]):
        yield Line("f", what, "–", "pyspark is not here", "–", f"≤ {MOST} ×")
        return
    path = str(table(options, rows))
    found = in_turn({name: (f"f_spark:{name}", path, f"{rows}") for name in ("ours", "by_hand")}, options.runs)
    ours, theirs = found["ours"], found["by_hand"]
    yield Line(
        "f", what, shown(ours.seconds), shown(theirs.seconds), ratio(ours.seconds, theirs.seconds), f"≤ {MOST} ×",
        ours.seconds <= MOST * theirs.seconds,
    )  # fmt: skip


def session() -> Any:
    """Spark on two cores, as quiet as it can be."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    built = SparkSession.builder.master("local[2]").appName("benchmarks")
    for name, setting in (
        ("spark.ui.enabled", "false"), ("spark.sql.shuffle.partitions", "8"), ("spark.driver.memory", "3g"),
        ("spark.sql.session.timeZone", "UTC"), ("spark.sql.execution.arrow.pyspark.enabled", "true"),
    ):  # fmt: skip
        built = built.config(name, setting)
    found = built.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    found.range(10).count()
    return found


def ours(path: str, rows: str) -> dict[str, Any]:
    """The chain on a Spark data frame."""
    spark, project = session(), plan(int(rows))
    start = time.perf_counter()
    report = mne.validate(spark.read.parquet(path), project)
    card = mne.score(mne.aggregate(report.observations, project))
    answer = {"codes": dict(report.findings.codes), **told(card, project)}
    seconds = time.perf_counter() - start
    spark.stop()
    return {"seconds": seconds, **answer}


def by_hand(path: str, rows: str) -> dict[str, Any]:
    """Every rule, every value and every score, in Spark SQL."""
    spark = session()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        answer = _asked(spark, path, rival.names(int(rows)), folder)
    seconds = time.perf_counter() - start
    spark.stop()
    return {"seconds": seconds, **answer}


def _asked(spark: Any, path: str, names: dict[str, list[str]], folder: str) -> dict[str, Any]:
    """The answer; what several queries need is kept in the folder."""
    sizes = {
        "partners": len(names["partner"]),
        "places": len(names["location"]),
        "hold": HOLD,
        "beside": 1 << (len(CODES) - 1),
    }

    def kept(name: str, query: str) -> None:
        # Read back from a file, a step is not planned again with each query upon it.
        file = f"{folder}/{name}"
        spark.sql(query.format(**sizes)).write.parquet(file)
        spark.read.parquet(file).createOrReplaceTempView(name)

    def rows_of(query: str) -> list[Any]:
        return [tuple(each) for each in spark.sql(query.format(**sizes)).collect()]

    def named(query: str) -> dict[str, int]:
        return rival.found(**spark.sql(query.format(**sizes)).collect()[0].asDict())

    _lists(spark, names)
    spark.read.parquet(path).createOrReplaceTempView("t")
    kept("r", READ)
    codes = rival.counted(dict(rows_of("SELECT mask, count(*) FROM r WHERE mask > 0 GROUP BY mask")))
    codes |= rival.beside_parts(rows_of("SELECT v / 1000, n / 1000, d / 1000 FROM r WHERE mask = {beside}"))
    for name, query in (("c", CONTESTED), ("settled", SETTLED), ("copies", COPIES), ("gone", GONE), ("m", NEWEST)):
        kept(name, query)
    codes |= named(KEYS)
    for name, query in (("f", SERIES), ("totals", TO_DATE), ("within", WITHIN), ("cells", TOTALS)):
        kept(name, query)
    for name, query in (("copied", COPIED), ("outliers", OUTLIERS), ("few", few.FEW), ("told", few.TOLD)):
        kept(name, query)
    kept("reports", few.REPORTS)
    # Asked as one query, they are worked on side by side.
    kept_rows = ("copied", "within", "outliers", "told", "reports")
    counts = {
        **{name: f"SELECT count(*) FROM {name}" for name in kept_rows},  # noqa: S608 - ours
        "restated": RESTATED, "again": AGAIN, "changed": few.CHANGED, "thousandfold": few.THOUSANDFOLD,
        "denominators": few.DENOMINATORS,
    }  # fmt: skip
    columns = ", ".join(f"({query.format(**sizes)}) AS {name}" for name, query in counts.items())
    told = spark.sql(f"SELECT {columns}").collect()[0].asDict()
    apart, rows = rows_of(few.APART)[0] if told["reports"] else (0, [])
    alone = {row for (row,) in rows_of(few.PROPORTION)} - {*rows}
    codes |= named(FALLS) | named(STILL) | rival.found(
        flow_restates_total=told["restated"],
        figures_repeated=told["again"],
        report_copied=told["copied"],
        total_and_places=told["within"],
        unit_changed=told["changed"],
        value_outlier=sum(told[each] for each in ("outliers", "told", "denominators", "thousandfold"))
        + apart + len(alone),
    )  # fmt: skip
    found = spark.sql(VALUES).collect()[0].asDict()
    codes |= rival.found(**{name: found.pop(name) for name in ("total_mismatch", "total_exceeded")})
    values = {id: None if each is None else float(each) for id, each in zip(INDICATORS, found.values(), strict=True)}
    return {"codes": codes, **rival.scored(values)}


def _lists(spark: Any, names: dict[str, list[str]]) -> None:
    """The plan's short lists as views of literals, so that no Python worker is asked for them."""

    def view(name: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
        # A number with a point alone would be a decimal.
        told = [[f"{each!r}D" if isinstance(each, float) else repr(each) for each in row] for row in rows]
        literals = ", ".join(f"({', '.join(row)})" for row in told)
        spark.sql(f"SELECT * FROM VALUES {literals} AS told({columns})").createOrReplaceTempView(name)  # noqa: S608 - ours

    lists = {"ind": INDICATORS, "par": names["partner"], "loc": names["location"], "cat": CATEGORIES}
    for name, known in lists.items():
        view(name, "name, at", [(each, at) for at, each in enumerate(known)])
    days = zip(names["period"], names["start"], strict=True)
    view("per", "name, at, start", [(each, at, day) for at, (each, day) in enumerate(days)])
    factors = [(each, at, TO_OWN.get((each, OWN[0]), 1.0)) for at, each in enumerate(UNITS)]
    view("uni", "name, at, factor", factors)


_MARKS: Final = (
    "v IS NULL AND n IS NULL AND d IS NULL",
    "i <> 4 AND v IS NULL AND NOT (n IS NULL AND d IS NULL)",
    "i = 4 AND v IS NOT NULL AND n IS NULL AND d IS NULL",
    "i = 4 AND (n IS NULL) <> (d IS NULL)",
    "i = 4 AND n IS NOT NULL AND d = 0",
    "i <> 4 AND v < 0",
    "i = 4 AND n < 0",
    "i = 4 AND d < 0",
    "i IN (1, 2) AND v % 1000 <> 0",
    "i = 4 AND d > 0 AND n > d",
    "i <> 4 AND CASE WHEN i = 0 THEN u > 2 ELSE u <> i + 2 END",
    "p = -1",
    "p >= 0 AND day < start",
    "category > 0 AND i > 1",
    "i = 4 AND d <> 0 AND abs(100 * try_divide(n, d) - value) > 1e-12 * abs(100 * try_divide(n, d))",
)
"""What is wrong with a row, in the order of `rival.CODES` after what could not be read."""
_UNREAD: Final = ("i IS NULL", "partner IS NULL", "place IS NULL", "category IS NULL", "p IS NULL",
                  "u IS NULL AND unit IS NOT NULL")  # fmt: skip


def _bits(marks: tuple[str, ...], first: int) -> str:
    return " + ".join(f"CASE WHEN {mark} THEN {1 << at} ELSE 0 END" for at, mark in enumerate(marks, start=first))


READ: Final = f"""
WITH told AS (
    SELECT /*+ BROADCAST(ind, par, loc, cat, per, uni) */ monotonically_increasing_id() AS row, ind.at AS i,
        par.at AS partner, loc.at AS place, cat.at AS category,
        coalesce(per.at, CASE WHEN period RLIKE '^[0-9]{{{{4}}}}-Q[1-4]$' THEN -1 END) AS p,
        to_date(per.start) AS start, uni.at AS u, unit, factor, reported_on AS day, revision AS rev,
        CAST(round(value * 1000) AS BIGINT) AS v,
        CAST(round(numerator * 1000) AS BIGINT) AS n, CAST(round(denominator * 1000) AS BIGINT) AS d, value
    FROM t LEFT JOIN ind ON ind.name = t.indicator LEFT JOIN par ON par.name = coalesce(t.partner, '_T')
    LEFT JOIN loc ON loc.name = coalesce(t.location, '_T') LEFT JOIN cat ON cat.name = coalesce(t.category, '_T')
    LEFT JOIN per ON per.name = t.period LEFT JOIN uni ON uni.name = t.unit
), read AS (SELECT *, {_bits(_UNREAD, 0)} AS bad FROM told)
SELECT row, i, p, u, rev, day, v, n, d, factor, category, place, partner,
    ((CAST(i AS BIGINT) * {{partners}} + partner) * {{places}} + place) * 4 + category AS s,
    CASE WHEN bad > 0 THEN bad ELSE {_bits(_MARKS, rival.UNREAD)} END AS mask
FROM read
"""  # noqa: S608 - our own text

CONTESTED: Final = """
SELECT row, s, p, rev, coalesce(day, DATE '0001-01-01') AS day, day IS NULL AS undated,
    concat_ws('/', coalesce(v * factor, -1), coalesce(n, -1), coalesce(d, -1)) AS content
FROM r LEFT SEMI JOIN (SELECT s, p FROM r WHERE mask & {hold} = 0 GROUP BY s, p HAVING count(*) > 1) AS twice
    ON r.s = twice.s AND r.p = twice.p
WHERE mask & {hold} = 0
"""
SETTLED: Final = """
WITH reports AS (
    SELECT s, p, rev, count(DISTINCT content) AS contents, bool_or(undated) AS unknown
    FROM c GROUP BY s, p, rev HAVING count(*) > 1
), clashes AS (
    SELECT DISTINCT s, p, rev, true AS clash
    FROM (SELECT s, p, rev, day FROM c GROUP BY s, p, rev, day HAVING count(DISTINCT content) > 1)
)
SELECT c.*, coalesce(contents, 1) AS contents,
    coalesce(contents > 1 AND (unknown OR coalesce(clash, false)), false) AS conflict
FROM c LEFT JOIN reports USING (s, p, rev) LEFT JOIN clashes USING (s, p, rev)
"""
COPIES: Final = """
SELECT row FROM (
    SELECT row, row_number() OVER (
        PARTITION BY s, p, rev, content, CASE WHEN contents > 1 THEN day END ORDER BY day, row
    ) AS place FROM settled WHERE NOT conflict
) WHERE place > 1
"""
GONE: Final = """
SELECT row FROM settled LEFT ANTI JOIN (
    SELECT row AS kept FROM (
        SELECT row, row_number() OVER (PARTITION BY s, p ORDER BY rev DESC, day DESC, row DESC) AS place
        FROM settled LEFT ANTI JOIN copies USING (row) WHERE NOT conflict
    ) WHERE place = 1
) ON row = kept
"""
NEWEST: Final = """
SELECT row, i, p, u, s, v, n, d, category, place, partner, v * factor AS own,
    CASE WHEN i = 4 THEN n / d * 100 ELSE v / 1000 * factor END AS amount
FROM r LEFT ANTI JOIN gone USING (row) WHERE mask & {hold} = 0
"""
KEYS: Final = """
SELECT (SELECT count(*) FROM settled WHERE conflict) AS key_conflict,
    (SELECT count(*) FROM copies) AS row_duplicate,
    (SELECT count(*) FROM (SELECT content, lag(content) OVER (PARTITION BY s, p, rev ORDER BY day, row) AS before
        FROM settled WHERE NOT conflict AND contents > 1) WHERE before <> content) AS revision_unnumbered,
    (SELECT count(*) FROM (SELECT early, max(late) OVER (PARTITION BY s, p ORDER BY rev
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM (SELECT s, p, rev, min(day) AS early, max(day) AS late FROM c WHERE NOT undated GROUP BY s, p, rev))
        WHERE early < before) AS revision_order
"""
SERIES: Final = """
SELECT s, any_value(i) AS i, count(*) AS k, min(amount) AS least, max(amount) AS most, avg(amount) AS mean,
    min(v) FILTER (WHERE v > 0) AS low, max(v) AS high, min(v) AS floor, min(u) <> max(u) AS mixed
FROM m GROUP BY s
"""
TO_DATE: Final = """
SELECT row, s, p, v, amount, lag(v) OVER (PARTITION BY s ORDER BY p) AS before,
    amount - lag(amount) OVER (PARTITION BY s ORDER BY p) AS grown
FROM m WHERE i = 2
"""
RESTATED: Final = """
WITH told AS (
    SELECT m.* FROM m LEFT SEMI JOIN (SELECT s FROM f WHERE i IN (0, 1) AND k > 2 AND (high >= 2 * low OR mixed)) AS few
        ON m.s = few.s
), flows AS (
    SELECT *, (sum(v) OVER w) - v AS so_far, count(CASE WHEN v > 0 THEN 1 END) OVER w AS above, lag(v) OVER w AS before
    FROM told WINDOW w AS (PARTITION BY s, u ORDER BY p)
), begun AS (
    SELECT *, row_number() OVER (PARTITION BY s, u ORDER BY p) = 1 AS initial FROM flows WHERE above > 0
), grown AS (
    SELECT s, u, max_by(row, p) AS last_row FROM begun GROUP BY s, u
    HAVING bool_and(initial OR v > before OR (v = before AND v >= 100000)) AND count(*) >= 4 AND min_by(v, p) > 0
        AND max_by(v, p) >= 2 / 3 * count(*) * min_by(v, p)
        AND max_by(before, p) >= 2 / 3 * (count(*) - 1) * min_by(v, p)
), steps AS (
    SELECT s, u, p, v - before AS step, v / before AS pace
    FROM begun LEFT SEMI JOIN grown USING (s, u) WHERE NOT initial
), growing AS (
    SELECT s, u FROM (SELECT *, step - lag(step) OVER (PARTITION BY s, u ORDER BY p) AS more FROM steps) GROUP BY s, u
    HAVING max_by(pace, p) >= 8 OR (bool_and(more > 0) AND max_by(pace, p) >= 0.9D * min_by(pace, p))
)
SELECT count(*) FROM flows LEFT JOIN (SELECT last_row FROM grown LEFT ANTI JOIN growing USING (s, u)) ON row = last_row
WHERE last_row IS NOT NULL
    OR (v = so_far AND above - CASE WHEN v > 0 THEN 1 ELSE 0 END >= 2 AND v >= 100000)
"""
FALLS: Final = """
SELECT sum(falls) FILTER (WHERE NOT amounts) AS cumulative_decrease,
    count(*) FILTER (WHERE amounts) AS cumulative_fluctuates
FROM (
    SELECT s, count(*) >= 4 AND count(*) FILTER (WHERE v < before) >= 2 AND
        -2 * sum(least(v - before, 0)) >= sum(greatest(v - before, 0)) AS amounts,
        count(*) FILTER (WHERE v < before) AS falls
    FROM totals GROUP BY s
)
"""
OUTLIERS: Final = """
WITH few AS (
    SELECT row, m.s, amount AS point FROM m LEFT SEMI JOIN (SELECT s FROM f WHERE i <> 2 AND k > 6
        AND (least <= 0 OR most - least > 0.25D * least)) AS wide ON m.s = wide.s
    UNION ALL
    SELECT row, totals.s, grown FROM totals LEFT SEMI JOIN (SELECT s FROM totals GROUP BY s
        HAVING count(grown) > 6 AND (min(grown) <= 0 OR max(grown) - min(grown) > 0.25D * min(grown))) AS uneven
        ON totals.s = uneven.s
    WHERE grown IS NOT NULL
), away AS (
    SELECT row, s, middle, abs(point - middle) AS away
    FROM few JOIN (SELECT s, median(point) AS middle FROM few GROUP BY s) USING (s)
), spreads AS (SELECT s, median(away) AS spread, avg(away) AS mean FROM away GROUP BY s)
SELECT row FROM away JOIN spreads USING (s)
WHERE away > 0.25D * abs(middle) AND CASE WHEN spread > 0 THEN 0.6745D * away / spread
    WHEN mean > 0 AND middle <> 0 THEN away / (1.253314D * mean) END > 3.5D
"""
STILL: Final = """
SELECT (SELECT count(*) FROM f WHERE i = 1 AND k >= 4 AND least >= 100 AND (most - least) * (most - least) <= mean / 4)
        AS flow_stands_still,
    (SELECT count(DISTINCT s) FROM (
        SELECT m.s, v, first_value(nullif(v, 0)) IGNORE NULLS OVER (PARTITION BY m.s ORDER BY p
                ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS later,
            last_value(nullif(v, 0)) IGNORE NULLS OVER (PARTITION BY m.s ORDER BY p) AS earlier
        FROM m LEFT SEMI JOIN (SELECT s FROM f WHERE i = 3 AND k >= 4 AND floor = 0) AS zero ON m.s = zero.s
    ) WHERE v = 0 AND later >= 10000 AND earlier >= 10000) AS level_comes_back
"""
COPIED: Final = """
WITH reports AS (
    SELECT partner, p, count(*) AS cells, count(*) FILTER (WHERE i <> 2 AND coalesce(n, v) <> 0) AS telling,
        bit_xor(xxhash64(s, v, n, d, u)) AS told
    FROM m GROUP BY partner, p
), alike AS (
    SELECT l.partner, l.p, l.cells FROM reports AS l JOIN reports AS e
    ON l.partner = e.partner AND e.p = l.p - 1 AND l.cells = e.cells AND l.told = e.told WHERE l.telling >= 3
)
SELECT partner, p FROM (
    SELECT alike.partner, alike.p, count(*) AS equal, any_value(alike.cells) AS cells
    FROM alike JOIN m AS l ON l.p = alike.p AND l.partner = alike.partner
    JOIN m AS e ON e.s = l.s AND e.p = l.p - 1
    WHERE l.v <=> e.v AND l.n <=> e.n AND l.d <=> e.d AND l.u <=> e.u GROUP BY alike.partner, alike.p
) WHERE equal = cells
"""
AGAIN: Final = """
WITH large AS (SELECT s, p, n, d, partner FROM m WHERE i = 4 AND n >= 30000 AND d >= 30000),
again AS (
    SELECT l.s, l.p, l.partner FROM large AS l JOIN large AS e
    ON l.s = e.s AND l.n = e.n AND l.d = e.d AND e.p = l.p - 1
),
kept AS (SELECT s FROM m LEFT SEMI JOIN again USING (s) GROUP BY s HAVING min(d) = max(d) AND count(*) > 2)
SELECT count(*) FROM again LEFT ANTI JOIN kept USING (s) LEFT ANTI JOIN copied USING (partner, p)
"""
WITHIN: Final = """
WITH wholes AS (SELECT row, s AS k, p FROM m WHERE place = 0),
parts AS (SELECT DISTINCT s - place * 4 AS k, m.p FROM m JOIN wholes ON m.s - m.place * 4 = wholes.k AND m.p = wholes.p
    WHERE m.place > 0)
SELECT row FROM wholes LEFT SEMI JOIN parts ON wholes.k = parts.k AND wholes.p = parts.p
"""
TOTALS: Final = """
SELECT any_value(i) AS i, min(u) = max(u) AS even, max(own) FILTER (WHERE category = 0) AS whole,
    sum(own) FILTER (WHERE category > 0) AS parts, count(*) FILTER (WHERE category > 0) AS many,
    bool_or(within.row IS NOT NULL) AS held
FROM m LEFT JOIN within ON within.row = m.row WHERE i < 2 GROUP BY s - category, p
"""
VALUES: Final = """
WITH last AS (SELECT * FROM m LEFT ANTI JOIN within ON m.row = within.row WHERE p = (SELECT max(p) FROM m))
SELECT
    (SELECT count(*) FROM cells WHERE even AND many = 2 AND whole <> parts) AS total_mismatch,
    (SELECT count(*) FROM cells WHERE even AND many = 1 AND whole < parts) AS total_exceeded,
    (SELECT sum(coalesce(whole, parts)) / 1000 FROM cells WHERE i = 0 AND NOT held) AS seed,
    (SELECT sum(coalesce(whole, parts)) / 1000 FROM cells WHERE i = 1 AND NOT held) AS people,
    (SELECT sum(v) / 1000 FROM last WHERE i = 2) AS households,
    (SELECT sum(v) / 1000 FROM last WHERE i = 3) AS wells,
    (SELECT 100 * sum(n) / sum(d) FROM last WHERE i = 4) AS share
"""
