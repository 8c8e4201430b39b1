"""What a file is by its content, and workbooks looked through before a spreadsheet library opens them."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
import zlib

import openpyxl
import pytest

from mne.ground.files import Limits
from mne.ground.kinds import sniff, wrong_kind
from mne.ground.packages import scan_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"
BOOK_RELS = "xl/_rels/workbook.xml.rels"


def relations(*entries):
    """Each entry is (kind, target) or (kind, target, "External")."""
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode[0]}"' if mode else "")
        + "/>"
        for number, (kind, target, *mode) in enumerate(entries, start=1)
    )
    return f'<Relationships xmlns="{RELS}">{told}</Relationships>'


def sheet(rows, *, before="", after=""):
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def row(number, *cells):
    told = "".join(f'<c r="{cell}"><v>1</v></c>' for cell in cells)
    return f'<row r="{number}">{told}</row>'


USUAL = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Отчёт" sheetId="1" r:id="rId1"/></sheets></workbook>',
    BOOK_RELS: relations(("worksheet", "worksheets/sheet1.xml")),
    SHEET: sheet(row(1, "A1", "B1") + row(2, "A2", "C2")),
}


def book(changes=None, *, method=zipfile.ZIP_DEFLATED):
    """A workbook, its parts replaced, added, or left out where the change is None."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for part, content in {**USUAL, **(changes or {})}.items():
            if content is not None:
                archive.writestr(part, content)
    return made.getvalue()


def scanned(data, **limits):
    facts, findings = scan_xlsx(data, name="a.xlsx", limits=Limits(**limits))
    assert (facts is None) == any(finding.level == "blocker" for finding in findings)
    assert all(finding.place.file == "a.xlsx" for finding in findings)
    return [(finding.place.sheet, finding.place.cell, finding.code) for finding in findings]


def code_of(data, **limits):
    (told,) = scanned(data, **limits)
    return told[2]


# ---------------------------------------------------------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (book(), "xlsx"),
        (b"", "text"),
        (b"id,name\n1,x\n", "text"),
        (b"[id],name\n", "text"),
        (b"{a: 1}", "text"),
        (b"<<: x", "text"),
        ("код;имя".encode("cp1251"), "text"),
        ("id,name".encode("utf-16"), "text"),
        (b'\xef\xbb\xbf\n {"a": 1}', "json"),
        (b"[1]", "json"),
        (b"[\n  true]", "json"),
        (b"{}", "json"),
        ('[{"a": 1}]'.encode("utf-16"), "json"),
        (b"\n<!DOCTYPE html><html>", "html"),
        (b"<TABLE border=1>", "html"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b"<iati-activities/>", "xml"),
        (b"PAR1\x15\x04", "parquet"),
        (b"PARE\x15\x04", "parquet"),
        (b"%PDF-1.7", "pdf"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "ole"),
        (b"PK\x03\x04broken", "zip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
    ],
)  # fmt: skip
def test_the_content_tells_the_kind(data, kind):
    assert sniff(data) == kind


@pytest.mark.parametrize(
    ("part", "kind"),
    [("word/document.xml", "docx"), ("xl/workbook.bin", "xlsb"), ("META-INF/manifest.xml", "ods"), ("a.csv", "zip")],
)
def test_packages_are_told_apart_by_what_they_list(part, kind):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(part, "xl/workbook.xml inside of a part says nothing")
    assert sniff(made.getvalue()) == kind


def test_a_file_of_another_kind_than_its_name_says_is_a_finding():
    assert wrong_kind(b"id,name\n", name="a.csv", kind="csv") == ()
    assert wrong_kind(b'{"a": 1}', name="a.yaml", kind="yaml") == ()
    (finding,) = wrong_kind(book(), name="a.csv", kind="csv")
    assert (finding.code, finding.place.file) == ("file-type-mismatch", "a.csv")
    for data, kind in ((b"id,name\n", "xlsx"), (b"id,name\n", "parquet"), (b"<html>", "csv"), (b"[1]", "csv")):
        assert [each.code for each in wrong_kind(data, name="a", kind=kind)] == ["file-type-mismatch"]


