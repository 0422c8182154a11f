"""The timeline of a file: every event as it was recorded, how long the file lay, what proves it, and for whom it opens."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from audit.spans import lasting
from audit.stays import by_holder, stays
from history import checkpoints, ledger, told
from history.models import Event
from nominations.states import DecisionState, State
from permissions import delegations, grants
from permissions.models import Officer
from tests import world as w
from tests.audit.desk import DESK, indexed
from tests.pages import enter, page_of
from tests.workflows.test_statements_pages import cost
from tests.workflows.ways import REMARK
from workflows import recusing

GAPPED = ("file_timeline", "file_at")
pytestmark = pytest.mark.usefixtures("in_2024")


def timeline_of(subject):
    kind = subject.stream.partition(":")[0]
    return reverse("audit:file_timeline", kwargs={"kind": kind, "uid": subject.uid})


def entries(client, subject):
    """The entries of the page, the newest first."""
    return client.get(timeline_of(subject)).context["entries"]


@pytest.fixture
def auditor(world):
    return enter(world["auditor@province"])


def auditor_at(world, place):
    officer = Officer.objects.create_user(f"auditor.{place}", "Trần Văn Kiểm")
    grants.appoint(
        officer, "auditor", world.units[place], position="Thanh tra viên", document="QĐ 9", valid_from=w.OLD
    )
    return officer


def test_every_event_of_a_file_stands_on_its_timeline_with_its_number_and_hash(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.APPRAISE)
    stored = Event.objects.filter(stream=file.stream).order_by("-sequence")
    shown = entries(auditor, file)
    assert [(entry["sequence"], entry["hash"]) for entry in shown] == [
        (event.sequence, bytes(event.hash).hex()) for event in stored
    ]
    assert [entry["event"]["action"] for entry in shown][-1] != ""


def test_an_act_reads_the_same_on_the_timeline_and_on_the_desk(world, auditor):
    """Also one that decides only some of a file's nominees, and what a decision began with."""
    file = w.confirmed(world, nominees=2)
    decision = w.decision(world, DecisionState.COMPILE)
    off = str(decision.lines.order_by("rank").last().nominee.uid)
    w.act(decision, "leave_off", world["head_of_division@home"], line=off, note="Chờ xác minh")
    w.walk(world, decision, DecisionState.SIGN)
    recusing.recuse(decision, world["deputy_chairman@province"], "Người thân")
    w.walk(world, decision, DecisionState.PUBLISHED)
    indexed()
    for subject in (file, decision):
        on_desk = auditor.get(DESK, {"file": subject.reference}).context["table"].rows
        told = [entry["event"]["action"] for entry in entries(auditor, subject)]
        assert [row[2].text for row in on_desk] == told
    file.refresh_from_db()
    assert file.state == State.AWAIT_DECISION  # decided in part


