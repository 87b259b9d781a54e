"""What is stored is shown, whatever it is: no entry makes a page, a print, an export or the API fail."""

from __future__ import annotations

import pytest

from tests.support.hostile import STRANGE, Raw, let_anything_in
from vigie.journal import Draft
from vigie.journal import facts as f

PAGES = (
    "",
    "news?after=1",
    "situation",
    "print/log?start=&end=",
    "entries/{seq}",
    "entries/{seq}/correct",
    "vocabulary",
)


def stored(crisis, fact, **fields) -> int:
    from vigie.web import clock, desk

    draft = Draft(crisis.id, fact, **{"author": "a.lefort", "role": "director", **fields})
    return desk.journal().append(draft, clock.now()).seq


def token(site):
    from vigie.web.accounts import services, tokens
    from vigie.web.accounts.models import Organisation
    from vigie.web.permissions import Permission

    secret = tokens.create(
        services.acting_as(site.admin), name="t", organisation=Organisation.objects.get(pk="valmont"), person=None,
        node="gateway", scopes=[Permission.INCIDENT_LIST, Permission.LOG_READ, Permission.BOARD_READ],
    )  # fmt: skip
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def failing(crisis, seq: int) -> list[str]:
    """The addresses that answer with a server error."""
    browser = crisis.browser
    api = token(crisis.site)
    answers = {page: crisis.get(page.format(seq=seq)).status_code for page in PAGES}
    answers["list"] = browser.get("/incidents/").status_code
    for suffix in ("csv", "xlsx", "vigie"):
        response = browser.get(f"/export/{crisis.id}/log.{suffix}")
        answers[suffix] = response.status_code
        if response.streaming:
            b"".join(response.streaming_content)
    for path in ("/api/incidents", f"/api/incidents/{crisis.id}/entries", f"/api/incidents/{crisis.id}/situation"):
        answers[path] = browser.get(path, **api).status_code
    return [f"{name}: {status}" for name, status in answers.items() if status not in (200, 204, 404)]


@pytest.mark.parametrize("name", STRANGE)
def test_every_page_opens_whatever_is_stored(crisis, monkeypatch, name):
    let_anything_in(monkeypatch)
    fact, fields = STRANGE[name]
    seq = stored(crisis, fact, **fields)
    assert failing(crisis, seq) == []


def test_a_correction_that_cannot_be_read_mends_nothing(crisis, monkeypatch):
    let_anything_in(monkeypatch)
    digest = crisis.write(f.Note(text="Écran noir")).digest
    for replacement in ('{"kind":["note"]}', '{"kind":"note","text":NaN}', '{"kind":"note","text":1e999}', "{}"):
        body = f'{{"kind":"correction","of":"{digest}","replacement":{replacement},"why":"x"}}'
        seq = stored(crisis, Raw("correction", body.encode()))
        assert failing(crisis, seq) == []
    assert "Écran noir" in crisis.text()


def test_the_print_of_everything_strange(crisis, monkeypatch):
    let_anything_in(monkeypatch)
    for fact, fields in STRANGE.values():
        stored(crisis, fact, **fields)
    response = crisis.browser.get(f"/export/{crisis.id}/log.pdf")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")
    assert failing(crisis, 2) == []


@pytest.mark.parametrize("content", [b"", b"junk", b"\xff\xfe", b"[" * 3000, b'{"applications": 3}', b"null"])
def test_an_adopted_map_that_cannot_be_read_closes_no_page(crisis, content):
    from vigie.web import desk

    revision = desk.store().put_revision(content)
    receipt = crisis.write(f.MapAdopted(revision=revision, name="x"))
    assert failing(crisis, receipt.seq) == []


@pytest.mark.parametrize("minor", [10**400, -(10**400) - 1, 0, -5, 1_234_567, 100])
def test_any_amount_is_told_in_whole_numbers(site, minor):
    from vigie.web.incidents.details import fact_details
    from vigie.web.incidents.forms import initial_of
    from vigie.web.incidents.names import NO_NAMES
    from vigie.web.incidents.sentences import sentence

    cost = f.Cost.model_construct(kind="cost", source="", what="x", amount_minor=minor, currency="EUR", estimate=False)
    typed = initial_of(cost, NO_NAMES)["amount_minor"]
    assert int(typed.replace(",", "")) == minor
    assert typed in dict(fact_details(cost, NO_NAMES)).values()
    told = {1_234_567: "12\u202f345,67 EUR", -5: "-0,05 EUR", 100: " 1 EUR", 0: " 0 EUR"}
    assert told.get(minor, "EUR") in sentence(cost).replace("\xa0", "\u202f")


def test_an_incident_of_an_unknown_realm_never_passes_for_a_real_one(crisis, monkeypatch):
    let_anything_in(monkeypatch)
    from vigie.web import clock, desk

    draft = Draft("valmont/songe", f.Opened(title="Songe"), "a.lefort", "director", realm="dream")
    desk.journal().append(draft, clock.now())
    for path in ("/incidents/", "/incidents/valmont/songe/", "/incidents/valmont/songe/print/log"):
        assert "DREAM" in crisis.browser.get(path).content.decode()
    pdf = crisis.browser.get("/export/valmont/songe/log.pdf")
    assert pdf.status_code == 200 and "dream" in pdf["Content-Disposition"]


@pytest.mark.parametrize(
    "incident", ["valmont/a/b", "valmont/..", "valmont/\x00", "valmont/%2f", "valmont/" + "x" * 150]
)
def test_no_name_of_an_incident_closes_the_list(crisis, monkeypatch, incident):
    let_anything_in(monkeypatch)
    from vigie.web import clock, desk

    desk.journal().append(Draft(incident, f.Opened(title="x"), "a.lefort", "director"), clock.now())
    assert failing(crisis, 2) == []
    assert "chiffrés" in crisis.browser.get("/incidents/").content.decode()


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_date_out_of_the_calendar_is_refused_in_words(crisis, year):
    assert crisis.get(f"?at={year}-12-31T23:59").status_code == 400
    assert crisis.get(f"situation?at={year}-01-01T00:00").status_code == 400
    said = crisis.post("write/task", {"text": "x", "state": "assigned", "due_at": f"{year}-01-01T00:00"})
    assert said.status_code == 400
    assert "Donnez une année entre 1900 et" in said.content.decode()
