"""The page docs/reference/evidence.md, from the numbers of the room `care`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vigie.care import Evidence, evidence, evidence_file, harm_rules, weights
from vigie.cartography import label

WORDS = """
Every number of [harm](../background/harm.md), with what its interval is, whom it was measured on, how far we would lean on it,
and what may be concluded from it. To cite one, use its id. The data file is
[evidence.yaml](../../src/vigie/care/data/evidence.yaml); it also holds the French. "Read: abstract" means that the paper itself was
not read in full: check it before you call a parameter validated.
"""

WEIGHTS = """
How much an hour of a stopped service weighs in the restart plan: its usual visits of that hour × the severity of one × the
factor of its pathways. **This is an assumption of the authors of Vigie, without a published source**, dated {date}. One outpatient
consultation put off by some weeks is 1; the range is where the authors would not be surprised to see a hospital put it. A
crisis cell replaces the whole table with its own: copy [weights.yaml](../../src/vigie/care/data/weights.yaml), change it, have it
signed, give it to the plan. The reasoning is at the top of that file.
"""


def evidence_page(made: str) -> str:
    """The page, with `made` (where it comes from) under its title."""
    out = [
        "# Evidence\n",
        made,
        WORDS.strip() + "\n",
        *_confidences(),
        *_topics(),
        *_studies(),
        *_assumptions(),
        *_weights(),
    ]
    return "\n".join(out).rstrip() + "\n"


def _confidences() -> Iterator[str]:
    said = evidence_file()
    yield "## What the columns mean\n"
    yield _table(("confidence", "meaning"), [(f"`{name}`", words.en) for name, words in said.confidences.items()])
    yield ""
    yield _table(
        ("interval", "what low to high is"), [(f"`{name}`", words.en) for name, words in said.intervals.items()]
    )
    yield ""


def _topics() -> Iterator[str]:
    yield "## The numbers\n"
    for topic, words in evidence_file().topics.items():
        rows = [one for one in evidence().values() if one.topic == topic]
        yield f"### {words.en}\n"
        yield _table(
            ("id", "what", "value", "low to high", "unit", "interval", "confidence", "source"),
            [_row(one) for one in rows],
        )
        yield ""


def _row(one: Evidence) -> tuple[str, ...]:
    bounds = "" if one.low is None else f"{one.low:.6g} to {one.high:.6g}"
    what = one.title.en + (f". *{one.note.en}*" if one.note else "")
    unit = evidence_file().units[one.unit].en
    study = evidence_file().evidence[one.id].study
    return (
        f"`{one.id}`",
        what,
        f"{one.value:.6g}",
        bounds,
        unit,
        f"`{one.interval}`",
        one.confidence,
        f"[{study}](#{study})",
    )


def _studies() -> Iterator[str]:
    yield "## The sources\n"
    for name, study in evidence_file().studies.items():
        links = ", ".join(f"[{place}]({url})" for place, url in enumerate(study.urls, start=1))
        counted = f" n = {study.n:,}." if study.n else ""
        yield f"### {name}\n"
        yield f"{study.citation}. {links}. Read on {study.read_on} ({study.read}).\n"
        yield f"- **Whom, how**: {study.population.en}. {study.design.en}.{counted}"
        yield f"- **May be concluded**: {study.may.en}"
        yield f"- **May not**: {study.may_not.en}\n"


def _assumptions() -> Iterator[str]:
    rules = harm_rules()
    yield "## Assumptions of harm\n"
    yield "What an estimate names beside its evidence. They are ours, and each can be wrong.\n"
    yield _table(("id", "what is assumed"), [(f"`{name}`", words.en) for name, words in rules.assumptions.items()])
    yield "\nHow kinds of service count:\n"
    roles = [
        (role, ", ".join(label("service_kinds", kind, "en") for kind in kinds)) for role, kinds in rules.roles.items()
    ]
    yield _table(("as", "kinds"), roles)
    yield ""


def _weights() -> Iterator[str]:
    table = weights()
    yield "## Weights of services\n"
    yield WEIGHTS.strip().format(date=table.date) + "\n"
    rows = [
        (
            f"`{kind}`",
            row.unit.en,
            f"{row.severity:g}",
            f"{row.low:g} to {row.high:g}",
            " / ".join(f"{day:g}" for day in row.week),
        )
        for kind, row in table.kinds.items()
    ]
    yield _table(
        ("kind of service", "unit", "severity of one", "range", "a weekday / Saturday / Sunday if not counted"), rows
    )
    yield f"\nPathways add to 1 in the factor of a service; together at most {table.pathways.at_most:g}.\n"
    adds = [(label("pathways", name, "en"), f"{adds:g}") for name, adds in table.pathways.adds.items()]
    yield _table(("pathway", "adds"), adds)
    after = table.fallback_after_endurance
    kept = f"{after.value:g} of its share ({after.low:g} to {after.high:g})"
    yield f"\nA fallback held beyond its endurance keeps {kept}. {after.why.en}"


def _table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = "|".join("---" for _ in headings)
    return "\n".join([f"| {' | '.join(headings)} |", f"|{rule}|", *(f"| {' | '.join(line)} |" for line in lines)])
