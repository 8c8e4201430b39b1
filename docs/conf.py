"""How the documentation is built: ``sphinx-build -W --keep-going docs site``."""

from __future__ import annotations

import sys
from pathlib import Path

import mne

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "mne"
author = copyright = "The mne contributors"  # noqa: A001 (Sphinx reads this name)
release = version = mne.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "codes_page",
    "computed",
    "public_names",
    "rules_page",
    "schema_page",
    "attributes",
]
exclude_patterns = ["_ext"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_default_options = {"undoc-members": True, "exclude-members": "model_config"}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "separated"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
napoleon_custom_sections = [("Shape", "notes_style"), ("Units", "notes_style"), ("Findings", "notes_style")]

html_theme = "furo"
html_title = f"mne {release}"
html_show_sphinx = False
html_copy_source = False
