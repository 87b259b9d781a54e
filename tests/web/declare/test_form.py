"""The form: what it begins with, drafts of two people, what stands in the way, what is sent."""

from __future__ import annotations

from typing import Any

import pytest

SAID = {"stage": "early_warning", "nature": "incident", "establishment": "CH de Valmont"}


def test_begins_with_what_the_journal_says_and_where_from(declaring: Any):
    page = declaring.page(declaring.site.bob, "form")
    assert "d&#x27;après la main courante" in page and 'value="degraded" id="id_functioning' in page
    assert "d&#x27;après l&#x27;ouverture de l&#x27;incident" in page
    # What nobody said is "not known yet": it is chosen, and nothing says no.
    assert page.count('value="no"') == 5 and 'value="no" id="id_malicious_2" checked' not in page
    assert 'name="malicious" value="unknown" id="id_malicious_0" checked' in page


def test_a_draft_is_shared_and_sends_nothing(declaring: Any):
    answer = declaring.post(declaring.site.bob, **SAID, description="Écrans noirs", version=0)
    assert answer.status_code == 302 and declaring.facts() == []
    page = declaring.page(declaring.site.alice, "form")
    assert "Écrans noirs" in page and "Bob Roux" in page


def test_two_people_meet_field_by_field(declaring: Any):
    site = declaring.site
    declaring.post(site.bob, **SAID, description="un", version=0)
    declaring.post(site.alice, **SAID, description="deux", measures="coupé", version=1)
    clash = declaring.post(site.bob, **SAID, description="trois", supplier="Prestataire", version=1)
    page = clash.content.decode()
    assert clash.status_code == 409 and "keep-description" in page and "keep-measures" not in page
    assert "coupé" in page and "trois" in page and "Prestataire" in page
    again = declaring.post(
        site.bob, **SAID, description="trois", measures="coupé", supplier="Prestataire", version=2,
        **{"keep-description": "theirs"},
    )  # fmt: skip
    assert again.status_code == 302
    final = declaring.page(site.alice, "form")
    assert "deux" in final and "Prestataire" in final and "trois" not in final


def test_faults_have_links_and_the_draft_is_kept(declaring: Any):
    answer = declaring.post(
        declaring.site.bob,
        stage="notification",
        nature="incident",
        legal_entity="12",
        cves="sept",
        do="send",
        version=0,
    )
    page = answer.content.decode()
    assert answer.status_code == 400 and 'href="#id_legal_entity"' in page and 'href="#id_cves"' in page
    assert declaring.facts() == [] and "sept" in declaring.page(declaring.site.bob, "form")


def test_sent_twice_is_sent_once(declaring: Any):
    for _click in range(2):
        answer = declaring.post(declaring.site.bob, **SAID, do="send", version=0, key="k1")
        assert answer.status_code == 302
    (fact,) = declaring.facts()
    assert (fact.establishment, fact.malicious, fact.stage) == ("CH de Valmont", "unknown", "early_warning")


def test_a_next_version_says_what_changed(declaring: Any):
    site = declaring.site
    declaring.post(site.bob, **SAID, do="send", version=0, key="k1")
    assert 'value="notification" id="id_stage_1" required checked' in declaring.page(site.bob, "form")
    later = {**SAID, "stage": "notification", "malicious": "yes", "degraded_tenths_of_hour": "36,5"}
    declaring.post(site.bob, **later, do="send", version=1, key="k2")
    first, second = declaring.facts()
    assert first.declaration == second.declaration and second.degraded_tenths_of_hour == 365
    page = declaring.page(site.bob)
    assert "Ce qui a changé" in page and "36,5 h" in page and "pas encore su" in page


@pytest.mark.parametrize("text", ["Patient né le 12/03/1954"])
def test_identity_is_asked_about_before_it_is_written(declaring: Any, text: str):
    answer = declaring.post(declaring.site.bob, **SAID, description=text, do="send", version=0, key="k1")
    assert answer.status_code == 400 and declaring.facts() == []
    declaring.post(declaring.site.bob, **SAID, description=text, anyway="1", version=1, key="k1")
    assert len(declaring.facts()) == 1


def test_a_full_disk_is_said_beside_the_form_and_the_draft_stays(declaring: Any, monkeypatch: pytest.MonkeyPatch):
    from vigie.errors import StorageError
    from vigie.web import desk

    def full(*arguments: Any, **options: Any) -> None:
        raise StorageError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(desk, "write", full, raising=False)
        answer = declaring.post(declaring.site.bob, **SAID, description="gardé", do="send", version=0, key="k1")
    assert answer.status_code == 400 and "PAS ÉCRIT" in answer.content.decode()
    assert "gardé" in declaring.page(declaring.site.alice, "form") and declaring.facts() == []


def test_an_analyst_reads_and_does_not_write(declaring: Any):
    assert declaring.site.client(declaring.site.agnes).get(declaring.address).status_code == 200
    assert declaring.post(declaring.site.agnes, **SAID, version=0).status_code == 403
