"""What one batch of entries does to the read models. The same batches, cut anywhere, give the same tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from vigie.errors import FactError
from vigie.journal import Received
from vigie.journal.authority import NODE_KINDS, REGISTER, Registry
from vigie.journal.facts import Artefact, Closed, Correction, Erased, Erasure, Fact, Opened, Statement, parse
from vigie.journal.facts.base import YEARS
from vigie.web.desk import access, declared
from vigie.web.desk.erasures import erased
from vigie.web.desk.folding import fit, folded, words
from vigie.web.desk.models import Cursor, Incident, KeptFile, LineSubject, LogLine, NodeFact
from vigie.web.desk.tail import fold_registry, tail

HEADER_KINDS = ("opened", "closed")
LOOKED_AT = 50  # entries at a time, in search of the first that counts


def apply(batch: Sequence[Received], cursor: Cursor) -> set[str]:
    """Put these entries into the tables, inside the caller's transaction; sets `cursor.node_seq`.

    Returns the SHA-256 of the files that no entry keeps any more, because theirs was erased.
    """
    nodes = [received.seq for received in batch if received.entry.kind in NODE_KINDS]
    around = [received.seq for received in batch if received.entry.kind in NODE_KINDS or received.entry.saw]
    NodeFact.objects.bulk_create([NodeFact(seq=seq) for seq in around])
    lines = [received for received in batch if not is_register(received.entry.incident)]
    mixed = _count(lines)
    LogLine.objects.bulk_create([_line(received) for received in lines])
    LineSubject.objects.bulk_create([subject for received in lines for subject in _subjects(received)])
    about = {received.fact.of for received in lines if isinstance(received.fact, (Correction, Erasure))}
    if not nodes:
        unneeded = _erase(received.fact.of for received in lines if isinstance(received.fact, Erasure))
        _write_headers(_touched(lines, about) | mixed, tail.registry())
        declared.redraw(lines)
        return unneeded
    # Who may be trusted has changed, and with it what counts: everything that hangs on it is looked at again.
    cursor.node_seq = nodes[-1]
    registry = fold_registry(access.store().get(list(NodeFact.objects.values_list("seq", flat=True))))
    unneeded = _erase(LogLine.objects.filter(kind="erasure").values_list("corrects", flat=True))
    _write_headers(Incident.objects.values_list("id", flat=True), registry)
    declared.redraw(lines, [received for received in batch if received.entry.kind in NODE_KINDS])
    return unneeded


def is_register(incident: str) -> bool:
    """Whether this is a node's own dossier, which is no incident."""
    return incident.partition("/")[2] == REGISTER


def current(fact: Statement) -> Statement:
    """What a fact states: the replacement, for a correction that this version can read."""
    if isinstance(fact, Correction) and fact.replacement is not None:
        try:
            return parse(fact.replacement)
        except (FactError, TypeError):  # a kind that is not even a word
            return fact
    return fact


def _count(lines: Sequence[Received]) -> set[str]:
    """Make the incidents of these entries known, with how many entries they have and the last one.

    Returns those in which some entry is of another realm than the incident is shown in.
    """
    mixed: set[str] = set()
    by_incident: dict[str, list[Received]] = {}
    for received in lines:
        by_incident.setdefault(fit(received.entry.incident, 200), []).append(received)
    known = Incident.objects.in_bulk(list(by_incident))
    for name, received in by_incident.items():
        incident = known.get(name) or Incident(
            id=name,
            owner=fit(received[0].entry.owner, 64),
            realm=fit(received[0].entry.realm, 10),
            title=name.partition("/")[2],
        )
        incident.entries_count += len(received)
        incident.last_seq, incident.last_received_at = received[-1].seq, received[-1].received_at
        incident.save(force_insert=name not in known)
        if any(fit(each.entry.realm, 10) != incident.realm for each in received):
            mixed.add(name)
    return mixed


def _line(received: Received) -> LogLine:
    entry, fact = received.entry, received.fact
    return LogLine(
        seq=received.seq, incident_id=fit(entry.incident, 200), digest=received.digest, kind=fit(entry.kind, 64),
        author=fit(entry.author, 300), role=fit(entry.role, 20), node=fit(entry.node, 64),
        happened_at=entry.happened_at, recorded_at=entry.recorded_at, received_at=received.received_at,
        text=fit(folded(" ".join(words(fact)))), tlp=fit(entry.tlp, 20), privileged=entry.privileged,
        guarded=entry.privileged or entry.tlp == "red",
        corrects=fact.of if isinstance(fact, (Correction, Erasure)) else None, erased=isinstance(fact, Erased),
    )  # fmt: skip


