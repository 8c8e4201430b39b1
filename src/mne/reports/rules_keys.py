"""Rules about rows that report the same cell.

Read `KEYS` first. Which of two rows counts is settled by revision and day of receipt: rows that neither tells apart
contradict each other, and none of them counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from mne.ground.phrases import phrase
from mne.logframe.indicator import TOTAL, Measure
from mne.reports.context import NOTHING
from mne.reports.rule import Rule
from mne.reports.rules_periods import of_another_year
from mne.reports.rules_shares import SHARES
from mne.tables.engine import DAWN
from mne.tables.observations import KEY
from mne.tables.plan import MARK

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged

__all__ = ["EXACT", "KEYS", "decimal_text"]

REPORT: Final = (*KEY, "revision", "status")
"""The columns that name one report of one cell."""

CONTENT: Final = ("said_amount", "numerator", "denominator", "state", "said_text")
"""What two reports of one cell can differ in: the value in the indicator's unit, and words only where they are it."""

EXACT: Final = 12
"""Digits to which converted values are compared."""

_CLOSE: Final = 50
_FEW: Final = 3
_SAID: Final = 6
_AND_MORE: Final = phrase("{some} and {more} more")
_IN_CELL: Final = phrase("{figure} ({where})")
_IN_ROW: Final = phrase("{figure} (row {where})")
_THAT_ROW: Final = phrase("row {where}, for {period}")
_ANOTHER: Final = phrase("another row, for {period}")
_DAY: Final = pl.col("reported_on").fill_null(DAWN)


def _contested(judged: Judged) -> pl.DataFrame:
    """Rows whose report is not the only one of its name.

    Shape: some of the sound rows, with `report` (a number for each name), `content` (a number for each different
    content), `contents` (how many of them the report has), `conflict` (nothing settles which counts), and `first`
    (`source_order` of the row of the report that was received, and read, first).
    """
    rows = judged.repeated
    # A row of a mistyped year is no rival of the figures of the year that it names.
    rows = rows.filter(~pl.col("source_order").is_in(judged.once(of_another_year).implode()))
    reports = rows.group_by(REPORT).len().filter(pl.col("len") > 1).drop("len").with_row_index("report")
    # 170 kg and 0.17 t say the same, and so do "yes" and "oui".
    some = rows.join(reports, on=list(REPORT)).with_columns(
        said_amount=(pl.col("value").cast(pl.Float64) * pl.col("factor")).round_sig_figs(EXACT),
        said_text=pl.when(pl.col("words")).then(pl.col("text").str.strip_chars()),
    )
    contents = some.select("report", *CONTENT).unique().with_row_index("content")
    some = some.join(contents, on=["report", *CONTENT], nulls_equal=True).sort("report", _DAY, "source_order")
    some = some.with_columns(
        contents=pl.col("content").n_unique().over("report"),
        first=pl.col("source_order").first().over("report"),
        clash=(pl.col("content").n_unique() > 1).over("report", _DAY),
        undated=pl.col("reported_on").is_null().any().over("report"),
    )
    # Several stories of one quarter are several stories.
    told = pl.col("measure") == Measure.NARRATIVE.value
    unsettled = (pl.col("contents") > 1) & (pl.col("clash").any().over("report") | pl.col("undated")) & ~told
    return some.with_columns(conflict=unsettled).drop("clash", "undated")


def _copies(judged: Judged) -> pl.DataFrame:
    """Rows that repeat another of the same day, or of any day where the report never said anything else.

    Shape: `source_order`, `there` (where the other stands), `related` and `natural`: whether such a table says the
    same figure again without anybody having pasted it.
    """
    some = judged.once(_contested).filter(~pl.col("conflict"))
    day = pl.when(pl.col("contents") > 1).then(_DAY)
    some = some.with_columns(earlier=pl.col("source_order").first().over("report", "content", day))
    copies = some.filter(pl.col("source_order") != pl.col("earlier"))
    first = some.select(
        "source_file", "source_sheet", "source_row", earlier="source_order", period=pl.coalesce("plan_period", "period")
    )
    natural = pl.concat([_again_below_its_parts(copies, judged), _of_an_older_report(copies, some, judged)])
    copies = copies.select("earlier", "source_order", mine="source_file", own="source_sheet").join(first, on="earlier")
    other = pl.col("source_file").ne_missing(pl.col("mine"))
    file = pl.when(other).then(pl.col("source_file").str.split(MARK).list.last() + pl.lit("!"))
    sheet = pl.when(other | pl.col("source_sheet").ne_missing(pl.col("own"))).then(pl.col("source_sheet") + pl.lit("!"))
    row = pl.col("source_row").cast(pl.String)
    words = pl.when(row.is_null()).then(pl.lit(_ANOTHER.template)).otherwise(pl.lit(_THAT_ROW.template))
    where = pl.concat_str(file.fill_null(""), sheet.fill_null(""), row.fill_null(""))
    return copies.select(
        "source_order",
        there=pl.struct(phrase=words, where=where, period=pl.col("period").str.split(MARK).list.last()),
        related=pl.concat_list("earlier"),
        natural=pl.col("source_order").is_in(natural.implode()),
    )


