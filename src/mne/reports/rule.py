"""One rule by which reports are judged: what it looks at, when it complains, and what then becomes of the row.

Read `Rule` first. A rule is a value: the library's stand in `mne.RULES`, your own are passed to `validate` beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from mne.errors import OptionError
from mne.ground.catalogue import CODES, Severity
from mne.tables.observations import NAMES

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw
    import polars as pl

    from mne.reports.context import Judged
    from mne.tables.plan import PlanTables

__all__ = ["Over", "Rule"]

Over = Literal["read", "usable", "sound", "newest"]
"""Rows that a rule may look at: all that were read; those whose cells were understood; those of them that no rule
about one row holds back; the newest revision of each of these cells."""

_OVER: Final[tuple[str, ...]] = ("read", "usable", "sound", "newest")
_SCOPES: Final[tuple[str, ...]] = ("row", "table")
_SPREADS: Final[tuple[str, ...]] = ("partner", "table")
_LATE: Final = "newest"
_CODE_LENGTH: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that is checked.

    Args:
        code: the finding's code: one of `mne.codes()`, or one of your own together with a `message`.
        at: the column that the finding points at; of several, the first in which the partner wrote something.
        find: for a row rule, a function without arguments that gives a narwhals expression, true where something is
            wrong. For a table rule, a function of `mne.reports.context.Asked` that gives a Polars frame, lazy or not,
            with the `source_order` of each row to complain of, and whatever columns `expected` names.
        scope: "row" when one row alone decides, "table" when it takes several.
        where: gives an expression that says which rows the rule is about; None for all of them.
        over: which rows a table rule is given; row rules look at the usable ones, or with "read" also at those of which
            the indicator was understood and something else was not.
        spread: how far apart the rows may stand that a table rule compares: "partner" where they are all of one
            partner, "table" where they may be of several. A table larger than memory is judged some partners at a time.
        merge: for a rule over the "table": `find` then gives what one part of a table has to say, in whatever columns,
            and `merge`, given all of that in one frame and the plan's tables, the rows to complain of. Without it the
            rule cannot be asked of a table in parts.
        beside: for a row rule, given a frame with the `source_order` of each row that it complains of, and the
            `mne.reports.context.Judged`: the same rows with columns that `expected` names, and maybe `at`.
        expected: what should stand there; may name columns, as in ``at most {reachable}``. A column may hold structs
            with a field ``phrase``, a text over the struct's other fields.
        found: what stands there, where it is not the cell's own text; may name columns.
        suggestion: what was probably meant, of which a person is asked; may name columns, and is none where these are
            empty.
        holds: the row does not count until it is mended.
        holds_related: where it holds a row back, so it does the rows that it names beside it, as any may be wrong; a
            project that calls the code an error has them held even if `holds` does not.
        final: held whatever severity the project gives the code, since nothing can be computed from the row.
        severity: of a code of your own.
        message: of a code of your own; may use {found} and {expected}.
        hint: of a code of your own: what to do.

    >>> import narwhals.stable.v2 as nw
    >>> from mne.reports.rules import Rule
    >>> many = Rule(
    ...     code="value-many", at="value", find=lambda: nw.col("value") > 1000, message="{found} is a great many."
    ... )

    Raises:
        OptionError: the parts do not fit together.
    """

    code: str
    at: str | tuple[str, ...]
    find: Callable[..., Any]
    scope: Literal["row", "table"] = "row"
    where: Callable[[], nw.Expr] | None = None
    over: Over = "usable"
    spread: Literal["partner", "table"] = "table"
    merge: Callable[[pl.DataFrame, PlanTables], pl.DataFrame] | None = None
    beside: Callable[[pl.DataFrame, Judged], pl.DataFrame] | None = None
    expected: str = ""
    found: str = ""
    suggestion: str = ""
    holds: bool = False
    holds_related: bool = False
    final: bool = False
    severity: Severity | str | None = None
    message: str = ""
    hint: str = ""

    def __post_init__(self) -> None:
        if not self.code or len(self.code) > _CODE_LENGTH:
            raise OptionError(f"code must be a short name such as value-many, not {self.code!r}")
        if self.code not in CODES and not self.message:
            raise OptionError(f"the rule {self.code!r} needs a message: its code is not one of mne.codes()")
        if self.code in CODES and (self.message or self.hint):
            raise OptionError(f"the rule {self.code!r} has a code of the library, which has a message already")
        unknown = sorted({*self.columns} - {*NAMES})
        if unknown or not self.columns:
            raise OptionError(f"at names {', '.join(unknown) or 'nothing'}; see mne.tables.observations.COLUMNS")
        if not {self.scope, self.over} <= {*_SCOPES, *_OVER} or (self.beside is not None and self.scope != "row"):
            known = ", ".join(_OVER)
            raise OptionError(f"scope must be 'row' or 'table', over one of {known}, and beside is for a row rule")
        if self.spread not in _SPREADS:
            raise OptionError(f"spread must be 'partner' or 'table', not {self.spread!r}")
        if self.merge is not None and self.over != _LATE and (self.holds or self.holds_related):
            raise OptionError(f"the rule {self.code!r} has a merge: it holds rows back only over the newest")
        if self.severity is not None:
            if self.severity not in set(Severity):
                raise OptionError(f"severity must be one of {', '.join(Severity)}, not {self.severity!r}")
            object.__setattr__(self, "severity", Severity(self.severity))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a finding may point at, the first of them first."""
        return (self.at,) if isinstance(self.at, str) else self.at

    @property
    def level(self) -> Severity:
        """How grave its findings are, where the project says nothing else."""
        if self.severity is not None:
            return Severity(self.severity)
        known = CODES.get(self.code)
        return known.severity if known else Severity.ERROR
