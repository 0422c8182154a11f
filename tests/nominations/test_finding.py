"""One box finds what its reader may see and nothing else; lists are kept under a name and taken along."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from nominations import finding
from nominations.models import Quota, SavedFilter
from nominations.states import DecisionState, State
from tests import world as w
from tests.footprint import statements
from tests.pages import enter

pytestmark = pytest.mark.usefixtures("in_2024")
PAGE, LIST = reverse("nominations:find"), reverse("nominations:list")


def named(file, name):
    nominee = file.nominees.first()
    nominee.name = name
    nominee.save()
    return file


def urls(world, who, text):
    return {item.url for group in finding.find(world[who], text) for item in group.found}


def page_of(file):
    return reverse("workflows:nomination", kwargs={"uid": file.uid})


@pytest.fixture
def files(world):
    Quota.objects.filter(round=world.round).update(count=20)
    ours = w.walk(world, named(w.complete_draft(world), "Néang Sóc Kha"), State.REVIEW)
    theirs = w.walk(world, named(w.complete_draft(world, "commune2"), "Néang Sóc Thia"), State.REVIEW)
    return ours, theirs


def test_names_without_accents_and_numbers_find_what_one_may_see(world, files):
    ours, theirs = files
    assert urls(world, "clerk@commune", "neang soc") == {page_of(ours)}
    assert urls(world, "clerk@commune2", "NEANG  SÓC") == {page_of(theirs)}
    assert {page_of(ours), page_of(theirs)} <= urls(world, "auditor@province", "neang soc")
    assert page_of(ours) in urls(world, "clerk@commune", ours.reference)
    assert urls(world, "clerk@commune", theirs.reference) == set()
    assert urls(world, "clerk@commune", "n") == set(), "one letter finds everybody"


def test_units_and_decisions_are_found_too(world, files):
    unit = world.units["commune"]
    assert f"{LIST}?unit={unit.pk}" in urls(world, "clerk@commune", unit.name)
    assert f"{LIST}?unit={unit.pk}" not in urls(world, "clerk@commune2", unit.name)
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SUBMIT)
    name = decision.lines.first().nominee.name
    page = reverse("workflows:decision", kwargs={"uid": decision.uid})
    assert page in urls(world, "director@home", name)
    assert page not in urls(world, "clerk@commune2", name)


def test_the_page_and_its_part_cost_the_same_however_many_there_are(world, files):
    client, costs = enter(world["auditor@province"]), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            text = client.get(PAGE, {"q": "neang"}).content.decode()
        costs.append(len(statements(captured)))
        assert page_of(files[0]) in text
        named(w.complete_draft(world), "Néang Khác")
    part = client.get(PAGE, {"q": "neang"}, headers={"X-Requested-With": "find"}).content.decode()
    assert "<html" not in part and page_of(files[0]) in part
    assert costs == [6, 6]


def test_a_list_is_kept_under_a_name_for_oneself_and_its_address_is_for_all(world, files):
    client, keep = enter(world["clerk@commune"]), reverse("nominations:filter_keep")
    answer = client.post(keep, {"name": " Chờ  xét duyệt ", "query": "state=review&evil=1&q="})
    kept = SavedFilter.objects.get()
    assert (kept.name, kept.query) == ("Chờ xét duyệt", "state=review")
    assert page_of(files[0]) in client.get(answer.url).content.decode()
    assert "Chờ xét duyệt" in client.get(LIST).content.decode()
    other = enter(world["clerk@commune2"])
    assert "Chờ xét duyệt" not in other.get(LIST).content.decode()
    assert other.post(reverse("nominations:filter_drop", kwargs={"pk": kept.pk})).status_code == 404
    client.post(keep, {"name": "", "query": "state=review"})
    client.post(keep, {"name": "Tất cả", "query": ""})
    assert SavedFilter.objects.count() == 1, "no name, or nothing narrowed"
    client.post(reverse("nominations:filter_drop", kwargs={"pk": kept.pk}))
    assert not SavedFilter.objects.exists()


def test_the_list_is_taken_along_as_it_is_narrowed(world, files):
    ours, theirs = files
    url = reverse("nominations:list_export")
    content = enter(world["auditor@province"]).get(url, {"q": "soc kha"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [ours.reference] and "Néang Sóc Kha" in rows[1][1]
    content = enter(world["clerk@commune2"]).get(url).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [theirs.reference]


def test_columns_are_chosen_on_the_screen_and_stay_with_filter_list_and_sheet(world, files):
    client = enter(world["auditor@province"])
    url = reverse("nominations:list")
    page = client.get(url, {"cols": ["year", "reference", "nothing"], "state": "review"})
    table = page.context["table"]
    assert table.heads == ["Số hồ sơ", "Năm"], "in their usual order; unknown ones are none"
    assert [row[0].url.startswith("/ho-so/") for row in table.rows] == [True] * len(page.context["rows"])
    shown = page.content.decode()
    assert '<input type="hidden" name="cols" value="year">' in shown, "filtering keeps the columns"
    assert '<input type="hidden" name="state" value="review">' in shown, "choosing columns keeps the filter"
    sheet = client.get(reverse("nominations:list_export"), {"cols": ["year", "reference"], "state": "review"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert len(rows[0]) == 2 and len(rows) == len(table.rows) + 1
    client.post(reverse("nominations:filter_keep"), {"name": "Gọn", "query": "cols=year&cols=reference"})
    assert SavedFilter.objects.get(name="Gọn").query == "cols=reference&cols=year"
    assert client.get(url).context["table"] is None


def test_many_nominees_are_named_whole_in_the_sheet_and_briefly_on_the_screen(world):
    w.complete_draft(world, "commune", 5)
    client, asked = enter(world["clerk@commune"]), {"cols": ["reference", "nominees"]}
    shown = client.get(LIST, asked).context["table"].rows[0][1].text
    assert shown.endswith("và 3 đối tượng khác")
    sheet = client.get(reverse("nominations:list_export"), asked)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[1][1].count(";") == 4
