"""Grants: dated, from a post, at a unit; what ends with the post and what does not."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from history import clock
from history.models import Event
from permissions import grants
from permissions.backends import DatedGrantBackend, PasswordBackend
from permissions.catalogue import ROLES, Right
from permissions.errors import Invalid
from permissions.models import Appointment, Officer, Unit, UnitClosure, UnitGrant, UnitParent
from permissions.units import add_units, set_parents
from tests import world as w

FROM, TO = date(2024, 3, 1), date(2024, 9, 1)


@pytest.fixture
def newcomer(world):
    return Officer.objects.create_user("newcomer", "Lê Văn Mới")


def appoint(world, officer, role="reviewer", unit="district", start=FROM, end=TO):
    return grants.appoint(
        officer, role, world.units[unit], position="Chuyên viên", document="QĐ 12/QĐ-UBND",
        valid_from=start, valid_to=end,
    )  # fmt: skip


def holds(officer, right, unit, day, post=None):
    return grants.units_where(officer, right, day=day, post=post).filter(content_object=unit).exists()


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (FROM - timedelta(days=1), False),
        (FROM, True),
        (TO - timedelta(days=1), True),
        (TO, False),
    ],
)
def test_a_post_carries_its_rights_on_its_days(world, newcomer, day, held):
    appoint(world, newcomer)
    district = world.units["district"]
    assert holds(newcomer, Right.REVIEW, district, day) is held
    assert (newcomer in grants.holders(Right.REVIEW, district, day=day)) is held
    assert bool(grants.rights_at(newcomer, district, day=day)) is held
    with clock.legal_day(day):
        assert newcomer.has_perm("permissions.review", district) is held
        assert grants.posts_with(newcomer, Right.REVIEW, district).exists() is held


def test_a_post_carries_the_rights_of_its_role_at_its_unit_and_no_others(world, newcomer):
    appoint(world, newcomer)
    day = FROM
    assert grants.rights_at(newcomer, world.units["district"], day=day) == {"read", "review"}
    for name, unit in world.units.items():
        if name != "district":
            assert grants.rights_at(newcomer, unit, day=day) == set(), name


@pytest.mark.parametrize("name", ROLES)
def test_every_role_gives_exactly_the_rights_of_the_table(world, name):
    role = ROLES[name]
    unit = next(unit for unit in world.units.values() if unit.kind in role.sits_on)
    officer = Officer.objects.create_user("holder", "Lê Văn Giữ")
    grants.appoint(officer, name, unit, position=name, document="QĐ", valid_from=unit.valid_from)
    assert grants.rights_at(officer, unit, day=unit.valid_from) == {right.value for right in role.rights}


def test_two_posts_are_two_grants_and_ending_one_leaves_the_other(world, newcomer):
    """What guardian's own rows cannot hold (tests/test_vendor.py)."""
    one, two = appoint(world, newcomer), appoint(world, newcomer, "body_head", end=None)
    district = world.units["district"]
    assert list(grants.posts_with(newcomer, Right.READ, district, day=FROM)) == [one, two]
    with clock.legal_day(FROM):
        assert grants.post_with(newcomer, Right.READ, district) == one
    assert not holds(newcomer, Right.REVIEW, district, FROM, post=two)
    grants.end_appointment(one, on=date(2024, 5, 1))
    assert holds(newcomer, Right.READ, district, date(2024, 5, 1))
    assert not holds(newcomer, Right.REVIEW, district, date(2024, 5, 1))
    assert holds(newcomer, Right.REVIEW, district, date(2024, 4, 30)), "what was lawful then stays so"


def test_the_same_post_twice_on_one_day_is_refused(world, newcomer):
    appoint(world, newcomer)
    with pytest.raises(IntegrityError), transaction.atomic():
        appoint(world, newcomer)


def test_an_inactive_officer_holds_nothing(world, newcomer):
    appoint(world, newcomer)
    newcomer.is_active = False
    newcomer.save()
    district = world.units["district"]
    assert not holds(newcomer, Right.REVIEW, district, FROM)
    assert newcomer not in grants.holders(Right.REVIEW, district, day=FROM)
    assert grants.rights_at(newcomer, district, day=FROM) == set()


def test_a_role_sits_only_on_its_kinds_of_unit(world, newcomer):
    for role, unit in (("chairman", "commune"), ("records_clerk", "home"), ("reviewer", "school")):
        with pytest.raises(Invalid):
            appoint(world, newcomer, role, unit)
    assert not Appointment.objects.filter(officer=newcomer).exists()


