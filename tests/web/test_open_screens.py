"""Open screens: a reader who scrolled is not moved, completion helps, and a warning comes back with what was typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.server import Server
from tests.web.test_first_evening import PATIENCE_MS, POLL_MS, open_incident, set_up, sign_in, write


@pytest.fixture
def server(serve) -> Server:
    return serve()


def top(page: Page, entry: str) -> float:
    return page.locator(entry).evaluate("one => one.getBoundingClientRect().top")


def test_new_entries_move_nothing_and_wait_behind_a_pill(browser: Browser, page: Page, server: Server):
    page.set_default_timeout(PATIENCE_MS)
    set_up(page, server)
    address = open_incident(page, server)
    for number in range(6):
        write(page, f"Appel {number}")
    reader = browser.new_context(locale="fr-FR", viewport={"width": 800, "height": 400}).new_page()
    sign_in(reader, server)
    reader.goto(address)
    first = f"#{reader.locator('#log .opened').get_attribute('id')}"
    reader.locator(first).scroll_into_view_if_needed()
    before = top(reader, first)

    write(page, "Arrivée pendant la lecture")
    pill = reader.locator("#pill button")
    expect(pill).to_have_text("1 nouvelle entrée", timeout=POLL_MS)
    assert abs(top(reader, first) - before) < 2
    pill.click()
    expect(reader.locator("#pill")).to_have_attribute("hidden", "")
    expect(reader.locator("#log .note").first).to_be_in_viewport()
    reader.context.close()


def test_a_warning_comes_back_with_the_line_and_one_may_write_anyway(page: Page, server: Server):
    page.set_default_timeout(PATIENCE_MS)
    set_up(page, server)
    open_incident(page, server)
    page.keyboard.press("/")
    page.keyboard.type("vers 2h rappeler le 06 12 34 56 78")
    expect(page.locator("#preview")).to_contain_text(re.compile(r"Note.*vers 2\sh"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("identité d’un patient")
    expect(page.locator("#line")).to_have_value("vers 2h rappeler le 06 12 34 56 78")
    page.get_by_role("button", name="Écrire quand même").click()
    expect(page.locator("#log .note")).to_contain_text("06 12 34 56 78")
    expect(page.locator("#line")).to_have_value("")
