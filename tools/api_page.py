"""docs/reference/api.md from the API's own description: `python -m tools.api_page`. A test compares the two."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "api.md"
HEAD = """# The API

<!-- Made from the code by `python -m tools.api_page`: change the code, not this page. -->

The same journal, for programs, under `/api/`. The node serves this description at `/api/docs`, to be tried there, and as
OpenAPI at `/api/openapi.json`. How to begin: [use the API](../howto/use-the-api.md).

Every request carries `Authorization: Bearer vigie_...`. Every error is `{"error", "where", "mend"}` and changes nothing:
400 the body is not JSON, 401 no good token, 403 a scope or a role is missing, 404 no such thing for this token, 409 the
idempotency key was used for something else, 413 too large, 422 malformed, 503 busy or the disk refused (with
`Retry-After`; send the same request again, with the same key).
"""


def page(schema: dict[str, Any]) -> str:
    """The page for an OpenAPI description."""
    parts = [HEAD]
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            parts.append("\n".join(_operation(verb.upper(), path, operation)))
    parts.append("## What comes back, and what goes in\n")
    for name, shape in sorted(schema["components"]["schemas"].items()):
        if name.endswith(("In", "Out")):
            parts.append("\n".join(_shape(name, shape)))
    return "\n".join(parts).rstrip() + "\n"


def _operation(verb: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"## {verb} {path}\n"
    yield f"{operation.get('description', operation['summary'])}\n"
    parameters = operation.get("parameters", ())
    if parameters:
        yield "| parameter | in | value | |\n|---|---|---|---|"
        for one in parameters:
            must = "required" if one.get("required") else ""
            said = one["schema"].get("description") or one.get("description", "")
            note = ", ".join(part for part in (must, said) if part)
            yield f"| `{one['name']}` | {one['in']} | {_value(one['schema'])} | {note} |"
        yield ""
    answers = (f"{code} {_value(_content(answer))}".strip() for code, answer in operation["responses"].items())
    yield f"Answers: {', '.join(answers)}.\n"


def _content(answer: dict[str, Any]) -> dict[str, Any]:
    return next(iter(answer.get("content", {}).values()), {}).get("schema", {})


def _shape(name: str, shape: dict[str, Any]) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{' '.join(shape.get('description', '').split())}\n"
    yield "| field | value | |\n|---|---|---|"
    for field, value in shape["properties"].items():
        yield f"| `{field}` | {_value(value)} | {'required' if field in shape.get('required', ()) else ''} |"
    yield ""


def _value(value: dict[str, Any]) -> str:
    if "$ref" in value:
        return value["$ref"].rpartition("/")[2]
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_value(one) for one in value["anyOf"]))
    if "oneOf" in value:
        return "a [fact](facts.md)"
    if "enum" in value:
        return ", ".join(f"`{one}`" for one in value["enum"])
    if value.get("type") == "array":
        return f"list of {_value(value['items'])}"
    words = {"date-time": "instant", "binary": "bytes"}
    return words.get(value.get("format", ""), value.get("type", "any"))


def described() -> dict[str, Any]:
    """The API's description, as the server gives it."""
    from vigie.web.api.routes import api

    return api.get_openapi_schema(path_prefix="/api/")


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(VIGIE_DATA=folder, DJANGO_SETTINGS_MODULE="vigie.web.settings")
        import django

        django.setup()
        PAGE.write_text(page(described()), encoding="utf-8")


if __name__ == "__main__":
    main()
