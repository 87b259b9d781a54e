"""Journal: what happened. An append-only, tamper-evident, mergeable log of facts.

This door is the whole of what other rooms need:

    store = open_store("journal.db")                       # or postgresql://...
    journal = Journal(store, identity, entropy=os.urandom)
    receipt = journal.append(Draft("valmont/2026-11", Note(text="..."), author="A. Morel"), now)
"""

from vigie.journal.entry import Draft, Entry, Received
from vigie.journal.journal import Journal, Receipt
from vigie.journal.keys import Checkpoint, Identity, Printed
from vigie.journal.storage import Store, open_store

__all__ = ["Checkpoint", "Draft", "Entry", "Identity", "Journal", "Printed", "Received", "Receipt", "Store", "open_store"]
