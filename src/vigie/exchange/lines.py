"""YAML nodes that remember their line, from files that nobody vouches for.

Only what a person needs is read: mappings, sequences, text, whole numbers, true, false and null. Aliases and tags are
refused (they are how a small file becomes a huge one, or an object), and so are files that are large or deeply nested.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from vigie.errors import FileError

LARGEST_BYTES = 1_000_000
DEEPEST = 20
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]{0,20})")
_QUOTED = ("'", '"', "|", ">")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The C reader where it is built, the Python one elsewhere: same nodes."""


def tree(path: Path) -> Node:
    """The root node of a YAML file. Raises FileError where the file cannot be read, is not YAML, or is not plain."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}). Check its name and your rights") from None
    return parsed(raw, path.name)


def parsed(raw: bytes, name: str) -> Node:
    """The root node of YAML bytes; `name` is what messages call the file."""
    if len(raw) > LARGEST_BYTES:
        raise FileError(f"{name}: larger than {LARGEST_BYTES:,} bytes. Split it, or check that it is the right file")
    try:
        text = raw.decode("utf-8-sig")
        _refuse_tricks(text, name)
        root = yaml.compose(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        raise FileError(f"{name}, byte {error.start + 1}: not UTF-8 text. Save the file as UTF-8") from None
    except yaml.YAMLError as error:
        raise FileError(_explain(error, name)) from None
    if root is None:
        raise FileError(f"{name}: empty. Start from a file of examples/crises")
    return root


def line(node: Node) -> int:
    """The line of a node, counted from 1."""
    return node.start_mark.line + 1


def plain(node: Node) -> Any:
    """A node as Python values. A quoted scalar is text; a bare one may be a whole number, true, false or null."""
    if isinstance(node, MappingNode):
        return {plain(key) if isinstance(key, ScalarNode) else str(key): plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [plain(each) for each in node.value]
    text: str = node.value
    if node.style in _QUOTED:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return int(text.replace("_", "")) if _INTEGER.fullmatch(text) else text


def _refuse_tricks(text: str, name: str) -> None:
    """Walk the events, which costs no memory, before any node is made."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        where = f"{name}, line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FileError(f"{where}: aliases (& and *) are not read. Write the value out, or quote the text")
        if getattr(event, "tag", None):
            raise FileError(f"{where}: the tag {event.tag!r} is not read. Take it away, or quote the text")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise FileError(f"{where}: nested more than {DEEPEST} deep. Check the indentation and the brackets")


def _explain(error: yaml.YAMLError, name: str) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"{name}, line {mark.line + 1}" if mark else name
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    return f"{where}: {problem}. Check the indentation, the colons and the quotes near this line"
