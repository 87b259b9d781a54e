"""An evening of the observatory in a browser: declared, asked, answered, told, qualified, closed. Every page passes axe."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.server import Server
from tests.web.test_accessibility import faults
from tests.web.test_first_evening import PATIENCE_MS, open_incident

LINKS = """
from vigie.web import start; start.prepare()
from vigie.web.demo import persons
for _, work, link in persons.sign_in_links({url!r}): print(work, link)
"""
PAGES = ("intake/", "intake/?tab=waiting", "intake/causes", "intake/causes/panne-nuage-soins", "intake/support")
SHEETS = (
    "intake/belair/hebergeur/d1/",
    "intake/rivage/comptes/d1/",
    "intake/clairval/vpn/d1/",
    "intake/belair/hebergeur/d1/qualify",
)


@pytest.fixture
def demo(tmp_path: Path, serve) -> Server:
    """A server on the data of the demonstration."""
    data = tmp_path / "node-0"
    _run(data, "-m", "vigie.web.demo")
    return serve(environment={"VIGIE_DEMO": "1"})


def _run(data: Path, *arguments: str) -> str:
    environment = {**os.environ, "VIGIE_DATA": str(data), "VIGIE_DEMO": "1"}
    ended = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True)
    return ended.stdout


def _enter(page: Page, server: Server, work: str) -> None:
    """Sign in as one of the demonstration's persons, by what they do."""
    told = _run(server.data, "-c", LINKS.format(url=server.url))
    page.set_default_timeout(PATIENCE_MS)
    page.goto(next(line.rsplit(" ", 1)[1] for line in told.splitlines() if line.startswith(work)))
    page.locator("main button").first.click()
    expect(page.get_by_role("navigation", name="Principale")).to_be_visible()


def test_from_the_hospitals_word_to_the_observatorys(browser: Browser, page: Page, demo: Server):
    hospital = browser.new_context(locale="fr-FR").new_page()
    _enter(hospital, demo, "directrice")
    _enter(page, demo, "analyste")
    address = open_incident(hospital, demo)
    _declare(hospital, address)
    sheet = _ask(page, demo)
    _answer(hospital, demo)
    _tell_and_close(page, demo, sheet)
    hospital.context.close()


def test_every_page_of_the_intake_is_accessible(browser: Browser, page: Page, demo: Server):
    _enter(page, demo, "analyste")
    found: list[str] = []
    for path in (*PAGES, *SHEETS):
        page.goto(f"{demo.url}/{path}")
        found += faults(page, path)
    hospital = browser.new_context(locale="fr-FR").new_page()
    _enter(hospital, demo, "directrice")
    for path in ("exchanges/", "exchanges/valmont/2026-rancongiciel/d1"):
        hospital.goto(f"{demo.url}/{path}")
        found += faults(hospital, path)
    hospital.context.close()
    assert not found, "\n".join(found)


def test_the_queue_is_walked_with_the_keyboard(page: Page, demo: Server):
    _enter(page, demo, "analyste")
    page.goto(f"{demo.url}/intake/")
    first = page.locator("#queue h2 a").first
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Centre hospitalier de Saint-Aubin")


def _declare(page: Page, address: str) -> None:
    page.goto(f"{address}write/declaration")
    page.get_by_label("Repère de la déclaration").fill("d1")
    page.get_by_label("Établissement", exact=True).fill("Hôpital de nuit")
    page.get_by_label("Description", exact=True).fill("Serveurs chiffrés, urgences déroutées")
    page.get_by_label("Mise en danger de patients").select_option("confirmed")
    page.get_by_label("Effet sur le fonctionnement").select_option("interruption")
    page.get_by_role("button", name="Écrire au journal").click()
    expect(page.locator("#log .declaration")).to_be_visible()


def _ask(page: Page, server: Server) -> str:
    page.goto(f"{server.url}/intake/")
    row = page.locator("#queue > li", has_text="Hôpital de nuit")
    expect(row).to_contain_text("Mise en danger avérée")
    expect(page.locator("#queue > li").nth(0)).to_have_class("red")
    row.get_by_role("link").click()
    page.get_by_label("Message").fill("Combien de serveurs ?")
    page.get_by_role("button", name="Demander, et attendre la réponse").click()
    expect(page.get_by_text("L’établissement n’a pas encore répondu")).to_be_visible()
    return page.url


def _answer(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/exchanges/")
    page.locator("li.open", has_text="serveurs-chiffres").get_by_role("link").click()
    expect(page.locator(".thread")).to_contain_text("Combien de serveurs ?")
    page.get_by_label("Message").fill("Onze, dont le laboratoire")
    page.get_by_role("button", name="Répondre").click()
    expect(page.locator(".thread")).to_contain_text("Onze, dont le laboratoire")


def _tell_and_close(page: Page, server: Server, sheet: str) -> None:
    page.goto(f"{server.url}/intake/?tab=to_qualify")
    page.locator("#queue > li", has_text="Hôpital de nuit").get_by_role("link").click()
    expect(page).to_have_url(sheet)
    expect(page.locator(".thread")).to_contain_text("Onze, dont le laboratoire")
    for _ in ("ars", "fssi"):
        page.get_by_role("button", name="C’est fait : le noter").first.click()
        expect(page.get_by_text("La transmission est notée.")).to_be_visible()
    expect(page.get_by_role("button", name="C’est fait : le noter")).to_have_count(0)
    page.get_by_role("link", name="Qualifier", exact=True).click()
    page.get_by_label("clôturée").check()
    page.get_by_label("Origine", exact=True).select_option("ransomware")
    page.get_by_label("grave", exact=True).check()
    page.get_by_label("Pourquoi").fill("Note de rançon lue par l’établissement")
    page.get_by_role("button", name="Valider la qualification").click()
    expect(page.locator(".compared")).to_contain_text("Rançongiciel")
    expect(page.locator(".meta")).to_contain_text(re.compile("Clôturée"))
    page.goto(f"{server.url}/intake/?tab=closed")
    expect(page.locator("#queue")).to_contain_text("Hôpital de nuit")
