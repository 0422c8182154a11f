"""The page of the rules of procedure: everybody reads them, the programme's administrator lays down new ones."""

from datetime import date

import pytest
from django.urls import reverse

from nominations import procedure
from tests import pages

pytestmark = pytest.mark.usefixtures("in_2026")
ADMINISTRATOR = "programme_administrator@home"


def address() -> str:
    return reverse("nominations:procedure")


def typed(**changes) -> dict[str, str]:
    return {
        "valid_from": "01/01/2027",
        "supplements_at_most": "2",
        "legal_basis": "Nghị định 1/2027/NĐ-CP",
    } | changes


@pytest.mark.parametrize("who", ["clerk@new_commune", "director@home", "auditor@province"])
def test_everybody_reads_the_rules_and_others_lay_down_none(world, who):
    client = pages.enter(world[who])
    assert f'href="{address()}"' in client.get(reverse("nominations:rounds")).content.decode()
    response = client.get(address())
    text = response.content.decode()
    assert "01/01/2023" in text and "01 lần" in text
    assert response.context["form"] is None
    assert client.post(address(), typed()).status_code == 403
    assert procedure.policies().count() == 1


def test_the_administrator_lays_down_new_rules_and_sees_both(world):
    client = pages.enter(world[ADMINISTRATOR])
    response = client.post(address(), typed(), follow=True)
    assert response.status_code == 200
    assert [row["state"][0] for row in response.context["rows"]] == ["none", "eligible"]
    text = response.content.decode()
    assert "31/12/2026" in text and "Nghị định 1/2027/NĐ-CP" in text
    policy = procedure.in_force(date(2027, 1, 1))
    assert (policy.supplements_at_most, policy.reroute_at_intake) == (2, False)


def test_a_policy_that_has_ended_says_so(world):
    client = pages.enter(world[ADMINISTRATOR])
    client.post(address(), typed(valid_from="24/11/2026", reroute_at_intake="on"))
    assert [row["state"][0] for row in client.get(address()).context["rows"]] == ["eligible", "closed"]
    assert procedure.in_force(date(2026, 11, 24)).reroute_at_intake


def test_the_form_offers_what_is_in_force(world):
    form = pages.enter(world[ADMINISTRATOR]).get(address()).context["form"]
    assert (form["supplements_at_most"].value(), form["reroute_at_intake"].value()) == (1, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("valid_from", ""),
        ("valid_from", "23/11/2026"),
        ("valid_from", "31/02/2027"),
        ("supplements_at_most", "-1"),
        ("supplements_at_most", "10"),
        ("legal_basis", " "),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_is_laid_down(world, field, value):
    response = pages.enter(world[ADMINISTRATOR]).post(address(), typed(**{field: value}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in response.content.decode()
    assert procedure.policies().count() == 1


def test_the_page_costs_the_same_however_many_rules(world, django_assert_num_queries):
    client = pages.enter(world[ADMINISTRATOR])
    for year in (2027, 2028):
        client.post(address(), typed(valid_from=f"01/01/{year}"))
        client.get(address())  # the message is shown once
        with django_assert_num_queries(5):
            client.get(address())


def test_without_rules_the_page_says_so(world):
    procedure.policies().delete()
    response = pages.enter(world[ADMINISTRATOR]).get(address())
    assert response.status_code == 200 and not response.context["rows"]
