"""Workbooks for partners: the copy of their own with what to mend, and the template that they fill in."""
