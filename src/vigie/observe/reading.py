"""Reading: one declaration as it is known, from the declarant's own words and what the observatory put in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from vigie.journal.authority import Registry
from vigie.observe.coding import UNSAID, Coder, Remark, counts_on, declarant, sector
from vigie.observe.rows import Row, row
from vigie.observe.vocabulary import vocabulary
from vigie.respond import Fold, Situation
from vigie.respond.concept import Known
from vigie.respond.statement import Stamp, Statement

SOURCE = "journal"
# A telephone call warns, a complaint sues: neither declares.
NO_DECLARATION = frozenset({"phone_call", "complaint"})
MALICIOUS = {"malicious": "yes", "not_malicious": "no", "unknown": "unknown"}
OTHER_ORIGIN = {"yes": "other_malicious", "no": "other_not_malicious", "unknown": "unknown"}
GIVEN = frozenset({"under_way", "done"})
OVER = frozenset({"refused", "withdrawn"})


class Reading(NamedTuple):
    """One declaration of an incident. `notebook`: read by nobody's node, as an observatory would."""

    fold: Fold
    known: Situation
    name: str
    notebook: bool

    def row(self, remarks: set[Remark]) -> Row:
        """Its row; version and known_from are for the caller to set."""
        incident = self.known.incident or ""
        key = f"{incident}#{self.name}"
        coder = Coder(f"{SOURCE}:{key}", remarks)
        entries = sorted(set(self._entries()))
        return row(
            declaration=coder.declaration, source_key=key, source=SOURCE, incident=incident, realm=self.known.realm,
            entries=entries, source_digest=sha256("\n".join(entries).encode()).hexdigest(),
            node=self._said()[0].author.node, stage=self.fact.stage, nature=self.fact.nature,
            **self._who(coder), **self._when(), **self._what(coder), **self._impact(coder), **self._help(coder),
            **self._causes(),
        )  # fmt: skip

    # -- what there is to read -----------------------------------------------------------------------------------------

    @property
    def fact(self) -> Any:
        """What the versions of the declaration say together."""
        return self.known.declared[self.name].fact

    def _said(self) -> list[Statement]:
        """The versions of the declaration, in the order of the world."""
        return self.fold.shelves["declared"].tracks[self.name].said  # type: ignore[union-attr]

    def _qualifications(self) -> list[Known]:
        """Those in force, that of this very declaration before that of the whole incident."""
        found = (self.known.qualifications.get(name) for name in (self.name, None))
        return [known for known in found if known is not None]

    def _given(self, field: str) -> Any:
        """What the observatory says: the nearest qualification that says anything, else None."""
        values = (getattr(known.fact, field) for known in self._qualifications())
        return next((value for value in values if value not in (*UNSAID, ())), None)

    def _declared(self) -> list[Statement]:
        """What says that it went to an authority: this declaration, or the incident as a whole."""
        listed = self.fold.shelves["declarations"].said  # type: ignore[union-attr]
        return [said for said in listed if said.fact.declaration in (None, self.name)]

    def _routings(self) -> list[Known]:
        return [known for known in self.known.routings if known.fact.declaration in (None, self.name)]

    def _confirmed(self) -> list[Known]:
        return [known for known in self.known.vulnerabilities if known.fact.certainty == "confirmed"]

    def _exchanges(self) -> list[Statement]:
        return [said for said in self.fold.shelves["exchanges"].said if said.fact.declaration == self.name]  # type: ignore[union-attr]

    def _entries(self) -> Iterator[str]:
        """Digests of the entries that the row follows from: those in force, and those that a correction mended."""
        stamps: list[Stamp] = [version.by for version in self.known.declared[self.name].versions]
        several = (self._qualifications(), self._routings(), self._confirmed(), self.known.support.values())
        stamps += [known.by for some in several for known in some]
        for stamp in stamps:
            yield stamp.digest
            if stamp.corrects:
                yield stamp.corrects
        for said in (*self._exchanges(), *self._declared()):
            yield from (said.digest, said.original)
        lifecycle = self.known.lifecycle
        yield from (stamp.digest for stamp in (lifecycle.opened, lifecycle.closed) if stamp) if lifecycle else ()

    # -- the columns ---------------------------------------------------------------------------------------------------

    def _who(self, coder: Coder) -> dict[str, Any]:
        fact, lifecycle = self.fact, self.known.lifecycle
        name = fact.establishment or fact.on_behalf_of or (lifecycle.on_behalf_of if lifecycle else "")
        kind = coder.word("establishment_kind", "establishment_kinds", fact.establishment_kind, "other")
        region = coder.word("region", "regions", fact.region, "unknown")
        country = "FR" if fact.legal_entity or fact.sites or region != "unknown" else "unknown"
        owner = (self.known.incident or "").partition("/")[0]
        return {
            "establishment": name or None, "legal_entity": fact.legal_entity, "sites": sorted(fact.sites),
            "declarant": declarant(fact.legal_entity, name or owner, country, region), "country": country,
            "establishment_kind": kind, "region": region, "sector": sector(kind),
            "legal_status": coder.word("legal_status", "legal_statuses", fact.legal_status, "unknown"),
            "essential_entity": fact.essential_entity,
        }  # fmt: skip

    def _when(self) -> dict[str, Any]:
        fact, first, lifecycle = self.fact, self._said()[0], self.known.lifecycle
        sent = [said.order for said in self._declared() if said.fact.stage not in NO_DECLARATION]
        if not sent and (self.notebook or observes(self.fold.registry)):
            sent = [first.order]
        declared_at = min(sent, default=None)
        detected_at = fact.detected_at or (lifecycle.detected_at if lifecycle else None)
        return {
            "occurred_at": fact.occurred_at, "declared_at": declared_at, "recorded_at": first.recorded_at,
            "detected_at": detected_at,
            **counts_on(declared_at or fact.occurred_at or detected_at),
        }  # fmt: skip

    def _what(self, coder: Coder) -> dict[str, Any]:
        fact, known = self.fact, vocabulary()["origins"]
        said = self._given("category") or fact.origin
        judged = self._given("origin")
        malicious = MALICIOUS[judged] if judged else fact.malicious
        if malicious == "unknown":
            malicious = known.get(said, {}).get("malicious", "unknown")
        origin = coder.word("origin", "origins", said, OTHER_ORIGIN[malicious])
        if "unknown" not in (malicious, meant := known[origin]["malicious"]) and meant != malicious:
            coder.remark("malicious", f"{origin}, {malicious}", malicious)
        extent = (
            (self._given("ransomware_extent") or fact.ransomware_extent or "unknown")
            if origin == "ransomware"
            else None
        )
        action = known[origin]["veris"].partition(".")[0]
        return {
            "state": self._state(), "malicious": malicious, "origin": origin, "ransomware_extent": extent,
            "significance": self._given("significance") or "unknown", "duplicate_of": _twin(self._given("duplicate_of")),
            "actions": [] if origin == "unknown" else [action],
        }  # fmt: skip

    def _state(self) -> str:
        """Where it stands: what the observatory said last, unless it asked since, or was answered."""
        steps: list[tuple[Any, str]] = [(said[:4], "answered") for said in self._said()]
        for said in self._exchanges():
            if not self._ours(said):
                steps.append((said[:4], "answered"))
            elif said.fact.awaits == "answer":
                steps.append((said[:4], "waiting"))
        for known in self._qualifications()[:1]:
            track = self.fold.shelves["qualifications"].tracks[known.fact.declaration].said  # type: ignore[union-attr]
            steps += [(said[:4], known.fact.state) for said in track if said.digest == known.by.digest]
        state = "new"
        for _, step in sorted(steps):
            if step != "answered":
                state = step
            elif state == "waiting":
                state = "to_qualify"
        closed = self.known.open is False
        return "closed" if state == "qualified" and closed else state

    def _ours(self, said: Statement) -> bool:
        """Whether the observatory speaks, and not the declarant."""
        owner = (self.known.incident or "").partition("/")[0]
        author = said.author
        return author.role == "analyst" or self.fold.registry.relation(author.log, owner) == "observatory"

    def _impact(self, coder: Coder) -> dict[str, Any]:
        fact = self.fact
        tenths = fact.degraded_tenths_of_hour
        impact = set(self._given("data_impact") or fact.data_impact)
        if len(impact) > 1 and "none" in impact:
            coder.remark("data_impact", "none", "")
            impact.discard("none")
        return {
            "data_impact": coder.words("data_impact", "data_impacts", impact),
            "data_subjects": coder.words("data_subjects", "data_subjects", fact.data_subjects),
            "people_affected": fact.people_affected, "functioning": self._given("functioning") or fact.functioning,
            "patient_danger": self._given("patient_danger") or fact.patient_danger,
            "hours_degraded": None if tenths is None else tenths / 10,
            "services": coder.words("services", "service_kinds", fact.services),
        }  # fmt: skip

    def _help(self, coder: Coder) -> dict[str, Any]:
        states = {known.fact.state for known in self.known.support.values()}
        asked = "yes" if states else self.fact.support_asked
        given = "yes" if states & GIVEN else "no" if asked == "no" or states and states <= OVER else "unknown"
        by = [known.fact.by for known in self.known.support.values() if known.fact.state in GIVEN and known.fact.by]
        told = [said.fact.addressee for said in self._declared() if said.fact.stage != "phone_call"]
        told += [known.fact.addressee for known in self._routings()]
        return {
            "support_asked": asked, "support_given": given,
            "support_by": coder.words("support_by", "authorities", by, "other"),
            "authorities": coder.words("authorities", "authorities", told, "other"),
        }  # fmt: skip

    def _causes(self) -> dict[str, Any]:
        fact = self.fact
        named = self._given("supplier")
        involved = self._given("supplier_involved") or ("yes" if named else fact.supplier_involved)
        supplier = None if involved == "no" else named or fact.supplier or None
        return {
            "supplier_involved": involved, "supplier": supplier, "cause_group": self._given("cause_group"),
            "cves": sorted({*fact.cves, *(known.fact.cve for known in self._confirmed())}),
        }  # fmt: skip


def observes(registry: Registry) -> bool:
    """Whether the installation that reads is an observatory, to which a declaration that arrives has been declared."""
    return any(enrolment.local and enrolment.role == "observatory" for enrolment in registry.enrolments())


def _twin(said: str | None) -> str | None:
    """A duplicate as the table names it: with its source, a journal unless another is said."""
    if said is None:
        return None
    return said if re.match(rf"({'|'.join(vocabulary()['sources'])}):", said) else f"{SOURCE}:{said}"
