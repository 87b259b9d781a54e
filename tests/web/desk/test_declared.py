"""Declarations beside the log: one row each, that follows what is said, hides what is hidden, and can be made again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from vigie.journal.facts import Correction, Indicator, Qualification, parse
from vigie.web import desk
from vigie.web.accounts.services import acting_as

NAME = "valmont/crise"


def declaration(**said: Any) -> Any:
    return parse(
        {
            "kind": "declaration", "declaration": "d1", "establishment": "CH de Valmont", "region": "84",
            "description": "Serveurs de fichiers chiffrés", "origin": "ransomware", "supplier": "Héberg'Santé",
            "patient_danger": "potential", "functioning": "degraded", "cves": ["CVE-2026-1000"],
        }
        | said
    )  # fmt: skip


def exchange(text: str, awaits: str = "nothing") -> Any:
    return parse({"kind": "exchange", "declaration": "d1", "text": text, "awaits": awaits})


def rows() -> list[Any]:
    from vigie.web.desk.models import Declaration

    desk.follow()
    return list(Declaration.objects.order_by("id"))


def content() -> list[Any]:
    """Everything in the three tables, but for the numbers that the database gives."""
    from vigie.web.desk.models import Declaration, DeclarationSign, SupportRequest

    desk.follow()
    signs = DeclarationSign.objects.order_by("declaration", "kind", "value")
    requests = SupportRequest.objects.order_by("incident", "name")
    return [
        *Declaration.objects.order_by("id").values(),
        *signs.values("declaration", "kind", "value"),
        *requests.values("incident", "name", "state", "asked_at", "moved_at"),
    ]


def test_a_declaration_is_a_row_that_follows_what_is_said_of_it(crisis, site):
    agnes = acting_as(site.agnes)
    crisis.write(declaration())
    (row,) = rows()
    assert (row.id, row.state, row.version, row.region) == (f"{NAME}#d1", "new", 1, "84")
    assert (row.origin, row.urgency) == ("ransomware", 48)
    crisis.write(exchange("Combien de postes ?", "answer"), acting=agnes)
    (row,) = rows()
    assert row.state == "waiting"
    assert row.waiting_since is not None
    crisis.write(exchange("Douze"))
    (row,) = rows()
    assert (row.state, row.waiting_since) == ("to_qualify", None)
    said = Qualification(
        category="phishing", origin="malicious", why="Entrée par un courriel", declaration="d1", patient_danger="none",
        cause_group="campagne-1", cause_kind="campaign", distinct_from=("rivage/x#d1",),
    )  # fmt: skip
    receipt = crisis.write(said, acting=agnes)
    (row,) = rows()
    assert (row.state, row.origin, row.cause_group, row.distinct_from) == (
        "qualified", "phishing", "campagne-1", ["rivage/x#d1"],
    )  # fmt: skip
    assert (row.urgency, row.last_seq) == (8, receipt.seq)


def test_what_others_may_share_is_kept_as_signs(crisis):
    crisis.write(declaration())
    crisis.write(Indicator(type="domain", value="Mauvais[.]example"))
    (row,) = rows()
    assert set(row.signs.values_list("kind", "value")) == {
        ("supplier", "heberg sante"), ("product", "CVE-2026-1000"), ("indicator", "mauvais.example"),
    }  # fmt: skip


def test_a_line_that_an_analyst_must_not_see_says_nothing_here(crisis):
    crisis.write(declaration())
    crisis.write(declaration(description="Rançon de 2 M", patient_danger="confirmed"), tlp="red")
    crisis.write(declaration(establishment="Secret"), privileged=True)
    crisis.write(declaration(declaration="d2"), tlp="red")
    (row,) = rows()
    assert (row.patient_danger, row.establishment) == ("potential", "CH de Valmont")
    assert "rancon de" not in row.text


def test_a_withdrawn_declaration_is_gone_and_a_corrected_one_is_corrected(crisis):
    first = crisis.write(declaration())
    crisis.write(Correction(of=first.digest, why="x", replacement=declaration(region="93").model_dump(mode="json")))
    assert [row.region for row in rows()] == ["93"]
    crisis.write(Correction(of=first.digest, why="doublon"))
    assert rows() == []


def test_requests_for_help_are_followed_to_their_end(crisis, site):
    from vigie.web.desk.models import SupportRequest

    crisis.write(declaration())
    crisis.write(parse({"kind": "support", "support": "aide", "state": "asked", "what": "Deux personnes"}))
    crisis.write(parse({"kind": "support", "support": "aide", "state": "accepted", "by": "cert-sante"}))
    desk.follow()
    (one,) = SupportRequest.objects.all()
    assert (one.state, one.by, one.asked_at < one.moved_at) == ("accepted", "cert-sante", True)


def test_rebuilding_gives_the_same_rows(crisis, site):
    crisis.write(declaration())
    crisis.write(parse({"kind": "support", "support": "aide", "state": "asked"}))
    crisis.write(exchange("Combien ?", "answer"), acting=acting_as(site.agnes))
    crisis.write(declaration(declaration="d2", stage="early_warning"))
    before = content()
    for _ in desk.rebuild():
        pass
    assert content() == before
    assert len(rows()) == 2


@pytest.mark.parametrize("entries_a_step", [1, 2, 1000])
def test_steps_cut_anywhere_give_the_same_rows(crisis, site, monkeypatch, entries_a_step):
    from vigie.web.desk import following

    crisis.write(declaration())
    crisis.write(exchange("Combien ?", "answer"), acting=acting_as(site.agnes))
    crisis.write(exchange("12"))
    before = content()
    monkeypatch.setattr(following, "STEP_ENTRIES", entries_a_step)
    for _ in desk.rebuild():
        pass
    assert content() == before


def test_an_incident_that_declares_nothing_is_derived_by_nobody(crisis, monkeypatch):
    from vigie.web.desk import declared

    monkeypatch.setattr(declared, "_rows", lambda *_: pytest.fail("derived"))
    crisis.write(exchange("Rien", "answer"))
    assert rows() == []


def test_the_day_it_was_seen_is_the_best_known(crisis):
    seen = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
    crisis.write(declaration(occurred_at="2026-11-01T05:00:00Z"))
    assert rows()[0].seen_at == seen


def test_help_that_a_declaration_asks_for_is_a_request_until_somebody_follows_it(crisis):
    from vigie.web.desk.models import SupportRequest

    crisis.write(declaration(support_asked="yes"))
    desk.follow()
    assert list(SupportRequest.objects.values_list("name", "state")) == [("d1", "asked")]
    crisis.write(parse({"kind": "support", "support": "d1", "state": "done", "by": "cert-sante"}))
    desk.follow()
    assert list(SupportRequest.objects.values_list("name", "state")) == [("d1", "done")]


def test_what_a_node_declared_counts_once_it_is_enrolled(site, crisis):
    """Until then it is only claimed; and what nobody enrolled spoke in is not derived again."""
    from tests.web.support import speak_for

    acting = acting_as(site.charlie)
    opened = desk.open_incident(acting, parse({"kind": "opened", "title": "x"}), realm="real", now=crisis.at, name="x")
    desk.write(acting, opened.entry.incident, declaration(), now=crisis.at)
    assert rows() == []
    speak_for("valmont", "rivage")
    assert [row.id for row in rows()] == ["rivage/x#d1"]
