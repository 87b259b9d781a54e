"""Every kind of fact has its words, its sentence in both languages, and a form that gives the same fact back."""

from __future__ import annotations

import re
from typing import get_args, get_origin

import pytest
from django.forms import BooleanField, MultipleChoiceField
from django.utils import translation

from tests.web.incidents.samples import SAMPLES
from vigie.journal.authority import NODE_KINDS, REASONS
from vigie.journal.entry import MARKINGS, PRECISIONS, REALMS
from vigie.journal.facts import KINDS, Correction, Erased, Opaque
from vigie.web.incidents import labels
from vigie.web.incidents.forms import COMPUTED, FactForm, initial_of
from vigie.web.incidents.names import Names
from vigie.web.incidents.sentences import sentence

NAMES = Names(
    applications={"dpi": "Dossier patient, lecture seule", "ad": "Annuaire"},
    services={"rea": "Réanimation"},
    establishments={"valmont": "CH de Valmont", "annexe": "Annexe"},
    suppliers={"editeur": "Éditeur SA"},
    teams={"bases": "Bases de données"},
)


def test_every_kind_has_its_words():
    assert set(SAMPLES) == set(KINDS) == set(labels.KIND_NAMES) == set(labels.KIND_HELP)
    grouped = [kind for _, kinds in labels.KIND_GROUPS for kind in kinds]
    # A map is given from its own page, nodes belong to the register, a program computes forecasts: none is chosen in an incident.
    assert sorted(grouped) == sorted(set(KINDS) - NODE_KINDS - COMPUTED - {"map_adopted"})
    fields = {name for model in KINDS.values() for name in model.model_fields} - {"kind"}
    assert fields <= set(labels.FIELD_NAMES)
    assert set(labels.REASONS) == set(REASONS) - {"counts"}
    assert (set(labels.REALMS), set(labels.PRECISIONS), set(labels.MARKINGS)) == (
        set(REALMS),
        set(PRECISIONS),
        set(MARKINGS),
    )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_word_of_a_vocabulary_has_a_name(kind):
    for name, info in KINDS[kind].model_fields.items():
        if name != "kind" and get_origin(info.annotation) is not None and "Literal" in str(get_origin(info.annotation)):
            assert set(get_args(info.annotation)) <= set(labels.VALUES[f"{kind}.{name}"]), name


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_sentence(kind, language):
    with translation.override(language):
        said = sentence(SAMPLES[kind], NAMES)
    assert said and "%(" not in said and "None" not in said
    assert not re.search(r"\b(dpi|rea|editeur|bases)\b", said), "names, not identifiers"


def test_a_sentence_is_made_in_the_reader_s_language():
    with translation.override("fr"):
        assert (
            sentence(SAMPLES["transfer"], NAMES)
            == "Transfert\u00a0: 13 patients de Réanimation vers CHU. Surveillance."
        )
    with translation.override("en"):
        assert sentence(SAMPLES["transfer"], NAMES) == "Transfer: 13 patients from Réanimation to CHU. Surveillance."


def test_what_cannot_be_read_is_told():
    assert "effacé" in sentence(Erased("note"))
    assert "« plan »".replace(" ", "\u00a0") in sentence(Opaque("plan", b"{}"))


def test_a_correction_tells_what_takes_the_place():
    fact = Correction(of="ab" * 32, why="Erreur", replacement=SAMPLES["note"].model_dump(mode="json"))
    assert "Le standard tient" in sentence(fact, NAMES)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - COMPUTED - {"correction"}))
def test_a_form_gives_back_the_fact_it_was_filled_with(kind):
    fact = SAMPLES[kind]
    blank = FactForm(kind=kind, names=NAMES, initial=initial_of(fact, NAMES))
    typed = {}
    for name, field in blank.fields.items():
        if isinstance(field, BooleanField):
            typed |= {name: "on"} if blank.get_initial_for_field(field, name) else {}
            continue
        if isinstance(field, MultipleChoiceField):
            typed[name] = list(blank.get_initial_for_field(field, name) or ())
            continue
        shown = field.prepare_value(blank.get_initial_for_field(field, name))
        shown = field.widget.format_value(shown) if hasattr(field.widget, "format_value") else shown
        shown = shown[0] if isinstance(shown, list) and shown else shown
        if shown not in (None, "", []):
            typed[name] = shown
    form = FactForm(typed, kind=kind, names=NAMES)
    assert form.is_valid(), form.errors
    assert form.fact == fact


@pytest.mark.parametrize("kind", sorted(set(KINDS) - COMPUTED))
def test_an_empty_form_says_what_is_missing(kind):
    form = FactForm({}, kind=kind, names=NAMES)
    assert not form.is_valid() and form.errors
