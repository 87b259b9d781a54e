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


def left(site):
    return sorted(path.name for path in (site.data / "attachments").rglob("*") if path.is_file())


@pytest.fixture
def kept(crisis):
    """The number of an entry that keeps the proof."""
    stored = attachments.keep([PROOF[:5], PROOF[5:]])
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
    assert attachments.keep([PROOF]) == (DIGEST, len(PROOF))
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
            attachments.keep(pieces)
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
        attachments.keep([PROOF])
    assert left(site) == []


def test_an_upload_that_breaks_off_leaves_nothing(site):
    def broken():
        yield PROOF
        raise ConnectionResetError(errno.ECONNRESET, "reset")

    with pytest.raises(StorageError):
        attachments.keep(broken())
    assert left(site) == []
