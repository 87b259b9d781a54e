"""Copies: how likely the last copy of an application turns out unusable, where nobody has proved it.

Copies share one fate: if the attacker reached the backup system, nearly all that it held online is lost. So each copy
proved clean or unusable says something of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vigie.rebuild.gates import Gate, gate_of
from vigie.rebuild.learning import parameters
from vigie.rebuild.step import Work


@dataclass(frozen=True, slots=True)
class Copies:
    """`reached`: probability that the attacker reached the backup system. `within` and `beyond` its reach: the
    applications to be restored from a copy that nobody has proved."""

    reached: float
    within: tuple[str, ...]
    beyond: tuple[str, ...]

    def lost(self, fate: NDArray[np.float64], each: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.bool_]]:
        """For each application, the draws (d,) in which its copy is unusable; `fate` and `each` are uniform in [0, 1)."""
        given = parameters()["copies"]
        all_at_once = fate < self.reached
        often = np.where(all_at_once, given["lost_when_reached"], given["lost_otherwise"])
        lost = {name: each[name] < often for name in self.within}
        return lost | {name: each[name] < given["lost_otherwise"] for name in self.beyond}


def copies(work: Work, gates: Mapping[str, Gate] | None = None) -> Copies:
    """What is to be feared of the copies that a work relies on, given those already proved clean or unusable.

    `gates` are those that the journal tells of, which know of applications already back; None: those of the work.
    """
    told = gates if gates is not None else work.gate
    waiting = [step.application for step in work.steps if step.phase == "prove" and step.application]
    within = tuple(name for name in waiting if not _out_of_reach(work, name))
    beyond = tuple(name for name in waiting if _out_of_reach(work, name))
    given = parameters()["copies"]
    reached = given["attacked"]["value"] * given["succeeded"]["value"]
    spared = 1 - reached
    for app in work.cartography.applications:
        gate = gate_of("restore_point_clean", app.id, told)
        if _out_of_reach(work, app.id) or not (gate.open or gate.blocked):
            continue
        reached *= given["lost_when_reached"] if gate.blocked else 1 - given["lost_when_reached"]
        spared *= given["lost_otherwise"] if gate.blocked else 1 - given["lost_otherwise"]
    return Copies(reached / (reached + spared), within, beyond)


def _out_of_reach(work: Work, name: str) -> bool:
    return work.cartography.application[name].backup.state in parameters()["copies"]["out_of_reach"]
