"""The reference of settings and permissions says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from vigie.web.permissions import ROLE_PERMISSIONS, TOKEN_SCOPES, Permission

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "vigie"
ROLES = ("member", "director", "analyst", "administrator")


def test_every_permission_and_who_holds_it():
    said = {}
    for line in (REFERENCE / "permissions.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7 and cells[0].startswith("`"):
            said[cells[0].strip("`")] = tuple(cell == "yes" for cell in cells[2:])
    assert said == {
        permission.value: (*(permission in ROLE_PERMISSIONS[role] for role in ROLES), permission in TOKEN_SCOPES)
        for permission in Permission
    }


def test_every_setting():
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    read = set(re.findall(r'"((?:VIGIE_[A-Z_]+)|DATABASE_URL)"', code))
    table = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    said = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert said == read


def test_every_check():
    raised = set(re.findall(r'id="(vigie\.[EW]\d{3})"', (SOURCE / "web" / "checks.py").read_text(encoding="utf-8")))
    table = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(vigie\.[EW]\d{3})` \|", table, re.MULTILINE)) == raised
