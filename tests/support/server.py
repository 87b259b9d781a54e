"""A real `vigie serve` in its own process group, to be looked at, killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

READY_SECONDS = 60.0
POLL_SECONDS = 0.05


class ServerFailed(Exception):
    """The server died or never answered. The message ends with what it printed."""


@dataclass
class Server:
    """One data directory and the server that runs on it. The port is kept from one start to the next.

    `database_url` goes to the DATABASE_URL of the server (none: SQLite in the data directory); `environment` is added
    to this process's own.
    """

    data: Path
    database_url: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        """All that the server wrote to its terminal so far, over all its starts (the set-up link among it)."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def start(self) -> Server:
        """Start, and return when /healthz answers 200. Raises ServerFailed."""
        self.port = self.port or free_port()
        self.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "vigie", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--data", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(),
                start_new_session=True,
            )
        self._wait_until_ready()
        return self

    def kill(self) -> None:
        """kill -9 of the whole process group: no goodbye, as a power cut would leave it."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, as Ctrl-C does; kill it when it has not after ten seconds."""
        try:
            self._end(signal.SIGINT, timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()

    def restart(self) -> Server:
        self.kill()
        return self.start()

    @property
    def _log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    def _environment(self) -> dict[str, str]:
        state = {"VIGIE_STATE": str(self.data.with_name(f"{self.data.name}-state"))}
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **state, **self.environment}
        environment.pop("DATABASE_URL", None)
        if self.database_url:
            environment["DATABASE_URL"] = self.database_url
        return environment

    def _end(self, how: signal.Signals, timeout: float | None = None) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):  # the whole group is gone already, which is what was asked
            os.killpg(self.process.pid, how)
        self.process.wait(timeout)
        self.process = None

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        for _ in range(int(READY_SECONDS / POLL_SECONDS)):
            if self._answers():
                return
            try:
                code = self.process.wait(POLL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            self.process = None
            raise ServerFailed(f"vigie serve exited with {code} before it answered:\n{self.printed[-3000:]}")
        self.kill()
        raise ServerFailed(f"vigie serve did not answer within {READY_SECONDS:.0f} s:\n{self.printed[-3000:]}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
