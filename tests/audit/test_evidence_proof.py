"""Honest bundles, no false alarm: many subjects in many states, each checked by the very file that goes out."""

import importlib.util
import random
from datetime import timedelta

import pytest

from audit import erasing
from audit.evidence import offline
from audit.evidence.choosing import EVERYTHING
from history import checkpoints, keys, ledger
from nominations.models import Quota
from nominations.states import DecisionState, State
from permissions import delegations
from tests import world as w
from tests.audit import bundles
from tests.workflows.ways import REMARK

pytestmark = pytest.mark.usefixtures("in_2024")
UNITS = ("commune", "commune2", "school", "station", "base", "department", "agency", "front", "district")


@pytest.fixture
def verify(tmp_path):
    """`verify` out of `verify.py` as it goes out, asked about bytes."""
    path = tmp_path / "verify_alone.py"
    path.write_text(offline.source(), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("verify_alone", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def ask(data):
        (tmp_path / "honest.zip").write_bytes(data)
        return module.verify(str(tmp_path / "honest.zip"))[0]

    return ask


class Year:
    """A year's work, one chance happening after the other."""

    def __init__(self, world, dice, commit):
        self.world, self.dice, self.commit = world, dice, commit
        self.files, self.decisions, self.lent = [], [], False
        Quota.objects.filter(round=world.round).update(count=400)

    def happen(self):
        what = self.dice.choices(
            (
                self.begin,
                self.go_on,
                self.turn_back,
                self.decide,
                self.erase,
                self.lend,
                self.sign,
                self.rotate,
            ),
            (3, 10, 2, 2, 1, 0.3, 1, 0.1),
        )[0]
        what()

    def begin(self):
        if len(self.files) < 40:
            self.files.append(bundles.draft(self.world, self.dice.choice(UNITS), self.dice.randint(1, 3)))

    def go_on(self):
        """The next step of something that is open."""
        subject = self.dice.choice([*self.files, *self.decisions] or [None])
        if subject is None:
            return self.begin()
        subject.refresh_from_db()
        if subject.state in w.WAY:
            action = w.WAY[subject.state][0]
            payload = w.appraisal(self.world, subject) if action == "conclude" else {}
            officer = self.world.walker(subject)
            if (
                self.lent
                and subject.state == State.SIGN_PROPOSAL
                and officer == self.world["unit_head@commune"]
            ):
                officer = self.world["clerk2@commune"]
            w.tick(subject, officer)
            w.act(subject, action, officer, **payload)

    def turn_back(self):
        """What waits at the body or for confirmation goes back with a remark."""
        for file in self.files:
            action = {State.REVIEW: "return", State.CONFIRM: "send_back"}.get(file.state)
            if action:
                w.act(file, action, self.world.walker(file), **REMARK)
                return

    def decide(self):
        for file in self.files:
            file.refresh_from_db()
        drafting = any(decision.state == DecisionState.COMPILE for decision in self.decisions)
        if not drafting and any(file.state == State.AWAIT_DECISION for file in self.files):
            on_lists = {line.nominee_id for d in self.decisions for line in d.lines.filter(live=True)}
            if any(
                file.state == State.AWAIT_DECISION
                and not on_lists & set(file.nominees.values_list("pk", flat=True))
                for file in self.files
            ):
                self.decisions.append(w.decision(self.world))

    def erase(self):
        if self.files:
            events = ledger.of_stream(self.dice.choice(self.files).stream)
            event, text = self.dice.choice(events)
            if text:
                erasing.erase(event.stream, event.sequence, basis="Quyết định 12/QĐ", by="console")

    def lend(self):
        post = self.world.post("unit_head@commune")
        delegations.give(
            post, self.world.post("clerk2@commune"), ["sign_proposal"], valid_from=w.D2024,
            valid_to=w.D2024 + timedelta(days=5), reason="Đi học", document="GUQ", by=post.officer,
        )  # fmt: skip
        self.lent = True

    def sign(self):
        checkpoints.make(always=True)

    def rotate(self):
        checkpoints.make()
        with self.commit(execute=True):
            keys.rotate(by="console")


def campaign(world, verify, commit, count):
    """Make `count` bundles while a year goes on; return how many of which kind, and the events proven."""
    dice = random.Random(20241105)
    year, made, events = Year(world, dice, commit), {"nomination": 0, "decision": 0, "all": 0}, 0
    while sum(made.values()) < count:
        if dice.random() < 0.6:
            year.happen()
        if not year.files:
            continue
        row = dice.choices(
            (dice.choice(year.files), dice.choice(year.decisions or year.files), EVERYTHING), (6, 3, 0.4)
        )[0]
        verdict = verify(bundles.bundle(row, attachments=dice.random() < 0.6))
        assert verdict.faults == [], (row, verdict.faults[:3])
        made[verdict.subject["about"]] += 1
        events += verdict.events
    return made, events


def test_honest_bundles_are_sound(world, verify, django_capture_on_commit_callbacks):
    made, _events = campaign(world, verify, django_capture_on_commit_callbacks, 40)
    assert sum(made.values()) == 40


@pytest.mark.proof
def test_honest_bundles_raise_no_false_alarm(
    world, verify, django_capture_on_commit_callbacks, record_property, capsys
):
    made, events = campaign(world, verify, django_capture_on_commit_callbacks, 1_000)
    record_property("bundles", sum(made.values()))
    with capsys.disabled():
        print(
            f"\nevidence: {sum(made.values())} honest bundles ({made}), {events} events, 0 false alarms",
            end="",
        )
    assert min(made.values()) > 20
