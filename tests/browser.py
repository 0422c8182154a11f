"""Debian's Chromium: found, installed when it is missing and may be, and started."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def path() -> str:
    """Return where Chromium is; "" if nowhere."""
    return next((found for name in NAMES if (found := shutil.which(name))), "")


@contextlib.contextmanager
def launched() -> Iterator:
    """Start Chromium without a window, for the length of the block."""
    from playwright.sync_api import sync_playwright

    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), headless=True, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def main() -> int:
    """Make sure that Chromium is there; say in one line what to install when it cannot be."""
    if path():
        return 0
    become = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not become or _can(become)):
        print("Installing Chromium for the browser tests …", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run([*become, *command], env=environment, stdout=subprocess.DEVNULL, check=False)
    if path():
        return 0
    print("Chromium is missing: install the package `chromium`, then run make test again.", file=sys.stderr)
    return 1


def _can(become: list[str]) -> bool:
    return (
        bool(shutil.which("sudo"))
        and subprocess.run([*become, "true"], capture_output=True, check=False).returncode == 0
    )


if __name__ == "__main__":
    sys.exit(main())
