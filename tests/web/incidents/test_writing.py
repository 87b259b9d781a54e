"""Writing without JavaScript: nothing typed is lost, nothing is written twice, identity is asked about first."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from vigie.journal.facts import Correction, Note, Observation

HTMX = {"hx-request": "true"}


def test_a_line_is_written_and_the_log_opens_at_it(crisis):
    answer = crisis.post("write", {"line": "! Couper Internet", "key": "k1"})
    assert answer.status_code == 302 and "#e" in answer["Location"]
    fact = crisis.facts()[-1]
    assert (fact.kind, fact.text, fact.decider) == ("decision", "Couper Internet", "Alice Lefort")


def test_a_button_pressed_twice_writes_once(crisis):
    for _ in range(2):
        assert crisis.post("write", {"line": "Le standard tient", "key": "k1"}).status_code == 302
        assert crisis.post("write/note", {"text": "Une note", "key": "k2"}).status_code == 302
    assert [fact.kind for fact in crisis.facts()] == ["opened", "note", "note"]


def test_a_form_that_served_for_something_else_says_so(crisis):
    crisis.post("write", {"line": "Une chose", "key": "k1"})
    answer = crisis.post("write", {"line": "Une autre", "key": "k1"})
    assert answer.status_code == 400 and "Une autre" in answer.content.decode()
    assert len(crisis.facts()) == 2


def test_a_patient_s_identity_is_asked_about_and_nothing_typed_is_lost(crisis):
    line = "Rappeler la fille de la patiente au 06 12 34 56 78"
    answer = crisis.post("write", {"line": line, "key": "k1"})
    text = answer.content.decode()
    assert answer.status_code == 400 and line in text and "Écrire quand même" in text
    assert len(crisis.facts()) == 1
    assert crisis.post("write", {"line": line, "key": "k1", "anyway": "1"}).status_code == 302
    assert crisis.facts()[-1].text == line


def test_the_same_in_a_typed_entry(crisis):
    said = {"text": "Né le 03/02/1961", "key": "k1", "entry-tlp": "red"}
    text = crisis.post("write/note", said).content.decode()
    assert "Né le 03/02/1961" in text and "Écrire quand même" in text
    assert crisis.post("write/note", {**said, "anyway": "1"}).status_code == 302


def test_a_line_that_cannot_be_written_comes_back(crisis):
    long = "a" * 4001
    assert long in crisis.post("write", {"line": long, "key": "k"}).content.decode()
    assert crisis.post("write", {"line": "   ", "key": "k"}).status_code == 400
    assert len(crisis.facts()) == 1


def test_with_htmx_the_line_comes_back_empty_and_the_screen_is_told(crisis):
    answer = crisis.post("write", {"line": "Le standard tient", "key": "k1"}, headers=HTMX)
    assert answer.status_code == 200 and answer["HX-Trigger"] == "written"
    assert 'value="Le standard tient"' not in answer.content.decode()


def test_what_a_line_would_say_is_shown_before(crisis):
    crisis.adopt_reference_hospital()
    text = crisis.post("understand", {"line": "vers 3h @ad down plus rien"}).content.decode()
    assert "en panne" in text and "Annuaire" in text and "vers 3\u00a0h" in text
    assert len(crisis.facts()) == 2, "nothing was written"
    assert "Vouliez-vous dire" in crisis.post("understand", {"line": "@labresults down"}).content.decode()


def test_a_typed_entry_says_all_that_is_wrong_at_once(crisis):
    crisis.adopt_reference_hospital()
    answer = crisis.post("write/availability", {"application": "labresults", "key": "k"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "n\u2019est pas dans la cartographie" in text and "Ce champ est obligatoire" in text
    assert 'value="labresults"' in text


def test_a_typed_entry_has_its_time_and_marking(crisis):
    said = {
        "text": "Appel",
        "key": "k",
        "entry-happened_at": "2025-03-01T23:40",
        "entry-precision": "hour",
        "entry-tlp": "red",
    }
    crisis.post("write/note", said)
    entry = list(_received(crisis))[-1].entry
    assert (entry.happened_at.isoformat(), entry.precision, entry.tlp) == ("2025-03-01T22:40:00+00:00", "hour", "red")


def test_evidence_is_kept_with_its_file(crisis):
    sent = SimpleUploadedFile("note.txt", b"Your files are encrypted.\n")
    crisis.post("write/artefact", {"collector": "Bob Roux", "file": sent, "key": "k"})
    fact = crisis.facts()[-1]
    assert (fact.name, fact.size_bytes) == ("note.txt", 26)
    seq = list(_received(crisis))[-1].seq
    answer = crisis.get(f"entries/{seq}/file")
    assert b"".join(answer.streaming_content) == b"Your files are encrypted.\n"
    assert answer["Content-Disposition"].startswith("attachment")


def test_an_empty_file_is_refused_and_nothing_is_written(crisis):
    answer = crisis.post(
        "write/artefact", {"name": "x", "collector": "y", "file": SimpleUploadedFile("x", b""), "key": "k"}
    )
    assert answer.status_code == 400 and len(crisis.facts()) == 1


def test_a_correction_needs_a_reason_and_keeps_the_kind(crisis):
    wrong = crisis.write(Observation(text="Trois serveurs"))
    tail = f"entries/{wrong.seq}/correct"
    assert "Trois serveurs" in crisis.text(tail)
    refused = crisis.post(tail, {"text": "Deux serveurs", "key": "k"})
    assert refused.status_code == 400 and "Deux serveurs" in refused.content.decode()
    assert crisis.post(tail, {"text": "Deux serveurs", "why": "Mal compté", "key": "k"}).status_code == 302
    fact = crisis.facts()[-1]
    assert isinstance(fact, Correction) and fact.replacement == {
        "kind": "observation",
        "text": "Deux serveurs",
        "checked": "unchecked",
        "source": "",
        "applications": [],
        "services": [],
    }


def test_an_entry_can_be_withdrawn(crisis):
    wrong = crisis.write(Note(text="Fausse rumeur"))
    crisis.post(f"entries/{wrong.seq}/correct", {"why": "Démenti", "withdraw": "1", "key": "k"})
    assert crisis.facts()[-1].replacement is None


def test_opening_twice_with_one_form_opens_one_incident(crisis):
    said = {"title": "Panne de nuit", "realm": "real", "key": "k9"}
    first, second = (crisis.browser.post("/incidents/open", said)["Location"] for _ in range(2))
    assert first == second
    other = crisis.browser.post("/incidents/open", {**said, "key": "k10"})["Location"]
    assert other != first, "another form with the same title opens another incident"


def test_opening_says_what_is_missing(crisis):
    answer = crisis.browser.post("/incidents/open", {"title": "", "key": "k"})
    assert "Ce champ est obligatoire" in answer.content.decode()


def _received(crisis):
    from vigie.web import desk

    return desk.store().received(incident=crisis.id)
