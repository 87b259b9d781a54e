"""The restart for programs: the same plan as on the pages, the same refusals, nobody else's incident."""

from __future__ import annotations

from concurrent.futures import Future

from tests.rebuild.maps import small_hospital
from tests.web.api.conftest import program  # noqa: F401  (a program with a token)
from tests.web.restart.conftest import NOW, restart_of
from vigie.cartography import revision_of
from vigie.journal.facts import AvailabilityChanged, TrustChanged, Workforce, iso
from vigie.web.restart import computing


def asked(crisis, caller):
    return caller.get(f"/incidents/{crisis.id}/restart")


def test_a_program_reads_the_plan_that_the_pages_show(crisis, site, program):  # noqa: F811
    told = asked(crisis, program(site.bob)).json()
    found = restart_of(crisis)
    assert told["cartography"] == {"name": "Small hospital", "revision": revision_of(small_hospital())}
    assert [step["step"] for step in told["steps"]] == [line.step.id for line in found.plan.lines]
    for service, date in found.outlook.services.items():
        assert told["services"][service]["p90_at"] == (iso(date.dates.p90_at) if date.dates.p90_at else None)
    ratio = told["effort_ratio"]
    assert ratio["low"] < ratio["median"] < ratio["high"], "a ratio never without its interval"
    assert told["bound"] is None and told["gap_percent"] is None, "nobody asked for a bound"
    assert told["harm"]["deaths"].keys() == {"top_down", "bottom_up", "uncounted_pathways"}, "side by side, never added"


def test_nothing_lost_is_a_plan_without_steps(crisis, site, program):  # noqa: F811
    crisis.write(TrustChanged(subject_kind="directory", subject="ad", state="clean"), now=NOW)
    for application in ("network", "ad", "lis", "dpi", "internet", "portal"):
        crisis.write(AvailabilityChanged(application=application, state="normal"), now=NOW)
    told = asked(crisis, program(site.bob)).json()
    assert told["steps"] == [] and told["makespan_hours"] == 0 and told["care_lost"] == 0


def test_a_team_of_which_nobody_is_left_is_named_with_what_would_mend_it(crisis, site, program):  # noqa: F811
    crisis.write(Workforce(team="dir", skill="directory", people=0, from_at=NOW), now=NOW)
    answer = asked(crisis, program(site.bob))
    assert answer.status_code == 409
    told = answer.json()
    assert told["error"].startswith("directory: ") and "people there for 1 of them" in told["error"]
    assert told["mend"].startswith("Name people")
    page = crisis.get("restart/")
    assert "people there for 1 of them" in page.content.decode()


def test_a_plan_that_is_not_ready_is_asked_for_again(crisis, site, program, monkeypatch):  # noqa: F811
    monkeypatch.setattr(computing, "WAIT_SECONDS", 0)
    monkeypatch.setattr(computing, "restart", lambda here, now: Future())
    answer = asked(crisis, program(site.bob))
    assert answer.status_code == 503 and answer["Retry-After"] and "again" in answer.json()["mend"]


def test_a_program_plans_with_no_line_that_it_may_not_read(crisis, site, program):  # noqa: F811
    crisis.write(AvailabilityChanged(application="internet", state="down"), now=NOW, privileged=True)
    for caller, seen in ((site.alice, True), (site.bob, False)):
        assert (
            "internet:reconnect" in {step["step"] for step in asked(crisis, program(caller)).json()["steps"]}
        ) is seen


def test_an_incident_of_somebody_else_is_not_there(crisis, site, program):  # noqa: F811
    assert asked(crisis, program(site.charlie, organisation="rivage")).status_code == 404
