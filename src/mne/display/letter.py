"""What to answer a partner, as a letter: what came, what to do first, cell by cell, and where the rest stands.

Read `letter` first; `letters` writes one to each partner of a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from mne.display.letter_words import Words, words
from mne.display.markup import neutral
from mne.errors import OptionError
from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Findings
from mne.ground.maps import FrozenMap
from mne.reports.mail import Email
from mne.reports.report import Verdict

if TYPE_CHECKING:
    from mne.reports.report import ValidationReport

__all__ = ["LISTED", "letter", "letters"]

LISTED: Final = 20
"""Findings in a letter, unless told otherwise; a longer list is not read."""

_CELLS: Final = 8
"""Cells named beside the first where many have the same fault."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What one letter is about."""

    plan: str
    verdict: Verdict
    rows: int
    accepted: int
    held: int
    findings: Findings
    compared: int = 0


def letter(report: ValidationReport, *, lang: str | None = None, limit: int = LISTED) -> Email:
    """One letter about the whole report."""
    _check(limit)
    counts = report.counts
    grave = report.findings.at_least(Severity.WARNING)
    case = _Case(report.plan_id, report.verdict, counts.own, counts.accepted, counts.held, grave, counts.compared)
    return _written(case, words(lang), limit)


def letters(report: ValidationReport, *, lang: str | None = None, limit: int = LISTED) -> Mapping[str | None, Email]:
    """One letter to each partner who sent something; what names no partner stands under None."""
    _check(limit)
    owners = _owners(report)
    found: dict[str | None, list[Finding]] = {}
    for each in report.findings.at_least(Severity.WARNING):
        found.setdefault(_partner(each, owners), []).append(each)
    hidden = {_partner(each, owners) for each in report.hidden}
    counts = _counts(report)
    written = {}
    for partner in sorted({*found, *counts}, key=_named_first):
        accepted, held = counts.get(partner, (0, 0))
        findings = Findings(found.get(partner, ()))
        verdict = _verdict(findings, silent=bool(held) and partner in hidden)
        case = _Case(report.plan_id, verdict, accepted + held, accepted, held, findings)
        written[partner] = _written(case, words(lang), limit)
    return FrozenMap(written)


def _named_first(partner: str | None) -> tuple[bool, str]:
    return (partner is None, partner or "")


def _check(limit: Any) -> None:
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise OptionError(f"limit must be a whole number of 1 or more, not {limit!r}")


def _owners(report: ValidationReport) -> Mapping[str, str | None]:
    """Whose each file is: the partner of its rows, where that is one."""
    partners: dict[str, set[str | None]] = {}
    for frame in (report.observations.to_lazy(), report.held_rows.lazy()):
        for file, partner in frame.select("source_file", "partner").unique().collect().iter_rows():
            partners.setdefault(file, set()).add(partner)
    named = {file: told - {None} for file, told in partners.items()}
    return {file: next(iter(told)) for file, told in named.items() if len(told) == 1}


def _partner(each: Finding, owners: Mapping[str, str | None]) -> str | None:
    return owners.get(each.place.file or "") or each.place.partner


def _counts(report: ValidationReport) -> dict[str | None, tuple[int, int]]:
    counts: dict[str | None, tuple[int, int]] = {}
    for name, accepted, held in report.by_partner_and_period.select("partner", "accepted", "held").iter_rows():
        before = counts.get(name, (0, 0))
        counts[name] = (before[0] + accepted, before[1] + held)
    return counts


def _verdict(found: Findings, *, silent: bool) -> Verdict:
    if silent or len(found.at_least(Severity.ERROR)):
        return Verdict.SEND_BACK
    return Verdict.ACCEPT_WITH_NOTES if len(found) else Verdict.ACCEPT


def _written(case: _Case, say: Words, limit: int) -> Email:
    subject = say("subject", plan=neutral(case.plan), what=_what(case, say))
    return Email(subject, "\n\n".join(_paragraphs(case, say, limit)) + "\n")


def _errors(case: _Case) -> int:
    return len(case.findings.at_least(Severity.ERROR))


