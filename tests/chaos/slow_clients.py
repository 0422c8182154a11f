"""Clients that never finish: connections of four kinds are held open, and a page must be answered as if they were not there."""

import contextlib
import http.client
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

KINDS = ("silent", "half a header", "half a body", "answer not read")
LONG = "/static/vendor/bootstrap/bootstrap.min.css"  # longer than what the kernel takes for a client that reads nothing
PIPELINED = 20  # questions on one connection of which no answer is read
SLOWER = 1.5  # times the median of the page before
HICCUP = 0.010  # seconds by which a median may differ whatever was asked: pages here take some 20 ms
ALIVE_WITHIN = 1.0  # seconds for /livez
TIMEOUT = 10  # seconds after which a page counts as not answered


@dataclass(frozen=True)
class Asked:
    """One page asked again and again: its median in seconds, the slowest, those never answered; and the slowest /livez."""

    median: float
    slowest: float
    unanswered: int
    alive: float


def held(port: int, kind: str, count: int, cookie: str) -> list[socket.socket]:
    """Open `count` connections of a kind and leave each where it is."""
    start = f"Host: 127.0.0.1\r\nCookie: {cookie}\r\n"
    sent = {
        "silent": "",
        "half a header": f"GET / HTTP/1.1\r\n{start}X-Half: ",
        "half a body": f"POST /dang-nhap/ HTTP/1.1\r\n{start}Content-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 100000\r\n\r\nusername=nguyen&",
        "answer not read": f"GET {LONG} HTTP/1.1\r\n{start}\r\n" * PIPELINED,
    }[kind].encode()
    opened = []
    for _number in range(count):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(TIMEOUT)
        client.connect(("127.0.0.1", port))
        client.sendall(sent)
        client.setblocking(False)
        opened.append(client)
    return opened


@contextlib.contextmanager
def holding(port: int, kind: str, count: int, cookie: str) -> Iterator[None]:
    """Hold `count` connections of a kind for the block; what the server closed is opened anew, as an attacker would."""
    stop, clients = threading.Event(), held(port, kind, count, cookie)

    def renew() -> None:
        while not stop.wait(0.5):
            for number, client in enumerate(clients):
                if not stop.is_set() and closed(client):
                    with contextlib.suppress(OSError):
                        client.close()
                        (clients[number],) = held(port, kind, 1, cookie)

    renewing = threading.Thread(target=renew, daemon=True)
    renewing.start()
    try:
        yield
    finally:
        stop.set()
        renewing.join()
        for client in clients:
            client.close()


def ask(port: int, path: str, cookie: str, times: int) -> Asked:
    """Ask a page `times` times, one after the other, each on a connection of its own."""
    seconds, alive, unanswered = [], [], 0
    for _number in range(times):
        taken = _seconds(port, path, cookie)
        unanswered += taken is None
        seconds.append(TIMEOUT if taken is None else taken)
        alive.append(_seconds(port, "/livez", "") or TIMEOUT)
    return Asked(statistics.median(seconds), max(seconds), unanswered, max(alive))


def faults(
    port: int,
    path: str,
    cookie: str,
    *,
    count: int,
    times: int,
    sessions: Callable[[], int],
    most: int,
    say: Callable[[str], None],
) -> list[str]:
    """Ask `path` alone and under `count` clients of each kind; return what went wrong, in words.

    `sessions` counts the sessions of the database, of which at most `most` may be open.
    """
    ask(port, path, cookie, 10)  # nobody measures a first look
    before = ask(port, path, cookie, times)
    say(f"a page alone: {before.median * 1000:.0f} ms in the middle")
    found = []
    for kind in KINDS:
        with holding(port, kind, count, cookie):
            time.sleep(1)
            now, open_sessions = ask(port, path, cookie, times), sessions()
        say(
            f"{count} clients, {kind}: {now.median * 1000:.0f} ms in the middle, {now.slowest * 1000:.0f} at worst, "
            f"{now.unanswered} not answered, /livez {now.alive * 1000:.0f} ms at worst, {open_sessions} database sessions"
        )
        if now.unanswered:
            found.append(f"{kind}: {now.unanswered} of {times} pages not answered")
        if now.median > max(SLOWER * before.median, before.median + HICCUP):
            found.append(f"{kind}: a page takes {now.median / before.median:.1f} times as long")
        if now.alive > ALIVE_WITHIN:
            found.append(f"{kind}: /livez answers after {now.alive:.1f} s")
        if open_sessions > most:
            found.append(f"{kind}: {open_sessions} sessions of the database, at most {most} are allowed")
    return found


def _seconds(port: int, path: str, cookie: str) -> float | None:
    """Return how long an answer took, whole; None when there was none."""
    connection, begun = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT), time.monotonic()
    try:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        return time.monotonic() - begun if answer.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def closed(client: socket.socket) -> bool:
    """Whether the server closed it; what can be read is left unread."""
    try:
        return client.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
