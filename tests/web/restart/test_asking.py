"""The plan explained and its questions: what pages say is what the planner computed, and nothing is written."""

from __future__ import annotations

import re

import pytest

from tests.web.restart.conftest import NOW, restart_of, text_of
from vigie.rebuild.explain import explain, swap
from vigie.rebuild.whatif import what_if, with_backup_unusable, with_people
from vigie.web.restart import asking, computing, words


def ask(crisis, query, status=200):
    answer = crisis.get(f"restart/what-if?{query}")
    assert answer.status_code == status
    return text_of(answer)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'")


def test_every_line_is_there_once_with_its_reason(crisis):
    text, found = text_of(crisis.get("restart/plan")), restart_of(crisis)
    assert len(re.findall(r'<li id="s\d+"', text)) == len(found.plan.lines)
    for number, line in enumerate(found.plan.lines, start=1):
        block = re.search(rf'<li id="s{number}".*?</li>', text, re.DOTALL).group()
        reason = explain(found.plan, line.step.id)
        assert plain(words.step_of(line, found.plan, found.names)) in block
        assert plain(words.why(reason.hold, found.plan, found.names)) in block
        if words.rounded(reason.care_per_day):
            assert plain(words.visits(reason.care_per_day)) in block


def test_lines_of_one_team_or_application(crisis):
    found = restart_of(crisis)
    text = text_of(crisis.get("restart/plan?team=directory"))
    assert len(re.findall(r'<li id="s\d+"', text)) == sum(line.team == "directory" for line in found.plan.lines)
    text = text_of(crisis.get("restart/plan?application=lis"))
    assert len(re.findall(r'<li id="s\d+"', text)) == sum(line.step.application == "lis" for line in found.plan.lines)
    assert crisis.get("restart/plan?team=nobody").status_code == 400


def test_a_swap_says_what_it_costs(crisis):
    found = restart_of(crisis)
    expected = swap(found.plan, "lis", "dpi")
    text = ask(crisis, "what=swap&first=lis&second=dpi")
    told = asking.in_words(found, "swap", {"first": "lis", "second": "dpi"}, expected)
    assert "Échanger Lis et Dpi" in text and plain(told.verdict) in text and plain(told.end) in text
    assert [one.name for one in told.changes] == [found.names.service(one.service) for one in expected.moved]


def test_one_more_person_says_what_it_spares(crisis):
    found = restart_of(crisis)
    expected = what_if(found.plan, with_people(found.plan.work, "application", 2, "always"), seed=computing.SEED)
    text = ask(crisis, "what=people&people=2&team=application&shift=always")
    assert expected.care_lost < 0
    assert f"Épargne {plain(words.visits(expected.care_lost))}" in text
    assert "2 personnes de plus : Application" in text and "plus tôt de" in text
    assert not re.search(r"[-−] ?[-−]\d|Épargne [-−]", text)


def test_a_backup_of_no_use_says_what_it_costs(crisis):
    found = restart_of(crisis)
    expected = what_if(found.plan, with_backup_unusable(found.plan.work, "dpi"), seed=computing.SEED)
    text = ask(crisis, "what=backup&application=dpi")
    assert expected.care_lost > 0 and f"Coûte {plain(words.visits(expected.care_lost))} de plus" in text
    assert "plus tard de" in text


@pytest.mark.parametrize(
    "query",
    [
        "what=swap&first=lis&second=lis", "what=swap&first=lis", "what=swap&first=lis&second=nothing", "what=other",
        "what=people&people=0&team=application&shift=always", "what=people&people=1&team=nobody&shift=always",
        "what=people&people=9999999&team=application&shift=always", "what=vendor&supplier=labsoft&days=-3",
        "what=vendor&supplier=nobody&days=2", "what=backup&application=network", "what=people&people=x&team=&shift=",
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(crisis, query):
    assert '<section class="sheet answer' not in ask(crisis, query, status=400)


def test_reading_and_asking_write_nothing(crisis):
    from vigie.web import desk

    before = desk.store().last_seq()
    for tail in (
        "",
        "plan",
        "what-if",
        "forecast",
        "what-if?what=swap&first=lis&second=dpi",
        "what-if?what=backup&application=lis",
    ):
        assert crisis.get(f"restart/{tail}").status_code == 200
    assert desk.store().last_seq() == before


def test_fifty_screens_cost_one_computation(crisis, monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    from vigie.rebuild import living
    from vigie.web.restart.computing import _Once

    made = []
    honest = living.living
    monkeypatch.setattr(living, "living", lambda *a, **k: (made.append(1), honest(*a, **k))[1])
    computing.forget()
    assert restart_of(crisis) is restart_of(crisis) and len(made) == 1
    once, counted = _Once(4), []
    with ThreadPoolExecutor(8) as many:
        futures = list(many.map(lambda _: once.get("key", lambda: counted.append(1) or len(counted)), range(50)))
    assert {future.result() for future in futures} == {1} and counted == [1]


def test_what_was_made_long_ago_is_forgotten_first():
    once = computing._Once(2)
    first = once.get(1, lambda: object()).result()
    once.get(2, lambda: 0).result()
    assert once.get(1, lambda: object()).result() is first
    once.get(3, lambda: 0).result()
    assert once.get(1, lambda: object()).result() is first
    assert once.get(2, lambda: "anew").result() == "anew"


def test_a_plan_that_is_not_ready_says_so_and_asks_again(crisis, monkeypatch):
    from threading import Event

    from vigie.rebuild import living

    go, honest = Event(), living.living
    monkeypatch.setattr(living, "living", lambda *a, **k: (go.wait(), honest(*a, **k))[1])
    monkeypatch.setattr(computing, "WAIT_SECONDS", 0)
    text = text_of(crisis.get("restart/"))
    assert "Le plan se calcule" in text and "hx-get" in text
    go.set()
    monkeypatch.setattr(computing, "WAIT_SECONDS", 600)
    assert "Les prochaines actions" in text_of(crisis.get("restart/"))


def test_a_plan_that_cannot_be_made_says_why(crisis, monkeypatch):
    from vigie.errors import InputError
    from vigie.rebuild import living

    def refuse(*arguments, **options):
        raise InputError("step lis:restore can never be done: nobody at work")

    monkeypatch.setattr(living, "living", refuse)
    text = text_of(crisis.get("restart/"))
    assert "Le plan ne peut pas être fait" in text and "lis:restore can never be done" in text


def test_what_a_reader_may_not_see_is_in_no_plan_of_theirs(crisis):
    from vigie.journal.facts import Gate

    signed = Gate(gate="directory_rebuilt", outcome="passed", signer="RSSI", evidence="rapport confidentiel")
    crisis.write(signed, now=NOW, privileged=True)
    assert "directory_rebuilt" not in {g.id for g in restart_of(crisis).plan.work.gates if not g.open}
    assert "directory_rebuilt" in {g.id for g in restart_of(crisis, "bob").plan.work.gates if not g.open}


def test_what_waits_is_the_same_for_all_at_once_and_one_by_one(crisis):
    from vigie.web.restart import reach

    plan = restart_of(crisis).plan
    reached = reach.waiting(plan)
    assert reached == {line.step.id: explain(plan, line.step.id).unlocks_applications for line in plan.lines}
    weights = reach.weights(plan)
    assert weights["ad"] >= max(weights.values()) > 0
