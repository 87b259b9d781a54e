"""Under load: 200 requests in flight on a real server, and what a start costs. The crowd runs on the same cores."""

from __future__ import annotations

import json
import re
from statistics import median
from time import perf_counter
from urllib.request import Request, urlopen

from benchmarks import crowd
from benchmarks.crowd import Heard, Member
from benchmarks.row import Row, judged
from benchmarks.site import Site, prepared, running
from tests.support.seed import INCIDENT
from tests.support.server import Server

IN_FLIGHT = 200
LONG_LOG = 100_000
POLL_SECONDS = 1.5
# The nearest peer, on the same kind of machine (SCRIBE, July 2026): figures of its own study, not run here.
PEER_P95_MS, PEER_REFRESH_BYTES, PEER_MEMORY_MB = 30_220.0, 9_950_000.0, 3_655.0
PEER = "SCRIBE 64 in flight (read)"


def measure(quick: bool) -> list[Row]:
    """Rows for `make bench`."""
    seconds, entries = (2.0, 2_000) if quick else (15.0, LONG_LOG)
    rows = _start(quick)
    with running(entries, IN_FLIGHT) as site:
        rows += _appends(site, seconds, quick)
        rows += _crisis(site, seconds, quick)
        rows += _reload(site, seconds, quick)
        rows += _sizes(site, quick)
        memory = site.memory_mb()
    rows.append(
        Row(f"memory after that load, {entries} entries", memory, "MB", "SCRIBE 100,000 entries (read)", PEER_MEMORY_MB,
            "under 300 MB", judged(memory < 300, quick=quick))
    )  # fmt: skip
    return rows


def append_request(site: Site, run: str) -> crowd.Request:
    """A program that writes a note with a key of its own each time."""

    def request(number: int) -> bytes:
        fact = {"kind": "note", "text": f"Mesure {number} : le standard signale douze appels en attente"}
        return crowd.post(
            f"/api/incidents/{INCIDENT}/entries", json.dumps({"fact": fact}).encode(), f"Authorization: Bearer {site.token}",
            "Content-Type: application/json", f"Idempotency-Key: {run}-{number}",
        )  # fmt: skip

    return request


def _start(quick: bool) -> list[Row]:
    """From `vigie serve` to the first page, on a node that was set up before."""
    times, memories = [], []
    with prepared(0, 1) as (data, token, cookies):
        for _ in range(1 if quick else 5):
            server, begin = Server(data), perf_counter()
            server.start()
            name, _, value = cookies[0].partition(": ")
            urlopen(Request(f"{server.url}/incidents/{INCIDENT}/", headers={name: value}), timeout=10).read()
            times.append(perf_counter() - begin)
            memories.append(Site(server, token, cookies).memory_mb())
            server.kill()
    seconds, memory = median(times), max(memories)
    return [
        Row("vigie serve to first log page", seconds, "s", target="under 3 s", met=judged(seconds < 3, quick=quick)),
        Row("memory at first log page", memory, "MB", target="under 150 MB", met=judged(memory < 150, quick=quick)),
    ]


def _appends(site: Site, seconds: float, quick: bool) -> list[Row]:
    heard = Heard()
    crowd.run(site.server.port, [Member(append_request(site, "appends"), heard) for _ in range(IN_FLIGHT)], seconds)
    p95, failed = heard.percentile_ms(0.95), heard.errors(201)
    return [
        Row("append by API, 200 in flight, p95", p95, "ms", PEER, PEER_P95_MS, "under 250 ms", judged(p95 < 250, quick=quick)),
        Row("append by API, 200 in flight", heard.per_second, "entries/s", target="800 entries/s",
            met=judged(heard.per_second >= 800, quick=quick)),
        Row("append by API, errors", failed, "of " + str(len(heard.seconds)), target="none", met=judged(not failed, quick=quick)),
    ]  # fmt: skip


def _crisis(site: Site, seconds: float, quick: bool) -> list[Row]:
    """A bad night: 200 open screens that ask for news every second and a half, and an entry a second."""
    written, polled, last = Heard(), Heard(), newest(site)
    members = [Member(append_request(site, "crisis"), written, rest_seconds=2.0) for _ in range(2)]
    for cookie in site.cookies:
        screen = crowd.Screen(f"/incidents/{INCIDENT}/news", last, cookie)
        members.append(Member(screen.request, polled, POLL_SECONDS, screen.learn))
    crowd.run(site.server.port, members, seconds)
    p95, failed = written.percentile_ms(0.95), written.errors(201) + polled.errors(200, 204)
    return [
        Row("200 screens, an entry a second: append p95", p95, "ms", target="under 250 ms", met=judged(p95 < 250, quick=quick)),
        Row("... a screen's refresh, p95", polled.percentile_ms(0.95), "ms"),
        Row("... errors", failed, f"of {len(written.seconds) + len(polled.seconds)}", target="none",
            met=judged(not failed, quick=quick)),
    ]  # fmt: skip


def _reload(site: Site, seconds: float, quick: bool) -> list[Row]:
    """Two hundred persons load the log again and again, all at once: slow, but nobody may be turned away."""
    read = Heard()
    pages = [crowd.get(f"/incidents/{INCIDENT}/", cookie) for cookie in site.cookies]
    crowd.run(site.server.port, [Member(lambda number, page=page: page, read) for page in pages], seconds)
    failed = read.errors(200)
    return [
        Row("200 persons loading the log at once: pages", read.per_second, "pages/s"),
        Row("... errors", failed, f"of {len(read.seconds)}", target="none", met=judged(not failed, quick=quick)),
        Row(
            "... valid users sent to sign in",
            read.sign_ins,
            "of 200",
            PEER,
            21,
            "none",
            judged(not read.sign_ins, quick=quick),
        ),
    ]


def newest(site: Site) -> int:
    """The newest entry that a screen knows of when its page was just loaded."""
    return max(int(seq) for seq in re.findall(rb"after=(\d+)", _ask(site, f"/incidents/{INCIDENT}/")))


def _ask(site: Site, path: str) -> bytes:
    name, _, value = site.cookies[0].partition(": ")
    return urlopen(Request(f"{site.server.url}{path}", headers={name: value, "HX-Request": "true"}), timeout=60).read()


def _sizes(site: Site, quick: bool) -> list[Row]:
    """Bytes of the first page of a long log, and of what a screen is sent after one new entry."""
    page, after = _ask(site, f"/incidents/{INCIDENT}/"), newest(site)
    body = json.dumps({"fact": {"kind": "note", "text": "Une ligne de plus"}}).encode()
    headers = {"Authorization": f"Bearer {site.token}", "Content-Type": "application/json"}
    urlopen(Request(f"{site.server.url}/api/incidents/{INCIDENT}/entries", body, headers)).read()
    news = _ask(site, f"/incidents/{INCIDENT}/news?after={after}")
    return [
        Row("first log page, uncompressed", len(page) / 1000, "kB", "SCRIBE 10,000 entries (read)", PEER_REFRESH_BYTES / 1000,
            "under 50 kB", judged(len(page) < 50_000, quick=quick)),
        Row("refresh after one new entry, uncompressed", len(news) / 1000, "kB", "SCRIBE 10,000 entries (read)",
            PEER_REFRESH_BYTES / 1000, "only what changed", judged(len(news) < 10_000, quick=quick)),
    ]  # fmt: skip
