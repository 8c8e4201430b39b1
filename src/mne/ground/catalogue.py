"""Every finding code, once: its severity, its message and how to mend what it names.

Read `Code` first. The codes themselves stand in `mne.ground.codes`, grouped by what they speak
of; this module joins them into `CODES` and refuses two codes of one name. The documentation
pages, ``logframe explain CODE`` and the translations are all made from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mne.ground.phrases import translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["CODES", "Code", "Severity", "codes"]


class Severity(StrEnum):
    """How much a finding matters, from a file that is useless to a remark."""

    BLOCKER = "blocker"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest; findings are sorted by it."""
        return _RANKS[self]


_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of complaint.

    `message` and `hint` are templates in plain English over the finding's parameters
    (``{found}``, ``{expected}`` and whatever the rule adds).
    """

    code: str
    severity: Severity
    message: str
    hint: str
    example: str = ""

    def in_language(self, lang: str | None = None) -> Code:
        """The same code with its texts in a language; in English where the language is not one of the library's."""
        return replace(
            self,
            message=translated(self.message, lang),
            hint=translated(self.hint, lang),
            example=translated(self.example, lang),
        )


def _joined(groups: Iterable[tuple[Code, ...]]) -> Mapping[str, Code]:
    codes: dict[str, Code] = {}
    for group in groups:
        for code in group:
            if code.code in codes:
                raise AssertionError(f"finding code {code.code!r} is declared twice")
            codes[code.code] = code
    return MappingProxyType(dict(sorted(codes.items())))


# The groups import `Code` from here, so they come after it.
from mne.ground.codes import files, layouts, logframe, observations, scores, values, workbooks  # noqa: E402

CODES: Final[Mapping[str, Code]] = _joined(
    (files.CODES, layouts.CODES, logframe.CODES, observations.CODES, values.CODES, scores.CODES, workbooks.CODES)
)


def codes() -> Mapping[str, Code]:
    """Every finding code with its severity, message, hint and example, by name."""
    return CODES
