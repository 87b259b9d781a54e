"""Tokens: shown once, limited to their scopes, their organisation and what their person may do."""

from __future__ import annotations

import re
from types import SimpleNamespace

from vigie.web import scope
from vigie.web.accounts import glass, tokens
from vigie.web.accounts.models import Person, Token
from vigie.web.accounts.services import acting_as
from vigie.web.permissions import TOKEN_SCOPES, Permission

FORM = {"name": "Passerelle", "organisation": "valmont", "node": "gateway", "scopes": ["log:read", "log:write"]}


def _create(site, **changed) -> str:
    data = {key: value for key, value in {**FORM, **changed}.items() if value}
    html = site.client(site.admin).post("/tokens", data).content.decode()
    found = re.search(r"vigie_[\w-]{40,}", html)
    return found[0] if found else ""


def test_a_token_of_a_system_has_its_scopes(site):
    secret = _create(site)
    acting = tokens.acting_of(tokens.find(secret))
    assert acting.permissions == {Permission.LOG_READ, Permission.LOG_WRITE}
    assert (acting.author, acting.role, acting.organisation_id) == ("gateway", "node", "valmont")
    assert secret not in str(list(Token.objects.values()))
    assert secret not in site.client(site.admin).get("/tokens").content.decode()


def test_a_token_of_a_person_may_no_more_than_the_person(site):
    secret = _create(site, node="", username="b.roux", scopes=["log:read", "log:write", "cartography:adopt"])
    assert secret == ""  # cartography:adopt is for no token
    secret = _create(site, node="", username="b.roux")
    assert tokens.acting_of(tokens.find(secret)).permissions == {Permission.LOG_READ, Permission.LOG_WRITE}
    held = site.bob.memberships.get()
    held.role = "administrator"
    held.save()
    assert tokens.acting_of(tokens.find(secret)).permissions == frozenset()
    site.bob.memberships.all().delete()
    assert tokens.acting_of(tokens.find(secret)).permissions == frozenset()


def test_a_revoked_token_and_a_closed_person_are_refused(site):
    system, person = _create(site), _create(site, node="", username="b.roux")
    site.client(site.admin).post(f"/tokens/{tokens.find(system).pk}/revoke")
    assert tokens.find(system) is None
    site.client(site.admin).post("/persons/b.roux/close")
    assert tokens.find(person) is None
    assert tokens.find("vigie_unknown") is None


def test_a_token_is_for_a_person_or_for_a_system(site):
    assert not _create(site, node="", username="")
    assert not _create(site, username="b.roux")
    assert not _create(site, node="", username="c.morel")
    assert not Token.objects.exists()


def test_a_system_and_a_person_never_sign_alike(site):
    assert not _create(site, node="a.lefort")
    assert not Token.objects.exists()
    assert _create(site)
    newcomer = {"name": "X", "username": "gateway", "role": "member", "organisation": "valmont"}
    assert "déjà pris" in site.client(site.admin).post("/persons", newcomer).content.decode()
    code = glass.print_sheet(acting_as(site.alice), for_organisation=True).codes[0]
    assert site.client().post("/break-glass", {"code": code, **newcomer}).status_code == 200
    assert not Person.objects.filter(username="gateway").exists()


def test_a_system_is_not_the_person_of_the_same_name(site):
    """One made before that was refused reads no privileged line of theirs."""
    token = Token(organisation_id="valmont", node="b.roux", scopes=["log:read"])
    as_program, as_bob = (
        scope.hidden_lines(SimpleNamespace(acting=acting)) for acting in (tokens.acting_of(token), acting_as(site.bob))
    )
    assert "b.roux" in str(as_bob)
    assert "b.roux" not in str(as_program)


def test_no_token_manages_accounts_or_the_node(site):
    assert not {scope for scope in TOKEN_SCOPES if scope.value.startswith(("account", "node", "token", "break"))}
