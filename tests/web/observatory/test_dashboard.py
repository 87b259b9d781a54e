"""The dashboard shows what `compute` gives, follows the journal, and is for analysts."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from tests.web.observatory.conftest import Sector
from tests.web.support import notes_of_register
from vigie.journal import Draft
from vigie.journal.facts import Declaration
from vigie.observe.compute import compute
from vigie.observe.declarations import declarations
from vigie.observe.tables import TABLES
from vigie.web import desk
from vigie.web.observatory import live
from vigie.web.observatory.live import Slice


def rows(sector: Sector, table: str, query: str = "") -> list[list[object]]:
    answer = sector.site.client(sector.site.agnes).get(f"/figures/{table}.json{query}")
    assert answer.status_code == 200, answer.content[:300]
    return json.loads(answer.content)["rows"]


def page(sector: Sector, path: str = "", **options: object) -> str:
    answer = sector.site.client(sector.site.agnes).get(f"/figures/{path}", **options)
    assert answer.status_code == 200, answer.content[-600:]
    return answer.content.decode()


def counts(sector: Sector, query: str = "") -> list[object]:
    """Declarations per year."""
    return [row[1] for row in rows(sector, "declarations_per_year", query)]


def truth(**options: object) -> dict[str, list[list[object]]]:
    store = desk.store()
    made = compute(declarations(store, store.own_logs()), **options)  # type: ignore[arg-type]
    return {name: [list(row) for row in each.rows] for name, each in made.items()}


def test_every_table_is_what_compute_gives(sector):
    found, _ = live.figures(Slice())
    assert {name: [list(row) for row in each.rows] for name, each in found.items()} == truth()
    assert [row[:2] for row in rows(sector, "declarations_per_year")] == [[2023, 7], [2024, 13]]


def test_filters_count_again_what_they_keep(sector):
    held = declarations(desk.store(), desk.store().own_logs())
    only = held.filter([value == "53" for value in held["region"].to_pylist()])
    expected = [list(row) for row in compute(only)["by_establishment_kind"].rows]
    assert [row[:3] for row in rows(sector, "by_establishment_kind", "?region=53")] == [row[:3] for row in expected]
    assert counts(sector, "?malicious=yes") == [8]
    assert counts(sector, "?group=social") == [5]
    assert counts(sector, "?realm=exercise") == [3]


def test_as_known_on_a_day_leaves_out_what_came_later(sector):
    assert counts(sector, "?known=2023-12-31") == [7]
    assert truth(as_known_on=live_day())["declarations_per_year"] == rows(
        sector, "declarations_per_year", "?known=2024-02-12"
    )


def live_day():
    from datetime import date

    from vigie.web.observatory.asked import asked

    found = asked({"known": "2024-02-12"})
    assert found.day == date(2024, 2, 12)
    return found.slice.at


def test_a_new_entry_counts_again_its_own_year_and_no_other(sector, monkeypatch):
    before = rows(sector, "by_region")
    counted: list[set[object]] = []
    real = live.cells_of

    def watched(received, family, realm):
        counted.append(set(received.to_pyarrow()["year"].to_pylist()))
        return real(received, family, realm)

    monkeypatch.setattr(live, "cells_of", watched)
    rows(sector, "by_region")
    assert counted == [], "nothing new: nothing is counted"
    sector.declare("53", "ch", 2024, "ransomware")
    after = rows(sector, "by_region")
    assert counted and set().union(*counted) == {2024}
    assert sum(row[2] for row in after) == sum(row[2] for row in before) + 1
    assert after == truth()["by_region"]


def test_a_declaration_that_moves_to_another_year_leaves_the_first(sector):
    assert len(rows(sector, "declarations_per_year")) == 2
    incident = sector.declare("53", "ch", 2025, "ransomware")
    assert counts(sector) == [7, 13, 1]
    withdrawn = Declaration(declaration="d1", nature="near_miss", establishment_kind="ch", region="53")
    sector.journal.append(
        Draft(incident, withdrawn, "A. Morel"), desk.store().get([desk.store().last_seq()])[0].received_at
    )
    assert counts(sector) == [row[1] for row in truth()["declarations_per_year"]]


def test_what_an_analyst_must_not_see_is_in_no_figure(sector):
    before = rows(sector, "declarations_per_year")
    sector.declare("53", "ch", 2024, "ransomware", privileged=True)
    sector.declare("53", "ch", 2024, "ransomware", tlp="red")
    assert rows(sector, "declarations_per_year") == before


def test_the_table_is_kept_for_the_next_start(sector, monkeypatch):
    from vigie.web.observatory import keeping

    monkeypatch.setattr(live, "WORTH_KEEPING", 1)
    before = rows(sector, "by_region")
    kept, seq = keeping.kept(desk.store())
    assert kept is not None and kept.num_rows == 23 and 0 < seq <= desk.store().last_seq()
    monkeypatch.setattr(live, "_held", None)
    sector.declare("53", "ch", 2024, "ransomware")
    assert sum(row[2] for row in rows(sector, "by_region")) == sum(row[2] for row in before) + 1
    monkeypatch.setattr(keeping, "_code", lambda: "0" * 16)
    assert keeping.kept(desk.store()) == (None, 0), "another code derives again"


def test_a_page_says_its_number_its_definition_and_what_it_rests_on(sector):
    text = page(sector, "declarations_per_year?year=2024")
    assert "13" in text and "data:image/svg+xml" in text
    for part in ("Numérateur", "Dénominateur", "Exclusions", "Tel que connu le", "Journal lu jusqu"):
        assert part in text, part
    overview = page(sector)
    assert all(f"/figures/{name}" in overview for name in TABLES)
    assert "intervalle" in overview


def test_each_table_has_its_page_in_both_languages(sector):
    browser = sector.site.client(sector.site.agnes)
    for language in ("fr", "en"):
        for name in TABLES:
            answer = browser.get(f"/figures/{name}", headers={"Accept-Language": language})
            assert answer.status_code == 200, name
    assert TABLES[name].title["en"] in answer.content.decode()


def test_what_is_not_real_says_so(sector):
    assert 'class="band"' not in page(sector, "by_region")
    assert "EXERCICE" in page(sector, "by_region?realm=exercise")


def test_filters_stay_in_the_address(sector):
    text = page(sector, "by_region?region=53&year=2024")
    assert "/figures/by_origin?year=2024&amp;region=53" in text
    assert "/figures/by_region.csv?year=2024&amp;region=53" in text


@pytest.mark.parametrize(
    "query", ["region=atlantis", "year=hier", "known=jamais", "realm=%3Cscript%3E", "known=9999-12-31"]
)
def test_what_makes_no_sense_is_said(sector, query):
    answer = sector.site.client(sector.site.agnes).get(f"/figures/by_region?{query}")
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
    assert b"<script>" not in answer.content
    assert sector.site.client(sector.site.agnes).get(f"/figures/by_region.csv?{query}").status_code == 400


def test_a_table_leaves_as_a_file_and_the_register_says_so(sector):
    browser = sector.site.client(sector.site.agnes)
    answer = browser.get("/figures/by_region.csv?region=53")
    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0][:3] == ["year", "region", "region_fr"] and lines[1][0] == "2024"
    assert browser.get("/figures/by_region.xlsx").content[:2] == b"PK"
    assert browser.get("/figures/by_region.exe").status_code == 404
    assert browser.get("/figures/no_such_table").status_code == 404
    assert [note for note in notes_of_register("observatoire") if "by_region" in note and "CSV" in note]


def test_only_analysts_read_figures(sector):
    site = sector.site
    for person in (site.alice, site.bob, site.charlie, site.admin):
        for path in ("", "by_region", "by_region.csv", "publish"):
            assert site.client(person).get(f"/figures/{path}").status_code == 403
    assert site.client().get("/figures/").status_code == 302
