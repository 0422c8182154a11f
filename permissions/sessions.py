"""What a session knows of its sign-in, when it ends, and how what was typed outlives it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from permissions.models import Officer

SIGNED_IN, CONFIRMED, SEEN, METHODS = "signed_in_at", "auth_time", "seen_at", "auth_methods"  # seconds, UTC
EVERY = 60  # seconds between two notes that the person is still there
KEPT = "kept-"  # before the name of a field that waits, so that it is not taken for one of the sign-in's own


def enter(request: HttpRequest, officer: Officer, methods: Sequence[str]) -> None:
    """Sign `officer` in by `methods` ("password", later "totp", "webauthn", "oidc"): a new session key, and since when.

    The one door for every way of signing in: what a later factor proves is noted here as well.
    """
    login(request, officer, backend="permissions.backends.PasswordBackend")
    now = _now()
    request.session.update({SIGNED_IN: now, SEEN: now, METHODS: list(methods)})
    confirm(request)


def confirm(request: HttpRequest) -> None:
    """Note that the person has just proved again who they are."""
    request.session[CONFIRMED] = _now()


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in, or proved it again, within `REAUTH_SECONDS`."""
    return _now() - request.session.get(CONFIRMED, 0) <= settings.REAUTH_SECONDS


class SessionsEndMiddleware:
    """A session ends some hours after its sign-in, and earlier when nothing is done in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now, session = _now(), request.session
            begun, seen = session.get(SIGNED_IN, now), session.get(SEEN, now)
            if now - begun > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif SEEN not in session or now - seen > EVERY:
                session[SEEN] = now
                session.setdefault(SIGNED_IN, now)
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Who is not signed in is led to the sign-in; what they had typed comes along instead of being lost."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        context = {"fields": carried(request.POST), "resume": request.path, "files": bool(request.FILES)}
        return render(request, "registration/ended.html", context, status=401)


def carried(posted: QueryDict) -> list[tuple[str, str]]:
    """Return the fields of a form that was posted, under the names in which they wait; no secret waits."""
    return [
        (KEPT + name, value)
        for name, values in posted.lists()
        if "password" not in name and name != "csrfmiddlewaretoken"
        for value in values
    ]


def waiting(posted: QueryDict) -> list[tuple[str, str]]:
    """Return the fields that waited through a sign-in or a proof, under the names of `carried`."""
    return [(name, value) for name, values in posted.lists() if name.startswith(KEPT) for value in values]


def _now() -> int:
    return int(timezone.now().timestamp())
