"""(a) The whole chain on a large Parquet file: every rule, the values and the scores, against the same by hand.

The rivals are `benchmarks.a_polars` and `benchmarks.a_duckdb`; the faster of them counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Line, Options, have, in_turn, megabytes, ratio, shown
from benchmarks.ours import SHEET
from benchmarks.tables import table

MOST = 0.5
BYTES = 300
BAD = 2.0


def lines(options: Options) -> Iterator[Line]:
    """Against the faster rival; the memory; and where every row is bad against where none is."""
    yield from against(options, options.rows, {"DuckDB": "a_duckdb", "Polars": "a_polars"})
    # In parts a table is refused that is odd in most of its rows, so that this one is judged as a whole.
    rows = min(options.rows, SHEET)
    jobs = {kind: ("ours:chain", str(table(options, rows, kind)), f"{rows}") for kind in ("clean", "bad")}
    found = in_turn(jobs, options.runs, same=False)
    grown = found["bad"].seconds / found["clean"].seconds
    yield Line(
        "a",
        f"{rows:,} rows, all of them bad",
        shown(found["bad"].seconds),
        f"the same without defects: {shown(found['clean'].seconds)}",
        f"{grown:.2f} ×",
        f"≤ {BAD} ×",
        grown <= BAD,
        megabytes(found["bad"], found["clean"]),
        f"{found['bad'].own / rows:,.0f}",
    )


def against(options: Options, rows: int, rivals: dict[str, str]) -> Iterator[Line]:
    """The table with one row in twenty spoilt, by us and by all rivals, which must find the same."""
    path = str(table(options, rows))
    there = {name: module for name, module in rivals.items() if not have([name.lower()])}
    jobs = {"ours": ("ours:chain", path, f"{rows}")}
    found = in_turn(jobs | {name: (f"{module}:chain", path, f"{rows}") for name, module in there.items()}, options.runs)
    ours, *others = found.values()
    what = f"{rows:,} rows, 5 % with defects: validate, aggregate, score"
    told = "; ".join(f"{name} {shown(found[name].seconds)}" for name in there) or f"none of {', '.join(rivals)} is here"
    share = f"{ours.own / rows:,.0f}"
    if others:
        fastest = min(others, key=lambda each: each.seconds)
        share += "".join(f" / {each.own / rows:,.0f}" for each in others)
        met = ours.seconds <= MOST * fastest.seconds
        figure = ratio(ours.seconds, fastest.seconds)
        yield Line(
            "a", what, shown(ours.seconds), told, figure, f"≤ {MOST} ×", met, megabytes(ours, *others), share
        )  # fmt: skip
    else:
        yield Line("a", what, shown(ours.seconds), told, "–", f"≤ {MOST} ×", peak=megabytes(ours), per_row=share)
    held = ours.own / rows
    yield Line(
        "a", "… the memory of it", f"{held:,.0f} bytes a row", "–", f"{held:,.0f}", f"≤ {BYTES}", held <= BYTES
    )  # fmt: skip
