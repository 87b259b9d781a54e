"""The queue: what is most pressing first, filters in the address, and the same number of queries for any length."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

SERIOUS = {"patient_danger": "confirmed", "functioning": "interruption"}


def order(text: str) -> list[str]:
    return re.findall(r'<a href="/intake/([^"?]+)/d1/"', text)


def test_what_may_hurt_a_patient_comes_first_and_the_unknown_before_the_harmless(intake):
    alice, charlie = intake.site.alice, intake.site.charlie
    intake.declare(alice, "sans-danger", patient_danger="none", functioning="none")
    intake.declare(charlie, "inconnu")
    intake.declare(alice, "danger", **SERIOUS)
    text = intake.page("/intake/")
    assert order(text) == ["valmont/danger", "rivage/inconnu", "valmont/sans-danger"]
    assert "1 nouvelle déclaration dit des patients en danger" in text
    assert "Danger non renseigné" in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("region=93", ["valmont/a"]),
        ("kind=ch", ["rivage/b"]),
        ("origin=phishing", ["rivage/b"]),
        ("text=CHIFFRÉS%20serveurs", ["valmont/a"]),
        ("text=rivage", ["rivage/b"]),
        ("realm=exercise", []),
        ("since=365", []),
        ("tab=waiting", []),
    ],
)
def test_filters_live_in_the_address(intake, asked, found):
    from vigie.web import clock

    intake.declare(intake.site.alice, "a", region="93", description="Serveurs chiffrés")
    intake.declare(intake.site.charlie, "b", establishment_kind="ch", origin="phishing")
    with clock.frozen(intake.at + timedelta(days=800)):
        assert order(intake.page(f"/intake/?{asked}")) == found


def test_a_filter_that_does_not_read_says_so(intake):
    assert "Un filtre ne se lit pas" in intake.page("/intake/?region=mars", status=400)


def test_silence_is_shown(intake):
    from vigie.web import clock

    path = intake.declare(intake.site.alice, "panne")
    question = {"kind": "exchange", "declaration": "d1", "text": "Combien ?", "awaits": "answer"}
    intake.write(intake.site.agnes, "valmont/panne", question)
    with clock.frozen(intake.at + timedelta(hours=30)):
        text = intake.page("/intake/?tab=waiting").replace("\xa0", " ")
        assert "attend une réponse depuis 1 j 6 h" in text
        assert "question posée il y a 1 j 6 h" in intake.page(f"/intake/{path}/").replace("\xa0", " ")


def test_the_queue_costs_the_same_at_any_length(intake, queries):
    intake.declare(intake.site.alice, "un", **SERIOUS)
    intake.page("/intake/")
    few = queries(lambda: intake.page("/intake/"))
    for number in range(12):
        intake.declare(intake.site.charlie, f"x{number}", region="11", supplier="Héberg")
    intake.page("/intake/")
    assert queries(lambda: intake.page("/intake/")) == few <= 10
    assert queries(lambda: intake.page("/intake/?region=11&text=heberg")) <= 10


def test_a_sheet_costs_the_same_whatever_is_written_on_it(intake, queries):
    path = intake.declare(intake.site.alice, "un", supplier="Héberg")
    intake.page(f"/intake/{path}/")
    few = queries(lambda: intake.page(f"/intake/{path}/"))
    for number in range(6):
        intake.declare(intake.site.charlie, f"x{number}", supplier="Héberg")
        intake.write(intake.site.alice, "valmont/un", {"kind": "exchange", "declaration": "d1", "text": f"m{number}"})
    intake.page(f"/intake/{path}/")
    assert (
        queries(lambda: intake.page(f"/intake/{path}/")) <= few + 2
    )  # the situation is folded anew, signs are fetched


def test_pages_lead_to_each_other(intake, monkeypatch):
    from vigie.web.intake import queue

    monkeypatch.setattr(queue, "PAGE", 2)
    for number in range(5):
        intake.declare(intake.site.alice, f"x{number}")
    seen = [one for page in (1, 2, 3) for one in order(intake.page(f"/intake/?page={page}"))]
    assert seen == [f"valmont/x{number}" for number in range(5)]
    assert "Page suivante" not in intake.page("/intake/?page=3")


def test_a_page_that_stays_open_hears_of_what_moves(intake):
    from vigie.web import desk

    intake.declare(intake.site.alice, "un")
    after = desk.store().last_seq()
    assert intake.page(f"/intake/news?after={after}").strip() == ""
    intake.declare(intake.site.alice, "deux")
    assert "1 déclaration a bougé" in intake.page(f"/intake/news?after={after}")


def test_open_requests_for_help_have_their_age(intake):
    path = intake.declare(intake.site.alice, "panne", support_asked="yes")
    assert "demandé" in intake.page("/intake/support")
    done = {"support": "d1", "state": "done", "by": "cert-sante", "key": "k1"}
    assert intake.agnes.post(f"/intake/{path}/help", done).status_code == 302
    assert "Aucune demande" in intake.page("/intake/support")
