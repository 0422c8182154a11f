"""The list of files: what one may read and nothing else, found as people search."""

import pytest
from django.urls import reverse

from nominations.models import Nominee
from nominations.states import State
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


def listed(world, who: str, **filters: str) -> list[str]:
    response = pages.enter(world[who]).get(reverse("nominations:list"), filters)
    assert response.status_code == 200
    return [row["reference"] for row in response.context["rows"]]


def rename(nomination, name: str) -> None:
    nominee = nomination.nominees.first()
    nominee.name = name
    nominee.save()


def test_everybody_sees_their_own(world):
    mine = w.complete_draft(world, "commune")
    theirs = w.walk(world, w.complete_draft(world, "commune2"), State.REVIEW)
    assert listed(world, "clerk@commune") == [mine.reference]
    assert listed(world, "reviewer@district") == []  # a draft has reached nobody
    assert listed(world, "reviewer@district2") == [theirs.reference]
    assert set(listed(world, "auditor@province")) == {mine.reference, theirs.reference}
    assert listed(world, "system_administrator@province") == []


@pytest.mark.parametrize("words", ["nguyen thi anh", "NGUYỄN THỊ ÁNH", "Nguyễn  Thị Ánh ", "thi anh", "duc"])
def test_names_are_found_without_accents_or_case(world, words):
    found, other = w.complete_draft(world, "commune"), w.complete_draft(world, "commune")
    rename(found, "Nguyễn Thị Ánh Đức")
    rename(other, "Trần Văn Bình")
    assert listed(world, "clerk@commune", q=words) == [found.reference]


def test_units_and_numbers_are_found(world):
    nomination = w.complete_draft(world, "commune")
    w.complete_draft(world, "commune2")
    for words in ("my binh", nomination.reference, nomination.reference.lower(), str(nomination.pk)):
        assert nomination.reference in listed(world, "auditor@province", q=words)
    assert listed(world, "auditor@province", q=nomination.reference) == [nomination.reference]
    assert listed(world, "auditor@province", q=f"HS-2019-{nomination.pk:05}") == []


def test_a_nominee_taken_out_is_not_found(world):
    nomination = w.complete_draft(world, "commune", 2)
    rename(nomination, "Châu Sóc Phol")
    Nominee.objects.filter(name="Châu Sóc Phol").update(present=False)
    assert listed(world, "clerk@commune", q="soc phol") == []


def test_state_round_and_unit_narrow_the_list(world):
    draft = w.complete_draft(world, "commune")
    signed = w.walk(world, w.complete_draft(world, "commune"), State.REVIEW)
    assert listed(world, "clerk@commune", state=State.REVIEW) == [signed.reference]
    assert set(listed(world, "clerk@commune", round=str(world.round.pk))) == {
        draft.reference,
        signed.reference,
    }
    assert listed(world, "clerk@commune", round=str(world.rounds[2026].pk)) == []
    unit = str(world.units["commune"].pk)
    assert set(listed(world, "auditor@province", unit=unit)) == {draft.reference, signed.reference}


def test_the_units_offered_are_those_one_may_read(world):
    w.complete_draft(world, "commune")
    w.complete_draft(world, "commune2")
    response = pages.enter(world["clerk@commune"]).get(reverse("nominations:list"))
    offered = [key for key, _name in response.context["form"].fields["unit"].choices if key]
    assert offered == [world.units["commune"].pk]


def test_many_units_are_found_by_name_instead(world, monkeypatch):
    monkeypatch.setattr("nominations.forms.MOST_OFFERED", 1)
    for unit in ("commune", "commune2"):
        w.walk(world, w.complete_draft(world, unit), State.REVIEW)
    client, url = pages.enter(world["auditor@province"]), reverse("nominations:list")
    assert client.get(url).context["form"]["unit"].is_hidden
    unit = world.units["commune2"]
    narrowed = client.get(url, {"unit": unit.pk})
    assert [row["unit"] for row in narrowed.context["rows"]] == [unit.name], (
        "a link from elsewhere still narrows"
    )
    assert unit.name in str(narrowed.context["form"]["unit"])


@pytest.mark.parametrize(
    "query", ["state=nonsense", "round=x", "unit=999999", "page=99", "q=%00", "q=" + "9" * 40]
)
def test_a_senseless_filter_breaks_nothing(world, query):
    w.complete_draft(world, "commune")
    assert (
        pages.enter(world["clerk@commune"]).get(f"{reverse('nominations:list')}?{query}").status_code == 200
    )


def test_pages_keep_their_filters_and_cost_the_same(world, django_assert_num_queries):
    for _ in range(2):
        w.complete_draft(world, "commune", 2)
    client, url = pages.enter(world["clerk@commune"]), reverse("nominations:list")
    with django_assert_num_queries(11):
        client.get(url)
    for _ in range(26):
        w.complete_draft(world, "commune", 1)
    with django_assert_num_queries(11):
        response = client.get(url, {"q": "nguyen"})
    assert "q=nguyen" in response.content.decode()
    assert len(response.context["rows"]) == 25
    assert len(client.get(url, {"q": "nguyen", "page": "2"}).context["rows"]) == 3


def test_signing_in_comes_first(client, world):
    nomination = w.complete_draft(world, "commune")
    for url in (
        reverse("nominations:list"),
        reverse("workflows:new_nomination"),
        pages.page_of(nomination),
        pages.draft_of(nomination),
    ):
        assert client.get(url).status_code == 302


def test_a_long_result_is_counted_up_to_a_limit(world, monkeypatch):
    monkeypatch.setattr("nominations.views.list.MOST_COUNTED", 2)
    client = pages.enter(world["clerk@commune"])
    url = reverse("nominations:list")
    for _ in range(2):
        w.complete_draft(world)
    assert "2 kết quả" in client.get(url, {"state": "draft"}).content.decode()
    w.complete_draft(world)
    shown = client.get(url, {"state": "draft"}).content.decode()
    assert "Hơn 2 kết quả" in shown
    w.complete_draft(world)
    shown = client.get(url, {"state": "draft"}).content.decode()
    assert "Hơn 2 kết quả" in shown, "and not further, however many there are"
