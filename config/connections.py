"""The connections of one web process: so many at once, each with so long to say what it wants and to take its answer."""

import resource
from asyncio import BaseTransport

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

HEADER_SECONDS = 20  # from the connection to the end of the request's headers
LAST_BYTES_SECONDS = 60  # for what is left of an answer once the server has closed
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

    def _close_transport(self) -> None:
        transport = self.transport
        super()._close_transport()
        if transport is not None:
            self.worker.loop.call_later(LAST_BYTES_SECONDS, transport.abort)


class Worker(gasgi.ASGIWorker):
    """Gunicorn's worker for ASGI, with our connections, and as many file descriptors as these may need."""

    def init_process(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = self.worker_connections + SPARE_FILES
        if soft != resource.RLIM_INFINITY and soft < wanted:
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            self.worker_connections = most - SPARE_FILES
        gasgi.ASGIProtocol = Connection  # the base class looks it up by this name
        super().init_process()
