"""What stands in a template before it is drawn: its columns, and a line for each figure that is asked for.

Read `form_of` first. Every text that is read back later is one that the readers are sure to understand: a title where
it leads to its code without a remark, else the code itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from mne.exchange.workbook.words import Words
from mne.ground.findings import clean_text
from mne.ground.tags import spaced
from mne.logframe.asked import Asked
from mne.logframe.indicator import TOTAL, Indicator, Measure, Quantity, Target, category_parts
from mne.logframe.unit_words import SHOWN
from mne.logframe.unit_words import shown as word_of
from mne.reports import cells
from mne.reports.headers import HeaderReader
from mne.reports.names import Names
from mne.reports.template import key_of
from mne.tables.observations import State, Status
from mne.tables.plan import PlanTables

if TYPE_CHECKING:
    import polars as pl

    from mne.logframe.model import Logframe, Result
    from mne.logframe.periods import Period
    from mne.reports.lookup import Lookup

__all__ = ["Form", "Line", "Rule", "form_of"]

_STATES: Final = (State.MISSING, State.NOT_APPLICABLE, State.NOT_DUE)
_STATUSES: Final = (Status.SUBMITTED, Status.DRAFT)


@dataclass(frozen=True, slots=True)
class Rule:
    """What may stand in an input cell: a kind of number, one word of a list, or any words; and how that is said."""

    kind: str
    prompt: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a heading for a result, or a figure that is asked for.

    `inputs` says by column what may be filled in; columns that are not in it are locked.
    """

    heading: str = ""
    texts: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Rule] = field(default_factory=dict)
    note: str = ""
    is_part: bool = False
    first: bool = False
    illustrative: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Form:
    """The columns by their meaning, with their headers, and the lines."""

    columns: Mapping[str, str]
    lines: tuple[Line, ...]
    titles: Mapping[str, str]
    """The title of each indicator that is asked for."""
    last: Mapping[str, str]
    """The last figure that is shown for each cell, by its key."""


def form_of(
    tables: PlanTables, wanted: Iterable[Asked], *, partner: str, say: Words, previous: pl.DataFrame | None
) -> Form:
    """The form for a partner."""
    maker = _Maker(tables, partner, say, previous)
    lines = tuple(maker.lines(tuple(wanted)))
    asked = [line for line in lines if not line.heading]
    optional = {
        "location": any(line.texts["location"] for line in asked),
        "category": any(line.texts["category"] for line in asked),
        "unit": any(line.texts["unit"] for line in asked),
        "last": any(line.texts["last"] not in (None, "") for line in asked),
        "numerator": any("numerator" in line.inputs for line in asked),
        "denominator": any("denominator" in line.inputs for line in asked),
        "evidence": any("evidence" in line.inputs for line in asked),
    }
    order = (
        "indicator", "title", "location", "category", "period", "unit", "baseline", "target", "last", "value",
        "numerator", "denominator", "state", "comment", "evidence", "status", "partner",
    )  # fmt: skip
    columns = {name: maker.header(name) for name in order if optional.get(name, True)}
    return Form(columns, lines, maker.titles, maker.shown)


