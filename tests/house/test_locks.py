"""The locks pin every package by hash, name no host, agree with each other and cover what the project asks for."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house.test_dependencies import normal
from tests.house.tree import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
SPARK = "requirements-spark.lock"
PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?P<marker> ;[^\\]+)?(?P<hashes>(?: \\\n    --hash=\S+)*)$",
    re.MULTILINE,
)


def pins(lock: str) -> dict[str, re.Match[str]]:
    return {pin["name"]: pin for pin in PIN.finditer((ROOT / lock).read_text(encoding="utf-8"))}


@pytest.mark.parametrize("lock", [*LOCKS, SPARK])
def test_every_line_is_a_pin_with_hashes(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    left = PIN.sub("", re.sub(r"^#.*$", "", text, flags=re.MULTILINE)).strip()
    assert left == "", f"not a pin: {left[:200]}"
    for name, pin in pins(lock).items():
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)", pin["hashes"])
        assert hashes, f"{name} has no hash"
        assert len(hashes) == pin["hashes"].count("--hash="), f"{name} has a hash that is not sha256"


@pytest.mark.parametrize("lock", [*LOCKS, SPARK])
def test_no_host_is_named(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?:|index-url|find-links|file:|@ ", text)


def test_the_locks_cover_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert not {normal(wanted) for wanted in runtime} - set(pins("requirements.lock"))
    development = [*runtime, *project["project"]["optional-dependencies"]["dev"]]
    assert not {normal(wanted) for wanted in development} - set(pins("requirements-dev.lock"))
    assert not {normal(wanted) for wanted in project["project"]["optional-dependencies"]["spark"]} - set(pins(SPARK))


def test_what_is_tested_is_what_is_served():
    served, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: pin["version"] for name, pin in served.items()} == {name: tested[name]["version"] for name in served}


def test_spark_comes_beside_what_is_tested_and_not_instead():
    tested = pins("requirements-dev.lock")
    assert all(tested[name]["version"] == pin["version"] for name, pin in pins(SPARK).items() if name in tested)
    assert "setuptools" in tested, "pyspark is built here, and what builds it must have a hash too"


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_serves_every_system(lock):
    """A lock made for one system only would leave out what the others need."""
    markers = " ".join(pin["marker"] or "" for pin in pins(lock).values())
    assert "win32" in markers
