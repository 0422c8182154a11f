"""The embedded PostgreSQL: a server of our own under var/, when no DATABASE_URL is given.

Whoever uses the server holds a shared lock of the kernel's on its home for as long; the last to
leave stops it. A killed process leaves no lock behind, so nobody has to count.
"""

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psutil

from config.database import COMMON, SHORT
from config.unprivileged import CannotStart, Runner, runner_for

DATABASE = "app"
LONGEST_SOCKET = 85  # bytes of the folder: a socket's path has 107 at most, its own name is 22
LARGEST_LOG = 10_000_000  # bytes
STARTING_UP = 1  # what pg_isready returns then
SERVER = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "idle_in_transaction_session_timeout": "5min",
}
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # Statistics taken in the middle of a test's long transaction see none of its rows: plans become 3 times slower.
    "autovacuum": "off",
}


def home_under(var: Path) -> Path:
    """Return the home (data, socket, log, locks) of the server that belongs to `var`."""
    return var.resolve() / "postgres"


def settings_for(home: Path) -> dict[str, Any]:
    """Return Django's settings for the server whose home is `home`; start nothing."""
    where = {"NAME": DATABASE, "USER": "postgres", "HOST": str(socket_folder(home))}
    return {**COMMON, **where, "OPTIONS": {"options": SHORT}}


def socket_folder(home: Path) -> Path:
    """Return where the socket lies: beside the data, or, when that is too long, at a short path."""
    beside = home / "socket"
    if len(bytes(beside)) <= LONGEST_SOCKET:
        return beside
    return Path("/tmp") / f"postgres-{hashlib.sha256(bytes(home)).hexdigest()[:16]}"


@contextlib.contextmanager
def serving(home: Path, *, fast: bool = False) -> Iterator[None]:
    """Have the server of `home`, made on first use, for the length of the block.

    Several processes may do so at once. `fast` gives up durability: for tests only. What a killed
    server left behind is cleared. Raises CannotStart with one clear sentence.
    """
    _make_home(home)
    runner = runner_for(home)
    with (home / "users.lock").open("a") as users:
        try:
            with _alone(home):
                fcntl.flock(users, fcntl.LOCK_SH)
                _start(home, runner, fast)
            yield
        finally:
            _leave(home, runner, users)


@contextlib.contextmanager
def available() -> Iterator[None]:
    """Have the database that the settings name, the embedded one or another's, for the block."""
    from django.conf import settings

    if os.environ.get("DATABASE_URL"):
        yield
    else:
        with serving(home_under(settings.VAR)):
            yield


def start_again(home: Path) -> bool:
    """Start the server of `home` again if it died under its users; return whether it had. Raises CannotStart."""
    runner = runner_for(home)
    if _alive(runner):
        return False
    with _alone(home):
        _start(home, runner, fast=False)
    return True


def _leave(home: Path, runner: Runner, users: IO[str]) -> None:
    """Stop the server unless somebody else uses it."""
    with _alone(home):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if _alive(runner):
            _stop(runner)
        with contextlib.suppress(OSError):  # not empty, or not ours: it may stay
            socket_folder(home).rmdir()


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One starts or stops at a time."""
    with (home / "start.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except PermissionError as error:
        raise CannotStart(f"{home} cannot be made: {error.strerror}.") from error
    if not os.access(home, os.W_OK):
        raise CannotStart(f"{home} belongs to somebody else: remove it, or set DATABASE_URL.")


def _start(home: Path, runner: Runner, fast: bool) -> None:
    if _answers(home, runner):
        return
    if _alive(runner):  # it runs, but its socket is gone: only a new start makes one
        _stop(runner)
    _clear_after_kill(home, runner)
    if not runner.data.exists():
        _initialise(runner)
    options = {**SERVER, **(FAST if fast else {}), "unix_socket_directories": str(_socket(home, runner))}
    given = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
    log = runner.data.with_name("server.log")
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_name("server.log.1"))
    start = ("-D", str(runner.data), "-l", str(log), "-w", "-t", "300", "-o", given, "start")
    for attempt in range(10):  # the children of a killed server need a moment to notice
        result = runner.run("pg_ctl", *start)
        if result.returncode == 0:
            return _create_database(home)
        time.sleep(0.1 * attempt)
    raise CannotStart(f"PostgreSQL does not start: {_last_lines(log) or result.stdout.strip()}")


def _stop(runner: Runner) -> None:
    for mode in ("fast", "immediate"):
        stop = ("-D", str(runner.data), "-m", mode, "-w", "-t", "60", "stop")
        if runner.run("pg_ctl", *stop).returncode == 0:
            return


def _answers(home: Path, runner: Runner) -> bool:
    """Whether a server answers at the socket; one that is starting up is waited for."""
    question = [str(runner.binaries / "pg_isready"), "-q", "-h", str(socket_folder(home)), "-U", "postgres"]
    for _attempt in range(3000):
        result = subprocess.run(question, check=False, stdin=subprocess.DEVNULL)
        if result.returncode != STARTING_UP:
            break
        time.sleep(0.1)
    return result.returncode == 0


def _alive(runner: Runner) -> bool:
    """Whether the server lives; its number may be a zombie's, or somebody else's by now."""
    try:
        process = psutil.Process(int((runner.data / "postmaster.pid").read_text().split()[0]))
        return str(runner.data) in process.cmdline()  # a zombie has none
    except (OSError, IndexError, ValueError, psutil.Error):
        return False


def _clear_after_kill(home: Path, runner: Runner) -> None:
    """After a kill the lock files name a process that is gone, or is somebody else's by now."""
    (runner.data / "postmaster.pid").unlink(missing_ok=True)
    for left in socket_folder(home).glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _initialise(runner: Runner) -> None:
    """Make the data beside its place and move it there whole: a kill half-way leaves no half."""
    new = runner.data.with_name("data.new")
    if new.exists():
        shutil.rmtree(new)
    result = runner.run(
        "initdb", "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
    )  # fmt: skip
    if result.returncode:
        raise CannotStart(f"PostgreSQL's data cannot be made: {result.stdout.strip()}")
    new.replace(runner.data)


def _socket(home: Path, runner: Runner) -> Path:
    """Return the server's name for it. Whoever enters owns the database: only the server and we may."""
    folder = socket_folder(home)
    if folder.parent == home != runner.data.parent:  # the server cannot come here: we go there
        folder.unlink(missing_ok=True)
        folder.symlink_to(runner.data.parent / "socket")
        folder = runner.data.parent / "socket"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), runner.owner):
        raise CannotStart(f"{folder} belongs to somebody else: remove it, or set DATABASE_URL.")
    folder.chmod(0o700)
    if folder.stat().st_uid != runner.owner:
        os.chown(folder, runner.owner, -1)
    return folder


def _create_database(home: Path) -> None:
    import psycopg

    with psycopg.connect(
        host=str(socket_folder(home)), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not found:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""
