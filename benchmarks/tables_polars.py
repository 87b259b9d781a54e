"""The tables in Polars: one lazy frame a table, streamed, so that each reads only its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.tables_spec import BY, CAUSES, DELAYS, DURATIONS, EACH, GROUPS, PART, PEOPLE

Tables = dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]
col, lit = pl.col, pl.lit
MINUTE = 60_000_000
DETECTED = col("detected_at").dt.epoch("us") // MINUTE
DECLARED = col("declared_at").dt.epoch("us") // MINUTE
DELAY = DECLARED - DETECTED


def classes(value: pl.Expr, limits: tuple[tuple[str, int], ...], beyond: str = "more") -> pl.Expr:
    said = pl.when(value.is_null()).then(lit("unknown"))
    for name, limit in limits:
        said = said.when(value <= limit).then(lit(name))
    return said.otherwise(lit(beyond))


def delays(delay: pl.Expr) -> pl.Expr:
    said = pl.when(delay.is_null() | (delay < 0)).then(lit("unknown"))
    said = said.when(DECLARED // 1440 == DETECTED // 1440).then(lit("same_day"))
    for name, limit in DELAYS:
        said = said.when(delay <= limit).then(lit(name))
    return said.otherwise(lit("more"))


DIMENSIONS = {
    "half_year": pl.when(col("month").is_null()).then(lit("unknown")).when(col("month") <= 6).then(lit("first"))
    .otherwise(lit("second")),
    "structure_group": col("establishment_kind").replace_strict(
        {kind: group for group, kinds in GROUPS.items() for kind in kinds}, default="unknown"
    ),
    "extent": col("ransomware_extent").fill_null("unknown"),
    "any_data_impact": pl.when(col("data_impact").list.len() == 0).then(lit("unknown"))
    .when((col("data_impact").list.len() == 1) & (col("data_impact").list.first() == "none")).then(lit("none"))
    .otherwise(lit("yes")),
    "people_class": classes(col("people_affected"), PEOPLE),
    "duration_class": classes(col("hours_degraded"), DURATIONS),
    "delay_class": delays(DELAY),
}  # fmt: skip
WHERE = {
    "": lit(True),
    "malicious": col("malicious") == "yes",
    "not_malicious": col("malicious") == "no",
    "ransomware": col("origin") == "ransomware",
    "disrupted": col("functioning").is_in(["degraded", "interruption"]),
    "asked": col("support_asked") == "yes",
    "by_the_state": col("support_by").list.contains("anssi") | col("support_by").list.contains("fssi"),
    "touched": DIMENSIONS["any_data_impact"] == "yes",
    "helped": (col("support_given") == "yes") | (col("support_by").list.len() > 0),
    "closed": col("state") == "closed",
    "disclosed": col("data_impact").list.contains("disclosure"),
    "by_the_cert": col("support_by").list.contains("cert-sante"),
}
NUMBER = pl.len().cast(pl.Int64)


def tables(folder: Path, year: int | None) -> Tables:
    """Each table: measures by dimensions."""
    received = pl.scan_parquet(folder / "*.parquet").filter(col("known_until").is_null(), col("realm") == "simulated")
    if year is not None:
        received = received.filter(col("year") == year)
    unique = received.filter(col("duplicate_of").is_null(), col("state") != "out_of_scope")
    kept = unique.filter(col("nature") == "incident")
    plans = {name: (1 + len(by.dimensions), counted(kept, by)) for name, by in BY.items()}
    plans |= {name: (3 if each.within else 2, by_each(kept, each)) for name, each in EACH.items()}
    plans |= {name: (1, part(kept, WHERE[each.condition])) for name, each in PART.items()} | special(kept)
    perimeter = (
        pl.when(col("duplicate_of").is_not_null()).then(lit("duplicate")).when(col("state") == "out_of_scope")
        .then(lit("out_of_scope")).when(col("nature") != "incident").then(lit("no_incident")).otherwise(lit("kept"))
    )  # fmt: skip
    plans["received_and_kept"] = (2, shared(received.group_by("year", p=perimeter).agg(n=NUMBER), ["year"]))
    plans["received_by_nature"] = (2, shared(unique.group_by("year", "nature").agg(n=NUMBER), ["year"]))
    made: Tables = {}
    for name, (width, plan) in plans.items():
        made[name] = {row[:width]: row[width:] for row in plan.collect(engine="streaming").iter_rows()}
    return made


def shared(rows: pl.LazyFrame, within: list[str], of: str = "n") -> pl.LazyFrame:
    return rows.with_columns(total=col(of).sum().over(within)).with_columns(share=col(of) / col("total"))


def counted(kept: pl.LazyFrame, by: Any) -> pl.LazyFrame:
    named = {f"{each}_": DIMENSIONS.get(each, col(each)) for each in by.dimensions}
    rows = kept.filter(WHERE[by.where]).group_by("year", **named).agg(n=NUMBER)
    return shared(rows, ["year", *(f"{each}_" for each in by.dimensions[: by.within])])


def by_each(kept: pl.LazyFrame, each: Any) -> pl.LazyFrame:
    keys = ["year", *([each.within] if each.within else [])]
    rows = kept.filter(WHERE[each.where])
    terms = (
        rows.select(*keys, term=col(each.terms).list.unique())
        .explode("term", empty_as_null=True)
        .with_columns(col("term").fill_null("unknown"))
    )
    counts = terms.group_by(*keys, "term").agg(n=NUMBER)
    totals = rows.group_by(keys).agg(total=NUMBER)
    return counts.join(totals, on=keys).with_columns(share=col("n") / col("total"))


def part(kept: pl.LazyFrame, condition: pl.Expr) -> pl.LazyFrame:
    return (
        kept.group_by("year")
        .agg(n=condition.sum().cast(pl.Int64), total=NUMBER)
        .with_columns(share=col("n") / col("total"))
    )


def special(kept: pl.LazyFrame) -> dict[str, tuple[int, pl.LazyFrame]]:
    """The tables of a shape of their own."""
    known = kept.filter(col("declarant").is_not_null())
    month = col("month")
    times = {1: "one", 2: "two", 3: "three"}
    causes = kept.group_by("year", "cause_group").agg(n=NUMBER)
    size = (
        pl.when(col("cause_group").is_null()).then(lit("unlinked")).otherwise(classes(col("n"), CAUSES, "ten_or_more"))
    )
    causes = causes.group_by("year", c=size).agg(d=col("n").sum(), k=col("cause_group").count().cast(pl.Int64))
    return {
        "declarations_per_year": (1, kept.group_by("year").agg(n=NUMBER)),
        "mean_per_month": (
            1,
            kept.filter(month.is_not_null()).group_by("year").agg(n=NUMBER, m=month.n_unique()).with_columns(s=col("n") / col("m")),
        ),
        "declarants": (
            1,
            kept.group_by("year")
            .agg(d=col("declarant").drop_nulls().n_unique(), n=NUMBER, k=col("declarant").null_count().cast(pl.Int64))
            .with_columns(s=(col("n") - col("k")) / col("d")),
        ),
        "repeat_declarants": (
            2,
            shared(
                known.group_by("year", "declarant").agg(n=NUMBER)
                .group_by("year", c=col("n").replace_strict(times, default="four_or_more", return_dtype=pl.String)).agg(n=NUMBER),
                ["year"],
            ),
        ),
        "declarants_by_structure_group": (
            2,
            kept.group_by("year", g=DIMENSIONS["structure_group"]).agg(d=col("declarant").drop_nulls().n_unique(), n=NUMBER),
        ),
        "essential_entities_that_declared": (
            1,
            known.group_by("year")
            .agg(e=col("declarant").filter(col("essential_entity") == "yes").n_unique(), d=col("declarant").n_unique())
            .with_columns(s=col("e") / col("d")),
        ),
        "people_affected": (
            1,
            kept.group_by("year").agg(
                k=col("people_affected").count(), u=col("people_affected").null_count(), p=col("people_affected").sum()
            ),
        ),
        "hours_degraded": (1, quartiles(kept.filter(WHERE["disrupted"]), col("hours_degraded"))),
        "by_cause_size": (2, shared(causes, ["year"], "d").select("year", "c", "d", "total", "share", "k")),
        "declaration_delay": (1, quartiles(kept, pl.when(DELAY >= 0).then(DELAY), 60)),
    }  # fmt: skip


def quartiles(rows: pl.LazyFrame, value: pl.Expr, unit: int = 1) -> pl.LazyFrame:
    three = {f"q{place}": value.quantile(place / 4, "linear") / unit for place in (1, 2, 3)}
    return rows.group_by("year").agg(k=value.count(), u=value.null_count(), **three)
