"""A synthetic sector written as journals: hospitals declare, the observatory routes, helps and qualifies.

Its margins are those of `published_figures.yaml`, and it goes through the whole chain: journal, derivation, table. Two logs
share one store, that of the hospitals (one node that speaks for all of them) and that of the observatory, which trusts it.
Everything is of the realm `simulated`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from numpy.random import Generator

from vigie.journal.entry import Draft, Realm
from vigie.journal.facts import Declaration, Declared, Fact, NodeEnrolled, Opened, Qualification, Routing, Support
from vigie.journal.journal import Journal
from vigie.journal.keys import Identity
from vigie.journal.storage import Store
from vigie.observe.published import published
from vigie.observe.synthetic_cases import Case, cases_of, structures
from vigie.observe.vocabulary import vocabulary

REALM: Realm = "simulated"
WEEK = timedelta(days=7)
HOSPITALS, OBSERVATORY = "etablissements", "observatoire"
ORIGIN: Mapping[str, Literal["malicious", "not_malicious", "unknown"]] = {
    "yes": "malicious", "no": "not_malicious", "unknown": "unknown",
}  # fmt: skip
LATE = timedelta(days=95)
LATER = (5, 10)  # month and day of the next year on which what was mistaken is qualified again


class Written(NamedTuple):
    """The two logs of the sector, and how many entries they hold. Read the store as `observatory` does."""

    hospitals: str
    observatory: str
    entries: int


class Step(NamedTuple):
    """One entry to come: when it is received, by whom it is written, and when it happened."""

    received_at: datetime
    log: str
    incident: str
    happened_at: datetime
    fact: Fact
    role: str


def write_sector(
    store: Store, rng: Generator, years: Sequence[int] = (), regions: Mapping[str, float] | None = None
) -> Written:
    """Write the sector of some years (all those published when none is named) into an empty store.

    `regions` gives the weight of each region (None: all alike). What a week brings is received together, on its Monday.
    Same arguments and state of `rng`, same facts and instants.
    """
    weights = regions or {code: 1.0 for code in vocabulary()["regions"] if code != "unknown"}
    among = structures(rng, weights)
    journals = _open(store, rng, [structure.organisation for structure in among], min(years or published()))
    steps: list[Step] = []
    for year in years or published():
        for number, case in enumerate(cases_of(year, published()[year], among, rng), start=1):
            steps += _steps(case, f"{case.structure.organisation}/{year}-{number:04d}", year, rng)
        steps += _beside(year, steps, rng)
    batches: dict[tuple[datetime, str], list[Draft]] = defaultdict(list)
    for step in sorted(
        steps, key=lambda step: (step.received_at, step.log != HOSPITALS, step.happened_at, step.incident)
    ):
        author = "Déclarant" if step.log == HOSPITALS else "Analyste"
        draft = Draft(step.incident, step.fact, author, step.role, step.happened_at, realm=REALM)  # type: ignore[arg-type]
        batches[step.received_at, step.log].append(draft)
    for (received_at, log), drafts in batches.items():
        journals[log].append_all(drafts, received_at)
    logs = (f"{name}/{journals[name].identity.incarnation}" for name in (HOSPITALS, OBSERVATORY))
    return Written(*logs, store.last_seq())


def _open(store: Store, rng: Generator, organisations: list[str], year: int) -> dict[str, Journal]:
    """The two nodes, introduced, the observatory trusting the hospitals'."""
    begin = datetime(year, 1, 1, tzinfo=UTC) - WEEK
    entropy = rng.bytes
    made = {name: Journal(store, Identity.create(name, entropy), entropy) for name in (HOSPITALS, OBSERVATORY)}
    made[HOSPITALS].introduce("hospital", organisations, "Installation", begin)
    made[OBSERVATORY].introduce("observatory", [OBSERVATORY], "Installation", begin)
    own = made[HOSPITALS].identity
    fact = NodeEnrolled(
        node=own.node, incarnation=own.incarnation, public_key=own.public_key, role="hospital",
        speaks_for=tuple(organisations),
    )  # fmt: skip
    made[OBSERVATORY].append(Draft(f"{OBSERVATORY}/register", fact, "Installation", "administrator"), begin)
    return made


