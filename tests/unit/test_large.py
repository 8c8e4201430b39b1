"""Tables larger than memory: every kind of source, what is left behind, and what cannot be read in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pyarrow as pa
import pytest

import mne
from mne.errors import WriteError
from mne.reports import large
from mne.tables import buckets
from mne.tables.buckets import Buckets, batches, bytes_of
from tests.unit.test_engines import relation

PARTNERS = ("P-A", "P-B", "P-C", "P-D")
PERIODS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")


def plan() -> mne.Logframe:
    return mne.Logframe.model_validate(
        {
            "id": "P", "title": "P", "start": "2024-01-01", "end": "2024-12-31",
            "organisations": [{"id": id, "title": id, "roles": ["partner"]} for id in PARTNERS],
            "locations": [{"id": f"L{at}", "title": f"Place {at}"} for at in range(97)],
            "results": [
                {
                    "id": "OC", "level": "outcome", "title": "OC",
                    "indicators": [
                        {"id": "N", "title": "Kilos", "measure": "number", "unit": "kg", "accumulation": "flow"},
                        {"id": "R", "title": "Ratio", "measure": "ratio", "accumulation": "level"},
                    ],
                }
            ],
        }
    )  # fmt: skip


def table(rows: int = 3_000) -> pl.DataFrame:
    """Plain rows, with a wrong one here and there: of figures in texts, as any table of a machine may have them."""
    at = pl.int_range(rows)
    return pl.select(
        indicator=pl.when(at % 700 == 5).then(pl.lit("X")).otherwise(pl.lit("N")),
        period=pl.lit(PERIODS).list.get(at % 4),
        partner=pl.when(at % 900 == 11).then(pl.lit("P-Z")).otherwise(pl.lit(PARTNERS).list.get(at % 7 % 4)),
        location=pl.format("L{}", at % 97),
        value=pl.format("{}.25", at % 50),
    )


@pytest.fixture
def small() -> Iterator[None]:
    """Parts of some hundred rows."""
    with patch.object(large, "rows_of", lambda _, each: 400 if each != large.ODD_ROW else 100_000):
        yield


def told(report: mne.ValidationReport) -> Any:
    return report.to_dict(), report.observations.to_polars().rows()


SOURCES: dict[str, Callable[[pl.DataFrame, Path], Any]] = {
    "polars": lambda frame, _: frame,
    "lazy": lambda frame, _: frame.lazy(),
    "pandas": lambda frame, _: frame.to_pandas(),
    "arrow": lambda frame, _: frame.to_arrow(),
    "duckdb": lambda frame, _: relation(frame),
    "observations": lambda frame, _: mne.validate(frame, plan()).observations,
    "parquet": lambda frame, folder: [frame.write_parquet(folder / "a.parquet"), folder / "a.parquet"][1],
    "csv": lambda frame, folder: [frame.write_csv(folder / "a.csv"), folder / "a.csv"][1],
    "files": lambda frame, folder: [
        frame[:2_000].write_parquet(folder / "a.parquet"), frame[2_000:].write_parquet(folder / "b.parquet"), folder,
    ][2],
}  # fmt: skip


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source_gives_the_same_report_in_parts(kind: str, tmp_path: Path) -> None:
    frame = table()
    with patch.object(large, "read_in_pieces", wraps=large.read_in_pieces) as asked:
        parts = mne.validate(SOURCES[kind](frame, tmp_path), plan(), memory_limit="1GB")
    assert asked.call_count
    assert told(parts) == told(mne.validate(SOURCES[kind](frame, tmp_path), plan()))


@pytest.mark.usefixtures("small")
def test_plain_rows_are_never_all_in_memory() -> None:
    """Only odd rows, and one plain row of each piece, are read cell by cell."""
    from mne.reports import pieces

    with patch.object(pieces, "one_by_one", wraps=pieces.one_by_one) as asked:
        mne.validate(table(), plan(), memory_limit="1GB")
    assert [len(call.args[0].numbers) for call in asked.call_args_list] == [5 + 4 + 30]


@pytest.mark.usefixtures("small")
def test_a_decimal_mark_that_late_rows_prove_counts_for_all(tmp_path: Path) -> None:
    frame = table().with_columns(
        value=pl.when(pl.int_range(pl.len()) < 2_000).then(pl.lit("1,234")).otherwise(pl.lit("2,5"))
    )
    frame.write_csv(tmp_path / "a.csv", separator=";")
    assert told(mne.validate(tmp_path / "a.csv", plan(), memory_limit="1GB")) == told(
        mne.validate(tmp_path / "a.csv", plan())
    )
    with pytest.raises(mne.EngineError, match="once only"):
        mne.validate(pa.RecordBatchReader.from_stream(frame), plan(), memory_limit="1GB")


class StopError(Exception):
    """What a caller raises to end the work."""


@pytest.mark.usefixtures("small")
def test_a_table_without_rows_is_one_of_no_parts() -> None:
    whole, parts = (mne.validate(table(0), plan(), memory_limit=limit) for limit in (None, "1GB"))
    assert parts.to_dict() == whole.to_dict()
    assert parts.held.to_polars().equals(whole.held.to_polars())
    assert parts.held_rows.equals(whole.held_rows)
    assert parts.observations.to_polars().equals(whole.observations.to_polars())
    assert mne.aggregate(parts.observations, plan()) == mne.aggregate(whole.observations, plan())


def test_the_last_day_of_a_partner_is_known_where_a_row_alone_is_told() -> None:
    some = pl.when(pl.int_range(3_000) < 60).then(pl.lit("2024-08-01"))
    frame = table().with_columns(period=pl.lit("2024-Q4"), reported_on=some)
    whole, parts = (mne.validate(frame, plan(), memory_limit=limit) for limit in (None, "1GB"))
    days = {str(each.expected) for each in whole.findings.of("period-future")}
    assert days == {"a period that had begun by 2024-08-01"}
    assert told(parts) == told(whole)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("when", [0, 3, 12, 20])
def test_nothing_is_left_behind(when: int, tmp_path: Path) -> None:
    seen: list[str] = []

    def stop(done: int, total: int, label: str) -> None:
        seen.append(label)
        if len(seen) > when:
            raise StopError(label)

    with pytest.raises(StopError):
        mne.validate(table(), plan(), memory_limit="1GB", spill=tmp_path, progress=stop)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("small")
def test_observations_stay_in_files_as_long_as_they_are_used(tmp_path: Path) -> None:
    report = mne.validate(table(), plan(), memory_limit="1GB", spill=tmp_path)
    observations = report.observations
    assert len(list(tmp_path.iterdir())) == 1
    del report
    assert observations.to_lazy().select(pl.len()).collect().item() == len(observations)
    assert sum(part.height for part in observations.parts()) == len(observations)
    assert all(part.height <= 1_000 for part in observations.parts())
    observations.write_parquet(tmp_path / "kept.parquet")
    assert pl.read_parquet(tmp_path / "kept.parquet").height == len(observations)
    assert "files" in repr(observations)
    with pytest.raises(WriteError):
        observations.write_parquet(tmp_path / "no" / "kept.parquet")
    del observations
    assert [path.name for path in tmp_path.iterdir()] == ["kept.parquet"]


def test_a_rule_of_ones_own_says_how_far_apart_its_rows_stand() -> None:
    def repeats(asked: Any) -> pl.LazyFrame:
        return asked.rows.group_by("partner").agg(pl.col("source_order").first())

    options: dict[str, Any] = {"code": "own-rule", "message": "Once.", "at": "value", "scope": "table"}
    with pytest.raises(mne.OptionError, match="several partners"):
        mne.validate(table(), plan(), rules=[mne.Rule(**options, find=repeats)], memory_limit="1GB")
    mine = mne.Rule(**options, find=repeats, spread="partner")
    with patch.object(large, "rows_of", lambda _, each: 400 if each != large.ODD_ROW else 100_000):
        report = mne.validate(table(), plan(), rules=[mine], memory_limit="1GB")
    assert report.findings.codes["own-rule"] == len(PARTNERS)
    with pytest.raises(mne.OptionError, match="spread"):
        mne.Rule(**options, find=repeats, spread="anywhere")  # type: ignore[arg-type]
    with pytest.raises(mne.OptionError, match="merge"):
        mne.Rule(**options, find=repeats, merge=lambda found, _: found, holds=True)


@pytest.mark.parametrize("limit", ["2 parsecs", "1MB", -1, True, "", 1.5])
def test_a_limit_is_a_size(limit: Any) -> None:
    with pytest.raises(mne.OptionError, match="memory_limit"):
        mne.validate(table(10), plan(), memory_limit=limit)


def test_sizes() -> None:
    assert [bytes_of(each) for each in ("2GB", "500 MB", "1GiB", "0.5gb", 10**9)] == [
        2 * 10**9, 500 * 10**6, 1 << 30, 500 * 10**6, 10**9,
    ]  # fmt: skip
    with pytest.raises(mne.OptionError, match="spill"):
        mne.validate(table(10), plan(), memory_limit="1GB", spill="/no/such/folder")


def refused(source: Any, **options: Any) -> tuple[str, str]:
    """The code, and what was found, of a source that is too large and cannot be judged in parts."""
    told = mne.validate(source, plan(), memory_limit="1GB", **options)
    (finding,) = told.findings
    assert not told.ok
    assert told.counts.accepted == 0
    assert all(each.refused for each in told.sources)
    return finding.code, finding.found


@pytest.mark.usefixtures("small")
def test_what_is_no_plain_table_is_told(tmp_path: Path) -> None:
    wide = table().rename({"period": "2024-Q1"}).drop("value").with_columns(value=pl.lit("2"))
    assert refused(wide) == ("limit-parts", "it does not have one row for each figure")
    broken = tmp_path / "broken.csv"
    table().with_columns(comment=pl.lit("a\nb")).write_csv(broken)
    with patch.object(large, "rows_of", lambda *_: 1_000):
        code, found = refused(broken)
    assert (code, "no line breaks within cells" in found) == ("limit-parts", True)
    with patch.object(large, "rows_of", lambda _, each: 400 if each != large.ODD_ROW else 10):
        odd = table().with_columns(value=pl.lit("about 5"))
        code, found = refused(odd)
    assert (code, "more than 10 of its rows" in found) == ("limit-parts", True)
    torn = tmp_path / "torn.parquet"
    table().write_parquet(torn)
    torn.write_bytes(torn.read_bytes()[:-20])
    assert refused(torn)[0] == "parquet-malformed"


@pytest.mark.usefixtures("small")
def test_what_cannot_be_judged_in_parts_keeps_no_other_source_from_being_judged() -> None:
    with patch.object(large, "rows_of", lambda *_: 400):
        odd = table().with_columns(value=pl.when(pl.int_range(pl.len()) > 500).then(pl.lit("many")).otherwise("value"))
        told = mne.validate([odd, table()], plan(), memory_limit="1GB")
        alone = mne.validate(table(), plan(), memory_limit="1GB")
    assert [each.refused for each in told.sources] == [True, False]
    assert told.counts.accepted == alone.counts.accepted > 0
    assert set(told.findings.codes) == {"limit-parts", *alone.findings.codes}


@pytest.mark.usefixtures("small")
def test_a_text_table_with_quotes_is_read_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    table().with_columns(comment=pl.lit('seen, "twice"')).write_csv(path)
    with patch.object(large, "rows_of", lambda *_: 1_000):
        parts = mne.validate(path, plan(), memory_limit="1GB")
    assert parts.to_dict() == mne.validate(path, plan()).to_dict()
    assert parts.observations.to_polars()["comment"].unique().to_list() == ['seen, "twice"']


def test_buckets_and_batches(tmp_path: Path) -> None:
    frame = pl.DataFrame({"partner": ["A", None, "B", "A"], "n": [1, 2, 3, 4]})
    with Buckets(most=2, spill=tmp_path, rows=4) as store:
        store.add(frame)
        assert store.scan().collect().sort("n").equals(frame)  # type: ignore[union-attr]
        found = [store.scan(part).collect() for part in store.parts()]  # type: ignore[union-attr]
        assert sorted(row for each in found for row in each["n"]) == [1, 2, 3, 4]
        assert [len({*each["partner"]} & {"A"}) for each in found].count(1) == 1
        store.drop(0)
        assert store.scan() is None
    assert not list(tmp_path.iterdir())
    for source in (frame, frame.lazy(), frame.to_arrow(), frame.to_pandas()):
        assert [len(each) for each in batches(source, 3)] == [3, 1]
    with Buckets(most=2, spill=tmp_path) as store:
        store.folder.chmod(0o500)
        store.folder.rmdir()
        with pytest.raises(mne.EngineError, match="cannot be written"):
            store.add(frame)
    assert buckets.rows_of(10**9, 10) == 10**8


@pytest.mark.usefixtures("small")
def test_the_command_takes_a_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from mne.cli import app

    (tmp_path / "plan.json").write_text(plan().model_dump_json())
    table().write_parquet(tmp_path / "a.parquet")
    options = ["-l", str(tmp_path / "plan.json"), "-f", "json", "-q"]
    shown = []
    for more in ([], ["--memory-limit", "1GB", "--spill", str(tmp_path)]):
        with pytest.raises(SystemExit) as ended:
            app(["validate", str(tmp_path / "a.parquet"), *options, *more])
        assert ended.value.code == 1
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    assert {path.name for path in tmp_path.iterdir()} == {"plan.json", "a.parquet"}


def test_rows_held_without_a_code_stay_held_beside_what_is_held_for_what_is_elsewhere() -> None:
    # A row that looks like a total is set aside by a remark, which is the code of no error.
    early = pl.DataFrame({"source_order": [1, 2], "codes": [["unit-invalid"], []]})
    late = pl.DataFrame({"source_order": [1, 3], "code": ["total-and-partners", "total-and-partners"]})
    assert large.all_codes(early, late).rows() == [
        (1, ["total-and-partners", "unit-invalid"]), (2, []), (3, ["total-and-partners"]),
    ]  # fmt: skip
