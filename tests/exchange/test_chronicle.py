"""A crisis in a journal: every entry counts, names travel with it, twice is once."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from vigie.cartography import from_bytes
from vigie.exchange.chronicle import chronicle
from vigie.exchange.crisis import load
from vigie.journal import Bundle, Identity, Journal, export, merge, open_store, verify

NOW = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)
CRISES = sorted((Path(__file__).parents[2] / "examples" / "crises").glob("*.yaml"))


@pytest.mark.parametrize("path", CRISES, ids=lambda path: path.stem)
def test_a_crisis_travels_whole_with_its_names(path, tmp_path):
    crisis = load(path)
    owner = crisis.incident.partition("/")[0]
    here = open_store(str(tmp_path / "here.db"))
    journal = Journal(here, Identity.create(owner, os.urandom), os.urandom)
    written = chronicle(crisis, journal, NOW)
    size = here.last_seq()
    chronicle(crisis, journal, NOW)
    assert here.last_seq() == size == written + 1  # the introduction
    target = BytesIO()
    export(here, journal.identity, target, NOW)
    there = open_store(str(tmp_path / "there.db"))
    list(merge(Journal(there, Identity.create("peer", os.urandom), os.urandom), Bundle(target.getvalue()), NOW))
    assert verify(there).ok and there.last_seq() == size
    names = [from_bytes(there.revision(digest)) for digest in there.revisions()]
    assert {a.id: a.name for each in names for a in each.applications} == dict(crisis.applications)
    assert {s.id: s.name for each in names for s in each.services} == dict(crisis.services)
    here.close()
    there.close()


def test_there_are_the_six_crises_of_the_design():
    stems = {path.stem for path in CRISES}
    assert {"chsf-2022", "armentieres-2024", "dax-2021", "brest-2023", "hse-2021", "synnovis-2024"} <= stems
