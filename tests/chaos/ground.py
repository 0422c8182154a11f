"""What the load works on: the small world of the tests with files at their first review, and a session for each person."""

import time
from pathlib import Path
from random import Random

from tests.chaos.load import WAY

ASSIGNEES = ("appraiser@home", "appraiser2@home")


def lay(files: int) -> tuple[list[str], dict[str, str], list[str]]:
    """Make the world; return the files, the session of each person by name, and whom files are put into hands of."""
    from django.core.management import call_command

    from demo.days import SESSION_KEY
    from history import clock
    from nominations.states import State
    from tests import world as w

    with clock.legal_day(w.D2024):
        world = w.build()
        call_command("load_programme", verbosity=0)
        for who in (*ASSIGNEES, "unit_head@commune"):
            world[who].email = f"{world[who].username}@example.org"
            world[who].save()
        found = [w.walk(world, w.complete_draft(world), State.REVIEW) for _ in range(files)]
        people = {who for who, _action in WAY}
        cookies = {who: _session(world[who], SESSION_KEY, w.D2024.isoformat()) for who in people}
    return [str(file.uid) for file in found], cookies, [str(world[who].uid) for who in ASSIGNEES]


def _session(officer, day_key: str, day: str) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from permissions.sessions import CONFIRMED, SEEN, SIGNED_IN

    session, now = SessionStore(), int(time.time())
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(officer.pk), officer.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "permissions.backends.PasswordBackend"
    session.update({day_key: day, SIGNED_IN: now, CONFIRMED: now, SEEN: now})
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
