"""Typesetting: a document as a tagged PDF (PDF/UA-1) by Typst, the same bytes for the same document.

No font of the machine is used. Words are set in the fonts that Typst carries; the words inside charts are drawn as outlines of
the font that vl-convert carries, so that a chart looks the same on every machine and in the page.
"""

from __future__ import annotations

import json
import re
import tempfile
from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst
import vl_convert

from vigie.errors import StorageError
from vigie.observe.charts.render import Picture
from vigie.observe.report.document import Block, Document, Drawing, Grid, KeyFigures, Paragraph
from vigie.observe.report.texts import say

TEMPLATE = Path(__file__).parent / "report.typ"
_INNER = re.compile(rb'xlink:href="data:image/svg\+xml;base64,([^"]+)"')


def pdf(document: Document, dated: date) -> bytes:
    """The PDF of a document, dated `dated` at noon UTC. Raises StorageError when Typst refuses it."""
    pictures = [
        block.picture for section in document.sections for block in section.blocks if isinstance(block, Drawing)
    ]
    outlined = dict(zip((each.name for each in pictures), outlines(pictures), strict=True))
    said = json.dumps(_plain(document, outlined, dated), ensure_ascii=True)
    stamp = int(datetime.combine(dated, time(12), UTC).timestamp())
    try:
        return typst.compile(
            str(TEMPLATE), sys_inputs={"data": said}, pdf_standards="ua-1", ignore_system_fonts=True, timestamp=stamp
        )
    except typst.TypstError as error:
        raise StorageError(
            f"the report could not be typeset ({error}). Its page (HTML) and its workbook hold the same figures"
        ) from error


def outlines(pictures: Sequence[Picture]) -> list[str]:
    """The pictures as SVG whose letters are drawn shapes.

    vl-convert writes each as a PDF with the letters of its own font; Typst takes that PDF apart into paths.
    """
    if not pictures:
        return []
    with tempfile.TemporaryDirectory(prefix="vigie-") as folder:
        for index, each in enumerate(pictures):
            (Path(folder) / f"{index}.pdf").write_bytes(vl_convert.svg_to_pdf(each.svg))
        pages = "".join(f'#page(image("{index}.pdf"))\n' for index in range(len(pictures)))
        source = Path(folder) / "outlines.typ"
        source.write_text(f"#set page(width: auto, height: auto, margin: 0pt)\n{pages}", encoding="utf-8")
        made = typst.compile(str(source), format="svg", ignore_system_fonts=True)
    drawn = made if isinstance(made, list) else [made]
    return [b64decode(_INNER.search(each)[1]).decode() for each in drawn]  # type: ignore[index]


def _plain(document: Document, outlined: dict[str, str], dated: date) -> dict[str, Any]:
    """The document as the template reads it."""
    words = ("contents", "figure", "table", "page")
    return {
        "language": document.language,
        "title": document.title,
        "subtitle": document.subtitle,
        "publisher": document.publisher,
        "facts": document.facts,
        "running": document.running,
        "edition": document.edition,
        "band": document.band,
        "date": [dated.year, dated.month, dated.day],
        "words": {word: say(document.language, word) for word in words},
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "level": section.level,
                "blocks": [_block(block, outlined) for block in section.blocks],
            }
            for section in document.sections
        ],
    }


def _block(block: Block, outlined: dict[str, str]) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"is": "paragraph", "text": block.text, "kind": block.kind}
    if isinstance(block, KeyFigures):
        return {"is": "keys", "items": [each._asdict() for each in block.items]}
    if isinstance(block, Drawing):
        return {
            "is": "drawing",
            "number": block.number,
            "caption": block.caption,
            "note": block.note,
            "svg": outlined[block.picture.name],
            "alt": block.picture.alt,
            "wide": block.picture.width,
            "high": block.picture.height,
        }
    if isinstance(block, Grid):
        return {
            "is": "grid",
            "number": block.number,
            "caption": block.caption,
            "columns": block.columns,
            "rows": [[each._asdict() for each in row] for row in block.rows],
            "names": block.names,
            "totals": block.totals,
            "note": block.note,
        }
    return {"is": "terms", "items": block.items, "mono": block.mono}
