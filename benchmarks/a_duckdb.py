"""The large table by hand in DuckDB: packed keys, one pass for all rules about rows, and few windows.

Read `chain`. Series that cannot hold an outlier or restate a total are told by their least and greatest value, so that
the dear questions are asked of the few others. No share that counts is above its whole, so that none looks swapped, and
no figure comes near three times its target.
"""

from __future__ import annotations

from typing import Any

import duckdb

from benchmarks import duckdb_few as few
from benchmarks import rival
from benchmarks.rival import CATEGORIES, CODES, HOLD, INDICATORS, OWN, TO_OWN, UNITS

READ = """
CREATE TEMP TABLE r AS
WITH told AS (
    SELECT file_row_number::UINTEGER AS row, ind.at AS i, par.at AS partner, loc.at AS place, cat.at AS category,
        coalesce(per.at, CASE WHEN regexp_full_match(period, '[0-9]{{4}}-Q[1-4]') THEN -1 END) AS p,
        per.start, uni.at AS u, unit, reported_on, revision::UTINYINT AS rev,
        (round(value * 1000))::BIGINT AS v, (round(numerator * 1000))::BIGINT AS n,
        (round(denominator * 1000))::BIGINT AS d, value
    FROM read_parquet('{path}', file_row_number = true) AS t
    LEFT JOIN ind ON ind.name = t.indicator
    LEFT JOIN par ON par.name = coalesce(t.partner, '_T')
    LEFT JOIN loc ON loc.name = coalesce(t.location, '_T')
    LEFT JOIN cat ON cat.name = coalesce(t.category, '_T')
    LEFT JOIN per ON per.name = t.period
    LEFT JOIN uni ON uni.name = t.unit
), unread AS (
    SELECT *, (i IS NULL)::UINTEGER + (partner IS NULL)::UINTEGER * 2 + (place IS NULL)::UINTEGER * 4
        + (category IS NULL)::UINTEGER * 8 + (p IS NULL)::UINTEGER * 16
        + (u IS NULL AND unit IS NOT NULL)::UINTEGER * 32 AS bad
    FROM told
)
SELECT row, i::UTINYINT AS i, p::TINYINT AS p, u::TINYINT AS u, rev, reported_on AS day, v, n, d,
    ((i * {partners} + partner) * {places} + place) * 4 + category AS s,
    CASE WHEN bad > 0 THEN bad ELSE
        (v IS NULL AND n IS NULL AND d IS NULL)::UINTEGER * 64
        + (i <> 4 AND v IS NULL AND NOT (n IS NULL AND d IS NULL))::UINTEGER * 128
        + (i = 4 AND v IS NOT NULL AND n IS NULL AND d IS NULL)::UINTEGER * 256
        + (i = 4 AND (n IS NULL) <> (d IS NULL))::UINTEGER * 512
        + coalesce(i = 4 AND n IS NOT NULL AND d = 0, false)::UINTEGER * 1024
        + coalesce(i <> 4 AND v < 0, false)::UINTEGER * 2048
        + coalesce(i = 4 AND n < 0, false)::UINTEGER * 4096
        + coalesce(i = 4 AND d < 0, false)::UINTEGER * 8192
        + coalesce(i IN (1, 2) AND v % 1000 <> 0, false)::UINTEGER * 16384
        + coalesce(i = 4 AND d > 0 AND n > d, false)::UINTEGER * 32768
        + coalesce(i <> 4 AND CASE WHEN i = 0 THEN u > 2 ELSE u <> i + 2 END, false)::UINTEGER * 65536
        + (p = -1)::UINTEGER * 131072
        + coalesce(p >= 0 AND reported_on < start, false)::UINTEGER * 262144
        + (category > 0 AND i > 1)::UINTEGER * 524288
        + coalesce(i = 4 AND d <> 0 AND abs(100 * n / d - value) > 1e-12 * abs(100 * n / d), false)::UINTEGER * 1048576
    END AS mask
FROM unread
"""

