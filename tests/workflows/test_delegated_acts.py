"""Acts under a delegation: recorded for both names, signed in the form of the law, barred like one's own."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history import clock
from history.models import Event, EventText
from nominations.models import Handling, Nominee
from nominations.states import DecisionState, State
from permissions import delegations, grants
from permissions.models import Appointment, Officer
from permissions.sessions import CONFIRMED
from tests import world as w
from tests.footprint import statements
from tests.pages import enter
from workflows import asking, engine
from workflows.acting import url_of
from workflows.inbox import inbox
from workflows.views.delegations import MOST_TAKERS

pytestmark = pytest.mark.usefixtures("in_2024")


def lend(world, giver, taker, *rights):
    post = world.post(giver)
    return delegations.give(
        post, world.post(taker), rights,
        valid_from=w.D2024, valid_to=w.D2024 + timedelta(days=5), reason="Đi công tác", document="GUQ 5",
        by=post.officer,
    )  # fmt: skip


def last_text(subject):
    event = Event.objects.filter(stream=subject.stream).latest("sequence")
    return event, EventText.objects.get(digest=event.text_digest).body


def test_an_act_names_both(world):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    made = lend(world, "head_of_division@home", "clerk@home", "confirm")
    clerk, head = world["clerk@home"], world["head_of_division@home"]
    assert [item.uid for item in inbox(clerk)] == [file.uid]
    w.act(file, "confirm", clerk)
    handling = Handling.objects.filter(nomination=file).latest("pk")
    assert (handling.officer, handling.on_behalf_of, handling.delegation) == (clerk, head, made)
    assert handling.post == world.post("head_of_division@home")
    event, text = last_text(file)
    assert (event.actor, event.behalf, event.data["delegation"]) == (
        str(clerk.uid),
        str(head.uid),
        str(made.uid),
    )
    assert text["behalf"] == head.full_name
    assert text["position"] == f"TUQ. {handling.post.position}, {world.post('clerk@home').position}"


def test_the_chairmans_deputy_signs_kt_with_or_without_a_delegation(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    w.act(decision, "sign", world["deputy_chairman@province"])
    assert (decision.signed_form, decision.signed_for) == ("KT", "Chủ tịch UBND tỉnh")
    assert decision.signed_by_name == world["deputy_chairman@province"].full_name
    page = enter(world["chairman@province"]).get(reverse("workflows:decision", kwargs={"uid": decision.uid}))
    assert "KT. Chủ tịch" in page.content.decode()


def test_the_head_signs_in_their_own_name(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    w.act(decision, "sign", world["chairman@province"])
    assert (decision.signed_form, decision.signed_for) == ("", "")


def test_a_delegated_signature_is_taken_off_with_the_return(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    w.act(decision, "sign", world["deputy_chairman@province"])
    w.act(decision, "return", world["records_clerk@office"], note="Sai thể thức")
    assert (decision.signed_form, decision.signed_for, decision.signed_by_name) == ("", "", "")


@pytest.mark.parametrize("how", ["ended", "giver", "taker", "midnight"])
def test_between_opening_the_page_and_the_click_it_ends(world, how):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    made = lend(world, "head_of_division@home", "clerk@home", "confirm")
    clerk, day = world["clerk@home"], w.D2024
    seen = w.seen_digest(file)
    if how == "ended":
        delegations.end(made, by=world["head_of_division@home"])
    elif how == "midnight":
        day += timedelta(days=5)
    else:
        post = world.post("head_of_division@home" if how == "giver" else "clerk@home")
        grants.end_appointment(post, on=w.D2024)
    with clock.legal_day(day), pytest.raises(PermissionDenied):
        w.act(file, "confirm", clerk, seen=seen)
    assert not Handling.objects.filter(nomination=file, officer=clerk).exists()


def test_separation_binds_the_delegate_as_themselves(world):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    lend(world, "head_of_division@home", "appraiser@home", "confirm")
    answer = {a.action.name: a for a in asking.ask(world["appraiser@home"], file)}["confirm"]
    assert answer.failed and answer.failed.kind == "four_eyes"
    lend(world, "head_of_division@home", "clerk@home", "confirm")
    Nominee.objects.filter(nomination=file).update(officer=world["clerk@home"])
    assert not asking.allowed_actions(world["clerk@home"], file)


def test_the_sender_under_a_delegation_takes_back_while_it_lasts_and_the_post_afterwards(world):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    made = lend(world, "head_of_division@home", "clerk@home", "confirm")
    w.act(file, "confirm", world["clerk@home"])
    names = lambda who: {action.name for action in asking.allowed_actions(world[who], file)}  # noqa: E731
    assert "recall" in names("clerk@home")
    assert "recall" in names("head_of_division@home")
    assert "recall" not in names("head_of_division2@home")
    delegations.end(made, by=world["clerk@home"])
    assert "recall" not in names("clerk@home")
    w.act(file, "recall", world["head_of_division@home"])
    assert file.state == State.CONFIRM


def test_another_delegate_of_the_same_post_does_not_take_it_back(world):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    lend(world, "head_of_division@home", "clerk@home", "confirm")
    lend(world, "head_of_division@home", "unit_head@home", "confirm")
    w.act(file, "confirm", world["clerk@home"])
    assert "recall" not in {action.name for action in asking.allowed_actions(world["unit_head@home"], file)}


def test_a_round_is_closed_and_a_decision_compiled_under_a_delegation(world):
    w.confirmed(world)
    lend(world, "head_of_division@home", "clerk@home", "compile", "close_round")
    decision = w.decision(world, officer=world["clerk@home"])
    opened = decision.handlings.get()
    assert (opened.officer, opened.on_behalf_of) == (world["clerk@home"], world["head_of_division@home"])
    w.walk(world, decision, DecisionState.PUBLISHED)
    engine.close_round(world.round, actor=world["clerk@home"])
    event = Event.objects.get(kind="round.closed")
    assert event.behalf == str(world["head_of_division@home"].uid)


def test_the_bar_names_whose_post_it_is(world):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    lend(world, "head_of_division2@home", "head_of_division@home", "confirm")
    page = enter(world["head_of_division@home"]).get(
        reverse("workflows:nomination", kwargs={"uid": file.uid})
    )
    assert world["head_of_division2@home"].full_name in page.content.decode()


def test_one_page_shows_every_act_under_it_to_those_concerned_alone(world):
    files = [w.walk(world, w.complete_draft(world), State.CONFIRM) for _ in range(3)]
    made = lend(world, "head_of_division@home", "clerk@home", "confirm")
    url = reverse("workflows:delegation", kwargs={"uid": made.uid})
    costs = []
    for number, file in enumerate(files):
        w.act(file, "confirm", world["clerk@home"])
        client = enter(world["head_of_division@home"])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url).content.decode()
        costs.append(len(statements(captured)))
        assert all(done.reference in page for done in files[: number + 1])
    assert costs[0] == costs[-1] <= 10, costs
    assert url_of(files[0]) not in enter(world["system_administrator@province"]).get(url).content.decode()
    for who, status in (
        ("clerk@home", 200), ("system_administrator@province", 200), ("auditor@province", 200),
        ("director@home", 404), ("clerk@commune", 404),
    ):  # fmt: skip
        assert enter(world[who]).get(url).status_code == status, who


def test_what_is_no_act_on_a_file_is_shown_too_and_only_under_its_own_delegation(world):
    """The list compiled and the round closed; what followed from them by itself is not counted as an act."""
    w.confirmed(world)
    made = lend(world, "head_of_division@home", "clerk@home", "compile", "close_round")
    other = lend(world, "head_of_division2@home", "clerk@home", "close_round")
    decision = w.decision(world, officer=world["clerk@home"])
    w.walk(world, decision, DecisionState.PUBLISHED)
    late = w.complete_draft(world, "commune2")
    engine.close_round(world.round, actor=world["clerk@home"], post=world.post("head_of_division@home"))
    reader = enter(world["head_of_division@home"])
    page = reader.get(reverse("workflows:delegation", kwargs={"uid": made.uid}))
    acts = [[cell.text for cell in row] for row in page.context["acts"].rows]
    name = world["clerk@home"].full_name
    assert acts == [
        ["Kết thúc đợt xét", str(world.round), name],
        ["Tổng hợp danh sách", decision.reference, name],
    ]
    assert late.reference not in page.content.decode()
    elsewhere = reader.get(reverse("workflows:delegation", kwargs={"uid": other.uid}))
    assert elsewhere.status_code == 404
    theirs = enter(world["head_of_division2@home"]).get(
        reverse("workflows:delegation", kwargs={"uid": other.uid})
    )
    assert theirs.context["acts"].rows == []


def test_it_is_given_and_ended_on_its_pages(world):
    head = world.post("unit_head@commune")
    client = enter(head.officer)
    url = reverse("workflows:delegate", kwargs={"uid": head.uid})
    deputy = world.post("unit_deputy@commune")
    fields = {
        "to_post": str(deputy.uid), "rights": ["sign_proposal"], "form": "TUQ", "valid_from": "05/11/2024",
        "last_day": "08/11/2024", "reason": "Đi học", "document": "GUQ 9",
    }  # fmt: skip
    refused = client.post(url, fields | {"last_day": "04/11/2024"})
    assert refused.status_code == 422 and "GUQ 9" in refused.content.decode()
    response = client.post(url, fields)
    assert response.status_code == 302
    made = head.delegations_given.get()
    assert (made.last_day, made.form) == (w.D2024 + timedelta(days=3), "KT")
    assert client.get(reverse("workflows:delegations")).status_code == 200
    assert enter(deputy.officer).post(url, fields).status_code == 404, "a post of somebody else"
    client.post(reverse("workflows:delegation_end", kwargs={"uid": made.uid}))
    made.refresh_from_db()
    assert made.never_held


def test_giving_asks_for_the_proof_again_and_keeps_the_form_and_ending_does_not(world):
    head = world.post("unit_head@commune")
    client = enter(head.officer)
    session = client.session
    session[CONFIRMED] = 0
    session.save()
    url = reverse("workflows:delegate", kwargs={"uid": head.uid})
    assert client.get(url).url.startswith(reverse("confirm"))
    asked = client.post(url, {"document": "GUQ 9", "reason": "Đi học"})
    assert asked.status_code == 401 and "GUQ 9" in asked.content.decode()
    assert not head.delegations_given.exists()
    made = lend(world, "unit_head@commune", "unit_deputy@commune", "sign_proposal")
    client.post(reverse("workflows:delegation_end", kwargs={"uid": made.uid}))
    made.refresh_from_db()
    assert made.never_held, "who wants to stop it is not asked first"


def test_a_taker_beyond_the_first_hundred_is_found_by_the_search_chosen_and_kept(world):
    head, last = world.post("director@home"), world.post("clerk@home")
    last.officer.full_name = "Trần Thị Yến"
    last.officer.save()
    people = [Officer.objects.create_user(f"an{n}", f"Lê Văn An {n}") for n in range(MOST_TAKERS)]
    Appointment.objects.bulk_create(
        Appointment(
            officer=officer, role="clerk", unit=head.unit, position="x", document="y", valid_from=w.OLD
        )
        for officer in people
    )
    client, choice = enter(head.officer), f'<option value="{last.uid}"'
    url = reverse("workflows:delegate", kwargs={"uid": head.uid})
    assert choice not in client.get(url).content.decode()
    assert choice in client.get(url, {"q": "tran thi yen"}).content.decode()
    fields = {
        "to_post": str(last.uid), "rights": ["submit_decision"], "form": "TUQ", "valid_from": "05/11/2024",
        "last_day": "08/11/2024", "reason": "Đi học",
    }  # fmt: skip
    for elsewhere in ("", str(world.post("clerk@department").uid), "x"):
        refused = client.post(url, fields | {"to_post": elsewhere, "document": "GUQ 9"})
        assert refused.status_code == 422 and "to_post" in refused.context["form"].errors
    again = client.post(url, fields)
    assert again.status_code == 422 and f"{choice} selected>" in again.content.decode()
    assert client.post(url, fields | {"document": "GUQ 9"}).status_code == 302
    assert head.delegations_given.get().to_post == last
