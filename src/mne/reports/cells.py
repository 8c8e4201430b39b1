"""One cell's text or typed content, read as a number, a state, a yes or no, or a whole number.

Read `number` first. Every function here is total: whatever stands in a cell, an `Answer` comes back, and what cannot
be read says so by a finding code. Whether a comma is a decimal mark is decided by the whole column, never by one cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final, Generic, TypeVar

from mne.ground.catalogue import CODES, Severity
from mne.ground.phrases import either, phrase
from mne.logframe.types import MAX_DECIMALS, MAX_INTEGER_DIGITS
from mne.reports.words import MONTHS, NO, NOTHING, STATES, YES, folded
from mne.tables.observations import State

__all__ = ["BLANK", "Answer", "Marks", "decimal_marks", "number", "state", "typed_number", "whole", "yes_no"]

T = TypeVar("T")

LONGEST: Final = 1_000
"""Characters of a cell that should hold a number, a code or a date; a remark may be longer."""

LARGEST: Final = 2**63 - 1
"""Beyond it the engines that people count with (64-bit whole numbers) turn a number into another one."""

_NUMBER_LENGTH: Final = 64
_SAFE_DIGITS: Final = 15
_FINITE: Final = 308
_STEP: Final = Decimal(1).scaleb(-MAX_DECIMALS)
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What one cell says: a value, a state instead of a value, or why there is neither.

    `code` is a finding's code; with a value beside it, the cell was read and something is to be said about it.
    `parts` are the numerator and denominator of a fraction such as 15/100, `words` what is kept as the value's text,
    and `unit` the one that stands beside the number in its cell.
    """

    value: T | None = None
    code: str | None = None
    expected: str = ""
    suggestion: str | None = None
    severity: Severity | None = None
    state: State | None = None
    parts: tuple[Decimal, Decimal] | None = None
    words: str | None = None
    unit: str | None = None

    @property
    def refused(self) -> bool:
        """Whether the cell could not be read."""
        return self.code is not None and (self.severity or CODES[self.code].severity).rank <= Severity.ERROR.rank


BLANK: Final[Answer[Any]] = Answer()
"""Nothing stands in the cell. A blank is not a zero."""

# ---------------------------------------------------------------------------------------------------------- numbers

_SPACES: Final = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2002, 0x200B), 0x202F, 0x205F), " ")
_MINUS: Final = {0x2212: "-", 0x2013: "-"}
# Only what is certain is translated. NFKC as a whole would read the footnote mark of 120² as a digit.
_DIGITS: Final = {
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    0x066A: "%",
    0x066B: ".",
    0x066C: "'",
}
# Latin and Cyrillic letters that a hand takes for a digit.
_LIKE_DIGITS: Final = {
    **dict.fromkeys(map(ord, "OoОо"), "0"),
    **dict.fromkeys(map(ord, "lIІ"), "1"),
    ord("З"): "3",
    ord("B"): "8",
    ord("В"): "8",
}
_ODD: Final = {**_SPACES, **_MINUS, **_DIGITS}

_PLAIN: Final = re.compile(r"-?[0-9]{1,15}(?:\.(?:[0-9]{1,2}|[0-9]{4,9}))?")
"""How a machine writes a number; with three decimals, a person may have meant thousands."""

