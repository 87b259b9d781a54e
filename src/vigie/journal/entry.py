"""Entry: one fact in its envelope, as the canonical bytes that are hashed, kept and relayed.

The envelope holds a salted commitment to the fact and not the fact itself, so that a payload can be destroyed where the
law demands it while the log still verifies. Bytes are kept as written: nothing is ever re-serialised to be hashed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from pydantic_core import from_json

from vigie.errors import InputError
from vigie.ids import SLUG
from vigie.journal.facts import Fact, Statement, canonical, iso
from vigie.journal.facts.base import YEARS

Realm = Literal["real", "exercise", "simulated"]
Role = Literal["member", "director", "analyst", "administrator", "node"]
Precision = Literal["exact", "hour", "day", "week", "month"]
Marking = Literal["clear", "green", "amber", "amber+strict", "red"]
REALMS = ("real", "exercise", "simulated")
ROLES = ("member", "director", "analyst", "administrator", "node")
PRECISIONS = ("exact", "hour", "day", "week", "month")
MARKINGS = ("clear", "green", "amber", "amber+strict", "red")
VERSION = 1
INCIDENT = re.compile(r"^(?=.{3,160}$)[^\s/\x00-\x1f\x7f]+/[^\s/\x00-\x1f\x7f]+$")
_LOG = re.compile(rf"{SLUG[:-1]}/[0-9a-f]{{16}}$")
_HEX = re.compile(r"^[0-9a-f]{64}$")


class Draft(NamedTuple):
    """What a person or a program wants to write; the journal adds the node, the place in the log and the time.

    `incident` is `organisation/name`: the organisation before the slash owns the incident. `key` is an idempotency key.
    `happened_at` None means "now". `precision` says how well `happened_at` is known.
    """

    incident: str
    fact: Fact
    author: str
    role: Role = "member"
    happened_at: datetime | None = None
    precision: Precision = "exact"
    realm: Realm = "real"
    tlp: Marking = "amber"
    pap: Marking | None = None
    privileged: bool = False
    key: str | None = None


class Entry(NamedTuple):
    """The hashed envelope of one fact. `recorded_at` and `tick` are the hybrid logical clock of the author's node.

    `previous` is the digest of the entry before it in the same log ('' for the first). `saw` tells how much of other
    logs this node had received, where that changed since its previous entry: {'node/incarnation': size}.
    """

    realm: str
    incident: str
    node: str
    incarnation: str
    index: int
    previous: str
    happened_at: datetime
    precision: str
    recorded_at: datetime
    tick: int
    author: str
    role: str
    kind: str
    tlp: str
    pap: str | None
    privileged: bool
    key: str | None
    commitment: str
    saw: Mapping[str, int]

    @property
    def log(self) -> str:
        """The log this entry belongs to: node and incarnation."""
        return f"{self.node}/{self.incarnation}"

    @property
    def owner(self) -> str:
        """The organisation whose incident this is."""
        return self.incident.partition("/")[0]


class Received(NamedTuple):
    """An entry with its fact as this node holds it: `seq` is the order of arrival here, `received_at` its instant."""

    seq: int
    digest: str
    entry: Entry
    fact: Statement
    received_at: datetime


def commit(salt: bytes, payload: bytes) -> str:
    """Salted commitment to a payload, hexadecimal. The salt (16 bytes) keeps a short payload from being guessed."""
    return sha256(salt + payload).hexdigest()


def digest_of(raw: bytes) -> bytes:
    """Digest of an entry: SHA-256 of its bytes (32 bytes). It names the entry everywhere."""
    return sha256(raw).digest()


def encode(entry: Entry) -> bytes:
    """Canonical bytes of an entry."""
    recorded_at = iso(entry.recorded_at)
    happened_at = recorded_at if entry.happened_at is entry.recorded_at else iso(entry.happened_at)
    data: dict[str, Any] = {
        "realm": entry.realm, "incident": entry.incident, "node": entry.node, "incarnation": entry.incarnation,
        "index": entry.index, "happened_at": happened_at, "precision": entry.precision,
        "recorded_at": recorded_at, "tick": entry.tick, "author": entry.author, "role": entry.role,
        "kind": entry.kind, "tlp": entry.tlp, "privileged": entry.privileged, "commitment": entry.commitment, "v": VERSION,
    }  # fmt: skip
    for name, value in (("previous", entry.previous), ("pap", entry.pap), ("key", entry.key), ("saw", entry.saw)):
        if value:
            data[name] = dict(value) if name == "saw" else value
    return canonical(data)


def decode(raw: bytes) -> Entry:
    """An entry from its bytes. Raises InputError when the bytes are not an entry."""
    return parsed(raw)[0]


def parsed(raw: bytes) -> tuple[Entry, dict[str, Any]]:
    """An entry from its bytes, with the JSON object that it is. Raises InputError."""
    try:
        data = from_json(raw)
        get = data.get
        return Entry(
            data["realm"], data["incident"], data["node"], data["incarnation"], data["index"], get("previous", ""),
            datetime.fromisoformat(data["happened_at"]), get("precision", "exact"),
            datetime.fromisoformat(data["recorded_at"]), get("tick", 0), data["author"], data["role"], data["kind"],
            get("tlp", "amber"), get("pap"), get("privileged", False), get("key"), data["commitment"], get("saw", {}),
        ), data  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"these bytes are not a journal entry ({type(error).__name__}: {error}). They were altered, or they were "
            "written by another program"
        ) from None


def shape_fault(entry: Entry, data: Mapping[str, Any]) -> str | None:
    """What is wrong with the shape of a decoded entry, in words; None when every field is what it should be.

    Entries of this node are well formed by construction. Those of others are not, until this was asked: a signature says who
    wrote, not that what is written makes sense.
    """
    texts = (
        entry.realm,
        entry.incident,
        entry.author,
        entry.role,
        entry.kind,
        entry.tlp,
        entry.precision,
        entry.commitment,
    )
    if not all(type(text) is str and 0 < len(text) <= 200 for text in texts):
        return "a field that should be a short text is not"
    if not INCIDENT.match(entry.incident):
        return "its incident is not written organisation/name"
    if type(entry.node) is not str or type(entry.incarnation) is not str or not _LOG.match(entry.log):
        return "its node and incarnation are not names of a log"
    if not all(type(number) is int and 0 <= number < 1 << 53 for number in (entry.index, entry.tick)):
        return "its index or tick is not a whole number"
    if not all(type(data[name]) is str and data[name].endswith("Z") for name in ("happened_at", "recorded_at")):
        return "its times are not in UTC"
    if entry.happened_at.year not in YEARS or entry.recorded_at.year not in YEARS:
        return "its times are outside the calendar of a crisis"
    if entry.realm not in REALMS or entry.tlp not in MARKINGS or entry.precision not in PRECISIONS:
        return "its realm, marking or precision is not a word of this version"
    if not _HEX.match(entry.commitment) or not (entry.previous == "" or _HEX.match(str(entry.previous))):
        return "its commitment or the entry before it is not a digest"
    if type(entry.privileged) is not bool or not all(
        text is None or type(text) is str for text in (entry.pap, entry.key)
    ):
        return "its marking or key is malformed"
    if type(entry.saw) is not dict or not all(
        _LOG.match(log) and type(size) is int and 0 <= size < 1 << 53 for log, size in entry.saw.items()
    ):
        return "what it says to have seen is malformed"
    return None
