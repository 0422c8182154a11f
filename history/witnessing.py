"""The last checkpoint of each day, mailed to witnesses outside of the house: what they keep we cannot change."""

from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history import checkpoints, clock, kinds
from history.canonical import written
from history.keys import STREAM
from history.ledger import Entry, record
from history.models import Checkpoint, Event


def mail_finished_day() -> int | None:
    """Mail the last checkpoint of the newest day that is over, once; return its number, None when nothing is due.

    A mail that left and could not be recorded leaves again: a witness may get one twice and never none.
    Raises OSError (smtplib's errors are such) when no mail server takes it; the next run tries again.
    """
    if not settings.LEDGER_WITNESSES:
        return None
    yesterday = timezone.localdate(timezone=clock.VIETNAM) - timedelta(days=1)
    due = Checkpoint.objects.filter(at__date__lte=yesterday).order_by("-number").first()
    if due is None or due.number <= _mailed():
        return None
    _letter(due).send()
    with transaction.atomic():
        told = {"checkpoint": due.number, "witnesses": len(settings.LEDGER_WITNESSES)}
        record(Entry(stream=STREAM, kind=kinds.LEDGER_WITNESSED, actor="system", data=told, automatic=True))
    return due.number


def _mailed() -> int:
    """The number of the last checkpoint that was mailed."""
    sent = Event.objects.filter(stream=STREAM, kind=kinds.LEDGER_WITNESSED).order_by("-sequence")
    return sent.values_list("data__checkpoint", flat=True).first() or 0


def _letter(checkpoint: Checkpoint) -> EmailMessage:
    note, day = checkpoints.note_of(checkpoint), clock.local(checkpoint.at).date()
    values = {
        "log": note.log,
        "number": note.number,
        "day": f"{day:%d/%m/%Y}",
        "size": note.size,
        "code": checkpoints.short_code(note.root),
    }
    subject = _("%(log)s: checkpoint %(number)s of the ledger, %(day)s") % values
    body = _(
        "The ledger of %(log)s held %(size)s events at the end of %(day)s.\n"
        "Code: %(code)s\n\n"
        "Keep this letter. If the ledger is ever doubted, the line below shows whether it still continues\n"
        "what was signed on this day:"
    )
    return EmailMessage(
        subject, f"{body % values}\n\n{written(asdict(note))}\n", to=[], bcc=settings.LEDGER_WITNESSES
    )
