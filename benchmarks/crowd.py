"""A crowd of programs and screens, from one light process: asyncio on bare sockets, HTTP/1.1, one connection each.

It shares the machine's cores with the server that it measures: what is measured is the worse for it, never the better.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import perf_counter

Request = Callable[[int], bytes]  # the number of the request to its bytes


@dataclass
class Heard:
    """What came back: seconds and status of each request, bytes of the bodies, in the order of the answers."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    body_bytes: list[int] = field(default_factory=list)
    elapsed: float = 0.0
    sign_ins: int = 0

    def percentile_ms(self, share: float) -> float:
        """Milliseconds under which this share of the answers came."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def errors(self, *good: int) -> int:
        """How many answers had another status."""
        return sum(count for status, count in self.statuses.items() if status not in good)


@dataclass(frozen=True, slots=True)
class Member:
    """One of the crowd: what it asks, where its answers are counted, how long it rests before it asks again.

    `learn` is given each body, for a member whose next request depends on the last answer.
    """

    request: Request
    heard: Heard
    rest_seconds: float = 0.0
    learn: Callable[[bytes], None] | None = None


class Screen:
    """A page of the log that stays open: it asks for what is newer than what it shows, as htmx does."""

    def __init__(self, address: str, newest: int, cookie: str) -> None:
        self.address, self.newest, self.cookie = address, newest, cookie

    def request(self, number: int) -> bytes:
        """The next poll."""
        return get(f"{self.address}?after={self.newest}", self.cookie, "HX-Request: true")

    def learn(self, body: bytes) -> None:
        """Take the number to go on from out of an answer; an empty one says that nothing is new."""
        self.newest = max([self.newest, *(int(seq) for seq in re.findall(rb"after=(\d+)", body))])


def get(path: str, *headers: str) -> bytes:
    """The bytes of a GET."""
    return _head("GET", path, headers) + b"\r\n"


def post(path: str, body: bytes, *headers: str) -> bytes:
    """The bytes of a POST."""
    return _head("POST", path, (*headers, f"Content-Length: {len(body)}")) + b"\r\n" + body


def run(port: int, members: Iterable[Member], seconds: float) -> None:
    """Let the crowd ask for that long; every request that was sent is heard out."""
    asyncio.run(_run(port, list(members), seconds))


async def _run(port: int, members: list[Member], seconds: float) -> None:
    begin = perf_counter()
    await asyncio.gather(*(_live(port, number, member, begin + seconds) for number, member in enumerate(members)))
    for member in members:
        member.heard.elapsed = perf_counter() - begin


async def _live(port: int, number: int, member: Member, end: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    # Screens are opened one after the other, not in the same instant.
    await asyncio.sleep(member.rest_seconds * (number % 50) / 50)
    count = 0
    try:
        while perf_counter() < end:
            sent = perf_counter()
            writer.write(member.request(number * 1_000_000 + count))
            count += 1
            status, body, location = await _answer(reader)
            member.heard.seconds.append(perf_counter() - sent)
            member.heard.statuses[status] += 1
            member.heard.body_bytes.append(len(body))
            if member.learn is not None:
                member.learn(body)
            member.heard.sign_ins += status == 401 or b"login" in location or b"sign-in" in location
            if member.rest_seconds:
                await asyncio.sleep(member.rest_seconds)
    except (asyncio.IncompleteReadError, ConnectionError):
        member.heard.statuses[0] += 1
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Status, body and Location of one answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    location = head.partition(b"\r\nlocation: ")[2].partition(b"\r\n")[0]
    if b"\r\ntransfer-encoding: chunked" in head:
        pieces = []
        while length := int(await reader.readline(), 16):
            pieces.append((await reader.readexactly(length + 2))[:-2])
        await reader.readline()
        return status, b"".join(pieces), location
    size = int(head.partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0] or 0) if status != 204 else 0
    return status, await reader.readexactly(size), location


def _head(verb: str, path: str, headers: Iterable[str]) -> bytes:
    lines = (f"{verb} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "")
    return "\r\n".join(lines).encode()
