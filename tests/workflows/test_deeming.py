"""What counts as done when its time is over: by the system's own officer, where the limit says so, and never else."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse

from audit import standing
from audit.replay import replay
from history import clock, log
from history.ledger import of_stream
from history.report import Report
from nominations import time_limits
from nominations.actions import DECISION_TABLE, NOMINATION_TABLE, Needs, Seat
from nominations.content import seen_digest
from nominations.models import Handling
from nominations.models.deadlines import DEEMED_ACTS
from nominations.states import DecisionState, State
from permissions import grants
from permissions.backends import PasswordBackend
from permissions.models import Officer
from tests import pages
from tests import world as w
from workflows import deeming, engine, watching
from workflows.models import OutboxMessage

DAY = date(2024, 11, 5)  # a Tuesday; a review takes 8 working days, until Friday the 15th
AFTER = date(2024, 11, 16)
ADMINISTRATOR = "programme_administrator@home"


@pytest.fixture
def world(in_2024, db):
    world = w.build()
    call_command("load_programme", verbosity=0)
    return world


@pytest.fixture
def alone(world):
    """An account of the system's own, appointed at the district as a reviewer, by whom reviews count as done."""
    return account(world, "reviewer", "district")


def account(world, role, place, username="he.thong"):
    client = pages.enter(world["system_administrator@province"])
    fields = {"username": username, "full_name": "Hệ thống", "is_automatic": "on"}
    assert client.post(reverse("permissions:officer_new"), fields).status_code == 302
    officer = Officer.objects.get(username=username)
    give(world, officer, role, place)
    return officer


def give(world, officer, role, place):
    by = world["system_administrator@province"]
    grants.appoint(
        officer, role, world.units[place], position="Hệ thống", document="QĐ 9", valid_from=DAY, granted_by=by
    )


def says_so(world, officer, step="review", **more):
    says = {"award": "", "unit_kind": "", "days": 8, "unit": "working", "at_expiry": "deemed"} | more
    return time_limits.lay_down(
        by=world[ADMINISTRATOR], valid_from=DAY, legal_basis="QĐ 10", step=step, deemed_by=officer, **says
    )


def on(day, act, *args):
    with clock.legal_day(day):
        return act(*args)


def file_at(world, state=State.REVIEW):
    return w.walk(world, w.complete_draft(world), state)


def test_it_counts_as_done_once_the_time_is_over_and_not_before(world, alone):
    says_so(world, alone)
    file = file_at(world)
    assert on(date(2024, 11, 15), deeming.deem) == 0
    assert on(AFTER, deeming.deem) == 1
    file.refresh_from_db()
    assert file.state == State.ENDORSE
    event, text = of_stream(file.stream)[-1]
    assert (event.action, event.automatic, event.actor) == ("forward", True, str(alone.uid))
    assert event.data["deemed"] == {
        "step": "review", "award": "", "unit_kind": "", "from": "2024-11-05", "due": "2024-11-15",
    }  # fmt: skip
    assert text["actor"] == "Hệ thống"
    assert Handling.objects.get(nomination=file, action="forward").officer == alone
    assert on(AFTER, deeming.deem) == 0


def test_the_auditor_finds_it_lawful_and_the_tables_as_the_events_say(world, alone):
    says_so(world, alone)
    file_at(world)
    on(AFTER, deeming.deem)
    log.seal()
    assert replay(walked=True).illegal == []
    report = Report()
    standing.check(report)
    assert [fault for fault in report.faults if "nomination" not in fault.where] == []


def test_a_file_in_somebodys_hands_counts_as_done_too(world, alone):
    says_so(world, alone)
    file = file_at(world)
    w.act(file, "claim", world["reviewer@district"])
    assert on(AFTER, deeming.deem) == 1
    log.seal()
    assert replay(walked=True).illegal == []


def test_a_decision_that_the_office_does_not_check_in_time_goes_on(world):
    officer = account(world, "office_specialist", "office")
    says_so(world, officer, "check", days=3)
    w.confirmed(world)
    decision = w.decision(world, DecisionState.CHECK)
    assert on(date(2024, 11, 9), deeming.deem) == 1
    decision.refresh_from_db()
    assert decision.state == DecisionState.SIGN
    log.seal()
    assert replay(walked=True).illegal == []


def test_the_limit_of_the_day_counts_and_not_the_one_by_which_the_clock_began(world, alone):
    says_so(world, alone)
    file = file_at(world)
    with pytest.raises(ValidationError):
        time_limits.end(file.deadline, by=world[ADMINISTRATOR], valid_to=DAY, legal_basis="QĐ 11")
    time_limits.end(file.deadline, by=world[ADMINISTRATOR], valid_to=date(2024, 11, 14), legal_basis="QĐ 11")
    assert on(AFTER, deeming.deem) == 0
    file.refresh_from_db()
    assert file.state == State.REVIEW and file.due == date(2024, 11, 15), "the clock keeps its limit"


