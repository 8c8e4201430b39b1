"""What validation hands back: a verdict, what was checked, what was found, and every row, accepted or held.

Read `ValidationReport` first. Its counts add up: every row that was read is accepted, held or ignored, once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from mne.ground.catalogue import Severity
from mne.ground.findings import Findings
from mne.ground.phrases import phrase_n

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    import pandas as pd
    import polars as pl

    from mne.reports.mail import Email
    from mne.reports.reading import SourceFile
    from mne.tables.observations import Observations

__all__ = ["Checked", "Counts", "Held", "ValidationReport", "Verdict", "as_written"]

RULES_VERSION: Final = "1"
"""Moves when a rule is added, or says something else than before."""


class Verdict(StrEnum):
    """What to answer the partner."""

    ACCEPT = "accept"
    ACCEPT_WITH_NOTES = "accept with notes"
    SEND_BACK = "send back"


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule that was run: how many rows it looked at, and how many findings it gave."""

    code: str
    rows: int
    findings: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there were below the headers; `rows` is the sum of `accepted`, `held` and `ignored`.

    `compared` are those of the ignored that are no part of the report: rows of earlier periods that lay beside it.
    """

    rows: int
    accepted: int
    held: int
    ignored: int
    compared: int = 0

    @property
    def own(self) -> int:
        """Rows of the report itself."""
        return self.rows - self.compared

    @property
    def passed(self) -> int:
        """Rows of the report itself that were passed over: blank ones, repeated headers, instructions."""
        return self.ignored - self.compared


class Held:
    """The rows that do not count until they are mended, in the partner's own words.

    Shape: one row per row held: file, sheet, row, cell, codes, and one column per header as written.
    """

    __slots__ = ("_read", "_rows")

    def __init__(self, frame: pl.DataFrame | Callable[[], pl.DataFrame], *, rows: int | None = None) -> None:
        """A table, or what gives it when somebody asks, and then how many `rows` it has."""
        self._read = frame if callable(frame) else lambda: frame
        self._rows = len(self._frame) if rows is None else rows

    @property
    def _frame(self) -> pl.DataFrame:
        return self._read()

    def __len__(self) -> int:
        return self._rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and self._frame.equals(other._frame)

    __hash__ = None  # type: ignore[assignment]  # a table is compared, never a key

    def to_polars(self) -> pl.DataFrame:
        """The held rows as Polars; everything the partner wrote is text."""
        return self._frame

    def to_pandas(self) -> pd.DataFrame:
        """The held rows as pandas; everything the partner wrote is text."""
        return self._frame.to_pandas()

    def __repr__(self) -> str:
        return f"Held({phrase_n('{n} row', '{n} rows', len(self))})"


def as_written(raw: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The held rows in the partner's own words, with their places and the codes that hold them."""
    import polars as pl

    places = held.select(
        "source_order",
        pl.col("source_file").alias("file"),
        pl.col("source_sheet").alias("sheet"),
        pl.col("source_row").alias("row"),
        pl.col("source_cell").alias("cell"),
        pl.col("codes").list.join(", "),
    )
    # A few rows of many: what is not held need not be looked up.
    raw = raw.filter(pl.col("source_order").is_in(held["source_order"].implode()))
    raw = raw.rename({name: f"{name}{AS_WRITTEN}" for name in raw.columns if name in PLACES})
    return places.join(raw, on="source_order", how="left").drop("source_order")


PLACES: Final = frozenset({"file", "sheet", "row", "cell", "codes"})
"""The columns of the held rows that say where each stands and why it is held."""

AS_WRITTEN: Final = " (as written)"
"""What follows a partner's own header that is one of `PLACES`."""


def _no_rows() -> pl.DataFrame:
    import polars as pl

    from mne.tables.observations import polars_schema

    return pl.DataFrame(schema=polars_schema())


