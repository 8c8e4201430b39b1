"""YAML and JSON as trees of text: what was written stays, every place is known, and nothing hostile gets through."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest
import yaml

from mne.errors import OptionError
from mne.ground.files import Limits
from mne.ground.findings import Place
from mne.ground.trees import (
    Bare,
    ListNode,
    MapNode,
    Scalar,
    dump_yaml,
    locate,
    parse_json,
    parse_yaml,
    path_text,
    to_plain,
)


def codes(findings):
    return [finding.code for finding in findings]


def spots(findings):
    return [(finding.place.line, finding.place.column, finding.code) for finding in findings]


def from_yaml(text, **options):
    tree, findings = parse_yaml(text.encode(), name="a.yaml", **options)
    return (None if tree is None else to_plain(tree)), findings


def from_json(text, **options):
    tree, findings = parse_json(text.encode(), name="a.json", **options)
    return (None if tree is None else to_plain(tree)), findings


# --------------------------------------------------------------------------------------------------------------- YAML

LOOKS_LIKE_SOMETHING_ELSE = [
    *("NO", "no", "yes", "on", "y", "010", "0o14", "0x1F", "1:20", "190:20:30.15", "1.10", "1e3", "1_000", "+5", "-5"),
    *(".5", "5.", "=", "~", "null", "Null", "NULL", "true", "False", "2024-01-01", "2001-12-14 21:59:43.10", "<<"),
    *(".inf", "-.INF", ".NaN", "NaN", "inf", "N", "", "1,200", "12e03", "0b101", "1e+5"),
]


@pytest.mark.parametrize("text", [each for each in LOOKS_LIKE_SOMETHING_ELSE if each not in ("~", "null", "", "<<")])
def test_a_scalar_stays_what_was_written(text):
    assert from_yaml(f"codes:\n  - {text}\nkey: {text}") == ({"codes": [text], "key": text}, ())


@pytest.mark.parametrize("text", LOOKS_LIKE_SOMETHING_ELSE)
def test_what_looks_like_something_else_is_written_in_quotes_and_read_back(text):
    value = {"codes": [text], text: "key"}
    assert dump_yaml(value).splitlines()[1] == f'  - "{text}"'
    assert from_yaml(dump_yaml(value)) == (value, ())
    assert yaml.safe_load(dump_yaml(value)) == value


def test_nothing_a_tilde_and_null_are_no_value_but_as_keys_and_in_quotes_they_are_text():
    told, findings = from_yaml('a:\nb: ~\nc: null\nd: "~"\ne: ""\n~: 1\nnull: 2\n"": 3\nf: [, ~]')
    assert findings[0].code == "yaml-invalid"
    told, findings = from_yaml('a:\nb: ~\nc: null\nd: "~"\ne: ""\n~: "1"\nnull: "2"\n"": "3"')
    assert findings == ()
    assert told == {"a": None, "b": None, "c": None, "d": "~", "e": "", "~": "1", "null": "2", "": "3"}


def test_every_value_knows_where_it_stands_and_how_it_was_written():
    tree, _ = parse_yaml(b"a: 1\nb:\n  - 'x'\n  - {c: null}\n", name="a.yaml")
    assert (tree.line, tree.column, tree.marks["b"]) == (1, 1, (2, 1))
    first, second = tree.entries["b"].items
    assert (first.text, first.line, first.column, first.quoted, first.kind) == ("x", 3, 5, True, "string")
    assert (tree.entries["a"].quoted, tree.entries["a"].kind) == (False, "plain")
    assert (second.entries["c"].line, second.entries["c"].column, second.entries["c"].kind) == (4, 9, "null")


def test_where_a_value_stands_is_no_part_of_its_equality():
    left, _ = parse_yaml(b"a: ['1', {b: c}]", name="a.yaml")
    right, _ = parse_json(b'\n\n{"a": ["1", {"b": "c"}]}', name="a.json")
    assert left == right
    assert left != parse_yaml(b"a: ['2', {b: c}]", name="a.yaml")[0]
    assert hash(left) == hash(right)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: &y 2", [(1, 4, "yaml-alias"), (2, 4, "yaml-alias")]),
        ("a: &x {b: *x}", [(1, 4, "yaml-alias"), (1, 11, "yaml-alias")]),
        ("a: 1\n<<: {b: 2}", [(2, 1, "yaml-merge-key")]),
        ("a: !!float 1\nb: !x [1]\nc: !!map {}\nd: ! e", [(n, 4, "yaml-tag") for n in (1, 2, 3, 4)]),
        ("!!python/object/apply:os.system [id]", [(1, 1, "yaml-tag")]),
        ("a: 1\n---\nb: 2", [(2, 1, "yaml-multiple-documents")]),
        ("? [a]\n: 1", [(1, 3, "yaml-key-not-text")]),
        ("? {a: b}\n: 1", [(1, 3, "yaml-key-not-text")]),
        ("?\n: 1", [(1, 2, "yaml-key-not-text")]),
        ("a: [1, 2\n", [(2, 1, "yaml-invalid")]),
        ("a: b: c", [(1, 5, "yaml-invalid")]),
        ("a:\n\tb: c", [(2, 1, "yaml-invalid")]),
        ("a: \u0007", [(1, 4, "yaml-invalid")]),
        ("a: b\nc: d\u0000", [(2, 5, "yaml-invalid")]),
        ('a: "\\ud800"', [(1, 7, "yaml-invalid")]),
        ("", [(None, None, "file-empty")]),
        ("# only a remark\n", [(None, None, "file-empty")]),
    ],
)
def test_what_is_refused_says_where(text, expected):
    told, findings = from_yaml(text)
    assert told is None
    assert spots(findings) == expected
    assert {finding.level for finding in findings} == {"blocker"}
    assert {finding.place.file for finding in findings} == {"a.yaml"}


def test_the_only_tag_that_is_read_is_that_of_text():
    assert from_yaml("a: !!str 1\nb: !!str ~\nc: !!str") == ({"a": "1", "b": "~", "c": ""}, ())


def test_a_merge_sign_in_quotes_is_a_key_like_any_other():
    assert from_yaml('"<<": x') == ({"<<": "x"}, ())


def test_all_repeated_keys_are_found_at_once_each_with_the_first_place():
    text = "a: 1\nb:\n  c: 1\n  d:\n    - c: 2\n      'c': 3\n  c: 4\na: 5\n"
    told, findings = from_yaml(text)
    assert told is None
    assert spots(findings) == [(line, column, "yaml-duplicate-key") for line, column in ((6, 7), (7, 3), (8, 1))]
    assert [finding.related for finding in findings] == [
        (Place(file="a.yaml", line=line, column=column),) for line, column in ((5, 7), (3, 3), (1, 1))
    ]
    assert [finding.place.path for finding in findings] == ["b.d[0].c", "b.c", "a"]


def test_what_could_be_read_is_handed_back_on_request_with_the_first_of_repeated_keys():
    told, findings = from_yaml("a: 1\na: {b: 2}\nc: !x 3", partial=True)
    assert (told, codes(findings)) == ({"a": "1", "c": "3"}, ["yaml-duplicate-key", "yaml-tag"])
    assert from_yaml("a: &x 1\nb: *x", partial=True)[0] is None


def test_too_many_faults_end_the_reading_with_a_finding_of_their_own():
    _, findings = from_yaml("a: 1\n" * 1_000)
    assert codes(findings) == ["yaml-duplicate-key"] * 100 + ["limit-findings"]


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "[{a: "])
def test_depth_ends_the_reading_long_before_a_parser_breaks(opening):
    started = time.perf_counter()
    told, findings = from_yaml(opening * 1_000_000)
    assert (told, codes(findings)) == (None, ["limit-depth"])
    assert time.perf_counter() - started < 5


def test_as_deep_as_allowed_is_read():
    assert from_yaml("[" * 64 + "]" * 64)[1] == ()
    assert codes(from_yaml("[" * 65 + "]" * 65)[1]) == ["limit-depth"]
    assert codes(from_yaml("[[[]]]", limits=Limits(depth=2))[1]) == ["limit-depth"]


def test_as_many_values_as_allowed_are_read():
    assert from_yaml("[a, b, c]", limits=Limits(nodes=4))[1] == ()
    assert codes(from_yaml("[a, b, c, d]", limits=Limits(nodes=4))[1]) == ["limit-nodes"]
    assert codes(from_yaml("- a\n" * 200_001)[1]) == ["limit-nodes"]


def test_encodings_are_those_of_text():
    assert to_plain(parse_yaml("\ufeffа: б".encode(), name="a")[0]) == {"а": "б"}
    tree, findings = parse_yaml("а: б".encode("utf-16"), name="a")
    assert (to_plain(tree), codes(findings)) == ({"а": "б"}, ["encoding-not-utf8"])
    tree, (finding,) = parse_yaml("a: 1\nб: в".encode("cp1251"), name="a")
    assert (tree, finding.code, finding.place.line) == (None, "encoding-not-utf8", 2)


def test_the_parser_written_in_python_reads_the_same(monkeypatch):
    text = 'a: ~\nb: "~"\n<<: x\nc: !!str 1\nd:\n  - NO\n  - |\n    x\n'
    expected = from_yaml(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert from_yaml(text) == expected
    assert codes(from_yaml("a: \u0007")[1]) == ["yaml-invalid"]
    assert codes(from_yaml("[" * 100_000)[1]) == ["limit-depth"]


# --------------------------------------------------------------------------------------------------------------- JSON


def test_numbers_stay_what_was_written():
    text = '[1.10, 1e3, -0, 12345678901234567890, 0.1, 1E-5, true, false, null, "true"]'
    tree, findings = parse_json(text.encode(), name="a.json")
    assert findings == ()
    told = [(each.text, each.kind) for each in tree.items]
    assert told == [
        *((each, "number") for each in ("1.10", "1e3", "-0", "12345678901234567890", "0.1", "1E-5")),
        *(("true", "bool"), ("false", "bool"), (None, "null"), ("true", "string")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '"x"', "[]", "{}", "[[], {}]", '{"": ""}', '{"a": {"b": ["c", {"d": null}]}}',
        r'["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"]', '  [ \n "a" ,\r\n "b"\t]  \n', '["é😀\u2028"]', '["a\\u0000b"]',
    ],
)  # fmt: skip
def test_text_lists_and_maps_are_those_of_the_standard_library(text):
    assert from_json(text) == (json.loads(text), ())


def test_every_json_value_knows_where_it_stands():
    tree, _ = parse_json(b'\r\n{"a": 1,\r "b":\n  [true, {"c": "x"}]}', name="a.json")
    assert (tree.line, tree.column) == (2, 1)
    assert dict(tree.marks) == {"a": (2, 2), "b": (3, 2)}
    assert locate(tree, ("a",)) == (2, 7)
    assert locate(tree, ("b",)) == (4, 3)
    assert locate(tree, ("b", 0)) == (4, 4)
    assert locate(tree, ("b", 1, "c")) == (4, 16)


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("[NaN]", (1, 2)), ("[1, Infinity]", (1, 5)), ("[-Infinity]", (1, 2)), ("[1,]", (1, 4)), ("[1 2]", (1, 4)),
        ('{"a" 1}', (1, 6)), ('{"a": 1,}', (1, 9)), ("{a: 1}", (1, 2)), ("{'a': 1}", (1, 2)), ("[01]", (1, 2)),
        ("[1.]", (1, 2)), ("[.5]", (1, 2)), ("[+1]", (1, 2)), ("[-]", (1, 2)), ("[0x1]", (1, 2)), ("[1_000]", (1, 2)),
        ("[True]", (1, 2)), ("[nul]", (1, 2)), ('["a', (1, 4)), ('["a\nb"]', (1, 4)), ('["\\x"]', (1, 3)),
        ('["\\u12"]', (1, 3)), ("[", (1, 2)), ("{", (1, 2)), ('{"a"', (1, 5)), ('{"a":', (1, 6)), ("[1]\n]", (2, 1)),
        ("[1] x", (1, 5)), ("[1}", (1, 3)), ('{"a": 1]', (1, 8)), ("// x\n[1]", (1, 1)), ("x", (1, 1)), ("\ufeff\u00a0[1]", (1, 1)),
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_where_it_stands(text, spot):
    told, findings = from_json(text)
    assert told is None
    assert spots(findings) == [(*spot, "json-invalid")]


def test_several_values_one_after_the_other_have_another_shape():
    assert spots(from_json('{"a": 1}\n{"a": 2}\n')[1]) == [(2, 1, "json-shape")]


@pytest.mark.parametrize("text", ["", " \r\n\t"])
def test_json_of_nothing(text):
    assert codes(from_json(text)[1]) == ["file-empty"]


def test_repeated_json_keys_are_all_found_with_the_first_place():
    told, findings = from_json('{"a": 1,\n "b": [{"c": 1, "\\u0063": 2}],\n "a": 3}')
    assert told is None
    assert spots(findings) == [(2, 17, "json-duplicate-key"), (3, 2, "json-duplicate-key")]
    assert [finding.related[0].line for finding in findings] == [2, 1]
    assert [finding.place.path for finding in findings] == ["b[0].c", "a"]


def test_half_of_a_pair_is_a_finding_and_the_rest_is_kept():
    told, findings = from_json('[{"a": "x\\ud800y"}, {"b": "\\ud83d\\ude00"}]')
    assert told == [{"a": "x\ufffdy"}, {"b": "😀"}]
    assert [(finding.code, finding.level, finding.place.path) for finding in findings] == [
        ("control-character", "error", "[0].a")
    ]


def test_an_endless_number_is_a_finding_and_stays_text():
    digits = "9" * 5_000
    told, findings = from_json(f"[1, {digits}]")
    assert told == ["1", digits]
    assert [(finding.code, finding.level) for finding in findings] == [("limit-number-length", "error")]


@pytest.mark.parametrize("opening", ["[", '{"a": ', '[{"a": '])
def test_json_depth_ends_the_reading(opening):
    assert codes(from_json(opening * 300_000)[1]) == ["limit-depth"]
    assert codes(from_json(opening * 3_000, limits=Limits(depth=2_000))[1]) == ["limit-depth"]
    assert codes(from_json(opening * 1_000, limits=Limits(depth=2_000))[1]) == ["json-invalid"]


def test_json_as_deep_and_as_large_as_allowed():
    assert from_json("[" * 64 + "]" * 64)[1] == ()
    assert from_json("[1, 2, 3]", limits=Limits(nodes=4))[1] == ()
    assert codes(from_json("[1, 2, 3, 4]", limits=Limits(nodes=4))[1]) == ["limit-nodes"]


def test_json_in_utf16_is_read_and_said():
    tree, findings = parse_json('["é"]'.encode("utf-16"), name="a")
    assert (to_plain(tree), [(each.code, each.level) for each in findings]) == (
        ["é"],
        [("encoding-not-utf8", "info")],
    )


@pytest.mark.parametrize("text", ['"' + "\\u0041" * 300_000 + '"', "[" + " " * 2_000_000 + "1]", '"' + "a" * 5_000_000])
def test_long_text_is_read_in_time_that_grows_with_its_length(text):
    started = time.perf_counter()
    from_json(text)
    assert time.perf_counter() - started < 3


# --------------------------------------------------------------------------------------------------------------- places

TREE, _ = parse_yaml(b"title: x\noutcomes:\n  - id: OC1\n    indicators:\n      - {id: a, unit: b}\n", name="a")


@pytest.mark.parametrize(
    ("path", "key", "spot"),
    [
        ((), False, (1, 1)),
        (("title",), False, (1, 8)),
        (("title",), True, (1, 1)),
        (("outcomes", 0, "indicators", 0, "unit"), False, (5, 23)),
        (("outcomes", 0, "indicators", 0, "unit"), True, (5, 17)),
        (("outcomes", 0, "indicators", 0), True, (5, 9)),
        (("outcomes", 0, "indicators", 0, "missing"), False, (5, 9)),
        (("outcomes", 0, "missing", 3, "deeper"), False, (3, 5)),
        (("outcomes", 0, "missing"), True, (3, 5)),
        (("outcomes", 7), False, (3, 3)),
        (("outcomes", -1), False, (3, 3)),
        (("outcomes", "id"), False, (3, 3)),
        (("title", "deeper"), False, (1, 8)),
        ((0,), False, (1, 1)),
    ],
)
def test_a_path_leads_to_the_deepest_part_that_exists(path, key, spot):
    assert locate(TREE, path, key=key) == spot


def test_a_path_reads_like_one():
    assert path_text(("outcomes", 0, "indicators", 2, "unit")) == "outcomes[0].indicators[2].unit"
    assert path_text((3, "value")) == "[3].value"
    assert path_text(()) == ""


def test_a_tree_made_by_hand_needs_no_places():
    made = MapNode({"a": ListNode((Scalar("1"), Scalar(None)))})
    assert to_plain(made) == {"a": ["1", None]}
    assert made == parse_yaml(b"a: [1, ~]", name="a")[0]


# -------------------------------------------------------------------------------------------------------------- writing


def test_plain_data_is_written_as_a_person_would():
    value = {
        "id": "TJ-DFP",
        "title": {"en": "Digital foundations: phase 1", "no": "Norsk", "ru": "Цифровые основы"},
        "start": Bare("2024-01-01"),
        "weight": Decimal("1.10"),
        "rank": 3,
        "final": True,
        "note": None,
        "codes": ["F", "M", "NO", "010"],
        "empty": [],
        "none": {},
        "outcomes": [{"id": "OC1", "targets": [["a", "b"], []]}],
    }
    assert dump_yaml(value) == (
        "id: TJ-DFP\n"
        "title:\n"
        '  en: "Digital foundations: phase 1"\n'
        '  "no": Norsk\n'
        "  ru: Цифровые основы\n"
        "start: 2024-01-01\n"
        "weight: 1.10\n"
        "rank: 3\n"
        "final: true\n"
        "note: null\n"
        "codes:\n"
        "  - F\n"
        "  - M\n"
        '  - "NO"\n'
        '  - "010"\n'
        "empty: []\n"
        "none: {}\n"
        "outcomes:\n"
        "  - id: OC1\n"
        "    targets:\n"
        "      - - a\n"
        "        - b\n"
        "      - []\n"
    )


def test_long_text_is_folded_and_lines_are_kept():
    words = "word " * 60 + "end"
    lines = "first line\n  indented\n\nlast line"
    written = dump_yaml({"definition": words, "method": lines, "limits": "one\ntwo\n", "list": [words, lines]})
    assert max(map(len, written.splitlines())) <= 102
    assert "definition: >-\n  word word" in written
    assert "method: |-\n  first line\n    indented\n\n  last line\n" in written
    assert "limits: |\n  one\n  two\n" in written
    assert from_yaml(written)[0] == {
        "definition": words,
        "method": lines,
        "limits": "one\ntwo\n",
        "list": [words, lines],
    }


@pytest.mark.parametrize("value", ["x", "two\nlines", "two\nlines\n", "word " * 60 + "end", None, [], {}, True, 7, "--- x", "...", "# x"])  # fmt: skip
def test_a_value_that_is_no_map_is_a_document_too(value):
    read, findings = from_yaml(dump_yaml(value))
    assert findings == ()
    assert read == {True: "true", 7: "7"}.get(value, value) if not isinstance(value, (list, dict)) else read == value


@pytest.mark.parametrize(
    "text",
    [
        " x", "x ", "\tx", "x\n", "\nx", "\n", "x\n\n", "a\n b", " a\nb", "a \nb", "a\n\t\nb", "a\r\nb", "a: b", "a:",
        "a #b", "#a", "- a", "-a", "? a", "[a", "{a", "a]", "a, b", "&a", "*a", "!a", "|a", ">a", "'a'", '"a"', "%a",
        "@a", "`a", "a\u2028b", "a\u0085b", "\ufeffa", "a\u202eb", "می\u200cخواهم", "\u200bx", "80\u00a0%", "\u00a0x",
        "a\x00b", "\x7f", "\x1b[0m", "😀", "\U0010ffff", "\ufffe", "\\", 'a"b\\c', "a  b " * 40, "word " * 60, "x" * 500,
        "Q1: 2024", "http://x.org/a#b", "key: value\nother: value", "# not a remark\nx", "--- \nx", "a\n...\nb",
    ],
)  # fmt: skip
def test_text_comes_back_as_it_was(text):
    value = {"a": [text, {"b": text}], text: text}
    assert from_yaml(dump_yaml(value)) == (value, ())
    assert yaml.safe_load(dump_yaml(value)) == value


def test_invisible_characters_are_seen_and_letters_are_kept():
    assert dump_yaml("a\u202eb") == '"a\\u202eb"\n'
    assert dump_yaml("می\u200cخواهم") == "می\u200cخواهم\n"
    assert dump_yaml("\x00\U000e0001") == '"\\x00\\U000e0001"\n'


def test_a_key_of_any_length_is_written():
    for key in ("x" * 499, "x" * 501, "x" * 5_000, "a: b " * 300):
        value = {key: {"a": ["b"]}, "z": [{key: "c"}], "y": {key: ["d"]}}
        assert from_yaml(dump_yaml(value)) == (value, ())


@pytest.mark.parametrize("text", ["1.10", "-5", "+.5", "2024-01-01", "true", "1e3", "12:30", "50%", "1/3", "Q1"])
def test_bare_text_is_written_without_quotes_and_read_back(text):
    assert dump_yaml({"a": Bare(text)}) == f"a: {text}\n"
    assert from_yaml(dump_yaml([Bare(text)])) == ([text], ())


@pytest.mark.parametrize("text", ["", "~", "null", "a b", "a:", "a: b", "- 1", "[1]", "#1", "1\n2", "é", "---", "..."])
def test_bare_text_that_would_not_come_back_is_refused(text):
    with pytest.raises(OptionError):
        dump_yaml({"a": Bare(text)})


@pytest.mark.parametrize("value", [1.5, float("nan"), b"x", {1}, {1: "a"}, {None: "a"}, object(), "\ud800", Decimal("NaN")])  # fmt: skip
def test_what_has_no_exact_text_is_refused(value):
    with pytest.raises(OptionError):
        dump_yaml({"a": [value]})


def test_what_could_not_be_read_back_is_not_written():
    value = []
    for _ in range(63):
        value = [value]
    assert from_yaml(dump_yaml(value))[1] == ()
    with pytest.raises(OptionError):
        dump_yaml([value])
    value = []
    value.append(value)
    with pytest.raises(OptionError):
        dump_yaml(value)


def test_decimals_have_no_exponent():
    assert dump_yaml([Decimal("1E+3"), Decimal("1E-7"), Decimal("1.10")]) == "- 1000\n- 0.0000001\n- 1.10\n"


# --------------------------------------------------------------------------------------------------------------- corpus

WHOLE = {
    "yaml-alias", "yaml-tag", "yaml-duplicate-key", "yaml-multiple-documents", "limit-depth", "json-duplicate-key",
    "json-invalid", "control-character", "encoding-not-utf8",
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize(("kind", "parse"), [("yaml", parse_yaml), ("json", parse_json)])
def test_the_reference_files_are_read_or_refused_as_a_whole(shared, kind, parse):
    manifest = json.loads((shared / "corpus" / "manifest.json").read_bytes())
    cases = [case for case in manifest if case["kind"] == kind]
    assert len(cases) > 15
    for case in cases:
        path = shared / "corpus" / case["path"]
        tree, findings = parse(path.read_bytes(), name=path.name)
        told = set(codes(findings))
        if path.name == "ndjson.json":
            assert (tree, told) == (None, {"json-shape"})
        elif path.name == "hugeint.json":
            assert told == {"limit-number-length"}
        elif case["expect"] in WHOLE:
            assert case["expect"] in told, path.name
            assert (tree is None) == (case["keep"] == "reject-file"), path.name
        else:
            assert tree is not None, path.name
            assert not told, path.name


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "code"), [("norway", "NO"), ("octal", "010"), ("sexagesimal", "1:20"), ("date_code", "2024-01-01")]
)
def test_the_codes_of_the_reference_files_stay_text(shared, name, code):
    tree, _ = parse_yaml((shared / "corpus" / "yaml" / f"{name}.yaml").read_bytes(), name=name)
    assert to_plain(tree)["outcomes"][0]["indicators"][0]["code"] == code
