"""The tree of RFC 6962: published vectors, then every size against the definition of the RFC."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.journal import merkle

# Leaves and roots of the reference implementation of RFC 6962 (google/certificate-transparency, merkle_tree_test).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [sha256(bytes([i])).digest() for i in range(70)]


def by_definition(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + by_definition(leaves[:half]) + by_definition(leaves[half:])).digest()


def test_published_vectors():
    frontier = merkle.Frontier()
    for text, root in zip(INPUTS, ROOTS, strict=True):
        frontier.append(bytes.fromhex(text))
        assert frontier.root().hex() == root


@pytest.mark.parametrize("size", [*range(0, 18), 31, 32, 33, 70])
def test_a_growing_tree_has_the_root_of_its_definition_and_survives_storage(size):
    frontier = merkle.Frontier()
    for digest in LEAVES[:size]:
        frontier.append(digest)
        frontier = merkle.Frontier.from_bytes(frontier.size, frontier.to_bytes())
    assert frontier.root() == by_definition(LEAVES[:size])


def hash_of(start: int, size: int) -> bytes:
    return by_definition(LEAVES[start : start + size])


@given(st.integers(1, 70).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1)))))
def test_any_part_of_a_tree_proves_its_root_and_only_its_root(case):
    size, held = case
    proof = merkle.subset_proof(size, sorted(held), hash_of)
    root = by_definition(LEAVES[:size])
    leaves = {i: LEAVES[i] for i in held}
    assert merkle.root_from_subset(size, leaves, proof) == root
    for i in held:
        assert merkle.root_from_subset(size, leaves | {i: LEAVES[i][::-1]}, proof) != root
        fewer = {k: v for k, v in leaves.items() if k != i}
        with pytest.raises(ValueError):
            if merkle.root_from_subset(size, fewer, proof) != root:
                raise ValueError("another root: just as good")
    if held != set(range(size)):
        assert len(proof) <= size


@given(st.integers(1, 70).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))))
def test_a_newer_tree_proves_that_it_contains_the_older(case):
    old, new = case
    proof = merkle.consistency_proof(old, new, hash_of)
    roots = by_definition(LEAVES[:old]), by_definition(LEAVES[:new])
    assert merkle.is_consistent(old, roots[0], new, roots[1], proof)
    if old < new:
        assert not merkle.is_consistent(old, roots[0][::-1], new, roots[1], proof)
        assert not merkle.is_consistent(old, roots[0], new, roots[1][::-1], proof)
        assert not merkle.is_consistent(old, roots[0], new, roots[1], proof[:-1])
        assert not merkle.is_consistent(old, roots[0], new, roots[1], [*proof, roots[0]])


def test_roots_of_prefixes_come_in_one_pass():
    wanted = [0, 1, 5, 5, 64, 70]
    assert list(merkle.roots_at(LEAVES, wanted)) == [(n, by_definition(LEAVES[:n])) for n in wanted]
