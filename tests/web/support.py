"""What several web tests look at."""

from __future__ import annotations

PASSWORD = "une vigie veille la nuit"


def notes_of_register() -> list[str]:
    """The notes in the node's own dossier, in order of arrival."""
    from vigie.journal.facts import Note
    from vigie.web.desk import access

    return [
        received.fact.text
        for received in access.store().received(incident="valmont/register")
        if isinstance(received.fact, Note)
    ]
