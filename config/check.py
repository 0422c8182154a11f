"""`make check`, the part that asks Django: settings for real use, migrations, locks, drawings."""

import os
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
DEPLOYED = {"HTTPS": "1", "ALLOWED_HOSTS": "example.org", "DEMO": "0", "TESTING": "0"}


def main() -> int:
    """Run every check on the embedded database; return 1 if any failed."""
    from config import embedded

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    home = embedded.home_under(ROOT / "var" / "test")
    with embedded.serving(home, fast=True):
        checks = [
            (["check", "--deploy", "--fail-level", "WARNING"], DEPLOYED),
            (["makemigrations", "--check", "--dry-run"], {}),
            (["draw_flows", "--check"], {}),
        ]
        failed = [command for command, more in checks if _manage(command, more, home)]
    failed += [["lock"]] if not _locks_fresh() else []
    return 1 if failed else 0


def _manage(command: list[str], more: dict[str, str], home: Path) -> int:
    from config.embedded import socket_folder

    url = f"postgresql://postgres@/app?host={socket_folder(home)}"
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env={**os.environ, "DATABASE_URL": url, **more}
    ).returncode


def _locks_fresh() -> bool:
    """Every requirement of a .in file is met by its lock, and no place of download is named there."""
    faults = []
    for name in ("requirements", "requirements-dev"):
        lines = (ROOT / f"{name}.txt").read_text().splitlines()
        pinned = dict(line.split(" ")[0].split("==") for line in lines if line and line[0].isalnum())
        pinned = {canonicalize_name(project): version for project, version in pinned.items()}
        for line in (ROOT / f"{name}.in").read_text().splitlines():
            wanted = line.split("#")[0].strip()
            if wanted and not wanted.startswith("-"):
                requirement = Requirement(wanted)
                version = pinned.get(canonicalize_name(requirement.name))
                if version is None or version not in requirement.specifier:
                    faults.append(f"{name}.txt does not meet {wanted}: run make lock")
        faults += [f"{name}.txt names a place of download: {line}" for line in lines if "://" in line]
    for fault in faults:
        print(fault, file=sys.stderr)
    return not faults


if __name__ == "__main__":
    sys.exit(main())
