"""What a page says when the ground gives way: the database is away or a disk is full. Nothing typed is lost."""

import errno
import logging
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.views.defaults import server_error

logger = logging.getLogger(__name__)

AGAIN = 15  # seconds after which a program may ask again
FULL = (errno.ENOSPC, errno.EDQUOT)
# Never written into a page: what one types to prove who one is.
SECRET = ("password", "old_password", "new_password1", "new_password2")


def error(request: HttpRequest) -> HttpResponse:
    """Answer an error that no view handled: 503 where it will pass by itself, else 500."""
    cause = sys.exc_info()[1]
    if not is_passing(cause):
        return server_error(request)
    logger.error("refused while the ground gives way: %s", cause)
    page = render_to_string("503.html", {"again": _typed(request), "request": None})
    return HttpResponse(page, status=503, headers={"Retry-After": str(AGAIN), "Cache-Control": "no-store"})


def is_passing(cause: BaseException | None) -> bool:
    """Whether an error is of the ground and not of ours: no database, no room."""
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, OperationalError | InterfaceError):
            return True
        if isinstance(cause, OSError) and cause.errno in FULL:
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _typed(request: HttpRequest) -> dict[str, Any] | None:
    """What was sent, to send it again by one button; files have to be chosen anew."""
    if request.method != "POST":
        return None
    try:
        fields = [
            (name, value) for name, values in request.POST.lists() if name not in SECRET for value in values
        ]
        return {"path": request.get_full_path(), "fields": fields, "files": bool(request.FILES)}
    except (UnreadablePostError, OSError):
        return None
