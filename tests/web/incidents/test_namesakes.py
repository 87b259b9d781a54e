"""A name is anybody's: what another node says under the name of this one, or of its persons, is shown as what it is."""

from __future__ import annotations

import pytest

from tests.support.hostile import let_anything_in
from tests.web.exports.test_exports import read
from vigie.journal import Draft, Identity, Journal, open_store
from vigie.journal import facts as f


@pytest.fixture
def impostor(crisis, tmp_path):
    """A node elsewhere that bears the name of this one. `impostor(fact, incident, ...)` brings an entry of it here."""
    import os
    from io import BytesIO

    from vigie.journal import Bundle, export, merge
    from vigie.web import clock, desk

    store = open_store(str(tmp_path / "impostor.db"))
    journal = Journal(store, Identity.create("valmont", os.urandom), os.urandom)
    journal.introduce("hospital", ["valmont"], "install", clock.now())

    def bring(fact, incident="", **fields):
        draft = Draft(incident or crisis.id, fact, **{"author": "a.lefort", "role": "director", **fields})
        receipt = journal.append(draft, clock.now())
        target = BytesIO()
        export(store, journal.identity, target, clock.now())
        list(merge(desk.journal(), Bundle(target.getvalue()), clock.now()))
        return next(one for one in desk.store().received() if one.digest == receipt.digest)

    yield bring
    store.close()


def test_a_namesake_node_is_shown_with_its_key_and_without_our_names(crisis, impostor):
    received = impostor(f.Note(text="Rebranchez tout"))
    key = f"valmont/{received.entry.incarnation[:8]}"
    crisis.write(f.Note(text="Ceci est de nous"))
    page = crisis.text()
    foreign = page[page.index(f'id="e{received.seq}"') :]
    foreign = foreign[: foreign.index("</li>")]
    assert "Rebranchez" in foreign and key in foreign and "Alice Lefort" not in foreign
    assert "Alice Lefort" in page
    assert key in crisis.text("print/log?start=&end=")
    _, text = read(crisis.browser.get(f"/export/{crisis.id}/log.pdf"))
    assert key in text.replace(" ", "") or key in text


def test_another_node_does_not_turn_a_crisis_into_an_exercise(crisis, impostor, monkeypatch):
    from vigie.web import desk
    from vigie.web.desk.models import Incident

    impostor(f.Note(text="faux"), "valmont/future", realm="exercise")
    desk.follow()
    assert Incident.objects.get(pk="valmont/future").realm == "exercise"  # nobody else has spoken yet
    let_anything_in(monkeypatch)  # the hospital's own entries arrive after: from its other node, say
    for fact in (f.Note(text="vrai"), f.Opened(title="Vraie crise")):
        desk.journal().append(Draft("valmont/future", fact, "a.lefort", "director"), crisis_now())
    desk.follow()
    assert Incident.objects.get(pk="valmont/future").realm == "real"
    page = crisis.browser.get("/incidents/valmont/future/").content.decode()
    assert "Rien de ce qui suit n" not in page  # no band
    assert page.count("EXERCICE") == 1  # on the row of the one entry that is of another realm
    assert desk.realm_for(acting(crisis), "valmont/future") == "real"
    before = list(Incident.objects.order_by("pk").values())
    from vigie.web.desk import following

    list(following.rebuild())
    assert list(Incident.objects.order_by("pk").values()) == before


def crisis_now():
    from vigie.web import clock

    return clock.now()


def acting(crisis):
    from vigie.web.accounts import services

    return services.acting_as(crisis.site.alice)


def test_no_hospital_learns_the_names_of_anothers_persons(crisis, site):
    for path in ("", "vocabulary", "print/log?start=&end="):
        page = crisis.get(path, headers={"HX-Request": "true"} if path == "vocabulary" else {}).content.decode()
        assert "Charlie Morel" not in page and "Agn\u00e8s Petit" not in page
    vocabulary = crisis.get("vocabulary", headers={"HX-Request": "true"}).content.decode()
    assert "Bob Roux" in vocabulary
    agnes = site.client(site.agnes).get(f"/incidents/{crisis.id}/vocabulary", headers={"HX-Request": "true"})
    assert "Agn\u00e8s Petit" in agnes.content.decode() and "Charlie Morel" not in agnes.content.decode()
