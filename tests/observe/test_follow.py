"""The table kept beside a journal is, after each step, the one made from scratch; and only what was touched is read."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.observe.sector import Place, Sector
from vigie.journal.facts import Closed, Correction, Exchange, KeyCompromised, Note, Opened, Support
from vigie.observe.declarations import declarations
from vigie.observe.derive import derive
from vigie.observe.follow import Follower

WORDS = st.sampled_from(["phishing", "ransomware", "human_error"])
NAMES = st.sampled_from(["d1", "d2"])


class World(Sector):
    """The sector with a second laptop of the observatory, which writes apart from the first."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.laptop = Place(folder, self.clock, "observatoire", "observatory", seed="laptop")
        self.observatory.trust(self.laptop)
        self.digests: list[str] = []

    def declare(self, hospital: str, name: str, word: str) -> None:
        self.digests.append(getattr(self, hospital).declare(name, origin=word))

    def correct(self, number: int, word: str) -> None:
        for digest in self.digests[number : number + 1]:
            place = next(each for each in (self.valmont, self.brume) if each.store.by_digest(digest))
            held = place.store.by_digest(digest).fact
            mended = {**held.model_dump(mode="json"), "origin": word} if word != "human_error" else None
            place.write(Correction(of=digest, why="erreur", replacement=mended))

    def judge(self, place: str, hospital: str, name: str, word: str) -> None:
        origin = "not_malicious" if word == "human_error" else "malicious"
        getattr(self, place).qualify(f"{hospital}/crise", word, origin=origin, declaration=name)

    def steal(self) -> None:
        own = self.brume.journal.identity
        fact = KeyCompromised(node=own.node, incarnation=own.incarnation, since=self.clock.now, why="volée")
        self.observatory.write(fact, "register", "administrator")


HOSPITALS = st.sampled_from(["valmont", "brume"])
STEPS = st.one_of(
    st.builds(lambda h, n, w: lambda world: world.declare(h, n, w), HOSPITALS, NAMES, WORDS),
    st.builds(lambda k, w: lambda world: world.correct(k, w), st.integers(0, 3), WORDS),
    st.builds(
        lambda p, h, n, w: lambda world: world.judge(p, h, n, w), st.sampled_from(["observatory", "laptop"]), HOSPITALS,
        NAMES, WORDS,
    ),
    st.builds(lambda h: lambda world: world.observatory.receive(getattr(world, h)), HOSPITALS),
    st.just(lambda world: world.observatory.receive(world.laptop)),
    st.just(lambda world: world.laptop.receive(world.observatory)),
    st.just(lambda world: world.steal()),
    st.just(lambda world: world.valmont.write(Closed(outcome="fini"), role="director")),
    st.just(lambda world: world.observatory.write(Support(support="s", state="done"), "valmont/crise", "analyst")),
    st.just(
        lambda world: world.observatory.write(
            Exchange(declaration="d1", text="?", awaits="answer"), "valmont/crise", "analyst"
        )
    ),
)  # fmt: skip


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(STEPS, st.booleans()), min_size=4, max_size=14))
def test_followed_step_by_step_is_made_from_scratch(steps):
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        store, local = world.observatory.store, world.observatory.local
        follower = Follower(store, local)
        for step, looked_at in steps:
            step(world)
            if looked_at:
                follower.update()
                resumed = Follower(store, local, follower.table, follower.seq)
        follower.update()
        scratch = declarations(store, local)
        assert follower.table.equals(scratch)
        if any(looked_at for _, looked_at in steps):
            resumed.update()
            assert resumed.table.equals(scratch)
        world.laptop.store.close()
        world.close()


def test_only_the_incidents_that_were_touched_are_derived_again(sector):
    for hospital in (sector.valmont, sector.brume):
        hospital.declare()
        sector.observatory.receive(hospital)
    follower = Follower(sector.observatory.store, sector.observatory.local)
    assert follower.update().incidents == ("brume/crise", "valmont/crise")
    assert follower.update().incidents == ()
    sector.valmont.write(Note(text="rien"))
    sector.observatory.receive(sector.valmont)
    assert follower.update().incidents == ("valmont/crise",)
    sector.observatory.write(Note(text="rien"), "autre")
    assert follower.update().incidents == ()
    sector.observatory.trust(sector.brume)
    assert follower.update().incidents == ("brume/crise",)


def test_up_to_an_order_of_arrival(sector):
    sector.valmont.declare()
    sector.observatory.receive(sector.valmont)
    seq = sector.observatory.store.last_seq()
    sector.observatory.qualify("valmont/crise")
    store, local = sector.observatory.store, sector.observatory.local
    assert declarations(store, local, upto=seq).num_rows == 1
    assert declarations(store, local).num_rows == 2


def test_entries_in_any_order_give_the_same_rows(sector):
    for word in ("phishing", "malware"):
        sector.valmont.declare(origin=word)
        sector.observatory.receive(sector.valmont)
        sector.observatory.qualify("valmont/crise", word)
    entries = list(sector.observatory.store.received())
    shuffled = list(entries)
    random.Random(3).shuffle(shuffled)
    local = sector.observatory.local
    assert derive("valmont/crise", entries, (), local) == derive("valmont/crise", shuffled, (), local)


def test_two_analysts_apart_are_reconciled_by_what_they_read_elsewhere(tmp_path):
    """The laptop had read the first qualification; it says so in another incident, and its own then settles the matter."""
    world = World(tmp_path)
    world.valmont.declare()
    for place in (world.observatory, world.laptop):
        place.trust(world.valmont)
        place.receive(world.valmont)
    world.observatory.qualify("valmont/crise", significance="serious")
    follower = Follower(world.observatory.store, world.observatory.local)
    world.laptop.receive(world.observatory)
    world.laptop.write(Opened(title="Autre"), "autre")
    world.laptop.qualify("valmont/crise", "phishing", significance="not_significant")
    world.observatory.receive(world.laptop)
    follower.update()
    assert follower.table.to_pylist()[-1]["origin"] == "phishing"
    assert follower.table.equals(declarations(world.observatory.store, world.observatory.local))
    world.laptop.store.close()
    world.close()