# ------------------------------------------------------------------------------------------------------------ workbooks


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_sound_workbook_passes_with_its_facts(method):
    facts, findings = scan_xlsx(book(method=method), name="a.xlsx")
    assert findings == ()
    (only,) = facts.sheets
    assert (only.part, only.title, only.rows, only.columns, only.cells) == (SHEET, "Отчёт", 2, 3, 4)
    assert facts.cells == 4


def test_what_openpyxl_writes_passes():
    workbook = openpyxl.Workbook()
    workbook.active.append(["id", 1, None, "x"])
    workbook.active.merge_cells("A2:B3")
    workbook.active["A5"].hyperlink = "https://example.org"
    workbook.active["A6"].comment = openpyxl.comments.Comment("note", "someone")
    workbook.create_sheet("empty")
    saved = io.BytesIO()
    workbook.save(saved)
    facts, findings = scan_xlsx(saved.getvalue(), name="a.xlsx")
    assert findings == ()
    assert [(each.title, each.rows) for each in facts.sheets] == [("Sheet", 6)]


def test_other_kinds_of_file_are_told_from_damaged_workbooks():
    assert code_of(b"id,name\n1,2\n") == "file-type-mismatch"
    assert code_of(b"<html><table>") == "file-type-mismatch"
    assert code_of(
        book({"_rels/.rels": relations(("officeDocument", "word/document.xml")), "xl/workbook.xml": None})
    ) == ("file-type-mismatch")
    assert code_of(book({"_rels/.rels": None})) == "file-type-mismatch"
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert code_of(old + "Workbook".encode("utf-16-le")) == "file-type-mismatch"
    assert code_of(old + "EncryptedPackage".encode("utf-16-le")) == "file-encrypted"


def test_a_damaged_package_is_refused():
    sound = book()
    for size in range(5, len(sound), 37):
        assert code_of(sound[:size]) == "xlsx-malformed"
    assert code_of(sound + b"PK\x05\x06" + bytes(18)) == "xlsx-malformed"
    assert code_of(b"PK\x03\x04 something before" + sound) == "xlsx-malformed"


def patched(data, part, **changes):
    """Change what both headers say of one part: flags, check, packed (its packed size) or size."""
    at = {
        "flags": (6, 8, "<H"),
        "method": (8, 10, "<H"),
        "check": (14, 16, "<I"),
        "packed": (18, 20, "<I"),
        "size": (22, 24, "<I"),
    }
    raw = bytearray(data)
    name = part.encode()
    local = raw.index(b"PK\x03\x04" + raw[4:4], raw.index(name) - 30)
    central = raw.rindex(name) - 46
    for key, value in changes.items():
        in_local, in_central, form = at[key]
        struct.pack_into(form, raw, local + in_local, value)
        struct.pack_into(form, raw, central + in_central, value)
    return bytes(raw)


def test_locked_entries_and_odd_methods_are_refused():
    assert code_of(patched(book(), SHEET, flags=1)) == "file-encrypted"
    assert code_of(book(method=zipfile.ZIP_LZMA)) == "xlsx-malformed"
    assert code_of(patched(book(), SHEET, check=1)) == "xlsx-malformed"
    longer = book({"xl/media/a.bin": b"abc" * 1_000})
    assert code_of(patched(longer, "xl/media/a.bin", packed=5)) == "xlsx-malformed"
    assert code_of(patched(longer, "xl/media/a.bin", packed=1 << 20)) == "xlsx-malformed"


def test_sizes_are_counted_and_not_believed():
    assert code_of(book({"xl/media/a.bin": bytes(200_000)}), unzipped_bytes=100_000) == "limit-unzipped-size"
    # A part that says it is small: readers that believe the header see another text than those that do not.
    hidden = sheet(row(1, "A1")) + "<!-- " + "x" * 300_000 + " -->"
    shown = sheet(row(1, "A1")).encode()
    lying = patched(book({SHEET: hidden}), SHEET, size=len(shown), check=zlib.crc32(shown))
    assert code_of(lying) == "xlsx-malformed"
    assert code_of(lying, unzipped_bytes=100_000) == "limit-unzipped-size"


