"""The tables in pandas: words as categories, lists as Arrow lists read one at a time, which is what fits in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.tables_spec import BY, CAUSES, DELAYS, DURATIONS, EACH, GROUPS, PART, PEOPLE

Tables = dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]
WORDS = (
    "realm", "state", "nature", "stage", "significance", "source", "establishment_kind", "legal_status", "region", "sector",
    "essential_entity", "malicious", "origin", "ransomware_extent", "functioning", "patient_danger", "support_asked",
    "support_given", "supplier_involved", "country", "declarant", "cause_group",
)  # fmt: skip
NUMBERS = ("year", "month", "people_affected", "hours_degraded", "detected_at", "declared_at")
FILTERS = ("known_until", "duplicate_of")


def tables(folder: Path, year: int | None) -> Tables:
    """Each table: measures by dimensions."""
    files = sorted(folder.glob("*.parquet"))
    in_year = None if year is None else [("year", "=", year)]
    held = pq.read_table(files, columns=[*WORDS, *NUMBERS, *FILTERS], filters=in_year, read_dictionary=[*WORDS])
    current = pc.and_(pc.is_null(held["known_until"]), pc.equal(held["realm"].cast("string"), "simulated"))
    received = held.filter(current).unify_dictionaries().to_pandas()
    unique = received[received.duplicate_of.isna() & (received.state != "out_of_scope")]
    kept = unique[unique.nature == "incident"]
    made = special(received, unique, kept)
    places = np.flatnonzero(current.to_numpy())[received.index.isin(kept.index)]
    del held, received, unique
    kept = with_dimensions(kept.reset_index(drop=True))
    lists = {name: Lists(files, name, in_year, places) for name in dict.fromkeys(each.terms for each in EACH.values())}
    kept["any_data_impact"] = lists["data_impact"].any_impact()
    where = conditions(kept, lists)
    for name, by in BY.items():
        made[name] = shares(kept[where[by.where]] if by.where else kept, ["year", *by.dimensions], by.within)
    for name, each in EACH.items():
        made[name] = by_each(kept, lists[each.terms], where.get(each.where), each.within)
    for name, each in PART.items():
        counts = kept.groupby("year").size()
        fulfilled = kept[where[each.condition]].groupby("year").size().reindex(counts.index, fill_value=0)
        made[name] = {
            (key,): (int(fulfilled[key]), int(count), fulfilled[key] / count) for key, count in counts.items()
        }
    return made


class Lists:
    """A list column of the counted rows: its terms in one array, and how many each row has."""

    def __init__(self, files: list[Path], name: str, in_year: Any, places: np.ndarray) -> None:
        column = pq.read_table(files, columns=[name], filters=in_year)[name].take(places).combine_chunks()
        self.lengths = pc.list_value_length(column).to_numpy()
        self.terms = pc.list_flatten(column).dictionary_encode().to_pandas()
        self.rows = np.repeat(np.arange(len(self.lengths)), self.lengths)

    def having(self, *terms: str) -> np.ndarray:
        found = np.zeros(len(self.lengths), dtype=bool)
        found[self.rows[self.terms.isin(terms).to_numpy()]] = True
        return found

    def any_impact(self) -> np.ndarray:
        only_none = self.having("none") & (self.lengths == 1)
        return np.select([self.lengths == 0, only_none], ["unknown", "none"], "yes")


def with_dimensions(kept: pd.DataFrame) -> pd.DataFrame:
    groups = {kind: group for group, kinds in GROUPS.items() for kind in kinds} | {"unknown": "unknown"}
    kept["half_year"] = np.select([kept.month.isna(), kept.month <= 6], ["unknown", "first"], "second")
    kept["structure_group"] = kept.establishment_kind.map(groups)
    kept["extent"] = kept.ransomware_extent.fillna("unknown")  # a word of the list, hence a category already
    kept["people_class"] = classes(kept.people_affected, PEOPLE)
    kept["duration_class"] = classes(kept.hours_degraded, DURATIONS)
    detected, declared = (
        kept[name].astype("datetime64[us]").dt.floor("min") for name in ("detected_at", "declared_at")
    )
    delay = (declared - detected).dt.total_seconds() / 60
    kept["delay"] = delay.where(delay >= 0)
    same_day = declared.dt.floor("D") == detected.dt.floor("D")
    steps = [kept.delay.isna(), same_day, *(kept.delay <= limit for _, limit in DELAYS)]
    kept["delay_class"] = np.select(steps, ["unknown", "same_day", *(name for name, _ in DELAYS)], "more")
    return kept


def classes(value: pd.Series, limits: tuple[tuple[str, int], ...], beyond: str = "more") -> np.ndarray:
    steps = [value.isna(), *(value <= limit for _, limit in limits)]
    return np.select(steps, ["unknown", *(name for name, _ in limits)], beyond)


def conditions(kept: pd.DataFrame, lists: dict[str, Lists]) -> dict[str, Any]:
    givers = lists["support_by"]
    return {
        "malicious": kept.malicious == "yes", "not_malicious": kept.malicious == "no",
        "ransomware": kept.origin == "ransomware", "disrupted": kept.functioning.isin(["degraded", "interruption"]),
        "asked": kept.support_asked == "yes", "by_the_state": givers.having("anssi", "fssi"),
        "touched": (kept.any_data_impact == "yes").to_numpy(),
        "helped": (kept.support_given == "yes").to_numpy() | (givers.lengths > 0), "closed": kept.state == "closed",
        "disclosed": lists["data_impact"].having("disclosure"), "by_the_cert": givers.having("cert-sante"),
    }  # fmt: skip


def plain(key: Any) -> tuple[Any, ...]:
    return tuple(
        each.item() if isinstance(each, np.generic) else each for each in (key if isinstance(key, tuple) else (key,))
    )


def shares(rows: pd.DataFrame, keys: list[str], within: int = 0) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    counts = rows.groupby(keys, observed=True).size()
    totals = counts.groupby(level=[*range(1 + within)], observed=True).transform("sum")
    return {plain(key): (int(n), int(t), n / t) for key, n, t in zip(counts.index, counts, totals, strict=True)}


def by_each(kept: pd.DataFrame, held: Lists, where: Any, within: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    keys = ["year", *([within] if within else [])]
    chosen = np.ones(len(kept), dtype=bool) if where is None else np.asarray(where)
    part = chosen[held.rows]
    rows = held.rows[part]
    terms = kept[keys].take(rows).reset_index(drop=True)
    terms["term"] = held.terms[part].reset_index(drop=True)
    terms["row"] = rows
    terms = terms.drop_duplicates(["row", "term"])
    counts = terms.groupby([*keys, "term"], observed=True).size()
    silent = kept[keys][chosen & (held.lengths == 0)].groupby(keys, observed=True).size()
    totals = kept[chosen].groupby(keys, observed=True).size()
    made: dict[tuple[Any, ...], int] = {plain(key): int(count) for key, count in counts.items()}
    for key, count in silent.items():
        whole = (*plain(key), "unknown")
        made[whole] = made.get(whole, 0) + int(count)
    whole_of = {plain(key): int(count) for key, count in totals.items()}
    return {key: (count, whole_of[key[:-1]], count / whole_of[key[:-1]]) for key, count in made.items()}


def special(received: pd.DataFrame, unique: pd.DataFrame, kept: pd.DataFrame) -> Tables:
    """The tables of a shape of their own."""
    made: Tables = {}
    reasons = [received.duplicate_of.notna(), received.state == "out_of_scope", received.nature != "incident"]
    perimeter = np.select(reasons, ["duplicate", "out_of_scope", "no_incident"], "kept")
    made["received_and_kept"] = shares(received[["year"]].assign(p=perimeter), ["year", "p"])
    made["received_by_nature"] = shares(unique, ["year", "nature"])
    sizes = kept.groupby("year").size()
    made["declarations_per_year"] = {(year,): (int(n),) for year, n in sizes.items()}
    months = kept.groupby("year").month.agg(["count", "nunique"])
    made["mean_per_month"] = {(year,): (int(n), int(m), n / m) for year, n, m in months.itertuples()}
    people = kept.groupby("year").people_affected.agg(["count", "size", "sum"])
    made["people_affected"] = {(year,): (int(k), int(n - k), int(s)) for year, k, n, s in people.itertuples()}
    made["hours_degraded"] = quartiles(kept[kept.functioning.isin(["degraded", "interruption"])], "hours_degraded")
    delays = (kept.declared_at.dt.floor("min") - kept.detected_at.dt.floor("min")).dt.total_seconds() / 60
    made["declaration_delay"] = quartiles(kept[["year"]].assign(m=delays.where(delays >= 0)), "m", 60)
    causes = kept.groupby(["year", "cause_group"], observed=True, dropna=False).size().reset_index(name="n")
    causes["c"] = np.where(causes.cause_group.isna(), "unlinked", classes(causes.n, CAUSES, "ten_or_more"))
    sums = causes.groupby(["year", "c"]).agg(d=("n", "sum"), k=("cause_group", "count"))
    made["by_cause_size"] = {
        plain(key): (int(d), int(sizes[key[0]]), d / sizes[key[0]], int(k)) for key, d, k in sums.itertuples()
    }
    return made | declarants(kept)


def declarants(kept: pd.DataFrame) -> Tables:
    known = kept[kept.declarant.notna()]
    sizes, held = kept.groupby("year").size(), known.groupby("year").size()
    times = known.groupby(["year", "declarant"], observed=True).size()
    different = times.groupby(level=0).size()
    classes_ = np.select([times == 1, times == 2, times == 3], ["one", "two", "three"], "four_or_more")
    counts = times.groupby([times.index.get_level_values(0), classes_]).size()
    essential = known[known.essential_entity == "yes"].groupby("year").declarant.nunique()
    groups = kept.assign(
        g=kept.establishment_kind.map({k: g for g, ks in GROUPS.items() for k in ks} | {"unknown": "unknown"})
    )
    grouped = groups.groupby(["year", "g"], observed=True).declarant.agg(["nunique", "size"])
    return {
        "declarants": {
            (y,): (int(d), int(sizes[y]), int(sizes[y] - held[y]), held[y] / d) for y, d in different.items()
        },
        "repeat_declarants": {plain(k): (int(n), int(different[k[0]]), n / different[k[0]]) for k, n in counts.items()},
        "essential_entities_that_declared": {
            (y,): (int(essential[y]), int(d), essential[y] / d) for y, d in different.items()
        },
        "declarants_by_structure_group": {plain(key): (int(d), int(n)) for key, d, n in grouped.itertuples()},
    }


def quartiles(rows: pd.DataFrame, name: str, unit: int = 1) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    by_year = rows.groupby("year")[name]
    three, counts = by_year.quantile([0.25, 0.5, 0.75]).unstack() / unit, by_year.agg(["count", "size"])
    return {
        (y,): (int(counts["count"][y]), int(counts["size"][y] - counts["count"][y]), *row)
        for y, *row in three.itertuples()
    }
