"""Eight appraisers conclude one file at once: one wins, the others hear at once who it was."""

import statistics
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from viewflow.workflow.models import Task

from history.models import Event
from nominations.content import seen_digest
from nominations.models import Handling
from nominations.states import State
from permissions import grants
from permissions.models import Officer
from tests import world as w
from tests.races.contest import CONTESTANTS, ROUNDS, Result, contest
from workflows import engine
from workflows.errors import StaleState

TOLD_WITHIN = (
    1.5  # seconds after the winner: half of the time for which the lock is waited for, on any machine
)


@pytest.fixture
def appraisers(world, in_2024) -> list[Officer]:
    people = []
    for number in range(CONTESTANTS):
        officer = Officer.objects.create_user(f"racer{number}", f"Lê Thị Thi {number}")
        grants.appoint(
            officer,
            "appraiser",
            world.units["home"],
            position="Chuyên viên",
            document="QĐ",
            valid_from=w.OLD,
        )
        people.append(officer)
    return people


@pytest.fixture
def nomination(world, in_2024):
    return w.walk(world, w.complete_draft(world), State.APPRAISE)


def _back(world, nomination) -> None:
    w.act(nomination, "send_back", world["head_of_division@home"], remarks=[{"text": "Thẩm định lại"}])
    w.tick(nomination, world["appraiser@home"])


def _counts(nomination) -> tuple[int, int, int]:
    return (
        Event.objects.filter(stream=nomination.stream).count(),
        Handling.objects.filter(nomination=nomination).count(),
        Task.objects.filter(process=nomination.process, finished=None).count(),
    )


def _delays(results: list[Result], winner: Result) -> list[float]:
    return [result.ended - winner.ended for result in results if result is not winner]


def test_by_the_engine(world, appraisers, nomination):
    delays: list[float] = []
    for _round in range(ROUNDS):
        nomination.refresh_from_db()
        task, seen = engine.task_of(nomination), seen_digest(nomination)
        payload = w.appraisal(world, nomination)
        before = _counts(nomination)
        results = contest(
            w.D2024,
            [
                partial(engine.act, task, "conclude", actor=officer, payload=payload, seen=seen)
                for officer in appraisers
            ],
        )
        winners = [result for result in results if not isinstance(result.answer, Exception)]
        assert len(winners) == 1
        name = appraisers[winners[0].number].full_name
        losers = [result.answer for result in results if result is not winners[0]]
        assert all(isinstance(answer, StaleState) and answer.who == name for answer in losers)
        assert _counts(nomination) == (before[0] + 1, before[1] + 1, 1)
        delays += _delays(results, winners[0])
        _back(world, nomination)
    assert statistics.median(delays) < TOLD_WITHIN


def test_by_http(world, appraisers, nomination):
    delays: list[float] = []
    for _round in range(ROUNDS // 3):  # the engine's own contest has them all
        nomination.refresh_from_db()
        before = _counts(nomination)
        data = {
            "task": engine.task_of(nomination).pk,
            "seen": seen_digest(nomination),
            "action": "conclude",
            **_fields(w.appraisal(world, nomination)),
        }
        url = reverse("workflows:act_nomination", kwargs={"uid": nomination.uid})
        results = contest(w.D2024, [partial(_client(officer).post, url, data) for officer in appraisers])
        codes = [result.answer.status_code for result in results]
        assert sorted(codes) == [302] + [409] * (CONTESTANTS - 1)
        winner = next(result for result in results if result.answer.status_code == 302)
        name = appraisers[winner.number].full_name
        assert all(name in r.answer.content.decode() for r in results if r is not winner)
        assert _counts(nomination) == (before[0] + 1, before[1] + 1, 1)
        delays += _delays(results, winner)
        _back(world, nomination)
    assert statistics.median(delays) < TOLD_WITHIN


def _client(officer: Officer) -> Client:
    """Signed in on a demo day, so that the request walks the same legal day."""
    client = Client()
    client.force_login(officer, backend="permissions.backends.PasswordBackend")
    session = client.session
    session["demo_day"] = w.D2024.isoformat()
    session.save()
    return client


def _fields(payload) -> dict[str, str]:
    fields: dict[str, object] = {"nominee": list(payload["nominees"])}
    for uid, conclusion in payload["nominees"].items():
        fields[f"assessment-{uid}"] = conclusion["assessment"]
        fields |= {f"points-{uid}-{code}": points for code, points in conclusion["points"].items()}
    return fields
