"""Random secrets, and what is stored of them."""

from __future__ import annotations

import secrets
from hashlib import sha256

# No letter or digit that looks like another one when read from paper by a tired person.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def token() -> str:
    """A secret of 256 bits for a link or a program."""
    return secrets.token_urlsafe(32)


def code(groups: int = 4, length: int = 4) -> str:
    """A secret to be typed from paper: `groups` groups of `length` characters (4 x 4: 79 bits)."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(length)) for _ in range(groups))


def digest(secret: str) -> str:
    """What is stored of a long random secret: its SHA-256, hexadecimal. Salt would add nothing to 79 random bits."""
    return sha256(secret.encode()).hexdigest()


def plain(typed: str) -> str:
    """A code as it was printed, from what a person typed: case, spaces and missing hyphens do not matter."""
    letters = "".join(character for character in typed.lower() if character.isalnum())
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
