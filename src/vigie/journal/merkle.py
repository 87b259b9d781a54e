"""The Merkle tree of a log, in the shape of RFC 6962 (certificate transparency), section 2.1.

Leaves are entry digests. Every hash is 32 bytes of SHA-256. A tree of `size` leaves has one root; a *subset proof* lets
somebody who holds only some leaves compute that root; a *consistency proof* shows that an older root is a prefix of a newer
one. All functions are pure. Source: https://www.rfc-editor.org/rfc/rfc6962#section-2.1
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf(digest: bytes) -> bytes:
    """Hash of a leaf."""
    return sha256(b"\x00" + digest).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size` (size > 1): where RFC 6962 splits a tree."""
    return 1 << ((size - 1).bit_length() - 1)


class Frontier:
    """The right edge of a growing tree: enough to append and to give the root, in at most 64 hashes.

    `peaks` are the roots of the perfect subtrees, largest first; their sizes are the set bits of `size`.
    """

    __slots__ = ("size", "peaks")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Frontier:
        """From the concatenated peaks, as `to_bytes` gives them."""
        return cls(size, [data[i : i + 32] for i in range(0, len(data), 32)])

    def to_bytes(self) -> bytes:
        """The peaks, concatenated."""
        return b"".join(self.peaks)

    def append(self, digest: bytes) -> None:
        """Add one leaf."""
        peak, size = leaf(digest), self.size
        while size & 1:
            peak = node(self.peaks.pop(), peak)
            size >>= 1
        self.peaks.append(peak)
        self.size += 1

    def root(self) -> bytes:
        """Root of the tree so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node(peak, root)
        return root


def roots_at(digests: Iterable[bytes], sizes: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Root of each prefix named in `sizes` (ascending), in one pass. Sizes beyond the digests are not given."""
    frontier, wanted = Frontier(), iter(sizes)
    size = next(wanted, None)
    while size == 0:
        yield 0, EMPTY_ROOT
        size = next(wanted, None)
    for digest in digests:
        frontier.append(digest)
        while size == frontier.size:
            yield size, frontier.root()
            size = next(wanted, None)


Subtree = tuple[int, int]  # (index of the first leaf, number of leaves)


def subtree_hash(start: int, size: int, leaves: Mapping[int, bytes], known: Mapping[Subtree, bytes]) -> bytes:
    """Hash of a subtree from leaf digests, or from subtree hashes already known. KeyError when neither suffices."""
    if (start, size) in known:
        return known[start, size]
    if size == 1:
        return leaf(leaves[start])
    half = _split(size)
    return node(subtree_hash(start, half, leaves, known), subtree_hash(start + half, size - half, leaves, known))


def subset_proof(size: int, included: Sequence[int], hash_of: Callable[[int, int], bytes]) -> list[bytes]:
    """What is missing to compute the root from the leaves `included` (ascending indexes): hashes, left to right.

    Empty when every leaf is included. `hash_of(start, size)` gives the hash of a subtree.
    """
    return [hash_of(*subtree) for subtree in _missing(0, size, included)]


def _missing(start: int, size: int, included: Sequence[int]) -> Iterator[Subtree]:
    held = bisect_left(included, start + size) - bisect_left(included, start)
    if held == size:
        return
    if held == 0:
        yield start, size
        return
    half = _split(size)
    yield from _missing(start, half, included)
    yield from _missing(start + half, size - half, included)


def known_from_proof(size: int, included: Sequence[int], proof: Sequence[bytes]) -> dict[Subtree, bytes]:
    """The subtree hashes that a subset proof carries. ValueError when it has too many or too few of them."""
    return dict(zip(_missing(0, size, included), proof, strict=True)) if size else {}


def root_from_subset(size: int, leaves: Mapping[int, bytes], proof: Sequence[bytes]) -> bytes:
    """Root of a tree of which some leaves are held. ValueError when the proof does not fit them."""
    if size == 0:
        return EMPTY_ROOT
    included = sorted(leaves)
    if included and included[-1] >= size:
        raise ValueError(f"leaf {included[-1]} is outside a tree of {size}")
    if len(included) == size:
        return next(root for _, root in roots_at((leaves[i] for i in included), [size]))
    return subtree_hash(0, size, leaves, known_from_proof(size, included, proof))


def consistency_proof(old: int, new: int, hash_of: Callable[[int, int], bytes]) -> list[bytes]:
    """RFC 6962 consistency proof between the tree of `old` leaves and that of `new` (0 < old <= new)."""

    def walk(start: int, old: int, size: int, complete: bool) -> list[bytes]:
        if old == size:
            return [] if complete else [hash_of(start, size)]
        half = _split(size)
        if old <= half:
            return [*walk(start, old, half, complete), hash_of(start + half, size - half)]
        return [*walk(start + half, old - half, size - half, False), hash_of(start, half)]

    return walk(0, old, new, True)


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `old` leaves is a prefix of that of `new`."""
    if old == 0:
        return True
    if old > new or (old == new and (proof or old_root != new_root)):
        return False
    if old == new:
        return True
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    left = right = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            left, right = node(sibling, left), node(sibling, right)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            right = node(right, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and left == old_root and right == new_root
