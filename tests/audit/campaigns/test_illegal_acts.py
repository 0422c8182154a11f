"""Acts that the law did not allow, written straight into the ledger with everything right but the act: replay finds all."""

from itertools import cycle, islice
from random import Random

import pytest

from audit.replay import replay
from tests.audit.campaigns import (
    alone,
    crimes_decisions,
    crimes_files,
    crimes_kinds,
    crimes_offices,
    crimes_time,
    crimes_who,
    insider,
)
from tests.audit.campaigns.attacker import rolled_back
from tests.audit.campaigns.insider import Insider, lawful

# Each writes an event that the law did not allow, and returns the name by which it must be found.
CRIMES = {
    name: crime
    for module in (crimes_who, crimes_files, crimes_decisions, crimes_kinds, crimes_offices, crimes_time)
    for name, crime in vars(module).items()
    if getattr(crime, "__module__", "") == module.__name__ and not name.startswith("_")
}


@pytest.fixture(scope="module")
def next_acts(honest):
    """What the system itself would write next."""
    return lawful(honest)


@pytest.fixture
def seed(request) -> int:
    return request.config.getoption("--hypothesis-seed")


def judge(honest, next_acts, crime, seed: str) -> str:
    """Commit one; return "" when the replay found exactly it, else what it found."""
    with rolled_back():
        name = crime(Insider(honest, Random(seed), next_acts))
        found = replay(walked=True).illegal
    if [item.event for item in found] == [name]:
        return ""
    return f"{name} was not the only one found: {[str(item) for item in found]}"


def campaign(honest, next_acts, count: int, seed: int) -> None:
    wrong = {}
    for number, (name, crime) in enumerate(islice(cycle(sorted(CRIMES.items())), count)):
        problem = judge(honest, next_acts, crime, f"{seed} {number}")
        if problem:
            wrong[f"{name} ({seed} {number})"] = problem
    print(f"\n{count} illegal acts of {len(CRIMES)} kinds, {count - len(wrong)} found")
    assert not wrong, "\n".join(f"{name}: {problem}" for name, problem in wrong.items())


def test_the_honest_history_holds_no_illegal_act(honest):
    assert replay(walked=True).illegal == []


def test_the_same_entries_unchanged_are_legal(honest, next_acts):
    """What makes the acts below illegal is what was changed in them."""
    wrong = {}
    for name in next_acts:
        with rolled_back():
            for step in (*insider.BEFORE.get(name, ()), name):
                insider.record(next_acts[step])
            found = replay(walked=True).illegal
        if found:
            wrong[name] = [str(item) for item in found]
    assert wrong == {}


def test_what_counts_as_done_by_the_end_of_its_time_is_legal(honest, next_acts):
    with rolled_back():
        Insider(honest, Random(1), next_acts).write(*alone.deemed(Insider(honest, Random(1), next_acts)))
        assert [str(item) for item in replay(walked=True).illegal] == []


def test_every_kind_of_illegal_act_is_found(honest, next_acts, seed):
    campaign(honest, next_acts, len(CRIMES), seed)


@pytest.mark.proof
def test_five_hundred_illegal_acts_are_found(honest, next_acts, seed):
    campaign(honest, next_acts, 500, seed)
