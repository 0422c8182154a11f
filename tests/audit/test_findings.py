"""The seven findings: each finds the file that belongs and leaves the one that does not, within the scope of the post."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit import answers
from audit.answers import APPROVING, OVERRIDING, RETURNS
from audit.findings import FINDINGS
from history import clock
from history.models import Event
from nominations.actions import DECISION_TABLE, NOMINATION_TABLE
from nominations.models import Nomination, Programme, Quota
from nominations.states import DecisionState, State
from tests import world as w
from tests.audit.test_timeline import auditor_at, timeline_of
from tests.footprint import statements
from tests.pages import enter
from tests.workflows.ways import REMARK

pytestmark = pytest.mark.usefixtures("in_2024")
WEDNESDAY = datetime(2026, 11, 18, 10, 0, tzinfo=clock.VIETNAM)
PERIOD = {"first": "01/11/2026", "last": "31/12/2026"}


@pytest.fixture
def auditor(world):
    return enter(world["auditor@province"])


def moved_to(moment, *subjects, actions=()):
    """Write that what happened to `subjects` happened at `moment`, past the trigger that refuses it."""
    streams = [subject.stream for subject in subjects]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE history_event DISABLE TRIGGER USER")
    events = Event.objects.filter(stream__in=streams)
    (events.filter(action__in=actions) if actions else events).update(at=moment)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE history_event ENABLE TRIGGER USER")


def ask(client, name, **asked):
    return client.get(reverse("audit:finding", kwargs={"name": name}), {**PERIOD, **asked})


def listed(response):
    """The timelines to which the list leads."""
    assert response.status_code == 200, response.context["form"].errors
    rows = response.context["found"].rows
    return {cell.url.partition("#")[0] for row in rows for cell in row.cells[:1] if cell.url} | {
        url for row in rows for _label, url in row.links
    }


def test_the_tables_of_the_findings_name_acts_that_exist():
    tables = {**NOMINATION_TABLE, **DECISION_TABLE}
    assert set(APPROVING) <= set(tables)
    assert {*RETURNS, *OVERRIDING} <= {action for _step, action in tables}


@pytest.mark.parametrize(
    ("hour", "day", "belongs"),
    [(5, 18, True), (6, 18, False), (19, 18, False), (20, 18, True), (10, 21, True), (10, 22, True)],
)
def test_acts_at_odd_hours(world, auditor, hour, day, belongs):
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    moved_to(WEDNESDAY, file)
    usual = ask(auditor, "gio-bat-thuong", from_hour=6, to_hour=20, weekends="on")
    assert listed(usual) == set()
    moved_to(WEDNESDAY.replace(hour=hour, day=day), file, actions=("propose",))
    odd = ask(auditor, "gio-bat-thuong", from_hour=6, to_hour=20, weekends="on")
    assert listed(odd) == ({timeline_of(file)} if belongs else set())
    assert len(odd.context["found"].rows) == belongs
    if day > 20:  # a weekend counts only when it is asked for
        assert listed(ask(auditor, "gio-bat-thuong", from_hour=6, to_hour=20)) == set()


def test_through_all_levels_in_one_day(world, auditor):
    quick, slow = (w.walk(world, w.complete_draft(world), State.APPRAISE) for _ in range(2))
    moved_to(WEDNESDAY, quick, slow)
    moved_to(WEDNESDAY + timedelta(days=1), slow, actions=("forward", "endorse"))
    assert listed(ask(auditor, "trong-mot-ngay")) == {timeline_of(quick)}
    assert listed(ask(auditor, "trong-mot-ngay", levels=2)) == {timeline_of(quick), timeline_of(slow)}


def test_returned_more_than_once(world, auditor):
    once, twice = (w.walk(world, w.complete_draft(world), State.REVIEW) for _ in range(2))
    for file in (once, twice, twice):
        w.act(file, "return", world["reviewer@district"], **REMARK)
        w.walk(world, file, State.REVIEW)
    moved_to(WEDNESDAY, once, twice)
    assert listed(ask(auditor, "tra-nhieu-lan")) == {timeline_of(twice)}
    assert listed(ask(auditor, "tra-nhieu-lan", times=3)) == set()


def test_set_aside_without_the_usual_check(world, auditor):
    """A strike by the signer is checked by nobody; a line left off before the Office's check is."""
    for _ in range(2):
        w.confirmed(world, nominees=2)
    checked = w.decision(world)
    line = checked.lines.order_by("rank").last()
    w.act(checked, "leave_off", world["head_of_division@home"], line=str(line.nominee.uid), note="Rà soát")
    moved_to(WEDNESDAY, checked)
    assert listed(ask(auditor, "khong-qua-kiem-tra")) == {timeline_of(checked)}  # not yet
    w.walk(world, checked, DecisionState.PUBLISHED)
    moved_to(WEDNESDAY, checked)
    assert listed(ask(auditor, "khong-qua-kiem-tra")) == set()
    w.confirmed(world, nominees=1)
    struck = w.decision(world, DecisionState.SIGN)
    line = struck.lines.order_by("rank").last()
    w.act(struck, "sign", world["chairman@province"], strikes={str(line.nominee.uid): "Chưa đủ"})
    moved_to(WEDNESDAY, struck)
    assert listed(ask(auditor, "khong-qua-kiem-tra")) == {timeline_of(struck)}


