"""The reference page in a real browser, under the policy that forbids inline scripts and other sites."""

from __future__ import annotations

from tests.support.seed import seed


def test_the_reference_is_drawn_without_anything_from_outside(tmp_path, page):
    from tests.support.server import Server

    seed(tmp_path / "data")
    server = Server(tmp_path / "data").start()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    try:
        page.goto(f"{server.url}/api/docs")
        page.get_by_text("Append Entry").first.wait_for()
        assert page.get_by_text("merge_bundle").count() or page.get_by_text("/api/bundle").count()
        assert all(url.startswith((server.url, "data:", "blob:")) for url in asked), asked
    finally:
        server.kill()
