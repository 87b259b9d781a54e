"""What there is: establishments, care services, applications, suppliers, and who depends on whom.

This is the room's only door: other rooms import from here.
"""

from vigie.cartography.files import dump, load, read, reference_hospital
from vigie.cartography.model import (
    Application,
    Backup,
    CareService,
    Cartography,
    Degradation,
    Effort,
    Establishment,
    Hds,
    Need,
    Supplier,
)
from vigie.cartography.outage import STATES, FallenApplication, Loss, Outage, Reach, TouchedService, outage, reach
from vigie.cartography.reading import Reading, check
from vigie.cartography.revision import digest_of, from_bytes, revision_of, to_bytes
from vigie.cartography.vocabulary import label, vocabulary
from vigie.cartography.workbook_writing import dump_workbook, template

__all__ = [
    "STATES",
    "Application",
    "Backup",
    "CareService",
    "Cartography",
    "Degradation",
    "Effort",
    "Establishment",
    "FallenApplication",
    "Hds",
    "Loss",
    "Need",
    "Outage",
    "Reach",
    "Reading",
    "Supplier",
    "TouchedService",
    "check",
    "digest_of",
    "dump",
    "dump_workbook",
    "from_bytes",
    "label",
    "load",
    "outage",
    "reach",
    "read",
    "reference_hospital",
    "revision_of",
    "template",
    "to_bytes",
    "vocabulary",
]
