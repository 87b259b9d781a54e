"""Import of VERIS incidents (schemas 1.3.3 to 1.4.1; http://veriscommunity.net): JSON, JSON lines, folders, gzip.

A file holds one incident, a list of them, or one a line. The record is kept whole, as JSON with sorted keys, so that
exporting gives the same record back; `veris_mapping` says what becomes of it in the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from json.encoder import JSONEncoder
from pathlib import Path
from typing import Any, NamedTuple

from vigie.exchange.importing import KeptAside, Mapped, Reader
from vigie.exchange.incoming import Found, Line, document, find, lines
from vigie.exchange.veris_mapping import values
from vigie.observe.columns import UNSAID
from vigie.observe.rows import naive

SOURCE = "veris"
# What an incident has in every version of the schema, and other JSON has not.
PARTS = ("action", "actor", "attribute", "asset", "victim", "timeline")
EXCERPT_CHARACTERS = 4_096
DEPTH = 200


def read(paths: Sequence[Path], now: datetime) -> Iterator[Mapped | KeptAside]:
    """Each incident of these files, in order: a row, or kept aside with its reason. Raises FileError."""
    seen: dict[str, _Seen] = {}
    instant = naive(now)
    for file in find(paths, (".json", ".jsonl", ".ndjson")):
        for text, place in _values(file):
            if isinstance(text, _Broken):
                yield KeptAside(SOURCE, place, text.reason, text.detail, text.record)
            else:
                yield _incident(text, place, seen, instant)


READER = Reader(SOURCE, "VERIS incidents, for example the VERIS Community Database", read)


class _Seen(NamedTuple):
    place: str
    digest: str


class _Broken(NamedTuple):
    reason: str
    detail: str
    record: str


def _incident(found: Any, place: str, seen: dict[str, _Seen], now: datetime) -> Mapped | KeptAside:
    try:
        record = _ENCODER.encode(found)
        digest = sha256(record.encode()).hexdigest()
        _check_depth(record, found)
    except (ValueError, RecursionError) as error:
        return KeptAside(
            SOURCE,
            place,
            "not JSON",
            f"no JSON that other programs read ({_short(error)})",
            str(found)[:EXCERPT_CHARACTERS],
        )
    if not isinstance(found, dict) or not any(part in found for part in PARTS):
        return KeptAside(SOURCE, place, "not an incident", f"not a VERIS incident: none of {', '.join(PARTS)}", record)
    key = found.get("incident_id")
    if not isinstance(key, str) or not key.strip():
        return KeptAside(
            SOURCE, place, "no incident_id", "an incident without incident_id cannot be told from others", record
        )
    mine = _Seen(place, digest)
    first = seen.setdefault(key, mine)
    if first is not mine:
        like = "and the same content" if first.digest == digest else "but other content"
        return KeptAside(SOURCE, place, "same incident_id", f"same incident_id as {first.place}, {like}", record)
    return Mapped(_row(found, key, mine, record, now))


def _row(found: dict[str, Any], key: str, mine: _Seen, record: str, now: datetime) -> dict[str, Any]:
    name = f"{SOURCE}:{key}"
    # Names and types are ours, and instants have no zone: `row(...)` would only check that, at a tenth of the price of all.
    return {
        **UNSAID,
        "declaration": name,
        "incident": name,
        "source": SOURCE,
        "source_key": key,
        "source_place": mine.place,
        "source_digest": mine.digest,
        "record": record,
        "known_from": now,
        "recorded_at": now,
        **values(found),
    }


def _values(file: Found) -> Iterator[tuple[Any, str]]:
    """Each JSON value of a file with its place; a _Broken where there is none.

    A file is one value a line when its first line is a whole value, or its name says so; else it is one document.
    """
    said = file.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson"))
    source = lines(file)
    first = next((line for line in source if line.text.strip()), None)
    if first is None:
        return
    value = _line(first)
    if not said and isinstance(value, _Broken):
        source.close()
        yield from _document(file)
        return
    yield from _each(value, f"{file.name}:{first.number}")
    for line in source:
        if line.text and not line.text.isspace():
            yield from _each(_line(line), f"{file.name}:{line.number}")


def _each(value: Any, place: str) -> Iterator[tuple[Any, str]]:
    """A line holds an incident, or a list of them: then each has its rank in its place."""
    if isinstance(value, list):
        yield from ((each, f"{place}, item {rank}") for rank, each in enumerate(value, start=1))
    else:
        yield value, place


def _line(line: Line) -> Any:
    if not line.whole:
        text = line.text[:EXCERPT_CHARACTERS].decode("utf-8", "backslashreplace")
        return _Broken(
            "too long", f"a line of more than {len(line.text) - 1:,} bytes; only its beginning is kept", text
        )
    try:
        return _DECODER.decode(line.text.decode())
    except (ValueError, RecursionError) as error:
        text = line.text.decode("utf-8", "backslashreplace")
        return _Broken("not JSON", f"not JSON ({_short(error)})", text)


def _document(file: Found) -> Iterator[tuple[Any, str]]:
    """The incidents of one JSON document, each with the line it begins on: an object, a list, or objects one after another."""
    try:
        text = document(file).decode()
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        yield _Broken("not UTF-8", f"not UTF-8 at byte {error.start + 1:,}", ""), f"{file.name}:{number}"
        return
    position, number, counted = _past_blanks(text, 0), 1, 0
    listed = text[position : position + 1] == "["
    position = _past_blanks(text, position + 1) if listed else position
    while position < len(text) and not (listed and text[position] == "]"):
        number, counted = number + text.count("\n", counted, position), position
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            at = text.count("\n", 0, error.pos) + 1 if isinstance(error, json.JSONDecodeError) else number
            what = f"not JSON ({_short(error)}); nothing after it could be read"
            yield _Broken("not JSON", what, text[position : position + EXCERPT_CHARACTERS]), f"{file.name}:{at}"
            return
        yield value, f"{file.name}:{number}"
        position = _past_blanks(text, position)
        if listed and text[position : position + 1] == ",":
            position = _past_blanks(text, position + 1)
    if listed and position >= len(text):
        yield _Broken("not JSON", "not JSON (the list has no end): the file is cut short", ""), f"{file.name}:{number}"


def _past_blanks(text: str, position: int) -> int:
    while text[position : position + 1] in (" ", "\t", "\r", "\n"):
        position += 1
    return position


def _check_depth(record: str, found: Any) -> None:
    """Raises ValueError when the value is nested deeper than other programs read."""
    if record.count("{") + record.count("[") <= DEPTH:
        return
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > DEPTH:
            raise ValueError(f"nested deeper than {DEPTH} levels")
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for values_ in inner for each in values_ if isinstance(each, (dict, list))]


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _short(error: BaseException) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, column {error.colno:,}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:120]


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
# What was read from JSON holds no cycle: looking for one would cost a quarter of the writing.
_ENCODER = JSONEncoder(check_circular=False, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
