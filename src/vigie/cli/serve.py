"""`vigie serve`: the whole site in one small process tree."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from vigie.errors import InputError, StorageError

app = typer.Typer(pretty_exceptions_enable=False)

# Threads wait for the disk and take turns for the interpreter: more of them only cost memory and connections.
THREADS = 12
IN_FLIGHT = 1024
STOP_SECONDS = 8


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for the whole network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    data: Annotated[Path | None, typer.Option(help="Data directory [env: VIGIE_DATA].")] = None,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Server processes; one is enough for a hospital.")] = 1,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate chain (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="TLS private key (PKCS#8 PEM).")] = None,
) -> None:
    """Serve Vigie. The first start prints a one-time link to set this node up; there is no default account."""
    if (certificate is None) != (key is None):
        raise InputError("--certificate and --key go together: give both, or neither and put a proxy in front")
    if data is not None:
        os.environ["VIGIE_DATA"] = str(data.resolve())
    run(host, port, workers=workers, certificate=certificate, key=key)


def run(host: str, port: int, *, workers: int = 1, certificate: Path | None = None, key: Path | None = None) -> None:
    """Prepare the data directory and serve until Ctrl-C. Raises StorageError and InputError before anything listens.

    Django is loaded in the server process only: this one watches over it and stays small.
    """
    _refuse_taken_port(host, port)
    os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"
    os.environ["VIGIE_WORKERS"] = str(workers)
    os.environ["VIGIE_URL"] = f"{'https' if certificate else 'http'}://{_shown(host)}:{port}"
    if certificate:
        os.environ["VIGIE_TLS"] = "1"
    # Each thread of the C library would keep its own pool of freed memory; two pools are plenty.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    _server(host, port, workers, certificate, key).serve(target_loader=_load, wrap_loader=False)


def _server(host: str, port: int, workers: int, certificate: Path | None, key: Path | None):
    import multiprocessing
    import sys

    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    return Granian(
        "vigie.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=THREADS,
        runtime_threads=1,
        runtime_blocking_threads=4,
        backlog=2048,
        backpressure=IN_FLIGHT,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
        ssl_cert=certificate,
        ssl_key=key,
    )


def _load():
    """The WSGI application, in the server process: brought up to date, checked, and announced."""
    from vigie.web import start

    return start.application()


def _refuse_taken_port(host: str, port: int) -> None:
    """Raises StorageError when something listens there already: Linux would let both listen and share the visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StorageError(
                f"port {port} of {host} cannot be used ({error.strerror}). Stop the program that listens there, or "
                f"choose another port, for example --port {port + 1 if port < 65535 else 8001}"
            ) from error


def _shown(host: str) -> str:
    """The name of this address in a link that a person clicks on this machine."""
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