CONTESTED = """
CREATE TEMP TABLE c AS
WITH twice AS (SELECT s, p FROM r WHERE mask & {hold} = 0 GROUP BY s, p HAVING count(*) > 1)
SELECT row, s, p, rev, coalesce(day, DATE '0001-01-01') AS day, day IS NULL AS undated,
    {{'a': v * factor, 'n': n, 'd': d}} AS content
FROM r SEMI JOIN twice USING (s, p) LEFT JOIN uni ON uni.at = r.u WHERE mask & {hold} = 0;

CREATE TEMP TABLE settled AS
WITH reports AS (
    SELECT s, p, rev, count(DISTINCT content) AS contents, bool_or(undated) AS undated
    FROM c GROUP BY ALL HAVING count(*) > 1
), clashes AS (
    SELECT DISTINCT s, p, rev, true AS clash FROM (SELECT s, p, rev, day FROM c GROUP BY ALL
        HAVING count(DISTINCT content) > 1)
)
SELECT c.*, coalesce(contents, 1) AS contents,
    coalesce(contents > 1 AND (reports.undated OR coalesce(clash, false)), false) AS conflict
FROM c LEFT JOIN reports USING (s, p, rev) LEFT JOIN clashes USING (s, p, rev);

CREATE TEMP TABLE copies AS
SELECT row FROM settled WHERE NOT conflict
QUALIFY row_number() OVER (
    PARTITION BY s, p, rev, content, CASE WHEN contents > 1 THEN day END ORDER BY day, row
) > 1;

CREATE TEMP TABLE gone AS
SELECT row FROM settled WHERE row NOT IN (
    SELECT row FROM settled WHERE NOT conflict AND row NOT IN (FROM copies)
    QUALIFY row_number() OVER (PARTITION BY s, p ORDER BY rev DESC, day DESC, row DESC) = 1
);

CREATE TEMP TABLE m AS
SELECT row, i, p, u, s, v, n, d, s % 4 AS category, s // 4 % {places} AS place, v * factor AS own,
    CASE WHEN i = 4 THEN n / d * 100 ELSE v / 1000 * factor END AS amount
FROM r LEFT JOIN uni ON uni.at = r.u WHERE mask & {hold} = 0 AND row NOT IN (FROM gone)
"""

KEYS = """
SELECT (SELECT count(*) FROM settled WHERE conflict) AS key_conflict,
    (SELECT count(*) FROM copies) AS row_duplicate,
    (SELECT count(*) FROM (SELECT content, lag(content) OVER (PARTITION BY s, p, rev ORDER BY day, row) AS before
        FROM settled WHERE NOT conflict AND contents > 1) WHERE before <> content) AS revision_unnumbered,
    (SELECT count(*) FROM (SELECT first, max(last) OVER (PARTITION BY s, p ORDER BY rev
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM (SELECT s, p, rev, min(day) AS first, max(day) AS last FROM c WHERE NOT undated GROUP BY ALL))
        WHERE first < before) AS revision_order
"""

SERIES = """
CREATE TEMP TABLE f AS
SELECT s, any_value(i) AS i, count(*) AS k, min(amount) AS least, max(amount) AS most, avg(amount) AS mean,
    min(v) FILTER (v > 0) AS low, max(v) AS high, min(v) AS floor, min(u) <> max(u) AS mixed
FROM m GROUP BY s
"""

