"""Ways back at the same moment: a recall and an opening, eight claims, a withdrawal and a list being made."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from nominations.content import seen_digest
from nominations.models import AwardDecision, DecisionLine, Nomination
from nominations.states import State
from permissions import grants
from tests import world as w
from tests.races.contest import CONTESTANTS, contest
from workflows import engine, opening
from workflows.errors import StaleState
from workflows.flows import DecisionFlow

REFUSED = (PermissionDenied, StaleState, ValidationError)


def acting(file, action, officer, **payload):
    return partial(
        engine.act, engine.task_of(file), action, actor=officer, payload=payload, seen=seen_digest(file)
    )


def answers(results):
    return [result.answer for result in results]


def test_a_recall_and_an_opening_at_once_do_not_both_win(world, in_2024):
    for _round in range(8):
        file = w.walk(world, w.complete_draft(world), State.REVIEW)
        page = Nomination.objects.get(pk=file.pk)
        results = contest(
            w.D2024,
            [
                acting(file, "recall", world["unit_head@commune"]),
                partial(opening.mark, page, world["reviewer@district"]),
            ],
        )
        file.refresh_from_db()
        recalled = not any(isinstance(answer, Exception) for answer in answers(results))
        assert recalled == (file.state == State.SIGN_PROPOSAL)
        if recalled:
            assert file.opened_at is None
        else:
            assert file.opened_by == world["reviewer@district"]


def test_a_recall_and_the_next_act_at_once_leave_one_winner(world, in_2024):
    for _round in range(6):
        file = w.walk(world, w.complete_draft(world), State.INTAKE)
        results = contest(
            w.D2024,
            [
                acting(file, "recall", world["body_head@district"]),
                acting(file, "accept", world["intake_officer@home"]),
            ],
        )
        lost = [answer for answer in answers(results) if isinstance(answer, Exception)]
        assert len(lost) == 1
        assert isinstance(lost[0], REFUSED)


def test_one_of_eight_claims_wins(world, in_2024):
    people = [world["appraiser@home"], world["appraiser2@home"]]
    for number in range(CONTESTANTS - 2):
        officer = type(people[0]).objects.create_user(f"them{number}", f"Lê Văn {number}")
        grants.appoint(
            officer, "appraiser", world.units["home"], position="CV", document="QĐ", valid_from=w.OLD
        )
        people.append(officer)
    for _round in range(3):
        file = w.walk(world, w.complete_draft(world), State.APPRAISE)
        results = contest(w.D2024, [acting(file, "claim", officer) for officer in people])
        won = [answer for answer in answers(results) if not isinstance(answer, Exception)]
        assert len(won) == 1
        file.refresh_from_db()
        assert file.handlings.filter(action="claim").count() == 1


@pytest.mark.parametrize("how", ["open", "refill"])
def test_a_file_is_withdrawn_or_put_on_the_list_but_not_both(world, in_2024, how):
    head, unit_head = world["head_of_division@home"], world["unit_head@commune"]
    for _round in range(5):
        if how == "refill":
            w.confirmed(world, "commune2")
            decision = w.decision(world)
        file = w.confirmed(world)
        listing = (
            acting(decision, "refill", head)
            if how == "refill"
            else partial(engine.open, DecisionFlow, AwardDecision(round=world.round), actor=head)
        )
        contest(w.D2024, [listing, acting(file, "withdraw", unit_head, note="Rút")])
        file.refresh_from_db()
        on_list = DecisionLine.objects.filter(nominee__nomination=file, live=True).exists()
        assert on_list == (file.state == State.AWAIT_DECISION)
        for opened in AwardDecision.objects.filter(state="compile"):
            w.act(opened, "abandon", head, note="Lập lại")
        for left in Nomination.objects.filter(state=State.AWAIT_DECISION).select_related("unit"):
            w.act(left, "withdraw", world[f"unit_head@{world.place(left.unit)}"], note="Rút")


def test_two_decisions_that_touch_one_file_do_not_wait_for_each_other_for_ever(world, in_2024):
    """Both take a nominee of the same file off; the locks have one order, so both end."""
    head = world["head_of_division@home"]
    for _round in range(4):
        file = w.confirmed(world, nominees=2)
        one = w.decision(world)
        first, _second = (line.nominee for line in one.lines.all())
        w.act(one, "leave_off", head, line=str(first.uid), note="Sang quyết định khác")
        two = w.decision(world)
        results = contest(
            w.D2024,
            [acting(one, "abandon", head, note="Bỏ"), acting(two, "abandon", head, note="Bỏ")],
        )
        assert not [answer for answer in answers(results) if isinstance(answer, Exception)]
        w.act(file, "withdraw", world["unit_head@commune"], note="Rút")
