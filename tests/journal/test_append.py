"""Append, in SQLite and in PostgreSQL: what is acknowledged is there, and the database lets nobody change it."""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta

import pytest

from tests.journal.conftest import NOW, Entropy
from tests.journal.examples import EXAMPLES
from vigie.errors import ConflictError, InputError, RefusedError, StorageError
from vigie.journal import Draft, Identity, Journal, verify
from vigie.journal.facts import Erased, Erasure, Note, parse


@pytest.fixture
def journal(store):
    entropy = Entropy("append")
    return Journal(store, Identity.create("alpha", entropy), entropy)


def line(text="Écran noir", incident="alpha/crisis", **options):
    return Draft(incident, Note(text=text), "A. Morel", **options)


def test_what_was_written_is_read_again(journal, store):
    drafts = [
        Draft("alpha/crisis", parse(example), "A. Morel") for kind, example in EXAMPLES.items() if kind != "erasure"
    ]
    receipts = journal.append_all(drafts, NOW)
    held = list(store.received())
    assert [received.fact for received in held] == [draft.fact for draft in drafts]
    assert [received.digest for received in held] == [receipt.digest for receipt in receipts]
    assert [received.entry for received in held] == [receipt.entry for receipt in receipts]
    assert [received.entry.index for received in held] == list(range(len(drafts)))
    assert verify(store).ok
    assert journal.checkpoint().size == len(drafts)


def test_readers_page_and_pick(journal, store):
    journal.append_all([line(f"ligne {i}", f"alpha/{'a' if i % 2 else 'b'}") for i in range(2500)], NOW)
    assert [r.seq for r in store.received(after=2490)] == list(range(2491, 2501))
    assert sum(1 for _ in store.received()) == 2500
    assert sum(1 for _ in store.received(incident="alpha/a", limit=1100)) == 1100
    assert [r.seq for r in store.received(upto=4, incident="alpha/a")] == [2, 4]
    assert [r.seq for r in store.get([7, 3, 99999])] == [7, 3]
    assert store.by_digest(store.get([7])[0].digest).seq == 7
    assert store.by_digest("00" * 32) is None and store.by_digest("no digest") is None
    assert store.incidents() == ["alpha/a", "alpha/b"]
    assert store.last_seq() == 2500
    log = store.own_logs()[0]
    assert list(store.outline(2497, 2499)) == [(2498, "alpha/a", "note", log), (2499, "alpha/b", "note", log)]
    assert sum(1 for _ in store.outline()) == 2500


def test_the_same_key_with_the_same_content_is_the_same_entry(journal, store):
    first = journal.append(line(key="k1"), NOW)
    again = journal.append(line(key="k1"), NOW + timedelta(hours=1))
    assert (again.seq, again.digest, again.repeated) == (first.seq, first.digest, True)
    assert store.last_seq() == 1


def test_the_same_key_with_other_content_is_a_conflict_and_writes_nothing(journal, store):
    journal.append(line(key="k1"), NOW)
    with pytest.raises(ConflictError, match="write a correction"):
        journal.append(line("autre chose", key="k1"), NOW)
    with pytest.raises(ConflictError):
        journal.append_all([line("avant"), line("autre chose", key="k1")], NOW)
    assert store.last_seq() == 1
    assert verify(store).ok


def test_a_batch_is_written_whole_or_not_at_all(journal, store):
    with pytest.raises(InputError):
        journal.append_all([line(), line(incident="no slash")], NOW)
    assert store.last_seq() == 0


@pytest.mark.parametrize(
    "draft",
    [
        line(incident="alpha"), line(incident="alpha/a b"), line(realm="drill"), line(role="king"), line(tlp="pink"),
        line(happened_at=NOW.replace(tzinfo=None)), line(key=""), line(precision="century"), line()._replace(author=" "),
    ],
)  # fmt: skip
def test_a_bad_draft_is_refused_and_changes_nothing(journal, store, draft):
    with pytest.raises(InputError):
        journal.append(draft, NOW)
    assert store.last_seq() == 0


def test_an_exercise_never_enters_a_crisis(journal, store):
    journal.append(line(), NOW)
    with pytest.raises(RefusedError, match="never mixed"):
        journal.append(line(realm="exercise"), NOW)
    with pytest.raises(RefusedError):
        journal.append_all([line(incident="alpha/new", realm="exercise"), line(incident="alpha/new")], NOW)
    assert store.last_seq() == 1


