"""The crisis files: the examples say what their sources say, and a bad file is refused whole, with every fault."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vigie.errors import FileError
from vigie.exchange.crisis import Crisis, load
from vigie.journal.authority import MATRIX
from vigie.journal.facts import read, to_bytes

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "crises"
FILES = sorted(EXAMPLES.glob("*.yaml"))

GOOD = """\
format: vigie-crisis/1
incident: valmont/2022-10
title: Rançongiciel
organisation: CH de Valmont
country: FR
time_zone: Europe/Paris
language: fr
realm: real
author: Vigie, d'après les sources publiques
applications:
  labo: Laboratoire
services:
  urgences: Urgences
sources:
  A1:
    title: Le Journal
    url: https://example.org/a
    confidence: press
  A2:
    title: Copie du Journal
    url: [https://example.org/b, https://example.org/c]
    confidence: secondary
entries:
  - at: 2022-10-29 01:00
    kind: opened
    sources: [A1]
  - at: 2022-10-29
    kind: availability
    application: labo
    state: down
    sources: [A1, A2]
"""


def of(tmp_path: Path, text: str) -> Crisis:
    path = tmp_path / "crise.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def refused(tmp_path: Path, text: str) -> list[str]:
    """The lines of the refusal."""
    with pytest.raises(FileError) as refusal:
        of(tmp_path, text)
    return str(refusal.value).splitlines()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
class TestEveryExample:
    def test_it_loads_in_order_and_can_be_written_by_its_author(self, path):
        drafts = load(path).drafts()
        assert [draft.happened_at for draft in drafts] == sorted(draft.happened_at for draft in drafts)
        assert {draft.fact.kind for draft in drafts} <= MATRIX["own"]["analyst"]
        assert len({draft.key for draft in drafts}) == len(drafts)
        assert {(draft.realm, draft.tlp, draft.role) for draft in drafts} == {("real", "clear", "analyst")}

    def test_every_entry_has_its_sources_and_every_source_its_entry(self, path):
        crisis = load(path)
        assert all(telling.sources for telling in crisis.entries)
        assert {key for telling in crisis.entries for key in telling.sources} == set(crisis.sources)
        for telling in crisis.entries:
            for key in telling.sources:
                assert all(url in telling.fact.source for url in crisis.sources[key].urls)

    def test_every_name_in_the_header_is_used(self, path):
        crisis = load(path)
        subjects = [telling.fact.subjects() for telling in crisis.entries]
        assert {each for applications, _ in subjects for each in applications} == set(crisis.applications)
        assert {each for _, services in subjects for each in services} == set(crisis.services)

    def test_what_was_read_second_hand_or_only_once_is_not_called_confirmed(self, path):
        for telling in load(path).entries:
            assert getattr(telling.fact, "checked", "unchecked") == "unchecked"

    def test_a_fact_survives_its_bytes(self, path):
        for telling in load(path).entries:
            assert read(telling.fact.kind, to_bytes(telling.fact)) == telling.fact

    def test_no_round_hour_is_given_as_exact(self, path):
        """The press rounds. An exact time ends in minutes that nobody invents."""
        for telling in load(path).entries:
            if telling.precision == "exact" and telling.happened_at.minute == 0:
                pytest.fail(f"{path.name}, line {telling.line}: say precision: hour")

    def test_the_reader_finds_it_in_the_list(self, path):
        assert f"({path.name})" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


def test_the_crises_that_were_asked_for_are_there():
    wanted = {"chsf-2022", "armentieres-2024", "dax-2021", "brest-2023", "hse-2021", "synnovis-2024"}
    assert wanted <= {path.stem for path in FILES}


class Told:
    """The entries of one example, by kind and field."""

    def __init__(self, name: str) -> None:
        self.crisis = load(EXAMPLES / f"{name}.yaml")

    def of(self, kind: str, **fields: object) -> list:
        return [
            telling
            for telling in self.crisis.entries
            if telling.fact.kind == kind and all(getattr(telling.fact, key) == value for key, value in fields.items())
        ]

    def one(self, kind: str, **fields: object):
        (found,) = self.of(kind, **fields)
        return found


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_chsf_on_18_october_2022():
    told = Told("chsf-2022")
    hospital = told.one("capacity", service=None).fact
    assert (hospital.beds_open, hospital.beds_usual, hospital.activity_percent) == (680, 881, 86)
    adults = told.one("capacity", service="urgences").fact
    assert (adults.visits_per_day, adults.visits_per_day_usual, adults.activity_percent) == (160, 220, 73)
    children = told.one("capacity", service="urgences-pediatriques").fact
    assert (children.visits_per_day, children.visits_per_day_usual, children.activity_percent) == (120, 125, 96)
    assert told.one("capacity", service="gyneco-obstetrique").fact.activity_percent == 90
    assert {telling.happened_at for telling in told.of("capacity")} == {utc(2022, 10, 17, 22)}
    assert told.one("opened").happened_at == utc(2022, 8, 20, 23)
    assert told.one("transfer", service="neonatologie").fact.patients == 13


def test_chsf_promised_three_weeks():
    told = Told("chsf-2022")
    first = min(told.of("estimate"), key=lambda telling: telling.happened_at).fact
    assert first.latest_at - told.one("opened").happened_at < timedelta(days=22)
    late = told.one("availability", application="logiciels-metiers", state="restoring")
    assert late.happened_at > first.latest_at + timedelta(days=28)


def test_synnovis_counts_up():
    told = Told("synnovis-2024")
    appointments = told.of("postponement", what="outpatient appointments", cumulative=True)
    assert [telling.fact.count for telling in appointments] == [6199, 8349, 10001, 10054, 10152]
    procedures = told.of("postponement", what="elective procedures", cumulative=True)
    assert [telling.fact.count for telling in procedures] == [1491, 1608, 1680, 1693, 1710]
    assert [telling.happened_at.date().isoformat() for telling in procedures[:4]] == [
        "2024-07-06",
        "2024-07-20",
        "2024-08-03",
        "2024-08-14",
    ]  # fmt: skip  (local midnights of the 7th, 21st, 4th and 15th, in UTC)
    assert sorted(telling.fact.count for telling in told.of("postponement", cumulative=False)) == [125, 736, 814]
    laboratories = [telling.fact.capacity_percent for telling in told.of("service_mode", service="laboratories")]
    assert laboratories == [10, 45, 54, None]
    assert told.one("cost").fact.amount_minor == 3_300_000_000  # the NHS's 35.7 M may overlap: a board would add them
    assert [telling.fact.people for telling in told.of("safety_event")] == [170, 1]


def test_armentieres_hour_by_hour():
    told = Told("armentieres-2024")
    assert told.one("opened").happened_at == utc(2024, 2, 11, 1)
    assert told.one("containment", action="cut").happened_at == utc(2024, 2, 11, 2)
    cell, closing, reopening = told.of("decision")
    assert (cell.happened_at, cell.precision) == (utc(2024, 2, 11, 4, 40), "exact")
    assert closing.happened_at == utc(2024, 2, 11, 6)
    assert told.one("service_mode", service="urgences", mode="diverted").happened_at == closing.happened_at
    assert told.one("service_mode", service="urgences", mode="degraded").happened_at == utc(2024, 2, 13, 15)
    assert reopening.happened_at < utc(2024, 2, 13, 15)


def test_brest_in_twenty_three_minutes():
    told = Told("brest-2023")
    assert told.one("opened").happened_at == utc(2023, 3, 9, 19, 33)
    assert told.one("trust", state="compromised").happened_at == utc(2023, 3, 9, 19, 56)
    back = told.one("availability", application="messagerie", state="restored")
    assert (back.happened_at - told.one("opened").happened_at).days == 14  # the fifteenth day
    assert told.one("postponement").fact.count == 0
    assert not told.of("leak")


def test_dax_two_to_three_weeks_became_four_months():
    told = Told("dax-2021")
    promised = told.one("estimate")
    assert promised.fact.earliest_at == utc(2021, 2, 23, 23)
    assert promised.fact.latest_at == utc(2021, 3, 3, 22, 59)  # a promise for the 3rd is kept until the 3rd is over
    still = told.one("availability", application="documents-partages", state="down")
    assert (still.happened_at - told.one("opened").happened_at).days == 112  # local midnight of day 113
    assert told.one("cost").fact.amount_minor == 240_000_000


def test_hse_minute_by_minute():
    told = Told("hse-2021")
    assert told.one("opened").happened_at == utc(2021, 5, 14, 1, 50)
    assert told.one("trust").happened_at == utc(2021, 5, 14, 3, 36)
    assert told.one("communication").happened_at == utc(2021, 5, 14, 6, 28)
    assert told.one("cost").fact.amount_minor == 10_000_000_000
    assert [telling.fact.state for telling in told.of("availability", application="servers")] == [
        "down", "restoring", "restoring", "restoring", "restored",
    ]  # fmt: skip


def test_rouen_was_stopped_in_a_quarter_of_an_hour():
    told = Told("rouen-2019")
    assert told.one("opened").happened_at == utc(2019, 11, 15, 18, 45)
    assert told.one("containment", action="powered_off").happened_at == utc(2019, 11, 15, 19)
    first = {telling.fact.application for telling in told.of("availability", state="restored")}
    assert first == {"admissions", "prescriptions", "comptes-rendus", "disponibilite-lits"}


def test_villefranche_put_off_thirty_operations_and_moved_nobody():
    told = Told("villefranche-2021")
    assert told.one("opened").happened_at == utc(2021, 2, 15, 3, 30)
    assert told.one("postponement").fact.count == 30
    assert not told.of("transfer")


def test_arles_cut_four_times_in_order():
    told = Told("arles-2021")
    cut = [telling.fact.applications[0] for telling in told.of("containment")]
    assert cut == ["acces-internet", "coeur-de-reseau", "sauvegarde", "liens-partenaires"]
    assert told.one("estimate").fact.latest_at == utc(2021, 9, 30, 21, 59)


def test_versailles_stayed_at_sixty_per_cent():
    told = Told("versailles-2022")
    assert [telling.fact.activity_percent for telling in told.of("capacity")] == [60, 60]
    assert told.one("transfer").fact.patients == 6


def test_rennes_had_its_mail_back_on_the_twelfth_day():
    told = Told("rennes-2023")
    back = told.one("availability", application="messagerie-externe", state="restored")
    assert back.happened_at - told.one("opened").happened_at == timedelta(days=11, hours=6)
    assert {telling.fact.addressee for telling in told.of("declared")} == {"police", "cnil"}


def test_cannes_on_the_eighth_day():
    told = Told("cannes-2024")
    assert told.one("containment").fact.what == "350 serveurs et 1 500 postes de travail"
    assert {telling.happened_at for telling in told.of("availability", state="restoring")} == {utc(2024, 4, 23, 22)}


def test_a_good_file(tmp_path):
    crisis = of(tmp_path, GOOD)
    opened, down = crisis.entries
    assert opened.happened_at == utc(2022, 10, 28, 23)
    assert opened.fact.title == crisis.title == "Rançongiciel"
    assert (opened.precision, down.precision) == ("exact", "day")
    assert down.happened_at == opened.happened_at, "a day is placed at its midnight, or after the entry before it"
    assert down.fact.source == (
        "Le Journal (presse) https://example.org/a\n"
        "Copie du Journal (seconde main) https://example.org/b https://example.org/c"
    )


def test_a_longer_edition_keeps_the_keys_of_the_shorter(tmp_path):
    added = "  - {at: 2022-10-30, kind: note, text: Suite, sources: [A1]}\n"
    before, after = of(tmp_path, GOOD).drafts(), of(tmp_path, GOOD + added).drafts()
    assert [draft.key for draft in after[:2]] == [draft.key for draft in before]
    assert len(after) == 3


def test_a_decade_of_zeros_and_a_country_called_no_stay_text(tmp_path):
    text = GOOD.replace("country: FR", "country: NO").replace("title: Le Journal", "title: 0012")
    crisis = of(tmp_path, text)
    assert (crisis.country, crisis.sources["A1"].title) == ("NO", "0012")


@pytest.mark.parametrize(
    ("was", "becomes", "line", "says"),
    [
        ("kind: availability", "kind: avaliability", 27, "'avaliability' is not a kind of fact"),
        ("state: down", "state: broken", 27, "state: Input should be"),
        ("    state: down\n", "    state: down\n    colour: red\n", 27, "fields of availability: application"),
        (
            "application: labo",
            "application: pacs",
            27,
            "the application 'pacs' has no name. Name it under `applications:`",
        ),
        ("at: 2022-10-29\n", "at: 29/10/2022\n", 27, "'29/10/2022' is not a date"),
        ("at: 2022-10-29\n", "at: 2022-02-30\n", 27, "not in the calendar"),
        (
            "at: 2022-10-29\n",
            "at: 2022-10-28\n",
            27,
            "is before the entry of line 24. Put the entries in order of time",
        ),
        ("at: 2022-10-29\n", "at: 2023-03-26 02:30\n", 27, "never was in Europe/Paris"),
        ("at: 2022-10-29\n", "at: 2022-10-30 02:30\n", 27, "came twice in Europe/Paris"),
        ("at: 2022-10-29\n", "at: 2022-10-29\n    precision: exact\n", 27, "not written finely enough"),
        ("at: 2022-10-29\n", "at: 2022-10-29\n    precision: decade\n", 27, "'decade' is not a precision"),
        ("[A1, A2]", "[A1, A9]", 31, "'A9' is not a source of the header. Add it, or cite A1, A2"),
        ("[A1, A2]", "[]", 31, "sources should be a list of keys"),
        ("    sources: [A1, A2]\n", "", 27, "the entry lacks sources"),
        ("[A1, A2]", "[A1, A1]", 31, "each once"),
        ("    state: down\n", "    state: down\n    state: normal\n", 31, "'state' is said twice in the entry"),
        ("    state: down\n", "    state: down\n    source: Le Journal\n", 31, "the source is told by `sources`"),
        ("kind: opened", "kind: note\n    text: x", 24, "no entry opens the incident"),
        ("kind: opened", "kind: erasure", 25, "belongs to the life of a log"),
        ("kind: opened", "kind: opened\n    detected_at: demain", 26, "'demain' is not a date"),
        ("format: vigie-crisis/1", "format: vigie-crisis/9", 1, "is not a known format. Choose among vigie-crisis/1"),
        ("incident: valmont/2022-10", "incident: Valmont", 2, "Write organisation/name"),
        ("title: Rançongiciel\n", "", 1, "the header lacks title"),
        ("country: FR", "country: France", 5, "not a country code"),
        ("time_zone: Europe/Paris", "time_zone: Paris", 6, "'Paris' is not a time zone"),
        ("time_zone: Europe/Paris", "time_zone: ../../etc/passwd", 6, "is not a time zone"),
        ("time_zone: Europe/Paris", "time_zone: Europe", 6, "is not a time zone"),
        ("language: fr", "language: la", 7, "'la' is not a known language. Choose among fr, en"),
        ("realm: real", "realm: dream", 8, "'dream' is not a known realm"),
        ("realm: real", "realm: real\nweather: fine", 9, "'weather' is not a field of the header"),
        ("labo: Laboratoire", "Labo 1: Laboratoire", 11, "'Labo 1' cannot identify the application"),
        ("confidence: press", "confidence: rumour", 18, "Choose among official, press, secondary"),
        ("    url: https://example.org/a\n", "", 16, "Write title, url and confidence"),
        ("https://example.org/a", "javascript:alert(1)", 17, "is not a web address"),
    ],
)
def test_a_fault_says_where_what_and_how_to_mend_it(tmp_path, was, becomes, line, says):
    assert was in GOOD
    faults = refused(tmp_path, GOOD.replace(was, becomes, 1))
    assert any(fault.startswith(f"crise.yaml, line {line}: ") and says in fault for fault in faults), faults


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path):
    text = (
        GOOD.replace("country: FR", "country: France").replace("state: down", "state: broken").replace(" A2]", " A9]")
    )
    faults = refused(tmp_path, text)
    assert [int(re.search(r"line (\d+)", fault)[1]) for fault in faults] == [5, 27, 31]


def test_the_same_thing_twice(tmp_path):
    again = GOOD[GOOD.index("  - at: 2022-10-29\n") :]
    assert refused(tmp_path, GOOD + again) == [
        "crise.yaml, line 32: says again what line 27 says. Take one of the two away"
    ]


@pytest.mark.parametrize(
    "text", ["- a\n- b\n", "entries: []\n", "42\n", "format: [\n", "a: b: c\n", "", "\x00", "x: \x07"]
)
def test_what_is_not_a_crisis_file(tmp_path, text):
    assert all(fault.startswith("crise.yaml") for fault in refused(tmp_path, text))


@pytest.mark.parametrize("broken", range(0, len(GOOD), 37))
def test_a_file_cut_anywhere_is_read_or_refused(tmp_path, broken):
    try:
        of(tmp_path, GOOD[:broken])
    except FileError as refusal:
        assert str(refusal).startswith("crise.yaml")


def test_the_file_shown_in_the_reference_is_a_good_one(tmp_path):
    page = EXAMPLES.parents[1] / "docs" / "reference" / "crisis-file.md"
    (shown,) = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    crisis = of(tmp_path, shown)
    assert [telling.fact.kind for telling in crisis.entries] == ["opened", "availability", "estimate"]
    assert crisis.entries[2].fact.latest_at == utc(2022, 10, 31, 22, 59)
