"""The log page of a long incident while fifty screens are open on it. The crowd runs on the same cores."""

from __future__ import annotations

import subprocess
import sys

from benchmarks import crowd
from benchmarks.bench_load import POLL_SECONDS, append_request, newest
from benchmarks.crowd import Heard, Member
from benchmarks.row import Row, judged
from benchmarks.site import ROOT, Site, running
from tests.support.seed import INCIDENT

SCREENS = 50
LENGTHS = (20_000, 100_000)
ADDRESS = f"/incidents/{INCIDENT}/"
# What persons do with a long log: read it, filter it, search it, go back in it.
READINGS = ("", "?kind=decision", "?application=app-7", "?text=coursier", "?before=9000")


def measure(quick: bool) -> list[Row]:
    """Rows for `make bench`."""
    rows = []
    for entries in (2_000,) if quick else LENGTHS:
        with running(entries, SCREENS + len(READINGS)) as site:
            rows += _pages(site, entries, 2.0 if quick else 20.0, quick)
            site.server.kill()
            rows.append(_queries(site, entries, quick))
    return rows


def _pages(site: Site, entries: int, seconds: float, quick: bool) -> list[Row]:
    """Fifty screens that poll, one entry a second, and one person at each kind of page, a second between two looks."""
    last = newest(site)
    read, polled, quiet, written = Heard(), Heard(), Heard(), Heard()
    screens = [crowd.Screen(f"{ADDRESS}news", last, cookie) for cookie in site.cookies[:SCREENS]]
    crowd.run(site.server.port, [Member(one.request, quiet, POLL_SECONDS, one.learn) for one in screens], seconds / 2)
    members = [Member(one.request, polled, POLL_SECONDS, one.learn) for one in screens]
    members.append(Member(append_request(site, f"pages-{entries}"), written, 1.0))
    for reading, cookie in zip(READINGS, site.cookies[SCREENS:], strict=True):
        page = crowd.get(ADDRESS + reading, cookie)
        members.append(Member(lambda number, page=page: page, read, 1.0))
    crowd.run(site.server.port, members, seconds)
    p95 = read.percentile_ms(0.95)
    failed = read.errors(200) + polled.errors(200, 204) + quiet.errors(204) + written.errors(201)
    name = f"log page, {entries} entries, {SCREENS} screens"
    return [
        Row(f"{name}: p50", read.percentile_ms(0.5), "ms"),
        Row(f"{name}: p95", p95, "ms", target="under 150 ms", met=judged(p95 < 150, quick=quick)),
        Row("... a screen's refresh with something new, p95", polled.percentile_ms(0.95), "ms"),
        Row("... a screen's refresh with nothing new, p95", quiet.percentile_ms(0.95), "ms"),
        Row("... errors", failed, f"of {len(read.seconds) + len(polled.seconds)}", target="none",
            met=judged(not failed, quick=quick)),
    ]  # fmt: skip


def _queries(site: Site, entries: int, quick: bool) -> Row:
    """The most queries that any of these pages costs, the database of the desk and the journal together."""
    counted = subprocess.run(
        [sys.executable, "-m", "benchmarks.queries", str(site.server.data), ADDRESS, *READINGS],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    most = int(counted.stdout.split()[-1])
    return Row(
        f"queries of a log page, {entries} entries",
        most,
        "queries",
        target="at most 10",
        met=judged(most <= 10, quick=quick),
    )
