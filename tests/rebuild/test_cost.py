"""What the wait of a plan costs: the shares it lays on time, and that a longer wait never costs less."""

from __future__ import annotations

import pytest

from tests.rebuild.maps import work_of
from vigie.rebuild.cost import cost, kept_by
from vigie.rebuild.gates import Gate
from vigie.rebuild.plan import plan
from vigie.rebuild.whatif import what_if, with_backup_unusable


@pytest.fixture(scope="module")
def made():
    return plan(work_of(), rounds=2)


def test_shares_follow_the_returns_and_the_fallbacks(made):
    emergency = made.work.cartography.service["emergency"]
    stretches = kept_by(made, emergency, 1000.0)
    back = {name: float(made.schedule.end[made.work.place[made.work.back[name]]]) for name in ("lis", "dpi")}
    assert [one.from_hour for one in stretches] == sorted({0.0, 24.0, *back.values()})
    assert (stretches[0].low, stretches[0].high) == (pytest.approx(0.4), pytest.approx(0.4))
    assert stretches[1].low < stretches[1].high == pytest.approx(0.4), "a fallback that is over keeps nobody knows what"
    assert (stretches[-1].low, stretches[-1].high) == (1.0, 1.0)


def test_what_is_blocked_never_comes_back():
    refused = Gate("external_reconnection", "", "refused", "Director")
    blocked = plan(work_of(gates={refused.id: refused}), rounds=2)
    clinic = blocked.work.cartography.service["clinic"]
    assert kept_by(blocked, clinic, 5000.0)[-1].high < 1


def test_a_longer_wait_never_costs_less(made):
    worse = what_if(made, with_backup_unusable(made.work, "dpi"), rounds=2).after
    one, other = cost(made), cost(worse)
    assert other.totals.below.high >= one.totals.below.high
    assert one.top_down.deaths.low == 0
