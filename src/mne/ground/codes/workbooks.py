"""Codes about the workbooks that go out to partners and come back: templates, and annotated copies."""

from __future__ import annotations

from typing import Final

from mne.ground.catalogue import Code, Severity

B, E, W, I = Severity.BLOCKER, Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: Final[tuple[Code, ...]] = (
    Code(
        "annotation-fresh",
        W,
        "The list stands in a new workbook, as the original could not be marked: {reason}.",
        "Mend the original by the addresses in the list.",
    ),
    Code(
        "annotation-signature",
        W,
        "The original is signed; the signature does not hold for this copy.",
        "Mend the copy, and sign it again before you send it.",
    ),
    Code(
        "annotation-unmarked",
        I,
        "Not marked in the sheet itself: {found}, as {reason}.",
        "Go by the list; it is complete.",
        "a cell with a conversation, whose comment no program shows",
    ),
    Code(
        "template-other-logframe",
        B,
        "This template was made for the logframe {found}, not for {expected}.",
        "Check it against its own logframe, or send the partner the right template.",
    ),
    Code(
        "template-outdated",
        W,
        "This template was made from another version of the logframe ({found}); now it is {expected}. Indicators gone: {gone}; new: {new}.",
        "The figures were read by their ids. Make a new template for the next period; add what is new here, if it is due.",
    ),
    Code(
        "template-newer",
        W,
        "This template is in format {found}, made by a later version of this library; it was read as {expected}.",
        "Update the library, and check that nothing is missing.",
    ),
    Code(
        "template-rows-blank",
        I,
        "Left blank in the template: {count} rows ({found}).",
        "Nothing to do, if there are no figures for them; a blank is never a zero.",
    ),
)
