"""Making: from declarations to the content of an edition. Same arguments, same content, whenever it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from vigie.observe import compute, vocabulary
from vigie.observe.declarations import as_known_on, counted
from vigie.observe.denominators import Denominators
from vigie.observe.disclosure import exemptions, protect
from vigie.observe.edition import Edition, canonical, code_digest, digest, software, source_of
from vigie.observe.engine import fetched, held_in_memory
from vigie.observe.recapture import Listed
from vigie.observe.report.content import Content, read, rounded, written
from vigie.observe.report.revisions import revisions
from vigie.observe.report.statistics import statistics
from vigie.observe.rule_changes import rule_changes
from vigie.observe.table import Figures

NONE = "none"


class Material(NamedTuple):
    """What an edition may be made with besides the declarations. `previous`: earlier editions, oldest first.

    `frontier`: pins of the journal the declarations came from, `log NODE/INCARNATION` -> size and root.
    """

    frontier: Mapping[str, str] = {}
    denominators: Denominators | None = None
    previous: Sequence[Content] = ()
    listed: Sequence[Listed] | None = None


BARE = Material()


def make(
    asked: Edition, versions: pa.Table, material: Material = BARE, step: Callable[[str], None] = lambda _: None
) -> Content:
    """The content of an edition. `asked`: its year, day, moment, audience, realm, languages and sector; the pins are set here.

    `versions`: every version of every declaration. `step` is told what is being done. Raises InputError, RefusedError.
    """
    step("counting")
    sector = asked.sector or None
    tables = {name: each for name, each in compute.chosen(None).items() if name not in asked.without}
    figures = compute.compute(versions, tables, sector=sector, as_known_on=asked.as_known_on, realm=asked.realm)
    shown = {name: _upto(each, asked.year) for name, each in figures.items()}
    if asked.audience == "public":
        step("protecting small counts")
        past = [each.figures for each in material.previous if each.edition.audience == "public"]
        shown = protect(tables, shown, previous=past)
    step("measuring")
    edition = replace(asked, source=_source(versions, asked, material), digests=_digests(material), software=software())
    rows = held_in_memory(versions)
    rows = counted(as_known_on(rows, asked.as_known_on), asked.realm)
    known = fetched(rows if sector is None else rows.filter(rows.sector == sector))
    numbers = statistics(edition, tables, shown, known, material.denominators, material.listed)
    if asked.audience == "public" and exemptions():
        numbers["exemptions"] = [
            {"table": each.table, "measure": each.measure, "reason": dict(each.reason), "source": each.source}
            for each in exemptions()
        ]
    moved = None
    if material.previous:
        moved = revisions(material.previous[-1], edition, tables, shown, _of(versions, asked))
    content = Content(edition, tables, shown, rounded(numbers), rounded(moved))
    # Pages are made of what the file says, and of nothing that it leaves out.
    return read(written(content))


def _upto(figures: Figures, year: int) -> Figures:
    """The rows of the year and of those before it: later years belong to later editions."""
    return replace(figures, rows=tuple(row for row in figures.rows if row[0] is not None and row[0] <= year))


def _of(versions: pa.Table, asked: Edition) -> pa.Table:
    kept = versions.filter(pc.equal(versions["realm"], asked.realm))
    return kept.filter(pc.equal(kept["sector"], asked.sector)) if asked.sector else kept


def _source(versions: pa.Table, asked: Edition, material: Material) -> dict[str, str]:
    return {**source_of(_of(versions, asked), asked.as_known_on), **material.frontier}


def _digests(material: Material) -> dict[str, str]:
    listed = material.listed
    return {
        "vocabulary": vocabulary.digest(),
        "tables": code_digest("tables"),
        "rule_changes": digest(canonical([_plain(each) for each in rule_changes()])),
        "exemptions": digest(canonical([_plain(each) for each in exemptions()])),
        "denominators": material.denominators.digest if material.denominators else NONE,
        "publicly_known": NONE if listed is None else digest(canonical([list(each) for each in listed])),
        "previous": digest(*(each.edition.id for each in material.previous)) if material.previous else NONE,
    }


def _plain(value: Any) -> Any:
    """A value of a data file as JSON knows it, dates as ISO 8601."""
    names = getattr(value, "_fields", None) or getattr(type(value), "__slots__", ())
    said = {name: getattr(value, name) for name in names}
    return {
        name: dict(each) if isinstance(each, Mapping) else list(each) if isinstance(each, tuple) else str(each)
        for name, each in said.items()
    }
