"""Files rarely pass 400 lines and functions rarely 40. Those that do are named here, and why."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.tree import parsed, python_files, shown

FILE_LINES = 400
FUNCTION_LINES = 40

LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def test_no_file_is_too_long():
    measured = {
        shown(path): lines
        for path in python_files("src", "tests", "benchmarks", "tools")
        if (lines := file_lines(parsed(path), path.read_text(encoding="utf-8"))) > FILE_LINES
    }
    judge(measured, LONG_FILES, FILE_LINES, "LONG_FILES")


def test_no_function_is_too_long():
    measured = {
        f"{shown(path)}:{name}": lines
        for path in python_files("src")
        for name, lines in functions(parsed(path))
        if lines > FUNCTION_LINES
    }
    judge(measured, LONG_FUNCTIONS, FUNCTION_LINES, "LONG_FUNCTIONS")


def judge(measured: dict[str, int], excused: dict[str, str], limit: int, where: str) -> None:
    """Fail on what is too long and not excused, and on an excuse that is no longer needed or gives no reason."""
    faults = [f"{name}: {lines} lines (limit {limit})" for name, lines in measured.items() if name not in excused]
    faults += [f"{name}: no longer too long, take it out of {where}" for name in excused if name not in measured]
    faults += [f"{name}: {where} gives no reason" for name, reason in excused.items() if len(reason) < 20]
    assert not faults, "\n".join(faults)


def file_lines(tree: ast.Module, text: str) -> int:
    """Lines of a file, without its data tables: literals at the top level are data and may be as long as they are."""
    tables = (node for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign)) and is_table(node.value))
    return len(text.splitlines()) - sum(node.end_lineno - node.lineno for node in tables)


def is_table(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return any(is_table(argument) for argument in (*value.args, *(word.value for word in value.keywords)))
    return isinstance(value, (ast.Dict, ast.List, ast.Tuple, ast.Set)) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Each function with its lines, its docstring left out. A function inside another is counted in both."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{prefix}{node.name}", function_lines(node)
        name = getattr(node, "name", None)
        yield from functions(node, f"{prefix}{name}." if name and not isinstance(node, ast.alias) else prefix)


def function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node) is not None:
        lines -= node.body[0].end_lineno - node.body[0].lineno + 1
    return lines


def test_the_ruler_measures():
    text = '"""Doc."""\nTABLE = {\n    1: 2,\n    3: 4,\n}\n\n\ndef f():\n    """Two\n    lines."""\n    return 1\n'
    assert file_lines(ast.parse(text), text) == len(text.splitlines()) - 3
    assert dict(functions(ast.parse(text))) == {"f": 2}
    nested = "class A:\n    def f(self):\n        def g():\n            return 1\n        return g\n"
    assert dict(functions(ast.parse(nested))) == {"A.f": 4, "A.f.g": 2}
