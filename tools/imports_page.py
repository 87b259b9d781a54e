"""The page docs/reference/imports.md, from the mapping files of the importers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from vigie.exchange import eurepoc, hhs, veris_mapping
from vigie.observe.vocabulary import label

WORDS = """
What each coded value of a source becomes in [the declarations table](declarations.md). The choices are Vigie's; the record
itself is kept whole in the column `record`, so that another choice can be made later. How to download and import:
[import incidents](../howto/import-incidents.md).
"""


def imports_page(made: str) -> str:
    """The page, with `made` (where it comes from) under its title."""
    out = ["# What imports become\n", made, WORDS.strip() + "\n", *_veris(), *_hhs(), *_eurepoc()]
    return "\n".join(out).rstrip() + "\n"


def _veris() -> Iterator[str]:
    said = veris_mapping.mapping()
    yield "## VERIS\n"
    yield "### Origin\n"
    yield "An incident often has several actions. The first line that one of them matches gives the origin, so that a deliberate"
    yield "action wins over the error that let it in. `malicious` follows from the origin.\n"
    lines = [
        (
            _term("origins", line["origin"]),
            label("yes_no", veris_mapping.malicious_of(line["origin"]), "en"),
            _codes(line["varieties"]),
        )
        for line in said["origins"]
    ]
    yield _table(("origin", "malicious", "action.variety"), lines)
    altered = said["defacement"]
    yield f"\nWith the attribute `{altered['attribute']}`, an incident of origin {_codes(altered['instead_of'])} is a defacement.\n"
    yield "### Impact on data\n"
    impacts = [
        (
            f"`{attribute}.{word}`" if attribute != "confidentiality" else f"`confidentiality.data_disclosure: {word}`",
            _term("data_impacts", to),
        )
        for attribute, table in said["data_impacts"].items()
        for word, to in table.items()
    ]
    yield _table(("attribute", "impact on data"), impacts)
    yield "\nWhat is not named says nothing of the data: `Potentially` (data at risk, without proof), `Unknown`, software"
    yield "installed, rights changed. The impact is then unknown.\n"
    yield "### Other columns\n"
    yield _table(("VERIS", "becomes"), _veris_columns(said))
    yield "\n### Kind of structure\n"
    yield "The longest beginning of the NAICS code that is in this list; a code that begins with 62 is of the sector health.\n"
    yield _table(
        ("NAICS", "kind"), [(f"`{code}`", _term("establishment_kinds", kind)) for code, kind in said["naics"].items()]
    )
    yield "\nBack, when a declaration from elsewhere is written as VERIS:\n"
    yield _table(
        ("kind", "NAICS"),
        [(_term("establishment_kinds", kind), f"`{code}`") for kind, code in said["naics_of"].items()],
    )
    yield ""


def _veris_columns(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for word, values in said["security_incident"].items():
        yield f"`security_incident: {word}`", ", ".join(f"`{column}` `{value}`" for column, value in values.items())
    for table, column in (
        ("functioning", "attribute.availability.variety"),
        ("data_subjects", "attribute.confidentiality.data_victim"),
    ):
        for word, to in said[table].items():
            yield f"`{column}: {word}`", f"`{table}` {_term('functionings' if table == 'functioning' else table, to)}"
    yield "`attribute.confidentiality.data_total`", "`people_affected`"
    yield "`attribute.availability.duration`", f"`hours_degraded`, in {_codes(said['hours'])}; another unit gives none"
    yield (
        "`timeline.incident`",
        "`year`, `month`, `day` as coded, and `occurred_at` (midnight UTC) where the three make a date",
    )
    yield "`action.*.cve`", "`cves`"
    yield "`actor.partner`", "`supplier_involved` `yes`; otherwise unknown"
    yield "`victim.victim_id`", "`establishment`, `declarant`"
    yield "`victim.country`", "`country` when there is one; several: unknown"
    yield (
        "`victim.state`",
        f"`region`, such as `US-TN`, in {_codes(said['states_of'])}; elsewhere it is free text: unknown",
    )
    yield "keys of `action`, of `actor`", "`actions`, `actors`"
    yield "all the rest (discovery, employees, assets, motives, `plus`...)", "`record` only"


def _hhs() -> Iterator[str]:
    said = hhs.mapping()
    yield "## HHS breach portal\n"
    yield _table(
        ("type of breach", "origin"),
        [(_codes(line["types"]), _term("origins", line["origin"])) for line in said["origins"]],
    )
    yield "\nA report may have several types: the first line that matches gives the origin, and their impacts add up.\n"
    yield _table(
        ("type of breach", "impact on data"),
        [
            (f"`{word}`", ", ".join(_term("data_impacts", each) for each in to))
            for word, to in said["data_impacts"].items()
        ],
    )
    yield "\n"
    yield _table(("covered entity", "kind"), [
        *((f"`{word}`", _term("establishment_kinds", kind)) for word, kind in said["kinds"].items()),
        ("`healthcare provider`", "unknown: the portal does not say whether it is a hospital or a practice"),
    ])  # fmt: skip
    yield "\nHeadings under which a column is known, whatever the capitals, spaces and signs:\n"
    yield _table(("column", "headings"), [(name, _codes(names)) for name, names in said["columns"].items()])
    yield ""


def _eurepoc() -> Iterator[str]:
    said = eurepoc.mapping()
    yield "## EuRepoC\n"
    lines = [
        (_term("origins", line["origin"]), _codes(line.get("types", ())), _codes(line.get("impacts", ())))
        for line in said["origins"]
    ]
    yield _table(("origin", "`incident_type`", "or `MITRE_impact`"), lines)
    yield "\nThe first line that matches; every incident of this database is malicious.\n"
    impacts = [
        (f"`{word}`", _term("data_impacts", to))
        for table in said["data_impacts"].values()
        for word, to in table.items()
    ]
    yield _table(("`incident_type` or `MITRE_impact`", "impact on data"), impacts)
    yield (
        "\n`disruption` that begins with: "
        + ", ".join(f"`{word}`: {_term('functionings', to)}" for word, to in said["functioning"].items())
        + ". Bounds such as `< 24h` are no duration: hours stay unknown."
    )


def _term(words: str, term: str) -> str:
    return f"`{term}` ({label(words, term, 'en')})"


def _codes(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = "|".join("---" for _ in headings)
    return "\n".join([f"| {' | '.join(headings)} |", f"|{rule}|", *(f"| {' | '.join(line)} |" for line in lines)])
