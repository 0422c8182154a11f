"""Signing in, setting and changing a password, and proving again who one is."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from permissions import accounts, foreign, reauth, received, sessions
from permissions.models import Officer

LONGEST_NAME = Officer._meta.get_field("username").max_length


class SignInForm(AuthenticationForm):
    """A name and a password of a length that one can have: anything else is looked up nowhere and counted nowhere."""

    username = UsernameField(
        widget=forms.TextInput(attrs={"autofocus": True}),
        validators=[lambda name: foreign.check(name, most=LONGEST_NAME)],
    )

    def clean_password(self) -> str:
        """Refuse what is longer than any password before it is hashed."""
        if not received.secret(self.cleaned_data, "password"):
            raise self.get_invalid_login_error()
        return str(self.cleaned_data["password"])


@method_decorator(never_cache, name="dispatch")
class SignIn(auth.LoginView):
    """The session's key changes with every sign-in; the target must be an address of ours."""

    template_name = "registration/login.html"
    authentication_form = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Keep what waits when the password was mistyped."""
        fields, resume = sessions.waiting(self.request.POST), received.word(self.request.POST, "resume")
        return super().get_context_data(**kwargs) | {"fields": fields, "resume": resume}

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in; what was typed before the session ended waits to be sent again."""
        officer = form.get_user()
        with transaction.atomic():
            sessions.enter(self.request, officer, ["password"])
            accounts.signed_in(officer)
        resume = received.word(self.request.POST, "resume")
        if resume and _ours(self.request, resume):
            return resumed(self.request, resume)
        return redirect(self.get_success_url())


@method_decorator([never_cache, login_not_required], name="dispatch")
class PasswordSet(auth.PasswordResetConfirmView):
    """A one-time link: wrong, used and expired ones look the same."""

    template_name = "registration/password_set.html"
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> Any:
        """Return whose link it is; a suspended account's serves nobody."""
        found = super().get_user(uidb64)
        return found if found is not None and found.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            accounts.password_was_set(self.user)
        messages.success(self.request, _("The password is set: sign in with it."))
        return response


@method_decorator(never_cache, name="dispatch")
class PasswordChange(auth.PasswordChangeView):
    """One's own password; every other session of the person ends."""

    template_name = "registration/password_change.html"
    success_url = reverse_lazy("workflows:my_work")

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            accounts.password_was_set(self.request.user)
        messages.success(self.request, _("The password is changed; sessions elsewhere have ended."))
        return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password again, then go on to where the person was going."""
    target = received.word(request.POST, "resume") or received.word(request.GET, "next")
    target = target if _ours(request, target) else settings.LOGIN_REDIRECT_URL
    fields = sessions.waiting(request.POST)
    if request.method != "POST":
        return reauth.ask(request, target, [])
    if not reauth.proves(request, received.secret(request.POST, "password")):
        return reauth.ask(request, target, fields, wrong=True, status=422)
    return resumed(request, target) if fields else redirect(target)


def resumed(request: HttpRequest, path: str) -> HttpResponse:
    """Return the page from which what was typed is sent again, with a token of the new session."""
    fields = [(name.removeprefix(sessions.KEPT), value) for name, value in sessions.waiting(request.POST)]
    return render(request, "registration/resume.html", {"resume": path, "fields": fields})


def locked(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *_: Any, **__: Any
) -> HttpResponse:
    """Answer to a locked-out sign-in: the same for every name, whether it exists or not."""
    accounts.locked_out((credentials or {}).get("username") or received.word(request.POST, "username"))
    minutes = timedelta(seconds=settings.LOCKOUT_SECONDS) // timedelta(minutes=1)
    return render(request, "registration/locked.html", {"minutes": minutes}, status=429)


def _ours(request: HttpRequest, path: str) -> bool:
    return path.startswith("/") and url_has_allowed_host_and_scheme(
        path, {request.get_host()}, require_https=request.is_secure()
    )
