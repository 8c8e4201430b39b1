"""``python -m benchmarks.reports``: a large workbook and a large CSV file judged, against reading and checking by hand.

The workbook is held against openpyxl iterating its cells and doing nothing with them; the CSV file against queries in
Polars with the rules that can speak of it. Both sides of the second must find as much of every kind.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import openpyxl
import polars as pl

import mne
from benchmarks.seeds import observations, plan

COLUMNS = ["indicator", "period", "partner", "location", "category", "value", "numerator", "denominator", "unit"]
KEY = COLUMNS[:5]
PARTNERS = 400
"""With 60 places, 24 quarters and 4 kinds of row: 2.3 million cells, of which a report fills some."""


def report(rows: int) -> pl.DataFrame:
    """A partner's table of about so many rows, one per cell of the plan; a hundredth of them is wrong."""
    table = (
        observations(plan(partners=PARTNERS), rows * 3 // 2)
        .to_polars()
        .unique(KEY, maintain_order=True, keep="first")
        .head(rows)
    )
    at = pl.int_range(pl.len())
    return table.select(
        pl.when(at % 400 == 7).then(pl.lit("OC9.9")).otherwise("indicator").alias("indicator"),
        *COLUMNS[1:5],
        pl.when(at % 400 == 107).then(-1 - pl.col("value")).otherwise("value").alias("value"),
        pl.when(at % 400 == 207).then(pl.col("denominator") + 1).otherwise("numerator").alias("numerator"),
        *COLUMNS[7:],
    )


def saved_as_workbook(table: pl.DataFrame, path: Path) -> None:
    """The table as a person's workbook would hold it: numbers as numbers, the rest as shared text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    sheet.append(table.columns)
    floats = table.with_columns(pl.col("value", "numerator", "denominator").cast(pl.Float64))
    for row in floats.iter_rows():
        sheet.append(row)
    book.save(path)


def iterated(path: Path) -> int:
    """What openpyxl needs to hand out every cell."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    cells = 0
    for row in book.worksheets[0].iter_rows(values_only=True):
        cells += len(row)
    book.close()
    return cells


def checked_by_hand(path: Path) -> dict[str, int]:
    """What a careful query finds by code, with the rules that can speak of such a table; it knows the plan by heart."""
    project = plan(partners=PARTNERS)
    number = {
        name: pl.col(name).cast(pl.Decimal(38, 9), strict=False) for name in ("value", "numerator", "denominator")
    }
    periods = {period.label: at for at, period in enumerate(project.periods())}
    text = pl.scan_csv(path, infer_schema=False).with_row_index("at")
    read = text.with_columns(
        pl.col("period").replace_strict(periods, default=None, return_dtype=pl.Int32),
        flow=pl.col("indicator") == "OC1.1",
        **{f"{name}_read": each for name, each in number.items()},
    ).collect()
    known = pl.col("indicator").is_in(list(project.indicators))
    wrong = {
        "ref-unknown-indicator": ~known,
        "period-unknown": pl.col("period").is_null(),
        "number-invalid": pl.any_horizontal(pl.col(n).is_not_null() & pl.col(f"{n}_read").is_null() for n in number),
        "value-missing": known & pl.all_horizontal(pl.col(name).is_null() for name in number),
        "value-kind": pl.col("flow") & pl.col("value").is_null(),
        "ratio-incomplete": ~pl.col("flow") & (pl.col("numerator").is_null() != pl.col("denominator").is_null()),
        "value-negative": known & (pl.col("value_read") < 0),
        "ratio-over-one": known & ~pl.col("flow") & (pl.col("numerator_read") > pl.col("denominator_read")),
        "denominator-zero": pl.col("denominator_read") == 0,
        "unit-mismatch": pl.col("flow") & ~pl.col("unit").is_in(["kg", "t"]),
        "category-not-declared": ~pl.col("category").is_in(["_T", "sex=F", "sex=M"]),
        "ref-unknown-partner": ~pl.col("partner").is_in([each.id for each in project.organisations]),
        "ref-unknown-location": ~pl.col("location").is_in([each.id for each in project.locations]),
    }
    marks = read.select("at", **wrong)
    found = {code: int(count or 0) for code, count in marks.drop("at").sum().row(0, named=True).items()}
    sound = read.filter(~marks.select(pl.any_horizontal(pl.col(*wrong).fill_null(value=False))).to_series())
    cell = ["indicator", "period", "partner", "location"]
    twice = sound.filter(pl.struct([*cell, "category"]).is_duplicated())
    found["row-duplicate"] = twice.height
    found |= _totals(sound.filter("flow"), [*cell, "unit"]) | _history(sound) | _copies(sound)
    return {code: count for code, count in found.items() if count}


def _totals(flows: pl.DataFrame, key: list[str]) -> dict[str, int]:
    """Women and men against the total of their cell and unit."""
    parts = flows.filter(pl.col("category") != "_T").group_by(key).agg(parts=pl.len(), made=pl.col("value_read").sum())
    both = flows.filter(pl.col("category") == "_T").join(parts, on=key)
    of_two = pl.col("parts") == 2
    return {
        "total-mismatch": both.filter(of_two & (pl.col("made") != pl.col("value_read"))).height,
        "total-exceeded": both.filter(~of_two & (pl.col("made") > pl.col("value_read"))).height,
    }


def _history(sound: pl.DataFrame) -> dict[str, int]:
    """Each series against its own past: outliers, flows that restate their total or stand still, levels that return."""
    ratio = 100 * pl.col("numerator_read").cast(pl.Float64) / pl.col("denominator_read").cast(pl.Float64)
    in_kilograms = pl.col("value_read").cast(pl.Float64) * pl.when(pl.col("unit") == "t").then(1000).otherwise(1)
    series = ["indicator", "partner", "location", "category"]
    told = sound.with_columns(amount=pl.when("flow").then(in_kilograms).otherwise(ratio)).sort(*series, "period")
    far = (pl.col("amount") - pl.col("amount").median().over(series)).abs()
    known = told.filter(pl.len().over(series) > 6).with_columns(away=far, median=pl.col("amount").median().over(series))
    spread, mean = pl.col("away").median().over(series), pl.col("away").mean().over(series)
    score = (
        pl.when(spread > 0)
        .then(0.6745 * pl.col("away") / spread)
        .when((mean > 0) & (pl.col("median") != 0))
        .then(pl.col("away") / (1.253314 * mean))
    )
    outliers = known.filter((score > 3.5) & (pl.col("away") > 0.25 * pl.col("median").abs())).height
    by_unit = [*series, "unit"]
    flows = told.filter("flow").sort(*by_unit, "period")
    value, above = pl.col("value_read"), (pl.col("value_read") > 0).cast(pl.Int64)
    flows = flows.with_columns(
        so_far=value.cum_sum().shift(1).over(by_unit),
        above=above.cum_sum().over(by_unit),
        before=value.shift(1).over(by_unit),
    )
    repeats = (value == pl.col("so_far")) & (pl.col("above") - above >= 2) & (value >= 100)
    begun = flows.filter(pl.col("above") > 0).with_columns(first=pl.int_range(pl.len()).over(by_unit) == 0)
    grows = pl.col("first") | (value > pl.col("before")) | ((value == pl.col("before")) & (value >= 100))
    grown = (
        begun.with_columns(grows=grows)
        .group_by(by_unit)
        .agg(
            pl.col("grows").all(), pl.len(), first=value.first().cast(pl.Float64), last=value.last().cast(pl.Float64),
            at=pl.col("at").last(),
        )
        .filter(
            pl.col("grows") & (pl.col("len") >= 4) & (pl.col("first") > 0)
            & (pl.col("last") >= 2 / 3 * pl.col("len") * pl.col("first"))
        )
    )  # fmt: skip
    restated = flows.filter(repeats | pl.col("at").is_in(grown["at"].implode())).height
    return {"value-outlier": outliers, "flow-restates-total": restated}


def _copies(sound: pl.DataFrame) -> dict[str, int]:
    """Partners' reports that are the last one once more, cell by cell."""
    cell, said = (
        ["indicator", "location", "category", "partner"],
        ["value_read", "numerator_read", "denominator_read", "unit"],
    )
    earlier = sound.select(*cell, pl.col("period") + 1, *(pl.col(name).alias(f"{name}_before") for name in said))
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in said)
    equal = sound.join(earlier, on=[*cell, "period"]).filter(same).group_by("partner", "period").len("equal")
    size = sound.group_by("partner", "period").len("size")
    before = size.select("partner", pl.col("period") + 1, size_before="size")
    told = equal.join(size, on=["partner", "period"]).join(before, on=["partner", "period"])
    whole = (pl.col("equal") == pl.col("size")) & (pl.col("size") == pl.col("size_before")) & (pl.col("equal") >= 3)
    return {"report-copied": told.filter(whole).height}


