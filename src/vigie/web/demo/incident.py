"""The incident of the demonstration, read from its file and set in time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from importlib import resources
from typing import Any, NamedTuple

import yaml

from vigie.errors import FileError
from vigie.journal import Draft
from vigie.journal.facts import iso, parse

LENGTH = timedelta(hours=9)
OFFSET = re.compile(r"^(?:T([+-]))?(\d+):(\d\d)$")


class Step(NamedTuple):
    """One entry and the instant at which its author wrote it."""

    wrote_at: datetime
    draft: Draft


def steps(start: datetime, roles: dict[str, str]) -> list[Step]:
    """The entries of the incident in the order of writing, as if the first screen went black at `start`.

    `roles` gives the role of each author.
    """
    file = resources.files("vigie.web.demo") / "incident.yaml"
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [_step(told, entry, start, roles) for entry in told["entries"]]


def _step(told: dict[str, Any], entry: dict[str, Any], start: datetime, roles: dict[str, str]) -> Step:
    happened = _instant(entry["at"], start)
    draft = Draft(
        incident=told["incident"],
        fact=parse({name: _value(value, start) for name, value in entry["fact"].items()}),
        author=entry["by"],
        role=roles[entry["by"]],  # type: ignore[arg-type]
        happened_at=happened,
        realm=told["realm"],
        tlp=entry.get("tlp", "amber"),
        privileged=entry.get("privileged", False),
    )
    return Step(_instant(entry["wrote"], start) if "wrote" in entry else happened, draft)


def _value(value: Any, start: datetime) -> Any:
    if isinstance(value, list):
        return [_value(one, start) for one in value]
    if isinstance(value, dict):
        return {name: _value(one, start) for name, one in value.items()}
    if isinstance(value, str) and value.startswith("T") and OFFSET.match(value):
        return iso(_instant(value, start))
    if isinstance(value, list):
        return [_value(one, start) for one in value]
    if isinstance(value, dict):
        return {name: _value(one, start) for name, one in value.items()}
    return value


def _instant(text: str, start: datetime) -> datetime:
    match = OFFSET.match(text)
    if match is None:
        raise FileError(f'incident.yaml: {text!r} is not a time of this file. Write it as "1:40" or "T+1:40"')
    sign, hours, minutes = match.groups()
    apart = timedelta(hours=int(hours), minutes=int(minutes))
    return start - apart if sign == "-" else start + apart
