"""Rows of a numerator, of a denominator and of the finished share above them made one record.

Read `with_shares` first. Titles say which part a row holds; where they do not, three rows of one figure do by their
numbers, 71 above 58 and 82. A share that its parts make is told of nothing, another is told where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mne.logframe.types import MAX_DECIMALS
from mne.reports.grid import Flaw, Percent, is_blank, text_of
from mne.reports.maker import NOTHING, WHOLES, Placed, Record
from mne.reports.share_columns import PARTS, figure, share_of
from mne.reports.share_rows import part_of_texts, without_part
from mne.reports.unit_lines import unit_fits

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.grid import Cell
    from mne.reports.maker import Maker

__all__ = ["seen", "titles", "with_shares", "without_echo"]

Key = tuple[tuple[str, str], ...]
_BESIDE: Final = ("unit", "comment", "evidence", "text")
"""What two rows of one figure may say differently."""
_THREE: Final = 3
_SEVERAL: Final = 2
_ORDERS: Final = ((0, 1, 2), (0, 2, 1), (2, 0, 1), (2, 1, 0))
"""Where the share, the numerator and the denominator may stand among three rows: the share is above or beneath."""
_MOST: Final = 20_000
"""Rows of a sheet among which shares are looked for by their numbers."""


def with_shares(maker: Maker, records: list[Record]) -> list[Record]:
    """The records, with rows of a numerator, of a denominator and of the share that they make as one."""
    window = maker.window
    roles = {each.role for each in window.values}
    if window.role_at is not None or len(roles) != 1 or not roles <= WHOLES:
        return records
    found = _paired(maker, records)
    if len(found) <= _MOST:
        found = _with_finished(maker, _by_numbers(maker, found))
    for each in found:
        if each.shared and "unit" in each.keys:
            each.keys["unit"] = _unit(maker, each)
    return found


def _unit(maker: Maker, record: Record) -> Placed:
    """The unit of the share itself: what its parts count, complaints and participants, is none of the indicator."""
    at = maker.window.keys["unit"]
    if "value" in record.rows:
        return seen(maker, record.rows["value"], at)
    indicator = {**maker.window.facts, **record.keys}.get("indicator", NOTHING)[0]
    told = [seen(maker, row, at) for row in record.rows.values()]
    return next((each for each in told if _is_unit(maker, indicator, each[0])), NOTHING)


def _is_unit(maker: Maker, indicator: Cell, unit: Cell) -> bool:
    known = maker.names.units.resolve(text_of(unit) or "") is not None
    return known and unit_fits(maker.names, indicator, unit)


def _paired(maker: Maker, records: list[Record]) -> list[Record]:
    """Rows of a numerator and of a denominator, as their titles name them, as one record."""
    found: list[Record] = []
    lone: dict[tuple[str, ...], Record] = {}
    for record in records:
        part = part_of_texts(titles(maker, record.row), maker.headings) if record.head is None else ""
        if part and "indicator" in record.keys:
            _take_above(maker, record)
        if part and _share(maker, record) is not None:
            record.rows, record.shared = {part: record.row}, True
            same = tuple(text_of(cell) or "" for name, (cell, _) in record.keys.items() if name not in _BESIDE)
            first = lone.get(same)
            if first is not None and part not in first.rows:
                _join(first, part, record)
                del lone[same]
                continue
            lone[same] = record
            maker.window.shares = True
        found.append(record)
    return found


def _join(record: Record, part: str, other: Record) -> None:
    """Take the row of another record into one, and what is said beside it where the record itself says nothing."""
    record.rows[part] = other.row
    record.keys |= {name: cell for name, cell in other.keys.items() if is_blank(record.keys.get(name, NOTHING)[0])}


def _names_none(maker: Maker, cell: Cell) -> bool:
    """Whether a cell where an indicator should stand is blank, or holds the word for a part alone."""
    return is_blank(cell) or (isinstance(cell, str) and maker.headings.role(cell.strip()) in PARTS)


def _take_above(maker: Maker, record: Record) -> None:
    """Give a row that names no indicator the one above it; in place of a word, one that is asked for by its parts."""
    own = record.keys["indicator"]
    if not _names_none(maker, own[0]):
        return
    record.keys["indicator"] = _named_above(maker, record.row)
    if not is_blank(own[0]) and _share(maker, record) is None:
        record.keys["indicator"] = own


def _named_above(maker: Maker, row: int) -> Placed:
    """The nearest name of an indicator above a row, which may stand in a row without figures of its own."""
    at = maker.window.keys["indicator"]
    for above in range(row - 1, maker.window.rows.start - 1, -1):
        placed = seen(maker, above, at)
        if not _names_none(maker, placed[0]):
            return placed
    return NOTHING


def seen(maker: Maker, row: int, column: int) -> Placed:
    """What is seen in a cell, with its place."""
    header = maker.window.headers.get(column, "")
    return maker.view.at(row, column), maker.view.origin(row, column, header)


def titles(maker: Maker, row: int) -> list[str]:
    """What stands in a row beside its figures and remarks, as texts."""
    view, window = maker.view, maker.window
    figures = {each.column for each in (*window.figures, *window.aside, *window.sums)}
    aside = figures | {at for name, at in window.keys.items() if name in ("comment", "evidence", "text")}
    cells = (view.at(row, column) for column in range(view.width) if column not in aside)
    return [cell for cell in cells if isinstance(cell, str)]


def _share(maker: Maker, record: Record) -> Indicator | None:
    """The indicator of a record that asks for a numerator and a denominator; its name may stand before that word."""
    keys = {**maker.window.facts, **record.keys}
    cell, origin = keys.get("indicator", NOTHING)
    lookup = maker.names.indicators
    code = lookup.match_cell(cell).value
    if code is None and isinstance(cell, str):
        code = lookup.match_cell(without_part(cell, maker.headings)).value
        if code is not None:
            record.keys["indicator"] = (code, origin)
    indicator = maker.names.plan.indicators[code] if code is not None else None
    return indicator if indicator is not None and indicator.by_denominator else None


# ---------------------------------------------------------------------------------------------- the finished share


def _with_finished(maker: Maker, records: list[Record]) -> list[Record]:
    """The records, with the row of a finished share taken into that of its numerator and denominator."""
    pairs = [(at, each) for at, each in enumerate(records) if each.shared and len(each.rows) == _SEVERAL]
    if not pairs:
        return records
    wholes: dict[Key, dict[int, Record]] = {}
    for at, each in enumerate(records):
        if each.head is None and not each.shared and _share(maker, each) is not None:
            wholes.setdefault(_key(maker, each), {})[at] = each
    taken: set[int] = set()
    for at, pair in pairs:
        among = {**wholes.get(_key(maker, pair), {})} or _next_to(maker, records, at)
        right = [each for each, whole in among.items() if each not in taken and _agrees(maker, pair, whole)]
        beside = [
            each
            for each, whole in among.items()
            if each not in taken and abs(each - at) == 1 and len(among) == 1 and _share(maker, whole)
        ]
        chosen = right or beside
        if len(chosen) == 1:
            _join(pair, "value", among[chosen[0]])
            taken.add(chosen[0])
    return [each for at, each in enumerate(records) if at not in taken]


def _next_to(maker: Maker, records: list[Record], at: int) -> dict[int, Record]:
    """The row right above two parts that they are beneath, else the one right below them that is beneath them."""
    pair = records[at]
    for other in (at - 1, at + 1):
        each = records[other] if 0 <= other < len(records) else pair
        if each.head is not None or each.shared:
            continue
        named = _share(maker, each) is not None
        if _is_beneath(maker, each, pair) if named and other < at else not named and _is_beneath(maker, pair, each):
            return {other: each}
    return {}


def _key(maker: Maker, record: Record) -> Key:
    """What a record is about, with its indicator by its code."""
    told = [
        (name, text_of(cell) or "")
        for name, (cell, _) in sorted(record.keys.items())
        if name not in (*_BESIDE, "indicator")
    ]
    indicator = _share(maker, record)
    return (("indicator", indicator.id if indicator is not None else ""), *told)


def _is_beneath(maker: Maker, first: Record, other: Record) -> bool:
    """Whether a row says nothing else of itself than one above it: where it names no indicator, it may be silent."""
    told, above = (each.keys.get("indicator", NOTHING) for each in (other, first))
    silent = "indicator" in other.keys and (is_blank(told[0]) or told[1] == above[1])
    codes = {maker.names.indicators.match_cell(cell).value for cell, _ in (told, above)}
    if not silent and "indicator" in other.keys and (len(codes) > 1 or codes == {None}):
        return False
    for name in {**first.keys, **other.keys}:
        cell, above_it = (each.keys.get(name, NOTHING)[0] for each in (other, first))
        if name in _BESIDE or name == "indicator" or (silent and is_blank(cell)):
            continue
        if text_of(cell) != text_of(above_it):
            return False
    return True


def _agrees(maker: Maker, pair: Record, whole: Record) -> bool | None:
    """Whether a row holds the shares that a numerator and a denominator make; None where nothing can be compared."""
    indicator = _share(maker, pair)
    rows = (whole.row, pair.rows["numerator"], pair.rows["denominator"])
    told = [*_compared(maker, rows, indicator)] if indicator is not None else []
    return all(told) if told else None


def _compared(maker: Maker, rows: tuple[int, ...], indicator: Indicator) -> Iterator[bool]:
    """For each column in which all three rows have a number, whether the first is what the others make."""
    for heading in maker.window.values:
        whole, above, below = (figure(maker.view.own(row, heading.column)) for row in rows)
        if whole is not None and above is not None and below is not None:
            yield share_of(whole, above, below, indicator.multiplier) is not None


def without_echo(maker: Maker, record: Record, cells: dict[str, Placed]) -> dict[str, Placed]:
    """The cells of a record without a share that its parts make, where it would be told as wrong.

    One of one is wrong on the scale of a hundred, and what a formula made has more decimals than are kept. In place of
    one that could not be computed its parts say what it is.
    """
    if not record.shared or "value" not in cells or len(record.rows) < _THREE:
        return cells
    indicator = _share(maker, record)
    cell, origin = cells["value"]
    whole, above, below = (figure(cells.get(name, NOTHING)[0]) for name in ("value", *PARTS))
    if isinstance(cell, Flaw) and cell.code == "cell-error" and indicator is not None and above is not None and below:
        told = f"{float(above / below * indicator.multiplier):.3g}"
        return {**cells, "value": (replace(cell, suggestion=told), origin)}
    if indicator is None or whole is None or above is None or below is None:
        return cells
    scale = share_of(whole, above, below, indicator.multiplier)
    echo = scale == 100 or (scale is not None and whole != round(whole, MAX_DECIMALS))
    return {name: cell for name, cell in cells.items() if name != "value" or not echo}


# -------------------------------------------------------------------------------------------- parts without a word


def _by_numbers(maker: Maker, records: list[Record]) -> list[Record]:
    """The records, with three rows of one figure as one where the numbers show which is the share of the others."""
    found: list[Record] = []
    at = 0
    while at < len(records):
        trio = records[at : at + _THREE]
        order = _order(maker, trio) if len(trio) == _THREE else None
        if order is None:
            found.append(records[at])
            at += 1
            continue
        whole, above, below = (trio[each] for each in order)
        first = trio[0]
        rows = {"numerator": above.row, "denominator": below.row, "value": whole.row}
        keys = dict(first.keys)
        for name, cell in (each for other in trio[1:] for each in other.keys.items()):
            keys[name] = cell if is_blank(keys.get(name, NOTHING)[0]) else keys[name]
        found.append(Record(above.row, keys, rows, shared=True))
        maker.window.shares = True
        at += _THREE
    return found


def _order(maker: Maker, trio: list[Record]) -> tuple[int, ...] | None:
    """Which of three records is the share, which the numerator and which the denominator; None where they are not.

    A word for one part and a sign for the share say it too, and so do most of several periods: the share that its
    parts do not make is then told.
    """
    first, *others = trio
    if any(each.head is not None or len(each.rows) > 1 for each in trio):
        return None
    indicator = _share(maker, first)
    if indicator is None or not all(_is_row_of(maker, first, each) for each in others):
        return None
    parts = [part_of_texts(titles(maker, each.row), maker.headings) for each in trio]
    marked = [_is_marked(maker, each) for each in trio]
    named, signed = any(parts), marked.count(True) == 1
    sure, likely = [], []
    for order in _ORDERS:
        whole = order[0]
        if any(parts[at] not in ("", role) for at, role in zip(order, ("", *PARTS), strict=True)):
            continue
        if parts[whole] or (any(marked) and not marked[whole]):
            continue
        told = [*_compared(maker, tuple(trio[at].row for at in order), indicator)]
        right = sum(told)
        if told and right == len(told) and (named or signed or right > 1 or _is_odd(maker, trio[whole])):
            sure.append(order)
        elif told and ((named and signed) or (right > 1 and right >= _SEVERAL * (len(told) - right))):
            likely.append(order)
    found = sure or likely
    if len({order[0] for order in found}) > 1:
        # 58 of 82 is 71 per cent, and 58 of 71 is 82 per cent: of counts only the share has decimals.
        found = [order for order in found if _is_odd(maker, trio[order[0]])]
    return found[0] if len({order[0] for order in found}) == 1 else None


def _is_row_of(maker: Maker, first: Record, other: Record) -> bool:
    """Whether a row is of the figure that a row above it names; what nobody knows names no other indicator."""
    cell = other.keys.get("indicator", NOTHING)[0]
    answer = maker.names.indicators.match_cell(cell)
    unknown = answer.value is None and answer.suggestion is None
    keys = {name: NOTHING if name == "indicator" and unknown else each for name, each in other.keys.items()}
    return _is_beneath(maker, first, Record(other.row, keys, other.rows))


def _is_marked(maker: Maker, record: Record) -> bool:
    """Whether a row says by a sign that its figures are percentages."""
    cells: Iterable[Cell] = (maker.view.own(record.row, each.column) for each in maker.window.values)
    return any("%" in each for each in titles(maker, record.row)) or any(
        isinstance(cell, Percent) or (isinstance(cell, str) and cell.rstrip().endswith("%")) for cell in cells
    )


def _is_odd(maker: Maker, record: Record) -> bool:
    """Whether figures of a row have decimals, as a count has not."""
    numbers = (figure(maker.view.own(record.row, each.column)) for each in maker.window.values)
    return any(each is not None and each != each.to_integral_value() for each in numbers)
