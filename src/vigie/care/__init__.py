"""What an outage costs in care: each figure with its source and interval, and what follows from the modes of services.

This is the room's only door: other rooms import from here.
"""

from vigie.care.evidence import Evidence, EvidenceFile, Study, evidence, evidence_file, read_evidence
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
    "WEEK_HOURS",
    "Assumed",
    "Evidence",
    "EvidenceFile",
    "Study",
    "Weighing",
    "Weights",
    "evidence",
    "evidence_file",
    "fallback_after_endurance",
    "read_evidence",
    "read_weights",
    "service_weight",
    "weighing",
    "weights",
]
