"""Ratios against hand-written rivals; see README.md."""
