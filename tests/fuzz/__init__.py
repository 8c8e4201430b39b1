"""Damaged files without end: `python -m tests.fuzz KIND --seconds N` looks for one that raises, hangs or eats the memory."""
