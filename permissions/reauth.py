"""Proving again who one is, within some minutes before signing and before giving out roles."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from permissions.sessions import carried, confirm, is_fresh


def proves(request: HttpRequest, password: str) -> bool:
    """Check the password of the person signed in, and note it; a wrong one counts towards the lockout.

    In the demo people have no password: a tick says it instead, and only there.
    """
    if by_tick(request):
        right = bool(password)
    else:
        found = authenticate(request, username=request.user.get_username(), password=password)
        right = found == request.user
    if right:
        confirm(request)
    return right


def is_owed(request: HttpRequest) -> bool:
    """Whether the person has to prove again who they are before signing."""
    return not is_fresh(request)


def required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view be used only by who has just proved it; what was sent is kept and can be sent again."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return ask(request, request.path, carried(request.POST), status=401)
        return redirect(f"{reverse('confirm')}?{urlencode({'next': request.get_full_path()})}")

    return asked


def ask(
    request: HttpRequest,
    resume: str,
    fields: list[tuple[str, str]],
    *,
    wrong: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Return the page that asks for the password; `fields` wait there to be sent to `resume`."""
    context = {"resume": resume, "fields": fields, "wrong": wrong, "by_tick": by_tick(request)}
    return render(request, "registration/confirm.html", context, status=status)


def by_tick(request: HttpRequest) -> bool:
    """Whether a tick stands for the password: for the people of the demo, who have none."""
    return bool(settings.DEMO and request.user.is_authenticated and not request.user.has_usable_password())
