"""`make check`, the part that asks Django: settings for real use, migrations, locks, drawings."""

import os
import subprocess
import sys
from pathlib import Path

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
    """Every requirement named in a .in file is in its lock."""
    fresh = True
    for name in ("requirements", "requirements-dev"):
        wanted = [line.split("#")[0].strip() for line in (ROOT / f"{name}.in").read_text().splitlines()]
        lock = (ROOT / f"{name}.txt").read_text().lower()
        for line in filter(None, wanted):
            project = line.split("[")[0].rstrip("=~<>!.0123456789").lower()
            if not line.startswith("-") and f"\n{project}" not in f"\n{lock}":
                print(f"{name}.txt does not hold {project}: run make lock", file=sys.stderr)
                fresh = False
    return fresh


if __name__ == "__main__":
    sys.exit(main())
