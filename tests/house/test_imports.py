"""Arrows point down only, and only web and cli know a framework, a terminal, a clock or a source of chance."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import PACKAGE, parsed, python_files, shown

# Each room and the rooms it may look into. A new room is added here, at its place in the order, or the walk refuses it.
ROOMS = {
    "journal": set(),
    "cartography": set(),
    "care": {"journal", "cartography"},
    "respond": {"journal", "cartography", "care"},
    "observe": {"journal", "cartography", "care", "respond"},
    "rebuild": {"journal", "cartography", "care", "respond", "observe"},
    "exchange": {"journal", "cartography", "care", "respond", "observe", "rebuild"},
    "web": {"journal", "cartography", "care", "respond", "observe", "rebuild", "exchange"},
    "cli": {"journal", "cartography", "care", "respond", "observe", "rebuild", "exchange", "web"},
}
EDGE = {"web", "cli"}
# Modules that stand beside the rooms: everybody may import them, and they import nothing of the house but one another.
COMMON = {"errors", "ids"}

FRAMEWORKS = {
    *("django", "ninja", "allauth", "csp", "django_htmx", "whitenoise", "granian", "asgiref", "uvicorn"),
    *("typer", "click", "rich", "argparse", "getpass", "curses"),
    *("http", "urllib.request", "socket", "socketserver", "ssl", "requests", "httpx", "aiohttp"),
}
CHANCE_AND_CLOCK = {"random", "secrets", "time"}
WORLD = {
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("os.environ", "os.environb", "os.getenv", "os.putenv", "os.urandom", "uuid.uuid1", "uuid.uuid4"),
    *("uuid.getnode", "sys.argv", "sys.stdin", "importlib.import_module", "builtins.__import__", "builtins.input"),
    *("builtins.print", "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey.generate"),
}


def test_the_house_obeys():
    faults = [fault for path in python_files("src/vigie") for fault in faults_of(path)]
    assert not faults, "\n".join(faults)


def test_no_room_is_declared_and_empty():
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert rooms <= set(ROOMS), f"say in ROOMS what these may import: {sorted(rooms - set(ROOMS))}"


def faults_of(path: Path) -> list[str]:
    room, module = place(path.relative_to(PACKAGE))
    return [f"{shown(path)}:{line}: {what}" for line, what in walk(parsed(path), room, module)]


def place(relative: Path) -> tuple[str, str]:
    """The room a file belongs to, and its dotted package (what a relative import starts from)."""
    package = ".".join(("vigie", *relative.parent.parts))
    if len(relative.parts) > 1:
        return relative.parts[0], package
    return ("cli" if relative.stem == "__main__" else "common"), package


def walk(tree: ast.Module, room: str, package: str) -> Iterator[tuple[int, str]]:
    """Every breach in one module, with its line."""
    names: dict[str, str] = {"print": "builtins.print", "input": "builtins.input", "__import__": "builtins.__import__"}
    for node in ast.walk(tree):
        for bound, target in imported(node, package):
            names[bound] = target
            yield from ((node.lineno, what) for what in refused(target, room))
    if room in EDGE:
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)) and (used := dotted(node, names)) in WORLD:
            yield node.lineno, f"{room} may not use {used}: take the value as an argument"


def imported(node: ast.AST, package: str) -> Iterator[tuple[str, str]]:
    """The names that a statement binds, each with the full dotted name it stands for."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield (alias.asname or alias.name, alias.name)
            if not alias.asname:
                yield (alias.name.split(".")[0],) * 2  # `import os.path` binds `os`
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*above, *([node.module] if node.module else [])])
        for alias in node.names:
            yield (alias.asname or alias.name, f"{base}.{alias.name}")


def refused(target: str, room: str) -> Iterator[str]:
    """Why this room may not import that name."""
    if target == "vigie" or target.startswith("vigie."):
        other = (target.split(".") + [""])[1]
        if other in ROOMS and other != room and other not in ROOMS.get(room, set()):
            yield f"{room} may not import vigie.{other}: arrows point down only"
        elif other and other not in ROOMS and other not in COMMON and not other.startswith("_"):
            yield f"vigie.{other} is neither a room of ROOMS nor a module of COMMON"
    elif room not in EDGE:
        for module in sorted(FRAMEWORKS | CHANCE_AND_CLOCK):
            if target == module or target.startswith(f"{module}."):
                yield f"only web and cli may import {module}"


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """`dt.now` as `datetime.datetime.now` when the module said `from datetime import datetime as dt`; else ''."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, names)
        return f"{base}.{node.attr}" if base else ""
    return ""


BREACHES = [
    ("journal", "import django.db", "import django"),
    ("journal", "from django.db import models", "import django"),
    ("journal", "from vigie.cartography import model", "vigie.cartography"),
    ("journal", "from ..cartography.model import Application", "vigie.cartography"),
    ("journal", "from .. import web", "vigie.web"),
    ("cartography", "import vigie.journal.entry", "vigie.journal"),
    ("respond", "from vigie.exchange import xlsx", "vigie.exchange"),
    ("exchange", "def f():\n    from vigie.web import settings", "vigie.web"),
    ("web", "from vigie.cli import main", "vigie.cli"),
    ("common", "from vigie.journal import entry", "vigie.journal"),
    ("web", "import vigie.attic", "vigie.attic is neither"),
    ("journal", "import random", "import random"),
    ("journal", "from secrets import token_hex", "import secrets"),
    ("journal", "import time as t", "import time"),
    ("respond", "from datetime import datetime as dt\nx = dt.now()", "datetime.datetime.now"),
    ("respond", "import datetime as d\nx = d.date.today()", "datetime.date.today"),
    ("respond", "import datetime\nclock = datetime.datetime.utcnow", "datetime.datetime.utcnow"),
    ("exchange", "import os\nhome = os.environ['HOME']", "os.environ"),
    ("exchange", "import os.path\nhome = os.environ", "os.environ"),
    ("exchange", "from os import urandom\nx = urandom(4)", "os.urandom"),
    ("exchange", "from uuid import uuid4 as new\nx = new()", "uuid.uuid4"),
    ("exchange", "import uuid\nx = field(default_factory=uuid.uuid4)", "uuid.uuid4"),
    ("exchange", "print('hello')", "builtins.print"),
    ("exchange", "__import__('django')", "builtins.__import__"),
    ("exchange", "import urllib.request", "urllib.request"),
]


@pytest.mark.parametrize(("room", "source", "said"), BREACHES)
def test_the_walk_finds_a_breach(room, source, said):
    found = [what for _, what in walk(ast.parse(source), room, f"vigie.{room}")]
    assert any(said in what for what in found), found


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("journal", "from vigie.errors import FactError\nfrom .entry import Entry\nfrom vigie.ids import Id"),
        ("respond", "from vigie.journal.facts import Fact\nfrom vigie.cartography import model"),
        ("respond", "from datetime import datetime, timedelta\ndef f(now: datetime): return now + timedelta(hours=1)"),
        ("exchange", "import os.path\nx = os.path.join('a', 'b')\nclass A:\n    now = 1\ny = A.now"),
        ("exchange", "from urllib.parse import urlsplit"),
        ("web", "from django.db import models\nimport secrets, time\nfrom vigie.exchange import xlsx"),
        ("cli", "from vigie.web import settings\nimport typer"),
    ],
)
def test_the_walk_lets_the_rest_pass(room, source):
    assert not list(walk(ast.parse(source), room, f"vigie.{room}"))
