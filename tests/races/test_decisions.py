"""Two signatures at once keep the quota; two clerks at once leave no gap."""

from functools import partial

from django.core.exceptions import ValidationError

from nominations import ranking
from nominations.content import seen_digest
from nominations.models import DecisionLine, RegisterNumber
from nominations.states import DecisionState
from tests import world as w
from tests.races.contest import contest
from workflows import engine
from workflows.flows import DecisionFlow


def _signing(decision, officer):
    return partial(engine.act, engine.task_of(decision), "sign", actor=officer, seen=seen_digest(decision))


def test_two_decisions_of_one_round_signed_at_once_keep_the_quota(world, in_2024):
    """The quota shrinks after both lists were made; then only one of them still fits."""
    for number in range(6):
        w.confirmed(world, nominees=[{"name": f"Trần Văn {number}"}])
    first = w.decision(world)
    keep = list(first.lines.order_by("rank").values_list("pk", flat=True)[:3])
    DecisionLine.objects.filter(decision=first).exclude(pk__in=keep).delete()
    second = w.decision(world)
    world.round.quotas.filter(kind="individual").update(count=4)
    for decision in (first, second):
        w.walk(world, decision, DecisionState.SIGN)
    chairman, deputy = world["chairman@province"], world["deputy_chairman@province"]
    results = contest(w.D2024, [_signing(first, chairman), _signing(second, deputy)])
    refused = [result.answer for result in results if isinstance(result.answer, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], ValidationError)
    signed = ranking.used(world.round, (DecisionState.ISSUE_NUMBER,))
    assert signed["individual"] == 3


def test_two_clerks_at_once_take_two_numbers_without_a_gap(world, in_2024):
    clerks = [world["records_clerk@office"], world["records_clerk2@office"]]
    taken = 0
    for _round in range(3):
        decisions = []
        for number in range(2):
            w.confirmed(world, nominees=[{"name": f"Lê Văn {number}"}])
            decisions.append(w.decision(world, DecisionState.ISSUE_NUMBER))
        results = contest(
            w.D2024,
            [
                partial(
                    engine.act,
                    engine.task_of(decision),
                    "issue_number",
                    actor=clerk,
                    seen=seen_digest(decision),
                )
                for decision, clerk in zip(decisions, clerks, strict=True)
            ],
        )
        assert not [result.answer for result in results if isinstance(result.answer, Exception)]
        taken += 2
        numbers = list(RegisterNumber.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, taken + 1))


def test_two_compilers_at_once_do_not_take_the_same_nominee(world, in_2024):
    w.confirmed(world, nominees=2)
    people = [world["head_of_division@home"], world["head_of_division@home"]]
    results = contest(
        w.D2024,
        [
            partial(engine.open, DecisionFlow, w.AwardDecision(round=world.round), actor=officer)
            for officer in people
        ],
    )
    refused = [result.answer for result in results if isinstance(result.answer, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], ValidationError)
    assert DecisionLine.objects.filter(live=True).count() == 2
