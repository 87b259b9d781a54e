"""Words of the report: both languages have the same, and every table is defined in both."""

from __future__ import annotations

import re

from vigie.observe.report.revisions import REASONS
from vigie.observe.report.texts import DEFINED, french_definitions, layout, texts
from vigie.observe.tables import CHAPTERS, TABLES


def fields(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_both_languages_say_the_same_sentences():
    french, english = texts("fr"), texts("en")
    assert french.keys() == english.keys()
    assert [key for key in french if fields(french[key]) != fields(english[key])] == []
    assert all(isinstance(text, str) for each in (french, english) for text in each.values())


def test_every_table_is_defined_in_french():
    assert french_definitions().keys() == TABLES.keys()
    for name, said in french_definitions().items():
        assert set(said) == set(DEFINED) and all(said.values()), name


def test_every_column_chapter_and_reason_has_its_words():
    french = texts("fr")
    wanted = {f"chapter_{name}" for name in CHAPTERS} | {f"reason_{name}" for name in REASONS}
    for table in TABLES.values():
        wanted |= {f"dimension_{each.name}" for each in table.dimensions[1:]}
        wanted |= {f"measure_{each.name}" for each in table.measures}
    assert wanted <= french.keys(), sorted(wanted - french.keys())


def test_the_layout_names_tables_and_their_measures():
    for name, said in layout().items():
        assert name in TABLES
        assert set(said) <= {"plain", "data", "draw", "shape", "told_by"}
        assert said.get("told_by", name) in TABLES
        assert set(said.get("draw", ())) <= {each.name for each in TABLES[name].measures}
