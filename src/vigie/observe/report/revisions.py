"""Revisions: what moved in the yearly figures since a previous edition, and why, from the versions known in between."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vigie.observe.edition import Edition, moved
from vigie.observe.report.content import Content
from vigie.observe.report.texts import term
from vigie.observe.report.views import View, view_of
from vigie.observe.table import Figures, Table

# Why a yearly count moves, in the order of the columns. `late`: unknown then; `back`: left out then, counted now; `duplicate`,
# `out_of_scope`, `no_incident`, `withdrawn`: counted then, no longer; `moved_out`, `moved_in`: counts in another year now.
# The last two move no total: `requalified` (origin, significance), `corrected` (anything else).
REASONS = (
    "late",
    "back",
    "duplicate",
    "out_of_scope",
    "no_incident",
    "withdrawn",
    "moved_out",
    "moved_in",
    "requalified",
    "corrected",
)
QUALIFIED = ("malicious", "origin", "significance", "ransomware_extent")
BOOKKEEPING = {
    "version",
    "known_from",
    "known_until",
    "source_digest",
    "entries",
    "record",
    "recorded_at",
    "source_place",
    "state",
    "stage",
}
READ = ("declaration", "year", "duplicate_of", "state", "nature")
HIDDEN, SMALLEST = "hidden", 5
SHOWN = 60


def revisions(
    previous: Content, edition: Edition, tables: Mapping[str, Table], figures: Mapping[str, Figures], versions: pa.Table
) -> dict[str, Any]:
    """Plain values for `Content.revisions`. `versions`: every version of the declarations of this realm and sector."""
    expected = {"date", "as_known_on", "source.rows", "source.digest", "year", "languages"}
    pins = [
        each for each in moved(previous.edition, edition) if each not in expected and not each.startswith("source.log")
    ]
    found = reasons(versions, previous.edition.as_known_on, edition.as_known_on)
    shown = {year: each for year, each in sorted(found.items()) if year <= edition.year}
    return {
        "edition": previous.edition.id,
        "since": previous.edition.as_known_on.astimezone(UTC).isoformat(),
        "pins": pins,
        "reasons": {str(year): _shown(each, edition) for year, each in shown.items()},
        "cells": cells(previous, tables, figures, min(previous.edition.year, edition.year))[:SHOWN],
    }


def reasons(versions: pa.Table, before: datetime, after: datetime) -> dict[int, Counter[str]]:
    """For each year, how many declarations moved its count, or moved inside it, between two moments, by reason."""
    then, now = _standing(versions, before), _standing(versions, after)
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for name in sorted(then.keys() | now.keys()):
        old, new = then.get(name), now.get(name)
        if old == new:
            continue
        was, is_ = (each["year"] if each and not _left_out(each) else None for each in (old, new))
        if was is None and is_ is not None:
            found[is_]["back" if old else "late"] += 1
        elif was is not None and is_ is None:
            found[was][_left_out(new) if new else "withdrawn"] += 1
        elif was is not None and is_ is not None and old and new:
            if was != is_:
                found[was]["moved_out"] += 1
                found[is_]["moved_in"] += 1
            else:
                requalified = any(old[each] != new[each] for each in QUALIFIED)
                found[is_]["requalified" if requalified else "corrected"] += 1
    return dict(found)


def cells(
    previous: Content, tables: Mapping[str, Table], figures: Mapping[str, Figures], year: int
) -> list[dict[str, Any]]:
    """The counts that two editions print otherwise, of tables by year and at most one name, up to a year both know."""
    found = []
    for name, table in tables.items():
        if len(table.dimensions) > 2 or name not in previous.figures:
            continue
        old, new = (
            view_of(each, held[name], year)
            for each, held in ((previous.tables[name], previous.figures), (table, figures))
        )
        found += _moved(old, new)
    return found


def _moved(old: View, new: View) -> list[dict[str, Any]]:
    found = []
    for when in new.years:
        for key in new.order:
            before, after = (each.get(each.main.name, when, key) for each in (old, new))
            if when not in old.years or (before.number or 0, before.hidden) == (after.number or 0, after.hidden):
                continue
            found.append({
                "figure": {language: _title(new, key, language) for language in ("fr", "en")},
                "year": when,
                "before": None if before.hidden else before.number or 0,
                "after": None if after.hidden else after.number or 0,
            })  # fmt: skip
    return found


def _title(shown: View, key: tuple[Any, ...], language: str) -> str:
    names = [term(each, value, language) for each, value in zip(shown.table.dimensions[1:], key, strict=True)]
    return (
        " : ".join([shown.table.title[language], *names])
        if language == "fr"
        else ": ".join([shown.table.title[language], *names])
    )


def _standing(versions: pa.Table, at: datetime) -> dict[str, dict[str, Any]]:
    """Each declaration as it stood, without the columns that only keep the books, except those that say whether it counts."""
    instant = pa.scalar(at.astimezone(UTC).replace(tzinfo=None), pa.timestamp("us"))
    open_then = pc.or_kleene(pc.is_null(versions["known_until"]), pc.greater(versions["known_until"], instant))
    held = versions.filter(pc.and_kleene(pc.less_equal(versions["known_from"], instant), open_then))
    names = [name for name in held.column_names if name not in BOOKKEEPING or name in READ]
    found = {}
    for row in held.select(names).to_pylist():
        row["state"] = "out_of_scope" if row["state"] == "out_of_scope" else ""
        found[row["declaration"]] = row
    return found


def _left_out(row: Mapping[str, Any]) -> str:
    """Why a declaration does not count; empty when it does. The first reason that holds, as in `received_and_kept`."""
    if row["duplicate_of"] is not None:
        return "duplicate"
    if row["state"] == "out_of_scope":
        return "out_of_scope"
    return "" if row["nature"] == "incident" else "no_incident"


def _shown(found: Counter[str], edition: Edition) -> dict[str, int | str]:
    """Counts of reasons; in public, none of a year where one is small: they add up to a difference that is published."""
    small = edition.audience == "public" and any(0 < count < SMALLEST for count in found.values())
    return {name: HIDDEN if small and found[name] else found[name] for name in REASONS if found[name]}
