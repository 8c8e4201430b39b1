"""What a rule is, and all the rules of the library: each stands once, as an expression with a code.

Read `Rule` first. To add one, write a function that says which rows offend, put a `Rule` beside it, add its code to
the catalogue, and give it a case in the tests; a rule of your own goes into ``validate(..., rules=(mine,))``.
"""

from __future__ import annotations

from typing import Final

from mne.reports import rules_history, rules_rows, rules_sets
from mne.reports.rule import Rule

__all__ = ["RULES", "Rule"]

RULES: Final[tuple[Rule, ...]] = (*rules_rows.RULES, *rules_sets.RULES, *rules_history.RULES)
