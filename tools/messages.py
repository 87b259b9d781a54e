"""The texts of the interface: found in templates and Python, kept in catalogues, compiled.

    python -m tools.messages            bring the catalogues up to date and compile them; lists what has no English yet

Texts are written in French in the source, with the apostrophes and spaces of a keyboard. The French catalogue holds the
same texts with those of a printer (’ and the spaces that do not break), and is made by this program alone. The English
one is written by hand in `locale/en/LC_MESSAGES/django.po`.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).resolve().parents[1] / "src" / "vigie" / "web"
LOCALE = WEB / "locale"
CALLS = {
    "_": (0, None, None), "gettext": (0, None, None), "gettext_lazy": (0, None, None),
    "ngettext": (0, 1, None), "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0), "pgettext_lazy": (1, None, 0),
}  # fmt: skip
_SIMPLE = re.compile(
    r"""{%-?\s*(?:translate|trans)\s+(?P<quote>["'])(?P<text>.*?)(?P=quote)(?P<rest>[^%]*)%}""", re.DOTALL
)
_CONTEXT = re.compile(r"""context\s+(["'])(.*?)\1""")
_BLOCK = re.compile(
    r"{%-?\s*blocktrans(?:late)?\b(?P<options>.*?)%}(?P<text>.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL
)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")
_UNITS = "h|j|min|d|ko|Mo|Go|To|kB|MB|GB|TB|%%"


# The compiled form must not change with the day it was made on.
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)


class Message(NamedTuple):
    """One text: its singular, its plural or '', its context or ''."""

    text: str
    plural: str = ""
    context: str = ""


def messages() -> dict[Message, list[str]]:
    """Every text of the web rooms, with the files that use it."""
    found: dict[Message, list[str]] = {}
    for path in sorted(WEB.rglob("*")):
        if path.suffix == ".html":
            texts = in_template(path.read_text(encoding="utf-8"))
        elif path.suffix == ".py":
            texts = in_python(path.read_text(encoding="utf-8"))
        else:
            continue
        for message in texts:
            places = found.setdefault(message, [])
            if (place := path.relative_to(WEB).as_posix()) not in places:
                places.append(place)
    return found


def in_template(source: str) -> Iterator[Message]:
    """The texts of a template."""
    for match in _SIMPLE.finditer(source):
        context = _CONTEXT.search(match["rest"])
        yield Message(match["text"].replace("%", "%%"), "", context[2] if context else "")
    for match in _BLOCK.finditer(source):
        context = _CONTEXT.search(match["options"])
        parts = [_block_text(part, "trimmed" in match["options"]) for part in _PLURAL.split(match["text"])]
        yield Message(parts[0], parts[1] if len(parts) > 1 else "", context[2] if context else "")


def in_python(source: str) -> Iterator[Message]:
    """The texts of a module: literal arguments of gettext's functions."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        if name not in CALLS:
            continue
        places = CALLS[name]
        values = [_literal(node.args, place) for place in places]
        if values[0] is not None:
            yield Message(values[0], values[1] or "", values[2] or "")


def typographic(text: str) -> str:
    """French as printers set it: curly apostrophes, and spaces that do not break before what must not start a line."""
    text = re.sub(r"(?<=\w)'(?=\w)", "\u2019", text)
    text = re.sub(r"(?<=l|d|n|s|c|j|m|t)'(?=[%«{])", "\u2019", text)
    text = text.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace("...", "…")
    text = re.sub(r" (?=:(?:\s|$))", "\u00a0", text)
    text = re.sub(r" (?=[;!?](?:\s|$|\u00a0))", "\u202f", text)
    return unbroken(text)


def unbroken(text: str) -> str:
    """A number and its unit stay on one line."""
    return re.sub(rf"(\)\d*[sd]|\d) (?=(?:{_UNITS})(?![\w'\u2019]))", "\\1\u00a0", text)


def update(language: str, found: dict[Message, list[str]]) -> Catalog:
    """The catalogue of a language with exactly the texts that are in use, the translations it had, sorted by text."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    known = _read(path, language)
    fresh = Catalog(
        locale=language, project="vigie", charset="utf-8", header_comment="# Texts of Vigie, see tools/messages.py."
    )
    for message in sorted(found):
        identity = (message.text, message.plural) if message.plural else message.text
        if language == "fr":
            string = (
                (typographic(message.text), typographic(message.plural))
                if message.plural
                else typographic(message.text)
            )
        else:
            old = known.get(message.text, message.context or None)
            string = old.string if old and _same_shape(old.string, message) else ""
            string = tuple(map(unbroken, string)) if isinstance(string, tuple) else unbroken(string)
        flags = {"python-format"} if "%(" in message.text else set()
        # No places: a text that moves from one file to another is still the same text.
        fresh.add(identity, string, context=message.context or None, flags=flags)
    return fresh


def missing(catalog: Catalog) -> list[str]:
    """The texts of a catalogue that have no translation."""
    return [str(message.id) for message in catalog if message.id and not _whole(message.string)]


def save(language: str, catalog: Catalog) -> None:
    """Write a catalogue and its compiled form."""
    folder = LOCALE / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_bytes(po_bytes(catalog))
    (folder / "django.mo").write_bytes(mo_bytes(catalog))


def po_bytes(catalog: Catalog) -> bytes:
    """The catalogue as text, without dates: the same texts always make the same file."""
    written = io.BytesIO()
    write_po(written, catalog, width=120, omit_header=False, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if "-Date:" not in line and "Generated-By" not in line).encode()


def mo_bytes(catalog: Catalog) -> bytes:
    """The catalogue as programs read it."""
    plain = read_po(io.BytesIO(po_bytes(catalog)), locale=catalog.locale)
    plain.creation_date = plain.revision_date = UNDATED
    written = io.BytesIO()
    write_mo(written, plain)
    return written.getvalue()


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _block_text(text: str, trimmed: bool) -> str:
    text = _VARIABLE.sub(r"%(\1)s", text.replace("%", "%%"))
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


def _literal(arguments: list[ast.expr], place: int | None) -> str | None:
    if place is None or place >= len(arguments):
        return None
    value = arguments[place]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _same_shape(string: object, message: Message) -> bool:
    return isinstance(string, (tuple, list)) == bool(message.plural)


def _whole(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def main() -> int:
    found = messages()
    lacking: list[str] = []
    for language in ("fr", "en"):
        catalog = update(language, found)
        save(language, catalog)
        lacking += missing(catalog) if language == "en" else []
    print(f"{len(found)} texts, {len(lacking)} without English")
    print("\n".join(f"  {text}" for text in lacking))
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
