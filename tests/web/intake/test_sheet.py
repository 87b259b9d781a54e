"""One declaration: nothing is overwritten, nobody's word is lost, and who must be told is told."""

from __future__ import annotations

from datetime import timedelta

from vigie.web import desk


def facts(incident: str, kind: str) -> list:
    return [one.fact for one in desk.store().received(incident=incident) if one.entry.kind == kind]


def test_the_hospitals_words_stay_beside_the_observatorys(intake):
    path = intake.declare(intake.site.alice, "panne", origin="ransomware", patient_danger="potential")
    assert intake.qualify(path, category="malware", patient_danger="none").status_code == 302
    text = intake.page(f"/intake/{path}/")
    assert "Rançongiciel" in text
    assert "<b>Autre logiciel malveillant</b>" in text
    assert "<b>Aucune mise en danger</b>" in text
    (fact,) = facts("valmont/panne", "qualification")
    assert (fact.category, fact.origin, fact.declaration) == ("malware", "malicious", "d1")
    intake.qualify(path, category="human_error", why="Les journaux montrent une erreur")
    text = intake.page(f"/intake/{path}/")
    assert text.index("Les journaux montrent une erreur") < text.index("Vu avec l&#x27;établissement")
    assert "Agnès Petit" in text


def test_a_second_analyst_sees_what_came_and_loses_nothing(intake):
    path = intake.declare(intake.site.alice, "panne")
    seen = intake.one(path).last_seq
    intake.qualify(path, why="La première")
    late = intake.qualify(path, seen=seen, category="fraud", why="La seconde")
    assert late.status_code == 400
    text = late.content.decode()
    assert "a changé depuis" in text
    assert "Agnès Petit" in text
    assert "La seconde" in text, "what was typed comes back"
    assert len(facts("valmont/panne", "qualification")) == 1
    assert intake.qualify(path, category="fraud", why="La seconde").status_code == 302
    assert [one.why for one in facts("valmont/panne", "qualification")] == ["La première", "La seconde"]


def test_two_that_pass_the_check_together_are_told_apart_by_the_journal(intake):
    import pytest

    from vigie.errors import ConflictError
    from vigie.journal.facts import Qualification
    from vigie.web import clock
    from vigie.web.accounts.services import acting_as
    from vigie.web.intake import acts

    one = intake.one(intake.declare(intake.site.alice, "panne"))
    agnes = acting_as(intake.site.agnes)
    first = Qualification(category="fraud", origin="malicious", why="a", declaration="d1")
    acts.qualify(agnes, one, first, one.last_seq, clock.now())
    with pytest.raises(ConflictError):
        acts.qualify(agnes, one, first.model_copy(update={"why": "b"}), one.last_seq, clock.now())
    assert len(facts("valmont/panne", "qualification")) == 1


def test_a_button_pressed_twice_qualifies_once(intake):
    path = intake.declare(intake.site.alice, "panne")
    seen = intake.one(path).last_seq
    for _ in range(2):
        assert intake.qualify(path, seen=seen).status_code == 302
    assert len(facts("valmont/panne", "qualification")) == 1
    form = {"text": "Combien ?", "awaits": "1", "key": "k"}
    for _ in range(2):
        assert intake.agnes.post(f"/intake/{path}/ask", form).status_code == 302
    assert len(facts("valmont/panne", "exchange")) == 1


def test_versions_say_what_changed(intake):
    path = intake.declare(intake.site.alice, "panne", functioning="degraded", region="93")
    final = {"kind": "declaration", "declaration": "d1", "stage": "final", "functioning": "interruption"}
    intake.write(intake.site.alice, "valmont/panne", final)
    text = intake.page(f"/intake/{path}/")
    assert '<del class="soft">Mode dégradé</del>' in text
    assert '<ins class="t">Interruption de la prise en charge</ins>' in text


def test_a_question_waits_until_the_hospital_answers(intake):
    path = intake.declare(intake.site.alice, "panne")
    alice, bob, charlie = (intake.site.client(getattr(intake.site, name)) for name in ("alice", "bob", "charlie"))
    intake.agnes.post(f"/intake/{path}/ask", {"text": "Combien de postes ?", "awaits": "1", "key": "q"})
    assert intake.one(path).state == "waiting"
    assert "attend une réponse" in intake.page("/exchanges/", bob)
    assert "Combien de postes ?" in intake.page(f"/exchanges/{path}", alice)
    assert charlie.get(f"/exchanges/{path}").status_code == 404
    assert alice.post(f"/exchanges/{path}", {"text": "Douze", "key": "r"}).status_code == 302
    assert intake.one(path).state == "to_qualify"
    assert "Douze" in intake.page(f"/intake/{path}/")


