"""`vigie journal` as a stranger uses it: what it prints, what it refuses, what it leaves behind."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vigie.cli import main

CRISES = Path(__file__).parents[2] / "examples" / "crises"


@pytest.fixture
def vigie(capsys, monkeypatch, tmp_path):
    """`vigie("verify", path)` is (exit code, stdout, stderr) of `vigie journal verify path`, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["vigie", "journal", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def bundle(vigie, tmp_path) -> Path:
    path = tmp_path / "dax.vigie"
    assert vigie("export", CRISES / "dax-2021.yaml", "-o", path)[0] == 0
    return path


@pytest.mark.parametrize("path", sorted(CRISES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_exported_and_verified(vigie, tmp_path, path):
    code, out, _ = vigie("export", path, "-o", "crisis.vigie")
    assert code == 0 and "entries of the whole journal" in out
    code, out, err = vigie("verify", "crisis.vigie")
    assert (code, err) == (0, "") and "intact" in out and out.startswith("intact ")


def test_a_bundle_is_merged_and_the_database_verified(vigie, bundle, tmp_path):
    code, out, _ = vigie("merge", bundle, "--into", "new.db")
    assert code == 0 and "0 already held" in out
    assert "0 new" in vigie("merge", bundle, "--into", "new.db")[1]
    before = hashlib.sha256((tmp_path / "new.db").read_bytes()).hexdigest()
    assert vigie("verify", "new.db")[0] == 0
    assert vigie("verify", bundle, "--against", "new.db")[0] == 0
    assert hashlib.sha256((tmp_path / "new.db").read_bytes()).hexdigest() == before, "evidence was touched"
    code, out, _ = vigie("export", "new.db", "--incident", "ch-dax/2021-02", "-o", "part.vigie")
    assert code == 0 and "incident ch-dax/2021-02" in out
    assert vigie("verify", "part.vigie")[0] == 0


def test_a_fault_is_printed_and_gives_1(vigie, bundle):
    content = bytearray(bundle.read_bytes())
    content[len(content) // 3] ^= 1
    bundle.write_bytes(content)
    code, out, err = vigie("verify", bundle)
    assert code == 1 and ("FAULT" in err or "error:" in err)
    code, _, err = vigie("merge", bundle, "--into", "new.db")
    assert code == 1 and "error:" in err


def test_a_printed_page_is_typed_in(vigie, bundle):
    _, out, _ = vigie("verify", bundle)
    printed = out.split("checkpoint ")[1].splitlines()[0]
    assert vigie("verify", bundle, "--printed", printed)[0] == 0
    size = printed.split()[0]
    code, _, err = vigie("verify", bundle, "--printed", f"{size} 0000-0000-0000-0000")
    assert code == 1 and "the past was rewritten" in err
    code, _, err = vigie("verify", bundle, "--printed", "rubbish")
    assert code == 1 and "Type it as on the page" in err


def test_checkpoints_are_what_two_people_read_to_each_other(vigie, bundle):
    vigie("merge", bundle, "--into", "new.db")
    code, out, _ = vigie("checkpoints", "new.db")
    assert code == 0 and "ch-dax/" in out and "key " in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "absent.vigie"), "does not exist"),
        (("export", "absent.db", "-o", "x"), "does not exist"),
        (("export", "other.db", "-o", "x.vigie"), "not a journal"),
        (("verify", "other.db"), "not a journal"),
        (("verify", "noise.bin"), "not a whole bundle"),
        (("merge", "noise.bin", "--into", "new.db"), "not a whole bundle"),
        (("export", "bad.yaml", "-o", "x.vigie"), "bad.yaml"),
        (("export", "noise.bin", "-o", "x.vigie"), "not a journal database"),
    ],
)
def test_a_wrong_file_gets_a_clear_error_and_leaves_nothing(vigie, tmp_path, words, said):
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE somebody_elses (x)")
    (tmp_path / "noise.bin").write_bytes(b"\x89\x00noise" * 99)
    (tmp_path / "bad.yaml").write_text("incident: [", encoding="utf-8")
    before = {path.name for path in tmp_path.iterdir()}
    code, out, err = vigie(*words)
    assert code == 1 and said in err and all(line.startswith("error: ") for line in err.splitlines() if line)
    assert {path.name for path in tmp_path.iterdir()} - before <= {"data"}


def test_an_existing_file_is_not_overwritten_unasked(vigie, bundle):
    before = bundle.read_bytes()
    code, _, err = vigie("export", CRISES / "dax-2021.yaml", "-o", bundle)
    assert code == 1 and "--force" in err and bundle.read_bytes() == before
    assert vigie("export", CRISES / "brest-2023.yaml", "-o", bundle, "--force")[0] == 0


def test_a_node_is_enrolled_once_its_fingerprint_was_compared(vigie, bundle, tmp_path):
    from vigie.journal import Journal, open_store
    from vigie.journal.authority import registry
    from vigie.web import node

    node.prepare(tmp_path / "data")
    here = node.create(tmp_path / "data", node="valmont", role="hospital", organisation="valmont", name="Valmont")
    store = open_store(str(tmp_path / "data" / "journal.db"))
    Journal(store, here.identity(), lambda size: bytes(size)).introduce("hospital", ["valmont"], "x", datetime.now(UTC))
    vigie("merge", bundle)
    out = vigie("checkpoints", tmp_path / "data")[1]
    lines = out.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("ch-dax/"))
    log, fingerprint = lines[place].split(":")[0], lines[place + 1].split("key ")[1]
    code, _, err = vigie("enrol", log, "--fingerprint", "0000-0000", "--speaks-for", "ch-dax")
    assert code == 1 and "another fingerprint" in err
    code, _, err = vigie("enrol", "ch-dax/0000000000000000", "--fingerprint", fingerprint, "--speaks-for", "ch-dax")
    assert code == 1 and "Merge a bundle" in err
    assert registry(store.received(), store.own_logs()).relation(log, "ch-dax") == "stranger"
    code, out, _ = vigie("enrol", log, "--fingerprint", fingerprint.lower(), "--speaks-for", "ch-dax")
    assert code == 0 and "is trusted here" in out
    assert registry(store.received(), store.own_logs()).relation(log, "ch-dax") == "own"
    store.close()


def test_a_place_that_cannot_be_written_is_told_and_left_clean(vigie, tmp_path):
    code, _, err = vigie("export", CRISES / "dax-2021.yaml", "-o", "/proc/x.vigie")
    assert code == 1 and err.startswith("error: /proc/x.vigie: ")
    code, _, err = vigie("export", CRISES / "dax-2021.yaml", "-o", tmp_path / "absent" / "x.vigie")
    assert code == 1 and err.startswith("error: ") and not list(tmp_path.glob(".x*"))
