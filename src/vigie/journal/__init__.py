"""Journal: what happened. An append-only, tamper-evident, mergeable log of facts.

This door is the whole of what other rooms need:

    store = open_store("journal.db")                       # or postgresql://...
    journal = Journal(store, identity, entropy=os.urandom)
    receipt = journal.append(Draft("valmont/2026-11", Note(text="..."), author="A. Morel"), now)
"""

from vigie.journal.bundle import Bundle
from vigie.journal.entry import Draft, Entry, Received
from vigie.journal.journal import Journal, Receipt
from vigie.journal.keys import Checkpoint, Identity, Printed, key_fingerprint
from vigie.journal.merge import Step, export, merge
from vigie.journal.opening import open_store
from vigie.journal.storage import Store
from vigie.journal.verify import LogReport, Report, verify

__all__ = [
    "Bundle", "Checkpoint", "Draft", "Entry", "Identity", "Journal", "LogReport", "Printed", "Received", "Receipt", "Report",
    "Step", "Store", "export", "key_fingerprint", "merge", "open_store", "verify",
]  # fmt: skip
