"""The identity of the request under way, so that events and log lines can be joined."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
