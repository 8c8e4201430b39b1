"""Words in titles that say what one report covers: data that `checks_accumulation` reads, in four languages.

Read `SAYINGS` first. A pattern stands here only where nearly every real title that matches it means the same: a false
alarm costs more trust than a missed one. All are read against `folded` text. Add a word here and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

__all__ = ["SAYINGS", "Saying", "folded", "said"]


class Saying(StrEnum):
    """What a title says of the figure that partners fill in."""

    TO_DATE = "to date"
    """The total since the start."""
    STATE = "state"
    """How things stand; the figure may fall."""
    WORK = "work"
    """Somebody is employed: as a rule a state, though a project may count jobs that it found."""
    DAY = "day"
    """The figure of one day: a state, or a total by then."""
    SHARE = "share"
    """A part of a whole, which never adds up."""
    PERIOD = "period"
    """What happened in one period."""
    PACE = "pace"
    """So many per period: of a count as `PERIOD`, of anything else a rate."""
    TRAILING = "trailing"
    """What happened in some months up to the report, which may be more than its period."""
    NEW = "new"
    """What came anew."""
    EVENT = "event"
    """What happened and is over: a training, a meeting, a distribution."""
    RATE = "rate"
    """A rate or an average: a state, although a period is named in it."""


def folded(text: str) -> str:
    """Text as it is compared: compatible characters made one, lower case, single spaces, one spelling of ё and ’."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").replace("’", "'")
    return " ".join(plain.split())


_COUNT: Final = (
    r"(?:\bnumbers? of|\bnumber|\bnos?\.?(?: of)?|#(?: ?of)?|\bnombre de|\bnombre d'|\bnombre des|"
    r"\bчисло|\bчисла|\bколичество|\bчисленность|\bшумораи|\bтеъдоди)"
)
_MEETINGS: Final = (
    r"\b(?:events|meetings|workshops|trainings|training courses|training sessions|sessions|dialogues|conferences|"
    r"campaigns|seminars|field visits|monitoring visits|missions|tournaments|consultations)\b"
)

_MADE: Final = r"\b(?:constructed|created|established|formed|rehabilitated|repaired|set up|supported|trained)\b"

