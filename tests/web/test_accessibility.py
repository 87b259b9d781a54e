"""Every page passes axe (WCAG 2 A and AA, and AAA contrast), in both themes, on a desk and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support.server import Server
from tests.web.test_first_evening import PATIENCE_MS, open_incident, set_up, write

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]},
         "rules": {"color-contrast-enhanced": {"enabled": True}}}  # fmt: skip
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
NARROW = 320  # 1280 pixels at 400 %
LINES = (
    "? Les imprimantes sortent des demandes de rançon",
    "! On coupe Internet, décidé par Mme Arnaud",
    "vers 3h appel du laboratoire",
    "@annuaire down est inconnu ici",
)
PUBLIC = ("sign-in", "break-glass", "nulle-part")
OWN = ("me", "me/sheets", "me/second-factor", "screen", "persons", "organisations", "tokens", "cartography")
INCIDENT = (
    *("", "?kind=decision", "?at=2020-01-01T00:00", "?at=jamais", "situation", "write/kinds", "write/decision"),
    *("write/artefact", "write/leak", "write/trust", "write/task", "entries/{entry}", "entries/{entry}/correct"),
    *("print", "print/log"),
)


@pytest.fixture
def server(serve) -> Server:
    return serve()


def faults(page: Page, where: str) -> list[str]:
    """What axe finds on the page as it stands, in both themes and widths, and whether it scrolls sideways when narrow."""
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for violation in Axe().run(page, options=RULES).response["violations"]:
                nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
                found.append(f"{where} ({theme}, {size['width']}): {violation['id']}: {violation['help']}: {nodes}")
    page.set_viewport_size({"width": NARROW, "height": 256})
    if page.evaluate("document.documentElement.scrollWidth") > NARROW:
        found.append(f"{where}: scrolls sideways at 400 %")
    return found


def test_every_page(browser: Browser, page: Page, server: Server):
    page.set_default_timeout(PATIENCE_MS)
    found: list[str] = []
    stranger = browser.new_context(locale="fr-FR").new_page()
    for path in PUBLIC:
        stranger.goto(f"{server.url}/{path}")
        found += faults(stranger, path)
    stranger.context.close()

    set_up(page, server)
    address = open_incident(page, server)
    for line in LINES:
        write(page, line)
    page.goto(address)
    entry = page.locator("#log .observation").get_attribute("id")
    assert entry
    for path in ("", "incidents/", "incidents/open", *OWN):
        page.goto(f"{server.url}/{path}")
        found += faults(page, path)
    for path in INCIDENT:
        page.goto(address + path.format(entry=entry.removeprefix("e")))
        found += faults(page, path or "log")
    assert not found, "\n".join(found)
