"""What is declared in an incident: versions of a declaration add up, and each declaration has its own qualification."""

from __future__ import annotations

import pytest

from tests.support.crisis import Crisis
from vigie.journal.facts import Correction, Declaration, Qualification


@pytest.fixture
def node(crisis: Crisis):
    return crisis.hospital()


def qualified(category: str, **values: object) -> Qualification:
    return Qualification(**{"category": category, "origin": "malicious", "why": "vu", **values})


def test_a_later_version_takes_back_nothing_that_it_does_not_say_again(node):
    node.write(Declaration(declaration="d1", stage="early_warning", region="11", malicious="yes", people_affected=12))
    node.write(Declaration(declaration="d1", stage="final", data_impact=("loss",), people_affected=0))
    known = node.situation().declared["d1"]
    assert (known.fact.stage, known.fact.region, known.fact.malicious) == ("final", "11", "yes")
    assert (known.fact.data_impact, known.fact.people_affected) == (("loss",), 0)
    assert [version.fact.stage for version in known.versions] == [
        "early_warning",
        "final",
    ] and known.by == known.versions[1].by


def test_a_word_is_taken_back_by_a_correction(node):
    first = node.write(Declaration(declaration="d1", malicious="yes"))
    node.write(Declaration(declaration="d1", stage="final"))
    mended = Declaration(declaration="d1", malicious="unknown").model_dump(mode="json")
    node.write(Correction(of=first, why="rien ne le montre", replacement=mended))
    assert node.situation().declared["d1"].fact.malicious == "unknown"


def test_declarations_of_one_incident_are_qualified_apart(node):
    node.write(qualified("phishing"), role="analyst")
    node.write(qualified("ransomware", declaration="d1"), role="analyst")
    node.write(qualified("malware", declaration="d2"), role="analyst")
    node.write(qualified("system_compromise", declaration="d1"), role="analyst")
    known = node.situation()
    assert {name: one.fact.category for name, one in known.qualifications.items()} == {
        None: "phishing", "d1": "system_compromise", "d2": "malware",
    }  # fmt: skip
    assert known.qualification.fact.category == "phishing"
    assert not known.conflicts


def test_nobody_qualified_the_incident_as_a_whole(node):
    node.write(qualified("ransomware", declaration="d1"), role="analyst")
    assert node.situation().qualification is None


def test_two_analysts_apart_contradict_each_other_on_one_declaration_only(crisis: Crisis):
    left, right = crisis.split()
    left.write(qualified("ransomware", declaration="d1"), role="analyst")
    right.write(qualified("malware", declaration="d2"), role="analyst")
    assert not left.merge(right).situation().conflicts
    right.write(qualified("phishing", declaration="d1"), role="analyst")
    (conflict,) = left.merge(right).situation().conflicts
    assert conflict.subject == "d1"
