"""`vigie plan --rcpsp` as a stranger uses it: what it prints, and how it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import psplib
from tests.rebuild.test_rcpsp import PATTERSON, PSPLIB
from vigie.cli import main


@pytest.fixture
def vigie(capsys, monkeypatch, tmp_path):
    """`vigie("--rcpsp", path)` is (exit code, stdout, stderr) of `vigie plan --rcpsp path`, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("vigie.cli.plan._age_seconds", lambda: 0.0)  # the tests' own process is old

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["vigie", "plan", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.mark.parametrize(("text", "name"), [(PATTERSON, "made.rcp"), (PSPLIB, "made.sm")])
def test_json_is_all_there_is_on_stdout(vigie, tmp_path, text, name):
    (tmp_path / name).write_text(text, encoding="utf-8")
    code, out, err = vigie("--rcpsp", name, "--format", "json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["makespan", "bound", "start"]
    assert (answer["makespan"], answer["bound"]) == (7, 7)
    assert all(type(start) is int for start in answer["start"])
    assert psplib.faults(PATTERSON, answer["start"]) == []


def test_the_table_says_what_is_proved(vigie, tmp_path):
    (tmp_path / "made.rcp").write_text(PATTERSON, encoding="utf-8")
    code, out, _ = vigie("--rcpsp", "made.rcp", "--seconds", "5")
    assert code == 0
    assert out.splitlines()[0] == "made.rcp: makespan 7, proved shortest"
    assert [line.split() for line in out.splitlines()[-2:]] == [["4", "5", "7"], ["5", "7", "7"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to plan"),
        (("reference", "--rcpsp", "made.rcp"), "exclude one another"),
        (("--rcpsp", "made.rcp", "--state", "journal"), "has no journal"),
        (("--rcpsp", "none.rcp"), "none.rcp: No such file"),
        (("--rcpsp", "."), ". is a folder"),
        (("--rcpsp", "short.rcp"), "short.rcp, line 9: the file ends where the duration of activity 5 should stand"),
    ],
)
def test_a_refusal_is_one_line(vigie, tmp_path, words, said):
    (tmp_path / "made.rcp").write_text(PATTERSON, encoding="utf-8")
    (tmp_path / "short.rcp").write_text(PATTERSON[: PATTERSON.rindex("0 0 0 0")], encoding="utf-8")
    code, out, err = vigie(*words)
    assert (code, out) == (1, "")
    assert err.startswith("error: ") and err.count("\n") == 1 and said in err
