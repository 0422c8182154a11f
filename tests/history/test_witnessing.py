"""Each finished day's checkpoint goes to the witnesses once; what stands on paper is what they got."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from history import checkpoints, ledger, witnessing
from history.models import Checkpoint

pytestmark = pytest.mark.django_db
WITNESSES = ["luu-tru@example.vn", "bao@example.vn"]


@pytest.fixture
def backdated(monkeypatch):
    """A clock that the checkpoints of a test are signed by."""

    def at(days_ago: int) -> Checkpoint:
        moment = timezone.now() - timedelta(days=days_ago)
        monkeypatch.setattr("history.clock.now", lambda: moment)
        ledger.record(ledger.Entry(stream="unit:x", kind="unit.created", actor="system"))
        made = checkpoints.make()
        monkeypatch.undo()
        return made

    return at


def test_a_finished_day_is_mailed_once(settings, backdated):
    settings.LEDGER_WITNESSES = WITNESSES
    backdated(2)
    last = backdated(1)
    backdated(0)  # the day under way waits for its end
    assert witnessing.mail_finished_day() == last.number
    assert witnessing.mail_finished_day() is None
    (letter,) = mail.outbox
    assert letter.bcc == WITNESSES and not letter.to  # nobody sees who else keeps it
    assert checkpoints.short_code(last.root) in letter.body and last.signature in letter.body
    assert str(last.number) in letter.subject


def test_without_witnesses_or_a_finished_day_nothing_leaves(settings, backdated):
    backdated(1)
    assert witnessing.mail_finished_day() is None
    settings.LEDGER_WITNESSES = WITNESSES
    assert witnessing.mail_finished_day() is not None
    backdated(0)
    assert witnessing.mail_finished_day() is None and len(mail.outbox) == 1


def test_a_letter_that_no_server_takes_is_sent_at_the_next_run(settings, backdated):
    settings.LEDGER_WITNESSES = WITNESSES
    made = backdated(1)
    settings.EMAIL_BACKEND, working = "django.core.mail.backends.smtp.EmailBackend", settings.EMAIL_BACKEND
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(OSError):
        witnessing.mail_finished_day()
    settings.EMAIL_BACKEND = working
    assert witnessing.mail_finished_day() == made.number


def test_paper_bears_the_last_checkpoint_of_the_first_day_that_covers_it(backdated):
    event = ledger.record(ledger.Entry(stream="unit:y", kind="unit.created", actor="system"))
    assert checkpoints.printed_for(event) is None
    backdated(1)
    same_day = backdated(1)
    backdated(0)
    assert checkpoints.printed_for(event) == same_day
