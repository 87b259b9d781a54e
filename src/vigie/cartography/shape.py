"""What pydantic says, in words that name the fault and its remedy to somebody who writes a map by hand."""

from __future__ import annotations

import re
import types
import typing
import unicodedata
from typing import Any

from pydantic import BaseModel

from vigie.cartography.vocabulary import nearest

# Pydantic's name of a fault: (what, what would mend it). `{value}` is what the file says, the rest is pydantic's context.
WORDS = {
    "missing": ("{field} is missing", "Add it"),
    "int_parsing": (
        '{field} is "{value}", not a whole number',
        "Write digits only, without a unit; leave it out if unknown",
    ),
    "int_from_float": ("{field} is {value}, not a whole number", "Round it"),
    "float_parsing": (
        '{field} is "{value}", not a number',
        "Write digits with a point for decimals (0.4), without a unit; leave it out if unknown",
    ),
    "bool_parsing": ('{field} is "{value}", neither true nor false', "Write true or false; leave it out if unknown"),
    "greater_than_equal": ("{field} is {value}, below {ge}", "It cannot be negative; leave it out if unknown"),
    "less_than_equal": ("{field} is {value}, above {le}", "Check the unit; leave it out if unknown"),
    "finite_number": ("{field} is {value}, not a finite number", "Leave it out if unknown"),
    "not_a_day": ('{field} is "{value}", not a date', "Write it as year-month-day: 2026-03-15"),
    "string_too_short": ("{field} is empty", "Write it"),
    "string_too_long": ("{field} is longer than {max_length} characters", "Shorten it"),
    "too_short": (
        "{field} holds {actual_length} values, not {min_length}",
        "One for each day of the week, Monday first",
    ),
    "too_long": (
        "{field} holds {actual_length} values, not {max_length}",
        "One for each day of the week, Monday first",
    ),
    "not_printable": ("{field} holds a control character", "Type it again: it was probably pasted from elsewhere"),
    "string_type": ("{field} is not a text", "Write one text on this line"),
    "tuple_type": ("{field} is not a list", "Write it between brackets: [a, b]"),
    "model_type": ("{field} is not a group of fields", "Write its fields below it, each as `name: value`"),
}


def explain(fault: Any, kind: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and what would mend it, for one of `ValidationError.errors()` raised by `kind`."""
    field = next((str(step) for step in reversed(fault["loc"]) if isinstance(step, str)), "the item")
    value, name = fault.get("input"), fault["type"]
    if name == "extra_forbidden":
        known = _fields(kind, fault["loc"][:-1])
        return f'"{field}" is not a field here', nearest(field, known) or f"Fields are {', '.join(known)}"
    if name == "unknown_term":
        return f'{field} is "{value}", which is not in the vocabulary', fault["ctx"]["hint"]
    if name == "string_pattern_mismatch":
        return _pattern(field, str(value))
    if field == "share_kept" and name in ("greater_than_equal", "less_than_equal"):
        return f"share_kept is {value}, outside 0 to 1", "0 keeps nothing, 1 keeps all: write 40 % as 0.4"
    what, mend = WORDS.get(name, ("{field} is not accepted (" + fault["msg"] + ")", "Look it up in docs/howto"))
    words = {**fault.get("ctx", {}), "field": field, "value": _short(value)}
    return what.format_map(words), mend.format_map(words)


def slug(text: str) -> str:
    """A legal id made from a text: `Réseau cœur` becomes `reseau-coeur`; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae"))
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:64].strip("-")


def _pattern(field: str, value: str) -> tuple[str, str]:
    if field.startswith("finess"):
        said = f"{field} is {_short(value)!r}, not a FINESS number"
        return said, "A FINESS number has nine characters: nine digits (or 2A, 2B first, for Corsica), zeros included"
    example = slug(value)
    return (
        f"{field} is {_short(value)!r}, not a legal id",
        "Ids are lower-case letters without accents, digits and hyphens"
        + (f", for example {example}" if example else ""),
    )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _fields(kind: type[BaseModel], steps: tuple[str | int, ...]) -> list[str]:
    """The names of the fields that stand at a path below a model."""
    for step in steps:
        if isinstance(step, str) and step in kind.model_fields:
            kind = _model_in(kind.model_fields[step].annotation) or kind
    return list(kind.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside `Model | None` or `tuple[Model, ...]`."""
    if (
        isinstance(annotation, type)
        and not isinstance(annotation, types.GenericAlias)
        and issubclass(annotation, BaseModel)
    ):
        return annotation
    found = (_model_in(inner) for inner in typing.get_args(annotation))
    return next((model for model in found if model), None)
