"""What is to be done, in what order, behind which gates: one rule a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.rebuild.maps import AT, PARIS, application, small_hospital, work_of
from vigie.cartography import Backup, reference_hospital
from vigie.journal.facts import (
    AvailabilityChanged,
    Containment,
    RestorePoint,
    TrustChanged,
)
from vigie.journal.facts import (
    Gate as GateFact,
)
from vigie.rebuild.breakdown import breakdown
from vigie.rebuild.damage import all_lost, damages
from vigie.rebuild.gates import Gate, told_gates


@pytest.fixture
def node(crisis):
    return crisis.hospital()


def planned(node, **more):
    cartography = small_hospital()
    situation = node.situation()
    return breakdown(cartography, damages(situation, cartography), AT, PARIS, gates=told_gates(situation), **more)


def test_the_phases_of_one_application_follow_each_other():
    step = work_of().step
    assert step["dpi:prove"].gate == "restore_point_clean:dpi"
    assert "dpi:prove" in step["dpi:restore:application"].after
    assert step["dpi:validate"].after == ("dpi:restore:application",)
    assert "dpi:validate" in step["dpi:reconnect"].after
    assert work_of().back["dpi"] == "dpi:reconnect"


def test_steps_come_after_what_they_need():
    work = work_of(reference_hospital())
    seen = set()
    for step in work.steps:
        assert set(step.after) <= seen
        seen.add(step.id)


def test_an_application_waits_for_what_it_depends_on_and_for_the_gate_of_the_directory():
    after = work_of().step["lis:restore:application"].after
    assert "ad:reconnect" in after and "gate:directory_rebuilt" in after and "clean-room" in after


def test_the_network_comes_before_the_clean_room():
    step = work_of().step
    assert "clean-room" not in step["network:prove"].after + step["network:restore:network"].after


def test_the_outside_waits_for_the_directory_and_for_each_supplier():
    step = work_of().step
    assert "gate:directory_rebuilt" in step["gate:external_reconnection"].after
    assert "gate:external_reconnection" in step["internet:reconnect"].after
    assert "gate:supplier_flow_authorised:cloud" in step["portal:reconnect"].after
    assert not any("external" in other for other in step["dpi:reconnect"].after)


def test_a_refused_gate_gives_no_date_to_what_stands_behind_it():
    refused = Gate("external_reconnection", "", "refused", "Director")
    work = work_of(gates={refused.id: refused})
    assert dict(work.blocked) == {"internet": refused.id, "portal": refused.id}
    assert "portal" not in work.back and "dpi" in work.back


def test_a_passed_gate_is_no_step_any_more():
    passed = Gate("directory_rebuilt", "", "passed", "CISO")
    work = work_of(gates={passed.id: passed})
    assert "gate:directory_rebuilt" not in work.step and work.gate["directory_rebuilt"].open


def test_a_clean_restore_point_needs_no_proof(crisis, node):
    for name in ("network", "ad", "dpi"):
        node.write(AvailabilityChanged(application=name, state="down"))
    taken = crisis.at("01:00", 20)
    node.write(RestorePoint(application="dpi", taken_at=taken, verdict="clean", evidence="scan"))
    node.write(RestorePoint(application="ad", taken_at=taken, verdict="unusable"))
    work = planned(node)
    assert "dpi:prove" not in work.step and work.gate["restore_point_clean:dpi"].open
    assert work.step["ad:restore:directory"].ways[0] is None, "a copy proved bad is no way"
    assert work.step["dpi:restore:application"].ways[0] is not None
    assert "network:prove" in work.step


def test_without_a_copy_the_estimate_is_that_of_an_installation():
    none = Backup(state="none")
    cartography = small_hospital(
        applications=(application("pc", "workstation", backup=none, likely=10.0),), services=()
    )
    step = work_of(cartography).step["pc:restore:application"]
    assert step.ways[0] is None and step.ways[1].hours.likely == 10
    again = work_of().step["dpi:restore:application"].ways
    assert again[1].hours.likely == 3 * again[0].hours.likely, "a copy that is lost costs three times as much"


def test_a_copy_of_which_the_map_says_nothing_is_named_until_somebody_proves_it():
    unknown = application("pc", "workstation", backup=Backup())
    assert work_of(small_hospital(applications=(unknown,), services=())).copies_unsaid == ("pc",)
    assert work_of().copies_unsaid == ()
    clean = Gate("restore_point_clean", "pc", "passed")
    proved = work_of(small_hospital(applications=(unknown,), services=()), gates={clean.id: clean})
    assert proved.copies_unsaid == ()


def test_the_vendor_is_a_way_only_when_his_coming_is_announced():
    assert work_of().step["lis:restore:application"].ways[2] is None
    assert not any(p.team.startswith("supplier:labsoft") for p in work_of().staff.presences)
    coming = work_of().staff.with_people("supplier:labsoft", 1)
    assert work_of(people=coming).step["lis:restore:application"].ways[2].team == "supplier:labsoft"


def test_what_was_cut_is_examined_and_what_only_fell_comes_back_by_itself(node):
    node.write(AvailabilityChanged(application="ad", state="down"))
    node.write(Containment(action="isolated", what="laboratory", applications=("lis",)))
    node.write(AvailabilityChanged(application="internet", state="normal"))
    work = planned(node)
    assert [step.phase for step in work.steps if step.application == "lis"] == ["examine", "validate", "reconnect"]
    assert [step.phase for step in work.steps if step.application == "dpi"] == ["return"]
    assert "internet" not in work.back
    assert set(work.damages.unspoken) == {"network", "portal"}


def test_what_is_lost_and_not_in_the_map_is_told(node):
    node.write(AvailabilityChanged(application="old-mail", state="down"))
    node.write(AvailabilityChanged(application="old-fax", state="restored"))
    assert planned(node).damages.unmapped == ("old-mail",)


def test_compromised_is_rebuilt_even_if_it_works(node):
    node.write(AvailabilityChanged(application="lis", state="normal"))
    node.write(TrustChanged(subject_kind="application", subject="lis", state="compromised"))
    assert "lis:restore:application" in planned(node).step


def test_work_under_way_waits_for_nothing(node):
    node.write(AvailabilityChanged(application="ad", state="down"))
    node.write(AvailabilityChanged(application="dpi", state="restoring"))
    node.write(AvailabilityChanged(application="lis", state="validating"))
    step = planned(node).step
    assert step["dpi:restore:application"].since and step["dpi:restore:application"].after == ()
    assert "dpi:prove" not in step
    assert step["lis:validate"].since and "lis:restore:application" not in step


def test_a_gate_of_the_journal_is_read(node):
    node.write(AvailabilityChanged(application="ad", state="down"))
    node.write(GateFact(gate="directory_rebuilt", outcome="passed", signer="RSSI", evidence="report"))
    assert planned(node).gate["directory_rebuilt"].signer == "RSSI"


def test_the_worst_night_loses_everything():
    cartography = reference_hospital()
    assert set(all_lost(cartography).damaged) == set(cartography.application)
    assert set(work_of(cartography).back) == set(cartography.application)


def test_the_same_work_whatever_the_hour_it_is_asked_at():
    one, two = work_of(), breakdown(small_hospital(), all_lost(small_hospital()), AT + timedelta(hours=3), PARIS)
    assert [step.id for step in one.steps] == [step.id for step in two.steps]


def test_a_gate_may_name_what_it_is_about_and_a_strange_one_opens_nothing():
    named = Gate("supplier_flow_authorised", "CLOUD", "passed", "CISO")
    strange = Gate("supplier_flow_authorised", "clowd", "passed", "CISO")
    door = Gate("external_reconnection", "Internet", "passed", "Director")
    work = work_of(gates={gate.id: gate for gate in (named, strange, door)})
    assert not any(step.phase == "gate" and step.id != "gate:directory_rebuilt" for step in work.steps)
    assert work.strange_gates == (strange,)


def test_what_was_signed_for_a_part_does_not_open_the_whole():
    part = Gate("external_reconnection", "mail only", "passed", "Director")
    work = work_of(gates={part.id: part})
    assert "gate:external_reconnection" in work.step and work.strange_gates == (part,)


def test_of_two_words_on_one_gate_the_later_holds_and_no_date_opens_nothing():
    passed = Gate("external_reconnection", "", "passed", "Director", at=AT)
    refused = Gate("external_reconnection", "internet", "refused", "Director", at=AT + timedelta(hours=1))
    assert work_of(gates={gate.id: gate for gate in (refused, passed)}).blocked
    again = replace(passed, at=AT + timedelta(hours=2))
    assert not work_of(gates={gate.id: gate for gate in (refused, again)}).blocked
    undated = replace(passed, at=None)
    assert work_of(gates={gate.id: gate for gate in (undated, refused)}).blocked


def test_what_is_hosted_elsewhere_and_only_fell_waits_for_its_supplier_too(node):
    node.write(AvailabilityChanged(application="internet", state="isolated"))
    step = planned(node).step
    assert step["portal:return"].phase == "return"
    assert "gate:supplier_flow_authorised:cloud" in step["portal:return"].after
    assert "gate:external_reconnection" in step["internet:reconnect"].after
