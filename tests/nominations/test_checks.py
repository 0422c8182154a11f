"""Completeness: each named check finds its own fault, and a complete file has none."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from history import clock
from nominations import checks
from nominations.file import read
from nominations.models import Evidence, Nomination, Nominee, Score
from nominations.states import State
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


def failing(file):
    """The names of the checks that fail on the file as it is stored."""
    return {
        result.name for result in checks.run(read(Nomination.objects.get(pk=file.pk))) if not result.passed
    }


def change(file, **values):
    Nomination.objects.filter(pk=file.pk).update(**values)


def change_nominees(file, **values):
    Nominee.objects.filter(nomination=file).update(**values)


def points(code, value=None):
    def fault(file):
        rows = Score.objects.filter(nominee__nomination=file, criterion__code=code)
        rows.delete() if value is None else rows.update(points=value)

    return fault


FAULTS = [
    ("nominees", lambda file: change_nominees(file, present=False)),
    ("letter", lambda file: change(file, letter_number="")),
    ("letter", lambda file: change(file, letter_date=None)),
    ("letter", lambda file: Evidence.objects.filter(kind="letter").update(present=False)),
    ("minutes", lambda file: change(file, minutes_date=None)),
    ("minutes", lambda file: change(file, members_present=0)),
    ("minutes", lambda file: change(file, members_present=8, members_total=7)),
    ("minutes", lambda file: Evidence.objects.filter(kind="minutes").update(present=False)),
    ("reports", lambda file: change_nominees(file, report=" ")),
    ("periods", lambda file: change_nominees(file, achieved_from=None)),
    ("periods", lambda file: change_nominees(file, achieved_to=None)),
    ("titles", lambda file: change_nominees(file, title=" ")),
    ("scores", points("reform_index")),
    ("conditions", points("task_completion", 19)),
    ("conditions", points("reform_index", 9)),
    ("initiatives", points("initiative", 25)),
]


@pytest.mark.parametrize(("name", "fault"), FAULTS)
def test_each_fault_is_found_by_its_own_check_and_stops_the_signature(world, name, fault):
    file = w.walk(world, w.complete_draft(world, nominees=2), State.SIGN_PROPOSAL)
    assert failing(file) == set()
    fault(file)
    assert failing(file) == {name}
    with pytest.raises(ValidationError):
        w.act(file, "submit", world["unit_head@commune"])
    assert (file.state, file.version) == (State.SIGN_PROPOSAL, 0)


def test_every_check_is_tested_here():
    tested = {name for name, _fault in FAULTS} | {"window", "quota"}
    assert {check.name for check in checks.CHECKS} == tested


def test_the_window_is_asked_on_the_day_of_signing(world):
    file = w.complete_draft(world)
    opens, closes = world.round.opens, world.round.closes
    for day, late in ((opens, False), (closes, False), (closes + timedelta(days=1), True)):
        with clock.legal_day(day):
            assert ("window" in failing(file)) is late, day


def test_no_unit_proposes_more_than_the_whole_province_may_award(world):
    assert failing(w.complete_draft(world, nominees=6)) == set()
    assert failing(w.complete_draft(world, nominees=7)) == {"quota"}
    collective = {"kind": "collective", "title": ""}
    assert failing(w.complete_draft(world, nominees=[collective] * 4)) == set()
    assert failing(w.complete_draft(world, nominees=[collective] * 5)) == {"quota"}


def test_documents_serve_for_what_is_typed(world):
    """A report may be attached instead of written; an initiative needs its recognition."""
    file = w.complete_draft(world, nominees=2)
    first, second = file.nominees.all()
    change_nominees(file, report="")
    points("initiative", 20)(file)
    assert failing(file) == {"reports", "initiatives"}

    def attach(kind, nominee):
        Evidence.objects.create(
            nomination=file, nominee=nominee, kind=kind, name="a.pdf", media_type="application/pdf",
            size=1, sha256="0" * 64, uploaded_by=world["clerk@commune"],
        )  # fmt: skip

    attach("report", first)
    attach("initiative", None)  # one document may speak of all
    assert failing(file) == {"reports"}, "the report of one is not that of the other"
    attach("report", second)
    assert failing(file) == set()


def test_a_check_names_the_nominee_and_its_legal_basis(world):
    file = w.complete_draft(world, nominees=[{"name": "Lê Thị Nhàn", "report": ""}])
    (result,) = [r for r in checks.run(read(file)) if not r.passed]
    assert "Lê Thị Nhàn" in result.problems[0]
    assert result.basis
    assert result.label


def test_reading_a_file_costs_the_same_for_one_nominee_and_for_ten(world, django_assert_num_queries):
    for count in (1, 10):
        file = w.complete_draft(world, nominees=count)
        with django_assert_num_queries(4):
            read(file)
