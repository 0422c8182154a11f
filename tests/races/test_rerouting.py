"""Two officers lead the same files on at once: one carries out all of it, the other nothing."""

from functools import partial

from history import clock
from nominations.models import Handling
from nominations.states import State
from permissions.models import UnitSuccessor
from permissions.units import add_successors
from tests import world as w
from tests.races.contest import contest
from workflows import rerouting
from workflows.errors import Busy, OneRefused


def test_one_leads_all_on_and_the_other_nothing(world):
    add_successors([UnitSuccessor(old=world.units["commune"], new=world.units["new_commune"], on=w.REFORM)])
    with clock.legal_day(w.D2024):
        for state in (State.SIGN_PROPOSAL, State.REVIEW, State.ENDORSE, State.REVIEW):
            w.walk(world, w.complete_draft(world), state)
    heads = [world["head_of_division@home"], world["head_of_division2@home"]]
    with clock.legal_day(w.REFORM):
        tries = []
        for head in heads:
            landings = rerouting.plan(head, w.REFORM)
            chosen = {item.file.pk: item.proposed for item in landings}
            seen = {item.file.pk: rerouting.digest_of(item) for item in landings}
            tries.append(partial(rerouting.carry_out, landings, chosen, seen, note="Cải cách", actor=head))
    results = [result.answer for result in contest(w.REFORM, tries)]
    assert sorted(isinstance(answer, list) for answer in results) == [False, True]
    assert any(isinstance(answer, OneRefused | Busy) for answer in results)
    led = Handling.objects.filter(action__in=("reroute", "hand_over"))
    assert led.count() == 4 and led.values("officer").distinct().count() == 1
