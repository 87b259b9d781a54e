"""A hospital gives its map: checked whole, adopted where it counts, taken back as it was."""

from __future__ import annotations

from io import BytesIO

import pytest

from vigie.cartography import read, reference_bytes, reference_hospital, template
from vigie.journal.facts import MapAdopted, Opened
from vigie.web import clock, desk
from vigie.web.accounts import services


@pytest.fixture
def running(site):
    """An incident of valmont that is open, and one of rivage."""
    for person, name in ((site.alice, "crise"), (site.charlie, "autre")):
        desk.open_incident(
            services.acting_as(person), Opened(title="Écrans noirs"), realm="real", name=name, now=clock.now()
        )
    return site


def give(site, person, content, name="carte.yaml"):
    file = BytesIO(content)
    file.name = name
    return site.client(person).post("/cartography/adopt", {"file": file})


def adopted(incident):
    return [r.fact for r in desk.store().received(incident=incident, kinds=("map_adopted",))]


def test_a_map_holds_in_the_register_and_in_open_incidents_of_its_hospital_alone(running):
    response = give(running, running.alice, reference_bytes())
    assert response.status_code in (200, 302)
    assert len(adopted("valmont/register")) == len(adopted("valmont/crise")) == 1
    assert adopted("rivage/autre") == adopted("rivage/register") == []
    situation = desk.situation("valmont/crise")
    assert situation.map_held and situation.map.fact.name == reference_hospital().name
    page = running.client(running.alice).get("/cartography").content.decode()
    assert reference_hospital().name in page and str(len(reference_hospital().applications)) in page
    assert reference_hospital().name not in running.client(running.charlie).get("/cartography").content.decode()


def test_the_next_incident_is_read_with_it_from_its_first_minute(running):
    give(running, running.alice, reference_bytes())
    receipt = desk.open_incident(
        services.acting_as(running.bob), Opened(title="Une autre nuit"), realm="exercise", now=clock.now()
    )
    facts = [r.fact for r in desk.store().received(incident=receipt.entry.incident)]
    assert isinstance(facts[0], Opened) and isinstance(facts[1], MapAdopted)
    assert desk.situation(receipt.entry.incident).map_held


def test_every_fault_is_shown_and_nothing_is_adopted(running):
    broken = reference_bytes().replace(b"depends_on: [", b"depends_on: [nowhere, ", 2)
    response = give(running, running.alice, broken)
    assert response.status_code == 400
    assert response.content.decode().count("nowhere") >= 2
    assert adopted("valmont/register") == []


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "vide.yaml"), (b"PK\x03\x04not a workbook", "x.xlsx"), (b"\x00\xff", "x.yaml"), (b"a: [", "x.yaml")],
)
def test_what_is_no_map_is_refused_in_words(running, content, name):
    response = give(running, running.alice, content, name)
    assert response.status_code == 400 and name in response.content.decode()
    assert adopted("valmont/register") == []


def test_a_member_may_read_it_and_only_a_director_adopts(running):
    assert give(running, running.bob, reference_bytes()).status_code == 403
    assert running.client(running.bob).get("/cartography").status_code == 200
    assert running.client(running.bob).get("/cartography/map.yaml").status_code == 404
    assert adopted("valmont/register") == []


def test_it_is_taken_back_as_it_was_given(running):
    give(running, running.alice, reference_bytes())
    client = running.client(running.bob)
    for address, name in (("/cartography/map.yaml", "a.yaml"), ("/cartography/map.xlsx", "a.xlsx")):
        response = client.get(address)
        assert "attachment" in response["Content-Disposition"]
        assert read(response.content, name).cartography == reference_hospital()
    assert client.get("/cartography/template.xlsx").content[:4] == template()[:4]
