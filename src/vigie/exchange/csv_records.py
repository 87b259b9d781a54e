"""Records of a CSV as portals export it: encodings that change line by line, mangled headings, quotation marks left open."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from vigie.errors import FileError
from vigie.exchange.incoming import Found, Line, lines

SEPARATORS = (",", ";", "\t", "|")
# Bytes to which Windows-1252 gives no letter; they stay the control characters they are, so that no byte is lost.
_UNDEFINED = {chr(byte): byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_LETTER = [chr(byte) if chr(byte) in _UNDEFINED else bytes([byte]).decode("cp1252") for byte in range(256)]
# What UTF-8 looks like after somebody read it as Windows-1252: a lead byte, then one to three continuation bytes.
_TAIL = f"[{re.escape(''.join(_LETTER[0x80:0xC0]))}]"
_MOJIBAKE = re.compile(f"[Â-ß]{_TAIL}|[à-ï]{_TAIL}{{2}}|[ð-ô]{_TAIL}{{3}}")


class Record(NamedTuple):
    """One record: the line it begins on, its cells, and what is wrong with it ("" when nothing is; else `cells` is its text)."""

    line: int
    cells: list[str]
    fault: str = ""


class Sheet(NamedTuple):
    """A CSV: its headings as they are written, and its records, read as one asks for them."""

    headings: list[str]
    records: Iterator[Record]


def decoded(raw: bytes) -> str:
    """A line as text: UTF-8 when it is, else Windows-1252."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(_LETTER[byte] for byte in raw)


def repaired(text: str) -> str:
    """The text with UTF-8 that was read as Windows-1252 put right (`â€™` is an apostrophe), where it is UTF-8 for certain."""
    return text if text.isascii() else _MOJIBAKE.sub(_back, text)


def sheet(file: Found) -> Sheet:
    """Open a CSV. Raises FileError when it cannot be read, or holds nothing."""
    source = lines(file)
    first = next((line for line in source if line.text.strip()), None)
    if first is None:
        raise FileError(f"{file.path}: the file is empty. Download it again")
    heading = decoded(first.text)
    # These exports have commas; whoever opened and saved one in a spreadsheet may have changed that.
    separator = "," if heading.count(",") > 1 else max(SEPARATORS, key=heading.count)
    texts = _Texts(heading, source)
    reader = csv.reader(iter(texts), delimiter=separator)
    try:
        headings = next(reader)
    except csv.Error as error:
        raise FileError(
            f"{file.path}: its first line is no line of headings ({error}). Give the file as exported"
        ) from error
    return Sheet(headings, _records(reader, texts, separator, len(headings)))


def columns(
    found: Sequence[str], wanted: Mapping[str, Sequence[str]], required: Sequence[str], name: str
) -> dict[str, int]:
    """Where each wanted column stands; headings are compared without capitals, spaces and signs.

    `wanted` gives for each column the headings it is known under. Raises FileError on a required one that is missing, saying
    what was expected and what was found.
    """
    plain = [_plain(heading) for heading in found]
    places = {
        column: next(plain.index(_plain(alias)) for alias in aliases if _plain(alias) in plain)
        for column, aliases in wanted.items()
        if any(_plain(alias) in plain for alias in aliases)
    }
    missing = [wanted[column][0] for column in required if column not in places]
    if missing:
        shown = ", ".join(" ".join(heading.split()) or "(blank)" for heading in found)[:400]
        raise FileError(
            f"{name}: wrong columns. Expected {', '.join(missing)}; found {shown}. Give the file as exported"
        )
    return places


def _plain(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum())


class _Texts:
    """The lines of a file as text, for the csv module. `taken`: those of the record being read, with their numbers."""

    def __init__(self, first: str, source: Iterator[Line]) -> None:
        self._first, self._source = first, source
        self.taken: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[str]:
        yield f"{self._first}\n"
        for line in self._source:
            text = decoded(line.text)
            self.taken.append((line.number, text))
            yield f"{text}\n"


def _records(reader: Iterator[list[str]], texts: _Texts, separator: str, width: int) -> Iterator[Record]:
    """Each record. One that is not as wide as the headings may have swallowed others, behind a quotation mark that nobody
    closed: its lines are then read one by one, so that only the bad one is lost."""
    while True:
        texts.taken.clear()
        try:
            cells, fault = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], str(error)
        if len(cells) == width and not fault:
            if any(cell.strip() for cell in cells):
                yield Record(texts.taken[0][0], cells)
        else:
            yield from [one for taken in texts.taken for one in _alone(*taken, separator, width)]


def _alone(number: int, text: str, separator: str, width: int) -> Iterator[Record]:
    """The record of one line read by itself; none when the line is blank."""
    try:
        cells = next(csv.reader([text], delimiter=separator), [])
    except csv.Error as error:
        yield Record(number, [text], f"not readable as columns ({error})")
        return
    if len(cells) == width and any(cell.strip() for cell in cells):
        yield Record(number, cells)
    elif any(cell.strip() for cell in cells):
        yield Record(number, [text], f"{len(cells)} columns instead of {width}")


def _back(found: re.Match[str]) -> str:
    raw = bytes(_UNDEFINED.get(letter) or letter.encode("cp1252")[0] for letter in found.group())
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return found.group()
