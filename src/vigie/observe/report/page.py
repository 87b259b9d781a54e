"""Page: a document as one HTML file that needs nothing else: no script, no network, its style and its pictures inside."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib import resources

from vigie.observe.report.document import Block, Cell, Document, Drawing, Grid, KeyFigures, Paragraph, Section, Terms
from vigie.observe.report.texts import say


def page(document: Document) -> bytes:
    """The HTML of a document, UTF-8. Headings, landmarks, captions and scopes say what the layout shows."""
    style = (resources.files("vigie.observe.report") / "page.css").read_text(encoding="utf-8")
    language = document.language
    band = f'<aside class="band">{_text(document.band)}</aside>' if document.band else ""
    parts = [
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
        f"<title>{_text(document.title)} {_text(document.subtitle)} · {_text(document.publisher)}</title>\n",
        f"<style>\n{style}</style>\n</head>\n<body>\n",
        f'<a class="skip" href="#content">{_text(say(language, "skip"))}</a>{band}\n',
        _cover(document),
        _contents(document),
        '<main id="content">\n',
        *(_section(section, language) for section in document.sections),
        f"</main>\n<footer>{_text(document.running)} · {_text(document.edition)}</footer>\n</body>\n</html>\n",
    ]
    return "".join(parts).encode()


def _cover(document: Document) -> str:
    facts = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in document.facts)
    return (
        f'<header class="cover"><p class="publisher">{_text(document.publisher)}</p>'
        f"<h1>{_text(document.title)}<span>{_text(document.subtitle)}</span></h1>"
        f'<dl class="facts">{facts}</dl></header>\n'
    )


def _contents(document: Document) -> str:
    title = _text(say(document.language, "contents"))
    items = []
    for chapter, under in _chapters(document.sections):
        inner = "".join(f"<li>{_link(each)}</li>" for each in under)
        items.append(f"<li>{_link(chapter)}{f'<ol>{inner}</ol>' if inner else ''}</li>")
    return f'<nav class="contents" aria-labelledby="contents"><h2 id="contents">{title}</h2><ol>{"".join(items)}</ol></nav>\n'


def _chapters(sections: Iterable[Section]) -> list[tuple[Section, list[Section]]]:
    chapters: list[tuple[Section, list[Section]]] = []
    for section in sections:
        if section.level == 1 or not chapters:
            chapters.append((section, []))
        else:
            chapters[-1][1].append(section)
    return chapters


def _link(section: Section) -> str:
    return f'<a href="#{section.key}">{_text(section.title)}</a>'


def _section(section: Section, language: str) -> str:
    level = section.level + 1
    blocks = "\n".join(_block(block, language) for block in section.blocks)
    return f'<h{level} id="{section.key}">{_text(section.title)}</h{level}>\n{blocks}\n'


def _block(block: Block, language: str) -> str:
    if isinstance(block, Paragraph):
        kind = "" if block.kind == "plain" else f' class="{block.kind}"'
        return f"<p{kind}>{_text(block.text)}</p>"
    if isinstance(block, KeyFigures):
        return f'<dl class="keys">{"".join(map(_key, block.items))}</dl>'
    if isinstance(block, Drawing):
        return _drawing(block, language)
    if isinstance(block, Grid):
        return _grid(block, language)
    return _terms(block)


def _key(item: tuple[str, str, str]) -> str:
    value, label, note = item
    said = f'<dd class="note">{_text(note)}</dd>' if note else ""
    return f'<div><dt>{_text(label)}</dt><dd class="value">{_text(value)}</dd>{said}</div>'


def _drawing(drawing: Drawing, language: str) -> str:
    """A chart in a box that scrolls by itself on a narrow screen, reachable from the keyboard."""
    name = f"{say(language, 'figure')} {drawing.number}"
    marks = f'<span class="marks">{_text(drawing.note)}</span>' if drawing.note else ""
    return (
        f"<figure><figcaption>{name}. {_text(drawing.caption)}{marks}</figcaption>"
        f'<div class="scroll" tabindex="0" role="group" aria-label="{_text(name)}">{drawing.picture.svg}</div></figure>'
    )


def _grid(grid: Grid, language: str) -> str:
    name = f"{say(language, 'table')} {grid.number}"
    heads = "".join(
        f'<th scope="col"{" class=name" if index < grid.names else ""}>{_text(head)}</th>'
        for index, head in enumerate(grid.columns)
    )
    rows = "".join(_row(row, grid, index == len(grid.rows) - 1) for index, row in enumerate(grid.rows))
    note = f'<p class="note">{_text(grid.note)}</p>' if grid.note else ""
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{_text(name)}"><table>'
        f"<caption>{name}. {_text(grid.caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{note}"
    )


def _row(row: tuple[Cell, ...], grid: Grid, last: bool) -> str:
    cells = []
    for index, cell in enumerate(row):
        if index < grid.names:
            cells.append(f'<th scope="row">{_text(cell.text)}</th>')
        else:
            cells.append(f"<td{f' class={cell.state}' if cell.state else ''}>{_text(cell.text)}</td>")
    return f"<tr{' class=total' if grid.totals and last else ''}>{''.join(cells)}</tr>"


def _terms(terms: Terms) -> str:
    items = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in terms.items)
    return f'<dl class="terms{" mono" if terms.mono else ""}">{items}</dl>'


def _text(text: str) -> str:
    return escape(text)
