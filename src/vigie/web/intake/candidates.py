"""Candidates: declarations that seem to tell the same thing, or to share a cause, each with the reasons."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from vigie.observe.causes import WINDOW, Shared, Signs, causes
from vigie.observe.likeness import APART, CANDIDATE, Likeness, Told, likeness
from vigie.observe.vocabulary import vocabulary
from vigie.web.desk.models import Declaration, DeclarationSign
from vigie.web.intake import words
from vigie.web.intake.queue import row

COMPARED, SHOWN = 400, 8  # at most so many are weighed, and so many shown
LONG = timedelta(days=90)  # one establishment may tell late


class Candidate(NamedTuple):
    """A declaration that may tell the same thing: its line of a list, the score out of one hundred, the reasons in words."""

    row: dict[str, Any]
    score: int
    reasons: list[str]


class Cause(NamedTuple):
    """What may be one cause: its words, the declarations that share it, the regions, and the group that some are in."""

    kind: str
    title: str
    value: str
    rows: list[dict[str, Any]]
    regions: list[str]
    group: str


def duplicates(one: Declaration, among: QuerySet[Declaration], now: datetime) -> list[Candidate]:
    """What may be the same declaration told twice, the most alike first. One query."""
    near = Q(seen_at__range=(one.seen_at - APART, one.seen_at + APART))
    same = (
        Q(declarant=one.declarant, seen_at__range=(one.seen_at - LONG, one.seen_at + LONG))
        if one.declarant
        else Q(pk__in=())
    )
    alike = Q(region=one.region) if one.region != "unknown" else Q(pk__in=())
    known = Q(pk=one.pk) | Q(pk__in=one.distinct_from)
    found = among.filter(same | (near & alike), realm=one.realm).exclude(known).order_by("-seen_at", "id")[:COMPARED]
    weighed = [(likeness(_told(one), _told(other)), other) for other in found if one.pk not in other.distinct_from]
    weighed = [pair for pair in weighed if pair[0].score >= CANDIDATE]
    weighed.sort(key=lambda pair: (-pair[0].score, pair[1].pk))
    return [Candidate(row(other, now), like.score, _reasons(like)) for like, other in weighed[:SHOWN]]


def shared_causes(one: Declaration, among: QuerySet[Declaration], now: datetime) -> list[Cause]:
    """What it shares with others that may be the cause of all. Four queries."""
    own = set(one.signs.values_list("kind", "value"))
    alike = Q(pk__in=())
    for kind, value in own:
        alike |= Q(kind=kind, value=value)
    holders = DeclarationSign.objects.filter(alike).exclude(declaration=one).values("declaration")
    campaign = Q(pk__in=())
    if vocabulary()["origins"].get(one.origin, {}).get("malicious") == "yes":
        campaign = Q(origin=one.origin, seen_at__range=(one.seen_at - WINDOW, one.seen_at + WINDOW))
    found = among.filter(Q(pk__in=holders) | campaign, realm=one.realm).exclude(pk=one.pk)
    others = {other.pk: other for other in found.prefetch_related("signs").order_by("-seen_at", "id")[:COMPARED]}
    every = causes(
        _signs(one, own), (_signs(other, {(s.kind, s.value) for s in other.signs.all()}) for other in others.values())
    )
    return [_cause(one, shared, others, now) for shared in every[:SHOWN]]


def _cause(one: Declaration, shared: Shared, others: dict[str, Declaration], now: datetime) -> Cause:
    held = [others[id] for id in shared.declarations]
    groups = sorted({other.cause_group for other in held if other.cause_group})
    value = (one.more.get("supplier") or shared.value) if shared.kind == "supplier" else shared.value
    return Cause(
        shared.kind, str(words.CAUSES[shared.kind]), value, [row(other, now) for other in held],
        sorted({words.word("regions", other.region) for other in held}), groups[0] if groups else "",
    )  # fmt: skip


def _reasons(like: Likeness) -> list[str]:
    return [f"{words.DUPLICATE_REASONS[reason]} ({points:+d})" for reason, points in like.reasons]


def _told(one: Declaration) -> Told:
    return Told(
        one.declarant, one.region, one.seen_at, one.origin, one.more.get("supplier") or "", frozenset(one.stems.split())
    )


def _signs(one: Declaration, own: set[tuple[str, str]]) -> Signs:
    held = {kind: frozenset(value for k, value in own if k == kind) for kind in ("supplier", "product", "indicator")}
    return Signs(
        one.pk, one.declarant or one.pk, one.seen_at, one.origin, held["supplier"], held["product"], held["indicator"],
        frozenset(one.stems.split()),
    )  # fmt: skip
