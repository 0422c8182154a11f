"""The auditor's desk: what is in sight, each filter, and pages without a gap or a repetition."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import searching, sight
from audit.models import Entry
from history import clock, facts
from nominations.states import DecisionState, State
from tests import world as w
from tests.audit.desk import DESK, auditor, indexed, names, shown
from tests.footprint import statements
from tests.pages import enter

PINNED = 13
pytestmark = pytest.mark.usefixtures("in_2024")


@pytest.fixture
def files(world):
    """A file of a commune that went up to intake, a draft of another one, and the index of both."""
    first = w.walk(world, w.complete_draft(world), State.INTAKE)
    second = w.complete_draft(world, "commune2")
    indexed()
    return first, second


def subjects(officer, **asked):
    response = enter(officer).get(DESK, asked)
    return {entry.subject for entry in response.context["window"].entries}


def test_an_auditor_sees_what_is_about_their_units_and_nothing_else(world, files):
    first, second = files
    here, there = auditor(world, "district"), auditor(world, "commune2")
    of_here, of_there = set(shown(here)), set(shown(there))
    assert f"{first.stream} 1" in of_here and not any(name.startswith(second.stream) for name in of_here)
    assert f"{second.stream} 1" in of_there and not any(name.startswith(first.stream) for name in of_there)
    below = {world.units[name].pk for name in ("district", "school", "commune", "station")}
    seen = Entry.objects.filter(sight.of(here).entries)
    assert {entry.scope_id for entry in seen} <= below and seen.count() == Entry.objects.filter(
        scope__in=below
    ).count()


def test_what_is_about_no_unit_is_for_the_province_alone(world, files):
    seen = sight.of(world["auditor@province"])
    assert seen.everything and Entry.objects.filter(scope=None).exists()
    assert Entry.objects.filter(seen.entries).count() == Entry.objects.count()
    assert not Entry.objects.filter(sight.of(auditor(world, "district")).entries, scope=None).exists()
    assert shown(world["auditor@province"], kind="rules.changed")
    assert not shown(auditor(world, "home"), kind="rules.changed")


def test_a_province_whose_tree_lacks_a_unit_does_not_see_that_one(world, files):
    from permissions.models import UnitClosure

    UnitClosure.objects.filter(unit=world.units["commune2"]).exclude(
        ancestor=world.units["commune2"]
    ).delete()
    seen = sight.of(world["auditor@province"])
    assert seen.province and not seen.everything
    found = Entry.objects.filter(seen.entries)
    assert found.filter(scope=None).exists() and not found.filter(scope=world.units["commune2"]).exists()


@pytest.mark.parametrize("who", ["clerk@commune", "chairman@province", "system_administrator@province"])
def test_others_are_refused_and_see_no_door(world, files, who):
    client, door = enter(world[who]), f'href="{DESK}"'
    file = reverse("audit:nomination_readings", kwargs={"uid": files[0].uid})
    assert [client.get(url).status_code for url in (DESK, file)] == [403, 403]
    assert client.post(reverse("audit:export")).status_code == 403
    assert client.post(reverse("audit:search_save"), {"name": "x"}).status_code == 403
    assert door not in client.get(reverse("workflows:my_work")).content.decode()
    assert door in enter(world["auditor@province"]).get(reverse("workflows:my_work")).content.decode()


FILTERS = {
    "person": lambda world, files: world["unit_head@commune"].full_name.lower(),
    "unit": lambda world, files: world.units["commune"].code,
    "role": lambda world, files: "unit_head",
    "action": lambda world, files: "submit",
    "kind": lambda world, files: "nomination.acted",
    "round": lambda world, files: f"{world.programme.code}:2024",
    "file": lambda world, files: files[0].reference,
    "q": lambda world, files: "my binh",
    "since": lambda world, files: f"{clock.local(clock.now()):%d/%m/%Y}",
    "until": lambda world, files: f"{clock.local(clock.now()):%d/%m/%Y}",
}
EXPECTED = {
    "person": lambda world, files, fact: fact.actor == str(world["unit_head@commune"].uid),
    "role": lambda world, files, fact: fact.role == "unit_head",
    "action": lambda world, files, fact: fact.action == "submit",
    "kind": lambda world, files, fact: fact.kind == "nomination.acted",
    "file": lambda world, files, fact: fact.stream == files[0].stream,
}


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_alone_finds_the_signature_of_the_commune(world, files, name):
    signed = next(fact.name for fact in facts.in_order(stream=files[0].stream) if fact.action == "submit")
    found = shown(world["auditor@province"], **{name: FILTERS[name](world, files)})
    assert signed in found
    if name in EXPECTED:
        every = {fact.name: fact for fact in facts.in_order()}
        assert all(EXPECTED[name](world, files, every[other]) for other in found)
        expected = [each for each, fact in every.items() if EXPECTED[name](world, files, fact)]
        assert len(found) == min(len(expected), searching.PER_PAGE)


def test_all_filters_together_leave_the_one_event(world, files):
    asked = {name: value(world, files) for name, value in FILTERS.items()}
    assert len(shown(world["auditor@province"], **asked)) == 1
    assert shown(world["auditor@province"], **asked | {"role": "clerk"}) == []
    assert shown(world["auditor@province"], **asked | {"until": "01/01/2020", "since": ""}) == []


def test_a_decision_is_found_by_the_number_under_which_it_was_issued(world, files):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.PUBLISHED)
    number = decision.register_number
    indexed()
    found = shown(world["auditor@province"], file=decision.reference)
    assert (
        found and shown(world["auditor@province"], file=f"{number.number:02}/{number.year}/QĐ-UBND") == found
    )
    assert shown(world["auditor@province"], file=f"{number.number + 1}/{number.year}") == []


def test_a_unit_with_all_below_it(world, files):
    unit = world.units["district"].code
    alone, below = (
        shown(world["auditor@province"], unit=unit, below=b, file=files[0].reference) for b in ("", "on")
    )
    assert set(alone) < set(below) == set(shown(world["auditor@province"], file=files[0].reference))


@pytest.mark.parametrize(
    "text", ["Phường Mỹ Bình", "phuong my binh", "MY BINH", "my bin", "unit_head commune"]
)
def test_text_is_found_without_accents_and_by_the_beginning_of_its_last_word(world, files, text):
    assert any(name.startswith(files[0].stream) for name in shown(world["auditor@province"], q=text))


@pytest.mark.parametrize("text", ["khong co gi nhu the", "bin my xyz", "'; drop", "& | !", "a:b", "\\"])
def test_other_text_breaks_nothing(world, files, text):
    found = shown(world["auditor@province"], q=text)
    assert len(found) in (0, searching.PER_PAGE)


def test_a_nominee_is_found_at_the_version_that_names_them(world, files):
    name = files[0].nominees.get().name
    found = shown(world["auditor@province"], q=name, file=files[0].reference)
    every = {fact.name: fact for fact in facts.in_order(stream=files[0].stream)}
    assert found and all(every[each].content_digest for each in found)


def test_what_is_out_of_sight_answers_like_what_does_not_exist(world, files):
    there = auditor(world, "commune2")
    for asked in ({"file": files[0].reference}, {"file": "HS-2024-99999"}, {"person": "Không Ai Cả"}):
        assert shown(there, **asked) == []
    assert shown(there, file=str(files[0].uid)) == []
    assert shown(there, file=files[1].reference)


def test_a_wrong_question_is_answered_with_its_fault(world, files):
    client = enter(world["auditor@province"])
    for asked in ({"since": "x"}, {"unit": "không có"}, {"since": "02/01/2024", "until": "01/01/2024"}):
        response = client.get(DESK, asked)
        assert response.status_code == 422 and response.context["form"].errors
    for place in ("x", "1-", "99999999999999999-1", "-1-1"):
        assert client.get(DESK, {"before": place, "after": place}).status_code == 200


def test_pages_are_complete_and_repeat_nothing_while_more_happens(world, files):
    expected = names(Entry.objects.order_by(*searching.NEWEST))
    found, before = [], ""
    everything = Entry.objects.all()
    while True:
        window = searching.page(everything, before=before, size=7)
        found += names(window.entries)
        if not window.older:
            break
        before = window.older
        w.complete_draft(world)
        indexed()
    assert found == expected


def test_back_to_newer_pages(world, files):
    everything = Entry.objects.all()
    first = searching.page(everything, size=7)
    second = searching.page(everything, before=first.older, size=7)
    third = searching.page(everything, before=second.older, size=7)
    assert not first.newer and third.newer
    assert searching.page(everything, after=third.newer, size=7).entries == second.entries
    back = searching.page(everything, after=second.newer, size=7)
    assert back.entries == first.entries and not back.newer and back.older == first.older


def test_the_page_links_to_older_and_keeps_the_question(world, files):
    client = enter(world["auditor@province"])
    body = client.get(DESK, {"kind": "appointment.made"}).content.decode()
    older = re.search(r'rel="next" href="([^"]*)"', body)[1].replace("&amp;", "&")
    page = client.get(DESK + older)
    assert "kind=appointment.made" in older and page.context["window"].newer
    assert {entry.kind for entry in page.context["window"].entries} == {"appointment.made"}


def test_a_row_tells_who_did_what_where_and_why(world, files):
    w.act(files[0], "return", world["intake_officer@home"], remarks=[{"text": "Thiếu biên bản"}], to="draft")
    indexed()
    row = enter(world["auditor@province"]).get(DESK, {"file": files[0].reference}).context["table"].rows[0]
    who, about, why = row[1], row[3], row[4]
    officer = world["intake_officer@home"]
    assert who.text == officer.full_name and world.units["home"].name in who.meta
    assert "→" in row[2].meta and about.text == files[0].reference and str(files[0].uid) in about.url
    assert "Thiếu biên bản" in why.text


def test_statements_are_pinned_and_flat(world, files):
    client = enter(world["auditor@province"])

    def cost(**asked):
        rows = len(client.get(DESK, asked).context["window"].entries)
        with CaptureQueriesContext(connection) as captured:
            client.get(DESK, asked)
        return rows, len(statements(captured))

    few = cost(kind="nomination.opened")
    for _ in range(4):
        w.complete_draft(world)
    indexed()
    many = cost(kind="nomination.opened")
    assert many[0] == few[0] + 4
    assert few[1] == many[1] == PINNED
    assert cost()[1] <= PINNED + 1  # the first page also names decisions, if there are any
