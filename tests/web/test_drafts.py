"""What is being typed survives a failed write, a lost session, and is gone after signing out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.server import Server
from tests.web.test_first_evening import PASSWORD, PATIENCE_MS, open_incident, set_up

DRAFTS = "Object.keys(sessionStorage).filter((key) => key.startsWith('vigie-draft:')).length"


@pytest.fixture
def address(serve, page: Page) -> str:
    server: Server = serve()
    page.set_default_timeout(PATIENCE_MS)
    set_up(page, server)
    return open_incident(page, server)


def sign_in_here(page: Page) -> None:
    page.get_by_label("Identifiant").fill("c.arnaud")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def test_a_write_that_fails_says_so_beside_the_line(page: Page, address: str):
    page.route(
        "**/write", lambda route: route.fulfill(status=503, content_type="text/plain", body="le disque est plein")
    )
    page.locator("#line").fill("Le standard tient")
    page.keyboard.press("Enter")
    expect(page.locator("#unwritten")).to_have_text("PAS ÉCRIT : le disque est plein".replace(" :", "\u00a0:"))
    expect(page.locator("#line")).to_have_value("Le standard tient")
    page.unroute("**/write")
    page.keyboard.press("Enter")
    expect(page.locator("#log .note")).to_contain_text("Le standard tient")
    assert page.evaluate(DRAFTS) == 0


def test_a_line_survives_a_lost_session(page: Page, address: str):
    page.locator("#line").fill("phrase en cours")
    page.context.clear_cookies(name="vigie_session")
    page.keyboard.press("Enter")
    expect(page.locator("#unwritten")).to_contain_text("Vous n’êtes plus connecté")
    page.locator("#unwritten a").click()
    sign_in_here(page)
    expect(page).to_have_url(address)
    expect(page.locator("#line")).to_have_value("phrase en cours")
    page.get_by_text("Claire Arnaud").first.click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    assert page.evaluate(DRAFTS) == 0


def test_a_typed_form_survives_a_lost_session(page: Page, address: str):
    page.goto(f"{address}write/decision")
    page.get_by_label("Texte").fill("Couper Internet")
    page.context.clear_cookies(name="vigie_session")
    page.get_by_role("button", name="Écrire au journal").click()
    sign_in_here(page)
    expect(page).to_have_url(f"{address}write/decision")
    expect(page.get_by_label("Texte")).to_have_value("Couper Internet")
    page.get_by_role("button", name="Écrire au journal").click()
    expect(page.locator("#log .decision")).to_contain_text("Couper Internet")
    assert page.evaluate(DRAFTS) == 0
