"""The pages on which a window is extended and the next year's round is opened."""

from datetime import date

import pytest
from django.urls import reverse

from history import kinds, ledger
from nominations.models import Round
from tests import pages

pytestmark = pytest.mark.usefixtures("in_2026")
ADMINISTRATOR = "programme_administrator@home"
OTHERS = ["head_of_division@home", "clerk@new_commune", "system_administrator@province"]


def extend_url(world) -> str:
    return reverse("nominations:round_extend", args=[world.round.pk])


def next_url(source: Round) -> str:
    return reverse("nominations:round_next", args=[source.pk])


def extension(**changes) -> dict[str, str]:
    typed = {"closes": "15012027", "document": "Công văn 1234/SNV-TĐKT ngày 20/12/2026"} | changes
    return {f"extend-{name}": value for name, value in typed.items()}


def window(source: Round, **changes) -> dict[str, str]:
    typed = {"opens": "01/09/2027", "closes": "31/12/2027"} | changes
    return {f"next-{source.pk}-{name}": value for name, value in typed.items()}


def next_forms(response) -> list:
    return [row["next_form"] for row in response.context["rows"] if row["next_form"]]


def test_the_administrator_extends_the_window_on_the_rounds_page(world):
    client = pages.enter(world[ADMINISTRATOR])
    page = client.get(reverse("nominations:round", args=[world.round.pk]))
    assert f'action="{extend_url(world)}"' in page.content.decode()
    response = client.post(extend_url(world), extension(), follow=True)
    assert response.status_code == 200 and "15/01/2027" in response.content.decode()
    world.round.refresh_from_db()
    assert world.round.closes == date(2027, 1, 15)
    assert ledger.of_stream("round:cchc:2026")[-1][0].kind == kinds.ROUND_EXTENDED


@pytest.mark.parametrize(
    ("field", "value"), [("closes", "31/12/2026"), ("closes", ""), ("document", ""), ("document", "x" * 301)]
)
def test_a_faulty_extension_stands_at_its_field(world, field, value):
    response = pages.enter(world[ADMINISTRATOR]).post(extend_url(world), extension(**{field: value}))
    assert response.status_code == 422
    assert field in response.context["extend_form"].errors
    assert f'id="id_extend-{field}_error"' in response.content.decode()
    world.round.refresh_from_db()
    assert world.round.closes == date(2026, 12, 31)


@pytest.mark.parametrize("who", OTHERS)
def test_others_are_offered_neither_and_do_neither(world, who):
    client = pages.enter(world[who])
    assert client.get(reverse("nominations:round", args=[world.round.pk])).context["extend_form"] is None
    assert not next_forms(client.get(reverse("nominations:rounds")))
    assert client.post(extend_url(world), extension()).status_code == 403
    assert client.post(next_url(world.round), window(world.round)).status_code == 403
    assert Round.objects.count() == 2


def test_the_next_year_is_offered_with_the_days_a_year_on(world):
    response = pages.enter(world[ADMINISTRATOR]).get(reverse("nominations:rounds"))
    [form] = next_forms(response)
    assert (form.source, form.year) == (world.rounds[2026], 2027)
    text = response.content.decode()
    assert 'value="01/09/2027"' in text and 'value="31/12/2027"' in text


def test_29_february_a_year_on_is_28(world):
    Round.objects.filter(year=2026).update(year=2028, opens=date(2028, 2, 29), closes=date(2028, 12, 31))
    [form] = next_forms(pages.enter(world[ADMINISTRATOR]).get(reverse("nominations:rounds")))
    assert form["opens"].initial == date(2029, 2, 28)


def test_the_last_year_of_a_programme_offers_no_next(world):
    world.programme.last_year = 2026
    world.programme.save()
    assert not next_forms(pages.enter(world[ADMINISTRATOR]).get(reverse("nominations:rounds")))


def test_the_administrator_opens_the_next_year_and_lands_on_it(world):
    response = pages.enter(world[ADMINISTRATOR]).post(next_url(world.round), window(world.round), follow=True)
    opened = Round.objects.get(year=2027)
    assert response.redirect_chain == [(reverse("nominations:round", args=[opened.pk]), 302)]
    assert all(row["form"] for row in response.context["criteria"])
    [form] = next_forms(pages.enter(world[ADMINISTRATOR]).get(reverse("nominations:rounds")))
    assert form.year == 2028


@pytest.mark.parametrize(
    ("field", "value"),
    [("opens", "01/09/2025"), ("closes", "01/08/2027"), ("closes", "31/02/2027"), ("opens", "")],
)
def test_a_faulty_window_stands_at_its_field_and_opens_nothing(world, field, value):
    client = pages.enter(world[ADMINISTRATOR])
    response = client.post(next_url(world.round), window(world.round, **{field: value}))
    assert response.status_code == 422
    [form] = next_forms(response)
    assert field in form.errors
    assert f'id="id_next-{world.round.pk}-{field}_error"' in response.content.decode()
    assert Round.objects.count() == 2


def test_sending_the_form_twice_opens_one_round(world):
    client = pages.enter(world[ADMINISTRATOR])
    assert client.post(next_url(world.round), window(world.round)).status_code == 302
    response = client.post(next_url(world.round), window(world.round))
    assert response.status_code == 422
    assert any("2027" in text for form in next_forms(response) for text in form.non_field_errors())
    assert Round.objects.count() == 3


@pytest.mark.parametrize("name", ["round_extend", "round_next"])
def test_an_address_of_a_form_leads_back_to_its_page(world, name):
    response = pages.enter(world[ADMINISTRATOR]).get(reverse(f"nominations:{name}", args=[world.round.pk]))
    assert response.status_code == 302


def test_the_page_of_rounds_costs_the_same_with_the_forms(world, django_assert_num_queries):
    for who in ("head_of_division@home", ADMINISTRATOR):
        client = pages.enter(world[who])
        with django_assert_num_queries(6):
            client.get(reverse("nominations:rounds"))
