"""The page of a file: everything to decide on it, and one form for each thing that may be done."""

import pytest
from django.urls import reverse

from nominations.models import DecisionLine, Evidence, Handling, Nomination, Score
from nominations.states import DecisionState, Level, State
from permissions import grants
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


def act_url(nomination: Nomination) -> str:
    return reverse("workflows:act_nomination", kwargs={"uid": nomination.uid})


def at(world, state: str, nominees: int = 2) -> Nomination:
    return w.walk(world, w.complete_draft(world, "commune", nominees), state)


def open_page(world, who: str, nomination: Nomination):
    return pages.enter(world[who]).get(pages.page_of(nomination))


def test_the_page_shows_what_a_reviewer_decides_on(world):
    nomination = at(world, State.REVIEW)
    response = open_page(world, "reviewer@district", nomination)
    shown = response.content.decode()
    for nominee in nomination.nominees.all():
        assert nominee.name in shown
    assert nomination.reference in shown
    assert "letter.pdf" in shown
    assert world["unit_head@commune"].full_name in shown  # who signed, in the history
    stations = [(step["unit"], step["state"]) for step in response.context["steps"]]
    assert stations == [
        ("Phường Mỹ Bình", "done"),
        ("Thành phố Long Xuyên", "current"),
        ("Sở Nội vụ", "next"),
        ("Ủy ban nhân dân tỉnh An Giang", "next"),
    ]


def test_the_route_follows_the_file_to_its_end(world):
    nomination = at(world, State.AWAIT_DECISION, 1)
    steps = open_page(world, "appraiser@home", nomination).context["steps"]
    assert [step["state"] for step in steps] == ["done", "done", "done", "current"]
    w.decision(world, DecisionState.PUBLISHED)
    response = open_page(world, "clerk@commune", nomination)
    assert [step["state"] for step in response.context["steps"]] == ["done"] * 4
    line = DecisionLine.objects.get()
    assert reverse("workflows:decision", kwargs={"uid": line.decision.uid}) in response.content.decode()


def test_who_may_not_act_reads_why_and_who_can(world):
    nomination = at(world, State.REVIEW)
    response = open_page(world, "clerk@commune", nomination)
    assert not [item for item in response.context["items"] if item.allowed]
    shown = response.content.decode()
    assert world["reviewer@district"].full_name in shown
    assert 'name="seen"' not in shown


@pytest.mark.parametrize("who", ["clerk@commune2", "reviewer@district2", "system_administrator@province"])
def test_to_a_stranger_a_file_is_as_missing_as_an_unknown_one(world, who):
    response = open_page(world, who, at(world, State.REVIEW))
    assert response.status_code == 404


def test_an_unknown_file_is_missing(world):
    url = reverse("workflows:nomination", kwargs={"uid": "00000000-0000-4000-8000-000000000000"})
    assert pages.enter(world["clerk@commune"]).get(url).status_code == 404


def test_a_click_forwards_the_file(world):
    nomination = at(world, State.REVIEW)
    client = pages.enter(world["reviewer@district"])
    response = pages.send(client, nomination, "forward")
    assert (response.status_code, response.url) == (302, reverse("workflows:my_work")), "nothing else waits"
    assert f'href="{pages.page_of(nomination)}"' in client.get(response.url).content.decode(), "the way back"
    nomination.refresh_from_db()
    assert nomination.state == State.ENDORSE


def test_after_an_act_the_next_file_opens_or_the_same_while_it_still_waits(world):
    first, second = at(world, State.INTAKE), at(world, State.INTAKE)
    clerk = world.walker(first)
    client = pages.enter(clerk)
    assert pages.send(client, first, "accept").url == pages.page_of(second)
    clerk.opens_next = False
    clerk.save()
    assert pages.send(client, second, "accept").url == pages.page_of(second), "chosen in the settings"


def test_a_file_that_waits_for_the_same_person_stays_open(world):
    file = at(world, State.APPRAISE)
    client = pages.enter(world.walker(file))
    at(world, State.APPRAISE)
    assert pages.send(client, file, "claim").url == pages.page_of(file)


