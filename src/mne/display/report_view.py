"""A validation report as a page: the verdict, what was found, who reported, what was read and what was checked.

Read `report` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mne.display.findings_view import SHOWN, findings_table
from mne.display.markup import Markup, column, el, head, join, table
from mne.display.palette import SEVERITIES, icon
from mne.ground.maps import FrozenMap
from mne.reports.report import Verdict

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
            findings_table(told.findings, say, limit=limit) if len(told.findings) else el("p", say("no-findings")),
            _who(told, say),
            _held(told, say),
            _sources(told, say),
            _checked(told, say),
        )
    )


def _verdict(told: ValidationReport, say: Labels) -> Markup:
    status = LOOKS[told.verdict]
    counts = told.counts
    numbers = [
        f"{say('rows')}: {counts.rows}",
        f"{say('accepted')}: {counts.accepted}",
        f"{say('held')}: {counts.held}",
        f"{say('ignored')}: {counts.ignored}",
    ]
    graded = [
        el(
            "span",
            icon(SEVERITIES[severity]),
            f" {say(f'severity-{severity}')}: {count}",
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


def reported_matrix(frame: pl.DataFrame) -> tuple[list[str], list[tuple[str, list[tuple[int, int]]]]]:
    """Periods, and for each partner the rows accepted and held in each of them."""
    periods = sorted({str(period) for period in frame["period"]})
    cells = {
        (str(partner), str(period)): (int(accepted), int(held))
        for partner, period, accepted, held in frame.select("partner", "period", "accepted", "held").iter_rows()
    }
    partners = sorted({partner for partner, _ in cells})
    return periods, [(partner, [cells.get((partner, period), (0, 0)) for period in periods]) for partner in partners]


def _who(told: ValidationReport, say: Labels) -> Markup:
    periods, rows = reported_matrix(told.by_partner_and_period)
    if not rows:
        return Markup("")
    heads = [
        column(say("partner")),
        *(column(name, numeric=True) for name in periods),
    ]
    body = [
        el(
            "tr",
            el("th", partner, scope="row"),
            *(_count(cell, name, say) for cell, name in zip(cells, periods, strict=True)),
        )
        for partner, cells in rows
    ]
    grid = table(heads, body, kind="mne-narrow")
    return join((el("h2", say("reported-by")), el("div", grid, class_="mne-scroll")))


def _count(cell: tuple[int, int], period: str, say: Labels) -> Markup:
    accepted, held = cell
    if not accepted and not held:
        return el("td", "–", class_="mne-num mne-state", data_head=period)
    note = el("small", f" +{held} {say('held').lower()}") if held else None
    return el("td", str(accepted), note, class_="mne-num", data_head=period)


def _held(told: ValidationReport, say: Labels) -> Markup:
    if not len(told.held):
        return Markup("")
    frame = told.held.to_polars()
    # Columns that nobody filled would only push the others off the page.
    shown = [name for name in frame.columns if frame[name].null_count() < frame.height]
    heads = [column(name) for name in shown]
    rows = [
        el(
            "tr",
            *(
                el("td", "" if cell is None else str(cell), data_head=name)
                for name, cell in zip(shown, row, strict=True)
            ),
        )
        for row in frame.select(shown).head(_HELD_SHOWN).iter_rows()
    ]
    grid = table(heads, rows)
    more = el("p", say("and-more", count=len(told.held) - _HELD_SHOWN)) if len(told.held) > _HELD_SHOWN else None
    summary = el("summary", f"{say('held')}: {len(told.held)}")
    return join((el("h2", say("held")), el("details", summary, el("div", grid, class_="mne-scroll"), more)))


def _sources(told: ValidationReport, say: Labels) -> Markup:
    heads = [column(say("file"))]
    heads += [column(say(key), numeric=True) for key in ("rows", "read", "ignored")]
    heads.append(column("SHA-256"))
    rows = [
        el(
            "tr",
            el("td", each.name, el("small", f" {say('refused')}") if each.refused else None),
            el("td", str(each.rows), class_="mne-num", data_head=say("rows")),
            el("td", str(each.read), class_="mne-num", data_head=say("read")),
            el("td", str(each.ignored), class_="mne-num", data_head=say("ignored")),
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