HISTORY = """
WITH told AS (
    SELECT m.* FROM m SEMI JOIN (SELECT s FROM f WHERE i IN (0, 1) AND k > 2 AND (high >= 2 * low OR mixed)) USING (s)
), flows AS (
    SELECT *, sum(v) OVER w - v AS so_far, count(*) FILTER (v > 0) OVER w AS above, lag(v) OVER w AS before,
        row_number() OVER w AS place
    FROM told WINDOW w AS (PARTITION BY s, u ORDER BY p)
), begun AS (
    SELECT *, row_number() OVER (PARTITION BY s, u ORDER BY p) = 1 AS first FROM flows WHERE above > 0
), grown AS (
    SELECT s, u, arg_max(row, p) AS row FROM begun GROUP BY s, u
    HAVING bool_and(first OR v > before OR (v = before AND v >= 100000)) AND count(*) >= 4 AND arg_min(v, p) > 0
        AND arg_max(v, p) >= 2 / 3 * count(*) * arg_min(v, p)
        AND arg_max(v, p, 2)[2] >= 2 / 3 * (count(*) - 1) * arg_min(v, p)
), steps AS (
    SELECT s, u, p, v - lag(v) OVER w AS step, v / lag(v) OVER w AS pace
    FROM begun SEMI JOIN grown USING (s, u) WINDOW w AS (PARTITION BY s, u ORDER BY p)
), growing AS (
    SELECT s, u FROM (SELECT *, step - lag(step) OVER (PARTITION BY s, u ORDER BY p) AS more FROM steps) GROUP BY s, u
    HAVING arg_max(pace, p) >= 8 OR (bool_and(more > 0) AND arg_max(pace, p) >= 0.9 * arg_min(pace, p))
)
SELECT count(*) FROM flows WHERE row IN (SELECT row FROM grown ANTI JOIN growing USING (s, u))
    OR (v = so_far AND above - (v > 0)::INT >= 2 AND v >= 100000)
"""

TO_DATE = """
CREATE TEMP TABLE totals AS
SELECT row, s, p, v, amount, lag(v) OVER w AS before, amount - lag(amount) OVER w AS grown
FROM m WHERE i = 2 WINDOW w AS (PARTITION BY s ORDER BY p)
"""

FALLS = """
WITH judged AS (
    SELECT s, count(*) >= 4 AND count(*) FILTER (v < before) >= 2
        AND -2 * sum(least(v - before, 0)) >= sum(greatest(v - before, 0)) AS amounts,
        count(*) FILTER (v < before) AS falls
    FROM totals GROUP BY s
)
SELECT sum(falls) FILTER (NOT amounts) AS cumulative_decrease, count(*) FILTER (amounts) AS cumulative_fluctuates
FROM judged
"""

OUTLIERS = """
CREATE TEMP TABLE outliers AS
WITH few AS (
    SELECT row, s, amount AS point FROM m SEMI JOIN (SELECT s FROM f WHERE i <> 2 AND k > 6
        AND (least <= 0 OR most - least > 0.25 * least)) USING (s)
    UNION ALL
    SELECT row, s, grown FROM totals SEMI JOIN (SELECT s FROM totals GROUP BY s
        HAVING count(grown) > 6 AND (min(grown) <= 0 OR max(grown) - min(grown) > 0.25 * min(grown))) USING (s)
    WHERE grown IS NOT NULL
), middles AS (SELECT s, median(point) AS middle FROM few GROUP BY s
), away AS (SELECT row, s, middle, abs(point - middle) AS away FROM few JOIN middles USING (s)
), spreads AS (SELECT s, median(away) AS spread, avg(away) AS mean FROM away GROUP BY s)
SELECT row FROM away JOIN spreads USING (s)
WHERE away > 0.25 * abs(middle) AND CASE WHEN spread > 0 THEN 0.6745 * away / spread
    WHEN mean > 0 AND middle <> 0 THEN away / (1.253314 * mean) END > 3.5
"""

STILL = """
SELECT (SELECT count(*) FROM f WHERE i = 1 AND k >= 4 AND least >= 100 AND (most - least) ** 2 <= mean / 4)
        AS flow_stands_still,
    (SELECT count(DISTINCT s) FROM (
        SELECT s, v, first_value(nullif(v, 0) IGNORE NULLS) OVER (PARTITION BY s ORDER BY p
                ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS later,
            last_value(nullif(v, 0) IGNORE NULLS) OVER (PARTITION BY s ORDER BY p) AS earlier
        FROM m SEMI JOIN (SELECT s FROM f WHERE i = 3 AND k >= 4 AND floor = 0) USING (s)
    ) WHERE v = 0 AND later >= 10000 AND earlier >= 10000) AS level_comes_back
"""