def test_a_signature_without_the_office_s_check(world, auditor):
    """What the write path never does: the check is taken out of the ledger."""
    w.confirmed(world)
    decision = w.decision(world, DecisionState.ISSUE_NUMBER)
    moved_to(WEDNESDAY, decision)
    assert listed(ask(auditor, "khong-qua-kiem-tra")) == set()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE history_event DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE history_event SET action = 'x' WHERE stream = %s AND action = 'pass'", [decision.stream]
        )
        cursor.execute("ALTER TABLE history_event ENABLE TRIGGER USER")
    assert listed(ask(auditor, "khong-qua-kiem-tra")) == {timeline_of(decision)}


def test_late_steps(world, auditor):
    slow, quick = (w.walk(world, w.complete_draft(world), State.ENDORSE) for _ in range(2))
    ended = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(ended, "reject", world["reviewer@district"], code="violation", note="Vi phạm")
    now = timezone.now()
    moved_to(now - timedelta(days=3), slow, quick)
    moved_to(now - timedelta(days=30), ended)  # nothing lies where it has ended
    moved_to(now - timedelta(days=15), slow, actions=("open", "propose", "submit"))
    asked = {"first": "01/01/2026", "last": f"{timezone.localdate(timezone=clock.VIETNAM):%d/%m/%Y}"}
    assert listed(ask(auditor, "cham", **asked)) == {timeline_of(slow)}
    assert {timeline_of(slow), timeline_of(quick)} == listed(ask(auditor, "cham", **asked, days=2))


def test_what_waits_after_its_due_day_is_late(world, auditor):
    late, punctual = (w.walk(world, w.complete_draft(world), State.REVIEW) for _ in range(2))
    Nomination.objects.filter(pk=late.pk).update(due=clock.today() - timedelta(days=1))
    Nomination.objects.filter(pk=punctual.pk).update(due=clock.today())
    assert listed(ask(auditor, "cham")) == {timeline_of(late)}


def test_what_was_done_after_its_due_day(world, auditor):
    call_command("load_programme", verbosity=0)
    late, punctual = (w.walk(world, w.complete_draft(world), State.REVIEW) for _ in range(2))
    due = late.due
    with clock.legal_day(due):
        w.act(punctual, "forward", world["reviewer@district"])
    with clock.legal_day(due + clock.DAY):
        w.act(late, "forward", world["reviewer@district"])
    answer = ask(auditor, "sau-han")
    assert listed(answer) == {timeline_of(late)}
    assert f"{due:%d/%m/%Y}" in answer.content.decode()


def test_the_share_of_leaders(world, auditor):
    leaders = w.confirmed(world, "commune", 3)
    workers = w.confirmed(world, "commune2", [{"is_direct_worker": True}] * 2)
    w.decision(world, DecisionState.PUBLISHED)
    asked = {"first": "01/01/2026", "at_least": 2}
    assert listed(ask(auditor, "lanh-dao", **asked)) == {timeline_of(leaders)}
    assert listed(ask(auditor, "lanh-dao", first="01/01/2026", at_least=4)) == set()
    workers.nominees.update(is_direct_worker=False)
    assert listed(ask(auditor, "lanh-dao", **asked)) == {timeline_of(leaders), timeline_of(workers)}


def test_one_person_with_most_approvals(world, auditor):
    files = [w.walk(world, w.complete_draft(world), State.REVIEW) for _ in range(3)]
    other = w.walk(world, w.complete_draft(world, "commune2"), State.REVIEW)
    moved_to(WEDNESDAY, *files, other)
    found = ask(auditor, "mot-nguoi", share=50, at_least=3)
    assert listed(found) == {timeline_of(file) for file in files}
    (row,) = found.context["found"].rows
    assert row.cells[0].text == world["unit_head@commune"].full_name and row.cells[2].text == "3 / 4"
    assert listed(ask(auditor, "mot-nguoi", share=75, at_least=3)) == set()
    assert listed(ask(auditor, "mot-nguoi", share=50, at_least=4)) == set()


