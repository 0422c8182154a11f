"""Delegation can only shrink: what is held, to another post, for days within both; ended by either post's end."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from history import clock
from history.models import Event
from permissions import delegations, grants
from permissions.catalogue import DELEGABLE, ROLES, Right
from permissions.models import Delegation
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")
LAST = w.D2024 + timedelta(days=10)


def give(world, giver, taker, *rights, by=None, **changes):
    post = world.post(giver)
    values = {"valid_from": w.D2024, "valid_to": LAST, "reason": "Đi công tác", "document": "GUQ 5"}
    return delegations.give(post, world.post(taker), rights, by=by or post.officer, **(values | changes))


def may(world, who, right, unit="home", day=w.D2024):
    return right in grants.rights_at(world[who], world.units[unit], day=day)


def test_what_is_delegated_is_held_for_its_days_with_reading(world):
    made = give(world, "director@home", "clerk@home", "submit_decision")
    for day, held in (
        (w.D2024 - timedelta(days=1), False),
        (w.D2024, True),
        (LAST - timedelta(days=1), True),
        (LAST, False),
    ):
        assert may(world, "clerk@home", "submit_decision", day=day) is held
        assert may(world, "clerk@home", "read_decisions", day=day) is held
    assert may(world, "director@home", "submit_decision"), "who delegates still may"
    assert made.form == "TUQ"
    event = Event.objects.get(stream=f"delegation:{made.uid}")
    assert (event.kind, event.data["rights"], event.actor) == (
        "delegation.given", ["submit_decision"], str(world["director@home"].uid),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("giver", "taker", "right", "form"),
    [
        ("director@home", "deputy_director@home", "submit_decision", "KT"),
        ("chairman@province", "deputy_chairman@province", "sign_decision", "KT"),
        ("unit_head@commune", "unit_deputy@commune", "sign_proposal", "KT"),
        ("director@home", "head_of_division@home", "submit_decision", "TL"),
        ("chairman@province", "director@home", "sign_decision", "TL"),
    ],
)
def test_the_form_is_that_of_the_law(world, giver, taker, right, form):
    assert give(world, giver, taker, right, form="TL").form == form


@pytest.mark.parametrize(
    ("giver", "taker", "right", "field"),
    [
        ("director@home", "clerk@home", "confirm", "rights"),  # not held
        ("appraiser@home", "clerk@home", "appraise", "rights"),  # the work of a step is assigned
        ("system_administrator@province", "auditor@province", "manage_accounts", "rights"),
        ("auditor@province", "chairman@province", "audit", "rights"),
        ("director@home", "clerk@department", "submit_decision", "to_post"),  # another branch
        ("director@home", "chairman@province", "submit_decision", "to_post"),  # upwards
        ("director@home", "director@home", "submit_decision", "to_post"),
    ],
)
def test_more_than_is_held_or_elsewhere_is_refused(world, giver, taker, right, field):
    with pytest.raises(ValidationError) as caught:
        give(world, giver, taker, right)
    assert list(caught.value.message_dict) == [field]
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": w.D2024 - timedelta(days=1)}, "valid_from"),
        ({"valid_to": w.D2024}, "valid_to"),
        ({"valid_to": w.D2024 + timedelta(days=400)}, "valid_to"),
        ({"reason": " "}, "reason"),
        ({"document": ""}, "document"),
    ],
)
def test_days_reason_and_document_are_owed(world, changes, field):
    with pytest.raises(ValidationError) as caught:
        give(world, "director@home", "clerk@home", "submit_decision", **changes)
    assert list(caught.value.message_dict) == [field]


def test_only_the_holder_gives_and_what_was_taken_is_not_handed_on(world):
    with pytest.raises(PermissionDenied):
        give(world, "director@home", "clerk@home", "submit_decision", by=world["clerk@home"])
    give(world, "director@home", "head_of_division@home", "submit_decision")
    with pytest.raises(ValidationError):
        give(world, "head_of_division@home", "clerk@home", "submit_decision")
    with pytest.raises(PermissionDenied):
        give(world, "director@home", "clerk@home", "submit_decision", by=world["head_of_division@home"])


@pytest.mark.parametrize("ended", ["director@home", "clerk@home"])
def test_it_ends_at_once_with_either_post(world, ended):
    made = give(world, "director@home", "clerk@home", "submit_decision")
    grants.end_appointment(world.post(ended), on=w.D2024, by=world["system_administrator@province"])
    assert not may(world, "clerk@home", "submit_decision")
    made.refresh_from_db()
    assert made.never_held
    kinds = list(Event.objects.filter(stream=f"delegation:{made.uid}").values_list("kind", flat=True))
    assert kinds == ["delegation.given", "delegation.ended"]


@pytest.mark.parametrize("who", ["director@home", "clerk@home", "system_administrator@province"])
def test_giver_taker_and_administrator_end_it_at_once(world, who):
    made = give(world, "director@home", "clerk@home", "submit_decision")
    delegations.end(made, by=world[who])
    assert not may(world, "clerk@home", "submit_decision")
    with pytest.raises(ValidationError):
        delegations.end(made, by=world[who])


def test_nobody_else_ends_it_and_what_ended_before_is_not_prolonged(world):
    made = give(world, "director@home", "clerk@home", "submit_decision")
    with pytest.raises(PermissionDenied):
        delegations.end(made, by=world["auditor@province"])
    with clock.legal_day(LAST + timedelta(days=5)):
        grants.end_appointment(world.post("director@home"), on=LAST + timedelta(days=5))
    made.refresh_from_db()
    assert made.valid_to == LAST


def test_what_can_be_delegated_is_the_heads_alone():
    work = {
        Right.PREPARE,
        Right.REVIEW,
        Right.RECEIVE,
        Right.APPRAISE,
        Right.CHECK_DECISION,
        Right.ISSUE_NUMBER,
    }
    assert not DELEGABLE & (work | {Right.AUDIT, Right.MANAGE_ACCOUNTS, Right.MANAGE_PROGRAMME, Right.READ})
    assert {right for role in ROLES.values() for right in role.rights} >= DELEGABLE


def test_it_ends_at_midnight_in_viet_nam(world):
    give(world, "director@home", "clerk@home", "submit_decision", valid_to=date(2024, 11, 6))
    assert may(world, "clerk@home", "submit_decision", day=date(2024, 11, 5))
    assert not may(world, "clerk@home", "submit_decision", day=date(2024, 11, 6))
