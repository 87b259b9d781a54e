"""The tables in DuckDB's SQL, one query a table, as an analyst would write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.tables_spec import BY, CAUSES, DELAYS, DURATIONS, EACH, GROUPS, PART, PEOPLE

RECEIVED = "known_until IS NULL AND realm = 'simulated'"
KEPT = f"{RECEIVED} AND duplicate_of IS NULL AND state <> 'out_of_scope' AND nature = 'incident'"
MINUTES = "(epoch(date_trunc('minute', declared_at))::BIGINT - epoch(date_trunc('minute', detected_at))::BIGINT) // 60"


def classes(value: str, limits: tuple[tuple[str, int], ...], beyond: str = "more") -> str:
    steps = " ".join(f"WHEN {value} <= {limit} THEN '{name}'" for name, limit in limits)
    return f"CASE WHEN {value} IS NULL THEN 'unknown' {steps} ELSE '{beyond}' END"


DIMENSIONS = {
    "half_year": "CASE WHEN month IS NULL THEN 'unknown' WHEN month <= 6 THEN 'first' ELSE 'second' END",
    "structure_group": "CASE "
    + " ".join(f"WHEN establishment_kind IN {kinds} THEN '{group}'" for group, kinds in GROUPS.items())
    + " ELSE 'unknown' END",
    "extent": "coalesce(ransomware_extent, 'unknown')",
    "any_data_impact": "CASE WHEN len(data_impact) = 0 THEN 'unknown' WHEN data_impact = ['none'] THEN 'none' ELSE 'yes' END",
    "people_class": classes("people_affected", PEOPLE),
    "duration_class": classes("hours_degraded", DURATIONS),
    "delay_class": f"CASE WHEN {MINUTES} IS NULL OR {MINUTES} < 0 THEN 'unknown'"
    " WHEN declared_at::DATE = detected_at::DATE THEN 'same_day' "
    + " ".join(f"WHEN {MINUTES} <= {limit} THEN '{name}'" for name, limit in DELAYS)
    + " ELSE 'more' END",
}
WHERE = {
    "": "true",
    "malicious": "malicious = 'yes'",
    "not_malicious": "malicious = 'no'",
    "ransomware": "origin = 'ransomware'",
    "disrupted": "functioning IN ('degraded', 'interruption')",
    "asked": "support_asked = 'yes'",
    "by_the_state": "list_has_any(support_by, ['anssi', 'fssi'])",
    "touched": "len(data_impact) > 0 AND data_impact <> ['none']",
    "helped": "support_given = 'yes' OR len(support_by) > 0",
    "closed": "state = 'closed'",
    "disclosed": "list_contains(data_impact, 'disclosure')",
    "by_the_cert": "list_contains(support_by, 'cert-sante')",
}


def queries(source: str, year: int | None) -> dict[str, tuple[int, str]]:
    """Table -> how many dimensions, and its query."""
    in_year = "" if year is None else f" AND year = {year}"
    kept, received = f"FROM {source} WHERE {KEPT}{in_year}", f"FROM {source} WHERE {RECEIVED}{in_year}"
    made: dict[str, tuple[int, str]] = {}
    for name, by in BY.items():
        named = ", ".join(f"{DIMENSIONS.get(each, each)} AS {each}_" for each in by.dimensions)
        within = ", ".join(["year", *(f"{each}_" for each in by.dimensions[: by.within])])
        rows = f"SELECT year, {named}, count(*) AS n {kept} AND ({WHERE[by.where]}) GROUP BY ALL"
        total = f"sum(n) OVER (PARTITION BY {within})"
        made[name] = (1 + len(by.dimensions), f"SELECT *, {total} AS total, n / total FROM ({rows})")
    for name, each in EACH.items():
        keys = "year" + (f", {each.within}" if each.within else "")
        rows = f"{kept} AND ({WHERE[each.where]})"
        terms = f"CASE WHEN len({each.terms}) = 0 THEN ['unknown'] ELSE list_distinct({each.terms}) END"
        parts = f"SELECT {keys}, unnest({terms}) AS term {rows}"
        made[name] = (
            3 if each.within else 2,
            f"SELECT {keys}, term, n, total, n / total FROM (SELECT {keys}, term, count(*) AS n FROM ({parts}) GROUP BY ALL)"
            f" JOIN (SELECT {keys}, count(*) AS total {rows} GROUP BY ALL) USING ({keys})",
        )
    for name, part in PART.items():
        counts = f"SELECT year, count(*) FILTER ({WHERE[part.condition]}) AS n, count(*) AS total {kept} GROUP BY year"
        made[name] = (1, f"SELECT *, n / total FROM ({counts})")
    return made | special(kept, received)


def special(kept: str, received: str) -> dict[str, tuple[int, str]]:
    """The tables of a shape of their own."""
    group, sized = DIMENSIONS["structure_group"], classes("n", CAUSES, "ten_or_more")
    known = f"{kept} AND declarant IS NOT NULL"
    total = "sum({0}) OVER (PARTITION BY year) AS total, {0} / total"
    perimeter = (
        "CASE WHEN duplicate_of IS NOT NULL THEN 'duplicate' WHEN state = 'out_of_scope' THEN 'out_of_scope'"
        " WHEN nature <> 'incident' THEN 'no_incident' ELSE 'kept' END"
    )
    three = "quantile_cont({0}, 0.25){1}, quantile_cont({0}, 0.5){1}, quantile_cont({0}, 0.75){1}"
    return {
        "declarations_per_year": (1, f"SELECT year, count(*) {kept} GROUP BY year"),
        "mean_per_month": (
            1,
            f"SELECT year, count(*), count(DISTINCT month), count(*) / count(DISTINCT month) {kept} AND month IS NOT NULL"
            " GROUP BY year",
        ),
        "received_and_kept": (
            2,
            f"SELECT *, {total.format('n')} FROM (SELECT year, {perimeter} AS p, count(*) AS n {received} GROUP BY ALL)",
        ),
        "received_by_nature": (
            2,
            f"SELECT *, {total.format('n')} FROM (SELECT year, nature, count(*) AS n {received} AND duplicate_of IS NULL"
            " AND state <> 'out_of_scope' GROUP BY ALL)",
        ),
        "declarants": (
            1,
            "SELECT year, count(DISTINCT declarant) AS d, count(*) AS n, count(*) - count(declarant), count(declarant) / d"
            f" {kept} GROUP BY year",
        ),
        "repeat_declarants": (
            2,
            f"SELECT *, {total.format('d')} FROM (SELECT year, CASE n WHEN 1 THEN 'one' WHEN 2 THEN 'two' WHEN 3 THEN 'three'"
            " ELSE 'four_or_more' END AS c, count(*) AS d FROM (SELECT year, declarant, count(*) AS n"
            f" {known} GROUP BY ALL) GROUP BY ALL)",
        ),
        "declarants_by_structure_group": (
            2,
            f"SELECT year, {group} AS g, count(DISTINCT declarant), count(*) {kept} GROUP BY ALL",
        ),
        "essential_entities_that_declared": (
            1,
            "SELECT year, count(DISTINCT declarant) FILTER (essential_entity = 'yes') AS e, count(DISTINCT declarant) AS d, e / d"
            f" {known} GROUP BY year",
        ),
        "people_affected": (
            1,
            f"SELECT year, count(people_affected), count(*) - count(people_affected), sum(people_affected) {kept} GROUP BY year",
        ),
        "hours_degraded": (
            1,
            f"SELECT year, count(hours_degraded), count(*) - count(hours_degraded), {three.format('hours_degraded', '')} {kept}"
            f" AND {WHERE['disrupted']} GROUP BY year",
        ),
        "by_cause_size": (
            2,
            f"SELECT year, c, d, {total.format('d')}, k FROM (SELECT year, CASE WHEN cause_group IS NULL THEN 'unlinked' ELSE"
            f" {sized} END AS c, sum(n) AS d, count(cause_group) AS k FROM (SELECT year, cause_group, count(*) AS n {kept}"
            " GROUP BY ALL) GROUP BY ALL)",
        ),
        "declaration_delay": (
            1,
            f"SELECT year, count(m), count(*) - count(m), {three.format('m', ' / 60')} FROM (SELECT year, CASE WHEN {MINUTES} >= 0"
            f" THEN {MINUTES} END AS m {kept}) GROUP BY year",
        ),
    }


def tables(folder: Path, year: int | None) -> dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]:
    """Each table: measures by dimensions."""
    con = duckdb.connect(config={"memory_limit": "1GB"})
    made = {}
    for name, (width, query) in queries(f"read_parquet('{folder}/*.parquet')", year).items():
        made[name] = {row[:width]: row[width:] for row in con.execute(query).fetchall()}
    return made
