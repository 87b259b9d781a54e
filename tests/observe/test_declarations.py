"""From journals to the table: versions, two times, whose word stands, and what only claims to be known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ibis
import pytest

from tests.house.tree import ROOT
from tests.observe.sector import Place, Sector
from vigie.journal.facts import (
    Closed,
    Correction,
    Declaration,
    Declared,
    Erasure,
    Exchange,
    ExploitedVulnerability,
    KeyCompromised,
    Qualification,
    Routing,
    Support,
)
from vigie.observe.declarations import as_known_on, counted, declarations
from vigie.observe.follow import Follower

PAGE = (ROOT / "docs" / "background" / "declarations.md").read_text(encoding="utf-8")
CRISIS = "valmont/crise"


def rows(sector: Sector) -> list[dict[str, Any]]:
    return declarations(sector.observatory.store, sector.observatory.local).to_pylist()


def now(sector: Sector) -> dict[str, Any]:
    """The one declaration as it is known now."""
    (row,) = [row for row in rows(sector) if row["known_until"] is None]
    return row


def received(sector: Sector) -> dict[str, Any]:
    sector.observatory.receive(sector.valmont)
    return now(sector)


def table_after(heading: str, skip: int = 0) -> list[list[str]]:
    """The rows of a table of the page."""
    found = [line for line in PAGE.partition(heading)[2].splitlines() if line.startswith("|") or not line]
    blocks = "\n".join(found).strip().split("\n\n")
    tables = [block.strip() for block in blocks if block.strip().startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in tables[skip].splitlines()[2:]]


def play(sector: Sector) -> None:
    """The worked example of docs/background/declarations.md."""
    at, valmont, brume, observatory = sector.clock.go, sector.valmont, sector.brume, sector.observatory
    at("2024-12-27 09:57")
    warning = valmont.declare(stage="early_warning", patient_danger="potential")
    observatory.receive(valmont)
    at("2024-12-30 15:00")
    brume.declare(origin="phishing")
    brume.write(Declared(stage="first", addressee="ars", declaration="d1"))
    at("2025-01-06 08:59")
    observatory.write(Exchange(declaration="d1", text="Que s'est-il passé ?", awaits="answer"), CRISIS, "analyst")
    at("2025-01-08 13:57")
    valmont.declare(origin="account_compromise")
    observatory.receive(valmont)
    at("2025-01-20 10:59")
    observatory.qualify(CRISIS, declaration="d1")
    at("2025-03-03 15:57")
    mended = Declaration(declaration="d1", stage="early_warning", patient_danger="none")
    valmont.write(Correction(of=warning, why="vérifié", replacement=mended.model_dump(mode="json")))
    observatory.receive(valmont)
    at("2025-04-10 07:58")
    observatory.receive(brume)


def test_the_worked_example_of_the_page(sector):
    play(sector)
    told = [
        [f"{row['known_from']:%Y-%m-%d %H:%M}", row["source_key"], *(str(row[name]) for name in ("version", "year"))]
        + [row[name] for name in ("state", "origin", "patient_danger")]
        for row in sorted(rows(sector), key=lambda row: row["known_from"])
    ]
    assert told == [[line[0], *line[2:]] for line in table_after("## A worked example")]


def test_what_came_later_vanishes_as_known_before(sector):
    play(sector)
    table = ibis.memtable(declarations(sector.observatory.store, sector.observatory.local))
    for day, *figures in table_after("## A worked example", 1):
        known = counted(as_known_on(table, datetime.fromisoformat(day).replace(tzinfo=UTC))).filter(ibis._.year == 2024)
        said = known.to_pyarrow().to_pylist()
        found = [len(said), *(sum(row[name] == word for row in said) for name, word in
                              (("origin", "ransomware"), ("patient_danger", "potential")))]  # fmt: skip
        assert [str(figure) for figure in found] == figures, day


def test_an_incident_without_a_declaration_has_no_row(sector):
    sector.observatory.receive(sector.valmont)
    assert rows(sector) == []


def test_a_withdrawn_declaration_keeps_its_past(sector):
    digest = sector.valmont.declare()
    assert received(sector)["version"] == 1
    sector.valmont.write(Correction(of=digest, why="mauvais établissement"))
    sector.observatory.receive(sector.valmont)
    (row,) = rows(sector)
    assert row["known_until"] is not None


def test_an_erased_declaration_is_gone_from_the_past_too(sector):
    digest = sector.valmont.declare(description="Mme X.")
    received(sector)
    sector.valmont.write(Erasure(of=digest, reason="identité d'une patiente", authority="DPO"), role="director")
    sector.observatory.receive(sector.valmont)
    assert rows(sector) == []


def test_a_stranger_and_the_wrong_role_only_claim(sector):
    sector.valmont.declare(malicious="no")
    sector.valmont.write(phishing(), role="analyst", incident="crise")
    sector.brume.receive(sector.valmont)
    sector.brume.write(phishing(), CRISIS, "analyst")
    sector.brume.write(Declaration(declaration="d1", malicious="yes"), CRISIS)
    sector.observatory.receive(sector.brume)
    row = now(sector)
    # The hospital's own analyst may qualify its own incident; a neighbour may not.
    assert row["origin"] == "phishing" and row["node"] == "valmont" and len(rows(sector)) == 1
    assert row["malicious"] == "yes"


def phishing() -> Qualification:
    return Qualification(category="phishing", origin="malicious", why="vu")


def test_a_key_stolen_since_takes_back_what_it_said(sector):
    sector.valmont.declare()
    received(sector)
    own = sector.valmont.journal.identity
    fact = KeyCompromised(
        node=own.node, incarnation=own.incarnation, since=sector.clock.now.replace(hour=8, minute=0), why="volé"
    )
    sector.observatory.write(fact, "register", "administrator")
    assert [row["known_until"] is None for row in rows(sector)] == [False]


def test_a_hospital_enrolled_later_is_known_since_then(sector, tmp_path):
    late = Place(tmp_path, sector.clock, "tardif")
    late.declare()
    sector.observatory.receive(late)
    assert rows(sector) == []
    sector.observatory.trust(late)
    row = now(sector)
    assert row["known_from"] == sector.clock.now.replace(tzinfo=None) > row["declared_at"]
    late.store.close()


def test_states_follow_the_conversation(sector):
    def state() -> str:
        sector.observatory.receive(sector.valmont)
        return now(sector)["state"]

    def ask(awaits: str) -> None:
        sector.observatory.write(Exchange(declaration="d1", text="?", awaits=awaits), CRISIS, "analyst")

    sector.valmont.declare()
    assert state() == "new"
    sector.observatory.qualify(CRISIS, state="to_qualify")
    ask("nothing")
    assert state() == "to_qualify"
    ask("answer")
    assert state() == "waiting"
    sector.valmont.write(Exchange(declaration="d2", text="autre chose"))
    assert state() == "waiting"
    sector.valmont.write(Exchange(declaration="d1", text="voici"))
    assert state() == "to_qualify"
    sector.observatory.qualify(CRISIS)
    assert state() == "qualified"
    sector.valmont.write(Closed(outcome="fini"), role="director")
    assert state() == "closed"


def test_the_observatory_stands_in_place_of_the_declarant_where_it_says_something(sector):
    sector.valmont.declare(
        origin="phishing", malicious="yes", data_impact=("disclosure",), functioning="degraded", supplier="Acme",
        supplier_involved="yes", ransomware_extent="workstation",
    )  # fmt: skip
    first = received(sector)
    assert (first["ransomware_extent"], first["supplier"], first["actions"]) == (None, "Acme", ["social"])
    sector.observatory.qualify(CRISIS, data_impact=("unavailability",), cause_group="campagne")
    sector.observatory.qualify(CRISIS, "human_error", origin="not_malicious", declaration="d1", supplier_involved="no")
    row = now(sector)
    assert (row["origin"], row["malicious"], row["data_impact"]) == ("human_error", "no", ["unavailability"])
    assert (row["functioning"], row["supplier_involved"], row["supplier"]) == ("degraded", "no", None)
    assert row["cause_group"] == "campagne"


def test_the_extent_of_ransomware_is_only_that_of_ransomware(sector):
    sector.valmont.declare(origin="ransomware")
    assert received(sector)["ransomware_extent"] == "unknown" and now(sector)["malicious"] == "yes"
    sector.observatory.qualify(CRISIS, ransomware_extent="one_server")
    assert now(sector)["ransomware_extent"] == "one_server"


def test_help_and_authorities(sector):
    sector.valmont.declare(support_asked="yes", cves=("CVE-2024-3400",))
    sector.valmont.write(Declared(stage="phone_call", addressee="anssi"))
    sector.valmont.write(Declared(stage="complaint", addressee="police"))
    sector.valmont.write(ExploitedVulnerability(cve="CVE-2023-4966"))
    sector.valmont.write(ExploitedVulnerability(cve="CVE-2021-44228", certainty="confirmed"))
    row = received(sector)
    assert (row["support_asked"], row["support_given"], row["authorities"]) == ("yes", "unknown", ["police"])
    assert row["cves"] == ["CVE-2021-44228", "CVE-2024-3400"]
    assert row["declared_at"] == row["recorded_at"]
    sector.observatory.write(Routing(addressee="ars", declaration="d1"), CRISIS, "analyst")
    sector.observatory.write(Support(support="s1", state="under_way", by="cert-sante"), CRISIS, "analyst")
    row = now(sector)
    assert (row["support_given"], row["support_by"], row["authorities"]) == ("yes", ["cert-sante"], ["ars", "police"])
    sector.observatory.write(Support(support="s1", state="refused"), CRISIS, "analyst")
    assert now(sector)["support_given"] == "no"


def test_declared_by_legal_time_and_by_the_first_authority(sector):
    sector.clock.go("2024-12-31 23:10")
    sector.valmont.declare(occurred_at=datetime(2024, 12, 30, tzinfo=UTC))
    row = received(sector)
    assert (row["declared_at"].year, row["year"], row["month"], row["day"]) == (2024, 2025, 1, 20089)
    told = datetime(2024, 12, 30, 9, tzinfo=UTC)
    sector.valmont.write(Declared(stage="first", addressee="ars", declaration="d1"), happened_at=told)
    sector.valmont.write(Declared(stage="notification", addressee="cnil", declaration="d1"))
    row = received(sector)
    assert (row["declared_at"], row["year"]) == (told.replace(tzinfo=None), 2024)


def test_what_a_hospital_wrote_may_not_have_left(sector):
    sector.valmont.declare(occurred_at=datetime(2023, 5, 1, tzinfo=UTC))
    (row,) = declarations(sector.valmont.store, sector.valmont.local).to_pylist()
    assert (row["declared_at"], row["year"]) == (None, 2023)


def test_words_that_no_list_knows_are_kept_as_other_and_remarked(sector):
    sector.valmont.declare(
        origin="gremlins", malicious="yes", establishment_kind="chateau", region="zz", services=("imaging", "crypte")
    )
    sector.observatory.receive(sector.valmont)
    follower = Follower(sector.observatory.store, sector.observatory.local)
    follower.update()
    (row,) = follower.table.to_pylist()
    assert (row["origin"], row["establishment_kind"], row["region"]) == ("other_malicious", "other", "unknown")
    assert row["services"] == ["imaging"]
    assert [(one.column, one.said, one.kept) for one in follower.remarks] == [
        ("establishment_kind", "chateau", "other"), ("origin", "gremlins", "other_malicious"), ("region", "zz", "unknown"),
        ("services", "crypte", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"legal_entity": "010780054", "establishment": "CH"}, "010780054"),
        ({"establishment": "Clinique  de l'Étang", "region": "53"}, "clinique de l etang|FR|53"),
        ({"on_behalf_of": "CH de Brume"}, "ch de brume|unknown|unknown"),
        ({}, "valmont|unknown|unknown"),
    ],
)
def test_what_declarants_are_counted_by(sector, values, expected):
    sector.valmont.declare(**values)
    assert received(sector)["declarant"] == expected


def test_each_row_is_traced_to_its_entries(sector):
    digest = sector.valmont.declare()
    row = received(sector)
    assert digest in row["entries"] and all(sector.observatory.store.by_digest(entry) for entry in row["entries"])
