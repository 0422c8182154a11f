"""Who is told before a step is late, and who when it is; each threshold of a stay once, whatever the clock does."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from history import clock
from nominations import heads, time_limits
from nominations.models import DeadlinePolicy, Nomination
from nominations.models.deadlines import STEPS
from nominations.states import DecisionState, State
from permissions import grants
from tests import pages
from tests import world as w
from workflows import delivery, outbox, watching
from workflows.models import Notice, OutboxMessage, Reminder

DAY = date(2024, 11, 5)  # a Tuesday; a review takes 8 working days, until Friday the 15th
LIST = reverse("nominations:list")


@pytest.fixture
def world(in_2024, db):
    world = w.build()
    call_command("load_programme", verbosity=0)
    return world


@pytest.fixture
def file(world):
    return w.walk(world, w.complete_draft(world), State.REVIEW)


def watch(day):
    with clock.legal_day(day):
        return watching.watch()


def told(kind):
    """Who was told by the messages of a kind, once they are delivered."""
    for key in OutboxMessage.objects.filter(kind=kind, delivered=None).values_list("pk", flat=True):
        outbox.deliver(key)
    return set(Notice.objects.filter(kind=kind).values_list("officer__username", flat=True))


def holder_at(world, step, subject):
    """The body where a file waits at a step."""
    programme = subject.round.programme
    if step in ("review", "endorse"):
        return world.units["district"]
    if step in ("check", "issue_number", "publish"):
        return programme.office_unit
    return programme.deciding_unit if step == "sign" else programme.appraising_unit


def kinds():
    return list(
        OutboxMessage.objects.filter(kind__startswith="due_").order_by("pk").values_list("kind", flat=True)
    )


def test_reminded_at_half_at_four_fifths_and_at_the_end(world, file):
    reviewers = {"reviewer.district", "reviewer2.district"}
    for day, count in ((date(2024, 11, 11), 0), (date(2024, 11, 12), 1), (date(2024, 11, 13), 0)):
        assert watch(day) == count, day  # on the 12th four of eight days are over
    assert kinds() == ["due_half"] and told("due_half") == reviewers
    assert watch(date(2024, 11, 15)) == 1  # seven are over
    assert told("due_soon") == reviewers
    assert watch(date(2024, 11, 16)) == 1
    assert kinds() == ["due_half", "due_soon", "due_over", "due_escalated"]
    assert told("due_over") == reviewers
    assert told("due_escalated") == {"body_head.district", "body_head2.district"}


def test_each_threshold_once_whatever_the_clock_does(world, file):
    days = [
        date(2024, 11, 12),
        date(2024, 11, 11),
        date(2024, 11, 12),
        date(2024, 11, 13),
        date(2024, 11, 12),
    ]
    assert [watch(day) for day in days] == [1, 0, 0, 0, 0]
    assert Reminder.objects.count() == 1


def test_after_a_long_silence_only_the_highest_is_told_of(world, file):
    assert watch(date(2024, 12, 2)) == 1
    assert kinds() == ["due_over", "due_escalated"]
    assert sorted(Reminder.objects.values_list("percent", flat=True)) == [50, 80, 100]
    assert watch(date(2024, 12, 3)) == 0


def test_a_new_stay_is_watched_anew(world, file):
    watch(date(2024, 11, 16))
    with clock.legal_day(date(2024, 11, 18)):
        w.walk(world, file, State.ENDORSE)
    assert watch(date(2024, 11, 21)) == 1
    assert kinds()[-2:] == ["due_over", "due_escalated"]
    assert told("due_over") >= {"body_head.district"}


def test_whoever_can_act_no_more_is_not_reminded(world, file):
    watch(date(2024, 11, 12))
    w.walk(world, file, State.ENDORSE)  # before the message is delivered
    assert told("due_half") == set()


def test_a_notice_of_a_stay_that_is_over_says_so_when_opened(world, file):
    watch(date(2024, 11, 12))
    told("due_half")
    w.walk(world, file, State.ENDORSE)
    notice = Notice.objects.get(officer=world["reviewer@district"], kind="due_half")
    answer = pages.enter(world["reviewer@district"]).get(
        reverse("workflows:notice", kwargs={"pk": notice.pk})
    )
    assert answer.status_code == 200 and answer.context["row"]["moved_on"]


def test_back_from_a_supplement_or_taken_back_nothing_is_told_twice(world):
    DeadlinePolicy.objects.filter(step="intake").update(days=10)
    file = w.walk(world, w.complete_draft(world), State.INTAKE)  # until the 19th
    intake, half = world["intake_officer@home"], date(2024, 11, 13)
    assert watch(half) == 1 and kinds() == ["due_half"]
    with clock.legal_day(half):
        w.act(file, "request_supplement", intake, remarks=[{"text": "Bổ sung"}])
        file.remarks.update(status="done", answer="Đã bổ sung")
        w.walk(world, file, State.INTAKE)  # six days are over: half, but not four fifths
    assert watch(half) == 0
    with clock.legal_day(half):
        w.walk(world, file, State.APPRAISE)
        w.act(file, "recall", intake)
    assert file.state == State.INTAKE and watch(date(2024, 11, 15)) == 0
    assert watch(date(2024, 11, 18)) == 1
    assert kinds() == ["due_half", "due_soon"]


def test_every_step_that_is_reported_has_somebody_who_hears_of_it(world):
    """Steps and heads are two tables: where a limit says that the head is told, there is one."""
    assert {step for step, _label in STEPS} - set(heads.HEADS) == {"sign"}, "above the Chairman nobody stands"
    limits = DeadlinePolicy.objects.filter(at_expiry="escalate")
    assert limits.count() == 9
    file = w.walk(world, w.complete_draft(world), State.AWAIT_DECISION)
    decision = w.decision(world)
    for subject, states in ((file, State), (decision, DecisionState)):
        for limit in limits.filter(step__in=states):
            subject.state, subject.holder = limit.step, holder_at(world, limit.step, subject)
            right, unit = heads.head_of(subject)
            assert grants.holders(right, unit).exists(), limit


def test_a_report_to_nobody_is_refused(world):
    with pytest.raises(ValidationError) as refused:
        time_limits.lay_down(
            by=world["programme_administrator@home"], valid_from=DAY, legal_basis="QĐ 1", step="sign", award="",
            unit_kind="", days=3, unit="working", at_expiry="escalate",
        )  # fmt: skip
    assert set(refused.value.message_dict) == {"at_expiry"}


def test_nobody_above_is_told_where_the_limit_says_so(world, file):
    DeadlinePolicy.objects.update(at_expiry="nothing")
    watch(date(2024, 11, 16))
    assert kinds() == ["due_over"]


def test_what_stands_is_not_watched(world):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    w.act(file, "request_supplement", world["intake_officer@home"], remarks=[{"text": "Bổ sung"}])
    assert watch(date(2024, 12, 30)) == 0


def test_a_watch_that_dies_leaves_nothing_by_halves(world, file, monkeypatch):
    def dies(*_args):
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(outbox, "write", dies)
        watch(date(2024, 11, 12))
    assert not Reminder.objects.exists()
    assert watch(date(2024, 11, 12)) == 1


def test_the_watch_costs_the_same_however_many_are_on_time(world, django_assert_num_queries):
    for more in (1, 4):
        for _ in range(more):
            w.walk(world, w.complete_draft(world), State.REVIEW)
        with clock.legal_day(DAY), django_assert_num_queries(4):
            watching.watch()


def test_late_and_soon_due_are_found_by_whoever_may_read_them(world, file):
    other = w.walk(world, w.complete_draft(world, "commune2"), State.REVIEW)
    soon = w.walk(world, w.complete_draft(world), State.REVIEW)
    Nomination.objects.filter(pk__in=[file.pk, other.pk]).update(due=date(2024, 11, 4))
    Nomination.objects.filter(pk=soon.pk).update(due=date(2024, 11, 7))

    def found(who, due):
        rows = pages.enter(world[who]).get(LIST, {"due": due}).context["rows"]
        return {row["reference"] for row in rows}

    assert found("reviewer@district", "late") == {file.reference}
    assert found("reviewer@district", "soon") == {soon.reference}
    assert found("auditor@province", "late") == {file.reference, other.reference}
    assert found("appraiser@home", "late") == set(), "it has not reached Home Affairs"
    assert watching.late_count() == 2
    with clock.legal_day(date(2024, 11, 8)):
        assert watching.late_count() == 3


def test_the_numbers_of_delivery(world, file):
    assert delivery.state()["waiting"] == 0
    watch(date(2024, 11, 12))
    state = delivery.state()
    assert (state["waiting"], state["set_aside"], state["beat"]) == (1, 0, None)
    assert state["lag"] >= 0 and state["oldest"]
