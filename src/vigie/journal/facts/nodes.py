"""Facts about the log itself: maps, nodes, keys, corrections, erasures."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from vigie.ids import NodeId, OrganisationId
from vigie.journal.facts.base import Digest, Fact, Instant, Line, RequiredLine, RequiredText

Incarnation = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
PublicKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class MapAdopted(Fact):
    """From now on the situation is read with this revision of the cartography (SHA-256 of its canonical bytes)."""

    kind: Literal["map_adopted"] = "map_adopted"
    revision: Digest
    name: RequiredLine


class NodeEnrolled(Fact):
    """A person compared a node's fingerprint out of band and lets it speak for organisations.

    `incarnation` is the first 16 hexadecimal digits of SHA-256 of the Ed25519 public key. A node also writes this fact
    about itself as the first entry of each incarnation: that introduces it, and makes nobody trust it.
    """

    kind: Literal["node_enrolled"] = "node_enrolled"
    node: NodeId
    incarnation: Incarnation
    public_key: PublicKey
    role: Literal["hospital", "group", "observatory"]
    speaks_for: tuple[OrganisationId, ...] = ()
    name: Line = ""


class KeyRotated(Fact):
    """A node goes on under a new key; written in the old incarnation, which ends here."""

    kind: Literal["key_rotated"] = "key_rotated"
    node: NodeId
    old_incarnation: Incarnation
    new_incarnation: Incarnation
    new_public_key: PublicKey
    why: RequiredLine


class KeyCompromised(Fact):
    """A key may have been in other hands since an instant: what it signed later is shown as claimed only."""

    kind: Literal["key_compromised"] = "key_compromised"
    node: NodeId
    incarnation: Incarnation
    since: Instant
    why: RequiredText


class Correction(Fact):
    """An earlier entry is mended. Both stay visible; the fold reads `replacement` in place of the original.

    `replacement` None withdraws the entry: it was wrong altogether, and nothing stands in its place. The replacement is
    a whole fact of the kind of the original, and takes the place of the original in time unless `happened_at` is given.
    """

    kind: Literal["correction"] = "correction"
    of: Digest
    why: RequiredText
    replacement: dict[str, Any] | None = None
    happened_at: Instant | None = None


class Erasure(Fact):
    """The payload of an earlier entry is destroyed, here and at peers, because the law demands it. The log still verifies."""

    kind: Literal["erasure"] = "erasure"
    of: Digest
    reason: RequiredText
    authority: RequiredLine
