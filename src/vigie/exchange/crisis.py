"""Crisis files: a crisis told from public sources, in YAML that a person reads and writes.

A header says which incident, where, and from which sources; each entry says when, with what precision, which fact, and
from which of these sources. `docs/reference/crisis-file.md` describes the format. Reading needs no clock
and writes no journal: the drafts are for the caller to append.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, cast, get_args
from zoneinfo import ZoneInfo

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from vigie.errors import FactError, Fault, FileError
from vigie.exchange.lines import line, plain, tree
from vigie.exchange.moment import BadMoment, Moment, moment, zone_named
from vigie.ids import SLUG
from vigie.journal import Draft
from vigie.journal.entry import REALMS, Precision, Realm
from vigie.journal.facts import KINDS, Fact, canonical, iso, parse, to_bytes

FORMAT = "vigie-crisis/1"
Confidence = Literal["official", "press", "secondary"]
Language = Literal["fr", "en"]
CONFIDENCE: dict[str, dict[str, str]] = {
    "fr": {"official": "source officielle", "press": "presse", "secondary": "seconde main"},
    "en": {"official": "official source", "press": "press", "secondary": "second-hand"},
}
HEADER = {
    "format": True, "incident": True, "title": True, "organisation": True, "country": True, "time_zone": True,
    "language": True, "realm": True, "author": True, "applications": False, "services": False, "sources": True,
    "entries": True,
}  # fmt: skip
# These tell the life of a log and name entries by digests that a file written beforehand cannot know; a forecast is what
# Vigie computed, and what somebody promised in public is an estimate.
NOT_TOLD = ("correction", "erasure", "forecast", "key_compromised", "key_rotated", "map_adopted", "node_enrolled")
# A promise for the 31st is kept until the 31st is over.
LASTING = ("latest_at", "due_at")


class Source(NamedTuple):
    """Where something was read. `confidence` is official, press or secondary (a copy, a summary, an aggregator)."""

    key: str
    title: str
    urls: tuple[str, ...]
    confidence: Confidence


class Telling(NamedTuple):
    """One entry of the file. `happened_at` is the start of the period that `precision` names, or the instant of the
    entry before it where that is later: the order of the file is the order of the world, as far as it is known."""

    line: int
    happened_at: datetime
    precision: Precision
    fact: Fact
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crisis:
    """A crisis file, read and checked. `applications` and `services` give names to the identifiers of the facts."""

    incident: str
    title: str
    organisation: str
    country: str
    time_zone: str
    language: Language
    realm: Realm
    author: str
    applications: Mapping[str, str]
    services: Mapping[str, str]
    sources: Mapping[str, Source]
    entries: tuple[Telling, ...]

    def drafts(self) -> list[Draft]:
        """One draft per entry, in order, ready for `Journal.append_all`. Public sources: the marking is TLP:CLEAR.

        The idempotency key comes from what is said and not from its place, so a longer edition of the same file can be
        loaded over an earlier one.
        """
        return [
            Draft(
                incident=self.incident, fact=telling.fact, author=self.author, role="analyst",
                happened_at=telling.happened_at, precision=telling.precision, realm=self.realm, tlp="clear",
                key=self._key(telling),
            )
            for telling in self.entries
        ]  # fmt: skip

    def _key(self, telling: Telling) -> str:
        said = [self.realm, self.incident, iso(telling.happened_at), telling.precision, to_bytes(telling.fact).decode()]
        return f"crisis-{sha256(canonical(said)).hexdigest()[:32]}"


def load(path: Path) -> Crisis:
    """Read a crisis file. Raises FileError with every fault: file, line, what is wrong, what would mend it."""
    return read(path.name, tree(path))


def read(name: str, root: Node) -> Crisis:
    """A crisis from the YAML nodes of the file called `name`. Raises FileError as `load` does."""
    reader = _Reader(name)
    crisis = reader.crisis(root)
    if crisis is None or reader.faults:
        raise FileError("\n".join(str(fault) for _, fault in sorted(reader.faults, key=lambda pair: pair[0])))
    return crisis


class _Reader:
    """Reads the nodes of one file and goes on after a fault, so that a person sees all of them at once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[tuple[int, Fault]] = []

    def fault(self, where: Node | int, what: str, mend: str) -> None:
        number = where if isinstance(where, int) else line(where)
        self.faults.append((number, Fault(f"{self.name}, line {number}", what, mend)))

    def mapping(self, node: Node | None, what: str) -> dict[str, Node]:
        """The fields of a mapping. A name that comes twice is a fault: only one of the two would be read."""
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            self.fault(node, f"{what} should be a list of `name: value` lines", "See docs/reference/crisis-file.md")
            return {}
        fields: dict[str, Node] = {}
        for key, value in node.value:
            label = key.value if isinstance(key, ScalarNode) else "?"
            if label in fields:
                self.fault(key, f"{label!r} is said twice in {what}", f"Keep one (see line {line(fields[label])})")
            fields.setdefault(label, value)
        return fields

    def text(self, node: Node, what: str) -> str:
        """The text of a scalar as written. Empty where there is none, with a fault."""
        if isinstance(node, ScalarNode) and node.value.strip():
            return str(node.value.strip())
        self.fault(node, f"{what} is empty or not a text", f"Write the {what} after the colon")
        return ""

    def word(self, node: Node, what: str, words: tuple[str, ...]) -> str:
        text = self.text(node, what)
        if text and text not in words:
            self.fault(node, f"{text!r} is not a known {what}", f"Choose among {', '.join(words)}")
        return text

    def identifier(self, node: Node | int, text: str, what: str) -> None:
        if not re.fullmatch(SLUG, text):
            self.fault(node, f"{text!r} cannot identify {what}", "Use a-z, 0-9, dots and hyphens: lab-results")

    def names(self, node: Node | None, what: str) -> dict[str, str]:
        """Identifier to name, for the applications and the services that the facts speak of."""
        found = {}
        for key, value in self.mapping(node, f"the {what}s").items():
            self.identifier(value, key, f"the {what}")
            found[key] = self.text(value, f"name of the {what} {key}")
        return found

    def crisis(self, root: Node) -> Crisis | None:
        """The whole file, or None where its header cannot be understood (then there are faults)."""
        fields = self.mapping(root, "the header")
        for name, node in fields.items():
            if name not in HEADER:
                self.fault(node, f"{name!r} is not a field of the header", f"Fields are {', '.join(HEADER)}")
        missing = [name for name, required in HEADER.items() if required and name not in fields]
        if missing:
            self.fault(root, f"the header lacks {', '.join(missing)}", "See docs/reference/crisis-file.md")
            return None
        self.word(fields["format"], "format", (FORMAT,))
        header = {name: self.text(fields[name], name) for name in ("title", "organisation", "author", "time_zone")}
        incident = self.incident(fields["incident"])
        country = self.text(fields["country"], "country")
        if country and not re.fullmatch("[A-Z]{2}", country):
            self.fault(fields["country"], f"{country!r} is not a country code", "Write two capitals, such as FR or IE")
        language = self.word(fields["language"], "language", get_args(Language))
        realm = self.word(fields["realm"], "realm", REALMS)
        applications = self.names(fields.get("applications"), "application")
        services = self.names(fields.get("services"), "service")
        sources = self.sources(fields["sources"])
        try:
            zone = zone_named(header["time_zone"])
        except BadMoment as bad:
            self.fault(fields["time_zone"], bad.what, bad.mend)
            return None
        known = _Known(header["title"], zone, language, applications, services, sources)
        return Crisis(
            incident, header["title"], header["organisation"], country, zone.key, cast(Language, language),
            cast(Realm, realm), header["author"], MappingProxyType(applications), MappingProxyType(services),
            MappingProxyType(sources), self.entries(fields["entries"], known),
        )  # fmt: skip

    def incident(self, node: Node) -> str:
        text = self.text(node, "incident")
        parts = text.split("/")
        if text and (len(parts) != 2 or not all(re.fullmatch(SLUG, part) for part in parts)):
            self.fault(node, f"{text!r} is not an incident", "Write organisation/name, such as chsf/2022-08")
        return text

    def sources(self, node: Node) -> dict[str, Source]:
        found = {}
        for key, value in self.mapping(node, "the sources").items():
            fields = self.mapping(value, f"the source {key}")
            if isinstance(value, MappingNode) and fields.keys() != {"title", "url", "confidence"}:
                self.fault(value, f"the source {key} has {', '.join(fields)}", "Write title, url and confidence")
            if not fields.keys() >= {"title", "url", "confidence"}:
                continue
            listed = fields["url"].value if isinstance(fields["url"], SequenceNode) else [fields["url"]]
            urls = tuple(self.text(each, f"url of {key}") for each in listed)
            if not all(re.fullmatch(r"https?://[^\s]+", url) for url in urls):
                self.fault(fields["url"], f"the url of {key} is not a web address", "Write it whole, with https://")
            confidence = self.word(fields["confidence"], "confidence", get_args(Confidence))
            title = self.text(fields["title"], f"title of {key}")
            found[key] = Source(key, title, urls, cast(Confidence, confidence))
        return found

    def entries(self, node: Node, known: _Known) -> tuple[Telling, ...]:
        """Every entry that can be read; each one that cannot is a fault."""
        if not isinstance(node, SequenceNode) or not node.value:
            self.fault(node, "there is no list of entries", "Write one `- at: ...` block per entry")
            return ()
        told: list[Telling] = []
        said: dict[tuple[Any, ...], int] = {}
        for each in node.value:
            telling = self.entry(each, known, told[-1] if told else None)
            if telling is None:
                continue
            same = said.setdefault((telling.happened_at, telling.fact), telling.line)
            if same != telling.line:
                self.fault(each, f"says again what line {same} says", "Take one of the two away")
            told.append(telling)
        if not any(telling.fact.kind == "opened" for telling in told):
            self.fault(node, "no entry opens the incident", "Add an entry of kind `opened`")
        return tuple(told)

    def entry(self, node: Node, known: _Known, before: Telling | None) -> Telling | None:
        faults = len(self.faults)
        fields = self.mapping(node, "the entry")
        missing = [name for name in ("at", "kind", "sources") if name not in fields]
        if missing:
            self.fault(node, f"the entry lacks {', '.join(missing)}", "Say when, which fact, and from where")
            return None
        written = self.moment(fields["at"], known.zone, fields.pop("precision", None))
        sources = self.cited(fields["sources"], known)
        fact = self.fact(node, fields, known, sources)
        if written is None or fact is None:
            return None
        if before is not None and written.end < before.happened_at:
            self.fault(fields["at"], f"is before the entry of line {before.line}", "Put the entries in order of time")
        self.subjects(node, fact, known)
        if len(self.faults) > faults:
            return None
        happened_at = max(written.start, before.happened_at) if before is not None else written.start
        return Telling(line(node), happened_at, written.precision, fact, sources)

    def moment(self, node: Node, zone: ZoneInfo, precision: Node | None) -> Moment | None:
        text = self.text(node, "date")
        try:
            return moment(text, zone, self.text(precision, "precision") if precision is not None else None)
        except BadMoment as bad:
            if text:
                self.fault(node, bad.what, bad.mend)
            return None

    def cited(self, node: Node, known: _Known) -> tuple[str, ...]:
        """The keys of the sources of an entry: at least one, each of the header, none twice."""
        keys = (
            [each.value for each in node.value if isinstance(each, ScalarNode)]
            if isinstance(node, SequenceNode)
            else []
        )
        if not keys or len(keys) != len(node.value) or len(set(keys)) != len(keys):
            self.fault(node, "sources should be a list of keys, each once", "Write sources: [A1] or sources: [A1, B2]")
        for key in keys:
            if key not in known.sources:
                self.fault(node, f"{key!r} is not a source of the header", f"Add it, or cite {_or(known.sources)}")
        return tuple(keys)

    def fact(self, node: Node, fields: dict[str, Node], known: _Known, sources: tuple[str, ...]) -> Fact | None:
        """The fact of an entry, from the fields of its kind, with times as a person writes them."""
        data = {name: plain(value) for name, value in fields.items() if name not in ("at", "sources")}
        kind = str(data["kind"])
        if kind in NOT_TOLD:
            self.fault(fields["kind"], f"{kind!r} belongs to the life of a log", "Leave it out of a crisis file")
            return None
        if "source" in data:
            self.fault(fields["source"], "the source is told by `sources`", "Put it in the header and cite its key")
            return None
        for name in _instants(kind) & data.keys():
            written = self.moment(fields[name], known.zone, None)
            if written is None:
                return None
            data[name] = written.end if name in LASTING else written.start
        if kind == "opened":
            data.setdefault("title", known.title)
        data["source"] = known.spelled(sources)
        try:
            return parse(data)
        except FactError as error:
            self.fault(node, str(error), "docs/reference/facts.md lists the fields of each kind")
            return None

    def subjects(self, node: Node, fact: Fact, known: _Known) -> None:
        applications, services = fact.subjects()
        for what, used, named in (
            ("application", applications, known.applications),
            ("service", services, known.services),
        ):
            for identifier in used:
                if identifier not in named:
                    self.fault(node, f"the {what} {identifier!r} has no name", f"Name it under `{what}s:`")


class _Known(NamedTuple):
    """What the header told, for the entries to refer to."""

    title: str
    zone: ZoneInfo
    language: str
    applications: dict[str, str]
    services: dict[str, str]
    sources: dict[str, Source]

    def spelled(self, keys: tuple[str, ...]) -> str:
        """Sources in full, one a line: an entry must still say where it comes from when its file is far away."""
        words = CONFIDENCE.get(self.language, {})
        return "\n".join(
            f"{source.title} ({words.get(source.confidence, source.confidence)}) {' '.join(source.urls)}"
            for source in (self.sources[key] for key in keys if key in self.sources)
        )


def _or(keys: Mapping[str, Any]) -> str:
    return ", ".join(sorted(keys)[:20]) or "one that you add"


@cache
def _instants(kind: str) -> frozenset[str]:
    """The fields of a kind that hold an instant."""
    if kind not in KINDS:
        return frozenset()
    properties: dict[str, dict[str, Any]] = KINDS[kind].model_json_schema()["properties"]
    return frozenset(
        name
        for name, schema in properties.items()
        if any(each.get("format") == "date-time" for each in (schema, *schema.get("anyOf", ())))
    )
