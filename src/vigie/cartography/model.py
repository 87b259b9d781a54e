"""What there is: establishments, care services, applications, suppliers, and who depends on whom.

Every value is frozen and every unknown is None, never 0: a hospital that does not know its RPO must not be shown as one
that loses nothing. Times carry their unit in their name. Identifiers are lower-case ASCII; names are what people say.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from vigie.cartography.vocabulary import Term, vocabulary
from vigie.ids import ApplicationId, EstablishmentId, ServiceId, SupplierId, TeamId

if TYPE_CHECKING:
    from vigie.cartography.graph import Graph


def _day(value: object) -> object:
    # Without this, pydantic takes "20260315" for a number of seconds since 1970.
    if isinstance(value, str) and not (len(value) == 10 and value[4] == value[7] == "-"):
        raise PydanticCustomError("not_a_day", "not a date")
    return value


Day = Annotated[date, BeforeValidator(_day)]


def _printable(value: str) -> str:
    # Control characters steer terminals, and neither YAML nor a workbook can carry them all.
    if not all(letter.isprintable() or letter in "\n\t\u00a0\u202f\u2009" for letter in value):
        raise PydanticCustomError("not_printable", "holds a control character")
    return value


Printable = AfterValidator(_printable)
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), Printable]
Line = Annotated[str, StringConstraints(max_length=300), Printable]
Text = Annotated[str, StringConstraints(max_length=4_000), Printable]


def _rounded(decimals: int) -> AfterValidator:
    # Nobody knows more, and a spreadsheet would lose the rest: the same map must have the same digest wherever it has been.
    return AfterValidator(lambda value: round(value, decimals) + 0.0)


Share = Annotated[float, Field(ge=0, le=1), _rounded(4)]
Minutes = Annotated[int, Field(ge=0, le=5_256_000)]  # ten years: beyond it somebody typed seconds
Hours = Annotated[float, Field(ge=0, le=87_600), _rounded(2)]
Beds = Annotated[int, Field(ge=0, le=20_000)]
People = Annotated[int, Field(ge=1, le=500)]  # present together: beyond, somebody typed the whole staff
Visits = Annotated[float, Field(ge=0, le=100_000), _rounded(2)]
# Nine characters; the second may be A or B, for Corsica. The last one is a key, which `check` verifies.
Finess = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9AB][0-9]{7}$")]


class Part(BaseModel):
    """What every piece of a cartography shares: frozen, and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class Establishment(Part):
    """One site (`finess_et`) of a legal entity (`finess_ej`). `essential_entity` is in the sense of directive NIS 2."""

    id: EstablishmentId
    name: Name
    kind: Annotated[str, Term("establishment_kinds")] = "other"
    finess_ej: Finess | None = None
    finess_et: Finess | None = None
    legal_status: Annotated[str, Term("legal_statuses")] | None = None
    region: Line = ""
    beds: Beds | None = None
    essential_entity: bool | None = None


