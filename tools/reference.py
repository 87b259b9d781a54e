"""Write the pages of docs/reference that come from the code: `python -m tools.reference`. A test compares them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from tools.authority_page import authority_page
from tools.declarations_page import declarations_page
from tools.evidence_page import evidence_page
from tools.imports_page import imports_page
from tools.tables_page import tables_page
from vigie.cli.app import app
from vigie.journal import facts

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- Made from the code by `make reference`: change the code, not this page. -->\n"
CHAPTERS = {
    "cell": "The crisis cell", "systems": "The information system", "rebuild": "The restart",
    "care": "Care", "inquiry": "The inquiry and the law",
    "sector": "The sector: declarations, exchanges, support", "nodes": "The log itself",
}  # fmt: skip


def pages() -> dict[Path, str]:
    """Each page and what it should say."""
    return {
        REFERENCE / "facts.md": facts_page(),
        REFERENCE / "commands.md": commands_page(),
        REFERENCE / "authority.md": authority_page(MADE),
        REFERENCE / "tables.md": tables_page(MADE),
        REFERENCE / "declarations.md": declarations_page(MADE),
        REFERENCE / "imports.md": imports_page(MADE),
        REFERENCE / "evidence.md": evidence_page(MADE),
    }


def facts_page() -> str:
    """Every kind of fact, by chapter."""
    out = [
        "# Kinds of facts\n", MADE,
        "Everything that can be said in a journal. A fact is a JSON object with its `kind`; unknown fields are refused; what is",
        "empty or unknown is left out. Every fact may also carry `source`: where its author has it from.\n",
    ]  # fmt: skip
    for module, title in CHAPTERS.items():
        out.append(f"## {title}\n")
        for kind, model in facts.KINDS.items():
            if model.__module__.endswith(f".{module}"):
                out.append(f"### `{kind}`\n\n{inspect.getdoc(model)}\n\n{_fields(model.model_json_schema())}\n")
    return "\n".join(out).rstrip() + "\n"


def _fields(schema: dict[str, Any]) -> str:
    lines = ["| field | value | |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        if name not in ("kind", "source"):
            must = "required" if name in schema.get("required", ()) else ""
            lines.append(f"| `{name}` | {_value(field, schema.get('$defs', {}))} | {must} |")
    return "\n".join(lines)


def _value(field: dict[str, Any], defs: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_value(each, defs) for each in field["anyOf"] if each.get("type") != "null")
    if "$ref" in field:
        inner = defs[field["$ref"].rpartition("/")[2]]["properties"]
        return "object of " + ", ".join(f"`{name}`" for name in inner if name not in ("kind", "source"))
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        return "list of: " + _value(field["items"], defs)
    if field.get("format") == "date-time":
        return "instant with its time zone"
    if "pattern" in field:
        return "text like `" + field["pattern"].strip("^$").replace("|", "\\|") + "`"
    if field.get("type") == "integer":
        low, high = field.get("minimum"), field.get("maximum")
        return "whole number" + (f", {low} to {high}" if high is not None else "")
    if field.get("type") == "string":
        return f"text, {field['maxLength']} characters at most" if "maxLength" in field else "text"
    return {"boolean": "`true` or `false`", "object": "a fact"}.get(field.get("type", ""), "any")


def commands_page() -> str:
    """Every command, with its arguments and options."""
    out = ["# Commands\n", MADE, "Errors go to stderr as `error: ...` and give exit code 1; a wrong call gives 2.\n"]
    for path, command in _commands(typer.main.get_command(app), ("vigie",)):
        context = typer.Context(command)
        out.append(f"## {' '.join(path)}\n")
        out.append(f"{inspect.cleandoc(command.help or '')}\n")
        rows = [record for param in command.get_params(context) if (record := _parameter(param, context))]
        if rows:
            out.append("\n".join(["| argument or option | what |", "|---|---|", *rows]) + "\n")
    return "\n".join(out).rstrip() + "\n"


def _parameter(param: Any, context: Any) -> str:
    if param.name in ("help", "install_completion", "show_completion"):
        return ""
    name = ", ".join(param.opts) if param.param_type_name == "option" else (param.metavar or param.name).upper()
    what = (getattr(param, "help", "") or "").replace("|", "\\|")
    return f"| `{name}`".replace("|", "\\|").replace("\\|", "|", 1) + f" | {what} |"


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    names = command.list_commands(typer.Context(command)) if hasattr(command, "list_commands") else []
    if not names:
        yield path, command
    for name in names:
        yield from _commands(command.get_command(typer.Context(command), name), (*path, name))


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(REFERENCE.parents[1]))


if __name__ == "__main__":
    main()
