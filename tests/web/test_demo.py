"""The demonstration: an incident in progress, the crises of others, links that work once, on this machine."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta

import pytest

from vigie.errors import StorageError
from vigie.web import clock
from vigie.web.demo import incident


@pytest.fixture
def demo(bare_site):
    from vigie.web.demo import load

    load.load(lambda step: None)
    return bare_site


def test_it_shows_an_incident_in_progress_that_is_simulated(demo):
    from vigie.web.desk.models import Incident

    shown = Incident.objects.get(owner="valmont")
    assert shown.realm == "simulated"
    assert shown.entries_count >= 40
    assert timedelta(hours=8) < clock.now() - shown.opened_at < timedelta(hours=10)


def test_it_holds_every_crisis_file_as_merged_from_its_own_node(demo):
    from vigie.web import desk
    from vigie.web.demo.load import crisis_files
    from vigie.web.desk.models import Incident

    assert len(crisis_files()) >= 6
    from vigie.web.demo.declarations import told

    others = Incident.objects.exclude(owner="valmont").exclude(owner__in=told()["hospitals"])
    assert others.count() == len(crisis_files())
    assert all(other.opened_at for other in others), "their nodes are enrolled: what they say counts"
    assert len(list(desk.store().heads())) == len(crisis_files()) + 1


def test_its_analyst_has_a_living_queue(demo):
    from vigie.web.desk.models import Declaration

    states = set(Declaration.objects.values_list("state", flat=True))
    assert states == {"new", "to_qualify", "waiting", "qualified", "closed", "out_of_scope"}
    assert Declaration.objects.count() >= 20
    assert not Declaration.objects.exclude(realm="simulated").exists()
    assert Declaration.objects.filter(cause_group="panne-nuage-soins").count() >= 2
    assert Declaration.objects.get(incident__owner="valmont").waiting_since is not None


def test_its_journal_is_intact(demo):
    from vigie.journal import verify
    from vigie.web import desk

    assert verify(desk.store()).ok


def test_each_role_enters_by_a_link_that_works_once(demo, client):
    from django.test import Client

    from vigie.web.demo import persons

    links = persons.sign_in_links("http://testserver")
    assert len(links) == len(persons.PERSONS)
    _, _, link = links[0]
    assert client.get(link).status_code == 200
    assert Client().post(link, REMOTE_ADDR="192.0.2.9").status_code == 404
    assert client.post(link).status_code == 302
    assert client.get("/me").status_code == 200
    assert Client().post(link).status_code == 404


def test_no_person_of_it_has_a_password(demo):
    from vigie.web.accounts.models import Person

    assert not [person for person in Person.objects.all() if person.has_usable_password()]


def test_its_pages_open(demo, client):
    from vigie.web.demo import persons

    for _, _, link in persons.sign_in_links("http://testserver"):
        client.post(link)
        assert client.get("/", follow=True).status_code == 200
    client.post(persons.sign_in_links("http://testserver")[0][2])
    page = client.get("/incidents/valmont/2026-rancongiciel/").content.decode()
    assert "écran" in page.lower()
    board = client.get("/incidents/valmont/2026-rancongiciel/situation").content.decode()
    assert re.search("laboratoire", board, re.IGNORECASE)


def test_its_restart_board_is_alive(demo, client, monkeypatch):
    from vigie.web.demo import persons
    from vigie.web.restart import computing

    monkeypatch.setattr(computing, "WAIT_SECONDS", 600)
    client.post(persons.sign_in_links("http://testserver")[0][2])
    page = client.get("/incidents/valmont/2026-rancongiciel/restart/").content.decode()
    assert "Quand les soins reviennent" in page and "SIMULATION" in page and "Urgences adultes" in page
    page = client.get("/incidents/valmont/2026-rancongiciel/restart/forecast?service=emergency").content.decode()
    assert "k.haddad" in page and "à venir" in page


def test_times_of_the_incident_are_counted_from_its_start():
    from vigie.web.demo.persons import ROLES

    start = clock.now()
    steps = incident.steps(start, ROLES)
    assert steps[0].draft.happened_at == start
    assert [step.wrote_at for step in steps] == sorted(step.wrote_at for step in steps)
    assert steps[-1].wrote_at <= start + incident.LENGTH
    assert all(step.draft.realm == "simulated" for step in steps)


def test_it_never_overwrites_the_data_of_a_node(tmp_path):
    from vigie.cli.demo import demo
    from vigie.web import node

    node.create(tmp_path, node="valmont", role="hospital", organisation="valmont", name="Valmont")
    with pytest.raises(StorageError, match="not a demonstration"):
        demo(port=8978, data=tmp_path, fresh=True)
    assert (tmp_path / node.NODE_FILE).exists()


def test_it_never_empties_a_directory_of_something_else(tmp_path):
    from vigie.cli.demo import demo

    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StorageError):
        demo(port=8978, data=tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_a_failure_while_loading_is_told(tmp_path):
    place = tmp_path / "file"
    place.write_text("not a directory")
    ended = subprocess.run(
        [sys.executable, "-m", "vigie.web.demo"],
        env={"VIGIE_DATA": str(place), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ended.returncode, ended.stderr[:7]) == (1, "error: ")