class Hds(Part):
    """A certificate of *hébergeur de données de santé*: number and dates."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=100), Printable]
    valid_from: Day | None = None
    valid_until: Day | None = None


class Supplier(Part):
    """A company or public body that others rely on. `exposed_services` are those it opens to the internet."""

    id: SupplierId
    name: Name
    kind: Annotated[str, Term("supplier_kinds")] = "other"
    hds: Hds | None = None
    last_audit: Day | None = None
    exposed_services: tuple[Line, ...] = ()
    contact: Line = ""


class Degradation(Part):
    """Losing `application` does not stop the other one, which keeps `share_kept` of its use (0 to 1; None: unknown)."""

    application: ApplicationId
    share_kept: Share | None = None


class Effort(Part):
    """Work to restore an application: hours of one skill, as a three-point estimate (lowest, likely, highest)."""

    skill: Annotated[str, Term("skills")]
    low_hours: Hours
    likely_hours: Hours
    high_hours: Hours


class Backup(Part):
    """The state of the copies of one application.

    `last_clean_restore_point` is the day of the newest copy *proved* clean, `last_tested_restore` the day a restore was
    last tried to its end. Both None until somebody has done it.
    """

    state: Annotated[str, Term("backup_states")] = "unknown"
    last_clean_restore_point: Day | None = None
    last_tested_restore: Day | None = None
    catalogue_and_keys_offline: bool | None = None


class Application(Part):
    """Anything of the information system that can be lost, infrastructure included.

    Without one of `depends_on` it stops; without one of `degraded_by` it works in part. `rto_minutes` is the time within
    which it should be back, `rpo_minutes` the age of the data one accepts to lose. `hosted_by` is None when the hospital
    hosts it itself.
    """

    id: ApplicationId
    name: Name
    kind: Annotated[str, Term("application_kinds")]
    description: Text = ""
    supplier: SupplierId | None = None
    hosted_by: SupplierId | None = None
    product: Line = ""
    version: Line = ""
    hosts: tuple[Line, ...] = ()
    health_data: bool | None = None
    rto_minutes: Minutes | None = None
    rpo_minutes: Minutes | None = None
    depends_on: tuple[ApplicationId, ...] = ()
    degraded_by: tuple[Degradation, ...] = ()
    restore_effort: tuple[Effort, ...] = ()
    backup: Backup = Backup()


class Team(Part):
    """People who rebuild together, all of one skill. `people` are those present at the same time on the `shift`.

    A team of a `supplier` is there `arrives_after_hours` after it is called, by contract. None: a team of the hospital's
    own is on site; for a supplier's, nobody knows when it comes.
    """

    id: TeamId
    name: Name
    skill: Annotated[str, Term("skills")]
    people: People
    shift: Annotated[str, Term("shifts")] = "office"
    supplier: SupplierId | None = None
    arrives_after_hours: Hours | None = None


class Need(Part):
    """What a care service does without an application.

    `share_kept` is the share of usual activity (0 to 1) kept with the `fallback`, all else being well; `endurance_hours`
    is how long the fallback can be held. None: nobody knows.
    """

    application: ApplicationId
    share_kept: Share | None = None
    fallback: Text = ""
    endurance_hours: Hours | None = None


class CareService(Part):
    """A care or support service of one establishment.

    `visits_per_day` holds seven numbers, Monday first (patients seen, samples, meals: see `visit_unit`);
    `hourly_profile` spreads a day over its 24 hours.
    """

    id: ServiceId
    establishment: EstablishmentId
    name: Name
    kind: Annotated[str, Term("service_kinds")]
    beds: Beds | None = None
    visits_per_day: Annotated[tuple[Visits, ...], Field(min_length=7, max_length=7)] | None = None
    visit_unit: Line = ""
    hourly_profile: Annotated[str, Term("hourly_profiles")] = "even"
    pathways: tuple[Annotated[str, Term("pathways")], ...] = ()
    needs: tuple[Need, ...] = ()

    def visits_per_hour(self, weekday: int, hour: int) -> float | None:
        """Usual visits in one hour of one day (weekday 0 is Monday, hour 0 to 23); None where nobody counted."""
        if self.visits_per_day is None:
            return None
        weights = vocabulary()["hourly_profiles"][self.hourly_profile]["weights"]
        return float(self.visits_per_day[weekday] * weights[hour] / sum(weights))


class Cartography(Part):
    """The whole map of one organisation. `fictional` maps are for demonstrations and exercises."""

    name: Name
    fictional: bool = False
    establishments: tuple[Establishment, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    applications: tuple[Application, ...] = ()
    services: tuple[CareService, ...] = ()
    teams: tuple[Team, ...] = ()

    @cached_property
    def graph(self) -> Graph:
        """Who falls with whom, computed once for each cartography."""
        from vigie.cartography.graph import Graph

        return Graph(self)

    @cached_property
    def application(self) -> dict[str, Application]:
        """Applications by id."""
        return {application.id: application for application in self.applications}

    @cached_property
    def service(self) -> dict[str, CareService]:
        """Care services by id."""
        return {service.id: service for service in self.services}

    @cached_property
    def establishment(self) -> dict[str, Establishment]:
        """Establishments by id."""
        return {establishment.id: establishment for establishment in self.establishments}

    @cached_property
    def supplier(self) -> dict[str, Supplier]:
        """Suppliers by id."""
        return {supplier.id: supplier for supplier in self.suppliers}

    @cached_property
    def team(self) -> dict[str, Team]:
        """Teams by id."""
        return {team.id: team for team in self.teams}
