"""The tests' own PostgreSQL: started before Django reads its settings, stopped after the last test."""

import contextlib
import os
import re
import secrets
import subprocess
from pathlib import Path

import psutil
import psycopg
import pytest

from config import embedded

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "test"
HOME = embedded.home_under(VAR)

os.environ["TESTING"] = os.environ["DEMO"] = "1"
os.environ["VAR_DIR"] = str(VAR)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in the tests' thread
os.environ["LOG_LEVEL"] = "WARNING"
OURS = "DATABASE_URL" not in os.environ
if OURS:
    # A name of this run's own: two runs at once do not meet.
    os.environ["DATABASE_URL"] = (
        f"postgresql://postgres@/run{os.getpid()}?host={embedded.socket_folder(HOME)}"
    )
    os.environ["TESTS_OWN_SERVER"] = "1"

_server = contextlib.ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the server and collect the static files once, in the process that controls the others."""
    if config.getoption("--hypothesis-seed") is None:  # here and in each worker the same
        config.option.hypothesis_seed = str(_seed())
    if hasattr(config, "workerinput"):
        return
    VAR.mkdir(parents=True, exist_ok=True)
    for folder in ("broker", "broker-control", "media", "screenshots"):
        (VAR / folder).mkdir(exist_ok=True)
    if os.environ.get("TESTS_OWN_SERVER"):
        _server.enter_context(embedded.serving(HOME, fast=True))
        _drop_what_killed_runs_left()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


def _seed() -> int:
    """Each state of the code is tested with a seed of its own: the same code twice gives the same result twice."""
    git = ("git", "rev-parse", "HEAD^{tree}")
    found = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    return int(found.stdout[:8], 16) if found.returncode == 0 else secrets.randbelow(2**32)


def pytest_report_header(config: pytest.Config) -> str:
    seed = config.getoption("--hypothesis-seed")
    return f"random seed: {seed} (the same again: make test ARGS=--hypothesis-seed={seed})"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """History refuses TRUNCATE, by which Django empties the database after such a test."""
    from django.test import TestCase, TransactionTestCase

    for item in items:
        marker = item.get_closest_marker("django_db")
        asked = marker and (marker.args[:1] == (True,) or marker.kwargs.get("transaction"))
        kind = getattr(item, "cls", None) or object
        if asked or (issubclass(kind, TransactionTestCase) and not issubclass(kind, TestCase)):
            raise pytest.UsageError(f"{item.nodeid}: take `cloned_db` for a test with real transactions.")


def pytest_unconfigure(config: pytest.Config) -> None:
    _server.close()


def _drop_what_killed_runs_left() -> None:
    with psycopg.connect(
        host=str(embedded.socket_folder(HOME)), user="postgres", dbname="postgres", autocommit=True
    ) as server:
        for (name,) in server.execute("SELECT datname FROM pg_database").fetchall():
            run = re.match(r"test_run(\d+)", name)
            if run and not (run[1] and psutil.pid_exists(int(run[1]))):
                with contextlib.suppress(psycopg.errors.ObjectInUse):
                    server.execute(f'DROP DATABASE IF EXISTS "{name}"')
