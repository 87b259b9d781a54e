"""Nothing in a page escapes escaping, and nothing in a template would need a hole in the content security policy."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.tree import parsed, python_files, shown, templates

IN_TEMPLATES = {
    r"\|\s*(safe|safeseq)\b": "raw HTML: let the template escape it",
    r"{%\s*autoescape\s+off": "raw HTML: let the template escape it",
    r"<script\b(?![^>]*\bsrc\s*=)": "inline script: put it in a static file and give it a src",
    r"<style\b": "inline style sheet: put it in a static file",
    r"<[^>]*\sstyle\s*=": "style attribute: use a class",
    r"<[^>]*\son[a-z]+\s*=": "inline event handler: attach it from a static script",
    r"\bhx-on\b": "inline event handler: attach it from a static script",
    r"\bjavascript\s*:": "script in a link: attach it from a static script",
    r"hx-(vals|headers|vars)\s*=\s*[\"']js:": "script in an htmx attribute: send plain values",
}
IN_PYTHON = {"mark_safe", "SafeString", "SafeText", "safestring"}


def test_templates_are_clean():
    faults = [
        f"{shown(path)}:{line}: {what}"
        for path in templates()
        for line, what in marks(path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


def test_python_makes_no_raw_html():
    faults = [
        f"{shown(path)}:{line}: {what}" for path in python_files("src/vigie") for line, what in unsafe(parsed(path))
    ]
    assert not faults, "\n".join(faults)


def marks(template: str) -> Iterator[tuple[int, str]]:
    """Every raw or inline mark of a template, with its line. Comments count: what is commented out comes back."""
    for pattern, what in IN_TEMPLATES.items():
        for found in re.finditer(pattern, template, re.IGNORECASE):
            yield template.count("\n", 0, found.start()) + 1, f"{found.group().strip()[:60]!r}: {what}"


def unsafe(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every way around escaping in Python. `format_html` escapes its arguments; its pattern must be a literal."""
    for node in ast.walk(tree):
        name = getattr(node, "id", None) or getattr(node, "attr", None)
        if isinstance(node, (ast.Name, ast.Attribute)) and name in IN_PYTHON:
            yield node.lineno, f"{name}: build the text with format_html or in a template"
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in IN_PYTHON:
                    yield node.lineno, f"{alias.name}: build the text with format_html or in a template"
        if isinstance(node, ast.Call) and _called(node) in {"format_html", "format_html_join"}:
            pattern = node.args[1 if _called(node) == "format_html_join" and len(node.args) > 1 else 0 : 2][:1]
            if not (pattern and isinstance(pattern[0], ast.Constant)):
                yield node.lineno, f"{_called(node)}: its pattern must be a literal"


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", None) or getattr(node.func, "attr", "")


@pytest.mark.parametrize(
    "template",
    [
        "{{ text|safe }}",
        "{{ rows | safeseq }}",
        "{% autoescape off %}{{ text }}{% endautoescape %}",
        "<script>alert(1)</script>",
        '<script nonce="{{ n }}">go()</script>',
        "<style>p { color: red }</style>",
        '<p class="a"\n   style="color: red">',
        '<button onclick="go()">',
        '<form\n onsubmit = "return false">',
        '<a href="javascript:void(0)">',
        '<div hx-on:click="go()">',
        "<div hx-vals='js:{a: 1}'>",
    ],
)
def test_a_mark_is_found(template):
    assert list(marks(template))


@pytest.mark.parametrize(
    "template",
    [
        "{{ text }} une situation stable, on = oui",
        "<script src=\"{% static 'vigie/page.js' %}\" defer></script>",
        '<div class="style" data-on="x" hx-get="/incidents">',
        '{% if mode == "safe" %}{{ common }}{% endif %}',
    ],
)
def test_a_clean_template_passes(template):
    assert not list(marks(template))


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils.safestring import mark_safe",
        "x = safestring.mark_safe(text)",
        "x = SafeString(text)",
        "x = format_html(text)",
        "x = format_html(f'<b>{text}</b>')",
        "x = format_html_join('', pattern, rows)",
    ],
)
def test_raw_html_in_python_is_found(source):
    assert list(unsafe(ast.parse(source)))


def test_escaped_html_in_python_passes():
    assert not list(unsafe(ast.parse("x = format_html('<b>{}</b>', text) + format_html_join('', '<i>{}</i>', rows)")))
