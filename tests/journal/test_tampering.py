"""Tampering is always found, by somebody who holds only the file; and what is honest is accepted."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journal.conftest import NOW, Entropy, Node
from vigie.errors import BundleError, InputError
from vigie.journal import Bundle, Checkpoint, Draft, Identity, Printed, export, open_store, verify
from vigie.journal.bundle import Line, write
from vigie.journal.entry import decode, digest_of, encode
from vigie.journal.facts import Erasure, KeyRotated, Note, canonical
from vigie.journal.merkle import roots_at


@pytest.fixture
def alpha(node):
    alpha = node("alpha")
    for i in range(6):
        alpha.write(f"ligne {i}")
    return alpha


def faults(content: bytes, **options) -> str:
    """Everything that is said against a bundle."""
    try:
        report = verify(Bundle(content), **options)
    except BundleError as error:
        return str(error)
    return " | ".join([*report.faults, *(fault for log in report.logs for fault in log.faults)])


# -- bundles -----------------------------------------------------------------------------------------------------------


def test_an_honest_bundle_is_accepted(alpha):
    assert faults(alpha.bundle()) == ""


def test_every_single_flipped_bit_is_found(alpha):
    content = alpha.bundle()
    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << (place % 8)
        assert faults(bytes(flipped)), f"byte {place} of {len(content)} was flipped unseen"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_truncated_or_lengthened_file_is_found(tmp_path_factory, data):
    directory = tmp_path_factory.mktemp("cut")
    alpha = Node("alpha", open_store(str(directory / "a.db")))
    alpha.write("x")
    content = alpha.bundle()
    size = data.draw(st.integers(0, len(content) - 1))
    assert faults(content[:size])
    assert faults(content + data.draw(st.binary(min_size=1, max_size=30)))
    alpha.store.close()


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 5000, b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.7"])
def test_what_is_no_bundle_is_refused_in_words(content):
    with pytest.raises(BundleError, match="ask for it again"):
        Bundle(content)


def resealed(content: bytes, change, identity: Identity) -> bytes:
    """A forger's work: change the lines and the segments, then seal and sign a new manifest with a key of his own."""
    bundle = Bundle(content)
    lines, segments = change(list(bundle.lines()), list(bundle.segments))
    target = BytesIO()
    write(target, identity, lines, segments, bundle.maps(), bundle.scope, bundle.manifest["made_at"])
    return target.getvalue()


FORGER = Identity.create("mallory", Entropy("mallory"))


def altered(line: Line, **changes) -> Line:
    return Line(encode(decode(line.raw)._replace(**changes)), line.body)


def without(numbers, lines, segments):
    kept = [line for number, line in enumerate(lines) if number not in numbers]
    return kept, [replace(segments[0], lines=tuple(range(len(kept))))]


