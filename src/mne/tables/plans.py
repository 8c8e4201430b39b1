"""Many logframes compiled once, so that the reports of all their projects can be judged and counted in one call.

Read `compile_plans` first. What is compiled never changes and may be used by several threads at the same time: every
part is made when it is first asked for, and comes out the same whoever makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from mne.errors import OptionError
from mne.ground.findings import clean_text
from mne.ground.maps import FrozenMap
from mne.logframe.model import Logframe
from mne.logframe.portfolio import Portfolio
from mne.tables.plan import PlanTables, tables_of

if TYPE_CHECKING:
    from typing_extensions import TypeIs

__all__ = ["CompiledPlans", "compile_plans", "is_plans"]

T = TypeVar("T")


class CompiledPlans(Mapping[str, Logframe]):
    """Logframes by their ids, and what is made of all of them together.

    >>> compile_plans([])
    CompiledPlans(0 projects)
    """

    def __init__(self, plans: Mapping[str, Logframe]) -> None:
        self._plans = FrozenMap(plans)
        self._made: dict[Callable[[CompiledPlans], Any], Any] = {}

    def __getitem__(self, project: str) -> Logframe:
        return self._plans[project]

    def __iter__(self) -> Iterator[str]:
        return iter(self._plans)

    def __len__(self) -> int:
        return len(self._plans)

    @cached_property
    def plans(self) -> tuple[Logframe, ...]:
        """The logframes by their positions."""
        return tuple(self._plans.values())

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The position of each project."""
        return FrozenMap({project: at for at, project in enumerate(self._plans)})

    @cached_property
    def tables(self) -> PlanTables:
        """The tables of all logframes together."""
        return tables_of(self.plans)

    @cached_property
    def projects(self) -> pl.DataFrame:
        """Shape: one row for each project: `project` and `plan_at`, its position."""
        size = len(self)
        return pl.DataFrame(
            {"project": list(self._plans), "plan_at": range(size)}, schema={"project": pl.String, "plan_at": pl.Int32}
        )

    def once(self, make: Callable[[CompiledPlans], T]) -> T:
        """What `make` gives for these plans, kept with them.

        Of two threads that ask at the same time both may make it; it is the same.
        """
        if make not in self._made:
            self._made[make] = make(self)
        found: T = self._made[make]
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return CompiledPlans, (dict(self._plans),)

    def __repr__(self) -> str:
        shown = clean_text(", ".join(list(self._plans)[:20]), limit=80)
        return f"CompiledPlans({len(self)} projects{': ' + shown if shown else ''})"


def compile_plans(plans: CompiledPlans | Portfolio | Logframe | Iterable[Logframe]) -> CompiledPlans:
    """Make logframes ready for any number of calls that check, count or score all of their projects together.

    Args:
        plans: logframes with different ids, or a portfolio of them.

    Raises:
        OptionError: something that is not a logframe, or two with the same id.
    """
    if isinstance(plans, CompiledPlans):
        return plans
    given = _listed(plans)
    found: dict[str, Logframe] = {}
    for plan in given:
        if not isinstance(plan, Logframe):
            raise OptionError(
                f"plans must be Logframes, not {type(plan).__name__}; read one with mne.read_logframe(path)"
            )
        if plan.id in found:
            raise OptionError(f"two of the plans have the id {clean_text(plan.id)!r}")
        found[plan.id] = plan
    return CompiledPlans(found)


def _listed(plans: Any) -> Iterable[Any]:
    if isinstance(plans, Logframe):
        return (plans,)
    if isinstance(plans, Portfolio):
        return plans.plans.values()
    if isinstance(plans, (str, bytes)) or not isinstance(plans, Iterable):
        raise OptionError(f"plans must be a list of Logframes, not {type(plans).__name__}")
    return plans


def is_plans(plan: object) -> TypeIs[CompiledPlans | Portfolio | list[Logframe] | tuple[Logframe, ...]]:
    """Whether something stands for many logframes, and not for one."""
    return isinstance(plan, (CompiledPlans, Portfolio, list, tuple))
