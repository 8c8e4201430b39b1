"""Links from a signature to the page of the reference, which knows a class by its public name.

A signature names `mne.logframe.model.Logframe`; the reference lists `mne.Logframe`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mne

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def _resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element) -> Element | None:
    name = str(node.get("reftarget", "")).rsplit(".", 1)[-1]
    if node.get("refdomain") != "py" or name not in mne.__all__:
        return None
    domain = env.domains.python_domain
    target = f"mne.{name}"
    if target not in domain.objects:
        return None
    page = node.get("refdoc", "")
    return domain.resolve_xref(env, page, app.builder, "obj", target, node, content)


def setup(app: Sphinx) -> dict[str, Any]:
    """Hook into Sphinx."""
    app.connect("missing-reference", _resolve)
    return {"parallel_read_safe": True}