FORGERIES = {
    "the author of an entry": (lambda ls, ss: ([*ls[:3], altered(ls[3], author="B. Autre"), *ls[4:]], ss), "entry 3"),
    "the time of an entry": (lambda ls, ss: ([*ls[:3], altered(ls[3], happened_at=NOW), *ls[4:]], ss), "entry 3"),
    "the last entry": (lambda ls, ss: ([*ls[:6], altered(ls[6], author="B. Autre")], ss), "root"),
    "a payload": (lambda ls, ss: ([*ls[:3], Line(ls[3].raw, ls[3].body + b" "), *ls[4:]], ss), "entry 3: its payload"),
    "an entry removed": (lambda ls, ss: without({3}, ls, ss), "entry 3 is missing"),
    "the last entry removed": (lambda ls, ss: without({6}, ls, ss), "entry 6 is missing"),
    "the first entry removed": (lambda ls, ss: without({0}, ls, ss), "entry 0 is missing"),
    "two entries swapped": (lambda ls, ss: ([*ls[:2], ls[3], ls[2], *ls[4:]], ss), "swapped"),
    "an entry repeated": (lambda ls, ss: ([*ls[:3], ls[2], *ls[4:]], ss), "repeated"),
    "an entry added": (lambda ls, ss: ([*ls, altered(ls[6], index=7, previous=digest_of(ls[6].raw).hex())],
                                       [replace(ss[0], lines=tuple(range(8)))]), "outside a tree of 7"),
    "an entry added aside": (lambda ls, ss: ([*ls, altered(ls[6], index=7)], ss), "belong to no log"),
    "the key": (lambda ls, ss: (ls, [replace(ss[0], public_key=FORGER.public_key)]), "key is forged"),
    "the size of the checkpoint": (lambda ls, ss: without({6}, ls, [replace(ss[0], checkpoint=replace(ss[0].checkpoint, size=6))]),
                                   "not signed"),
    "another node's name": (lambda ls, ss: ([altered(line, node="chu") for line in ls], ss), "author is forged"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_that_is_sealed_again_is_found(alpha, name):
    change, words = FORGERIES[name]
    assert words in faults(resealed(alpha.bundle(), change, FORGER))


def test_a_checkpoint_cut_to_fit_a_shorter_log_is_not_signed(alpha):
    def shorten(lines, segments):
        root = next(root for _, root in roots_at([digest_of(line.raw) for line in lines[:6]], [6]))
        point = replace(segments[0].checkpoint, size=6, root=root.hex())
        return lines[:6], [replace(segments[0], lines=tuple(range(6)), checkpoint=point)]

    assert "not signed by the key of this log" in faults(resealed(alpha.bundle(), shorten, FORGER))


def test_a_part_with_an_entry_removed_is_found(node):
    alpha = node("alpha")
    for i in range(9):
        alpha.write(f"ligne {i}", f"alpha/{'ab'[i % 2]}")
    content = alpha.bundle("alpha/a")
    assert faults(content) == ""
    for number in range(Bundle(content).count):
        assert faults(resealed(content, lambda ls, ss, n=number: without({n}, ls, ss), FORGER))


# -- a past rewritten by the holder of the key -------------------------------------------------------------------------


def rewritten(node) -> tuple[Node, Node]:
    """Two journals of one key: what happened, and what the key holder would rather have happened."""
    honest, liar = node("alpha", seed="same"), node("alpha", seed="same", file="liar")
    for i in range(6):
        honest.write(f"ligne {i}")
        liar.write(f"ligne {i}" if i != 2 else "rien vu")
    return honest, liar


def test_a_rewritten_past_is_found_against_a_peer(node):
    honest, liar = rewritten(node)
    peer = node("peer")
    peer.merge(honest.bundle())
    for i in range(4):
        liar.write(f"suite {i}")
    assert faults(liar.bundle()) == ""  # alone, it holds together: that is why peers and paper are witnesses
    assert "the past was rewritten" in faults(liar.bundle(), against=peer.store)
    assert "the past was rewritten" in faults(liar.bundle(), against=Bundle(honest.bundle()))
    honest.write("la suite honnête")
    assert faults(honest.bundle(), against=peer.store) == ""


def test_a_rewritten_past_is_found_against_a_printed_page(node):
    honest, liar = rewritten(node)
    page = honest.journal.checkpoint().fingerprint
    honest.write("la suite")
    liar.write("la suite")
    assert faults(honest.bundle(), printed=[Printed.parse(page)]) == ""
    assert "the past was rewritten" in faults(liar.bundle(), printed=[Printed.parse(page)])


def test_a_part_proves_that_it_goes_on_from_a_printed_page(node):
    honest, liar = rewritten(node)
    for each in (honest, liar):
        each.store.mark_printed(each.journal.checkpoint())
    page = Printed.parse(honest.journal.checkpoint().fingerprint)
    for each in (honest, liar):
        for i in range(5):
            each.write(f"autre {i}", "alpha/other")
    assert faults(honest.bundle("alpha/other"), printed=[page]) == ""
    assert "the past was rewritten" in faults(liar.bundle("alpha/other"), printed=[page])


def test_entries_cut_off_the_end_are_found_by_a_peer(node):
    honest, shorter = node("alpha", seed="same"), node("alpha", seed="same", file="shorter")
    for i in range(4):
        honest.write(f"ligne {i}")
        shorter.write(f"ligne {i}")
    honest.write("la dernière")
    assert "entries are missing" in faults(shorter.bundle(), against=Bundle(honest.bundle()))
    assert "reaches back" in faults(shorter.bundle(), printed=[Printed.parse(honest.journal.checkpoint().fingerprint)])


def test_a_journal_written_anew_under_another_key_is_found_by_a_peer(node):
    honest, impostor = node("alpha"), node("alpha", seed="another key", file="impostor")
    for each in (honest, impostor):
        each.write("x")
    assert faults(impostor.bundle()) == ""
    assert "under another key" in faults(impostor.bundle(), against=Bundle(honest.bundle()))


def test_a_key_passed_on_by_the_old_key_is_accepted(node):
    alpha, renewed, peer = node("alpha"), node("alpha", seed="new key", file="renewed"), node("peer")
    peer.merge(alpha.bundle())
    new = renewed.journal.identity
    alpha.write(
        KeyRotated(node="alpha", old_incarnation=alpha.journal.identity.incarnation, new_incarnation=new.incarnation,
                   new_public_key=new.public_key, why="nouveau poste")
    )  # fmt: skip
    renewed.merge(alpha.bundle())
    assert faults(renewed.bundle(), against=peer.store) == ""


@pytest.mark.parametrize(
    "text", ["214 · 7F3A-9C21-0B44-D1E2", "214 7f3a9c210b44d1e2", "alpha: 214 · 7F3A-9C21-0B44-D1E2"]
)
def test_a_printed_fingerprint_is_read_as_people_type_it(text):
    printed = Printed.parse(text)
    assert (printed.size, printed.root) == (214, "7F3A-9C21-0B44-D1E2")


@pytest.mark.parametrize(
    "text", ["", "214", "7F3A-9C21-0B44-D1E2", "214 · 7F3A-9C21-0B44", "214 · ZZZZ-9C21-0B44-D1E2"]
)
def test_a_mistyped_fingerprint_is_refused_in_words(text):
    with pytest.raises(InputError, match="Type it as on the page"):
        Printed.parse(text)


# -- honest things that look strange -----------------------------------------------------------------------------------


def test_a_fork_after_a_restored_backup_is_shown_and_accepted(node, tmp_path):
    alpha, peer = node("alpha", seed="same"), node("peer")
    alpha.write("avant la sauvegarde")
    alpha.store._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(tmp_path / "alpha.db", tmp_path / "restored.db")
    alpha.write("perdu avec le disque")
    peer.merge(alpha.bundle())
    restored = Node("alpha", open_store(str(tmp_path / "restored.db")), seed="same")
    restored.now = alpha.now
    restored.write("après la restauration")
    peer.merge(restored.bundle())
    report = verify(peer.store)
    assert report.ok
    log = next(log for log in report.logs if log.log == alpha.log)
    assert "fork at entry 2: 2 branches" in log.notes[0]
    assert verify(Bundle(peer.bundle())).ok
    restored.merge(peer.bundle())
    assert verify(restored.store).ok and alpha.digests() <= restored.digests()
    restored.store.close()


def test_an_erased_payload_verifies(alpha):
    first = alpha.write("identité")
    alpha.write(Erasure(of=first.digest, reason="x", authority="DPO"), role="director")
    report = verify(Bundle(alpha.bundle()))
    assert report.ok and "1 payload(s) are not here" in report.logs[0].notes[0]


# -- databases ---------------------------------------------------------------------------------------------------------

DAMAGE = {
    "an entry's bytes": ("UPDATE journal_entries SET raw = replace(raw, 'A. Morel', 'B. Autre') WHERE idx = 3", "entry 3"),
    "a digest": ("UPDATE journal_entries SET digest = zeroblob(32) WHERE idx = 3", "entry 3"),
    "an author": ("UPDATE journal_entries SET raw = CAST(replace(raw, 'A. Morel', 'B. Autre') AS BLOB) WHERE idx = 6", "entry 6"),
    "a kind": ("UPDATE journal_entries SET kind = 'decision' WHERE idx = 3", "entry 3: it was moved"),
    "an incident": ("UPDATE journal_entries SET incident = 'alpha/other' WHERE idx = 3", "entry 3: it was moved"),
    "a payload": ("UPDATE journal_payloads SET body = CAST(body || 'x' AS BLOB) WHERE seq = 4", "entry 3: its payload"),
    "an entry removed": ("DELETE FROM journal_entries WHERE idx = 3", "entry 3 is missing"),
    "the last entry removed": ("DELETE FROM journal_entries WHERE idx = 6", "entry 6 is missing"),
    "the first entry removed": ("DELETE FROM journal_entries WHERE idx = 0", "entry 0 is missing"),
    "two entries swapped": ("UPDATE journal_entries SET idx = CASE idx WHEN 2 THEN 3 ELSE 2 END WHERE idx IN (2, 3)", "entry"),
    "a checkpoint's root": ("UPDATE journal_logs SET root = zeroblob(32)", "not signed"),
    "a checkpoint's signature": ("UPDATE journal_logs SET signature = zeroblob(64)", "not signed"),
    "the last checkpoint removed": ("UPDATE journal_logs SET root = x'', made_at = '', signature = x''", "newest was removed"),
    "the key of the log": ("UPDATE journal_logs SET public_key = '" + "11" * 32 + "'", "key is forged"),
    "the head moved back": ("UPDATE journal_logs SET size = 6", "entry"),
}  # fmt: skip


def damaged(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("PRAGMA foreign_keys=OFF")
        assert raw.execute(statement).rowcount, "the statement of this test changed nothing"


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_to_a_database_is_found_and_named(alpha, tmp_path, name):
    statement, words = DAMAGE[name]
    damaged(tmp_path / "alpha.db", statement)
    found = " | ".join(fault for log in verify(alpha.store).logs for fault in log.faults)
    assert words in found


def cut_short(alpha: Node, path: Path, signer: Identity) -> None:
    """Take away the last of seven entries with all its traces, and sign what is left."""
    rows = list(alpha.store.rows())[:6]
    frontier = alpha.store.heads()[0].frontier.__class__()
    for row in rows:
        frontier.append(row.digest)
    point = Checkpoint.signed(replace(signer, node=alpha.name), 6, frontier.root(), NOW)
    point = replace(point, incarnation=alpha.journal.identity.incarnation)
    point = replace(point, signature=signer.sign(point.message()))
    with sqlite3.connect(path) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("DELETE FROM journal_payloads WHERE seq = 7")
        raw.execute("DELETE FROM journal_entries WHERE seq = 7")
        raw.execute(
            "UPDATE journal_logs SET size = 6, tip = ?, peaks = ?, root = ?, made_at = ?, signature = ?",
            (rows[-1].digest.hex(), frontier.to_bytes(), frontier.root(), point.at, bytes.fromhex(point.signature)),
        )


def test_the_last_entry_removed_with_all_its_traces_lacks_the_key(alpha, tmp_path):
    """No older signature lies about in the file to fall back on."""
    cut_short(alpha, tmp_path / "alpha.db", FORGER)
    assert any("not signed" in fault for log in verify(alpha.store).logs for fault in log.faults)


def test_the_last_entry_removed_by_the_holder_of_the_key_is_found_by_the_printed_page(alpha, tmp_path):
    page = Printed.parse(alpha.journal.checkpoint().fingerprint)
    cut_short(alpha, tmp_path / "alpha.db", alpha.journal.identity)
    assert verify(alpha.store).ok  # a perfect crime, but for the paper
    assert not verify(alpha.store, printed=[page]).ok


def test_foreign_entries_in_a_database_are_proved_too(node, tmp_path):
    alpha, beta = node("alpha"), node("beta")
    for i in range(6):
        alpha.write(f"ligne {i}", f"alpha/{'ab'[i % 2]}")
    beta.merge(alpha.bundle("alpha/a"))
    damaged(tmp_path / "beta.db", "DELETE FROM journal_entries WHERE idx = 3 AND log = 2")
    report = verify(beta.store)
    assert [log.log for log in report.logs if log.faults] == [alpha.log]
    assert "entry 3 is missing" in report.logs[0].faults[0]


def test_canonical_bytes_are_required(alpha):
    def respace(lines, segments):
        return [Line(json.dumps(json.loads(lines[0].raw)).encode(), lines[0].body), *lines[1:]], segments

    assert "not canonical" in faults(resealed(alpha.bundle(), respace, FORGER))


@pytest.mark.parametrize(
    "field",
    [
        {"index": "7"}, {"index": True}, {"index": -1}, {"tick": 1.5}, {"happened_at": "2026-11-22T03:10:00"},
        {"happened_at": "2026-11-22T03:10:00+01:00"}, {"role": ["director"]}, {"author": ""}, {"saw": ["x"]},
        {"saw": {"x": "y"}}, {"saw": {"alpha/0011223344556677": -1}}, {"incident": "no slash"}, {"incident": "a/" + "b" * 300},
        {"node": "a b"}, {"realm": "dream"}, {"tlp": "pink"}, {"happened_at": "9999-12-31T23:30:00.000000Z"},
        {"recorded_at": "0001-01-01T00:00:00.000000Z"}, {"incident": "a/b\u0000c"}, 
        {"key": 3}, {"privileged": "no"}, {"commitment": "x"}, {"previous": 3}, {"realm": None}, {"kind": {}},
    ],
    ids=str,
)  # fmt: skip
def test_a_hostile_node_that_signs_nonsense_is_refused(node, field):
    """Its signatures are good and its bytes canonical; what it says would break every reader."""
    mallory, victim = node("mallory"), node("victim")
    mallory.write("bonjour")

    def poison(lines, segments):
        data = json.loads(lines[-1].raw) | field
        raw = canonical(data)
        digests = [digest_of(line.raw) for line in lines[:-1]] + [digest_of(raw)]
        root = next(root for _, root in roots_at(digests, [len(digests)]))
        point = Checkpoint.signed(mallory.journal.identity, len(digests), root, NOW)
        return [*lines[:-1], Line(raw, lines[-1].body)], [replace(segments[0], checkpoint=point)]

    before = victim.digests()
    with pytest.raises(BundleError):
        victim.merge(resealed(mallory.bundle(), poison, mallory.journal.identity))
    assert victim.digests() == before


def test_golden_bytes_of_an_entry_and_a_checkpoint():
    """Other programs may read a bundle: these bytes never change."""
    identity = Identity.from_secret("alpha", bytes(range(32)))
    assert identity.incarnation == "56475aa75463474c"
    point = Checkpoint.signed(identity, 1, b"\0" * 32, NOW)
    assert point.message() == (
        b'vigie checkpoint\n{"at":"2026-11-22T03:10:00.000000Z","incarnation":"56475aa75463474c","node":"alpha",'
        b'"root":"' + b"0" * 64 + b'","size":1}'
    )
    assert Draft("a/b", Note(text="x"), "A").tlp == "amber"


def test_a_bundle_that_would_eat_the_memory_is_refused_at_once(alpha):
    bundle = Bundle(alpha.bundle())
    segment = bundle.segments[0]
    for lines, segments, words in (
        (list(bundle.lines()), [segment] * 40, "overlap"),
        ([Line(b"{}", None)] * 7, [segment], "cannot hold"),
    ):
        target = BytesIO()
        write(target, FORGER, lines, segments, {}, bundle.scope, bundle.manifest["made_at"])
        with pytest.raises(BundleError, match=words):
            Bundle(target.getvalue())


def test_what_its_reader_may_not_see_leaves_no_trace_but_its_place(alpha):
    hidden = alpha.write("TLP:RED secret", tlp="red")
    alpha.write("visible")
    target = BytesIO()
    export(alpha.store, alpha.journal.identity, target, alpha.now, incident="alpha/crisis", without={hidden.seq})
    bundle = Bundle(target.getvalue())
    assert verify(bundle).ok and not any(b"secret" in (line.body or b"") for line in bundle.lines())
