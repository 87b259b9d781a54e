"""docs/reference/tables.md, from the definitions of the tables."""

from __future__ import annotations

from vigie.observe.table import Measure
from vigie.observe.tables import CHAPTERS, TABLES
from vigie.observe.tables.prepared import WORDS
from vigie.observe.vocabulary import vocabulary

HEAD = """\
`vigie observe tables` computes them, `vigie observe list` names them. Every table begins with `year`: one year is a slice of all.

A declaration counts when it is no duplicate, is not out of scope, is an incident, and belongs to the realm asked for (`real`
unless said). *Those of every table* means these exclusions. `unknown` is always a row of its own, and a denominator says
whether it holds it. A word of a short list that did not occur has a row of 0; a share of nothing is null, never 0.

A **count** is a number of declarations or structures. A **share** is a count over another of the same row, between 0 and 1.
A **value** is neither: a median, a mean, a sum.
"""


def tables_page(made: str) -> str:
    """Every table by chapter, then the words that are made for the tables."""
    out = ["# Tables\n", made, HEAD]
    chapter = ""
    for table in TABLES.values():
        if table.chapter != chapter:
            chapter = table.chapter
            out.append(f"## {CHAPTERS[chapter]['en']}\n")
        dimensions = ", ".join(f"`{dimension.name}`" for dimension in table.dimensions)
        measures = ", ".join(_measure(measure) for measure in table.measures)
        out.append(
            f"### `{table.name}`\n\n{table.title['en']} ({table.title['fr']}).\n\n"
            f"- **by** {dimensions}: {measures}\n- **numerator** {table.numerator}\n"
            f"- **denominator** {table.denominator}\n- **exclusions** {table.exclusions}\n"
        )
    out.append("## Words made for the tables\n\nThe others are those of the declarations table.\n")
    lists = sorted({words for name, words in WORDS.items() if name.endswith("_class") or name in _MADE})
    for words in lists:
        terms = "; ".join(f"`{term}` {said['en']}" for term, said in vocabulary()[words].items())
        out.append(f"- `{words}`: {terms}")
    return "\n".join(out).rstrip() + "\n"


_MADE = ("perimeter", "half_year", "structure_group", "any_data_impact", "cause_size")


def _measure(measure: Measure) -> str:
    said = f"`{measure.name}` ({measure.kind}"
    return f"{said} of `{measure.of}` over `{measure.over}`)" if measure.kind == "share" else f"{said})"