def test_names_and_posts_are_those_of_the_time(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    head = world["unit_head@commune"]
    Officer.objects.filter(pk=head.pk).update(full_name="Tên Khác")
    head.appointments.update(position="Chức vụ khác")
    signed = next(entry for entry in entries(auditor, file) if entry["digest"])
    assert (signed["event"]["who"], signed["event"]["position"]) == (head.full_name, "unit_head, commune")


def test_what_was_erased_by_law_leaves_the_entry_and_its_proof(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    for event in Event.objects.filter(stream=file.stream):
        ledger.erase(file.stream, event.sequence, basis="Nghị định 13/2023/NĐ-CP", by="system")
    name, shown = world["unit_head@commune"].full_name, entries(auditor, file)
    assert len(shown) == 3 and all(entry["hash"] for entry in shown)
    for page in ("file_timeline", "file_at", "file_compare", "file_signed"):
        response = auditor.get(reverse(f"audit:{page}", kwargs={"kind": "nomination", "uid": file.uid}))
        assert response.status_code == 200 and name not in response.content.decode()


@pytest.mark.parametrize("lost", [1, 2])
def test_where_an_event_is_missing_the_pages_say_so(world, auditor, lost):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    pages = [reverse(f"audit:{name}", kwargs={"kind": "nomination", "uid": file.uid}) for name in GAPPED]
    assert [auditor.get(page).context["gap"] for page in pages] == [False, False]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE history_event DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM history_event WHERE stream = %s AND sequence = %s", [file.stream, lost])
        cursor.execute("ALTER TABLE history_event ENABLE TRIGGER USER")
    for page in pages:
        response = auditor.get(page)
        assert response.status_code == 200 and response.context["gap"]
        assert 'role="alert"' in response.content.decode()


def test_under_a_delegation_it_says_for_whom(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    post = world.post("unit_head@commune")
    delegations.give(
        post, world.post("unit_deputy@commune"), ["sign_proposal"], valid_from=w.D2024,
        valid_to=w.D2024 + timedelta(days=3), reason="Đi học", document="GUQ", by=post.officer,
    )  # fmt: skip
    w.act(file, "submit", world["unit_deputy@commune"], post=post)
    shown = entries(auditor, file)[0]["event"]
    assert shown["who"] == world["unit_deputy@commune"].full_name
    assert shown["behalf"] == post.officer.full_name
    assert "unit_deputy, commune" in shown["position"] and shown["position"] != "unit_deputy, commune"


def test_remarks_reasons_and_what_followed_by_itself_are_told(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(file, "return", world["reviewer@district"], **REMARK)
    assert [item["text"] for item in entries(auditor, file)[0]["event"]["remarks"]] == ["Bổ sung"]
    ended = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(ended, "reject", world["reviewer@district"], code="violation", note="Vi phạm")
    shown = entries(auditor, ended)[0]["event"]
    assert shown["reason_label"] and shown["reason"] == "Vi phạm"
    awarded = w.confirmed(world)
    w.decision(world, DecisionState.PUBLISHED)
    last = entries(auditor, awarded)[0]["event"]
    assert last["automatic"] and not entries(auditor, awarded)[1]["event"]["automatic"]


def test_the_legal_day_stands_beside_the_time_when_it_is_another(world, auditor):
    file = w.complete_draft(world)
    assert entries(auditor, file)[0]["event"]["legal_day"] == w.D2024


def test_each_entry_leads_to_what_its_actor_saw_and_to_what_it_left(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.ENDORSE)
    first, *_rest, last = reversed(entries(auditor, file))
    assert first["seen_url"] == ""  # before it there was nothing
    for url, state in ((last["seen_url"], State.REVIEW), (last["after_url"], State.ENDORSE)):
        assert auditor.get(url).context["state"] == state


def test_a_checkpoint_is_named_once_it_covers_the_event(world, auditor):
    file = w.complete_draft(world)
    assert [(entry["place"], entry["checkpoint"]) for entry in entries(auditor, file)] == [(None, None)]
    first = checkpoints.make()
    w.walk(world, file, State.REVIEW)
    second = checkpoints.make()
    shown = entries(auditor, file)
    assert [entry["checkpoint"] for entry in shown] == [second.number] * (len(shown) - 1) + [first.number]


def test_how_long_it_lay_is_the_time_between_the_acts_that_moved_it(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(file, "claim", world["reviewer@district"])  # moves nothing
    w.act(file, "forward", world["reviewer@district"])
    facts = [item.fact for item in told.timeline(file.stream)]
    found = stays(facts)
    assert [(stay.holder, stay.step) for stay in found] == [
        ("30280", "draft"), ("30280", "sign_proposal"), ("883", "review"), ("883", "endorse"),
    ]  # fmt: skip
    assert [stay.until for stay in found[:-1]] == [stay.since for stay in found[1:]]
    assert found[-1].until is None
    now = found[-1].since + timedelta(days=3)
    assert {code: count for code, count, _lasted in by_holder(found, now)} == {"30280": 2, "883": 2}
    assert by_holder(found, now)[0][0] == "883"
    assert sum((lasted for *_names, lasted in by_holder(found, now)), timedelta()) == now - found[0].since


@pytest.mark.parametrize(
    ("lasted", "parts"),
    [
        (timedelta(days=3, hours=4, minutes=9), ["3", "4"]),
        (timedelta(days=3, minutes=9), ["3"]),
        (timedelta(hours=23, minutes=59, seconds=59), ["23", "59"]),
        (timedelta(minutes=1), ["1"]),
        (timedelta(seconds=59), []),
    ],
)
def test_a_span_is_said_by_its_two_greatest_parts(lasted, parts):
    assert re.findall(r"\d+", lasting(lasted)) == parts and lasting(lasted)


def test_nothing_lies_where_a_file_has_ended(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(file, "reject", world["reviewer@district"], code="violation", note="Vi phạm")
    response = auditor.get(timeline_of(file))
    assert response.context["here"] is None and response.context["state"] == State.REJECTED


def test_where_it_lies_now_and_since_when(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    here = auditor.get(timeline_of(file)).context["here"]
    assert here["unit"] == world.units["district"].name
    assert abs(here["since"] - file.since) < timedelta(seconds=5)


def test_auditors_open_what_lies_below_their_unit_and_everybody_else_finds_nothing(world):
    inside = w.walk(world, w.complete_draft(world), State.REVIEW)
    outside = w.walk(world, w.complete_draft(world, "commune2"), State.REVIEW)
    local = auditor_at(world, "district")
    assert enter(local).get(timeline_of(inside)).status_code == 200
    assert enter(local).get(timeline_of(outside)).status_code == 404
    for who in (
        "clerk@commune",
        "reviewer@district",
        "head_of_division@home",
        "system_administrator@province",
    ):
        assert enter(world[who]).get(timeline_of(inside)).status_code == 404


def test_opening_any_of_the_pages_is_a_reading(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    decision_file = w.confirmed(world)
    decision = w.decision(world)
    for subject in (file, decision_file, decision):
        for page in ("file_timeline", "file_at", "file_compare", "file_signed"):
            kind = subject.stream.partition(":")[0]
            assert (
                auditor.get(reverse(f"audit:{page}", kwargs={"kind": kind, "uid": subject.uid})).status_code
                == 200
            )
    read = Event.objects.filter(stream=f"readings:{world['auditor@province'].uid}").order_by("sequence")
    assert [(event.kind, event.data["subject"]) for event in read] == [
        *[("nomination.read", file.stream)] * 4,
        *[("nomination.read", decision_file.stream)] * 4,
        *[("decision.read", decision.stream)] * 4,
    ]


def test_the_page_of_a_file_leads_to_its_timeline_only_whom_it_opens_for(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    assert timeline_of(file) in enter(world["auditor@province"]).get(page_of(file)).content.decode()
    assert timeline_of(file) not in enter(world["reviewer@district"]).get(page_of(file)).content.decode()
    w.confirmed(world)
    decision = w.decision(world, DecisionState.CHECK)
    url = reverse("workflows:decision", kwargs={"uid": decision.uid})
    assert timeline_of(decision) in enter(world["auditor@province"]).get(url).content.decode()
    assert timeline_of(decision) not in enter(world["director@home"]).get(url).content.decode()


def test_the_timeline_costs_the_same_however_long_it_is(world, auditor):
    file = w.complete_draft(world, nominees=3)
    costs = [cost(auditor, timeline_of(file))]
    w.walk(world, file, State.AWAIT_DECISION)
    costs.append(cost(auditor, timeline_of(file)))
    decision = w.decision(world)
    costs.append(cost(auditor, timeline_of(decision)))
    w.walk(world, decision, DecisionState.PUBLISHED)
    costs.append(cost(auditor, timeline_of(decision)))
    assert costs == [10, 10, 10, 10]
    fresh = w.walk(world, w.complete_draft(world), State.REVIEW)  # at a unit that no event of it names yet
    assert cost(auditor, timeline_of(fresh)) == 11


def test_identifiers_on_the_page_are_unique(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    found = re.findall(r' id="([^"]+)"', auditor.get(timeline_of(file)).content.decode())
    assert len(found) == len(set(found))