def test_an_auditor_finds_only_what_lies_below_the_post_and_others_find_nothing(world):
    inside = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    outside = w.walk(world, w.complete_draft(world, "commune2"), State.SIGN_PROPOSAL)
    moved_to(WEDNESDAY.replace(hour=23), inside, outside)
    assert listed(ask(enter(auditor_at(world, "district")), "gio-bat-thuong")) == {timeline_of(inside)}
    for who in ("clerk@commune", "head_of_division@home", "system_administrator@province"):
        client = enter(world[who])
        assert ask(client, "gio-bat-thuong").status_code == 403
        assert client.get(reverse("audit:findings")).status_code == 403


def test_period_and_programme_narrow_what_is_found(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    moved_to(WEDNESDAY.replace(hour=23), file)
    name = "gio-bat-thuong"
    assert listed(ask(auditor, name, programme=world.programme.pk)) == {timeline_of(file)}
    assert listed(ask(auditor, name, first="18/11/2026", last="18/11/2026")) == {timeline_of(file)}
    assert listed(ask(auditor, name, last="17/11/2026")) == set()
    other = Programme.objects.get(pk=world.programme.pk)
    other.pk, other.code = None, "khac"
    other.save()
    assert listed(ask(auditor, name, programme=other.pk)) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "x"},
        {"first": "01/01/0001"},
        {"last": "31/12/9999"},
        {"last": "01/01/2020"},
        {"from_hour": "25"},
        {"programme": "999999"},
        {"programme": "x"},
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(world, auditor, wrong):
    response = ask(auditor, "gio-bat-thuong", **wrong)
    assert response.status_code == 422 and set(response.context["form"].errors) == set(wrong)


def test_without_parameters_each_is_asked_as_usual(world, auditor):
    for name in FINDINGS:
        response = auditor.get(reverse("audit:finding", kwargs={"name": name}))
        assert response.status_code == 200, name
    assert auditor.get(reverse("audit:findings")).status_code == 200
    assert auditor.get(reverse("audit:finding", kwargs={"name": "khong-co"})).status_code == 404


def test_a_long_list_says_that_it_is_cut(world, auditor, monkeypatch):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    moved_to(WEDNESDAY.replace(hour=23), file)
    monkeypatch.setattr(answers, "MOST", 1)
    monkeypatch.setattr("audit.finding_rows.MOST", 1)
    found = ask(auditor, "gio-bat-thuong").context["found"]
    assert found.more and len(found.rows) == 1


def test_each_finding_costs_the_same_however_much_it_finds(world, auditor):
    Quota.objects.filter(round=world.round).update(count=400)
    asked = {
        "first": "01/01/2026",
        "share": 1,
        "at_least": 1,
        "days": 1,
        "levels": 2,
        "times": 2,
        "to_hour": 6,
    }
    costs = []
    for files in (1, 3):
        for _ in range(files):
            file = w.walk(world, w.complete_draft(world, nominees=2), State.REVIEW)
            for _ in range(2):
                w.act(file, "return", world["reviewer@district"], **REMARK)
                w.walk(world, file, State.REVIEW)
            w.walk(world, file, State.AWAIT_DECISION)
        decision = w.decision(world, DecisionState.SIGN)
        strikes = {str(line.nominee.uid): "Chưa" for line in decision.lines.all()[1:]}
        w.act(decision, "sign", world["chairman@province"], strikes=strikes)
        w.walk(world, decision, DecisionState.PUBLISHED)
        moved_to(timezone.now() - timedelta(days=3), *Nomination.objects.all(), decision)
        row = {}
        for name in FINDINGS:
            with CaptureQueriesContext(connection) as captured:
                assert ask(auditor, name, **asked).status_code == 200
            row[name] = len(statements(captured))
        costs.append(row)
    pinned = {
        "gio-bat-thuong": 9, "trong-mot-ngay": 8, "tra-nhieu-lan": 7, "khong-qua-kiem-tra": 8, "cham": 9, "sau-han": 6,
        "lanh-dao": 7, "mot-nguoi": 12,
    }  # fmt: skip
    assert costs == [pinned, pinned]
