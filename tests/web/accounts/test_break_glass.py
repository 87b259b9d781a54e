"""Break-glass: printed codes let in without network, second factor or clock, and leave a trace."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.web.support import notes_of_register
from vigie.web import clock
from vigie.web.accounts.models import Code, Person

CODE = re.compile(r"<code>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</code>")


def _print(site, person, whose="me") -> list[str]:
    return CODE.findall(site.client(person).post("/me/sheets", {"whose": whose}).content.decode())


def _open(browser, code, username, name=""):
    return browser.post("/break-glass", {"code": code, "username": username, "name": name})


def test_a_code_opens_once_and_the_journal_says_who(site):
    codes = _print(site, site.bob)
    assert len(codes) == 10
    browser = site.client()
    assert _open(browser, codes[0], "b.roux").status_code == 302
    assert "bris de glace" in browser.get("/me").content.decode()
    assert any("Bob Roux (b.roux) est entré avec le code 1" in note for note in notes_of_register())
    assert _open(site.client(), codes[0], "b.roux").status_code == 200
    assert _open(site.client(), codes[1], "b.roux").status_code == 302


@pytest.mark.parametrize("days", [-9000, 9000])
def test_no_clock_matters(site, days):
    codes = _print(site, site.bob)
    with clock.shifted(timedelta(days=days)):
        assert _open(site.client(), codes[0], "b.roux").status_code == 302


def test_it_replaces_the_second_factor(site):
    codes = _print(site, site.bob)
    TOTP.activate(site.bob, generate_totp_secret())
    browser = site.client()
    _open(browser, codes[0], "b.roux")
    assert browser.get("/me").status_code == 200


def test_what_a_tired_person_types_is_understood(site):
    code = _print(site, site.bob)[0]
    assert _open(site.client(), f"  {code.upper().replace('-', ' ')} ", "b.roux").status_code == 302


def test_a_personal_sheet_is_of_no_use_to_another(site):
    code = _print(site, site.bob)[0]
    assert _open(site.client(), code, "a.lefort").status_code == 200
    assert Code.objects.filter(used_at=None).count() == 10


def test_the_envelope_lets_in_a_member_of_the_cell_but_no_administrator(site):
    codes = _print(site, site.alice, "organisation")
    browser = site.client()
    assert _open(browser, codes[0], "b.roux").status_code == 302
    assert _open(site.client(), codes[1], "d.admin").status_code == 200
    assert _open(site.client(), codes[1], "c.morel").status_code == 200


def test_the_envelope_lets_in_somebody_without_an_account(site):
    codes = _print(site, site.alice, "organisation")
    assert _open(site.client(), codes[0], "n.nuit").status_code == 200
    browser = site.client()
    assert _open(browser, codes[0], "n.nuit", "Nadia Nuit").status_code == 302
    newcomer = Person.objects.get(username="n.nuit")
    assert [membership.role for membership in newcomer.memberships.all()] == ["member"]
    assert not newcomer.has_usable_password()


def test_the_envelope_gives_no_administration_even_to_whoever_has_it(site):
    site.bob.memberships.create(organisation_id="valmont", role="administrator")
    codes = _print(site, site.alice, "organisation")
    browser = site.client()
    _open(browser, codes[0], "b.roux")
    assert browser.get("/persons").status_code == 403
    assert site.client(site.bob).get("/persons").status_code == 200


@pytest.fixture
def envelope(site):
    """Bob's browser: he has roles in two hospitals and administers his own, and came in with valmont's envelope."""
    site.bob.memberships.create(organisation_id="valmont", role="director")
    site.bob.memberships.create(organisation_id="valmont", role="administrator")
    site.bob.memberships.create(organisation_id="rivage", role="director")
    codes = _print(site, site.alice, "organisation")
    browser = site.client()
    assert _open(browser, codes[0], "b.roux").status_code == 302
    assert browser.get("/incidents/").status_code == 200
    return browser


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/screen/sit", {"pin": "240817"}),
        ("/me/sheets", {"whose": "me"}),
        ("/me/sheets", {"whose": "organisation"}),
        ("/organisation", {"organisation": "rivage"}),
        ("/me/password/choose", {"password1": "douze nuits blanches", "password2": "douze nuits blanches"}),
        ("/me/password", {}),
        ("/me/second-factor/activate", {"code": "000000"}),
        ("/me/recovery-codes/generate", {}),
    ],
)
def test_the_envelope_gives_nothing_that_outlives_it(site, envelope, path, data):
    before = Code.objects.count()
    assert envelope.post(path, data).status_code == 403
    assert Code.objects.count() == before
    assert site.client(site.bob).post(path, data).status_code != 403


def test_the_envelope_opens_no_other_hospital(site, envelope):
    acting = envelope.get("/incidents/").context["acting"]
    assert {choice.organisation_id for choice in acting.choices} == {"valmont"}
    site.bob.memberships.filter(organisation_id="valmont").delete()
    assert envelope.get("/incidents/").status_code == 403


def test_somebody_with_an_envelope_can_sign_out(envelope):
    page = envelope.get("/incidents/").content.decode()
    assert "/sign-out" in page and 'href="/me"' not in page
    envelope.post("/sign-out")
    assert envelope.get("/incidents/").status_code == 302


@pytest.mark.parametrize("whose", ["me", "organisation"])
def test_a_session_ends_with_its_sheet(site, whose):
    codes = _print(site, site.alice, whose)
    browser = site.client()
    _open(browser, codes[0], "a.lefort")
    assert browser.get("/incidents/").status_code == 200
    site.client(site.alice).post(f"/me/sheets/{Code.objects.first().sheet_id}/revoke")
    assert browser.get("/incidents/")["Location"].startswith("/sign-in")
    assert browser.get("/sign-in").status_code == 200
    assert site.client(site.alice).get("/incidents/").status_code == 200


def test_a_member_prints_their_own_sheet_only(site):
    assert not _print(site, site.bob, "organisation")
    assert not Code.objects.exists()


def test_a_revoked_sheet_opens_nothing(site):
    codes = _print(site, site.bob)
    sheet = Code.objects.first().sheet_id
    assert site.client(site.charlie).post(f"/me/sheets/{sheet}/revoke").status_code == 404
    site.client(site.bob).post(f"/me/sheets/{sheet}/revoke")
    assert _open(site.client(), codes[0], "b.roux").status_code == 200


def test_codes_are_stored_hashed(site):
    codes = _print(site, site.bob)
    assert not any(code in str(list(Code.objects.values())) for code in codes)


def test_without_the_entry_in_the_journal_the_code_is_not_used_up(site, monkeypatch):
    from vigie.errors import StorageError

    codes = _print(site, site.bob)

    def full(*args):
        raise StorageError("the disk is full")

    monkeypatch.setattr("vigie.web.accounts.trace.record", full)
    assert _open(site.client(), codes[0], "b.roux").status_code == 503
    monkeypatch.undo()
    assert _open(site.client(), codes[0], "b.roux").status_code == 302
