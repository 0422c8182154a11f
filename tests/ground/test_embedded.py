"""The embedded PostgreSQL: made, shared, recovered after a kill, stopped by the last, in any folder."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from config import embedded, unprivileged

ROOT = Path(__file__).resolve().parents[2]
HOLD = "import sys; from pathlib import Path; from config.embedded import serving\nwith serving(Path(sys.argv[1]), fast=True): print('up', flush=True); sys.stdin.read()"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return embedded.home_under(tmp_path)


def _ask(home: Path, question: str = "SELECT 42") -> object:
    with psycopg.connect(host=str(embedded.socket_folder(home)), user="postgres", dbname="app") as server:
        return server.execute(question).fetchone()[0]


def _keep_a_row(home: Path) -> None:
    with psycopg.connect(host=str(embedded.socket_folder(home)), user="postgres", dbname="app") as server:
        server.execute("CREATE TABLE kept AS SELECT 1 AS one")


def _pid(home: Path) -> int:
    return int((unprivileged.runner_for(home).data / "postmaster.pid").read_text().split()[0])


def _stopped(home: Path) -> bool:
    return not (unprivileged.runner_for(home).data / "postmaster.pid").exists()


def _other_user(home: Path) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"up\n"
    return process


def test_it_answers_and_is_gone_afterwards_with_its_data_kept(home):
    with embedded.serving(home, fast=True):
        assert _ask(home) == 42
        _keep_a_row(home)
    assert _stopped(home)
    with embedded.serving(home, fast=True):
        assert _ask(home, "SELECT one FROM kept") == 1


def test_vietnamese_letters_have_two_cases_on_every_machine(home):
    with embedded.serving(home, fast=True):
        assert _ask(home, "SELECT lower('ĐẶNG Ữ')") == "đặng ữ"


def test_durable_unless_asked_to_be_fast(home):
    with embedded.serving(home):
        assert _ask(home, "SELECT current_setting('fsync')") == "on"


def test_the_last_user_stops_it_not_the_first(home):
    """A shell that started it may end while the site still runs on it."""
    with embedded.serving(home, fast=True):
        other = _other_user(home)
    assert _ask(home) == 42
    other.communicate(b"")
    assert _stopped(home)


def test_a_killed_user_is_not_counted(home):
    other = _other_user(home)
    other.kill()
    other.communicate()
    assert _ask(home) == 42  # nobody was left to stop it
    with embedded.serving(home, fast=True):
        pass
    assert _stopped(home)


def test_a_killed_server_is_recovered_with_all_that_was_committed(home):
    with embedded.serving(home):
        _keep_a_row(home)
        os.kill(_pid(home), signal.SIGKILL)
        with embedded.serving(home):
            assert _ask(home, "SELECT one FROM kept") == 1


def test_a_lock_that_names_somebody_elses_process_is_cleared(home):
    with embedded.serving(home, fast=True):
        pass
    lock = unprivileged.runner_for(home).data / "postmaster.pid"
    lock.write_text(f"{os.getppid()}\n{lock.parent}\n{int(time.time())}\n5432\n\n\n")
    with embedded.serving(home, fast=True):
        assert _ask(home) == 42
    assert psutil.pid_exists(os.getppid())


def test_making_the_data_may_be_killed_half_way(home):
    (home / "data.new").mkdir(parents=True)
    (home / "data.new" / "PG_VERSION").write_text("18")
    with embedded.serving(home, fast=True):
        assert _ask(home) == 42


@pytest.mark.parametrize("deep", ["with a space and an 'apostrophe'", "a-folder-with-a-long-name/" * 6])
def test_any_folder_will_do(tmp_path, deep):
    home = embedded.home_under(tmp_path / deep)
    with embedded.serving(home, fast=True):
        assert _ask(home) == 42


def test_nobody_else_may_reach_the_socket(home):
    with embedded.serving(home, fast=True):
        folder = embedded.socket_folder(home)
        assert not folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        assert _ask(home, "SELECT current_setting('listen_addresses')") == ""


@pytest.mark.parametrize("closed", [(), ("_by_namespace",), ("_by_namespace", "_by_account")])
def test_below_a_folder_of_ones_own_no_permission_is_widened(home, tmp_path, monkeypatch, closed):
    """As root each way of the ladder serves; an ordinary user has only one."""
    tmp_path.chmod(0o700)
    monkeypatch.setattr(unprivileged, "OUTSIDE", Path("/var/tmp"))
    for name in closed:
        monkeypatch.setattr(unprivileged, name, lambda *args: None)
    if closed == ("_by_namespace",):  # the account can come here only if everybody may enter
        home = embedded.home_under(Path("/var/tmp") / f"ground-{os.getpid()}")
    before = {folder: folder.stat().st_mode for folder in home.parents if folder.exists()}
    try:
        with embedded.serving(home, fast=True):
            assert _ask(home) == 42
        assert before == {folder: folder.stat().st_mode for folder in before}
    finally:
        _remove(unprivileged.runner_for(home).data.parent)
        _remove(home if home.parent == tmp_path else home.parent)


def _remove(folder: Path) -> None:
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_when_no_way_is_left_one_sentence_says_what_to_do(home, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("_by_owner", "_by_namespace", "_by_account", "_by_copy"):
        monkeypatch.setattr(unprivileged, name, lambda *args: None)
    with pytest.raises(embedded.CannotStart, match="DATABASE_URL"), embedded.serving(home):
        pass
