"""The evidence: what partners sent, read and checked cell by cell."""
