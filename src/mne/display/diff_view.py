"""The history of a plan as people read it: what changed, what that touches, and what it does to the scores.

Read `logframe_diff_blocks` first; the page says the same. What is called out stands on top, so that a target that was
lowered without a word is not lost among new titles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mne.display.blocks import Block, Grid, Heading, Item, Line, Told
from mne.display.markup import Markup, column, el, join, table
from mne.display.palette import icon
from mne.ground.maps import FrozenMap
from mne.logframe.changes import Change, ChangeKind, Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mne.display.labels import Labels
    from mne.logframe.changes import LogframeDiff
    from mne.scores.revised import ScoreEffect, ScoreEffects, Standing

__all__ = ["logframe_diff_blocks", "logframe_diff_page", "score_effects_blocks", "score_effects_page"]

_WORDS: Final = FrozenMap(
    {
        "title": ("What changed in the plan", "Ce qui a changé dans le plan", "Что изменилось в плане"),
        "none": ("No change that means anything.", "Aucun changement de fond.", "Существенных изменений нет."),
        "asked": ("To ask about", "À clarifier", "Требует пояснений"),
        "values": ("How values are counted", "Comment les valeurs sont calculées", "Как считаются значения"),
        "achievement": ("What values are held against", "Cibles et valeurs de référence", "С чем сравнивают значения"),
        "score": ("How scores are made up", "Comment les scores sont composés", "Из чего складываются оценки"),
        "checks": ("How reports are checked", "Comment les rapports sont vérifiés", "Как проверяются отчёты"),
        "words": ("Wording", "Libellés", "Формулировки"),
        "can": ("can change", "peut changer", "может изменить"),
        "shares": ("shares of the weight", "parts du poids", "доли веса"),
        "place": ("Place", "Endroit", "Место"),
        "before": ("Before", "Avant", "Было"),
        "after": ("After", "Après", "Стало"),
        "effects": ("What the revision does to scores", "Effet de la révision", "Как пересмотр меняет оценки"),
        "same": ("Nothing scores differently.", "Aucun score ne change.", "Ни одна оценка не меняется."),
        "absent": ("not in the plan", "absent du plan", "нет в плане"),
        "no-score": ("no score", "sans score", "нет оценки"),
        "points": ("Points", "Points", "Баллы"),
        "because": ("Because of", "En raison de", "Из-за"),
        "what": ("Result or indicator", "Résultat ou indicateur", "Результат или показатель"),
    }
)
_LANGUAGES: Final = FrozenMap({"en": 0, "fr": 1, "ru": 2, "tg": 2})
_ORDER: Final = (Effect.VALUES, Effect.ACHIEVEMENT, Effect.SCORE, Effect.CHECKS, Effect.WORDS)
_SIGNS: Final = FrozenMap(
    {
        ChangeKind.ADDED: "+",
        ChangeKind.REMOVED: "−",
        ChangeKind.CHANGED: "~",
        ChangeKind.MOVED: "↷",
        ChangeKind.RENAMED: "≈",
    }
)


def _say(key: str, say: Labels) -> str:
    return _WORDS[key][_LANGUAGES.get(say.lang, 0)]


def _groups(found: LogframeDiff) -> Iterator[tuple[str, list[Change]]]:
    """What is called out, then the rest by what it touches; each change once."""
    asked = list(found.called_out)
    if asked:
        yield "asked", asked
    rest = [change for change in found if change not in asked]
    for effect in _ORDER:
        group = [change for change in rest if change.effect is effect]
        if group:
            yield effect.value, group


def _touches(change: Change, say: Labels) -> str:
    told = [f"{_say('can', say)}{say.colon}{', '.join(change.affects)}"] if change.affects else []
    told += [f"{_say('shares', say)}{say.colon}{', '.join(change.shares)}"] if change.shares else []
    return " · ".join(told)


# --- text and Markdown ------------------------------------------------------------------------------------------


def logframe_diff_blocks(found: LogframeDiff, say: Labels) -> Iterator[Block]:
    """The changes, those to ask about first, then by what they touch."""
    yield Heading(f"{_say('title', say)}{say.colon}{found.label}", 1)
    if not found:
        yield Line(Told(_say("none", say), status="met"))
        return
    yield Line(Told(found.summary(), soft=True))
    for key, group in _groups(found):
        yield Heading(_say(key, say))
        for change in group:
            status = "at_risk" if key == "asked" else None
            beneath = (Told(_touches(change, say), soft=True),)
            yield Item(Told(change.words, status=status), beneath, _SIGNS[change.kind])


def score_effects_blocks(found: ScoreEffects, say: Labels) -> Iterator[Block]:
    """One row per result and indicator that stands differently, and beneath the table why."""
    yield Heading(f"{_say('effects', say)}{say.colon}{found.label}", 1)
    if not found.effects:
        yield Line(Told(_say("same", say), status="met"))
        return
    heads = tuple(_say(key, say) for key in ("what", "before", "after", "points"))
    rows = tuple(
        (
            Told(each.id, strong=each.kind == "result"),
            Told(_stands(each.before, say)),
            Told(_stands(each.after, say)),
            Told(_gained(each, say)),
        )
        for each in found
    )
    yield Grid(heads, rows, frozenset({3}))
    yield Heading(_say("because", say))
    for each in found:
        yield Item(Told(each.id, strong=True), tuple(Told(change.words) for change in each.changes))


def _stands(standing: Standing | None, say: Labels) -> str:
    if standing is None:
        return _say("absent", say)
    told = [] if standing.value is None else [say.number(standing.value)]
    told += [] if standing.achievement is None else [say.percent(standing.achievement)]
    told.append(_say("no-score", say) if standing.score is None else say.number(standing.score, digits=1))
    return " · ".join([*told, *([standing.rating] if standing.rating else [])])


def _gained(effect: ScoreEffect, say: Labels) -> str:
    points = effect.difference
    if points is None:
        return "–"
    return ("+" if points > 0 else "") + say.number(points, digits=1)


# --- HTML -------------------------------------------------------------------------------------------------------


def logframe_diff_page(found: LogframeDiff, say: Labels, *, whole: bool) -> Markup:
    """The same as a page; `whole` makes no difference: nothing is left out in a notebook."""
    del whole
    head = el("h1", _say("title", say), say.colon, found.label)
    if not found:
        return join((head, el("p", icon("met"), _say("none", say), class_="mne-shape mne-met")))
    parts = [head, el("p", found.summary())]
    for key, group in _groups(found):
        marked = key == "asked"
        title = el("h2", icon("at_risk") if marked else None, _say(key, say))
        parts.append(title)
        parts.append(_changes(group, say, marked=marked))
    return join(parts)


def _changes(group: Iterable[Change], say: Labels, *, marked: bool) -> Markup:
    heads = [
        column(_say(key, say), width=width)
        for key, width in (("place", 34), ("before", 18), ("after", 18), ("can", 30))
    ]
    return table(heads, (_change(each, say, marked=marked) for each in group), kind="mne-found")


def _change(change: Change, say: Labels, *, marked: bool) -> Markup:
    notes = [str(each) for each in (change.remark, change.revision, change.why) if each]
    sign = el("b", _SIGNS[change.kind], title=str(change.kind), class_=f"mne-{'at_risk' if marked else 'no_data'}")
    return el(
        "tr",
        el(
            "td",
            sign,
            " ",
            el("code", change.place),
            el("br") if notes else None,
            el("small", say.semicolon.join(notes)),
        ),
        el("td", change.before or "–", data_head=_say("before", say)),
        el("td", change.after or "–", data_head=_say("after", say)),
        el("td", el("small", _touches(change, say)), data_head=_say("can", say)),
    )


def score_effects_page(found: ScoreEffects, say: Labels, *, whole: bool) -> Markup:
    """The same as a page; `whole` makes no difference."""
    del whole
    head = el("h1", _say("effects", say), say.colon, found.label)
    if not found.effects:
        return join((head, el("p", icon("met"), _say("same", say), class_="mne-shape mne-met")))
    keys = ("what", "before", "after", "points", "because")
    heads = [column(_say(key, say), numeric=key == "points") for key in keys]
    rows = (
        el(
            "tr",
            el("td", el("b" if each.kind == "result" else "span", each.id)),
            el("td", _stands(each.before, say), data_head=_say("before", say)),
            el("td", _stands(each.after, say), data_head=_say("after", say)),
            el("td", _gained(each, say), data_head=_say("points", say), class_="mne-num"),
            el(
                "td", *(el("div", el("small", change.words)) for change in each.changes), data_head=_say("because", say)
            ),
        )
        for each in found
    )
    return join((head, table(heads, rows)))
