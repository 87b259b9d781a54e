"""What the contenders compute: the 68 tables by their shape. Each contender writes the shapes its own way."""

from __future__ import annotations

from typing import NamedTuple


class By(NamedTuple):
    """Count, total and share by dimensions. `where`: a condition; `within`: how many dimensions the total is within."""

    dimensions: tuple[str, ...]
    where: str = ""
    within: int = 0


class Each(NamedTuple):
    """Count, total and share by each term of a list; empty lists count as unknown."""

    terms: str
    within: str = ""
    where: str = ""


class Part(NamedTuple):
    """How many declarations of the year fulfil a condition, all of them, and the share."""

    condition: str


BY = {
    "declarations_per_month": By(("month",)),
    "declarations_per_half_year": By(("half_year",)),
    "by_stage": By(("stage",)),
    "by_qualification_state": By(("state",)),
    "by_significance": By(("significance",)),
    "by_source": By(("source",)),
    "by_establishment_kind": By(("establishment_kind",)),
    "by_structure_group": By(("structure_group",)),
    "by_legal_status": By(("legal_status",)),
    "by_region": By(("region",)),
    "by_sector": By(("sector",)),
    "by_essential_entity": By(("essential_entity",)),
    "by_region_and_structure_group": By(("region", "structure_group")),
    "malicious_share": By(("malicious",)),
    "malicious_per_month": By(("month", "malicious"), within=1),
    "by_origin": By(("origin",)),
    "origins_malicious": By(("origin",), "malicious"),
    "origins_not_malicious": By(("origin",), "not_malicious"),
    "origins_per_month": By(("month", "origin"), within=1),
    "ransomware_by_extent": By(("extent",), "ransomware"),
    "malicious_by_establishment_kind": By(("establishment_kind", "malicious"), within=1),
    "malicious_by_region": By(("region", "malicious"), within=1),
    "any_data_impact": By(("any_data_impact",)),
    "by_people_affected": By(("people_class",)),
    "by_functioning": By(("functioning",)),
    "functioning_by_legal_status": By(("legal_status", "functioning"), within=1),
    "functioning_by_structure_group": By(("structure_group", "functioning"), within=1),
    "functioning_by_malicious": By(("malicious", "functioning"), within=1),
    "by_patient_danger": By(("patient_danger",)),
    "patient_danger_by_malicious": By(("malicious", "patient_danger"), within=1),
    "by_degraded_duration": By(("duration_class",), "disrupted"),
    "by_support_asked": By(("support_asked",)),
    "by_support_given": By(("support_given",)),
    "support_given_when_asked": By(("support_given",), "asked"),
    "state_interventions_by_kind": By(("establishment_kind",), "by_the_state"),
    "state_interventions_by_essential_entity": By(("essential_entity",), "by_the_state"),
    "by_supplier_involved": By(("supplier_involved",)),
    "supplier_involved_by_structure_group": By(("structure_group", "supplier_involved"), within=1),
    "by_declaration_delay": By(("delay_class",)),
    "declaration_delay_by_malicious": By(("malicious", "delay_class"), within=1),
    "by_country": By(("country",)),
    "malicious_by_country": By(("country", "malicious"), within=1),
    "malicious_by_source": By(("source", "malicious"), within=1),
}
EACH = {
    "by_data_impact": Each("data_impact"),
    "data_impact_by_malicious": Each("data_impact", "malicious"),
    "by_data_subjects": Each("data_subjects", where="touched"),
    "by_care_service": Each("services"),
    "by_support_giver": Each("support_by", where="helped"),
    "by_authority": Each("authorities"),
    "by_exploited_vulnerability": Each("cves"),
    "by_veris_action": Each("actions"),
    "by_veris_actor": Each("actors"),
}
PART = {
    "closed_share": Part("closed"),
    "ransomware_share": Part("ransomware"),
    "disclosures": Part("disclosed"),
    "helped_by_health_cert": Part("by_the_cert"),
}
# Of a shape of their own.
SPECIAL = (
    "declarations_per_year", "mean_per_month", "received_and_kept", "received_by_nature", "declarants", "repeat_declarants",
    "declarants_by_structure_group", "essential_entities_that_declared", "people_affected", "hours_degraded", "by_cause_size",
    "declaration_delay",
)  # fmt: skip
GROUPS = {
    "health": ("ch", "chu", "chs", "clinic", "espic", "clcc", "army", "smr", "had"),
    "social": ("nursing_home", "disability", "other_social"),
    "ambulatory": ("laboratory", "radiotherapy", "imaging_centre", "practice", "pharmacy"),
    "other": ("insurer", "supplier", "school", "other"),
}
DURATIONS = (("four_hours", 4), ("one_day", 24), ("three_days", 72), ("seven_days", 168))
PEOPLE = (("nobody", 0), ("under_100", 99), ("under_1000", 999), ("under_10000", 9_999), ("under_100000", 99_999))
DELAYS = (("one_day", 1440), ("three_days", 4320), ("seven_days", 10080))
CAUSES = (("one", 1), ("two_to_four", 4), ("five_to_nine", 9))
