"""Lines of the log as a page shows them: filtered, page by page from the newest, each with its corrections beside it.

A page costs three queries at any length of the log: the lines (keyset on `seq`, one index for each filter), what
corrects them or is corrected by them, and the entries themselves out of the journal.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from vigie.journal import Received
from vigie.journal.authority import Registry, Standing
from vigie.journal.facts import Correction, Erased, Erasure, Statement
from vigie.web.desk import access
from vigie.web.desk.derive import current
from vigie.web.desk.folding import folded
from vigie.web.desk.following import follow
from vigie.web.desk.models import LineSubject, LogLine
from vigie.web.desk.tail import tail

PAGE_LINES = 50
KEPT_NEWS = 32


class Filters(NamedTuple):
    """What to show. Empty or None: everything. `text`: each of its words occurs. `at`: what was received by then.

    `since`: what was received from then on. Between `before_seq` and `after_seq`, neither included.
    """

    kind: str = ""
    author: str = ""
    application: str = ""
    service: str = ""
    text: str = ""
    at: datetime | None = None
    since: datetime | None = None
    before_seq: int | None = None
    after_seq: int | None = None
    kinds: tuple[str, ...] = ()


EVERYTHING = Filters()
_news: dict[Hashable, News] = {}


class Line(NamedTuple):
    """An entry with what the log says about it.

    `corrections` are the counting corrections of this entry, oldest first; `claims` those that do not count. `original`
    is the entry that this correction or erasure is about, where it is here. `fact` is what now stands: the last
    counting correction's replacement, None when the entry was withdrawn; the entry's own fact is `received.fact`.
    """

    received: Received
    standing: Standing
    fact: Statement | None
    corrections: tuple[Received, ...] = ()
    claims: tuple[Received, ...] = ()
    original: Received | None = None

    @property
    def seq(self) -> int:
        """Order of arrival at this node: the line's number on screens and prints."""
        return self.received.seq

    @property
    def is_erased(self) -> bool:
        """Whether the payload was destroyed."""
        return isinstance(self.received.fact, Erased)

    @property
    def is_withdrawn(self) -> bool:
        """Whether a correction says that the entry was wrong altogether."""
        return self.fact is None


class Page(NamedTuple):
    """Lines, newest first. `older_seq` is the `before_seq` of the next page (the `after_seq`, where a page was asked for
    oldest first), None on the last one.

    `last_seq` is the newest entry of the incident when the page was made: what a screen asks for news after.
    """

    lines: tuple[Line, ...]
    older_seq: int | None
    last_seq: int


class News(NamedTuple):
    """What is new on a screen: lines, newest first, and earlier lines to draw again (now corrected, or erased)."""

    lines: tuple[Line, ...]
    redrawn: tuple[Line, ...]
    last_seq: int


def page(
    incident_id: str,
    filters: Filters = EVERYTHING,
    limit: int = PAGE_LINES,
    hidden: Q | None = None,
    oldest_first: bool = False,
) -> Page:
    """One page of an incident's log. `hidden` is what this caller must not see (`scope.hidden_lines`)."""
    follow()
    last = tail.last.get(incident_id, 0)
    # Not beyond what is told as `last_seq`: an entry that arrives in between is news, and must not be shown twice.
    wanted = select(incident_id, filters, hidden).filter(seq__lte=last).order_by("seq" if oldest_first else "-seq")
    found = list(wanted.values_list("seq", "digest", "corrects")[: limit + 1])
    lines = tuple(_lines(incident_id, found[:limit], filters.at, hidden))
    return Page(lines, found[limit - 1][0] if len(found) > limit else None, last)


def since(
    incident_id: str, seq: int, filters: Filters = EVERYTHING, limit: int = 200, hidden: Q | None = None
) -> News | None:
    """What arrived after `seq`, or None when nothing did: then it cost one read of the journal's last number.

    At most `limit` lines at a time, oldest first served; `last_seq` says where to go on.
    """
    follow()
    if tail.last.get(incident_id, 0) <= seq:
        return None
    # Two hundred screens that poll ask for the same few pieces of news: those are made once.
    asked = (tail.seq, incident_id, seq, filters, limit, hidden.identity if hidden else None)
    found = _news.get(asked)
    if found is None:
        found = _since(incident_id, seq, filters, limit, hidden)
        if len(_news) >= KEPT_NEWS:
            _news.clear()
        _news[asked] = found
    return found


def _since(incident_id: str, seq: int, filters: Filters, limit: int, hidden: Q | None) -> News:
    last = tail.last[incident_id]
    wanted = select(incident_id, filters._replace(after_seq=seq, before_seq=last + 1), hidden)
    found = list(wanted.order_by("seq").values_list("seq", "digest", "corrects")[:limit])
    if len(found) == limit:
        last = found[-1][0]
    found.reverse()
    redrawn: list[tuple[int, str, str | None]] = []
    if targets := [corrects for _, _, corrects in found if corrects]:
        shown = LogLine.objects.filter(incident_id=incident_id, digest__in=targets, seq__lte=seq)
        redrawn = list(_visible(shown, hidden).values_list("seq", "digest", "corrects"))
    return News(
        tuple(_lines(incident_id, found, None, hidden)), tuple(_lines(incident_id, redrawn, None, hidden)), last
    )


