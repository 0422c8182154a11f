"""Slow clients cost no thread: a request is read whole before one answers it, and an answer waits for its reader.

An ASGI application in front of the WSGI one. The event loop does what depends on the client; a thread of a fixed
number, each with its own connection to the database, does the rest, from the environment to the response's `close`.
"""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote_from_bytes, unquote_to_bytes
from wsgiref.types import WSGIApplication

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

IN_MEMORY = 1024 * 1024  # bytes of a body or an answer; what is longer goes to a temporary file
PIECE = 64 * 1024  # bytes that are sent at once
LARGEST_BODY = 128 * 1024 * 1024  # bytes; documents have limits of their own below it
BODY_SECONDS = 30  # until the next piece of a body must have arrived
WHOLE_BODY_SECONDS = 15 * 60  # until it must have arrived whole
READING_SECONDS = 60  # until the client must have taken the next piece of an answer
TOO_LARGE = "config.body_too_large"  # in the environment of a request whose body was not read


class Gone(Exception):
    """The client left, or did not go on in time: there is nobody to answer."""


@dataclass
class Answer:
    """What the application said: status, headers, and a file with the body."""

    body: IO[bytes]
    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    def start(
        self, status: str, headers: list[tuple[str, str]], _error: object = None, /
    ) -> Callable[[bytes], object]:
        """Be the `start_response` of WSGI; a second call replaces the first, as nothing has been sent yet."""
        self.status = int(status[:3])
        self.headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self.body.write


class BufferedApplication:
    """Serve a WSGI application over ASGI with `threads` threads, whatever the number of connections."""

    def __init__(self, application: WSGIApplication, *, threads: int):
        self.application = application
        self.threads, self.in_work = threads, 0
        self.executor = ThreadPoolExecutor(threads, thread_name_prefix="request")

    @property
    def is_busy(self) -> bool:
        """Whether every thread has a request."""
        return self.in_work >= self.threads

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await send({"type": "websocket.close"})  # nothing here speaks it
        if scope["path"] == "/livez":  # the process lives, however busy its threads are
            return await _send_alive(send)
        with contextlib.suppress(Gone), contextlib.ExitStack() as files:
            body, kept = files.enter_context(_spool()), files.enter_context(_spool())
            length = await _read(scope, receive, body)
            answer = Answer(kept)
            self.in_work += 1
            work = self.executor.submit(self._answer, environment(scope, body, length), answer)
            try:
                await asyncio.wrap_future(work)
            except asyncio.CancelledError:  # the client left: what a thread has begun, it ends
                work.add_done_callback(_closing(files.pop_all()))
                raise
            finally:
                self.in_work -= 1
            await _send(answer, send)

    def _answer(self, environ: dict[str, Any], answer: Answer) -> None:
        parts: Iterable[bytes] = self.application(environ, answer.start)
        try:
            for part in parts:
                answer.body.write(part)
        finally:
            if hasattr(parts, "close"):
                parts.close()


def environment(scope: Message, body: IO[bytes], length: int | None) -> dict[str, Any]:
    """Return the environment of WSGI for a request whose `body` of `length` bytes is there; None was too long to read."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": quote_from_bytes(scope["query_string"], safe=PRINTABLE),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1"), value.decode("latin-1")
        if "_" in name or name in ("content-length", "transfer-encoding"):  # a_b could pass for a-b
            continue
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        joint = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
    environ["CONTENT_LENGTH"] = str(length or 0)
    environ[TOO_LARGE] = length is None
    return environ


# Every printable character of ASCII stays as it was sent.
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def _closing(files: contextlib.ExitStack) -> Callable[[Any], None]:
    return lambda _work: files.close()


def _spool() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(max_size=IN_MEMORY)


async def _read(scope: Message, receive: Receive, body: IO[bytes]) -> int | None:
    """Read the body into `body`; return its length, None as soon as it is too long. Raises Gone."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if len(announced) > 18 or int(announced) > LARGEST_BODY:
        return None
    try:
        async with asyncio.timeout(WHOLE_BODY_SECONDS):
            while True:
                message = await asyncio.wait_for(receive(), BODY_SECONDS)
                if message["type"] == "http.disconnect":
                    raise Gone
                body.write(message.get("body", b""))
                if body.tell() > LARGEST_BODY:
                    return None
                if not message.get("more_body"):
                    break
    except TimeoutError as error:
        raise Gone from error
    length = body.tell()
    body.seek(0)
    return length


async def _send(answer: Answer, send: Send) -> None:
    """Send the answer piece by piece, as fast as it is read. Raises Gone."""
    answer.body.seek(0)
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    piece = answer.body.read(PIECE)
    while True:
        following = answer.body.read(PIECE)
        message = {"type": "http.response.body", "body": piece, "more_body": bool(following)}
        try:
            await asyncio.wait_for(send(message), READING_SECONDS)
        except TimeoutError as error:
            raise Gone from error
        if not following:
            return
        piece = following


async def _send_alive(send: Send) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"15"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"alive": true}'})