def test_a_post_lies_within_the_days_of_its_unit(world, newcomer):
    with pytest.raises(Invalid):
        appoint(world, newcomer, "clerk", "new_commune", start=date(2025, 6, 30), end=None)
    post = appoint(world, newcomer, "clerk", "commune", end=None)
    assert post.valid_to == w.REFORM, "the post ends with its unit"
    assert set(UnitGrant.objects.filter(appointment=post).values_list("valid_to", flat=True)) == {w.REFORM}


def test_a_post_ends_on_its_first_day_at_the_earliest(world, newcomer):
    post = appoint(world, newcomer)
    with pytest.raises(ValidationError):
        grants.end_appointment(post, on=FROM - timedelta(days=1))
    assert grants.posts_with(newcomer, Right.REVIEW, post.unit, day=FROM).exists()


def test_a_post_given_by_mistake_ends_at_once_and_never_held(world, newcomer):
    """Also on the very day on which it began; the right post can then be given from the same day."""
    post = appoint(world, newcomer)
    grants.end_appointment(post, on=FROM)
    assert post.never_held
    for day in (FROM - timedelta(days=1), FROM, FROM + timedelta(days=1)):
        assert not grants.posts_with(newcomer, Right.REVIEW, post.unit, day=day).exists()
        assert not grants.posts_of(newcomer, day=day).exists()
    assert appoint(world, newcomer).pk != post.pk


def test_appointments_are_events_with_their_document(world, newcomer):
    post = appoint(world, newcomer)
    grants.end_appointment(post, on=date(2024, 5, 1), by=world["system_administrator@province"])
    made, ended = Event.objects.filter(stream=f"officer:{newcomer.uid}").order_by("sequence")
    assert (made.kind, made.role, made.data["rights"]) == ("appointment.made", "reviewer", ["read", "review"])
    assert (ended.kind, ended.data["to"]) == ("appointment.ended", "2024-05-01")
    assert ended.actor == str(world["system_administrator@province"].uid)


def test_there_is_no_superuser(world, newcomer):
    newcomer.is_superuser = newcomer.is_staff = True
    assert not newcomer.has_perm("permissions.read", world.units["district"])
    assert not newcomer.has_perm("permissions.read")
    assert not PasswordBackend().has_perm(newcomer, "permissions.read", world.units["district"])


def test_nobody_and_anything_else_is_answered_no(world):
    backend = DatedGrantBackend()
    assert not backend.has_perm(AnonymousUser(), "permissions.read", world.units["district"])
    assert not backend.has_perm(world["reviewer@district"], "permissions.read", None)
    assert not backend.has_perm(world["reviewer@district"], "permissions.read", world.programme)
    assert backend.get_all_permissions(AnonymousUser(), world.units["district"]) == set()


def under(world, who, day):
    found = grants.units_under(world[who], Right.AUDIT, day=day)
    return {name for name, unit in world.units.items() if unit.pk in {row["unit"] for row in found}}


def test_a_subtree_holds_what_stood_below_even_after_its_end(world):
    """The auditor of the province audits the files of a commune that no longer exists."""
    assert under(world, "auditor@province", w.D2026) == set(world.units)


def test_the_tree_is_dated(world):
    """Who stands above whom depends on the day; circles and double parents are refused."""
    commune, district, province = (world.units[name] for name in ("commune", "district", "province"))
    rows = UnitClosure.objects.filter(unit=commune).order_by("depth")
    assert [(row.ancestor, row.depth, row.valid_to) for row in rows] == [
        (commune, 0, w.REFORM),
        (district, 1, w.REFORM),
        (province, 2, w.REFORM),
    ]
    with pytest.raises(Invalid):
        set_parents([UnitParent(unit=commune, parent=world.units["district2"], valid_from=FROM)])
    with pytest.raises(Invalid), transaction.atomic():
        set_parents([UnitParent(unit=province, parent=commune, valid_from=w.OLD)])


def test_a_code_belongs_to_one_unit_at_a_time(world):
    """Codes are used again after the reform, never at once."""
    again = Unit(code="30280", kind="commune", name="Phường mới", valid_from=w.REFORM)
    assert add_units([again])[0].pk
    with pytest.raises(Invalid):
        add_units([Unit(code="30280", kind="commune", name="Thêm", valid_from=date(2030, 1, 1))])
