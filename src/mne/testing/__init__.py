"""Hypothesis strategies for logframes and reports, for your tests and for ours.

Read `logframes` and `reports` first. Needs the extra ``testing`` (``pip install "logframe[testing]"``).

>>> from hypothesis import given, strategies as st
>>> from mne.testing import logframes, reports
>>> @given(st.data())
... def test_any_valid_report_is_accepted(data):
...     plan = data.draw(logframes())
...     report = data.draw(reports(plan))
"""

from mne.testing.defects import DEFECTS, Spoilt, reports_with
from mne.testing.plans import LOCATIONS, PARTNERS, indicators, logframes, numbers, observation_rows
from mne.testing.reports import COLUMNS, as_csv, reports

__all__ = [
    "COLUMNS",
    "DEFECTS",
    "LOCATIONS",
    "PARTNERS",
    "Spoilt",
    "as_csv",
    "indicators",
    "logframes",
    "numbers",
    "observation_rows",
    "reports",
    "reports_with",
]
