"""The pages of the figures as a browser shows them: axe, both themes, desk and phone; charts that are there; no cookie."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.server import Server
from tests.web.test_accessibility import faults

PATIENCE_MS = 180_000  # the first page of a process loads the charts, on a machine that may be busy
ANALYST = (
    "figures/", "figures/?realm=exercise", "figures/?region=53&known=2024-12-31", "figures/by_region?year=2024",
    "figures/declarations_per_month", "figures/by_origin?region=atlantis", "figures/malicious_share", "figures/publish",
)  # fmt: skip
PUBLIC = (
    "observatory/",
    "observatory/by_region",
    "observatory/malicious_by_region?region=53&lang=en",
    "observatory/?lang=en",
)


@pytest.fixture
def observatory(serve, tmp_path: Path) -> tuple[Server, str]:
    """A server with declarations and a published edition, and the cookie of its analyst."""
    environment = {**os.environ, "VIGIE_DATA": str(tmp_path / "node-0")}
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.web.observatory.prepared"],
        env=environment, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return serve(), made.stdout.split()[-1]


def test_every_page(browser: Browser, page: Page, observatory: tuple[Server, str]):
    server, cookie = observatory
    page.set_default_timeout(PATIENCE_MS)
    found: list[str] = []
    stranger = browser.new_context(locale="fr-FR")
    looked = stranger.new_page()
    for path in PUBLIC:
        looked.goto(f"{server.url}/{path}")
        found += faults(looked, path)
    assert stranger.cookies() == []
    stranger.close()
    page.context.add_cookies([{"name": "vigie_session", "value": cookie, "url": server.url}])
    for path in ANALYST:
        page.goto(f"{server.url}/{path}")
        found += faults(page, path)
    assert not found, "\n".join(found)


def test_charts_are_drawn_and_filters_lead_to_their_address(page: Page, observatory: tuple[Server, str]):
    server, cookie = observatory
    page.set_default_timeout(PATIENCE_MS)
    page.context.add_cookies([{"name": "vigie_session", "value": cookie, "url": server.url}])
    page.goto(f"{server.url}/figures/by_region?year=2024")
    assert page.locator("h1").inner_text() == "Déclarations par région", server.printed[-2000:]
    assert page.locator(".chart img").count() == 1
    for image in page.locator(".chart img").all():
        assert image.evaluate("image => image.naturalWidth") > 100
        assert len(image.get_attribute("alt") or "") > 40
    page.get_by_label("Région", exact=True).select_option("53")
    page.get_by_role("button", name="Afficher").click()
    page.wait_for_url("**/figures/by_region?*region=53*")
    assert page.get_by_text("Limité à").is_visible()
    assert page.locator("table.figures").get_by_text("Bretagne").is_visible()
