"""Fill an empty data directory with the demonstration: persons, crises of others, map, incident in progress."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

from django.conf import settings

from vigie.cartography import reference_hospital, to_bytes
from vigie.exchange.chronicle import chronicle
from vigie.exchange.crisis import load as load_crisis
from vigie.journal import Bundle, Draft, Identity, Journal, export, merge, open_store
from vigie.journal.facts import MapAdopted, NodeEnrolled
from vigie.web import clock, desk, node
from vigie.web.demo import declarations, incident, persons

DONE = "demo.done"
BEGAN = timedelta(days=30)  # before the oldest declaration
Progress = Callable[[str], None]


def crisis_files() -> list[Path]:
    """The crisis files that come with Vigie: in the installed package, or in the repository of a developer."""
    packaged = Path(str(resources.files("vigie"))) / "examples" / "crises"
    checkout = Path(str(resources.files("vigie"))).parent.parent / "examples" / "crises"
    directory = packaged if packaged.is_dir() else checkout
    return sorted(directory.glob("*.yaml"))


def load(progress: Progress) -> None:
    """Fill the data directory of this process, prepared and empty; `progress` is told each step by its name."""
    data = settings.VIGIE_DATA
    name = "Centre hospitalier de Valmont-sur-Orne"
    node.create(data, node="valmont", role="hospital", organisation="valmont", name=name)
    persons.create()
    now = clock.now()
    black_screen = now - incident.LENGTH
    with clock.frozen(now - BEGAN):
        journal = desk.journal()
    progress("déclarations")
    _declare(journal, now)
    _merge_crises(journal, black_screen - timedelta(days=1), progress)
    progress("cartographie")
    adopted = _adopt(journal, black_screen - timedelta(hours=12))
    progress("incident")
    steps = incident.steps(black_screen, persons.ROLES)
    for step in steps:
        journal.append(step.draft, step.wrote_at)
        if step is steps[0]:
            journal.append(step.draft._replace(fact=adopted), step.wrote_at)
    progress("écrans")
    desk.follow()
    (data / DONE).write_text(now.isoformat(), encoding="utf-8")


def _declare(journal: Journal, now: datetime) -> None:
    """Write the declarations of fictional hospitals, for which this node then speaks."""
    introduced = next(iter(desk.store().received())).fact
    assert isinstance(introduced, NodeEnrolled)
    journal.append(Draft("valmont/register", declarations.group(introduced), "d.roche", "administrator"), now - BEGAN)
    for step in declarations.steps(now):
        journal.append(step.draft, step.wrote_at)


def _merge_crises(journal: Journal, now: datetime, progress: Progress) -> None:
    """Merge each crisis from a node of its own, as if they had come on a key, after their nodes were enrolled here."""
    with tempfile.TemporaryDirectory(prefix="vigie-demo-") as directory:
        elsewhere = open_store(str(Path(directory) / "journal.db"))
        for file in crisis_files():
            progress(file.stem)
            crisis = load_crisis(file)
            owner = crisis.incident.partition("/")[0]
            there = Journal(elsewhere, Identity.create(owner, os.urandom), os.urandom)
            chronicle(crisis, there, now)
            _enrol(journal, there.identity, owner, crisis.organisation, now)
        path = Path(directory) / "crises.bundle"
        with path.open("w+b") as target:
            export(elsewhere, journal.identity, target, now)
        elsewhere.close()
        bundle = Bundle(path)
        for _ in merge(journal, bundle, now):
            pass
        bundle.close()


def _enrol(journal: Journal, identity: Identity, owner: str, name: str, now: datetime) -> None:
    fact = NodeEnrolled(
        node=identity.node,
        incarnation=identity.incarnation,
        public_key=identity.public_key,
        role="hospital",
        speaks_for=(owner,),
        name=name,
    )
    journal.append(Draft("valmont/register", fact, "d.roche", "administrator"), now)


def _adopt(journal: Journal, now: datetime) -> MapAdopted:
    cartography = reference_hospital()
    fact = MapAdopted(revision=desk.store().put_revision(to_bytes(cartography)), name=cartography.name)
    journal.append(Draft("valmont/register", fact, "d.roche", "administrator"), now)
    return fact
