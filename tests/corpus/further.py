"""Further files of the collection's classes of defects, made as bytes: does handling generalise?

`python -m tests.corpus.further FOLDER` writes them with their manifest; `python -m tests.corpus FOLDER` meets them.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["FILES", "File", "write"]

HEAD: Final = (
    "project,indicator,partner,location,period_start,period_end,sex,age,value,unit,numerator,denominator,comment"
)
ROWS: Final = (
    "P1,OC1.1,ORG-A,LOC-01,2024-01-01,2024-06-30,F,18+,120,person,,,",
    "P1,OC1.1,ORG-A,LOC-01,2024-01-01,2024-06-30,M,18+,95,person,,,",
    "P1,OC1.2,ORG-A,LOC-01,2024-01-01,2024-06-30,,,45.5,percent,91,200,",
)
OWN: Final = dict(
    zip(
        HEAD.split(","),
        ["P1", "OC1.1", "ORG-A", "LOC-02", "2024-01-01", "2024-06-30", "F", "18+", "120", "person", "", "", ""],
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class File:
    """One file, and what the collection would say of it."""

    path: str
    data: bytes
    defect: str
    expect: str | None
    severity: str
    keep: str
    where: str = "file"

    @property
    def entry(self) -> dict[str, Any]:
        """Its entry in a manifest."""
        told = {name: value for name, value in asdict(self).items() if name != "data"}
        return {**told, "kind": self.path.split("/")[0]}


def _csv(
    name: str, defect: str, expect: str | None, keep: str, where: str = "row 4", *, text: str | bytes = "", **cells: str
) -> File:
    """A table with a fourth row in which some cells are other; or the whole text."""
    if not text:
        row = {**OWN, **cells}
        fourth = ",".join(
            f'"{row[each]}"' if any(sign in row[each] for sign in ',"\r\n') else row[each] for each in HEAD.split(",")
        )
        text = "\n".join([HEAD, *ROWS, fourth]) + "\n"
    data = text.encode() if isinstance(text, str) else text
    return File(f"csv/{name}.csv", data, defect, expect, _severity(expect, keep), keep, where)


def _severity(expect: str | None, keep: str) -> str:
    info = expect is None or expect in ("csv-dialect-guessed", "text-formula", "text-markup", "encoding-not-utf8")
    return "error" if keep.startswith("reject") else "info" if info else "warning"


def _records() -> list[dict[str, Any]]:
    names = HEAD.split(",")
    rows = [dict(zip(names, row.split(","), strict=True)) for row in ROWS]
    return [{**row, "value": float(row["value"])} for row in rows]


def _json(name: str, defect: str, expect: str | None, keep: str, where: str, data: bytes) -> File:
    return File(f"json/{name}.json", data, defect, expect, _severity(expect, keep), keep, where)


def _with_record(**cells: Any) -> bytes:
    return json.dumps([*_records(), {**OWN, "value": 120, **cells}]).encode()


# --------------------------------------------------------------------------------------------------------- workbooks


def _workbook(change: Any = None, patch: dict[str, Any] | None = None, more: dict[str, bytes] | None = None) -> bytes:
    """A workbook with the usual rows, changed by a function of it, its parts then changed as text."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Report"
    for line in (HEAD, *ROWS, ",".join(OWN.values())):
        sheet.append(
            [float(cell) if at == 8 and cell[:1].isdigit() else cell or None for at, cell in enumerate(line.split(","))]
        )
    if change is not None:
        change(book)
    first = io.BytesIO()
    book.save(first)
    out = io.BytesIO()
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, (patch or {}).get(name, lambda each: each)(content))
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return out.getvalue()


def _hide(book: Any) -> None:
    copy = book.copy_worksheet(book["Report"])
    copy.title, copy.sheet_state = "Old", "hidden"


def _merge(book: Any) -> None:
    book["Report"].merge_cells("D4:D5")


