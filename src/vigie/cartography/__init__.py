"""What there is: establishments, care services, applications, suppliers, and who depends on whom.

This is the room's only door: other rooms import from here.
"""

from vigie.cartography.files import dump, load, read, reference_bytes, reference_hospital
from vigie.cartography.graph import Reach
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
    Team,
)
from vigie.cartography.outage import STATES, FallenApplication, Loss, Outage, TouchedService, outage, reach
from vigie.cartography.reading import Reading, check, understand
from vigie.cartography.revision import digest_of, from_bytes, revision_of, to_bytes
from vigie.cartography.shape import slug
from vigie.cartography.tree import Tree
from vigie.cartography.vocabulary import label, shift_hours, vocabulary
from vigie.cartography.workbook_reading import open_workbook
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
    "Team",
    "TouchedService",
    "Tree",
    "check",
    "digest_of",
    "dump",
    "dump_workbook",
    "from_bytes",
    "label",
    "load",
    "open_workbook",
    "outage",
    "reach",
    "read",
    "reference_bytes",
    "reference_hospital",
    "revision_of",
    "shift_hours",
    "slug",
    "template",
    "to_bytes",
    "understand",
    "vocabulary",
]
