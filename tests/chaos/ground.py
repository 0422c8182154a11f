"""What the load works on: the small world of the tests with files, decisions and drafts, and a session for each person."""

import time
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random

from tests.chaos.load import CLERK, OF_DECISIONS, OF_FILES

ASSIGNEES = {
    "body_head@district": ("reviewer@district",),
    "head_of_division@home": ("appraiser@home", "appraiser2@home"),
}
AN_HOUR = 3600  # nobody is asked again who they are while the chaos lasts


@dataclass
class Ground:
    """The streams to work on, by what happens to them; the session of each person; whom files are put into hands of."""

    files: list[str]
    decisions: list[str]
    drafts: list[str]
    cookies: dict[str, str]
    assignees: dict[str, list[str]]


def lay(files: int, decisions: int, drafts: int) -> Ground:
    """Make the world, with so many files at their first review, decisions just compiled, and drafts."""
    from django.core.management import call_command

    from demo.days import SESSION_KEY
    from history import clock
    from nominations import programmes
    from nominations.states import State
    from tests import world as w

    with clock.legal_day(w.D2024):
        world = w.build()
        call_command("load_programme", verbosity=0)
        window, by = world.round, world["programme_administrator@home"]
        many = {"collective": 1000, "individual": 1000}
        programmes.change_round(window, opens=window.opens, closes=window.closes, quotas=many, by=by)
        for who in (*chain(*ASSIGNEES.values()), "unit_head@commune", CLERK):
            world[who].email = f"{world[who].username}@example.org"
            world[who].save()
        people = {who for who, _action in (*OF_FILES, *OF_DECISIONS)} | {CLERK}
        return Ground(
            [w.walk(world, w.complete_draft(world), State.REVIEW).stream for _ in range(files)],
            [_decision(world, number) for number in range(decisions)],
            [w.complete_draft(world).stream for _ in range(drafts)],
            {who: _session(world[who], SESSION_KEY, w.D2024.isoformat()) for who in people},
            {by: [str(world[who].uid) for who in able] for by, able in ASSIGNEES.items()},
        )


def _decision(world, number: int) -> str:
    """A decision of one nominee."""
    from tests import world as w

    w.confirmed(world, nominees=[{"name": f"Trần Văn {number}"}])
    return w.decision(world).stream


def _session(officer, day_key: str, day: str) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from permissions.sessions import CONFIRMED, SEEN, SIGNED_IN

    session, now = SessionStore(), int(time.time())
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(officer.pk), officer.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "permissions.backends.PasswordBackend"
    session.update({day_key: day, SIGNED_IN: now, CONFIRMED: now + AN_HOUR, SEEN: now})
    session.save()
    return session.session_key


def meddle(broker: Path, random: Random) -> str:
    """Lose, double or reorder letters between the outbox and the worker; return what was done."""
    letters = [path for path in broker.iterdir() if path.suffix == ".msg"] if broker.exists() else []
    if not letters:
        return "nothing"
    letter = random.choice(letters)
    what = random.choice(("lost", "doubled", "moved"))
    try:
        if what == "lost":
            letter.unlink()
        elif what == "doubled":
            letter.with_name(f"0{letter.name}").write_bytes(letter.read_bytes())
        else:
            letter.rename(letter.with_name(f"9{letter.name}"))
    except FileNotFoundError:  # a worker was first
        return "nothing"
    return what
