"""Reports three times as large as their memory limit: judged, counted and scored, with the right answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.unit.test_large import PARTNERS, PERIODS, plan

LIMIT = 64
"""Megabytes."""

CHILD = """
import json, sys
from pathlib import Path
import mne

plan = mne.Logframe.model_validate_json(Path(sys.argv[1]).read_text())

def scored(path):
    report = mne.validate(path, plan, memory_limit={limit}, spill=sys.argv[3] if {limit} else None, trusted=True)
    values = mne.aggregate(report.observations, plan)
    mne.score(values)
    return report.counts, values["N"].amount.value

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000

scored(sys.argv[2] + "/small.parquet")  # libraries and threads take what they take
Path("/proc/self/clear_refs").write_text("5")
before = peak()
counts, number = scored(sys.argv[2] + "/large.parquet")
print(json.dumps({{"took": peak() - before, "accepted": counts.accepted, "held": counts.held, "number": str(number)}}))
"""


def scored(folder: Path, limit: int | None) -> dict[str, object]:
    """What a process of its own makes of the large table, and the megabytes that it took for it."""
    words = [sys.executable, "-c", CHILD.format(limit=limit and limit * 10**6), folder / "plan.json", folder]
    done = subprocess.run([*words, folder / "spill"], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the peak of a process")
def test_a_table_three_times_the_limit(tmp_path: Path) -> None:
    rows = 97 * 16 * 80
    at = pl.int_range(rows)
    large = pl.select(
        indicator=pl.lit("N"),
        period=pl.lit(PERIODS).list.get(at % 4),
        partner=pl.lit(PARTNERS).list.get(at // 4 % 4),
        location=pl.format("L{}", at // 16 % 97),
        value=1 + at % 3,
        # A newer revision replaces the older ones, so that the last of each cell counts.
        revision=at // (97 * 16),
        comment=pl.format("{} for the visit on which this was counted" + ", and what people there told" * 30, at),
        evidence=pl.format(
            "list number {} of the people who came, signed by all of them, page {}" + " and what the list says" * 36,
            at,
            at % 90,
        ),
    )
    large.write_parquet(tmp_path / "large.parquet")
    large[: 97 * 16].write_parquet(tmp_path / "small.parquet")
    (tmp_path / "plan.json").write_text(plan().model_dump_json())
    spill = tmp_path / "spill"
    spill.mkdir()
    assert large.estimated_size("mb") >= 3 * LIMIT
    told, whole = scored(tmp_path, LIMIT), scored(tmp_path, None)
    newest = large.filter(pl.col("revision") == 79)
    assert told["accepted"] + told["held"] == rows
    assert told["number"] == str(newest["value"].sum())
    assert {name: told[name] for name in ("accepted", "held", "number")} == {
        name: whole[name] for name in ("accepted", "held", "number")
    }
    # No hard cap, as the page on memory says; but far from what the whole table takes.
    assert told["took"] < 0.7 * whole["took"], (told, whole)
    assert not list(spill.iterdir())
