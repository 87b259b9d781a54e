"""The read models follow: in any cut, from any thread, after a restore, and always to the same content."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from tests.web.desk.conftest import NIGHT
from vigie.journal import Draft, Identity, Journal, open_store
from vigie.journal.facts import Artefact, Closed, Correction, Erasure, NodeEnrolled, Note, Opened
from vigie.web import desk
from vigie.web.accounts.services import acting_as
from vigie.web.desk import following
from vigie.web.desk.models import Incident, LineSubject, LogLine, NodeFact


def content():
    """Everything that the tables hold, without numbers that databases give."""
    return {
        "incidents": list(Incident.objects.order_by("id").values()),
        "lines": list(LogLine.objects.order_by("seq").values()),
        "subjects": sorted(LineSubject.objects.values_list("line_id", "incident_id", "kind", "subject")),
        "nodes": list(NodeFact.objects.order_by("seq").values_list("seq", flat=True)),
    }


@pytest.fixture
def long_crisis(crisis, site):
    """Opened twice, corrected, erased, with evidence, closed; and a peer that is enrolled only at the end."""
    first = crisis.write(Note(text="À effacer", applications=("lab",)))
    crisis.write(Artefact(name="a.log", collector="A. Lefort", sha256="a" * 64))
    crisis.write(
        Correction(of=first.digest, why="x", replacement={"kind": "note", "text": "mieux", "services": ["icu"]})
    )
    crisis.write(Erasure(of=first.digest, reason="identité", authority="DPO"))
    again = crisis.write(Opened(title="Rançongiciel au bloc"))
    crisis.write(
        Correction(of=again.digest, why="titre", replacement={"kind": "opened", "title": "Rançongiciel partout"})
    )
    crisis.write(Closed(outcome="fini"))
    for number in range(20):
        crisis.write(Note(text=f"ligne {number}", applications=(f"app-{number % 3}",)))
    return crisis


def test_a_rebuild_gives_the_same_content(long_crisis):
    desk.follow()
    before = content()
    assert [done for done, _ in desk.rebuild()] == [29]
    assert content() == before


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_any_cut_gives_the_same_content(long_crisis, monkeypatch, step):
    desk.follow()
    before = content()
    monkeypatch.setattr(following, "STEP_ENTRIES", step)
    list(desk.rebuild())
    assert content() == before


def test_the_header_is_said_by_what_counts(long_crisis, site):
    incident = _incident()
    assert incident.title == "Rançongiciel partout"
    assert incident.opened_at == NIGHT
    assert incident.closed_at == NIGHT + timedelta(minutes=7)
    assert incident.entries_count == 28
    desk.journal().append(Draft(long_crisis.incident, Opened(title="Un membre dit"), "m", "node"), long_crisis.at)
    assert _incident().title == "Un membre dit"
    withdrawn = desk.write(long_crisis.acting, long_crisis.incident, Note(text="x"), now=long_crisis.at)
    assert withdrawn.seq == _incident().last_seq


def _incident():
    desk.follow()
    return Incident.objects.get()


def test_what_a_stranger_says_moves_no_header_until_enrolled(crisis, site, tmp_path):
    """Entries of another node arrive by a merge; they count from the moment its administrator's word arrives."""
    import io
    import os

    from vigie.journal import Bundle, export, merge

    other = Journal(open_store(str(tmp_path / "other.db")), Identity.create("laptop", os.urandom), os.urandom)
    other.introduce("hospital", ["valmont"], "admin", NIGHT)
    other.append(
        Draft(crisis.incident, Opened(title="Titre du portable"), "a.lefort", "director"), NIGHT + timedelta(hours=1)
    )
    file = io.BytesIO()
    export(other.store, other.identity, file, NIGHT + timedelta(hours=2))
    list(merge(desk.journal(), Bundle(file.getvalue()), NIGHT + timedelta(hours=2)))
    line = desk.page(crisis.incident).lines[0]
    assert (line.received.entry.node, line.standing.word, line.standing.reason) == ("laptop", "claimed", "stranger")
    assert _incident().title == "Rançongiciel"
    own = other.identity
    enrolment = NodeEnrolled(
        node="laptop", incarnation=own.incarnation, public_key=own.public_key, role="hospital", speaks_for=("valmont",)
    )
    desk.register(acting_as(site.admin), enrolment, now=NIGHT + timedelta(hours=3))
    assert _incident().title == "Titre du portable"
    assert desk.page(crisis.incident).lines[0].standing.counts
    before = content()
    list(desk.rebuild())
    assert content() == before


def test_two_threads_share_the_work(crisis):
    from django.db import connection

    drafts = [Draft(crisis.incident, Note(text=f"ligne {number}"), "a.lefort", "director") for number in range(3_000)]
    desk.journal().append_all(drafts, crisis.at)
    broken = []

    def read():
        try:
            desk.follow(desk.store().last_seq())
            assert len(desk.page(crisis.incident, limit=100).lines) == 100
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
    assert LogLine.objects.count() == 3_001


def test_a_long_backlog_does_not_make_a_reader_wait(crisis, monkeypatch):
    monkeypatch.setattr(following, "STEP_ENTRIES", 10)
    started = []
    monkeypatch.setattr(following.threading, "Thread", lambda **options: started.append(options) or _Idle())
    other = Journal(open_store(desk.store().url), desk.identity(), lambda size: b"\0" * size)
    drafts = [Draft(crisis.incident, Note(text=f"ligne {number}"), "a.lefort", "director") for number in range(100)]
    other.append_all(drafts, crisis.at)
    monkeypatch.setattr(following, "FRESH_SECONDS", 0)
    desk.follow()
    assert LogLine.objects.count() == 20
    assert len(started) == 1
    mine = crisis.write(Note(text="la mienne"))
    assert desk.page(crisis.incident).lines[0].seq == mine.seq


class _Idle:
    def start(self):
        """A thread that waits."""


def test_a_restored_journal_is_followed_from_its_start(long_crisis, site):
    desk.follow()
    from vigie.web.desk.models import Cursor

    Cursor.objects.update(digest="f" * 64)
    before = content()
    desk.reset()
    desk.follow()
    assert content() == before


def test_text_that_no_database_takes_does_not_stop_what_follows(crisis):
    crisis.write(Note(text="nul \0 au milieu"))
    crisis.write(Note(text="suite"))
    assert len(desk.page(crisis.incident).lines) == 3


def test_postgresql_follows_alike(postgres_url, tmp_path):
    """The same crisis in a fresh process on PostgreSQL: written, filtered, corrected, rebuilt."""
    import os
    import subprocess
    import sys
    from pathlib import Path

    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "VIGIE_DATA": str(tmp_path / "data"), "DATABASE_URL": postgres_url}
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.desk.on_postgresql"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("same content")
