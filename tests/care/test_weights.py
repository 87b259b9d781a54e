"""What an hour of a stopped service weighs: an assumption, whole, replaceable, and never zero because nobody counted."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.care import WEEK_HOURS, fallback_after_endurance, read_weights, service_weight, weighing, weights
from vigie.cartography import CareService, reference_hospital, vocabulary
from vigie.errors import FileError

TEXT = (resources.files("vigie.care") / "data" / "weights.yaml").read_text(encoding="utf-8")
KINDS = sorted(vocabulary()["service_kinds"])
PATHWAYS = sorted(vocabulary()["pathways"])
weeks = st.tuples(*[st.floats(0, 5_000).map(lambda visits: round(visits, 2))] * 7)


def service(kind: str = "emergency", **said: object) -> CareService:
    return CareService(id="one", establishment="site", name="One", kind=kind, **said)


def test_an_hour_weighs_its_visits_times_the_severity_of_the_service():
    week = (240.0, 0, 0, 0, 0, 0, 24.0)
    one = service(visits_per_day=week, pathways=("stroke",))
    weight = service_weight(one)
    assert weight.shape == (WEEK_HOURS,) and weight.dtype == np.float64
    assert weight[0] == pytest.approx(10 * 4 * 1.5)  # Monday 0 h: 10 visits, severity 4, stroke adds a half
    assert weight[24:144].sum() == 0
    assert weight[167] == pytest.approx(1 * 4 * 1.5)  # Sunday 23 h


def test_the_hours_are_those_of_the_profile():
    weight = service_weight(service("outpatients", visits_per_day=(61.0,) * 7, hourly_profile="office"))
    assert weight[3] == weight[24 + 3] == 0 < weight[9] == weight[24 + 9]
    assert weight.sum() == pytest.approx(7 * 61)


@pytest.mark.parametrize("kind", KINDS)
def test_a_service_that_nobody_counted_weighs_something_and_says_so(kind):
    assert service_weight(service(kind)).sum() > 0
    assert weighing(service(kind)).flow_assumed
    assert not weighing(service(kind, visits_per_day=(0.0,) * 7)).flow_assumed


@given(st.sampled_from(KINDS), weeks, st.lists(st.sampled_from(PATHWAYS)), st.sampled_from(PATHWAYS))
def test_one_pathway_more_never_weighs_less(kind, week, pathways, more):
    before = service(kind, visits_per_day=week, pathways=tuple(pathways))
    after = service(kind, visits_per_day=week, pathways=(*pathways, more))
    assert (service_weight(after) >= service_weight(before)).all()


@given(st.sampled_from(KINDS), weeks, weeks)
def test_more_visits_never_weigh_less(kind, fewer, added):
    more = tuple(one + other for one, other in zip(fewer, added, strict=True))
    assert (
        service_weight(service(kind, visits_per_day=more)) >= service_weight(service(kind, visits_per_day=fewer)) - 1e-9
    ).all()


def test_hours_of_care_weigh_more_than_hours_of_accounts():
    per_day = {one.id: service_weight(one).sum() / 7 for one in reference_hospital().services}
    assert max(per_day, key=per_day.get) == "emergency"
    assert per_day["intensive-care"] > per_day["outpatients"] > per_day["catering"] > per_day["finance"]


def test_the_table_is_an_assumption_with_its_ranges():
    assert all(row.low <= row.severity <= row.high for row in weights().kinds.values())
    assert weights().kinds["outpatients"].severity == 1  # the unit in which all the others are said
    left = fallback_after_endurance()
    assert (left.low, left.value, left.high) == (0.5, 0.9, 1) and left.why.fr and left.why.en
    one = weighing(service("medicine", pathways=("sepsis",)))
    assert one.low < one.severity < one.high


def test_a_crisis_cell_replaces_the_table():
    mine = read_weights(
        TEXT.replace("emergency:          {severity: 4,", "emergency: {severity: 8,").encode(), "mine.yaml"
    )
    one = service(visits_per_day=(24.0,) * 7)
    assert service_weight(one, mine) == pytest.approx(2 * service_weight(one))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  mortuary: ", "  mortuaries: ", "no line for mortuary"),
        ("severity: 0.02,  low: 0.01", "severity: 0.02,  low: 0.05", "not between"),
        ("week: [60, 0, 0]", "week: [0, 0, 0]", "kinds > human_resources"),
        ("    stroke: 0.5\n", "", "no line for stroke"),
        ("  high: 1\n", "  high: 1.5\n", "is a share"),
        ("severity: 0.1,   low: 0.05,", "severity: high,   low: 0.05,", "kinds > direction > severity"),
        ("    stroke: 0.5\n", "    stroke: 0.5\n    stroke: 5\n", "said twice"),
        ("kinds:", "kinds: [", "not YAML"),
        ("by: {", "bye: {", "by"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_line(old, new, said):
    assert old in TEXT
    with pytest.raises(FileError, match=said) as refused:
        read_weights(TEXT.replace(old, new).encode(), "mine.yaml")
    assert "mine.yaml" in str(refused.value)
