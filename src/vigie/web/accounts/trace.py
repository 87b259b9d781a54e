"""What was done to accounts is a fact: it goes to the register of the organisation in the journal, and stays there."""

from __future__ import annotations

from vigie.journal.facts import Note
from vigie.web import clock, desk
from vigie.web.accounts.acting import Acting


def record(acting: Acting, text: str) -> None:
    """Write a note in the register, signed by whoever acts. Raises StorageError: then nothing must be done."""
    desk.register(acting, Note(text=text), now=clock.now())
