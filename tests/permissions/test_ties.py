"""Declared ties for administrators: ended by one who is neither of the two, found by name."""

import pytest
from django.urls import reverse

from permissions import grants, ties
from permissions.identity import identity_hash
from permissions.models import Officer
from tests import world as w
from tests.pages import enter
from tests.workflows.ways import refused

pytestmark = pytest.mark.usefixtures("in_2024")
NUMBER = "089123456789"


@pytest.mark.parametrize("way", ["account", "identity", "declared"])
def test_an_administrator_who_is_one_of_the_two_leaves_the_tie_to_another(world, way):
    near, officer = world["system_administrator@province"], world["appraiser@home"]
    other = Officer.objects.create_user("admin.second", "Lý Thị Hai")
    grants.appoint(
        other, "system_administrator", world.units["province"], position="x", document="y", valid_from=w.OLD
    )
    if way == "account":
        tie = ties.declare(officer, "sibling", near.full_name, other=near)
    elif way == "identity":
        near.identity_hash = identity_hash(NUMBER)
        near.save()
        tie = ties.declare(officer, "sibling", near.full_name, identity=NUMBER)
    else:
        tie = ties.declare(near, "sibling", officer.full_name, other=officer)
    url = reverse("permissions:tie_end", kwargs={"uid": tie.uid})
    with refused():
        ties.end(tie, reason="Khai nhầm", by=near)
    party = enter(near)
    assert party.get(url).status_code == party.post(url, {"reason": "Khai nhầm"}).status_code == 403
    assert url not in party.get(reverse("permissions:ties")).content.decode()
    client = enter(other)
    assert url in client.get(reverse("permissions:ties")).content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "Khai nhầm"}).status_code == 302
    tie.refresh_from_db()
    assert tie.has_ended(w.D2024)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", {"Ngô Thị Đào", "Đỗ Văn Út", "Hồ Bá"}),
        ("dao", {"Ngô Thị Đào"}),  # the name that was given
        ("DO VAN ut", {"Đỗ Văn Út"}),
        ("Võ Thị Ánh", {"Ngô Thị Đào"}),  # whoever declared it
        ("vo thi anh", {"Ngô Thị Đào"}),
        ("appraiser.second", {"Đỗ Văn Út"}),
        ("reviewer.near", {"Hồ Bá"}),
        ("không ai", set()),
    ],
)
def test_an_administrator_finds_ties_by_the_name_of_either_with_or_without_accents(world, words, found):
    people = {
        "appraiser.first": "Võ Thị Ánh", "appraiser.second": "Lê Văn Tám", "appraiser.third": "Trần Ba",
        "reviewer.near": "Hồ Bá",
    }  # fmt: skip
    people = {username: Officer.objects.create_user(username, name) for username, name in people.items()}
    ties.declare(people["appraiser.first"], "sibling", "Ngô Thị Đào", identity=NUMBER)
    ties.declare(people["appraiser.second"], "spouse", "Đỗ Văn Út", identity="089123456780")
    ties.declare(people["appraiser.third"], "child", "", other=people["reviewer.near"])
    page = enter(world["system_administrator@province"]).get(reverse("permissions:ties"), {"q": words})
    assert {row[1].text for row in page.context["table"].rows} == found
    assert page.context["page"].paginator.count == len(found)


def test_the_search_shows_nobody_elses_ties(world):
    ties.declare(world["appraiser@home"], "sibling", "Ngô Thị Đào", identity=NUMBER)
    url = reverse("permissions:ties")
    stranger = enter(world["appraiser2@home"]).get(url, {"q": "dao"})
    assert stranger.context["filter"] is None and not stranger.context["table"].rows
    own = enter(world["appraiser@home"]).get(url, {"q": "khác"})
    assert [row[1].text for row in own.context["table"].rows] == ["Ngô Thị Đào"]
