"""What leaves the desk holds every row, says whose it is, and cannot be mistaken for a real crisis when it is none."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.web.desk.conftest import crisis  # noqa: F401
from vigie.journal import Draft
from vigie.journal.facts import Closed, Correction, Decision, Erasure, Note, Opened
from vigie.web import clock, desk
from vigie.web.accounts.services import acting_as

HERE = Path(__file__).parent
BASE = "/export/valmont/crise/log"


@pytest.fixture
def log(crisis, site):  # noqa: F811
    """A corrected entry, its correction, an erased one, its erasure, one that does not count, a privileged one."""
    with clock.frozen(datetime(2026, 11, 22, 18, 2, tzinfo=UTC)):
        note = crisis.write(
            Note(text="=HYPERLINK(\"x\") à l'accueil; puis", applications=("lab", "ad"), services=("icu",)),
            happened_at=datetime(2026, 11, 22, 1, 0, tzinfo=UTC), precision="hour", tlp="green", pap="red", key="k-1",
        )  # fmt: skip
        decision = crisis.write(Decision(text="Couper Internet", decider="A. Lefort"), acting=acting_as(site.bob))
        crisis.write(Correction(of=note.digest, why="relu", replacement={"kind": "note", "text": "À l'accueil"}))
        crisis.write(Erasure(of=decision.digest, reason="identité", authority="DPO"))
        crisis.at += timedelta(minutes=1)
        desk.journal().append(Draft(crisis.incident, Closed(outcome="fini"), "b.roux", "member"), crisis.at)
        # The clock of this node is set back half a minute: it was received earlier than it was recorded.
        crisis.at -= timedelta(seconds=90)
        crisis.write(Note(text="Avis de l'avocat"), privileged=True, tlp="red")
        yield crisis


def table(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_csv_is_the_one_written_by_hand(log, site):
    response = site.client(site.alice).get(f"{BASE}.csv")
    assert response.status_code == 200
    rows = table(response)
    expected = list(csv.reader((HERE / "expected_log.csv").open(encoding="utf-8", newline=""), delimiter=";"))
    # Random by nature: the key of the node, so its incarnation, and the digests.
    stored = {entry.seq: entry for entry in desk.store().received()}
    for row in expected[1:]:
        received = stored[int(row[0])]
        row[21], row[24] = received.entry.incarnation, received.digest
        row[25] = row[25].replace("DIGEST3", stored[3].digest).replace("DIGEST4", stored[4].digest)
    assert rows == expected


def test_every_column_of_the_expected_file_differs():
    rows = list(csv.reader((HERE / "expected_log.csv").open(encoding="utf-8", newline=""), delimiter=";"))
    columns = list(zip(*rows[1:], strict=True))
    assert len(set(columns)) == len(columns)


def test_the_workbook_holds_the_same_cells(log, site):
    from openpyxl import load_workbook

    alice = site.client(site.alice)
    response = alice.get(f"{BASE}.xlsx")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    sheet, notes = book.worksheets
    from_csv = table(alice.get(f"{BASE}.csv"))
    assert [[_as_csv(cell.value, index) for index, cell in enumerate(row)] for row in sheet.iter_rows()] == [
        [cell.removeprefix("'") for cell in row] for row in from_csv
    ]
    said = {row[0].value: row[1].value for row in notes.iter_rows() if row[0].value}
    assert said["Exporté par"] == "a.lefort"
    assert said["Entrées protégées, absentes de ce fichier"] == "0"


def _as_csv(value, column):
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds") + "+01:00"
    return "" if value is None else str(value)


def test_a_member_gets_no_privileged_row_and_is_told(log, site):
    from openpyxl import load_workbook

    bob = site.client(site.bob)
    assert [row[0] for row in table(bob.get(f"{BASE}.csv"))[1:]] == ["2", "3", "4", "5", "6", "7"]
    book = load_workbook(io.BytesIO(b"".join(bob.get(f"{BASE}.xlsx").streaming_content)))
    said = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows() if row[0].value}
    assert said["Entrées protégées, absentes de ce fichier"] == "1"


def test_the_bundle_can_be_verified_and_keeps_privilege(log, site, tmp_path):
    from vigie.journal.bundle import Bundle
    from vigie.journal.verify import verify

    for person, count in ((site.alice, 7), (site.bob, 6)):
        path = tmp_path / "a.vigie"
        path.write_bytes(b"".join(site.client(person).get(f"{BASE}.vigie").streaming_content))
        held = Bundle(path)
        assert verify(held).ok
        assert sum(b'"valmont/crise"' in line.raw for line in held.lines()) == count


def test_the_bundle_of_an_analyst_holds_what_the_table_of_an_analyst_holds(log, site, tmp_path):
    """TLP:red and privileged entries of a hospital never leave with the observatory, whole bundle or table."""
    from vigie.journal.bundle import Bundle
    from vigie.journal.entry import decode, digest_of
    from vigie.journal.verify import verify

    log.write(Note(text="Négociation avec l'attaquant"), tlp="red")
    log.write(Note(text="Avis de l'avocat, bis"), privileged=True)
    for person in (site.agnes, site.bob, site.alice):
        browser = site.client(person)
        path = tmp_path / "a.vigie"
        path.write_bytes(b"".join(browser.get(f"{BASE}.vigie").streaming_content))
        held = Bundle(path)
        assert verify(held).ok
        lines = [line for line in held.lines() if decode(line.raw).incident == "valmont/crise"]
        in_table = {row[24] for row in table(browser.get(f"{BASE}.csv"))[1:]}
        assert {digest_of(line.raw).hex() for line in lines} == in_table
        whole = b"".join(line.body or b"" for line in held.lines()).decode(errors="replace")
        assert ("Négociation" in whole) == (person is not site.agnes)
        assert ("avocat" in whole) == (person is site.alice)


def test_an_entry_that_arrives_while_the_bundle_is_made_waits_for_the_next(log, site, monkeypatch, tmp_path):
    from vigie.journal.bundle import Bundle
    from vigie.web.exports import views

    honest = views.export

    def late(*arguments, **options):
        log.write(Note(text="secret de dernière minute"), tlp="red")
        return honest(*arguments, **options)

    monkeypatch.setattr(views, "export", late)
    path = tmp_path / "a.vigie"
    path.write_bytes(b"".join(site.client(site.agnes).get(f"{BASE}.vigie").streaming_content))
    assert not any(b"secret" in (line.body or b"") for line in Bundle(path).lines())


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "vigie", "pdf"])
def test_what_leaves_is_noted_and_only_its_own_may_ask(log, site, suffix):
    response = site.client(site.bob).get(f"{BASE}.{suffix}")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="valmont-crise-2026-11-22-19h02.')
    last = list(desk.store().received(after=8))[-1]
    assert last.entry.incident == "valmont/register"
    assert last.entry.author == "b.roux"
    assert "valmont/crise" in last.fact.text
    assert site.client(site.charlie).get(f"{BASE}.{suffix}").status_code == 404
    assert site.client(site.admin).get(f"{BASE}.{suffix}").status_code == 403
    assert site.client().get(f"{BASE}.{suffix}").status_code == 302


@pytest.mark.parametrize("name", ["..", 'crise"; filename="x.exe', "évacuation", "a%0d%0ab", "<b>", "C:\\x", "—"])
def test_the_name_of_a_file_is_plain_whatever_the_incident_is_called(site, name):
    acting = acting_as(site.alice)
    draft = Draft(f"valmont/{name.replace(' ', '_')}", Opened(title="x"), acting.author, "director")
    desk.journal().append(draft, clock.now())
    desk.follow()
    from urllib.parse import quote

    incident = quote(draft.incident.partition("/")[2], safe="")
    for suffix in ("csv", "xlsx", "vigie"):
        response = site.client(site.alice).get(f"/export/valmont/{incident}/log.{suffix}")
        assert response.status_code == 200
        said = response["Content-Disposition"]
        assert re.fullmatch(r'attachment; filename="[a-z0-9][a-z0-9.-]*-\d{4}-\d\d-\d\d-\d\dh\d\d\.[a-z]+"', said), said
        assert ".." not in said
        b"".join(response.streaming_content)


@pytest.mark.parametrize("name", ["vigie", "Vigie", "history", "VIGIE"])
def test_an_incident_may_bear_the_name_of_a_sheet(site, name):
    from openpyxl import load_workbook

    draft = Draft(f"valmont/{name}", Opened(title="x"), "a.lefort", "director")
    desk.journal().append(draft, clock.now())
    desk.follow()
    response = site.client(site.alice).get(f"/export/valmont/{name}/log.xlsx")
    assert response.status_code == 200
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert len({sheet.casefold() for sheet in book.sheetnames}) == 2


def test_an_export_longer_than_any_page_holds_every_row(crisis, site):  # noqa: F811
    drafts = [Draft(crisis.incident, Note(text=f"ligne {n}"), "a.lefort", "director") for n in range(1_234)]
    desk.journal().append_all(drafts, crisis.at)
    rows = table(site.client(site.alice).get(f"{BASE}.csv"))
    assert [row[6] for row in rows[2:]] == [f"ligne {n}" for n in range(1_234)]


class TestPrinted:
    """The printed log, read back from its PDF."""

    def test_it_holds_what_a_judge_asks_for(self, log, site):
        pages, text = read(site.client(site.alice).get(f"{BASE}.pdf"))
        checkpoint = desk.checkpoint()
        assert pages == 1
        for said in (
            "Main courante", "Centre hospitalier de Valmont", "valmont/crise", "TLP:RED", checkpoint.fingerprint,
            "Page 1 / 1", "EFFACÉE", "CORRIGÉE", "ALLÉGUÉE", "Alléguée : ", "Corrigée par le n° 5 (Alice Lefort",
            "relu", "Alice Lefort", "Bob Roux",
            "journal vérifié jusqu'à l'entrée", "Remis par", "vigie journal verify", "privilégié", "TLP:GREEN",
        ):  # fmt: skip
            assert said in text, said
        assert "EXERCICE" not in text

    def test_one_shift_is_cut_out_by_the_hour_of_reception(self, log, site):
        shift = {"start": "2026-11-22 03:11", "end": "2026-11-22 03:12"}
        _, text = read(site.client(site.alice).get(f"{BASE}.pdf", shift))
        assert "2 entrées dans ce quart (n° 3 à 4)" in text
        assert "Avis de l'avocat" not in text

    def test_what_is_hidden_is_counted(self, log, site):
        _, text = read(site.client(site.bob).get(f"{BASE}.pdf"))
        assert "1 entrée protégée de ce quart ne figure pas" in text
        assert "avocat" not in text

    def test_an_exercise_says_so_on_every_page(self, site):
        acting = acting_as(site.alice)
        desk.open_incident(acting, Opened(title="Essai"), realm="exercise", now=clock.now(), name="crise")
        draft = Draft("valmont/crise", Note(text="mot " * 400), "a.lefort", "director", realm="exercise")
        desk.journal().append_all([draft] * 12, clock.now() + timedelta(seconds=1))
        response = site.client(site.alice).get(f"{BASE}.pdf")
        assert "exercice" in response["Content-Disposition"]
        pages, texts = read(response, apart=True)
        assert pages > 2
        assert all("EXERCICE" in text.replace(" ", "") for text in texts)
        assert all(desk.checkpoint().fingerprint in text for text in texts)

    @pytest.mark.parametrize(
        "text",
        [
            '#panic("x")',
            '#read("/etc/passwd")',
            "$ x^2 $ *gras* _it_ `code` <a> @b //c \\ #{",
            "日本 🚑 العربية \u200b",
            "é" * 5000,
        ],
    )
    def test_what_was_written_is_never_read_as_markup(self, crisis, site, text):  # noqa: F811
        crisis.write(Note(text=text))
        _, found = read(site.client(site.alice).get(f"{BASE}.pdf"))
        squeezed = "".join(found.split())
        if text.isascii():
            assert "".join(text.split()) in squeezed

    def test_it_is_tagged_for_a_screen_reader(self, log, site):
        raw = site.client(site.alice).get(f"{BASE}.pdf").content
        assert b"/StructTreeRoot" in raw or b"/MarkInfo" in raw


def read(response, apart=False):
    import pypdfium2

    assert response.status_code == 200, response.content[:500]
    document = pypdfium2.PdfDocument(response.content)
    plain = str.maketrans({"\u00a0": " ", "\u202f": " ", "\ufffe": None, "\r": None, "\n": " ", "’": "'"})
    texts = [page.get_textpage().get_text_range().translate(plain) for page in document]
    return len(document), texts if apart else " ".join(texts)
