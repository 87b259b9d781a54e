"""Nothing committed names the machine it was written on, or the host a package came from."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import files, shown

# Written in two halves, so that this file does not find itself.
HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org")
FOLDERS = ("work", "root", "home", "Users", "opt/pypi", "opt/wheels")
PATTERN = re.compile(
    "|".join([*(re.escape(host) for host in HOSTS), *(rf"(?<![\w.~)}}\]*-])/{folder}/" for folder in FOLDERS)])
)


def test_no_file_names_this_machine():
    faults = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
        for number, line in enumerate(text.splitlines(), start=1):
            if found := PATTERN.search(line):
                faults.append(f"{shown(path)}:{number}: {found.group()}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "line", ["cd /" + "work/main", 'open("/' + 'home/me/x")', "https://" + HOSTS[0] + "/simple", "at /" + "root/.cache"]
)
def test_a_place_is_found(line):
    assert PATTERN.search(line)


@pytest.mark.parametrize("line", ["docs/work/x", "frame" + "work/", "see https://example.org/home/page", "~/home/"])
def test_an_innocent_line_passes(line):
    assert not PATTERN.search(line)
