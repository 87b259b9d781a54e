"""No browser or proxy keeps what a person or a program was shown; static files are kept."""

from __future__ import annotations

import pytest

from tests.web.support import ask, session_of
from vigie.web.accounts import tokens
from vigie.web.accounts.models import Organisation
from vigie.web.accounts.services import acting_as


@pytest.mark.parametrize("path", ["/incidents/", "/me", "/no-such-page", "/persons", "/api/docs"])
def test_a_page_for_somebody_is_kept_by_nobody(site, path):
    assert ask("GET", path, session_of(site, site.bob))[1]["Cache-Control"] == "private, no-store"


def test_nor_is_what_a_program_was_told(site):
    secret = tokens.create(
        acting_as(site.admin),
        name="t",
        organisation=Organisation.objects.get(pk="valmont"),
        person=None,
        node="probe",
        scopes=["incident:list"],
    )
    status, headers, _ = ask("GET", "/api/incidents", HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert (status, headers["Cache-Control"]) == (200, "private, no-store")


def test_what_a_view_says_stands(site):
    assert "max-age=0" in ask("GET", "/me/sheets", session_of(site, site.bob))[1]["Cache-Control"]


def test_static_files_are_kept(site):
    headers = ask("GET", "/static/vigie/vigie.css", session_of(site, site.bob))[1]
    assert "max-age=300" in headers["Cache-Control"]
