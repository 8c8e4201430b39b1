"""The few kinds of scalar that a logframe is made of, typed from text and never guessed.

YAML and JSON are read as trees of text, so that ``NO``, ``1:20`` and ``010`` stay what was written;
the model gives each place its type. Numbers are exact decimals, factors exact fractions.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from mne.ground.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MAX_DECIMALS",
    "MAX_INTEGER_DIGITS",
    "Code",
    "Date",
    "Factor",
    "Flag",
    "Model",
    "Number",
    "Share",
    "Whole",
    "Words",
    "decimal_from",
    "exact",
]

MAX_INTEGER_DIGITS: Final = 19
MAX_DECIMALS: Final = 9
"""A value fits DECIMAL(28,9): 19 integer digits and 9 decimals (semantics, "Numbers are exact")."""

_DECIMAL: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_FRACTION: Final = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)(?:/([0-9]+(?:\.[0-9]+)?))?")
_LONGEST: Final = 60
_LARGEST_PART: Final = 10**40
_LONGEST_FACTOR: Final = 81  # a fraction of two such parts, as it is written


class Model(BaseModel):
    """The parent of every part of a logframe: frozen, and strict about what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, arbitrary_types_allowed=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same with some fields changed; what was worked out of the old ones is worked out anew."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


def decimal_from(value: object) -> Decimal:
    """An exact decimal from text, a whole number, a decimal, or a float's shortest form.

    Raises:
        ValueError: not a plain number, not finite, or more digits than DECIMAL(28,9) holds.
    """
    if isinstance(value, bool):
        raise ValueError(phrase("yes/no is not a number"))
    if isinstance(value, float):
        number = Decimal(repr(value))
    elif isinstance(value, (int, Decimal)):
        number = Decimal(value)
    elif isinstance(value, Fraction):
        number = Decimal(value.numerator) / Decimal(value.denominator)
        if Fraction(number) != value:
            raise ValueError(phrase("is not an exact decimal number"))
    elif isinstance(value, str) and len(value) <= _LONGEST and _DECIMAL.fullmatch(value):
        number = Decimal(value)
    else:
        raise ValueError(phrase("must be a plain number such as 1250 or 0.5"))
    if not number.is_finite():
        raise ValueError(phrase("must be a finite number"))
    if number and (number.adjusted() >= MAX_INTEGER_DIGITS or _decimals(number) > MAX_DECIMALS):
        raise ValueError(
            phrase("must have at most {n} integer digits and {m} decimals", n=MAX_INTEGER_DIGITS, m=MAX_DECIMALS)
        )
    return number


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def exact(value: Decimal | Fraction | int) -> Fraction:
    """The same number as a fraction, on which nothing is ever rounded."""
    return Fraction(value)


def _factor(value: object) -> Fraction:
    if isinstance(value, Fraction):
        number = value
    elif isinstance(value, str) and len(value) <= _LONGEST_FACTOR and (parts := _FRACTION.fullmatch(value)):
        divisor = Fraction(parts[2]) if parts[2] else Fraction(1)
        if not divisor:
            raise ValueError(phrase("must not divide by zero"))
        number = Fraction(parts[1]) / divisor
    else:
        number = Fraction(decimal_from(value))
    if number <= 0:
        raise ValueError(phrase("must be greater than zero"))
    if max(number.numerator, number.denominator) >= _LARGEST_PART:
        raise ValueError(phrase("must be a fraction of fewer digits"))
    return number


def _date(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        raise ValueError(phrase("must be a date without a time"))
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(phrase("must be a day that the calendar has")) from None
    raise ValueError(phrase("must be a date written as YYYY-MM-DD"))


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise ValueError(phrase("must be true or false"))


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    raise ValueError(phrase("must be a whole number"))


def _code(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(phrase("a code is text: quote it"))
    if not value or value != value.strip():
        raise ValueError(phrase("a code is not blank and has no space around it"))
    if len(value) > 64:
        raise ValueError(phrase("a code has at most 64 characters"))
    for char in value:
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
            raise ValueError(phrase("a code has no invisible character (found {sign})", sign=f"U+{ord(char):04X}"))
        if char != " " and unicodedata.category(char) == "Zs":
            raise ValueError(phrase("a code has no space but the plain one (found {sign})", sign=f"U+{ord(char):04X}"))
    if unicodedata.normalize("NFC", value) != value:
        raise ValueError(phrase("a code is written in composed characters (Unicode NFC)"))
    return value


def _share(value: object) -> Decimal:
    number = decimal_from(value)
    if not 0 <= number <= 1:
        raise ValueError(phrase("must lie between 0 and 1"))
    return number


def plain(number: Decimal) -> str:
    """A decimal as plain digits, never with an exponent."""
    return format(number, "f")


def _fraction_text(number: Fraction) -> str:
    return str(number)


_NUMBER_SCHEMA: Final = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"}]}

Number = Annotated[
    Decimal,
    BeforeValidator(decimal_from),
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema(_NUMBER_SCHEMA),
]
Share = Annotated[
    Decimal,
    BeforeValidator(_share),
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema(_NUMBER_SCHEMA),
]
Factor = Annotated[
    Any,
    BeforeValidator(_factor),
    PlainSerializer(_fraction_text, return_type=str, when_used="json"),
    WithJsonSchema(
        {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?(/[0-9]+(\.[0-9]+)?)?$"}]}
    ),
]
Date = Annotated[
    dt.date,
    BeforeValidator(_date),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer"})]
# An editor takes `period: 2026` for a number; it is read as the text that stands there.
Code = Annotated[
    str,
    BeforeValidator(_code),
    WithJsonSchema({"type": ["string", "number"], "minLength": 1, "maxLength": 64}),
]
Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20_000),
    WithJsonSchema({"type": ["string", "number"], "minLength": 1, "maxLength": 20_000}),
]
