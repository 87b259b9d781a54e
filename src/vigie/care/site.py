"""What only the hospital can say. Nothing here has a default value: what is not given is unknown, and so is what needs it.

No figure that could be cited was found for these (occupancy, patients of each pathway, delays, distances), so none is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from vigie.care.estimate import Pair
from vigie.care.roles import harm_rules
from vigie.errors import InputError

_NONE: Mapping[str, Pair] = MappingProxyType({})
LIFE_THREATENING = "life_threatening"
MOST = {"patients_per_day": None, "delay_hours": 168, "baseline": 1}  # a week late is no longer a delay
BASELINES = {"sepsis", "heart_attack"}  # the pathways whose deaths are a risk multiplied


@dataclass(frozen=True, slots=True)
class Site:
    """Every pair is (lowest, highest). None, or a pathway that is not there: nobody knows.

    `inpatients` in bed at the onset, or `occupancy` of the beds (0 to 1). `deaths_per_stay` (0 to 1). `severe`: whether the
    attack is. `diverted`: share of the patients not taken who go elsewhere. `patients_per_day` and `delay_hours` (excess delay
    to treatment of one patient) by pathway: heart_attack, stroke, sepsis, trauma, obstetrics; `patients_per_day` also for
    life_threatening, all the emergencies in which minutes count. `thrombolysed`: share of strokes. `boarded`: patients who
    waited in the ED more than 6 to 8 hours for a bed because of the outage. `extra_km`: how much further a diverted patient
    travels. `baseline`: risk of death without delay, for sepsis (in hospital) and heart_attack (one year).
    """

    inpatients: int | None = None
    occupancy: float | None = None
    deaths_per_stay: float | None = None
    severe: bool | None = None
    diverted: Pair | None = None
    patients_per_day: Mapping[str, Pair] = field(default_factory=lambda: _NONE)
    delay_hours: Mapping[str, Pair] = field(default_factory=lambda: _NONE)
    thrombolysed: Pair | None = None
    boarded: Pair | None = None
    extra_km: Pair | None = None
    baseline: Mapping[str, Pair] = field(default_factory=lambda: _NONE)

    def __post_init__(self) -> None:
        pathways = set(harm_rules().pathways)
        allowed = {"patients_per_day": {*pathways, LIFE_THREATENING}, "delay_hours": pathways, "baseline": BASELINES}
        for name, known in allowed.items():
            given = getattr(self, name)
            if strange := sorted(set(given) - known):
                raise InputError(f"{name}: no pathway {', '.join(strange)}. One of: {', '.join(sorted(known))}")
            for pathway, pair in given.items():
                _pair(f"{name} of {pathway}", pair, MOST[name])
        for name, most in (("diverted", 1), ("thrombolysed", 1), ("boarded", None), ("extra_km", None)):
            if (pair := getattr(self, name)) is not None:
                _pair(name, pair, most)
        for name, most in (("inpatients", 100_000), ("occupancy", 1.5), ("deaths_per_stay", 1)):
            if (number := getattr(self, name)) is not None and not 0 <= number <= most:
                raise InputError(f"{name} is {number}: give 0 to {most}, or leave it out when nobody knows")


def _pair(name: str, pair: Pair, most: float | None) -> None:
    low, high = pair
    if not 0 <= low <= high < float("inf") or (most is not None and high > most):
        raise InputError(f"{name} is {pair}: give (lowest, highest), from 0{f' to {most}' if most else ' up'}")
