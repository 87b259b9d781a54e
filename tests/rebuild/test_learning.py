"""The ratio of real to estimated effort: the belief moves with what ended, and with what has not ended yet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

from vigie.rebuild.actuals import Observation
from vigie.rebuild.assumptions import Hours
from vigie.rebuild.duration import drawn, durations
from vigie.rebuild.learning import learn, parameters
from vigie.rebuild.precedents import precedents

EIGHT = Hours(4, 8, 20)


def ended(hours: float, *estimates: Hours) -> Observation:
    return Observation("app", "restore", estimates or (EIGHT,), hours, True)


def running(hours: float, *estimates: Hours) -> Observation:
    return Observation("app", "restore", estimates or (EIGHT,), hours, False)


def median(*observations: Observation) -> float:
    return float(learn(observations).quantile(0.5))


def test_before_anything_ended_estimates_are_mostly_believed():
    before = learn([])
    assert (before.finished, before.running) == (0, 0)
    assert before.quantile(0.5) == pytest.approx(1, abs=0.02)
    assert before.quantile(0.99) > 2


def test_the_belief_is_a_distribution():
    learned = learn([ended(9), running(30)])
    assert learned.weight.sum() == pytest.approx(1)
    assert (np.diff(learned.quantile(np.linspace(0.01, 0.99, 50))) > 0).all()
    assert (learned.finished, learned.running) == (1, 1)


@pytest.mark.parametrize("factor", [2.0, 4.0])
def test_twenty_tasks_that_took_so_many_times_longer_are_believed(factor):
    typical = 9.4  # the median of these three points
    found = median(*[ended(typical * factor)] * 20)
    assert found == pytest.approx(factor, rel=0.2)


def test_twenty_tasks_as_estimated_leave_nothing_of_the_fear():
    learned = learn([ended(hours) for hours in (5, 7, 8, 9, 12, 18) * 4])
    assert learned.quantile(0.5) == pytest.approx(1, abs=0.1)
    assert learned.quantile(0.95) < 1.3


def test_the_longer_tasks_take_the_longer_the_rest_will_take():
    found = [median(*[ended(hours)] * 8) for hours in (6, 9, 14, 20, 30)]
    assert found == sorted(found)
    assert found[-1] > 1.5 * found[0]


def test_a_task_that_still_runs_far_beyond_its_estimate_counts():
    early = [ended(6), ended(7), ended(8)]
    late = [running(40)] * 6
    assert median(*early, *late) > 1.3 * median(*early)


def test_a_task_that_has_just_begun_says_nothing():
    early = [ended(6), ended(7), ended(8)]
    assert median(*early, running(0.1)) == pytest.approx(median(*early), abs=0.01)


def test_early_finishers_alone_would_look_fast():
    """Twelve tasks begun together, twice as long as estimated: those that ended by the tenth hour are the quick ones."""
    rng = np.random.default_rng(3)
    hours = 2 * np.exp(2.2 + 0.5 * rng.standard_normal(12))
    seen = [ended(one) if one <= 16 else running(16) for one in hours]
    assert {one.finished for one in seen} == {True, False}
    assert median(*seen) > median(*[one for one in seen if one.finished])


def test_one_odd_task_does_not_rule_the_rest():
    usual = [ended(hours) for hours in (6, 8, 9, 10, 12)]
    assert median(*usual, ended(400)) < 1.3
    assert median(*usual, ended(0.01)) > 0.7


def test_work_done_side_by_side_is_as_long_as_the_longest():
    """Ten hours for two parts of eight is nothing to worry about; for one part it says a little more."""
    assert median(*[ended(16, EIGHT, EIGHT, EIGHT)] * 6) < median(*[ended(16)] * 6)


def test_a_validation_says_nothing_of_effort():
    """It lasts until the application is back, waits included."""
    waits = Observation("app", "validate", (EIGHT,), 90.0, True)
    assert median(waits, waits, waits) == median()
    assert learn([waits]).finished == 0


def test_the_order_of_what_was_observed_is_nothing():
    seen = [ended(9), running(30), ended(20)]
    assert np.allclose(learn(seen).weight, learn(seen[::-1]).weight)


def test_every_first_forecast_that_was_published_was_too_short():
    assert len(precedents()) == 3
    for one in precedents():
        assert one.factor > 1
        assert one.source and one.case["fr"] and one.announced["en"]


PAGE = Path(__file__).parents[2] / "docs" / "background" / "forecast.md"


def table(first: str) -> list[list[str]]:
    """The rows of the table of the page whose heading row begins so."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith(f"| {first} "))
    rows = []
    for line in lines[begin + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_the_durations_of_the_page():
    normal = ndtri((np.arange(200_000) + 0.5) / 200_000)[None]
    for row in table("lowest"):
        low, likely, high, fifth, half, last, mean, pert = map(float, row)
        hours = drawn(durations([low], [likely], [high], parameters()["extra_spread"]), normal)[0]
        found = [*np.quantile(hours, [0.05, 0.5, 0.95]), hours.mean()]
        assert found == pytest.approx([fifth, half, last, mean], rel=0.01, abs=0.06)
        assert Hours(low, likely, high).mean == pytest.approx(pert, abs=0.01)


def test_the_ratios_of_the_page():
    rows = table("ended")
    assert len(rows) == 7
    for row in rows:
        count, hours, others, since, *found = map(float, row)
        learned = learn([ended(hours)] * int(count) + [running(since)] * int(others))
        assert learned.quantile(np.array([0.05, 0.5, 0.95])) == pytest.approx(found, abs=0.006)


def test_the_precedents_of_the_page():
    for row, one in zip(table("case"), precedents(), strict=True):
        assert [float(cell) for cell in row[1:3]] == [one.announced_days, one.real_days]
        assert one.factor == pytest.approx(float(row[3]), abs=0.05)
