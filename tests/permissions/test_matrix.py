"""Every role × unit × step × action: rule, list, button, inbox and engine agree, with the table by hand."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from history import clock
from nominations import rules
from nominations.actions import DECISION_ACTIONS, DECISION_TABLE, NOMINATION_ACTIONS, NOMINATION_TABLE
from nominations.models import AwardDecision, Nomination, Quota
from nominations.states import DECISION_OPEN, OPEN, State
from permissions.catalogue import ROLES
from tests import world as w
from tests.cast import REVIEWING
from tests.permissions.matrix import (
    DUTIES,
    EXPECTED,
    RELATIONS,
    SEATS,
    SENDERS,
    TABLE,
    newcomers,
    relation,
    seat_of,
    standing,
)
from workflows import asking, opening
from workflows.inbox import inbox

ACTIONS = (*NOMINATION_ACTIONS, *DECISION_ACTIONS)
ROWS = NOMINATION_TABLE | DECISION_TABLE
# What a condition stands in the way of, where everything else is as it should be.
BLOCKED = {
    ("supplement", "propose"),  # the remarks are not ticked off
    *((step, "release") for step in ("review", "intake", "appraise")),  # it is in nobody's hands
    ("appraise", "record_opinion"),  # nobody was asked for one
    *((step, "hand_over") for step in ("draft", "sign_proposal", "supplement")),  # the unit exists
    *((step, "reroute") for step in ("review", "endorse")),  # the body exists
}
# Nothing of the list is there to be chosen: the door lets through, and says so.
NOTHING_TO_CHOOSE = {"settle_tie", "reorder", "restore", "refill"}


def payload(world, subject, name):
    """What the act asks for."""
    if name == "conclude":
        return w.appraisal(world, subject)
    given = {"note": "Lý do", "code": "violation", "remarks": [{"text": "Sửa"}]}
    if name == "ask_opinion":
        given |= {"body": "Công an tỉnh", "question": "Có vi phạm không?", "answer_by": str(clock.today())}
    if name == "assign":
        given["assignee"] = str(world.walker(subject).uid)
    elif name in ("leave_off", "recall_nominee"):
        given["line"] = str(subject.lines.first().nominee.uid)
    elif name in ("reroute", "wrong_route"):
        given["unit"] = str(world.units["department"].pk)
    elif isinstance(subject, AwardDecision):
        given["remarks"] = []
    return given


def in_state(world, unit, state):
    """A file that waits there; every kind of way led to one of them."""
    file = w.complete_draft(world, unit)
    if state != State.SUPPLEMENT:
        return w.walk(world, file, state)
    w.walk(world, file, State.INTAKE)
    return w.act(file, "request_supplement", world.walker(file), remarks=[{"text": "Bổ sung"}])


def subjects(world, unit):
    """One file or decision in every open state; its sender asks for each back that was opened."""
    Quota.objects.filter(round=world.round).update(count=40)
    found = []
    for state in DECISION_OPEN:
        w.confirmed(world, unit)
        found.append(w.decision(world, state))
    found += [in_state(world, unit, state) for state in OPEN]  # the one that waits stands on no decision
    for subject in found:
        if (str(subject.state), "request_recall") in TABLE:
            assert opening.mark(subject, world.walker(subject))
            w.act(subject, "request_recall", subject.sent_post.officer, note="Sai sót")
    return found


def alike(officer):
    """The actions in groups whose rules are the same, part by part."""
    groups = defaultdict(list)
    for action in ACTIONS:
        groups[frozenset(rules.parts(officer, action))].append(action)
    return list(groups.values())


def by_list(officer, subjects, groups=None):
    """List: the rule alone, also asked for the actions of other steps; rules that are the same once."""
    known = {(type(subject), subject.pk): subject for subject in subjects}
    found = set()
    for actions in groups or alike(officer):
        model = Nomination if isinstance(actions[0].source, State) else AwardDecision
        for pk in model.objects.filter(rules.may(officer, actions[0])).values_list("pk", flat=True):
            found |= {(known[model, pk], action.name) for action in actions if (model, pk) in known}
    return found


def by_button(officer, subjects):
    """Button: what the page of each subject offers (the rule and a key), and what is theirs; a reason for the rest."""
    answers = [(subject, answer) for subject in subjects for answer in asking.ask(officer, subject)]
    assert all(answer.allowed != bool(answer.why_not) for _subject, answer in answers)
    assert all(bool(answer.posts) == answer.allowed for _subject, answer in answers)
    assert all(answer.theirs or not answer.allowed for _subject, answer in answers)
    allowed = {(subject, answer.action.name) for subject, answer in answers if answer.allowed}
    return allowed, {(subject, answer.action.name) for subject, answer in answers if answer.theirs}


def by_engine(world, officer, questions):
    """The door itself, each act undone again."""
    done = set()
    for subject, name in questions:
        point = transaction.savepoint()
        try:
            w.act(subject, name, officer, **payload(world, subject, name))
            done.add((subject, name))
        except PermissionDenied:
            pass
        except ValidationError:
            assert name in NOTHING_TO_CHOOSE
            done.add((subject, name))
        finally:
            transaction.savepoint_rollback(point)
            subject.refresh_from_db()
    return done


def by_hand(questions):
    """The table written by hand, for the kinds of unit at which these questions are asked."""
    own = {}
    for subject, name in questions:
        key, kind = (str(subject.state), name), str(seat_of(subject, name).kind)
        if key not in SENDERS:
            own[key] = {(role, "own") for role in EXPECTED[key] if kind in SEATS[role]}
    return own


def matrix(world, unit, every):
    """Ask everybody everything in every way, compare with the table by hand; return how often what was refused."""
    day, found = clock.today(), subjects(world, unit)
    questions = [(subject, action.name) for subject in found for action in asking.actions_from(subject.state)]
    places = {seat_of(*question) for question in questions}
    groups = alike(world["clerk@commune"])
    allowed, theirs, refused, known = defaultdict(set), defaultdict(set), defaultdict(int), set()
    for number, (role, seat, officer) in enumerate(newcomers(world)):
        stands = (role, standing(seat, places, day))
        ways = {relation(seat, place, day) for place in places}
        if not every and (stands in known or (number % 23 and ways <= set(refused))):
            continue  # one in twenty-three, and the first of every way to stand
        known.add(stands)
        answer = by_list(officer, found, groups)
        wanted = {q for q in questions if role in EXPECTED[key_of(q)] and seat_of(*q) == seat}
        assert answer == {q for q in wanted if key_of(q) not in BLOCKED and key_of(q) not in SENDERS}, officer
        shown = found if every else found[number % 3 :: 3]  # each page, but not for everybody
        button, mine = by_button(officer, shown)
        assert {question for question in answer if question[0] in shown} == button, officer
        duties = {subject.uid for subject, name in mine if (str(subject.state), name) in DUTIES}
        assert {item.uid for item in inbox(officer)} & {subject.uid for subject in shown} == duties, officer
        some = 11 if every else 47  # of what is refused, one in so many goes through the door too
        asked = [
            q for k, q in enumerate(questions) if (q in answer and q[0] in shown) or (k + number) % some == 0
        ]
        assert by_engine(world, officer, asked) == answer & set(asked), officer
        for subject, name in questions:
            how = relation(seat, seat_of(subject, name), day)
            for table, those in ((allowed, answer), (theirs, mine)):
                if (subject, name) in those:
                    table[str(subject.state), name].add((role, how))
            refused[how] += (subject, name) not in answer
    if every:
        own = by_hand(questions)
        assert theirs == own
        assert allowed == {key: who for key, who in own.items() if key not in BLOCKED}
    return refused


def key_of(question):
    subject, name = question
    return str(subject.state), name


def test_the_matrix(world, in_2024):
    """One person for each role and each way to stand to the places where files wait.

    At the engine: all that is allowed and some of the rest.
    """
    refused = matrix(world, "commune", every=False)
    assert set(refused) == set(RELATIONS), "every relation was asked"


@pytest.mark.proof
@pytest.mark.parametrize(("day", "unit"), [(w.D2024, "commune"), (w.D2026, "new_station")])
def test_the_whole_matrix(world, day, unit):
    """Everybody, everything, before and after the reform; some of what is refused also at the engine."""
    with clock.legal_day(day):
        matrix(world, unit, every=True)


def test_the_table_by_hand_asks_every_action_and_every_role():
    assert set(EXPECTED) == {(str(action.source), action.name) for action in ACTIONS}
    assert set(SEATS) == set(ROLES)
    assert {role: set(map(str, ROLES[role].sits_on)) for role in SEATS} == SEATS
    assert {key for key in TABLE if not ROWS[key].option} == DUTIES


def test_only_the_sender_takes_back(world, in_2024):
    """At every step that was sent to: its sender, and neither who holds it nor the sender's colleagues."""
    Quota.objects.filter(round=world.round).update(count=40)
    sent = []
    for state in DECISION_OPEN[1:4]:
        w.confirmed(world)
        sent.append(w.decision(world, state))
    sent += [in_state(world, "commune", state) for state in OPEN if state != State.DRAFT]
    for number, subject in enumerate(sent):
        sender = subject.sent_post.officer
        rest = [officer for officer in world.people.values() if officer != sender]
        others = rest[number % 6 :: 6]  # each of them at a sixth of the steps
        recall = ROWS[subject.state, "recall"]
        assert (subject, "recall") in by_list(sender, [subject])
        assert not any(allows(other, recall, subject) for other in others), subject.state
        if (str(subject.state), "request_recall") in SENDERS:
            request = ROWS[subject.state, "request_recall"]
            assert not allows(sender, request, subject), "unopened: taken back at once"
            assert opening.mark(subject, world.walker(subject))
            assert allows(sender, request, subject) and not allows(sender, recall, subject)
            assert not any(allows(other, request, subject) for other in others), subject.state


def allows(officer, action, subject):
    return asking.is_allowed(officer, subject, action)


@pytest.mark.proof
def test_nobody_may_anything_outside_the_days_of_the_post(world):
    """The same people, the same files, on the last day of their units and the day after: only Home Affairs leads on."""
    with clock.legal_day(w.D2024):
        states = (State.DRAFT, State.SIGN_PROPOSAL, State.REVIEW, State.ENDORSE, State.SUPPLEMENT)
        found = [in_state(world, "commune", state) for state in states]
    walkers = {world[f"{role}@{place}"] for place in ("commune", "district") for role in REVIEWING}
    head = world["head_of_division@home"]
    led_on = {(file, "reroute" if file.state in ("review", "endorse") else "hand_over") for file in found}
    with clock.legal_day(w.REFORM - timedelta(days=1)):
        assert all(asking.ask(world.walker(file), file)[0].theirs for file in found)
        assert not by_list(head, found, alike(head))
    with clock.legal_day(w.REFORM):
        groups = alike(head)
        assert not any(by_list(officer, found, groups) for officer in walkers)
        assert by_list(head, found) == by_button(head, found)[0] == led_on
        assert not by_list(world["appraiser@home"], found)