def test_a_bomb_takes_little_memory():
    bomb = book({"xl/media/a.bin": bytes(250 << 20)})
    lying = patched(bomb, "xl/media/a.bin", size=1)
    tracemalloc.start()
    try:
        assert code_of(bomb) == "limit-unzipped-size"
        assert code_of(lying) == "limit-unzipped-size"
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def test_parts_that_are_there_twice_or_lead_elsewhere_are_refused():
    made = io.BytesIO(book())
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, sheet(row(1, "A1")))
    assert code_of(made.getvalue()) == "xlsx-malformed"
    for part in ("XL/worksheets/SHEET1.xml", "../evil.xml", "/evil.xml", "xl/../../evil.xml", "xl\\evil.xml", "a\nb"):
        assert code_of(book({part: "x"})) == "xlsx-malformed", part


def test_too_many_parts_are_refused():
    many = book({f"xl/media/{number}.txt": "" for number in range(50)})
    assert code_of(many, zip_entries=50) == "limit-zip-entries"
    assert scanned(many, zip_entries=60) == []


@pytest.mark.parametrize(
    "target",
    [
        "../../etc/passwd",
        "/../etc/passwd",
        "..%2f..%2fetc/passwd",
        "..\\..\\evil",
        "file:///etc/passwd",
        "//host/share",
    ],
)
def test_relations_that_leave_the_package_are_refused(target):
    assert code_of(book({BOOK_RELS: relations(("worksheet", "worksheets/sheet1.xml"), ("styles", target))})) == (
        "xlsx-malformed"
    )


def test_a_relation_that_is_named_twice_is_refused():
    twice = relations(("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"))
    assert code_of(book({BOOK_RELS: twice.replace("rId2", "rId1")})) == "xlsx-malformed"


def test_relations_inside_of_the_package_pass_in_all_their_spellings():
    for target in ("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "./worksheets/../worksheets/sheet1.xml"):
        facts, _ = scan_xlsx(book({BOOK_RELS: relations(("worksheet", target))}), name="a.xlsx")
        assert facts.sheets[0].title == "Отчёт"


def test_macros_are_refused_by_name_and_by_relation():
    assert code_of(book({"xl/vbaProject.bin": b"x"})) == "xlsx-macro"
    assert code_of(book({"xl/macrosheets/sheet1.xml": "<a/>"})) == "xlsx-macro"
    disguised = relations(("worksheet", "worksheets/sheet1.xml"), ("vbaProject", "media/image1.png"))
    assert code_of(book({BOOK_RELS: disguised, "xl/media/image1.png": b"\x89PNG"})) == "xlsx-macro"


def test_figures_from_elsewhere_are_a_warning_and_web_links_are_not():
    link = "xl/externalLinks/externalLink1.xml"
    link_rels = "xl/externalLinks/_rels/externalLink1.xml.rels"
    outside = relations(("externalLinkPath", "file:///C:/budget.xlsx", "External"))
    facts, (finding,) = scan_xlsx(book({link: "<externalLink/>", link_rels: outside}), name="a.xlsx")
    assert (facts is None, finding.code, finding.found) == (False, "xlsx-external-link", "file:///C:/budget.xlsx")
    assert scanned(book({link: "<externalLink/>"})) == [(None, None, "xlsx-external-link")]
    query = relations(("worksheet", "worksheets/sheet1.xml"), ("connections", "connections.xml"))
    assert code_of(book({BOOK_RELS: query, "xl/connections.xml": "<connections/>"})) == "xlsx-external-link"
    web = relations(("hyperlink", "https://example.org", "External"), ("hyperlink", "#Sheet2!A1"))
    assert scanned(book({"xl/worksheets/_rels/sheet1.xml.rels": web})) == []


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/media/image1.png", "docProps/core.xml", "xl/workbook.xml", BOOK_RELS, SHEET]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_part(part, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert code_of(book({part: text.encode(encoding)})) == "xml-doctype"


def test_broken_xml_is_refused_but_for_the_shapes_of_notes():
    broken = "<xml><br></xml>"
    assert code_of(book({SHEET: "<worksheet><sheetData></worksheet>"})) == "xlsx-malformed"
    assert code_of(book({SHEET: ""})) == "xlsx-malformed"
    assert code_of(book({"docProps/app.xml": "\x00"})) == "xlsx-malformed"
    assert code_of(book({SHEET: '<?xml version="1.0" encoding="no-such"?><worksheet/>'})) == "xlsx-malformed"
    notes = {"xl/drawings/vmlDrawing1.vml": broken}
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    assert scanned(book({**notes, rels: relations(("vmlDrawing", "../drawings/vmlDrawing1.vml"))})) == []
    assert code_of(book(notes)) == "xlsx-malformed"
    # The same part named as a sheet too would be read as one.
    two = relations(("worksheet", "worksheets/sheet1.xml"), ("worksheet", "drawings/vmlDrawing1.vml"))
    assert code_of(book({**notes, BOOK_RELS: two})) == "xlsx-malformed"


def test_a_sheet_under_another_name_is_followed_too():
    far = sheet(row(1, "A1") + row(1_048_576, "XFD1048576"))
    for part in ("xl/media/image1.png", "xl/printerSettings/a.bin", "xl/data"):
        moved = relations(("worksheet", part.removeprefix("xl/")))
        assert scanned(book({SHEET: None, part: far, BOOK_RELS: moved})) == [
            ("Отчёт", "XFD1048576", "limit-sheet-size")
        ]


# ---------------------------------------------------------------------------------------------------------------- cells


def of_rows(told, *, before="", after="", **limits):
    return scanned(book({SHEET: sheet(told, before=before, after=after)}), **limits)


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        (row(1, "A1", "A1"), "A1"),
        (row(1, "A1", "B1", "A1"), "A1"),
        (row(1, "A1") + row(1, "B1"), None),
        (row(2, "A2") + row(1, "A1") + row(2, "B2"), None),
        (row(1, "A2"), "A2"),
        (row(1, "a1"), "a1"),
        (row(1, "$A$1"), "$A$1"),
        (row(1, "A01"), "A01"),
        (row(1, "1"), "1"),
        (row(1, "A"), "A"),
        (row(1, "XFE1"), "XFE1"),
        (row(1, "AAAA1"), "AAAA1"),
        (row(0, "A0"), None),
        (row("01", "A1"), None),
        (row("٣", "A3"), None),
        (row("1" * 5_000), None),
        (row(1_048_577), None),
        ('<c r="A1"/>', "A1"),
        ("<c/>", None),
    ],
)
def test_cells_that_readers_would_place_differently_are_refused(rows, cell):
    assert of_rows(rows) == [("Отчёт", cell, "xlsx-malformed")]


