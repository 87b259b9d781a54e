"""Every dependency is wanted, justified in a line of docs/dependencies.md, and free to redistribute."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata

import pytest

from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "dependencies.md"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = {
    "Runtime": PROJECT["dependencies"],
    "Development": PROJECT["optional-dependencies"]["dev"],
    "Optional": [*PROJECT["optional-dependencies"]["spark"], *PROJECT["optional-dependencies"]["clickhouse"]],
}
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<why>[^|]+) \| (?P<licence>[^|]+) \|$", re.MULTILINE)
# The LGPL lets a program of any licence use the library; the GPL and the AGPL would bind Vigie itself.
COPYLEFT = re.compile(r"(?<!L)\bA?GPL|Affero|(?<!Lesser )General Public License", re.IGNORECASE)


def normal(requirement: str) -> str:
    """The name of a requirement as package indexes compare it."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def rows(section: str) -> dict[str, tuple[str, str]]:
    """The table under a heading of the page: name to (why, licence)."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    return {row["name"]: (row["why"].strip(), row["licence"].strip()) for row in ROW.finditer(text)}


@pytest.mark.parametrize("section", DECLARED)
def test_the_page_and_the_project_name_the_same(section):
    assert sorted(rows(section)) == sorted(map(normal, DECLARED[section]))


@pytest.mark.parametrize("section", DECLARED)
def test_each_is_justified_and_free(section):
    for name, (why, licence) in rows(section).items():
        assert len(why.split()) >= 4, f"{name}: say in a line why it is needed"
        assert licence, f"{name}: name its licence"
        assert not COPYLEFT.search(licence), f"{name}: {licence} would bind Vigie"


def test_nothing_is_wanted_twice():
    names = [normal(requirement) for declared in DECLARED.values() for requirement in declared]
    assert len(names) == len(set(names))


def test_no_locked_package_says_it_is_copyleft():
    bound = []
    locked = [
        (ROOT / lock).read_text(encoding="utf-8") for lock in ("requirements-dev.lock", "requirements-spark.lock")
    ]
    for line in "\n".join(locked).splitlines():
        if "==" not in line:
            continue
        try:
            said = metadata(normal(line))
        except PackageNotFoundError:
            continue  # for another system
        licences = [said.get("License-Expression") or "", *(said.get_all("Classifier") or [])]
        bound += [f"{normal(line)}: {licence}" for licence in licences if COPYLEFT.search(licence)]
    assert not bound, "\n".join(bound)


@pytest.mark.parametrize(("licence", "binds"), [("GPL-3.0-only", True), ("AGPL-3.0", True), ("LGPL-3.0-only", False)])
def test_copyleft_is_told_apart(licence, binds):
    assert bool(COPYLEFT.search(licence)) is binds
