"""One sentence for each kind of fact, made when it is shown, in the reader's language.

The journal holds data; nothing of what is written here is ever stored. A fact that was erased, or that this version
cannot read, has its sentence too. One file for each family of facts, as in `vigie.journal.facts`.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from vigie.journal import facts as f
from vigie.web.incidents.names import NO_NAMES, Names
from vigie.web.incidents.sentences import care, cell, inquiry, nodes, rebuild, sector, systems
from vigie.web.incidents.sentences.words import MAKERS, bytes_text, hundredths, read_replacement


def sentence(statement: f.Statement, names: Names = NO_NAMES) -> str:
    """The fact as one plain-text sentence, with the names of the adopted cartography (identifiers when unknown)."""
    if isinstance(statement, f.Erased):
        return _("Contenu effacé. L'entrée reste, son contenu a été détruit parce que la loi l'exige.")
    if isinstance(statement, f.Opaque):
        return _(
            "Fait « %(kind)s » que cette version de Vigie ne sait pas lire. Il est conservé et transmis intact."
        ) % {"kind": statement.kind}
    return MAKERS[type(statement)](statement, names)


def replacement(fact: f.Correction) -> f.Statement | None:
    """The fact that a correction puts in place of the original, or None when it only withdraws it."""
    return None if fact.replacement is None else read_replacement(fact.replacement)


__all__ = [
    "bytes_text",
    "care",
    "cell",
    "hundredths",
    "inquiry",
    "nodes",
    "rebuild",
    "replacement",
    "sector",
    "sentence",
    "systems",
]
