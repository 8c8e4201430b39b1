"""Numbers with their nouns, in the form that each language asks for: 1 ошибка, 2 ошибки, 5 ошибок.

Read `counted` first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from mne.ground.maps import FrozenMap

if TYPE_CHECKING:
    from mne.ground.findings import Findings

__all__ = ["NOUNS", "counted", "plural", "severities"]


def _russian(n: int) -> int:
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2


# Which form of a noun stands after a number. Tajik has one: a number is followed by the singular.
_RULES: Final[Mapping[str, Callable[[int], int]]] = FrozenMap(
    {"en": lambda n: int(n != 1), "fr": lambda n: int(n > 1), "ru": _russian, "tg": lambda _: 0}
)


def plural(lang: str, count: int) -> int:
    """Which form of a noun stands after a number: 0 for that after one, then 1, and in Russian 2.

    >>> [("ошибка", "ошибки", "ошибок")[plural("ru", n)] for n in (1, 2, 5, 11, 21, 112)]
    ['ошибка', 'ошибки', 'ошибок', 'ошибок', 'ошибка', 'ошибок']
    """
    return _RULES[lang](abs(count))


def counted(noun: str, count: int, lang: str) -> str:
    """A number with its noun.

    >>> counted("error", 21, "ru")
    '21 ошибка'
    """
    return f"{count} {NOUNS[noun][lang][plural(lang, count)]}"


def severities(found: Findings, lang: str) -> str:
    """How many findings of each severity there are: `Findings.summary` in any language; a dash for none."""
    told = [counted(str(severity), count, lang) for severity, count in found.severities.items() if count]
    return ", ".join(told) or "–"


def _noun(english: str, french: str, russian: str, tajik: str) -> Mapping[str, tuple[str, ...]]:
    told = (english, french, russian, tajik)
    return FrozenMap({lang: tuple(forms.split(", ")) for lang, forms in zip(_RULES, told, strict=True)})


NOUNS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = FrozenMap(
    {
        "blocker": _noun("blocker, blockers", "blocage, blocages", "препятствие, препятствия, препятствий", "монеа"),
        "error": _noun("error, errors", "erreur, erreurs", "ошибка, ошибки, ошибок", "хато"),
        "warning": _noun(
            "warning, warnings",
            "avertissement, avertissements",
            "предупреждение, предупреждения, предупреждений",
            "огоҳӣ",
        ),
        "info": _noun("remark, remarks", "remarque, remarques", "примечание, примечания, примечаний", "эзоҳ"),
        "note": _noun(
            "point to check, points to check", "point à vérifier, points à vérifier", "место, места, мест", "ҷой"
        ),
        "row": _noun("row, rows", "ligne, lignes", "строка, строки, строк", "сатр"),
    }
)
