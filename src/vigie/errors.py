"""The one tree of errors.

    VigieError
    ├── InputError            something a person or a program gave us cannot be used
    │   ├── FactError         a fact that is not well formed
    │   ├── FileError         a file that cannot be read as what it should be
    │   │   └── BundleError   ... as a bundle
    │   ├── CartographyErrors every fault of a cartography, all at once
    │   └── TemplateErrors    every fault of a file of declarations, all at once
    ├── RefusedError          well formed, but not allowed
    ├── ConflictError         the same idempotency key with other content
    └── StorageError          the disk or the database said no; nothing was written

Every message says what was wrong, where, and what would mend it.
"""

from __future__ import annotations

from dataclasses import dataclass


class VigieError(Exception):
    """Root of the tree. `str(error)` can be shown to a person."""


class InputError(VigieError):
    """Something given to Vigie cannot be used as it is."""


class FactError(InputError):
    """A fact is malformed: unknown kind, missing field, value outside its vocabulary."""


class FileError(InputError):
    """A file cannot be read as what it should be."""


class BundleError(FileError):
    """A file is not a bundle, or not a whole one."""


class RefusedError(VigieError):
    """Well formed, but this person, node or state does not allow it."""


class ConflictError(VigieError):
    """The same idempotency key was used before for something else."""


class StorageError(VigieError):
    """The disk or the database refused. Nothing was acknowledged, nothing was written."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: what, where, and what would mend it."""

    where: str  # "file.yaml, line 12" or "workbook.xlsx, sheet Applications, row 7"
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.mend}"


class CartographyErrors(InputError):
    """All the faults of a cartography, in the order of the file."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class TemplateErrors(InputError):
    """All the faults of a file of past declarations, in the order of its rows."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))
