"""Who must be told: the rules apply from the data, and what is unknown triggers nothing but what is always due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from vigie.observe.columns import BY_NAME, UNSAID
from vigie.observe.routing import duties, rules
from vigie.observe.vocabulary import vocabulary

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def told(now: datetime, done: tuple[str, ...] = (), **row: object) -> dict[str, str]:
    return {duty.rule.addressee: duty.state for duty in duties({**UNSAID, **row}, done, AT, now)}


def test_every_rule_speaks_of_columns_and_words_that_exist():
    for rule in rules():
        assert rule.addressee in vocabulary()["authorities"]
        assert rule.source
        assert rule.date
        assert all(rule.words.values())
        for column, words in rule.when.items():
            assert set(words) <= set(vocabulary()[BY_NAME[column].words]), f"{rule.name}: {column}"


def test_the_agency_and_the_ministry_are_told_of_every_declaration():
    assert told(AT) == {"ars": "proposed", "fssi": "proposed"}
    assert told(AT + timedelta(hours=2)) == {"ars": "missing", "fssi": "missing"}
    assert told(AT + timedelta(hours=2), ("ars",)) == {"ars": "done", "fssi": "missing"}


def test_data_of_people_concern_the_cnil_which_the_hospital_tells_itself():
    row = {"data_impact": ["disclosure"], "data_subjects": ["patients"]}
    assert told(AT, **row)["cnil"] == "proposed"
    assert told(AT + timedelta(hours=73), **row)["cnil"] == "missing"
    assert next(rule for rule in rules() if rule.addressee == "cnil").by == "hospital"
    assert "cnil" not in told(AT, data_impact=["none"], data_subjects=["patients"])


def test_medicines_and_devices_need_both_the_service_and_the_danger():
    assert "ansm" in told(AT, services=["pharmacy"], patient_danger="potential")
    assert "ansm" not in told(AT, services=["pharmacy"])
    assert "anssi" in told(AT, essential_entity="yes")
