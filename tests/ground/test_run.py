"""`make run` and the two addresses of health."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.test import Client

from tests.processes import eventually, free_port

ROOT = Path(__file__).resolve().parents[2]
OF_THE_TESTS = ("DATABASE_URL", "TESTING", "DEMO", "TESTS_OWN_SERVER", "LOG_LEVEL")


@contextlib.contextmanager
def _running(var: Path):
    """`make run` on data of its own: yields the process and the address once it says it is ready."""
    port = str(free_port())
    clean = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    run = subprocess.Popen(
        [sys.executable, "-m", "config.run"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**clean, "PORT": port, "VAR_DIR": str(var), "DEMO": "0", "PYTHONUNBUFFERED": "1"},
    )
    try:
        for line in run.stdout:
            if "Ready:" in line:
                yield run, line.split()[-1]
                break
    finally:
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)


def _left_of(var: Path) -> list[str]:
    """The processes that still run on the data of `var`."""
    left = []
    for process in psutil.process_iter(["cmdline", "status"]):
        with contextlib.suppress(psutil.Error):
            ours = process.environ().get("VAR_DIR") == str(var)
            if ours and process.info["status"] != psutil.STATUS_ZOMBIE:
                left.append(" ".join(process.info["cmdline"]))
    return left


def _workers_of(run: subprocess.Popen) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(run.pid).children():
        with contextlib.suppress(psutil.Error):  # one that has just died is none
            found += [child] if "worker" in child.cmdline() else []
    return found


def test_a_run_answers_goes_on_without_its_worker_and_ctrl_c_leaves_no_process_behind(tmp_path):
    with _running(tmp_path) as (run, address):
        killed = _workers_of(run)
        for worker in killed:
            worker.kill()
        with urllib.request.urlopen(f"{address}readyz") as answer:
            assert answer.status == 200
        assert {"gunicorn", "celery"} <= {
            word.split("/")[-1] for p in _left_of(tmp_path) for word in p.split()
        }
        assert len(killed) == 2 and eventually(lambda: len(set(_workers_of(run)) - set(killed)) == 2)
        assert run.poll() is None
    assert run.returncode == 0
    assert _left_of(tmp_path) == []


@pytest.mark.proof
def test_a_killed_run_takes_its_processes_with_it_and_the_next_one_starts(tmp_path):
    with _running(tmp_path) as (run, _address):
        run.kill()
        run.wait()
        for _attempt in range(150):
            if all("postgres" in process for process in _left_of(tmp_path)):
                break
            time.sleep(0.1)
        assert all("postgres" in process for process in _left_of(tmp_path))
    with _running(tmp_path) as (_run, address), urllib.request.urlopen(f"{address}readyz") as answer:
        assert answer.status == 200
    assert _left_of(tmp_path) == []


@pytest.mark.proof
def test_a_second_start_is_ready_in_less_than_ten_seconds(tmp_path):
    with _running(tmp_path):
        pass
    began = time.monotonic()
    with _running(tmp_path):
        assert time.monotonic() - began < 10


def test_a_taken_port_is_one_clear_line_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [sys.executable, "-m", "config.run"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PORT": port, "VAR_DIR": str(tmp_path / "var")},
        )
    assert run.returncode == 1
    assert run.stderr.strip().count("\n") == 0 and f"Port {port} is taken" in run.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.django_db
def test_alive_and_ready():
    assert Client().get("/livez").json() == {"alive": True}
    ready = Client().get("/readyz")
    assert ready.status_code == 200
    parts = ready.json()
    assert parts.pop("ledger") == dict.fromkeys(
        ("checkpoint", "signed_at", "verified_at", "verified_whole_at", "sound")
    )
    delivery = {"waiting": 0, "lag": 0, "oldest": None, "set_aside": 0, "beat": None}
    assert (parts.pop("outbox"), parts.pop("late")) == (delivery, 0)
    assert parts == {"database": True, "migrations": True, "broker": True}


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'workflows'")
    ready = Client().get("/readyz")
    assert ready.status_code == 503 and ready.json()["migrations"] is False


def test_not_ready_without_a_database(cloned_db):
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        ready = Client().get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = cloned_db
    assert ready.status_code == 503
    assert ready.json()["database"] is False


@pytest.mark.django_db
def test_not_ready_without_the_brokers_folder(settings, tmp_path):
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "missing")}
    ready = Client().get("/readyz")
    assert ready.status_code == 503 and ready.json()["broker"] is False


@pytest.mark.django_db
def test_nothing_is_shown_to_who_has_not_signed_in():
    refused = Client().get("/")
    assert refused.status_code == 302 and refused["Location"].startswith("/dang-nhap/")


@pytest.mark.django_db
def test_vietnamese_unless_the_reader_chose_otherwise(settings):
    answers = Client(headers={"accept-language": "en"}).get("/dang-nhap/")
    assert answers["Content-Language"] == "vi"
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/dang-nhap/")["Content-Language"] == "en"


@pytest.mark.django_db
def test_every_page_is_closed_to_strange_scripts_and_frames():
    answer = Client().get("/dang-nhap/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Request-ID"]
