"""Whatever bytes come, the answer is a map, faults, or one FileError: never anything else."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO

import pytest

from tests.cartography.test_workbook import SMALL
from vigie.cartography import Reading, dump, dump_workbook, read
from vigie.errors import FileError

TEXT = dump(SMALL).encode()
BOOK = dump_workbook(SMALL)
PARTS = [name for name in zipfile.ZipFile(BytesIO(BOOK)).namelist() if name.endswith((".xml", ".rels"))]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, cut out or put in."""
    bad = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(bad))
        match chance.randrange(3):
            case 0:
                bad[at] = chance.randrange(256)
            case 1:
                del bad[at : at + chance.randint(1, 30)]
            case 2:
                bad[at:at] = chance.choices(b"[]{}<>:-&*\"'\n ,0=a", k=chance.randint(1, 8))
    return bytes(bad)


def damaged_inside(chance: random.Random) -> bytes:
    """A sound archive whose XML is damaged."""
    out, target = BytesIO(), chance.choice(PARTS)
    with zipfile.ZipFile(BytesIO(BOOK)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, damaged(old.read(name), chance) if name == target else old.read(name))
    return out.getvalue()


# openpyxl warns of damage that it can work around.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(120))
def test_damage_is_told_and_never_a_crash(seed):
    chance = random.Random(seed)
    for content in (damaged(TEXT, chance), damaged(BOOK, chance), damaged_inside(chance)):
        try:
            reading = read(content, "map")
        except FileError as refused:
            assert str(refused).startswith("map")
        else:
            assert isinstance(reading, Reading)
            assert reading.cartography or reading.errors