@dataclass(frozen=True)
class ValidationReport:
    """What `validate` found in partners' reports on one logframe."""

    plan_id: str
    findings: Findings
    observations: Observations
    """The accepted rows, ready for `aggregate`."""
    held: Held
    counts: Counts
    checked: tuple[Checked, ...]
    sources: tuple[SourceFile, ...]
    by_partner_and_period: pl.DataFrame = field(repr=False, compare=False)
    """One row per partner and period: rows accepted and rows held."""
    held_typed: Callable[[], pl.DataFrame] = field(default=_no_rows, repr=False, compare=False)
    """What gives `held_rows`."""
    rules_version: str = RULES_VERSION
    hidden: Findings = field(default_factory=Findings, repr=False)
    """What `select` and `ignore` keep from being shown; a row that it holds back is held all the same."""

    @property
    def held_rows(self) -> pl.DataFrame:
        """The rows held as far as they could be typed; the columns of an observation table."""
        return self.held_typed()

    @property
    def verdict(self) -> Verdict:
        """Send back when something cannot count, shown or not; else accept, with notes if there are warnings."""
        worst = self.findings.worst
        if worst in (Severity.BLOCKER, Severity.ERROR) or self._is_held_in_silence():
            return Verdict.SEND_BACK
        return Verdict.ACCEPT_WITH_NOTES if worst is Severity.WARNING else Verdict.ACCEPT

    def _is_held_in_silence(self) -> bool:
        """Whether a file or a row does not count for a reason that is not shown."""
        if not self.hidden:
            return False
        holding = {code for codes in self.held.to_polars()["codes"] for code in codes.split(", ")}
        return any(
            level is Severity.BLOCKER or (level is Severity.ERROR and code in holding)
            for code, level in self.hidden.counts
        )

    @property
    def ok(self) -> bool:
        """Whether nothing has to be sent back."""
        return self.verdict is not Verdict.SEND_BACK

    def __repr__(self) -> str:
        counts = self.counts
        beside = f", {counts.compared} of earlier periods only compared with" if counts.compared else ""
        return (
            f"ValidationReport({self.verdict}: {counts.accepted} of {counts.own} rows accepted, "
            f"{counts.held} held{beside}; {self.findings.summary()})"
        )

    __str__ = __repr__

    def to_pandas(self, *, lang: str | None = None) -> pd.DataFrame:
        """The findings, one row each, their sentences in `lang`."""
        return self.findings.to_pandas(lang=lang)

    def to_dict(self, *, lang: str | None = None) -> dict[str, Any]:
        """Plain data for JSON, `format` 1; `report_schema` says what each entry means; sentences are in `lang`."""
        return {
            "format": 1,
            "logframe": self.plan_id,
            "verdict": str(self.verdict),
            "ok": self.ok,
            "rules_version": self.rules_version,
            "counts": {
                "rows": self.counts.rows,
                "accepted": self.counts.accepted,
                "held": self.counts.held,
                "ignored": self.counts.ignored,
                "compared": self.counts.compared,
            },
            "severities": {str(severity): count for severity, count in self.findings.severities.items()},
            "codes": dict(self.findings.codes),
            "hidden": dict(self.hidden.codes),
            "sources": [
                {
                    "name": each.name,
                    "kind": each.kind,
                    "sha256": each.sha256,
                    "rows": each.rows,
                    "read": each.read,
                    "ignored": each.ignored,
                    "compared": each.compared,
                    "refused": each.refused,
                }
                for each in self.sources
            ],
            "reported": self.by_partner_and_period.to_dicts(),
            "checked": [{"code": each.code, "rows": each.rows, "findings": each.findings} for each in self.checked],
            "findings": self.findings.to_dicts(lang=lang),
            "held": self.held.to_polars().to_dicts(),
        }

    def to_json(self, *, lang: str | None = None) -> str:
        """`to_dict` as JSON text; `report_schema` says what it holds."""
        return json.dumps(self.to_dict(lang=lang), ensure_ascii=False, indent=2, default=str) + "\n"

    def to_markdown(self, *, lang: str | None = None) -> str:
        """The report as Markdown, for a mail or a wiki."""
        from mne._render import markdown

        return markdown(self, lang=lang)

    def to_junit(self) -> str:
        """The report as JUnit XML for a build server: a suite for each file, a test case for each rule.

        Blockers and errors fail their case; warnings and remarks stand in its output.
        """
        from mne._render import rendered

        return str(rendered(self, "junit"))

    def to_sarif(self) -> str:
        """The report as SARIF 2.1.0, which code hosts show beside the lines that findings are about."""
        from mne._render import rendered

        return str(rendered(self, "sarif"))

    def to_email(self, *, lang: str | None = None, limit: int = 20) -> Email:
        """The answer to the partner: what came, what to do first, and the cells to mend.

        Args:
            lang: the language of the letter: en, fr, ru or tg.
            limit: how many findings are listed, the gravest first; the letter says how many more there are, and that
                they stand in the annotated copy: attach that.

        Raises:
            OptionError: `limit` is less than 1.
        """
        from mne._render import email

        return email(self, lang=lang, limit=limit)

    def emails(self, *, lang: str | None = None, limit: int = 20) -> Mapping[str | None, Email]:
        """The answer to each partner by their code; what names no partner stands under None.

        Raises:
            OptionError: `limit` is less than 1.
        """
        from mne._render import emails

        return emails(self, lang=lang, limit=limit)

    def save(self, path: Any, *, lang: str | None = None) -> None:
        """Write the report to `path` in `lang`, by the ending: .html, .json, .md or .txt.

        An ending of .xml is JUnit, and .sarif SARIF, both in English. With .csv, .jsonl and .parquet the findings alone
        are written.

        Raises:
            OptionError: the ending is none of these.
        """
        from mne._render import save

        save(self, path, lang=lang)

    def annotate(
        self, source: Any, output: str | os.PathLike[str], *, lang: str | None = None, force: bool = False
    ) -> Findings:
        """Write a copy of a file that was checked, with what to fix marked in it, to hand back to the partner.

        The copy is the partner's own workbook with a first sheet "What to fix", a comment and a colour on each cell
        that a finding names; all else stays as it was. Of a text file a new workbook is made, with its rows as text; of
        a file that was refused, one that holds the list alone. The original is never written to.

        Args:
            source: the file as it was checked: its path, its bytes, or its name and bytes.
            output: the path of the copy, which ends in .xlsx.
            lang: the language of the list and the comments: en, fr, ru or tg.
            force: write over a file that is there already.

        Returns:
            What could not be marked or kept; nothing as a rule. The list in the copy says it as well.

        Raises:
            OptionError: `source` is none of the files checked or has changed since, or `output` cannot be.
            WriteError: the copy cannot be written.

        Findings: annotation-fresh, annotation-signature, annotation-unmarked.
        """
        from mne._render import annotate

        return annotate(self, source, output, lang=lang, force=force)

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)
