"""What could not be written comes back with the words of the server, and so does whoever had to sign in again."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from vigie.errors import StorageError
from vigie.web import desk
from vigie.web.desk import attachments

HTMX = {"hx-request": "true"}
FULL = "journal.db: database or disk is full. Nothing was written. Free some space on this disk, then write it again"


@pytest.fixture
def full_disk(crisis, monkeypatch):
    def refuse(*given, **options):
        raise StorageError(FULL)

    monkeypatch.setattr(desk, "write", refuse)
    monkeypatch.setattr(attachments, "keeping", refuse)
    return crisis


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_full_disk_gives_the_line_back_and_says_so_beside_it(full_disk, headers):
    text = full_disk.post("write", {"line": "Le standard tient", "key": "k"}, headers=headers).content.decode()
    assert "PAS ÉCRIT" in text and "disk is full" in text and 'value="Le standard tient"' in text


def test_a_full_disk_gives_a_typed_form_back(full_disk):
    answer = full_disk.post("write/note", {"text": "Le standard tient", "key": "k"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "PAS ÉCRIT" in text and "disk is full" in text and "Le standard tient" in text


def test_a_full_disk_gives_the_form_of_a_piece_of_evidence_back(full_disk):
    sent = SimpleUploadedFile("note.txt", b"Your files are encrypted.\n")
    text = full_disk.post(
        "write/artefact", {"name": "Rançon", "collector": "Bob Roux", "file": sent, "key": "k"}
    ).content.decode()
    assert "PAS ÉCRIT" in text and "disk is full" in text and "Rançon" in text


def test_a_full_disk_is_not_called_a_busy_database(crisis, monkeypatch):
    def refuse(*given, **options):
        raise StorageError(FULL)

    monkeypatch.setattr("vigie.web.desk.follow", refuse)
    assert "Le disque du serveur est plein" in crisis.get().content.decode()
    answer = crisis.get(headers=HTMX)
    assert answer.status_code == 503 and answer["Content-Type"].startswith("text/plain")
    assert "disque du serveur est plein" in answer.content.decode()


def test_whoever_signs_in_again_comes_back_to_the_form(crisis):
    crisis.browser.logout()
    page = f"http://testserver{crisis.path}write/note"
    answer = crisis.post("write/note", {"text": "Une note"}, headers={"referer": page})
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [f"{crisis.path}write/note"]
    elsewhere = crisis.post("write/note", {"text": "Une note"}, headers={"referer": "https://ailleurs.example/x"})
    assert parse_qs(urlsplit(elsewhere["Location"]).query)["next"] == ["/"]
