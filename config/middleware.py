"""Every request has an identity, which the log lines and the events it causes carry."""

import logging
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from history.request import request_id


class RequestIdMiddleware:
    """Give the request an identity of our own making: a client's word is not evidence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(str(uuid.uuid4()))
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True
