"""The declarations table, column by column: the contract between journals, importers, tables, exports and engines.

One row is one *version* of one declaration: what this node knew of it from `known_from` until `known_until` (null: still).
Nothing is ever overwritten: a correction, a requalification or a late word closes a row and opens the next, so the table as
it stood on a date is a filter. Instants are UTC without a zone (every engine agrees on those), years and months are those
of the country's legal time. `unknown` is a word, never an absence that could be read as "no".
"""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

TEXT, WHOLE, BIG, REAL, INSTANT, LIST = "text", "whole", "big", "real", "instant", "list"
ARROW: dict[str, pa.DataType] = {
    TEXT: pa.string(),
    WHOLE: pa.int32(),
    BIG: pa.int64(),
    REAL: pa.float64(),
    INSTANT: pa.timestamp("us"),
    LIST: pa.list_(pa.string()),
}


class Column(NamedTuple):
    """One column. `null`: it may be null, and what null means then. `words`: its list in `data/vocabulary.yaml`.

    `public`: it may leave in open data (aggregated or not); a column that names a hospital, a person or a free text may not.
    """

    name: str
    type: str
    what: str
    null: str = ""
    words: str = ""
    public: bool = True


COLUMNS: tuple[Column, ...] = (
    # -- which version of which declaration
    Column(
        "declaration",
        TEXT,
        "identifier, unique across sources: `source:key`; from a journal `organisation/incident#declaration`",
        public=False,
    ),
    Column("version", WHOLE, "1 for what was first known, then one more at each change"),
    Column(
        "incident",
        TEXT,
        "incident it belongs to, `organisation/incident`; the identifier of the source for imports",
        public=False,
    ),
    Column("realm", TEXT, "real, exercise or simulated", words="realms"),
    Column("known_from", INSTANT, "when this node came to know this version"),
    Column("known_until", INSTANT, "when a later version took its place", null="it is the current version"),
    # -- where it comes from
    Column("source", TEXT, "journal, template, veris, hhs, eurepoc or synthetic", words="sources"),
    Column(
        "source_key",
        TEXT,
        "key of the record in its source; the same key imported twice is one declaration",
        public=False,
    ),
    Column(
        "source_place",
        TEXT,
        "file and line or sheet and row it was read from",
        null="it comes from a journal",
        public=False,
    ),
    Column("source_digest", TEXT, "SHA-256 of the source record, or of the entries it follows from", public=False),
    Column("entries", LIST, "digests of the journal entries this version follows from", public=False),
    Column(
        "record",
        TEXT,
        "the source record as it was coded, JSON: nothing that could not be mapped is lost",
        null="it comes from a journal",
        public=False,
    ),
    Column("node", TEXT, "node that wrote it first", null="imported", public=False),
    # -- who
    Column("establishment", TEXT, "name of the establishment as declared", null="not said", public=False),
    Column(
        "legal_entity", TEXT, "FINESS number of the legal entity (EJ)", null="not said, or outside France", public=False
    ),
    Column("sites", LIST, "FINESS numbers of the sites (ET) touched; empty: not said", public=False),
    Column(
        "declarant",
        TEXT,
        "what declarants are counted by: the legal entity, else the folded name with its country and region",
        null="nobody can tell who declared",
        public=False,
    ),
    Column("establishment_kind", TEXT, "kind of structure", words="establishment_kinds"),
    Column("legal_status", TEXT, "legal status", words="legal_statuses"),
    Column("region", TEXT, "region: INSEE code in France, code of the source elsewhere; `unknown`", words="regions"),
    Column("country", TEXT, "ISO 3166-1 alpha-2, upper case; `unknown`"),
    Column("sector", TEXT, "sector of activity", words="sectors"),
    Column("essential_entity", TEXT, "essential entity or operator of essential services", words="yes_no"),
    # -- when
    Column("occurred_at", INSTANT, "when it happened", null="not known"),
    Column("detected_at", INSTANT, "when somebody first saw it", null="not known"),
    Column(
        "declared_at",
        INSTANT,
        "when it was first declared",
        null="the source knows no declaration (press, community databases)",
    ),
    Column("recorded_at", INSTANT, "when it was written down by its author, or imported"),
    Column(
        "year",
        WHOLE,
        "year it counts in: of `declared_at`, else of the occurrence, else of the detection",
        null="none is known",
    ),
    Column("month", WHOLE, "month it counts in, 1 to 12", null="the source gives no month"),
    Column("day", WHOLE, "days from 1970-01-01 of the date it counts on", null="the source gives no day"),
    # -- what
    Column("stage", TEXT, "stage of the declaration", words="stages"),
    Column("nature", TEXT, "incident, near miss, threat or voluntary", words="natures"),
    Column("state", TEXT, "where its qualification stands", words="states"),
    Column(
        "duplicate_of",
        TEXT,
        "declaration that says the same thing; such a row is left out of every count",
        null="it is no duplicate",
        public=False,
    ),
    Column("malicious", TEXT, "yes, no or unknown: first level of the origin", words="yes_no"),
    Column("origin", TEXT, "second level of the origin, in the observatory's terms", words="origins"),
    Column("ransomware_extent", TEXT, "how far ransomware went", null="not ransomware", words="ransomware_extents"),
    Column("significance", TEXT, "significance given by the observatory", words="significances"),
    # -- impact
    Column("data_impact", LIST, "impacts on data; [none] was said; empty: unknown", words="data_impacts"),
    Column("data_subjects", LIST, "whose data; empty: unknown", words="data_subjects"),
    Column("people_affected", BIG, "people whose data were touched", null="not known"),
    Column("functioning", TEXT, "impact on the functioning of the structure", words="functionings"),
    Column("patient_danger", TEXT, "patients put in danger", words="patient_dangers"),
    Column("hours_degraded", REAL, "hours in degraded mode", null="not known, or none"),
    Column("services", LIST, "care services touched; empty: unknown", words="service_kinds"),
    # -- help and authorities
    Column("support_asked", TEXT, "help was asked for", words="yes_no"),
    Column("support_given", TEXT, "help was given", words="yes_no"),
    Column("support_by", LIST, "who gave it", words="authorities"),
    Column("authorities", LIST, "authorities it was declared or routed to", words="authorities"),
    # -- causes
    Column("supplier_involved", TEXT, "a supplier is involved", words="yes_no"),
    Column("supplier", TEXT, "which one", null="none, or not said", public=False),
    Column("cause_group", TEXT, "cause shared with other declarations", null="no link known", public=False),
    Column("cves", LIST, "vulnerabilities exploited, CVE identifiers; empty: unknown"),
    # -- the coding of community databases, for comparison with them
    Column(
        "actions",
        LIST,
        "VERIS actions (malware, hacking, social, misuse, physical, error, environmental, unknown)",
        words="veris_actions",
    ),
    Column("actors", LIST, "VERIS actors (external, internal, partner, unknown)", words="veris_actors"),
)
BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}
SCHEMA = pa.schema([pa.field(column.name, ARROW[column.type]) for column in COLUMNS])

# What a row says when nobody has said anything: never good news.
UNSAID: dict[str, object] = {
    **{column.name: ([] if column.type == LIST else None) for column in COLUMNS},
    "version": 1, "realm": "real", "establishment_kind": "unknown", "legal_status": "unknown", "region": "unknown",
    "country": "unknown", "sector": "unknown", "essential_entity": "unknown", "stage": "notification",
    "nature": "incident", "state": "new", "malicious": "unknown", "origin": "unknown", "significance": "unknown",
    "functioning": "unknown", "patient_danger": "unknown", "support_asked": "unknown", "support_given": "unknown",
    "supplier_involved": "unknown",
}  # fmt: skip