def _subjects(received: Received) -> Iterator[LineSubject]:
    fact = current(received.fact)
    if not isinstance(fact, Fact):
        return
    applications, services = fact.subjects()
    files = (fact.sha256,) if isinstance(fact, Artefact) and fact.sha256 else ()
    kinds = ((LineSubject.APPLICATION, applications), (LineSubject.SERVICE, services), (LineSubject.FILE, files))
    for kind, subjects in kinds:
        for subject in dict.fromkeys(subjects):
            yield LineSubject(
                line_id=received.seq,
                incident_id=fit(received.entry.incident, 200),
                kind=kind,
                subject=fit(subject, 300),
            )


def _erase(targets: Iterable[str]) -> set[str]:
    """Blank the lines whose payload the journal has destroyed; returns the files that no line keeps any more."""
    lines = dict(LogLine.objects.filter(digest__in=list(targets), erased=False).values_list("seq", "digest"))
    gone = [received.seq for received in access.store().get(list(lines)) if isinstance(received.fact, Erased)]
    if not gone:
        return set()
    subjects = LineSubject.objects.filter(line_id__in=gone)
    files = set(subjects.filter(kind=LineSubject.FILE).values_list("subject", "incident__owner"))
    subjects.delete()
    blank = LogLine.objects.filter(seq__in=gone)
    blank.update(text="", erased=True)
    erased.send(sender=LogLine, incidents=set(blank.order_by().values_list("incident_id", flat=True)))
    return {sha256 for sha256, owner in files if _let_go(sha256, owner)}


def _let_go(sha256: str, owner: str) -> bool:
    """Forget that an organisation keeps a file, unless another of its entries does; True where nobody keeps it now.

    To name a hash keeps nothing: only what an organisation brought itself stays when another one erases its own.
    """
    if LineSubject.objects.filter(kind=LineSubject.FILE, subject=sha256, incident__owner=owner).exists():
        return False
    KeptFile.objects.filter(sha256=sha256, organisation=owner).delete()
    return not KeptFile.objects.filter(sha256=sha256).exists()


def _touched(lines: Sequence[Received], about: Collection[str]) -> set[str]:
    """The incidents whose header these entries may change."""
    named = {fit(received.entry.incident, 200) for received in lines if received.entry.kind in HEADER_KINDS}
    mended = LogLine.objects.filter(digest__in=list(about), kind__in=HEADER_KINDS) if about else LogLine.objects.none()
    return named | set(mended.values_list("incident_id", flat=True))


def _write_headers(incidents: Iterable[str], registry: Registry) -> None:
    """Say of these incidents what their opening and closing entries say, where those count."""
    for name in incidents:
        said = list(_said(name, registry))
        opened = [(at, fact) for at, fact in said if isinstance(fact, Opened)]
        last = max(said, key=lambda one: one[0], default=None)
        Incident.objects.filter(pk=name).update(
            realm=fit(_realm(name, registry), 10),
            title=fit(opened[-1][1].title, 300) if opened else name.partition("/")[2],
            opened_at=_in_calendar(min((at for at, _ in opened), default=None)),
            closed_at=_in_calendar(last[0]) if last and isinstance(last[1], Closed) else None,
        )


def _realm(incident: str, registry: Registry) -> str:
    """The realm of the first entry that counts: nobody turns another's crisis into an exercise. Of the first, where none
    counts."""
    lines = LogLine.objects.filter(incident_id=incident).order_by("seq").values_list("seq", flat=True)
    first, after = "", 0
    while found := list(lines.filter(seq__gt=after)[:LOOKED_AT]):
        for received in sorted(access.store().get(found)):
            if registry.standing(received.entry).counts:
                return received.entry.realm
            first = first or received.entry.realm
        after = found[-1]
    return first


def _in_calendar(at: datetime | None) -> datetime | None:
    """An instant that every time zone and every list can show; one at the edge of the calendar is moved inside it."""
    if at is None or at.year in YEARS:
        return at
    return at.replace(year=YEARS[0] if at.year < YEARS[0] else YEARS[-1], month=1, day=1)


def _said(incident: str, registry: Registry) -> Iterator[tuple[datetime, Statement]]:
    """When what was opened or closed, corrections applied, in order of arrival; only what counts."""
    own = LogLine.objects.filter(incident_id=incident, kind__in=HEADER_KINDS).values_list("seq", "digest")
    mends = LogLine.objects.filter(incident_id=incident, kind="correction", corrects__in=[digest for _, digest in own])
    found = access.store().get([seq for seq, _ in own] + list(mends.order_by("seq").values_list("seq", flat=True)))
    mending: dict[str, Received] = {}
    originals = {received.digest: received for received in found if received.entry.kind in HEADER_KINDS}
    for received in found:
        original = originals.get(received.fact.of) if isinstance(received.fact, Correction) else None
        if original and registry.standing(received.entry, original.entry).counts:
            mending[original.digest] = received
    for original in sorted(originals.values()):
        if not registry.standing(original.entry).counts:
            continue
        mend = mending.get(original.digest)
        if mend is None:
            yield original.entry.happened_at, original.fact
        elif isinstance(mend.fact, Correction) and mend.fact.replacement is not None:
            yield mend.fact.happened_at or original.entry.happened_at, current(mend.fact)
