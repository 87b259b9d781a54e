"""An edition is published only when nothing small can be read in it, and the public page shows that edition alone."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from tests.web.observatory.conftest import edition
from tests.web.support import notes_of_register
from vigie.observe.disclosure import SMALLEST_SHOWN, public_views
from vigie.observe.report.content import read


def give(site: Any, raw: bytes, person: Any = None) -> Any:
    file = BytesIO(raw)
    file.name = "figures.json"
    return site.client(person or site.agnes).post("/figures/publish", {"file": file})


def publish(site: Any, raw: bytes) -> Any:
    assert give(site, raw).status_code == 200
    return site.client(site.agnes).post("/figures/publish", {"edition": read(raw).edition.id})


def public(site: Any, path: str = "", **options: Any) -> Any:
    return site.client().get(f"/observatory/{path}", **options)


def test_nothing_published_is_said_plainly(site):
    answer = public(site)
    assert answer.status_code == 200 and "Aucune édition" in answer.content.decode()
    assert "No edition" in public(site, "?lang=en").content.decode()
    assert public(site, "figures.json").status_code == public(site, "by_region").status_code == 404


def test_it_takes_a_file_then_a_confirmation(site, public_edition):
    answer = give(site, public_edition)
    assert "Montrer cette édition à tout le monde" in answer.content.decode()
    assert "Aucune édition" in public(site).content.decode(), "nothing is shown before it is confirmed"
    publish(site, public_edition)
    assert public(site, "figures.json").content == public_edition
    note = next(note for note in notes_of_register("observatoire") if "publiée" in note)
    assert read(public_edition).edition.id in note
    site.client(site.agnes).post("/figures/withdraw")
    assert "Aucune édition" in public(site).content.decode()
    assert any("retirée" in note for note in notes_of_register("observatoire"))


def test_only_an_analyst_publishes(site, public_edition):
    for person in (site.alice, site.bob, site.admin):
        assert give(site, public_edition, person).status_code == 403
        assert site.client(person).post("/figures/withdraw").status_code == 403


def changed(raw: bytes, change: Any) -> bytes:
    """The same edition with something changed in it, written as the report writes it."""
    plain = json.loads(raw)
    change(plain)
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def small(plain: dict[str, Any]) -> None:
    rows = plain["tables"]["by_region"]
    rows["rows"][0][2] = 3
    rows["hidden"] = [place for place in rows["hidden"] if place[0] != 0]


def small_under_another_name(plain: dict[str, Any]) -> None:
    small(plain)
    plain["tables"]["by_region"]["measures"][0]["kind"] = "value"


def bare_under_the_mask(plain: dict[str, Any]) -> None:
    rows = plain["tables"]["malicious_by_region"]
    row, column = rows["hidden"][0]
    rows["rows"][row][column] = 7


def share_of_a_hidden_count(plain: dict[str, Any]) -> None:
    rows = plain["tables"]["malicious_by_region"]
    row, column = next(place for place in rows["hidden"] if rows["columns"][place[1]] == "share")
    rows["hidden"].remove([row, column])
    rows["rows"][row][column] = 0.5


def invented(plain: dict[str, Any]) -> None:
    plain["tables"]["by_hospital"] = plain["tables"]["by_region"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (small, "1 à 4"),
        (small_under_another_name, "1 à 4"),
        (bare_under_the_mask, "se lit pourtant"),
        (share_of_a_hidden_count, "son nombre est masqué"),
        (invented, "pas de ceux que cette version"),
        (lambda plain: plain["edition"].update(year=2023), "modifié après"),
        (lambda plain: plain["edition"].update(audience="internal"), "édition interne"),
    ],
)
def test_what_nobody_could_have_hidden_right_is_refused(site, public_edition, change, reason):
    answer = give(site, changed(public_edition, change))
    assert answer.status_code == 400 and reason in answer.content.decode()
    forged = site.client(site.agnes).post("/figures/publish", {"edition": read(public_edition).edition.id})
    assert forged.status_code == 400
    assert "Aucune édition" in public(site).content.decode()


def test_an_internal_edition_and_what_is_no_edition_are_refused(site, internal_edition):
    assert "édition interne" in give(site, internal_edition).content.decode()
    for raw in (b"", b"{}", b"[]", b"\x00\xff", b'{"format": 9}'):
        assert give(site, raw).status_code == 400
    for name in ("../../node", "", "a" * 16):
        assert site.client(site.agnes).post("/figures/publish", {"edition": name}).status_code == 400


def test_a_second_edition_must_reprint_the_first(site, public_edition):
    publish(site, public_edition)
    other = edition(seed=8)
    assert "--previous" in give(site, other).content.decode(), "two numbers of one cell could be subtracted"
    heir = edition(seed=8, previous=(read(public_edition),))
    publish(site, heir)
    assert public(site, "figures.json").content == heir


def test_every_page_of_the_edition_shows_nothing_small(site, public_edition):
    publish(site, public_edition)
    content = read(public_edition)
    for name, figures in content.figures.items():
        text = public(site, name).content.decode()
        assert "Numérateur" in text and (not figures.hidden or "n.p." in text)
        lines = public(site, f"{name}.csv").content.decode("utf-8-sig").splitlines()
        assert len(lines) == len(figures.rows) + 1
        for row, line in enumerate(lines[1:]):
            said = line.split(";")
            assert ("n.p." in said) == any(place[0] == row for place in figures.hidden)
    assert SMALLEST_SHOWN == 5


def test_filters_choose_among_what_is_printed_and_nothing_else(site, public_edition):
    publish(site, public_edition)
    content = read(public_edition)
    for view in public_views(content.tables, content.figures):
        answer = public(site, f"{view.table}?{view.dimension}={view.terms[0]}")
        assert answer.status_code == 200
    kept = public(site, "malicious_by_region?region=53").content.decode()
    assert ">Bretagne</th>" in kept and ">Normandie</th>" not in kept
    chosen = public(site, "by_region?region=53").content.decode()
    assert "En tête" in public(site, "by_region").content.decode()
    assert not any(word in chosen for word in ("En tête", "data:image", 'class="total"')), (
        "rows that were chosen are no whole"
    )
    for forged in ("region=atlantis", "year=2099", "malicious=perhaps"):
        assert public(site, f"malicious_by_region?{forged}").status_code == 404


def test_no_parameter_makes_it_show_an_internal_figure(sector, public_edition):
    site = sector.site
    plain = public(site, "by_region").content
    publish(site, public_edition)
    page = public(site, "by_region").content
    assert page != plain
    for forged in (
        "sector=health",
        "realm=exercise",
        "group=social",
        "audience=internal",
        "known=2024-01-01",
        "form=json",
    ):
        assert public(site, f"by_region?{forged}").content.replace(forged.encode(), b"") == page
        assert site.client(site.agnes).get(f"/observatory/by_region?{forged}").content == page
    assert public(site, "by_origin").status_code == 404, (
        "a table that the edition leaves out, though the journal has it"
    )
    assert public(site, "by_region.json").status_code == 404
    assert b"Hospital" not in page and b"crise-" not in page


def test_it_needs_no_cookie_and_may_be_kept(site, public_edition):
    publish(site, public_edition)
    for path in ("", "by_region", "by_region.csv", "figures.json", "?lang=en"):
        answer = public(site, path)
        assert answer.status_code == 200 and not answer.cookies
        assert answer["Cache-Control"] == "public, max-age=300"
        assert public(site, path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert 'lang="en"' in public(site, "by_region?lang=en").content.decode()


def test_an_edition_that_is_not_real_says_so(site):
    publish(site, edition(realm="simulated"))
    assert 'class="band"' in public(site).content.decode() and "SIMULÉ" in public(site, "by_region").content.decode()
    assert "simulated-" in public(site, "figures.json")["Content-Disposition"]
