"""Files kept as evidence: whole or not at all, reached through an entry, handed out as downloads only."""

from __future__ import annotations

import errno
import os
from hashlib import sha256

import pytest
from django.http import Http404

from vigie.errors import InputError, StorageError
from vigie.journal.facts import Artefact, Erasure
from vigie.web.desk import attachments
from vigie.web.desk.models import LogLine

PROOF = b"<script>alert(1)</script>\x00journal"
DIGEST = sha256(PROOF).hexdigest()
ALICE = attachments.Bringer("valmont", "a.lefort")


def left(site):
    return sorted(path.name for path in (site.data / "attachments").rglob("*") if path.is_file())


@pytest.fixture
def kept(crisis):
    """The number of an entry that keeps the proof."""
    stored = attachments.keep([PROOF[:5], PROOF[5:]], ALICE)
    fact = Artefact(
        name='../../rançon "1".html', sha256=stored.sha256, size_bytes=stored.size_bytes, collector="A. Lefort"
    )
    receipt = crisis.write(fact)
    from vigie.web import desk

    desk.follow()
    return receipt


def test_a_file_lies_under_its_hash(kept, site):
    path = attachments.path_of(DIGEST)
    assert path.read_bytes() == PROOF
    assert path.relative_to(site.data).parts == ("attachments", DIGEST[:2], DIGEST[2:])
    assert left(site) == [DIGEST[2:]]
    assert attachments.keep([PROOF], ALICE) == (DIGEST, len(PROOF))
    assert left(site) == [DIGEST[2:]]


def test_it_is_handed_out_as_a_download_and_nothing_else(kept):
    response = attachments.download(LogLine.objects.all(), kept.seq)
    assert b"".join(response.streaming_content) == PROOF
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_it_is_reached_only_through_an_entry_of_the_caller(kept, crisis):
    for lines, seq in (
        (LogLine.objects.none(), kept.seq),
        (LogLine.objects.filter(incident_id="rivage/autre"), kept.seq),
        (LogLine.objects.all(), kept.seq - 1),
        (LogLine.objects.all(), 999),
    ):
        with pytest.raises(Http404):
            attachments.download(lines, seq)


def test_an_erasure_destroys_the_file_with_the_last_entry_that_kept_it(kept, crisis, site):
    from vigie.web import desk

    twin = crisis.write(Artefact(name="copie", sha256=DIGEST, collector="B. Roux"))
    crisis.write(Erasure(of=kept.digest, reason="identité", authority="DPO"))
    desk.follow()
    assert left(site) == [DIGEST[2:]]
    with pytest.raises(Http404):
        attachments.download(LogLine.objects.all(), kept.seq)
    assert attachments.download(LogLine.objects.all(), twin.seq).status_code == 200
    crisis.write(Erasure(of=twin.digest, reason="identité", authority="DPO"))
    desk.follow()
    assert left(site) == []


def test_empty_and_too_large_files_leave_nothing(site, settings_limit):
    for pieces, said in (([], "empty"), ([b"a" * 60, b"b" * 60], "larger than")):
        with pytest.raises(InputError, match=said):
            attachments.keep(pieces, ALICE)
    assert left(site) == []


@pytest.fixture
def settings_limit():
    from django.test import override_settings

    with override_settings(VIGIE_ATTACHMENT_LIMIT_BYTES=100):
        yield


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_is_told_and_leaves_nothing(site, monkeypatch, call):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(StorageError, match="No space left on device. Nothing was written. Free some space"):
        attachments.keep([PROOF], ALICE)
    assert left(site) == []


def test_an_upload_that_breaks_off_leaves_nothing(site):
    def broken():
        yield PROOF
        raise ConnectionResetError(errno.ECONNRESET, "reset")

    with pytest.raises(StorageError):
        attachments.keep(broken(), ALICE)
    assert left(site) == []


# -- a hash is no key ---------------------------------------------------------------------------------------------------


def named(crisis, acting, incident=None, privileged=False):
    """An entry that names the hash of the proof, by somebody who never had the file."""
    from vigie.web import desk

    fact = Artefact(name="à moi", sha256=DIGEST, collector="x")
    return desk.write(acting, incident or crisis.incident, fact, now=crisis.at, privileged=privileged)


