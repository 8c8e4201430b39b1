"""A validation report as a page: the verdict, what was read and checked, who reported, and the findings.

Read `report` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.display.markup import Markup
