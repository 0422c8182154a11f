"""The tests' own PostgreSQL: started before Django reads its settings, stopped after the last test."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "test"
HOME = VAR / "postgres"

os.environ["TESTING"] = os.environ["DEMO"] = "1"
os.environ["VAR_DIR"] = str(VAR)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in the tests' thread
os.environ["LOG_LEVEL"] = "WARNING"
OURS = "DATABASE_URL" not in os.environ
if OURS:
    from config.embedded import socket_folder

    os.environ["DATABASE_URL"] = f"postgresql://postgres@/app?host={socket_folder(HOME)}"
    os.environ["TESTS_OWN_SERVER"] = "1"

_started = False


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the server and collect the static files once, in the process that controls the others."""
    global _started
    if hasattr(config, "workerinput"):
        return
    VAR.mkdir(parents=True, exist_ok=True)
    for folder in ("broker", "broker-control", "media", "screenshots"):
        (VAR / folder).mkdir(exist_ok=True)
    if os.environ.get("TESTS_OWN_SERVER"):
        from config import embedded

        _started = embedded.start(HOME, fast=True)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and _started:
        from config import embedded

        embedded.stop(HOME)
