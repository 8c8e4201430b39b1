"""What the rival in Spark SQL asks of series too short to tell how far a figure lies from their middle.

Read `FEW` first, the rows of such series. What `TOLD` finds is kept as `told`, as nothing is told twice, and the
reports that `REPORTS` finds to be of short series alone as `reports`.
"""

from __future__ import annotations

from typing import Final

FEW: Final = """
SELECT m.*, k FROM m JOIN (SELECT s, k FROM f WHERE k <= 6 OR floor = 0) USING (s)
"""
OTHER_SIZES: Final = """
WITH spans AS (
    SELECT s, count(*) AS size, min_by(row, p) AS opens FROM few WHERE i <> 4 AND amount > 0 GROUP BY s
    HAVING max(amount) >= IF(count(*) > 4, 2.5D, 8D) * min(amount) AND count(*) BETWEEN 2 AND 6
), sisters AS (
    SELECT row, i, s, amount, opens, pool
    FROM m JOIN (SELECT s + 3 - 2 * (s % 4) AS s, s AS pool, opens FROM spans WHERE size = 2 AND s % 4 > 0) USING (s)
    WHERE amount > 0
), own AS (
    SELECT row, i, s, amount, opens, s AS pool, size FROM few JOIN spans USING (s) WHERE amount > 0
), pools AS (
    SELECT pool, any_value(i) AS i, any_value(opens) AS opens, count(*) > 4 AND min(s) = max(s) AS several,
        sort_array(collect_list(named_struct('amount', amount, 'row', row, 's', s))) AS w
    FROM (
        SELECT * FROM sisters UNION ALL SELECT row, i, s, amount, opens, pool FROM own WHERE size > 2
        UNION ALL SELECT row, i, s, amount, opens, pool
        FROM own LEFT SEMI JOIN sisters USING (pool) WHERE size = 2
    ) GROUP BY pool HAVING count(*) > 2
), far AS (
    SELECT pool, w,
        (w[size(w) - 1].amount >= IF(several, 4, 8) * w[size(w) - 2].amount
            AND w[size(w) - 2].amount <= 2 * w[0].amount)
            OR (several AND w[size(w) - 1].amount >= 2.5D * w[size(w) - 2].amount
                AND w[size(w) - 2].amount <= 1.5D * w[0].amount) AS high,
        ((w[1].amount >= IF(several, 4, 8) * w[0].amount AND w[size(w) - 1].amount <= 2 * w[1].amount)
            OR (several AND w[1].amount >= 2.5D * w[0].amount AND w[size(w) - 1].amount <= 1.5D * w[1].amount))
            AND i <> 2 AND w[0].row <> opens AS low
    FROM pools WHERE i NOT IN (1, 2) OR w[0].amount >= 10
)
SELECT CASE WHEN high THEN w[size(w) - 1].row ELSE w[0].row END AS row FROM far
WHERE (high AND w[size(w) - 1].s = pool) OR (low AND w[0].s = pool)
"""
LEAPS: Final = """
WITH moved AS (
    SELECT row, s, p, grown FROM totals LEFT SEMI JOIN (SELECT s FROM f WHERE i = 2 AND k BETWEEN 5 AND 7) USING (s)
    WHERE grown IS NULL OR grown <> 0
), paces AS (
    SELECT row, s, grown / (p - lag(p) OVER (PARTITION BY s ORDER BY p)) AS pace FROM moved
), pools AS (
    SELECT count(*) > 4 AS several, max_by(row, pace) AS row, sort_array(collect_list(pace)) AS w,
        CAST(count(*) AS INT) AS k
    FROM paces WHERE pace > 0 GROUP BY s HAVING count(*) > 3
)
SELECT row FROM pools WHERE w[0] >= 10 AND ((w[k - 1] >= IF(several, 4, 8) * w[k - 2] AND w[k - 2] <= 2 * w[0])
    OR (several AND w[k - 1] >= 2.5D * w[k - 2] AND w[k - 2] <= 1.5D * w[0]))
"""
"""What a total to date grew by, by the period, many times all others."""
TOLD: Final = f"({OTHER_SIZES}) UNION ({LEAPS})"
THOUSANDFOLD: Final = """
SELECT count(*) FROM (
    SELECT any_value(i) AS i, max_by(row, p) AS row, max_by(amount, p) > min_by(amount, p) AS grows,
        min(amount) AS small, max(amount) AS large
    FROM few WHERE k = 2 AND i <> 4 GROUP BY s HAVING min(u) = max(u) AND min(amount) > 0
) LEFT ANTI JOIN told USING (row)
WHERE large / small BETWEEN 300 AND 3000 AND (i <> 2 OR grows) AND (i NOT IN (1, 2) OR small >= 10)
"""
DENOMINATORS: Final = """
SELECT count(*) FROM (
    SELECT sort_array(collect_list(d)) AS w, CAST(count(*) AS INT) AS k FROM m WHERE i = 4 AND d >= 10000
    GROUP BY s HAVING count(*) > 2 AND max(d) >= 8 * min(d)
) WHERE (w[k - 2] <= 2 * w[0] AND w[k - 1] >= 4 * (w[(k - 2) DIV 2] + w[(k - 1) DIV 2]))
    OR (w[k - 1] <= 2 * w[1] AND w[1 + (k - 2) DIV 2] + w[1 + (k - 1) DIV 2] >= 16 * w[0])
"""
"""The median of all but one is that of the two in the middle of the others."""
REPORTS: Final = """
WITH short AS (
    SELECT i, partner, category, p, row FROM few WHERE i <> 4 AND amount > 0 AND k <= 6 AND partner > 0
), whole AS (
    SELECT DISTINCT i, partner, category FROM m LEFT SEMI JOIN (
        SELECT s FROM f WHERE k > 6 AND k = (SELECT count(DISTINCT p) FROM m) AND floor > 0
    ) USING (s)
)
SELECT i, partner, category, p, count(*) AS cells
FROM short LEFT ANTI JOIN whole USING (i, partner, category) LEFT JOIN (SELECT row, true AS known FROM told) USING (row)
GROUP BY i, partner, category, p HAVING bool_or(known IS NULL)
"""
APART: Final = """
WITH every AS (SELECT i, partner, category, p, place, row, amount FROM m WHERE i <> 4 AND amount > 0 AND partner > 0),
short AS (
    SELECT i, partner, category, p FROM reports LEFT SEMI JOIN (
        SELECT i, partner, category, p, count(*) AS cells
        FROM every LEFT SEMI JOIN reports USING (i, partner, category, p) GROUP BY i, partner, category, p
    ) USING (i, partner, category, p, cells)
), logs AS (
    SELECT i, partner, category, p, avg(ln(amount)) AS size FROM every LEFT SEMI JOIN short USING (i, category, p)
    GROUP BY i, partner, category, p
), beside AS (
    SELECT *, count(*) OVER g AS others, min(size) OVER g AS least, abs(size - median(size) OVER g) AS away,
        lag(size) OVER w AS below, lead(size) OVER w AS above
    FROM logs WINDOW g AS (PARTITION BY i, category, p), w AS (PARTITION BY i, category, p ORDER BY size)
), spreads AS (
    SELECT *, greatest(median(away) OVER (PARTITION BY i, category, p), ln(1.2D)) AS spread
    FROM beside WHERE others >= 6
), far AS (
    SELECT i, partner, category, p, above IS NULL AS top
    FROM spreads LEFT SEMI JOIN short USING (i, partner, category, p)
    WHERE 0.6745D * away / spread > 3.5D AND ((below IS NULL AND above - size >= ln(300D)) OR (above IS NULL
        AND below >= ln(10D) AND size - below >= CASE WHEN below - least <= ln(2D) THEN ln(5D) ELSE ln(20D) END))
)
SELECT count(DISTINCT i, partner, top) AS apart, collect_set(row) AS rows FROM (
    SELECT i, partner, category, p, top, min_by(row, (place - 1 + {places}) % {places}) AS row
    FROM far JOIN every USING (i, partner, category, p) GROUP BY i, partner, category, p, top
)
"""
PROPORTION: Final = """
WITH tops AS (
    SELECT i AS of, count(*) AS size, max(amount) AS most, max_by(row, amount) AS top FROM m WHERE amount > 0 GROUP BY i
)
SELECT top AS row FROM (
    SELECT /*+ BROADCAST(tops) */ top, max(most) AS most, max(amount) AS next FROM m JOIN tops ON i = of AND row <> top
    WHERE size >= 3 AND amount > 0 GROUP BY top
) LEFT SEMI JOIN (SELECT row FROM few WHERE k <= 6) ON top = row LEFT ANTI JOIN told ON top = told.row
WHERE next >= 10 AND most >= 1000 * next
"""
CHANGED: Final = """
WITH units AS (
    SELECT row, i, partner, p, u, lag(u) OVER w AS last, row_number() OVER (PARTITION BY s, u ORDER BY p) = 1 AS new,
        v / lag(v) OVER w BETWEEN 0.5D AND 2 AS as_before, amount / lag(amount) OVER w BETWEEN 0.5D AND 2 AS in_line
    FROM m LEFT SEMI JOIN (SELECT s FROM f WHERE mixed) USING (s) WHERE amount <> 0
    WINDOW w AS (PARTITION BY s ORDER BY p)
)
SELECT count(DISTINCT i, partner, p, u, last, as_before AND NOT in_line)
FROM units LEFT ANTI JOIN outliers USING (row) LEFT ANTI JOIN told USING (row)
WHERE new AND last <> u AND (as_before OR NOT in_line)
"""