COPIED = """
CREATE TEMP TABLE copied AS
WITH reports AS (
    SELECT s // {partner} % {partners} AS partner, p, count(*) AS cells,
        count(*) FILTER (i <> 2 AND coalesce(n, v) <> 0) AS telling, bit_xor(hash(s, v, n, d, u)) AS sum
    FROM m GROUP BY ALL
), alike AS (
    SELECT partner, l.p, l.cells FROM reports AS l JOIN reports AS e USING (partner)
    WHERE e.p = l.p - 1 AND l.cells = e.cells AND l.sum = e.sum AND l.telling >= 3
)
SELECT partner, p FROM (
    SELECT alike.partner, alike.p, count(*) AS equal, any_value(alike.cells) AS cells
    FROM alike JOIN m AS l ON l.p = alike.p AND l.s // {partner} % {partners} = alike.partner
    JOIN m AS e ON e.s = l.s AND e.p = l.p - 1
    WHERE (l.v, l.n, l.d, l.u) IS NOT DISTINCT FROM (e.v, e.n, e.d, e.u) GROUP BY ALL
) WHERE equal = cells
"""

AGAIN = """
WITH large AS (SELECT s, p, n, d FROM m WHERE i = 4 AND n >= 30000 AND d >= 30000),
again AS (SELECT s, l.p FROM large AS l JOIN large AS e USING (s, n, d) WHERE e.p = l.p - 1),
kept AS (
    SELECT s FROM m SEMI JOIN again USING (s) GROUP BY s HAVING min(d) = max(d) AND count(*) > 2
)
SELECT count(*) FROM again
WHERE s NOT IN (FROM kept) AND (s // {partner} % {partners}, p) NOT IN (SELECT (partner, p) FROM copied)
"""

WITHIN = """
CREATE TEMP TABLE within AS
WITH wholes AS (SELECT row, s - place * 4 AS k, p FROM m WHERE {whole})
SELECT row FROM wholes SEMI JOIN (SELECT s - place * 4 AS k, p FROM m WHERE NOT ({whole})
    AND (s - place * 4, p) IN (SELECT (k, p) FROM wholes)) USING (k, p)
"""

TOTALS = """
CREATE TEMP TABLE cells AS
SELECT any_value(i) AS i, min(u) = max(u) AS even, max(own) FILTER (category = 0) AS whole,
    sum(own) FILTER (category > 0) AS parts, count(*) FILTER (category > 0) AS many,
    bool_or(row IN (FROM within)) AS held
FROM m WHERE i < 2 GROUP BY s // 4, p
"""

VALUES = """
SELECT
    (SELECT count(*) FROM cells WHERE even AND many = 2 AND whole <> parts) AS total_mismatch,
    (SELECT count(*) FROM cells WHERE even AND many = 1 AND whole < parts) AS total_exceeded,
    (SELECT sum(coalesce(whole, parts)) / 1000 FROM cells WHERE i = 0 AND NOT held) AS seed,
    (SELECT sum(coalesce(whole, parts)) / 1000 FROM cells WHERE i = 1 AND NOT held) AS people,
    (SELECT sum(v) / 1000 FROM m WHERE i = 2 AND p = (SELECT max(p) FROM m) AND row NOT IN (FROM within))
        AS households,
    (SELECT sum(v) / 1000 FROM m WHERE i = 3 AND p = (SELECT max(p) FROM m) AND row NOT IN (FROM within)) AS wells,
    (SELECT 100 * sum(n) / sum(d) FROM m WHERE i = 4 AND p = (SELECT max(p) FROM m) AND row NOT IN (FROM within))
        AS share
"""


