"""Documents of a declaration: the part of one authority, and the receipt, as text and as data for `declaration.typ`.

Every sentence is made here, in the reader's language; nothing that somebody wrote is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from vigie.journal import Checkpoint
from vigie.observe.authorities import Authority
from vigie.observe.vocabulary import label
from vigie.web import clock, desk
from vigie.web.declaring import sections, words
from vigie.web.declaring.forms import language
from vigie.web.declaring.versions import UNGUARDED, Held, Version
from vigie.web.declaring.words import Section
from vigie.web.desk.writing import folded_name
from vigie.web.incidents import labels, moments
from vigie.web.incidents.views.common import Opened

TEMPLATE = Path(__file__).parent / "declaration.typ"


class Part(NamedTuple):
    """What one authority receives. `without` are the fields of the declaration that are kept from it."""

    authority: Authority
    name: str
    sections: tuple[Section, ...]
    indicators: tuple[tuple[str, str], ...]
    without: tuple[str, ...]
    version: Version

    @property
    def law(self) -> str:
        return self.authority.law[language()]

    @property
    def within(self) -> str:
        return self.authority.within[language()]

    @property
    def channel(self) -> str:
        return self.authority.channel[language()]

    @property
    def since(self) -> str:
        return moments.moment(datetime.combine(self.authority.since, datetime.min.time(), clock.now().tzinfo), "day")


def part(authority: Authority, held: Held, incident_id: str) -> Part:
    """The part of `authority`: `held` must already be without anything that may not leave."""
    indicators: tuple[tuple[str, str], ...] = ()
    if "indicators" in authority.annexes:
        known = desk.situation(incident_id, None, UNGUARDED).indicators
        indicators = tuple((labels.value_name("indicator", "type", one.fact.type), one.fact.value) for one in known)
    return Part(
        authority=authority,
        name=label("authorities", authority.id, language()),
        sections=tuple(words.read(held.fact, authority.fields)),
        indicators=indicators,
        without=tuple(str(sections.TITLES[name]) for name in sections.FIELDS if name not in authority.fields),
        version=held.last,
    )


def text(part: Part, about: dict[str, Any]) -> str:
    """The part of an authority as plain text, ready to be pasted."""
    lines = [*_marks(about), _title(part), ""]
    for section in part.sections:
        lines += [section.title.upper(), section.text, ""]
    if part.indicators:
        lines += [_("INDICATEURS TECHNIQUES"), *(words.pair(kind, value) for kind, value in part.indicators), ""]
    return "\n".join([*lines, _origin(part.version), ""])


def view(part: Part, about: dict[str, Any], held: Held) -> dict[str, Any]:
    """The part of an authority for `declaration.typ`."""
    blocks = [
        {"title": section.title, "rows": [[row.title, row.text, row.said] for row in section.rows]}
        for section in part.sections
    ]
    if part.indicators:
        rows = [[kind, value, True] for kind, value in part.indicators]
        blocks.append({"title": _("Indicateurs techniques"), "rows": rows})
    return _document(about, held) | {
        "title": _("Déclaration d'incident de sécurité"),
        "addressee": part.name,
        "lead": _title(part),
        "box": [],
        "blocks": blocks,
        "notes": [
            _("Fondement : %(law)s. Quand : %(within)s. Par : %(channel)s.")
            % {"law": part.law, "within": part.within, "channel": part.channel},
            _("Cette vue ne contient que ce que ce destinataire reçoit ; rien de privilégié n'y figure."),
            _origin(part.version),
        ],
        "number": "",
    }


def receipt(about: dict[str, Any], held: Held, version: Version, checkpoint: Checkpoint | None) -> dict[str, Any]:
    """The receipt for `declaration.typ`."""
    return _document(about, held) | {
        "title": _("Récépissé d'enregistrement"),
        "addressee": "",
        "lead": _("Cette version est écrite au journal de crise."),
        "box": duty(),
        "blocks": [
            {
                "title": _("Ce qui est enregistré"),
                "rows": [[name, value, True] for name, value in proof_rows(version, checkpoint)],
            },
            {
                "title": _("Ce que dit cette version"),
                "rows": [[change.title, change.after, True] for change in version.changes],
            },
        ],
        "notes": [how_to_verify(checkpoint)],
        "number": _("Numéro reçu du portail"),
    }


def duty() -> list[str]:
    """What a receipt does not do."""
    return [
        _("Ce récépissé ne vaut pas déclaration."),
        _(
            "L'obligation légale n'est remplie que par l'envoi à chaque autorité, par sa propre voie : portail national, "
            "téléservice, plainte. Vigie prépare les textes et garde la preuve de l'heure ; elle n'envoie rien."
        ),
    ]


def proof_rows(version: Version, checkpoint: Checkpoint | None) -> list[tuple[str, str]]:
    """What identifies the entry, and the checkpoint that seals it."""
    received = version.line.received
    entry = received.entry
    stage = labels.value_name("declaration", "stage", version.fact.stage)
    rows = [
        (_("Déclaration"), _("%(id)s, version %(number)s (%(stage)s)") % {
            "id": version.fact.declaration, "number": version.number, "stage": stage}),
        (_("Établissement"), version.fact.establishment),
        (_("Incident"), entry.incident),
        (_("Écrit le"), _moment_exact(entry.recorded_at)),
        (_("Par"), entry.author),
        (_("Entrée"), _("n° %(seq)s ici, place %(index)s dans le journal %(log)s") % {
            "seq": version.line.seq, "index": entry.index, "log": entry.log}),
        (_("Empreinte de l'entrée"), grouped(received.digest)),
    ]  # fmt: skip
    if version.line.corrections:
        mends = ", ".join(str(one.seq) for one in version.line.corrections)
        said = _("par l'entrée %(seqs)s ; ce que dit cette version est montré corrigé, l'empreinte est celle d'origine")
        rows.append((_("Corrigée depuis"), said % {"seqs": mends}))
    if checkpoint is not None:
        signed = moments.moment(datetime.fromisoformat(checkpoint.at))
        rows.append((_("Point de contrôle"), f"{checkpoint.fingerprint} ({signed})"))
    else:
        rows.append((_("Point de contrôle"), _("celui du nœud qui l'a écrite : demandez-le-lui")))
    return rows


def how_to_verify(checkpoint: Checkpoint | None) -> str:
    """How anybody can check the receipt, years later, without Vigie's pages."""
    if checkpoint is None:
        return _("Vérification : sur le nœud qui a écrit l'entrée, vigie journal verify journal.db")
    said = _(
        "Vérification : vigie journal verify journal.db --printed '%(typed)s' ne trouve aucun défaut si rien n'a été réécrit. "
        "L'entrée porte la même empreinte sur sa page et dans un paquet signé."
    )
    return said % {"typed": typed(checkpoint)}


