"""Decisions on their way back: remarks per line, strikes for good or not, numbers voided for good."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from history.ledger import of_stream
from nominations import remarks
from nominations.models import DecisionLine, DecisionVersion, Nominee, RegisterNumber
from nominations.states import DecisionState, Outcome, State
from tests import world as w
from tests.workflows.ways import refused
from workflows.errors import StaleState

pytestmark = pytest.mark.usefixtures("in_2024")
HEAD, CHAIRMAN, CLERK = "head_of_division@home", "chairman@province", "records_clerk@office"


@pytest.mark.parametrize(
    ("state", "who", "to"),
    [
        (DecisionState.SUBMIT, "director@home", "compile"),
        (DecisionState.CHECK, "office_specialist@office", "compile"),
        (DecisionState.SIGN, CHAIRMAN, "compile"),
        (DecisionState.SIGN, CHAIRMAN, "check"),
        (DecisionState.ISSUE_NUMBER, CLERK, "compile"),
    ],
)
def test_it_comes_back_with_remarks_per_line_that_are_ticked_off(world, state, who, to):
    w.confirmed(world, nominees=2)
    decision = w.decision(world, state)
    nominee = decision.lines.first().nominee
    said = {"remarks": [{"about": str(nominee.uid), "text": "Sai chức vụ"}]}
    with refused(ValidationError):
        w.act(decision, "return", world[who], to=to, **said)  # why the whole comes back
    with refused(ValidationError):
        w.act(decision, "return", world[who], to=to, note="Sửa", remarks=[{"about": "x", "text": "Sai"}])
    with refused(ValidationError):
        w.act(decision, "return", world[who], to="publish", note="Sửa")
    w.act(decision, "return", world[who], to=to, note="Chỉnh sửa danh sách", **said)
    assert decision.state == to
    asked = remarks.asked(decision)
    assert [(item.nominee, item.text) for item in asked] == [
        (None, "Chỉnh sửa danh sách"),
        (nominee, "Sai chức vụ"),
    ]
    walker = world.walker(decision)
    onward = "pass" if to == "check" else "propose"
    with refused():
        w.act(decision, onward, walker)
    w.tick(decision, walker, "Đã sửa")
    w.act(decision, onward, walker)
    _event, text = of_stream(decision.stream)[-1]
    assert [item["answer"] for item in text["answers"]] == ["Đã sửa", "Đã sửa"]
    w.walk(world, decision, DecisionState.PUBLISHED)


def test_what_was_done_to_the_list_before_stays_done(world):
    w.confirmed(world, nominees=3)
    decision = w.decision(world)
    first = decision.lines.order_by("rank").first().nominee
    w.act(decision, "leave_off", world[HEAD], line=str(first.uid), note="Chờ xác minh")
    w.walk(world, decision, DecisionState.CHECK)
    w.act(decision, "return", world["office_specialist@office"], note="Sửa thể thức")
    assert decision.lines.get(nominee=first).reason == "Chờ xác minh"
    assert decision.lines.filter(live=True).count() == 2
    w.walk(world, decision, DecisionState.SIGN)
    assert decision.versions.count() == 2


def test_a_decision_returned_after_the_signature_is_signed_anew(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.ISSUE_NUMBER)
    w.act(decision, "return", world[CLERK], note="Sai thể thức")
    assert (decision.signed_by_name, decision.signed_on) == ("", None)
    w.walk(world, decision, DecisionState.ISSUE_NUMBER)
    assert decision.signed_by_name == world[CHAIRMAN].full_name


def test_struck_out_for_good_or_to_be_appraised_again(world):
    final, again = w.confirmed(world, nominees=2), w.confirmed(world, "commune2", less=1)
    decision = w.decision(world, DecisionState.SIGN)
    out, back = final.nominees.first(), again.nominees.get()
    w.act(
        decision, "sign", world[CHAIRMAN], back=[str(back.uid)],
        strikes={str(out.uid): "Đang xem xét kỷ luật", str(back.uid): "Xem lại điểm"},
    )  # fmt: skip
    again.refresh_from_db()
    assert again.state == State.APPRAISE  # nobody else of its file is on the list
    final.refresh_from_db()
    assert final.state == State.AWAIT_DECISION
    w.walk(world, decision, DecisionState.PUBLISHED)
    final.refresh_from_db()
    assert (final.state, Nominee.objects.get(pk=out.pk).outcome) == (State.CLOSED, Outcome.STRUCK_OUT)
    assert Nominee.objects.get(pk=back.pk).outcome == Outcome.PENDING
    w.walk(world, again, State.AWAIT_DECISION)
    w.walk(world, w.decision(world), DecisionState.PUBLISHED)
    assert Nominee.objects.get(pk=back.pk).outcome == Outcome.AWARDED


def test_to_be_appraised_again_waits_for_the_others_of_the_file(world):
    file = w.confirmed(world, nominees=2)
    decision = w.decision(world, DecisionState.SIGN)
    stays, back = file.nominees.all()
    w.act(decision, "sign", world[CHAIRMAN], strikes={str(back.uid): "Xem lại"}, back=[str(back.uid)])
    file.refresh_from_db()
    assert file.state == State.AWAIT_DECISION  # a nominee of it stands on the signed list
    w.walk(world, decision, DecisionState.PUBLISHED)
    file.refresh_from_db()
    assert file.state == State.APPRAISE
    payload = w.appraisal(world, file)
    w.act(file, "conclude", world["appraiser@home"], **payload)
    w.act(file, "confirm", world[HEAD])
    stays.refresh_from_db()
    assert (file.state, stays.outcome) == (State.AWAIT_DECISION, Outcome.AWARDED)


def test_a_void_number_keeps_its_place_and_its_reason(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.PUBLISH)
    first = decision.register_number
    for who in (HEAD, CHAIRMAN, "office_specialist@office"):
        with refused():
            w.act(decision, "void_number", world[who], note="Ghi nhầm")
    with refused(ValidationError):
        w.act(decision, "void_number", world[CLERK])
    w.act(decision, "void_number", world[CLERK], note="Ghi nhầm trích yếu")
    assert (decision.state, decision.register_number, decision.issued_on) == ("issue_number", None, None)
    w.walk(world, decision, DecisionState.PUBLISHED)
    first.refresh_from_db()
    assert (first.state, first.reason, first.number) == ("void", "Ghi nhầm trích yếu", 1)
    assert (decision.register_number.number, decision.register_number.state) == (2, "used")
    with refused(StaleState):  # it is published
        w.act(decision, "void_number", world[CLERK], note="Muộn")


@pytest.mark.parametrize(
    "change",
    [
        {"number": 1},  # taken by another row
        {"state": "used"},  # two in force for one decision
        {"reason": ""},  # void without a reason
    ],
)
def test_the_database_refuses_to_use_a_void_number_again(world, change):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.PUBLISH)
    w.act(decision, "void_number", world[CLERK], note="Ghi nhầm")
    w.act(decision, "issue_number", world[CLERK])
    number = 2 if "number" in change else 1
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterNumber.objects.filter(number=number).update(**change)


def test_what_is_signed_lists_who_stands_and_who_was_struck_and_nobody_left_off(world):
    w.confirmed(world, nominees=3)
    decision = w.decision(world)
    left, struck, stands = [line.nominee for line in decision.lines.order_by("rank")]
    w.act(decision, "leave_off", world[HEAD], line=str(left.uid), note="Chờ xác minh")
    w.walk(world, decision, DecisionState.SIGN)
    w.act(decision, "sign", world[CHAIRMAN], strikes={str(struck.uid): "Kỷ luật"})
    content = DecisionVersion.objects.get(decision=decision, number=decision.version).content
    assert [(line["nominee"]["name"], line["struck"]) for line in content["lines"]] == [
        (struck.name, True),
        (stands.name, False),
    ]
    assert DecisionLine.objects.filter(decision=decision).count() == 3


def test_a_decision_abandoned_after_its_signature_strikes_nobody_out(world):
    w.confirmed(world, nominees=2)
    decision = w.decision(world, DecisionState.SIGN)
    struck = decision.lines.first().nominee
    w.act(decision, "sign", world[CHAIRMAN], strikes={str(struck.uid): "Kỷ luật"})
    w.act(decision, "return", world[CLERK], note="Sai thể thức")
    w.act(decision, "abandon", world[HEAD], note="Lập lại")
    again = w.decision(world)
    assert struck in [line.nominee for line in again.lines.filter(live=True)]
    w.walk(world, again, DecisionState.PUBLISHED)
    assert set(Nominee.objects.values_list("outcome", flat=True)) == {Outcome.AWARDED}


def test_who_is_to_be_appraised_again_goes_as_soon_as_no_list_holds_the_file(world):
    file = w.confirmed(world, nominees=2)
    decision = w.decision(world, DecisionState.SIGN)
    w.confirmed(world, "commune2")
    stays, back = file.nominees.all()
    w.act(decision, "sign", world[CHAIRMAN], strikes={str(back.uid): "Xem lại"}, back=[str(back.uid)])
    w.act(decision, "return", world[CLERK], note="Sai thể thức")
    w.act(decision, "leave_off", world[HEAD], line=str(stays.uid), note="Chờ xác minh")
    file.refresh_from_db()
    assert file.state == State.APPRAISE