def test_a_return_carries_its_remarks_to_the_clerk(world):
    nomination = at(world, State.REVIEW)
    about = nomination.nominees.first()
    pages.send(
        pages.enter(world["reviewer@district"]),
        nomination,
        "return",
        **{
            "remark_about-1": f"nominee:{about.uid}:report",
            "remark_text-1": "Thiếu quyết định công nhận sáng kiến",
            "remark_about-3": "minutes",
            "remark_text-3": "Biên bản thiếu chữ ký",
        },
    )
    remarks = [(r.nominee, r.field, r.text) for r in nomination.remarks.all()]
    assert remarks == [
        (about, "report", "Thiếu quyết định công nhận sáng kiến"),
        (None, "minutes", "Biên bản thiếu chữ ký"),
    ]
    shown = open_page(world, "clerk@commune", nomination).content.decode()
    assert shown.count("Thiếu quyết định công nhận sáng kiến") == 2  # to be corrected, and in the history


def test_a_return_without_a_remark_is_refused_and_the_form_stays(world):
    nomination = at(world, State.REVIEW)
    response = pages.send(pages.enter(world["reviewer@district"]), nomination, "return")
    assert response.status_code == 422
    assert response.context["refused"].errors["remarks"]
    nomination.refresh_from_db()
    assert nomination.state == State.REVIEW


def test_a_rejection_needs_ground_and_reason_and_keeps_what_was_typed(world):
    nomination = at(world, State.INTAKE)
    client = pages.enter(world["intake_officer@home"])
    response = pages.send(client, nomination, "reject", note="Không đúng đối tượng của phong trào")
    assert response.status_code == 422
    assert "Không đúng đối tượng của phong trào" in response.content.decode()
    done = pages.send(client, nomination, "reject", note="Không đúng đối tượng", code="wrong_subject")
    assert done.status_code == 302
    nomination.refresh_from_db()
    assert nomination.state == State.REJECTED
    steps = client.get(pages.page_of(nomination)).context["steps"]
    assert [step["state"] for step in steps] == ["done", "done", "returned", "next"]


def test_an_incomplete_file_is_not_signed_and_the_head_sees_all_that_is_missing(world):
    nomination = at(world, State.SIGN_PROPOSAL)
    Evidence.objects.all().delete()
    response = pages.send(pages.enter(world["unit_head@commune"]), nomination, "submit")
    assert response.status_code == 422
    assert len(response.context["refused"].errors["checks"]) == 2


def conclusions(nomination: Nomination, world, **first: str) -> dict:
    """What the appraiser types: everybody eligible with the best points; `first` changes the first nominee."""
    fields = {}
    for number, nominee in enumerate(nomination.nominees.all()):
        mine = {"assessment": "eligible", "code": "", "note": "", **(first if number == 0 else {})}
        fields |= {f"{name}-{nominee.uid}": value for name, value in mine.items()}
        fields |= {f"points-{nominee.uid}-{c.code}": str(c.max_points) for c in world.criteria}
    return fields


def test_the_appraiser_concludes_on_each_nominee(world):
    nomination = at(world, State.APPRAISE)
    client = pages.enter(world["appraiser@home"])
    form = pages.act_form(client.get(pages.page_of(nomination)), "conclude")
    everybody = {"nominee": [str(n.uid) for n in nomination.nominees.all()]}
    typed = conclusions(nomination, world, assessment="ineligible", code="violation", note="Đang bị kỷ luật")
    response = client.post(act_url(nomination), form | everybody | typed)
    assert response.status_code == 302
    first, second = nomination.nominees.all()
    assert (first.assessment, first.assessment_note) == ("ineligible", "Đang bị kỷ luật")
    assert second.assessment == "eligible"
    assert Score.objects.filter(level=Level.APPRAISAL).count() == 2 * len(world.criteria)


def test_an_incomplete_conclusion_keeps_every_point_and_remark_typed(world):
    nomination = at(world, State.APPRAISE)
    client = pages.enter(world["appraiser@home"])
    form = pages.act_form(client.get(pages.page_of(nomination)), "conclude")
    everybody = {"nominee": [str(n.uid) for n in nomination.nominees.all()]}
    typed = conclusions(nomination, world, assessment="ineligible", note="Đang xác minh đơn thư")
    nominee = nomination.nominees.first()
    typed[f"points-{nominee.uid}-task_completion"] = "999"
    response = client.post(act_url(nomination), form | everybody | typed)
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Đang xác minh đơn thư" in shown
    assert 'value="999"' in shown
    assert nominee.name in response.context["refused"].all_errors[0]


def test_the_appraisal_begins_with_the_points_proposed(world):
    nomination = at(world, State.APPRAISE, 1)
    card = open_page(world, "appraiser@home", nomination).context["cards"][0]
    assert [row["field"].value() for row in card["rows"]] == [row["proposed"] for row in card["rows"]]
    confirmer = open_page(world, "head_of_division@home", nomination).context["cards"][0]
    assert confirmer["fields"] == []


