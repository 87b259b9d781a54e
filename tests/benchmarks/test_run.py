"""The table of measures: a measure that breaks or misses its goal is seen, and hides no other."""

from __future__ import annotations

import ast
import json
import sys
from types import SimpleNamespace

import pytest

from benchmarks import run
from benchmarks.row import Row, judged
from tests.house.tree import parsed, python_files, shown


@pytest.fixture
def modules(monkeypatch, tmp_path):
    """Put measures of our own in place of the real ones: name -> what `measure` does."""
    monkeypatch.setattr(run, "HERE", tmp_path)

    def install(**measures):
        for name, measure in measures.items():
            (tmp_path / f"bench_{name}.py").touch()
            monkeypatch.setitem(sys.modules, f"benchmarks.bench_{name}", SimpleNamespace(measure=measure))

    return install


def good(quick):
    return [Row("appends", 1234.0, "entries/s", "raw sqlite3", 1500.0, "at least half", judged(True, quick=quick))]


def missed(quick):
    return [Row("page", 240.0, "ms", target="under 150 ms", met=judged(False, quick=quick))]


def broken(quick):
    raise ValueError("the disk is full")


def test_all_goals_met(modules, capsys):
    modules(appends=good)
    assert run.main([]) == 0
    shown_text = capsys.readouterr().out
    assert all(said in shown_text for said in ("appends", "1,234 entries/s", "1,500 raw sqlite3", "yes", "fsync"))


def test_a_missed_goal_fails_and_a_quick_run_judges_nothing(modules):
    modules(page=missed)
    assert run.main([]) == 1
    assert run.main(["--quick"]) == 0


def test_a_broken_measure_hides_no_other(modules, capsys):
    modules(appends=good, disk=broken)
    assert run.main([]) == 1
    said = capsys.readouterr()
    assert "1,234 entries/s" in said.out
    assert "the disk is full" in said.err


def test_one_is_chosen_and_the_figures_are_written(modules, tmp_path):
    modules(appends=good, disk=broken)
    assert run.main(["--only", "appends", "--json", str(tmp_path / "out.json")]) == 0
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [measured["name"] for measured in written["measures"]] == ["appends"]
    assert written["measures"][0]["rows"][0]["theirs"] == 1500.0
    assert written["machine"]["fsync_ms"] > 0


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (12345.6, "12,346"), (100.4, "100"), (45.64, "45.6"), (0.01234, "0.0123")]
)
def test_three_figures_count(value, text):
    assert run.figure(value) == text


def test_every_measure_has_its_function():
    for path in python_files("benchmarks"):
        if path.name.startswith("bench_"):
            functions = {node.name for node in parsed(path).body if isinstance(node, ast.FunctionDef)}
            assert "measure" in functions, f"{shown(path)} has no measure(quick)"
