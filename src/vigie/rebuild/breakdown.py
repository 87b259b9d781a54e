"""Breakdown: from the damage and the map to the steps of the restart, and what each must wait for.

For an application that is rebuilt: prove the restore point, restore (one step a skill, side by side), validate,
reconnect. For one that was only cut: examine, validate, reconnect. One that merely fell comes back with what it depends
on. Each waits for the return of what it depends on, for the clean room, and for its gates. docs/background/restart.md
says why each rule is as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from graphlib import TopologicalSorter
from typing import Any

from vigie.cartography import Application, Cartography
from vigie.rebuild.assumptions import NO_TIME, Hours, assumptions, hours_of, layer_of
from vigie.rebuild.damage import Damage, Damages
from vigie.rebuild.gates import Gate, by_subject, gate_of
from vigie.rebuild.staff import Staff, staff
from vigie.rebuild.step import Doing, Step, Work

CLEAN_ROOM = "clean-room"
NOTHING = Doing(None, NO_TIME)
REFERENT = "care_referent"
# The step by which an application is opened again, whether people do it or it comes back by itself.
OPENING = ("reconnect", "return")


def breakdown(
    cartography: Cartography,
    damages: Damages,
    at: datetime,
    zone: tzinfo,
    *,
    gates: Mapping[str, Gate] | None = None,
    reinforcements: Iterable[Any] = (),
    began_at: datetime | None = None,
    unusable_backups: Iterable[str] = (),
    clean_room_ready: bool = False,
    effort_ratio: float = 1.0,
    people: Staff | None = None,
) -> Work:
    """The work left at `at`. `gates` are those the journal tells of (by id); `began_at` is when the incident began.

    `people` replaces what is worked out from the map and `reinforcements`. Raises InputError on a map with a circle.
    """
    told, strange = by_subject(gates or {}, cartography)
    made = _Maker(cartography, damages, told, frozenset(unusable_backups), clean_room_ready)
    steps = made.all_steps()
    ordered = _in_order([step for step in steps if step.application not in made.blocked])
    known = people or staff(cartography, reinforcements, began_at or at, ())
    ordered = [_open_ways(step, known) for step in ordered]
    needed = dict.fromkeys(doing.team for step in ordered for doing in step.ways if doing and doing.team)
    present = people or staff(cartography, reinforcements, began_at or at, needed)
    return Work(
        at=at,
        zone=zone,
        cartography=cartography,
        damages=damages,
        steps=tuple(ordered),
        gates=tuple(made.gates.values()),
        staff=present,
        back={app: step for app, step in made.back.items() if app not in made.blocked},
        blocked=made.blocked,
        effort_ratio=effort_ratio,
        strange_gates=strange,
    )


@dataclass
class _Maker:
    """Makes the steps of one plan."""

    cartography: Cartography
    damages: Damages
    told: dict[str, Gate]
    unusable: frozenset[str]
    clean_room_ready: bool
    gates: dict[str, Gate] = field(default_factory=dict)
    back: dict[str, str] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def all_steps(self) -> list[Step]:
        damaged = self.damages.damaged
        graph = self.cartography.graph
        self.outside = {app.id for app in self.cartography.applications if self._faces_outside(app)}
        if any(d.work == "rebuild" for d in damaged.values()) and not self.clean_room_ready:
            given = assumptions()["steps"]["clean_room"]
            self._add(CLEAN_ROOM, "foundation", None, _any_way(given["skill"], hours_of(given["hours"])), assumed=True)
        for number in graph.order:
            damage = damaged.get(graph.ids[number])
            if damage:
                self._application(self.cartography.application[damage.application], damage)
        self._directory_gate()
        self._outside_gates()
        self._block()
        return self.steps

    def _application(self, app: Application, damage: Damage) -> None:
        waits = [self.back[one] for one in app.depends_on if one in self.back]
        last = waits
        if damage.work == "rebuild" and damage.under_way != "validate":
            last = self._restore(app, damage, waits)
        elif damage.work == "examine":
            last = [self._assumed_step(app, "examine", assumptions()["steps"]["examine"], waits)]
        if damage.work == "return":
            last = [self._add(f"{app.id}:return", "return", app.id, _any_way(None, NO_TIME), waits)]
        else:
            last = self._validate(app, damage, last)
            given = assumptions()["steps"]["reconnect"]
            team = given["by_layer"][layer_of(app.kind)]
            doing = _any_way(team, hours_of(given["hours"]))
            last = [self._add(f"{app.id}:reconnect", "reconnect", app.id, doing, [*last, *waits], assumed=True)]
        self.back[app.id] = last[0]

    def _restore(self, app: Application, damage: Damage, waits: list[str]) -> list[str]:
        waits = list(waits)
        if self._needs_clean_room(app):
            waits.append(CLEAN_ROOM)
        proof = self._prove(app, damage)
        efforts = [effort for effort in app.restore_effort if effort.skill != REFERENT]
        made = []
        for effort in efforts:
            ways = self._ways(app, _team(app, effort.skill), hours_of(effort))
            step = f"{app.id}:restore:{effort.skill}"
            made.append(self._add(step, "restore", app.id, ways, [*waits, *proof], damage=damage))
        if not made:
            given = assumptions()["steps"]["restore"]
            ways = self._ways(app, given["skill"], hours_of(given["hours"]))
            step = f"{app.id}:restore:{given['skill']}"
            made.append(self._add(step, "restore", app.id, ways, [*waits, *proof], damage=damage, assumed=True))
        return made

    def _prove(self, app: Application, damage: Damage) -> list[str]:
        """The step that proves the last copy clean: only where one restores from a copy, and nobody has proved it."""
        gate = gate_of("restore_point_clean", app.id, self.told)
        if not self._has_copy(app) or damage.under_way:
            return []
        self.gates[gate.id] = gate
        if gate.open:
            return []
        given = assumptions()["steps"]["prove"]
        ways = (Doing(given["skill"], hours_of(given["hours"])), NOTHING, NOTHING)
        waits = [CLEAN_ROOM] if self._needs_clean_room(app) else []
        return [self._add(f"{app.id}:prove", "prove", app.id, ways, waits, gate=gate.id, assumed=True)]

    def _has_copy(self, app: Application) -> bool:
        gate = gate_of("restore_point_clean", app.id, self.told)
        return app.backup.state != "none" and app.id not in self.unusable and not gate.blocked

    def _ways(self, app: Application, team: str, hours: Hours) -> tuple[Doing | None, Doing | None, Doing | None]:
        factors = assumptions()["ways"]
        again = factors["reinstall"]
        reinstalled = Hours(hours.low * again["low"], hours.likely * again["factor"], hours.high * again["high"])
        if app.backup.state == "none":
            reinstalled = hours  # there never was a copy: the estimate of the map is that of an installation
        backup = Doing(team, hours) if self._has_copy(app) else None
        if app.supplier is None:
            return backup, Doing(team, reinstalled), None
        given = factors["vendor"]
        there = Hours(hours.low * given["low"], hours.likely * given["factor"], hours.high * given["high"])
        return backup, Doing(team, reinstalled), Doing(f"supplier:{app.supplier}", there)

    def _validate(self, app: Application, damage: Damage, after: list[str]) -> list[str]:
        given = [effort for effort in app.restore_effort if effort.skill == REFERENT]
        assumed = assumptions()["steps"]["validate"]["by_layer"][layer_of(app.kind)]
        doing = (
            _any_way(REFERENT, hours_of(given[0])) if given else _any_way(assumed["skill"], hours_of(assumed["hours"]))
        )
        begun = damage if damage.under_way == "validate" else None
        return [
            self._add(f"{app.id}:validate", "validate", app.id, doing, after, damage=begun, assumed=not given)
        ]  # fmt: skip

    def _assumed_step(self, app: Application, phase: str, given: Mapping[str, Any], after: list[str]) -> str:
        doing = _any_way(given["skill"], hours_of(given["hours"]))
        return self._add(f"{app.id}:{phase}", phase, app.id, doing, after, assumed=True)

    # -- gates -------------------------------------------------------------------------------------------------------

    def _directory_gate(self) -> None:
        """Behind the directories, before all that depends on one of them."""
        directories = [
            app.id for app in self.cartography.applications
            if app.kind == "directory" and (d := self.damages.damaged.get(app.id)) and d.work == "rebuild"
        ]  # fmt: skip
        if directories:
            held = self._depending_on(directories) & self.damages.damaged.keys()
            self._gate(
                "directory_rebuilt", "", [self.back[one] for one in directories], held, ("restore", "examine", "return")
            )

    def _outside_gates(self) -> None:
        damaged = self.damages.damaged
        beyond = self._depending_on(self.outside)
        inside = [
            app.id for app in self.cartography.applications
            if app.kind in ("directory", "security") and app.id in damaged and app.id not in self.outside | beyond
        ]  # fmt: skip
        facing = [app for app in self.outside if app in damaged]
        if facing:
            after = [self.back[one] for one in inside] + [s.id for s in self.steps if s.gate == "directory_rebuilt"]
            self._gate("external_reconnection", "", after, facing, OPENING)
        hosts: dict[str, list[str]] = {}
        for name in facing:
            if host := self.cartography.application[name].hosted_by:
                hosts.setdefault(host, []).append(name)
        for host, names in hosts.items():
            self._gate("supplier_flow_authorised", host, [], names, OPENING)

    def _gate(self, kind: str, subject: str, after: list[str], held: Iterable[str], phases: tuple[str, ...]) -> None:
        gate = gate_of(kind, subject, self.told)
        self.gates[gate.id] = gate
        if gate.open:
            return
        held = set(held)
        if gate.blocked:
            self.blocked.update(dict.fromkeys(held, gate.id))
            return
        self._add(f"gate:{gate.id}", "gate", None, _any_way(None, gate.wait), after, gate=gate.id, assumed=True)
        for number, step in enumerate(self.steps):
            if step.application in held and step.phase in phases:
                self.steps[number] = _after(step, f"gate:{gate.id}")

    def _block(self) -> None:
        """What depends on something blocked is blocked too."""
        graph = self.cartography.graph
        for number in graph.order:
            name = graph.ids[number]
            if name in self.damages.damaged and name not in self.blocked:
                reasons = [self.blocked[graph.ids[n]] for n in graph.hard[number] if graph.ids[n] in self.blocked]
                if reasons:
                    self.blocked[name] = reasons[0]

    def _faces_outside(self, app: Application) -> bool:
        return app.kind in assumptions()["facing_outside"] or app.hosted_by is not None

    def _depending_on(self, names: Iterable[str]) -> set[str]:
        """The applications that cannot stand without one of these, at once or through others."""
        graph = self.cartography.graph
        reached = {graph.index[name] for name in names}
        for number in graph.order:
            if reached.intersection(graph.hard[number]):
                reached.add(number)
        return {graph.ids[number] for number in reached}.difference(names)

    def _needs_clean_room(self, app: Application) -> bool:
        planned = bool(self.steps) and self.steps[0].id == CLEAN_ROOM
        return planned and app.kind not in assumptions()["without_clean_room"]

    def _add(self, name, phase, app, ways, after=(), *, gate=None, damage=None, assumed=False) -> str:
        since = damage.since if damage and damage.under_way == phase else None
        # What people have begun waits for nothing any more.
        waits = () if since else tuple(dict.fromkeys(after))
        self.steps.append(Step(name, phase, app, ways, waits, gate, since, assumed))
        return name


def _any_way(team: str | None, hours: Hours) -> tuple[Doing, Doing, Doing]:
    doing = Doing(team, hours)
    return doing, doing, doing


def _team(app: Application, skill: str) -> str:
    if skill == "supplier" and (app.supplier or app.hosted_by):
        return f"supplier:{app.supplier or app.hosted_by}"
    return skill


def _after(step: Step, other: str) -> Step:
    if step.since:
        return step
    return replace(step, after=(*step.after, other))


def _open_ways(step: Step, present: Staff) -> Step:
    """A vendor whose coming nobody announced is not a way; an application needs at least one way left."""
    announced = {p.team for p in present.presences if p.people and not p.assumed}
    vendor = step.ways[2]
    if vendor is None or step.phase != "restore" or vendor.team in announced:
        return step
    return replace(step, ways=(step.ways[0], step.ways[1], None))


def _in_order(steps: list[Step]) -> list[Step]:
    kept = {step.id: step for step in steps}
    sorter = TopologicalSorter({step.id: [one for one in step.after if one in kept] for step in steps})
    order = list(sorter.static_order())
    return [replace(kept[name], after=tuple(one for one in kept[name].after if one in kept)) for name in order]
