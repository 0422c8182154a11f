"""What a person adds to a click: every fault named at once, nothing half taken."""

import pytest
from django.core.exceptions import ValidationError

from nominations import payloads, remarks
from nominations.states import State
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


def faults(call, *args):
    with pytest.raises(ValidationError) as caught:
        call(*args)
    return caught.value.message_dict


@pytest.mark.parametrize("given", [{}, {"note": ""}, {"note": " \n"}, {"note": None}, {"note": "x" * 2001}])
def test_a_reason_is_written_and_not_a_novel(given):
    assert set(faults(payloads.note, given)) == {"note"}


def test_a_reason_is_kept_as_written_without_its_margins():
    assert payloads.note({"note": "  Đề nghị bổ sung.\nKính gửi  "}) == "Đề nghị bổ sung.\nKính gửi"
    assert payloads.note({"note": "x" * 2000}) == "x" * 2000


def test_a_rejection_needs_a_legal_ground_and_words():
    assert set(faults(payloads.reason, {})) == {"code", "note"}
    assert set(faults(payloads.reason, {"code": "violation"})) == {"note"}
    for code in ("", "quota", "signer", "anything"):
        assert set(faults(payloads.reason, {"code": code, "note": "Vì"})) == {"code"}, code
    assert payloads.reason({"code": "violation", "note": "Vì"}) == ("violation", "Vì")


def test_remarks_are_items_each_about_the_file_a_field_a_nominee_or_a_document(world):
    file = w.complete_draft(world)
    (nominee,), (letter, _minutes) = file.nominees.all(), file.evidence.order_by("kind")
    other = w.complete_draft(world).nominees.get()
    possible = remarks.possible([nominee], [letter])
    about = f"nominee:{nominee.uid}"
    for given in ([], None, [{"text": " "}], [{"about": about, "text": ""}]):
        assert set(faults(payloads.remarks, {"remarks": given}, possible)) == {"remarks"}
    both = faults(
        payloads.remarks,
        {"remarks": [{"about": f"nominee:{other.uid}", "text": "Của hồ sơ khác"}, {"text": "x" * 2001}]},
        possible,
    )
    assert len(both["remarks"]) == 2
    keys = ("", "minutes", about, f"{about}:report", f"document:{letter.uid}")
    found = payloads.remarks({"remarks": [{"about": key, "text": " Thiếu "} for key in keys]}, possible)
    assert [item.about.key for item in found] == list(keys)
    assert {item.text for item in found} == {"Thiếu"}
    assert [bool(item.about.label) for item in found] == [False, True, True, True, True]


@pytest.fixture
def appraised(world):
    """The file, and a call of `conclusions` with one entry of the first nominee changed."""
    file = w.walk(world, w.complete_draft(world, nominees=2), State.APPRAISE)
    nominees = list(file.nominees.all())

    def conclude(**changes):
        payload = w.appraisal(world, file)
        payload["nominees"][str(nominees[0].uid)].update(changes)
        return payloads.conclusions(payload, nominees, world.criteria)

    conclude.best = {c.code: c.max_points for c in world.criteria}
    return conclude


def test_every_nominee_is_concluded_on_with_points_by_criterion(appraised):
    conclusions = appraised()
    assert [c.assessment for c in conclusions] == ["eligible", "eligible"]
    assert conclusions[0].points == appraised.best


BAD_POINTS = [None, "", "-1", "41", "3.5", "１２", "12a", True, "00041", 41]


@pytest.mark.parametrize("value", BAD_POINTS)
def test_points_are_whole_numbers_within_the_criterion(appraised, value):
    assert "nominees" in faults(lambda: appraised(points={**appraised.best, "task_completion": value}))


@pytest.mark.parametrize("value", [20, "20", " 40 ", 40, "0040"])
def test_points_as_people_type_them(appraised, value):
    first = appraised(points={**appraised.best, "task_completion": value})[0]
    assert first.points["task_completion"] == int(value)


@pytest.mark.parametrize(
    "changes",
    [
        {"assessment": ""},
        {"assessment": "perhaps"},
        {"assessment": "ineligible"},  # no ground, no words
        {"assessment": "ineligible", "code": "violation"},
        {"assessment": "ineligible", "note": "Vì"},
        {"assessment": "ineligible", "code": "quota", "note": "Vì"},
        {"points": {}},
    ],
)
def test_a_half_conclusion_is_none(appraised, changes):
    assert "nominees" in faults(lambda: appraised(**changes))


def test_below_a_condition_nobody_is_eligible_but_may_be_ineligible(appraised):
    low = {**appraised.best, "task_completion": 19}
    assert "nominees" in faults(lambda: appraised(points=low))
    first = appraised(points=low, assessment="ineligible", code="below_standard", note="Chưa đạt")[0]
    assert (first.assessment, first.points["task_completion"]) == ("ineligible", 19)


def test_a_refused_conclusion_writes_nothing(world):
    file = w.walk(world, w.complete_draft(world, nominees=2), State.APPRAISE)
    payload = w.appraisal(world, file)
    payload["nominees"].popitem()
    with pytest.raises(ValidationError):
        w.act(file, "conclude", world["appraiser@home"], **payload)
    assert {nominee.assessment for nominee in file.nominees.all()} == {""}
    assert not file.nominees.filter(scores__level="appraisal").exists()
