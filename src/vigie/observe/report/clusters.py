"""Clusters: how far declarations that share a cause make counts scatter more than incidents that come one by one.

The dispersion is pinned in `figures.json` as a number, so that pages are made of the figures alone. It is that of the year of
the edition and of the one before together, the two that sentences and key figures compare.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vigie.observe import rates
from vigie.observe.edition import Edition
from vigie.observe.report.views import View

ALL = "all"
# The tables whose count is of a part of the declarations, and which part: the causes of the others do not move it.
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ransomware_share": ("origin", ("ransomware",)),
    "by_patient_danger": ("patient_danger", ("potential", "confirmed")),
    "by_support_asked": ("support_asked", ("yes",)),
    "disclosures": ("data_impact", ("disclosure",)),
    "helped_by_health_cert": ("support_by", ("cert-sante",)),
    "essential_entities_that_declared": ("essential_entity", ("yes",)),
}
STEP = 2  # in public, a dispersion is rounded up to a half: it must not tell how large a cause is
LARGE = "ten_or_more"


def clusters(counted: pa.Table, edition: Edition, sizes: View | None) -> dict[str, Any] | None:
    """Dispersions (`rates.clustering`) of all declarations, under `all`, and of the parts that tables count, by table.

    `counted`: the declarations that count. `sizes`: the view of `by_cause_size` as it is shown. `linked`: declarations with a
    known cause. `large`: for each of the two years, the declarations of causes of ten or more, and all; where it is shown.
    """
    years = (edition.year - 1, edition.year)
    held = counted.filter(pc.is_in(counted["year"], pa.array(years, counted["year"].type)))
    if not held.num_rows:
        return None
    public = edition.audience == "public"
    telling = sizes is not None and not any(
        value.hidden for (_, year, _), value in sizes.values.items() if year in years
    )
    found = {ALL: _dispersion(held, public, telling)}
    for table, (column, terms) in PARTS.items():
        part = _part(held, column, terms)
        if part.num_rows:
            found[table] = _dispersion(part, public, telling=False)
    linked = held.num_rows - held["cause_group"].null_count
    return {
        "years": list(years),
        "dispersion": found,
        "linked": bool(linked),
        "large": [each for year in years if (each := _large(sizes, year))],
    }


def _part(held: pa.Table, column: str, terms: tuple[str, ...]) -> pa.Table:
    """The declarations that have one of these terms, alone or in a list."""
    values = held[column].combine_chunks()
    if not pa.types.is_list(values.type):
        return held.filter(pc.is_in(values, pa.array(terms)))
    named = pc.is_in(pc.list_flatten(values), pa.array(terms))
    return held.take(pc.unique(pc.list_parent_indices(values).filter(named)))


def _dispersion(held: pa.Table, public: bool, telling: bool) -> float:
    """In public rounded up, and never 1 unless the table of causes says itself that there is none."""
    counts = held.group_by(["year", "cause_group"]).aggregate([([], "count_all")])
    single = pc.is_null(counts["cause_group"])
    alone = pc.sum(counts.filter(single)["count_all"]).as_py() or 0
    groups = counts.filter(pc.invert(single))["count_all"].to_pylist()
    exact = rates.clustering([*groups, *[1] * alone])
    if not public:
        return exact
    coarse = ceil(exact * STEP - 1e-9) / STEP
    return coarse if telling else max(coarse, 1 + 1 / STEP)


def _large(sizes: View | None, year: int) -> dict[str, Any] | None:
    if sizes is None:
        return None
    part, whole = (sizes.get(name, year, (LARGE,)) for name in ("declarations", "total"))
    if not part.number or not whole.number:
        return None
    return {"year": year, "declarations": int(part.number), "total": int(whole.number)}
