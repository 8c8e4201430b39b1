"""Who has reported, and what is still to come, on one page: a matrix of partners and periods, and a list to work off.

Read `due_blocks` first; the page says the same. A cell is a shape, a word and, where it helps, a number: nobody
has to tell colours apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mne.display.blocks import Block, Grid, Heading, Line, Told
from mne.display.markup import Markup, column, el, join, table
from mne.display.palette import STATUSES, badge
from mne.ground.language import LANGUAGES
from mne.ground.maps import FrozenMap
from mne.logframe.choices import TOTAL
from mne.reports.due import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mne.display.labels import Labels
    from mne.reports.due import Due

__all__ = ["due_blocks", "due_page", "due_section"]

_WORDS: Final = FrozenMap(
    {
        "title": ("Reports due", "Rapports attendus", "Ожидаемые отчёты", "Ҳисоботҳои интизоршаванда"),
        "on": ("on {day}", "au {day}", "на {day}", "то {day}"),
        "matrix": ("Who has reported", "Qui a fait rapport", "Кто отчитался", "Кӣ ҳисобот додааст"),
        "to-come": ("Still to come", "Encore attendu", "Ещё ожидается", "Ҳанӯз интизорем"),
        "next": ("Due next", "Prochaines échéances", "Ближайшие сроки", "Мӯҳлатҳои наздик"),
        "nothing": (
            "Everything that is due has come.",
            "Tout ce qui est dû est arrivé.",
            "Всё, что должно было поступить, поступило.",
            "Ҳама чизе, ки бояд меомад, омадааст.",
        ),
        "unassigned": (
            "The logframe does not say who reports, so nothing can be said to be missing.",
            "Le cadre logique ne dit pas qui fait rapport ; rien ne peut donc être dit manquant.",
            "В логической матрице не указано, кто отчитывается, поэтому нельзя сказать, чего не хватает.",
            "Дар матритсаи мантиқӣ нишон дода нашудааст, ки кӣ ҳисобот медиҳад, пас норасоиро гуфтан мумкин нест.",
        ),
        "unplaced": (
            "Rows without a partner or period that can be recognised: {count}; they may be what is missing.",
            "Lignes sans partenaire ou période reconnaissable : {count} ; ce sont peut-être les manquantes.",
            "Строк без распознанного партнёра или периода: {count}; возможно, это то, чего не хватает.",
            "Сатрҳо бе шарик ё давраи шинохташуда: {count}; шояд онҳо ҳамонҳое бошанд, ки намерасанд.",
        ),
        "period": ("Period", "Période", "Период", "Давра"),
        "partner": ("Partner", "Partenaire", "Партнёр", "Шарик"),
        "stage": ("State", "État", "Состояние", "Ҳолат"),
        "due-by": ("Due by", "À remettre le", "Срок", "Мӯҳлат"),
        "cells": ("Cells received", "Cellules reçues", "Получено ячеек", "Ячейкаҳои гирифташуда"),
        "lacking": ("Lacking", "Manquent", "Не хватает", "Намерасад"),
        "held": (
            "rows to mend: {count}",
            "lignes à corriger : {count}",
            "исправить строк: {count}",
            "сатрҳои ислоҳталаб: {count}",
        ),
        "missing": ("{count} lacking", "manquants : {count}", "не хватает: {count}", "{count} намерасад"),
        "came-late": ("came late", "reçu en retard", "с опозданием", "бо таъхир"),
        "and-more": (
            "{named} and {count} more",
            "{named} et {count} autres",
            "{named} и ещё {count}",
            "{named} ва боз {count}",
        ),
        "stage-upcoming": ("to come", "à venir", "предстоит", "дар пеш"),
        "stage-due": ("due", "attendu", "ожидается", "интизор"),
        "stage-late": ("late", "en retard", "просрочен", "таъхир шуд"),
        "stage-draft": ("draft", "brouillon", "черновик", "лоиҳа"),
        "stage-returned": ("returned", "renvoyé", "возвращён", "баргардонида шуд"),
        "stage-submitted": ("submitted", "soumis", "представлен", "супорида шуд"),
        "stage-accepted": ("accepted", "accepté", "принят", "қабул шуд"),
    }
)
_LOOKS: Final = FrozenMap(
    {
        Stage.UPCOMING: "no_data",
        Stage.DUE: "no_data",
        Stage.LATE: "off_track",
        Stage.DRAFT: "no_data",
        Stage.RETURNED: "at_risk",
        Stage.SUBMITTED: "on_track",
        Stage.ACCEPTED: "met",
    }
)
_NAMED: Final = 6
_LIST: Final = ("due-by", "partner", "period", "stage", "cells", "lacking")


def _say(key: str, say: Labels, **values: object) -> str:
    told = _WORDS[key]
    return told[LANGUAGES.index(say.lang) if say.lang in LANGUAGES else 0].format(**values)


def _word(row: dict[str, Any], say: Labels) -> str:
    """The stage of one report in a few words."""
    stage = Stage(row["stage"])
    told = [_say(f"stage-{stage}", say)]
    if row["held"]:
        told.append(_say("held", say, count=row["held"]))
    elif row["lacking"] and stage in (Stage.SUBMITTED, Stage.DRAFT, Stage.RETURNED):
        told.append(_say("missing", say, count=row["expected"] - row["received"]))
    if row["came_late"]:
        told.append(_say("came-late", say))
    return ", ".join(told)


def _named(codes: Sequence[str], say: Labels) -> str:
    shown = ", ".join(codes[:_NAMED])
    return shown if len(codes) <= _NAMED else _say("and-more", say, named=shown, count=len(codes) - _NAMED)


def _matrix(found: Due) -> tuple[list[str], list[tuple[str, list[dict[str, Any] | None]]]]:
    """Partners, and for each period that has begun the report of each of them."""
    begun = found.frame.filter(found.frame["start"] <= found.on).sort("last_day", "start")
    rows = begun.to_dicts()
    cells = {(row["period"], row["partner"]): row for row in rows}
    partners = sorted({row["partner"] for row in rows})
    periods = dict.fromkeys(row["period"] for row in rows)
    return partners, [(period, [cells.get((period, partner)) for partner in partners]) for period in periods]


def _notes(found: Due, say: Labels) -> Iterator[str]:
    if not found.assigned:
        yield _say("unassigned", say)
    if found.unplaced:
        yield _say("unplaced", say, count=found.unplaced)


def _partner(code: str, say: Labels) -> str:
    return say("not-said") if code == TOTAL else code


def _list_row(row: dict[str, Any], say: Labels) -> tuple[str, ...]:
    by = row["due_by"].isoformat() if row["due_by"] else "–"
    return (
        by,
        _partner(row["partner"], say),
        row["period"],
        f"{row['received']} / {row['expected']}",
        _named(row["lacking"], say),
    )


# --- text and Markdown ------------------------------------------------------------------------------------------


def due_blocks(found: Due, say: Labels) -> Iterator[Block]:
    """What is still to come, what is due next, and the matrix of all that has begun."""
    yield Heading(f"{_say('title', say)}{say.colon}{found.plan_id}, {_say('on', say, day=found.on)}", 1)
    for note in _notes(found, say):
        yield Line(Told(note, status="at_risk"), alone=True)
    yield Heading(_say("to-come", say))
    waiting = found.to_come.to_dicts()
    if not waiting:
        yield Line(Told(_say("nothing", say), status="met"))
    else:
        heads = tuple(_say(key, say) for key in _LIST)
        yield Grid(heads, tuple(_waiting_row(row, say) for row in waiting), frozenset({4}))
    coming = found.next_up.to_dicts()
    if coming:
        yield Heading(_say("next", say))
        heads = tuple(_say(key, say) for key in _LIST[:3])
        yield Grid(heads, tuple(tuple(Told(cell) for cell in _list_row(row, say)[:3]) for row in coming))
    partners, rows = _matrix(found)
    if rows:
        yield Heading(_say("matrix", say))
        names = (_partner(partner, say) for partner in partners)
        yield Grid((_say("period", say), *names), tuple(_grid_row(period, cells, say) for period, cells in rows))


def _grid_row(period: str, cells: list[dict[str, Any] | None], say: Labels) -> tuple[Told, ...]:
    return (Told(period, strong=True), *(_grid_cell(cell, say) for cell in cells))


def _grid_cell(row: dict[str, Any] | None, say: Labels) -> Told:
    if row is None:
        return Told("", soft=True)
    status = _LOOKS[Stage(row["stage"])]
    return Told(f"{STATUSES[status].sign} {_word(row, say)}", status=status)


def _waiting_row(row: dict[str, Any], say: Labels) -> tuple[Told, ...]:
    by, partner, period, cells, lacking = _list_row(row, say)
    return (Told(by), Told(partner, strong=True), Told(period), _grid_cell(row, say), Told(cells), Told(lacking))


# --- HTML -------------------------------------------------------------------------------------------------------


def due_page(found: Due, say: Labels, *, whole: bool) -> Markup:
    """The same as a page; `whole` makes no difference: all of it is wanted in a notebook too."""
    del whole
    head = el("h1", f"{_say('title', say)}{say.colon}{found.plan_id}, {_say('on', say, day=found.on)}")
    return join((head, due_section(found, say)))


def due_section(found: Due, say: Labels) -> Markup:
    """Both lists and the matrix, as they also stand in the page of a validation."""
    parts: list[Markup] = [el("p", badge("at_risk", say, word=note), role="note") for note in _notes(found, say)]
    parts.append(el("h2", _say("to-come", say)))
    waiting = found.to_come.to_dicts()
    if waiting:
        parts.append(_list(waiting, _LIST, say))
    else:
        parts.append(el("p", badge("met", say, word=_say("nothing", say))))
    coming = found.next_up.to_dicts()
    if coming:
        parts += [el("h2", _say("next", say)), _list(coming, _LIST[:3], say)]
    partners, rows = _matrix(found)
    if rows:
        heads = [column(_say("period", say)), *(column(_partner(partner, say)) for partner in partners)]
        body = [
            el(
                "tr",
                el("th", period, scope="row"),
                *(
                    el("td", _badge(cell, say) if cell else None, data_head=_partner(partner, say))
                    for cell, partner in zip(cells, partners, strict=True)
                ),
            )
            for period, cells in rows
        ]
        parts += [el("h2", _say("matrix", say)), el("div", table(heads, body, kind="mne-narrow"), class_="mne-scroll")]
    return join(parts)


def _badge(row: dict[str, Any], say: Labels) -> Markup:
    return badge(_LOOKS[Stage(row["stage"])], say, word=_word(row, say))


def _list(rows: Sequence[dict[str, Any]], keys: tuple[str, ...], say: Labels) -> Markup:
    heads = [column(_say(key, say), numeric=key == "cells") for key in keys]

    def cell(row: dict[str, Any], key: str) -> Markup:
        told: object
        if key == "stage":
            told = _badge(row, say)
        else:
            told = dict(zip(("due-by", "partner", "period", "cells", "lacking"), _list_row(row, say), strict=True))[key]
        return el("td", told, data_head=_say(key, say), class_="mne-num" if key == "cells" else None)

    return table(heads, [el("tr", *(cell(row, key) for key in keys)) for row in rows])
