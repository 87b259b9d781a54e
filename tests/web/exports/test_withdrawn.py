"""A withdrawn entry says on paper that it was withdrawn, and not that something stands in its place."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from vigie.journal.facts import Correction, Note
from vigie.web.exports import printed


@pytest.mark.parametrize(
    ("replacement", "word"), [(None, "Retirée par le n°"), (Note(text="Autre").model_dump(mode="json"), "Corrigée par")]
)
def test_the_print_tells_withdrawn_from_corrected(replacement, word, monkeypatch):
    monkeypatch.setattr(printed, "_mended", lambda pattern, mend, reading: pattern)
    mend = SimpleNamespace(fact=Correction(of="a" * 64, why="Démenti", replacement=replacement))
    line = SimpleNamespace(standing=SimpleNamespace(counts=True), original=None, corrections=[mend], claims=[])
    assert list(printed._notes(line, SimpleNamespace(names=None)))[0].startswith(word)
