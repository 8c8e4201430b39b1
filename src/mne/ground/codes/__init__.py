"""The finding codes, grouped by what they speak of. A code is never reused or renamed."""
