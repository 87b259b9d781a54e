"""Numbers as each language writes them."""

from __future__ import annotations

from datetime import date

from vigie.observe import numerals as n


def test_numbers():
    assert n.number(1234567.5, "fr", 1) == "1\u202f234\u202f567,5"
    assert n.number(1234567.5, "en", 1) == "1,234,567.5"
    assert n.number(-0.4, "fr") == "0"
    assert n.number(-3, "fr") == "\u22123"
    assert [n.sensible(value, "fr") for value in (12, 12.34, 123.4, 0.123)] == ["12", "12,3", "123", "0,12"]


def test_shares_and_changes():
    assert n.percent(0.524, "fr") == "52\u00a0%" and n.percent(0.524, "en", 1) == "52.4%"
    assert [n.change(value, "en") for value in (0.33, -0.2, 0.001)] == ["+33%", "\u221220%", "0%"]


def test_a_share_that_is_not_none_nor_all_does_not_read_as_such():
    said = [n.portion(value, "en") for value in (0, 0.0001, 0.0021, 0.0112, 0.9962, 1)]
    assert said == ["0%", "<\u00a00.1%", "0.2%", "1%", "99.6%", "100%"]
    assert n.portion(0.004, "fr", bare=True) == "0,4"


def test_days_and_lists():
    assert n.day(date(2023, 3, 1), "fr") == "1er\u00a0mars\u00a02023"
    assert n.day(date(2023, 3, 2), "en") == "2\u00a0March\u00a02023"
    assert n.month(2, "fr", short=True) == "févr."
    assert n.listed(["a", "b", "c"], "fr") == "a, b et c"
    assert n.listed(["a"], "en") == "a" and n.listed([], "en") == ""
