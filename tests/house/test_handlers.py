"""No fault is swallowed: every handler names what it catches and does something about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import parsed, python_files, shown

EVERYTHING = {"Exception", "BaseException"}


def test_no_fault_is_swallowed():
    faults = [
        f"{shown(path)}:{line}: {what}"
        for path in python_files("src", "tests", "benchmarks", "tools")
        for line, what in swallowed(parsed(path))
    ]
    assert not faults, "\n".join(faults)


def swallowed(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every handler that catches without naming, or catches everything and does nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield node.lineno, "bare except: name what is expected"
            elif _catches_everything(node.type) and all(_does_nothing(step) for step in node.body):
                yield node.lineno, "everything is caught and nothing is done about it"
        elif isinstance(node, ast.Call) and _suppresses_everything(node):
            yield node.lineno, "suppress() of everything: name what is expected"


def _catches_everything(caught: ast.expr) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(ast.unparse(name).split(".")[-1] in EVERYTHING for name in names)


def _suppresses_everything(call: ast.Call) -> bool:
    return ast.unparse(call.func).endswith("suppress") and any(map(_catches_everything, call.args))


def _does_nothing(step: ast.stmt) -> bool:
    return isinstance(step, (ast.Pass, ast.Continue, ast.Break)) or (
        isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)
    )


@pytest.mark.parametrize(
    "source",
    [
        "try: f()\nexcept: log()",
        "try: f()\nexcept Exception: pass",
        "try: f()\nexcept (ValueError, Exception): ...",
        "while g():\n    try: f()\n    except BaseException: continue",
        "with contextlib.suppress(Exception): f()",
    ],
)
def test_a_swallowed_fault_is_found(source):
    assert list(swallowed(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "try: f()\nexcept ValueError: pass  # expected: the file may be gone",
        "try: f()\nexcept Exception as fault: record(fault)",
        "with suppress(FileNotFoundError): f()",
    ],
)
def test_an_honest_handler_passes(source):
    assert not list(swallowed(ast.parse(source)))