def test_a_text_that_seems_to_name_a_patient_is_asked_about_first(intake):
    path = intake.declare(intake.site.alice, "panne")
    form = {"text": "M. Dupont né le 02/03/1950", "awaits": "1", "key": "q"}
    answer = intake.agnes.post(f"/intake/{path}/ask", form)
    assert answer.status_code == 400
    assert "identité d’un patient" in answer.content.decode()
    assert "M. Dupont" in answer.content.decode()
    assert facts("valmont/panne", "exchange") == []
    assert intake.agnes.post(f"/intake/{path}/ask", form | {"anyway": "1"}).status_code == 302


def test_a_candidate_is_shown_with_its_reasons_then_confirmed_or_rejected(intake):
    same = {"origin": "phishing", "description": "Faux courriel de la direction, mots de passe saisis"}
    first = intake.declare(intake.site.alice, "un", **same)
    second = intake.declare(intake.site.alice, "deux", **same)
    third = intake.declare(intake.site.alice, "trois", **same)
    text = intake.page(f"/intake/{second}/")
    assert "même établissement (+40)" in text
    for path, other, verdict in ((second, "valmont/un#d1", "same"), (third, "valmont/un#d1", "distinct")):
        form = {"other": other, "verdict": verdict, "seen": intake.one(path).last_seq}
        assert intake.agnes.post(f"/intake/{path}/compare", form).status_code == 302
    assert (intake.one(second).duplicate_of, intake.one(second).state) == ("valmont/un#d1", "closed")
    assert intake.one(third).distinct_from == ["valmont/un#d1"]
    for path, other in ((first, "valmont/trois#d1"), (third, "valmont/un#d1")):
        assert f'value="{other}"' not in intake.page(f"/intake/{path}/"), "rejected from one side, gone from both"


def test_several_are_linked_to_one_cause_that_hides_its_victims(intake):
    first = intake.declare(intake.site.alice, "un", supplier="Héberg'Santé", region="93")
    second = intake.declare(intake.site.charlie, "deux", supplier="HEBERG SANTE", region="53")
    assert "Même prestataire" in intake.page(f"/intake/{first}/")
    form = {"cause_group": "Panne Héberg", "cause_kind": "supplier", "others": ["rivage/deux#d1"]}
    assert intake.agnes.post(f"/intake/{first}/link", form).status_code == 302
    assert {intake.one(path).cause_group for path in (first, second)} == {"panne-heberg"}
    assert "panne-heberg" in intake.page("/intake/causes")
    text = intake.page("/intake/causes/panne-heberg")
    shared = text[text.index("<blockquote") : text.index("</blockquote>")]
    assert "Moins de 5 établissements" in shared
    assert not [name for name in ("Valmont", "Rivage", "valmont", "rivage", "Bretagne") if name in shared]


def test_who_must_be_told_is_proposed_then_done_or_late(intake):
    from vigie.web import clock

    path = intake.declare(intake.site.alice, "panne", data_impact=["disclosure"], data_subjects=["patients"])
    with clock.frozen(intake.at + timedelta(minutes=10)):
        text = intake.page(f"/intake/{path}/")
        assert text.count("à faire") == 3
        assert "À la charge de l’établissement." in text
    form = {"addressee": "ars", "receipt": "A-12", "key": "k"}
    assert intake.agnes.post(f"/intake/{path}/route", form).status_code == 302
    with clock.frozen(intake.at + timedelta(days=4)):
        text = intake.page(f"/intake/{path}/")
        assert "A-12" in text
        assert text.count("en retard</span>") == 2
    assert intake.one(path).more["authorities"] == ["ars"]


def test_what_is_red_or_privileged_is_nowhere_here(intake):
    path = intake.declare(intake.site.alice, "panne", description="Visible")
    red = {"kind": "declaration", "declaration": "d1", "description": "Rançon de deux millions"}
    intake.write(intake.site.alice, "valmont/panne", red, tlp="red")
    intake.write(
        intake.site.alice, "valmont/panne", {"kind": "exchange", "declaration": "d1", "text": "Avis"}, privileged=True
    )
    for page in (f"/intake/{path}/", f"/intake/{path}/qualify", "/intake/?text=rancon"):
        text = intake.page(page)
        assert "deux millions" not in text
        assert "Avis" not in text


