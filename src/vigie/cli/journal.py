"""`vigie journal`: export, merge and verify journals, and show their checkpoints."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from vigie.cli.files import written_whole
from vigie.errors import FileError, InputError, RefusedError
from vigie.journal import (
    Bundle,
    Draft,
    Identity,
    Journal,
    LogReport,
    Printed,
    Report,
    Store,
    export,
    merge,
    open_store,
    verify,
)
from vigie.journal.facts import parse
from vigie.journal.keys import key_fingerprint

app = typer.Typer(no_args_is_help=True, help="Export, merge and verify journals.", pretty_exceptions_enable=False)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

SQLITE_MAGIC = b"SQLite format 3\x00"
SOURCE = "A crisis file (.yaml), a journal database (journal.db), a data directory, or postgresql://..."


@app.command("export")
def export_command(
    source: Annotated[str, typer.Argument(metavar="FILE|DB", help=SOURCE)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The bundle to write.")],
    incident: Annotated[str | None, typer.Option(help="Only this incident, with the proofs that it is a part.")] = None,
    privileged: Annotated[bool, typer.Option(help="Include entries marked as legally privileged.")] = False,
    force: Annotated[bool, typer.Option(help="Replace the output file if it exists.")] = False,
) -> None:
    """Write a bundle: one compressed file with entries, proofs, keys, maps and a signed manifest."""
    with journal_of(source) as (store, identity), written_whole(output, force) as target:
        manifest = export(store, identity, target, _now(), incident=incident, privileged=privileged)
    scope = manifest["scope"]
    what = f"incident {incident}" if incident else "the whole journal"
    out.print(f"{output}: {scope['entries']} entries of {what}, {output.stat().st_size / 1000:.0f} kB")
    for log, size in scope["frontier"].items():
        out.print(f"  log {log}, {size} entries at its checkpoint")
    if scope["privileged"] == "left out":
        out.print("  entries marked as legally privileged are left out (--privileged to include them)")


@app.command("merge")
def merge_command(
    bundle: Annotated[Path, typer.Argument(help="The bundle to take in.")],
    into: Annotated[
        str | None, typer.Option(help="Journal database or data directory; default: this node's own.")
    ] = None,
) -> None:
    """Take in a bundle. It is verified first; nothing is changed when it does not hold."""
    opened = Bundle(_existing(bundle))
    place = into or os.environ.get("DATABASE_URL") or str(_data_directory())
    store, identity = _open(place, create=True)
    journal = Journal(store, identity or Identity.create("merge", os.urandom), os.urandom)
    new = 0
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("merging", total=opened.count)
        for step in merge(journal, opened, _now()):
            progress.update(task, completed=step.done)
            new = step.new
    out.print(f"{bundle}: {opened.count} entries read, {new} new, {opened.count - new} already held.")
    for log in verify(store).logs:
        for note in log.notes:
            out.print(f"  {log.log}: {note}")


@app.command("verify")
def verify_command(
    source: Annotated[
        str,
        typer.Argument(metavar="BUNDLE|DB", help="A bundle, a journal database, a data directory, or postgresql://..."),
    ],
    against: Annotated[
        str | None, typer.Option(help="A peer's bundle or database, whose checkpoints are witnesses.")
    ] = None,
    printed: Annotated[
        list[str] | None, typer.Option(help="A fingerprint typed from a printed page: '214 7F3A-9C21-0B44-D1E2'.")
    ] = None,
) -> None:
    """Check every log: bytes, order, signatures, proofs. Prints the first fault of each log and exits 1."""
    points = [Printed.parse(text) for text in printed or ()]
    subject = _source(source)
    witness = _source(against) if against else None
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("verifying", total=None)
        report = verify(
            subject, witness, points, lambda done, total: progress.update(task, completed=done, total=total)
        )
    _print_report(source, report)
    if not report.ok:
        raise typer.Exit(1)


@app.command("checkpoints")
def checkpoints_command(
    source: Annotated[
        str, typer.Argument(metavar="DB", help="A journal database, a data directory, or postgresql://...")
    ],
) -> None:
    """Show the newest checkpoint and the key fingerprint of each log: what two people read to each other."""
    store, _ = _open(source)
    for head in store.heads():
        for point in store.checkpoints(head)[-1:]:
            out.print(f"{point.log}: {point.fingerprint}, signed {point.at[:19]}Z")
            out.print(f"    key {key_fingerprint(head.public_key)}")


@app.command("enrol")
def enrol_command(
    log: Annotated[
        str, typer.Argument(help="The log to trust, node/incarnation, as `vigie journal checkpoints` shows it.")
    ],
    fingerprint: Annotated[str, typer.Option(help="Its key fingerprint, as its owner read it to you by telephone.")],
    speaks_for: Annotated[list[str], typer.Option(help="Organisation it may speak for; give it once for each.")],
    role: Annotated[str, typer.Option(help="hospital, group or observatory.")] = "hospital",
    into: Annotated[str | None, typer.Option(help="Data directory of this node; default: this node's own.")] = None,
) -> None:
    """Let another node's entries count here, once its fingerprint was compared out of band. Written in the register."""
    place = into or os.environ.get("DATABASE_URL") or str(_data_directory())
    store, identity = _open(place, create=True)
    home = _node(place)
    if identity is None or home is None:
        raise InputError(f"{place} holds no node yet. Start it once with `vigie serve`, then open the set-up link")
    head = next((head for head in store.heads() if f"{head.node}/{head.incarnation}" == log), None)
    if head is None or not head.public_key:
        raise InputError(f"no log {log} is held here. Merge a bundle of it first, then run `vigie journal checkpoints`")
    if key_fingerprint(head.public_key) != fingerprint.strip().upper():
        raise RefusedError(
            f"the key of {log} has another fingerprint than the one you typed. Do not trust it: ask its owner to read it again"
        )
    fact = parse({
        "kind": "node_enrolled", "node": head.node, "incarnation": head.incarnation, "public_key": head.public_key,
        "role": role, "speaks_for": speaks_for,
    })  # fmt: skip
    draft = Draft(f"{home.organisation}/register", fact, home.node, "administrator")
    Journal(store, identity, os.urandom).append(draft, _now())
    out.print(f"{log} is trusted here, and may speak for {', '.join(speaks_for)}.")


