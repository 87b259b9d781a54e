"""Facts of the sector: what a hospital declares, and what the observatory does with it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from vigie.ids import Slug
from vigie.journal.facts.base import Count, Fact, Instant, Line, RequiredText, Text

YesNo = Literal["yes", "no", "unknown"]
Finess = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9AB][0-9]{7}$")]
Cve = Annotated[str, StringConstraints(pattern=r"^CVE-\d{4}-\d{4,}$")]
DataImpact = Literal["none", "unavailability", "loss", "integrity", "disclosure"]
DataSubject = Literal["patients", "staff", "technical", "other"]
Functioning = Literal["none", "degraded", "interruption", "unknown"]
PatientDanger = Literal["none", "potential", "confirmed", "unknown"]
# Tenths of an hour: JSON floats are avoided in what is hashed.
Tenths = Annotated[int, Field(ge=0, le=1_000_000)]


class Declaration(Fact):
    """The content of a declaration: the four sections of the French form, as typed fields.

    The facts that share `declaration` are the versions of one declaration (early warning, notification, interim, final).
    An empty list of impacts and the words `unknown` mean that nobody has said yet; `none` is said, never assumed.
    `legal_entity` is the FINESS EJ, `sites` the FINESS ET touched. `on_behalf_of` names the hospital when somebody else
    enters it, because it lost its network. No patient's identity, ever.
    """

    kind: Literal["declaration"] = "declaration"
    declaration: Slug
    stage: Literal["early_warning", "notification", "intermediate", "final"] = "notification"
    nature: Literal["incident", "near_miss", "threat", "voluntary"] = "incident"
    # 1. identification
    establishment: Line = ""
    legal_entity: Finess | None = None
    sites: tuple[Finess, ...] = ()
    establishment_kind: Slug | None = None
    legal_status: Slug | None = None
    region: Slug | None = None
    essential_entity: YesNo = "unknown"
    declarer: Line = ""
    declarer_contact: Line = ""
    on_behalf_of: Line = ""
    # 2. description
    occurred_at: Instant | None = None
    detected_at: Instant | None = None
    description: Text = ""
    measures: Text = ""
    services: tuple[Slug, ...] = ()
    # 3. impact
    data_impact: tuple[DataImpact, ...] = ()
    data_subjects: tuple[DataSubject, ...] = ()
    people_affected: Count | None = None
    functioning: Functioning = "unknown"
    patient_danger: PatientDanger = "unknown"
    degraded_tenths_of_hour: Tenths | None = None
    cross_border: YesNo = "unknown"
    # 4. causes
    malicious: YesNo = "unknown"
    origin: Slug | None = None
    ransomware_extent: Literal["workstation", "one_server", "several_servers", "supplier"] | None = None
    supplier_involved: YesNo = "unknown"
    supplier: Line = ""
    cves: tuple[Cve, ...] = ()
    support_asked: YesNo = "unknown"


class Exchange(Fact):
    """One message between the declarant and the observatory about a declaration. `awaits` an answer, or not."""

    kind: Literal["exchange"] = "exchange"
    declaration: Slug
    text: RequiredText
    awaits: Literal["answer", "nothing"] = "nothing"


class Support(Fact):
    """A request for help, followed to its end. The facts that share `support` are the life of one request."""

    kind: Literal["support"] = "support"
    support: Slug
    state: Literal["asked", "accepted", "under_way", "done", "refused", "withdrawn"]
    by: Slug | None = None
    what: Text = ""


class Routing(Fact):
    """The observatory passed a declaration on to an authority: regional agency, ministry, ANSSI, CNIL."""

    kind: Literal["routing"] = "routing"
    addressee: Slug
    declaration: Slug | None = None
    receipt: Line = ""
    why: Text = ""
    routed_at: Instant | None = None
