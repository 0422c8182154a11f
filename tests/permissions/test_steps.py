"""Everybody of the small world at every step: rule, list, button and page agree with a table written by hand."""

from typing import Any

import pytest
from django.test import Client

from history.models import Event
from nominations import rules
from nominations.actions import actions_from
from nominations.states import DecisionState, State
from tests import world as w
from tests.footprint import footprint
from tests.machine import reference as ref
from tests.machine.reference_decisions import Decision
from tests.machine.reference_files import File, Person
from tests.machine.reference_round import Line
from workflows import asking, inbox
from workflows.acting import url_of

pytestmark = pytest.mark.proof

NOMINATION_STEPS = list(ref.NOMINATION_STEPS)
DECISION_STEPS = list(ref.DECISION_STEPS)
NOTHING_TO_CHOOSE = {"settle_tie", "reorder", "restore", "refill"}  # no equals, nobody left off, nobody waits
LEDGER = {"history_event", "history_eventtext", "history_streamhead", "history_unsealed"}
READINGS = {
    "nomination.read",
    "decision.read",
}  # what an auditor opens is written down, also before a refusal
# Who stands in each relation to a commune's file of 2024: same unit, same kind elsewhere, above, apart.
RELATED = (
    "commune",
    "commune2",
    "district",
    "district2",
    "home",
    "office",
    "province",
    "department",
    "new_commune",
)


@pytest.fixture(
    params=[("nomination", s) for s in NOMINATION_STEPS] + [("decision", s) for s in DECISION_STEPS],
    ids=lambda param: "-".join(param),
)
def scene(request, world, in_2024):
    """The world with one file or decision at one step, and the reference of it, read from what was stored."""
    kind, step = request.param
    file = w.complete_draft(world)
    if kind == "nomination":
        if step == "supplement":
            w.walk(world, file, State.INTAKE)
            w.act(file, "request_supplement", world.walker(file), remarks=[{"text": "Bổ sung"}])
        else:
            w.walk(world, file, State(step))
        return world, file, _file(world, file)
    w.walk(world, file, State.AWAIT_DECISION)
    decision = w.decision(world, DecisionState(step))
    file.refresh_from_db()
    return world, decision, _decision(world, decision, file)


def _file(world, stored) -> File:
    model = File(**_subject(world, stored), unit="commune", route=["district"], reached={0})
    model.nominees = {str(uid): Person() for uid in stored.nominees.values_list("uid", flat=True)}
    model.here = 0 if stored.state in ("review", "endorse") else None
    model.supplements, model.resume = stored.supplements, stored.resume_at
    names = {officer.pk: who for who, officer in world.people.items()}
    model.concluded_by = {names[item.officer_id] for item in stored.handlings.filter(action="conclude")}
    return model


def _decision(world, stored, file) -> Decision:
    model = _file(world, file)
    return Decision(**_subject(world, stored), lines={uid: Line(uid, model) for uid in model.nominees})


def _subject(world, stored) -> dict[str, Any]:
    names = {officer.pk: who for who, officer in world.people.items()}
    posts = {who: {(who.split("@")[0].rstrip("2"), who.split("@")[1])} for who in world.people}
    sent = None
    if stored.sent_post:
        who = names[stored.sent_post.officer_id]
        sent = ref.Sent(who, (stored.sent_post.role, world.place(stored.sent_post.unit)), stored.sent_from)
    return {
        "land": ref.Land(posts, {}),
        "state": str(stored.state),
        "handled": [
            (names[item.officer_id], ref.level_of(item.step, world.place(item.unit)))
            for item in stored.handlings.select_related("unit")
        ],
        "sent": sent,
        "remarks": [ref.Remark(r.to_step, world.place(r.to_unit), 0) for r in stored.remarks.all()],
    }


def _theirs(model, who) -> set[str]:
    return {name for name in model.acts if model.theirs(who, name)}


def _allowed(model, who) -> set[str]:
    return {name for name in model.acts if model.may(who, name)}


def _by_rule(officer, subject) -> set[str]:
    return {
        action.name
        for action in actions_from(subject.state)
        if type(subject).objects.filter(rules.may(officer, action), pk=subject.pk).exists()
    }


def test_rule_list_and_button_agree_with_the_table(scene):
    world, subject, model = scene
    for number, (who, officer) in enumerate(world.people.items()):
        answers = asking.ask(officer, subject)
        buttons = {answer.action.name for answer in answers if answer.allowed}
        listed = any(str(item.uid) == str(subject.uid) for item in inbox.inbox(officer))
        assert buttons == _allowed(model, who), who
        if number % 3 == len(subject.state) % 3:  # the whole matrix asks the rule for everybody
            assert _by_rule(officer, subject) == buttons, who
        assert {answer.action.name for answer in answers if answer.theirs} == _theirs(model, who), who
        assert listed == (who in model.on_duty()), who
        assert all(answer.allowed or answer.why_not for answer in answers), who


def test_somebody_may_act_at_every_step_that_waits_for_a_person(scene):
    _world, subject, model = scene
    assert model.awaited()
    assert subject.state == State.AWAIT_DECISION or model.on_duty()


def test_the_page_offers_what_may_be_done_and_refuses_the_rest(scene):
    world, subject, model = scene
    for who in (name for name in world.people if name.split("@")[1] in RELATED):
        client = Client()
        client.force_login(world[who], backend="permissions.backends.PasswordBackend")
        session = client.session
        session["demo_day"] = w.D2024.isoformat()
        session.save()
        page = client.get(url_of(subject))
        text = page.content.decode() if page.status_code == 200 else ""
        model.open(who)  # whoever acts here has opened it by that
        before, last = footprint(), Event.objects.latest("pk").pk
        for action in actions_from(subject.state):
            offered = f'name="action" value="{action.name}"' in text
            allowed = action.name in _allowed(model, who)
            assert offered == allowed or (allowed and action.name in NOTHING_TO_CHOOSE), (who, action.name)
            if not allowed:
                refused = client.post(
                    f"{url_of(subject)}/xu-ly",
                    {"action": action.name, "task": w.task(subject).pk, "seen": "", "note": "x"},
                )
                assert refused.status_code in (403, 404), (who, action.name)
        after = footprint()
        changed = {key for key in before if before[key] != after[key]} - {"django_session"}
        assert changed <= (LEDGER if who.startswith("auditor@") else set()), who
        assert set(Event.objects.filter(pk__gt=last).values_list("kind", flat=True)) <= READINGS, who
