"""Effects follow the commit: written with the act, delivered once, found again when lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from history import clock
from history.ledger import of_stream
from nominations.models import Nomination
from nominations.states import DecisionState, State
from permissions import grants
from tests import pages
from tests import world as w
from workflows import consumers, outbox, tasks
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


def later(message, delta=timedelta(hours=2)):
    """Let the time pass that a message rests."""
    OutboxMessage.objects.filter(pk=message.pk).update(next_look=clock.now() - delta)


def broken(world):
    """A message that cannot be delivered."""
    message = returned(world)
    OutboxMessage.objects.filter(pk=message.pk).update(payload={"nomination": 0})
    return message


def fail(message, times=1):
    for _ in range(times):
        with pytest.raises(Exception, match="does not exist"):
            outbox.deliver(message.pk)
    message.refresh_from_db()


def test_a_failed_delivery_is_counted_and_offered_again_after_a_rest(world):
    message = broken(world)
    fail(message)
    assert (message.attempts, message.delivered, message.set_aside) == (1, None, None)
    assert "DoesNotExist" in message.error
    assert outbox.to_offer() == []
    later(message)
    assert outbox.to_offer() == [message.pk]


def test_rests_grow_and_end_at_an_hour(world):
    message, rests = broken(world), []
    for _ in range(outbox.MOST_ATTEMPTS):
        before = clock.now()
        fail(message)
        rests.append(round((message.next_look - before).total_seconds() / 30))
    assert rests == [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]


def test_what_fails_too_often_is_set_aside_with_its_error_and_never_dropped(world):
    message = broken(world)
    fail(message, outbox.MOST_ATTEMPTS)
    assert message.set_aside and message.delivered is None and "DoesNotExist" in message.error
    later(message)
    assert outbox.to_offer() == [], "it waits for an administrator"
    assert outbox.deliver(message.pk) is False


def test_a_message_that_kills_its_worker_each_time_is_set_aside_too(world, monkeypatch):
    message = returned(world)

    def dies(_message):
        raise SystemExit  # as a kill: nothing after it runs

    with monkeypatch.context() as patch:
        patch.setattr(consumers, "consume", dies)
        for _ in range(outbox.MOST_ATTEMPTS):
            with pytest.raises(SystemExit):
                outbox.deliver(message.pk)
    message.refresh_from_db()
    assert (message.attempts, message.set_aside, message.error) == (outbox.MOST_ATTEMPTS, None, "")
    assert outbox.deliver(message.pk) is False
    message.refresh_from_db()
    assert message.set_aside and message.error


def test_the_administrator_sees_what_was_set_aside_and_has_it_tried_again(world):
    message = broken(world)
    fail(message, outbox.MOST_ATTEMPTS)
    administrator = pages.enter(world["system_administrator@province"])
    page = administrator.get(reverse("workflows:delivery"))
    assert "DoesNotExist" in page.content.decode() and page.context["now"]["set_aside"] == 1
    payload = Nomination.objects.values_list("pk", flat=True).get()
    OutboxMessage.objects.filter(pk=message.pk).update(payload={"nomination": payload})
    administrator.post(reverse("workflows:delivery_retry", kwargs={"uid": message.uid}))
    message.refresh_from_db()
    assert (message.set_aside, message.attempts) == (None, 0)
    event, _text = of_stream("outbox")[-1]
    assert (event.kind, event.actor) == ("outbox.retried", str(world["system_administrator@province"].uid))
    assert outbox.deliver(message.pk) is True
    assert outbox.retry(message.pk, by=world["system_administrator@province"]) is False


def test_nobody_else_sees_or_retries(world):
    message = broken(world)
    fail(message, outbox.MOST_ATTEMPTS)
    for who in ("chairman@province", "auditor@province", "programme_administrator@home"):
        client = pages.enter(world[who])
        assert client.get(reverse("workflows:delivery")).status_code == 403
        answer = client.post(reverse("workflows:delivery_retry", kwargs={"uid": message.uid}))
        assert answer.status_code == 403
    message.refresh_from_db()
    assert message.set_aside


def test_the_sweep_takes_what_was_lost_and_leaves_what_is_fresh(world):
    message = returned(world)
    assert outbox.to_offer() == []
    later(message, timedelta(seconds=1))
    assert outbox.to_offer() == [message.pk]
    outbox.deliver(message.pk)
    later(message)
    assert outbox.to_offer() == []


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
