"""What there is: establishments, care services, applications, suppliers, and who depends on whom.

This is the room's only door: other rooms import from here.
"""

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
from vigie.cartography.revision import digest_of, from_bytes, revision_of, to_bytes
from vigie.cartography.vocabulary import label, vocabulary

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
    "Supplier",
    "TouchedService",
    "digest_of",
    "from_bytes",
    "label",
    "outage",
    "reach",
    "revision_of",
    "to_bytes",
    "vocabulary",
]
