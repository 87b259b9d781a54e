"""What `pip install .` puts on a machine is the whole house: pages, styles, translations, data and example crises."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import pytest

from tests.house.tree import PACKAGE, ROOT, files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """The wheel of this tree, built with the locked backend and without a network."""
    target = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(target.glob("*.whl"))) as archive:
        yield archive


def test_every_file_of_the_package_is_in_the_wheel(wheel):
    wanted = {path.relative_to(PACKAGE.parent).as_posix() for path in files() if path.is_relative_to(PACKAGE)}
    missing = wanted - set(wheel.namelist())
    assert not missing, "not in the wheel:\n" + "\n".join(sorted(missing))


def test_the_example_crises_are_in_the_wheel(wheel):
    crises = ROOT / "examples" / "crises"
    wanted = {f"vigie/examples/crises/{path.relative_to(crises).as_posix()}" for path in crises.rglob("*.yaml")}
    assert wanted
    assert wanted <= set(wheel.namelist())


def test_nothing_else_is_in_the_wheel(wheel):
    strangers = [name for name in wheel.namelist() if not name.startswith(("vigie/", "vigie-"))]
    assert not strangers
