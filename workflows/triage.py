"""After an act the next file opens: what else waits for the officer, in the order of their work."""

from django.urls import reverse

from nominations.models import Nomination
from permissions.models import Officer
from workflows import inbox
from workflows.asking import Subject


def url_of(subject: Subject) -> str:
    """Return the address of the subject's own page."""
    name = "workflows:nomination" if isinstance(subject, Nomination) else "workflows:decision"
    return reverse(name, kwargs={"uid": subject.uid})


def after(officer: Officer, done: Subject, *, readable: bool) -> str:
    """Return the address of the page to open once `officer` has acted on `done`.

    The same page while it still waits for them, or when they chose to stay and it is still
    `readable`; else the next file in the order of "my work", else "my work" itself.
    """
    if officer.opens_next:
        waiting = inbox.inbox(officer)
        uid = str(done.uid)
        if not any(str(item.uid) == uid for item in waiting):
            if waiting:
                return reverse(f"workflows:{waiting[0].kind}", kwargs={"uid": waiting[0].uid})
            return reverse("workflows:my_work")
    return url_of(done) if readable else reverse("workflows:my_work")
