"""What the rival in DuckDB asks of series too short to tell how far a figure lies from their middle, and of units.

Read `FEW` first, the rows of such series. `OTHER_SIZES` makes `told`, as nothing is told twice, and `REPORTS` the table
of the reports of short series alone.
"""

from __future__ import annotations

FEW = """
CREATE TEMP TABLE few AS
SELECT m.row, m.i, p, u, m.s, amount, k FROM m JOIN (SELECT s, k FROM f WHERE k <= 6 OR floor = 0) USING (s)
"""

OTHER_SIZES = """
CREATE TEMP TABLE told AS
WITH spans AS (
    SELECT s, count(*) AS size, arg_min(row, p) AS opens FROM few WHERE i <> 4 AND amount > 0 GROUP BY s
    HAVING max(amount) >= if(count(*) > 4, 2.5, 8) * min(amount) AND count(*) BETWEEN 2 AND 6
), sisters AS (
    SELECT m.row, i, m.s, amount, opens, pool
    FROM m JOIN (SELECT s + 3 - 2 * (s % 4) AS s, s AS pool, opens FROM spans WHERE size = 2 AND s % 4 > 0) USING (s)
    WHERE amount > 0
), pools AS (
    SELECT pool, any_value(i) AS i, count(*) AS size, any_value(opens) AS opens,
        count(*) > 4 AND min(s) = max(s) AS several,
        min(amount) AS least, min(amount, 2)[2] AS second, max(amount, 2)[2] AS near, max(amount) AS most,
        arg_min(row, amount) AS low_row, arg_max(row, amount) AS high_row,
        arg_min(s, amount) = pool AS own_low, arg_max(s, amount) = pool AS own_high
    FROM (
        FROM sisters UNION ALL SELECT row, i, s, amount, opens, s AS pool FROM few JOIN spans USING (s)
        WHERE amount > 0 AND (size > 2 OR s IN (SELECT pool FROM sisters))
    ) GROUP BY pool HAVING count(*) > 2
), far AS (
    SELECT *, (most >= if(several, 4, 8) * near AND near <= 2 * least)
            OR (several AND most >= 2.5 * near AND near <= 1.5 * least) AS high,
        ((second >= if(several, 4, 8) * least AND most <= 2 * second)
            OR (several AND second >= 2.5 * least AND most <= 1.5 * second)) AND i <> 2 AND low_row <> opens AS low
    FROM pools WHERE i NOT IN (1, 2) OR least >= 10
)
SELECT CASE WHEN high THEN high_row ELSE low_row END AS row FROM far WHERE (high AND own_high) OR (low AND own_low)
"""

LEAPS = """
INSERT INTO told
WITH moved AS (
    SELECT row, s, p, grown FROM totals SEMI JOIN (SELECT s FROM f WHERE i = 2 AND k BETWEEN 5 AND 7) USING (s)
    WHERE grown IS NULL OR grown <> 0
), paces AS (
    SELECT row, s, grown / (p - lag(p) OVER (PARTITION BY s ORDER BY p)) AS pace FROM moved
), pools AS (
    SELECT count(*) > 4 AS several, arg_max(row, pace) AS row,
        min(pace) AS least, max(pace, 2)[2] AS near, max(pace) AS most
    FROM paces WHERE pace > 0 GROUP BY s HAVING count(*) > 3
)
SELECT row FROM pools WHERE least >= 10 AND row NOT IN (FROM told)
    AND ((most >= if(several, 4, 8) * near AND near <= 2 * least)
        OR (several AND most >= 2.5 * near AND near <= 1.5 * least))
"""
"""What a total to date grew by, by the period, many times all others: put beside what else is told."""

THOUSANDFOLD = """
SELECT count(*) FROM (
    SELECT any_value(i) AS i, arg_max(row, p) AS row, arg_max(amount, p) > arg_min(amount, p) AS grows,
        min(amount) AS small, max(amount) AS large
    FROM few WHERE k = 2 AND i <> 4 GROUP BY s HAVING min(u) = max(u)
) WHERE small > 0 AND large / small BETWEEN 300 AND 3000 AND (i <> 2 OR grows) AND (i NOT IN (1, 2) OR small >= 10)
    AND row NOT IN (FROM told)
"""

