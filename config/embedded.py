"""The embedded PostgreSQL: a server of our own under var/, when no DATABASE_URL is given."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from config.database import COMMON
from config.unprivileged import CannotStart, Runner, runner_for

LONGEST_SOCKET = 90  # bytes: a socket's path has 107 at most, with the file's own name
DURABLE = "-c max_connections=100"
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=100"


def settings_for(var: Path, name: str = "app", folder: str = "postgres") -> dict[str, Any]:
    """Return Django's settings for the database `name` of the server under `var`; start nothing."""
    return {**COMMON, "NAME": name, "USER": "postgres", "HOST": str(socket_folder(var / folder))}


def socket_folder(home: Path) -> Path:
    """Return where the socket lies: beside the data, or at a short private path.

    The path elsewhere is for a path too long for a socket, and for root below a folder that
    only root may enter: the server may have to run as somebody else.
    """
    beside = home / "socket"
    closed = os.geteuid() == 0 and any(
        folder.exists() and not folder.stat().st_mode & stat.S_IXOTH for folder in home.parents
    )
    if len(bytes(beside)) <= LONGEST_SOCKET and not closed:
        return beside
    return Path(tempfile.gettempdir()) / f"pg-{hashlib.sha256(bytes(home)).hexdigest()[:16]}"


def start(home: Path, *, fast: bool = False) -> bool:
    """Start the server whose home is `home` (data, log, socket), made on first use.

    Returns False when it runs already. `fast` gives up durability: for tests only. A lock
    that a killed server left behind is cleared. Raises CannotStart with one clear sentence.
    """
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home):
        runner = runner_for(home)
        if _running(runner):
            return False
        if not (runner.data / "PG_VERSION").exists():
            _initialise(runner)
        _clear_stale_lock(home, runner)
        _socket(home, runner)
        options = f"-h '' -k {socket_folder(home)} {FAST if fast else DURABLE}"
        _call(
            runner,
            "pg_ctl",
            "-D",
            str(runner.data),
            "-w",
            "-t",
            "60",
            "-l",
            str(runner.data / "server.log"),
            "-o",
            options,
            "start",
        )
        return True


def stop(home: Path) -> None:
    """Stop the server; nothing happens when it does not run."""
    with _alone(home):
        runner = runner_for(home)
        if _running(runner):
            _call(runner, "pg_ctl", "-D", str(runner.data), "-w", "-m", "fast", "stop")


@contextlib.contextmanager
def serving(home: Path, *, fast: bool = False) -> Iterator[None]:
    """Run the server for the length of the block; leave it running if it ran before."""
    started = start(home, fast=fast)
    try:
        yield
    finally:
        if started:
            stop(home)


def create_database(home: Path, name: str = "app") -> None:
    """Create the database `name` unless it exists."""
    import psycopg

    with psycopg.connect(
        host=str(socket_folder(home)), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One starter at a time; the lock is the kernel's, so a killed one leaves nothing behind."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _initialise(runner: Runner) -> None:
    _call(
        runner,
        "initdb",
        "-D",
        str(runner.data),
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    )


def _running(runner: Runner) -> bool:
    """Whether the server named in the lock file lives; a killed one may remain as a zombie."""
    try:
        pid = int((runner.data / "postmaster.pid").read_text().split()[0])
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and str(runner.data) in process.cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return False


def _clear_stale_lock(home: Path, runner: Runner) -> None:
    """After a kill the lock file names a process that is gone, or is somebody else's by now."""
    lock = runner.data / "postmaster.pid"
    if not lock.exists():
        return
    family = [process for process in psutil.process_iter(["name"]) if _serves(process, runner)]
    psutil.wait_procs(family, timeout=10)  # its last children end by themselves
    lock.unlink()
    for socket in socket_folder(home).glob(".s.PGSQL.*"):
        socket.unlink()


def _serves(process: psutil.Process, runner: Runner) -> bool:
    try:
        return (
            process.info["name"] == "postgres"
            and process.status() != psutil.STATUS_ZOMBIE
            and process.cwd() == str(runner.data)
        )
    except psutil.Error:
        return False


def _socket(home: Path, runner: Runner) -> None:
    folder = socket_folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid not in (os.geteuid(), 65534):
        raise CannotStart(f"{folder} belongs to somebody else: remove it or set DATABASE_URL.")
    if runner.account:
        shutil.chown(folder, runner.account)


def _call(runner: Runner, program: str, *arguments: str) -> None:
    result = _run(runner, program, *arguments)
    if result.returncode:
        log = runner.data / "server.log"
        tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise CannotStart(f"{program} failed: {result.stderr.strip() or result.stdout.strip()}\n{tail}")


def _run(runner: Runner, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs in a session of its own: Ctrl-C is for its owner to handle."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.run(
            [*runner.prefix, str(runner.binaries / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            text=True,
            check=False,
            cwd="/",
            start_new_session=True,
            env={**os.environ, "LC_ALL": "C"},
        )
        out.seek(0)
        return subprocess.CompletedProcess(process.args, process.returncode, out.read(), "")
