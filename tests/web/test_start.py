"""Starting and stopping: bad settings end before the first request, in one line that says what would mend it."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from tests.support.server import free_port
from vigie.web import node
from vigie.web.server import Serving


def _faults(**settings: object) -> set[str]:
    with override_settings(**settings):
        return {fault.id for fault in run_checks()}


def test_good_settings_have_no_fault(bare_site):
    assert _faults() == set()


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"SECRET_KEY": "django-insecure-" + "abcdefghij0123456789" * 3}, "vigie.E001"),
        ({"SECRET_KEY": "short"}, "vigie.E001"),
        ({"SECRET_KEY": "a" * 60}, "vigie.E001"),
        ({"VIGIE_NODE_ROLE": "emperor"}, "vigie.E002"),
        ({"VIGIE_NODE": "Valmont !"}, "vigie.E003"),
        ({"VIGIE_ORGANISATION": "Valmont !"}, "vigie.E003"),
        ({"ALLOWED_HOSTS": ["*"]}, "vigie.E004"),
        ({"VIGIE_DATABASE_URL": "mysql://localhost/vigie"}, "vigie.E005"),
    ],
)
def test_a_bad_setting_has_a_code(bare_site, settings, fault):
    assert fault in _faults(**settings)


def test_plain_http_beyond_this_machine_is_told(bare_site, monkeypatch):
    monkeypatch.setenv("VIGIE_LISTENS_BEYOND", "1")
    assert _faults() == {"vigie.W001"}
    assert _faults(SESSION_COOKIE_SECURE=True) == set()


def _serve(data: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vigie", "serve", "--data", str(data), *options],
        env={**os.environ, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("VIGIE_SECRET_KEY", "django-insecure-0123456789-0123456789-0123456789", "vigie.E001"),
        ("VIGIE_TIME_ZONE", "Mars/Base", "Mars/Base"),
        ("VIGIE_LOCK_AFTER_SECONDS", "soon", "whole number"),
    ],
)
def test_a_bad_setting_stops_the_server(tmp_path, name, value, said):
    ended = _serve(tmp_path / "data", "--port", "8979", **{name: value})
    assert ended.returncode == 1
    assert said in ended.stderr
    assert all(line.startswith("error: ") for line in ended.stderr.splitlines()), ended.stderr


def test_a_taken_port_is_told(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = _serve(tmp_path / "data", "--port", str(port))
    assert ended.returncode == 1
    assert f"error: port {port}" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_half_a_certificate_is_refused(tmp_path):
    ended = _serve(tmp_path / "data", "--certificate", "cert.pem")
    assert (ended.returncode, ended.stderr[:7]) == (1, "error: ")


def test_a_server_prints_its_link_and_stops_when_asked(serve):
    server = serve()
    assert f"{server.url}/set-up/" in server.printed
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGTERM)
    assert server.process.wait(20) == 0
    for name in (node.SECRET_FILE,):
        assert (server.data / name).stat().st_mode & 0o077 == 0


def test_a_second_link_is_printed_while_there_is_no_administrator(serve):
    server = serve()
    asked = [sys.executable, "-m", "vigie", "setup-link", "--data", str(server.data), "--url", server.url]
    printed = subprocess.run(asked, capture_output=True, text=True, timeout=120)
    assert printed.stdout.startswith(f"{server.url}/set-up/")


def test_no_new_link_once_there_is_an_administrator(site, monkeypatch):
    from typer.testing import CliRunner

    from vigie.cli.setup_link import app
    from vigie.errors import RefusedError

    monkeypatch.setattr("vigie.web.start.prepare", lambda: None)
    ended = CliRunner().invoke(app, [])
    assert isinstance(ended.exception, RefusedError)


def test_the_names_of_this_machine_are_believed():
    assert Serving(host="192.0.2.7").names[:4] == ["localhost", "127.0.0.1", "[::1]", "192.0.2.7"]
    assert Serving(host="::", port=81).url == "http://127.0.0.1:81"
    assert Serving(certificate="c.pem", key="k.pem").url == "https://127.0.0.1:8000"


def test_a_damaged_identity_is_told(tmp_path):
    from vigie.errors import FileError

    (tmp_path / node.NODE_FILE).write_text("{")
    with pytest.raises(FileError, match="Restore it from a backup"):
        node.load(tmp_path)


def test_an_identity_is_made_once(tmp_path):
    first = node.create(tmp_path, node="valmont", role="hospital", organisation="valmont", name="Valmont")
    again = node.create(tmp_path, node="other", role="group", organisation="other", name="Other")
    assert first == again
    assert first.identity().node == "valmont"


def test_several_processes_start_on_a_fresh_directory(tmp_path):
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "vigie",
        "serve",
        "--workers",
        "2",
        "--port",
        str(port),
        "--data",
        str(tmp_path / "n"),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"}) as server:
        assert server.stderr is not None
        said = "".join(next(server.stderr) for _ in range(5))
        try:
            assert _get(f"http://127.0.0.1:{port}/healthz") == 200
        finally:
            server.send_signal(signal.SIGTERM)
        said += server.stderr.read()
    assert said.count("/set-up/") == 1, said
    assert server.returncode == 0


def _get(url: str) -> int:
    """The status of a page of a server that is starting."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status
        except ConnectionError:
            continue
        except urllib.error.URLError:
            select.select([], [], [], 0.05)
    raise AssertionError(f"{url} never answered")
