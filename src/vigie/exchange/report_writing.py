"""The files of a report: pages, prints, workbooks, CSV files, open data, and `figures.json` that they are all made from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from pathlib import Path
from typing import NamedTuple

from vigie.exchange.opendata import About, write_bundle
from vigie.exchange.report_files import csv_files, workbook
from vigie.observe.report import content as contents
from vigie.observe.report.content import Content
from vigie.observe.report.front import document
from vigie.observe.report.page import page
from vigie.observe.report.texts import say
from vigie.observe.report.typesetting import pdf

FIGURES = "figures.json"


class Licence(NamedTuple):
    """Under which terms the open data of a public edition are given: a name, and where its text is."""

    name: str
    url: str


def write_report(
    content: Content, folder: Path, licence: Licence | None = None, step: Callable[[str], None] = lambda _: None
) -> list[str]:
    """Write every file of a report into an empty folder, and return their names. The same content gives the same bytes.

    The open-data bundle is written for a public edition whose licence is given. Raises StorageError and OSError.
    """
    edition, names = content.edition, [FIGURES]
    (folder / FIGURES).write_bytes(contents.written(content))
    # Typesetting leaves Python alone: one language is set while the next is drawn.
    with ThreadPoolExecutor(1) as setting:
        prints = []
        for language in edition.languages:
            step(f"drawing, {language}")
            made, stem = document(content, language), f"report.{language}"
            prints.append((stem, setting.submit(pdf, made, edition.date)))
            (folder / f"{stem}.html").write_bytes(page(made))
            step(f"filling the workbook, {language}")
            (folder / f"{stem}.xlsx").write_bytes(workbook(content, language))
            names += [f"{stem}.html", f"{stem}.pdf", f"{stem}.xlsx"]
        step("typesetting")
        for stem, printed in prints:
            (folder / f"{stem}.pdf").write_bytes(printed.result())
    (folder / "csv").mkdir()
    for name, made_csv in csv_files(content, edition.languages[0]).items():
        (folder / "csv" / name).write_bytes(made_csv)
    names.append("csv/")
    if licence is not None and edition.audience == "public":
        step("bundling open data")
        write_bundle(
            folder / "open-data.zip", content.tables, content.figures, _about(content, licence), _noon(content)
        )
        names.append("open-data.zip")
    return names


def _about(content: Content, licence: Licence) -> About:
    edition, language = content.edition, content.edition.languages[0]
    return About(
        name=f"vigie-{edition.year}-{edition.id}",
        title=f"{say(language, 'report')} {edition.year}",
        publisher=say(language, "observatory"),
        licence=licence.name,
        licence_url=licence.url,
        audience=edition.audience,
        date=edition.date,
        as_known_on=edition.as_known_on,
        edition=edition.id,
        digests=edition.digests,
    )


def _noon(content: Content) -> datetime:
    """The edition's own day, so that no clock is in the files."""
    return datetime.combine(content.edition.date, time(12), UTC)
