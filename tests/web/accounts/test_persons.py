"""Inviting, giving and taking roles, closing: and never beyond one's own organisation."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.web.support import notes_of_register
from vigie.errors import RefusedError
from vigie.web import clock, node
from vigie.web.accounts import glass, people, tokens
from vigie.web.accounts.models import Membership, Organisation, Person
from vigie.web.accounts.services import acting_as

CHOSEN = {"password": "douze nuits sans sommeil", "again": "douze nuits sans sommeil"}


def _invitation(html: str) -> str:
    return re.search(r"http://testserver(/invitation/[\w-]+)", html)[1]


def _invite(site, **changed) -> str:
    data = {"name": "Hélène Roy", "username": "h.roy", "role": "member", "organisation": "valmont", **changed}
    return site.client(site.admin).post("/persons", data).content.decode()


def test_an_invitation_lets_somebody_in_once(site):
    link = _invitation(_invite(site))
    visitor = site.client()
    assert visitor.get(link).status_code == 200
    assert visitor.post(link, CHOSEN).status_code == 302
    assert visitor.get("/me").status_code == 200
    assert site.client().get(link).status_code == 404
    assert "Compte créé : h.roy" in " ".join(notes_of_register())


def test_signing_in_with_the_chosen_password(site):
    site.client().post(_invitation(_invite(site)), CHOSEN)
    browser = site.client()
    answer = browser.post("/sign-in", {"login": "h.roy", "password": CHOSEN["password"]})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/me").status_code == 200


def test_a_second_invitation_ends_the_first_and_open_sessions(site):
    first = _invitation(_invite(site))
    old = site.client()
    old.post(first, CHOSEN)
    again = site.client(site.admin).post("/persons/h.roy/invite").content.decode()
    other = {"password": "une tout autre phrase", "again": "une tout autre phrase"}
    assert site.client().post(_invitation(again), other).status_code == 302
    assert old.get("/me").status_code == 302


def test_a_taken_identifier_is_refused(site):
    assert "déjà pris" in _invite(site, username="b.roux")
    assert Person.objects.count() == 5


def test_roles_are_given_and_taken(site):
    admin = site.client(site.admin)
    admin.post("/persons/b.roux", {"role": "director", "organisation": "valmont"})
    assert set(site.bob.memberships.values_list("role", flat=True)) == {"member", "director"}
    held = site.bob.memberships.get(role="director")
    admin.post(f"/persons/b.roux/roles/{held.pk}/withdraw")
    assert set(site.bob.memberships.values_list("role", flat=True)) == {"member"}


def test_without_any_role_one_still_keeps_one_s_own_account(site):
    site.bob.memberships.get().delete()
    browser = site.client(site.bob)
    assert "aucun rôle" in browser.get("/", follow=True).content.decode()
    assert browser.get("/incidents/").status_code == 403


def test_the_last_administrator_stays(site):
    admin = site.client(site.admin)
    held = site.admin.memberships.get()
    admin.post(f"/persons/d.admin/roles/{held.pk}/withdraw")
    admin.post("/persons/d.admin/close")
    site.admin.refresh_from_db()
    assert site.admin.is_active and site.admin.memberships.count() == 1


def test_a_closed_account_is_out_at_once_and_can_come_back(site):
    bob, admin = site.client(site.bob), site.client(site.admin)
    assert bob.get("/me").status_code == 200
    admin.post("/persons/b.roux/close")
    assert bob.get("/me").status_code == 302
    admin.post("/persons/b.roux/reopen")
    assert Person.objects.get(username="b.roux").is_active


def _administrator_of_rivage(site) -> Person:
    person = Person.objects.create(username="rivage.admin", name="Rivage Admin", created_at=clock.now())
    Membership.objects.create(person=person, organisation_id="rivage", role="administrator")
    return person


def test_a_foreign_administrator_reaches_nobody_else(site):
    stranger = site.client(_administrator_of_rivage(site))
    listed = stranger.get("/persons").content.decode()
    assert "Charlie" in listed and "Alice" not in listed
    for path in ("a.lefort", "a.lefort/invite", "a.lefort/close"):
        assert stranger.post(f"/persons/{path}", {"role": "member", "organisation": "rivage"}).status_code == 404
    answer = stranger.post("/persons", {"name": "X", "username": "x", "role": "director", "organisation": "valmont"})
    assert 'class="errorlist"' in answer.content.decode()
    assert not Person.objects.filter(username="x").exists()
    assert stranger.post("/organisations", {"id": "other", "name": "Other", "kind": "hospital"}).status_code == 403
    assert not Organisation.objects.filter(pk="other").exists()


def test_somebody_shared_with_a_foreign_organisation_keeps_their_password(site):
    rivage = site.client(_administrator_of_rivage(site))
    Membership.objects.create(person=site.alice, organisation_id="rivage", role="member")
    assert rivage.get("/persons/a.lefort").status_code == 200
    answer = rivage.post("/persons/a.lefort/invite")
    assert answer.status_code == 302
    rivage.post("/persons/a.lefort/close")
    site.alice.refresh_from_db()
    assert site.alice.is_active
    assert not site.alice.links.exists()


def test_an_organisation_is_added_by_the_node_s_administrator(site):
    assert (
        site.client(site.admin).post("/organisations", {"id": "dune", "name": "Dune", "kind": "hospital"}).status_code
        == 302
    )
    assert Organisation.objects.filter(pk="dune").exists()


def test_no_hospital_names_an_analyst(site):
    """An analyst reads the crises of every hospital."""
    assert "Un analyste se nomme" in _invite(site, role="analyst")
    assert not Person.objects.filter(username="h.roy").exists()
    site.client(site.admin).post("/persons/b.roux", {"role": "analyst", "organisation": "valmont"})
    assert not Membership.objects.filter(person=site.bob, role="analyst").exists()
    for name in (lambda: people.grant(acting_as(site.admin), site.bob, _valmont(), "analyst"),
                 lambda: people.invite(acting_as(site.admin), name="X", username="x", role="analyst",
                                       organisation=_valmont())):  # fmt: skip
        with pytest.raises(RefusedError):
            name()
    assert _invite(site, role="analyst", organisation="observatoire")
    assert Membership.objects.filter(person__username="h.roy", role="analyst").exists()


def _valmont() -> Organisation:
    return Organisation.objects.get(pk="valmont")


def test_an_administrator_of_a_hospital_is_not_even_offered_that_role(site):
    page = site.client(_administrator_of_rivage(site)).get("/persons").content.decode()
    assert 'value="director"' in page
    assert 'value="analyst"' not in page


def test_an_analyst_of_a_hospital_reads_nothing(site):
    Membership.objects.create(person=site.charlie, organisation_id="rivage", role="analyst")
    site.charlie.memberships.filter(role="director").delete()
    assert acting_as(site.charlie).permissions == {"self:manage"}
    assert acting_as(site.agnes).role == "analyst"


def test_no_hospital_s_node_keeps_an_observatory(site, monkeypatch):
    new = {"id": "regard", "name": "Regard", "kind": "observatory"}
    assert site.client(site.admin).post("/organisations", new).status_code == 200
    with pytest.raises(RefusedError):
        people.add_organisation(acting_as(site.admin), **new)
    assert not Organisation.objects.filter(pk="regard").exists()
    group = replace(node.load(site.data), role="group")
    monkeypatch.setattr(node, "load", lambda directory: group)
    assert site.client(site.admin).post("/organisations", new).status_code == 302


def test_the_last_administrator_of_the_node_stays_whoever_administers_elsewhere(site):
    _administrator_of_rivage(site)
    admin = site.client(site.admin)
    held = site.admin.memberships.get()
    admin.post(f"/persons/d.admin/roles/{held.pk}/withdraw")
    admin.post("/persons/d.admin/close")
    site.admin.refresh_from_db()
    assert site.admin.is_active and site.admin.memberships.count() == 1


def test_the_last_administrator_of_another_organisation_may_go(site):
    gone = _administrator_of_rivage(site)
    admin = site.client(site.admin)
    admin.post(f"/persons/rivage.admin/roles/{gone.memberships.get().pk}/withdraw")
    assert not gone.memberships.exists()


def _other_ways_in(site) -> tuple[str, str]:
    """A code of Bob's own sheet, and a token in his name."""
    codes = glass.print_sheet(acting_as(site.bob), for_organisation=False).codes
    secret = tokens.create(
        acting_as(site.admin), name="t", organisation=_valmont(), person=site.bob, node="", scopes=["log:read"]
    )
    return codes[0], secret


def _enters(site, code: str) -> bool:
    return site.client().post("/break-glass", {"code": code, "username": "b.roux", "name": ""}).status_code == 302


def test_an_accepted_invitation_ends_every_other_way_in(site):
    """The person lost something: whoever found it must not come back."""
    code, secret = _other_ways_in(site)
    link = _invitation(site.client(site.admin).post("/persons/b.roux/invite").content.decode())
    assert tokens.find(secret) is not None
    site.client().post(link, CHOSEN)
    assert tokens.find(secret) is None
    assert not _enters(site, code)


def test_a_reopened_account_has_no_old_way_in(site):
    code, secret = _other_ways_in(site)
    admin = site.client(site.admin)
    admin.post("/persons/b.roux/close")
    admin.post("/persons/b.roux/reopen")
    assert tokens.find(secret) is None
    assert not _enters(site, code)
