"""For a hospital that lost its network: opened by somebody else, in its name, and every view says so."""

from __future__ import annotations

from html import unescape

import pytest

from tests.web.declaring.conftest import form_values, sealed
from tests.web.incidents.conftest import Crisis
from vigie.journal.facts import Declaration, Opened
from vigie.web import clock, desk
from vigie.web.accounts import services
from vigie.web.declaring import prefill

CALL = {
    "establishment": "CH de Rochebrune", "asked_by": "Mme Caron, directrice", "how": "phone", "what": "Plus rien ne répond",
    "realm": "real", "key": "k1",
}  # fmt: skip


@pytest.fixture
def agnes(site):
    return site.client(site.agnes)


def opened(browser, **more) -> str:
    answer = browser.post("/declare/on-behalf", {**CALL, **more})
    assert answer.status_code == 302, unescape(answer.content.decode())
    assert answer["Location"].endswith("/declarations/d1/draft")
    return str(answer["Location"])


def declared(browser, place: str, **typed) -> str:
    """Fill in and send; returns the address of the declaration."""
    data = {**form_values(browser.get(place).content.decode()), **typed, "action": "check"}
    assert browser.post(place, data).status_code == 302
    check = browser.get(place + "/check")
    assert browser.post(place + "/check", {"sealed": sealed(check)}).status_code == 302
    return place.removesuffix("draft")


def test_an_analyst_opens_and_declares_for_it_and_every_view_says_so(agnes):
    place = opened(agnes)
    form = form_values(agnes.get(place).content.decode())
    assert form["establishment"] == "CH de Rochebrune" and form["description"] == ""
    page = declared(agnes, place, description="Plus rien ne répond", malicious="yes")
    incident = page.split("/incidents/")[1].split("/declarations")[0]
    assert incident.startswith("observatoire/")
    facts = [received.fact for received in desk.store().received(incident=incident)]
    said = next(fact for fact in facts if isinstance(fact, Opened))
    assert said.on_behalf_of == "CH de Rochebrune"
    assert "Mme Caron, directrice" in said.source and "téléphone" in said.source and "non vérifiée" in said.source
    fact = next(fact for fact in facts if isinstance(fact, Declaration))
    assert fact.on_behalf_of == "CH de Rochebrune" and fact.source == said.source
    for tail in ("", "draft", "for/cert-sante", "for/cnil"):
        text = unescape(agnes.get(page + tail).content.decode())
        assert "pour le compte de CH de Rochebrune" in text and "Mme Caron" in text, tail
    text = agnes.get(page + "for/cert-sante/text").content.decode()
    assert "POUR LE COMPTE DE CH de Rochebrune" in text.splitlines()[0] and "Mme Caron" in text.splitlines()[0]
    assert agnes.get(page + "for/cert-sante/pdf").content.startswith(b"%PDF")


def test_who_called_back_is_said(agnes):
    incident = opened(agnes, called_back="on").split("/incidents/")[1].split("/declarations")[0]
    said = next(received.fact for received in desk.store().received(incident=incident))
    assert isinstance(said, Opened) and "rappel fait" in said.source


def test_the_button_pressed_twice_opens_one(agnes):
    assert opened(agnes) == opened(agnes)


def test_a_member_of_another_hospital_may_do_it_too(site):
    assert "/incidents/valmont/" in opened(site.client(site.bob))


def test_an_analyst_opens_nothing_else_and_declares_for_no_hospital_here(site, agnes, crisis: Crisis):
    assert agnes.get("/incidents/open").status_code == 403
    assert agnes.post("/incidents/open", {"title": "x", "realm": "real", "on_behalf_of": "CH"}).status_code == 403
    assert agnes.get(f"{crisis.path}declarations/d1/draft").status_code == 403


def test_what_is_missing_is_told_at_the_top_and_beside(agnes):
    answer = agnes.post("/declare/on-behalf", {"how": "phone", "realm": "real"})
    text = unescape(answer.content.decode())
    assert answer.status_code == 400 and "3 champs à revoir" in text and 'href="#f-asked_by"' in text


def test_a_chosen_key_does_not_lead_into_an_incident_that_exists(site):
    bob = site.client(site.bob)
    name = f"{clock.now():%Y-%m}-ch-de-rochebrune-reseau"
    acting = services.acting_as(site.alice)
    ours = desk.open_incident(acting, Opened(title="Le nôtre"), realm="real", now=clock.now(), name=name).entry.incident
    before = list(desk.store().received(incident=ours))
    answer = bob.post("/declare/on-behalf", {**CALL, "key": "reseau-zz"})
    assert answer.status_code == 400 and "Un incident porte déjà ce nom" in unescape(answer.content.decode())
    assert list(desk.store().received(incident=ours)) == before and prefill.behalf(ours) == ("", "")
    place = opened(bob, key="autre1-a")
    assert bob.post("/declare/on-behalf", {**CALL, "key": "autre1-b"}).status_code == 400
    assert opened(bob, key="autre1-a") == place, "the button pressed twice still opens one"
