"""A node whose journal holds declarations of several hospitals, and a small public edition of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from vigie.journal import Draft
from vigie.journal.facts import Declaration, Opened

if TYPE_CHECKING:
    from tests.web.conftest import Site

NOW = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
BEGAN = datetime(2022, 1, 1, tzinfo=UTC)
CASES = (  # region, kind of structure, year, origin, realm
    *(("11", "chu", 2023, "infrastructure_failure", "real") for _ in range(7)),
    *(("53", "ch", 2024, "ransomware", "real") for _ in range(6)),
    *(("53", "clinic", 2024, "phishing", "real") for _ in range(2)),
    *(("11", "nursing_home", 2024, "infrastructure_failure", "real") for _ in range(5)),
    *(("11", "ch", 2024, "ransomware", "exercise") for _ in range(3)),
)


class Sector:
    """A site whose node keeps what the sector declared, here all in incidents of valmont."""

    def __init__(self, site: Site) -> None:
        from vigie.web import clock, desk

        self.site = site
        self.count = 0
        with clock.frozen(BEGAN):
            self.journal = desk.journal()

    def declare(self, region: str, kind: str, year: int, origin: str, realm: str = "real", **options: Any) -> str:
        """One declaration; gives its incident."""
        self.count += 1
        at = datetime(year, 2, 1, 8, 0, tzinfo=UTC) + timedelta(days=self.count)
        incident = f"valmont/crise-{self.count}"
        malicious = "yes" if origin in ("ransomware", "phishing") else "no"
        declared = Declaration(
            declaration="d1", establishment=f"Hospital {self.count}", establishment_kind=kind, region=region,
            origin=origin, malicious=malicious, occurred_at=at,
        )  # fmt: skip
        for fact in (Opened(title="Incident"), declared):
            self.journal.append(Draft(incident, fact, "A. Morel", "member", realm=realm, **options), at)  # type: ignore[arg-type]
        return incident


@pytest.fixture
def sector(site: Site) -> Sector:
    made = Sector(site)
    for case in CASES:
        made.declare(*case)
    return made


def edition(audience: str = "public", year: int = 2024, **changed: Any) -> bytes:
    """The figures.json of an edition of a synthetic sector; the same arguments, the same bytes."""
    import numpy as np

    from vigie.observe.edition import Edition
    from vigie.observe.report.content import written
    from vigie.observe.report.making import Material, make
    from vigie.observe.synthetic import synthetic_table

    realm = changed.pop("realm", "real")
    seed = changed.pop("seed", 7)
    versions = synthetic_table(400, np.random.default_rng(seed), (2023, 2024), realm=realm)
    # Few tables: what is tried here is the publication, not the protection.
    from vigie.observe.tables import TABLES

    without = tuple(name for name in TABLES if name not in KEPT)
    asked = Edition(year, date(2025, 3, 1), NOW, audience, realm, ("fr", "en"), "", without)  # type: ignore[arg-type]
    return written(make(asked, versions, Material(**changed)))


KEPT = ("declarations_per_year", "by_region", "malicious_share", "malicious_by_region", "by_establishment_kind")


@pytest.fixture(scope="session")
def public_edition() -> bytes:
    return edition()


@pytest.fixture(scope="session")
def internal_edition() -> bytes:
    return edition("internal")
