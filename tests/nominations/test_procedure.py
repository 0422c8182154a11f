"""The rules of procedure: one policy for each legal day, laid down ahead by who may, and recorded."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from history import clock, kinds, ledger
from nominations import procedure, programmes
from nominations.models import ProcedurePolicy
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2026")
NEXT = date(2027, 1, 1)
STORED = {
    "valid_from": "2023-01-01",
    "supplements_at_most": 1,
    "reroute_at_intake": True,
    "legal_basis": "Thủ tục hành chính",
}


def lay_down(world, who: str = "programme_administrator@home", **changes) -> ProcedurePolicy:
    given = {
        "valid_from": NEXT,
        "supplements_at_most": 2,
        "reroute_at_intake": False,
        "legal_basis": "Nghị định 1/2027/NĐ-CP",
    } | changes
    return procedure.lay_down(**given, by=world[who])


def events() -> list:
    return [(event.kind, event.data, text) for event, text in ledger.of_stream(procedure.STREAM)]


def test_the_programme_brings_the_first_rules_and_they_are_recorded(world):
    policy = procedure.in_force(clock.today())
    assert (policy.supplements_at_most, policy.reroute_at_intake) == (1, True)
    assert "01 lần" in policy.legal_basis and policy.valid_to is None
    [(kind, data, text)] = events()
    assert kind == kinds.RULES_CHANGED
    assert data == {"from": "2023-01-01", "supplements_at_most": 1, "reroute_at_intake": True}
    assert text == {"legal_basis": policy.legal_basis, "by": ""}


def test_nothing_is_in_force_before_the_first_day(world):
    assert procedure.in_force(date(2022, 12, 31)) is None
    assert procedure.in_force(date(2023, 1, 1)) is not None


def test_loading_again_leaves_what_the_administrators_have_made(world):
    lay_down(world)
    before = list(procedure.policies().values())
    assert procedure.load(STORED | {"supplements_at_most": 9}).supplements_at_most == 1
    assert list(procedure.policies().values()) == before
    assert len(events()) == 2


def test_new_rules_end_those_before_the_day_before(world):
    new = lay_down(world)
    old = procedure.in_force(NEXT - timedelta(days=1))
    assert (old.supplements_at_most, old.last_day) == (1, date(2026, 12, 31))
    assert procedure.in_force(NEXT) == new and new.valid_to is None
    later = lay_down(world, valid_from=date(2028, 1, 1), supplements_at_most=0)
    assert [policy.valid_to for policy in procedure.policies()] == [NEXT, later.valid_from, None]


def test_laying_down_is_recorded_with_who_what_and_on_which_basis(world):
    lay_down(world)
    kind, data, text = events()[-1]
    assert kind == kinds.RULES_CHANGED
    assert data == {
        "from": "2027-01-01",
        "supplements_at_most": 2,
        "reroute_at_intake": False,
        "follows": "2023-01-01",
    }
    administrator = world["programme_administrator@home"]
    assert text == {"legal_basis": "Nghị định 1/2027/NĐ-CP", "by": administrator.full_name}


def test_rules_may_begin_today(world):
    assert lay_down(world, valid_from=clock.today()) == procedure.in_force(clock.today())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("valid_from", date(2026, 11, 23)),  # yesterday
        ("valid_from", date(2022, 12, 31)),
        ("supplements_at_most", -1),
        ("supplements_at_most", 10),
        ("legal_basis", "  "),
    ],
)
def test_a_fault_names_its_field_and_nothing_is_written(world, field, value):
    with pytest.raises(ValidationError) as refused:
        lay_down(world, **{field: value})
    assert list(refused.value.message_dict) == [field]
    assert procedure.policies().get().valid_to is None
    assert len(events()) == 1


@pytest.mark.parametrize("day", [NEXT, NEXT - timedelta(days=1)])
def test_new_rules_begin_after_the_latest_even_when_those_are_still_to_come(world, day):
    lay_down(world)
    with pytest.raises(ValidationError) as refused:
        lay_down(world, valid_from=day)
    assert "01/01/2027" in refused.value.message_dict["valid_from"][0]
    assert procedure.policies().count() == len(events()) == 2


@pytest.mark.parametrize("who", ["director@home", "clerk@new_commune", "system_administrator@province"])
def test_others_lay_down_nothing(world, who):
    assert not procedure.may_lay_down(world[who])
    with pytest.raises(PermissionDenied):
        lay_down(world, who)
    assert procedure.policies().count() == len(events()) == 1


def test_the_database_holds_one_policy_a_first_day(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedurePolicy.objects.create(**STORED)


def test_a_programme_that_exists_already_gets_its_first_rules(world):
    procedure.policies().delete()
    programmes.load(json.loads(w.PROGRAMME.read_text(encoding="utf-8")))
    assert procedure.policies().count() == 1 and world.programme.rounds.count() == 2
