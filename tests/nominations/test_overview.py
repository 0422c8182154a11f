"""The overview counts what its reader may read, draws it without a style of its own, and gives it away whole."""

import io
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from history import clock
from nominations import overview, pictures
from nominations.figures import Figures, Series
from nominations.models import Handling, Quota
from nominations.states import OPEN, State
from permissions import grants
from tests import world as w
from tests.footprint import statements
from tests.pages import enter

pytestmark = pytest.mark.usefixtures("in_2024")
PAGE = reverse("nominations:overview")
SVG = "{http://www.w3.org/2000/svg}"


def sets(world, who):
    with translation.override("en"):
        return {
            figures.name: figures
            for figures in overview.every(overview.Sight(world[who], world.round, clock.now()))
        }


def numbers(figures):
    return {label: values for label, _url, values in figures.rows}


@pytest.fixture(autouse=True)
def nothing_known():
    cache.clear()


@pytest.fixture
def files(world):
    Quota.objects.filter(round=world.round).update(count=10)
    return [
        w.walk(world, w.complete_draft(world, unit, 2), state)
        for unit, state in (("commune", State.REVIEW), ("commune", State.INTAKE), ("commune2", State.REVIEW))
    ]


def test_each_counts_what_they_may_read(world, files):
    home, clerk = sets(world, "head_of_division@home"), sets(world, "clerk@commune")
    waits = {label: sum(values) for label, values in numbers(home["cho"]).items()}
    assert [count for count in waits.values() if count] == [1], "intake alone has reached them"
    assert [sum(values) for values in numbers(clerk["cho"]).values()] == [0, 0, 1, 0, 1, 0, 0, 0, 0]
    assert list(waits)[:2] == ["Draft", "Waiting for the head's signature"], "every step stands on the way"
    units = numbers(sets(world, "auditor@province")["don-vi"])
    assert units == {world.units["commune"].name: [4, 4, 0], world.units["commune2"].name: [2, 2, 0]}


def test_an_act_after_its_due_day_is_counted_as_late(world, files):
    call_command("load_programme", verbosity=0)
    file = w.walk(world, w.complete_draft(world), State.ENDORSE)
    before = numbers(sets(world, "clerk@commune")["dung-han"])
    with clock.legal_day(file.due + 7 * clock.DAY):
        w.act(file, "endorse", world.walker(file))
    after = numbers(sets(world, "clerk@commune")["dung-han"])
    assert [values for values in before.values()] == [[1, 0]], "forwarded in time"
    assert sorted(after.values()) == [[0, 1], [1, 0]]
    assert Handling.objects.filter(late=True).get().action == "endorse"


def test_a_picture_has_no_style_and_each_mark_leads_to_its_files():
    figures = Figures(
        "x", "T", "Đơn vị", ("Xã <A> & B", "Xã C"),
        (Series("một", "main", (1, 2)), Series("hai", "bad", (0, 3.5))), ("/a?x=1&y=2", "/c"),
    )  # fmt: skip
    drawn = pictures.svg(figures)
    root = ElementTree.fromstring(drawn)
    assert not [one for one in root.iter() if "style" in one.attrib or one.tag == f"{SVG}style"]
    links = [(one.get("href"), one.get("aria-label")) for one in root.iter(f"{SVG}a")]
    assert ("/a?x=1&y=2", "Xã <A> & B, một: 1") in links and ("/c", "Xã C, hai: 3,5") in links
    assert len(links) == 3, "nothing waits behind a nought"


def test_where_files_wait_is_drawn_on_the_way_from_step_to_step(world, files):
    drawn = pictures.svg(sets(world, "auditor@province")["cho"])
    root = ElementTree.fromstring(drawn)
    stations = [one.get("href") for one in root.iter(f"{SVG}use")]
    assert len(stations) == len(OPEN) and all(href.startswith("#") for href in stations)
    assert {one.get("id") for one in root.iter()} >= {href[1:] for href in stations}


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("xlsx", b"PK")])
def test_figures_can_be_taken_along(world, files, form, begins):
    client = enter(world["auditor@province"])
    url = reverse("nominations:overview_export", kwargs={"name": "don-vi", "form": form})
    answer = client.get(url, {"round": world.round.pk})
    assert answer.content.startswith(begins) and form in answer["Content-Disposition"]
    if form == "xlsx":
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert rows[1] == [world.units["commune"].name, 4.0, 4.0, 0.0]
    for wrong in ({"name": "nothing", "form": form}, {"name": "cho", "form": "exe"}):
        assert client.get(reverse("nominations:overview_export", kwargs=wrong)).status_code == 404
    assert client.get(url, {"round": "999999"}).status_code == 404


def test_the_page_costs_the_same_for_one_file_and_for_many(world, files):
    client, costs = enter(world["auditor@province"]), []
    client.get(PAGE)  # the first counts
    for _ in range(2):
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        costs.append(len(statements(captured)))
        w.walk(world, w.complete_draft(world, "commune", 3), State.REVIEW)
    assert costs == [12, 12]
    with CaptureQueriesContext(connection) as captured:
        client.get(PAGE)
    assert len(statements(captured)) == 5, "for some minutes nothing is counted anew"


def test_who_loses_the_post_loses_the_figures_at_once(world, files):
    client = enter(world["auditor@province"])
    assert client.get(PAGE).context["pictures"][0]["picture"]
    grants.end_appointment(world.post("auditor@province"), on=w.D2024)
    assert not client.get(PAGE).context["pictures"][0]["picture"]
