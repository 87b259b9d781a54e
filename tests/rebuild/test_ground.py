"""What a search looks up: services that wait for nothing of the plan move nothing."""

from __future__ import annotations

from tests.rebuild.maps import AT, PARIS, small_hospital, work_of
from vigie.rebuild.arrays import problem_of
from vigie.rebuild.breakdown import breakdown
from vigie.rebuild.damage import Damage, Damages
from vigie.rebuild.gates import Gate
from vigie.rebuild.ground import ground
from vigie.rebuild.plan import plan


def blocked_work():
    """Behind a gate that was refused, all that two services need: they weigh, and no step can bring them back."""
    damaged = {name: Damage(name, "rebuild") for name in ("ad", "lis", "dpi")}
    refused = Gate("directory_rebuilt", "", "refused", "RSSI", "encore un compte", AT)
    damages = Damages(damaged, ("network", "internet", "portal"))
    return breakdown(small_hospital(), damages, AT, PARIS, gates={"directory_rebuilt": refused})


def test_only_services_that_wait_for_something_are_moved():
    assert len(ground(problem_of(blocked_work()), 1000, (1, 0, 0)).hot) == 0
    assert len(ground(problem_of(work_of()), 1000, (1, 0, 0)).hot) == 2


def test_a_plan_is_made_when_every_service_is_blocked():
    made = plan(blocked_work(), rounds=3)
    assert made.service_back_at("emergency") is None and made.application_back_at("ad") is not None
