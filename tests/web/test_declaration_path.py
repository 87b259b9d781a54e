"""The whole path in a real browser, at three in the morning: fill in, lose the network, check, write, copy, note the number."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.server import Server
from tests.web.test_accessibility import faults
from tests.web.test_first_evening import PATIENCE_MS, open_incident, set_up, sign_in


@pytest.fixture
def server(serve) -> Server:
    return serve()


@pytest.fixture
def address(server: Server, page: Page) -> str:
    page.set_default_timeout(PATIENCE_MS)
    set_up(page, server)
    return open_incident(page, server)


def kept(page: Page) -> None:
    expect(page.locator("#kept")).to_contain_text("Brouillon enregistré à")


def test_the_whole_path(page: Page, address: str):
    page.get_by_role("link", name="Déclaration", exact=True).click()
    page.get_by_role("link", name="Commencer la déclaration").click()
    page.locator("#id_description").fill("Tous les écrans sont noirs")
    page.locator("#f-malicious").get_by_label("oui").check()
    page.locator("#f-data_impact").get_by_label("données indisponibles").check()
    expect(page.locator("#f-data_impact").get_by_label("pas encore su")).not_to_be_checked()
    kept(page)
    page.reload()  # nobody pressed a button: the draft is there
    expect(page.locator("#id_description")).to_have_value("Tous les écrans sont noirs")

    page.locator("#id_legal_entity").fill("12")
    page.get_by_role("button", name="Relire avant d’écrire").click()
    expect(page.locator("#faults")).to_be_focused()
    page.locator("#faults a").click()
    expect(page).to_have_url(re.compile("#f-legal_entity"))
    page.locator("#id_legal_entity").fill("990000002")
    page.locator("#id_addressees_cnil").check()
    page.get_by_role("button", name="Relire avant d’écrire").click()
    expect(page.get_by_text("une déclaration y est sans doute due aussi")).to_contain_text("CERT Santé, Police")
    page.get_by_role("button", name="Écrire cette version au journal").dblclick()
    expect(page.get_by_role("heading", name="Récépissé de la version 1")).to_be_visible()
    expect(page.get_by_text("Ce récépissé ne vaut pas déclaration.")).to_be_visible()

    page.get_by_role("link", name="Porter les textes aux autorités").click()
    expect(page.locator(".version")).to_have_count(1)
    page.get_by_role("link", name="Texte pour CERT Santé").click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier cette partie : Description").click()
    expect(page.locator("#copied")).to_contain_text("Copié")
    assert "Tous les écrans sont noirs" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("link", name="Noter le numéro reçu").click()
    page.locator("#id_receipt").fill("PSIG-2026-0042")
    page.get_by_role("button", name="Noter au journal").click()
    expect(page.locator("#sent")).to_contain_text("PSIG-2026-0042")


def test_a_lost_session_loses_nothing(page: Page, address: str):
    page.goto(f"{address}declarations/d1/draft")
    page.context.clear_cookies(name="vigie_session")
    page.locator("#id_description").fill("Tous les écrans sont noirs")
    expect(page.locator("#kept")).to_contain_text("Vous n’êtes plus connecté")
    page.get_by_role("button", name="Relire avant d’écrire").click()
    page.get_by_label("Identifiant").fill("c.arnaud")
    page.locator("input[name=password]").fill("une vigie veille la nuit")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator("#id_description")).to_have_value("Tous les écrans sont noirs")
    kept(page)


def test_a_server_that_does_not_answer_loses_nothing(page: Page, address: str):
    page.goto(f"{address}declarations/d1/draft")
    page.route("**/draft/keep", lambda route: route.abort())
    page.locator("#id_description").fill("Tous les écrans sont noirs")
    expect(page.locator("#kept")).to_contain_text("PAS ENREGISTRÉ")
    page.unroute("**/draft/keep")
    page.reload()
    expect(page.locator("#kept")).to_contain_text(re.compile("Texte retrouvé|Brouillon enregistré"))
    expect(page.locator("#id_description")).to_have_value("Tous les écrans sont noirs")
    kept(page)


def test_two_screens_at_once(browser: Browser, page: Page, server: Server, address: str):
    second = browser.new_context(locale="fr-FR").new_page()
    second.set_default_timeout(PATIENCE_MS)
    sign_in(second, server)
    draft = f"{address}declarations/d1/draft"
    page.goto(draft)
    second.goto(draft)
    page.locator("#id_description").fill("Écrans noirs")
    kept(page)
    second.locator("#id_measures").fill("Internet coupé")
    kept(second)
    second.locator("#id_description").fill("Serveurs chiffrés")
    expect(second.locator("#kept")).to_contain_text(
        "a aussi changé « Description »".replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    )
    second.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(second.locator(".theirs")).to_contain_text("Écrans noirs")
    expect(second.locator("#id_description")).to_have_value("Serveurs chiffrés")
    second.get_by_role("button", name="Garder ce qu’a écrit").click()
    expect(second.locator("#id_description")).to_have_value("Écrans noirs")
    expect(second.locator("#id_measures")).to_have_value("Internet coupé")
    second.context.close()


def test_by_keyboard_alone(page: Page, address: str):
    page.goto(f"{address}declarations/d1/draft")
    page.locator("#id_establishment").focus()
    page.keyboard.press("End")
    page.keyboard.type(" Nord")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "malicious":
            break
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#f-malicious").get_by_label("oui")).to_be_checked()
    page.locator("#id_establishment").press("Enter")  # Enter keeps the draft, and never goes on to the next step
    expect(page.get_by_text("Brouillon enregistré. Toute votre cellule")).to_be_visible()
    expect(page.locator("#id_establishment")).to_have_value("Centre hospitalier de Valmont Nord")
    expect(page.locator("#f-malicious").get_by_label("oui")).to_be_checked()


def test_every_page_is_for_everybody(page: Page, server: Server, address: str):
    found = []
    page.goto(f"{address}declarations/")
    found += faults(page, "list")
    page.goto(f"{address}declarations/d1/draft")
    found += faults(page, "draft")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#id_legal_entity").fill("12")
    page.get_by_role("button", name="Relire avant d’écrire").click()
    found += faults(page, "draft with a fault")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#id_legal_entity").fill("990000002")
    page.get_by_role("button", name="Relire avant d’écrire").click()
    found += faults(page, "check")
    page.get_by_role("button", name="Écrire cette version au journal").click()
    expect(page.get_by_role("heading", name="Récépissé de la version 1")).to_be_visible()
    found += faults(page, "receipt")
    for tail in ("", "for/cert-sante", "for/cnil"):
        page.goto(f"{address}declarations/d1/{tail}")
        found += faults(page, tail or "one")
    page.goto(f"{server.url}/declare/on-behalf")
    found += faults(page, "on behalf")
    assert not found, "\n".join(found)