def test_the_second_to_click_is_told_who_was_first(world):
    nomination = at(world, State.REVIEW)
    first, second = pages.enter(world["reviewer@district"]), pages.enter(world["reviewer2@district"])
    form = pages.act_form(second.get(pages.page_of(nomination)), "forward")
    pages.send(first, nomination, "forward")
    response = second.post(act_url(nomination), form)
    assert response.status_code == 409
    assert world["reviewer@district"].full_name in response.content.decode()
    assert Handling.objects.filter(nomination=nomination, action="forward").count() == 1


def test_nobody_signs_what_they_did_not_see(world):
    nomination = at(world, State.SIGN_PROPOSAL)
    client = pages.enter(world["unit_head@commune"])
    form = pages.act_form(client.get(pages.page_of(nomination)), "submit")
    w.act(nomination, "send_back", world["unit_head@commune"], remarks=[{"text": "Xem lại"}])
    w.walk(world, nomination, State.SIGN_PROPOSAL)
    assert client.post(act_url(nomination), form | {"task": w.task(nomination).pk}).status_code == 409


def test_a_forged_act_is_refused(world):
    nomination = at(world, State.REVIEW)
    reviewer, clerk = pages.enter(world["reviewer@district"]), pages.enter(world["clerk@commune"])
    form = pages.act_form(reviewer.get(pages.page_of(nomination)), "forward")
    post = {"post": str(world.post("clerk@commune").uid)}
    assert clerk.post(act_url(nomination), form | {"post": ""}).status_code == 403
    assert reviewer.post(act_url(nomination), form | post).status_code == 403  # somebody else's post
    assert reviewer.post(act_url(nomination), form | {"action": "publish"}).status_code == 404
    assert reviewer.post(act_url(nomination), form | {"task": "0"}).status_code == 404
    nomination.refresh_from_db()
    assert nomination.state == State.REVIEW


def test_with_two_posts_one_chooses_in_which_to_act(world):
    nomination = at(world, State.REVIEW)
    unit, officer = world.units["district"], world["reviewer@district"]
    second = grants.appoint(
        officer,
        "reviewer",
        unit,
        position="Phó Trưởng phòng Nội vụ",
        document="QĐ 2",
        valid_from=world.post("reviewer@district").valid_from.replace(year=2020),
    )
    response = pages.enter(officer).get(pages.page_of(nomination))
    assert 'name="post"' in response.content.decode()
    pages.send(pages.enter(officer), nomination, "forward", post=str(second.uid))
    assert Handling.objects.get(action="forward").post == second


def test_the_address_of_a_refused_act_opens_the_file_again(world):
    nomination = at(world, State.REVIEW)
    response = pages.enter(world["reviewer@district"]).get(act_url(nomination))
    assert (response.status_code, response.url) == (302, pages.page_of(nomination))


def test_a_resubmitted_file_shows_what_was_asked(world):
    nomination = at(world, State.REVIEW)
    w.act(nomination, "return", world["reviewer@district"], remarks=[{"text": "Ghi rõ thời gian"}])
    w.walk(world, nomination, State.REVIEW)
    response = open_page(world, "reviewer@district", nomination)
    assert response.context["asked"] == []
    [answered] = response.context["answered"]
    assert (answered["text"], answered["done"], answered["answer"]) == (
        "Ghi rõ thời gian",
        True,
        "Đã bổ sung",
    )
    assert (response.context["comparison"]["before"], response.context["comparison"]["after"]) == (1, 2)
    assert [s["state"] for s in response.context["steps"]] == ["done", "current", "next", "next"]


@pytest.mark.parametrize(
    ("who", "state", "statements"),
    [
        ("clerk@commune", State.DRAFT, 16),
        ("reviewer@district", State.REVIEW, 17),
        ("clerk@commune", State.REVIEW, 17),
        ("appraiser@home", State.APPRAISE, 17),  # from here on: the opinions of other bodies
        ("head_of_division@home", State.CONFIRM, 17),
    ],
)
def test_the_page_costs_the_same_for_one_nominee_and_for_six(
    world, django_assert_num_queries, who, state, statements
):
    one, six = at(world, state, 1), at(world, state, 6)
    client = pages.enter(world[who])
    for nomination in (one, six):  # the first look by whoever acts next costs one more: it is noted
        client.get(pages.page_of(nomination))
    for nomination in (one, six):
        with django_assert_num_queries(statements):
            client.get(pages.page_of(nomination))
