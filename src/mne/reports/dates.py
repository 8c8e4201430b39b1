"""A cell's text read as a day, without ever guessing which of two numbers is the month.

Read `day` first. Years first and dotted days first are read as written; with slashes or dashes the column must show
by some other date which part is the day, else both readings are given and none is taken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

from mne.ground.catalogue import Severity
from mne.ground.phrases import either, phrase
from mne.reports.cells import BLANK, LONGEST, Answer, clean
from mne.reports.words import MONTHS, STATES, folded

__all__ = ["EPOCHS", "day", "day_first", "from_serial", "typed_day"]

EPOCHS: Final = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
"""Day 0 of a workbook's two date systems; before March 1900 the first is a day off, for Excel's false leap day."""

_A_DAY: Final = phrase("a day such as 2025-03-31")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_WITH_TIME: Final = re.compile(
    r"(.+?)[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(?: ?(Z|[+-][0-9]{2}:?[0-9]{2}))?"
)
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?: ?г\.?)?")
_SLASHED: Final = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2}|[0-9]{1,2}[ -][^\W\d_]{3,9}\.?[ -][0-9]{2}")
_COMPACT: Final = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_TOKENS: Final = re.compile(r"[^\W\d_]+|[0-9]+")
_NOISE: Final = frozenset(("st", "nd", "rd", "th", "er", "г", "года", "of", "de", "le", "the", "соли", "год"))
_YEARS: Final = range(1900, 2200)
_SERIALS: Final = range(29_221, 65_745)
"""1980 to 2079 in the 1900 system; other whole numbers are no date that anybody typed."""


_WEST: Final = 10 * 60
_EAST: Final = 12 * 60
"""Minutes of a day in Greenwich: before the first it is midnight in the west, after the second in the east."""

_ODD_MIDNIGHTS: Final = frozenset({17 * 60 + 30, 18 * 60 + 15, 18 * 60 + 30, 19 * 60 + 30, 20 * 60 + 30, 3 * 60 + 30})
"""Minutes of a day in Greenwich when it is midnight in Yangon, Nepal, India, Afghanistan, Iran and Newfoundland."""


def day(text: str, *, first: bool | None = None, epoch: int = 1900, moment: bool = False) -> Answer[dt.date]:
    """The day that a text says.

    Args:
        text: the cell as it was written.
        first: whether the day stands before the month in this column's dates with slashes; None when it cannot be told.
        epoch: the date system by which a serial number is explained.
        moment: a time with its zone is a moment, such as that of receipt, and not a day that was moved into the zone.

    Findings: date-ambiguous, date-format, date-has-time, date-invalid, date-serial, value-missing, limit-cell-length.
    """
    plain = clean(text)
    if not plain:
        return BLANK
    if len(plain) > LONGEST:
        return Answer(code="limit-cell-length", expected=phrase("at most {n} characters", n=LONGEST))
    if matched := _ISO.fullmatch(plain):
        return _built(matched[1], matched[2], matched[3])
    if matched := _WITH_TIME.fullmatch(plain):
        return _without_time(matched, first=first, moment=moment)
    if matched := _DOTTED.fullmatch(plain):
        return _built(matched[3], matched[2], matched[1])
    if matched := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _built(matched[1], matched[2], matched[3], code="date-format")
    if matched := _SLASHED.fullmatch(plain):
        return _slashed(int(matched[1]), int(matched[3]), matched[4], first=first)
    if _SHORT_YEAR.fullmatch(plain):
        return Answer(code="date-ambiguous", expected=phrase("{day}, with all four digits of the year", day=_A_DAY))
    if plain.isascii() and plain.isdigit():
        return from_serial(int(plain), epoch=epoch) if len(plain) <= 9 else _invalid()
    return _in_words(plain)


def _in_words(plain: str) -> Answer[dt.date]:
    tokens = [token for token in _TOKENS.findall(folded(plain)) if token not in _NOISE]
    months = [MONTHS[token] for token in tokens if token in MONTHS]
    numbers = [token for token in tokens if token.isdigit()]
    if len(months) == 1 and len(numbers) == 2 and len(tokens) == 3 and plain.isprintable():
        years = [token for token in numbers if len(token) == 4]
        if len(years) == 1:
            numbers.remove(years[0])
            return _built(years[0], str(months[0]), numbers[0])
    if (known := STATES.get(folded(plain))) is not None:
        return Answer(state=known, code="value-missing", expected=_A_DAY, severity=Severity.WARNING)
    severity = Severity.ERROR if any(char.isdigit() for char in plain) else None
    return Answer(code="date-format", expected=_A_DAY, severity=severity) if severity else _invalid()


def _invalid(expected: str = _A_DAY) -> Answer[dt.date]:
    return Answer(code="date-invalid", expected=expected)


def _date(year: str, month: str | int, of_month: str | int) -> dt.date | None:
    try:
        found = dt.date(int(year), int(month), int(of_month))
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def _built(year: str, month: str, of_month: str, *, code: str | None = None) -> Answer[dt.date]:
    found = _date(year, month, of_month)
    if found is None:
        return _invalid()
    return Answer(value=found, code=code, expected=found.isoformat() if code else "")


def _without_time(matched: re.Match[str], *, first: bool | None, moment: bool) -> Answer[dt.date]:
    if int(matched[2]) > 24 or int(matched[3]) > 59 or _WITH_TIME.fullmatch(matched[1]):
        return _invalid()
    answer = day(matched[1], first=first)
    midnight = not any(int(digits) for digits in (matched[2], matched[3], matched[4] or "0"))
    if answer.value is None or answer.code is not None or midnight:
        return answer
    if matched[5] and not moment:
        zone = dt.timezone(_offset(matched[5]))
        found = elsewhere(dt.datetime.combine(answer.value, _time(matched), tzinfo=zone))
        return Answer(value=found, code="date-has-time", expected=found.isoformat())
    return Answer(value=answer.value, code="date-has-time", expected=answer.value.isoformat())


def _time(matched: re.Match[str]) -> dt.time:
    return dt.time(int(matched[2]) % 24, int(matched[3]), min(int(matched[4] or 0), 59))


def _offset(text: str) -> dt.timedelta:
    """The distance from Greenwich that a text such as ``+05:00`` says, within a day."""
    if text == "Z":
        return dt.timedelta()
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return dt.timedelta(minutes=min(minutes, 24 * 60 - 1)) * (-1 if text[0] == "-" else 1)


def elsewhere(moment: dt.datetime) -> dt.date:
    """The day that a moment with a time zone was, before a program moved it into that zone.

    A day that is stored as its midnight in Dushanbe and shown in Greenwich reads 19:00 of the day before. Where the
    moment is midnight in its own zone, or in no zone of the world, or in two (eleven hours either side of the date
    line), it is the day that stands there.
    """
    greenwich = moment.astimezone(dt.UTC)
    minutes = greenwich.hour * 60 + greenwich.minute
    exact = not (greenwich.second or greenwich.microsecond)
    if moment.time() == dt.time() or not exact or (minutes % 60 and minutes not in _ODD_MIDNIGHTS):
        return moment.date()
    if minutes < _WEST:
        return greenwich.date()
    return greenwich.date() + dt.timedelta(days=1) if minutes > _EAST else moment.date()


def _slashed(left: int, right: int, year: str, *, first: bool | None) -> Answer[dt.date]:
    day_first_, month_first = _date(year, right, left), _date(year, left, right)
    if day_first_ and month_first and day_first_ != month_first:
        if first is None:
            return Answer(code="date-ambiguous", expected=either([day_first_, month_first]))
        found: dt.date | None = day_first_ if first else month_first
    else:
        found = day_first_ or month_first
    return Answer(value=found, code="date-format", expected=found.isoformat()) if found else _invalid()


def day_first(texts: Iterable[str]) -> bool | None:
    """Whether the day stands first in a column's dates with slashes or dashes; None when they do not show it."""
    shown: set[bool] = set()
    for text in set(texts):
        if matched := _SLASHED.fullmatch(clean(text)):
            left, right = int(matched[1]), int(matched[3])
            if (left > 12) != (right > 12):
                shown.add(left > 12)
    return shown.pop() if len(shown) == 1 else None


