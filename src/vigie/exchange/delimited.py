"""Delimited tables of French administrations, as they come: gzip or not, UTF-8 or Windows-1252, `;` or `,`, any capitals."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from vigie.errors import FileError
from vigie.exchange.incoming import Found, document

SEPARATORS = ";,\t|"


class Delimited(NamedTuple):
    """A table: its headings as written, its rows as lists of texts with their line, and the SHA-256 of its content."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]
    digest: str

    def place(self, names: Sequence[str]) -> int | None:
        """The position of the first of these names that is a heading, whatever the capitals; None: none of them is."""
        known = {heading.strip().casefold(): place for place, heading in reversed(list(enumerate(self.headings)))}
        return next((known[name.casefold()] for name in names if name.casefold() in known), None)

    def places(self, columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """The position of each column, looked up under its known names. Raises FileError that names all that are missing."""
        found = {column: self.place(names) for column, names in columns.items()}
        if missing := [column for column, place in found.items() if place is None]:
            known = "; ".join(
                f"{column.replace('_', ' ')} (known as {', '.join(columns[column])})" for column in missing
            )
            raise FileError(
                f"{self.name}: no column for {known}. Its headings are {', '.join(self.headings)[:400]}. If one of them is"
                f" meant, add its name to the list of known names"
            )
        return {column: place for column, place in found.items() if place is not None}


def read(file: Found) -> Delimited:
    """The table in a file. Raises FileError when it is unreadable or has no heading."""
    content = document(file)
    text = decoded(content)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    rows = list(_rows(text, separator))
    if not rows or separator not in first:
        raise FileError(
            f"{file.name}: no table with a line of headings and a separator. Give the file as it was published"
        )
    return Delimited(file.name, tuple(rows[0][1]), tuple(rows[1:]), sha256(content).hexdigest())


def decoded(content: bytes) -> str:
    """UTF-8 where it is, else Windows-1252, which reads any byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, each with the number of its last line."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    for row in reader:
        if any(row):
            yield reader.line_num, row
