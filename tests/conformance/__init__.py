"""Holds the library against what other systems and published methods say: `python -m tests.conformance PATH…`."""
