"""The shared screen: several persons, one full sign-in each, a short code to switch, a lock."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from tests.web.support import PASSWORD
from vigie.web.accounts import screens
from vigie.web.accounts.models import Seat

BACKEND = "vigie.web.accounts.backend.Backend"


@pytest.fixture
def shared(site) -> Client:
    """The screen of the crisis room: Bob, then Alice, took a seat there. Alice is at it."""
    browser = site.client(site.bob)
    browser.post("/screen/sit", {"pin": "240817"})
    browser.post("/screen/lock")
    browser.force_login(site.alice, backend=BACKEND)
    browser.post("/screen/sit", {"pin": "935112"})
    return browser


def _seat(person) -> int:
    return Seat.objects.get(person=person).pk


def _who(browser) -> str:
    return browser.get("/me").context["acting"].author


def test_switching_takes_six_digits(site, shared):
    assert _who(shared) == "a.lefort"
    shared.post(f"/screen/seats/{_seat(site.bob)}", {"pin": "240817"})
    assert _who(shared) == "b.roux"
    shared.post(f"/screen/seats/{_seat(site.alice)}", {"pin": "935112"})
    assert _who(shared) == "a.lefort"


def test_somebody_else_s_code_changes_nobody(site, shared):
    shared.post(f"/screen/seats/{_seat(site.bob)}", {"pin": "935112"})
    assert _who(shared) == "a.lefort"


def test_a_locked_screen_shows_names_and_nothing_else(site, shared):
    shared.post("/screen/lock")
    page = shared.get("/screen").content.decode()
    assert "Écran verrouillé" in page and "Bob Roux" in page
    assert shared.get("/me").status_code == 302
    shared.post(f"/screen/seats/{_seat(site.bob)}", {"pin": "240817"})
    assert _who(shared) == "b.roux"


def test_after_five_wrong_codes_the_seat_is_gone(site, shared):
    seat = _seat(site.bob)
    for _ in range(5):
        shared.post(f"/screen/seats/{seat}", {"pin": "000000"})
    assert not Seat.objects.filter(person=site.bob).exists()
    assert shared.post(f"/screen/seats/{seat}", {"pin": "240817"}).status_code == 404


def test_a_code_is_good_on_its_own_screen_only(site, shared):
    elsewhere = site.client()
    assert elsewhere.get("/screen").status_code == 302
    assert elsewhere.post(f"/screen/seats/{_seat(site.bob)}", {"pin": "240817"}).status_code == 404


def test_a_closed_account_has_no_seat(site, shared):
    site.bob.is_active = False
    site.bob.save()
    assert shared.post(f"/screen/seats/{_seat(site.bob)}", {"pin": "240817"}).status_code == 404


@pytest.mark.parametrize("pin", ["111111", "123456", "12345", "abcdef", "1234567", ""])
def test_an_easy_code_is_refused(site, pin):
    browser = site.client(site.bob)
    assert browser.post("/screen/sit", {"pin": pin}).status_code == 200
    assert not Seat.objects.exists()


def test_an_idle_shared_screen_locks_itself(site, shared, monkeypatch):
    later = screens.time.monotonic() + 901
    monkeypatch.setattr(screens.time, "monotonic", lambda: later)
    answer = shared.get("/me", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/screen")
    assert shared.get("/me").status_code == 302


def test_a_refresh_does_not_keep_a_screen_awake(site, shared, monkeypatch):
    start = screens.time.monotonic()
    monkeypatch.setattr(screens.time, "monotonic", lambda: start + 600)
    assert shared.get("/me", headers={"HX-Request": "true"}).status_code == 200
    monkeypatch.setattr(screens.time, "monotonic", lambda: start + 1000)
    assert shared.get("/me").status_code == 302


def test_whoever_signs_in_there_with_a_password_is_at_a_shared_screen_too(site, shared, monkeypatch):
    shared.post("/screen/lock")
    shared.post("/sign-in", {"login": "c.morel", "password": PASSWORD})
    assert _who(shared) == "c.morel"
    later = screens.time.monotonic() + 901
    monkeypatch.setattr(screens.time, "monotonic", lambda: later)
    assert shared.get("/me").status_code == 302


def test_a_screen_of_one_s_own_never_locks(site, monkeypatch):
    browser = site.client(site.bob)
    cache.clear()
    assert browser.get("/me").status_code == 200


def test_giving_one_s_seat_back(site, shared):
    shared.post("/screen/leave")
    assert not Seat.objects.filter(person=site.alice).exists()
    assert Seat.objects.filter(person=site.bob).exists()


def test_pins_are_stored_hashed_by_a_slow_function(site, shared):
    assert "240817" not in str(list(Seat.objects.values()))
