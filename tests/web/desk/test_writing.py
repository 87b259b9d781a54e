"""Writing: what a caller may write, where, and in whose name."""

from __future__ import annotations

import pytest

from tests.web.desk.conftest import NIGHT
from vigie.errors import ConflictError, InputError, RefusedError
from vigie.journal.facts import KINDS, Closed, Correction, Decision, Erasure, Note, Opened
from vigie.web import desk
from vigie.web.accounts.services import acting_as


def test_the_author_and_the_role_are_those_of_the_caller(crisis, site):
    entry = crisis.write(Note(text="x"), acting=acting_as(site.bob)).entry
    assert (entry.author, entry.role, entry.realm, entry.owner) == ("b.roux", "member", "real", "valmont")


@pytest.mark.parametrize(
    ("who", "fact"),
    [("bob", Closed(outcome="fini")), ("bob", Erasure(of="0" * 64, reason="x", authority="y")), ("charlie", Note(text="x")),
     ("admin", Note(text="x")), ("agnes", Opened(title="x"))],
)  # fmt: skip
def test_what_a_role_or_a_stranger_may_not_write_is_refused(crisis, site, who, fact):
    with pytest.raises(RefusedError):
        crisis.write(fact, acting=acting_as(getattr(site, who)))
    assert desk.store().last_seq() == 2


def test_an_incident_that_is_not_there_is_refused(crisis):
    with pytest.raises(RefusedError):
        desk.write(crisis.acting, "valmont/absent", Note(text="x"), now=NIGHT)
    with pytest.raises(RefusedError):
        desk.write(crisis.acting, "valmont/register", Note(text="x"), now=NIGHT)


def test_a_correction_is_about_an_entry_of_this_incident_and_keeps_its_kind(crisis):
    note = crisis.write(Note(text="x"))
    other = desk.open_incident(crisis.acting, Opened(title="Autre"), realm="exercise", now=crisis.at).entry.incident
    with pytest.raises(InputError):
        desk.write(crisis.acting, other, Correction(of=note.digest, why="x"), now=crisis.at)
    with pytest.raises(InputError):
        crisis.write(Correction(of=note.digest, why="x", replacement={"kind": "closed", "outcome": "fini"}))


def test_a_correction_guards_what_it_repeats(crisis):
    note = crisis.write(Note(text="avis"), privileged=True, tlp="red")
    mend = crisis.write(
        Correction(of=note.digest, why="x", replacement={"kind": "note", "text": "avis 2"}), tlp="green"
    ).entry
    assert (mend.privileged, mend.tlp) == (True, "red")


def test_a_key_used_twice_writes_once(crisis):
    first = crisis.write(Note(text="x"), key="formulaire-1")
    assert crisis.write(Note(text="x"), key="formulaire-1") == first._replace(repeated=True)
    with pytest.raises(ConflictError):
        crisis.write(Note(text="y"), key="formulaire-1")


def test_incidents_are_named_by_month_and_title(crisis):
    def opened(title, **options):
        return desk.open_incident(
            crisis.acting, Opened(title=title), realm="exercise", now=NIGHT, **options
        ).entry.incident

    assert opened("Panne du réseau (DSI) !") == "valmont/2026-11-panne-du-reseau-dsi"
    assert opened("Panne du réseau (DSI) ?") == "valmont/2026-11-panne-du-reseau-dsi-2"
    assert opened("日本") == "valmont/2026-11-incident"
    assert opened("x", name="Choisi ici") == "valmont/choisi-ici"
    for name in ("Choisi ici", "register"):
        with pytest.raises(InputError):
            opened("y", name=name)


def test_an_exercise_stays_an_exercise(crisis):
    incident = desk.open_incident(crisis.acting, Opened(title="Essai"), realm="exercise", now=NIGHT).entry.incident
    receipt = desk.write(crisis.acting, incident, Decision(text="x", decider="y"), now=NIGHT)
    assert receipt.entry.realm == "exercise"
    with pytest.raises(InputError):
        desk.open_incident(crisis.acting, Opened(title="x"), realm="simulated", now=NIGHT)


@pytest.mark.parametrize("fact", [
    lambda digest: Correction(of=digest, why="x"),
    lambda digest: Correction(of=digest, why="x", replacement={"kind": "note", "text": "y"}),
    lambda digest: Correction(of=digest, why="x", replacement={"kind": "task", "task": "t", "text": "y", "state": "done"}),
])  # fmt: skip
def test_what_a_member_cannot_see_they_neither_mend_nor_learn_of(crisis, site, fact):
    secret = crisis.write(Note(text="Avis de l'avocat"), privileged=True)
    bob = acting_as(site.bob)
    seq = desk.store().last_seq()
    with pytest.raises(InputError) as refused:
        crisis.write(fact(secret.digest), acting=bob)
    with pytest.raises(InputError) as unknown:
        crisis.write(fact("0" * 64), acting=bob)
    assert str(refused.value) == str(unknown.value)
    assert desk.store().last_seq() == seq
    crisis.write(Correction(of=secret.digest, why="relu"))  # its director may
    mine = crisis.write(Note(text="Pour l'avocat"), acting=bob, privileged=True)
    crisis.write(Correction(of=mine.digest, why="relu"), acting=bob)  # and everybody their own


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_analyst_on_a_hospitals_node_writes_what_an_observatory_may(crisis, site, kind):
    """The node speaks for its hospital: what an analyst signs there would count as the hospital's own word."""
    from tests.web.incidents.samples import SAMPLES

    fact, agnes = SAMPLES[kind], acting_as(site.agnes)
    told = ("qualification", "communication", "exchange", "support", "routing")
    if kind in ("note", "indicator", "exploited_vulnerability", "technique", *told):
        assert crisis.write(fact, acting=agnes).entry.role == "analyst"
    else:
        with pytest.raises((RefusedError, InputError)):
            crisis.write(fact, acting=agnes)
