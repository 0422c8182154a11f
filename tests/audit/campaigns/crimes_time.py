"""Illegal acts that pass for done by the end of a time limit: by a person, too early, or where no limit says so."""

from dataclasses import replace

from tests.audit.campaigns.alone import NOT_OVER, OVER, deemed
from tests.audit.campaigns.insider import Insider, uid


def by_a_person(i: Insider) -> str:
    *before, act = deemed(i)
    person = i.lawful["forward"]
    return i.write(*before, replace(act, actor=person.actor, post=person.post))


def before_the_time_was_over(i: Insider) -> str:
    return i.write(*deemed(i, due=NOT_OVER))


def of_another_due_day(i: Insider) -> str:
    """It is not over, and the event says that it was."""
    *before, act = deemed(i, due=NOT_OVER)
    told = {**act.data["deemed"], "due": OVER}
    return i.write(*before, replace(act, data={**act.data, "deemed": told}))


def without_a_limit(i: Insider) -> str:
    account, post, _limit, calendar, act = deemed(i)
    return i.write(account, post, calendar, act)


def by_a_limit_that_says_otherwise(i: Insider) -> str:
    other = i.random.choice(
        ({"at_expiry": "escalate"}, {"by": uid()}, {"step": "intake"}, {"from": "2025-01-01"})
    )
    return i.write(*deemed(i, **other))


def what_never_counts_as_done(i: Insider) -> str:
    return i.write(*deemed(i, i.random.choice(("endorse", "confirm", "reject", "return"))))


def of_its_own_accord(i: Insider) -> str:
    """The system's own account does what a person does, and says so."""
    *before, act = deemed(i)
    data = {name: value for name, value in act.data.items() if name != "deemed"}
    return i.write(*before, replace(act, data=data, automatic=False))


def called_a_persons_act(i: Insider) -> str:
    *before, act = deemed(i)
    return i.write(*before, replace(act, automatic=False))
