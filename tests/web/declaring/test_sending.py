"""What is sent: versions and what they change, the part of each authority, receipts that can be proved, numbers."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.web.support import notes_of_register
from vigie.journal import Printed, verify
from vigie.journal.facts import Declaration, Declared
from vigie.observe.authorities import authorities
from vigie.web import desk

SAID = {
    "description": "Écrans noirs", "data_impact": ["disclosure"], "data_subjects": ["patients"], "people_affected": "4200",
    "malicious": "yes", "origin": "ransomware", "cves": "CVE-2023-3519", "functioning": "degraded",
    "addressees": ["cert-sante", "cnil", "police"],
}  # fmt: skip


def test_each_version_says_what_it_changes(page):
    page.declare(**SAID)
    opened = page.opened()
    assert opened["stage"] == "notification" and opened["cves"] == "CVE-2023-3519"
    assert page.save("check", functioning="interruption", measures="Internet coupé").status_code == 302
    check = page.text("draft/check")
    changed = check.split("Ce qui change")[1].split("</section>")[0]
    assert "mode dégradé" in changed and "interruption" in changed and "Internet coupé" in changed
    assert "Écrans noirs" not in changed
    assert page.send().status_code == 302
    text = page.text()
    assert "Version 2" in text and "Version 1" in text
    facts = [fact for fact in page.crisis.facts() if isinstance(fact, Declaration)]
    assert [fact.stage for fact in facts] == ["early_warning", "notification"]


def test_a_version_takes_nothing_back_and_a_correction_does(page):
    seq = page.declare(**SAID)
    page.save("check", cves="", people_affected="")
    answer = page.send()
    text = unescape(answer.content.decode())
    assert answer.status_code == 400 and "Vulnérabilités exploitées (CVE)" in text and "corrigez la version" in text
    line = desk.one(page.crisis.id, seq)
    mended = line.fact.model_copy(update={"cves": ()}).model_dump(mode="json", exclude_none=True)
    page.crisis.write({"kind": "correction", "of": line.received.digest, "why": "fausse piste", "replacement": mended})
    assert "CVE-2023-3519" not in page.text("for/cert-sante")
    assert page.save("check", people_affected="4200").status_code == 302 and page.send().status_code == 302


def test_a_version_that_changes_nothing_is_not_written(page):
    page.declare(**SAID)
    assert page.save("check", stage="early_warning").status_code == 302
    assert "rien à écrire" in page.send().content.decode()
    assert len([fact for fact in page.crisis.facts() if isinstance(fact, Declaration)]) == 1


def test_the_receipt_of_a_corrected_version_says_so(page):
    seq = page.declare(**SAID)
    line = desk.one(page.crisis.id, seq)
    mended = line.fact.model_copy(update={"cves": ()}).model_dump(mode="json", exclude_none=True)
    page.crisis.write({"kind": "correction", "of": line.received.digest, "why": "fausse piste", "replacement": mended})
    assert "Corrigée depuis" in page.text(f"receipts/{seq}")


def test_the_check_says_who_was_forgotten(page):
    page.save("check", **{**SAID, "addressees": ["cert-sante"]})
    forgotten = page.text("draft/check").split("sans doute due aussi")[1].split("</p>")[0]
    assert "CNIL" in forgotten and "Police" in forgotten and "ANSSI" not in forgotten


@pytest.mark.parametrize("tail", ["", "/text"])
def test_each_authority_sees_its_part_and_nothing_else(page, tail):
    page.crisis.write({"kind": "indicator", "type": "ip", "value": "192.0.2.7"})
    page.declare(**SAID)
    seen = {name: page.text(f"for/{name}{tail}") for name in authorities()}
    shown = {name: text.split("<main")[-1] for name, text in seen.items()}
    counted = {name for name, text in shown.items() if re.search(r"\b4\s200\b", text)}
    assert counted == {"cert-sante", "cnil"}
    assert {name for name, text in shown.items() if "CVE-2023-3519" in text} == {
        "cert-sante", "fssi", "anssi", "ansm", "police",
    }  # fmt: skip
    assert {name for name, text in shown.items() if "192.0.2.7" in text} == {"cert-sante", "anssi", "police"}
    assert all("Écrans noirs" in text for text in shown.values())


def test_what_is_privileged_or_red_is_in_nobody_s_part_even_a_director_s(page):
    page.declare(description="Écrans noirs")
    secret = Declaration(declaration="d1", stage="notification", description="Avis de l'avocat", measures="Négocier")
    page.crisis.write(secret, privileged=True)
    page.crisis.write(secret.model_copy(update={"description": "Source nommée"}), tlp="red")
    page.crisis.write({"kind": "indicator", "type": "ip", "value": "192.0.2.7"}, privileged=True)
    page.crisis.write({"kind": "indicator", "type": "ip", "value": "192.0.2.8"}, tlp="red")
    assert "Négocier" in page.text(), "the director reads it on the page of the declaration"
    for tail in ("", "/text"):
        text = page.text(f"for/cert-sante{tail}")
        assert "Écrans noirs" in text
        assert not any(word in text for word in ("avocat", "Négocier", "Source nommée", "192.0.2."))


def test_a_privileged_declaration_alone_leaves_for_nobody(page, second):
    page.crisis.write(Declaration(declaration="d1", description="Avis de l'avocat"), privileged=True)
    assert page.get().status_code == 200
    assert page.get("for/cert-sante").status_code == 404
    assert second.get().status_code == 404


def test_the_pdf_of_an_authority_is_tagged_and_noted(page):
    page.declare(**SAID)
    answer = page.get("for/cnil/pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert b"/MarkInfo" in answer.content or b"/StructTreeRoot" in answer.content
    assert "d1-cnil.pdf" in answer["Content-Disposition"]
    assert "pour CNIL (PDF)" in notes_of_register()[-1]


def test_an_exercise_says_so_on_each_view(exercise):
    from tests.web.declaring.conftest import Desk

    page = Desk(exercise, exercise.browser)
    page.declare(description="Annuaire perdu")
    assert "EXERCICE" in page.text("for/cert-sante").split("<main")[0]
    assert page.text("for/cert-sante/text").startswith("EXERCICE")
    assert page.get("for/cert-sante/pdf")["Content-Disposition"].startswith('attachment; filename="exercice-')


def test_a_receipt_can_be_proved_later_and_says_what_it_is_not(page, site):
    seq = page.declare(**SAID)
    text = page.text(f"receipts/{seq}")
    assert "ne vaut pas déclaration" in text and "obligation légale" in text
    line = desk.one(page.crisis.id, seq)
    assert line.received.digest in text.replace(" ", "")
    printed = re.search(r"--printed '([^']+)'", text)
    assert printed
    page.crisis.write({"kind": "note", "text": "la vie continue"})
    assert verify(desk.store(), printed=[Printed.parse(printed[1])]).ok
    wrong = printed[1][:-1] + ("0" if printed[1][-1] != "0" else "1")
    assert not verify(desk.store(), printed=[Printed.parse(wrong)]).ok
    assert page.get(f"receipts/{seq}/pdf").content.startswith(b"%PDF")
    assert page.get(f"receipts/{seq + 1}").status_code == 404


def test_the_number_that_comes_back_is_an_entry(page, second):
    seq = page.declare(**SAID)
    sent = {"addressee": "cert-sante", "stage": "notification", "receipt": "PSIG-2026-0042", "key": "k"}
    assert second.browser.post(page.path + "sent", sent).status_code == 302
    second.browser.post(page.path + "sent", sent)
    found = [fact for fact in page.crisis.facts() if isinstance(fact, Declared)]
    assert len(found) == 1 and found[0].declaration == "d1" and found[0].receipt == "PSIG-2026-0042"
    assert desk.one(page.crisis.id, seq).received.digest in found[0].text
    row = page.text().split('id="sent"')[1].split("CERT Santé")[1].split("</tr>")[0]
    assert "PSIG-2026-0042" in row and "Déclaré" in row


def test_another_hospital_reaches_nothing(page, site):
    seq = page.declare(**SAID)
    charlie = site.client(site.charlie)
    for tail in ("", "draft", "draft/check", f"receipts/{seq}", "for/cnil", "for/cnil/text", "for/cnil/pdf"):
        assert charlie.get(page.path + tail).status_code == 404
    assert site.client(site.admin).get(page.path).status_code == 403


def test_an_unknown_authority_or_name_is_none(page):
    page.declare()
    assert page.get("for/ministre").status_code == 404
    assert page.browser.get(page.path.replace("/d1/", "/D%20x/")).status_code == 404
