"""The gettext catalogues of what findings say: what is to be translated, and whether all of it is.

    python -m tests.catalogues --extract   write the template, mne.pot, from the code
    python -m tests.catalogues --update    the same, and bring every mne.po up to it
    python -m tests.catalogues --compile   write every mne.mo from its mne.po
    python -m tests.catalogues --check     say what is missing, doubtful or out of date

After a change to a text: ``--update``, translate what is empty or marked fuzzy, ``--compile``.
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import io
import re
import string
import sys
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import mne
from mne.ground.catalogue import CODES
from mne.ground.language import LANGUAGES

SOURCE = Path(mne.__file__).parent
LOCALE = SOURCE / "ground" / "locale"
TEMPLATE = LOCALE / "mne.pot"
OTHERS = tuple(lang for lang in LANGUAGES if lang != "en")
# Babel knows the rules of plurals for French and Russian as most catalogues have them; Tajik it does not know.
PLURALS = {
    "fr": (2, "(n > 1)"),
    "ru": (3, "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"),
    "tg": (2, "(n != 1)"),
}
_NO_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # a file changes when its texts do, and not with the day
_HEADER = "What findings say, in other languages. Tests hold these catalogues complete."
_CHANGING = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid)'
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_WORDED = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b|\b[A-Za-z]{3,} or [A-Za-z]{3,}\b|, [a-z]{3,} [a-z]")
"""An example in words; others show what a partner or a file may hold, and are the same in every language."""
_SENTENCE = 25
"""So many characters, twice in one text, are no accident."""

Entry = tuple[str | tuple[str, str], str, str]
"""What is to be translated (one text, or a singular and a plural), where it stands, and what it is."""


def entries() -> list[Entry]:
    """Every text to be translated, in a fixed order, each once."""
    found: dict[str | tuple[str, str], Entry] = {}
    for entry in (*_of_codes(), *_of_rules(), *_of_calls()):
        found.setdefault(entry[0], entry)
    singular = {key[0] for key in found if isinstance(key, tuple)}
    return [entry for key, entry in found.items() if key not in singular]


def _of_codes():
    for code in CODES.values():
        yield code.message, "codes", f"{code.code}: the message"
        if code.hint:
            yield code.hint, "codes", f"{code.code}: what to do"
        if _WORDED.search(code.example):
            yield code.example, "codes", f"{code.code}: an example"


def _of_rules():
    for rule in mne.RULES:
        for text, what in ((rule.expected, "what is expected"), (rule.found, "what was found")):
            if any(_WORDS.search(words) for words, *_ in string.Formatter().parse(text)):
                yield text, "rules", f"{rule.code}: {what}"


def _of_calls():
    """What stands in `phrase("…")` and `phrase_n("…", "…", n)`."""
    for path in sorted(SOURCE.rglob("*.py")):
        where = path.relative_to(SOURCE).as_posix()
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            name = getattr(call.func, "id", None)
            if name not in ("phrase", "phrase_n"):
                continue
            texts = [arg.value for arg in call.args[: 2 if name == "phrase_n" else 1] if isinstance(arg, ast.Constant)]
            if len(texts) != (2 if name == "phrase_n" else 1):
                raise SystemExit(f"{where}:{call.lineno}: the text of a phrase must stand there as it is")
            yield (texts[0], texts[1]) if name == "phrase_n" else texts[0], where, ""


def template() -> Catalog:
    """The template: every text, with no translation."""
    made = Catalog(
        project="logframe", version=mne.__version__, charset="utf-8", fuzzy=False, header_comment=f"# {_HEADER}"
    )
    for text, where, comment in entries():
        made.add(text, locations=[(where, 0)], auto_comments=[comment] if comment else [])
    for message in made:
        message.flags.discard("python-format")
        message.flags.discard("python-brace-format")
    return made


def po_path(lang: str) -> Path:
    """The catalogue of a language, as translators edit it."""
    return LOCALE / lang / "LC_MESSAGES" / "mne.po"


def catalogue(lang: str) -> Catalog:
    """What there is in a language; an empty catalogue where there is no file."""
    path = po_path(lang)
    if not path.exists():
        return _new(lang)
    with path.open("rb") as opened:
        return read_po(opened, locale=lang)


def _new(lang: str) -> Catalog:
    made = Catalog(locale=lang, project="logframe", version=mne.__version__, charset="utf-8", fuzzy=False)
    made.header_comment = f"# {_HEADER}"
    made._num_plurals, made._plural_expr = PLURALS[lang]
    return made


def text_of(made: Catalog) -> str:
    """A catalogue as a file holds it: the same for the same content, whenever and by whom it is written."""
    with io.BytesIO() as out:
        write_po(out, made, width=110, include_lineno=False, omit_header=False)
        lines = out.getvalue().decode().splitlines()
    return "\n".join(line for line in lines if not _CHANGING.match(line)).rstrip() + "\n"


def compiled(made: Catalog) -> bytes:
    """A catalogue as programs read it."""
    made.creation_date = made.revision_date = _NO_DAY
    with io.BytesIO() as out:
        write_mo(out, made)
        return out.getvalue()


def updated(lang: str) -> Catalog:
    """The catalogue of a language with exactly the texts of the template; what is new is empty, or fuzzy."""
    old = catalogue(lang)
    old._num_plurals, old._plural_expr = PLURALS[lang]
    old.update(template(), no_fuzzy_matching=False, update_header_comment=True)
    old.obsolete.clear()
    old.header_comment = f"# {_HEADER}"
    return old


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def places(text: str) -> set[str]:
    """The places of a template, with how what stands there is to be written."""
    parts = string.Formatter().parse(text)
    return {f"{name}!{conversion or ''}:{spec}" for _, name, spec, conversion in parts if name is not None}


def problems() -> list[str]:
    """What is wrong with the catalogues; nothing if all of them are complete, sound and compiled."""
    found = []
    if not TEMPLATE.exists() or TEMPLATE.read_text(encoding="utf-8") != text_of(template()):
        found.append("mne.pot is out of date: python -m tests.catalogues --update")
    wanted = {entry[0]: entry for entry in entries()}
    for lang in OTHERS:
        found += [f"{lang}: {problem}" for problem in _problems_of(lang, wanted)]
    return found


def _problems_of(lang: str, wanted: dict[str | tuple[str, str], Entry]):
    made = catalogue(lang)
    there = {message.id: message for message in made if message.id}
    for gone in there.keys() - wanted.keys():
        yield f"is no text of ours: {gone!r}"
    for text, (_, _, what) in wanted.items():
        message = there.get(text)
        told = [] if message is None else [message.string] if isinstance(message.string, str) else list(message.string)
        count = PLURALS[lang][0] if isinstance(text, tuple) else 1
        if len(told) != count or not all(told):
            yield f"no translation of {text!r}"
        elif message is not None and message.fuzzy:
            yield f"a doubtful translation of {text!r}"
        elif not what.endswith("an example"):
            yield from _differing(text, told)
            yield from (f"says the same twice: {each!r}" for each in told if says_twice(each))
    path = po_path(lang).with_suffix(".mo")
    if not path.exists() or _messages(path.read_bytes()) != _messages(compiled(made)):
        yield "mne.mo is out of date: python -m tests.catalogues --compile"


def says_twice(text: str) -> bool:
    """Whether a text holds a sentence twice, as one does that was pasted over itself."""
    ends = range(len(text) - 2 * _SENTENCE + 1)
    return any(text[at : at + _SENTENCE] in text[at + _SENTENCE :] for at in ends)


def _differing(text: str | tuple[str, str], told: list[str]):
    own = text if isinstance(text, tuple) else (text,)
    for each in told:
        try:
            same = places(each) == set().union(*map(places, own))
        except ValueError as problem:
            yield f"{each!r} is no template: {problem}"
            continue
        if not same:
            yield f"other places than {own[-1]!r}: {each!r}"


def _messages(data: bytes) -> dict[object, str]:
    # The header names the version of the program that compiled it.
    return {key: told for key, told in GNUTranslations(io.BytesIO(data))._catalog.items() if key}


def main() -> int:
    """Do what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    group = parser.add_mutually_exclusive_group(required=True)
    for name in ("extract", "update", "compile", "check"):
        group.add_argument(f"--{name}", action="store_true")
    asked = parser.parse_args()
    if asked.extract or asked.update:
        _write(TEMPLATE, text_of(template()))
    if asked.update:
        for lang in OTHERS:
            _write(po_path(lang), text_of(updated(lang)))
    if asked.compile:
        for lang in OTHERS:
            _write(po_path(lang).with_suffix(".mo"), compiled(catalogue(lang)))
    if asked.check:
        found = problems()
        print(*found, sep="\n")
        print(f"{len(entries())} texts, {len(found)} problems")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
