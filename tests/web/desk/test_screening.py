"""The screening finds what identifies a patient, and lets the language of a crisis pass."""

from __future__ import annotations

import pytest

from vigie.journal.facts import Correction, Indicator, Note, SafetyEvent
from vigie.web.desk.screening import warnings, warnings_of

FOUND = [
    ("1 85 05 78 006 084 91", "social_security_number"),
    ("NIR 185057800608491 au dossier", "social_security_number"),
    ("INS 2.69.05.49.588.157.80 relevé", "social_security_number"),
    ("185057800608436 185057800608491", "social_security_number"),
    ("assurée 2 69 05 2A 588 157", "social_security_number"),
    ("1850578006084", "social_security_number"),
    ("IPP 00123456 introuvable", "record_number"),
    ("n° de dossier : 8812345", "record_number"),
    ("patient né le 12/03/1956", "birth_date"),
    ("patiente née le 3 mars 1981", "birth_date"),
    ("DDN: 01-02-1999", "birth_date"),
    ("born on 1956-03-12", "birth_date"),
    ("M. D., 12/03/1956, en réa", "birth_date"),
    ("rappeler au 06 12 34 56 78", "phone_number"),
    ("joindre +33 6 12 34 56 78.", "phone_number"),
    ("tél. 05.58.91.48.48", "phone_number"),
    ("famille : jean.dupont@gmail.com", "private_mail"),
]
SILENT = [
    "03:10 écrans noirs", "hier 23:40", "serveur 10.24.3.17 coupé", "10.24.13.17/24 et 192.168.100.254",
    "ticket INC0123456789", "ticket #0123456789", "CVE-2023-34362 exploitée", "le 22/11/2026 à 03:10",
    "redémarrage prévu 2026-11-22", "sauvegarde du 21.11.2026", "epoch 1732240000000", "1700000000000 ms",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "120 lits, 34 passages",
    "VLAN 185057800608491234", "MAC 00:1a:2b:3c:4d:5e", "rssi@ch-valmont.fr prévenu", "FINESS 330781196",
    "SIRET 26330123400018", "version 12.3.1956.4", "port 0445 et 3389", "uid 1-85-05-78", "15 % de 2 400 postes",
    "IBAN FR76 3000 6000 0112 3456 7890 189", "né d'une fuite", "référence 2026-0123456789", "port tcp/0612345678",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), FOUND)
def test_identity_is_found_with_its_place(text, kind):
    found = warnings(text)
    assert [one.kind for one in found] == [kind]
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize("text", SILENT)
def test_the_language_of_a_crisis_passes(text):
    assert warnings(text) == []


def test_a_wrong_key_is_no_social_security_number():
    assert [one.text for one in warnings("185057800608436 185057800608491")] == ["185057800608491"]


def test_every_text_of_a_fact_is_screened_and_an_indicator_is_not():
    assert (
        warnings_of(SafetyEvent(danger="potential", what="né le 1/2/1950", cause="06 12 34 56 78"))[1].kind
        == "phone_number"
    )
    mended = Correction(of="0" * 64, why="faute", replacement={"kind": "note", "text": "IPP 1234567"})
    assert [one.kind for one in warnings_of(mended)] == ["record_number"]
    assert warnings_of(Indicator(type="email", value="pirate@gmail.com")) == []
    assert warnings_of(Note(text="rien")) == []


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "a." * 10_000, "a" * 19_999 + "@", "a@" * 10_000, "1 " * 10_000, "né " * 6_000]
)
def test_no_text_keeps_the_screening_busy(text):
    import time

    began = time.process_time()
    warnings(text)
    assert time.process_time() - began < 5


def test_an_address_is_still_found_behind_anything():
    for text in ("jean.dupont@gmail.com", "écrire à <jean.dupont+x@orange.fr>", ",a@free.fr"):
        assert [one.kind for one in warnings(text)] == ["private_mail"], text
