"""Codes about a file, a workbook or a table as a whole."""

from __future__ import annotations

from typing import Final

from mne.ground.catalogue import Code, Severity

B, E, W, I = Severity.BLOCKER, Severity.ERROR, Severity.WARNING, Severity.INFO

_SEND_AGAIN: Final = "Open it in the program that made it, save it again, and send the new file."
_YAML_TEXT: Final = "Write the text out in full here; put it in quotes when it begins with one of these signs."

CODES: Final[tuple[Code, ...]] = (
    # A path
    Code(
        "file-missing",
        B,
        "There is no file at this path.",
        "Check the spelling of the path, and the folder that you are in.",
        "logframes/tajikstan.yaml",
    ),
    Code("file-is-directory", B, "This is a folder, not a file.", "Name one file in it.", "examples/reports"),
    Code("file-not-folder", B, "This is a file, not a folder.", "Name the folder that it stands in, or read the file."),
    Code(
        "file-empty", B, "There is nothing in this file.", "Send the file that was meant; this one holds no text.", ""
    ),
    Code(
        "file-not-regular",
        B,
        "This is {found}, not a file that can be read.",
        "Copy what it gives into an ordinary file, and name that.",
        "/dev/zero",
    ),
    Code(
        "file-unreadable",
        B,
        "This cannot be opened: {reason}.",
        "Check that you may read it, and that no other program holds it open.",
    ),
    Code(
        "file-link-outside",
        E,
        "This link leads out of the folder that was given, and was not followed.",
        "Put a copy of the file itself in the folder.",
        "Q1.csv -> /home/someone/Q1.csv",
    ),
    Code(
        "file-link-skipped",
        I,
        "This link was not followed: {reason}.",
        "Nothing to do, unless you expected something else to be read here.",
    ),
    Code(
        "file-type-unknown",
        I,
        "This file was not read: its name ends in {found}, and only {expected} are read.",
        "Save it as one of these kinds if it holds figures that should count.",
        "notes.docx",
    ),
    Code(
        "file-type-mismatch",
        B,
        "By its content this is {found}, not {expected}.",
        "Save it again as the kind that its name promises; renaming a file does not change what it is.",
        "a CSV file renamed to report.xlsx",
    ),
    Code(
        "folder-empty",
        B,
        "No file of a kind that is read here was found in this folder.",
        "Check that this is the right folder; {expected} are read.",
    ),
    Code(
        "limit-files",
        B,
        "There are more than {limit} files and folders in this folder.",
        "Name the folder that holds the reports, not one far above it.",
    ),
    Code(
        "limit-file-size",
        B,
        "The file is larger than {limit} bytes.",
        "Split it by period or by partner, or raise the limit when you trust where it comes from.",
    ),
    # Text
    Code(
        "encoding-not-utf8",
        B,
        "The text is not in UTF-8: {found}.",
        'Save it as "CSV UTF-8" or "UTF-8" in the program that made it.',
        "a file in windows-1251",
    ),
    Code(
        "encoding-unknown",
        B,
        "The text is in an encoding that cannot be told: {found}.",
        "Save it as UTF-8 in the program that made it.",
        "UTF-16 without a mark at its beginning",
    ),
    Code(
        "control-character",
        E,
        "There is a character here that is no part of any text: {found}.",
        "Type the text again; such characters come from a damaged copy.",
    ),
    Code(
        "limit-depth",
        B,
        "Parts are nested in each other more than {limit} levels deep here.",
        "A logframe or a report needs a handful of levels; check the brackets and the indentation.",
    ),
    Code(
        "limit-nodes",
        B,
        "There are more than {limit} values in this file.",
        "Split the file; reports of this size are better sent as CSV or Parquet.",
    ),
    Code(
        "limit-findings",
        B,
        "Reading stopped here after {limit} faults of this file's text.",
        "Mend the faults listed, then read the file again to see the rest.",
    ),
    Code(
        "limit-number-length",
        E,
        "This number has {found} characters; no number here needs more than {limit}.",
        "Check the number; if it is a code, write it as text in quotes.",
    ),
    Code(
        "yaml-invalid",
        B,
        "This is not valid YAML: {problem}.",
        "Indent by spaces, never by tabs, and put text that holds ': ' or ' #' in quotes.",
        "title: Outcome 1: services",
    ),
    Code(
        "yaml-alias",
        B,
        "Anchors and aliases (& and *) are not read here: {found}.",
        _YAML_TEXT,
        "baseline: *first",
    ),
    Code(
        "yaml-merge-key",
        B,
        "The merge key << is not read here.",
        "Write the entries out in full.",
        "<<: {unit: person}",
    ),
    Code(
        "yaml-tag", B, "Tags are not read here: {found}.", "Remove the tag; every value is read as text.", "!!float 1"
    ),
    Code(
        "yaml-duplicate-key",
        B,
        "The key {found} stands here for the second time; first in line {first}.",
        "Keep the one that is right and delete the other.",
    ),
    Code(
        "yaml-key-not-text",
        B,
        "A key must be one piece of text; here it is {found}.",
        "Put the key in quotes, or give it a name.",
        "? [a, b]",
    ),
    Code(
        "yaml-implicit-type",
        E,
        "Without quotes {found} is {other} to other programs that read YAML.",
        "Write {expected}, with its quotes.",
        "id: NO, which they read as false",
    ),
    Code(
        "yaml-multiple-documents",
        B,
        "A second document begins here; one file holds one.",
        "Put each document into a file of its own, or remove the line ---.",
    ),
    Code(
        "json-invalid",
        B,
        "This is not valid JSON: here stands {found} where {expected} should.",
        "Check brackets, commas and quotes; NaN and Infinity are no JSON, and null says that a value is missing.",
        '[{"value": NaN}]',
    ),
    Code(
        "json-duplicate-key",
        B,
        "The key {found} stands here for the second time; first in line {first}.",
        "Keep the one that is right and delete the other.",
    ),
    Code(
        "json-shape",
        B,
        "This JSON holds {found}; expected is {expected}.",
        "Write the file as one JSON value of that shape.",
        '{"value": [1, 2]} where [{"value": 1}, {"value": 2}] is expected',
    ),
    # Workbooks
    Code(
        "file-encrypted",
        B,
        "The file is locked by a password.",
        "Save it without a password (File, Info, Protect) and send it again.",
    ),
    Code("xlsx-malformed", B, "The workbook is damaged: {reason}.", _SEND_AGAIN),
    Code(
        "xlsx-macro",
        B,
        "The workbook holds macros (programs).",
        'Save it as "Excel workbook (.xlsx)", which holds none, and send that.',
        "report.xlsm",
    ),
    Code(
        "xlsx-external-link",
        W,
        "The workbook takes figures from another file: {found}.",
        "Check that the figures are current, and paste them as values.",
    ),
    Code(
        "xml-malformed",
        B,
        "This is not valid XML: {reason}.",
        "Write the file again with the program that made it; XML is not mended by hand.",
        "an element that ends under another name",
    ),
    Code(
        "xml-include",
        B,
        "The file asks for another file to be put in here ({found}).",
        "Send one file that holds everything.",
        "xi:include",
    ),
    Code(
        "xml-processing-instruction",
        I,
        "There is an instruction for other programs here ({found}); it was not followed.",
        "Nothing to do.",
        "xml-stylesheet",
    ),
    Code(
        "iati-root",
        B,
        "This XML is {found}, not {expected}.",
        "Send an IATI activity file, or the table as a workbook or CSV.",
        "an RSS feed",
    ),
    Code(
        "iati-version",
        B,
        "The file is of IATI version {found}; {expected} are read.",
        "Publish it again in version 2.03; version 1 keeps other things under the same names.",
        "1.05",
    ),
    Code(
        "iati-duplicate-identifier",
        B,
        "The activity {found} stands in the file twice.",
        "Keep the one that is current.",
    ),
    Code(
        "iati-other-activities",
        I,
        "Activities of other projects were passed over: {found}.",
        "Nothing to do; each is checked with its own logframe.",
    ),
    Code(
        "iati-flat-table",
        B,
        "This is a flat export of IATI results (result_indicator_…), of many activities and with splits in pairs of columns.",
        "Send the IATI file itself (.xml), or a table with columns such as indicator, period and value.",
        "result_indicator_actual_dimension_1",
    ),
    Code(
        "baseline-conflict",
        E,
        "The indicator has two baselines: {found}.",
        "Keep the right one, or say for which place or group each of them is.",
        "100 and 50 for the same year",
    ),
    Code("xml-doctype", B, "A part of the file declares a document type, which can change its figures.", _SEND_AGAIN),
    Code(
        "limit-zip-entries",
        B,
        "The file is a package of more than {limit} parts.",
        "Copy the table into a new workbook and send that.",
    ),
    Code(
        "limit-unzipped-size",
        B,
        "Unpacked, the file is larger than {limit} bytes.",
        "Copy the table into a new workbook, or send it as CSV.",
    ),
    Code(
        "limit-elements",
        B,
        "One part of the file holds more than {limit} elements.",
        "Copy the table into a new workbook and send that.",
    ),
    Code(
        "limit-sheet-size",
        B,
        "The sheet reaches to {found}, which is more than can be a report ({expected}).",
        "Delete the rows and columns beyond the table: select them, Delete, and save.",
        "a stray entry in cell XFD1048576",
    ),
    Code(
        "limit-rows",
        B,
        "There are more than {limit} rows.",
        "Split the table by period or by partner, or raise the limit when you trust where it comes from.",
    ),
    Code(
        "sheet-dimension-wrong",
        W,
        "The sheet says that it reaches over {found}; its cells reach over {expected}. All cells were read.",
        "Nothing to do; some programs write this wrongly. Check that no row is missing.",
    ),
    # Readers that run apart
    Code(
        "file-hostile",
        B,
        "Reading this file made the reader fail: {reason}.",
        _SEND_AGAIN,
    ),
    Code(
        "limit-memory",
        B,
        "Reading this file takes more memory than it may ({limit} bytes).",
        "Split the file, or raise the limit when you trust where it comes from.",
    ),
    Code(
        "limit-parts",
        B,
        "This table is too large for the memory that was set, and cannot be judged in parts: {found}.",
        "Raise memory_limit or judge it without one, split the table, or write it as a plain one.",
        "further tables stand beneath the first",
    ),
    Code(
        "limit-time",
        B,
        "Reading this file takes longer than it may ({limit} seconds).",
        "Split the file, or raise the limit when you trust where it comes from.",
    ),
    Code(
        "guard-unavailable",
        B,
        "The file was not read, as its reader could not be started apart: {reason}.",
        "Check the installation; `trusted=True` reads a file of your own without the guard.",
    ),
    # Tables in text
    Code(
        "csv-dialect-guessed",
        I,
        "The cells are parted by a {found}.",
        "Nothing to do, if the figures below are what you sent.",
    ),
    Code(
        "csv-delimiter-mismatch",
        B,
        "The cells are parted by a {found}; agreed was a {expected}.",
        "Save the table again with a {expected} between its cells; read otherwise, 12,5 becomes two cells.",
        "a file with semicolons where commas were agreed",
    ),
    Code(
        "csv-unclosed-quote",
        B,
        "A quotation mark opens here and is never closed, so that the rest of the file is one cell.",
        "Remove the quotation mark, or close it.",
    ),
    Code(
        "csv-malformed",
        B,
        "The row cannot be parted into cells: {reason}.",
        "Save the table again as CSV from the program that made it.",
    ),
    Code(
        "limit-columns", B, "There are more than {limit} columns.", "Delete the columns that are not part of the table."
    ),
    Code("limit-cell-length", E, "There is more text in this cell than can be: {expected}.", "Shorten it."),
    # Parquet and frames
    Code("parquet-malformed", B, "The Parquet file is damaged: {reason}.", "Write the file again."),
    Code(
        "column-type",
        W,
        "The column is declared as {found}; expected are {expected}.",
        "Give the column a type of numbers.",
    ),
    Code("frame-columns", B, "The columns have names in {found} levels.", "Give every column one name."),
    Code(
        "frame-unreadable",
        B,
        "The data frame cannot be read: {reason}.",
        "Check the frame; `frame.head()` should work.",
    ),
    Code("cell-nested", E, "{found} stands where one value should.", "Write one value in each cell."),
    # Tables
    Code(
        "table-missing",
        B,
        "No table was found here: {expected}.",
        "The table's first row names its columns: indicator, period, value and so on; for headers of one's own, "
        "logframe map FILE drafts a mapping.",
    ),
    Code("table-no-rows", B, "The table has no rows that report anything.", "Send the filled table."),
    Code(
        "file-other-logframe",
        B,
        "This report is for {found}, not for {expected}.",
        "Check it against its own logframe, or correct the project in it.",
    ),
    Code(
        "sheet-skipped",
        I,
        "This sheet holds no table of reports and was not read.",
        "Nothing to do, unless figures stand here.",
    ),
    Code(
        "sheet-hidden",
        W,
        "This sheet is hidden and holds a table; it was not read.",
        "Show the sheet if its figures should count, else delete it.",
    ),
    Code(
        "sheet-ambiguous",
        B,
        "The sheets {found} report the same cells, and which one counts cannot be told.",
        "Delete the sheets that do not count.",
    ),
    Code(
        "header-missing",
        B,
        "The table lacks a column: {expected}.",
        "Add the column, or check the spelling of its header; for headers of one's own, logframe map FILE drafts a mapping.",
    ),
    Code(
        "header-duplicate",
        B,
        "The columns {first} and {found} have the same meaning.",
        "Delete one of them, or give it another header.",
    ),
    Code(
        "header-misspelt",
        B,
        "The column {found} is not known, and looks like one that the figures cannot do without.",
        "Correct the header; without this column the rows would be taken for something else.",
        "Sxe for Sex: women and men would each count as everybody",
    ),
    Code(
        "header-unknown",
        W,
        "The column {found} is not known and was not read.",
        "Check the spelling, or ignore this if the column is your own.",
    ),
    Code(
        "header-blank",
        W,
        "Column {found} holds something and has no header; it was not read.",
        "Write a header, or empty the column.",
    ),
    Code(
        "header-normalised",
        W,
        "The header {found} was read as {expected}; it is not spelt quite so, or with letters that only look alike.",
        "Type the header again.",
    ),
    Code("header-offset", I, "The table begins in row {found}.", "Nothing to do."),
    Code("header-repeated", I, "The header stands again in rows {found}, and was passed over there.", "Nothing to do."),
    Code(
        "header-second-row",
        W,
        "Passed over below the header, with nothing reported: rows {found}.",
        "Nothing to do, if these are explanations.",
    ),
<<<<<<< HEAD
    Code("row-blank", I, "Nothing stands in rows {found}.", "Nothing to do."),
=======
    Code(
        "header-row-unknown",
        E,
        "The words of this head row are not known ({found}); the figures beneath it were not read.",
        "Write {expected} above the figures, or name the words in a mapping file.",
        "Passed, Tested, Rate above a share",
    ),
    Code("row-blank", I, "Nothing stands in row {found}.", "Nothing to do."),
>>>>>>> 8831bf9 (Tell a head that nobody knows once, and hold the figures beneath it)
    Code(
        "row-without-data",
        W,
        "Passed over, with no indicator and no value: rows {found}.",
        "Nothing to do, if this is a remark; else fill in the indicator and the value.",
    ),
    Code(
        "row-extra-cells",
        E,
        "The row has {found} cells, the header {expected}.",
        "Put numbers with a comma in quotation marks, or leave the comma out.",
        "1,234 without quotation marks",
    ),
    Code("row-missing-cells", E, "The row has {found} cells, the header {expected}.", "Complete the row."),
    Code(
        "row-looks-like-total",
        E,
        "The row looks like a sum of other rows ({found}); it was set aside, as it would be counted twice.",
        "Nothing to do, if it is one; to report for the whole, write _T instead of the word.",
        "TOTAL",
    ),
    Code("row-invalid", E, "Here stands {found}; expected is {expected}.", "Write every row as a record."),
    Code(
        "row-hidden",
        W,
        "The row is hidden or filtered out, and was read all the same ({count} rows).",
        "Delete it if it should not count.",
    ),
    Code("column-hidden", W, "The column {found} is hidden, and was read all the same.", "Check what stands in it."),
    Code(
        "cell-newline-looks-like-record",
        W,
        "A cell holds what looks like a whole row: {found}.",
        "Check the quotation marks; two stray ones take the rows between them for one cell.",
    ),
    Code("cell-formula", I, "The figure comes from a formula, {found} ({count} in this column).", "Nothing to do."),
    Code(
        "cell-formula-no-value",
        E,
        "The formula {found} has never been computed.",
        "Open the workbook, let it compute, save it, and send it again.",
    ),
    Code("cell-dde", E, "The formula {found} would start another program.", "Write the figure itself."),
    Code("cell-error", E, "The cell shows the error {found}.", "Correct the formula, or write the figure itself."),
    Code(
        "cell-merged",
        E,
        "The cell is merged with another one and holds nothing itself.",
        "Unmerge the cells and write into each what belongs there.",
    ),
    Code(
        "cell-merged-read",
        I,
        "{found} are merged; what stands in the first cell of each was read for all of its rows.",
        "Nothing to do, if it is meant for all of them: a total, and its parts beneath it.",
        "a code merged over the total, women and men",
    ),
    Code("text-formula", I, "The text {found} would be a formula in a workbook; it is kept as text.", "Nothing to do."),
    Code("text-markup", I, "The text {found} holds marks of a web page; it is kept as text.", "Nothing to do."),
)