class _Maker:
    def __init__(self, tables: PlanTables, partner: str, say: Words, previous: pl.DataFrame | None) -> None:
        self.plan: Logframe = tables.plan
        self.partner = partner
        self.say = say
        self.lang = say.lang
        self.names = Names(self.plan)
        self.headers = HeaderReader(self.plan)
        self.facts = {row["indicator"]: row for row in tables.indicators.iter_rows(named=True)}
        self.previous = previous
        self.titles: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        self.states = Rule("list", say("v-state"), tuple(map(self.state_word, _STATES)))
        self.statuses = Rule("list", say("v-status"), tuple(say(f"status-{each}") for each in _STATUSES))

    # ------------------------------------------------------------------------------------------------- words

    def header(self, column: str) -> str:
        """The header of a column, in words that lead to it whatever the plan calls its dimensions."""
        passed_over = column in ("title", "baseline", "target", "last")
        for words in (self.say(f"h-{column}"), column):
            found, alike = self.headers.name_of(words)
            if found is None or alike:
                continue
            if (found.kind == "known") if passed_over else (found == ("column", column)):
                return words
        return column

    def state_word(self, state: State) -> str:
        """A word for a state that is read as this state."""
        words = self.say(f"state-{state}")
        return words if cells.state(words).value is state else state.value

    @staticmethod
    def word(lookup: Lookup, code: str, title: str) -> str:
        """A code with its title where both together are understood, else the code."""
        for words in (f"{code} – {title}", title):
            answer = lookup.match(words)
            if answer.value == code and answer.code is None:
                return words
        return code

    def unit(self, indicator: Indicator) -> str:
        """The unit as it is shown."""
        own = self.facts[indicator.id]["own_unit"]
        return "" if own is None else self.unit_words(own)

    def unit_words(self, unit: str) -> str:
        """A unit by its title in the plan, or the word of the language for it; by its code where these mean another."""
        title = next((each.title for each in self.plan.units if each.id == unit and each.title is not None), None)
        told = title.in_language(self.lang) if title is not None and self.lang in title.languages else None
        for words in (told, word_of(unit, self.lang)):
            if words is not None and self.names.units.resolve(words) == unit:
                return words
        return unit

    def category(self, encoded: str) -> str:
        """The categories of a part, as people say them."""
        titles = {
            dimension.id: {code.id: code.title.in_language(self.lang) for code in dimension.codes}
            for dimension in self.plan.dimensions
        }
        return ", ".join(titles[name].get(code, code) for name, code in category_parts(encoded).items())

    # ------------------------------------------------------------------------------------------------- lines

    def lines(self, wanted: tuple[Asked, ...]) -> Iterable[Line]:
        """A heading for each result, then its figures."""
        result: str | None = None
        before: tuple[str, str, str] | None = None
        locations = {each.id: each.title.in_language(self.lang) for each in self.plan.locations}
        for each in wanted:
            own = self.plan.result_of[each.indicator.id]
            if own != result:
                result, before = own, None
                yield Line(heading=self.heading(self.plan.results_by_id[own]))
            block = (each.indicator.id, each.location, each.period.label)
            place = ""
            if each.location != TOTAL:
                place = self.word(self.names.locations, each.location, locations.get(each.location, each.location))
            yield self.line(each, place, first=block != before)
            before = block

    def heading(self, result: Result) -> str:
        label = result.label.in_language(self.lang) if result.label is not None else result.id
        return f"{label}. {result.title.in_language(self.lang)}"

    def line(self, each: Asked, place: str, *, first: bool) -> Line:
        indicator = each.indicator
        title = indicator.title.in_language(self.lang)
        self.titles.setdefault(indicator.id, title)
        is_part = each.category != TOTAL
        baseline, target = self.baseline(indicator, each.category), self.target(indicator, each)
        texts = {
            "indicator": indicator.id,
            "title": self.category(each.category) if is_part else title,
            "location": place,
            "category": each.category if is_part else "",
            "period": each.period.label,
            "unit": self.unit(indicator),
            "baseline": baseline[0],
            "target": target[0],
            "last": self.last(each),
            "partner": self.partner,
        }
        illustrative = {name for name, told in (("baseline", baseline), ("target", target)) if told[1]}
        return Line(
            texts=texts,
            inputs=self.inputs(indicator, is_part=is_part),
            note="" if is_part or not first else self.note(indicator),
            is_part=is_part,
            first=first,
            illustrative=frozenset(illustrative),
        )

    def inputs(self, indicator: Indicator, *, is_part: bool) -> dict[str, Rule]:
        """What may be filled in for an indicator."""
        rest = {"state": self.states, "comment": Rule("words", ""), "status": self.statuses}
        if indicator.evidence_required and not is_part:
            rest["evidence"] = Rule("words", "")
        if indicator.by_denominator:
            signed = self.facts[indicator.id]["signed"]
            kind = "any" if signed else "number"
            return {
                "numerator": Rule(kind, self.say("v-numerator")),
                "denominator": Rule("number", self.say("v-denominator")),
                **rest,
            }
        return {"value": self.value(indicator), **rest}

    def value(self, indicator: Indicator) -> Rule:
        """What may be filled in as the value of an indicator."""
        fact = self.facts[indicator.id]
        say, measure = self.say, indicator.measure
        if measure is Measure.YES_NO:
            words = tuple(
                say(key) if (answer := cells.yes_no(say(key)).value) is not None and answer == (key == "yes") else key
                for key in ("yes", "no")
            )
            return Rule("list", say("v-choice"), words)
        if indicator.scale:
            return Rule("list", say("v-choice"), tuple(self.step(indicator, step.id) for step in indicator.scale))
        if measure.is_text:
            return Rule("words", say("v-words"))
        if measure is Measure.PERCENTAGE and not fact["over_hundred"] and not fact["signed"]:
            return Rule("percent", say("v-percent"))
        if fact["signed"]:
            return Rule("any", say("v-any"))
        return Rule("whole", say("v-count")) if fact["whole"] else Rule("number", say("v-number"))

    def step(self, indicator: Indicator, id: str) -> str:
        """A step of a scale as it is shown."""
        step = next(each for each in indicator.scale if each.id == id)
        if step.title is None:
            return id
        words = step.title.in_language(self.lang)
        answer = self.names.stages(indicator).match(words)
        return words if answer.value == id and answer.code is None else id

    def note(self, indicator: Indicator) -> str:
        """What the plan says about how an indicator is counted."""
        told = (
            ("note-definition", indicator.definition),
            ("note-method", indicator.method),
            ("note-limitations", indicator.limitations),
        )
        parts = [
            f"{self.say(key)}{self.say.colon}{text.in_language(self.lang)}" for key, text in told if text is not None
        ]
        means = spaced(";", self.lang).join(each.in_language(self.lang) for each in indicator.means_of_verification)
        parts += [f"{self.say('note-means')}{self.say.colon}{means}"] if means else []
        return clean_lines("\n\n".join(parts))

    # ---------------------------------------------------------------------------------------- what is known already

    def baseline(self, indicator: Indicator, category: str) -> tuple[Any, bool]:
        """The baseline as shown, and whether it is an example."""
        told = indicator.baseline
        if told is None:
            return "", False
        if category != TOTAL:
            part = told.categories.get(category)
            return (self.quantity(indicator, part), part.illustrative) if part is not None else ("", False)
        if told.status.value == "pending":
            return self.say("pending"), False
        return self.quantity(indicator, told), told.illustrative

    def target(self, indicator: Indicator, each: Asked) -> tuple[Any, bool]:
        """The next target as shown, with its day where that is later, and whether it is an example."""
        due = [
            (day, target)
            for target in indicator.targets
            if target.category == each.category and (day := self.due(target, each.period)) is not None
        ]
        later = sorted((day, at) for at, (day, _) in enumerate(due) if day >= each.period.last_day)
        if not later:
            return "", False
        day, at = later[0]
        target = due[at][1]
        shown: Any = self.promise(indicator, target)
        if shown != "" and day not in each.period:
            shown = f"{shown} ({target.period or target.date})"
        return shown, target.illustrative

    def due(self, target: Target, period: Period) -> Any:
        """The day by which a target is due; a flow's own period may be told in the plan's words."""
        if target.date is not None:
            return target.date
        named = self.plan.period(target.period) if target.period is not None else None
        return named.last_day if named is not None else period.last_day if target.period == period.label else None

    def promise(self, indicator: Indicator, target: Target) -> Any:
        """A target as shown."""
        if target.status != "set":
            return self.say("pending") if target.status == "pending" else ""
        if target.text is not None:
            return target.text.in_language(self.lang)
        if target.minimum is not None or target.maximum is not None:
            low, high = ("" if edge is None else f"{edge.normalize():f}" for edge in (target.minimum, target.maximum))
            return f"{low}–{high}"
        if target.above_baseline is not None:
            return f"{target.above_baseline:+f}"
        shown = self.quantity(indicator, target)
        sign = target.comparator.value
        return f"{sign} {shown}" if sign in ("≥", "≤") else shown

    def quantity(self, indicator: Indicator, told: Quantity) -> Any:
        """A number, a share or a step as shown."""
        if told.stage is not None:
            return self.step(indicator, told.stage) if indicator.rank(told.stage) else told.stage
        if told.value is not None:
            if indicator.measure is Measure.YES_NO:
                return self.say("yes" if told.value else "no")
            return told.value
        if told.numerator is not None and told.denominator is not None:
            return f"{told.numerator.normalize():f} / {told.denominator.normalize():f}"
        return ""

    def last(self, each: Asked) -> Any:
        """The last value that this partner reported for the cell before the period."""
        import polars as pl

        if self.previous is None:
            return ""
        rows = self.previous.filter(
            (pl.col("indicator") == each.indicator.id)
            & (pl.col("partner") == self.partner)
            & (pl.col("location") == each.location)
            & (pl.col("category") == each.category)
            & (pl.col("period_end") < each.period.start)
            & (pl.col("state") == State.REPORTED.value)
        ).sort("period_end", "revision", "source_order")
        if not rows.height:
            return ""
        row = rows.row(-1, named=True)
        shown, beside = self.figure(each.indicator, row), row["period"]
        if shown != "" and row["unit"] not in (None, each.indicator.unit) and row["value"] is not None:
            # A figure in thousands beside a unit that is not would be copied as it stands.
            words = self.unit_words(row["unit"])
            if words == row["unit"] or row["unit"] in SHOWN:
                shown = f"{shown} {words}"
            else:  # a title of the plan may ask for another case behind a number
                beside = spaced(";", self.lang).join((words, row["period"]))
        if shown == "":
            return ""
        told = f"{shown} ({beside})"
        self.shown[key_of(each.indicator.id, each.location, each.category)] = told
        return told

    def figure(self, indicator: Indicator, row: Mapping[str, Any]) -> str:
        """A reported figure as shown."""
        if row["numerator"] is not None and row["denominator"] is not None:
            return f"{_short(row['numerator'])} / {_short(row['denominator'])}"
        value = row["value"]
        if value is None:
            return clean_text(row["text"] or "", limit=80)
        if indicator.measure is Measure.YES_NO:
            return self.say("yes" if value else "no")
        if indicator.measure.is_ranked and 1 <= int(value) <= len(indicator.scale):
            return self.step(indicator, indicator.scale[int(value) - 1].id)
        return _short(value)


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}"


def clean_lines(text: str) -> str:
    """Text of several lines without what no cell can hold."""
    return "\n".join(clean_text(line, limit=2_000) for line in text.splitlines())
