"""What stands between slow clients and the site: whole requests in, answers out at the client's pace, few threads."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest

from config import buffering
from config.buffering import TOO_LARGE, BufferedApplication

SCOPE = {
    "type": "http", "method": "POST", "scheme": "http", "http_version": "1.1", "path": "/", "raw_path": b"/",
    "query_string": b"", "headers": [], "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 5),
}  # fmt: skip


def alone(run):
    """Run to the end in a thread of its own: a browser of other tests has its loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, run).result()


class Client:
    """One connection: what it sends piece by piece, and what it was sent."""

    def __init__(self, *pieces, leaves=False, **scope):
        self.scope, self.pieces, self.leaves, self.got = SCOPE | scope, list(pieces) or [b""], leaves, []
        self.goes_on, self.reads = asyncio.Event(), asyncio.Event()
        self.reads.set()

    async def receive(self):
        if not self.pieces:
            if self.leaves:
                return {"type": "http.disconnect"}
            await self.goes_on.wait()
            self.pieces.append(b"")
        piece = self.pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    async def send(self, message):
        await self.reads.wait()
        self.got.append(message)

    def asks(self, application):
        return asyncio.ensure_future(application(self.scope, self.receive, self.send))

    @property
    def status(self):
        return self.got[0]["status"]

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.got[1:])


def echo(environ, start_response):
    """Answer with the body, and with what Django makes of the address."""
    request = WSGIRequest(environ)
    start_response("200 OK", [("X-Path", request.path_info.encode().decode("latin-1"))])
    return [environ["wsgi.input"].read()]


def served(application, *clients, threads=2):
    async def run():
        site = BufferedApplication(application, threads=threads)
        await asyncio.gather(*(client.asks(site) for client in clients))

    alone(run())


def test_a_request_arrives_whole_and_an_answer_leaves_whole():
    text = b"x" * (3 * buffering.IN_MEMORY)
    client = Client(text[:100], text[100:], b"", headers=[(b"content-length", str(len(text)).encode())])
    served(echo, client)
    assert client.status == 200 and client.body == text
    assert max(len(message["body"]) for message in client.got[1:]) <= buffering.PIECE


def test_bodies_that_do_not_go_on_and_answers_that_are_not_read_hold_no_thread():
    async def run():
        site = BufferedApplication(echo, threads=1)
        stuck = [Client(b"half") for _ in range(20)] + [Client(b"whole", b"") for _ in range(20)]
        for client in stuck[20:]:
            client.reads.clear()
        waiting = [client.asks(site) for client in stuck]
        await asyncio.sleep(0.05)
        quick = Client(b"me", b"")
        await asyncio.wait_for(quick.asks(site), 5)
        assert quick.body == b"me" and not any(task.done() for task in waiting)
        for client in stuck:
            client.goes_on.set()
            client.reads.set()
        await asyncio.gather(*waiting)
        assert [client.body for client in stuck] == [b"half"] * 20 + [b"whole"] * 20

    alone(run())


def test_who_does_not_go_on_in_time_is_given_up(monkeypatch):
    monkeypatch.setattr(buffering, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(buffering, "READING_SECONDS", 0.05)
    silent, deaf = Client(b"half"), Client(b"whole", b"")

    async def run():
        site = BufferedApplication(echo, threads=1)
        task = deaf.asks(site)
        await asyncio.wait_for(silent.asks(site), 5)
        deaf.reads.clear()
        await asyncio.wait_for(task, 5)

    alone(run())
    assert silent.got == []


def test_a_client_that_leaves_is_not_answered():
    gone = Client(b"half", leaves=True)
    served(echo, gone)
    assert gone.got == []


def test_a_body_too_long_is_not_read_and_the_site_says_so(monkeypatch):
    monkeypatch.setattr(buffering, "LARGEST_BODY", 10)

    def site(environ, start_response):
        start_response("413 Content Too Large" if environ[TOO_LARGE] else "200 OK", [])
        return [environ["wsgi.input"].read()]

    announced = Client(b"never read", headers=[(b"content-length", b"11")])
    longer = Client(b"12345678", b"9012", b"", headers=[])
    fits = Client(b"1234567890", b"")
    absurd = Client(headers=[(b"content-length", b"9" * 5000)])
    served(site, announced, longer, fits, absurd)
    assert [client.status for client in (announced, longer, fits, absurd)] == [413, 413, 200, 413]
    assert announced.pieces == [b"never read"] and fits.body == b"1234567890"


def test_what_a_thread_has_begun_it_ends_when_the_client_leaves():
    begun, go_on, closed = threading.Event(), threading.Event(), threading.Event()

    class Parts(BytesIO):
        def close(self):
            closed.set()
            super().close()

    def site(environ, start_response):
        begun.set()
        go_on.wait(10)
        start_response("200 OK", [])
        return Parts(environ["wsgi.input"].read())

    async def run():
        task = Client(b"sent", b"").asks(BufferedApplication(site, threads=1))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        assert await asyncio.to_thread(closed.wait, 10), (
            "the answer was closed, so the database's session is free"
        )

    alone(run())


def test_a_request_is_what_the_client_sent():
    seen = []

    def site(environ, start_response):
        request = WSGIRequest(environ)
        seen.append((request.path_info, request.GET.dict(), request.COOKIES, request.META))
        start_response("200 OK", [])
        return []

    client = Client(
        b"a=1", b"", raw_path="/hồ-sơ/%C4%91".encode(), query_string="q=thẩm%20định&n=%00".encode(),
        headers=[
            (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x-forwarded-for", b"10.0.0.1"), (b"x_forwarded_for", b"6.6.6.6"),
            (b"content-type", b"text/plain"), (b"content-length", b"3"),
        ],
    )  # fmt: skip
    served(site, client)
    ((path, query, cookies, meta),) = seen
    assert path == "/hồ-sơ/đ" and query == {"q": "thẩm định", "n": "\x00"} and cookies == {"a": "1", "b": "2"}
    assert meta["HTTP_X_FORWARDED_FOR"] == "10.0.0.1", "a name with an underscore cannot pass for another"
    assert (meta["CONTENT_TYPE"], meta["CONTENT_LENGTH"], meta["REMOTE_ADDR"]) == (
        "text/plain",
        "3",
        "127.0.0.1",
    )


def test_the_process_says_that_it_lives_however_busy_its_threads_are():
    go_on = threading.Event()

    def busy(environ, start_response):
        go_on.wait(10)
        start_response("200 OK", [])
        return []

    async def run():
        site, asked = BufferedApplication(busy, threads=1), Client(path="/livez", method="GET")
        task = Client().asks(site)
        await asyncio.wait_for(asked.asks(site), 1)
        assert asked.status == 200 and asked.body == b'{"alive": true}' and not task.done()
        go_on.set()
        await task

    alone(run())
