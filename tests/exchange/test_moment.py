"""Moments as people write them, in a civil time that jumps twice a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.exchange.moment import BadMoment, moment, zone_named

PARIS = ZoneInfo("Europe/Paris")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "precision", "start", "end", "means"),
    [
        ("2022-08-21 01:00", None, utc(2022, 8, 20, 23), utc(2022, 8, 20, 23), "exact"),
        ("2022-08-21T01:00", None, utc(2022, 8, 20, 23), utc(2022, 8, 20, 23), "exact"),
        ("2022-08-21 01:00", "hour", utc(2022, 8, 20, 23), utc(2022, 8, 20, 23, 59), "hour"),
        ("2022-08-21 01:00", "day", utc(2022, 8, 20, 22), utc(2022, 8, 21, 21, 59), "day"),
        ("2022-08-21", None, utc(2022, 8, 20, 22), utc(2022, 8, 21, 21, 59), "day"),
        ("2022-03-27", None, utc(2022, 3, 26, 23), utc(2022, 3, 27, 21, 59), "day"),  # a day of 23 hours
        ("2022-10-30", None, utc(2022, 10, 29, 22), utc(2022, 10, 30, 22, 59), "day"),  # and one of 25
        ("2022-08-27", "week", utc(2022, 8, 26, 22), utc(2022, 9, 2, 21, 59), "week"),
        ("2022-02", None, utc(2022, 1, 31, 23), utc(2022, 2, 28, 22, 59), "month"),
        ("2022-12-24", "month", utc(2022, 11, 30, 23), utc(2022, 12, 31, 22, 59), "month"),
        ("2022-10-30 02:30 +02:00", None, utc(2022, 10, 30, 0, 30), utc(2022, 10, 30, 0, 30), "exact"),
        ("2022-10-30 02:30 +01:00", None, utc(2022, 10, 30, 1, 30), utc(2022, 10, 30, 1, 30), "exact"),
    ],
)
def test_periods(text, precision, start, end, means):
    assert moment(text, PARIS, precision) == (start, end, means)


@pytest.mark.parametrize(
    ("text", "precision", "says"),
    [
        ("2022-03-27 02:30", None, "never was in Europe/Paris"),
        ("2022-10-30 02:30", None, r"02:30 \+02:00 \(the first\) or 2022-10-30 02:30 \+01:00 \(the second\)"),
        ("2022-10-30 02:30 +03:00", None, r"was not at \+03:00 then"),
        ("2022-08-21 01:00 +01:00", None, r"was not at \+01:00 then"),
        ("2022-08-21 25:00", None, "not in the calendar"),
        ("2022-13", None, "not in the calendar"),
        ("2022-08-21 01:00:30", None, "not a date"),
        ("2022", None, "not a date"),
        ("", None, "not a date"),
        ("0001-01-01", None, "not a date"),
        ("2022-08", "day", "not written finely enough"),
        ("2022-08-21", "hour", "Write a time after the date"),
    ],
)
def test_refusals(text, precision, says):
    with pytest.raises(BadMoment, match=says):
        moment(text, PARIS, precision)


@pytest.mark.parametrize("name", ["", "Paris", "../etc/passwd", "/etc/passwd", "Europe", "Europe/Paris\0"])
def test_zones(name):
    with pytest.raises(BadMoment, match="not a time zone"):
        zone_named(name)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1)),
    st.sampled_from(
        ["Europe/Paris", "Europe/Dublin", "Europe/London", "America/Cayenne", "Asia/Beirut", "Pacific/Apia"]
    ),
)
def test_what_is_read_is_what_was_written(local, name):
    """Every local minute is read as the one instant that bears it, or refused where there is none or two."""
    zone = zone_named(name)
    local = local.replace(second=0, microsecond=0)
    instants = {
        at
        for hours in range(-30, 31)
        for at in [local.replace(tzinfo=UTC) + timedelta(minutes=30 * hours)]
        if at.astimezone(zone).replace(tzinfo=None) == local
    }
    try:
        assert {moment(f"{local:%Y-%m-%d %H:%M}", zone).start} == instants
    except BadMoment:
        assert len(instants) != 1
