"""What falls with what: the figures of docs/background/outage.md, and what must hold of any map."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cartography.maps import calm, cartographies
from vigie.cartography import Cartography, outage, reach, read, reference_hospital
from vigie.errors import InputError

PAGE = (Path(__file__).parents[2] / "docs" / "background" / "outage.md").read_text(encoding="utf-8")
REFERENCE = reference_hospital()


def rows(*headings: str) -> list[list[str]]:
    """The rows of the page's table that has these headings."""
    head = r"\| " + r" \| ".join(map(re.escape, headings)) + r" \|[^\n]*\n\|[-|]+\|\n((?:\|.*\|\n)+)"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.search(head, PAGE)[1].splitlines()]


def cut(text: str) -> dict[str, float | str]:
    parts = (part.strip().partition("=") for part in text.split(","))
    return {name: 0.0 if not state else float(state) if state[0].isdigit() else state for name, _, state in parts}


@pytest.fixture(scope="module")
def small() -> Cartography:
    text = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]
    reading = read(text.encode(), "outage.md")
    assert reading.cartography, reading.errors
    return reading.cartography


@pytest.mark.parametrize("row", rows("cut", "application", "share left"), ids=" ".join)
def test_share_left_of_an_application(small, row):
    fallen = outage(small, cut(row[0])).application.get(row[1])
    assert (fallen.low if fallen else 1) == pytest.approx(float(row[2]))
    assert (fallen.high if fallen else 1) == pytest.approx(float(row[2]))


@pytest.mark.parametrize("row", rows("cut", "service", "capacity left"), ids=lambda row: " ".join(row[:3]))
def test_capacity_left_of_a_service(small, row):
    touched = outage(small, cut(row[0])).service[row[1]]
    low, _, high = row[2].partition(" to ")
    assert (touched.low, touched.high) == pytest.approx((float(low), float(high or low)))
    assert (touched.capacity_left is None) == bool(high)


@pytest.mark.parametrize("row", rows("cut", "service", "holds (hours)"), ids=lambda row: " ".join(row[:3]))
def test_how_long_a_service_holds(small, row):
    touched = outage(small, cut(row[0])).service[row[1]]
    assert touched.holds_hours == (None if row[2] == "unknown" else float(row[2]))
    assert (touched.first_to_end.application if touched.first_to_end else "") == row[3]


def test_the_path_says_through_what_it_fell(small):
    lost = outage(small, {"network"})
    assert lost.application["record"].path == ("ad", "network")
    assert lost.application["record"].roots == ("network",)
    assert lost.application["network"].path == ()
    assert [fallen.application for fallen in lost.applications][0] == "network"


def test_two_losses_are_both_named_as_roots(small):
    lost = outage(small, ["ad", "eai"])
    assert lost.application["record"].roots == ("ad", "eai")
    assert set(lost.pulled_down_by("eai")) == {"record", "lab"}
    assert set(lost.pulled_down_by("ad")) == {"record", "pacs"}


def test_services_come_worst_first(small):
    lost = outage(small, {"network"})
    assert [touched.service for touched in lost.services] == ["radiotherapy", "ward", "emergency"]
    assert [loss.application for loss in lost.service["emergency"].losses] == ["record", "lab", "pacs"]
    assert lost.service["emergency"].endurance_unknown == ("pacs",)


def test_nothing_cut_nothing_falls(small):
    assert outage(small, ()).services == ()
    assert outage(small, {"ad": "restored", "lab": 1}).applications == ()


def test_what_each_loss_alone_pulls_down(small):
    assert set(reach(small)["ad"].stopped) == {"record", "pacs"}
    assert set(reach(small)["eai"].degraded) == {"record", "lab"}
    assert reach(small)["lab"].services == ("emergency", "ward")


@pytest.mark.parametrize(
    ("down", "said"),
    [
        ({"netwrok"}, "network"),
        ({"ad": "brocken"}, 'not a state of application "ad"'),
        ({"ad": 1.5}, "not between 0"),
        ({"ad": float("nan")}, "not between 0"),
    ],
)
def test_a_wrong_question_is_answered_with_what_was_meant(small, down, said):
    with pytest.raises(InputError, match=re.escape(said)):
        outage(small, down)


shares = st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0, None, "down", "degraded", "normal"])


@calm
@given(st.data())
def test_more_losses_never_leave_more(data):
    cartography = data.draw(cartographies())
    ids = [application.id for application in cartography.applications]
    fewer = data.draw(st.dictionaries(st.sampled_from(ids), shares))
    more = dict.fromkeys(data.draw(st.sets(st.sampled_from(ids))), "down")
    before, after = outage(cartography, fewer), outage(cartography, {**fewer, **more})
    for service in cartography.services:
        low, high = (
            (before.service[service.id].low, before.service[service.id].high)
            if service.id in before.service
            else (1, 1)
        )
        now = after.service.get(service.id)
        assert (now.low if now else 1) <= low + 1e-12
        assert (now.high if now else 1) <= high + 1e-12


@calm
@given(st.data())
def test_shares_stay_shares_and_paths_lead_to_a_loss(data):
    cartography = data.draw(cartographies())
    down = data.draw(st.dictionaries(st.sampled_from([one.id for one in cartography.applications]), shares))
    lost = outage(cartography, down)
    for fallen in lost.applications:
        assert 0 <= fallen.low <= fallen.high <= 1
        assert fallen.roots
        assert fallen.cut or fallen.path
        assert not fallen.path or fallen.path[-1] in lost.cut
    for touched in lost.services:
        assert 0 <= touched.low <= touched.high <= 1
        assert touched.losses


def test_losing_directory_and_network_stops_the_reference_hospital_but_not_its_care():
    lost = outage(REFERENCE, {"ad", "network"})
    assert lost.service["radiotherapy"].high == 0
    # Published: emergency at half speed in the first days (Versailles 2022), laboratory at 10 to 20 % (HSE 2021, Synnovis).
    assert 0.45 < lost.service["emergency"].low < 0.6
    assert 0.1 <= lost.service["laboratory"].low <= 0.2
    assert "power" not in lost.application