def test_what_does_not_count_is_neither_transmitted_nor_qualified_here(intake):
    from vigie.journal import Draft
    from vigie.journal.facts import parse
    from vigie.web.desk import access

    path = intake.declare(intake.site.alice, "panne")
    for fact in (
        {"kind": "routing", "addressee": "ars", "declaration": "d1", "receipt": "FAUX-1"},
        {"kind": "qualification", "category": "fraud", "origin": "malicious", "why": "FAUX-2", "declaration": "d1"},
    ):
        # As another installation may have written it: a member says what only an analyst may.
        access.journal().append(Draft("valmont/panne", parse(fact), "bob", "member", realm="real"), intake.at)
    text = intake.page(f"/intake/{path}/")
    assert not [said for said in ("FAUX-1", "FAUX-2", "Transmissions</h3>") if said in text]
    assert "Personne ne l'a encore qualifiée" in text.replace("&#x27;", "'").replace("’", "'")


def test_a_flood_of_messages_hides_neither_a_version_nor_a_qualification(intake, monkeypatch):
    from vigie.web.intake import sheet

    monkeypatch.setattr(sheet, "LINES", 3)
    path = intake.declare(intake.site.alice, "panne", description="Premier récit")
    assert intake.qualify(path, why="Premier avis").status_code == 302
    for number in range(5):
        said = {"kind": "exchange", "declaration": "d1", "text": f"message-{number}"}
        intake.write(intake.site.alice, "valmont/panne", said)
    bob = intake.site.client(intake.site.bob)
    text = intake.page(f"/intake/{path}/")
    assert "Premier avis" in text
    assert text[text.index('id="versions"') :].count("Premier récit") == 1
    for shown in (text, intake.page(f"/exchanges/{path}", bob)):
        assert [number for number in range(5) if f"message-{number}" in shown] == [2, 3, 4]
        assert "2 messages plus anciens" in shown


def test_what_is_told_of_a_cause_lets_nobody_recognise_a_victim(intake):
    from vigie.web.desk.models import Declaration
    from vigie.web.intake.telling import telling

    def row(number: int, **said):
        known = {
            "incident_id": f"h{number}/un", "declarant": f"9900000{number:02}", "region": "53", "state": "qualified",
            "seen_at": intake.at, "realm": "real", "cause_kind": "supplier", "more": {"supplier": "Héberg"},
        }  # fmt: skip
        return Declaration(**{**known, **said})

    five = [row(number) for number in range(5)]
    told = telling([*five, row(5, region="93", more={"supplier": "CH de Valmont"})])
    assert (told.establishments, told.enough, told.regions, told.supplier) == (6, True, ["Bretagne"], "Héberg")
    for odd in (
        {"state": "out_of_scope"},
        {"duplicate_of": "x"},
        {"incident_id": "h0/deux"},
        {"declarant": "990000000"},
    ):
        assert not telling([*five[:4], row(4, **odd)]).enough, odd
    few = telling(five[:4])
    assert (few.enough, few.regions, few.supplier) == (False, [], "")


def test_a_cause_keeps_the_realms_apart_and_its_slug_inside(intake):
    from vigie.web.desk.models import Declaration

    paths = [intake.declare(intake.site.alice, name) for name in ("un", "deux")]
    intake.one(paths[0])
    Declaration.objects.update(cause_group="valmont-en-panne")
    Declaration.objects.filter(name="d1", incident_id="valmont/deux").update(realm="exercise")
    text = intake.page("/intake/causes/valmont-en-panne")
    assert "valmont-en-panne" not in text[text.index("<blockquote") : text.index("</blockquote>")]
    assert ("/intake/valmont/un/" in text, "/intake/valmont/deux/" in text) == (True, False)
    text = intake.page("/intake/causes/valmont-en-panne?realm=exercise")
    assert ("/intake/valmont/un/" in text, "/intake/valmont/deux/" in text) == (False, True)
    assert intake.page("/intake/causes").count("valmont-en-panne?realm=") == 2
    intake.page("/intake/causes/valmont-en-panne?realm=simulation", status=404)
