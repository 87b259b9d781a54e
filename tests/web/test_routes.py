"""Who may do what, tried on every route that exists: deny by default, and reading changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.routes import ROWS, Row
from tests.web.world import World

PERSONAS = ("bob", "alice", "charlie", "agnes", "admin", "nobody")


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the site with its full name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern, inner)
        else:
            yield f"{prefix}{pattern.name}", pattern


def is_api(pattern: URLPattern) -> bool:
    """Whether the API's own table of permissions guards this route (tests/web/api tries it with every token)."""
    return pattern.callback.__module__.startswith("ninja.")


def test_every_view_names_its_permission():
    unmarked = [
        name for name, pattern in routes() if not hasattr(pattern.callback, "permission") and not is_api(pattern)
    ]
    assert not unmarked, f"mark these views with @requires(...) or @public: {unmarked}"


def test_every_route_has_a_row_and_every_row_a_route():
    existing = {name for name, pattern in routes() if not is_api(pattern)}
    listed = {row.name for row in ROWS}
    assert existing - listed == set(), "add rows for these to tests/web/routes.py"
    assert listed - existing == set(), "these rows of tests/web/routes.py are of no route"


def test_every_row_says_what_reading_and_sending_answer():
    assert not [
        row for row in ROWS if not (row.get or row.post) or any(len(a) not in (0, 6) for a in (row.get, row.post))
    ]


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row.name} {' '.join(map(str, row.path.values()))}".strip() for row in ROWS]
)
def test_route(row: Row, site: Any) -> None:
    """Each persona asks and sends; who is refused changes nothing, and asking changes nothing for anybody."""
    world = World(site)
    url = reverse(row.name, kwargs={key: world.fill(value) for key, value in row.path.items()}) + world.fill(row.query)
    data = {key: world.fill(value) for key, value in row.data.items()}
    world.save()
    said: dict[str, str] = {"get": "", "post": ""}
    for method in said:
        if not getattr(row, method):
            continue
        for persona in PERSONAS:
            browser = site.client(world.personas[persona])
            before = world.state()
            answer = getattr(browser, method)(url, data if method == "post" else None)
            sign = _sign(answer)
            said[method] += sign
            if method == "get" or sign != "o":
                after = world.state()
                if row.noted and sign == "o":
                    before, after = before[:-1], after[:-1]  # all but the length of the journal
                assert after == before, f"{method.upper()} {url} by {persona} changed something"
            else:
                world.restore()
    assert said == {"get": row.get, "post": row.post}, f"{url}: {' '.join(PERSONAS)}"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_does_anything(method: str, site: Any) -> None:
    world = World(site)
    browser = site.client(site.alice)
    before = world.state()
    for row in ROWS:
        url = reverse(row.name, kwargs={key: world.fill(value) for key, value in row.path.items()})
        answer = getattr(browser, method)(url)
        assert _sign(answer) in "-0ms?" or world.state() == before, f"{method.upper()} {url}: {answer.status_code}"
    assert world.state() == before


def _sign(answer: Any) -> str:
    status = answer.status_code
    if status == 401 or (status == 302 and answer["Location"].startswith("/sign-in")):
        return "s"
    if status < 400:
        return "o"
    return {400: "?", 403: "-", 404: "0", 405: "m"}.get(status, f"[{status}]")
