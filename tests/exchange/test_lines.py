"""YAML from anybody: lines are kept, tricks are refused before they cost anything."""

from __future__ import annotations

import pytest

from vigie.errors import FileError
from vigie.exchange.lines import DEEPEST, LARGEST_BYTES, line, parsed, plain, tree


def test_values_and_lines():
    root = parsed(b'a: 12\nb: "12"\nc: yes\nd: true\ne: ~\nf: 1_000\ng: 007\nh: [x, -3]\ni: 12:30\n', "f.yaml")
    assert plain(root) == {
        "a": 12, "b": "12", "c": "yes", "d": True, "e": None, "f": 1000, "g": "007", "h": ["x", -3], "i": "12:30",
    }  # fmt: skip
    assert [line(key) for key, _ in root.value] == list(range(1, 10))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"a: &x [1]\nb: *x\n", "f.yaml, line 1: aliases"),
        (b"a: !!python/object:os.system x\n", "f.yaml, line 1: the tag"),
        (b"a:\n  - b: [\n", "f.yaml, line 3"),
        (b"a: 1\n---\nb: 2\n", "f.yaml, line 2"),
        (b"\xff\xfea", "f.yaml, byte 1: not UTF-8"),
        (b"", "f.yaml: empty"),
        (b"[" * 5000, f"nested more than {DEEPEST} deep"),
        (b"a: " + b"x" * LARGEST_BYTES, "larger than 1,000,000 bytes"),
    ],
)
def test_refusals(raw, says):
    with pytest.raises(FileError) as refusal:
        parsed(raw, "f.yaml")
    assert says in str(refusal.value)


def test_a_billion_laughs_is_refused_at_its_first_alias():
    lines = ["a0: &a0 lol"] + [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    with pytest.raises(FileError, match="line 1: aliases"):
        parsed("\n".join(lines).encode(), "f.yaml")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match=r"missing\.yaml: cannot be read \(No such file or directory\)"):
        tree(tmp_path / "missing.yaml")
    with pytest.raises(FileError, match="Is a directory"):
        tree(tmp_path)
