"""The decision: ranked within the quota, struck out with a reason, signed as seen, numbered without a gap."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from history import clock
from history.models import Event
from nominations.models import AwardDecision, DecisionLine, Quota, RegisterNumber
from nominations.states import DecisionState, Outcome, State
from tests import world as w
from workflows import engine
from workflows.errors import StaleState
from workflows.flows import DecisionFlow

pytestmark = pytest.mark.usefixtures("in_2024")


def totals(decision):
    return [(line.rank, line.nominee.total) for line in decision.lines.filter(nominee__kind="individual")]


def test_the_best_of_many_files_fill_the_quota(world):
    for less in (3, 0, 9, 6):
        w.confirmed(world, nominees=2, less=less)
    decision = w.decision(world)
    assert totals(decision) == [(1, 100), (2, 100), (3, 97), (4, 97), (5, 94), (6, 94)]


def test_among_equals_the_direct_worker_and_then_the_grassroots_come_first(world):
    w.confirmed(
        world,
        nominees=[
            {"name": "Không ưu tiên"},
            {"name": "Cơ sở", "is_grassroots": True},
            {"name": "Trực tiếp", "is_direct_worker": True},
        ],
    )
    Quota.objects.filter(round=world.round, kind="individual").update(count=2)
    names = [line.nominee.name for line in w.decision(world).lines.all()]
    assert names == ["Trực tiếp", "Cơ sở"]


def test_collectives_have_a_quota_of_their_own(world):
    collective = {"kind": "collective", "title": ""}
    w.confirmed(world, "commune", [collective] * 4)
    w.confirmed(world, "commune2", [collective, {}])
    lines = w.decision(world).lines
    assert lines.filter(nominee__kind="collective").count() == 4
    assert lines.filter(nominee__kind="individual").count() == 1


def test_a_nominee_is_on_one_live_decision(world):
    w.confirmed(world, nominees=2)
    first = w.decision(world)
    with pytest.raises(ValidationError):
        w.decision(world)  # nobody is left
    w.act(first, "abandon", world["head_of_division@home"], note="Lập lại")
    assert (first.state, engine.task_of(first)) == (DecisionState.ABANDONED, None)
    assert w.decision(world).lines.count() == 2


def test_the_chairman_strikes_out_with_a_reason(world):
    files = [w.confirmed(world, nominees=2) for _ in range(2)]
    decision = w.decision(world, DecisionState.SIGN)
    struck = files[0].nominees.first()
    with pytest.raises(ValidationError):
        w.act(decision, "sign", world["chairman@province"], strikes={str(struck.uid): " "})
    with pytest.raises(ValidationError):
        w.act(decision, "sign", world["chairman@province"], strikes={"nobody": "Lý do"})
    w.act(decision, "sign", world["chairman@province"], strikes={str(struck.uid): "Đang xem xét kỷ luật"})
    line = DecisionLine.objects.get(nominee=struck)
    assert (line.struck, line.live, line.reason) == (True, False, "Đang xem xét kỷ luật")
    signed = decision.versions.last().content
    assert [row["struck"] for row in signed["lines"]].count(True) == 1
    assert (decision.signed_by_name, decision.signed_on) == (world["chairman@province"].full_name, w.D2024)
    w.walk(world, decision, DecisionState.PUBLISHED)
    struck.refresh_from_db()
    assert (struck.outcome, struck.outcome_code) == (Outcome.STRUCK_OUT, "signer")
    assert struck.outcome_note == "Đang xem xét kỷ luật"
    assert all(file.__class__.objects.get(pk=file.pk).state == State.CLOSED for file in files)


def test_a_decision_with_every_line_struck_out_is_returned_instead(world):
    file = w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    with pytest.raises(ValidationError):
        w.act(decision, "sign", world["chairman@province"], strikes={str(file.nominees.get().uid): "Không"})
    w.act(decision, "return", world["chairman@province"], note="Xem lại")
    assert (decision.state, decision.holder) == (DecisionState.COMPILE, world.units["home"])


def test_a_struck_nominee_comes_onto_no_later_decision(world):
    file = w.confirmed(world, nominees=2)
    decision = w.decision(world, DecisionState.SIGN)
    w.act(decision, "sign", world["chairman@province"], strikes={str(file.nominees.first().uid): "Không"})
    with pytest.raises(ValidationError):
        w.decision(world)


@pytest.mark.parametrize(
    ("state", "who"),
    [
        (DecisionState.SUBMIT, "director@home"),
        (DecisionState.CHECK, "office_specialist@office"),
        (DecisionState.SIGN, "chairman@province"),
    ],
)
def test_every_level_may_return_and_the_list_comes_again(world, state, who):
    w.confirmed(world)
    decision = w.decision(world, state)
    with pytest.raises(ValidationError):
        w.act(decision, "return", world[who])
    w.act(decision, "return", world[who], note="Kiểm tra lại thể thức")
    assert decision.state == DecisionState.COMPILE
    w.walk(world, decision, DecisionState.PUBLISHED)


def test_the_quota_is_asked_again_at_signing(world):
    """It was lowered, or another decision was signed, since the list was compiled."""
    w.confirmed(world, nominees=3)
    decision = w.decision(world, DecisionState.SIGN)
    Quota.objects.filter(round=world.round, kind="individual").update(count=2)
    with pytest.raises(ValidationError) as caught:
        w.act(decision, "sign", world["chairman@province"])
    assert "quota" in caught.value.message_dict
    nominee = decision.lines.first().nominee
    w.act(decision, "sign", world["chairman@province"], strikes={str(nominee.uid): "Quá chỉ tiêu"})
    assert decision.lines.filter(live=True).count() == 2


def test_the_chairman_signs_what_he_saw(world):
    w.confirmed(world, nominees=2)
    decision = w.decision(world, DecisionState.SIGN)
    seen = w.seen_digest(decision)
    w.act(decision, "return", world["chairman@province"], note="Xem lại")
    w.walk(world, decision, DecisionState.SIGN)
    with pytest.raises(StaleState):
        w.act(decision, "sign", world["chairman@province"], seen=seen)


def decided_on(world, day):
    with clock.legal_day(w.D2024):
        w.confirmed(world)
        decision = w.decision(world, DecisionState.ISSUE_NUMBER)
    with clock.legal_day(day):
        return w.act(decision, "issue_number", world["records_clerk@office"])


def test_numbers_run_without_a_gap_and_begin_at_01_on_new_year(world):
    days = [date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 2)]
    numbers = [decided_on(world, day).register_number for day in days]
    assert [str(n) for n in numbers] == ["01/QĐ-UBND", "02/QĐ-UBND", "01/QĐ-UBND", "02/QĐ-UBND"]
    assert [n.year for n in numbers] == [2024, 2024, 2025, 2025]
    event = Event.objects.filter(action="issue_number").latest("pk")
    told = {"register": "ag-ubnd-qd", "year": 2025, "number": 2, "revision": 6}
    assert event.data == told | {"after": event.data["after"]}


def test_a_refused_number_is_not_taken(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.ISSUE_NUMBER)
    with pytest.raises(StaleState):
        w.act(decision, "issue_number", world["records_clerk@office"], seen="old")
    assert not RegisterNumber.objects.exists()
    assert str(w.act(decision, "issue_number", world["records_clerk@office"]).register_number) == "01/QĐ-UBND"


def test_a_closed_round_takes_no_decision(world):
    w.confirmed(world)
    engine.close_round(world.round, actor=world["head_of_division@home"])
    with pytest.raises(Exception) as caught:
        engine.open(DecisionFlow, AwardDecision(round=world.round), actor=world["head_of_division@home"])
    assert type(caught.value).__name__ in ("PermissionDenied", "ValidationError")
