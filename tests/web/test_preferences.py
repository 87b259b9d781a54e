"""Language and theme are remembered, and nothing else comes in that way."""

from __future__ import annotations

import pytest


def test_theme_and_language_are_remembered(client):
    answer = client.post("/preferences", {"theme": "dark", "language": "en", "next": "/sign-in"})
    assert answer["Location"] == "/sign-in"
    page = client.get("/sign-in").content.decode()
    assert 'data-theme="dark"' in page and 'lang="en"' in page


def test_a_shortcut_of_one_key_can_be_switched_off(client):
    assert "data-keys" not in client.get("/sign-in").content.decode()
    client.post("/preferences", {"keys": "off"})
    assert 'data-keys="off"' in client.get("/sign-in").content.decode()


@pytest.mark.parametrize("next", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_one_is_never_sent_elsewhere(client, next):
    assert client.post("/preferences", {"theme": "dark", "next": next})["Location"] == "/"


def test_unknown_values_are_ignored(client):
    answer = client.post("/preferences", {"theme": "neon", "language": "tlh"})
    assert not answer.cookies


def test_a_look_changes_nothing(client):
    assert client.get("/preferences").status_code == 405