def test_many_threads_share_transactions_and_every_entry_is_there(journal, store):
    receipts, errors = [], []

    def work(name):
        try:
            for i in range(25):
                receipts.append(journal.append(line(f"{name} {i}"), NOW))
        except Exception as error:  # noqa: BLE001 (shown by the assertion below)
            errors.append(error)
        finally:
            store.close() if store.url.startswith("postgres") else None

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not errors
    assert sorted(receipt.seq for receipt in receipts) == list(range(1, 201))
    assert verify(store).ok


def test_two_processes_that_share_a_database_never_fork(journal, store):
    entropy = Entropy("append")
    twin = Journal(store, Identity.create("alpha", entropy), Entropy("other salts"))
    for i in range(5):
        journal.append(line(f"un {i}"), NOW)
        twin.append(line(f"deux {i}"), NOW)
    assert [received.entry.index for received in store.received()] == list(range(10))
    assert verify(store).ok


@pytest.mark.parametrize("table", ["journal_entries", "journal_checkpoints", "journal_payloads"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t} CASCADE", "REPLACE INTO {t} SELECT * FROM {t}",
     "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
     "INSERT INTO {t} SELECT * FROM {t} ON CONFLICT ({k}) DO UPDATE SET {c} = excluded.{c}"],
)  # fmt: skip
def test_the_database_itself_refuses_change(journal, store, table, statement):
    journal.append(line(), NOW)
    store.mark_printed(journal.checkpoint())
    postgres = store.url.startswith("postgres")
    if postgres == ("REPLACE" in statement) or (not postgres and "TRUNCATE" in statement):
        statement = "DELETE FROM {t}"  # the statement does not exist in this dialect
    columns = {"journal_entries": ("kind", "seq"), "journal_checkpoints": ("made_at", "log, size, root"),
               "journal_payloads": ("body", "seq")}[table]  # fmt: skip
    sql = statement.format(t=table, c=columns[0], k=columns[1]).replace(f"{table} ON", f"{table} WHERE true ON")
    with pytest.raises(StorageError, match="refused"), store.writing() as tx:
        tx.run(sql)
    assert [received.fact.text for received in store.received()] == ["Écran noir"]
    assert verify(store).ok


def test_an_erasure_destroys_the_payload_and_the_log_still_verifies(journal, store):
    first = journal.append(line("NIR d'un patient : 1 84 12"), NOW)
    order = Erasure(of=first.digest, reason="identité d'un patient", authority="DPO")
    with pytest.raises(RefusedError, match="director"):
        journal.append(Draft("alpha/crisis", order, "A. Morel"), NOW)
    with pytest.raises(InputError, match="belongs to"):
        journal.append(Draft("alpha/other", order, "C. Leroy", "director"), NOW)
    journal.append(Draft("alpha/crisis", order, "C. Leroy", "director"), NOW)
    assert isinstance(store.get([1])[0].fact, Erased)
    assert not any(row.body and b"1 84 12" in row.body for row in store.rows())
    assert verify(store).ok


def test_erased_text_is_no_longer_in_the_file(node, tmp_path):
    alpha = node("alpha")
    first = alpha.write("le mot-secret-du-patient")
    alpha.write(Erasure(of=first.digest, reason="x", authority="DPO"), role="director")
    with sqlite3.connect(tmp_path / "alpha.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert all(b"mot-secret" not in file.read_bytes() for file in tmp_path.glob("alpha.db*"))


def test_a_full_disk_acknowledges_nothing(node):
    alpha = node("alpha")
    alpha.store._writer.execute("PRAGMA max_page_count = 30")
    written = 0
    with pytest.raises(StorageError, match="Free some space"):
        for _ in range(500):
            alpha.write("x" * 5000)
            written += 1
    alpha.store._writer.execute("PRAGMA max_page_count = 1000000")
    assert alpha.store.last_seq() == written + 1
    assert verify(alpha.store).ok
    alpha.write("la suite")
    assert verify(alpha.store).ok


def test_the_clock_of_a_node_never_goes_back_but_a_mad_one_is_not_followed(journal):
    def at(instant):
        entry = journal.append(line(), instant).entry
        return entry.recorded_at, entry.tick

    assert at(NOW) == (NOW, 0)
    assert at(NOW - timedelta(minutes=5)) == (NOW, 1)
    assert at(NOW + timedelta(minutes=1)) == (NOW + timedelta(minutes=1), 0)
    assert at(NOW + timedelta(days=2000)) == (NOW + timedelta(days=2000), 0)
    assert at(NOW + timedelta(minutes=2)) == (NOW + timedelta(minutes=2), 0)


def test_a_journal_of_a_later_version_is_left_alone(journal, store):
    from vigie.journal import open_store

    journal.append(line(), NOW)
    with store.writing() as tx:
        tx.run("UPDATE journal_schema SET version = 99")
    with pytest.raises(StorageError, match="a later Vigie"):
        open_store(store.url)
