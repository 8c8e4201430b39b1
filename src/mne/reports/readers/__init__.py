"""A source becomes raw rows with their places: one module for each kind of file."""