def one(incident_id: str, seq: int, hidden: Q | None = None) -> Line | None:
    """One line of an incident, or None where this caller has no such line."""
    follow()
    found = _visible(LogLine.objects.filter(incident_id=incident_id, seq=seq), hidden)
    return next(_lines(incident_id, list(found.values_list("seq", "digest", "corrects")), None, hidden), None)


def every(incident_id: str, filters: Filters = EVERYTHING, hidden: Q | None = None, step: int = 500) -> Iterator[Line]:
    """Every line that passes the filters, oldest first, in bounded memory: what exports and prints go through."""
    follow(access.store().last_seq())
    after = filters.after_seq or 0
    while True:
        wanted = select(incident_id, filters._replace(after_seq=after), hidden)
        found = list(wanted.order_by("seq").values_list("seq", "digest", "corrects")[:step])
        yield from _lines(incident_id, found, filters.at, hidden)
        if len(found) < step:
            return
        after = found[-1][0]


def select(incident_id: str, filters: Filters, hidden: Q | None = None) -> QuerySet[LogLine]:
    """The lines of an incident that pass the filters, in no order yet."""
    lines = _visible(LogLine.objects.filter(incident_id=incident_id), hidden)
    if filters.kind:
        lines = lines.filter(kind=filters.kind)
    if filters.kinds:
        lines = lines.filter(kind__in=filters.kinds)
    if filters.author:
        lines = lines.filter(author=filters.author)
    for kind, subject in ((LineSubject.APPLICATION, filters.application), (LineSubject.SERVICE, filters.service)):
        if subject:
            about = LineSubject.objects.filter(incident_id=incident_id, kind=kind, subject=subject)
            lines = lines.filter(seq__in=about.values("line_id"))
    for word in folded(filters.text).split():
        lines = lines.filter(text__contains=word)
    if filters.at is not None:
        # The bound is one look at an index; the condition beside it is for a node whose clock was once set back.
        known = LogLine.objects.filter(incident_id=incident_id, received_at__lte=filters.at).order_by()
        bound = known.values("incident_id").annotate(last=Max("seq")).values("last")
        lines = lines.filter(seq__lte=bound, received_at__lte=filters.at)
    if filters.since is not None:
        lines = lines.filter(received_at__gte=filters.since)
    if filters.before_seq is not None:
        lines = lines.filter(seq__lt=filters.before_seq)
    if filters.after_seq is not None:
        lines = lines.filter(seq__gt=filters.after_seq)
    return lines


def forget() -> None:
    """Make news anew: after a rebuild, a restore, and between tests."""
    _news.clear()


def _visible(lines: QuerySet[LogLine], hidden: Q | None) -> QuerySet[LogLine]:
    return lines.exclude(hidden) if hidden else lines


def _lines(
    incident_id: str, found: Sequence[tuple[int, str, str | None]], at: datetime | None, hidden: Q | None
) -> Iterator[Line]:
    """Whole lines, from (seq, digest, corrects) of each, in the same order."""
    if not found:
        return
    linked = _linked(incident_id, found, at, hidden)
    entries = {r.seq: r for r in access.store().get([*(seq for seq, _, _ in found), *linked])}
    by_digest = {received.digest: received for received in entries.values()}
    mends: dict[str, list[Received]] = {}
    for seq in sorted({*linked, *(seq for seq, _, corrects in found if corrects)} & entries.keys()):
        fact = entries[seq].fact
        if isinstance(fact, Correction) and (at is None or entries[seq].received_at <= at):
            mends.setdefault(fact.of, []).append(entries[seq])
    registry = tail.registry()
    for seq, digest, _ in found:
        if seq in entries:
            yield _line(entries[seq], mends.get(digest, ()), by_digest, registry)


def _linked(
    incident_id: str, found: Sequence[tuple[int, str, str | None]], at: datetime | None, hidden: Q | None
) -> list[int]:
    """The numbers of the entries that correct these ones, or that these ones are about, as this caller may see them.

    Of the same incident only: a correction that names the digest of another hospital's entry must not bring it here.
    """
    here = _visible(LogLine.objects.filter(incident_id=incident_id), hidden)
    digests = [digest for _, digest, _ in found]
    targets = [corrects for _, _, corrects in found if corrects]
    mending = here.filter(corrects__in=digests, corrects__isnull=False)
    if at is not None:
        mending = mending.filter(received_at__lte=at)
    linked = mending.values_list("seq", flat=True)
    if targets:
        linked = linked.union(here.filter(digest__in=targets).values_list("seq", flat=True))
    return list(linked)


def _line(received: Received, mends: Iterable[Received], by_digest: dict[str, Received], registry: Registry) -> Line:
    about = received.fact.of if isinstance(received.fact, (Correction, Erasure)) else None
    original = by_digest.get(about) if about else None
    corrections, claims = [], []
    for mend in mends:
        counts = registry.standing(mend.entry, received.entry).counts
        (corrections if counts else claims).append(mend)
    fact: Statement | None = received.fact
    if corrections and not isinstance(fact, Erased):
        last = corrections[-1].fact
        assert isinstance(last, Correction)
        fact = current(last) if last.replacement is not None else None
    standing = registry.standing(received.entry, original.entry if original else None)
    return Line(received, standing, fact, tuple(corrections), tuple(claims), original)
