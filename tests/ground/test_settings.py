"""The settings refuse what would be dangerous, and make what must be made once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRINT = "import django; django.setup(); from django.conf import settings; print(settings.{})"


def _python(code: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess:
    clean = {k: v for k, v in os.environ.items() if k not in ("DEMO", "TESTING", "ALLOWED_HOSTS")}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**clean, "DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(tmp_path), **environment},
    )


@pytest.mark.parametrize("mode", ["DEMO", "TESTING"])
def test_the_demo_refuses_a_real_host_name(tmp_path, mode):
    refused = _python(PRINT.format("DEMO"), tmp_path, ALLOWED_HOSTS="khenthuong.example.vn", **{mode: "1"})
    assert refused.returncode and "refuse to run under a real host name" in refused.stderr
    assert _python(PRINT.format("DEMO"), tmp_path, **{mode: "1"}).returncode == 0


def test_the_demo_is_off_unless_asked_for(tmp_path):
    assert _python(PRINT.format("DEMO"), tmp_path).stdout.strip() == "False"


def test_the_legal_day_is_set_only_in_demo_and_tests(tmp_path):
    refused = _python(PRINT.format("LEGAL_TODAY"), tmp_path, LEGAL_TODAY="2024-11-05")
    assert refused.returncode and "LEGAL_TODAY is for the demo and the tests only" in refused.stderr
    allowed = _python(PRINT.format("LEGAL_TODAY"), tmp_path, LEGAL_TODAY="2024-11-05", DEMO="1")
    assert allowed.stdout.strip() == "2024-11-05"


def test_a_legal_day_that_is_none_is_refused(tmp_path):
    refused = _python(PRINT.format("LEGAL_TODAY"), tmp_path, LEGAL_TODAY="5/11/2024", DEMO="1")
    assert "must be a day written as 2024-11-05" in refused.stderr


def test_a_real_host_name_means_cookies_over_https_only(tmp_path):
    real = _python(PRINT.format("SESSION_COOKIE_SECURE"), tmp_path, ALLOWED_HOSTS="khenthuong.example.vn")
    here = _python(PRINT.format("SESSION_COOKIE_SECURE"), tmp_path)
    assert (real.stdout.strip(), here.stdout.strip()) == ("True", "False")


def test_the_secret_key_is_made_once_and_is_nobody_elses(tmp_path):
    first = _python(PRINT.format("SECRET_KEY"), tmp_path).stdout
    second = _python(PRINT.format("SECRET_KEY"), tmp_path).stdout
    assert first == second and len(first) > 60
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_no_other_database_is_taken(tmp_path):
    refused = _python(PRINT.format("DATABASES"), tmp_path, DATABASE_URL="sqlite:///x.db")
    assert refused.returncode and "must begin with postgresql://" in refused.stderr


def test_debug_is_off_and_transactions_are_the_engines(tmp_path):
    code = (
        "from django.conf import settings as s; d = s.DATABASES['default'];"
        "print(s.DEBUG, d['ATOMIC_REQUESTS'], s.CELERY_TASK_ACKS_LATE, s.CELERY_TASK_REJECT_ON_WORKER_LOST,"
        "s.CELERY_WORKER_PREFETCH_MULTIPLIER)"
    )
    assert _python(code, tmp_path).stdout.split() == ["False", "False", "True", "True", "1"]
