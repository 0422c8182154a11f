"""Units that end: each post ends or moves by a recorded act, all or nothing; the tree as on any day."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse

from history import clock
from history.models import Event, EventText
from permissions import grants, reform, unit_tree, units
from permissions.models import Appointment, Officer, PendingAppointment, Unit, UnitParent, UnitSuccessor
from tests import world as w
from tests.pages import enter

pytestmark = pytest.mark.usefixtures("in_2024")
DAY = w.D2024 + timedelta(days=30)


@pytest.fixture
def by(world):
    return world["system_administrator@province"]


@pytest.fixture
def home(world, by):
    """A department that another one carries on for."""
    units.add_successors(
        [UnitSuccessor(old=world.units["department"], new=world.units["home"], on=DAY)], by=by
    )
    units.end_parents([(link, DAY) for link in world.units["base"].parents.all()])
    below = UnitParent(unit=world.units["base"], parent=world.units["home"], valid_from=DAY)
    units.set_parents([below])
    return world.units["department"]


def decided(unit, target=None):
    return {str(c.post.uid): str(target.pk) if target else reform.ENDS for c in reform.choices(unit, DAY)}


def test_posts_move_to_the_successor_or_end_and_old_ones_carry_nothing(world, by, home):
    wanted = decided(home, world.units["home"])
    reviewer = world.post("reviewer@department")
    wanted[str(reviewer.uid)] = reform.ENDS
    ended, moved, proposed = reform.end_unit(home, on=DAY, document="NQ 1", decided=wanted, by=by)
    assert (ended, moved, proposed) == (1, len(wanted) - 1, 0)
    with clock.legal_day(DAY - timedelta(days=1)):
        assert "prepare" in grants.rights_at(world["clerk@department"], home)
    with clock.legal_day(DAY):
        assert not grants.rights_at(world["clerk@department"], home)
        assert "prepare" in grants.rights_at(world["clerk@department"], world.units["home"])
        assert not grants.rights_anywhere(reviewer.officer)
    home.refresh_from_db()
    assert home.valid_to == DAY and home.name == "Sở Y tế"
    event = Event.objects.get(kind="unit.ended")
    assert (event.data["posts_ended"], event.data["posts_moved"]) == (1, len(wanted) - 1)
    assert EventText.objects.get(digest=event.text_digest).body["document"] == "NQ 1"


def test_without_a_choice_for_every_post_nothing_happens(world, by, home):
    wanted = decided(home)
    wanted.popitem()
    before = list(Appointment.objects.order_by("pk").values_list("pk", "valid_to"))
    with pytest.raises(ValidationError):
        reform.end_unit(home, on=DAY, document="NQ 1", decided=wanted, by=by)
    assert list(Appointment.objects.order_by("pk").values_list("pk", "valid_to")) == before
    home.refresh_from_db()
    assert home.valid_to is None


def test_a_decisive_post_moves_only_when_another_administrator_confirms(world, by, home):
    auditor = Officer.objects.create_user("kiem", "Kiểm Toán")
    grants.appoint(auditor, "auditor", home, position="Thanh tra", document="QĐ", valid_from=w.OLD)
    counts = reform.end_unit(home, on=DAY, document="NQ 1", decided=decided(home, world.units["home"]), by=by)
    assert counts[2] == 1
    assert PendingAppointment.objects.get().unit == world.units["home"]
    with clock.legal_day(DAY):
        assert not grants.rights_anywhere(auditor)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"by": "clerk@home"}, PermissionDenied),
        ({"document": ""}, ValidationError),
        ({"on": w.OLD}, ValidationError),
    ],
)
def test_only_an_administrator_ends_a_unit_by_document(world, by, home, changes, error):
    values = {"on": DAY, "document": "NQ 1", "by": by} | changes
    if isinstance(values["by"], str):
        values["by"] = world[values["by"]]
    with pytest.raises(error):
        reform.end_unit(home, decided=decided(home), **values)


def test_units_below_are_led_elsewhere_first(world, by):
    with pytest.raises(ValidationError):
        reform.end_unit(world.units["department"], on=DAY, document="NQ", decided={}, by=by)


def test_the_post_of_a_unit_already_recorded_as_ending_can_move(world, by):
    """The reform of 1 July 2025 is in the tree: the posts were cut at its last day, and are led on by this act."""
    old, new = world.units["station"], world.units["new_station"]
    units.add_successors([UnitSuccessor(old=old, new=new, on=w.REFORM)], by=by)
    wanted = {str(c.post.uid): str(new.pk) for c in reform.choices(old, w.REFORM)}
    assert len(wanted) == 3
    assert reform.end_unit(old, on=w.REFORM, document="NQ 1654", decided=wanted, by=by) == (0, 3, 0)
    with clock.legal_day(w.REFORM):
        assert "prepare" in grants.rights_at(world["clerk@station"], new)


def test_the_tree_is_told_as_on_any_day(world):
    before = {node.unit.code: node for node in unit_tree.as_on(w.REFORM - timedelta(days=1))}
    after = {node.unit.code: node for node in unit_tree.as_on(w.REFORM)}
    assert before["30280"].parent.code == "883" and before["30280"].depth == 2
    assert "883" not in after and after["30292"].depth == 1
    assert w.REFORM in unit_tree.days_of_change()
    assert unit_tree.neighbours(unit_tree.days_of_change(), w.D2024)[1] == w.REFORM


def test_a_unit_is_ended_on_its_pages(world, by, home):
    client = enter(by)
    tree = client.get(reverse("permissions:units"), {"on": "30/06/2025", "q": "my binh"}).content.decode()
    assert "Phường Mỹ Bình" in tree and "Sở Nội vụ" not in tree
    assert (
        "Phường Mỹ Bình"
        not in client.get(reverse("permissions:units"), {"on": "01/07/2025"}).content.decode()
    )
    assert client.get(reverse("permissions:unit", args=[home.pk])).status_code == 200
    url = reverse("permissions:unit_end", args=[home.pk])
    fields = {"on": f"{DAY:%d/%m/%Y}", "document": "NQ 1"}
    shown = client.get(url, fields)
    assert len(shown.context["rows"]) == 5
    refused = client.post(url, fields)
    assert refused.status_code == 422 and "NQ 1" in refused.content.decode()
    choices = {f"post-{uid}": value for uid, value in decided(home, world.units["home"]).items()}
    assert client.post(url, fields | choices).status_code == 302
    home.refresh_from_db()
    assert home.valid_to == DAY
    add = reverse("permissions:add_successor", args=[home.pk])
    values = {"code": "AG.SNV", "on": f"{DAY:%d/%m/%Y}", "document": "NQ 1"}
    assert client.post(add, values).status_code == 422, "recorded already"
    assert client.post(add, values | {"code": "không có"}).status_code == 422
    assert client.post(add, values | {"code": "AG.UBND"}).status_code == 302
    assert enter(world["clerk@home"]).post(add, values).status_code == 403


def test_every_unit_of_old_an_giang_has_a_successor_in_the_files(db):
    """The CSV files hold every district's communes of old An Giang; what ended on 1 July 2025 leads on."""
    call_command("load_units", verbosity=0)
    ended = Unit.objects.filter(valid_to=w.REFORM, kind__in=("commune", "commune_unit", "district_unit"))
    assert ended.filter(kind="commune").count() == 154  # of 155: Mỹ Hòa Hưng goes on unchanged
    assert not ended.filter(kind="commune", successors=None).exists()
    many = [unit for unit in ended if unit.successors.count() > 1]
    assert many, "some communes were split among several"
    new = Unit.objects.filter(valid_from=w.REFORM, kind="commune")
    assert any(unit.predecessors.count() > 2 for unit in new), "and most were merged from several"
