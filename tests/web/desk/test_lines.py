"""The log as pages show it: filters, pages, corrections, the past, and what costs nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.desk.conftest import NIGHT
from vigie.journal.facts import AvailabilityChanged, Correction, Decision, Erasure, Note, ServiceModeChanged
from vigie.web import desk, scope
from vigie.web.accounts.services import acting_as
from vigie.web.desk import Filters


@pytest.fixture
def log(crisis):
    """Entries 3 to 8 of a log whose first two are the node's introduction and the opening."""
    crisis.write(Note(text="Écrans noirs à l'ACCUEIL", applications=("ad",)))
    crisis.write(AvailabilityChanged(application="lab", state="down", seen="plus de résultats"))
    crisis.write(Decision(text="Couper Internet", decider="A. Lefort", applications=("ad", "lab"), services=("icu",)))
    crisis.write(ServiceModeChanged(service="icu", mode="degraded"))
    crisis.write(Note(text="100 % des postes_coupés"))
    crisis.write(Note(text="Relève prévue à 07:00", services=("icu",)), tlp="red", privileged=True)
    return crisis


def shown(incident, limit=50, hidden=None, **filters):
    return [line.seq for line in desk.page(incident, Filters(**filters), limit, hidden).lines]


@pytest.mark.parametrize(
    ("filters", "seqs"),
    [
        ({}, [8, 7, 6, 5, 4, 3, 2]),
        ({"kind": "note"}, [8, 7, 3]),
        ({"author": "a.lefort", "kind": "decision"}, [5]),
        ({"author": "nobody"}, []),
        ({"application": "ad"}, [5, 3]),
        ({"application": "ad", "service": "icu"}, [5]),
        ({"service": "icu"}, [8, 6, 5]),
        ({"text": "ecrans accueil"}, [3]),
        ({"text": "RELÈVE"}, [8]),
        ({"text": "100 %"}, [7]),
        ({"text": "s_c"}, [7]),
        ({"text": "absent"}, []),
        ({"at": NIGHT + timedelta(minutes=3)}, [5, 4, 3, 2]),
        ({"at": NIGHT - timedelta(days=1)}, []),
        ({"before_seq": 5}, [4, 3, 2]),
        ({"after_seq": 6}, [8, 7]),
    ],
)
def test_filters(log, filters, seqs):
    assert shown(log.incident, **filters) == seqs


def test_pages_follow_each_other_without_a_gap(log):
    first = desk.page(log.incident, limit=3)
    assert [line.seq for line in first.lines] == [8, 7, 6]
    second = desk.page(log.incident, Filters(before_seq=first.older_seq), limit=3)
    third = desk.page(log.incident, Filters(before_seq=second.older_seq), limit=3)
    assert [line.seq for line in (*second.lines, *third.lines)] == [5, 4, 3, 2]
    assert (first.last_seq, third.older_seq) == (8, None)


def test_a_correction_stands_beside_its_original(log):
    wrong = desk.one(log.incident, 3)
    mend = log.write(
        Correction(of=wrong.received.digest, why="relu", replacement={"kind": "note", "text": "Écrans bleus"})
    )
    original, correction = desk.one(log.incident, 3), desk.one(log.incident, mend.seq)
    assert original.received.fact.text == "Écrans noirs à l'ACCUEIL"
    assert original.fact.text == "Écrans bleus"
    assert [one.seq for one in original.corrections] == [mend.seq]
    assert correction.original.seq == 3
    assert correction.standing.counts


def test_what_was_corrected_later_is_shown_as_it_was_known(log):
    wrong = desk.one(log.incident, 3)
    log.write(Correction(of=wrong.received.digest, why="faux"))
    before = desk.page(log.incident, Filters(at=log.at - timedelta(seconds=1), kind="note")).lines[-1]
    after = desk.page(log.incident, Filters(at=log.at, kind="note")).lines[-1]
    assert (before.seq, before.is_withdrawn, before.corrections) == (3, False, ())
    assert (after.seq, after.is_withdrawn) == (3, True)


def test_an_erased_line_has_no_text_left(log):
    target = desk.one(log.incident, 3)
    log.write(Erasure(of=target.received.digest, reason="identité d'un patient", authority="DPO"))
    line = desk.one(log.incident, 3)
    assert line.is_erased
    assert shown(log.incident, text="accueil") == []
    assert shown(log.incident, application="ad") == [5]


def test_news_bring_what_is_new_and_what_must_be_drawn_again(log):
    assert desk.since(log.incident, 8) is None
    mend = log.write(Correction(of=desk.one(log.incident, 4).received.digest, why="relu"))
    note = log.write(Note(text="suite"))
    news = desk.since(log.incident, 8)
    assert [line.seq for line in news.lines] == [note.seq, mend.seq]
    assert [line.seq for line in news.redrawn] == [4]
    assert news.redrawn[0].is_withdrawn
    assert news.last_seq == note.seq
    assert desk.since(log.incident, news.last_seq) is None


def test_news_longer_than_a_screen_come_in_pieces(log):
    news = desk.since(log.incident, 2, limit=4)
    assert ([line.seq for line in news.lines], news.last_seq) == ([6, 5, 4, 3], 6)
    assert [line.seq for line in desk.since(log.incident, 6, limit=4).lines] == [8, 7]


def test_nothing_new_costs_no_query_of_the_database(log):
    desk.follow()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert desk.since(log.incident, 8) is None
    assert len(queries) == 0


def test_a_page_costs_at_most_two_queries_beside_the_journal(log):
    log.write(Correction(of=desk.one(log.incident, 4).received.digest, why="relu"))
    desk.follow()
    with CaptureQueriesContext(connection) as queries:
        assert len(desk.page(log.incident, Filters(at=log.at, text="e")).lines) > 1
    assert len(queries) <= 2, [query["sql"] for query in queries]


def test_a_member_sees_no_privileged_line_of_somebody_else(log, site):
    class Request:
        acting = acting_as(site.bob)

    hidden = scope.hidden_lines(Request)
    assert shown(log.incident, hidden=hidden) == [7, 6, 5, 4, 3, 2]
    assert desk.one(log.incident, 8, hidden) is None
    assert desk.since(log.incident, 7, hidden=hidden).lines == ()
    mend = log.write(Correction(of=desk.one(log.incident, 8).received.digest, why="relu"))
    assert mend.entry.privileged
    assert mend.entry.tlp == "red"
    assert desk.one(log.incident, mend.seq, hidden) is None


@pytest.mark.parametrize(
    "filters",
    [{}, {"kind": "note"}, {"author": "a.lefort"}, {"application": "lab"}, {"service": "icu"}, {"text": "ecrans"},
     {"at": NIGHT}, {"before_seq": 5}, {"after_seq": 5}],
)  # fmt: skip
def test_every_filter_uses_an_index(log, filters):
    from vigie.web.desk.lines import select

    plan = select(log.incident, Filters(**filters)).order_by("-seq")[:51].explain()
    assert "SCAN desk_" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan
