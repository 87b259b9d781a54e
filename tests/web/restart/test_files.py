"""Files of the restart, read back cell by cell, event by event, page by page."""

from __future__ import annotations

import io

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from tests.web.exports.test_exports import read
from tests.web.restart.conftest import restart_of
from tests.web.support import notes_of_register
from vigie.cartography import label
from vigie.rebuild.chain import critical_chain, hold
from vigie.web import desk
from vigie.web.restart import words


def export(crisis, tail, person=None):
    from vigie.web.restart import computing

    assert computing.WAIT_SECONDS
    browser = crisis.site.client(person or crisis.site.alice)
    return browser.get(f"/export/{crisis.id}/restart.{tail}")


def body(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def local(instant):
    from zoneinfo import ZoneInfo

    return instant and instant.astimezone(ZoneInfo("Europe/Paris")).replace(tzinfo=None)


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def test_the_workbook_holds_the_plan_cell_by_cell(crisis):
    book = load_workbook(io.BytesIO(body(export(crisis, "xlsx"))))
    found = restart_of(crisis)
    plan, names = found.plan, found.names
    assert book.sheetnames == [
        "Plan", "Applications", "Services de soins", "Feux verts", "Personnes", "Hypothèses", "Vigie",
    ]  # fmt: skip
    critical = {line.step.id for line, _hold in critical_chain(plan)}
    assert cells(book["Plan"]) == [
        [
            number, local(line.starts_at), local(line.ends_at), words.step_of(line, plan, names),
            str(words.PHASES[line.step.phase]), names.application(line.step.application) if line.step.application else None,
            words.team_name(line.team, names) or None, str(words.WAYS[line.way]) if line.step.phase == "restore" else None,
            words.why(hold(plan, line), plan, names), int(line.step.assumed), int(line.step.id in critical), line.step.id,
        ]
        for number, line in enumerate(plan.lines, start=1)
    ]  # fmt: skip
    services = {row[6]: row for row in cells(book["Services de soins"])}
    for name, one in found.outlook.services.items():
        assert services[name][1:4] == [int(one.lost), local(one.dates.p50_at), local(one.dates.p90_at)]
        assert services[name][5] == pytest.approx(plan.lost_by_service[name], abs=0.06)
    applications = {row[6]: row for row in cells(book["Applications"])}
    assert set(applications) == set(plan.work.damages.damaged)
    for name, dates in found.outlook.applications.items():
        assert applications[name][2:5] == [
            local(plan.application_back_at(name)),
            local(dates.p50_at),
            local(dates.p90_at),
        ]
    assert [(row[7], row[1]) for row in cells(book["Feux verts"])] == [
        (gate.id, str(words.OUTCOMES[gate.outcome])) for gate in plan.work.gates
    ]
    assert [row[:3] for row in cells(book["Personnes"])] == [
        [words.team_name(one.team, names), one.people, label("shifts", one.shift, "fr")]
        for one in plan.work.staff.presences
    ]
    said = dict(row[:2] for row in cells(book["Vigie"]))
    assert said["Exporté par"] == "a.lefort" and said["Cartographie"] == "Small hospital"
    assert said["Point de contrôle"].endswith(desk.checkpoint().fingerprint)


def test_the_calendar_has_an_event_for_each_return(crisis):
    found = restart_of(crisis)
    events = {str(one["uid"]): one for one in Calendar.from_ical(body(export(crisis, "ics"))).walk("VEVENT")}
    expected = {f"service:{name}": one.dates for name, one in found.outlook.services.items() if one.lost}
    expected |= {f"application:{name}": dates for name, dates in found.outlook.applications.items()}
    assert {uid.partition("@")[0] for uid in events} == set(expected)
    for uid, event in events.items():
        dates = expected[uid.partition("@")[0]]
        assert event.decoded("dtstart") == dates.p50_at and event.decoded("dtend") >= dates.p90_at
        assert "Prévision" in event["summary"] and "P90" in event["description"] and event["status"] == "TENTATIVE"


def test_the_calendar_of_steps_has_an_event_for_each(crisis):
    found = restart_of(crisis)
    events = Calendar.from_ical(body(export(crisis, "ics?of=steps"))).walk("VEVENT")
    lines = [line for line in found.plan.lines if line.step.phase != "return"]
    assert [(e.decoded("dtstart"), str(e["uid"]).partition("@")[0]) for e in events] == [
        (line.starts_at, f"step:{line.step.id}") for line in lines
    ]


def test_the_print_has_a_page_for_each_team(crisis):
    found = restart_of(crisis)
    pages, texts = read(export(crisis, "pdf"), apart=True)
    teams = {line.team for line in found.plan.lines if line.team}
    assert pages >= 1 + len(teams)
    fingerprint = desk.checkpoint().fingerprint
    for text in texts:
        assert fingerprint in text and crisis.id in text and "TLP:AMBER" in text
    for team in teams:
        (page,) = [
            text for text in texts[1:] if words.team_name(team, found.names) in text and "Prochaines actions" in text
        ]
        first = next(line for line in found.plan.lines if line.team == team)
        said = words.step_of(first, found.plan, found.names).replace("\u2019", "'")
        assert said in " ".join(page.split())
    whole = " ".join(texts)
    assert "Retour des services de soins" in whole and "Emergency" in whole and "Ce que le plan suppose" in whole
    assert "prévisions" in texts[0] and "EXERCICE" not in whole
    raw = export(crisis, "pdf").content
    assert b"/StructTreeRoot" in raw or b"/MarkInfo" in raw


def test_an_exercise_says_so_in_every_file(exercise):
    pages, texts = read(export(exercise, "pdf"), apart=True)
    assert all("EXERCICE" in text.replace(" ", "") for text in texts)
    for tail in ("pdf", "xlsx", "ics"):
        assert 'filename="exercice-' in export(exercise, tail)["Content-Disposition"]
    for event in Calendar.from_ical(body(export(exercise, "ics"))).walk("VEVENT"):
        assert event["summary"].startswith("EXERCICE")


@pytest.mark.parametrize("tail", ["xlsx", "ics", "pdf"])
def test_what_leaves_is_noted_and_only_its_own_may_ask(crisis, tail):
    answer = export(crisis, tail, crisis.site.bob)
    assert answer["Content-Disposition"].startswith(
        'attachment; filename="valmont-2024-11-serveurs-chiffres-redemarrage-'
    )
    assert answer["Cache-Control"] == "private, no-store" and answer["X-Content-Type-Options"] == "nosniff"
    body(answer)
    assert "Export du plan de redémarrage" in notes_of_register()[-1] and crisis.id in notes_of_register()[-1]
    assert export(crisis, tail, crisis.site.charlie).status_code == 404
    assert export(crisis, tail, crisis.site.admin).status_code == 403


def test_without_a_map_there_is_no_file(bare):
    for tail in ("xlsx", "ics", "pdf"):
        answer = export(bare, tail)
        assert answer.status_code == 302 and answer["Location"] == f"{bare.path}restart/"


def test_the_same_hour_gives_the_same_calendar(crisis):
    assert body(export(crisis, "ics")) == body(export(crisis, "ics"))
