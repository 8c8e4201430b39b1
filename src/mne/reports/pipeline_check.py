"""The rules of `validate` as one check of a pandera pipeline.

Read `rule_check` first. The schema of `mne.observation_schema` says what a table must look like; the rules say which of
its rows contradict the logframe, each other, or what the partner reported before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mne.errors import OptionError
from mne.reports.validate import validate
from mne.tables.observations import Observations

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import Check

    from mne.logframe.model import Logframe
    from mne.reports.rule import Rule

__all__ = ["rule_check"]


def rule_check(
    plan: Logframe, *, rules: Sequence[Rule] = (), today: dt.date | None = None, raise_warning: bool = False
) -> Check:
    """The rules of a logframe as a check of a whole data frame, for ``DataFrameSchema(checks=...)``.

    Args:
        plan: the logframe.
        rules: further rules of your own, run with the library's.
        today: the day on which a report for a later period is one from the future; None asks no clock.
        raise_warning: warn of rows that fail instead of refusing the table.

    A row passes where `mne.validate` would accept it; the failure cases of pandera are the rows that it would hold. The
    frame has the columns of an observation table.

    Raises:
        OptionError: when the check runs, on a frame that is no observation table.

    >>> import mne
    >>> schema = mne.observation_schema(mne.example("tajikistan")).add_columns({})
    >>> schema.checks.append(mne.rule_check(mne.example("tajikistan")))
    """
    import pandera.pandas as pa

    def passes(frame: pd.DataFrame) -> pd.Series[Any]:
        table = Observations.from_frame(frame)
        report = validate(table, plan, rules=rules, trusted=True, today=today)
        refused = [each for each in report.findings if str(each.level) == "blocker"]
        if refused:
            raise OptionError(f"the table cannot be judged: {refused[0].message}")
        import pandas as pd

        held = set(report.held_rows["source_order"])
        return pd.Series([order not in held for order in range(len(frame))], index=frame.index)

    return pa.Check(
        passes,
        name=f"the rules of {plan.id}",
        error="a row that mne.validate would hold back; it tells why",
        raise_warning=raise_warning,
    )
