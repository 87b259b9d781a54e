"""The rules that changed are dated, sourced, and said in both languages."""

from __future__ import annotations

from datetime import date

from vigie.observe.rule_changes import changes_between, rule_changes


def test_every_change_is_dated_sourced_and_said_twice():
    assert [each.when for each in rule_changes()] == sorted({each.when for each in rule_changes()})
    for each in rule_changes():
        assert each.sure in ("day", "month")
        assert each.scope in ("health", "social", "all")
        assert len(each.source) > 20
        assert each.said("fr") != each.said("en")


def test_the_changes_of_some_years():
    assert [each.when for each in changes_between(2020, 2022)] == [
        date(2020, 11, 18),
        date(2022, 4, 28),
        date(2022, 10, 1),
    ]
    assert [each.when.year for each in changes_between(2017, 2023, ("social",))] == [2020, 2022, 2023]
