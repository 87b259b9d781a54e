"""The report in a browser: readable by all, on a desk and on a phone, and it asks nobody for anything."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from tests.observe.report.editions import content
from vigie.observe.report.front import document
from vigie.observe.report.page import page as made

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}
SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 600})


def test_everybody_can_read_the_report(page, tmp_path):
    place = tmp_path / "report.html"
    place.write_bytes(made(document(content(), "fr")))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(place.as_uri())
    for size in SIZES:
        page.set_viewport_size(size)
        found = Axe().run(page, options=RULES).response["violations"]
        assert not found, [(each["id"], each["nodes"][0]["html"][:120]) for each in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert asked == [place.as_uri()]
