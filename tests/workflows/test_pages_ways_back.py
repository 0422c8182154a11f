"""The pages of the ways back: opening counts, remarks are ticked off, files assigned, numbers listed."""

import pytest
from django.urls import reverse

from nominations.models import Remark
from nominations.states import DecisionState, Outcome, State
from tests import pages
from tests import world as w
from workflows import engine, opening, outbox
from workflows.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_2024")
ASSIGNMENT, REGISTER = reverse("workflows:assignment"), reverse("workflows:register")


def at(world, state, nominees=1):
    return w.walk(world, w.complete_draft(world, nominees=nominees), state)


def returned(world):
    file = at(world, State.REVIEW)
    return w.act(
        file, "return", world["reviewer@district"], remarks=[{"about": "letter", "text": "Thiếu số"}]
    )


def tick_url(file):
    return reverse("workflows:tick_nomination", kwargs={"uid": file.uid})


# opening


def test_whoever_acts_next_opens_the_file_and_is_remembered_once(world):
    file = at(world, State.REVIEW)
    revision = file.revision
    pages.enter(world["reviewer@district"]).get(pages.page_of(file))
    file.refresh_from_db()
    assert (file.opened_by, file.revision) == (world["reviewer@district"], revision)
    pages.enter(world["reviewer2@district"]).get(pages.page_of(file))
    file.refresh_from_db()
    assert file.opened_by == world["reviewer@district"]


@pytest.mark.parametrize(
    "who", ["unit_head@commune", "clerk@commune", "auditor@province", "body_head@district"]
)
def test_who_does_not_act_next_opens_nothing(world, who):
    file = at(world, State.REVIEW)
    pages.enter(world[who]).get(pages.page_of(file))
    file.refresh_from_db()
    assert file.opened_at is None


def test_an_opening_of_what_has_moved_on_since_does_not_count(world):
    file = at(world, State.REVIEW)
    stale = type(file).objects.get(pk=file.pk)
    w.act(file, "recall", world["unit_head@commune"])
    assert not opening.mark(stale, world["reviewer@district"])


def test_who_writes_at_a_returned_draft_has_opened_it(world):
    file = returned(world)
    client = pages.enter(world["clerk@commune"])
    client.post(pages.draft_of(file), pages.draft_fields(client.get(pages.draft_of(file))))
    file.refresh_from_db()
    assert file.opened_by == world["clerk@commune"]
    shown = pages.enter(world["reviewer@district"]).get(pages.page_of(file))
    assert "recall" not in {item.name for item in shown.context["items"]}


# remarks


def test_the_draft_ticks_remarks_off_with_what_is_saved(world):
    file = returned(world)
    remark = file.remarks.get()
    client = pages.enter(world["clerk@commune"])
    page = client.get(pages.draft_of(file))
    assert [row["about"] for row in page.context["remarks"]] == ["Tờ trình"]
    fields = pages.draft_fields(page) | {
        "remark": remark.pk,
        "remark_done": remark.pk,
        f"remark_answer-{remark.pk}": "Đã ghi số 15",
    }
    client.post(pages.draft_of(file), fields)
    remark.refresh_from_db()
    assert (remark.status, remark.answer) == (Remark.Status.DONE, "Đã ghi số 15")
    assert remark.answered_by == world["clerk@commune"]
    assert "propose" in {item.name for item in client.get(pages.page_of(file)).context["items"]}


def test_until_every_remark_is_ticked_off_the_file_is_not_presented(world):
    file = returned(world)
    page = pages.enter(world["clerk@commune"]).get(pages.page_of(file))
    off = [item for item in page.context["items"] if not item.allowed]
    assert "Trình thủ trưởng ký" in off[0].label
    assert off[0].why_not
    assert page.context["waiting_for"] == ""


def test_a_reviewing_body_ticks_off_on_the_page_and_nobody_else_does(world):
    file = at(world, State.INTAKE)
    w.act(file, "return", world["intake_officer@home"], to="endorse", remarks=[{"text": "Thiếu chữ ký"}])
    remark = file.remarks.get()
    head, stranger = pages.enter(world["body_head@district"]), pages.enter(world["clerk@commune"])
    assert head.get(pages.page_of(file)).context["may_tick"]
    assert not stranger.get(pages.page_of(file)).context["may_tick"]
    fields = {"remark": remark.pk, "remark_done": remark.pk, f"remark_answer-{remark.pk}": "Đã ký"}
    assert stranger.post(tick_url(file), fields).status_code == 403
    assert head.post(tick_url(file), fields).status_code == 302
    remark.refresh_from_db()
    assert remark.answer == "Đã ký"
    too_long = fields | {f"remark_answer-{remark.pk}": "x" * 2001}
    shown = head.post(tick_url(file), too_long, follow=True)
    assert "2000" in shown.content.decode()


