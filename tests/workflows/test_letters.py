"""E-mails: to whom, when, in which language, with nothing personal in their subjects; sent once again when in doubt."""

import email
import email.policy
import smtplib
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import translation

from history import clock
from nominations.models import CalendarDay
from nominations.states import State
from tests import world as w
from tests.processes import free_port
from workflows import letters, outbox, preferences
from workflows.models import Channel, Digest, Notice, OutboxMessage
from workflows.notices import KINDS
from workflows.views.preferences import USUAL

pytestmark = pytest.mark.usefixtures("in_2024")
CLERK, HEAD = "clerk@commune", "unit_head@commune"


@pytest.fixture
def written(world):
    """The small world, in which the clerk and the head of the commune have addresses."""
    for who in (CLERK, HEAD):
        world[who].email = f"{who.split('@')[0]}@example.org"
        world[who].save()
    return world


def choose(officer, channel, *kinds, language="vi"):
    screen = {name: getattr(officer, name) for name in preferences.SCREEN} | {"language": language}
    preferences.choose(officer, {kind: channel for kind in kinds or KINDS}, USUAL, screen)


def returned(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(file, "return", world["reviewer@district"], remarks=[{"text": "Bổ sung biên bản"}])
    return file


def deliver_all():
    while keys := list(OutboxMessage.objects.filter(delivered=None).values_list("pk", flat=True)):
        for key in keys:
            outbox.deliver(key)


def at(monkeypatch, hour, day=24):
    """The clock of Việt Nam shows this hour of a day of November 2026; the 24th is a Tuesday."""
    moment = datetime(2026, 11, day, hour, tzinfo=clock.VIETNAM)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def test_a_return_reaches_those_with_an_address_at_once(written):
    file = returned(written)
    deliver_all()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["clerk@example.org", "unit_head@example.org"]
    assert Notice.objects.count() == 4, "those without an address have their notice all the same"
    text, (html, kind) = mail.outbox[0].body, mail.outbox[0].alternatives[0]
    notice = Notice.objects.get(officer=written[CLERK])
    for part in (text, html):
        assert file.reference in part and f"/thong-bao/{notice.pk}" in part
    assert kind == "text/html"


def test_delivering_again_writes_no_second_letter(written):
    returned(written)
    deliver_all()
    OutboxMessage.objects.exclude(kind=letters.LETTER).update(delivered=None)
    deliver_all()
    assert (len(mail.outbox), Notice.objects.count()) == (2, 4)


def test_a_letter_that_may_have_left_leaves_again_under_its_own_identity(written):
    returned(written)
    deliver_all()
    OutboxMessage.objects.filter(kind=letters.LETTER).update(delivered=None)
    deliver_all()
    names = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert len(names) == 4 and len(set(names)) == 2


@pytest.mark.parametrize("channel", (Channel.DAILY, Channel.NONE))
def test_who_wants_no_letter_at_once_gets_none(written, channel):
    choose(written[CLERK], channel)
    choose(written[HEAD], channel)
    returned(written)
    deliver_all()
    assert mail.outbox == []
    assert Notice.objects.filter(officer=written[CLERK]).count() == 1


def test_the_letter_of_the_day_comes_once_with_all_that_is_unread(written, monkeypatch):
    choose(written[CLERK], Channel.DAILY)
    choose(written[HEAD], Channel.NONE)
    files = [returned(written), returned(written), returned(written)]
    deliver_all()
    first = Notice.objects.filter(officer=written[CLERK]).order_by("pk").first()
    Notice.objects.filter(pk=first.pk).update(read_at=clock.now())
    at(monkeypatch, 6)
    assert letters.write_digests() == 0, "it is not yet the hour"
    at(monkeypatch, 8)
    assert letters.write_digests() == 1
    assert letters.write_digests() == 0
    deliver_all()
    [letter] = mail.outbox
    assert [file.reference in letter.body for file in files] == [False, True, True]
    returned(written)
    deliver_all()
    assert letters.write_digests() == 0, "what came after it waits for the next day's"
    moment = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert letters.write_digests() == 1
    assert Digest.objects.filter(officer=written[CLERK]).count() == 2


def test_two_that_write_the_letter_of_the_day_at_once_write_one(written, monkeypatch):
    choose(written[CLERK], Channel.DAILY)
    choose(written[HEAD], Channel.NONE)
    returned(written)
    deliver_all()
    day = at(monkeypatch, 8).date()
    assert letters._write_digest(written[CLERK].pk, day) is True
    Notice.objects.update(letter=None)  # as the other saw them
    assert letters._write_digest(written[CLERK].pk, day) is False
    assert OutboxMessage.objects.filter(kind=letters.LETTER).count() == 1


def test_no_letter_of_the_day_on_a_day_off(written, monkeypatch):
    choose(written[CLERK], Channel.DAILY)
    returned(written)
    deliver_all()
    CalendarDay.objects.create(day=date(2026, 11, 24), kind="holiday", name="Lễ", legal_document="QĐ 1")
    for day, written_then in ((22, 0), (24, 0), (25, 1)):  # a Sunday, a holiday, a working day
        at(monkeypatch, 9, day)
        assert letters.write_digests() == written_then, day


def test_who_wants_none_any_more_gets_none_of_what_waits(written, monkeypatch):
    choose(written[CLERK], Channel.DAILY)
    returned(written)
    deliver_all()
    choose(written[CLERK], Channel.NONE)
    at(monkeypatch, 9)
    assert letters.write_digests() == 0
    choose(written[CLERK], Channel.DAILY)
    assert letters.write_digests() == 1


def test_a_letter_of_the_day_speaks_of_each_file_on_the_day_that_was_walked(written, monkeypatch):
    """In the demo a file lives on another day than the letter: its readers are those of its own day."""
    choose(written[CLERK], Channel.DAILY)
    returned(written)
    deliver_all()
    mail.outbox.clear()
    at(monkeypatch, 9)
    with clock.legal_day(None):
        assert letters.write_digests() == 1
        deliver_all()
    assert [letter.to for letter in mail.outbox] == [["clerk@example.org"]]


def test_each_reads_their_own_language(written):
    choose(written[CLERK], Channel.IMMEDIATE, language="en")
    written[CLERK].refresh_from_db()
    returned(written)
    deliver_all()
    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert "The file was returned" in subjects["clerk@example.org"]
    assert "Hồ sơ" in subjects["unit_head@example.org"]


@pytest.mark.parametrize("language", ("vi", "en"))
def test_nothing_personal_stands_in_a_subject(written, language):
    """No name of a person, a unit or a file: a subject is read over shoulders and on locked screens."""
    file = w.confirmed(written)
    decision, names = w.decision(written), [nominee.name for nominee in file.nominees.all()]
    clerk = written[CLERK]
    for kind, about in product(KINDS, ({"nomination": file}, {"decision": decision})):
        message = OutboxMessage.objects.create(kind=kind, payload={})
        Notice.objects.create(message=message, officer=clerk, kind=kind, letter=message, **about)
        with translation.override(language):
            rows = [letters._row(notice) for notice in Notice.objects.filter(letter=message)]
            letter = letters.compose(clerk, rows, message)
        for word in (
            *names,
            file.reference,
            decision.reference,
            str(file.unit),
            str(decision.round.programme),
            clerk.full_name,
            clerk.username,
        ):
            assert word not in letter.subject
        for word in names:
            assert word not in letter.body + letter.alternatives[0][0]


def test_who_left_gets_no_letter_any_more(written):
    returned(written)
    outbox.deliver(OutboxMessage.objects.exclude(kind=letters.LETTER).get().pk)
    written[CLERK].is_active = False
    written[CLERK].save()
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [["unit_head@example.org"]]
    assert not OutboxMessage.objects.filter(delivered=None).exists()


class Inbox:
    """A mail server that refuses one address for good."""

    def __init__(self):
        self.letters = []

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("unit_head"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


@pytest.mark.parametrize(
    ("error", "for_good"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (450, b"busy")}), False),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"unknown")}), True),
        (smtplib.SMTPDataError(451, b"later"), False),
        (smtplib.SMTPDataError(554, b"refused"), True),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (smtplib.SMTPAuthenticationError(535, b"password"), False),  # ours to mend: what waits is not lost
    ],
)
def test_what_a_server_says_for_good_is_told_from_what_it_says_for_now(error, for_good):
    assert letters._is_for_good(error) is for_good


@pytest.fixture
def server(settings):
    controller = Controller(Inbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    yield controller.handler
    controller.stop()


def test_a_real_server_gets_text_and_html_and_what_it_refuses_for_good_is_set_aside(written, server):
    file = returned(written)
    outbox.deliver(OutboxMessage.objects.exclude(kind=letters.LETTER).get().pk)
    for message in OutboxMessage.objects.filter(kind=letters.LETTER):
        if message.payload["officer"] == written[HEAD].pk:
            with pytest.raises(outbox.Hopeless):
                outbox.deliver(message.pk)
            message.refresh_from_db()
            assert (message.attempts, message.delivered) == (1, None)
            assert message.set_aside and "no such mailbox" in message.error
        else:
            outbox.deliver(message.pk)
    [letter] = server.letters
    assert letter["To"] == "clerk@example.org"
    kinds = [part.get_content_type() for part in letter.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert file.reference in letter.get_body(("plain",)).get_content()
    assert datetime.strptime(letter["Date"], "%a, %d %b %Y %H:%M:%S %z")
