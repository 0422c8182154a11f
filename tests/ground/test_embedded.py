"""The embedded PostgreSQL: made, found running, recovered after a kill, stopped, in any folder."""

import os
import signal
import stat
from pathlib import Path

import psycopg
import pytest

from config import embedded, unprivileged


@pytest.fixture
def home(tmp_path: Path):
    yield tmp_path / "postgres"
    embedded.stop(tmp_path / "postgres")


def _answer(home: Path) -> int:
    with psycopg.connect(host=str(embedded.socket_folder(home)), user="postgres", dbname="app") as server:
        return server.execute("SELECT 42").fetchone()[0]


def _pid(home: Path) -> int:
    return int((unprivileged.runner_for(home).data / "postmaster.pid").read_text().split()[0])


def test_it_starts_once_answers_and_stops(home):
    assert embedded.start(home, fast=True) is True
    embedded.create_database(home)
    embedded.create_database(home)  # a second time changes nothing
    assert embedded.start(home, fast=True) is False
    assert _answer(home) == 42
    embedded.stop(home)
    with pytest.raises(psycopg.OperationalError):
        _answer(home)


def test_a_killed_server_is_recovered_with_its_data(home):
    embedded.start(home, fast=True)
    embedded.create_database(home)
    os.kill(_pid(home), signal.SIGKILL)
    assert embedded.start(home, fast=True) is True
    assert _answer(home) == 42


def test_who_found_it_running_leaves_it_running(home):
    with embedded.serving(home, fast=True):
        embedded.create_database(home)
        with embedded.serving(home, fast=True):
            pass
        assert _answer(home) == 42


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path):
    deep = tmp_path.joinpath(*(["a-folder-with-a-long-name"] * 6)) / "postgres"
    folder = embedded.socket_folder(deep)
    assert deep not in folder.parents and len(bytes(folder)) <= embedded.LONGEST_SOCKET


def test_nobody_else_may_reach_the_socket(home):
    embedded.start(home, fast=True)
    mode = embedded.socket_folder(home).stat().st_mode
    assert not mode & (stat.S_IRWXG | stat.S_IRWXO)


@pytest.mark.parametrize("missing", [("_by_namespace",), ("_by_namespace", "_by_account")])
def test_below_a_folder_of_roots_own_no_permission_is_widened(home, monkeypatch, missing):
    """As root each way of the ladder serves; as an ordinary user there is only one way."""
    home.parent.chmod(0o700)
    before = [folder.stat().st_mode for folder in home.parents]
    if os.geteuid() == 0:
        for name in missing:
            monkeypatch.setattr(unprivileged, name, lambda *args: None)
    embedded.start(home, fast=True)
    embedded.create_database(home)
    assert _answer(home) == 42
    embedded.stop(home)
    assert [folder.stat().st_mode for folder in home.parents] == before


def test_when_no_way_is_left_one_sentence_says_what_to_do(home, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("_by_namespace", "_by_account", "_by_copy"):
        monkeypatch.setattr(unprivileged, name, lambda *args: None)
    with pytest.raises(embedded.CannotStart, match="DATABASE_URL"):
        embedded.start(home, fast=True)
    monkeypatch.undo()
