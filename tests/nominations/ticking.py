"""Short ways for the tests of the clock: a file at a step on a day, and an act on a day."""

from datetime import date

from history import clock
from tests import world as w

DAY = date(2024, 11, 5)  # a Tuesday
ADMINISTRATOR = "programme_administrator@home"


def on(day, file, action, who, **payload):
    with clock.legal_day(day):
        w.act(file, action, who, **payload)
    file.refresh_from_db()


def to(day, world, state, file=None):
    with clock.legal_day(day):
        file = w.walk(world, file or w.complete_draft(world), state)
    file.refresh_from_db()
    return file
