"""Why a source was not read in parts, as what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mne.errors import EngineError
from mne.ground.findings import Finding, Place

if TYPE_CHECKING:
    from mne.ground.phrases import Phrase

__all__ = ["NotInPartsError"]


class NotInPartsError(EngineError):
    """A source that is too large to be read as a whole, and not such that it could be read in parts.

    Who judges several sources tells the `finding` of this one and goes on with the others.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding

    @classmethod
    def of(cls, file: str, why: Phrase) -> NotInPartsError:
        """With the reason, in words."""
        return cls(Finding(code="limit-parts", place=Place(file=file), found=why))
