"""Nothing is learned from an event of a kind that belongs elsewhere, or that moves nothing: a file stands as it did."""

from dataclasses import replace
from random import Random

import pytest

from audit import asof, standing
from audit.replay import replay
from history.facts import in_order
from history.report import Report
from nominations.models import AwardDecision, Nomination
from tests.audit.campaigns import crimes_kinds
from tests.audit.campaigns.attacker import rolled_back
from tests.audit.campaigns.insider import Insider, lawful

STRANGERS = (crimes_kinds.closed_by_a_letter, crimes_kinds.of_a_kind_from_elsewhere)
BESIDE = (
    crimes_kinds.signed_by_keeping_away, crimes_kinds.moved_by_keeping_away, crimes_kinds.moved_by_a_document,
)  # fmt: skip
LAWS = (crimes_kinds.law_laid_down_by_a_reading, crimes_kinds.rules_of_another_stream)


@pytest.fixture(scope="module")
def next_acts(honest):
    return lawful(honest)


@pytest.fixture
def insider(honest, next_acts, seed):
    return Insider(honest, Random(seed), next_acts)


@pytest.fixture
def seed(request) -> int:
    return request.config.getoption("--hypothesis-seed")


def led(stream: str) -> dict:
    """Where the events of a file lead to, but for who keeps away from it."""
    found = asof.snapshot(asof.at(stream).file)
    del found["recused"]
    return found


def faults() -> list[str]:
    report = Report()
    standing.check(report)
    return [fault.where for fault in report.faults]


@pytest.mark.parametrize("crime", [*STRANGERS, *BESIDE])
def test_a_file_stands_as_it_did(insider, crime):
    stood = {subject.stream: led(subject.stream) for subject in (*_all(Nomination), *_all(AwardDecision))}
    for _ in range(6):
        with rolled_back():
            name = crime(insider)
            assert {stream: led(stream) for stream in stood} == stood, name


def _all(model):
    return model.objects.order_by("pk")


@pytest.mark.parametrize("crime", [*STRANGERS, *LAWS])
def test_the_tables_are_not_compared_with_it_and_it_is_named(insider, crime):
    assert faults() == []
    with rolled_back():
        name = crime(insider)
        assert faults() == [name]


def test_a_forged_signature_gives_no_decision_its_signer(honest, insider):
    """Whoever also writes the signer into the tables stands there against the ledger."""
    with rolled_back():
        name = crimes_kinds.signed_by_keeping_away(insider)
        stream = name.split()[0]
        AwardDecision.objects.filter(uid=stream.partition(":")[2]).update(
            signed_by_name=insider.lawful["sign"].text["actor"]
        )
        assert stream in faults()


def test_a_forged_end_ends_no_file(honest, insider):
    """So does whoever also closes the file in the tables."""
    with rolled_back():
        name = crimes_kinds.closed_by_a_letter(insider)
        stream = name.split()[0]
        Nomination.objects.filter(uid=stream.partition(":")[2]).update(state="closed", holder=None)
        found = faults()
    assert name in found and len(found) > 1


@pytest.mark.parametrize(
    "more", [{"holder": "AG.SYT"}, {"unit": "AG.SYT"}, {"version": 7}], ids=lambda more: next(iter(more))
)
def test_what_follows_from_a_publication_changes_nothing_by_the_way(honest, more):
    facts = list(in_order())
    closed = next(fact for fact in facts if fact.kind == "nomination.closed")
    forged = replace(closed, data={**closed.data, "after": {**closed.after, **more}})
    found = replay([forged if fact == closed else fact for fact in facts], walked=True)
    assert [item.event for item in found.illegal] == [closed.name]


@pytest.mark.parametrize(
    "more", [{"kind": "nomination.acted"}, {"automatic": False}, {"content_digest": "0" * 64}]
)
def test_an_end_that_follows_is_called_so_and_freezes_nothing(honest, more):
    facts = list(in_order())
    closed = next(fact for fact in facts if fact.kind == "nomination.closed")
    found = replay([replace(closed, **more) if fact == closed else fact for fact in facts], walked=True)
    assert [item.event for item in found.illegal] == [closed.name]
