"""What an outage costs in care: each figure with its source and interval, and what follows from the modes of services.

This is the room's only door: other rooms import from here.
"""

from vigie.care import coefficients
from vigie.care.curves import (
    exponential,
    fitted_exponent,
    fitted_tau,
    power,
    volume_change,
    weeks_of_activity_lost,
)
from vigie.care.deaths import SeenFromAbove
from vigie.care.estimate import BottomUp, Estimate, TopDown, disjoint, envelope, overlapping
from vigie.care.evidence import Evidence, EvidenceFile, Study, evidence, evidence_file, read_evidence
from vigie.care.flows import FlowTotals, ServiceHarm
from vigie.care.harm import Harm, estimates, harm
from vigie.care.kept import Stretch, share_of_mode
from vigie.care.pathways import Counted, PathwayHarm
from vigie.care.roles import HarmRules, harm_rules
from vigie.care.site import LIFE_THREATENING, Site
from vigie.care.weights import (
    WEEK_HOURS,
    Assumed,
    Weighing,
    Weights,
    fallback_after_endurance,
    read_weights,
    service_weight,
    weighing,
    weights,
)

__all__ = [
    "LIFE_THREATENING",
    "WEEK_HOURS",
    "Assumed",
    "BottomUp",
    "Counted",
    "Estimate",
    "Evidence",
    "EvidenceFile",
    "FlowTotals",
    "Harm",
    "HarmRules",
    "PathwayHarm",
    "SeenFromAbove",
    "ServiceHarm",
    "Site",
    "Stretch",
    "Study",
    "TopDown",
    "Weighing",
    "Weights",
    "coefficients",
    "disjoint",
    "envelope",
    "estimates",
    "evidence",
    "evidence_file",
    "exponential",
    "fallback_after_endurance",
    "fitted_exponent",
    "fitted_tau",
    "harm",
    "harm_rules",
    "overlapping",
    "power",
    "read_evidence",
    "read_weights",
    "service_weight",
    "share_of_mode",
    "volume_change",
    "weeks_of_activity_lost",
    "weighing",
    "weights",
]
