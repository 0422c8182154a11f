"""E-mails that carry notices: one at once for each, or one a day for all; written to the outbox, sent from it."""

import smtplib
from datetime import date
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history import clock
from nominations.working_days import calendar
from permissions.models import Officer
from workflows import outbox
from workflows.models import Channel, Digest, Notice, OutboxMessage, Preference
from workflows.notices import KINDS, notices_of

PERMANENT = 500  # the first of the codes by which a mail server refuses for good
LETTER = "letter"  # the kind of outbox message: {"officer": key}; the notices point to it


def write_for(message: OutboxMessage) -> None:
    """Write one letter for each notice of `message` whose officer wants it at once. Idempotent."""
    due = Notice.objects.filter(message=message, wants=Channel.IMMEDIATE, letter=None).order_by("pk")
    found = list(due)
    letters = [OutboxMessage(kind=LETTER, payload={"officer": notice.officer_id}) for notice in found]
    for notice, letter in zip(found, outbox.write(letters), strict=True):
        notice.letter = letter
    Notice.objects.bulk_update(found, ["letter"])


def write_digests() -> int:
    """Write the letter of the day to everybody with unread notices for it; return how many were written.

    Nothing before `DIGEST_AT` by the clock of Việt Nam, nor on a day off. Idempotent: an officer gets one a day at most,
    and a notice stands in one letter at most, however often and by however many workers this is asked.
    """
    now = clock.local(clock.now())
    if now.time() < settings.DIGEST_AT or not calendar().is_working(now.date()):
        return 0
    waiting = Officer.objects.filter(notices__in=_for_digest(), is_active=True).exclude(email="")
    keys = waiting.exclude(pk__in=Digest.objects.filter(day=now.date()).values("officer"))
    return sum(
        _write_digest(key, now.date()) for key in keys.order_by("pk").values_list("pk", flat=True).distinct()
    )


def send(message: OutboxMessage) -> None:
    """Send the e-mail of an outbox message; nothing of files that its officer may read no more.

    Nothing at all for an officer who left or has no address any more.

    Sent at least once: a worker killed after the mail server took it sends it again, with the same Message-ID.
    Raises Hopeless when the server refuses it for good, and OSError (smtplib's errors are such) when it is away.
    """
    officer = Officer.objects.get(pk=message.payload["officer"])
    rows = _rows(officer, message)
    if rows and officer.is_active and officer.email:
        with translation.override(officer.language):
            letter = compose(officer, rows, message)
        try:
            letter.send()
        except smtplib.SMTPException as error:
            if _is_for_good(error):
                raise outbox.Hopeless(str(error)) from error
            raise


def compose(officer: Officer, rows: list[dict[str, Any]], message: OutboxMessage) -> EmailMultiAlternatives:
    """Return the letter, in the language that is active. Its subject names no person and no file."""
    site, count = _("Commendations"), len(rows)
    values = {
        "rows": rows,
        "site": site,
        "preferences": _address(reverse("workflows:preferences")),
        "language": officer.language,
    }
    if count == 1:
        sentence = str(rows[0]["sentence"])
    else:
        sentence = ngettext("%(count)s notice", "%(count)s notices", count) % {"count": count}
    letter = EmailMultiAlternatives(
        f"[{site}] {sentence}",
        render_to_string("letters/letter.txt", values),
        to=[officer.email],
        headers={
            "Message-ID": f"<{message.uid}@{urlsplit(settings.SITE_URL).hostname}>",
            "Date": formatdate(message.created.timestamp()),
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(render_to_string("letters/letter.html", values), "text/html")
    return letter


def _is_for_good(error: smtplib.SMTPException) -> bool:
    """Whether the mail server will not take this letter however often it is asked (RFC 5321, 4.2.1: 5yz)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _text in error.recipients.values())
    of_this_letter = isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError)
    return of_this_letter and error.smtp_code >= PERMANENT


def _for_digest() -> Any:
    """What waits for the letter of the day; not of kinds of which the officer has said since to want no letter."""
    unwanted = Preference.objects.filter(
        officer=OuterRef("officer"), kind=OuterRef("kind"), channel=Channel.NONE
    )
    waiting = Notice.objects.filter(wants=Channel.DAILY, letter=None, read_at=None)
    return waiting.exclude(Exists(unwanted))


def _write_digest(officer: int, day: date) -> bool:
    """Write one officer's letter; False when somebody else just did."""
    try:
        with transaction.atomic():
            rows = _for_digest().filter(officer=officer).select_for_update(of=("self",))
            keys = list(rows.values_list("pk", flat=True))
            if not keys:
                return False
            [letter] = outbox.write([OutboxMessage(kind=LETTER, payload={"officer": officer})])
            Digest.objects.create(officer_id=officer, day=day, message=letter)
            Notice.objects.filter(pk__in=keys).update(letter=letter)
            return True
    except IntegrityError:
        if Digest.objects.filter(officer=officer, day=day).exists():
            return False
        raise


def _rows(officer: Officer, message: OutboxMessage) -> list[dict[str, Any]]:
    """What the letter tells: its notices that the officer may still read, on the day of each that the demo walked."""
    carried, rows = Notice.objects.filter(letter=message), []
    for day in carried.order_by().values_list("message__walked_day", flat=True).distinct():
        with clock.legal_day(day):
            found = notices_of(officer).filter(letter=message, readable=True, message__walked_day=day)
            rows += [_row(notice) for notice in found.order_by("pk")]
    return rows


def _row(notice: Notice) -> dict[str, Any]:
    subject = notice.nomination or notice.decision
    assert subject is not None  # a constraint of the outbox's payload: a notice is about one of both
    return {
        "sentence": KINDS[notice.kind].sentence,
        "reference": subject.reference,
        "unit": notice.nomination.unit if notice.nomination else notice.decision.round.programme,
        "url": _address(reverse("workflows:notice", kwargs={"pk": notice.pk})),
        "at": clock.moment(notice.created),
    }


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
