"""One data directory, one server; and a server that was killed leaves nothing to clean up."""

from __future__ import annotations

import subprocess
import sys

from tests.support.server import free_port


def test_a_second_server_is_refused_in_words_and_the_first_goes_on(serve):
    first = serve()
    second = subprocess.run(
        [sys.executable, "-m", "vigie", "serve", "--port", str(free_port()), "--data", str(first.data)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert second.returncode == 1
    assert second.stderr.startswith("error: ") and first.url in second.stderr and "--data" in second.stderr
    first.restart()  # kill -9, and start again at once
