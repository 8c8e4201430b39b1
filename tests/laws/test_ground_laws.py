"""Laws of reading and writing text: any bytes give a tree or findings, and what is written comes back."""

from __future__ import annotations

import json
import math

import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mne.ground.files import decode_text
from mne.ground.findings import Finding
from mne.ground.kinds import sniff
from mne.ground.packages import scan_xlsx
from mne.ground.trees import ListNode, MapNode, Scalar, dump_yaml, locate, parse_json, parse_yaml, to_plain
from tests.profiles import times
from tests.unit.test_ground_packages import book

TRICKY = st.sampled_from(
    [
        "NO", "no", "010", "1:20", "1.10", "2024-01-01", "=", "~", "null", "true", "1e3", "<<", "- a", "a: b", "a #b",
        "#", "|", ">", "&a", "*a", "!!str", "'", '"', "\\", "---", "...", " ", "\n", "\t", "\r\n", "a\n b\n", "{", "]",
        "\u2028", "\x85", "\ufeff", "\u202e", "\u200c", "é", "ключ", "😀", "word " * 30 + "end", "%", "@", "`", "?", ":",
    ]
)  # fmt: skip
TEXTS = st.one_of(TRICKY, st.text(max_size=40), st.lists(TRICKY, max_size=4).map("".join))
PLAIN = st.recursive(
    st.one_of(st.none(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
WRITTEN = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda text: text.encode(errors="replace")),
    st.lists(
        st.sampled_from([*"[]{}:,-?&*!|>'\"%@`#~ \n\t", "a", "1", "null", "<<", "\\u", "é", "---\n"]), max_size=60
    ).map(lambda parts: "".join(parts).encode()),
    PLAIN.map(lambda value: dump_yaml(value).encode()),
    PLAIN.map(lambda value: json.dumps(value, ensure_ascii=False).encode()),
    PLAIN.map(lambda value: json.dumps(value).encode("utf-16")),
)


@st.composite
def damaged(draw, source):
    """Bytes with a few of them changed, taken away or repeated."""
    data = bytearray(draw(source))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        until = draw(st.integers(at, min(len(data), at + 40)))
        data[at:until] = draw(st.one_of(st.just(b""), st.binary(max_size=4), st.just(bytes(data[at:until]) * 2)))
    return bytes(data)


def sound(tree, findings):
    """What every reader owes: a tree, or a blocker that says why there is none."""
    assert isinstance(tree, (Scalar, ListNode, MapNode, type(None)))
    assert all(isinstance(finding, Finding) and str(finding) for finding in findings)
    assert (tree is None) == any(finding.level == "blocker" for finding in findings)
    return True


@times(25)
@given(damaged(WRITTEN))
@example(b"[" * 30_000)
@example(b'{"a":' * 30_000)
@example(b"\xff\xfe\x00\xd8")
def test_any_bytes_give_a_tree_or_the_reason_why_not(data):
    for parse in (parse_yaml, parse_json):
        assert sound(*parse(data, name="a"))
        tree, findings = parse(data, name="a", partial=True)
        if tree is not None:
            assert json.dumps(to_plain(tree)).encode()
        assert findings == parse(data, name="a")[1]  # the same on the second run, and whatever is asked for
    text, findings = decode_text(data, name="a")
    assert (text is None) == any(finding.level == "blocker" for finding in findings)
    assert isinstance(sniff(data), str)


@times(20)
@given(PLAIN)
def test_yaml_gives_back_what_was_written(value):
    tree, findings = parse_yaml(dump_yaml(value).encode(), name="a")
    assert findings == ()
    assert to_plain(tree) == value
    assert dump_yaml(to_plain(tree)) == dump_yaml(value)


@times(20)
@given(PLAIN)
def test_another_reader_of_yaml_sees_the_same_text(value):
    assert yaml.safe_load(dump_yaml(value)) == value


@times(15)
@given(PLAIN, st.sampled_from([None, 1, 2]), st.booleans())
def test_json_is_read_as_the_standard_library_reads_it(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    tree, findings = parse_json(text.encode(), name="a")
    assert findings == ()
    assert to_plain(tree) == value


@times(15)
@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_json_numbers_stay_as_written(number):
    written = json.dumps(number)
    assume(len(written) <= 60)
    tree, findings = parse_json(f"[{written}]".encode(), name="a")
    assert findings == ()
    assert tree.items[0].text == written
    assert math.isclose(float(tree.items[0].text), number, rel_tol=0)


@times(20)
@given(st.text(alphabet='[]{}",:0123456789.eE+-truefalsn \n\\u', max_size=40))
def test_json_is_accepted_exactly_when_the_standard_says_so(text):
    def refuse(word):
        raise ValueError(word)

    def once(pairs):
        if len(dict(pairs)) < len(pairs):
            raise ValueError(pairs)
        return dict(pairs)

    try:
        json.loads(text, parse_constant=refuse, object_pairs_hook=once)
        allowed = True
    except ValueError:
        allowed = False
    tree, _ = parse_json(text.encode(), name="a")
    assert (tree is not None) == allowed


@times(10)
@given(PLAIN)
def test_every_place_is_in_the_text(value):
    text = json.dumps(value, indent=1, ensure_ascii=False)
    lines = text.split("\n")
    tree, _ = parse_json(text.encode(), name="a")

    def walk(node, path):
        line, column = locate(tree, path)
        sign = lines[line - 1][column - 1]
        assert (sign == "{") == isinstance(node, dict)
        assert (sign == "[") == isinstance(node, list)
        assert (sign == '"') == isinstance(node, str)
        if isinstance(node, dict):
            for key, each in node.items():
                line, column = locate(tree, (*path, key), key=True)
                assert lines[line - 1][column - 1 :].startswith(json.dumps(key, ensure_ascii=False) + ":")
                walk(each, (*path, key))
        elif isinstance(node, list):
            for index, each in enumerate(node):
                walk(each, (*path, index))

    walk(value, ())


@times(20)
@given(damaged(st.one_of(st.just(book()), st.just(book({"xl/media/image1.png": b"\x89PNG"}, method=0)), st.binary())))
def test_any_package_passes_or_is_refused_with_a_reason(data):
    facts, findings = scan_xlsx(data, name="a")
    assert (facts is None) == any(finding.level == "blocker" for finding in findings)
    assert all(str(finding) for finding in findings)
    assert scan_xlsx(data, name="a") == (facts, findings)
