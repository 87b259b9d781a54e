"""What the wait of a plan costs: the shares it lays on time, and that a longer wait never costs less."""

from __future__ import annotations

import pytest

from tests.rebuild.maps import application, service, small_hospital, work_of
from vigie.cartography import Degradation
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


def test_what_weakens_a_need_still_costs_once_the_need_is_back():
    weak = application("lis", "laboratory", degraded_by=(Degradation(application="eai", share_kept=0.5),))
    slow = application("eai", "integration", skill="integration", likely=200.0)
    lab = service("lab", "laboratory", ("lis", 0.6))
    found = plan(work_of(small_hospital(applications=(weak, slow), services=(lab,))), rounds=1)
    back = {name: float(found.schedule.end[found.work.place[step]]) for name, step in found.work.back.items()}
    between = [one for one in kept_by(found, lab, 2000.0) if back["lis"] <= one.from_hour < back["eai"]]
    # Back at half of its use: 0.6 + 0.4 x 0.5 at the most; with a fallback that is over, at the least 0.3 + 0.7 x 0.5.
    assert between and {(round(one.low, 6), round(one.high, 6)) for one in between} == {(0.65, 0.8)}
