"""The whole first evening in a real browser, from the set-up link in the terminal to the bundle on a key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.server import Server

PASSWORD = "une vigie veille la nuit"
PATIENCE_MS = 15_000  # a slow machine may take this long for anything
POLL_MS = (
    PATIENCE_MS  # that a screen asks every second and a half is in the page (below); how fast it is served is measured
)
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def server(serve) -> Server:
    return serve()


def set_up(page: Page, server: Server) -> None:
    link = re.search(r"http://\S+/set-up/\S+", server.printed)
    assert link, server.printed
    page.goto(link.group())
    page.get_by_label("Votre nom").fill("Claire Arnaud")
    page.get_by_label("Votre identifiant").fill("c.arnaud")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    page.get_by_label("Nom de l’organisation").fill("Centre hospitalier de Valmont")
    page.get_by_label("Identifiant de l’organisation").fill("valmont")
    page.get_by_label("Je travaille aussi dans la cellule de crise").check()
    page.get_by_role("button", name="Mettre en service").click()
    expect(page).to_have_url(re.compile("/persons"))


def sign_in(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("Identifiant").fill("c.arnaud")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", name="Incidents", exact=True)).to_be_visible()


def open_incident(page: Page, server: Server) -> str:
    page.goto(f"{server.url}/incidents/")
    page.get_by_role("link", name="Ouvrir un incident").click()
    page.get_by_label("Titre").fill("Serveurs chiffrés cette nuit")
    page.get_by_label("Incident réel").check()
    page.get_by_role("button", name="Ouvrir l’incident").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Serveurs chiffrés cette nuit")
    return page.url


def write(page: Page, line: str) -> None:
    """As a tired hand does it: the key that leads to the line, the line, Enter; then the entry is in the log."""
    entries = page.locator("#log .e")
    already = entries.count()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#line")).to_be_focused()
    page.keyboard.type(line)
    page.keyboard.press("Enter")
    expect(entries).to_have_count(already + 1, timeout=PATIENCE_MS)
    expect(page.locator("#line")).to_have_value("")


def test_the_first_evening(browser: Browser, page: Page, server: Server, tmp_path: Path):
    page.set_default_timeout(PATIENCE_MS)
    set_up(page, server)
    page.get_by_text("Claire Arnaud").first.click()
    page.get_by_role("button", name="Se déconnecter").click()
    sign_in(page, server)
    address = open_incident(page, server)

    _two_screens(browser, page, server, address)
    _evidence(page, address, tmp_path)
    _correction(page, address)
    _filters(page, address)
    _print(page, address)
    _exports(page, address)


def _two_screens(browser: Browser, page: Page, server: Server, address: str) -> None:
    second = browser.new_context(locale="fr-FR").new_page()
    sign_in(second, server)
    second.goto(address)
    expect(second.locator("#poll")).to_have_attribute("hx-trigger", re.compile(r"every 1500ms"))  # within two seconds
    second.locator("#line").fill("phrase en cours de frappe")
    write(page, "! On coupe Internet, décidé par Mme Arnaud")
    for screen in (second, page):
        entry = screen.locator("#log .decision")
        expect(entry).to_contain_text("On coupe Internet. Décidé par Mme Arnaud.", timeout=POLL_MS)
    expect(second.locator("#line")).to_have_value("phrase en cours de frappe")
    expect(second.locator("#said")).to_contain_text("1 nouvelle entrée")
    expect(page.locator("#log .day")).to_have_count(1)
    second.context.close()


def _evidence(page: Page, address: str, folder: Path) -> None:
    note = folder / "rancon.txt"
    note.write_bytes(b"Your files are encrypted.\n")
    page.goto(f"{address}write/kinds")
    page.get_by_role("link", name="Preuve").click()
    page.get_by_label("Fichier à garder ici").set_input_files(note)
    # The name comes from the file when nobody types one; the collector is whoever is signed in.
    page.get_by_role("button", name="Écrire au journal").click()
    row = page.locator("#log .artefact")
    expect(row).to_contain_text("rancon.txt")
    expect(row).to_contain_text("recueillie par Claire Arnaud")
    row.get_by_role("link").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger la pièce").click()
    assert Path(download.value.path()).read_bytes() == note.read_bytes()


def _correction(page: Page, address: str) -> None:
    page.goto(address)
    write(page, "? Trois serveurs chiffrés")
    page.goto(address)
    page.locator("#log .observation").get_by_role("link").first.click()
    page.get_by_role("link", name="Corriger").click()
    page.get_by_label("Pourquoi corriger").fill("Compté deux fois")
    page.get_by_label("Texte").fill("Deux serveurs chiffrés")
    page.get_by_role("button", name="Corriger", exact=True).click()
    original = page.locator("#log .observation")
    expect(original).to_contain_text("Trois serveurs chiffrés")
    expect(original).to_contain_text("Deux serveurs chiffrés")
    expect(original).to_contain_text("Motif : Compté deux fois")


def _filters(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Genre").select_option("decision")
    page.get_by_role("button", name="Appliquer").click()
    expect(page).to_have_url(re.compile("kind=decision"))
    expect(page.locator("#log .e")).to_have_count(1)


def _print(page: Page, address: str) -> None:
    page.goto(f"{address}print")
    page.get_by_label("Du", exact=True).fill("")
    page.get_by_label("Au", exact=True).fill("")
    page.get_by_role("button", name="Page à imprimer").click()
    page.emulate_media(media="print")
    expect(page.locator(".sheet-head")).to_contain_text(re.compile(r"empreinte du journal\s+\d+ · [0-9A-F]{4}-"))
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator("#log, ol.log")).to_contain_text("On coupe Internet")
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")


def _exports(page: Page, address: str) -> None:
    for link, start in (("CSV", None), ("XLSX", b"PK"), ("Paquet signé", None)):
        page.goto(f"{address}print")
        with page.expect_download() as download:
            page.get_by_role("link", name=link).click()
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(start or content[:1]) and len(content) > 200
        if link == "CSV":
            assert "On coupe Internet" in content.decode("utf-8-sig")
