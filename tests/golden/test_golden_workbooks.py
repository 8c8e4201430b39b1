"""The workbooks that partners get, cell by cell as text, compared with what somebody looked at and found good."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

import mne
from mne.exchange.workbook.annotate import annotated
from tests.conftest import ROOT

Golden = Callable[[str, str], None]
SENT = ROOT / "examples" / "reports" / "2026-Q2 P-EAST (with errors).xlsx"


def told(data: bytes) -> str:
    """Every cell with something in it, what may be filled in, comments, rules and links."""
    lines = []
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        lines.append(f"== {sheet.title} ({sheet.sheet_state})")
        links = {link.ref: link.location for link in sheet._hyperlinks}
        for row in sheet.iter_rows():
            for cell in row:
                open_ = " [open]" if not cell.protection.locked else ""
                link = f" -> {links[cell.coordinate]}" if cell.coordinate in links else ""
                note = f" # {cell.comment.text!r}" if cell.comment else ""
                if cell.value is not None or open_ or note:
                    lines.append(f"{cell.coordinate}: {cell.value!r}{open_}{link}{note}")
        lines += [
            f"rule {rule.type} {rule.operator} {rule.formula1} {rule.formula2} on {rule.sqref}: {rule.prompt}"
            for rule in sheet.data_validations.dataValidation
        ]
    # The fingerprint of the plan moves with every change of the example.
    return re.sub(r"\b[0-9a-f]{63,64}\b", "(fingerprint)", "\n".join(lines)) + "\n"


@pytest.mark.parametrize("lang", ["en", "fr", "ru", "tg"])
def test_template(lang: str, golden: Golden) -> None:
    golden(
        f"template.{lang}.txt",
        told(mne.template(mne.example("tajikistan"), partner="P-SUGHD", period="2026-Q4", lang=lang)),
    )


@pytest.mark.parametrize("lang", ["en", "fr", "ru", "tg"])
def test_what_to_fix(lang: str, golden: Golden) -> None:
    report = mne.validate(SENT, mne.example("tajikistan"))
    data, _ = annotated(report, SENT, lang=lang)
    text = told(data)
    # What findings say in other languages is held elsewhere.
    head = text[: text.index("\nA6: ")] + "\n"
    golden(f"to-fix.{lang}.txt", text if lang == "en" else head)
