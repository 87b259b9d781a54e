"""What another hospital wrote stays there, whatever digest an entry of this one names."""

from __future__ import annotations

import pytest

from vigie.journal import Draft
from vigie.journal.facts import Correction, Erasure, Note, Opened
from vigie.web import clock, desk
from vigie.web.accounts.services import acting_as


@pytest.fixture
def secret(crisis, site):
    """An entry of the other hospital, on the same node."""
    acting = acting_as(site.charlie)
    opened = desk.open_incident(acting, Opened(title="Autre"), realm="real", now=crisis.at, name="autre")
    return desk.write(acting, opened.entry.incident, Note(text="Le mot de passe est hibou"), now=crisis.at)


def crafted(crisis, fact):
    """Written past the desk, as a bundle brings it."""
    draft = Draft(crisis.incident, fact, "a.lefort", "director")
    return desk.journal().append(draft, clock.now())


@pytest.mark.parametrize("fact", [
    lambda digest: Correction(of=digest, why="x", replacement={"kind": "note", "text": "y"}),
    lambda digest: Correction(of=digest, why="x"),
])  # fmt: skip
def test_a_crafted_correction_brings_nothing_of_another_hospital(crisis, site, secret, fact):
    mend = crafted(crisis, fact(secret.digest))
    line = desk.one(crisis.incident, mend.seq)
    assert line.original is None
    assert not line.standing.counts
    alice = site.client(site.alice)
    base = f"/incidents/{crisis.incident}"
    for path in (f"{base}/", f"{base}/entries/{mend.seq}", f"{base}/print/log?start=&end=", f"{base}/news?after=1"):
        assert "hibou" not in alice.get(path).content.decode()
    rows = b"".join(alice.get(f"/export/{crisis.incident}/log.csv").streaming_content).decode()
    assert "hibou" not in rows


def test_nor_does_it_stand_beside_the_entry_in_the_other_hospital(crisis, secret):
    crafted(crisis, Correction(of=secret.digest, why="moquerie"))
    line = desk.one("rivage/autre", secret.seq)
    assert (line.corrections, line.claims) == ((), ())


def test_an_opening_is_not_mended_from_another_incident(crisis, secret):
    opened = next(desk.store().received(incident="rivage/autre"))
    crafted(crisis, Correction(of=opened.digest, why="x", replacement={"kind": "opened", "title": "Faux"}))
    desk.follow()
    from vigie.web.desk.models import Incident

    assert Incident.objects.get(pk="rivage/autre").title != "Faux"


def test_nobody_erases_or_corrects_by_digest_across_hospitals(crisis, secret):
    from vigie.errors import InputError

    for fact in (Correction(of=secret.digest, why="x"), Erasure(of=secret.digest, reason="x", authority="y")):
        with pytest.raises(InputError) as refused:
            crisis.write(fact)
        assert "rivage" not in str(refused.value) and secret.digest[:12] not in str(refused.value)