def typed(checkpoint: Checkpoint | None) -> str:
    """A fingerprint as one types it."""
    return checkpoint.fingerprint.replace(" ·", "") if checkpoint else ""


def grouped(digest: str) -> str:
    """A digest that a person can read aloud."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def as_file(response: HttpResponse, here: Opened, what: str, suffix: str) -> HttpResponse:
    """A download whose name says the incident, what it is, and that it is no real one."""
    realm = here.incident.realm
    mark = "" if realm == "real" else f"{folded_name(str(labels.REALMS.get(realm, realm))) or 'irreel'}-"
    name = f"{mark}{folded_name(here.id) or 'incident'}-{folded_name(what)}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _document(about: dict[str, Any], held: Held) -> dict[str, Any]:
    """What both documents carry on each page."""
    incident, newest = about["incident"], desk.checkpoint()
    return {
        "language": language(),
        "author": incident.owner,
        "incident": incident.pk,
        "marks": list(_marks(about)),
        "claimed": _("Alléguée : ce nœud ne parle pas pour l'établissement.") if held.claimed else "",
        "fingerprint": newest.fingerprint if newest else "—",
        "printed": _("Imprimé le {moment}").format(moment=moments.moment(clock.now())),
        "words": {"checkpoint": _("Point de contrôle"), "page": _("Page")},
    }


def _marks(about: dict[str, Any]) -> Iterator[str]:
    """What every view says above everything: that it is not real, and that somebody else wrote it."""
    realm = about["incident"].realm
    if realm != "real":
        word = {"exercise": _("EXERCICE"), "simulated": _("SIMULATION")}.get(realm, realm.upper())
        yield _("%(word)s : RIEN N'EST RÉEL, NE PAS TRANSMETTRE") % {"word": word}
    if about["behalf"]:
        said = _("SAISI PAR %(owner)s POUR LE COMPTE DE %(name)s") % {
            "owner": about["owner_name"],
            "name": about["behalf"],
        }
        yield f"{said} ({about['behalf_asked']})" if about["behalf_asked"] else said


def _title(part: Part) -> str:
    stage = labels.value_name("declaration", "stage", part.version.fact.stage)
    about = {"name": part.name, "number": part.version.number, "stage": stage}
    return _("Pour %(name)s : version %(number)s, %(stage)s") % about


def _origin(version: Version) -> str:
    received = version.line.received
    about = {"seq": version.line.seq, "when": _moment_exact(received.entry.recorded_at), "digest": received.digest[:16]}
    return _("Journal de crise, entrée %(seq)s du %(when)s, empreinte %(digest)s…") % about


def _moment_exact(instant: datetime) -> str:
    local = timezone.localtime(instant)
    return f"{moments.moment(instant)} ({local:%H:%M:%S %Z})"
