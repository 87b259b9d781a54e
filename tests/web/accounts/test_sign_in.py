"""Signing in: attempts are counted by account, never by address; a wrong clock locks nobody out."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import OperationalError
from django.test import override_settings

from tests.web.support import PASSWORD


def _sign_in(browser, username="b.roux", password=PASSWORD):
    return browser.post("/sign-in", {"login": username, "password": password})


def test_the_front_door_leads_to_sign_in(site):
    assert site.client().get("/")["Location"] == "/sign-in"


def test_after_signing_in_one_lands_where_one_was_going(site):
    browser = site.client()
    asked = browser.get("/me/sheets")
    assert asked["Location"] == "/sign-in?next=/me/sheets"
    answer = browser.post(asked["Location"], {"login": "b.roux", "password": PASSWORD, "next": "/me/sheets"})
    assert answer["Location"] == "/me/sheets"


def test_signing_in_never_leads_to_another_site(site):
    data = {"login": "b.roux", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert site.client().post("/sign-in", data)["Location"] == "/"


def test_an_account_rests_after_eight_failures_and_its_neighbours_do_not(site):
    for _ in range(9):
        _sign_in(site.client(), password="wrong")
    assert _sign_in(site.client()).status_code == 200
    assert _sign_in(site.client(), username="a.lefort").status_code == 302


@pytest.mark.parametrize("how", ["port", "case"])
def test_neither_another_port_nor_capitals_give_more_tries(site, how):
    for number in range(9):
        name = "B.Roux" if how == "case" and number % 2 else "b.roux"
        host = f"localhost:{8000 + number}" if how == "port" else "localhost"
        site.client(headers={"host": host}).post("/sign-in", {"login": name, "password": "wrong"})
    assert _sign_in(site.client()).status_code == 200


def test_a_whole_hospital_behind_one_address_signs_in(site):
    for _ in range(60):
        _sign_in(site.client(), username="nobody-here", password="wrong")
    assert _sign_in(site.client()).status_code == 302


@pytest.fixture
def second_factor(site) -> tuple[str, list[str]]:
    secret = generate_totp_secret()
    TOTP.activate(site.bob, secret)
    return secret, RecoveryCodes.activate(site.bob).get_unused_codes()


def test_a_second_factor_is_asked_for(site, second_factor):
    browser = site.client()
    assert _sign_in(browser)["Location"].startswith("/sign-in/code")
    assert browser.get("/me").status_code == 302
    assert browser.get("/sign-in/code").status_code == 200


def test_with_a_wrong_clock_a_recovery_code_still_opens(site, second_factor, monkeypatch):
    real = time.time()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: real + 40 * 24 * 3600)
    browser = site.client()
    _sign_in(browser)
    assert browser.post("/sign-in/code", {"code": second_factor[1][0]}).status_code == 302
    assert browser.get("/me").status_code == 200


def test_signing_out_needs_a_post(site):
    browser = site.client(site.bob)
    assert browser.get("/sign-out").status_code == 405
    browser.post("/sign-out")
    assert browser.get("/me").status_code == 302


def test_a_busy_database_is_a_pause_and_not_a_sign_in_page(site, monkeypatch):
    browser = site.client(site.bob)

    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("django.contrib.sessions.backends.cached_db.SessionStore.load", busy)
    answer = browser.get("/me")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "toujours connecté" in answer.content.decode()
    monkeypatch.undo()
    monkeypatch.setattr("vigie.web.accounts.services.Membership.objects.filter", busy)
    assert browser.get("/me").status_code == 503


def test_cookies_are_closed_to_scripts_and_to_other_sites(site):
    answer = _sign_in(site.client())
    cookie = answer.cookies["vigie_session"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


@override_settings(SECURE_HSTS_SECONDS=3600)
def test_every_answer_forbids_inline_script_and_framing(site):
    policy = site.client().get("/sign-in")["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
