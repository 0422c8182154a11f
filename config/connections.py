"""The connections of one web process: so many at once, each with so long to ask and to take its answer."""

import asyncio
import os
import resource
import socket
from asyncio import BaseTransport
from collections.abc import Iterable
from http import HTTPStatus

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

HEADER_SECONDS = 20  # from the connection to the end of the request's headers
LAST_BYTES_SECONDS = 60  # for what is left of an answer once the server has closed
NEIGHBOURS_FIRST = 0.005  # seconds in which others may take a connection, when every thread here is at work
PAUSE = 0.05  # seconds after a connection that could not be taken
SPARE_FILES = 200  # descriptors for everything that is not a connection


class Connection(ASGIProtocol):
    """A connection that is closed when too many are open, when no request comes, and when its answer is not taken."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        if self.worker.nr_conns > self.worker.worker_connections:
            transport.close()
            return
        self.worker.loop.call_later(HEADER_SECONDS, self._close_without_request)

    def _close_without_request(self) -> None:
        if self._awaiting_request:
            self._keepalive_timeout()

    def _send_error_response(
        self, status: int, message: str, extra_headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Answer what is no request that a page could see; `message`, in English, is the log's."""
        from config.refusals import of_server  # when the site is loaded

        self.worker.log.debug("not read: %s %s", status, message)
        headers = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(of_server(status)))),
            ("Connection", "close"),
            *extra_headers,
        )
        head = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in headers),
        ]
        self._safe_write("\r\n".join([*head, "", ""]).encode("latin-1"))
        self._safe_write(of_server(status))

    def _close_transport(self) -> None:
        transport = self.transport
        super()._close_transport()
        if transport is not None:
            self.worker.loop.call_later(LAST_BYTES_SECONDS, transport.abort)


class Worker(gasgi.ASGIWorker):
    """Gunicorn's worker for ASGI, which takes one connection after the other and leaves some to its neighbours."""

    def init_process(self) -> None:
        """Raise the limit of file descriptors to what the connections may need, or have fewer of them."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = self.worker_connections + SPARE_FILES
        if soft != resource.RLIM_INFINITY and soft < wanted:
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            self.worker_connections = most - SPARE_FILES
        super().init_process()

    async def _serve(self) -> None:
        accepting = [self.loop.create_task(self._accept(listener.sock)) for listener in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self.notify()
            await asyncio.sleep(1)
        for task in accepting:
            task.cancel()
        await self._shutdown()

    async def _accept(self, listener: socket.socket) -> None:
        """Take connections one by one: a loop that takes all that wait would leave the other processes without work."""
        listener.setblocking(False)
        while True:
            if self.asgi.is_busy:
                await asyncio.sleep(NEIGHBOURS_FIRST)
            try:
                client, _address = await self.loop.sock_accept(listener)
                await self.loop.connect_accepted_socket(lambda: Connection(self), client)
            except OSError as error:  # the client left at once, or no descriptor is free
                self.log.warning("a connection was not taken: %s", error)
                await asyncio.sleep(PAUSE)