def _node(place: str) -> Any:
    from vigie.web import node

    path = Path(place)
    return node.load(path if path.is_dir() else _data_directory())


def _print_report(name: str, report: Report) -> None:
    for fault in report.faults:
        err.print(f"FAULT  {name}: {fault}", style="bold red")
    for log in report.logs:
        _print_log(log)
    if not report.logs:
        out.print(f"{name}: no log in it, nothing to verify")
    held = sum(log.held for log in report.logs)
    verdict = f"{held} entries in {len(report.logs)} log(s)"
    if report.ok:
        out.print(f"OK     {verdict}: intact")
    else:
        err.print(
            f"NOT OK {verdict}: see the faults above. Keep this file as evidence, and ask for another copy",
            style="bold red",
        )


def _print_log(log: LogReport) -> None:
    part = "" if log.held >= log.size else f" of {log.size} (a part, proved to belong to the whole)"
    if log.faults:
        more = f" (and {len(log.faults) - 1} more that may follow from it)" if len(log.faults) > 1 else ""
        err.print(f"FAULT  {log.log}: {log.faults[0]}{more}", style="bold red")
    else:
        out.print(f"intact {log.log}: {log.held} entries{part}, checkpoint {log.fingerprint}")
        out.print(f"       key {key_fingerprint(log.public_key)}")
    for note in log.notes:
        out.print(f"note   {log.log}: {note}")


@contextmanager
def journal_of(source: str) -> Iterator[tuple[Store, Identity]]:
    """The journal of a source and the identity that signs its export."""
    path = Path(source)
    if path.suffix.lower() in (".yaml", ".yml"):
        from vigie.exchange.chronicle import chronicle
        from vigie.exchange.crisis import load

        crisis = load(_existing(path))
        with tempfile.TemporaryDirectory(prefix="vigie-") as directory:
            store = open_store(str(Path(directory) / "journal.db"))
            identity = Identity.create(crisis.incident.partition("/")[0], os.urandom)
            chronicle(crisis, Journal(store, identity, os.urandom), _now())
            yield store, identity
            store.close()
        return
    store, identity = _open(source)
    yield store, identity or Identity.create("export", os.urandom)


def _source(source: str) -> Store | Bundle:
    path = Path(source)
    if path.is_file() and not is_database(path):
        return Bundle(path)
    return _open(source)[0]


def _open(source: str, create: bool = False) -> tuple[Store, Identity | None]:
    """The store of a database, data directory or URL, and the identity of the node that lives there."""
    if source.startswith(("postgresql://", "postgres://")):
        return open_store(source, read_only=not create), _identity(_data_directory())
    path = Path(source.removeprefix("sqlite:///"))
    if path.is_dir() or (create and not path.suffix):
        path = path / "journal.db"
    if not create:
        _existing(path)
        if not is_database(path):
            raise FileError(
                f"{path} is not a journal database. Give a journal.db, its data directory, or postgresql://..."
            )
    elif not path.parent.is_dir():
        raise FileError(f"{path.parent} does not exist. Create it, or choose another --into")
    return open_store(str(path), read_only=not create), _identity(path.parent)


def _identity(directory: Path) -> Identity | None:
    from vigie.web import node

    found = node.load(directory)
    return found.identity() if found else None


def _data_directory() -> Path:
    from vigie.web import node

    return node.directory()


def _existing(path: Path) -> Path:
    if not path.exists():
        raise FileError(f"{path} does not exist. Check the name")
    return path


def is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == SQLITE_MAGIC


def _now() -> datetime:
    return datetime.now(UTC)


if sys.platform == "win32":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
