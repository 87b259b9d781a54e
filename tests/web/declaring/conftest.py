"""The crisis of the incident pages, with what a declaration form sends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest

from tests.web.incidents.conftest import Crisis, crisis, exercise  # noqa: F401


@dataclass
class Desk:
    """The declaration pages of a crisis, as one person's browser sees them."""

    crisis: Crisis
    browser: Any
    name: str = "d1"
    typed: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/incidents/{self.crisis.id}/declarations/{self.name}/"

    def get(self, tail: str = "", **options: Any) -> Any:
        return self.browser.get(self.path + tail, **options)

    def text(self, tail: str = "") -> str:
        answer = self.get(tail)
        assert answer.status_code == 200, answer.content[:600]
        return unescape(answer.content.decode())

    def opened(self) -> dict[str, Any]:
        """What the form as it stands would send, untouched."""
        return form_values(self.get("draft").content.decode())

    def save(self, action: str = "save", sent: dict[str, Any] | None = None, **typed: Any) -> Any:
        """Type some fields into the form as it stands (or as it was, in `sent`), and press a button."""
        data = {**(self.opened() if sent is None else sent), **typed, "action": action}
        return self.browser.post(self.path + "draft", data)

    def send(self, **more: Any) -> Any:
        """Press the button of the check page."""
        page = self.get("draft/check")
        assert page.status_code == 200, page
        return self.browser.post(self.path + "draft/check", {"sealed": sealed(page), **more})

    def declare(self, **typed: Any) -> int:
        """Fill in, check and send; returns the number of the entry."""
        saved = self.save("check", **typed)
        assert saved.status_code == 302, unescape(saved.content.decode())
        answer = self.send()
        assert answer.status_code == 302, unescape(answer.content.decode())
        return int(answer["Location"].rpartition("/")[2])


def sealed(page: Any) -> str:
    found = re.search(r'name="sealed" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


def form_values(html: str) -> dict[str, Any]:
    """The fields of the declaration form in a page, as a browser sends them."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.values: dict[str, Any] = {}
            self.inside, self.select, self.area = False, "", ""

        def handle_starttag(self, tag: str, given: Any) -> None:
            said = dict(given)
            if tag == "form":
                self.inside = said.get("id") == "declaration"
            if not self.inside:
                return
            if tag == "input" and said.get("type") in ("radio", "checkbox"):
                if "checked" in said and said["type"] == "radio":
                    self.values[said["name"]] = said["value"]
                elif "checked" in said:
                    self.values.setdefault(said["name"], []).append(said["value"])
            elif tag == "input":
                self.values[said["name"]] = said.get("value", "")
            elif tag == "select":
                self.select = said["name"]
                self.values[self.select] = ""
            elif tag == "option" and "selected" in said:
                self.values[self.select] = said["value"]
            elif tag == "textarea":
                self.area = said["name"]
                self.values[self.area] = ""

        def handle_endtag(self, tag: str) -> None:
            if tag == "form":
                self.inside = False
            elif tag == "textarea":
                self.values[self.area] = self.values[self.area].removeprefix("\n")
                self.area = ""

        def handle_data(self, data: str) -> None:
            if self.inside and self.area:
                self.values[self.area] += data

    reader = Reader()
    reader.feed(html)
    return reader.values


@pytest.fixture
def page(crisis: Crisis) -> Desk:  # noqa: F811
    """The first declaration of the crisis, in Alice's browser."""
    return Desk(crisis, crisis.browser)


@pytest.fixture
def second(crisis: Crisis, site: Any) -> Desk:  # noqa: F811
    """The same, in Bob's."""
    return Desk(crisis, site.client(site.bob))
