"""Effects follow the commit: written with the act, delivered once, found again when lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from history import clock
from nominations.states import DecisionState, State
from permissions import grants
from tests import world as w
from workflows import outbox, tasks
from workflows.models import Notice, OutboxMessage

pytestmark = pytest.mark.usefixtures("in_2024")


def hearers(message):
    return set(message.notices.values_list("officer__username", flat=True))


def returned(world):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    w.act(file, "return", world["intake_officer@home"], remarks=[{"text": "Bổ sung"}])
    return OutboxMessage.objects.get()


def test_the_ordinary_way_up_makes_no_noise(world):
    w.walk(world, w.complete_draft(world), State.AWAIT_DECISION)
    assert not OutboxMessage.objects.exists()


def test_a_message_holds_identifiers_only(world):
    message = returned(world)
    assert message.kind == "returned"
    assert set(message.payload) == {"nomination", "handling", "from", "holder", "sent_post", "sent_by"}
    assert message.payload["from"] == State.INTAKE
    assert all(isinstance(value, int) for name, value in message.payload.items() if name != "from")


def test_a_refused_act_leaves_no_message(world):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    with pytest.raises(PermissionDenied):
        w.act(file, "return", world["appraiser@home"], remarks=[{"text": "Bổ sung"}])
    assert not OutboxMessage.objects.exists()


def test_delivering_twice_tells_everybody_once(world):
    message = returned(world)
    assert outbox.deliver(message.pk) is True
    assert hearers(message) == {"clerk.commune", "clerk2.commune", "unit_head.commune", "unit_deputy.commune"}
    assert outbox.deliver(message.pk) is False
    assert Notice.objects.count() == 4
    OutboxMessage.objects.update(delivered=None)  # a worker died between its commit and its acknowledgement
    assert outbox.deliver(message.pk) is True
    assert Notice.objects.count() == 4


def test_who_has_left_hears_nothing(world):
    message = returned(world)
    grants.end_appointment(world.post("clerk2@commune"), on=w.D2024)
    head = world["unit_head@commune"]
    head.is_active = False
    head.save()
    outbox.deliver(message.pk)
    assert hearers(message) == {"clerk.commune", "unit_deputy.commune"}


def test_a_failed_delivery_is_counted_and_offered_again(world):
    message = returned(world)
    OutboxMessage.objects.update(payload={"nomination": 0}, created=clock.now() - timedelta(minutes=5))
    with pytest.raises(Exception, match="does not exist"):
        outbox.deliver(message.pk)
    message.refresh_from_db()
    assert (message.attempts, message.delivered) == (1, None)
    assert "DoesNotExist" in message.error
    assert outbox.undelivered() == [message.pk]
    OutboxMessage.objects.update(attempts=outbox.MOST_ATTEMPTS)
    assert outbox.undelivered() == [], "it waits for an administrator"


def test_the_sweep_takes_what_was_lost_and_leaves_what_is_fresh(world):
    message = returned(world)
    assert outbox.undelivered() == []
    OutboxMessage.objects.update(created=clock.now() - outbox.SWEEP_AFTER - timedelta(seconds=1))
    assert outbox.undelivered() == [message.pk]
    outbox.deliver(message.pk)
    assert outbox.undelivered() == []


def test_the_worker_is_told_on_commit_and_not_before(world, django_capture_on_commit_callbacks, monkeypatch):
    offered = []
    monkeypatch.setattr(tasks.deliver, "delay", offered.append)
    with django_capture_on_commit_callbacks(execute=True):
        message = returned(world)
        assert offered == []
    assert offered == [message.pk]


def test_a_broker_that_is_away_fails_no_act(world, django_capture_on_commit_callbacks, monkeypatch):
    def away(_key):
        raise ConnectionRefusedError("broker")

    monkeypatch.setattr(tasks.deliver, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        returned(world)
    assert OutboxMessage.objects.filter(delivered=None).count() == 1


def test_every_closing_tells_the_unit(world):
    for unit in ("commune", "commune2"):
        w.confirmed(world, unit)
    w.decision(world, DecisionState.PUBLISHED)
    messages = list(OutboxMessage.objects.filter(kind="concluded"))
    for message in messages:
        outbox.deliver(message.pk)
    assert len(messages) == 2
    assert "unit_head.commune2" in hearers(messages[1])
    assert "unit_head.commune" not in hearers(messages[1])
