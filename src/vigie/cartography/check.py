"""Does the map hold together? Every finding at once: an error makes the map unusable, a warning makes it doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from vigie.cartography.model import Application, CareService, Effort, Establishment, Supplier, Team
from vigie.cartography.tree import Path
from vigie.cartography.vocabulary import nearest

SINGULAR = {
    "establishments": "establishment",
    "suppliers": "supplier",
    "applications": "application",
    "services": "care service",
    "teams": "team",
}
# Fewer rows than this can have equal RTO and RPO by chance.
ROWS_TO_SUSPECT = 5


class Finding(NamedTuple):
    """One finding: the path of what it is about, what is wrong, what would mend it."""

    path: Path
    what: str
    mend: str
    warning: bool = False


class Draft:
    """The well-formed items of a map with their place in its lists, and the ids of the malformed ones."""

    def __init__(self) -> None:
        self.items: dict[str, dict[int, Any]] = {section: {} for section in SINGULAR}
        self.ids: dict[str, dict[str, list[int]]] = {section: {} for section in SINGULAR}

    def add(self, section: str, number: int, item: Any) -> None:
        self.items[section][number] = item
        self.reserve(section, number, item.id)

    def reserve(self, section: str, number: int, name: str | None) -> None:
        """Note that an id is taken, even by an item that is malformed, so that nobody is told it is unknown."""
        if name is not None:
            self.ids[section].setdefault(name, []).append(number)

    def establishments(self) -> Iterator[tuple[Path, Establishment]]:
        return ((("establishments", number), item) for number, item in self.items["establishments"].items())

    def suppliers(self) -> Iterator[tuple[Path, Supplier]]:
        return ((("suppliers", number), item) for number, item in self.items["suppliers"].items())

    def applications(self) -> Iterator[tuple[Path, Application]]:
        return ((("applications", number), item) for number, item in self.items["applications"].items())

    def services(self) -> Iterator[tuple[Path, CareService]]:
        return ((("services", number), item) for number, item in self.items["services"].items())

    def teams(self) -> Iterator[tuple[Path, Team]]:
        return ((("teams", number), item) for number, item in self.items["teams"].items())


def findings(draft: Draft, today: date | None) -> list[Finding]:
    """Everything that can be said about a map, in the order of its sections. Dates are judged where `today` is given."""
    return [
        *_emptiness(draft),
        *_duplicates(draft),
        *_establishments(draft),
        *_suppliers(draft, today),
        *_applications(draft),
        *_cycle(draft),
        *_times(draft),
        *_health_data(draft, today),
        *_services(draft),
        *_teams(draft),
    ]


def _emptiness(draft: Draft) -> Iterator[Finding]:
    if not draft.ids["applications"] and not draft.ids["services"]:
        yield Finding((), "the map names no application and no care service", "Describe at least one", True)


def _duplicates(draft: Draft) -> Iterator[Finding]:
    for section, ids in draft.ids.items():
        for name, numbers in ids.items():
            for number in numbers[1:]:
                yield Finding(
                    (section, number, "id"), f'the {SINGULAR[section]} id "{name}" is used twice', "Rename one"
                )


def _unknown(draft: Draft, section: str, name: str, path: Path) -> Iterator[Finding]:
    if name not in draft.ids[section]:
        near = nearest(name, draft.ids[section])
        mend = near or f"Add it to {section}, or take this reference away"
        yield Finding(path, f'no {SINGULAR[section]} has the id "{name}"', mend)


def _establishments(draft: Draft) -> Iterator[Finding]:
    sites: dict[str, str] = {}
    for path, one in draft.establishments():
        for field, number in (("finess_ej", one.finess_ej), ("finess_et", one.finess_et)):
            if number and not key_holds(number):
                mend = "Copy it again from the FINESS register: one digit is wrong"
                yield Finding((*path, field), f"{field} {number} does not have the right key (last digit)", mend, True)
        if one.finess_et is not None:
            if one.finess_et in sites:
                yield Finding(
                    (*path, "finess_et"),
                    f"finess_et {one.finess_et} is also that of {sites[one.finess_et]}",
                    "Each site has its own",
                )
            sites[one.finess_et] = one.id
            if one.finess_et == one.finess_ej:
                mend = "The legal entity (EJ) and the site (ET) have two numbers"
                yield Finding((*path, "finess_et"), "finess_ej and finess_et are the same", mend, True)


def key_holds(finess: str) -> bool:
    """The last digit of a FINESS number is a Luhn key (verified on 9,238 numbers of the register); Corsica is let through."""
    if not finess.isdigit():
        return True
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(finess))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0


def _suppliers(draft: Draft, today: date | None) -> Iterator[Finding]:
    for path, one in draft.suppliers():
        if one.hds and one.hds.valid_from and one.hds.valid_until and one.hds.valid_until < one.hds.valid_from:
            yield Finding((*path, "hds"), "the HDS certificate ends before it begins", "Check the two dates")
        if one.last_audit and today and one.last_audit > today:
            yield Finding(
                (*path, "last_audit"), f"the last audit is in the future ({one.last_audit})", "Check the year", True
            )


def _applications(draft: Draft) -> Iterator[Finding]:
    for path, one in draft.applications():
        for field, supplier in (("supplier", one.supplier), ("hosted_by", one.hosted_by)):
            if supplier is not None:
                yield from _unknown(draft, "suppliers", supplier, (*path, field))
        for number, other in enumerate(one.depends_on):
            yield from _unknown(draft, "applications", other, (*path, "depends_on", number))
        for number, soft in enumerate(one.degraded_by):
            yield from _unknown(draft, "applications", soft.application, (*path, "degraded_by", number, "application"))
        leaned_on = [*one.depends_on, *(soft.application for soft in one.degraded_by)]
        for other, times in Counter(leaned_on).items():
            if times > 1:
                yield Finding(
                    (*path, "depends_on"), f'"{one.id}" names its dependency "{other}" {times} times', "Keep one"
                )
        for number, effort in enumerate(one.restore_effort):
            yield from _effort(effort, (*path, "restore_effort", number))
        for skill, times in Counter(effort.skill for effort in one.restore_effort).items():
            if times > 1:
                yield Finding(
                    (*path, "restore_effort"), f'the skill "{skill}" is counted {times} times', "Add the hours up"
                )
        if one.backup.state == "none" and (one.backup.last_clean_restore_point or one.backup.last_tested_restore):
            mend = "Say which backup it is, or take the dates away"
            yield Finding((*path, "backup"), f'"{one.id}" has no backup, and yet a restore point', mend)


def _effort(effort: Effort, path: Path) -> Iterator[Finding]:
    if not effort.low_hours <= effort.likely_hours <= effort.high_hours:
        hours = f"{effort.low_hours:g}, {effort.likely_hours:g}, {effort.high_hours:g}"
        yield Finding(path, f"the hours of {effort.skill} are not in order ({hours})", "Write lowest, likely, highest")


def _cycle(draft: Draft) -> Iterator[Finding]:
    below: dict[str, list[str]] = {}
    for _, one in draft.applications():
        below[one.id] = [*one.depends_on, *(soft.application for soft in one.degraded_by)]
    while True:
        try:
            TopologicalSorter(below).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            first = draft.ids["applications"][circle[0]][0]
            yield Finding(
                ("applications", first, "depends_on"),
                f"dependency cycle: {' -> '.join(circle)}",
                "One of them must be able to start first: take one of these arrows away",
            )
            below[circle[0]] = [name for name in below[circle[0]] if name != circle[1]]
        else:
            return


def _times(draft: Draft) -> Iterator[Finding]:
    """The confusions of RTO (time to be back) and RPO (age of the data lost) that maps are full of."""
    timed = {one.id: (path, one) for path, one in draft.applications() if one.rto_minutes is not None}
    both = [one for _, one in timed.values() if one.rpo_minutes is not None]
    if len(both) >= ROWS_TO_SUSPECT and all(one.rto_minutes == one.rpo_minutes for one in both):
        mend = "One column was probably filled from the other: ask for the true RPO, and leave it out until then"
        yield Finding(("applications",), f"RPO equals RTO for all {len(both)} applications that have both", mend, True)
    for path, one in timed.values():
        if one.rto_minutes == 0:
            mend = "If nobody knows, leave it out: 0 means that it may never stop"
            yield Finding((*path, "rto_minutes"), f'"{one.id}" has an RTO of 0 minutes', mend, True)
        for number, name in enumerate(one.depends_on):
            other = timed[name][1] if name in timed else None
            if other and (other.rto_minutes or 0) > (one.rto_minutes or 0):
                what = (
                    f'"{one.id}" is due back in {one.rto_minutes} min, '
                    f'before "{name}" that it depends on ({other.rto_minutes} min)'
                )
                yield Finding(
                    (*path, "depends_on", number), what, f'Shorten the RTO of "{name}" or lengthen this one', True
                )


def _health_data(draft: Draft, today: date | None) -> Iterator[Finding]:
    suppliers = {one.id: one for _, one in draft.suppliers()}
    for path, one in draft.applications():
        host = suppliers.get(one.hosted_by or "")
        if not host or not one.health_data:
            continue
        where = (*path, "hosted_by")
        if host.hds is None:
            mend = f'Add the certificate of "{host.id}", or ask for it: French law requires one (art. L.1111-8 CSP)'
            yield Finding(
                where, f'"{one.id}" holds health data at "{host.id}", which has no HDS certificate', mend, True
            )
        elif today and host.hds.valid_until and host.hds.valid_until < today:
            what = f'"{one.id}" holds health data at "{host.id}", whose HDS certificate ended on {host.hds.valid_until}'
            yield Finding(where, what, "Ask the host for the renewed certificate", True)


def _services(draft: Draft) -> Iterator[Finding]:
    for path, one in draft.services():
        yield from _unknown(draft, "establishments", one.establishment, (*path, "establishment"))
        if not one.needs:
            mend = "Ask its head what stops without the computers; if really nothing, ignore this"
            yield Finding(path, f'care service "{one.id}" needs no application', mend, True)
        for name, times in Counter(need.application for need in one.needs).items():
            if times > 1:
                yield Finding((*path, "needs"), f'"{one.id}" names its need "{name}" {times} times', "Keep one")
        for number, need in enumerate(one.needs):
            here = (*path, "needs", number)
            yield from _unknown(draft, "applications", need.application, (*here, "application"))
            title = f'need of "{need.application}" by "{one.id}"'
            if need.share_kept is None:
                yield Finding(here, f"{title}: the share kept without it is unknown", "Ask the ward: 0 to 1", True)
            elif need.share_kept > 0 and need.endurance_hours is None and need.share_kept < 1:
                mend = "Ask the ward for how many hours the fallback can be held"
                yield Finding(here, f"{title}: nobody says how long the fallback holds", mend, True)


def _teams(draft: Draft) -> Iterator[Finding]:
    for path, one in draft.teams():
        if one.supplier is not None:
            yield from _unknown(draft, "suppliers", one.supplier, (*path, "supplier"))
            if one.arrives_after_hours is None:
                mend = "Read the contract: hours between the call and the first person at work"
                yield Finding(path, f'nobody says after how long "{one.id}" arrives', mend, True)
        elif one.skill == "supplier":
            mend = "Name the supplier, or give the skill of your own people"
            yield Finding((*path, "supplier"), f'"{one.id}" is a supplier\'s team, but of which one?', mend, True)
