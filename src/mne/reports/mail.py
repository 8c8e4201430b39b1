"""A letter to a partner, as `ValidationReport.to_email` hands it back; its words are made in `mne.display.letter`."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Email"]


@dataclass(frozen=True, slots=True)
class Email:
    """A subject and a body in plain text, to be sent by whatever sends your mail.

    >>> print(Email("TJ-DFP: accepted", "Thank you."))
    Subject: TJ-DFP: accepted
    <BLANKLINE>
    Thank you.
    """

    subject: str
    """One line."""
    body: str
    """Plain text, without markup."""

    def __str__(self) -> str:
        return f"Subject: {self.subject}\n\n{self.body}"