SAYINGS: Final[Mapping[Saying, tuple[str, ...]]] = MappingProxyType(
    {
        Saying.TO_DATE: (
            r"\bcumulative(?:ly)?\b",
            r"\bcumulated\b",
            r"\brunning total\b",
            r"(?<!up )(?<!up-)\bto[ -]date\b",
            r"\bso far\b",
            r"\bsince (?:the )?(?:start|beginning|launch|inception)\b",
            r"\bcumul(?:e|é|és|ée|ées|atif|atifs|ative|atives)?\b",
            r"\bà ce jour\b",
            r"\bdepuis (?:le |la )?(?:début|démarrage|lancement)\b",
            r"\bнарастающим итогом\b",
            r"\bнакопительн\w+",
            r"\bнакопленным итогом\b",
            r"\bкумулятивн\w+",
            r"\bс начала (?:проекта|программы|реализации|деятельности)\b",
            r"\bба таври афзоянда\b",
            r"\bҷамъбастии афзоянда\b",
            r"\bаз (?:оғози|аввали) (?:лоиҳа|барнома|татбиқи)\b",
            r"\bто имрӯз\b",
        ),
        Saying.STATE: (
            (
                r"\bcurrently (?!living\b|residing\b|displaced\b|based\b)"
                r"(?:\w+ed|\w+ing|active|available|functional|held|in|open|operational)\b"
            ),
            r"\b(?:still|remain|remaining) (?:active|employed|enrolled|functional|operational)\b",
            r"\b(?:still|remain|remaining) in (?:operation|school|use)\b",
            r"\bin (?:use|stock)\b",
            rf"{_COUNT} (?:currently )?(?:active|functional|functioning|outstanding)\b(?! participation)(?!.*{_MADE})",
            r"\bat the end of (?:the |each )?(?:reporting period|period|month|quarter)\b",
            r"\bactuellement\b",
            r"\bà la fin (?:du (?:mois|trimestre)|de la période)\b",
            r"\ben cours d'utilisation\b",
            r"\bв настоящее время\b",
            r"\bна конец (?:отчетного )?(?:периода|месяца|квартала|полугодия|года)\b",
            rf"{_COUNT} (?:действующих|функционирующих|работающих|занятых)\b",
            r"\bдар айни (?:замон|ҳол)\b",
            r"\bдар охири (?:давра|моҳ|семоҳа)\b",
        ),
        Saying.WORK: (
            (
                r"\b(?:adults|beneficiaries|boys|girls|graduates|individuals|men|participants|people|persons|refugees|"
                r"staff|trainees|women|workers|youths?) (?:are )?employed\b"
            ),
        ),
        Saying.DAY: (
            r"\bas of\b|\bas at (?:the (?:end|last day)|today|\d)",
            r"\bпо состоянию на\b",
            r"\bба ҳолати\b",
        ),
        Saying.SHARE: (
            r"^\W*(?:[\w.]{0,6}\d[\w.]*\W+)?(?:the )?(?:share|percentage|proportion|per ?cent) of\b",
            r"^(?:[^\w%]*[\w.]{0,6}\d[\w.]*\W*?)?[^\w%]*%(?: of| )",
            r"^\W*(?:la )?(?:part|proportion) d(?:e|es|u)\b",
            r"^\W*(?:le )?pourcentage d(?:e|es|u|')",
            r"^\W*(?:доля|процент)\b",
            r"^\W*(?:ҳиссаи|фоизи)\b",
        ),
        Saying.PERIOD: (
            (
                r"\b(?:during|in|over|within) (?:the |this |each |every )?(?:last |past |current |previous )?"
                r"(?:reporting period|quarter)\b"
            ),
            r"\bduring the period\W*$",
            r"\bthis (?:month|quarter|semester|half-year|year)\b",
            r"\b(?:au cours|pendant|durant) (?:de |du |la |le )*(?:période de rapport|trimestre)\b",
            r"\b(?:au cours|pendant|durant) (?:de )?la période\W*$",
            r"\bв течение (?:квартала|отчетного периода)\b",
            r"\bза отчетный (?:период|месяц|квартал|год)\b",
            r"\bза (?:период|месяц|квартал|год)\W*$",
            r"\bдар (?:давоми |давраи )+(?:ҳисоботӣ|семоҳа)\b",
        ),
        Saying.PACE: (
            r"(?<!usd )(?<!eur )\b(?:per|each|every) (?:week|month|quarter|semester|half-year|year)\b",
            r"\b(?:par|chaque) (?:semaine|mois|trimestre|semestre|an|année)\b",
            r"\b(?:в|каждый) (?:месяц|квартал|год)\b",
            r"\bдар (?:як|ҳар) (?:моҳ|семоҳа|сол)\b",
        ),
        Saying.TRAILING: (
            r"\b(?:during|in|within|over) the (?:last|past|previous) (?:year|(?:\w+ )?months)\b",
            r"\bau cours des \w+ derniers mois\b",
            r"\bза последн\w+ (?:\w+ )?(?:год|месяц\w*)\b",
        ),
        Saying.NEW: (
            rf"{_COUNT} new(?:ly)?\b(?!.*\b(?:still|continue|remain))",
            r"\bnewly (?:admitted|diagnosed|employed|enrolled|hired|identified|reached|recruited|registered|trained)\b",
            rf"{_COUNT} ?(?:nouveau|nouveaux|nouvel|nouvelles?|nouvellement)\b",
            rf"{_COUNT} (?:новых|вновь)\b",
        ),
        Saying.EVENT: (
            (
                r"(?<![\w/-])(?!(?:being|most|not|of|the|well)\b)[\w/-]+\)? trained"
                r"(?= (?:and/or|as|at|by|during|for|in|on|per|this|through|to|under|with)\b|\W*$| ?[,(;])"
            ),
            rf"{_MEETINGS}[^.;:]{{0,60}}?\b(?:held|conducted|organi[sz]ed|carried out)\b",
            r"\b(?:copies|kits|materials|nets|vouchers|filters|seeds|meals|food|rations)\b[^.;:]{0,40}?\bdistributed\b",
            r"\b[\w-]+ formée?(?:\(e\))?s?(?= (?:à|en|sur|aux|dans|par|pour)\b|\W*$| ?[,(;])",
            r"\b(?:ateliers|formations|réunions|séances|campagnes)\b[^.;:]{0,60}?\b(?:organisé|tenu|réalisé)e?s\b",
            rf"{_COUNT} (?:\w+,? )?(?:обученных|прошедших обучение)\b",
            rf"{_COUNT} проведенных\b",
            r"\bомӯзонидашуда\b",
        ),
        Saying.RATE: (
            r"\b(?:average|mean|median|rate|ratio)\b",
            r"\bper (?:capita|child|hectare|household|person|pupil|school|1,?000)\b",
            r"\b(?:degree|extent|level|percentage|proportion|quality|share) of\b|%|\bretained\b",
            r"\b(?:moyenne?|médiane?|taux|pourcentage|proportion)\b|\bpar (?:habitant|ménage|personne|hectare|élève)\b",
            r"\b(?:средн\w+|доля|процент\w*|уровень)\b|\bна (?:душу|человека|гектар)\b",
            r"\b(?:миёна|ҳисса\w*|фоиз\w*|сатҳи)\b",
        ),
    }
)
"""Patterns by what they say. None repeats within a repeat, so that no text makes them slow."""

_COMPILED: Final = MappingProxyType({kind: re.compile("|".join(each)) for kind, each in SAYINGS.items()})
_COUNTED: Final = re.compile(_COUNT)
_PLACED: Final = re.compile(r"\b(?:become|became|becoming|find|found|finding|get|getting|placed|self-employed)\b")
"""Where somebody *became* employed, work is no state."""
_READ: Final = 500
"""Characters of a text that are read: no title needs more, and no text can make the patterns slow."""


def said(text: str) -> Mapping[Saying, str]:
    """What a text says of the figure, each with the words that say it, folded.

    >>> for saying, words in said("Number of people trained per quarter").items():
    ...     print(saying, "|", words)
    pace | per quarter
    event | people trained
    """
    plain = folded(text[:_READ])
    found = {kind: match.group().strip(" (,;") for kind, each in _COMPILED.items() if (match := each.search(plain))}
    if Saying.WORK in found and _PLACED.search(plain):
        del found[Saying.WORK]
    if Saying.PACE in found and not _COUNTED.search(plain):
        del found[Saying.PACE]
    return MappingProxyType(found)