def test_cells_in_two_blocks_are_refused():
    twice = f'<worksheet xmlns="{MAIN}">' + f"<sheetData>{row(1, 'A1')}</sheetData>" * 2 + "</worksheet>"
    assert code_of(book({SHEET: twice})) == "xlsx-malformed"


def test_cells_without_references_stand_one_after_the_other():
    facts, findings = scan_xlsx(book({SHEET: sheet("<row><c/><c/><c r='E1'/><c/></row><row><c/></row>")}), name="a")
    assert findings == ()
    assert (facts.sheets[0].rows, facts.sheets[0].columns, facts.sheets[0].cells) == (2, 6, 5)
    assert of_rows("<row><c/><c r='A1'/></row>") == [("Отчёт", "A1", "xlsx-malformed")]


def test_rows_and_cells_in_any_order_are_followed():
    facts, findings = scan_xlsx(book({SHEET: sheet(row(3, "C3", "A3") + row(1, "B1"))}), name="a")
    assert findings == ()
    assert (facts.sheets[0].rows, facts.sheets[0].columns) == (3, 3)


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        (row(1, "A1") + row(1_048_576, "XFD1048576"), "XFD1048576"),
        (row(200_001, "A200001"), "A200001"),
        (row(1, "AMK1"), "AMK1"),
        (row(1, "Z1") + row(200_000, "A200000"), "Z200000"),
    ],
)
def test_a_far_cell_is_refused_before_it_kills_a_reader(rows, cell):
    assert of_rows(rows) == [("Отчёт", cell, "limit-sheet-size")]


def test_a_prefix_hides_no_cell():
    hidden = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1048576"><x:c r="XFD1048576"/></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    assert code_of(book({SHEET: hidden})) == "limit-sheet-size"