def from_serial(serial: int, *, epoch: int = 1900) -> Answer[dt.date]:
    """A whole number where a day should stand: perhaps a workbook's serial number, which is explained and not taken."""
    offset = (EPOCHS[1904] - EPOCHS[1900]).days if epoch == 1904 else 0
    if serial + offset not in _SERIALS:
        return _invalid()
    meant = EPOCHS[epoch] + dt.timedelta(days=serial)
    return Answer(code="date-serial", expected=_A_DAY, suggestion=meant.isoformat())


def typed_day(value: object, *, epoch: int = 1900, moment: bool = False) -> Answer[dt.date]:
    """The day in a typed cell: a date, or a timestamp, whose time is told and left out."""
    if isinstance(value, dt.datetime):
        timed = value.tzinfo is not None or value.time() != dt.time()
        moved = value.tzinfo is not None and value.year in _YEARS and not moment
        found = elsewhere(value) if moved else value.date()
        if found.year not in _YEARS:
            return _invalid()
        return Answer(value=found, code="date-has-time" if timed else None, expected=found.isoformat() if timed else "")
    if isinstance(value, dt.date):
        return Answer(value=value) if value.year in _YEARS else _invalid()
    if isinstance(value, int) and not isinstance(value, bool):
        return from_serial(value, epoch=epoch)
    try:
        return from_serial(int(value), epoch=epoch) if value == int(value) else _invalid()  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        return _invalid()
