"""The audit of rights is the grants in force, on any day; exported safely, and the export is recorded."""

import csv
import io
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from history.models import Event
from permissions import audit, delegations, grants
from permissions.models import UnitGrant
from tests import world as w
from tests.pages import enter

pytestmark = pytest.mark.usefixtures("in_2024")


@pytest.mark.parametrize("day", [w.OLD, w.D2024, w.REFORM - timedelta(days=1), w.REFORM, w.D2026])
def test_it_is_the_grants_in_force_on_any_day(world, day):
    rows = list(audit.rows(audit.find(day)))
    assert len(rows) == UnitGrant.objects.on(day).count() > 50
    for row in rows[::37]:
        officer = next(o for o in world.people.values() if o.username == row.username)
        unit = next(u for u in world.units.values() if u.code == row.unit_code and u.name == row.unit)
        assert row.right in grants.rights_at(officer, unit, day=day)


def test_it_tells_the_source_and_a_delegation(world):
    giver = world.post("director@home")
    delegations.give(
        giver, world.post("clerk@home"), ["submit_decision"], valid_from=w.D2024,
        valid_to=w.D2024 + timedelta(days=3), reason="Đi công tác", document="GUQ 4", by=giver.officer,
    )  # fmt: skip
    rows = list(audit.rows(audit.find(w.D2024, officer=world["clerk@home"], right="submit_decision")))
    assert [(row.delegated_by, row.delegation_document, row.role) for row in rows] == [
        (giver.officer.full_name, "GUQ 4", "director")
    ]


def test_filters_narrow(world):
    district = world.units["district"]
    at = {row.unit_code for row in audit.rows(audit.find(w.D2024, unit=district))}
    below = {row.unit_code for row in audit.rows(audit.find(w.D2024, unit=district, below=True))}
    assert at == {district.code} and at < below
    assert {row.role for row in audit.rows(audit.find(w.D2024, role="reviewer"))} == {"reviewer"}
    assert {row.right for row in audit.rows(audit.find(w.D2024, right="endorse"))} == {"endorse"}
    name = world["chairman@province"].full_name
    assert {row.officer for row in audit.rows(audit.find(w.D2024, words=name.lower()))} == {name}


def test_the_page_narrows_and_the_csv_holds_every_row(world):
    client = enter(world["system_administrator@province"])
    url = reverse("permissions:audit")
    assert (
        world["chairman@province"].full_name in client.get(url, {"right": "sign_decision"}).content.decode()
    )
    assert client.get(url, {"unit": "không có"}).context["form"].errors
    sent = b"".join(client.get(url, {"format": "csv", "right": "sign_decision"}).streaming_content).decode()
    assert sent.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(sent.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == audit.HEADS
    assert len(rows) - 1 == audit.find(w.D2024, right="sign_decision").count()
    event = Event.objects.get(kind="grants.exported")
    assert event.data["rows"] == len(rows) - 1


def test_no_cell_is_taken_for_a_formula(world):
    officer = world["clerk@home"]
    officer.full_name = '=HYPERLINK("http://x")'
    officer.save()
    client = enter(world["system_administrator@province"])
    sent = b"".join(client.get(reverse("permissions:audit"), {"format": "csv"}).streaming_content).decode()
    names = {row[1] for row in csv.reader(io.StringIO(sent.removeprefix("\ufeff")))}
    assert '\'=HYPERLINK("http://x")' in names


def test_the_command_says_the_same(world):
    out = StringIO()
    call_command("audit_grants", "--right", "sign_decision", "--csv", stdout=out)
    assert len(out.getvalue().strip().splitlines()) - 1 == audit.find(w.D2024, right="sign_decision").count()
    out = StringIO()
    call_command(
        "audit_grants", "--officer", world["chairman@province"].username, "--on", "2026-11-24", stdout=out
    )
    assert "sign_decision" in out.getvalue()
    for wrong in (["--officer", "nobody"], ["--unit", "nowhere"]):
        with pytest.raises(CommandError):
            call_command("audit_grants", *wrong)


def test_who_can_act_is_told_with_post_and_since(world):
    client = enter(world["system_administrator@province"])
    page = client.get(reverse("permissions:holders"), {"unit": world.units["home"].code, "right": "appraise"})
    text = page.content.decode()
    assert world["appraiser@home"].full_name in text and world["appraiser2@home"].full_name in text
    assert world["intake_officer@home"].full_name not in text
