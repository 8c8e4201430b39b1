"""Places inside places: which codes of reports belong together when values are broken down by location.

Read `Places.grouped` first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mne.errors import OptionError

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["Places"]


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a plan and those of its reports, each with the places that hold it."""

    chains: Mapping[str, tuple[str, ...]]
    """For each place the largest one that holds it, the next, and so on down to itself."""

    @classmethod
    def of(cls, plan: Logframe, reported: Iterable[str]) -> Places:
        """The places in the plan's order, then those that only reports name, each of them by itself."""
        parents = {each.id: each.parent for each in plan.locations}

        def chain(code: str) -> tuple[str, ...]:
            found = [code]
            # A checked plan has no circles and no unknown parents; one built by hand may.
            while (above := parents.get(found[-1])) is not None and above in parents and above not in found:
                found.append(above)
            return tuple(reversed(found))

        return cls({code: chain(code) for code in dict.fromkeys((*parents, *reported))})

    def grouped(
        self, *, roll_up: bool = False, level: int | None = None, within: str | None = None
    ) -> dict[str, tuple[str, ...]]:
        """The codes that make up each part: one place, all inside it (`roll_up`), or all inside those of a depth.

        Raises:
            OptionError: an unknown place, a depth that is none, or both ways of bringing places together.
        """
        if roll_up and level is not None:
            raise OptionError("level brings places together already; leave out roll_up")
        if level is not None and level < 1:
            raise OptionError(f"level must be a depth from 1, the largest places, not {level!r}")
        if within is not None and within not in self.chains:
            raise OptionError(f"there is no place {within!r}; there are {', '.join(self.chains) or 'none'}")
        groups: dict[str, list[str]] = {}
        for code, chain in self.chains.items():
            if within is not None and within not in chain:
                continue
            for part in self._parts(chain, roll_up=roll_up, level=level):
                if within is None or within in self.chains[part]:
                    groups.setdefault(part, []).append(code)
        return {code: tuple(groups[code]) for code in self.chains if code in groups}

    def _parts(self, chain: tuple[str, ...], *, roll_up: bool, level: int | None) -> tuple[str, ...]:
        """The parts that what was reported for the last place of a chain counts in."""
        if roll_up:
            return chain
        return chain[-1:] if level is None else (chain[min(level, len(chain)) - 1],)
