"""The numbers themselves: each inside its interval, each with its source, and a file that hides nothing."""

from __future__ import annotations

from importlib import resources

import pytest
from pydantic import ValidationError

from vigie.care import Evidence, evidence, evidence_file, read_evidence
from vigie.errors import FileError, InputError

TEXT = (resources.files("vigie.care") / "data" / "evidence.yaml").read_text(encoding="utf-8")
ALL = list(evidence().values())


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_each_number_is_whole(one: Evidence):
    assert one.low is None or one.low <= one.value <= one.high
    assert (one.low is None) == (one.interval == "none")
    assert one.citation and one.urls and one.read_on and one.unit in evidence_file().units
    for words in (one.title, one.population, one.design, one.may_conclude, one.may_not_conclude):
        assert words.fr and words.en


def test_a_number_that_is_ours_says_so():
    ours = {"own_poisson", "own_arithmetic", "assumption"}
    assert {one.interval for one in ALL} >= ours
    for one in ALL:
        if "ours" in (one.note.en if one.note else ""):
            assert one.interval not in ("ci95", "prediction95", "iqr"), one.id


def test_choi_is_two_rows_that_say_what_they_do_not_show():
    rows = [one for one in ALL if "Choi" in one.citation and one.interval == "maximum"]
    assert [(one.value, one.unit) for one in rows] == [(2.7, "minutes"), (0.36, "points")]
    for one in rows:
        assert one.confidence == "low" and one.low == 0 and one.high == one.value
        assert "ransomware" in one.may_not_conclude.en and "thefts" in one.may_not_conclude.en


def test_the_numbers_that_harm_computes_with_are_there_with_their_bounds():
    assert evidence()["inpatient-mortality-rr"].bounds == (1.34, 1.38)
    assert evidence()["sepsis-or"].bounds == (1.03, 1.09)
    assert evidence()["diversion-ami"].bounds == (0.60, 5.88)
    with pytest.raises(InputError, match="no interval"):
        _ = evidence()["baseline-stay"].bounds


def test_nothing_can_be_changed():
    with pytest.raises(ValidationError):
        evidence()["stemi-rr"].value = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        evidence()["stemi-rr"] = ALL[0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value: 1.36, unit: ratio, low: 1.34", "value: 1.3, unit: ratio, low: 1.34", "1.3 is not between"),
        ("value: 0.255, unit: share", "value: 0.255, unit: shares", '"shares" is not a unit'),
        ("value: 0.379, unit: share", "value: 37.9, unit: share", "cannot be a share"),
        ("value: -0.1621, unit: change", "value: -16.21, unit: change", "cannot be a change"),
        ("study: beh-2025", "study: beh-2024", '"beh-2024" is not a study'),
        ("topic: friction, study: choi-2019, value: 2.7", "topic: fear, study: choi-2019, value: 2.7", "not a topic"),
        ("unit: points, low: 0.60, high: 5.88", "unit: points, low: 0.60", "one bound without the other"),
        ("unit: points, low: 0.60, high: 5.88, interval: ci95", "unit: points, interval: ci95", "without its bounds"),
        ("high: 5.88, interval: ci95", "high: 5.88, interval: none", "no sort of interval"),
        ("high: 5.88, interval: ci95", "high: 5.88, interval: sure", "interval"),
        ('urls: ["https://beh.', 'urls: ["beh.', "urls"),
        ('    citation: "A modified', '    citing: "A modified', "ecg-baseline > citation"),
        ("value: 0.067, unit: change, interval: none, confidence: medium", "value: 0.067, unit: change", "interval"),
    ],
)  # fmt: skip
def test_a_file_that_misleads_is_refused(old, new, said):
    assert old in TEXT
    with pytest.raises(FileError, match=said):
        read_evidence(TEXT.replace(old, new).encode(), "evidence.yaml")
