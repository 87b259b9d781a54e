"""PSPLIB's instances as shared with the project: which there are, what is known of them, and a check of an answer.

Nothing here comes from the house: an answer of `vigie plan --rcpsp` is judged by other eyes.
"""

from __future__ import annotations

import csv
import tarfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "psplib"
INDICES = (1, 3, 5, 7, 9)


@dataclass(frozen=True, slots=True)
class Instance:
    """`name` ("j30_1_1"), the text of its file, and the best makespan and bound known (Ghent, September 2024)."""

    name: str
    text: str
    best_known: int
    bound_known: int


def instances(family: str, per_setting: int = 1, settings: set[int] | None = None) -> list[Instance]:
    """The first `per_setting` instances of each parameter setting of a family ("j30"), in order."""
    with (FOLDER / "best_known_odd.csv").open(encoding="utf-8", newline="") as file:
        known = {row["instance"]: row for row in csv.DictReader(file) if row["set"].lower() == family}
    found = []
    with tarfile.open(FOLDER / f"{family}_odd.tar.gz") as archive:
        for member in archive.getmembers():
            name = Path(member.name).stem
            if name not in known or int(name.split("_")[2]) not in INDICES[:per_setting]:
                continue
            if settings is None or int(name.split("_")[1]) in settings:
                text = archive.extractfile(member).read().decode("ascii")
                found.append(Instance(name, text, int(known[name]["ub"]), int(known[name]["lb"])))
    return sorted(found, key=lambda instance: [int(part) for part in instance.name[1:].split("_")])


def faults(text: str, start: list[int]) -> list[str]:
    """What is wrong with the start times given for a Patterson file; the makespan is `makespan(text, start)`."""
    capacity, activities = _read(text)
    if len(start) != len(activities):
        return [f"{len(start)} starts for {len(activities)} activities"]
    found = [
        f"activity {at} starts at {begin}" for at, begin in enumerate(start, 1) if begin < 0 or begin != int(begin)
    ]
    for at, (duration, _, successors) in enumerate(activities):
        found += [
            f"activity {other} starts at {start[other - 1]}, before {at + 1} ends at {start[at] + duration}"
            for other in successors
            if start[other - 1] < start[at] + duration
        ]
    for slot in sorted(set(start)):
        at_work = [demand for at, (d, demand, _) in enumerate(activities) if start[at] <= slot < start[at] + d]
        for resource, there in enumerate(capacity):
            if (asked := sum(demand[resource] for demand in at_work)) > there:
                found.append(f"slot {slot}: {asked} of resource {resource + 1} in use, of {there}")
    return found


def makespan(text: str, start: list[int]) -> int:
    """When everything has ended."""
    return max(begin + duration for begin, (duration, _, _) in zip(start, _read(text)[1], strict=True))


def _read(text: str) -> tuple[list[int], list[tuple[int, list[int], list[int]]]]:
    words = iter(int(word) for word in text.split())
    count, resources = next(words), next(words)
    capacity = [next(words) for _ in range(resources)]
    activities = []
    for _ in range(count):
        duration, demand = next(words), [next(words) for _ in range(resources)]
        activities.append((duration, demand, [next(words) for _ in range(next(words))]))
    return capacity, activities
