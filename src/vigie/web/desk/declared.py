"""Declarations as the observatory's queue reads them: one row each, derived again whenever its incident says more.

The derivation is that of the observatory's figures (`vigie.observe.derive`). Lines that an analyst must not see, privileged
or TLP:red, are left out before it: no queue, search or figure can tell what they hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vigie.journal import Received
from vigie.journal.authority import NODE_KINDS
from vigie.web.desk import access
from vigie.web.desk.folding import fit, folded
from vigie.web.desk.models import Declaration, DeclarationSign, LogLine, NodeFact, SupportRequest

if TYPE_CHECKING:
    from vigie.observe.derive import Look
    from vigie.respond import Situation

# How pressing a declaration is: what may hurt a patient first. What nobody has said weighs more than "no".
DANGER = {"confirmed": 60, "potential": 40, "unknown": 10, "none": 0}
FUNCTIONING = {"interruption": 20, "degraded": 8, "unknown": 4, "none": 0}
HELP_WANTED = 5
KEPT = (
    "legal_entity", "sites", "legal_status", "essential_entity", "data_impact", "data_subjects", "people_affected",
    "services", "hours_degraded", "ransomware_extent", "support_asked", "support_given", "authorities",
    "supplier_involved", "supplier", "cves",
)  # fmt: skip


def redraw(lines: Sequence[Received], judged: Sequence[Received] = ()) -> None:
    """Derive again the declarations that these entries, already listed, may change. Inside the caller's transaction.

    `judged` are node facts among what arrived: they say whether those nodes are believed.
    """
    again = _again(lines) | _spoken({_about(received) for received in judged})
    if not again:
        return
    Declaration.objects.filter(incident__in=again).delete()
    SupportRequest.objects.filter(incident__in=again).delete()
    rows: list[Declaration] = []
    signs: list[DeclarationSign] = []
    requests: list[SupportRequest] = []
    evidence = _Evidence(again)
    for incident in sorted(again):
        for row, its_signs in _rows(incident, evidence, requests):
            rows.append(row)
            signs += its_signs
    Declaration.objects.bulk_create(rows)
    DeclarationSign.objects.bulk_create(signs)
    SupportRequest.objects.bulk_create(requests)


def _spoken(nodes: set[str]) -> set[str]:
    """The incidents that declare, and in which one of these nodes wrote."""
    if not nodes:
        return set()
    declaring = LogLine.objects.filter(kind="declaration").order_by().values("incident_id")
    wrote = LogLine.objects.filter(node__in=nodes, incident__in=declaring).order_by()
    return set(wrote.values_list("incident_id", flat=True).distinct())


def _again(lines: Sequence[Received]) -> set[str]:
    """The incidents to derive again: those that declare, and of which these entries say more."""
    declaring = LogLine.objects.filter(kind="declaration").order_by()
    touched = {received.entry.incident for received in lines if not _hidden(received)}
    found = set(declaring.filter(incident__in=touched).values_list("incident_id", flat=True).distinct())
    if found:
        said = {received.entry.incident for received in lines if received.entry.kind in _wanted()}
        found &= said
    if any(received.entry.saw for received in lines):
        # Where two logs qualified side by side, what one had read of the other counts.
        found |= set(Declaration.objects.filter(judged=True).values_list("incident_id", flat=True))
    return found


def _hidden(received: Received) -> bool:
    return received.entry.privileged or received.entry.tlp == "red"


def _wanted() -> frozenset[str]:
    from vigie.observe.derive import KINDS  # brings Arrow along: only nodes that hold a declaration pay for it

    return (KINDS | {"indicator"}) - NODE_KINDS


class _Evidence:
    """What incidents are derived from: their own entries, and who may be trusted."""

    def __init__(self, incidents: Collection[str]) -> None:
        self._seqs: dict[str, list[int]] = defaultdict(list)
        found = LogLine.objects.filter(incident__in=incidents, kind__in=_wanted(), guarded=False).order_by("seq")
        for incident, seq in found.values_list("incident_id", "seq"):
            self._seqs[incident].append(seq)
        self._around = access.store().get(list(NodeFact.objects.order_by("seq").values_list("seq", flat=True)))
        self._own = {log.partition("/")[0] for log in access.own_logs()}

    def of(self, incident: str) -> tuple[list[Received], list[Received]]:
        """The entries of an incident; and the node facts about the nodes that speak in it, or about this one."""
        entries = access.store().get(self._seqs[incident])
        nodes = self._own | {received.entry.node for received in entries}
        facts = [one for one in self._around if one.entry.kind in NODE_KINDS and _about(one) in nodes]
        return entries, facts

    def looks(self, judges: Collection[str]) -> list[Look]:
        """What these logs had seen of others, wherever they said so."""
        from vigie.observe.derive import Look

        return [
            Look(one.entry.log, one.entry.index, one.entry.saw, one.received_at)
            for one in self._around
            if one.entry.log in judges and one.entry.saw
        ]


def _about(received: Received) -> str:
    """The node that a node fact is about."""
    return str(getattr(received.fact, "node", ""))


def _rows(
    incident: str, evidence: _Evidence, requests: list[SupportRequest]
) -> Iterable[tuple[Declaration, list[DeclarationSign]]]:
    from vigie.observe.derive import derive
    from vigie.respond import Fold

    if incident.count("/") != 1:  # a peer may have stored a name that no address can bear
        return
    entries, facts = evidence.of(incident)
    own = access.own_logs()
    derived = derive(incident, [*entries, *facts], local=own)
    looks = evidence.looks(derived.judges) if derived.judges else []
    if looks:
        derived = derive(incident, [*entries, *facts], looks, own)
    fold = Fold(incident, own)
    fold.add_all([*facts, *entries])
    for look in looks:
        fold.look(*look)
    known = fold.snapshot()
    last = max((received.seq for received in entries), default=0)
    first = {row["declaration"]: row["known_from"] for row in reversed(derived.rows)}
    current = [_fitted(row) for row in derived.rows if row["known_until"] is None]
    for row in current:
        made = _row(row, known, first[row["declaration"]], last, bool(derived.judges))
        yield made, list(_signs(made, row, known))
    if current:
        requests += _requests(incident, known, current)


def _fitted(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose texts every database takes."""
    return {
        name: fit(value)
        if isinstance(value, str)
        else [fit(each) for each in value]
        if isinstance(value, list)
        else value
        for name, value in row.items()
    }