_STRICT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_NUMBER: Final = re.compile(r"([+-]?) ?([0-9](?:[0-9 '’.,]*[0-9])?|[.,][0-9]+)( ?%)?")
_GROUPED: Final = re.compile(r"([0-9]{1,3}(?:([ '’])[0-9]{3})(?:\2[0-9]{3})*)(?:([.,])([0-9]+))?")
_THREES: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_LAKHS: Final = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}")
_FOOTNOTE: Final = re.compile(r"[0-9][0-9 '’.,]*%? ?\*{1,3}")
_FRACTION: Final = re.compile(r"([0-9][0-9 '’.,]*?) ?/ ?([0-9][0-9 '’.,]*)")
_SCIENTIFIC: Final = re.compile(r"[+-]?([0-9]{1,40})(?:[.,][0-9]{1,40})?[eE]([+-]?[0-9]{1,12})")
_NOT_FINITE: Final = re.compile(r"[+-]?(?:nan|inf|infinity|1\.#(?:inf|nan|qnan|ind))", re.IGNORECASE)
_CELL_ERROR: Final = re.compile(r"#[A-ZА-ЯÀ-Ý]{1,12}(?:/[A-ZА-Я0-9]{1,3}[!?]?|[!?])")
_DATE_LIKE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}")
_DAY_MONTH: Final = re.compile(r"(?:[0-9]{1,4}[-. ])?([^\W\d_]{3,9})(?:[-. ][0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Shape:
    """A number as it is written. `doubtful`: its one mark may part thousands as well as decimals."""

    whole: str
    decimals: str = ""
    mark: str = ""
    settles: str = ""
    negative: bool = False
    percent: bool = False
    doubtful: bool = False
    odd: bool = False
    strange: bool = False
    """Its digits are not those that everybody types."""

    def read_with(self, *, decimal: bool) -> Decimal:
        """The number, with its doubtful mark taken as a decimal mark or as one of thousands."""
        text = f"{self.whole}.{self.decimals}" if decimal and self.decimals else self.whole + self.decimals
        number = Decimal(text or "0")
        return -number if self.negative and number else number


@dataclass(frozen=True, slots=True)
class Marks:
    """What a whole column says of its decimal mark: a point, a comma, or (None) nothing; `mixed` when it says both."""

    decimal: str | None = None
    mixed: bool = False
    strict: bool = False
    """Only plain digits with a point are a number: nothing is read that a machine would not have written."""
    fixed: bool = False
    """A mapping says which it is: nothing has to be proved."""


def clean(text: str) -> str:
    """A cell's text without the white space around it, and with plain spaces and signs in it."""
    return text.strip() if text.isascii() and "\t" not in text else text.translate(_SPACES).strip()


def shape_of(text: str) -> Shape | None:
    """How a number is written; None when the text is not one number."""
    plain = text.strip() if text.isascii() else text.translate(_ODD).strip()
    matched = _NUMBER.fullmatch(plain) if len(plain) <= _NUMBER_LENGTH else None
    if matched is None:
        return None
    found = _body(matched[2])
    if found is None:
        return None
    whole, decimals, mark, settles, doubtful = found
    grouped = len(matched[2]) > len(whole) + len(decimals) + bool(decimals)
    return Shape(
        whole=whole,
        decimals=decimals,
        mark=mark,
        settles=settles,
        negative=matched[1] == "-",
        percent=bool(matched[3]),
        doubtful=doubtful,
        odd=grouped or plain != text.strip(" "),
        strange=any(ord(char) in _DIGITS for char in text),
    )


def _body(body: str) -> tuple[str, str, str, str, bool] | None:
    """Whole digits, decimals, mark, the decimal mark that it proves, and whether it is doubtful."""
    if body.isdigit():
        return body, "", "", "", False
    if any(sign in body for sign in " '’"):
        matched = _GROUPED.fullmatch(body)
        if matched is None:
            return None
        digits = "".join(char for char in matched[1] if char.isdigit())
        return digits, matched[4] or "", matched[3] or "", matched[3] or "", False
    points, commas = body.count("."), body.count(",")
    if points and commas:
        mark = "." if body.rfind(".") > body.rfind(",") else ","
        left, _, right = body.rpartition(mark)
        group = "," if mark == "." else "."
        if mark in left or not _is_grouped(left, group):
            return None
        return left.replace(group, ""), right, mark, mark, False
    mark = "." if points else ","
    if points + commas > 1:
        if not _is_grouped(body, mark):
            return None
        return body.replace(mark, ""), "", mark, "," if mark == "." else ".", False
    left, _, right = body.partition(mark)
    doubtful = len(right) == 3 and 1 <= len(left) <= 3 and left[0] != "0"
    return left, right, mark, "" if doubtful else mark, doubtful


def _is_grouped(text: str, group: str) -> bool:
    return bool(_THREES.fullmatch(text)) if group == "." else bool(_THREES.fullmatch(text) or _LAKHS.fullmatch(text))


def decimal_marks(texts: Iterable[str], *, otherwise: Marks | None = None) -> Marks:
    """What the different texts of a column prove of its decimal mark.

    Where both marks are proved, the one in more texts is right and the others will be doubted; a point in a tie.
    `otherwise` is what the rest of the table says, for a column that proves nothing.
    """
    counts = {".": 0, ",": 0}
    for text in set(texts):
        if _PLAIN.fullmatch(text):
            counts["."] += "." in text
            continue
        shape = shape_of(text)
        if shape is not None and shape.settles:
            counts[shape.settles] += 1
    if not any(counts.values()):
        return otherwise or Marks()
    return Marks("." if counts["."] >= counts[","] else ",", mixed=all(counts.values()))


def number(text: str, *, marks: Marks, percent: bool = False, fraction: bool = False) -> Answer[Decimal]:
    """The number that a text says.

    Args:
        text: the cell as it was written.
        marks: what the whole column says of its decimal mark, and whether only plain digits will do.
        percent: a percent sign may stand behind the number, as its measure is a percentage.
        fraction: ``15/100`` may stand for a numerator and a denominator.

    Findings: number-ambiguous, number-invalid, number-text, number-out-of-range, number-rounded, number-not-finite,
    number-scientific, number-date, value-missing, cell-error, control-character, limit-cell-length.
    """
    if not text or text.isspace():
        return BLANK
    if marks.strict:
        if _STRICT.fullmatch(text) and len(text) <= _NUMBER_LENGTH:
            return _bounded(Decimal(text))
        return Answer(
            code="number-invalid", expected=phrase("plain digits such as 1250 or -0.5, as this project asks for")
        )
    if not marks.mixed and _PLAIN.fullmatch(text):
        exact = Decimal(text)
        return Answer(value=exact or abs(exact))
    shape = shape_of(text)
    if shape is not None:
        return _of_shape(shape, marks=marks, percent=percent)
    plain = clean(text)
    if _FOOTNOTE.fullmatch(plain) and (shape := shape_of(plain.rstrip("* "))) is not None:
        answer = _of_shape(shape, marks=marks, percent=percent)
        return _told(replace(answer, severity=None), "number-footnote") if answer.value is not None else answer
    if fraction and (parts := _FRACTION.fullmatch(plain)):
        top, bottom = (number(part, marks=marks) for part in parts.groups())
        if top.value is not None and bottom.value is not None:
            return Answer(parts=(top.value, bottom.value), code=top.code or bottom.code)
    return _not_a_number(plain)


def _of_shape(shape: Shape, *, marks: Marks, percent: bool) -> Answer[Decimal]:
    as_decimal = not shape.doubtful or shape.mark == marks.decimal
    against = marks.mixed and bool(shape.decimals) and shape.settles not in ("", marks.decimal)
    # Nobody writes 870,000 for 870, whatever the mark of the other figures.
    thousands = shape.doubtful and shape.decimals == "000" and as_decimal and not marks.fixed
    if against or thousands or (shape.doubtful and (marks.mixed or marks.decimal is None)):
        readings = (shape.read_with(decimal=decimal) for decimal in (False, True))
        return Answer(code="number-ambiguous", expected=either(format(each, "f") for each in readings))
    if shape.percent and not percent:
        return Answer(code="number-invalid", expected=phrase("a number without a percent sign"))
    answer = _bounded(shape.read_with(decimal=as_decimal))
    if answer.code is None and (shape.odd or not as_decimal):
        return _told(
            answer, "number-text", severity=Severity.WARNING if shape.doubtful or shape.strange else Severity.INFO
        )
    return answer


def _told(answer: Answer[Decimal], code: str, *, severity: Severity | None = None) -> Answer[Decimal]:
    """A number that was read, and of which is said as what."""
    shown = format(answer.value, "f") if answer.value is not None else ""
    return replace(answer, code=code, expected=shown, severity=severity)


def _bounded(value: Decimal) -> Answer[Decimal]:
    """A number that fits DECIMAL(28,9): too many decimals are rounded and said, too many digits refused."""
    if value and value.adjusted() >= MAX_INTEGER_DIGITS:
        return Answer(code="number-out-of-range", expected=phrase("at most {n} digits", n=MAX_INTEGER_DIGITS))
    if abs(value) > LARGEST:
        return Answer(code="number-out-of-range", expected=phrase("at most {n:,}", n=LARGEST))
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MAX_DECIMALS:
        rounded = value.quantize(_STEP, context=_WIDE)
        if rounded != value:
            return Answer(value=rounded, code="number-rounded", expected=phrase("at most {n} decimals", n=MAX_DECIMALS))
        return Answer(value=rounded)
    return Answer(value=value)


def _not_a_number(plain: str) -> Answer[Decimal]:
    word = folded(plain)
    if (known := STATES.get(word)) is not None and known is not State.REPORTED:
        return Answer(state=known, code="value-missing", expected=phrase("a number"), severity=Severity.WARNING)
    if word in NOTHING:
        return Answer(code="number-none", expected=phrase("a number"))
    if len(plain) > LONGEST:
        return Answer(code="limit-cell-length", expected=phrase("at most {n} characters", n=LONGEST))
    if not plain.isprintable():
        return Answer(code="control-character", expected=phrase("digits only"))
    if _CELL_ERROR.fullmatch(plain.upper()):
        return Answer(code="cell-error", expected=phrase("a number"))
    if _NOT_FINITE.fullmatch(plain):
        return Answer(code="number-not-finite", expected=phrase("a number, or nothing at all"))
    if matched := _SCIENTIFIC.fullmatch(plain):
        code = "number-not-finite" if int(matched[2]) + len(matched[1]) > _FINITE else "number-scientific"
        return Answer(code=code, expected=phrase("the number with all its digits"))
    if len(plain) > _NUMBER_LENGTH and plain.strip("+-").isdecimal():
        return Answer(code="number-out-of-range", expected=phrase("at most {n} digits", n=MAX_INTEGER_DIGITS))
    if _DATE_LIKE.fullmatch(plain) or ((named := _DAY_MONTH.fullmatch(plain)) and folded(named[1]) in MONTHS):
        return Answer(code="number-date", expected=phrase("a number"))
    return _with_letters(plain) or Answer(
        code="number-invalid", expected=phrase("one number such as 1250 or 0.5"), suggestion=_as_digits(plain)
    )


def _with_letters(plain: str) -> Answer[Decimal] | None:
    """What a number says of itself in which letters stand for the digits that they look like; None for other texts."""
    letters = [char for char in dict.fromkeys(plain) if ord(char) in _LIKE_DIGITS]
    shape = shape_of(plain.translate(_LIKE_DIGITS)) if letters and any(char.isdigit() for char in plain) else None
    if shape is None:
        return None
    meant = None if shape.doubtful else f"{shape.read_with(decimal=True):f}"
    expected = phrase("one number: the letter {letter} stands where a digit belongs", letter=", ".join(letters))
    return Answer(code="number-invalid", expected=expected, suggestion=meant)


def _as_digits(plain: str) -> str | None:
    """The same number in plain digits, where nothing but other digits or Python's separators stand in the way."""
    told = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain.replace("_", ""))
    return told if told != plain and re.fullmatch(r"[0-9]{1,19}(\.[0-9]{1,9})?", told) else None


