"""Drafts: shared by a cell and by nobody else, kept field by field, and never lost by two who write at once."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from vigie.errors import StorageError
from vigie.journal.facts import Declaration
from vigie.web import clock, desk
from vigie.web.declaring.models import Draft


def test_a_draft_is_of_the_whole_cell(page, second):
    page.save(description="Écrans noirs")
    assert second.opened()["description"] == "Écrans noirs"
    assert "enregistré par Alice Lefort" in second.text("draft")
    assert not [fact for fact in page.crisis.facts() if isinstance(fact, Declaration)], "a draft is no evidence"


def test_a_draft_is_nobody_else_s(page, site):
    page.save(description="Écrans noirs")
    listing = f"/incidents/{page.crisis.id}/declarations/"
    agnes = site.client(site.agnes)
    assert agnes.get(page.path + "draft").status_code == 403
    assert (
        "Écrans noirs" not in agnes.get(listing).content.decode()
        and "Brouillon" not in agnes.get(listing).content.decode()
    )
    assert site.client(site.charlie).get(page.path + "draft").status_code == 404


def test_two_persons_in_two_fields_lose_nothing(page, second):
    first, other = page.opened(), second.opened()
    page.save(sent=first, description="Écrans noirs")
    assert second.save(sent=other, measures="Internet coupé").status_code == 302
    opened = page.opened()
    assert (opened["description"], opened["measures"]) == ("Écrans noirs", "Internet coupé")


def test_two_persons_in_one_field_are_told_and_nothing_is_overwritten(page, second):
    first, other = page.opened(), second.opened()
    page.save(sent=first, description="Écrans noirs")
    answer = second.save(sent=other, description="Serveurs chiffrés", measures="Internet coupé")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Quelqu’un d’autre a écrit" in text and "Alice Lefort a écrit ici" in text
    assert "Écrans noirs" in text and "Serveurs chiffrés" in text
    kept = page.opened()
    assert (kept["description"], kept["measures"]) == ("Écrans noirs", "Internet coupé")


@pytest.mark.parametrize(("more", "stays"), [({}, "Serveurs chiffrés"), ({"take": "description"}, "Écrans noirs")])
def test_a_conflict_is_settled_by_whoever_saw_both(page, second, more, stays):
    from tests.web.declaring.conftest import form_values

    first, other = page.opened(), second.opened()
    page.save(sent=first, description="Écrans noirs")
    shown = form_values(second.save(sent=other, description="Serveurs chiffrés").content.decode())
    assert second.save(sent={**shown, **more}).status_code == 302
    assert page.opened()["description"] == stays


def test_a_page_keeps_itself(page, second):
    opened, other = page.opened(), second.opened()
    answer = page.browser.post(page.path + "draft/keep", {**opened, "description": "Écrans"})
    assert answer.status_code == 200 and not answer.json()["conflicts"]
    later = {**opened, "began": answer.json()["began"]}
    # Somebody else goes on from what was kept, then this page, which still shows its own text, types something else.
    second.save(sent=other, measures="Internet coupé")
    answer = page.browser.post(page.path + "draft/keep", {**later, "description": "Écrans noirs"})
    assert not answer.json()["conflicts"]
    kept = page.opened()
    assert (kept["description"], kept["measures"]) == ("Écrans noirs", "Internet coupé")
    second.save(description="Tout va mal")
    answer = page.browser.post(
        page.path + "draft/keep", {**later, "began": answer.json()["began"], "description": "Écrans noirs partout"}
    )
    assert [(one["title"], one["by"]) for one in answer.json()["conflicts"]] == [("Description", "Bob Roux")]
    assert page.opened()["description"] == "Tout va mal"


def test_a_database_without_space_gives_the_form_back(page, monkeypatch):
    def refuse(*given, **options):
        raise OperationalError("database or disk is full")

    opened = page.opened()
    monkeypatch.setattr("vigie.web.declaring.drafts.keep", refuse)
    answer = page.save(sent=opened, description="Écrans noirs")
    text = answer.content.decode()
    assert answer.status_code == 503
    assert "PAS ÉCRIT" in text and "disk is full" in text and "Écrans noirs" in text


def test_a_journal_without_space_keeps_the_draft(page, monkeypatch):
    page.save("check", description="Écrans noirs")

    def refuse(*given, **options):
        raise StorageError("journal.db: database or disk is full. Free some space")

    with monkeypatch.context() as full:
        full.setattr(desk, "write", refuse)
        answer = page.send()
        assert answer.status_code == 400 and "PAS ÉCRIT" in answer.content.decode()
    assert page.opened()["description"] == "Écrans noirs"
    assert page.send().status_code == 302


def test_a_button_pressed_twice_sends_once(page):
    from tests.web.declaring.conftest import sealed

    page.save("check", description="Écrans noirs")
    mark = sealed(page.get("draft/check"))
    places = {page.browser.post(page.path + "draft/check", {"sealed": mark})["Location"] for _ in range(2)}
    assert len(places) == 1 and "/receipts/" in places.pop()
    assert len([fact for fact in page.crisis.facts() if isinstance(fact, Declaration)]) == 1


def test_two_persons_who_send_at_once_send_once(page, second, monkeypatch):
    from tests.web.declaring.conftest import sealed
    from vigie.web.declaring import drafts

    page.save("check", description="Écrans noirs")
    mine, theirs = sealed(page.get("draft/check")), sealed(second.get("draft/check"))
    assert mine == theirs
    with monkeypatch.context() as slow:
        slow.setattr(drafts, "sent", lambda *given: None)  # the second one looks before the first one has finished
        page.browser.post(page.path + "draft/check", {"sealed": mine})
    second.browser.post(second.path + "draft/check", {"sealed": theirs})
    assert len([fact for fact in page.crisis.facts() if isinstance(fact, Declaration)]) == 1


def test_what_changed_after_it_was_read_again_is_read_again(page, second):
    from tests.web.declaring.conftest import sealed

    page.save("check", description="Écrans noirs")
    mark = sealed(page.get("draft/check"))
    second.save(description="Serveurs chiffrés")
    answer = page.browser.post(page.path + "draft/check", {"sealed": mark}, follow=True)
    assert "a changé depuis votre relecture" in answer.content.decode()
    assert not [fact for fact in page.crisis.facts() if isinstance(fact, Declaration)]


def test_a_draft_is_emptied_when_sent_and_its_addressees_stay(page):
    page.declare(description="Écrans noirs", addressees=["cert-sante", "cnil"])
    draft = Draft.objects.get()
    assert draft.values == {} and draft.addressees == ["cert-sante", "cnil"]
    assert page.opened()["addressees"] == ["cert-sante", "cnil"]


def test_a_draft_can_be_thrown_away(page):
    page.save(description="Écrans noirs")
    assert page.browser.post(page.path + "draft/discard").status_code == 302
    assert page.opened()["description"] == "" and not Draft.objects.exists()


def test_a_rebuild_of_the_read_models_leaves_drafts_alone(page):
    page.save(description="Écrans noirs")
    for _ in desk.rebuild():
        pass
    assert page.opened()["description"] == "Écrans noirs"


def test_texts_beyond_all_measure_are_refused_and_given_back(page):
    answer = page.save(description="x" * 100_001)
    assert answer.status_code == 503 and "trop longs" in answer.content.decode()


def test_a_draft_holds_only_what_somebody_changed(crisis, page):
    crisis.write({"kind": "declaration", "declaration": "d1", "establishment": "CH", "description": "Nom d'un patient"})
    page.save(measures="Réseau coupé")
    assert set(Draft.objects.get().values) == {"measures", "declarer"}
    assert page.opened()["description"] == "Nom d'un patient"
    page.save(addressees=["cnil"])
    page.save(measures="Réseau coupé, serveurs éteints")
    assert page.opened()["addressees"] == ["cnil"]


def test_an_erasure_takes_the_drafts_of_its_incident_with_it(crisis, page):
    first = crisis.write({"kind": "declaration", "declaration": "d1", "establishment": "CH", "description": "M. Untel"})
    page.save(description="M. Untel et d'autres")
    elsewhere = Draft.objects.create(
        incident="valmont/autre", declaration="d1", organisation="valmont", saved_at=clock.now(), saved_by="x"
    )
    crisis.write({"kind": "erasure", "of": first.digest, "reason": "un patient y est nommé", "authority": "CNIL"})
    desk.follow()
    assert list(Draft.objects.all()) == [elsewhere]
    assert "Untel" not in page.text("draft")


@pytest.mark.parametrize("began", ["[" * 4_000 + "]" * 4_000, "[" * 200_000, '{"a":' * 1_500 + "1" + "}" * 1_500])
def test_a_mark_nested_beyond_measure_compares_with_nothing(page, began):
    answer = page.browser.post(page.path + "draft/keep", {**page.opened(), "began": began, "measures": "Réseau coupé"})
    assert answer.status_code == 200 and page.opened()["measures"] == "Réseau coupé"
