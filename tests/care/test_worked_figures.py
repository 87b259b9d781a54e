"""The worked figures of docs/background/harm.md, computed again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vigie.care import (
    Site,
    Stretch,
    coefficients,
    evidence,
    exponential,
    fitted_exponent,
    fitted_tau,
    harm,
    power,
    volume_change,
    weeks_of_activity_lost,
)
from vigie.cartography import Cartography, read

PAGE = (Path(__file__).parents[2] / "docs" / "background" / "harm.md").read_text(encoding="utf-8")
POSTPONED = {week: evidence()[f"synnovis-w{week}"].value for week in (1, 5, 6, 7)}


def rows(*headings: str) -> list[list[str]]:
    """The rows of the page's table that has exactly these headings."""
    head = r"\| " + r" \| ".join(map(re.escape, headings)) + r" \|\n\|[-|]+\|\n((?:\|.*\|\n)+)"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.search(head, PAGE)[1].splitlines()]


def table(*headings: str):
    return pytest.mark.parametrize("row", rows(*headings), ids=lambda row: " ".join(row))


def printed(text: str, number: float) -> None:
    """`text` is `number`, rounded to as many decimals as `text` has."""
    decimals = len(text.partition(".")[2])
    assert abs(number - float(text)) <= 0.5 * 10**-decimals + 1e-9, f"{number} is not printed {text}"


@pytest.fixture(scope="module")
def hospital() -> Cartography:
    reading = read(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1].encode(), "harm.md")
    assert reading.cartography, reading.errors
    return reading.cartography


def kept(text: str) -> dict[str, list[Stretch]]:
    """`emergency 0-12: 0, emergency 12-24: 0.4 to 0.6` as stretches by service."""
    said: dict[str, list[Stretch]] = {}
    for part in filter(None, text.split(", ")):
        service, first, last, low, high = re.fullmatch(r"(\S+) (\d+)-(\d+): ([\d.]+)(?: to ([\d.]+))?", part).groups()
        said.setdefault(service, []).append(Stretch(float(first), float(last), float(low), float(high or low)))
    return said


@table("period", "kept", "of", "what", "low", "high")
def test_from_capacity_to_visits(hospital, row):
    lost = harm(hospital, kept(row[1]), float(row[0]), 0, Site())
    of = lost.totals if row[2] == "totals" else next(one for one in lost.services if one.service == row[2])
    one = getattr(of, row[3])
    printed(row[4], one.low)
    if row[5] == "unknown":
        assert one.unknown
    else:
        printed(row[5], one.high)


@table("patients beyond 6 to 8 h", "low", "value", "high")
def test_waiting_for_a_bed(row):
    each = evidence()["boarding-deaths"]
    for text, per_patient in zip(row[1:], (each.low, each.value, each.high), strict=True):
        printed(text, float(row[0]) * per_patient)


def test_the_bounds_of_82_are_what_their_note_says():
    each = evidence()["boarding-deaths"]
    assert each.value == pytest.approx(1 / 82, rel=1e-4)
    assert each.low == pytest.approx(evidence()["boarding-smr"].value * evidence()["baseline-boarding"].value, rel=1e-4)
    assert each.high == pytest.approx(each.value**2 / each.low, rel=1e-3)
    assert f"1 in {1 / each.low:.0f}, to" in PAGE and f"other side, 1 in {1 / each.high:.0f}." in PAGE


@table("risk without delay", "hours", "odds ratio an hour", "odds ×", "risk becomes", "more deaths in 100")
def test_sepsis(row):
    risk, hours, slope = map(float, row[:3])
    odds = coefficients.odds_after(slope, hours)
    printed(row[3], odds)
    printed(row[4], coefficients.risk_after_odds(risk, odds))
    printed(row[5], 100 * coefficients.extra_risk_of_odds(risk, odds))


def test_an_odds_ratio_is_not_a_ratio_of_risks():
    after = coefficients.risk_after_odds(0.255, coefficients.odds_after(1.04, 3))
    assert round(after / 0.255, 2) == 1.09 and "is risk × 1.09" in PAGE


@table("delay (min)", "low", "value", "high", "more deaths in 100, at 5.8 %")
def test_heart_attack_by_delay(row):
    slope, hours = evidence()["stemi-rr"], float(row[0]) / 60
    for text, each in zip(row[1:4], (slope.low, slope.value, slope.high), strict=True):
        printed(text, coefficients.ratio_after(each, hours))
    more = coefficients.extra_risk_of_ratio(0.058, coefficients.ratio_after(slope.value, hours))
    printed(row[4], 100 * more)


@table("patients", "low", "value", "high")
def test_heart_attack_by_diversion(row):
    points = evidence()["diversion-ami"]
    for text, each in zip(row[1:], (points.low, points.value, points.high), strict=True):
        printed(text, float(row[0]) * each / 100)


@table("minutes", "thrombolysed", "low", "value", "high")
def test_stroke(row):
    days = evidence()["stroke-days"]
    for text, each in zip(row[2:], (days.low, days.value, days.high), strict=True):
        printed(text, float(row[0]) * float(row[1]) * each)


@table("km more", "low", "value", "high", "by the odds")
def test_distance(row):
    points, km = evidence()["distance-points"], float(row[0])
    for text, each in zip(row[1:4], (points.low, points.value, points.high), strict=True):
        printed(text, km / 10 * each)
    odds = coefficients.odds_after(evidence()["distance-or"].value, km)
    printed(row[4], 100 * coefficients.extra_risk_of_odds(evidence()["baseline-ambulance"].value, odds))


