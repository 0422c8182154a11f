"""Signing in: Django's own view and form, with our page."""

from django.contrib.auth.views import LoginView
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """The session's key changes with every sign-in; the target must be an address of ours."""

    template_name = "registration/login.html"
