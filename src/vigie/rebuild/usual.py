"""Usual order: the stages in which real hospitals came back, and the same stages in a plan."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import yaml

from vigie.rebuild.plan import Plan


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its rank in real hospitals (1 first), its rank in the plan, and when its applications are back there.

    `half_back_at` is when half of its applications that were lost are back, by which the plan's ranks are given.
    """

    id: str
    usual_rank: int
    plan_rank: int
    applications: int
    first_back_at: datetime
    half_back_at: datetime
    last_back_at: datetime

    def title(self, language: str) -> str:
        """Its name."""
        return str(next(stage for stage in usual_stages() if stage["id"] == self.id)[language])


@cache
def usual_stages() -> tuple[Mapping[str, Any], ...]:
    """The stages of `data/usual_order.yaml`, first one first."""
    text = (resources.files("vigie.rebuild") / "data" / "usual_order.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text)["stages"])


def beside_usual(plan: Plan) -> tuple[Stage, ...]:
    """The stages that the plan has something of, in the order of real hospitals."""
    found = []
    for rank, stage in enumerate(usual_stages(), 1):
        back = sorted(
            plan.line[step].ends_at
            for name, step in plan.work.back.items()
            if plan.work.cartography.application[name].kind in stage["kinds"]
        )
        if back:
            found.append((rank, stage["id"], back))
    halves = sorted(statistics.median_high(back) for _, _, back in found)
    return tuple(
        Stage(
            name, rank, halves.index(statistics.median_high(back)) + 1, len(back), back[0],
            statistics.median_high(back), back[-1],
        )
        for rank, name, back in found
    )  # fmt: skip