def test_what_is_refused_stays_is_reported_and_nothing_is_half_done(world, alone):
    says_so(world, alone)
    file = file_at(world)
    grants.end_appointment(alone.appointments.get(), on=date(2024, 11, 6))
    events = len(of_stream(file.stream))
    assert on(AFTER, deeming.deem) == 0
    assert len(of_stream(file.stream)) == events
    on(AFTER, watching.watch)
    assert set(OutboxMessage.objects.filter(kind__startswith="due_").values_list("kind", flat=True)) == {
        "due_over", "due_escalated",
    }  # fmt: skip


def test_separation_of_duties_holds_for_it_too(world, alone):
    """The same account at two levels: what it let through at the first it does not let through at the second."""
    give(world, alone, "intake_officer", "home")
    says_so(world, alone)
    says_so(world, alone, "intake", days=1)
    file = file_at(world)
    on(AFTER, deeming.deem)
    file.refresh_from_db()
    on(AFTER, w.walk, world, file, State.INTAKE)
    assert on(date(2024, 12, 2), deeming.deem) == 0


def test_it_does_nothing_of_its_own_accord(world, alone):
    """Not before the time, not another act, not without a limit that says so: refused under the lock."""
    file = file_at(world)
    for action in ("forward", "return"):
        with pytest.raises(PermissionDenied):
            engine.act(engine.task_of(file), action, actor=alone, seen=seen_digest(file))
    says_so(world, alone)
    for action in ("forward", "return", "claim"):
        with pytest.raises(PermissionDenied):
            engine.act(engine.task_of(file), action, actor=alone, seen=seen_digest(file))


def test_nobody_signs_in_with_it_and_nobody_is_offered_it(world, alone):
    client = pages.enter(world["system_administrator@province"])
    assert client.post(reverse("permissions:invite", args=[alone.uid])).status_code == 403
    alone.set_password("mật khẩu rất dài 1")
    alone.save()
    assert (
        PasswordBackend().authenticate(None, username=alone.username, password="mật khẩu rất dài 1") is None
    )
    assert pages.enter(alone).get(reverse("workflows:my_work")).status_code == 302
    assert alone not in grants.holders("review", world.units["district"])


@pytest.mark.parametrize(
    ("change", "field"),
    [({"step": "sign"}, "at_expiry"), ({"step": "appraise"}, "at_expiry"), ({"officer": None}, "deemed_by")],
)
def test_what_never_counts_as_done_is_refused(world, alone, change, field):
    officer = change.pop("officer", alone)
    with pytest.raises(ValidationError) as refused:
        says_so(world, officer, **change)
    assert set(refused.value.message_dict) == {field}
    with pytest.raises(ValidationError) as refused:
        says_so(world, world["reviewer@district"])
    assert set(refused.value.message_dict) == {"deemed_by"}


def test_it_is_given_no_decisive_role(world, alone):
    with pytest.raises(ValidationError):
        give(world, alone, "chairman", "province")


def test_the_table_holds_only_what_asks_for_nothing_and_binds_nobody_by_name():
    for step, name in DEEMED_ACTS.items():
        row = (NOMINATION_TABLE | DECISION_TABLE)[step, name]
        assert (row.needs, row.seat, row.signs, row.option, row.files) == (
            Needs.NOTHING, Seat.HOLDER, False, False, False,
        )  # fmt: skip


def test_the_page_lays_it_down_and_ends_it(world, alone):
    client, page = pages.enter(world[ADMINISTRATOR]), reverse("nominations:time_limits")
    fields = {
        "step": "review", "award": "", "unit_kind": "", "days": "8", "unit": "working", "at_expiry": "deemed",
        "deemed_by": alone.pk, "valid_from": "05/11/2024", "legal_basis": "QĐ 10",
    }  # fmt: skip
    assert client.post(page, fields | {"deemed_by": ""}).status_code == 422
    assert client.post(page, fields).status_code == 302
    assert "Hệ thống" in client.get(page).content.decode()
    [limit] = time_limits.limits().filter(at_expiry="deemed")
    ending = {"end-limit": limit.pk, "end-valid_to": "01/12/2024", "end-legal_basis": "QĐ 11"}
    end = reverse("nominations:time_limit_end")
    assert client.post(end, ending | {"end-legal_basis": ""}).status_code == 422
    assert pages.enter(world["reviewer@district"]).post(end, ending).status_code == 403
    assert client.post(end, ending).status_code == 302
    limit.refresh_from_db()
    assert limit.valid_to == date(2024, 12, 1)
    assert client.post(end, ending).status_code == 422, "it has an end already"
