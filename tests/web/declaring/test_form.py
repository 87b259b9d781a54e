"""The form: what it begins with and why, that everything may stay unknown, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import translation

from vigie.journal.facts import Declaration

NOBODY_SAID = ("essential_entity", "cross_border", "malicious", "supplier_involved", "support_asked", "functioning")


def fact_of(page) -> Declaration:
    return [fact for fact in page.crisis.facts() if isinstance(fact, Declaration)][-1]


def test_nothing_is_assumed(page):
    opened = page.opened()
    assert {opened[name] for name in NOBODY_SAID} == {"unknown"}
    assert opened["data_impact"] == ["unknown"] and opened["region"] == "" and opened["people_affected"] == ""
    assert opened["establishment"] == "Centre hospitalier de Valmont" and opened["stage"] == "early_warning"
    page.declare()
    fact = fact_of(page)
    assert all(getattr(fact, name) == "unknown" for name in NOBODY_SAID)
    assert fact.data_impact == () and fact.people_affected is None and fact.detected_at is None


def test_journal_and_map_fill_in_what_they_know_and_say_so(page):
    page.crisis.adopt_reference_hospital()
    page.crisis.write({"kind": "exploited_vulnerability", "cve": "CVE-2023-3519"})
    page.crisis.write({"kind": "service_mode", "service": "urgences-adultes", "mode": "diverted"})
    page.crisis.write({"kind": "safety_event", "danger": "potential", "what": "Dossier introuvable"})
    opened, text = page.opened(), page.text("draft")
    assert opened["legal_entity"] == "990000002" and opened["establishment_kind"] == "ch"
    assert opened["legal_status"] == "public" and opened["region"] == "28" and opened["essential_entity"] == "yes"
    assert opened["cves"] == "CVE-2023-3519" and opened["functioning"] == "interruption"
    assert opened["patient_danger"] == "potential"
    for source in ("cartographie adoptée le 20 novembre 2024", "vulnérabilités notées au journal", "mode des services"):
        assert f"Repris d’ici : {source}".replace(" :", "\u00a0:") in text
    page.save(functioning="degraded")
    assert "mode des services" not in page.text("draft").split('id="f-functioning"')[1].split('id="f-patient')[0]


def test_what_is_privileged_or_red_fills_in_nothing(page):
    page.crisis.write({"kind": "exploited_vulnerability", "cve": "CVE-2023-3519"}, privileged=True)
    page.crisis.write({"kind": "exploited_vulnerability", "cve": "CVE-2024-0001"}, tlp="red")
    assert page.opened()["cves"] == ""


def test_every_field_reaches_the_fact(page):
    page.declare(
        stage="notification", nature="incident", establishment="CH de Valmont", legal_entity="990 000 002",
        sites="990000010\n2A0000005", establishment_kind="ch", legal_status="public", region="28",
        essential_entity="yes", declarer="Claire Arnaud", declarer_contact="01 23 45 67 89",
        detected_at="2024-11-20T03:10", occurred_at="2024-11-19T23:00", description="Écrans noirs", measures="Coupé",
        services=["emergency", "laboratory"], data_impact=["unavailability", "loss"], data_subjects=["patients"],
        people_affected="12 000", functioning="degraded", patient_danger="potential",
        degraded_tenths_of_hour="36,5", cross_border="no", malicious="yes", origin="ransomware",
        ransomware_extent="several_servers", supplier_involved="no", cves="cve-2023-3519", support_asked="yes",
    )  # fmt: skip
    fact = fact_of(page)
    assert fact.legal_entity == "990000002" and fact.sites == ("990000010", "2A0000005")
    assert fact.detected_at == datetime(2024, 11, 20, 2, 10, tzinfo=UTC)
    assert fact.degraded_tenths_of_hour == 365 and fact.people_affected == 12_000
    assert fact.services == ("emergency", "laboratory") and fact.data_impact == ("unavailability", "loss")
    assert (
        fact.cves == ("CVE-2023-3519",) and fact.ransomware_extent == "several_servers" and fact.origin == "ransomware"
    )
    assert page.crisis.facts()[-1] == fact


def test_a_fault_is_told_at_the_top_with_a_link_and_beside_its_field(page):
    answer = page.save("check", legal_entity="12", degraded_tenths_of_hour="longtemps", cves="3519")
    text = answer.content.decode()
    assert answer.status_code == 400 and "3 champs à revoir" in text
    for name in ("legal_entity", "degraded_tenths_of_hour", "cves"):
        assert f'<a href="#f-{name}">' in text and f'id="id_{name}_error"' in text
        assert 'aria-invalid="true"' in text
    assert page.opened()["cves"] == "3519", "what cannot be sent yet is kept all the same"


def test_none_stands_alone_and_not_known_yet_gives_way(page):
    assert page.save("check", data_impact=["none", "loss"]).status_code == 400
    page.declare(data_impact=["unknown", "loss"])
    assert fact_of(page).data_impact == ("loss",)


def test_who_declares_is_the_only_thing_that_is_wanted(page):
    assert "seul champ" in page.save("check", establishment=" ").content.decode()


def test_a_patient_s_identity_is_asked_about_before_it_is_written(page):
    page.save("check", description="M. Durand, né le 3 mars 1951, attend", declarer_contact="01 23 45 67 89")
    answer = page.send()
    assert answer.status_code == 400 and "identité d’un patient" in answer.content.decode()
    assert "01 23 45 67 89" not in answer.content.decode().split("identité d’un patient")[1].split("</ul>")[0]
    assert not [fact for fact in page.crisis.facts() if isinstance(fact, Declaration)]
    assert page.send(anyway="1").status_code == 302


def test_the_english_page_speaks_english(page):
    page.browser.cookies["django_language"] = "en"
    with translation.override("fr"):  # the language of a request would outlive it in this thread
        text = page.text("draft")
    assert "not known yet" in text and "pas encore su" not in text
