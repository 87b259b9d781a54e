"""Facts of the inquiry and of the law: evidence, indicators, leaks, declarations, qualification."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from vigie.ids import ApplicationId, Slug, SupplierId
from vigie.journal.facts.base import ByteCount, Count, Digest, Fact, Instant, Line, RequiredLine, RequiredText, Text
from vigie.journal.facts.sector import DataImpact, Functioning, PatientDanger, YesNo


class Declared(Fact):
    """The incident was declared to an authority, at a stage of the procedure.

    `addressee` is an identifier of the list of authorities (cert-sante, ars, anssi, cnil, police...); `receipt` is the
    authority's own number; `declaration` names the `declaration` that was sent. Writing this fact does not discharge the
    legal duty: it records that it was discharged.
    """

    kind: Literal["declared"] = "declared"
    stage: Literal["first", "early_warning", "notification", "intermediate", "final", "complaint", "phone_call"]
    addressee: Slug
    receipt: Line = ""
    text: Text = ""
    declaration: Slug | None = None


class HandOver(Fact):
    """One link of a chain of custody (used inside `artefact`)."""

    kind: Literal["hand_over"] = "hand_over"
    at: Instant
    from_person: RequiredLine
    to_person: RequiredLine


class Artefact(Fact):
    """A piece of evidence: file hash, who collected it, where it lies, through which hands it went.

    `sha256` also names the attachment kept by this node, when the file itself is kept here.
    """

    kind: Literal["artefact"] = "artefact"
    name: RequiredLine
    sha256: Digest | None = None
    size_bytes: ByteCount | None = None
    collector: RequiredLine
    place: Line = ""
    hand_overs: tuple[HandOver, ...] = ()


class Indicator(Fact):
    """An observable that others can search for: address, domain, file hash..."""

    kind: Literal["indicator"] = "indicator"
    type: Literal[
        "ip", "domain", "url", "email", "file_sha256", "file_sha1", "file_md5", "file_name", "account", "other"
    ]
    value: RequiredLine
    role: Line = ""


class ExploitedVulnerability(Fact):
    """A vulnerability that was used, or is believed to have been."""

    kind: Literal["exploited_vulnerability"] = "exploited_vulnerability"
    cve: Annotated[str, StringConstraints(pattern=r"^CVE-\d{4}-\d{4,}$")]
    product: Line = ""
    certainty: Literal["suspected", "confirmed"] = "suspected"


class Technique(Fact):
    """A technique of MITRE ATT&CK that was seen, by its identifier."""

    kind: Literal["technique"] = "technique"
    technique: Annotated[str, StringConstraints(pattern=r"^T\d{4}(\.\d{3})?$")]
    seen: Text = ""
    applications: tuple[ApplicationId, ...] = ()


class Leak(Fact):
    """A data leak. What the attacker *claims*, what was *published* and what is *confirmed* are three numbers.

    None means unknown. `severity_hundredths` is the ENISA 2013 severity (SE = DPC x EI + CB) times one hundred, 25 to 600.
    """

    kind: Literal["leak"] = "leak"
    what: RequiredLine
    claimed_people: Count | None = None
    published_people: Count | None = None
    confirmed_people: Count | None = None
    claimed_bytes: ByteCount | None = None
    published_bytes: ByteCount | None = None
    confirmed_bytes: ByteCount | None = None
    severity_hundredths: Annotated[int, Field(ge=25, le=600)] | None = None


class Qualification(Fact):
    """The observatory qualifies an incident, or one `declaration` of it: category, origin, significance, links.

    What is None or empty leaves the declarant's own words in force; what is given stands in their place. `cause_group`
    names the cause that several declarations share (a supplier, a product, a campaign); `duplicate_of` the declaration
    (`organisation/incident#declaration`) that says the same thing; `distinct_from` those that were compared with it and
    do not.
    """

    kind: Literal["qualification"] = "qualification"
    category: Slug
    origin: Literal["malicious", "not_malicious", "unknown"]
    significance: Literal["not_significant", "significant", "serious", "unknown"] = "unknown"
    supplier: SupplierId | None = None
    linked_incidents: tuple[RequiredLine, ...] = ()
    why: RequiredText
    declaration: Slug | None = None
    state: Literal["to_qualify", "waiting", "qualified", "closed", "out_of_scope"] = "qualified"
    ransomware_extent: Literal["workstation", "one_server", "several_servers", "supplier"] | None = None
    data_impact: tuple[DataImpact, ...] = ()
    functioning: Functioning | None = None
    patient_danger: PatientDanger | None = None
    supplier_involved: YesNo | None = None
    cause_group: Slug | None = None
    cause_kind: Literal["supplier", "product", "indicator", "campaign"] | None = None
    duplicate_of: Line = ""
    distinct_from: tuple[RequiredLine, ...] = ()
