"""Submitting freezes a version; a return opens the next; what was judged stays as it was."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from history import clock
from history.canonical import digest
from history.models import Event
from nominations import drafts
from nominations.models import NominationVersion, Remark, RouteLeg
from nominations.states import Outcome, State
from tests import world as w
from workflows import engine

pytestmark = pytest.mark.usefixtures("in_2024")


def returned(world, file, who="intake_officer@home"):
    nominee = file.nominees.first()
    remarks = [{"nominee": str(nominee.uid), "text": "Thiếu minh chứng"}, {"text": "Sửa biên bản"}]
    return w.act(file, "return", world[who], remarks=remarks)


def test_a_submission_freezes_what_was_submitted(world):
    file = w.walk(world, w.complete_draft(world, nominees=2), State.SIGN_PROPOSAL)
    assert not file.versions.exists()
    w.act(file, "submit", world["unit_head@commune"])
    version = file.versions.get()
    assert (file.version, version.number) == (1, 1)
    assert [n["name"] for n in version.content["nominees"]] == [n.name for n in file.nominees.all()]
    assert version.digest == digest(version.content)
    assert Event.objects.get(action="submit").content_digest == version.digest


def test_a_return_goes_to_the_unit_with_its_remarks_and_comes_back_as_version_2(world):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    returned(world, file)
    assert (file.state, file.holder) == (State.DRAFT, world.units["commune"])
    assert list(Remark.objects.values_list("version", "text")) == [
        (1, "Thiếu minh chứng"),
        (1, "Sửa biên bản"),
    ]
    nominee = file.nominees.get()
    drafts.save(
        file,
        by=world["clerk@commune"],
        expected=file.revision,
        values={},
        nominees=[drafts.NomineeInput({"name": "Tên đã sửa"}, uid=str(nominee.uid), points=points(world))],
    )
    w.walk(world, file, State.INTAKE)
    one, two = NominationVersion.objects.filter(nomination=file)
    assert file.version == 2
    assert one.content["nominees"][0]["name"] == nominee.name, "version 1 stays as it was"
    assert two.content["nominees"][0]["name"] == "Tên đã sửa"
    assert one.content["nominees"][0]["uid"] == two.content["nominees"][0]["uid"]
    assert list(RouteLeg.objects.filter(nomination=file).values_list("version", "n")) == [(1, 1), (2, 1)]


def points(world):
    return {c.code: 0 if c.code == "initiative" else c.max_points for c in world.criteria}


@pytest.mark.parametrize(
    ("state", "who"),
    [
        (State.REVIEW, "reviewer@district"),
        (State.ENDORSE, "body_head@district"),
        (State.INTAKE, "intake_officer@home"),
    ],
)
def test_every_level_may_return_and_the_leg_is_left(world, state, who):
    file = w.walk(world, w.complete_draft(world), state)
    returned(world, file, who)
    assert file.state == State.DRAFT
    assert not RouteLeg.objects.filter(nomination=file, left=None).exists()
    assert engine.task_of(file).flow_task.name == "draft"


def test_a_returned_file_may_come_back_after_the_window(world):
    """It was in time; the law gives the unit its correction."""
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    fresh = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    returned(world, file)
    with clock.legal_day(world.round.closes + timedelta(days=3)):
        w.walk(world, file, State.INTAKE)
        with pytest.raises(ValidationError):
            w.act(fresh, "submit", world["unit_head@commune"])


def test_a_submitted_file_is_edited_by_nobody(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    for who in ("clerk@commune", "unit_head@commune", "reviewer@district", "system_administrator@province"):
        with pytest.raises(PermissionDenied):
            drafts.save(file, by=world[who], expected=file.revision, values={"summary": "x"})


def test_an_edit_of_what_another_has_edited_is_refused_whole(world):
    draft = w.complete_draft(world)
    clerk, expected = world["clerk@commune"], draft.revision
    drafts.save(draft, by=world["clerk2@commune"], expected=expected, values={"summary": "Người thứ nhất"})
    with pytest.raises(drafts.Conflict):
        drafts.save(draft, by=clerk, expected=expected, values={"summary": "Người thứ hai"})
    draft.refresh_from_db()
    assert (draft.summary, draft.revision) == ("Người thứ nhất", expected + 1)


def test_a_rejection_gives_every_nominee_the_legal_ground(world):
    file = w.walk(world, w.complete_draft(world, nominees=2), State.INTAKE)
    with pytest.raises(ValidationError):
        w.act(file, "reject", world["intake_officer@home"], note="Không có mã")
    with pytest.raises(ValidationError):
        w.act(file, "reject", world["intake_officer@home"], code="quota", note="Không phải căn cứ từ chối")
    w.act(file, "reject", world["intake_officer@home"], code="wrong_subject", note="Sai đối tượng")
    assert (file.state, file.holder) == (State.REJECTED, None)
    for nominee in file.nominees.all():
        assert (nominee.outcome, nominee.outcome_code) == (Outcome.INELIGIBLE, "wrong_subject")
        assert nominee.outcome_note == "Sai đối tượng"
    assert Event.objects.get(action="reject").reason_code == "wrong_subject"


def test_a_file_without_an_eligible_nominee_ends_at_confirmation(world):
    file = w.walk(world, w.complete_draft(world, nominees=2), State.APPRAISE)
    payload = w.appraisal(world, file, n1="below_standard", n2="violation")
    w.act(file, "conclude", world["appraiser@home"], **payload)
    assert {n.outcome for n in file.nominees.all()} == {Outcome.PENDING}, "not before it is confirmed"
    w.act(file, "confirm", world["head_of_division@home"])
    assert (file.state, file.holder, engine.task_of(file)) == (State.CLOSED, None, None)
    assert [n.outcome_code for n in file.nominees.all()] == ["below_standard", "violation"]


def test_a_file_with_one_eligible_nominee_waits_for_the_decision(world):
    file = w.walk(world, w.complete_draft(world, nominees=2), State.APPRAISE)
    w.act(file, "conclude", world["appraiser@home"], **w.appraisal(world, file, n2="violation"))
    w.act(file, "confirm", world["head_of_division@home"])
    assert file.state == State.AWAIT_DECISION
    assert [n.outcome for n in file.nominees.all()] == [Outcome.PENDING, Outcome.INELIGIBLE]
    assert file.nominees.first().total == 100


def test_the_confirmed_total_is_that_of_the_last_appraisal(world):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    w.act(file, "send_back", world["head_of_division@home"], remarks=[{"text": "Xem lại điểm"}])
    w.tick(file, world["appraiser@home"])
    w.act(file, "conclude", world["appraiser@home"], **w.appraisal(world, file, less=15))
    w.act(file, "confirm", world["head_of_division@home"])
    assert file.nominees.get().total == 85


def test_an_eligible_again_nominee_carries_no_ground_from_before(world):
    file = w.walk(world, w.complete_draft(world), State.APPRAISE)
    w.act(file, "conclude", world["appraiser@home"], **w.appraisal(world, file, n1="violation"))
    w.act(file, "send_back", world["head_of_division@home"], remarks=[{"text": "Xem lại"}])
    w.tick(file, world["appraiser@home"])
    w.act(file, "conclude", world["appraiser@home"], **w.appraisal(world, file))
    w.act(file, "confirm", world["head_of_division@home"])
    nominee = file.nominees.get()
    assert (nominee.outcome, nominee.outcome_code, nominee.assessment_note) == (Outcome.PENDING, "", "")
