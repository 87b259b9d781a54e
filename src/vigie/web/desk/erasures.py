"""What the read models tell others of an erasure: `erased` is sent inside the transaction that blanks the lines."""

from __future__ import annotations

from django.dispatch import Signal

erased = Signal()  # incidents: those of which some entry has just lost its payload