WORKED = Site(
    patients_per_day={"sepsis": (4, 4), "heart_attack": (2, 2), "stroke": (1, 1), "life_threatening": (5, 5)},
    delay_hours={"sepsis": (1, 3), "heart_attack": (0.5, 1), "stroke": (0.25, 0.5)},
    baseline={"sepsis": (0.2, 0.6)},
    thrombolysed=(0.1, 0.2),
    boarded=(10, 20),
    extra_km=(10, 20),
)


@table("part", "of", "low", "high")
def test_all_of_it_together(hospital, row):
    said = {one.id: [Stretch(0, 48, 1, 1)] for one in hospital.services}
    said["emergency"] = [Stretch(0, 24, 0, 0), Stretch(24, 48, 0.5, 0.5)]
    lost = harm(hospital, said, 48, 0, WORKED)
    pathway = {one.pathway: one for one in lost.pathways}
    deaths = {**dict(lost.bottom_up.parts), "together": lost.bottom_up.together}
    one = deaths[row[0]] if row[1] == "deaths" else getattr(pathway[row[0]], row[1])
    printed(row[2], one.low)
    printed(row[3], one.high)


def test_the_most_of_an_odds_ratio_is_inside_the_interval():
    odds = coefficients.odds_after(1.09, 3)
    most = coefficients.most_extra_risk_of_odds((0.2, 0.6), odds)
    assert round(100 * most, 1) == 6.5 and "6.5 points" in PAGE
    grid = [0.2 + 0.4 * step / 1000 for step in range(1001)]
    assert most == pytest.approx(max(coefficients.extra_risk_of_odds(risk, odds) for risk in grid), abs=1e-6)
    assert most > coefficients.extra_risk_of_odds(0.6, odds)
    steep = max(coefficients.extra_risk_of_ratio(risk, 3) for risk in grid)
    assert coefficients.most_extra_risk_of_ratio((0.2, 0.6), 3) == pytest.approx(steep, abs=1e-3)


@table("inpatients", "deaths a stay", "ratio", "more deaths")
def test_deaths_seen_from_above(row):
    printed(row[3], coefficients.excess_deaths_in_bed(*map(float, row[:3])))


@table("hours at half", "patients counted", "if Medicare", "low", "high")
def test_two_days_give_no_signal(hospital, row):
    hours = float(row[0])
    halves = {one.id: [Stretch(0, hours, 0.5, 0.5), Stretch(hours, 1000, 1, 1)] for one in hospital.services}
    seen = harm(hospital, halves, 1000, 0, Site(inpatients=500)).top_down
    printed(row[1], seen.inpatients.low)
    printed(row[2], seen.if_medicare.central)
    printed(row[3], seen.deaths.low)
    printed(row[4], seen.deaths.high)


@table("inpatients", "low", "middle", "high")
def test_transfers(hospital, row):
    stopped = {one.id: [Stretch(0, 48, 0, 0)] for one in hospital.services}
    moved = harm(hospital, stopped, 48, 0, Site(inpatients=int(row[0]))).transfers
    printed(row[1], moved.low)
    printed(row[2], moved.central)
    printed(row[3], moved.high)


@table("case", "moved", "inpatients", "share")
def test_the_cases_of_transfers(row):
    printed(row[3], float(row[1]) / float(row[2]))
    assert float(row[3]) <= evidence()["transfers-48h"].high


@table("week", "fast", "slow")
def test_volume_week_by_week(row):
    for text, curve in zip(row[1:], ("fast", "slow"), strict=True):
        weeks = (*volume_change(curve), *[0.0] * 8)
        printed(text, weeks[int(row[0]) - 1])


@table("usual a week", "lost, fast", "lost, slow")
def test_all_the_activity_lost(row):
    lost = weeks_of_activity_lost()
    printed(row[1], float(row[0]) * lost.low)
    printed(row[2], float(row[0]) * lost.high)
    assert lost.central is None


@table(
    *("shape", "parameter", "week 5", "error", "week 6", "error", "week 7", "error"),
    *("weeks 2 to 4", "error"),
)  # fmt: skip
def test_how_postponements_fade(row):
    shape, parameter = {"exponential": exponential, "power": power}[row[0]], float(row[1])
    through, first = evidence()["synnovis-through-w5"].value, POSTPONED[1]
    middle = through - first - POSTPONED[5]
    parameter = {2.04: fitted_tau(POSTPONED), 1.39: fitted_exponent(POSTPONED)}.get(parameter, parameter)
    printed(row[1], parameter)
    told = [(shape(first, parameter, week), POSTPONED[week]) for week in (5, 6, 7)]
    told.append((sum(shape(first, parameter, week) for week in (2, 3, 4)), middle))
    for (text, error), (said, seen) in zip(zip(row[2::2], row[3::2], strict=True), told, strict=True):
        printed(text, said)
        printed(error.removesuffix(" %"), 100 * (said / seen - 1))


def test_the_fits_are_those_of_the_evidence():
    assert round(fitted_tau(POSTPONED), 2) == evidence()["synnovis-tau"].value
    assert round(fitted_exponent(POSTPONED), 2) == evidence()["synnovis-exponent"].value
    assert round(fitted_tau({1: 814, 5: 100}), 2) == evidence()["synnovis-tau"].low


@table("harmed", "of", "share")
def test_harmed_by_what_was_postponed(row):
    printed(row[2], float(row[0]) / float(row[1]))
    assert float(row[1]) == evidence()["synnovis-appointments"].value + evidence()["synnovis-procedures"].value


@table("heart attacks", "points", "more deaths, at the most")
def test_choi_at_the_most(row):
    assert float(row[1]) == evidence()["choi-2019-mortality"].high
    printed(row[2], float(row[0]) * float(row[1]) / 100)


def test_harm_does_not_use_choi(hospital):
    assert not [name for name in harm(hospital, {}, 1000, 0, Site()).evidence if name.startswith("choi")]
