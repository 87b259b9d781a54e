"""An edition is published only when nothing small can be read in it, and the public page shows that edition alone."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest

from tests.web.observatory.conftest import edition
from tests.web.support import notes_of_register
from vigie.errors import FileError
from vigie.observe.disclosure import SMALLEST_SHOWN, public_views
from vigie.observe.report.content import read, written
from vigie.web.observatory.keeping import folder


def give(site: Any, raw: bytes, person: Any = None) -> Any:
    file = BytesIO(raw)
    file.name = "figures.json"
    return site.client(person or site.agnes).post("/figures/publish", {"file": file})


def publish(site: Any, raw: bytes) -> Any:
    answer = give(site, raw)
    assert answer.status_code == 200
    return confirm(site, shown_digest(answer))


def confirm(site: Any, digest: str) -> Any:
    return site.client(site.agnes).post("/figures/publish", {"edition": digest})


def shown_digest(answer: Any) -> str:
    found = re.search(r'name="edition" value="([0-9a-f]{64})"', answer.content.decode())
    assert found is not None
    return found[1]


def served(raw: bytes) -> bytes:
    """What is shown of an edition: its rows and marks, nothing that no one looks at."""
    return written(replace(read(raw), numbers={}, revisions=None))


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
    assert public(site, "figures.json").content == served(public_edition)
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
    forged = confirm(site, sha256(served(public_edition)).hexdigest())
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
    assert public(site, "figures.json").content == served(heir)


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


def rewritten(raw: bytes, change: Any) -> bytes:
    """An edition changed by somebody who knows how the report writes it: the identifier fits, and every byte."""
    plain = json.loads(changed(raw, change))
    try:
        plain["edition"]["id"] = read(json.dumps(plain).encode()).edition.id
        return written(read(json.dumps(plain).encode()))
    except (
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        FileError,
    ):  # what is too odd to be written that way is given as it is
        return json.dumps(plain).encode()


def more(plain: dict[str, Any]) -> None:
    rows = plain["tables"]["by_region"]["rows"]
    rows[:] = [
        [*row[:2], *(each + 100 if type(each) is int and each > 4 else each for each in row[2:])] for row in rows
    ]


def test_the_same_pins_with_other_figures_are_another_edition(site, public_edition):
    other = rewritten(public_edition, more)
    assert read(other).edition.id == read(public_edition).edition.id and other != public_edition
    publish(site, public_edition)
    tag = public(site, "by_region")["ETag"]
    answer = give(site, other)
    assert answer.status_code == 400 and "--previous" in answer.content.decode()
    assert public(site, "by_region")["ETag"] == tag
    publish(site, public_edition)  # the same bytes may be shown again


def test_what_is_confirmed_is_what_was_looked_at(site, public_edition):
    looked_at = shown_digest(give(site, public_edition))
    other = shown_digest(give(site, rewritten(public_edition, more)))
    assert looked_at != other
    folder().joinpath(f"pending-{looked_at}.json").write_bytes(folder().joinpath(f"pending-{other}.json").read_bytes())
    assert confirm(site, looked_at).status_code == 400, "the file is no longer the one that was shown"
    confirm(site, shown_digest(give(site, public_edition)))
    assert public(site, "figures.json").content == served(public_edition)
    assert any(looked_at in note for note in notes_of_register("observatoire"))
    tag = public(site, "by_region")["ETag"]
    site.client(site.agnes).post("/figures/withdraw")
    for path in folder().glob("edition-*.json"):
        path.unlink()
    publish(site, rewritten(public_edition, more))
    assert public(site, "by_region")["ETag"] != tag


def row(change: Any) -> Any:
    """Change the first row of a table, and take its marks away."""

    def apply(plain: dict[str, Any]) -> None:
        table = plain["tables"]["by_region"]
        table["hidden"] = [place for place in table["hidden"] if place[0] != 0]
        change(table["rows"][0])

    return apply


def cell(column: int, value: Any) -> Any:
    return row(lambda cells: cells.__setitem__(column, value))


@pytest.mark.parametrize(
    "change",
    [
        cell(0, "2024; Hospital"),
        cell(0, 10**30),
        cell(0, True),
        cell(1, "Hospital X : 3"),
        cell(1, None),
        cell(2, "3"),
        cell(2, -3),
        cell(2, 7.5),
        cell(2, [3]),
        cell(2, {"n": 3}),
        cell(4, 1.5),
        cell(4, "0.5"),
        row(lambda cells: cells.pop()),
        row(lambda cells: cells.extend([3, 2])),
        lambda plain: plain["tables"]["by_region"]["rows"].append(plain["tables"]["by_region"]["rows"][0]),
        lambda plain: plain["tables"]["by_region"]["rows"].__setitem__(0, "abc"),
        lambda plain: plain["tables"]["by_region"].update(hidden=[[10**9, 2]]),
        lambda plain: plain["tables"]["by_region"].update(hidden=[[-1, 2]]),
        lambda plain: plain["tables"]["by_region"].update(hidden=[[0, 0]]),
        lambda plain: plain["tables"].clear(),
        lambda plain: plain["edition"].update(year=10**30),
        lambda plain: plain["edition"].update(languages=["../../x"]),
        lambda plain: plain["edition"].update(sector="Hospital X"),
        lambda plain: plain["edition"]["source"].update(victim="Hospital X"),
        lambda plain: plain["edition"]["source"].update(rows="3 at Hospital X"),
        lambda plain: plain["edition"]["digests"].update(vocabulary="Hospital X"),
        lambda plain: plain["edition"]["software"].update(vigie="Hospital X"),
        lambda plain: plain["edition"].update(as_known_on="0001-01-01T00:00:00+23:00"),
    ],
)
def test_what_is_no_number_and_no_word_of_an_edition_is_refused(site, public_edition, change):
    assert give(site, rewritten(public_edition, change)).status_code == 400


def test_what_nobody_looks_at_is_not_shown(site, public_edition):
    def brought(plain: dict[str, Any]) -> None:
        plain["numbers"] = {"clusters": {"secret": "Hospital X"}}
        plain["revisions"] = {"x": {"secret": "Hospital X"}}
        plain["tables"]["by_region"]["title"] = {"fr": "Hospital X", "en": "Hospital X"}
        plain["tables"]["by_region"]["exclusions"] = "Hospital X"

    publish(site, rewritten(public_edition, brought))
    for path in ("", "by_region", "by_region.csv", "figures.json"):
        answer = public(site, path)
        assert answer.status_code == 200 and b"Hospital X" not in answer.content
    assert all(b"Hospital X" not in path.read_bytes() for path in folder().glob("*.json"))


@pytest.mark.parametrize(
    "raw",
    [
        b'{"format":1,"tables":{},"revisions":null,"edition":{},"numbers":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"format":1,"tables":{"by_region":[]}}',
        b'{"format":1,"edition":[],"tables":{},"numbers":1,"revisions":1}',
        b'{"format":1,"edition":{"year":1e999},"tables":{},"numbers":{},"revisions":null}',
        b'{"format":1,"tables":{"\\ud800":1}}',
        b"9" * 10_000,
    ],
)
def test_hostile_json_is_refused_in_words(site, raw):
    answer = give(site, raw)
    assert answer.status_code == 400 and "pas une édition" in answer.content.decode()


def test_a_published_file_that_broke_is_said_and_can_be_withdrawn(site, public_edition):
    publish(site, public_edition)
    for path in folder().glob("edition-*.json"):
        path.write_bytes(b"{}")
    os.utime(folder() / "published.json")
    assert "Aucune édition" in public(site).content.decode()
    assert public(site, "by_region").status_code == public(site, "figures.json").status_code == 404
    page = site.client(site.agnes).get("/figures/publish")
    assert page.status_code == 200 and "ne se lit plus" in page.content.decode()
    answer = give(site, public_edition)
    assert answer.status_code == 400 and "ne se lit plus" in answer.content.decode(), "there is nothing to compare with"
    assert site.client(site.agnes).post("/figures/withdraw").status_code == 302
    assert not (folder() / "published.json").exists()


def test_an_edition_kept_by_a_former_vigie_is_shown_and_compared(site, public_edition):
    publish(site, public_edition)
    (path,) = folder().glob("edition-*.json")
    path.unlink()
    name = read(public_edition).edition.id
    (folder() / f"edition-{name}.json").write_bytes(public_edition)
    (folder() / "published.json").write_text(
        json.dumps({"edition": name, "by": "A", "at": "2025-03-01T09:00:00+00:00"})
    )
    assert public(site, "figures.json").content == served(public_edition)
    assert "--previous" in give(site, rewritten(public_edition, more)).content.decode()
    publish(site, public_edition)


def test_a_table_without_rows_is_a_page_all_the_same(site, public_edition):
    publish(
        site, rewritten(public_edition, lambda plain: plain["tables"]["malicious_by_region"].update(rows=[], hidden=[]))
    )
    for path in ("", "malicious_by_region", "malicious_by_region.csv", "by_region"):
        assert public(site, path).status_code == 200