def _steps(case: Case, incident: str, year: int, rng: Generator) -> Iterator[Step]:
    """The entries of one declaration, from its opening to the last word of the observatory."""
    told = case.declared_at
    received = _monday(told + (LATE if case.known_late else timedelta()))
    said = _declaration(case, rng)
    first: list[Fact] = [Opened(title=said.description or "Incident", detected_at=case.detected_at), said]
    first.append(Declared(stage="first", addressee="cert-sante", declaration=said.declaration))
    first += [Support(support="aide", state="asked")] * case.asked
    for fact in first:
        yield Step(received, HOSPITALS, incident, told, fact, "member")
    routed = ["ars", *["ansm"] * case.ansm]
    for addressee in routed:
        yield Step(received, OBSERVATORY, incident, received, Routing(addressee=addressee, declaration="d1"), "analyst")
    if case.functioning in ("degraded", "interruption"):
        tenths = int(min(rng.lognormal(5.0, 0.9), 20_000))
        final = Declaration(declaration="d1", stage="final", degraded_tenths_of_hour=tenths)
        yield Step(_monday(received + 2 * WEEK), HOSPITALS, incident, received + 2 * WEEK, final, "member")
    judged = _monday(received + timedelta(days=min(float(rng.gamma(1.5, 7)), 38)))
    yield from _help(case, incident, judged)
    if case.qualified_late:
        yield Step(judged, OBSERVATORY, incident, judged, _qualification(case, "malware"), "analyst")
        judged = _monday(datetime(year + 1, *LATER, tzinfo=UTC))
    yield Step(judged, OBSERVATORY, incident, judged, _qualification(case, case.origin), "analyst")


def _declaration(case: Case, rng: Generator) -> Declaration:
    """What the hospital says; it does not always know the origin."""
    structure, guess = case.structure, rng.random() < 0.6
    involved = "yes" if case.supplier else "no" if rng.random() < 0.8 else "unknown"
    occurred = case.detected_at - timedelta(minutes=round(float(rng.exponential(900)))) if rng.random() < 0.7 else None
    return Declaration(
        declaration="d1", establishment=f"Établissement fictif {structure.number:04d}", legal_entity=structure.legal_entity,
        establishment_kind=structure.kind, legal_status=structure.legal_status, region=structure.region,
        essential_entity="yes" if structure.essential else "no", occurred_at=occurred, detected_at=case.detected_at,
        description="Incident simulé", data_impact=tuple(sorted(case.data)), functioning=case.functioning,
        data_subjects=("patients",) if case.data - {"none"} and rng.random() < 0.5 else (),
        patient_danger=case.danger, malicious=case.malicious if guess else "unknown",
        origin=case.origin if guess and not case.qualified_late else None, supplier_involved=involved,
        supplier=case.supplier or "", support_asked="yes" if case.asked else "no",
    )  # fmt: skip


def _qualification(case: Case, category: str) -> Qualification:
    ransomware = category == "ransomware"
    return Qualification(
        category=category, origin=ORIGIN[case.malicious], significance=case.significance, why="Simulation", state="closed",
        declaration="d1", ransomware_extent=case.extent if ransomware else None, cause_group=case.supplier,
        cause_kind="supplier" if case.supplier else None,
    )  # fmt: skip


def _help(case: Case, incident: str, at: datetime) -> Iterator[Step]:
    """How a request for help ended."""
    if case.asked:
        fact = Support(support="aide", state="done" if case.helped else "refused", by="cert-sante")
        yield Step(at, OBSERVATORY, incident, at, fact, "analyst")
    if case.state_help:
        fact = Support(support="etat", state="done", by="anssi")
        yield Step(at, OBSERVATORY, incident, at, fact, "analyst")


def _beside(year: int, steps: Sequence[Step], rng: Generator) -> Iterator[Step]:
    """What is received and not counted: said twice, out of scope (as many as published), and near misses."""
    own = [step for step in steps if isinstance(step.fact, Declaration) and step.fact.stage == "notification"]
    own = [step for step in own if step.incident.partition("/")[2].startswith(f"{year}-")]
    out = published()[year]["out_of_scope"].value if "out_of_scope" in published()[year] else len(own) // 30
    kinds = ["out_of_scope"] * out + ["twin"] * (len(own) // 50) + ["near_miss"] * (len(own) // 60)
    for number, kind in enumerate(kinds, start=1):
        model = own[int(rng.integers(len(own)))]
        incident = f"{model.incident.partition('/')[0]}/{year}-h{number:03d}"
        nature = "near_miss" if kind == "near_miss" else "incident"
        said = model.fact.model_copy(update={"nature": nature})
        judged = Qualification(
            category="other_not_malicious", origin="not_malicious", why="Simulation",
            state="out_of_scope" if kind == "out_of_scope" else "closed",
            duplicate_of=f"{model.incident}#d1" if kind == "twin" else "",
        )  # fmt: skip
        yield model._replace(incident=incident, fact=said)
        at = model.received_at + WEEK
        yield Step(at, OBSERVATORY, incident, at, judged, "analyst")


def _monday(at: datetime) -> datetime:
    """The next Monday at 06:00 UTC, when the week is received."""
    morning = at.replace(hour=6, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=7 - morning.weekday())
