"""Every rule by which partners' reports are judged, once.

Read `RULES`; `mne.reports.rule.Rule` says what a rule is. To add one of your own, write a `Rule` and call
``validate(source, plan, rules=(mine,))``; to add one of the library's, put it into the tuple of its module and its code
into `mne.ground.codes.observations`.
"""

from __future__ import annotations

from typing import Final

from mne.reports.rule import Rule
from mne.reports.rules_changed_over import CHANGED_OVER
from mne.reports.rules_copies import COPIES
from mne.reports.rules_due import DUE
from mne.reports.rules_fractions import FRACTIONS
from mne.reports.rules_gaps import GAPS
from mne.reports.rules_history import HISTORY
from mne.reports.rules_keys import KEYS
from mne.reports.rules_outliers import OUTLIERS
from mne.reports.rules_peers import PEERS
from mne.reports.rules_periods import PERIODS
from mne.reports.rules_restated import RESTATED
from mne.reports.rules_rows import ROWS
from mne.reports.rules_senders import SENDERS
from mne.reports.rules_sizes import SIZES
from mne.reports.rules_stages import STAGES
from mne.reports.rules_targets import TARGETS
from mne.reports.rules_totals import TOTALS
from mne.reports.rules_twice import TWICE
from mne.reports.rules_units import UNITS
from mne.reports.rules_wholes import WHOLES

__all__ = ["RULES", "Rule"]

RULES: Final[tuple[Rule, ...]] = (
    *(*ROWS, *FRACTIONS, *KEYS, *TOTALS, *GAPS, *TWICE, *HISTORY, *OUTLIERS, *COPIES),
    *(*SIZES, *WHOLES, *PEERS, *PERIODS, *SENDERS, *TARGETS, *UNITS, *STAGES, *RESTATED, *CHANGED_OVER, *DUE),
)
"""The library's rules, in the order in which `ValidationReport.checked` lists them."""
