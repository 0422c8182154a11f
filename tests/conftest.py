"""What every test may ask for: a rolled-back database, a cloned one, the site, a browser."""

import contextlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from django.test.utils import setup_databases, teardown_databases

from tests.browser import launched

SCREENSHOTS = Path(settings.VAR) / "screenshots"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The migrated database, made in every run: a run of cloned databases alone needs it too."""
    with django_db_blocker.unblock():
        old = setup_databases(verbosity=0, interactive=False, aliases=["default"])
    yield
    with django_db_blocker.unblock():
        # While Playwright's loop ran, asgiref kept a connection apart that nobody can close any more.
        name = connection.settings_dict["NAME"]
        connections.close_all()
        _administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        teardown_databases(old, verbosity=0)


@pytest.fixture
def transactional_db():
    pytest.fail("History refuses TRUNCATE: take `cloned_db` for a test with real transactions.")


@pytest.fixture
def live_server():
    pytest.fail("Take `live_url`: the site on a cloned database.")


@contextlib.contextmanager
def cloned() -> Iterator[str]:
    """A copy of the migrated database for real transactions and connections; dropped afterwards."""
    template = connection.settings_dict["NAME"]
    clone = f"{template}_{next(_numbers)}"
    connection.close()
    _administer(f'DROP DATABASE IF EXISTS "{clone}" WITH (FORCE)')
    _administer(f'CREATE DATABASE "{clone}" TEMPLATE "{template}"')
    connection.settings_dict["NAME"] = clone  # shared with the connections of other threads
    try:
        yield clone
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = template
        _administer(f'DROP DATABASE IF EXISTS "{clone}" WITH (FORCE)')


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Clear away, after each file of tests, the rows that were rolled back: the server does not do it by itself."""
    name = connection.settings_dict["NAME"]
    if nextitem is not None and nextitem.path != item.path and name.startswith("test_"):
        _administer("VACUUM", name)


def _administer(statement: str, database: str = "postgres") -> None:
    options = connection.settings_dict
    with psycopg.connect(
        host=options["OPTIONS"].get("host") or options["HOST"] or None,
        port=options["PORT"] or None,
        user=options["USER"] or None,
        password=options["PASSWORD"] or None,
        dbname=database,
        autocommit=True,
    ) as server:
        server.execute(statement)


@pytest.fixture
def cloned_db(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database of the test's own, with real transactions, usable from many threads."""
    with django_db_blocker.unblock(), cloned() as name:
        yield name


@pytest.fixture(autouse=True)
def ledger_files(settings, tmp_path) -> None:
    """Each test's ledger has a key and a witness of its own."""
    settings.LEDGER_KEY_FILE = tmp_path / "ledger" / "key.pem"
    settings.LEDGER_WITNESS_FILE = tmp_path / "ledger" / "witness.jsonl"


class _SiteThread(LiveServerThread):
    """The real WSGI application, in threads, on the cloned database."""


@pytest.fixture
def live_url(cloned_db) -> Iterator[str]:
    """The address of the site, served from the cloned database."""
    thread = _SiteThread("127.0.0.1", _StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright."""
    connections.close_all()  # Playwright's loop hides this thread's connections: none may stay open
    with launched() as chromium:
        yield chromium


@pytest.fixture
def page(browser, request):
    """A fresh page at 1280 px in Vietnamese; `page.shot(name)` keeps a screenshot."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    tab = context.new_page()
    test = re.sub(r"[^\w-]+", "-", request.node.name)
    order = itertools.count(1)

    def shot(name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=SCREENSHOTS / f"{test}-{next(order):02}-{name}.png", full_page=True)

    tab.shot = shot
    yield tab
    context.close()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Nothing is skipped silently: a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--steps", type=int, default=2000, help="steps of the state machine in `make proof`")
    parser.addoption("--tampering", type=int, default=1000, help="mutations of the ledger in `make proof`")
