"""The plan: what was promised, by when, and how it is counted."""
