"""Every role × unit × step × action: rule, list, button, inbox and engine agree, with the table by hand."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from history import clock
from nominations import rules
from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS
from nominations.models import AwardDecision, Nomination, Quota
from nominations.states import DECISION_OPEN, OPEN, State
from permissions.catalogue import ROLES
from tests import world as w
from tests.cast import REVIEWING
from tests.permissions.matrix import EXPECTED, SEATS, newcomers, relation, standing
from workflows import asking
from workflows.inbox import inbox

ACTIONS = (*NOMINATION_ACTIONS, *DECISION_ACTIONS)
OWN = {key: {(role, "own") for role in roles} for key, roles in EXPECTED.items()}
PAYLOADS = {
    "send_back": {"note": "Sửa"},
    "abandon": {"note": "Bỏ"},
    "return": {"note": "Sửa", "remarks": [{"text": "Sửa"}]},
    "reject": {"code": "violation", "note": "Vi phạm"},
}


def subjects(world, unit):
    """One file or decision in every open state (`supplement` has no way in yet)."""
    Quota.objects.filter(round=world.round).update(count=40)
    files = [
        w.walk(world, w.complete_draft(world, unit), state) for state in OPEN if state != State.SUPPLEMENT
    ]
    decisions = []
    for state in DECISION_OPEN:
        w.confirmed(world, unit)
        decisions.append(w.decision(world, state))
    return [*files, *decisions]


def by_list(officer, subjects):
    """List: the rule alone, also asked for the actions of other steps."""
    known = {(type(subject), subject.pk): subject for subject in subjects}
    found = set()
    for action in ACTIONS:
        model = Nomination if isinstance(action.source, State) else AwardDecision
        for pk in model.objects.filter(rules.may(officer, action)).values_list("pk", flat=True):
            if (model, pk) in known:
                found.add((known[model, pk], action.name))
    return found


def by_button(officer, subjects):
    """Button: what the page of each subject offers (the rule and a key); the rest has a reason."""
    answers = [(subject, answer) for subject in subjects for answer in asking.ask(officer, subject)]
    assert all(answer.allowed != bool(answer.why_not) for _subject, answer in answers)
    assert all(bool(answer.posts) == answer.allowed for _subject, answer in answers)
    return {(subject, answer.action.name) for subject, answer in answers if answer.allowed}


def by_engine(world, officer, questions):
    """The door itself, each act undone again."""
    done = set()
    for subject, name in questions:
        payload = w.appraisal(world, subject) if name == "conclude" else PAYLOADS.get(name, {})
        point = transaction.savepoint()
        try:
            w.act(subject, name, officer, **payload)
            done.add((subject, name))
        except PermissionDenied:
            pass
        finally:
            transaction.savepoint_rollback(point)
            subject.refresh_from_db()
    return done


def matrix(world, unit, every):
    """Ask everybody everything in every way; return what was allowed, and how often what was refused."""
    day, found = clock.today(), subjects(world, unit)
    questions = [(subject, action.name) for subject in found for action in asking.actions_from(subject.state)]
    places = {subject.holder for subject in found}
    allowed, refused, known = defaultdict(set), defaultdict(int), set()
    for number, (role, seat, officer) in enumerate(newcomers(world)):
        alike = (role, standing(seat, places, day))
        if alike in known and not every:
            continue
        known.add(alike)
        answer = by_list(officer, found)
        assert answer == by_button(officer, found), officer
        assert {item.uid for item in inbox(officer)} == {subject.uid for subject, _name in answer}, officer
        asked = [q for k, q in enumerate(questions) if every or q in answer or (k + number) % 9 == 0]
        assert by_engine(world, officer, asked) == answer, officer
        for subject, name in questions:
            how = relation(seat, subject.holder, day)
            if (subject, name) in answer:
                allowed[str(subject.state), name].add((role, how))
            else:
                refused[how] += 1
    return dict(allowed), refused


def test_the_matrix(world, in_2024):
    """One person for each role and each way to stand to the places where files wait.

    At the engine: all that is allowed and a ninth of the rest.
    """
    allowed, refused = matrix(world, "commune", every=False)
    assert allowed == OWN
    assert set(refused) == {"own", "above", "below", "other", "none"}, "every relation was asked"


@pytest.mark.proof
@pytest.mark.parametrize(("day", "unit"), [(w.D2024, "commune"), (w.D2026, "new_station")])
def test_the_whole_matrix(world, day, unit):
    """Everybody, everything, before and after the reform, each question also at the engine."""
    with clock.legal_day(day):
        allowed, _refused = matrix(world, unit, every=True)
    assert allowed == OWN


def test_the_table_by_hand_asks_every_action_and_every_role():
    assert set(EXPECTED) == {(str(action.source), action.name) for action in ACTIONS}
    assert set(SEATS) == set(ROLES)
    assert {role: set(map(str, ROLES[role].sits_on)) for role in SEATS} == SEATS


def test_nobody_may_anything_outside_the_days_of_the_post(world):
    """The same people, the same files, on the last day of their units and the day after."""
    with clock.legal_day(w.D2024):
        states = (State.DRAFT, State.SIGN_PROPOSAL, State.REVIEW, State.ENDORSE)
        found = [w.walk(world, w.complete_draft(world), state) for state in states]
    with clock.legal_day(w.REFORM - timedelta(days=1)):
        assert all(asking.ask(world.walker(file), file)[0].allowed for file in found)
    with clock.legal_day(w.REFORM):
        walkers = {world[f"{role}@{place}"] for place in ("commune", "district") for role in REVIEWING}
        assert not any(by_list(officer, found) for officer in walkers)