def test_many_rows_are_told_from_a_stray_cell():
    assert of_rows("".join(row(n, f"A{n}") for n in range(1, 12)), rows=10) == [("Отчёт", None, "limit-rows")]
    assert of_rows("".join(row(n) for n in range(1, 12)), rows=10) == [("Отчёт", None, "limit-rows")]
    assert of_rows(row(1, "A1") + row(11, "A11"), rows=10) == [("Отчёт", "A11", "limit-sheet-size")]
    assert of_rows("".join(row(n, f"A{n}") for n in range(1, 11)), rows=10) == []
    assert of_rows(row(1, "A1") + row(1_048_576)) == []
    shifted = "".join(row(n, f"A{n}") for n in range(2, 12))
    assert of_rows(shifted, rows=10) == [("Отчёт", None, "limit-rows")]


@pytest.mark.parametrize(
    "after",
    [
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        "<mergeCells>" + '<mergeCell ref="A1:XFD100"/>' * 4 + "</mergeCells>",
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="a"/></hyperlinks>',
    ],
)  # fmt: skip
def test_ranges_that_become_billions_of_cells_are_refused(after):
    assert [told[2] for told in of_rows(row(1, "A1"), after=after)] == ["limit-sheet-size"]


def test_ranges_as_people_make_them_pass():
    after = (
        '<mergeCells><mergeCell ref="A1:XFD1"/></mergeCells><hyperlinks><hyperlink ref="A1"/><hyperlink/></hyperlinks>'
    )
    assert of_rows(row(1, "A1"), after=after) == []
    assert [told[2] for told in of_rows(row(1, "A1"), after='<mergeCell ref="A:A"/>')] == ["xlsx-malformed"]


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ("A1:C2", []),
        ("A1:Z999", []),
        ("A1", ["sheet-dimension-wrong"]),
        ("A1:A1", ["sheet-dimension-wrong"]),
        ("A1:C1", ["sheet-dimension-wrong"]),
        ("A1:B2", ["sheet-dimension-wrong"]),
        ("A1:XFD1048576", ["sheet-dimension-wrong"]),
        ("nonsense", []),
        ("", []),
    ],
)
def test_a_sheet_that_lies_about_its_extent_is_a_warning(declared, told):
    before = f'<dimension ref="{declared}"/>'
    findings = of_rows(row(1, "A1", "B1") + row(2, "A2", "C2"), before=before)
    assert findings == [("Отчёт", None, code) for code in told]


def test_depth_elements_and_endless_tags_end_the_scan():
    assert [each[2] for each in of_rows("<row>" + "<a>" * 100 + "</a>" * 100 + "</row>")] == ["limit-depth"]
    assert code_of(book({"docProps/app.xml": "<a>" * 100_000})) == "limit-depth"
    assert [each[2] for each in of_rows(row(1, "A1"), elements=4)] == ["limit-elements"]
    assert code_of(book({"docProps/app.xml": '<a b="' + "x" * (12 << 20) + '"/>'})) == "xlsx-malformed"
    kept = relations(*[("image", "a.png")] * 100_001)
    assert code_of(book({BOOK_RELS: kept})) == "limit-elements"


# --------------------------------------------------------------------------------------------------------------- corpus

WHOLE = {
    "file-encrypted", "file-type-mismatch", "limit-sheet-size", "limit-zip-entries", "sheet-dimension-wrong",
    "xlsx-external-link", "xlsx-macro", "xlsx-malformed", "xml-doctype",
}  # fmt: skip


@pytest.mark.shared
def test_the_reference_workbooks_are_refused_or_pass_as_a_whole(shared):
    manifest = json.loads((shared / "corpus" / "manifest.json").read_bytes())
    cases = [case for case in manifest if case["kind"] == "xlsx"]
    assert len(cases) > 30
    for case in cases:
        path = shared / "corpus" / case["path"]
        data = path.read_bytes()
        facts, findings = scan_xlsx(data, name=path.name)
        expected = {case["expect"]} & WHOLE
        assert {finding.code for finding in findings} == expected, path.name
        assert (facts is None) == (bool(expected) and case["keep"] == "reject-file"), path.name
        if facts is not None and "NaN" not in path.name:
            opened = openpyxl.load_workbook(io.BytesIO(data))
            extents = [(each.max_row, each.max_column) for each in opened.worksheets]
            assert [(each.rows, each.columns) for each in facts.sheets] == extents, path.name
