"""A small hospital with two directions to restart in: enough to see every rule once."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from vigie.cartography import (
    Application,
    Backup,
    CareService,
    Cartography,
    Effort,
    Establishment,
    Need,
    Supplier,
    Team,
)
from vigie.rebuild.breakdown import breakdown
from vigie.rebuild.damage import all_lost

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # Monday, 03:30 in Paris
PARIS = ZoneInfo("Europe/Paris")
OFFLINE = Backup(state="offline")


def effort(skill: str, likely: float) -> Effort:
    return Effort(skill=skill, low_hours=likely / 2, likely_hours=likely, high_hours=likely * 3)


def application(name: str, kind: str, after=(), skill="application", likely=8.0, **more) -> Application:
    more.setdefault("backup", OFFLINE)
    return Application(
        id=name, name=name.title(), kind=kind, depends_on=after, restore_effort=(effort(skill, likely),), **more
    )


def service(name: str, kind: str, *needs: tuple[str, float | None], visits: float = 48.0, **more) -> CareService:
    return CareService(
        id=name,
        establishment="here",
        name=name.title(),
        kind=kind,
        visits_per_day=(visits,) * 7,
        needs=tuple(Need(application=app, share_kept=kept, endurance_hours=24) for app, kept in needs),
        **more,
    )


def small_hospital(**more) -> Cartography:
    """Network, directory, a laboratory, a record, a portal hosted outside; an emergency department and a clinic."""
    given = dict(
        name="Small hospital",
        fictional=True,
        establishments=(Establishment(id="here", name="Here"),),
        suppliers=(Supplier(id="labsoft", name="Labsoft"), Supplier(id="cloud", name="Cloud")),
        applications=(
            application("network", "network", skill="network"),
            application("ad", "directory", ("network",), "directory"),
            application("lis", "laboratory", ("ad",), supplier="labsoft"),
            application("dpi", "clinical", ("ad",), likely=16.0),
            application("internet", "internet", ("network",), "network"),
            application("portal", "patient_portal", ("internet",), hosted_by="cloud"),
        ),
        services=(
            service("emergency", "emergency", ("lis", 0.5), ("dpi", 0.8)),
            service("clinic", "outpatients", ("dpi", 0.5), ("portal", 0.9), visits=10.0),
        ),
        teams=(
            Team(id="net", name="Networks", skill="network", people=1, shift="always"),
            Team(id="dir", name="Directory", skill="directory", people=1, shift="always"),
            Team(id="sec", name="Security", skill="security", people=1, shift="always"),
            Team(id="apps", name="Applications", skill="application", people=1, shift="office"),
            Team(id="sys", name="Systems", skill="system", people=1, shift="always"),
        ),
    )
    return Cartography(**{**given, **more})


def work_of(cartography: Cartography | None = None, **more):
    """The work of the worst night of a map."""
    cartography = cartography or small_hospital()
    return breakdown(cartography, all_lost(cartography), AT, PARIS, **more)
