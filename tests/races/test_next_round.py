"""Many open the next year's round at once, or lay down rules for one day: one does, the others are refused."""

from datetime import date
from functools import partial

from django.core.exceptions import ValidationError

from nominations import procedure, programmes
from nominations.models import ProcedurePolicy, Round, RuleSet
from tests import world as w
from tests.races.contest import CONTESTANTS, contest


def test_the_next_round_is_opened_once(world):
    attempt = partial(
        programmes.open_next,
        world.rounds[2026],
        opens=date(2027, 9, 1),
        closes=date(2027, 12, 31),
        by=world["programme_administrator@home"],
    )
    answers = [result.answer for result in contest(w.D2026, [attempt] * CONTESTANTS)]
    assert [answer.year for answer in answers if isinstance(answer, Round)] == [2027]
    assert sum(isinstance(answer, ValidationError) for answer in answers) == CONTESTANTS - 1
    assert (Round.objects.count(), RuleSet.objects.count()) == (3, 2)


def test_rules_of_procedure_for_one_day_are_laid_down_once(world):
    attempt = partial(
        procedure.lay_down,
        valid_from=date(2027, 1, 1),
        supplements_at_most=2,
        reroute_at_intake=False,
        legal_basis="Nghị định",
        by=world["programme_administrator@home"],
    )
    answers = [result.answer for result in contest(w.D2026, [attempt] * CONTESTANTS)]
    assert sum(isinstance(answer, ProcedurePolicy) for answer in answers) == 1
    assert sum(isinstance(answer, ValidationError) for answer in answers) == CONTESTANTS - 1
    assert [policy.valid_to for policy in procedure.policies()] == [date(2027, 1, 1), None]
