"""The documentation keeps up with the code: its links lead somewhere, and what exists is described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from tests.house.tree import files, shown
from vigie.cli.app import app
from vigie.journal.facts import KINDS

PAGES = tuple(path for path in files() if path.suffix == ".md")
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)[^)]*\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def reference() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PAGES if "docs/reference" in shown(path))


def commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every command below this one that does something itself: ("vigie", "journal", "verify")."""
    names = command.list_commands(typer.Context(command)) if hasattr(command, "list_commands") else []
    if not names:
        yield path
    for name in names:
        yield from commands(command.get_command(typer.Context(command), name), (*path, name))


COMMANDS = tuple(" ".join(path) for path in commands(typer.main.get_command(app), ("vigie",)))


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as the usual renderers make them."""
    headings = re.findall(r"^#+\s+(.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere():
    broken = []
    for page in PAGES:
        for link in LINK.finditer(FENCE.sub("", page.read_text(encoding="utf-8"))):
            target, _, anchor = link["target"].partition("#")
            if re.match(r"[a-z]+:", target):
                continue  # another site
            found = (page.parent / target).resolve() if target else page
            if not found.exists():
                broken.append(f"{shown(page)}: {link['target']} does not exist")
            elif anchor and found.suffix == ".md" and anchor not in anchors(found.read_text(encoding="utf-8")):
                broken.append(f"{shown(page)}: {link['target']} names no heading")
    assert not broken, "\n".join(broken)


def test_every_command_is_in_the_reference():
    missing = [command for command in COMMANDS if not re.search(rf"\b{command}\b", reference())]
    assert not missing, f"describe in docs/reference: {missing}"


def test_every_kind_of_fact_is_in_the_reference():
    missing = [kind for kind in KINDS if f"`{kind}`" not in reference()]
    assert not missing, f"describe in docs/reference: {missing}"
