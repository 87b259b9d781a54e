"""What goes in and out of the API, as OpenAPI describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Header, Path, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from vigie.journal import Receipt, Received
from vigie.journal.entry import Marking, Precision
from vigie.journal.facts import AnyFact, Declaration, Erased, Fact, Opaque
from vigie.web.desk.lines import Line

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=150,
        description="the same key with the same content gives the first receipt again, with other content 409",
    ),
]
Organisation = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", description="the organisation that owns the incident")
]
Name = Annotated[str, Path(pattern=r"^[^/\s\x00]{1,150}$", description="the incident's name, after the slash")]


class EntryIn(Schema):
    """An entry to write. `happened_at` None means now. A text in which a patient's identity is suspected is refused
    unless `identity_checked` says that a person looked at it."""

    model_config = ConfigDict(extra="forbid")

    fact: AnyFact
    happened_at: AwareDatetime | None = None
    precision: Precision = "exact"
    tlp: Marking = "amber"
    pap: Marking | None = None
    privileged: bool = False
    identity_checked: bool = False


class DeclarationIn(Schema):
    """A version of a declaration to write. A text in which a patient's identity is suspected is refused unless
    `identity_checked` says that a person looked at it."""

    model_config = ConfigDict(extra="forbid")

    declaration: Declaration
    identity_checked: bool = False


class ReceiptOut(Schema):
    """The proof of an append: the entry is durable. `repeated`: the same key had written the same content before."""

    seq: int
    digest: str
    incident: str
    node: str
    index: int
    recorded_at: datetime
    repeated: bool


class IncidentOut(Schema):
    """An incident that the token may read."""

    id: str
    owner: str
    realm: str  # real, exercise or simulated; another word where a peer wrote one that this version does not know
    title: str
    opened_at: datetime | None
    closed_at: datetime | None
    entries_count: int
    last_seq: int


class EntryOut(Schema):
    """An entry as this node holds it. `fact` is null when `erased`, or when this version cannot read its kind.

    `standing` is `counts` or `claimed`; `corrected_by` are the numbers of the corrections that count.
    """

    seq: int
    digest: str
    incident: str
    realm: str
    kind: str
    fact: dict[str, Any] | None
    erased: bool
    readable: bool
    author: str
    role: str
    node: str
    incarnation: str
    index: int
    happened_at: datetime
    precision: str
    recorded_at: datetime
    received_at: datetime
    tlp: str
    pap: str | None
    privileged: bool
    standing: Literal["counts", "claimed"]
    reason: str
    corrected_by: list[int]
    withdrawn: bool


class EntriesOut(Schema):
    """Entries, oldest first with `after`, newest first otherwise. `next` is the value to go on with, null at the end."""

    entries: list[EntryOut]
    next: int | None
    last_seq: int


class CheckpointOut(Schema):
    """The signed word of this node on its log; `fingerprint` is what printed pages carry."""

    node: str
    incarnation: str
    size: int
    root: str
    at: str
    signature: str
    fingerprint: str
    public_key: str


class MergedOut(Schema):
    """How many entries a bundle held, and how many of them were new here."""

    entries: int
    new: int


Seq = Annotated[int, Field(ge=0, le=2**62)]
Limit = Annotated[int, Field(ge=1, le=1000)]


def receipt_out(receipt: Receipt) -> dict[str, Any]:
    """A receipt as JSON."""
    entry = receipt.entry
    return {
        "seq": receipt.seq, "digest": receipt.digest, "incident": entry.incident, "node": entry.node,
        "index": entry.index, "recorded_at": entry.recorded_at, "repeated": receipt.repeated,
    }  # fmt: skip


def entry_out(line: Line) -> dict[str, Any]:
    """A line as JSON."""
    received: Received = line.received
    entry, fact = received.entry, received.fact
    return {
        **{name: getattr(entry, name) for name in _ENTRY_FIELDS},
        "seq": received.seq, "digest": received.digest, "received_at": received.received_at,
        "fact": fact.model_dump(mode="json") if isinstance(fact, Fact) else None,
        "erased": isinstance(fact, Erased), "readable": not isinstance(fact, Opaque),
        "standing": line.standing.word, "reason": line.standing.reason,
        "corrected_by": [one.seq for one in line.corrections], "withdrawn": line.is_withdrawn,
    }  # fmt: skip


_ENTRY_FIELDS = (
    "incident", "realm", "kind", "author", "role", "node", "incarnation", "index", "happened_at", "precision",
    "recorded_at", "tlp", "pap", "privileged",
)  # fmt: skip