def test_what_changed_since_the_version_before_is_shown(world):
    file = returned(world)
    type(file).objects.filter(pk=file.pk).update(letter_number="16/TTr")
    w.walk(world, file, State.REVIEW)
    page = pages.enter(world["reviewer@district"]).get(pages.page_of(file))
    comparison = page.context["comparison"]
    assert (comparison["count"], comparison["before"], comparison["after"]) == (1, 1, 2)
    assert "16/TTr" in page.content.decode()
    assert page.context["answered"][0]["answer"] == "Đã bổ sung"


# in whose hands


def test_the_head_of_division_sees_who_has_how_many(world, django_assert_num_queries):
    files = [at(world, State.APPRAISE) for _ in range(3)]
    w.act(files[0], "claim", world["appraiser@home"])
    client = pages.enter(world["head_of_division@home"])
    page = client.get(ASSIGNMENT)
    assert [row["reference"] for row in page.context["free"]] == [f.reference for f in files[1:]]
    assert [row["hands"] for row in page.context["taken"]] == [world["appraiser@home"].full_name]
    loads = {officer["name"]: officer["load"] for officer in page.context["units"][0]["officers"]}
    assert loads[world["appraiser@home"].full_name] == 1
    for more in (0, 3):
        for _ in range(more):
            at(world, State.APPRAISE)
        with django_assert_num_queries(10):
            client.get(ASSIGNMENT)


def test_assigning_by_the_form_and_refusing_who_does_not_assign(world):
    file = at(world, State.APPRAISE)
    chosen = world["appraiser2@home"]
    response = pages.send(
        pages.enter(world["head_of_division@home"]), file, "assign", assignee=str(chosen.uid)
    )
    assert response.status_code == 302
    file.refresh_from_db()
    assert file.assigned_post.officer == chosen
    page = pages.enter(world["appraiser@home"]).get(pages.page_of(file))
    assert chosen.full_name in page.content.decode()
    assert not any(item.allowed for item in page.context["items"])
    assert pages.enter(world["appraiser@home"]).get(ASSIGNMENT).status_code == 403


# numbers, and what is told


def test_the_register_shows_a_void_number_with_its_reason(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.PUBLISH)
    clerk = world["records_clerk@office"]
    w.act(decision, "void_number", clerk, note="Ghi nhầm trích yếu")
    w.act(decision, "issue_number", clerk)
    page = pages.enter(clerk).get(REGISTER)
    assert [(str(n), n.state) for n in page.context["numbers"]] == [
        ("02/QĐ-UBND", "used"),
        ("01/QĐ-UBND", "void"),
    ]
    assert "Ghi nhầm trích yếu" in page.content.decode()
    assert pages.enter(world["clerk@commune"]).get(REGISTER).status_code == 403


def test_who_is_not_awarded_is_told_with_rank_and_reason(world):
    w.confirmed(world, nominees=2)
    world.round.quotas.filter(kind="individual").update(count=1)
    decision = w.decision(world)
    [tie] = decision_ties(decision)
    w.act(
        decision, "settle_tie", world["head_of_division@home"], note="Công tác lâu năm",
        chosen=[str(tie.members[0].uid)],
    )  # fmt: skip
    w.walk(world, decision, DecisionState.PUBLISHED)
    engine.close_round(world.round, actor=world["head_of_division@home"])
    for message in OutboxMessage.objects.filter(delivered=None):
        outbox.deliver(message.pk)
    page = pages.enter(world["clerk@commune"]).get(reverse("workflows:notices"))
    [row] = [row for row in page.context["rows"] if row["not_awarded"]]
    [nominee] = row["not_awarded"]
    assert (nominee.outcome, nominee.outcome_rank) == (Outcome.NOT_SELECTED, 1)
    assert nominee.get_outcome_code_display() in page.content.decode()


def decision_ties(decision):
    from nominations import ranking

    return ranking.ties_at_the_edge(decision)
