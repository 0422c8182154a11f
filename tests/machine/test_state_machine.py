"""Random people do legal and illegal things to both flows; the reference knows what must come of it."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.machine import holds
from tests.machine.journeys import Country

SEED = st.integers(0, 2**32 - 1)
SEVERAL = st.lists(SEED, min_size=2, max_size=8)


class Journeys(RuleBasedStateMachine):
    """Both flows against the reference; every step is followed by every invariant."""

    def __init__(self):
        super().__init__()
        self.country = Country()
        self.steps = 0

    def teardown(self):
        try:
            holds.nobody_waits_unnamed(self.country)
        finally:
            self.country.close()

    # what people do

    @initialize(seed=SEED, reform=st.booleans())
    def some_files_are_far(self, seed, reform):
        """Two files wait for the decision already and one is on its way: the far end is reached too."""
        self.reform_comes = reform
        self.country.begin(seed)

    @precondition(lambda self: len(self.country.open_files()) < 6)
    @rule(seed=SEED)
    def open_file(self, seed):
        self.country.open_file(seed)

    @rule(seeds=SEVERAL)
    def act_legally(self, seeds):
        """What the reference allows, the ordinary way on more often than a way back."""
        for seed in seeds:
            self.country.act_legally(seed)

    @rule(seeds=SEVERAL)
    def act_onward(self, seeds):
        for seed in seeds:
            self.country.act_legally(seed, onward=True)

    @rule(seeds=SEVERAL)
    def act_rarely(self, seeds):
        """The ways walked least."""
        for seed in seeds:
            self.country.act_legally(seed, rarely=True)

    @rule(seeds=SEVERAL)
    def act_anyhow(self, seeds):
        """Anybody, anything: most of it must be refused and leave no trace."""
        for seed in seeds:
            self.country.act_anyhow(seed)

    @rule(seeds=SEVERAL)
    def open_pages(self, seeds):
        for seed in seeds:
            self.country.open_page(seed)

    @rule(seeds=SEVERAL)
    def tick_off(self, seeds):
        for seed in seeds:
            self.country.tick_off(seed)

    @rule(seed=SEED)
    def open_decision(self, seed):
        self.country.open_decision(seed)

    @precondition(lambda self: self.country.ends < 4)
    @rule(seed=SEED)
    def a_post_ends(self, seed):
        self.country.end_post(seed)

    @precondition(lambda self: self.country.gaps())
    @rule(seed=SEED)
    def somebody_is_appointed(self, seed):
        self.country.fill_gap(seed)

    @precondition(lambda self: self.reform_comes and self.steps > 20 and not self.country.land.reformed)
    @rule()
    def districts_end(self):
        self.country.reform()

    @precondition(lambda self: any(d.state == "published" for _s, d in self.country.decisions))
    @rule(seed=SEED)
    def close_round(self, seed):
        self.country.close_round(seed)

    # what must hold

    @invariant()
    def what_must_hold(self):
        self.steps += 1
        holds.check(self.country)


def _run(examples: int, steps: int, *phases: Phase) -> None:
    quiet = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}
    phases = (Phase.explicit, Phase.reuse, Phase.generate, *phases)
    run_state_machine_as_test(
        Journeys, settings=settings(max_examples=examples, stateful_step_count=steps, phases=phases, **quiet)
    )


def test_three_hundred_steps(db):
    _run(3, 100)


@pytest.mark.proof
def test_two_thousand_steps(db, pytestconfig):
    _run(pytestconfig.getoption("--steps") // 100, 100, Phase.shrink)
