"""A draft is saved whole, as often as one likes; what is typed is never lost."""

import unicodedata

import pytest
from django.urls import reverse

from nominations.drafts import identity_hash
from nominations.models import Nomination, Score
from nominations.states import State
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


def fields_of(clerk, nomination, query: str = "") -> dict:
    return pages.draft_fields(clerk.get(pages.draft_of(nomination) + query))


def test_a_draft_is_saved_with_its_nominees_and_points(clerk, nomination):
    fields = fields_of(clerk, nomination)
    fields |= {
        "letter_number": "15/TTr-UBND",
        "letter_date": "05/11/2024",
        "members_present": "5",
        "members_total": "7",
        "nominees-0-name": "Néang Sóc Kha",
        "nominees-0-points_task_completion": "33",
    }
    response = clerk.post(pages.draft_of(nomination), fields)
    assert response.status_code == 302
    nomination.refresh_from_db()
    first = nomination.nominees.get(position=1)
    assert (nomination.letter_number, str(nomination.letter_date)) == ("15/TTr-UBND", "2024-11-05")
    assert first.name == "Néang Sóc Kha"
    assert Score.objects.get(nominee=first, criterion__code="task_completion").points == 33
    assert nomination.nominees.filter(present=True).count() == 2


def test_text_is_stored_composed_and_paragraphs_stay(clerk, nomination):
    name = "Trần Thị Ánh"
    fields = fields_of(clerk, nomination)
    fields |= {
        "nominees-0-name": unicodedata.normalize("NFD", name) + "\u200b ",
        "nominees-0-report": "Đoạn một.\r\n\r\n\r\nĐoạn  hai.\r\nDòng nữa.",
    }
    clerk.post(pages.draft_of(nomination), fields)
    first = nomination.nominees.get(position=1)
    assert first.name == unicodedata.normalize("NFC", name)
    assert first.report == "Đoạn một.\n\nĐoạn hai.\nDòng nữa."


@pytest.mark.parametrize("typed", ["05/11/2024", "5/11/2024", "05-11-2024", "05112024", "2024-11-05"])
def test_a_date_may_be_typed_in_the_ways_people_do(clerk, nomination, typed):
    clerk.post(pages.draft_of(nomination), fields_of(clerk, nomination) | {"letter_date": typed})
    nomination.refresh_from_db()
    assert str(nomination.letter_date) == "2024-11-05"


def test_an_identity_number_keeps_its_leading_zero_and_is_not_readable(clerk, nomination):
    fields = fields_of(clerk, nomination) | {"nominees-0-identity": "089 0900 12345"}
    clerk.post(pages.draft_of(nomination), fields)
    first = nomination.nominees.get(position=1)
    assert first.identity_hash == identity_hash("089090012345")
    shown = clerk.get(pages.draft_of(nomination)).content.decode()
    assert "089090012345" not in shown
    # an empty field keeps the number
    clerk.post(pages.draft_of(nomination), fields_of(clerk, nomination))
    first.refresh_from_db()
    assert first.identity_hash == identity_hash("089090012345")


@pytest.mark.parametrize("number", ["89090012345", "08909001234a", "123456789", "0890900123456"])
def test_a_wrong_identity_number_is_refused_at_its_field_and_nothing_typed_is_lost(clerk, nomination, number):
    fields = fields_of(clerk, nomination) | {"nominees-0-identity": number, "summary": "Đang gõ dở"}
    response = clerk.post(pages.draft_of(nomination), fields)
    assert response.status_code == 422
    assert response.context["cards"].forms[0].errors["identity"]
    assert "Đang gõ dở" in response.content.decode()
    assert number in response.content.decode()
    nomination.refresh_from_db()
    assert nomination.summary != "Đang gõ dở"


def test_eleven_digits_ask_for_the_leading_zero(clerk, nomination):
    fields = fields_of(clerk, nomination)
    eleven = clerk.post(pages.draft_of(nomination), fields | {"nominees-0-identity": "89090012345"})
    nine = clerk.post(pages.draft_of(nomination), fields | {"nominees-0-identity": "123456789"})
    said = [list(r.context["cards"].forms[0].errors["identity"]) for r in (eleven, nine)]
    assert said[0] != said[1]


def test_two_nominees_cannot_have_one_number(clerk, nomination):
    same = {"nominees-0-identity": "089090012345", "nominees-1-identity": "089090012345"}
    response = clerk.post(pages.draft_of(nomination), fields_of(clerk, nomination) | same)
    assert response.status_code == 422
    assert response.context["cards"].forms[1].errors["identity"]