def typed_number(value: object, *, stored_as_double: bool = False) -> Answer[Decimal]:
    """The exact number in a typed cell: a whole number, a decimal, or a float by its shortest form.

    `stored_as_double`: the file keeps every number as a double, so that 15 significant digits are what was typed, and
    a number with more may have lost some.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return Answer(code="number-invalid", expected=phrase("a number"))
    if isinstance(value, float):
        exact = Decimal(format(value, ".15g") if stored_as_double else repr(value))
    else:
        exact = Decimal(value) if not isinstance(value, int) or abs(value) < 10**_NUMBER_LENGTH else Decimal("1e64")
    if not exact.is_finite() or (exact and exact.adjusted() > _FINITE):
        return Answer(code="number-not-finite", expected=phrase("a number, or nothing at all"))
    answer = _bounded(exact or Decimal(0))
    if stored_as_double and answer.code is None and not isinstance(value, float) and _significant(exact) > _SAFE_DIGITS:
        return Answer(
            value=answer.value, code="number-precision", expected=phrase("at most {n} digits", n=_SAFE_DIGITS)
        )
    return answer


def _significant(value: Decimal) -> int:
    return len(value.normalize(_WIDE).as_tuple().digits)


# ----------------------------------------------------------------------------------------- states, yes and no, wholes


def state(text: str) -> Answer[State]:
    """The state that a word names, or the placeholder that stands for one."""
    plain = clean(text)
    if not plain:
        return BLANK
    known = STATES.get(folded(plain))
    expected = ", ".join(each.value for each in State)
    return Answer(value=known) if known else Answer(code="state-unknown", expected=expected)


def yes_no(cell: object) -> Answer[bool]:
    """Yes or no, in words of four languages, as 1 or 0, or as a workbook's TRUE and FALSE."""
    if isinstance(cell, bool):
        return Answer(value=cell)
    plain = clean(cell) if isinstance(cell, str) else str(cell)
    if not plain:
        return BLANK
    word = folded(plain.removesuffix(".0") if isinstance(cell, (float, Decimal)) else plain)
    if word in YES or word in NO:
        return Answer(value=word in YES)
    if (known := STATES.get(word)) is not None and known is not State.REPORTED:
        return Answer(state=known, code="value-missing", expected=phrase("yes or no"), severity=Severity.WARNING)
    return Answer(code="yes-no-invalid", expected=phrase("yes or no"))


def whole(cell: object) -> Answer[int]:
    """A whole number from 0 up, such as a revision's."""
    if isinstance(cell, str):
        plain = clean(cell)
        if not plain:
            return BLANK
        if re.fullmatch(r"[0-9]{1,9}", plain):
            return Answer(value=int(plain))
    elif isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) and 0 <= cell < 10**9 and cell % 1 == 0:
        return Answer(value=int(cell))
    return Answer(code="whole-invalid", expected=phrase("a whole number from 0 up"))