def judged_by_us(path: Path) -> dict[str, int]:
    """What validation finds by code; more than 200,000 rows are read of trusted files alone."""
    return dict(mne.validate(path, plan(partners=PARTNERS), trusted=True).findings.codes)


def workbook_by_us(path: Path) -> int:
    """The rows of a workbook from outside that validation holds back."""
    return mne.validate(path, plan(partners=PARTNERS)).counts.held


def timed(job: Callable[[], object], runs: int) -> float:
    """The median of some runs, in seconds."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return median(taken)


def held_at_most() -> int:
    """The most memory, in kilobytes, that this process and those that it started came to hold.

    Its own figure comes from Linux where there is one: what the system counts for a process begins with that of the one
    that started it.
    """
    status = Path("/proc/self/status")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if status.exists():
        own = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def peak(words: list[str]) -> float:
    """The most memory, in megabytes, that one job takes in a process of its own."""
    code = (
        "import sys; from benchmarks import reports as told;"
        "getattr(told, sys.argv[1])(told.Path(sys.argv[2])); print(told.held_at_most())"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    return int(done.stdout) / (1e6 if sys.platform == "darwin" else 1e3)


def compared(name: str, ours: str, rival: str, path: Path, runs: int) -> None:
    """Times both on the file, in turn, and prints one line."""
    jobs = globals()
    mine, theirs = (timed(lambda job=jobs[each]: job(path), runs) for each in (ours, rival))
    memory = ", ".join(f"{who} {peak([job, str(path)]):.0f} MB" for who, job in (("ours", ours), ("rival", rival)))
    print(f"{name:<28} ours {mine:7.2f} s   rival {theirs:7.2f} s   ratio {mine / theirs:5.2f}   peak: {memory}")


def main() -> None:
    """Makes the files, checks that both sides agree, and times them."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.reports")
    options.add_argument("--workbook-rows", type=int, default=100_000)
    options.add_argument("--csv-rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    print(f"Python {sys.version.split()[0]}, polars {pl.__version__}, openpyxl {openpyxl.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        book, text = Path(folder) / "report.xlsx", Path(folder) / "report.csv"
        table = report(given.workbook_rows)
        saved_as_workbook(table, book)
        name = f"workbook, {table.height:,} rows"
        compared(name, "workbook_by_us", "iterated", book, given.runs)
        table = report(given.csv_rows)
        table.write_csv(text)
        mine, theirs = judged_by_us(text), checked_by_hand(text)
        if mine != theirs:
            sys.exit(f"ours finds {mine} in the CSV file, the query by hand {theirs}")
        compared(f"CSV, {table.height:,} rows", "judged_by_us", "checked_by_hand", text, given.runs)


if __name__ == "__main__":
    main()
