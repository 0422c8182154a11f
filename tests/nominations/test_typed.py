"""What is typed is kept within seconds: saved when it can be, kept as it is when not, and never over another's."""

import pytest
from django.urls import reverse

from nominations import drafts, file, typed
from nominations.models import Typed
from nominations.states import State
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")
CLERK = "clerk@commune"


def keep(client, nomination, fields):
    return client.post(reverse("nominations:draft_keep", kwargs={"uid": nomination.uid}), fields)


def fields_of(client, nomination):
    return pages.draft_fields(client.get(pages.draft_of(nomination)))


def test_valid_typing_is_saved_and_the_page_goes_on_from_the_new_revision(clerk, nomination):
    fields = fields_of(clerk, nomination) | {"letter_number": "77/TTr-UBND"}
    kept = keep(clerk, nomination, fields).json()
    nomination.refresh_from_db()
    assert kept["saved"] and kept["revision"] == nomination.revision
    assert nomination.letter_number == "77/TTr-UBND" and not Typed.objects.exists()
    again = keep(clerk, nomination, fields | {"revision": kept["revision"], "letter_number": "78/TTr-UBND"})
    assert again.json()["revision"] == nomination.revision + 1


def test_the_share_of_direct_workers_is_told_as_it_changes(clerk, nomination):
    nomination.nominees.update(is_direct_worker=False, is_grassroots=False)
    page = clerk.get(pages.draft_of(nomination))
    assert "Kế hoạch ưu tiên" in page.content.decode() and "0 trên 2" in page.content.decode()
    fields = pages.draft_fields(page) | {"nominees-0-is_direct_worker": "on"}
    told = clerk.post(f"{pages.draft_of(nomination)}/tu-luu", fields).json()
    assert told["saved"] and "1 trên 2" in told["checks"] and "0 trên 2" in told["checks"]


def test_a_new_nominee_is_saved_once_however_often_it_is_kept(clerk, nomination):
    url = pages.draft_of(nomination) + "?add=individual"
    fields = pages.draft_fields(clerk.get(url)) | {"nominees-2-name": "Danh Thị Sóc"}
    kept = keep(clerk, nomination, fields).json()
    assert set(kept["uids"]) == {"nominees-0-uid", "nominees-1-uid", "nominees-2-uid"}
    fields |= kept["uids"] | {"revision": kept["revision"], "nominees-2-title": "Công chức"}
    assert keep(clerk, nomination, fields).json()["saved"]
    names = nomination.nominees.filter(present=True).values_list("name", "title")
    assert len(names) == 3 and ("Danh Thị Sóc", "Công chức") in names


def test_what_cannot_be_saved_is_kept_for_its_writer_alone_and_stands_in_the_form_again(
    world, clerk, nomination
):
    fields = fields_of(clerk, nomination)
    fields |= {
        "letter_date": "hôm qua", "summary": "Chưa xong", "nominees-0-identity": "079123456789",
    }  # fmt: skip
    kept = keep(clerk, nomination, fields).json()
    assert (
        not kept["saved"] and "hôm qua" not in kept["checks"] and 'href="#id_letter_date"' in kept["checks"]
    )
    nomination.refresh_from_db()
    assert nomination.summary != "Chưa xong"
    stored = Typed.objects.get().fields
    assert "079123456789" not in stored, "identity numbers are stored coded only"
    shown = pages.enter(world[CLERK]).get(pages.draft_of(nomination))
    form = shown.context["file_form"]
    assert (form["summary"].value(), form["letter_date"].value()) == ("Chưa xong", "hôm qua")
    other = pages.enter(world["clerk2@commune"]).get(pages.draft_of(nomination))
    assert "Chưa xong" not in other.content.decode()
    assert clerk.post(pages.draft_of(nomination), fields | {"letter_date": "05/11/2024"}).status_code == 302
    assert not Typed.objects.exists(), "saved: nothing is left to keep"


def test_the_later_of_two_tabs_overwrites_nothing_and_says_so(clerk, nomination):
    fields = fields_of(clerk, nomination)
    assert keep(clerk, nomination, fields | {"letter_number": "1/TTr"}).json()["saved"]
    answer = keep(clerk, nomination, fields | {"letter_number": "2/TTr"})
    assert answer.status_code == 409 and answer.json()["words"]
    nomination.refresh_from_db()
    assert nomination.letter_number == "1/TTr" and not Typed.objects.exists()


def test_typing_on_an_older_revision_is_shown_beside_the_draft_and_not_in_it(world, clerk, nomination):
    fields = fields_of(clerk, nomination)
    keep(clerk, nomination, fields | {"letter_date": "hôm qua", "summary": "Chưa xong"})
    drafts.save(
        nomination,
        by=world["clerk2@commune"],
        expected=nomination.revision,
        values={"summary": "Của người khác"},
    )
    shown = clerk.get(pages.draft_of(nomination))
    assert shown.context["file_form"]["summary"].value() == "Của người khác"
    assert "Chưa xong" in shown.content.decode()
    assert clerk.post(reverse("nominations:draft_give_up", kwargs={"uid": nomination.uid})).status_code == 302
    assert not Typed.objects.exists()


def test_a_nominee_marked_to_be_taken_out_stays_until_a_button_is_pressed(clerk, nomination):
    fields = fields_of(clerk, nomination) | {"nominees-0-DELETE": "on"}
    assert not keep(clerk, nomination, fields).json()["saved"]
    assert len(file.read(nomination).nominees) == 2
    clerk.post(pages.draft_of(nomination), fields)
    assert nomination.nominees.filter(present=True).count() == 1


def test_nobody_keeps_anything_in_a_file_that_is_not_theirs_to_write(world, clerk, nomination):
    fields = fields_of(clerk, nomination)
    assert keep(pages.enter(world["unit_head@commune"]), nomination, fields).status_code == 403
    assert keep(pages.enter(world["clerk@commune2"]), nomination, fields).status_code == 404
    w.walk(world, nomination, State.REVIEW)
    assert keep(clerk, nomination, fields).status_code == 403
    assert typed.of(nomination, world[CLERK]) is None


def test_when_the_session_has_ended_the_page_is_told(client, nomination):
    answer = keep(client, nomination, {})
    assert answer.status_code in (302, 401)
