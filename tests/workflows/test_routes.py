"""The route is data: who manages the unit, its kind, and the legal day on which the proposal is signed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from history import clock
from nominations import routes
from nominations.models import RouteLeg
from nominations.states import State
from permissions.models import UnitParent
from permissions.units import set_parents
from tests import world as w

# day, proposing unit, the bodies that review
ROUTES = [
    (w.D2024, "commune", ["district"]),
    (w.D2024, "commune2", ["district2"]),
    (w.D2024, "school", ["district"]),
    (w.D2024, "station", ["commune", "district"]),
    (w.D2024, "district", []),
    (w.D2024, "department", []),
    (w.D2024, "base", ["department"]),
    (w.D2024, "agency", []),
    (w.D2024, "front", []),
    (w.D2024, "office", []),
    (w.D2026, "new_commune", []),
    (w.D2026, "new_station", ["new_commune"]),
    (w.D2026, "department", []),
    (w.D2026, "base", ["department"]),
    (w.D2026, "agency", []),
    (w.D2026, "front", []),
]


@pytest.mark.parametrize(("day", "unit", "bodies"), ROUTES)
def test_a_file_goes_through_the_bodies_of_its_day_and_then_to_intake(world, day, unit, bodies):
    with clock.legal_day(day):
        file = w.walk(world, w.complete_draft(world, unit), State.SIGN_PROPOSAL)
        w.act(file, "submit", world[f"unit_head@{unit}"])
        walked = []
        while file.state == State.REVIEW:
            walked.append(world.place(file.holder))
            w.act(file, "forward", world.walker(file))
            assert (file.state, world.place(file.holder)) == (State.ENDORSE, walked[-1])
            w.act(file, "endorse", world.walker(file))
    assert walked == bodies
    assert (file.state, file.holder) == (State.INTAKE, world.units["home"])
    assert file.received_at is not None
    legs = RouteLeg.objects.filter(nomination=file).order_by("n")
    assert [world.place(leg.unit) for leg in legs] == bodies
    assert all(leg.arrived and leg.left for leg in legs)


def test_the_district_level_ends_on_the_last_day_of_june_2025(world):
    """Half-open: the day before the reform still goes through the district."""
    assert routes.resolve(world.units["commune"], date(2025, 6, 30)) == [world.units["district"]]
    assert routes.resolve(world.units["new_commune"], date(2025, 7, 1)) == []


def test_a_unit_above_which_the_wanted_body_is_missing_is_refused_in_words(world):
    with pytest.raises(ValidationError) as caught:
        routes.resolve(world.units["commune"], date(2022, 12, 31))  # before any policy
    assert "31/12/2022" in str(caught.value)
    UnitParent.objects.filter(unit=world.units["base"]).delete()
    set_parents([UnitParent(unit=world.units["base"], parent=world.units["province"], valid_from=w.OLD)])
    with pytest.raises(ValidationError) as caught:
        routes.resolve(world.units["base"], w.D2026)
    assert world.units["base"].name in str(caught.value)


def test_a_submission_without_a_route_is_refused_whole(world, in_2024):
    UnitParent.objects.filter(unit=world.units["commune"]).delete()
    set_parents([])
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    with pytest.raises(ValidationError):
        w.act(file, "submit", world["unit_head@commune"])
    assert file.version == 0
    assert not RouteLeg.objects.exists()
