"""Short ways to walk the pages as a person does: sign in, open a file, fill the form it shows, send it."""

import html
import re
import time
from typing import Any

from django.test import Client
from django.urls import reverse

from demo.days import SESSION_KEY
from history import clock
from nominations.models import Nomination
from permissions.models import Officer
from permissions.sessions import CONFIRMED, SEEN, SIGNED_IN

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


def enter(officer: Officer) -> Client:
    """Sign in as `officer` on the legal day that the test walks."""
    client = Client(raise_request_exception=True)
    client.force_login(officer, backend="permissions.backends.PasswordBackend")
    session = client.session
    session[SESSION_KEY] = clock.today().isoformat()
    now = int(time.time())  # just signed in
    session.update({SIGNED_IN: now, CONFIRMED: now, SEEN: now})
    session.save()
    return client


def page_of(nomination: Nomination) -> str:
    return reverse("workflows:nomination", kwargs={"uid": nomination.uid})


def draft_of(nomination: Nomination) -> str:
    return reverse("nominations:draft", kwargs={"uid": nomination.uid})


def act_form(response: Any, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that does `action` on a file's page, as a browser sends them."""
    text = response.content.decode()
    for form in re.findall(r"<form.*?</form>", text, re.DOTALL):
        fields = hidden(form)
        if fields.get("action") == action:
            return fields
    raise AssertionError(f"The page has no form for {action}.")


def send(client: Client, nomination: Nomination, action: str, **fields: Any) -> Any:
    """Open the file's page and do `action` with its form, filled with `fields`."""
    form = act_form(client.get(page_of(nomination)), action)
    return client.post(reverse("workflows:act_nomination", kwargs={"uid": nomination.uid}), form | fields)


def hidden(text: str) -> dict[str, str]:
    found = [dict(ATTRIBUTE.findall(tag)) for tag in HIDDEN.findall(text)]
    return {tag["name"]: html.unescape(tag.get("value", "")) for tag in found}


def draft_fields(response: Any) -> dict[str, Any]:
    """Return everything that the draft's form sends as it stands."""
    context = response.context
    fields: dict[str, Any] = {"revision": context["revision"], "extra_kind": context["extra_kind"]}
    cards = context["cards"]
    for form in (context["file_form"], cards.management_form, *cards.forms):
        for field in form:
            value = (
                field.field.widget.format_value(field.value()) if field.value() not in (None, False) else ""
            )
            if isinstance(value, list):
                value = value[0] if value else ""
            fields[field.html_name] = value if value is not None else ""
    return {name: value for name, value in fields.items() if not (name.endswith("-DELETE") and not value)}
