"""Denominators: the same bytes, the nearest earlier year, and no number where there is none."""

from __future__ import annotations

from datetime import date

import pytest

from vigie.errors import FileError, InputError
from vigie.observe.denominators import Cell, Counted, Denominators, dumped, load, loaded


def counted(year: int, *cells: Cell, register: str = "sae") -> Counted:
    return Counted(register, year, "somewhere", "0" * 64, date(2026, 11, 25), tuple(sorted(cells)))


HELD = Denominators(
    (
        counted(
            2022, Cell("84", "public", "ch", 40, 900, 30, 5000, 3, 2), Cell("11", "commercial", "clinic", 7, 80, 9)
        ),
        counted(
            2019, Cell("84", "public", "ch", 44, 990, 20, 4000, 3, 2), Cell("84", "public", "chu", 5, 800, 2, 70, 1, 1)
        ),
        counted(2025, Cell("84", "public", "ch", 41), register="finess"),
    )
)


def test_a_year_is_its_own_denominator():
    found = HELD.exposure(2022)
    assert (found.value, found.year, found.register) == (47, 2022, "sae")
    assert HELD.exposure(2022, region="84").value == 40
    assert HELD.exposure(2022, legal_status="commercial", region="84").value == 0


@pytest.mark.parametrize(("asked", "used"), [(2019, 2019), (2020, 2019), (2021, 2019), (2022, 2022), (2030, 2022)])
def test_a_year_without_borrows_from_the_nearest_earlier_one_and_says_so(asked, used):
    assert HELD.exposure(asked).year == used
    assert HELD.used_for(asked).year == used


def test_a_later_year_is_never_borrowed():
    assert HELD.used_for(2018) is None
    with pytest.raises(InputError, match=r"2018.*sae: 2019, 2022.*earlier year"):
        HELD.exposure(2018)


def test_each_region_status_or_kind_has_its_own():
    assert {word: each.value for word, each in HELD.by("region", 2020, "beds").items()} == {"84": 1790}
    assert {word: each.value for word, each in HELD.by("kind", 2020, region="84").items()} == {"ch": 44, "chu": 5}


def test_what_a_register_does_not_say_is_not_zero():
    assert HELD.exposure(2025, register="finess").value == 41
    with pytest.raises(InputError, match="does not say beds"):
        HELD.exposure(2025, "beds", register="finess")


def test_the_same_content_is_the_same_bytes_and_reads_back(tmp_path):
    again = Denominators(HELD.years[::-1])
    assert dumped(again) == dumped(HELD)
    assert again.digest == HELD.digest
    (tmp_path / "denominators.json").write_text(dumped(HELD), encoding="utf-8")
    assert load(tmp_path / "denominators.json") == HELD
    assert loaded(dumped(Denominators())) == Denominators()


def test_a_year_read_again_takes_the_place_of_the_old_one():
    after = HELD.merged([counted(2022, Cell("84", "public", "ch", 39))])
    assert after.exposure(2022).value == 39
    assert after.exposure(2019) == HELD.exposure(2019)
    assert HELD.exposure(2022).value == 47


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("", "Make it again"),
        ("[]", "Make it again"),
        ('{"format": "other"}', "not a file of denominators"),
        (dumped(HELD).replace('"version": 1', '"version": 2'), "Update this installation"),
        (dumped(HELD).replace("900", "-900"), "not a count"),
        (dumped(HELD).replace("900", '"900"'), "not a count"),
        (dumped(HELD).replace("2026-11-25", "yesterday"), "Make it again"),
        (dumped(HELD).replace('"year": 2022', '"year": 2019'), "given twice"),
    ],
)
def test_a_damaged_file_says_so(text, mend):
    with pytest.raises((FileError, InputError), match=mend):
        loaded(text)


@pytest.mark.parametrize(
    ("compute", "mend"),
    [
        (lambda: HELD.exposure(2022, "patients"), "Choose among establishments"),
        (lambda: HELD.exposure(2022, size="big"), "no dimension"),
        (lambda: HELD.by("size", 2022), "no dimension"),
    ],
)
def test_a_word_that_is_none_is_refused(compute, mend):
    with pytest.raises(InputError, match=mend):
        compute()


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileError, match="Check the name"):
        load(tmp_path / "none.json")
