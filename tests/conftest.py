"""What all tests share: where the repository and the reference material beside it are, and how hypothesis runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# Several workers share the machine's cores: one thread each is quicker than a pool in each. Read when Polars is imported.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
LAWS = ROOT / "tests" / "laws"

settings.register_profile("local", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# For a long look: HYPOTHESIS_PROFILE=thorough pytest tests/laws
settings.register_profile("thorough", settings.get_profile("local"), max_examples=1000)
# The same examples on every run, so that a red build is red again when it is looked into.
settings.register_profile("ci", settings.get_profile("local"), max_examples=12, derandomize=True, print_blob=True)
# Whether a law fails at all, without a search for the simplest example: for `python -m tests.mutants`.
settings.register_profile("unshrunk", settings.get_profile("ci"), phases=(Phase.explicit, Phase.generate))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "local"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the checkout; a test that asks for it is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not beside this checkout")
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what reads ../shared, and say so in the results, where the build checks that none of it was skipped.

    What the laws run over is not counted as covered: counting takes as long as they do, and a line that only their drawn
    examples reach has no test of its own.
    """
    for item in items:
        if LAWS in item.path.parents:
            item.add_marker(pytest.mark.no_cover)
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
        if item.get_closest_marker("shared"):
            item.user_properties.append(("shared", "yes"))
