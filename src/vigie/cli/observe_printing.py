"""How `vigie observe` prints tables: for a person, for a script, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table as Grid

from vigie.observe.report.texts import definition, dimension_name, measure_name, term
from vigie.observe.table import Figures, Measure, Table
from vigie.observe.tables import CHAPTERS, TABLES

OVER = {"fr": ("Numérateur :", "Dénominateur :", "Exclusions :"), "en": ("Numerator:", "Denominator:", "Exclusions:")}
YEAR = {"fr": "Année", "en": "Year"}
NO_NUMBER = "—"


def print_list(out: Console, language: str) -> None:
    """Each table by chapter, with its definition."""
    chapter = ""
    for table in TABLES.values():
        if table.chapter != chapter:
            chapter = table.chapter
            out.print(f"\n[bold]{CHAPTERS[chapter][language]}[/]")
        out.print(f"\n{table.name}  {table.title[language]}", markup=False)
        said = definition(table, language)
        for name, part in zip(OVER[language], ("numerator", "denominator", "exclusions"), strict=True):
            out.print(f"    {name} {said[part]}", markup=False)


def listed_json(language: str) -> str:
    """Each table: its name, chapter, title, columns and definition."""
    made = [
        {"name": table.name, "chapter": table.chapter, "title": table.title[language], "columns": list(table.columns)}
        | definition(table, language)
        for table in TABLES.values()
    ]
    return json.dumps(made, ensure_ascii=False, indent=2)


def print_tables(out: Console, made: Mapping[str, Figures], form: str, language: str) -> None:
    """Figures as text, JSON or CSV."""
    if form == "json":
        out.file.write(as_json(made) + "\n")
    elif form == "csv":
        out.file.write(as_csv(made))
    else:
        for figures in made.values():
            out.print(as_grid(figures, language))
            out.print()


def as_json(made: Mapping[str, Figures]) -> str:
    """`{"table": {"columns": [...], "rows": [...]}}`, a row a line."""
    tables = []
    for name, figures in made.items():
        rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in figures.rows)
        columns = json.dumps(figures.columns, ensure_ascii=False)
        tables.append(f'  {json.dumps(name)}: {{"columns": {columns}, "rows": [\n{rows}\n  ]}}')
    return "{\n" + ",\n".join(tables) + "\n}"


def as_csv(made: Mapping[str, Figures]) -> str:
    """One table as it is; several as table, row, column and value, one value a line."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    if len(made) == 1:
        (figures,) = made.values()
        lines.writerows([figures.columns, *figures.rows])
        return written.getvalue()
    lines.writerow(("table", "row", "column", "value"))
    for name, figures in made.items():
        for number, row in enumerate(figures.rows, 1):
            lines.writerows((name, number, column, value) for column, value in zip(figures.columns, row, strict=True))
    return written.getvalue()


def as_grid(figures: Figures, language: str) -> Grid:
    """A table as a person reads it, with the words of its language and its definition beneath."""
    table = TABLES[figures.name]
    said = definition(table, language)
    beneath = "\n".join(f"{name} {said[part]}" for name, part in zip(OVER[language], said, strict=True))
    grid = Grid(title=table.title[language], title_justify="left", caption=beneath, caption_justify="left")
    for dimension in table.dimensions:
        grid.add_column(YEAR[language] if dimension.name == "year" else dimension_name(dimension.name, language))
    for measure in table.measures:
        grid.add_column(measure_name(measure.name, language), justify="right")
    for row in figures.rows:
        grid.add_row(*_shown(table, row, language))
    return grid


def _shown(table: Table, row: tuple[Any, ...], language: str) -> list[str]:
    width = len(table.dimensions)
    words = [term(dimension, value, language) for dimension, value in zip(table.dimensions, row, strict=False)]
    return [*words, *(_number(*each, language) for each in zip(table.measures, row[width:], strict=True))]


def _number(measure: Measure, value: Any, language: str) -> str:
    if value is None:
        return NO_NUMBER
    said = f"{value:.1%}" if measure.kind == "share" else f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    if language == "en":
        return said
    return said.replace(",", "\u202f").replace(".", ",").replace("%", "\u202f%")
