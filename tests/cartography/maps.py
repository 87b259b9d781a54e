"""Any map, for the property tests: dependencies only point to earlier applications, so there is no circle."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from vigie.cartography import Cartography, vocabulary

# Nothing is timed in a test: a loaded machine must not make one fail.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Letters, marks, and what spreadsheets and YAML take for something else.
LETTERS = st.characters(whitelist_categories=("L", "N", "P", "S"), whitelist_characters=" ")
TRAPS = [
    "=1+1",
    "+33",
    "-1",
    "@x",
    "yes",
    "no",
    "null",
    "~",
    "010780054",
    "1e3",
    "0x1F",
    "12:30",
    "2026-01-01",
    "a; b\\;c",
    "oui",
]
texts = st.one_of(st.sampled_from(TRAPS), st.text(LETTERS, max_size=30)).map(str.strip)
names = texts.filter(bool)
shares = st.one_of(st.none(), st.floats(0, 1))
hours = st.floats(0, 5_000)
days = st.dates(date(2000, 1, 1), date(2040, 1, 1))


def terms(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(vocabulary()[name]))


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


@st.composite
def efforts(draw: st.DrawFn) -> list[dict[str, Any]]:
    skills = draw(st.lists(terms("skills"), max_size=3, unique=True))
    rows = [sorted(draw(st.tuples(hours, hours, hours))) for _ in skills]
    return [
        {"skill": skill, "low_hours": low, "likely_hours": likely, "high_hours": high}
        for skill, (low, likely, high) in zip(skills, rows, strict=True)
    ]


backups = st.fixed_dictionaries(
    {"state": st.sampled_from(["online", "offline", "immutable", "unknown"])},
    optional={
        "last_clean_restore_point": days,
        "last_tested_restore": days,
        "catalogue_and_keys_offline": st.booleans(),
    },
)


@st.composite
def applications(draw: st.DrawFn, number: int, suppliers: int) -> dict[str, Any]:
    earlier = st.sampled_from([f"app-{n}" for n in range(number)]) if number else st.nothing()
    leaned = draw(st.lists(earlier, max_size=4, unique=True)) if number else []
    middle = draw(st.integers(0, len(leaned)))
    supplier = optional(st.sampled_from([f"sup-{n}" for n in range(suppliers)])) if suppliers else st.none()
    return {
        "id": f"app-{number}",
        "name": draw(names),
        "kind": draw(terms("application_kinds")),
        "description": draw(texts),
        "supplier": draw(supplier),
        "hosted_by": draw(supplier),
        "product": draw(texts),
        "version": draw(texts),
        "hosts": draw(st.lists(names, max_size=3)),
        "health_data": draw(optional(st.booleans())),
        "rto_minutes": draw(optional(st.integers(0, 100_000))),
        "rpo_minutes": draw(optional(st.integers(0, 100_000))),
        "depends_on": leaned[:middle],
        "degraded_by": [{"application": one, "share_kept": draw(shares)} for one in leaned[middle:]],
        "restore_effort": draw(efforts()),
        "backup": draw(backups),
    }


@st.composite
def services(draw: st.DrawFn, number: int, count: int) -> dict[str, Any]:
    needed = draw(st.lists(st.sampled_from([f"app-{n}" for n in range(count)]), max_size=4, unique=True))
    return {
        "id": f"service-{number}",
        "establishment": "site",
        "name": draw(names),
        "kind": draw(terms("service_kinds")),
        "beds": draw(optional(st.integers(0, 200))),
        "visits_per_day": draw(optional(st.lists(st.floats(0, 900), min_size=7, max_size=7))),
        "visit_unit": draw(texts),
        "hourly_profile": draw(terms("hourly_profiles")),
        "pathways": draw(st.lists(terms("pathways"), max_size=2, unique=True)),
        "needs": [
            {
                "application": one,
                "share_kept": draw(shares),
                "fallback": draw(texts),
                "endurance_hours": draw(optional(hours)),
            }
            for one in needed
        ],
    }


@st.composite
def teams(draw: st.DrawFn, number: int, suppliers: int) -> dict[str, Any]:
    return {
        "id": f"team-{number}",
        "name": draw(names),
        "skill": draw(terms("skills")),
        "people": draw(st.integers(1, 500)),
        "shift": draw(terms("shifts")),
        "supplier": draw(optional(st.sampled_from([f"sup-{n}" for n in range(suppliers)]))) if suppliers else None,
        "arrives_after_hours": draw(optional(hours)),
    }


@st.composite
def cartographies(draw: st.DrawFn) -> Cartography:
    count, suppliers = draw(st.integers(1, 7)), draw(st.integers(0, 2))
    return Cartography.model_validate(
        {
            "name": draw(names),
            "fictional": draw(st.booleans()),
            "establishments": [{"id": "site", "name": draw(names), "beds": draw(optional(st.integers(0, 900)))}],
            "suppliers": [
                {
                    "id": f"sup-{number}",
                    "name": draw(names),
                    "hds": draw(optional(st.fixed_dictionaries({"number": names}))),
                    "last_audit": draw(optional(days)),
                    "exposed_services": draw(st.lists(names, max_size=2)),
                    "contact": draw(texts),
                }
                for number in range(suppliers)
            ],
            "applications": [draw(applications(number, suppliers)) for number in range(count)],
            "services": [draw(services(number, count)) for number in range(draw(st.integers(0, 3)))],
            "teams": [draw(teams(number, suppliers)) for number in range(draw(st.integers(0, 2)))],
        }
    )
