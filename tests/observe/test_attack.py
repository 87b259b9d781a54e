"""What an attacker gets out of public editions: small sectors drawn at random, two editions, and the tables of the report."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from tests.observe.attacker import Attack, Edition, Known, Position
from tests.observe.small_sector import SEVERAL, TABLES, Declaration, figures, primary_only
from tests.observe.small_sector import declarations as drawn
from vigie.observe.coding import sector as sector_of
from vigie.observe.compute import compute
from vigie.observe.disclosure import protect, relations
from vigie.observe.synthetic import synthetic_table
from vigie.observe.table import Figures, Table
from vigie.observe.tables import TABLES as REPORT
from vigie.observe.vocabulary import vocabulary

PROMISED_WIDTH, PROMISED_REACH, CLOSE = 4, 5, 1e-4
SEEDS = range(10)


def sector(seed: int) -> tuple[dict[str, Table], list[Declaration]]:
    """Some of the tables, and 15 to 160 declarations."""
    rng = np.random.default_rng(seed)
    of = drawn(rng, int(rng.integers(15, 160)))
    return {name: each for name, each in TABLES.items() if name == "per_year" or rng.random() < 0.75}, of


def truth(tables: dict[str, Table], true: Edition, printed: Edition) -> dict[Position, int]:
    """The true number of each withheld count; 0 for a row that had to be brought in."""
    found = {}
    for name, figure in printed.items():
        width = len(tables[name].dimensions)
        rows = {row[:width]: row for row in true[name].rows}
        counts = [figure.columns.index(each.name) for each in tables[name].measures if each.kind == "count"]
        for row, column in figure.hidden:
            held = rows.get(figure.rows[row][:width])
            if column in counts and (held or column == counts[0]):
                found[name, row, column] = held[column] if held else 0
    return found


def told(values: dict[Position, int], **more) -> Known:
    """An attacker who is told of each table whether a zero is withheld in it: where none is, all are 1 at least."""
    zeros = {position[0] for position, value in values.items() if value == 0}
    return Known(at_least=lambda name: 0.0 if name in zeros else 1.0, **more)


def broken(found: dict[Position, tuple[float, float]], values: dict[Position, int]) -> list[str]:
    """Withheld counts whose protection is less than promised."""
    faults = []
    for position, (low, high) in found.items():
        if position in values:
            value = values[position]
            assert low - CLOSE <= value <= high + CLOSE, "an attack that excludes the truth proves nothing"
            if high - low < PROMISED_WIDTH - CLOSE or (0 < value < 5 and high < PROMISED_REACH - CLOSE):
                faults.append(f"{position}: {value} in [{low:.3f}, {high:.3f}]")
    return faults


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_sector_gives_nothing_away(seed):
    tables, of = sector(seed)
    true = figures(tables.values(), of)
    printed = protect(tables, true, exempt=())
    values = truth(tables, true, printed)
    assert not broken(Attack(tables, [printed], 2023, Known(several=SEVERAL)).intervals(), values)
    assert not broken(Attack(tables, [printed], 2023, told(values, several=SEVERAL)).intervals(), values)


def test_the_attacker_is_strong():
    """Small numbers alone being hidden, he works out most of them, in most sectors."""
    hidden = recovered = 0
    for seed in SEEDS:
        tables, of = sector(seed)
        printed = primary_only(figures(tables.values(), of))
        found = Attack(tables, [printed], 2023, Known(several=SEVERAL)).intervals()
        hidden += len(found)
        recovered += sum(high - low < 0.5 for low, high in found.values())
    assert recovered > hidden / 3 > 20, f"{recovered} of {hidden}"


@pytest.mark.parametrize("believes", ["nothing", "unchanged", "withheld", "added"])
@pytest.mark.parametrize("seed", range(2))
def test_two_editions_with_late_changes_give_nothing_away(seed, believes):
    tables, of = sector(100 + seed)
    rng = np.random.default_rng(seed)
    later = [dict(each) for each in of]
    for number in rng.choice(len(later), 3, replace=False):
        later[number]["malicious"] = str(rng.choice(["yes", "no", "unknown"]))
    later += drawn(rng, int(rng.integers(1, 8)))
    true = figures(tables.values(), of)
    first = protect(tables, true, exempt=())
    second = protect(tables, figures(tables.values(), later), previous=[first], exempt=())
    attack = Attack(tables, [first, second], 2023, Known(several=SEVERAL), believes)
    assert attack.possible()
    assert not broken(attack.intervals(0), truth(tables, true, first))


def test_who_would_reprint_a_year_anew_would_give_it_away():
    """Why past years are frozen: two prints, each of which is safe alone, are subtracted."""
    given = 0
    for seed in range(100, 103):
        tables, of = sector(seed)
        later = [*of, *drawn(np.random.default_rng(seed), 2)]
        first = protect(tables, figures(tables.values(), of), exempt=())
        anew = protect(tables, figures(tables.values(), later), exempt=())
        attack = Attack(tables, [first, anew], 2023, Known(several=SEVERAL), "added")
        given += sum(high - low < PROMISED_WIDTH - CLOSE for low, high in attack.intervals(0).values())
    assert given


# -- the tables of the report, on a synthetic sector of the size of the country's

GROUPS = {kind: said["group"] for kind, said in vocabulary()["establishment_kinds"].items()}
COARSE = {
    "structure_group": ("establishment_kind", GROUPS.get),
    "half_year": ("month", lambda month: "unknown" if month is None else "first" if month <= 6 else "second"),
}
ORIGINS = vocabulary()["origins"]
# What anybody reads in the vocabulary: an origin is malicious or not and is one VERIS action, a kind is of one sector.
READ = COARSE | {
    "malicious": ("origin", {name: said["malicious"] for name, said in ORIGINS.items()}.get),
    "action": ("origin", {name: said["veris"].partition(".")[0] for name, said in ORIGINS.items()}.get),
    "sector": ("establishment_kind", sector_of),
}
READER_LOOKS_AT = [("month", "origin"), ("establishment_kind", "region")]
LOOKED_AT = [
    ("region", "malicious", "establishment_kind"),
    ("establishment_kind", "malicious", "functioning"),
    ("month", "malicious", "origin"),
    ("malicious", "patient_danger", "functioning"),
    ("malicious", "delay_class", "functioning"),
]


@cache
def report() -> tuple[dict[str, Figures], dict[str, Figures]]:
    """One year of 600 declarations, as it is and as it is printed."""
    true = compute(coded(synthetic_table(600, np.random.default_rng(3), [2024])), realm="simulated")
    return true, protect(REPORT, true)


def coded(table: pa.Table) -> pa.Table:
    """The same declarations, their sector and actions coded from the kind and the origin, as those of journals are."""
    origins, kinds = table["origin"].to_pylist(), table["establishment_kind"].to_pylist()
    actions = [[] if each == "unknown" else [ORIGINS[each]["veris"].partition(".")[0]] for each in origins]
    for name, values in (("actions", actions), ("sector", [sector_of(kind) for kind in kinds])):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, table.field(at), pa.array(values, table.field(at).type))
    return table


@pytest.mark.parametrize("looked_at", LOOKED_AT, ids="-".join)
def test_the_report_gives_nothing_away(looked_at):
    true, printed = report()
    values = truth(dict(REPORT), true, printed)
    caps = {number for row in printed["by_patient_danger"].rows for number in row[2:3] if 0 < number < 5}
    found = Attack(REPORT, [printed], 2024, Known(coarse=COARSE, only=looked_at)).intervals()
    assert found
    faults = broken(found, {position: value for position, value in values.items() if position in found})
    assert not [fault for fault in faults if "patient_danger" not in fault or not caps], faults


@pytest.mark.parametrize("looked_at", READER_LOOKS_AT, ids="-".join)
def test_the_vocabulary_gives_nothing_away(looked_at):
    true, printed = report()
    values = truth(dict(REPORT), true, printed)
    found = Attack(REPORT, [printed], 2024, Known(coarse=READ, only=looked_at)).intervals()
    assert found
    assert not broken(found, {position: value for position, value in values.items() if position in found})


def counted(name: str, counts: dict[str, int]) -> Figures:
    """A table of the report by one dimension, from counts by origin."""
    dimension = REPORT[name].dimensions[1].name
    grain = READ[dimension][1] if dimension in READ else str
    rows: dict[str, int] = {}
    for origin, count in counts.items():
        rows[grain(origin)] = rows.get(grain(origin), 0) + count
    total = sum(rows.values())
    return Figures(name, REPORT[name].columns, tuple((2024, t, n, total, n / total) for t, n in rows.items()))


def test_who_forgets_the_vocabulary_gives_it_away(monkeypatch):
    """Fraud is the one social action that is no phishing: its number is a difference of two that are printed."""
    counts = {"phishing": 136, "fraud": 1, "ransomware": 40, "malware": 2, "defacement": 4, "denial_of_service": 10}
    counts |= {"system_compromise": 90, "insider": 3, "human_error": 30, "misdelivery": 2, "application_bug": 50}
    chosen = {name: REPORT[name] for name in ("by_origin", "by_veris_action", "malicious_share")}
    true = {name: counted(name, counts) for name in chosen}
    known = Known(coarse=READ, only=("origin",))
    with monkeypatch.context() as patch:
        patch.setattr(relations, "links", tuple)
        found = Attack(chosen, [protect(chosen, true)], 2024, known).intervals()
    assert sum(high - low < 0.5 for low, high in found.values()) > 2
    printed = protect(chosen, true)
    found = Attack(chosen, [printed], 2024, known).intervals()
    assert found and not broken(found, truth(chosen, true, printed))


def test_the_report_would_give_much_away_with_small_numbers_hidden_alone():
    true, printed = report()
    plain = {}
    for name, figure in true.items():
        counts = [figure.columns.index(each.name) for each in REPORT[name].measures if each.kind == "count"]
        hidden = {(n, c) for n, row in enumerate(figure.rows) for c in counts if 0 < (row[c] or 0) < 5}
        rows = [[None if (n, c) in hidden else v for c, v in enumerate(row)] for n, row in enumerate(figure.rows)]
        for row, column in list(hidden):
            for measure in REPORT[name].measures:
                if measure.kind != "count" and figure.columns[column] in (measure.of, measure.over):
                    rows[row][figure.columns.index(measure.name)] = None
        plain[name] = Figures(name, figure.columns, tuple(map(tuple, rows)), frozenset(hidden))
    attack = Attack(REPORT, [plain], 2024, Known(coarse=COARSE, only=LOOKED_AT[0]))
    found = [attack.interval(position) for position in sorted(attack.unknown[-1])[:60]]
    assert sum(high - low < 0.5 for low, high in found) > 10
    assert printed != plain
