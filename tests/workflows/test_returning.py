"""Returns: to every earlier stop that the table allows, each remark about something, ticked off before going on."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from history import clock
from history.ledger import of_stream
from nominations import remarks
from nominations.models import Remark
from nominations.states import State
from tests import world as w
from tests.workflows.ways import REMARK, at, refused

pytestmark = pytest.mark.usefixtures("in_2024")


def test_from_the_second_body_to_the_head_of_the_first(world):
    """station → commune → district: the district gives it back to the commune's head."""
    file = at(world, State.REVIEW, "station")
    w.act(file, "forward", world["reviewer@commune"])
    w.act(file, "endorse", world["body_head@commune"])
    assert file.holder == world.units["district"]
    w.act(file, "return", world["reviewer@district"], to="endorse", **REMARK)
    assert (file.state, file.holder) == (State.ENDORSE, world.units["commune"])
    head = world["body_head@commune"]
    with refused():
        w.act(file, "endorse", head)
    w.tick(file, head)
    w.act(file, "endorse", head)
    assert (file.state, file.holder) == (State.REVIEW, world.units["district"])
    assert file.version == 1
    w.walk(world, file, State.INTAKE)


@pytest.mark.parametrize(
    ("state", "who", "to", "unit"),
    [
        (State.REVIEW, "reviewer@district", "draft", "commune"),
        (State.ENDORSE, "body_head@district", "draft", "commune"),
        (State.ENDORSE, "body_head@district", "review", "district"),
        (State.INTAKE, "intake_officer@home", "draft", "commune"),
        (State.INTAKE, "intake_officer@home", "endorse", "district"),
        (State.APPRAISE, "appraiser@home", "intake", "home"),
        (State.APPRAISE, "appraiser@home", "endorse", "district"),
        (State.CONFIRM, "head_of_division@home", "appraise", "home"),
    ],
)
def test_every_stop_takes_it_and_sends_it_on_again(world, state, who, to, unit):
    file = at(world, state)
    action = "send_back" if state == State.CONFIRM else "return"
    w.act(file, action, world[who], to=to, **REMARK)
    assert (file.state, file.holder) == (to, world.units[unit])
    w.walk(world, file, state)
    w.walk(world, file, State.AWAIT_DECISION)


@pytest.mark.parametrize(
    ("state", "who", "to"),
    [
        (State.REVIEW, "reviewer@district", "endorse"),  # the first body has none before it
        (State.REVIEW, "reviewer@district", "intake"),  # not an earlier stop
        (State.APPRAISE, "appraiser@home", "draft"),  # by a supplement, or through intake
        (State.INTAKE, "intake_officer@home", "sign_proposal"),
    ],
)
def test_no_other_stop_is_offered(world, state, who, to):
    file = at(world, state)
    with refused(ValidationError):
        w.act(file, "return", world[who], to=to, **REMARK)


def test_where_no_body_is_on_the_route_none_can_be_chosen(world):
    with clock.legal_day(w.D2026):
        file = at(world, State.INTAKE, "new_commune")
        with refused(ValidationError):
            w.act(file, "return", world["intake_officer@home"], to="endorse", **REMARK)


def test_a_remark_is_about_a_nominee_a_field_or_a_document(world):
    file = at(world, State.REVIEW, nominees=2)
    nominee, document = file.nominees.last(), file.evidence.first()
    about = [
        "",
        "minutes",
        f"nominee:{nominee.uid}",
        f"nominee:{nominee.uid}:report",
        f"document:{document.uid}",
    ]
    items = [{"about": key, "text": f"Nhận xét {n}"} for n, key in enumerate(about)]
    w.act(file, "return", world["reviewer@district"], remarks=items)
    stored = list(remarks.asked(file))
    assert [remarks.of(item).key for item in stored] == about
    assert [(item.to_step, item.to_unit) for item in stored] == [("draft", world.units["commune"])] * 5
    _event, text = of_stream(file.stream)[-1]
    assert text["remarks"][2]["about"] == nominee.name


def test_a_remark_about_another_files_nominee_is_refused(world):
    file, other = at(world, State.REVIEW), at(world, State.REVIEW)
    about = f"nominee:{other.nominees.get().uid}"
    with refused(ValidationError):
        w.act(file, "return", world["reviewer@district"], remarks=[{"about": about, "text": "Sai"}])


def test_ticking_off_belongs_to_whoever_handles_the_file_there(world):
    file = at(world, State.REVIEW)
    w.act(file, "return", world["reviewer@district"], **REMARK)
    remark = file.remarks.get()
    for who in ("reviewer@district", "unit_head@commune", "clerk@commune2", "chairman@province"):
        with refused(PermissionDenied):
            remarks.answer(file, {remark.pk: (True, "Xong")}, by=world[who])
    clerk = world["clerk@commune"]
    assert remarks.answer(file, {remark.pk: (True, "Xong")}, by=clerk) == 1
    assert remarks.answer(file, {remark.pk: (True, "Xong")}, by=clerk) == 0
    assert remarks.answer(file, {remark.pk: (False, "Chưa xong")}, by=clerk) == 1
    with refused():
        w.act(file, "propose", clerk)
    with refused(ValidationError):
        remarks.answer(file, {remark.pk: (True, "x" * 2001)}, by=clerk)


def test_a_remark_of_another_file_is_not_ticked_off_here(world):
    file, other = at(world, State.REVIEW), at(world, State.REVIEW)
    for item in (file, other):
        w.act(item, "return", world["reviewer@district"], **REMARK)
    remarks.answer(file, {other.remarks.get().pk: (True, "Xong")}, by=world["clerk@commune"])
    assert other.remarks.get().status == Remark.Status.OPEN


def test_a_unit_that_has_ended_takes_nothing_back(world):
    file = at(world, State.INTAKE)
    with clock.legal_day(w.REFORM), refused(ValidationError):
        w.act(file, "return", world["intake_officer@home"], **REMARK)
    with clock.legal_day(w.REFORM), refused(ValidationError):
        w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
