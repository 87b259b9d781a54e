"""Plain: the tables once more, counted by hand in Python, one loop each, to compare with. Nothing is shared with the code."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], tuple[Any, ...]]
SOCIAL = {"nursing_home", "disability", "other_social"}
CAUSES = (("one", 1), ("two_to_four", 4), ("five_to_nine", 9), ("ten_or_more", 10**9))
COMMUNITY = {"laboratory", "radiotherapy", "imaging_centre", "practice", "pharmacy"}


def plain(rows: Iterable[Row], realm: str = "real") -> dict[str, Rows]:
    """Each table as measures by dimensions; rows of zeros are not made."""
    received = [each for each in rows if each["known_until"] is None and each["realm"] == realm]
    counted = [each for each in received if reason(each) == "kept"]
    made = {name: count(counted) for name, count in TABLES.items()}
    made["received_and_kept"] = shares(received, reason)
    made["received_by_nature"] = shares(
        [each for each in received if reason(each) in ("kept", "no_incident")], lambda each: each["nature"]
    )
    return made


def reason(each: Row) -> str:
    if each["duplicate_of"] is not None:
        return "duplicate"
    if each["state"] == "out_of_scope":
        return "out_of_scope"
    return "kept" if each["nature"] == "incident" else "no_incident"


def group(each: Row) -> str:
    kind = each["establishment_kind"]
    if kind in SOCIAL:
        return "social"
    if kind in COMMUNITY:
        return "ambulatory"
    if kind in ("insurer", "supplier", "school", "other"):
        return "other"
    return "unknown" if kind == "unknown" else "health"


def shares(rows: Iterable[Row], *keys: Callable[[Row], Any], within: int = 0) -> Rows:
    """Count, total of the year (and the first `within` keys), share."""
    counts = Counter((each["year"], *(key(each) for key in keys)) for each in rows)
    totals: Counter[Any] = Counter()
    for key, count in counts.items():
        totals[key[: 1 + within]] += count
    return {key: (count, totals[key[: 1 + within]], count / totals[key[: 1 + within]]) for key, count in counts.items()}


def by(*names: str, within: int = 0, keep: Callable[[Row], bool] = lambda each: True) -> Callable[[list[Row]], Rows]:
    keys = [VALUES.get(name, lambda each, name=name: each[name]) for name in names]
    return lambda rows: shares([each for each in rows if keep(each)], *keys, within=within)


def each_of(
    name: str, within: str = "", keep: Callable[[Row], bool] = lambda each: True
) -> Callable[[list[Row]], Rows]:
    def count(rows: list[Row]) -> Rows:
        counts: Counter[Any] = Counter()
        totals: Counter[Any] = Counter()
        for each in filter(keep, rows):
            start = (each["year"], each[within]) if within else (each["year"],)
            totals[start] += 1
            counts.update((*start, term) for term in set(each[name]) or {"unknown"})
        return {key: (count, totals[key[:-1]], count / totals[key[:-1]]) for key, count in counts.items()}

    return count


def part(keep: Callable[[Row], bool]) -> Callable[[list[Row]], Rows]:
    def count(rows: list[Row]) -> Rows:
        made = {}
        for year, held in years(rows).items():
            kept = sum(map(keep, held))
            made[(year,)] = (kept, len(held), kept / len(held))
        return made

    return count


def years(rows: Iterable[Row]) -> dict[Any, list[Row]]:
    held = defaultdict(list)
    for each in rows:
        held[each["year"]].append(each)
    return held


def half(each: Row) -> str:
    if each["month"] is None:
        return "unknown"
    return "first" if each["month"] < 7 else "second"


def minutes(each: Row) -> int | None:
    if each["declared_at"] is None or each["detected_at"] is None:
        return None
    delay = (to_minute(each["declared_at"]) - to_minute(each["detected_at"])).total_seconds() // 60
    return int(delay) if delay >= 0 else None


def to_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def delay_class(each: Row) -> str:
    delay = minutes(each)
    if delay is None:
        return "unknown"
    if each["declared_at"].date() == each["detected_at"].date():
        return "same_day"
    return next(
        (name for name, days in (("one_day", 1), ("three_days", 3), ("seven_days", 7)) if delay <= days * 1440), "more"
    )


def duration_class(each: Row) -> str:
    hours = each["hours_degraded"]
    if hours is None:
        return "unknown"
    limits = (("four_hours", 4), ("one_day", 24), ("three_days", 72), ("seven_days", 168))
    return next((name for name, limit in limits if hours <= limit), "more")


def people_class(each: Row) -> str:
    people = each["people_affected"]
    if people is None:
        return "unknown"
    limits = (("nobody", 0), ("under_100", 99), ("under_1000", 999), ("under_10000", 9_999), ("under_100000", 99_999))
    return next((name for name, limit in limits if people <= limit), "more")


def any_impact(each: Row) -> str:
    if not each["data_impact"]:
        return "unknown"
    return "yes" if set(each["data_impact"]) - {"none"} else "none"


VALUES: dict[str, Callable[[Row], Any]] = {
    "structure_group": group, "half_year": half, "delay_class": delay_class, "duration_class": duration_class,
    "people_class": people_class, "any_data_impact": any_impact,
    "extent": lambda each: each["ransomware_extent"] or "unknown",
}  # fmt: skip


def per_month(rows: list[Row]) -> Rows:
    made = {}
    for year, held in years(each for each in rows if each["month"] is not None).items():
        months = len({each["month"] for each in held})
        made[(year,)] = (len(held), months, len(held) / months)
    return made


def declarants(rows: list[Row]) -> Rows:
    made = {}
    for year, held in years(rows).items():
        known = [each["declarant"] for each in held if each["declarant"] is not None]
        different = len(set(known))
        made[(year,)] = (different, len(held), len(held) - len(known), len(known) / different if different else None)
    return made


def repeat_declarants(rows: list[Row]) -> Rows:
    made: Rows = {}
    for year, held in years(rows).items():
        times = Counter(each["declarant"] for each in held if each["declarant"] is not None)
        names = {1: "one", 2: "two", 3: "three"}
        classes = Counter(names.get(count, "four_or_more") for count in times.values())
        made |= {(year, name): (count, len(times), count / len(times)) for name, count in classes.items()}
    return made


def declarants_by_group(rows: list[Row]) -> Rows:
    held = defaultdict(list)
    for each in rows:
        held[each["year"], group(each)].append(each["declarant"])
    return {key: (len(set(names) - {None}), len(names)) for key, names in held.items()}


def essential_declarants(rows: list[Row]) -> Rows:
    made = {}
    for year, held in years(each for each in rows if each["declarant"] is not None).items():
        different = {each["declarant"] for each in held}
        essential = {each["declarant"] for each in held if each["essential_entity"] == "yes"}
        made[(year,)] = (len(essential), len(different), len(essential) / len(different))
    return made


def people(rows: list[Row]) -> Rows:
    made = {}
    for year, held in years(rows).items():
        known = [each["people_affected"] for each in held if each["people_affected"] is not None]
        made[(year,)] = (len(known), len(held) - len(known), sum(known) if known else None)
    return made


def causes(rows: list[Row]) -> Rows:
    counts: Counter[Any] = Counter()
    groups: Counter[Any] = Counter()
    totals = Counter(each["year"] for each in rows)
    for year, held in years(rows).items():
        for cause, size in Counter(each["cause_group"] for each in held).items():
            name = "unlinked" if cause is None else next(name for name, limit in CAUSES if size <= limit)
            counts[year, name] += size
            groups[year, name] += cause is not None
    return {key: (count, totals[key[0]], count / totals[key[0]], groups[key]) for key, count in counts.items()}


def quartiles(
    value: Callable[[Row], float | None], keep: Callable[[Row], bool], unit: float = 1
) -> Callable[[list[Row]], Rows]:
    def count(rows: list[Row]) -> Rows:
        made = {}
        for year, held in years(filter(keep, rows)).items():
            known = sorted(number for each in held if (number := value(each)) is not None)
            three = statistics.quantiles(known, n=4, method="inclusive") if len(known) > 1 else (known or [None]) * 3
            made[(year,)] = (
                len(known),
                len(held) - len(known),
                *(None if each is None else each / unit for each in three),
            )
        return made

    return count


def disrupted(each: Row) -> bool:
    return each["functioning"] in ("degraded", "interruption")


def by_the_state(each: Row) -> bool:
    return bool({"anssi", "fssi"} & {*each["support_by"]})


def touched(each: Row) -> bool:
    return any_impact(each) == "yes"


TABLES: dict[str, Callable[[list[Row]], Rows]] = {
    "declarations_per_year": lambda rows: {(year,): (len(held),) for year, held in years(rows).items()},
    "declarations_per_month": by("month"),
    "declarations_per_half_year": by("half_year"),
    "mean_per_month": per_month,
    "by_stage": by("stage"),
    "by_qualification_state": by("state"),
    "by_significance": by("significance"),
    "closed_share": part(lambda each: each["state"] == "closed"),
    "by_source": by("source"),
    "declarants": declarants,
    "repeat_declarants": repeat_declarants,
    "declarants_by_structure_group": declarants_by_group,
    "essential_entities_that_declared": essential_declarants,
    "by_establishment_kind": by("establishment_kind"),
    "by_structure_group": by("structure_group"),
    "by_legal_status": by("legal_status"),
    "by_region": by("region"),
    "by_sector": by("sector"),
    "by_essential_entity": by("essential_entity"),
    "by_region_and_structure_group": by("region", "structure_group"),
    "malicious_share": by("malicious"),
    "malicious_per_month": by("month", "malicious", within=1),
    "by_origin": by("origin"),
    "origins_malicious": by("origin", keep=lambda each: each["malicious"] == "yes"),
    "origins_not_malicious": by("origin", keep=lambda each: each["malicious"] == "no"),
    "origins_per_month": by("month", "origin", within=1),
    "ransomware_share": part(lambda each: each["origin"] == "ransomware"),
    "ransomware_by_extent": by("extent", keep=lambda each: each["origin"] == "ransomware"),
    "malicious_by_establishment_kind": by("establishment_kind", "malicious", within=1),
    "malicious_by_region": by("region", "malicious", within=1),
    "by_data_impact": each_of("data_impact"),
    "any_data_impact": by("any_data_impact"),
    "data_impact_by_malicious": each_of("data_impact", "malicious"),
    "by_data_subjects": each_of("data_subjects", keep=touched),
    "by_people_affected": by("people_class"),
    "people_affected": people,
    "by_functioning": by("functioning"),
    "functioning_by_legal_status": by("legal_status", "functioning", within=1),
    "functioning_by_structure_group": by("structure_group", "functioning", within=1),
    "functioning_by_malicious": by("malicious", "functioning", within=1),
    "by_patient_danger": by("patient_danger"),
    "patient_danger_by_malicious": by("malicious", "patient_danger", within=1),
    "by_care_service": each_of("services"),
    "by_degraded_duration": by("duration_class", keep=disrupted),
    "hours_degraded": quartiles(lambda each: each["hours_degraded"], disrupted),
    "disclosures": part(lambda each: "disclosure" in each["data_impact"]),
    "by_support_asked": by("support_asked"),
    "by_support_given": by("support_given"),
    "support_given_when_asked": by("support_given", keep=lambda each: each["support_asked"] == "yes"),
    "by_support_giver": each_of(
        "support_by", keep=lambda each: each["support_given"] == "yes" or bool(each["support_by"])
    ),
    "state_interventions_by_kind": by("establishment_kind", keep=by_the_state),
    "state_interventions_by_essential_entity": by("essential_entity", keep=by_the_state),
    "by_authority": each_of("authorities"),
    "helped_by_health_cert": part(lambda each: "cert-sante" in each["support_by"]),
    "by_supplier_involved": by("supplier_involved"),
    "supplier_involved_by_structure_group": by("structure_group", "supplier_involved", within=1),
    "by_cause_size": causes,
    "by_exploited_vulnerability": each_of("cves"),
    "by_declaration_delay": by("delay_class"),
    "declaration_delay": quartiles(minutes, lambda each: True, unit=60),
    "declaration_delay_by_malicious": by("malicious", "delay_class", within=1),
    "by_country": by("country"),
    "malicious_by_country": by("country", "malicious", within=1),
    "by_veris_action": each_of("actions"),
    "by_veris_actor": each_of("actors"),
    "malicious_by_source": by("source", "malicious", within=1),
}
