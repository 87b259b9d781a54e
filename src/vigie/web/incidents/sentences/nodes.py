"""Sentences about the log itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vigie.journal import facts as f
from vigie.web.incidents.moments import moment
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences.words import MAKERS, join, of, read_replacement, value


@of(f.MapAdopted)
def _map_adopted(fact: f.MapAdopted, names: Names) -> str:
    return _("La situation se lit désormais avec la cartographie « %(name)s » (%(digest)s).") % {
        "name": fact.name,
        "digest": f"{fact.revision[:12]}…",
    }


@of(f.NodeEnrolled)
def _node_enrolled(fact: f.NodeEnrolled, names: Names) -> str:
    speaks = ", ".join(fact.speaks_for)
    return join(
        _("Nœud %(node)s admis (%(role)s), clé %(key)s")
        % {"node": fact.name or fact.node, "role": value(fact, "role"), "key": f"{fact.incarnation[:8]}…"},
        _("Parle pour %(names)s") % {"names": speaks} if speaks else "",
    )


@of(f.KeyRotated)
def _key_rotated(fact: f.KeyRotated, names: Names) -> str:
    return join(
        _("Le nœud %(node)s continue sous une nouvelle clé, %(key)s")
        % {"node": fact.node, "key": f"{fact.new_incarnation[:8]}…"},
        fact.why,
    )


@of(f.KeyCompromised)
def _key_compromised(fact: f.KeyCompromised, names: Names) -> str:
    return join(
        _("La clé %(key)s du nœud %(node)s a pu passer en d'autres mains depuis le %(moment)s")
        % {"key": f"{fact.incarnation[:8]}…", "node": fact.node, "moment": moment(fact.since)},
        fact.why,
    )


@of(f.Correction)
def _correction(fact: f.Correction, names: Names) -> str:
    why = _("Motif : %(why)s") % {"why": fact.why}
    if fact.replacement is None:
        return join(_("Entrée retirée, rien ne la remplace"), why)
    put = read_replacement(fact.replacement)
    if isinstance(put, f.Opaque):
        return join(_("Remplacée par un contenu que cette version ne sait pas lire"), why)
    return join(_("Remplacée par : %(text)s") % {"text": MAKERS[type(put)](put, names)}, why)


@of(f.Erasure)
def _erasure(fact: f.Erasure, names: Names) -> str:
    return join(
        _("Le contenu d'une entrée a été effacé à la demande de %(authority)s") % {"authority": fact.authority},
        _("Motif : %(reason)s") % {"reason": fact.reason},
    )
