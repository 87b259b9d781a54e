"""Disclosure control: what of an edition the public may see, so that nobody is recognised in a small number.

The reasons, the promise and its limits: docs/background/disclosure.md.
"""

from vigie.observe.disclosure.cells import SMALLEST_SHOWN
from vigie.observe.disclosure.editions import frozen_years
from vigie.observe.disclosure.exemptions import Exemption, exemptions, read
from vigie.observe.disclosure.protection import protect
from vigie.observe.disclosure.views import View, narrowed, public_views
from vigie.observe.disclosure.words import EXPLAINED, may_be_shown, text, withheld

__all__ = [
    "EXPLAINED",
    "SMALLEST_SHOWN",
    "Exemption",
    "View",
    "exemptions",
    "frozen_years",
    "may_be_shown",
    "narrowed",
    "protect",
    "public_views",
    "read",
    "text",
    "withheld",
]
