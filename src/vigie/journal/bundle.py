"""Bundle: one compressed file that carries entries, proofs, keys, cartography revisions and a signed manifest.

It is a ZIP file, so that anybody can look inside without Vigie:

    manifest.json     who made it, when, its scope, the digest of every other part; signed by the exporting node
    entries.jsonl     one entry a line: [entry, salt, payload]; payload null where it was erased or may not leave
    logs.json         per log: key, checkpoint, which lines are its leaves, what proves them, older checkpoints
    maps/<sha256>     revisions of the cartography

The last 71 bytes (the ZIP comment) are `sha256:` and the digest of everything before, so that no byte can flip unseen.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

from pydantic_core import from_json

from vigie.errors import BundleError
from vigie.journal.facts import canonical
from vigie.journal.keys import Checkpoint, Identity, incarnation_of, is_signed_by
from vigie.journal.rows import SALT_BYTES, ranges

FORMAT, VERSION = "vigie-bundle", 1
SEAL = 71  # len("sha256:") + 64
MAX_PART_BYTES = 2_000_000_000
MAX_MANIFEST_BYTES = 1_000_000
MAX_LOGS_BYTES = 64_000_000
MAX_MAP_BYTES = 16_000_000
MAX_BRANCHES = 16  # how often one entry may stand in several trees
MIN_LINE_BYTES = 300  # an entry is longer: a count that the bytes cannot hold is a bomb
MAX_LINE_BYTES = 1_000_000
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
MANIFEST_SIGNATURE = b"vigie bundle manifest\n"
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # two exports of the same content are the same bytes


class Line(NamedTuple):
    """One entry of a bundle. `body` is salt and payload, None where the payload does not travel."""

    raw: bytes
    body: bytes | None

    def to_bytes(self) -> bytes:
        """The line, with its end."""
        salt = self.body[:SALT_BYTES].hex() if self.body is not None else None
        payload = self.body[SALT_BYTES:].decode() if self.body is not None else None
        return (
            json.dumps([self.raw.decode(), salt, payload], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        )

    @classmethod
    def from_bytes(cls, data: bytes, number: int) -> Line:
        """Raises BundleError."""
        try:
            raw, salt, payload = from_json(data)
            if (salt is None) != (payload is None) or not isinstance(raw, str):
                raise ValueError("salt and payload go together")
            body = None if payload is None else bytes.fromhex(salt) + payload.encode()
            if salt is not None and len(salt) != 2 * SALT_BYTES:
                raise ValueError("a salt has 16 bytes")
            return cls(raw.encode(), body)
        except (ValueError, TypeError, AttributeError) as error:
            raise BundleError(
                f"entries.jsonl, line {number}: not an entry line ({error}). Ask for the bundle again"
            ) from None


@dataclass(frozen=True, slots=True)
class Segment:
    """Leaves of one log in the tree of one checkpoint.

    `lines` are the numbers (from 0) of its entries in entries.jsonl, by index; `proof` is what is missing to compute the root;
    `history` are older checkpoints of the same log, each with its consistency proof.
    """

    public_key: str
    checkpoint: Checkpoint
    lines: tuple[int, ...]
    proof: tuple[bytes, ...]
    history: tuple[tuple[Checkpoint, tuple[bytes, ...]], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For logs.json."""
        return {
            "public_key": self.public_key,
            "checkpoint": self.checkpoint.as_dict(),
            "lines": ranges(self.lines),
            "proof": [item.hex() for item in self.proof],
            "history": [[old.as_dict(), [item.hex() for item in proof]] for old, proof in self.history],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], count: int) -> Segment:
        """Raises ValueError, TypeError, KeyError on anything else than as_dict gives, for a bundle of `count` lines."""
        spans = [(int(first), int(last)) for first, last in data["lines"]]
        if any(not 0 <= first <= last < count for first, last in spans) or sum(b - a + 1 for a, b in spans) > count:
            raise ValueError("lines outside entries.jsonl")
        return cls(
            str(data["public_key"]), Checkpoint(**data["checkpoint"]),
            tuple(number for first, last in spans for number in range(first, last + 1)),
            tuple(bytes.fromhex(item) for item in data["proof"]),
            tuple((Checkpoint(**old), tuple(bytes.fromhex(item) for item in proof)) for old, proof in data["history"]),
        )  # fmt: skip