def _again_below_its_parts(copies: pl.DataFrame, judged: Judged) -> pl.Series:
    """Totals that stand in a workbook beneath each of several splits: between two of them stand parts of the second.

    Shape: their `source_order`.
    """
    totals = copies.filter((pl.col("category") == TOTAL) & pl.col("source_cell").is_not_null())
    if not totals.height:
        return totals["source_order"]
    cell = ["indicator", "partner", "location", "period_start", "period_end", "source_file", "source_sheet"]
    parts = judged.sound_rows.keep((pl.col("category") != TOTAL) & pl.col("source_cell").is_not_null())
    between = totals.select(*cell, "source_order", "earlier").join(
        parts.select(*cell, part=pl.col("source_order")), on=cell, nulls_equal=True
    )
    inside = (pl.col("part") > pl.col("earlier")) & (pl.col("part") < pl.col("source_order"))
    return between.filter(inside)["source_order"].unique()


def _of_an_older_report(copies: pl.DataFrame, reports: pl.DataFrame, judged: Judged) -> pl.Series:
    """Figures that a report has beside its own newer ones, as they were reported in another file that ends earlier.

    Shape: their `source_order`.
    """
    files = reports.select("source_file", earlier="source_order")
    elsewhere = copies.join(files, on="earlier", suffix="_there")
    elsewhere = elsewhere.filter(pl.col("source_file") != pl.col("source_file_there"))
    if not elsewhere.height:
        return elsewhere["source_order"]
    newest = judged.every.lazy().group_by("source_file").agg(until=pl.col("period_end").max()).collect()
    for side in ("", "_there"):
        until = newest.rename({name: name + side for name in newest.columns})
        elsewhere = elsewhere.join(until, on=f"source_file{side}")
    return elsewhere.filter(pl.col("until") != pl.col("until_there"))["source_order"]


def _duplicates(asked: Asked) -> pl.DataFrame:
    """Rows that somebody entered twice."""
    if not asked.judged.repeated.height:
        return NOTHING
    return asked.judged.once(_copies).filter(~pl.col("natural")).drop("natural")


def _said_again(asked: Asked) -> pl.DataFrame:
    """Rows that say once more what another says, as tables of their kind do."""
    if not asked.judged.repeated.height:
        return NOTHING
    return asked.judged.once(_copies).filter("natural").drop("natural")


