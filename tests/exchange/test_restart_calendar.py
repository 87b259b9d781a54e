"""The calendar of a restart, read back with the library that any diary could use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from vigie.exchange.restart_calendar import SHORTEST, Happening, calendar

AT = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
PACS = Happening(
    "return:pacs", "Prévision : retour de PACS", AT.astimezone(PARIS) + timedelta(hours=2), AT + timedelta(days=3),
    "P50 puis P90 ;\nattend : annuaire, stockage\x07", "Retour",
)  # fmt: skip


def events(made: bytes):
    return [one for one in Calendar.from_ical(made).walk("VEVENT")]


def test_what_is_written_is_read_back():
    (event,) = events(calendar("Redémarrage", "valmont/crise", [PACS], AT))
    assert event["uid"] == "return:pacs@valmont.crise.vigie"
    assert event["summary"] == "Prévision : retour de PACS"
    assert event["description"] == "P50 puis P90 ;\nattend : annuaire, stockage"
    assert event.decoded("dtstart") == AT + timedelta(hours=2) and event.decoded("dtend") == AT + timedelta(days=3)
    assert event.decoded("dtstamp") == AT
    assert (event["status"], event["transp"]) == ("TENTATIVE", "TRANSPARENT")


def test_an_event_that_takes_no_time_is_still_shown():
    (event,) = events(calendar("R", "v/c", [PACS._replace(ends_at=PACS.starts_at)], AT))
    assert event.decoded("dtend") - event.decoded("dtstart") == SHORTEST


def test_the_same_plan_gives_the_same_bytes_and_keeps_its_identifiers():
    first, later = (
        calendar("R", "v/c", [PACS, PACS._replace(id="step:1")], at) for at in (AT, AT + timedelta(hours=1))
    )
    assert first == calendar("R", "v/c", [PACS, PACS._replace(id="step:1")], AT)
    assert [one["uid"] for one in events(first)] == [one["uid"] for one in events(later)]


def test_lines_end_and_fold_as_the_standard_wants():
    made = calendar("Redémarrage " + "é" * 80, "v/c", [PACS], AT)
    assert made.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    assert b"\n" not in made.replace(b"\r\n", b"")
