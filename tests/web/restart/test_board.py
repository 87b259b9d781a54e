"""The restart board: what is left, who does what, what waits for whom, and what the plan takes for granted."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from tests.web.restart.conftest import NOW, adopt, restart_of, text_of
from vigie.journal.facts import AvailabilityChanged, Gate, Note, Workforce
from vigie.web.restart import words


def page(crisis, tail="restart/", status=200):
    answer = crisis.get(tail)
    assert answer.status_code == status, answer.content[-800:]
    return text_of(answer)


def test_every_team_has_its_next_actions_with_times_and_why(crisis):
    text, found = page(crisis), restart_of(crisis)
    for crew in ("Annuaire", "Application", "Sécurité", "Système"):
        assert f"<span>{crew}</span>" in text
    first = {}
    for line in found.plan.lines:
        if line.team:
            first.setdefault(line.team, line)
    for line in first.values():
        assert words.step_of(line, found.plan, found.names).replace("\u2019", "'") in text
        assert words.stretch(line.starts_at, line.ends_at, found.at).replace("\u00a0", " ") in text


def test_the_first_line_says_how_many_steps_and_both_dates(crisis):
    text, found = page(crisis), restart_of(crisis)
    assert f"<b>{len(found.plan.work.steps)}</b> étapes à faire" in text
    for date in (found.outlook.done.p50_at, found.outlook.done.p90_at):
        assert f"<b>{words.day(date, found.at)}</b>".replace("\u00a0", " ") in text
    assert "encore rien d'observé" in text


def test_a_gate_says_what_to_show_who_signs_what_waits_and_opens_its_form(crisis):
    text = page(crisis)
    assert "secret KRBTGT changé deux fois" in text and "RSSI" in text
    link = next(
        one.replace("&amp;", "&")
        for one in re.findall(r'href="([^"]+write/gate[^"]*)"', text)
        if "directory_rebuilt" in one
    )
    assert parse_qs(urlsplit(link).query) == {"gate": ["directory_rebuilt"], "outcome": ["passed"]}
    form = text_of(crisis.browser.get(link))
    assert re.search(r'value="directory_rebuilt"[^>]* (selected|checked)', form)
    assert "Derrière lui : Lis, Dpi" in text


def test_a_gate_that_is_passed_waits_no_more_and_one_refused_leaves_no_date(crisis):
    crisis.write(Gate(gate="directory_rebuilt", outcome="refused", signer="RSSI", evidence="encore un compte"), now=NOW)
    text = page(crisis)
    assert "feu vert refusé ou retiré : Annuaire reconstruit" in text and "aucune date" in text
    assert "Aucune date ne peut être donnée" in text
    assert "une partie est bloquée" in text and "tout est revenu" not in text
    crisis.write(Gate(gate="directory_rebuilt", outcome="passed", signer="RSSI", evidence="rapport"), now=NOW)
    text = page(crisis)
    assert "Annuaire reconstruit" not in text and "Aucune date ne peut être donnée" not in text


def test_a_service_has_both_dates_and_what_it_waits_for(crisis):
    text, found = page(crisis), restart_of(crisis)
    one = found.outlook.services["emergency"]
    row = re.search(r"<tr[^>]*><th scope=\"row\"><a [^>]*>Emergency</a>.*?</tr>", text, re.DOTALL)
    assert row
    for date in (one.dates.p50_at, one.dates.p90_at):
        assert words.slot(date, found.at).replace("\u00a0", " ") in row.group()
    assert found.names.application(one.waits_for) in row.group()


def test_what_nobody_said_is_always_in_view(crisis):
    text = page(crisis)
    assert "Ce que le plan suppose, parce que personne ne l'a dit" in text
    assert "dont personne n'a estimé la durée" in text
    assert (
        "applications dont personne n'a parlé : elles ne sont pas au plan" in text
        and "Internet ; Network ; Portal" in text
    )
    assert "Référent métier (recette) : 1 personne (personne n'a nommé cette équipe)" in text


def test_the_chart_has_words_and_the_table_says_it_all(crisis):
    text, found = page(crisis), restart_of(crisis)
    assert re.search(
        r'<img src="data:image/svg\+xml;base64,[^"]+" width="\d+" height="\d+" alt="Plan de redémarrage de \d', text
    )
    table = text[text.index('<table class="plan">') :]
    for name in found.plan.work.back:
        assert f'<th scope="row">{found.names.application(name)}' in table
    assert "Restauration" in table and "Recette" in table


def test_an_exercise_says_so(exercise):
    text = page(exercise)
    assert "EXERCICE" in text and "Rien de ce qui suit n'est réel" in text


def test_without_a_map_the_page_says_what_to_do(bare):
    text = page(bare)
    assert "Pas de plan sans carte" in text and "Adoptez la carte" in text
    for tail in ("restart/plan", "restart/what-if", "restart/forecast"):
        assert "Pas de plan sans carte" in page(bare, tail)


def test_nothing_said_is_not_good_news(bare):
    adopt(bare)
    text = page(bare)
    assert "Rien à redémarrer, d'après ce qui a été dit" in text
    assert "6 applications de la carte dont personne n'a parlé" in text


def test_reinforcements_change_the_plan_and_a_note_does_not(crisis):
    before = restart_of(crisis)
    crisis.write(Note(text="Le café est froid"), now=NOW)
    assert restart_of(crisis) is before
    crisis.write(
        Workforce(team="renfort", skill="application", people=3, shift="always", from_at=NOW + timedelta(hours=1)),
        now=NOW,
    )
    after = restart_of(crisis)
    assert after is not before and after.plan.done_at < before.plan.done_at


def test_what_is_under_way_says_so(crisis):
    crisis.write(AvailabilityChanged(application="lis", state="restoring"), now=NOW)
    assert '<span class="tag">en cours</span>' in page(crisis)


def test_names_are_text_and_nothing_else(site):
    from tests.rebuild.maps import small_hospital
    from tests.web.incidents.conftest import opened
    from vigie.cartography import to_bytes
    from vigie.journal.facts import MapAdopted
    from vigie.web import desk

    map_ = small_hospital()
    odd = map_.applications[2].model_copy(update={"name": "<b>Labo</b> & « l'autre » %s {x}"})
    changed = map_.model_copy(update={"applications": (*map_.applications[:2], odd, *map_.applications[3:])})
    crisis = opened(site, "Panne", "real")
    crisis.write(MapAdopted(revision=desk.store().put_revision(to_bytes(changed)), name="x"), now=NOW)
    crisis.write(AvailabilityChanged(application="lis", state="down"), now=NOW)
    text = crisis.text("restart/")
    assert "<b>Labo" not in text and "&lt;b&gt;Labo&lt;/b&gt; &amp;" in text


def test_the_gap_to_the_best_plan_is_computed_when_asked_for(crisis):
    from vigie.rebuild.bound import quick_bound
    from vigie.web.restart import computing

    assert "Écart au meilleur plan possible ?" in page(crisis)
    page(crisis, "restart/?bound")
    found = restart_of(crisis)
    computing.bounded(found, True).result()
    least = quick_bound(found.plan.problem, found.plan.schedule)
    said = f"{100 * (found.plan.care_lost - least) / least:.1f}".replace(".", ",")
    assert 0 < least <= found.plan.care_lost
    assert f"<b>{said} %</b>" in page(crisis)
