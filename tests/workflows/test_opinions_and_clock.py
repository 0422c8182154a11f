"""The clock of the appraisal stands while another body's opinion is awaited, whichever way the file comes and goes."""

from datetime import date

import pytest
from django.core.management import call_command

from history import clock
from nominations import deadlines
from nominations.states import State
from tests import pages
from tests import world as w
from tests.workflows.ways import REMARK

pytestmark = pytest.mark.usefixtures("in_2024")
APPRAISER = "appraiser@home"
OPINION = {"body": "Công an tỉnh", "question": "Có vi phạm không?", "answer_by": "2024-11-19"}
ANSWER = {"answer": "agrees", "letter_number": "1/CAT", "letter_date": "2024-11-06"}


@pytest.fixture
def file(world):
    """A file that came to its appraisal on the 5th, of which an opinion is awaited; 15 working days are given."""
    call_command("load_programme", verbosity=0)
    file = w.walk(world, w.complete_draft(world), State.APPRAISE)
    assert file.due == date(2024, 11, 26)
    return on(5, file, "ask_opinion", world[APPRAISER], **OPINION)


def on(day, file, action, who, **payload):
    with clock.legal_day(date(2024, 11, day)):
        w.act(file, action, who, **payload)
    file.refresh_from_db()
    return file


def answer(world, file, day):
    return on(day, file, "record_opinion", world[APPRAISER], opinion=str(file.opinions.get().uid), **ANSWER)


def test_it_stands_also_when_the_file_comes_to_its_appraisal_again(world, file):
    intake = world["intake_officer@home"]
    on(6, file, "return", world[APPRAISER], to="intake", **REMARK)
    assert file.due is not None, "the clock of intake runs"
    w.tick(file, intake)
    on(7, file, "accept", intake)
    assert (file.due, file.clock_from) == (None, None)
    assert answer(world, file, 8).due == date(2024, 11, 29)  # 15 working days after the 8th


def test_after_a_supplement_it_stands_until_the_answer_is_in(world, file):
    on(6, file, "request_supplement", world[APPRAISER], **REMARK)
    with clock.legal_day(date(2024, 11, 8)):
        w.walk(world, file, State.APPRAISE)
    assert file.due is None
    assert answer(world, file, 11).due == date(2024, 12, 2)


def test_the_next_version_of_the_whole_file_has_a_clock_that_runs(world, file):
    intake = world["intake_officer@home"]
    on(6, file, "return", world[APPRAISER], to="intake", **REMARK)
    w.tick(file, intake)
    on(6, file, "return", intake, to="draft", **REMARK)
    with clock.legal_day(date(2024, 11, 7)):
        w.walk(world, file, State.APPRAISE)
    assert file.due == date(2024, 11, 28)


def test_taking_back_what_was_returned_leaves_it_standing(world, file):
    on(6, file, "return", world[APPRAISER], to="intake", **REMARK)
    on(7, file, "recall", world[APPRAISER])
    assert (file.state, file.due) == (State.APPRAISE, None)
    assert answer(world, file, 8).due == date(2024, 11, 29)


def test_the_page_says_why_it_stands_beside_who_was_asked(world, file):
    page = pages.enter(world[APPRAISER]).get(pages.page_of(file))
    assert deadlines.of(file).stands
    shown = page.content.decode()
    assert str(page.context["deadline"].stands) in shown
    assert page.context["opinions"][0]["open"]