def _what(case: _Case, say: Words) -> str:
    if case.verdict is Verdict.ACCEPT:
        return say("s-accept")
    if case.verdict is Verdict.ACCEPT_WITH_NOTES:
        return say("s-notes", notes=say.count("note", len(case.findings)))
    errors = _errors(case)
    if not errors:
        return say("s-held")
    told = {"errors": say.count("error", errors)}
    notes = len(case.findings) - errors
    return say("s-both", notes=say.count("note", notes), **told) if notes else say("s-errors", **told)


def _paragraphs(case: _Case, say: Words, limit: int) -> Iterator[str]:
    yield say("dear")
    told = [say("thanks"), say("rows", rows=say.count("row", case.rows), accepted=case.accepted)]
    if case.held:
        told.append(say("held", held=case.held))
    if case.compared:
        told.append(say("compared", rows=case.compared))
    yield " ".join(told)
    if case.verdict is Verdict.ACCEPT:
        yield say("nothing")
    elif _errors(case):
        yield say("please")
    elif case.verdict is Verdict.SEND_BACK:
        yield say("unlisted")
    if len(case.findings) and not _errors(case):
        yield say("look")
    yield from _listed(case.findings[:limit], case.plan, say)
    if len(case.findings) > limit:
        yield say("more", count=len(case.findings) - limit)
    yield say("end")


# --- the list ---------------------------------------------------------------------------------------------------


def _listed(found: Iterable[Finding], plan: str, say: Words) -> Iterator[str]:
    """A paragraph for each file, the one with the gravest finding first; in it one entry for each code."""
    files: dict[str, list[Finding]] = {}
    for each in found:  # the gravest come first
        files.setdefault(each.place.file or "", []).append(each)
    names = _short(files)
    number = 0
    for file, mine in files.items():
        sheets = {each.place.sheet for each in mine}
        sheet = next(iter(sheets)) if len(sheets) == 1 else None
        name = names[file] or neutral(plan)
        lines = [say("sheet", file=name, sheet=neutral(sheet)) if sheet else name]
        groups: dict[str, list[Finding]] = {}
        for each in mine:
            groups.setdefault(each.code, []).append(each)
        for group in groups.values():
            number += 1
            lines += _entry(number, group, say, with_sheet=len(sheets) > 1)
        yield "\n".join(lines)


def _short(files: Iterable[str]) -> dict[str, str]:
    """Files by their own names, without the folders of this computer; with them where two have the same name."""
    own = {file: PurePath(file).name or file for file in files}
    names = list(own.values())
    return {file: neutral(name if names.count(name) == 1 else file) for file, name in own.items()}


def _entry(number: int, group: Sequence[Finding], say: Words, *, with_sheet: bool) -> Iterator[str]:
    """What is wrong in the first cell, where else, and what to do."""
    spots = list(dict.fromkeys(_spot(each, say, with_sheet=with_sheet) for each in group))
    first, said = group[0], [each.in_language(say.lang) for each in group]
    message = said[0].message
    if first.level.rank > Severity.ERROR.rank:
        message = say("minor", message=message)
    alike = len({each.message for each in said}) == 1
    where = _joined(spots, say) if alike else spots[0]
    yield f"{number}. {where}{say.colon}{neutral(message)}"
    if len(spots) > 1 and not alike:
        yield f"   {say('same', cells=_joined(spots[1:], say))}"
    hint = neutral(said[0].hint)
    if first.suggestion:
        hint = f"{hint} {say('suggestion', value=neutral(first.suggestion))}".strip()
    if hint:
        yield f"   {say('do', hint=hint)}"


def _joined(spots: Sequence[str], say: Words) -> str:
    told = ", ".join(spots[:_CELLS])
    return say("more-cells", cells=told, count=len(spots) - _CELLS) if len(spots) > _CELLS else told


def _spot(each: Finding, say: Words, *, with_sheet: bool) -> str:
    """A cell, a row, a line, or what the finding is about."""
    place = each.place
    if place.cell:
        told = place.cell
    elif place.row is not None or place.line is not None:
        told = say("row-at", row=place.row if place.row is not None else place.line)
        told += f", {place.header}" if place.header else ""
    else:
        parts = (place.path, place.indicator, place.period, place.location, place.category)
        told = " · ".join(part for part in parts if part) or say("whole")
    return neutral(f"{place.sheet}!{told}" if with_sheet and place.sheet else told)
