"""Keys of a node, checkpoints of a log, and what a person compares: fingerprints.

A node signs with Ed25519 (RFC 8032). Its *incarnation* is the first 16 hexadecimal digits of the SHA-256 of its public key,
so a log can never be signed by another key than its own. A restored backup or a copied disk starts a new incarnation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vigie.errors import InputError
from vigie.journal.facts import canonical, iso

Entropy = Callable[[int], bytes]


def incarnation_of(public_key: str) -> str:
    """The incarnation that a public key (64 hexadecimal digits) stands for."""
    return sha256(bytes.fromhex(public_key)).hexdigest()[:16]


def key_fingerprint(public_key: str) -> str:
    """What two people read to each other on the telephone: eight groups of four."""
    text = sha256(bytes.fromhex(public_key)).hexdigest()[:32].upper()
    return "-".join(text[i : i + 4] for i in range(0, 32, 4))


@dataclass(frozen=True, slots=True)
class Identity:
    """A node and its private key (32 bytes). `public_key` is 64 hexadecimal digits."""

    node: str
    secret: bytes
    public_key: str
    incarnation: str
    _key: Ed25519PrivateKey = field(compare=False)

    @classmethod
    def create(cls, node: str, entropy: Entropy) -> Identity:
        """A new key: a new incarnation."""
        return cls.from_secret(node, entropy(32))

    @classmethod
    def from_secret(cls, node: str, secret: bytes) -> Identity:
        """The identity that a stored private key gives."""
        key = Ed25519PrivateKey.from_private_bytes(secret)
        public = key.public_key().public_bytes_raw().hex()
        return cls(node, secret, public, incarnation_of(public), key)

    def __repr__(self) -> str:
        return f"Identity({self.node}/{self.incarnation})"

    def sign(self, message: bytes) -> str:
        """Signature, 128 hexadecimal digits."""
        return self._key.sign(message).hex()


def is_signed_by(public_key: str, signature: str, message: bytes) -> bool:
    """Whether the signature is this key's over this message. Malformed keys and signatures are not."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A node's signed word on its log: so many entries, this root, at this instant."""

    node: str
    incarnation: str
    size: int
    root: str
    at: str
    signature: str = ""

    def message(self) -> bytes:
        """The bytes that are signed."""
        return _message(self.node, self.incarnation, self.size, self.root, self.at)

    @classmethod
    def signed(cls, identity: Identity, size: int, root: bytes, now: datetime) -> Checkpoint:
        """A checkpoint of this node's log."""
        said = (identity.node, identity.incarnation, size, root.hex(), iso(now))
        return cls(*said, identity.sign(_message(*said)))

    @property
    def fingerprint(self) -> str:
        """What every printed page carries: `214 · 7F3A-9C21-0B44-D1E2` (size, and 64 bits of the root)."""
        return f"{self.size} · {short_root(self.root)}"

    @property
    def log(self) -> str:
        """node/incarnation."""
        return f"{self.node}/{self.incarnation}"

    def as_dict(self) -> dict[str, Any]:
        """For files."""
        return {name: getattr(self, name) for name in ("node", "incarnation", "size", "root", "at", "signature")}


def _message(node: str, incarnation: str, size: int, root: str, at: str) -> bytes:
    return b"vigie checkpoint\n" + canonical(
        {"node": node, "incarnation": incarnation, "size": size, "root": root, "at": at}
    )


def short_root(root: str) -> str:
    """The first 64 bits of a root, as printed."""
    text = root[:16].upper()
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


_PRINTED = re.compile(
    r"^\s*(?:(?P<log>[a-z0-9._-]+(?:/[0-9a-f]{16})?)\s*:?\s+)?(?P<size>\d+)\D{1,4}(?P<root>[0-9A-Fa-f]{4}(?:[-\s]?[0-9A-Fa-f]{4}){3})\s*$"
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A fingerprint typed from a printed page; `log` is a node, node/incarnation, or None where the page does not say."""

    log: str | None
    size: int
    root: str

    @classmethod
    def parse(cls, text: str) -> Printed:
        """Reads `214 · 7F3A-9C21-0B44-D1E2`, with or without the log in front. Raises InputError."""
        match = _PRINTED.match(text)
        if match is None:
            raise InputError(
                f"{text!r} is not a printed fingerprint. Type it as on the page, for instance '214 7F3A-9C21-0B44-D1E2'"
            )
        root = re.sub(r"[-\s]", "", match["root"]).upper()
        return cls(match["log"], int(match["size"]), "-".join(root[i : i + 4] for i in range(0, 16, 4)))
