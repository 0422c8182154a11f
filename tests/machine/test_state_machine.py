"""Random people do legal and illegal things to both flows; the reference knows what must come of it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from viewflow.workflow.models import Task

from history import clock
from history.models import Event
from nominations.content import seen_digest
from nominations.models import Nominee
from nominations.states import Outcome
from permissions import grants
from tests import world as w
from tests.machine import reference as ref
from workflows import engine
from workflows.flows import DecisionFlow

# People with two posts, so that the separation of duties has something to refuse.
SECOND_POSTS = (
    ("clerk@commune", "reviewer", "district"),
    ("reviewer@district", "appraiser", "home"),
    ("appraiser@home", "head_of_division", "home"),
    ("unit_head@department", "body_head", "department"),
    ("intake_officer@home", "office_specialist", "office"),
    ("body_head@district", "chairman", "province"),
)
PLACES = sorted(ref.ROUTES)
ONWARD = {
    "propose",
    "submit",
    "forward",
    "endorse",
    "accept",
    "conclude",
    "confirm",
    "pass",
    "sign",
    "issue_number",
    "publish",
}


class Journeys(RuleBasedStateMachine):
    """Both flows against the reference; every step is followed by every invariant."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block._from_testcase = True  # as Django's TestCase does: the engine's is the outermost
        self.block.__enter__()
        self.day = clock.legal_day(w.D2024)
        self.day.__enter__()
        self.world = w.build()
        self.posts = {who: {(who.split("@")[0].rstrip("2"), who.split("@")[1])} for who in self.world.people}
        for who, role, place in SECOND_POSTS:
            grants.appoint(
                self.world[who], role, self.world.units[place], position=role, document="QĐ", valid_from=w.OLD
            )
            self.posts[who].add((role, place))
        self.files: list[tuple] = []
        self.decisions: list[tuple] = []
        self.closed = False

    def teardown(self):
        self.day.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # what people do

    @initialize(places=st.lists(st.sampled_from(PLACES), min_size=3, max_size=3))
    def some_files_are_far(self, places):
        """Two files wait for the decision already and one is on its way: the far end is reached too."""
        for place, target in zip(places, ("await_decision", "await_decision", "intake"), strict=True):
            self.open_file_at(place, 2)
            stored, model = self.files[-1]
            while model.state != target:
                names = {name for state, name in ref.NOMINATION if state == model.state}
                forward = next(iter(names & ONWARD))
                who = next(who for who, name in self._ways(model) if name == forward)
                self._do(stored, model, who, forward, False)

    @precondition(lambda self: len([m for _s, m in self.files if m.state not in ref.ENDED]) < 6)
    @rule(place=st.sampled_from(PLACES), nominees=st.integers(1, 2))
    def open_file(self, place, nominees):
        self.open_file_at(place, nominees)

    def open_file_at(self, place, nominees):
        try:
            stored = w.complete_draft(self.world, place, nominees)
        except ValidationError:
            assert self.closed
            return
        assert not self.closed
        uids = [str(uid) for uid in stored.nominees.values_list("uid", flat=True)]
        self.files.append(
            (
                stored,
                ref.File(place, dict.fromkeys(uids, "pending"), handled=[(f"clerk@{place}", "proposer")]),
            )
        )

    @rule(
        choices=st.lists(
            st.tuples(st.integers(0, 99), st.integers(0, 99), st.booleans()), min_size=1, max_size=6
        )
    )
    def act_legally(self, choices):
        """What the reference allows, the ordinary way on more often than a way back."""
        for subject, way, special in choices:
            subjects = [(s, m) for s, m in (*self.decisions, *self.files) if self._ways(m)]
            if subjects:
                stored, model = subjects[subject % len(subjects)]
                ways = self._ways(model)
                onward = [(who, name) for who, name in ways if name in ONWARD]
                ways = onward if onward and way % 4 else ways
                self._do(stored, model, *ways[way % len(ways)], special)

    @rule(data=st.data())
    def act_anyhow(self, data):
        """Anybody, anything: most of it must be refused and leave no trace."""
        subjects = [*self.files, *self.decisions]
        if not subjects:
            return
        stored, model = data.draw(st.sampled_from(subjects))
        table = ref.NOMINATION if isinstance(model, ref.File) else ref.DECISION
        who = data.draw(st.sampled_from(sorted(self.posts)))
        action = data.draw(st.sampled_from(sorted({name for _state, name in table})))
        self._do(stored, model, who, action, data.draw(st.booleans()))

    @rule(who=st.sampled_from(["head_of_division@home", "appraiser@home", "clerk@commune"]))
    def open_decision(self, who):
        allowed = ("head_of_division", "home") in self.posts[who] and not self.closed
        taken = {uid for _s, decision in self.decisions for uid in decision.live}
        final = {uid for _s, decision in self.decisions for uid in decision.struck}
        free = {
            uid: file
            for _s, file in self.files
            if file.state == "await_decision"
            for uid in file.waiting
            if uid not in taken | final
        }
        count = min(len(free), ref.QUOTA - len(taken))
        try:
            stored = engine.open(DecisionFlow, w.AwardDecision(round=self.world.round), actor=self.world[who])
        except PermissionDenied:
            assert not allowed
            return
        except ValidationError:
            assert allowed and count <= 0
            return
        uids = [str(uid) for uid in stored.lines.values_list("nominee__uid", flat=True)]
        assert allowed and len(uids) == count and set(uids) <= set(free)
        self.decisions.append(
            (stored, ref.Decision({uid: free[uid] for uid in uids}, handled=[(who, "appraisal")]))
        )

    @precondition(lambda self: not self.closed and any(m.state == "published" for _s, m in self.decisions))
    @rule(who=st.sampled_from(["programme_administrator@home", "appraiser2@home"]))
    def close_round(self, who):
        busy = any(m.state in ref.IN_FLIGHT for _s, m in self.files) or any(
            m.state not in ref.DECISION_ENDED for _s, m in self.decisions
        )
        try:
            engine.close_round(self.world.round, actor=self.world[who])
        except PermissionDenied:
            assert not who.startswith("programme")
            return
        except ValidationError:
            assert busy
            return
        assert who.startswith("programme") and not busy
        self.closed = True
        for _stored, file in self.files:
            self._lapse(file)

    # what must hold

    @invariant()
    def state_and_open_task_are_one(self):
        for stored, model in (*self.files, *self.decisions):
            stored.refresh_from_db()
            assert stored.state == model.state
            ended = model.state in ref.ENDED | ref.DECISION_ENDED
            open_tasks = [
                t.flow_task.name for t in Task.objects.filter(process=stored.process, finished=None)
            ]
            assert open_tasks == ([] if ended else [model.state])
            assert (stored.holder is None) == ended
            if not ended and isinstance(model, ref.File):
                assert self.world.place(stored.holder) == model.place

    @invariant()
    def every_act_is_one_event_and_every_event_an_act(self):
        for stored, model in (*self.files, *self.decisions):
            assert Event.objects.filter(stream=stored.stream).count() == model.events

    @invariant()
    def what_has_ended_has_outcomes_and_the_quota_holds(self):
        for stored, model in self.files:
            outcomes = set(stored.nominees.filter(present=True).values_list("outcome", flat=True))
            assert not (model.state in ref.ENDED and Outcome.PENDING in outcomes)
        assert Nominee.objects.filter(outcome=Outcome.AWARDED).count() <= ref.QUOTA

    # how

    def _ways(self, model):
        table = ref.NOMINATION if isinstance(model, ref.File) else ref.DECISION
        names = {name for state, name in table if state == model.state}
        return [
            (who, name)
            for name in sorted(names)
            for who in sorted(self.posts)
            if model.may(who, name, self.posts)
        ]

    def _do(self, stored, model, who, action, special):
        stored.refresh_from_db()
        payload, then = self._payload(stored, model, action, special)
        may = model.may(who, action, self.posts)
        task = engine.task_of(stored) or Task.objects.filter(process=stored.process).latest("pk")
        ended = model.state in ref.ENDED | ref.DECISION_ENDED
        try:
            engine.act(task, action, actor=self.world[who], payload=payload, seen=seen_digest(stored))
        except PermissionDenied:
            assert not may or ended
            return
        except engine.StaleState:
            assert ended
            return
        assert may and not ended, (who, action, model)
        then()
        model.act(who, action)
        if action == "publish":
            self._settle(model)

    def _payload(self, stored, model, action, special):
        """What the act asks for, and how the reference learns of it; `special`: one of them falls out."""
        if action == "conclude" and isinstance(model, ref.File):
            first = next(iter(model.nominees))
            payload = w.appraisal(self.world, stored, **({"n1": "below_standard"} if special else {}))
            outcomes = {
                uid: "ineligible" if special and uid == first else "eligible" for uid in model.nominees
            }
            return payload, lambda: model.nominees.update(outcomes)
        if action == "sign" and isinstance(model, ref.Decision):
            chosen = {next(iter(model.lines))} if special and len(model.lines) > 1 else set()
            return {"strikes": dict.fromkeys(chosen, "Lý do")}, lambda: model.struck.update(chosen)
        return {
            "note": "Lý do",
            "code": "below_standard",
            "remarks": [{"nominee": "", "text": "Bổ sung"}],
        }, lambda: None

    def _settle(self, decision):
        for uid, file in decision.lines.items():
            file.nominees[uid] = "struck_out" if uid in decision.struck else "awarded"
        for file in {id(file): file for file in decision.lines.values()}.values():
            if not file.waiting:
                file.state = "closed"
                file.events += 1

    def _lapse(self, file):
        if file.state == "await_decision":
            file.state = "closed"
        elif file.state in ("draft", "sign_proposal"):
            file.state = "lapsed"
        else:
            return
        file.events += 1


def _run(examples: int, steps: int) -> None:
    quiet = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}
    run_state_machine_as_test(
        Journeys, settings=settings(max_examples=examples, stateful_step_count=steps, **quiet)
    )


def test_three_hundred_steps(db):
    _run(6, 50)


@pytest.mark.proof
def test_two_thousand_steps(db, pytestconfig):
    _run(pytestconfig.getoption("--steps") // 100, 100)
