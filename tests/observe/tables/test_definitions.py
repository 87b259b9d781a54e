"""Each table says what it counts, and what it says is what it computes."""

from __future__ import annotations

import ibis
import pytest

from vigie.observe.cells import FAMILIES, family_of, schema_of
from vigie.observe.columns import BY_NAME
from vigie.observe.compute import query
from vigie.observe.tables import CHAPTERS, TABLES
from vigie.observe.tables.definition import table
from vigie.observe.tables.prepared import MADE, SEPARATOR, WORDS
from vigie.observe.vocabulary import vocabulary

ALL = pytest.mark.parametrize("name", TABLES)


@ALL
def test_it_is_defined_in_both_languages_and_begins_with_the_year(name):
    each = TABLES[name]
    assert each.chapter in CHAPTERS
    assert each.title["fr"] and each.title["en"]
    assert each.dimensions[0] == ("year", "")
    assert all(text.endswith(".") for text in (each.numerator, each.denominator, each.exclusions))


@ALL
def test_its_expression_gives_its_columns(name):
    each = TABLES[name]
    built = each.build(ibis.table(schema_of(family_of(each)), name="cells"))
    assert {*built.columns} == {*each.columns}


@ALL
def test_its_shares_are_of_counts_beside_them(name):
    counts = {measure.name for measure in TABLES[name].measures if measure.kind == "count"}
    for measure in TABLES[name].measures:
        if measure.kind == "share":
            assert {measure.of, measure.over} <= counts
        if measure.kind == "value":
            assert measure.of in counts


@ALL
def test_it_shares_a_reading_with_others(name):
    assert family_of(TABLES[name]) in FAMILIES


def test_no_family_is_there_for_nothing():
    assert {family_of(each) for each in TABLES.values()} == {*FAMILIES}


def test_words_of_dimensions_are_lists_of_the_vocabulary():
    assert {*WORDS.values()} <= {*vocabulary()}
    assert all(key in BY_NAME or key in MADE for family in FAMILIES for key in family.keys)


def test_no_word_holds_the_separator_of_joined_lists():
    assert not [word for words in vocabulary().values() for word in words if SEPARATOR in str(word)]


def test_no_estimate_and_no_boolean_made_a_float():
    for name in TABLES:
        said = query(name).lower()
        assert "approx" not in said, name
        assert "quantile" not in said, name


def test_a_docstring_that_defines_nothing_is_refused():
    def half_said(declarations):
        """Numerator: everything."""
        return declarations

    with pytest.raises(ValueError, match="half_said: its docstring must say"):
        table("À demi", "Half")(half_said)
