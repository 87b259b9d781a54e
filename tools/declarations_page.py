"""The page docs/reference/declarations.md, from the columns and the vocabulary of `vigie.observe`."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.observe.columns import BIG, COLUMNS, INSTANT, LIST, REAL, TEXT, UNSAID, WHOLE, Column
from vigie.observe.vocabulary import vocabulary

TYPES = {
    TEXT: "text", WHOLE: "whole number, 32 bits", BIG: "whole number, 64 bits", REAL: "number",
    INSTANT: "instant, UTC without a zone", LIST: "list of texts",
}  # fmt: skip
CHAPTERS = {
    "declaration": "Which version of which declaration", "source": "Where it comes from", "establishment": "Who",
    "occurred_at": "When", "stage": "What", "data_impact": "Impact", "support_asked": "Help and authorities",
    "supplier_involved": "Causes", "actions": "The coding of community databases",
}  # fmt: skip
WORDS = """
One row is one version of one declaration: what this node knew of it from `known_from` until `known_until`. How versions come
about, which rows count and how the table of a past day is got back: [declarations](../background/declarations.md).

The table is a Parquet file. `not public`: the column names a hospital, a person or a free text, and never leaves in open data.
*When nobody has said* is what the cell holds then; it is never good news.
"""


def declarations_page(made: str) -> str:
    """The page, with `made` (where it comes from) under its title."""
    out = ["# The declarations table\n", made, WORDS.strip() + "\n"]
    for column in COLUMNS:
        if column.name in CHAPTERS:
            out += [
                f"\n## {CHAPTERS[column.name]}\n",
                "| column | type | what | when nobody has said | words | |",
                "|---|---|---|---|---|---|",
            ]
        out.append(_row(column))
    out.append("\n# Vocabulary\n")
    out.append("The words of the columns. A file that other programs read bears the word; people read its label.\n")
    for name in dict.fromkeys(column.words for column in COLUMNS if column.words):
        out += [*_list(name), ""]
    return "\n".join(out).rstrip() + "\n"


def _row(column: Column) -> str:
    words = f"[{column.words}](#{column.words})" if column.words else ""
    return (
        f"| `{column.name}` | {TYPES[column.type]} | {column.what} | {_unsaid(column)} | {words} |"
        f" {'' if column.public else 'not public'} |"
    )


def _unsaid(column: Column) -> str:
    """What the cell holds when nobody has said anything."""
    if column.null:
        return f"null: {column.null}"
    if column.type == LIST:
        return "empty list"
    value = UNSAID[column.name]
    return f"`{value}`" if value is not None else "always filled"


def _list(name: str) -> Iterator[str]:
    terms = vocabulary()[name]
    more = [key for key in ("group", "malicious", "rsit", "veris") if any(key in term for term in terms.values())]
    yield f"## {name}\n"
    yield "| " + " | ".join(["word", "French", "English", *more]) + " |"
    yield "|---" * (3 + len(more)) + "|"
    for word, term in terms.items():
        cells = [f"`{word}`", term["fr"], term.get("en", term["fr"]), *(str(term.get(key, "")) for key in more)]
        yield "| " + " | ".join(cells) + " |"