DENOMINATORS = """
SELECT count(*) FROM (
    SELECT list(d ORDER BY d) AS w FROM m WHERE i = 4 AND d >= 10000
    GROUP BY s HAVING count(*) > 2 AND max(d) >= 8 * min(d)
) WHERE (w[-2] <= 2 * w[1] AND w[-1] >= 8 * list_median(w[:-2]))
    OR (w[-1] <= 2 * w[2] AND list_median(w[2:]) >= 8 * w[1])
"""

REPORTS = """
CREATE TEMP TABLE reports AS
SELECT s // {partner} * 4 + s % 4 AS reporter, p, count(*) AS cells FROM few
WHERE i <> 4 AND amount > 0 AND k <= 6 AND s // {partner} % {partners} > 0 AND reporter NOT IN (
    SELECT s // {partner} * 4 + s % 4 FROM f
    WHERE k > 6 AND k = (SELECT count(DISTINCT p) FROM m) AND floor > 0
) GROUP BY ALL HAVING bool_or(row NOT IN (FROM told))
"""

APART = """
WITH every AS (
    SELECT s // {partner} * 4 + s % 4 AS reporter, i, s % 4 AS category, p, s, row, amount
    FROM m WHERE i <> 4 AND amount > 0 AND s // {partner} % {partners} > 0
), short AS (
    SELECT reporter, p FROM reports SEMI JOIN (
        SELECT reporter, p, count(*) AS cells FROM every SEMI JOIN reports USING (reporter, p) GROUP BY ALL
    ) USING (reporter, p, cells)
), logs AS (
    SELECT reporter, i, category, p, avg(ln(amount)) AS size FROM every
    SEMI JOIN (SELECT reporter // 4 // {partners} AS i, reporter % 4 AS category, p FROM short) USING (i, category, p)
    GROUP BY ALL
), beside AS (
    SELECT *, count(*) OVER g AS others, min(size) OVER g AS least, abs(size - median(size) OVER g) AS away,
        lag(size) OVER w AS below, lead(size) OVER w AS above
    FROM logs WINDOW g AS (PARTITION BY i, category, p), w AS (PARTITION BY i, category, p ORDER BY size)
), spreads AS (
    SELECT *, greatest(median(away) OVER (PARTITION BY i, category, p), ln(1.2)) AS spread FROM beside WHERE others >= 6
), far AS (
    SELECT reporter, p, above IS NULL AS top FROM spreads SEMI JOIN short USING (reporter, p)
    WHERE 0.6745 * away / spread > 3.5 AND ((below IS NULL AND above - size >= ln(300)) OR (above IS NULL
        AND below >= ln(10) AND size - below >= CASE WHEN below - least <= ln(2) THEN ln(5) ELSE ln(20) END))
)
SELECT count(DISTINCT (reporter // 4, top)) AS apart, list(DISTINCT row) AS rows FROM (
    SELECT reporter, top, p, arg_min(row, (s // 4 - 1 + {places}) % {places}) AS row
    FROM far JOIN every USING (reporter, p) GROUP BY ALL
)
"""

PROPORTION = """
SELECT row FROM (
    SELECT count(*) AS size, max(amount, 2) AS two, arg_max(row, amount) AS row FROM m WHERE amount > 0 GROUP BY i
) SEMI JOIN (SELECT row FROM few WHERE k <= 6) USING (row)
WHERE size >= 3 AND two[2] >= 10 AND two[1] >= 1000 * two[2] AND row NOT IN (FROM told)
"""

CHANGED = """
WITH units AS (
    SELECT row, s, p, u, lag(u) OVER w AS last, row_number() OVER (PARTITION BY s, u ORDER BY p) = 1 AS new,
        v / lag(v) OVER w BETWEEN 0.5 AND 2 AS as_before, amount / lag(amount) OVER w BETWEEN 0.5 AND 2 AS in_line
    FROM m SEMI JOIN (SELECT s FROM f WHERE mixed) USING (s) WHERE amount <> 0
    WINDOW w AS (PARTITION BY s ORDER BY p)
)
SELECT count(DISTINCT (s // {partner}, p, u, last, as_before AND NOT in_line)) FROM units
WHERE new AND last <> u AND (as_before OR NOT in_line)
    AND row NOT IN (FROM outliers) AND row NOT IN (FROM told)
"""
