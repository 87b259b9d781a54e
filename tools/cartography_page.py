"""Write docs/reference/cartography.md, the fields and words of a map: `python -m tools.cartography_page`. A test compares it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from vigie.cartography import Cartography, vocabulary
from vigie.cartography import model as parts
from vigie.cartography.sheets import SHEETS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "cartography.md"
MADE = "<!-- Made from the code by `python -m tools.cartography_page`: change the code, not this page. -->\n"
SHOWN = (
    "Cartography",
    "Establishment",
    "Supplier",
    "Hds",
    "Application",
    "Degradation",
    "Effort",
    "Backup",
    "CareService",
    "Need",
    "Team",
)


def cartography_page() -> str:
    """The page as it should be."""
    definitions = Cartography.model_json_schema()["$defs"] | {"Cartography": Cartography.model_json_schema()}
    out = [
        "# The cartography file\n", MADE,
        "A map is one YAML file or one workbook; [Describe your hospital](../howto/describe-your-hospital.md) says how to begin.",
        "Unknown fields are refused, and what is left out is unknown. Ids are lower-case letters without accents, digits and",
        "hyphens; dates are `2026-03-15`. In YAML each value is read as it was typed: `no` is a text where a text is wanted.",
        "Anchors and aliases are refused.\n",
        "## Fields\n",
    ]  # fmt: skip
    for name in SHOWN:
        out.append(f"### {name}\n\n{inspect.getdoc(getattr(parts, name))}\n\n{_fields(definitions[name])}\n")
    out += ["## Sheets of the workbook\n", "| sheet | columns |", "|---|---|"]
    out += [f"| {sheet.title} | {', '.join(f'`{column.id}`' for column in sheet.columns)} |" for sheet in SHEETS]
    out.append("\n## Words\n")
    for name, terms in vocabulary().items():
        out += [f"### `{name}`\n", "| word | French | English |", "|---|---|---|"]
        out += [f"| `{term}` | {words['fr']} | {words['en']} |" for term, words in terms.items()] + [""]
    return "\n".join(out).rstrip() + "\n"


def _fields(schema: dict[str, Any]) -> str:
    lines = ["| field | value | |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        lines.append(f"| `{name}` | {_value(field)} | {'required' if name in schema.get('required', ()) else ''} |")
    return "\n".join(lines)


def _value(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_value(each) for each in field["anyOf"] if each.get("type") != "null")
    if "$ref" in field:
        return field["$ref"].rpartition("/")[2]
    if "vocabulary" in field:
        return f"a word of [`{field['vocabulary']}`](#{field['vocabulary']})"
    if field.get("type") == "array":
        return f"list of {_value(field['items'])}".replace("list of a word", "words")
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    kind = "date" if field.get("format") == "date" else words[field["type"]]
    bounds = f", {field['minimum']:g} to {field['maximum']:,g}" if "maximum" in field and "minimum" in field else ""
    longest = f", at most {field['maxLength']:,} characters" if "maxLength" in field else ""
    return kind + bounds + longest


if __name__ == "__main__":
    PAGE.write_text(cartography_page(), encoding="utf-8")