def chain(path: str, rows: str) -> dict[str, Any]:
    """Every rule, every value and every score of one file."""
    names = rival.names(int(rows))
    sizes = {"partners": len(names["partner"]), "places": len(names["location"]), "hold": HOLD}
    sizes["partner"] = 4 * sizes["places"]
    with duckdb.connect() as db:
        db.execute("SET preserve_insertion_order = false")
        _lists(db, names)
        db.execute(READ.format(path=path, **sizes))
        db.execute(CONTESTED.format(**sizes))
        codes = rival.counted(dict(db.execute("SELECT mask, count(*) FROM r WHERE mask > 0 GROUP BY mask").fetchall()))
        beside = db.execute("SELECT v / 1000, n / 1000, d / 1000 FROM r WHERE mask = ?", [1 << (len(CODES) - 1)])
        codes |= rival.beside_parts(beside.fetchall())
        codes |= _named(db, KEYS)
        db.execute(SERIES)
        db.execute(TO_DATE)
        db.execute(OUTLIERS)
        outliers = _one(db, "SELECT count(*) FROM outliers") + _among_few(db, sizes)
        told = {"flow_restates_total": _one(db, HISTORY), "value_outlier": outliers}
        told["unit_changed"] = _one(db, few.CHANGED.format(**sizes))
        db.execute(COPIED.format(**sizes))
        told["report_copied"] = _one(db, "SELECT count(*) FROM copied")
        told["figures_repeated"] = _one(db, AGAIN.format(**sizes))
        codes |= rival.found(**told) | _named(db, FALLS) | _named(db, STILL)
        db.execute(WITHIN.format(whole="place = 0"))
        codes |= rival.found(total_and_places=_one(db, "SELECT count(*) FROM within"))
        db.execute(TOTALS)
        found = _row(db, VALUES)
        codes |= rival.found(**{name: found.pop(name) for name in ("total_mismatch", "total_exceeded")})
    return {"codes": codes, **rival.scored(dict(zip(INDICATORS, found.values(), strict=True)))}


def _lists(db: duckdb.DuckDBPyConnection, names: dict[str, list[str]]) -> None:
    """The plan's short lists as tables."""
    make = "CREATE TEMP TABLE {} AS SELECT unnest(?::VARCHAR[]) AS name, unnest(range(?)) AS at"
    lists = {"ind": INDICATORS, "par": names["partner"], "loc": names["location"], "cat": CATEGORIES}
    for name, known in lists.items():
        db.execute(make.format(name), [[*known], len(known)])
    days = make + ", unnest(?::DATE[]) AS start"
    db.execute(days.format("per"), [names["period"], len(names["period"]), names["start"]])
    factors = [TO_OWN.get((unit, OWN[0]), 1.0) for unit in UNITS]
    db.execute((make + ", unnest(?::DOUBLE[]) AS factor").format("uni"), [[*UNITS], len(UNITS), factors])


def _among_few(db: duckdb.DuckDBPyConnection, sizes: dict[str, int]) -> int:
    """Figures out of size that too few others of their series can tell by how far they lie from the middle."""
    found = _one(db, few.DENOMINATORS)
    db.execute(few.FEW)
    db.execute(few.OTHER_SIZES)
    db.execute(few.LEAPS)
    if not _one(db, "SELECT count(*) FROM few"):
        return found + _one(db, "SELECT count(*) FROM told")
    db.execute(few.REPORTS.format(**sizes))
    found += _one(db, "SELECT count(*) FROM told") + _one(db, few.THOUSANDFOLD)
    alone = {row for (row,) in db.execute(few.PROPORTION).fetchall()}
    if _one(db, "SELECT count(*) FROM reports"):
        apart = _row(db, few.APART.format(**sizes))
        found += int(apart["apart"])
        alone -= {*(apart["rows"] or ())}
    return found + len(alone)


def _one(db: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(db.execute(query).fetchall()[0][0] or 0)


def _row(db: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    told = db.execute(query)
    columns = [each[0] for each in told.description or ()]
    return dict(zip(columns, told.fetchall()[0], strict=True))


def _named(db: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    return rival.found(**_row(db, query))
