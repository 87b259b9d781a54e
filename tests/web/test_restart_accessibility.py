"""The pages of the restart pass axe, in both themes, on a desk and on a phone, and print; none scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support.server import Server
from tests.web.test_accessibility import faults
from tests.web.test_first_evening import PATIENCE_MS, open_incident, set_up, write

PAGES = (
    "restart/", "restart/plan", "restart/what-if", "restart/what-if?what=swap&first=lis&second=dpi",
    "restart/what-if?what=swap&first=lis&second=lis", "restart/forecast",
)  # fmt: skip


@pytest.fixture
def server(serve) -> Server:
    return serve()


def test_every_page(page: Page, server: Server, tmp_path):
    from tests.rebuild.maps import small_hospital
    from vigie.cartography import to_bytes

    page.set_default_timeout(PATIENCE_MS)
    set_up(page, server)
    address = open_incident(page, server)
    page.goto(f"{address}restart/")
    found = faults(page, "no map")
    map_file = tmp_path / "carte.yaml"
    map_file.write_bytes(to_bytes(small_hospital()))
    page.goto(f"{server.url}/cartography")
    page.locator("input[type=file]").set_input_files(map_file)
    page.locator("form:has(input[type=file]) button").click()
    page.goto(address)
    for line in ("@ad down", "@lis down", "@dpi down"):
        write(page, line)
    page.goto(f"{address}restart/")
    page.get_by_role("heading", name="Les prochaines actions").wait_for()
    page.goto(f"{address}restart/forecast")
    page.get_by_role("button", name="Publier cette prévision").click()
    for path in PAGES:
        page.goto(address + path)
        page.locator(".subtabs").wait_for()
        found += faults(page, path)
    assert not found, "\n".join(found)
