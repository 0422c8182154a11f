"""A question made once for everybody is the question itself: the same SQL and the same rows, whoever asks."""

from uuid import UUID

import pytest
from django.db.models import Q

from audit import files as audited
from audit import sight
from history import clock
from nominations import finding, newest, ranking, rules
from nominations.actions import DECISION_TABLE, NOMINATION_TABLE
from nominations.models import AwardDecision, Nomination, Nominee
from nominations.states import DecisionState, State
from nominations.views import reading
from permissions import grants, prepared
from permissions.identity import identity_hash
from tests import world as w
from workflows import asking, batches, context, inbox, recusing
from workflows.views import decisions, nomination_page, notices

pytestmark = pytest.mark.usefixtures("in_2024")
NOBODYS = UUID(int=7)
EACH = 11  # each person is asked so many times fewer questions than there are, and each question many people


def fill(world):
    for state in (State.DRAFT, State.REVIEW, State.APPRAISE):
        w.walk(world, w.complete_draft(world), state)
    w.confirmed(world)
    w.decision(world, DecisionState.SIGN)


def questions(officer):
    """Every question that is kept made: the question, its form, and values."""
    for file in Nomination.objects.all():
        yield reading._file, (), {"uid": file.uid}
        yield audited._of_scope, ("nomination",), {"uid": file.uid}
        keys = tuple(key for key in NOMINATION_TABLE if key[0] == file.state)
        yield asking._parts, (Nomination, keys), {"pk": file.pk}
        for key in keys:
            for rule in (rules.duty, rules.able):
                yield rules._holds, (Nomination, rule, NOMINATION_TABLE[key]), {"pk": file.pk}
        yield recusing._open_to, (Nomination,), {"pk": file.pk}
    for decision in AwardDecision.objects.all():
        yield recusing._open_to, (AwardDecision,), {"pk": decision.pk}
        yield decisions._decision, (), {"uid": decision.uid}
        yield audited._of_scope, ("decision",), {"uid": decision.uid}
        keys = tuple(key for key in DECISION_TABLE if key[0] == decision.state)
        yield asking._parts, (AwardDecision, keys), {"pk": decision.pk}
    for action in batches.BATCHED.values():
        yield batches._possible, (action,), {}
        yield batches._chances, (action, 100), {}
    for words in ("nguyen", "50%_"):
        for question in (finding._named, finding._called, finding._presenting):
            yield question, (), {"words": words}
    for rule in (rules.behind_decisions, rules.to_lead_on):
        yield newest._newest_of, (rule, 30), {}
    for question in (context._waiting, ranking._to_compile, sight._below):
        yield question, (), {}
    yield notices._page, (0,), {}
    files = list(Nomination.objects.values_list("pk", flat=True)[:2])
    yield inbox._sent, (20,), {"waiting": files}
    nominees = list(Nominee.objects.values_list("pk", flat=True))
    yield nomination_page._lines_of, (), {"nominees": nominees}
    yield inbox.question, (), {right: list(units) for right, units in grants.units_by_right(officer).items()}


def test_each_question_for_everybody_on_both_days(world, django_assert_num_queries):
    fill(world)
    found = 0
    for number, officer in enumerate(world.people.values()):
        officer.identity_hash = identity_hash(f"{number:012}") if number % 3 == 0 else ""
        for question, form, values in list(questions(officer))[number % EACH :: EACH]:
            plain = question(officer, *form, **values)
            with django_assert_num_queries(0):  # what was read while it is made would be kept, and grow old
                made = prepared.text(question, officer, *form, **values)
            asked = plain.query.sql_with_params() if plain is not None else None
            assert made == asked, (officer, question, form)
            rows = prepared.rows(question, officer, *form, **values)
            assert rows == (list(plain) if plain is not None else []), (officer, question, form)
            found += len(rows)
    assert found > 50
    officer = world["reviewer@district"]
    with clock.legal_day(w.D2026):  # the day is part of the question
        for question, form, values in list(questions(officer))[::3]:
            plain = question(officer, *form, **values)
            made = prepared.text(question, officer, *form, **values)
            assert made == (plain.query.sql_with_params() if plain is not None else None)


def test_what_one_asked_is_never_anothers_answer(world):
    fill(world)
    file = Nomination.objects.filter(state=State.DRAFT).get()
    clerk, stranger = world["clerk@commune"], world["reviewer@district2"]
    assert prepared.rows(reading._file, clerk, uid=file.uid) == [file]
    assert prepared.rows(reading._file, stranger, uid=file.uid) == []
    assert prepared.rows(reading._file, clerk, uid=NOBODYS) == []
    assert prepared.rows(reading._file, clerk, uid=file.uid) == [file]


def test_a_value_that_does_not_stand_in_the_sql_is_refused(world):
    def lost(officer, number):
        return Nomination.objects.filter(rules.readable(officer))

    with pytest.raises(ValueError, match="does not stand"):
        prepared.rows(lost, world["clerk@commune"], number=7)
    with pytest.raises(TypeError, match="nothing stands for"):
        prepared.rows(lost, world["clerk@commune"], number=7.5)


def test_a_question_that_nobody_can_have_rows_for_is_not_asked(world, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert prepared.rows(nothing, world["clerk@commune"]) == []
        assert prepared.count(nothing, world["clerk@commune"]) == 0


def nothing(officer):
    return Nomination.objects.filter(Q(pk__in=[]))
