"""What moved between two editions, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.observe.report.editions import asked
from vigie.observe.report.annex import revisions as pages
from vigie.observe.report.chapters import Numbering
from vigie.observe.report.making import Material, make
from vigie.observe.report.revisions import reasons, revisions
from vigie.observe.rows import row, table_of

THEN, NOW = datetime(2023, 1, 31, tzinfo=UTC), datetime(2023, 6, 30, tzinfo=UTC)
FIRST, SECOND = datetime(2023, 1, 10), datetime(2023, 4, 10)


def said(name: str, **values):
    base = {
        "declaration": name,
        "source": "synthetic",
        "realm": "simulated",
        "known_from": FIRST,
        "year": 2022,
        "month": 6,
    }
    return row(**{**base, "source_digest": name, **values})


def changed(name: str, before: dict, **after):
    """Two versions of a declaration: known in January, then otherwise in April."""
    return [
        said(name, **before, known_until=SECOND),
        said(name, **{**before, **after}, version=2, known_from=SECOND, source_digest=f"{name}2"),
    ]


def history():
    rows = [said("stays"), said("late", known_from=SECOND), said("gone", known_until=SECOND)]
    rows += changed("twin", {}, duplicate_of="stays")
    rows += changed("elsewhere", {}, state="out_of_scope")
    rows += changed("threat", {}, nature="threat")
    rows += changed("back", {"duplicate_of": "stays"}, duplicate_of=None)
    rows += changed("other year", {}, year=2021)
    rows += changed("requalified", {"origin": "phishing", "malicious": "yes"}, origin="ransomware")
    rows += changed("corrected", {}, hours_degraded=3.0)
    rows += changed("closed", {"state": "qualified"}, state="closed")
    return table_of(rows)


def test_each_reason_is_counted_where_it_moved_a_count():
    assert reasons(history(), THEN, NOW) == {
        2022: {
            "late": 1, "withdrawn": 1, "duplicate": 1, "out_of_scope": 1, "no_incident": 1, "back": 1, "moved_out": 1,
            "requalified": 1, "corrected": 1,
        },
        2021: {"moved_in": 1},
    }  # fmt: skip


def test_reasons_add_up_to_what_the_year_moved():
    first, second = _editions()
    before, after = (dict(each.figures["declarations_per_year"].rows)[2022] for each in (first, second))
    found = reasons(history(), THEN, NOW)[2022]
    came = found["late"] + found["back"] + found["moved_in"]
    left = sum(found[each] for each in ("duplicate", "out_of_scope", "no_incident", "withdrawn", "moved_out"))
    assert after - before == came - left


def test_the_report_says_what_moved_since_the_previous_edition():
    first, second = _editions()
    assert first.revisions is None and second.revisions["edition"] == first.edition.id
    cells = {
        (each["figure"]["fr"], each["year"]): (each["before"], each["after"]) for each in second.revisions["cells"]
    }
    assert cells["Déclarations par an", 2022] == (9, 6)
    (section,) = pages(second, "fr", Numbering())
    assert section.title == "Depuis l'édition précédente" and second.edition.digests["previous"] != "none"


def test_the_public_is_not_told_small_reasons():
    first, second = _editions()
    public = replace(second.edition, audience="public")
    found = revisions(first, public, second.tables, second.figures, history())
    assert set(found["reasons"]["2022"].values()) == {"hidden"}


def _editions():
    first = make(asked(as_known_on=THEN), history())
    return first, make(asked(as_known_on=NOW), history(), Material(previous=[first]))
