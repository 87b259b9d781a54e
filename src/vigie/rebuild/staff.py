"""Staff: who is at work in each hour, by skill and by vendor, from the teams of the map and the reinforcements told.

A *team* of the plan is all the people of one skill, or the people of one vendor (`supplier:<id>`). Hours are
those of the place: hour 0 of a plan is the hour in which it was made, in the time zone given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

import numpy as np

from vigie.cartography import Cartography, shift_hours
from vigie.rebuild.assumptions import assumptions

WEEK = 168
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """So many people of one team of the plan, on a shift, from an instant (None: from the start) until another."""

    team: str
    people: int
    shift: str
    from_at: datetime | None = None
    until_at: datetime | None = None
    assumed: str = ""  # why it had to be assumed; empty when somebody said it


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who can work, as presences."""

    presences: tuple[Presence, ...]

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams of the plan, in order."""
        return tuple(dict.fromkeys(presence.team for presence in self.presences))

    @property
    def assumed(self) -> tuple[Presence, ...]:
        """What nobody has said."""
        return tuple(presence for presence in self.presences if presence.assumed)

    def with_people(self, team: str, people: int, shift: str = "office") -> Staff:
        """The same with more people in a team."""
        return Staff((*self.presences, Presence(team, people, shift)))

    def later(self, team: str, delay: timedelta, at: datetime) -> Staff:
        """The same with all who are still to come in a team arriving later, or leaving until then if they are there."""
        moved = [
            p if p.team != team else Presence(p.team, p.people, p.shift, max(p.from_at or at, at) + delay, p.until_at)
            for p in self.presences
        ]
        return Staff(tuple(moved))

    def capacity(self, teams: Iterable[str], at: datetime, zone: tzinfo, hours: int) -> np.ndarray:
        """People present, shape (teams, hours), from the hour of `at` on."""
        place = {team: row for row, team in enumerate(teams)}
        first = at.astimezone(zone).replace(minute=0, second=0, microsecond=0)
        of_week = (first.weekday() * 24 + first.hour + np.arange(hours)) % WEEK
        present = np.zeros((len(place), hours), np.int32)
        for presence in self.presences:
            if presence.team in place:
                on = np.array(shift_hours(presence.shift))[of_week]
                begins, ends = _hours(presence.from_at, first, 0), _hours(presence.until_at, first, hours)
                on[:begins] = False
                on[max(ends, 0) :] = False
                present[place[presence.team]] += on * presence.people
        return present


def staff(
    cartography: Cartography,
    reinforcements: Iterable[Any],
    began_at: datetime,
    needed: Iterable[str],
) -> Staff:
    """Everybody: the teams of the map, changed by the `workforce` facts, and what must be assumed.

    `needed` names the teams of the plan that some step asks for. `began_at` is when
    the incident began: a vendor's contractual delay counts from there.
    """
    told = sorted(reinforcements, key=lambda fact: fact.from_at)
    presences = []
    for team in cartography.teams:
        contract = Presence(_team(team.skill, team.supplier), team.people, team.shift, _arrival(team, began_at))
        if not (team.supplier and team.arrives_after_hours is None):
            presences += _beside(contract, [fact for fact in told if fact.team == team.id], bool(team.supplier))
    presences += _told(told, {team.id: team for team in cartography.teams})
    present = {presence.team for presence in presences if presence.people}
    presences += [_assumed(team, began_at) for team in needed if team not in present]
    return Staff(tuple(presences))


def _beside(contract: Presence, told: list[Any], supplier: bool) -> list[Presence]:
    """A team as the map says, whenever no statement on it holds. People of a supplier who are told of come and go as
    told, not as the contract promised: the contract holds only beside a statement that nobody is there."""
    if not told:
        return [contract]
    beside = [told[0], *told]
    begins = [contract.from_at, *(_ends(fact, told) for fact in told)]
    ends = [*(fact.from_at for fact in told), None]
    return [
        replace(contract, from_at=max(filter(None, (contract.from_at, begin)), default=None), until_at=end)
        for number, (fact, begin, end) in enumerate(zip(beside, begins, ends, strict=True))
        if (begin is not None or not number) and begin != end and not (supplier and fact.people)
    ]


def _told(told: list[Any], teams: Mapping[str, Any]) -> list[Presence]:
    presences = []
    for fact in told:
        shift = fact.shift or (teams[fact.team].shift if fact.team in teams else "office")
        team = _team(fact.skill, fact.supplier)
        presences.append(Presence(team, fact.people, shift, fact.from_at, _ends(fact, told)))
    return presences


def _ends(fact: Any, told: list[Any]) -> datetime | None:
    """Each statement on a team holds until its own end, or the next statement on the same team."""
    later = [other.from_at for other in told if other.team == fact.team and other.from_at > fact.from_at]
    return min([*later, *([fact.until_at] if fact.until_at else [])], default=None)


def _assumed(team: str, began_at: datetime) -> Presence:
    if team.startswith("supplier:"):
        delay = assumptions()["vendor_arrival_hours"]["likely"]
        return Presence(team, 1, "office", began_at + HOUR * delay, None, "arrival not announced")
    people = assumptions()["people_where_none_is_named"]
    return Presence(team, people, assumptions()["shift_where_none_is_named"], None, None, "nobody named")


def _team(skill: str, supplier: str | None) -> str:
    """A vendor's people of a named skill work beside ours of that skill; the others work on what the vendor sold."""
    return f"supplier:{supplier}" if supplier and skill == "supplier" else skill


def _arrival(team: Any, began_at: datetime) -> datetime | None:
    return began_at + HOUR * team.arrives_after_hours if team.arrives_after_hours else None


def _hours(instant: datetime | None, first: datetime, default: int) -> int:
    if instant is None:
        return default
    return max(0, int(np.ceil((instant - first) / HOUR)))
