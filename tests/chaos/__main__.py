"""Kill the system again and again while people work, then see whether anything is lost, doubled or half done."""

import argparse
import contextlib
import os
import secrets
import sys
import tempfile
import threading
import time
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos import checker, ground, post_office, slow_clients, spoiling
from tests.chaos.load import CLERK, Draft, Site, Walk, work
from tests.chaos.noting import Noted
from tests.chaos.system import System, drawn
from tests.chaos.times import Times
from tests.processes import free_port, redis_server

READY_WITHIN = 10  # seconds
DRAFTS = 3
SESSIONS = 2 * 4 + 8  # of the database: the threads of two web processes; worker, verifier, beat and ours


def main() -> int:
    arguments = argparse.ArgumentParser(description=str(__doc__))
    arguments.add_argument("--kills", type=int, default=60)
    arguments.add_argument("--away", type=int, default=60, help="seconds for which the database is stopped")
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    arguments.add_argument("--pause", type=float, default=1.5, help="seconds of work between two kills")
    arguments.add_argument("--redis", action="store_true", help="with a Redis server as the broker")
    arguments.add_argument("--smtp", action="store_true", help="with a mail server, not the demo's mailbox")
    arguments.add_argument(
        "--spoil", action="store_true", help="break things one by one after checking: each must be found"
    )
    arguments.add_argument("--slow", type=int, default=200, help="slow clients of each kind before the kills")
    options = arguments.parse_args()
    _say(f"seed {options.seed}, {options.kills} kills")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        return _run(Path(folder), options, stack)


def _run(var: Path, options: Any, stack: contextlib.ExitStack) -> int:
    port = free_port()
    for name in ("DATABASE_URL", "TESTING", "LEGAL_TODAY", "TESTS_OWN_SERVER", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    os.environ |= {"VAR_DIR": str(var), "PORT": str(port), "DEMO": "1", "LOG_LEVEL": "WARNING"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "WEB_CONCURRENCY": "2"}
    var.chmod(0o755)  # the database's own user passes through it
    letters = stack.enter_context(post_office.opened(smtp=options.smtp))
    if options.redis:
        os.environ["CELERY_BROKER_URL"] = stack.enter_context(redis_server(var))
    system, random, noted = System(var, port), Random(options.seed), Noted()
    system.start_database()
    try:
        laid = _prepare(var, options.kills)
        system.start()
        slow = _slow_clients(options.slow, laid, port)
        people, stop = _at_work(laid, Site(port, laid.cookies, laid.assignees), noted)
        slow += _kill(system, options, random, var)
        if options.away and not _away(system, options.away, noted):
            slow.append("nobody was at work any more while the database was away")
        stop.set()
        for person in people:
            person.join(60)
        return _judge(noted, laid, slow, letters, options.spoil)
    finally:
        system.stop()


def _prepare(var: Path, kills: int) -> ground.Ground:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    for name in ("broker", "broker-control", "media"):
        (var / name).mkdir(mode=0o700, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    laid = ground.lay(kills // 2 + 10, kills // 4 + 4, DRAFTS)  # more than can be done meanwhile
    connections.close_all()
    return laid


def _at_work(laid: ground.Ground, site: Site, noted: Noted) -> tuple[list[threading.Thread], threading.Event]:
    """Two take files along, one decisions, one writes at drafts."""
    stop = threading.Event()
    files = [Walk(stream, site, noted) for stream in laid.files]
    decisions = [Walk(stream, site, noted) for stream in laid.decisions]
    drafts = [Draft(stream, site, noted) for stream in laid.drafts]
    people = [
        threading.Thread(target=work, args=(share, stop), daemon=True)
        for share in (files[::2], files[1::2], decisions, drafts)
    ]
    for person in people:
        person.start()
    return people, stop


def _slow_clients(count: int, laid: ground.Ground, port: int) -> list[str]:
    """Hold connections of each kind; return what a page suffered by it."""
    from django.db import connection

    def sessions() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return int(cursor.fetchone()[0])

    cookie = f"sessionid={laid.cookies[CLERK]}"
    try:
        return slow_clients.faults(
            port, "/", cookie, count=count, times=40, sessions=sessions, most=SESSIONS, say=_say
        )
    finally:
        connection.close()


def _kill(system: System, options: Any, random: Random, var: Path) -> list[str]:
    """Kill so many times; return what took longer than allowed to be ready again."""
    times, meddled = Times(READY_WITHIN), 0
    for number, kind in enumerate(drawn(random, options.kills)):
        until = time.monotonic() + random.uniform(0.2, 2) * options.pause
        while time.monotonic() < until:
            meddled += ground.meddle(var / "broker", random) != "nothing"
            time.sleep(0.2)
        gone, begun = system.kill(random, kind)
        times.note(kind, system.seconds_to_ready(READY_WITHIN * 6, begun, gone))
        _say(f"{number + 1:4} {times.last}")
    _say(f"letters between outbox and worker meddled with: {meddled}")
    _say(times.table())
    return times.faults()


def _away(system: System, seconds: int, noted: Noted) -> bool:
    """Stop the database for a while, and see it come back; whether anybody met the page that says so."""
    before = noted.refused[503]
    system.stop_database()
    time.sleep(seconds)
    system.start_database()
    found = system.seconds_to_ready(READY_WITHIN * 6)
    refused = noted.refused[503] - before
    _say(f"database away for {seconds} s: {refused} times a page said so; ready again in {found} s")
    return refused > 0 and found is not None


def _judge(
    noted: Noted, laid: ground.Ground, slow: list[str], letters: post_office.Letters, spoil: bool
) -> int:
    streams = [*laid.files, *laid.decisions]
    settled = checker.settle(420)  # a busy mail server and a few kills let a letter rest for minutes
    found = slow + ([] if settled else ["the outbox was not empty in time"])
    found += checker.faults(noted, streams, letters())
    acts, unknown = noted.acknowledged.total(), noted.unknown.total()
    _say(f"{acts} acts and {noted.saved} texts acknowledged, {unknown} acts of which nobody can say")
    _say(
        f"refused: {dict(noted.refused)}; {noted.away} answered by the page of 503, {noted.kept} with what was typed"
    )
    _say(f"letters that left: {len(letters())}")
    if noted.kept != noted.away:
        found.append("a page of 503 lost what was typed")
    if spoil:
        found += spoiling.unseen(lambda: checker.faults(noted, streams, letters()))
    for fault in found[:50]:
        _say(f"FAULT {fault}")
    _say(f"faults: {len(found)}")
    return 1 if found or not acts or not noted.saved else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