def _serials(book: Any) -> None:
    book["Report"]["E5"], book["Report"]["F5"] = 45292, 45473


def _xlsx(name: str, defect: str, expect: str | None, keep: str, where: str, data: bytes) -> File:
    return File(f"xlsx/{name}.xlsx", data, defect, expect, _severity(expect, keep), keep, where)


def _cell(xml: bytes, found: bytes, instead: bytes) -> bytes:
    assert found in xml
    return xml.replace(found, instead)


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


# ------------------------------------------------------------------------------------------------------ typed tables


def _parquet(name: str, defect: str, expect: str | None, keep: str, where: str, data: bytes) -> File:
    return File(f"parquet/{name}.parquet", data, defect, expect, _severity(expect, keep), keep, where)


def _table(**columns: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = HEAD.split(",")
    given = {name: [row.split(",")[at] for row in ROWS] for at, name in enumerate(names)}
    given["value"] = pa.array([120.0, 95.0, 45.5])
    table = pa.table({**given, **columns})
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def _uint64() -> bytes:
    import pyarrow as pa

    return _table(value=pa.array([2**64 - 1, 95, 45], pa.uint64()))


def _days() -> bytes:
    import datetime as dt

    import pyarrow as pa

    day = dt.datetime(2023, 12, 31, 19, tzinfo=dt.UTC)  # midnight of New Year's Day in Dushanbe
    return _table(period_start=pa.array([day] * 3, pa.timestamp("us", "UTC")))


# -------------------------------------------------------------------------------------------------- logframes and XML


def _yaml(
    name: str,
    defect: str,
    expect: str | None,
    keep: str,
    where: str = "file",
    *,
    code: str = "OC1.1",
    target: str = "500",
) -> File:
    text = f"""project: {{code: P1, title: "Demo", start: 2024-01-01, end: 2026-12-31}}
outcomes:
  - code: OC1
    title: Better services
    weight: 1
    indicators:
      - {{code: {code}, title: People served, unit: person, direction: increase, baseline: 100, target: {target}}}
"""
    return File(f"yaml/{name}.yaml", text.encode(), defect, expect, _severity(expect, keep), keep, where)


def _xml(
    name: str,
    defect: str,
    expect: str | None,
    keep: str,
    where: str = "file",
    *,
    actual: str = '<actual value="120"/>',
    end: str = '<period-end iso-date="2024-06-30"/>',
    head: str = '<?xml version="1.0" encoding="UTF-8"?>',
    title: str = "Demo",
    encoding: str = "utf-8",
) -> File:
    text = f"""{head}
<iati-activities version="2.03"><iati-activity>
<iati-identifier>XX-TEST-P1</iati-identifier><reporting-org ref="XX-TEST" type="21"><narrative>Org</narrative></reporting-org>
<title><narrative>{title}</narrative></title>
<result type="2"><title><narrative>Outcome</narrative></title><indicator measure="1"><title><narrative>People</narrative></title>
<period><period-start iso-date="2024-01-01"/>{end}<target value="500"/>{actual}</period>
</indicator></result></iati-activity></iati-activities>"""
    return File(f"xml/{name}.xml", text.encode(encoding), defect, expect, _severity(expect, keep), keep, where)


def _files() -> list[File]:
    plain = "\n".join([HEAD, *ROWS]) + "\n"
    book = _workbook()
    return [
        _csv("utf32", "UTF-32", "encoding-unknown", "reject-file", "file", text=plain.encode("utf-32")),
        _csv("tabs", "tabs in a file named .csv", "csv-dialect-guessed", "accept-warn", "file", text=plain.replace(",", "\t")),
        _csv("sep_lie", "sep=, above semicolons", "csv-delimiter-mismatch", "reject-file", "file", text="sep=,\n" + plain.replace(",", ";").replace("45.5", "45,5")),
        _csv("latin1", "Latin-1 bytes", "encoding-not-utf8", "reject-file", "file", text=(plain + ROWS[0].replace("LOC-01", "LOC-02") + "é\n").encode("latin-1")),
        _csv("num_spaced_percent", "percent sign after a space", "number-invalid", "reject-row", "row 4 col value", value="12 %"),
        _csv("num_arabic_thousands", "Arabic digits and thousands mark", "number-text", "accept-warn", "row 4 col value", value="١٬٢٣٤"),
        _csv("num_em_dash", "a dash of another length", "value-missing", "accept-warn", "row 4 col value", value="—"),
        _csv("num_scientific", "scientific notation", "number-scientific", "reject-row", "row 4 col value", value="1.5E+3"),
        _csv("num_infinity_word", "Infinity as a word", "number-not-finite", "reject-row", "row 4 col value", value="-Infinity"),
        _csv("num_310_digits", "more digits than a double", "number-out-of-range", "reject-row", "row 4 col value", value="9" * 310),
        _csv("num_half_person", "half a person", "number-fraction-in-count", "reject-row", "row 4 col value", value="12.5"),
        _csv("num_escape", "terminal escape in a number", "control-character", "reject-row", "row 4 col value", value="9\x1b[31m5"),
        _csv("code_zero_width", "zero-width space in a code", "code-invisible-character", "reject-row", value="120", indicator="OC\u200b1.1"),
        _csv("code_greek", "Greek O in a code", "code-confusable", "reject-row", indicator="ΟC1.1"),
        _csv("date_april_31", "no such day, day first", "date-invalid", "reject-row", "row 4 col period_start", period_start="31/04/2024"),
        _csv("date_zoned", "midnight in Dushanbe told in Greenwich", "date-has-time", "accept-warn", "row 4 col period_start", period_start="2023-12-31T19:00:00Z"),
        _csv("date_crossing", "days that begin within others and end after them", "period-overlap", "accept-warn", "row 4 col period_start", location="LOC-03", period_start="2024-05-01", period_end="2024-10-31"),
        _csv("total_russian", "a sum, in Russian", "row-looks-like-total", "reject-row", text=plain + "Итого:,,,,,,,,215,,,,\n"),
        _csv("header_wide", "two columns named value, one in full-width letters", "header-duplicate", "reject-file", "header", text=plain.replace(",unit,", ",ｖａｌｕｅ,")),
        _csv("header_slip", "misspelt column", "header-unknown", "accept-warn", "header", text=plain.replace("numerator", "numerater")),
        _csv("formula_space", "formula behind a space", "text-formula", "accept-warn", "row 4 col comment", comment=" =1+1"),
        _csv("markup_svg", "script in a picture", "text-markup", "accept-warn", "row 4 col comment", comment="<svg onload=alert(1)>"),
        _csv("unit_ton", "a unit of three sizes", "unit-invalid", "reject-row", indicator="OC1.3", unit="ton"),
        _csv("quote_first_row", "open quote in the first row", "csv-unclosed-quote", "reject-file", "row 1", text=HEAD + "\n" + ROWS[0] + '"see\n' + "\n".join(ROWS[1:]) + "\n"),
        _json("nan", "NaN literal", "json-invalid", "reject-file", "file", json.dumps(_records()).replace("120.0", "NaN").encode()),
        _json("trailing_comma", "comma before the end", "json-invalid", "reject-file", "file", json.dumps(_records()).encode()[:-1] + b",]"),
        _json("deep_objects", "objects in objects", "limit-depth", "reject-file", "file", b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
        _json("utf16_be", "UTF-16, big end first", "encoding-not-utf8", "accept-warn", "file", b"\xfe\xff" + json.dumps(_records()).encode("utf-16-be")),
        _json("value_true", "true in place of a number", "number-invalid", "reject-row", "row 4", _with_record(value=True)),
        _json("row_text", "text in place of a row", "row-invalid", "reject-row", "row 4", json.dumps([*_records(), "see above"]).encode()),
        _xlsx("error_name", "#NAME?", "cell-error", "reject-row", "row 5 col value", _workbook(patch={"xl/worksheets/sheet1.xml": lambda xml: _cell(xml, b'<c r="I5" t="n"><v>120</v>', b'<c r="I5" t="e"><v>#NAME?</v>')})),
        _xlsx("doctype_workbook", "document type in the workbook's own part", "xml-doctype", "reject-file", "file", _workbook(patch={"xl/workbook.xml": lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml})),
        _xlsx("bomb", "300 MB in a part", "limit-unzipped-size", "reject-file", "file", _workbook(more={"xl/media/image1.bin": bytes(300 << 20)})),
        _xlsx("is_docx", "a Word document", "file-type-mismatch", "reject-file", "file", _zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})),
        _xlsx("hidden_sheet", "a hidden sheet with data", "sheet-hidden", "accept-warn", "sheet Old", _workbook(_hide)),
        _xlsx("merged_places", "a location merged over two rows", "cell-merged", "reject-row", "row 5", _workbook(_merge)),
        _xlsx("serials", "days as plain numbers", "date-serial", "reject-row", "row 5 col period_start", _workbook(_serials)),
        _xlsx("cut", "the archive's end is missing", "xlsx-malformed", "reject-file", "file", book[: len(book) // 2]),
        _parquet("locked", "encrypted footer", "file-encrypted", "reject-file", "file", b"PARE" + _table()[4:-4] + b"PARE"),
        _parquet("uint64", "a number over int64", "number-out-of-range", "reject-row", "row 1", _uint64()),
        _parquet("dushanbe", "midnight in Dushanbe told in Greenwich", "date-has-time", "accept-warn", "col period_start", _days()),
        _yaml("on", "code on becomes True", "yaml-implicit-type", "reject-file", "line 7", code="on"),
        _yaml("trailing_zero", "code 1.10 becomes 1.1", "yaml-implicit-type", "reject-file", "line 7", code="1.10"),
        _yaml("name_tag", "tag that names a function", "yaml-tag", "reject-file", code="!!python/name:os.system OC1.1"),
        _yaml("anchor", "anchor that nothing uses", "yaml-alias", "reject-file", code="&a OC1.1"),
        _yaml("negative_infinity", "infinite target", "number-not-finite", "reject-file", target="-.inf"),
        _xml("entity", "internal entity", "xml-doctype", "reject-file", head='<!DOCTYPE a [<!ENTITY x "9">]>'),
        _xml("include", "XInclude in a value", "iati-schema", "reject-file", actual='<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="x"/>'),
        _xml("comma", "a comma for thousands or for decimals", "number-ambiguous", "reject-row", "line 5", actual='<actual value="1,234"/>'),
        _xml("no_end", "period without its end", "period-missing", "reject-row", "line 5", end=""),
        _xml("strange_split", "a split that the plan has not", "ref-unknown-category", "reject-row", "line 5", actual='<actual value="12"><dimension name="shoe size" value="42"/></actual>'),
        _xml("honest_cp1251", "cp1251, and says so", "encoding-not-utf8", "accept-warn", "file", head='<?xml version="1.0" encoding="windows-1251"?>', title="Проект", encoding="cp1251"),
        _xml("utf7", "an encoding nobody needs", "encoding-unknown", "reject-file", head='<?xml version="1.0" encoding="UTF-7"?>'),
        _xml("cdata", "a comment in CDATA (control)", None, "accept", actual='<actual value="120"><comment><narrative><![CDATA[5 < 6]]></narrative></comment></actual>'),
    ]  # fmt: skip


FILES: Final = tuple(_files())


def write(folder: Path) -> None:
    """Write the files and their manifest."""
    for each in FILES:
        path = folder / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each.data)
    (folder / "manifest.json").write_text(json.dumps([each.entry for each in FILES], indent=1))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
