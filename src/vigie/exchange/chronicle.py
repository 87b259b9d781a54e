"""Chronicle: a crisis file written into a journal, with a map that gives its applications and services their names."""

from __future__ import annotations

from datetime import datetime

from vigie.cartography import Cartography, to_bytes
from vigie.cartography.model import Application, CareService, Establishment
from vigie.exchange.crisis import Crisis
from vigie.journal import Journal
from vigie.journal.facts import Closed, MapAdopted, iso

# The last line of a chronicle is Vigie's own: without it, a crisis of 2021 would be shown as running to this day.
END = {
    "fr": "Fin de la chronique : les sources lues ne disent rien après cette date. Cela ne veut pas dire que tout était rétabli.",
    "en": "End of the chronicle: the sources read say nothing after this date. It does not mean that all was back to normal.",
}


def chronicle(crisis: Crisis, journal: Journal, now: datetime) -> int:
    """Write a crisis under the journal's own key, which introduces itself first; returns how many entries it took.

    Writing the same crisis twice adds nothing. Same errors as `Journal.append_all`.
    """
    owner = crisis.incident.partition("/")[0]
    journal.introduce("hospital", [owner], crisis.author, now, crisis.organisation)
    drafts = crisis.drafts()
    names = map_of(crisis)
    if drafts and names is not None:
        revision = journal.store.put_revision(to_bytes(names))
        adopted = MapAdopted(revision=revision, name=names.name)
        drafts.insert(1, drafts[0]._replace(fact=adopted, key=f"crisis-map-{revision[:32]}"))
    if drafts and not any(isinstance(draft.fact, Closed) for draft in drafts):
        last = max(drafts, key=lambda draft: draft.happened_at or now)
        key = f"crisis-end-{crisis.incident}-{iso(last.happened_at or now)}"
        drafts.append(last._replace(fact=Closed(outcome=END[crisis.language]), key=key))
    return len(journal.append_all(drafts, now))


def map_of(crisis: Crisis) -> Cartography | None:
    """What a crisis file says of the hospital: names, and nothing else. None when it names nothing.

    Dependencies, needs and capacities stay unknown: the sources do not say them.
    """
    if not crisis.applications and not crisis.services:
        return None
    owner = crisis.incident.partition("/")[0]
    return Cartography(
        name=crisis.organisation,
        establishments=(Establishment(id=owner, name=crisis.organisation),),
        applications=tuple(
            Application(id=id, name=name, kind="other") for id, name in sorted(crisis.applications.items())
        ),
        services=tuple(
            CareService(id=id, establishment=owner, name=name, kind="other")
            for id, name in sorted(crisis.services.items())
        ),
    )


__all__ = ["chronicle", "map_of"]
