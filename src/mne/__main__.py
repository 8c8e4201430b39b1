"""``python -m mne`` is the command ``logframe``."""

from __future__ import annotations

import sys

from mne.cli import main

sys.exit(main())
