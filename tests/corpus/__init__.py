"""Hostile and awkward files, each met by a process of its own: `python -m tests.corpus FOLDER…` says how each was handled."""
