"""`vigie serve`: the whole site in one small process tree."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from vigie.errors import InputError, StorageError
from vigie.web.server import Serving, become

app = typer.Typer(pretty_exceptions_enable=False)


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
    if data is not None:
        os.environ["VIGIE_DATA"] = str(data.resolve())
    run(Serving(host, port, workers, *_pair(certificate, key)))


def run(serving: Serving) -> None:
    """Serve until Ctrl-C. Raises StorageError when something listens there already."""
    refuse_taken_port(serving.host, serving.port)
    become(serving)


def _pair(certificate: Path | None, key: Path | None) -> tuple[str, str]:
    if certificate is None and key is None:
        return "", ""
    if certificate is None or key is None:
        raise InputError("--certificate and --key go together: give both, or neither and put a proxy in front")
    for path in (certificate, key):
        if not path.is_file():
            raise InputError(f"{path}: no such file. Give the PEM files of the certificate and of its key")
    return str(certificate.resolve()), str(key.resolve())


def refuse_taken_port(host: str, port: int) -> None:
    """Raises StorageError when something listens there: Linux would let both listen and share the visitors."""
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
