"""Synthetic cases: the declarations of a fictitious sector, drawn so that the margins of each year are those published.

What is published is met exactly (see `published.py`); the rest is plausible. Labels are given to the cases that score
highest on a random severity, so that ransomware stops care more often than a bug does, and the counts are still exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.random import Generator

from vigie.observe.coding import LEGAL_TIME
from vigie.observe.published import PublishedFigure, count_of
from vigie.observe.synthetic import STATUS_OF

POOL = {"health": 700, "social": 320, "other": 160}
KINDS = {
    "health": {"ch": 0.45, "chu": 0.12, "chs": 0.08, "clinic": 0.2, "espic": 0.1, "clcc": 0.03, "army": 0.02},
    "social": {"nursing_home": 0.6, "disability": 0.3, "other_social": 0.1},
    "other": {"laboratory": 0.4, "imaging_centre": 0.2, "radiotherapy": 0.1, "practice": 0.3},
}
MALICIOUS = {
    "system_compromise": 0.28, "account_compromise": 0.26, "phishing": 0.2, "malware": 0.1, "denial_of_service": 0.04,
    "information_theft": 0.04, "equipment_theft": 0.03, "fraud": 0.03, "defacement": 0.01, "insider": 0.01,
}  # fmt: skip
NOT_MALICIOUS = {
    "infrastructure_failure": 0.32, "application_bug": 0.26, "telecom_loss": 0.16, "supplier_failure": 0.12, "human_error": 0.08,
    "power_or_disaster": 0.03, "misdelivery": 0.03,
}  # fmt: skip
SEVERITY = {
    "ransomware": 3.0,
    "system_compromise": 1.0,
    "infrastructure_failure": 1.2,
    "telecom_loss": 0.8,
    "application_bug": 0.5,
}
EXTENTS = ("several_servers", "one_server", "workstation", "supplier")
EXTENT_SHARES = (0.12, 0.45, 0.38, 0.05)
Figures = Mapping[str, PublishedFigure]


@dataclass(frozen=True, slots=True)
class Structure:
    """A fictitious establishment. Its FINESS numbers begin with 99, which is no department."""

    number: int
    group: str
    kind: str
    region: str
    essential: bool

    @property
    def organisation(self) -> str:
        """Its name in incidents."""
        return f"etab-{self.number:04d}"

    @property
    def legal_entity(self) -> str:
        """A FINESS number that nobody bears."""
        return f"99{self.number:07d}"

    @property
    def legal_status(self) -> str:
        """Of its kind."""
        return STATUS_OF.get(self.kind, "non_profit")


@dataclass(slots=True)
class Case:
    """One declaration of the synthetic sector, as it will be known in the end."""

    structure: Structure
    declared_at: datetime
    detected_at: datetime
    origin: str = "unknown"
    malicious: str = "unknown"
    extent: str | None = None
    functioning: str = "unknown"
    danger: str = "unknown"
    data: set[str] = field(default_factory=set)
    supplier: str | None = None
    asked: bool = False
    helped: bool = False
    state_help: bool = False
    significance: str = "not_significant"
    ansm: bool = False
    known_late: bool = False
    qualified_late: bool = False
    severity: float = 0.0


def structures(rng: Generator, regions: Mapping[str, float]) -> list[Structure]:
    """The establishments that may declare, by group; `regions` gives the weight of each region."""
    names, weights = list(regions), np.array(list(regions.values()), dtype=float)
    made: list[Structure] = []
    for group, count in POOL.items():
        kinds = rng.choice(list(KINDS[group]), count, p=list(KINDS[group].values()))
        for kind, region in zip(kinds, rng.choice(names, count, p=weights / weights.sum()), strict=True):
            essential = kind in ("ch", "chu") and rng.random() < 0.35
            made.append(Structure(len(made) + 1, group, str(kind), str(region), bool(essential)))
    return made


def cases_of(year: int, figures: Figures, among: list[Structure], rng: Generator) -> list[Case]:
    """The declarations of one year, in the order of their instants."""
    given = {name: figure.value for name, figure in figures.items()}
    given |= {
        name.removesuffix("_percent"): count_of(value, given["declared"])
        for name, value in given.items()
        if name.endswith("_percent")
    }
    cases = _declared(year, given, _who(given, among, rng), rng)
    _origins(cases, given, rng)
    for case in cases:
        case.severity = SEVERITY.get(case.origin, 0.0) + float(rng.gumbel())
    _impacts(cases, given, rng)
    _data(cases, given, rng)
    _suppliers(year, cases, given, rng)
    _help(cases, given, rng)
    _late(cases, given, rng)
    return sorted(cases, key=lambda case: (case.declared_at, case.structure.number))


def repeats(given: Mapping[str, int], rng: Generator) -> list[int]:
    """How often each structure declares in a year, most first: the total, the structures, and those that repeat are met."""
    extra = given["declared"] - given["declarants"]
    often = given.get("declared_four_times_or_more", extra // 12)
    twice = given.get("declared_twice_or_more", extra * 3 // 5) - often
    left = extra - twice - 3 * often
    thrice = min(twice, left // 2)
    more = rng.multinomial(left - thrice, [1 / often] * often)
    some = [4 + int(each) for each in more] + [3] * thrice + [2] * (twice - thrice)
    return sorted(some + [1] * (given["declarants"] - len(some)), reverse=True)


def _who(given: Mapping[str, int], among: list[Structure], rng: Generator) -> list[Structure]:
    """The structure of each declaration: groups have their share of declarations, structures their repeats."""
    need = {"health": given["health"], "social": given["social"]}
    need["other"] = given["declared"] - sum(need.values())
    times: dict[str, list[int]] = {group: [] for group in need}
    for count in repeats(given, rng):
        group = max(need, key=lambda name: need[name])
        need[group] -= count
        times[group].append(count)
    declaring: list[Structure] = []
    for group, counts in times.items():
        members = [structure for structure in among if structure.group == group]
        for place, count in zip(rng.permutation(len(members)), counts, strict=False):
            declaring += [members[place]] * count
    return declaring


def _declared(year: int, given: Mapping[str, int], who: list[Structure], rng: Generator) -> list[Case]:
    """When each was declared and detected; half-years and delays are met."""
    count = len(who)
    first = given.get("first_half", count // 2)
    halves = rng.permutation(np.arange(count) < first)
    same_day, within_day = given.get("same_day", count_of(70, count)), given.get("within_day", count_of(80, count))
    delays = rng.permutation(count)
    cases = []
    for structure, early, delay in zip(who, halves, delays, strict=True):
        begin, days = (datetime(year, 1, 1), 181) if early else (datetime(year, 7, 1), 184)
        hour = float(np.clip(rng.normal(14, 3), 9.5, 18.5))
        local = begin + timedelta(days=int(rng.integers(days)), minutes=round(hour * 60))
        if delay < same_day:
            hours = rng.uniform(0.1, hour - 6)
        elif delay < within_day:
            hours = rng.uniform(hour + 0.5, 23.5)
        else:
            hours = min(30 + rng.exponential(140), 1_200)
        declared_at = local.replace(tzinfo=LEGAL_TIME).astimezone(UTC)
        cases.append(Case(structure, declared_at, declared_at - timedelta(minutes=round(hours * 60))))
    return cases


def _origins(cases: list[Case], given: Mapping[str, int], rng: Generator) -> None:
    fixed = {name: given[name] for name in ("ransomware", *MALICIOUS) if name in given}
    words = [name for name, count in fixed.items() for _ in range(count)]
    words += _share(given["malicious"] - len(words), {n: s for n, s in MALICIOUS.items() if n not in fixed}, rng)
    rest = len(cases) - len(words)
    unknown = rest // 20
    words += [*_share(rest - unknown, NOT_MALICIOUS, rng), *["unknown"] * unknown]
    for number, (place, word) in enumerate(zip(rng.permutation(len(cases)), words, strict=True)):
        cases[place].origin = word
        cases[place].malicious = "yes" if number < given["malicious"] else "unknown" if word == "unknown" else "no"
    extents = [name for name in EXTENTS for _ in range(given.get(f"ransomware_{name}", 0))]
    ransomed = [case for case in cases if case.origin == "ransomware"]
    extents = extents or _share(len(ransomed), dict(zip(EXTENTS, EXTENT_SHARES, strict=True)), rng)
    for case, place in zip(ransomed, rng.permutation(len(extents)), strict=True):
        case.extent = extents[place]


def _impacts(cases: list[Case], given: Mapping[str, int], rng: Generator) -> None:
    worst = sorted(cases, key=lambda case: -case.severity)
    _label(worst, "functioning", [("interruption", given["interruption"]), ("degraded", given["degraded"])])
    calm = [case for case in reversed(worst) if case.functioning == "unknown"]
    _label(calm, "functioning", [("none", given["none"])])
    touched = sorted(cases, key=lambda case: -case.severity - float(rng.gumbel()))
    _label(touched, "danger", [("confirmed", given["danger_confirmed"]), ("potential", given["danger_potential"])])
    rest = [case for case in touched if case.danger == "unknown"]
    _label(list(reversed(rest)), "danger", [("none", len(rest) * 9 // 10)])
    major = [case for case in worst if case.malicious == "yes"]
    _label(major, "significance", [("serious", given["serious"])])
    for place in rng.permutation(len(cases))[: len(cases) * 2 // 5]:
        if cases[place].significance != "serious":
            cases[place].significance = "significant"
    for place in rng.permutation(len(cases))[: given.get("routed_to_ansm", 0)]:
        cases[place].ansm = True


def _data(cases: list[Case], given: Mapping[str, int], rng: Generator) -> None:
    """Impacts on data, several of which may touch one declaration, while `data` of them are touched at all."""
    order = rng.permutation(len(cases))
    touched, disclosed = given["data"], given["disclosure"]
    missing = given.get("unavailable_or_lost", touched - disclosed + disclosed // 3)
    for number, place in enumerate(order[:touched]):
        if number < missing:
            cases[place].data.add("loss" if number % 8 == 0 else "unavailability")
        if number >= touched - disclosed:
            cases[place].data.add("disclosure")
    for place in rng.permutation(order[:touched])[: given["integrity"]]:
        cases[place].data.add("integrity")
    for number, place in enumerate(order[touched:]):
        if number % 10:
            cases[place].data.add("none")


def _suppliers(year: int, cases: list[Case], given: Mapping[str, int], rng: Generator) -> None:
    """Suppliers involved; where they cause much of the year, a few of them do."""
    few = 5 if given["supplier"] * 3 > len(cases) else 40
    first = sorted(
        cases, key=lambda case: (case.extent != "supplier", case.origin != "supplier_failure", float(rng.random()))
    )
    for case in first[: given["supplier"]]:
        case.supplier = f"prestataire-{year}-{int(rng.integers(few)) + 1}"


def _help(cases: list[Case], given: Mapping[str, int], rng: Generator) -> None:
    """Who asked for help, who was helped among them, and by the State among these: one declaration a structure."""
    worst = sorted(cases, key=lambda case: -case.severity - 2 * float(rng.gumbel()))
    helped = given.get("state_help", 0)
    essential = given.get("state_help_essential", helped // 2)
    once = list({case.structure.number: case for case in reversed(worst)}.values())[::-1]
    first = [case for case in once if case.structure.essential][:essential]
    first += [case for case in once if not case.structure.essential][: helped - essential]
    for case in first:
        case.state_help = True
    asking = [*first, *(case for case in worst if not case.state_help)][: given["support_asked"]]
    for number, case in enumerate(asking):
        case.asked = True
        case.helped = number < given["support_given"]


def _late(cases: list[Case], given: Mapping[str, int], rng: Generator) -> None:
    """What was not known yet when the first figures of the year came out."""
    ransomed = [case for case in cases if case.origin == "ransomware"]
    for place in rng.permutation(len(ransomed))[: given.get("ransomware_known_late", 0)]:
        ransomed[place].qualified_late = True
    others = [case for case in cases if case.origin != "ransomware" and case.declared_at.month == 12]
    for case in others[: given.get("known_late", 0)]:
        case.known_late = True


def _label(cases: list[Case], name: str, counts: list[tuple[str, int]]) -> None:
    words = iter([word for word, count in counts for _ in range(count)])
    for case, word in zip(cases, words, strict=False):
        setattr(case, name, word)


def _share(count: int, shares: Mapping[str, float], rng: Generator) -> list[str]:
    weights = np.array(list(shares.values()))
    counts = rng.multinomial(count, weights / weights.sum())
    return [word for word, times in zip(shares, counts, strict=True) for _ in range(times)]
