"""Random people do legal and illegal things to both flows; the reference knows what must come of it."""

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.machine import happenings, holds
from tests.machine.journeys import Country

SEED = st.integers(0, 2**32 - 1)


class Journeys(RuleBasedStateMachine):
    """Both flows against the reference; every step is followed by every invariant."""

    def __init__(self):
        super().__init__()
        self.country = Country()
        self.steps = 0

    def teardown(self):
        try:
            holds.nobody_waits_unnamed(self.country)
            holds.everything_was_legal(self.country)
        finally:
            self.country.close()

    @initialize(seed=SEED)
    def some_files_are_far(self, seed):
        happenings.begin(self.country, Random(seed))

    @rule(seed=SEED)
    def something_happens(self, seed):
        """The seed is Hypothesis's; what is the same seed at another step is something else."""
        self.steps += 1
        happenings.happen(self.country, Random(f"{seed} {self.steps}"))

    @invariant()
    def what_must_hold(self):
        holds.check(self.country)


def _run(examples: int, steps: int, *phases: Phase) -> None:
    quiet = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}
    phases = (Phase.explicit, Phase.reuse, Phase.generate, *phases)
    run_state_machine_as_test(
        Journeys, settings=settings(max_examples=examples, stateful_step_count=steps, phases=phases, **quiet)
    )


def test_two_hundred_steps(db):
    _run(2, 100)


@pytest.mark.proof
def test_two_thousand_steps(db, pytestconfig):
    _run(pytestconfig.getoption("--steps") // 200, 200, Phase.shrink)
