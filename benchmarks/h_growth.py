"""(h) How the time of the whole chain grows with the table: twice the rows should take about twice as long."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Line, Options, in_turn, shown
from benchmarks.tables import table

FIRST = 10_000
MOST = 2.2


def lines(options: Options) -> Iterator[Line]:
    """A line for each doubling, up to the number of rows asked for."""
    sizes = [min(FIRST, options.rows // 2)]
    while 2 * sizes[-1] <= options.rows:
        sizes.append(2 * sizes[-1])
    jobs = {f"{rows}": ("ours:chain", str(table(options, rows)), f"{rows}") for rows in sizes}
    found = in_turn(jobs, options.runs, same=False)
    for rows in sizes[:-1]:
        once, twice = found[f"{rows}"], found[f"{2 * rows}"]
        grown = twice.seconds / once.seconds
        yield Line(
            "h",
            f"{rows:,} → {2 * rows:,} rows",
            f"{shown(once.seconds)} → {shown(twice.seconds)}",
            "–",
            f"{grown:.2f} ×",
            f"≤ {MOST} ×",
            grown <= MOST,
            peak=f"{once.peak / 1e6:,.0f} → {twice.peak / 1e6:,.0f}",
            per_row=f"{twice.own / (2 * rows):,.0f}",
        )
