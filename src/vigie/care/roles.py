"""How each kind of service counts in harm, the time-critical pathways, and the assumptions an estimate may name."""

from __future__ import annotations

from datetime import date as Day
from functools import cache
from importlib import resources
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from vigie.care.reading import Words, parsed
from vigie.cartography import vocabulary

Role = Literal["unscheduled", "planned", "procedure", "ward", "support"]


class Pathway(Words):
    """A time-critical pathway: its words, and the pathways of the cartography that it stands for."""

    of: tuple[str, ...]


class HarmRules(BaseModel):
    """The content of `data/harm.yaml`. Every kind of service has one role."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: Day
    roles: dict[Role, tuple[str, ...]]
    bedded: tuple[str, ...]
    pathways: dict[str, Pathway]
    assumptions: dict[str, Words]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        said = sorted(kind for kinds in self.roles.values() for kind in kinds)
        if said != sorted(vocabulary()["service_kinds"]):
            raise ValueError("roles: each kind of service of the vocabulary must have one role")
        if not {name for pathway in self.pathways.values() for name in pathway.of} <= set(vocabulary()["pathways"]):
            raise ValueError("pathways: one of them is not in the vocabulary")
        return self

    def role(self, kind: str) -> Role:
        """The role of a kind of service."""
        return next(role for role, kinds in self.roles.items() if kind in kinds)


@cache
def harm_rules() -> HarmRules:
    """The rules that come with Vigie."""
    content = (resources.files("vigie.care") / "data" / "harm.yaml").read_bytes()
    return parsed(HarmRules, content, "harm.yaml")