def _row(row: dict[str, Any], known: Situation, first: datetime, last: int, judged: bool) -> Declaration:
    name = row["source_key"].partition("#")[2]
    fact = known.declared[name].fact
    given = known.qualifications.get(name) or known.qualifications.get(None)
    seen_at = row["detected_at"] or row["occurred_at"] or row["declared_at"] or first
    urgency = DANGER[row["patient_danger"]] + FUNCTIONING[row["functioning"]]
    if row["support_asked"] == "yes" and row["support_given"] != "yes":
        urgency += HELP_WANTED
    told = " ".join((fact.description, fact.measures))
    searched = (
        row["establishment"], row["source_key"], row["supplier"], row["cause_group"], *row["cves"], row["legal_entity"],
        told,
    )  # fmt: skip
    return Declaration(
        id=row["source_key"], incident_id=row["incident"], name=name, realm=row["realm"], version=row["version"],
        last_seq=last, first_known_at=_aware(first), known_from=_aware(row["known_from"]), seen_at=_aware(seen_at),
        declared_at=_aware(row["declared_at"]), establishment=fit(row["establishment"] or "", 300),
        declarant=fit(row["declarant"] or "", 400), region=row["region"], establishment_kind=row["establishment_kind"],
        stage=row["stage"], nature=row["nature"], state=row["state"], origin=row["origin"], malicious=row["malicious"],
        significance=row["significance"], functioning=row["functioning"], patient_danger=row["patient_danger"],
        urgency=urgency, waiting_since=_waiting_since(row, known, name),
        duplicate_of=(row["duplicate_of"] or "").removeprefix("journal:"), cause_group=row["cause_group"] or "",
        cause_kind=(given.fact.cause_kind if given else None) or "",
        distinct_from=[fit(each) for each in given.fact.distinct_from] if given else [], judged=judged,
        text=fit(folded(" ".join(word for word in searched if word))), stems=fit(_stems(told)),
        more={column: row[column] for column in KEPT},
    )  # fmt: skip


def _stems(told: str) -> str:
    from vigie.observe.likeness import stems

    return " ".join(sorted(stems(told)))


def _waiting_since(row: dict[str, Any], known: Situation, name: str) -> datetime | None:
    """Since when the observatory waits for an answer; None where it does not."""
    if row["state"] != "waiting":
        return None
    asked = [
        one.by.recorded_at for one in known.exchanges if one.fact.declaration == name and one.fact.awaits == "answer"
    ]
    given = known.qualifications.get(name) or known.qualifications.get(None)
    return max(asked, default=None) or (given.by.recorded_at if given else _aware(row["known_from"]))


def _signs(made: Declaration, row: dict[str, Any], known: Situation) -> Iterable[DeclarationSign]:
    """What other declarations may share with this one: supplier, vulnerabilities and products, indicators."""
    from vigie.observe.causes import sign, supplier

    alone = len(known.declared) == 1  # what an incident says of products and indicators belongs to its one declaration
    found = {("supplier", supplier(row["supplier"]))} if row["supplier"] else set()
    found |= {("product", cve) for cve in row["cves"]}
    if alone:
        found |= {("product", sign(one.fact.product)) for one in known.vulnerabilities if one.fact.product}
        found |= {("indicator", sign(one.fact.value)) for one in known.indicators}
    for kind, value in sorted(found):
        yield DeclarationSign(declaration_id=made.pk, kind=kind, value=fit(value, 300))


def _requests(incident: str, known: Situation, rows: list[dict[str, Any]]) -> Iterator[SupportRequest]:
    """The requests for help of an incident, each where it stands; what a declaration asks and nobody follows is one too."""
    where = {
        "incident_id": incident, "realm": rows[0]["realm"], "establishment": fit(rows[0]["establishment"] or "", 300),
        "region": rows[0]["region"],
    }  # fmt: skip
    for name, one in known.support.items():
        yield SupportRequest(
            **where, name=name, state=one.fact.state, by=one.fact.by or "", what=fit(one.fact.what),
            asked_at=_asked_at(incident, name) or one.by.recorded_at, moved_at=one.by.recorded_at,
        )  # fmt: skip
    for row in rows:
        if not known.support and row["support_asked"] == "yes":
            at = _aware(row["recorded_at"])
            name = row["source_key"].partition("#")[2]
            yield SupportRequest(**where, name=name, state="asked", asked_at=at, moved_at=at)


def _asked_at(incident: str, name: str) -> datetime | None:
    """When a request for help was first made."""
    lines = LogLine.objects.filter(incident_id=incident, kind="support", guarded=False).order_by("seq")
    for received in access.store().get(list(lines.values_list("seq", flat=True))):
        if getattr(received.fact, "support", None) == name:
            return received.entry.recorded_at
    return None


def _aware(instant: datetime | None) -> datetime | None:
    """An instant of the declarations table, UTC without a zone, as the database holds it."""
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant
