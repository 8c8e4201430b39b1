"""A validation report as a page: the verdict, what was found, who reported, what was read and what was checked.

Read `report` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mne.display.findings_view import SHOWN, findings_table
from mne.display.markup import Markup, column, el, head, join, table
from mne.display.palette import SEVERITIES, icon
from mne.ground.catalogue import Severity
from mne.ground.findings import Findings
from mne.ground.maps import FrozenMap
from mne.reports.report import AS_WRITTEN, PLACES, Verdict

if TYPE_CHECKING:
    import polars as pl

    from mne.display.labels import Labels
    from mne.reports.report import ValidationReport

__all__ = ["LOOKS", "report", "reported_matrix"]

LOOKS: Final[FrozenMap[Verdict, str]] = FrozenMap(
    {Verdict.ACCEPT: "met", Verdict.ACCEPT_WITH_NOTES: "at_risk", Verdict.SEND_BACK: "off_track"}
)
"""The status whose colour and shape each verdict borrows."""

_HELD_SHOWN: Final = 100


def report(told: ValidationReport, say: Labels, *, limit: int = SHOWN) -> Markup:
    """The report, the verdict on top."""
    return join(
        (
            head(say("report"), told.plan_id),
            _verdict(told, say),
            el("h2", say("findings")),
            _found(told, say, limit),
            _who(told, say),
            _held(told, say),
            _sources(told, say),
            _checked(told, say),
        )
    )


def _found(told: ValidationReport, say: Labels, limit: int) -> Markup:
    """What has to be mended, and beneath it, folded, the remarks, which ask nobody to do anything."""
    grave = told.findings.at_least("warning")
    shown = findings_table(grave, say, limit=limit) if len(grave) else el("p", say("no-findings"))
    remarks = Findings(each for each in told.findings if each.level is Severity.INFO)
    if not len(remarks):
        return shown
    counted = ", ".join(f"{code} × {count}" for code, count in remarks.codes.items())
    summary = el("summary", say("remarks", count=len(remarks), codes=counted))
    return join((shown, el("details", summary, findings_table(remarks, say, limit=limit))))


def _verdict(told: ValidationReport, say: Labels) -> Markup:
    status = LOOKS[told.verdict]
    counts = told.counts
    numbers = [
        f"{say('rows')}{say.colon}{counts.own}",
        f"{say('accepted')}{say.colon}{counts.accepted}",
        f"{say('held')}{say.colon}{counts.held}",
        f"{say('ignored')}{say.colon}{counts.passed}",
    ]
    numbers += [f"{say('compared')}{say.colon}{counts.compared}"] if counts.compared else []
    graded = [
        el(
            "span",
            icon(SEVERITIES[severity]),
            f" {say(f'severity-{severity}')}{say.colon}{count}",
            class_=f"mne-shape mne-{SEVERITIES[severity]}",
        )
        for severity, count in told.findings.severities.items()
        if count
    ]
    return el(
        "div",
        el("b", icon(status), say(f"verdict-{told.verdict}"), class_=f"mne-shape mne-{status}"),
        *(el("span", number) for number in numbers),
        *graded,
        class_=f"mne-verdict mne-{status}",
    )


def reported_matrix(frame: pl.DataFrame, say: Labels) -> tuple[list[str], list[tuple[str, list[tuple[int, int]]]]]:
    """Partners, and for each period the rows accepted and held from each of them."""
    unsaid = say("not-said")
    cells = {
        (period or unsaid, partner or unsaid): (int(accepted), int(held))
        for partner, period, accepted, held in frame.select("partner", "period", "accepted", "held").iter_rows()
    }
    partners = sorted({partner for _, partner in cells})
    periods = sorted({period for period, _ in cells})
    return partners, [(period, [cells.get((period, partner), (0, 0)) for partner in partners]) for period in periods]


def count_words(cell: tuple[int, int]) -> str:
    """``20``, or ``8 +16`` where sixteen more are held back; a dash for nothing at all."""
    accepted, held = cell
    if not accepted and not held:
        return "–"
    return f"{accepted} +{held}" if held else str(accepted)


def _who(told: ValidationReport, say: Labels) -> Markup:
    partners, rows = reported_matrix(told.by_partner_and_period, say)
    if not rows:
        return Markup("")
    heads = [column(say("period")), *(column(name, numeric=True) for name in partners)]
    body = [
        el(
            "tr",
            el("th", period, scope="row"),
            *(
                el("td", count_words(cell), class_="mne-num" if any(cell) else "mne-num mne-state", data_head=name)
                for cell, name in zip(cells, partners, strict=True)
            ),
        )
        for period, cells in rows
    ]
    grid = table(heads, body, kind="mne-narrow")
    note = el("p", say("reported-note"), class_="mne-soft")
    return join((el("h2", say("reported-by")), note, el("div", grid, class_="mne-scroll")))


def _held(told: ValidationReport, say: Labels) -> Markup:
    if not len(told.held):
        return Markup("")
    frame = told.held.to_polars()
    # Columns that nobody filled would only push the others off the page.
    shown = [name for name in frame.columns if frame[name].null_count() < frame.height]
    named = [_held_head(name, say) for name in shown]
    heads = [column(name) for name in named]
    rows = [
        el(
            "tr",
            *(
                el("td", "" if cell is None else str(cell), data_head=name)
                for name, cell in zip(named, row, strict=True)
            ),
        )
        for row in frame.select(shown).head(_HELD_SHOWN).iter_rows()
    ]
    grid = table(heads, rows)
    more = el("p", say("and-more", count=len(told.held) - _HELD_SHOWN)) if len(told.held) > _HELD_SHOWN else None
    summary = el("summary", f"{say('held')}{say.colon}{len(told.held)}")
    return join((el("h2", say("held")), el("details", summary, el("div", grid, class_="mne-scroll"), more)))


def _held_head(name: str, say: Labels) -> str:
    """The head of a column of the held rows: the partner's own, or one of ours in the reader's language."""
    own, written, _ = name.partition(AS_WRITTEN)
    if written:
        return f"{own} ({say('as-written')})"
    return say(f"held-{name}") if name in PLACES else name


def _sources(told: ValidationReport, say: Labels) -> Markup:
    heads = [column(say("file"))]
    keys = ("rows", "read", "ignored", "compared") if told.counts.compared else ("rows", "read", "ignored")
    heads += [column(say(key), numeric=True) for key in keys]
    heads.append(column("SHA-256"))
    rows = [
        el(
            "tr",
            el("td", each.name, el("small", f" {say('refused')}") if each.refused else None),
            el("td", str(each.rows), class_="mne-num", data_head=say("rows")),
            el("td", str(each.read), class_="mne-num", data_head=say("read")),
            el("td", str(each.ignored - each.compared), class_="mne-num", data_head=say("ignored")),
            el("td", str(each.compared), class_="mne-num", data_head=say("compared")) if told.counts.compared else None,
            el("td", el("code", each.sha256[:16], title=each.sha256) if each.sha256 else None),
        )
        for each in told.sources
    ]
    grid = table(heads, rows)
    return join((el("h2", say("files-read")), el("div", grid, class_="mne-scroll")))


def _checked(told: ValidationReport, say: Labels) -> Markup:
    rows = [
        el(
            "tr",
            el("td", el("code", each.code)),
            el("td", str(each.rows), class_="mne-num", data_head=say("rows")),
            el("td", str(each.findings), class_="mne-num", data_head=say("findings")),
        )
        for each in told.checked
    ]
    heads = [
        column(say("rule")),
        *(column(say(key), numeric=True) for key in ("rows", "findings")),
    ]
    grid = table(heads, rows, kind="mne-narrow")
    summary = el("summary", f"{say('checked')} ({len(told.checked)}, {say('version')} {told.rules_version})")
    return join((el("h2", say("checked")), el("details", summary, grid)))