def test_points_beyond_the_maximum_and_a_period_that_ends_first_are_refused(clerk, nomination):
    fields = fields_of(clerk, nomination)
    fields |= {"nominees-1-points_task_completion": "999", "nominees-1-achieved_to": "01/01/2020"}
    response = clerk.post(pages.draft_of(nomination), fields)
    errors = response.context["cards"].forms[1].errors
    assert response.status_code == 422
    assert set(errors) == {"points_task_completion", "achieved_to"}


def test_adding_a_nominee_saves_and_gives_an_empty_card(clerk, nomination):
    fields = fields_of(clerk, nomination) | {"summary": "Tóm tắt mới", "add": "collective"}
    response = clerk.post(pages.draft_of(nomination), fields)
    nomination.refresh_from_db()
    assert nomination.summary == "Tóm tắt mới"
    again = clerk.get(response.url.partition("#")[0])
    cards = again.context["cards"].forms
    assert len(cards) == 3
    assert cards[2]["kind"].value() == "collective"
    # the empty card left alone is no nominee
    clerk.post(pages.draft_of(nomination), pages.draft_fields(again))
    assert nomination.nominees.filter(present=True).count() == 2
    # filled in, it is one
    fields = pages.draft_fields(clerk.get(response.url.partition("#")[0])) | {
        "nominees-2-name": "Phòng Nội vụ"
    }
    clerk.post(pages.draft_of(nomination), fields)
    assert nomination.nominees.get(position=3).kind == "collective"


def test_a_nominee_is_taken_out_even_when_its_card_has_errors(clerk, nomination):
    fields = fields_of(clerk, nomination) | {"nominees-1-name": "", "nominees-1-DELETE": "on"}
    assert clerk.post(pages.draft_of(nomination), fields).status_code == 302
    assert nomination.nominees.filter(present=True).count() == 1


def test_a_draft_saved_elsewhere_is_not_overwritten_and_what_was_typed_is_shown(world, clerk, nomination):
    mine = fields_of(clerk, nomination)
    other = pages.enter(world["clerk2@commune"])
    theirs = fields_of(other, nomination) | {"letter_number": "của người kia"}
    assert other.post(pages.draft_of(nomination), theirs).status_code == 302
    response = clerk.post(pages.draft_of(nomination), mine | {"summary": "Tôi vừa gõ đoạn này"})
    assert response.status_code == 409
    shown = response.content.decode()
    assert "Tôi vừa gõ đoạn này" in shown
    assert world["clerk2@commune"].full_name in shown
    nomination.refresh_from_db()
    assert nomination.letter_number == "của người kia"


def test_only_the_clerk_of_the_unit_edits_and_only_a_draft(world, clerk, nomination):
    fields = fields_of(clerk, nomination)
    head = pages.enter(world["unit_head@commune"])
    assert head.get(pages.draft_of(nomination)).status_code == 403
    assert head.post(pages.draft_of(nomination), fields).status_code == 403
    stranger = pages.enter(world["clerk@commune2"])
    assert stranger.post(pages.draft_of(nomination), fields).status_code == 404
    w.walk(world, nomination, State.SIGN_PROPOSAL)
    assert clerk.get(pages.draft_of(nomination)).status_code == 302
    assert clerk.post(pages.draft_of(nomination), fields).status_code == 403


def test_the_draft_shows_what_is_missing_and_what_the_return_asked(world, clerk, nomination):
    w.walk(world, nomination, State.REVIEW)
    remark = {"nominee": str(nomination.nominees.first().uid), "text": "Bổ sung xác nhận sáng kiến"}
    w.act(nomination, "return", world["reviewer@district"], remarks=[remark])
    nomination.evidence.update(present=False)
    response = clerk.get(pages.draft_of(nomination))
    assert "Bổ sung xác nhận sáng kiến" in response.content.decode()
    assert response.context["missing"] == 2  # letter and minutes


def test_a_new_draft_is_opened_once_for_a_unit_of_the_clerk(world, clerk):
    url = reverse("workflows:new_nomination")
    assert clerk.get(url).status_code == 200
    choice = {"unit": world.units["commune"].pk, "round": world.round.pk}
    first = clerk.post(url, choice)
    second = clerk.post(url, choice)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Nomination.objects.count() == 1
    other = {"unit": world.units["commune2"].pk, "round": world.round.pk}
    assert clerk.post(url, other).status_code == 422
    reviewer = pages.enter(world["reviewer@district"])
    assert reviewer.post(url, choice).status_code == 403
    assert Nomination.objects.count() == 1


def test_the_draft_page_costs_the_same_for_one_nominee_and_for_ten(world, clerk, django_assert_num_queries):
    one, ten = w.complete_draft(world, "commune", 1), w.complete_draft(world, "commune", 10)
    clerk.get(pages.draft_of(one))
    for nomination in (one, ten):
        with django_assert_num_queries(16):
            clerk.get(pages.draft_of(nomination))