def test_naming_the_hash_of_another_hospitals_file_gives_nothing(kept, crisis, site):
    from vigie.journal.facts import Opened
    from vigie.web import desk
    from vigie.web.accounts.services import acting_as

    charlie = acting_as(site.charlie)
    desk.open_incident(charlie, Opened(title="Autre"), realm="real", now=crisis.at, name="autre")
    receipt = named(crisis, charlie, "rivage/autre")
    browser = site.client(site.charlie)
    assert browser.get(f"/incidents/rivage/autre/entries/{receipt.seq}/file").status_code == 404
    page = browser.get(f"/incidents/rivage/autre/entries/{receipt.seq}").content.decode()
    assert f"{receipt.seq}/file" not in page  # nor does the page tell that the file is here
    browser.post("/incidents/rivage/autre/write/artefact", {"collector": "x", "file": upload(), "key": "k"})
    desk.follow()
    assert browser.get(f"/incidents/rivage/autre/entries/{receipt.seq}/file").status_code == 200


def test_another_hospital_neither_keeps_nor_destroys_a_file_by_its_hash(kept, crisis, site):
    from vigie.journal.facts import Opened
    from vigie.web import desk
    from vigie.web.accounts.services import acting_as

    charlie = acting_as(site.charlie)
    desk.open_incident(charlie, Opened(title="Autre"), realm="real", now=crisis.at, name="autre")
    first, second = named(crisis, charlie, "rivage/autre"), named(crisis, charlie, "rivage/autre")
    desk.write(charlie, "rivage/autre", Erasure(of=first.digest, reason="x", authority="y"), now=crisis.at)
    desk.follow()
    desk.write(charlie, "rivage/autre", Erasure(of=second.digest, reason="x", authority="y"), now=crisis.at)
    desk.follow()
    assert left(site) == [DIGEST[2:]]
    named(crisis, charlie, "rivage/autre")
    crisis.write(Erasure(of=kept.digest, reason="identité", authority="DPO"))
    desk.follow()
    assert left(site) == []


def test_a_privileged_file_is_had_through_the_entry_that_brought_it_only(crisis, site):
    from vigie.web import desk
    from vigie.web.accounts.services import acting_as

    stored = attachments.keep([PROOF], ALICE._replace(privileged=True))
    brought = named(crisis, acting_as(site.alice), privileged=True)
    assert stored.sha256 == DIGEST
    bob = acting_as(site.bob)
    for privileged in (False, True):
        mine = named(crisis, bob, privileged=privileged)
        desk.follow()
        assert site.client(site.bob).get(f"/incidents/{crisis.incident}/entries/{mine.seq}/file").status_code == 404
    alice = site.client(site.alice)
    assert alice.get(f"/incidents/{crisis.incident}/entries/{brought.seq}/file").status_code == 200


def test_an_entry_from_another_node_gives_no_file_of_this_one(kept, crisis, monkeypatch):
    from vigie.web import desk

    received = desk.store().get([kept.seq])[0]
    assert attachments.is_available(received)
    foreign = received._replace(entry=received.entry._replace(incarnation="0" * 16))
    assert not attachments.is_available(foreign)


def upload():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("preuve.bin", PROOF)


@pytest.mark.parametrize("posted", [
    {"key": "k"},  # nobody collected it
    {"collector": "x", "entry-happened_at": "bientôt", "key": "k"},
    {"collector": "x", "key": "k", "place": "patient né le 12/03/1956"},  # to be looked at before it is written
    {"collector": "x", "key": "k" * 300},  # refused by the journal itself
])  # fmt: skip
def test_a_file_sent_with_what_is_not_written_does_not_stay(crisis, site, posted):
    from vigie.web.desk.models import KeptFile

    answer = site.client(site.bob).post(f"/incidents/{crisis.incident}/write/artefact", {**posted, "file": upload()})
    assert answer.status_code == 400
    said = answer.content.decode()
    assert "joignez-le de nouveau" in said and DIGEST not in said
    assert left(site) == [] and not KeptFile.objects.exists()


def test_a_refused_entry_leaves_the_file_that_another_one_keeps(kept, crisis, site):
    posted = {"collector": "x", "key": "k" * 300, "file": upload()}
    assert site.client(site.alice).post(f"/incidents/{crisis.incident}/write/artefact", posted).status_code == 400
    assert attachments.download(LogLine.objects.all(), kept.seq).status_code == 200
