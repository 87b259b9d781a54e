"""A cartography as one YAML file, read so that every fault is named with its line.

The file is read as nested texts: `no`, `010780054` and `12:30` stay what somebody typed, and the model says what they must be
(plain YAML would make them false, an octal number and 750). Aliases are refused: they hide what a line says, and a few of them
are enough to fill a memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

import yaml

from vigie.cartography import workbook_reading
from vigie.cartography.model import Cartography
from vigie.cartography.reading import SECTIONS, Reading, understand
from vigie.cartography.tree import Path, Tree
from vigie.errors import CartographyErrors, FileError

SIZE_LIMIT = 8_000_000  # bytes; a map of a university hospital takes about one million
DEPTH_LIMIT = 20
ZIP = b"PK\x03\x04"
NOTHING = {"", "~", "null", "Null", "NULL"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where the C library is there


def load(path: FilePath) -> Cartography:
    """Read a YAML file or a workbook. Raises FileError where it is neither, CartographyErrors with all the faults."""
    reading = read(path_bytes(path), path.name)
    if reading.cartography is None:
        raise CartographyErrors(reading.errors)
    return reading.cartography


def reference_bytes() -> bytes:
    """The file of the fictional hospital that comes with Vigie."""
    return (resources.files("vigie.cartography") / "data" / "reference_hospital.yaml").read_bytes()


def reference_hospital() -> Cartography:
    """The fictional hospital that comes with Vigie: about 500 beds, three sites."""
    reading = read(reference_bytes(), "reference_hospital.yaml")
    if reading.cartography is None:
        raise CartographyErrors(reading.errors)
    return reading.cartography


def path_bytes(path: FilePath) -> bytes:
    """The content of a file. Raises FileError where it cannot be read or is too large."""
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise FileError(
                f"{path.name}: larger than {SIZE_LIMIT:,} bytes. A cartography is far smaller: is it this file?"
            )
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}. Check the name and the rights of the file") from error


def read(content: bytes, name: str, today: date | None = None) -> Reading:
    """Read the bytes of a YAML file or workbook: the cartography, or None, with every error and warning.

    Expiry dates are compared with `today` where it is given. Raises FileError on what is neither format.
    """
    if len(content) > SIZE_LIMIT:
        raise FileError(f"{name}: larger than {SIZE_LIMIT:,} bytes. A cartography is far smaller: is it this file?")
    if content.startswith(ZIP):
        return understand(workbook_reading.tree_of(content, name), today)
    return understand(tree_of(content, name), today)


def tree_of(content: bytes, name: str) -> Tree:
    """The content of a YAML file, with lines. Raises FileError where it cannot be read at all."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{name}, byte {error.start}: not UTF-8 text. Give a YAML file saved as UTF-8, or an .xlsx workbook"
        ) from error
    if not text.strip():
        raise FileError(f"{name}: the file is empty. Start from `vigie cartography template -o FILE.xlsx`")
    try:
        return _Builder(name).build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise FileError(
            f"{name}{line}: not readable as YAML ({error.problem or error.context}). "
            "Look for a missing quote, bracket or indent on this line or just above; the file may also be cut short"
        ) from error
    except yaml.YAMLError as error:
        raise FileError(f"{name}: not readable as YAML ({error}). Save it again as UTF-8 text") from error


class _Builder:
    """Turns YAML events into a Tree; one frame a nesting level, so no file can exhaust the stack."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[Path, str] = {}
        self.faults: list[tuple[Path, str, str]] = []

    def build(self, events: Iterator[yaml.Event]) -> Tree:
        content: Any = None
        for event in events:
            if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.AliasEvent)):
                content = self._value(event, events, ())
        return Tree(self.name, content, self.places, tuple(self.faults))

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Any:
        line = event.start_mark.line + 1
        self.places.setdefault(path, f"line {line}")
        if isinstance(event, yaml.AliasEvent):
            self.faults.append((path, f"the alias *{event.anchor} is not accepted", "Write the value out in full"))
            return None
        if isinstance(event, yaml.ScalarEvent):
            return None if event.style is None and event.value in NOTHING else event.value
        if len(path) >= DEPTH_LIMIT:
            raise FileError(
                f"{self.name}, line {line}: nested deeper than {DEPTH_LIMIT} levels. This is not a cartography"
            )
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _sequence(self, events: Iterator[yaml.Event], path: Path) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: Path) -> dict[str, Any]:
        items: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise FileError(
                    f"{self.name}, line {line}: a key must be a plain word. Look at the brackets of this line"
                )
            key = event.value
            again = (*path, key) in self.places
            if again:
                before = self.places[(*path, key)]
                self.faults.append(
                    ((*path, key, line), f'"{key}" is written twice (also {before})', "Keep one of the two")
                )
                self.places[(*path, key, line)] = f"line {line}"
            self.places.setdefault((*path, key), f"line {line}")
            value = self._value(next(events), events, (*path, key))
            if not again and value is not None:  # an empty value is an unknown one
                items[key] = value
        return items


def dump(cartography: Cartography) -> str:
    """The cartography as YAML text that `load` reads back equal; what is at its default is left out."""
    content = cartography.model_dump(exclude_defaults=True)
    parts = [_yaml({key: value for key, value in content.items() if key not in SECTIONS})]
    for section in SECTIONS:
        if items := content.get(section):
            parts += [f"{section}:\n", *(f"{_yaml([item])}" for item in items)]
    return "\n".join(parts)


def _yaml(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=116)
    return text if isinstance(value, dict) else "".join(f"  {line}" for line in text.splitlines(keepends=True))


class _Dumper(yaml.SafeDumper):
    """Writes as a person would: short lists and small groups on one line, 48 rather than 48.0, list items indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_items(self, items: tuple[Any, ...]) -> yaml.Node:
        plain = all(not isinstance(item, dict) for item in items)
        return self.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=plain)

    def represent_group(self, group: dict[str, Any]) -> yaml.Node:
        flat = all(not isinstance(value, (dict, tuple)) for value in group.values())
        short = sum(len(str(key)) + len(str(value)) + 4 for key, value in group.items()) < 100
        small = flat and short and "id" not in group and "name" not in group
        return self.represent_mapping("tag:yaml.org,2002:map", group, flow_style=small)

    def represent_number(self, number: float) -> yaml.Node:
        return self.represent_int(int(number)) if number.is_integer() else self.represent_float(number)


_Dumper.add_representer(tuple, _Dumper.represent_items)
_Dumper.add_representer(dict, _Dumper.represent_group)
_Dumper.add_representer(float, _Dumper.represent_number)
