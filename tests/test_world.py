"""The world of the tests is made in bulk; it must be the world the product makes."""

import pytest

from history import clock
from nominations import checks
from nominations.file import read
from nominations.states import DecisionState, State
from permissions import grants
from permissions.models import Officer, UnitGrant
from tests import world as w

pytestmark = pytest.mark.django_db


def test_bulk_grants_are_those_of_appoint():
    world = w.build()
    newcomer = Officer.objects.create_user("newcomer", "Lê Văn Mới")
    grants.appoint(
        newcomer,
        "reviewer",
        world.units["district"],
        position="Chuyên viên",
        document="QĐ 2",
        valid_from=w.OLD,
    )

    def rows(officer):
        return set(
            UnitGrant.objects.filter(user=officer).values_list(
                "permission__codename", "content_object", "valid_from", "valid_to"
            )
        )

    assert rows(newcomer) == rows(world["reviewer@district"]) != set()


def test_a_complete_draft_passes_every_check_and_walks_to_publication():
    world = w.build()
    with clock.legal_day(w.D2024):
        draft = w.complete_draft(world, nominees=2)
        assert all(result.passed for result in checks.run(read(draft)))
        w.walk(world, draft, State.AWAIT_DECISION)
        decision = w.decision(world, DecisionState.PUBLISHED)
        draft.refresh_from_db()
    assert decision.state == DecisionState.PUBLISHED
    assert draft.state == State.CLOSED
