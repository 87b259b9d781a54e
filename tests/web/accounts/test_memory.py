"""What a process remembers of rights costs no query, and never outlives a change."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from vigie.web.accounts import memory
from vigie.web.accounts.models import Membership


def _queries(browser) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        browser.get("/me")
    return [query["sql"] for query in captured]


def test_a_screen_that_refreshes_asks_nothing_about_its_person(site):
    browser = site.client(site.bob)
    browser.get("/me")
    assert _queries(browser) == []


def test_with_several_processes_nothing_is_remembered(site):
    browser = site.client(site.bob)
    browser.get("/me")
    with override_settings(VIGIE_WORKERS=2):
        assert _queries(browser)


def test_a_role_taken_away_is_gone_at_once(site):
    browser = site.client(site.admin)
    assert browser.get("/persons").status_code == 200
    Membership.objects.create(person=site.alice, organisation_id="valmont", role="administrator")
    Membership.objects.get(person=site.admin).delete()
    assert browser.get("/persons").status_code == 403


def test_what_was_read_before_a_commit_is_not_kept(site):
    def ask():
        memory.forget()  # somebody writes meanwhile
        return "old"

    assert memory.remembered("key", ask) == "old"
    assert memory.remembered("key", lambda: "new") == "new"


def test_a_change_that_is_rolled_back_is_not_remembered(site):
    browser = site.client(site.bob)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Membership.objects.filter(person=site.bob).get().delete()
        raise ZeroDivisionError
    assert browser.get("/incidents/").status_code == 200


def test_an_answer_grows_old(site, monkeypatch):
    now = memory.time.monotonic()
    memory.remembered("key", lambda: "old")
    monkeypatch.setattr(memory.time, "monotonic", lambda: now + memory.LIFE_SECONDS + 1)
    assert memory.remembered("key", lambda: "new") == "new"
