"""Each authority receives what the law lets it ask, in fields that exist; who is expected follows from what is declared."""

from __future__ import annotations

from vigie.journal.facts import Declaration
from vigie.observe.authorities import as_of, authorities
from vigie.observe.vocabulary import vocabulary

TECHNICAL = {"cves", "origin", "ransomware_extent"}


def test_each_names_fields_that_exist_a_law_and_a_day():
    assert set(authorities()) <= set(vocabulary()["authorities"])
    for one in authorities().values():
        assert one.fields <= set(Declaration.model_fields) - {"kind", "source", "declaration"}
        assert {"establishment", "declarer_contact", "on_behalf_of", "description"} <= one.fields
        assert one.annexes <= {"indicators"}
        assert one.since <= as_of()
        assert all({"fr", "en"} == set(words) for words in (one.law, one.within, one.channel))
        if not isinstance(one.expected, str):
            assert set(one.expected) <= set(Declaration.model_fields)


def test_the_health_cert_receives_every_field():
    assert authorities()["cert-sante"].fields == set(Declaration.model_fields) - {"kind", "source", "declaration"}


def test_the_data_protection_authority_sees_the_breach_and_no_technical_cause():
    cnil = authorities()["cnil"]
    assert {"data_impact", "data_subjects", "people_affected"} <= cnil.fields
    assert not TECHNICAL & cnil.fields and not cnil.annexes
    fact = Declaration(declaration="d1", establishment="CH de Valmont", cves=("CVE-2023-3519",), people_affected=3)
    assert cnil.part(fact)["people_affected"] == 3 and "cves" not in cnil.part(fact)


def test_the_police_learns_of_no_patient():
    assert not {"data_subjects", "people_affected", "patient_danger"} & authorities()["police"].fields


def test_who_is_expected_follows_from_what_is_said():
    def expected(**said: object) -> list[str]:
        fact = Declaration(declaration="d1", **said)
        return [name for name, one in authorities().items() if one.awaits(fact)]

    assert expected() == ["cert-sante"]
    assert expected(data_impact=("none",)) == ["cert-sante"]
    assert expected(data_impact=("loss",), malicious="yes", essential_entity="yes") == [
        "cert-sante", "anssi", "cnil", "police",
    ]  # fmt: skip
