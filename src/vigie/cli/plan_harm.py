"""What the wait of a plan costs in care, for a terminal."""

from __future__ import annotations

from rich.table import Table

from vigie.care import Estimate, Harm

TOTALS = {
    "below": "service-hours below the usual share",
    "stopped": "service-hours with nothing at all",
    "silent": "service-hours nobody can say anything of",
    "delayed": "visits delayed",
    "diverted": "patients sent elsewhere",
    "postponed_procedures": "procedures postponed",
    "postponed_appointments": "appointments postponed",
    "waiting": "waiting of those put off",
}


def harm_table(harm: Harm) -> Table:
    """One line for each figure: a range, never a bare number."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("what the wait costs", "from", "to", "unit"):
        table.add_column(heading, justify="right" if heading in ("from", "to") else "left")
    rows: list[tuple[str, Estimate]] = [(words, getattr(harm.totals, name)) for name, words in TOTALS.items()]
    rows.append(("patients transferred in the first two days", harm.transfers))
    rows += [(f"exposed: {one.pathway.replace('_', ' ')}", one.hours) for one in harm.pathways if not one.hours.nothing]
    rows.append(("deaths, as attacked hospitals saw them", harm.top_down.deaths))
    rows.append(("the same deaths, counted by pathway", harm.bottom_up.together))
    for words, estimate in rows:
        table.add_row(words, *_ends(estimate), estimate.unit)
    return table


def _ends(estimate: Estimate) -> tuple[str, str]:
    return f"{estimate.low:,.0f}", "unknown" if estimate.high is None else f"{estimate.high:,.0f}"
