"""What a page says when the ground gives way: the database is away or a disk is full. Nothing typed is lost."""

import errno
import logging
import sys
from typing import Any

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.views.defaults import server_error

logger = logging.getLogger(__name__)

AGAIN = 15  # seconds after which a program may ask again
FULL = (errno.ENOSPC, errno.EDQUOT)
# Classes and codes of PostgreSQL by which the ground gives way: no connection, no room, being stopped, a broken disk.
# A deadlock, a lock not to be had or a statement that took too long are none of them: those are ours.
GROUND = ("08", "53", "57P01", "57P02", "57P03", "58030")
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
    """Whether an error is of the ground and not of ours: no database, no room.

    What was in the way before counts for an error of the database's alone: with the ground gone, the next question
    fails as well. A fault of ours stays one, whatever went before it.
    """
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, OperationalError | InterfaceError) and _of_the_ground(cause):
            return True
        if isinstance(cause, OSError) and cause.errno in FULL:
            return True
        cause = cause.__cause__ or (cause.__context__ if isinstance(cause, Error) else None)
    return False


def _of_the_ground(error: BaseException) -> bool:
    """Whether the server said so by its code, or could say nothing any more."""
    code = getattr(error.__cause__, "sqlstate", None)
    return code is None or code.startswith(GROUND)


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


def typed_words(request: HttpRequest) -> list[str]:
    """Return the sentences among what was sent, to be copied from a page that could not take them; no secret."""
    sent = _typed(request)
    return [value for _name, value in sent["fields"] if " " in value.strip()] if sent else []
