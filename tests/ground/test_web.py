"""The real web server: its connections have limits of time and number, and slow ones do not hold the site."""

import contextlib
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.chaos import slow_clients
from tests.processes import environment, eventually, free_port

ROOT = Path(__file__).resolve().parents[2]
# The site's own settings of the server, with a patience that a test can wait for.
IMPATIENT = """
from config import connections
exec(open("config/gunicorn.py").read())
workers, worker_connections = 1, 60
connections.HEADER_SECONDS = 1
"""


@pytest.fixture
def site(cloned_db, tmp_path, settings):
    """The port of a web server of one process with little patience, on a database of its own."""
    port = free_port()
    connection.close()
    (tmp_path / "server.py").write_text(IMPATIENT)
    (tmp_path / "static").symlink_to(settings.STATIC_ROOT)
    command = [sys.executable, "-m", "gunicorn", "config.asgi", "--config", str(tmp_path / "server.py")]
    env = {**environment(cloned_db, tmp_path), "PORT": str(port)}
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        assert eventually(
            lambda: answered(port, b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(
                b"HTTP/1.1 200"
            )
        )
        yield port
    finally:
        process.terminate()
        process.wait(20)


def answered(port, sent):
    """Send bytes, and return everything until the server closes."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(sent)
        return b"".join(iter(lambda: client.recv(65536), b""))
    return b""


def test_slow_clients_are_held_and_given_up_and_the_page_is_answered(site):
    for kind in slow_clients.KINDS:
        with slow_clients.holding(site, kind, 10, ""):
            assert slow_clients.ask(site, "/dang-nhap/", "", 3).unanswered == 0, kind
    (silent,) = slow_clients.held(site, "silent", 1, "")
    (half,) = slow_clients.held(site, "half a header", 1, "")
    assert not slow_clients.closed(silent) and not slow_clients.closed(half)
    assert eventually(lambda: slow_clients.closed(silent) and slow_clients.closed(half), 8)
    many = slow_clients.held(site, "half a body", 70, "")
    assert eventually(lambda: sum(slow_clients.closed(client) for client in many) >= 10), (
        "more than 60 are too many"
    )
    for client in (silent, half, *many):
        client.close()
    assert eventually(lambda: slow_clients.ask(site, "/dang-nhap/", "", 1).unanswered == 0)


def test_what_is_no_request_is_answered_with_a_page(site):
    for sent, status, words in (
        (b"GET /?q=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "8 KB"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"a" * 20_000 + b"\r\n\r\n", 431, "cookie"),
        (b"NO REQUEST AT ALL\r\n\r\n", 400, "Chưa có gì thay đổi"),
    ):
        head, _, page = answered(site, sent).decode().partition("\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} "), head
        assert '<html lang="vi">' in page and words in page and "<h1>" in page


def test_a_connection_asks_once(site):
    """What follows on the same connection is not answered: nobody fills a queue of answers he does not read."""
    both = answered(site, b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
    assert both.count(b"HTTP/1.1 200") == 1