def _conflicts(asked: Asked) -> pl.DataFrame:
    """Every row of a contradiction is held, and points at the others."""
    if not asked.judged.repeated.height:
        return NOTHING
    parts = pl.format("{}/{}", decimal_text("numerator"), decimal_text("denominator"))
    some = asked.judged.once(_contested).filter("conflict").sort("source_order")
    # Where each of them stands: the cell alone in one table, else with its sheet or its file.
    elsewhere = [pl.col(name).n_unique().over("report") > 1 for name in ("source_file", "source_sheet")]
    some = some.with_columns(
        figure=pl.coalesce(pl.col("text"), decimal_text("value"), parts, pl.col("state")),
        file=pl.when(elsewhere[0]).then(pl.col("source_file").str.split(MARK).list.last() + pl.lit("!")).fill_null(""),
        sheet=pl.when(elsewhere[0] | elsewhere[1]).then(pl.col("source_sheet") + pl.lit("!")).fill_null(""),
    )
    in_row = pl.when(pl.col("source_row").is_not_null()).then(pl.lit(_IN_ROW.template)).otherwise(pl.lit("{figure}"))
    words = pl.when(pl.col("source_cell").is_not_null()).then(pl.lit(_IN_CELL.template)).otherwise(in_row)
    where = pl.coalesce("source_cell", pl.col("source_row").cast(pl.String))
    some = some.with_columns(
        told=pl.struct(
            "figure",
            phrase=words,
            where=pl.concat_str(pl.col("file"), pl.col("sheet"), where.fill_null("")),
        )
    )
    told = pl.col("told").filter(pl.col("figure").is_first_distinct())
    # Each of n rows pointing at the n others would be n² places, and a column filled downwards has thousands of rows.
    others = some.group_by("report").agg(
        related=pl.when(pl.len() <= _CLOSE)
        .then(pl.col("source_order").implode())
        .otherwise(pl.col("source_order").head(_FEW).implode()),
        said=pl.struct(
            phrase=pl.when(told.len() > _SAID).then(pl.lit(_AND_MORE.template)).otherwise(pl.lit("{some}")),
            some=told.head(_SAID).implode(),
            more=told.len() - _SAID,
        ),
    )
    some = some.join(others, on="report")
    return some.select("source_order", "said", "related")


def _superseded(asked: Asked) -> pl.DataFrame:
    """Later reports that say something else under the number of an earlier one: they count, since they came later."""
    if not asked.judged.repeated.height:
        return NOTHING
    told = pl.col("measure") == Measure.NARRATIVE.value
    some = asked.judged.once(_contested).filter(~pl.col("conflict") & ~told & (pl.col("contents") > 1))
    some = some.with_columns(before=pl.col("content").shift(1).over("report"))
    later = some.filter(pl.col("before").is_not_null() & (pl.col("content") != pl.col("before")))
    return later.select("source_order", related=pl.concat_list("first"))


def _backwards(asked: Asked) -> pl.DataFrame:
    """Revisions received before one with a lower number."""
    if not asked.judged.repeated.height:
        return NOTHING
    dated = asked.judged.repeated.filter(pl.col("reported_on").is_not_null())
    # What is there twice under one number is of no cell with several; most repeated rows are such copies.
    several = dated.group_by("series").agg(pl.col("revision").min(), last=pl.col("revision").max())
    series = several.filter(pl.col("revision") < pl.col("last"))["series"]
    days = (
        dated.filter(pl.col("series").is_in(series.implode()))
        .group_by(*KEY, "revision")
        .agg(pl.col("reported_on").min(), latest=pl.col("reported_on").max(), source_order=pl.col("source_order").min())
        .sort(*KEY, "revision")
        .with_columns(
            earlier_day=pl.col("latest").cum_max().shift(1).over(KEY), earlier=pl.col("source_order").shift(1).over(KEY)
        )
    )
    found = days.filter(pl.col("reported_on") < pl.col("earlier_day"))
    return found.select("source_order", "earlier_day", related=pl.concat_list("earlier"))


def decimal_text(column: str) -> pl.Expr:
    """A column of decimals as people write them, without the zeros of the type."""
    return pl.col(column).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")


KEYS: Final[tuple[Rule, ...]] = (
    *SHARES,
    Rule(
        code="key-conflict",
        at=("value", "numerator", "text", "state"),
        scope="table",
        spread="partner",
        over="sound",
        find=_conflicts,
        expected="one figure for {indicator} in {plan_period}, not {said}",
        holds=True,
    ),
    Rule(
        code="row-duplicate",
        at="indicator",
        scope="table",
        spread="partner",
        over="sound",
        find=_duplicates,
        expected="{there}",
        holds=True,
    ),
    Rule(
        code="figure-again",
        at=("value", "numerator", "indicator"),
        scope="table",
        spread="partner",
        over="sound",
        find=_said_again,
        expected="{there}",
        holds=True,
    ),
    Rule(
        code="revision-unnumbered",
        at=("revision", "reported_on"),
        scope="table",
        spread="partner",
        over="sound",
        find=_superseded,
        expected="a higher revision than {revision}",
    ),
    Rule(
        code="revision-order",
        at="reported_on",
        scope="table",
        spread="partner",
        over="sound",
        find=_backwards,
        expected="a day from {earlier_day} on",
    ),
)
"""The rules about several rows for one cell."""