def write(
    target: IO[bytes], identity: Identity, lines: Iterable[Line], segments: Iterable[Segment],
    maps: Mapping[str, bytes], scope: Mapping[str, Any], made_at: str,
) -> dict[str, Any]:  # fmt: skip
    """Write a bundle to a seekable, readable file; returns its manifest."""
    parts: dict[str, Any] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(_info("entries.jsonl"), "w", force_zip64=True) as part:
            hashing, size, count = sha256(), 0, 0
            for line in lines:
                data = line.to_bytes()
                hashing.update(data)
                size, count = size + len(data), count + 1
                part.write(data)
        parts["entries.jsonl"] = {"sha256": hashing.hexdigest(), "bytes": size, "entries": count}
        logs = canonical([segment.as_dict() for segment in segments])
        for name, data in {
            "logs.json": logs,
            **{f"maps/{digest}": content for digest, content in maps.items()},
        }.items():
            archive.writestr(_info(name), data)
            parts[name] = {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
        manifest = {
            "format": FORMAT, "version": VERSION, "made_at": made_at, "scope": dict(scope), "parts": parts,
            "exporter": {"node": identity.node, "incarnation": identity.incarnation, "public_key": identity.public_key},
        }  # fmt: skip
        manifest["signature"] = identity.sign(MANIFEST_SIGNATURE + canonical(manifest))
        archive.writestr(_info("manifest.json"), canonical(manifest))
        archive.comment = b"sha256:" + b"0" * 64
    _seal(target)
    return manifest


def _limit(name: str) -> int:
    if name.startswith("maps/"):
        return MAX_MAP_BYTES
    return {"manifest.json": MAX_MANIFEST_BYTES, "logs.json": MAX_LOGS_BYTES}.get(name, MAX_PART_BYTES)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIXED_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _seal(target: IO[bytes]) -> None:
    target.seek(0, 2)
    digest = _digest(target, target.tell() - SEAL)
    target.seek(-64, 2)
    target.write(digest.encode())
    target.flush()


def _digest(source: IO[bytes], size: int) -> str:
    source.seek(0)
    hashing = sha256()
    while size > 0 and (block := source.read(min(1 << 20, size))):
        hashing.update(block)
        size -= len(block)
    return hashing.hexdigest()


class Bundle:
    """A bundle opened for reading. `faults` lists what the container itself shows; entries are checked by `verify`."""

    def __init__(self, source: Path | bytes, name: str = "") -> None:
        """Raises BundleError when the file is not a bundle at all, or is cut."""
        self.name = name or (str(source) if isinstance(source, Path) else "bundle")
        self.faults: list[str] = []
        self._file: IO[bytes] = source.open("rb") if isinstance(source, Path) else BytesIO(source)
        try:
            self._open()
        except BundleError:
            self._file.close()
            raise
        except (*DAMAGED, KeyError, ValueError, TypeError, OSError, RuntimeError) as error:
            self._file.close()
            raise BundleError(
                f"{self.name}: not a whole bundle ({type(error).__name__}: {error}). It was cut or altered on the way:"
                " ask for it again"
            ) from None

    def _open(self) -> None:
        self._archive = zipfile.ZipFile(self._file)
        self._file.seek(0, 2)
        seal, size = self._archive.comment, self._file.tell()
        if len(seal) != SEAL or not seal.startswith(b"sha256:"):
            self.faults.append("the seal at the end of the file is missing: bytes were cut or altered")
        elif seal[7:].decode("ascii", "replace") != _digest(self._file, size - SEAL):
            self.faults.append("the seal does not match: at least one byte of the file was altered")
        self.manifest = self._json("manifest.json")
        if self.manifest.get("format") != FORMAT:
            raise BundleError(f"{self.name}: not a Vigie bundle. Give the file that `vigie journal export` wrote")
        if self.manifest.get("version") != VERSION:
            raise BundleError(
                f"{self.name}: written by a newer Vigie (bundle version {self.manifest.get('version')}, this one reads"
                f" {VERSION}). Update this node, or ask for an export by version {VERSION}"
            )
        self._check_parts()
        entries = self.manifest["parts"]["entries.jsonl"]
        self.count = int(entries["entries"])
        if not 0 <= self.count * MIN_LINE_BYTES <= int(entries["bytes"]):
            raise BundleError(
                f"{self.name}: {entries['bytes']} bytes cannot hold {self.count} entries. Ask for it again"
            )
        self.segments = []
        room = MAX_BRANCHES * self.count
        for item in self._json("logs.json"):
            self.segments.append(Segment.from_dict(item, self.count))
            room -= len(self.segments[-1].lines)
            if room < 0:
                raise BundleError(f"{self.name}: its logs overlap more than any fork does. Ask for it again")

    def _check_parts(self) -> None:
        exporter, parts = self.manifest["exporter"], self.manifest["parts"]
        signed = {name: value for name, value in self.manifest.items() if name != "signature"}
        message = MANIFEST_SIGNATURE + canonical(signed)
        if incarnation_of(exporter["public_key"]) != exporter["incarnation"] or not is_signed_by(
            exporter["public_key"], str(self.manifest.get("signature")), message
        ):
            self.faults.append("the manifest is not signed by the node that it names")
        held = {info.filename: info for info in self._archive.infolist()}
        if set(held) != {*parts, "manifest.json"}:
            self.faults.append("the parts are not those of the manifest: one was added, removed or renamed")
        for name, part in parts.items():
            if held[name].file_size > _limit(name) or held[name].file_size != part["bytes"]:
                raise BundleError(f"{self.name}: part {name} has not the size that the manifest says. Ask for it again")
            if not self._matches(name, part["sha256"]):
                self.faults.append(f"part {name} is not what the manifest says: it was altered")

    def _matches(self, name: str, expected: str) -> bool:
        hashing = sha256()
        try:
            with self._archive.open(name) as part:
                while block := part.read(1 << 20):
                    hashing.update(block)
        except DAMAGED:
            return False
        return hashing.hexdigest() == expected

    def _json(self, name: str) -> Any:
        with self._archive.open(name) as part:
            content = part.read(_limit(name) + 1)
        if len(content) > _limit(name):
            raise BundleError(f"{self.name}: part {name} is larger than any bundle needs. Ask for it again")
        return json.loads(content)

    @property
    def scope(self) -> dict[str, Any]:
        """The exporter's signed statement of what this bundle holds and leaves out."""
        return dict(self.manifest["scope"])

    def lines(self) -> Iterator[Line]:
        """The entries, streamed. Raises BundleError at a line that cannot be read."""
        try:
            with self._archive.open("entries.jsonl") as part:
                for number, data in enumerate(iter(lambda: part.readline(MAX_LINE_BYTES), b""), start=1):
                    yield Line.from_bytes(data, number)
        except DAMAGED as error:
            raise BundleError(f"{self.name}: entries.jsonl was altered ({error}). Ask for the bundle again") from None

    def maps(self) -> dict[str, bytes]:
        """Revisions of the cartography that match their name."""
        found = {}
        for name in self.manifest["parts"]:
            if name.startswith("maps/"):
                with self._archive.open(name) as part:
                    content = part.read(MAX_MAP_BYTES)
                if sha256(content).hexdigest() == name.removeprefix("maps/"):
                    found[name.removeprefix("maps/")] = content
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()
        self._file.close()
