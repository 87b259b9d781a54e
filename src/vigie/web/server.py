"""The server: a small process that watches, and the process that serves. `python -m vigie.web.server '{"port": 8000}'`.

It is started by `vigie serve` in place of itself: the watching process stays for weeks, and needs neither the command
line's libraries nor Django.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Threads wait for the disk and take turns for the interpreter: more of them only cost memory and connections.
THREADS = 12
IN_FLIGHT = 1024
STOP_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and how to serve. Paths of certificate and key are '' without TLS."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    certificate: str = ""
    key: str = ""

    @property
    def url(self) -> str:
        """The address that a person opens on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"

    @property
    def names(self) -> list[str]:
        """The names under which this machine is reached, as far as it knows them."""
        own = socket.gethostname().lower()
        listened = [] if self.host in ("0.0.0.0", "::") else [f"[{self.host}]" if ":" in self.host else self.host]
        return list(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", *listened, own, f"{own}.local"]))


def become(serving: Serving) -> None:
    """Turn this process into the server; on Windows, which cannot do that, serve from here. Returns when it ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"
    os.environ["VIGIE_WORKERS"] = str(serving.workers)
    os.environ["VIGIE_URL"] = serving.url
    os.environ.setdefault("VIGIE_ALLOWED_HOSTS", ",".join(serving.names))
    if serving.host not in ("127.0.0.1", "localhost", "::1"):
        os.environ["VIGIE_LISTENS_BEYOND"] = "1"
    if serving.certificate:
        os.environ["VIGIE_TLS"] = "1"
    # Each thread of the C library would keep its own pool of freed memory; two pools are plenty.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    if os.name == "posix":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, "-m", "vigie.web.server", json.dumps(asdict(serving))])
    serve(serving)


def serve(serving: Serving) -> None:
    """Serve until Ctrl-C or SIGTERM; requests in flight have STOP_SECONDS to end."""
    _take_directory(serving)
    if serving.workers > 1:
        if subprocess.run([sys.executable, "-m", "vigie.web.start"]).returncode != 0:
            sys.exit(1)
        os.environ["VIGIE_PREPARED"] = "1"
    if sys.platform == "linux":
        # The serving process starts as a copy of this small one: quicker than from nothing, and on every Python alike.
        multiprocessing.set_start_method("fork", force=True)
    _granian(serving).serve(target_loader=load, wrap_loader=False)


def _take_directory(serving: Serving) -> None:
    from vigie.errors import StorageError
    from vigie.web import alone, node

    try:
        alone.hold(node.directory(), f"the Vigie at {serving.url} (process {os.getpid()})")
    except StorageError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        sys.exit(1)


def load() -> Callable[..., Any]:
    """The WSGI application, in the serving process: brought up to date, checked, announced. Exits 1 when it cannot."""
    from vigie.errors import VigieError
    from vigie.web import start

    try:
        return start.application()
    except VigieError as error:
        print("\n".join(f"error: {line}" for line in str(error).splitlines()), file=sys.stderr, flush=True)
        os._exit(1)  # an exception would be printed with its stack by the watching process


def _granian(serving: Serving) -> Any:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    return Granian(
        "vigie.web.wsgi:application",
        address=serving.host,
        port=serving.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=serving.workers,
        blocking_threads=THREADS,
        runtime_threads=1,
        runtime_blocking_threads=4,
        backlog=2048,
        backpressure=IN_FLIGHT,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.critical,
        ssl_cert=Path(serving.certificate) if serving.certificate else None,
        ssl_key=Path(serving.key) if serving.key else None,
    )


if __name__ == "__main__":
    serve(Serving(**json.loads(sys.argv[1])))
