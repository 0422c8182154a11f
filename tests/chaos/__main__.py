"""Kill the system again and again while people work, then see whether anything is lost, doubled or half done."""

import argparse
import os
import secrets
import socket
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos import checker, ground
from tests.chaos.load import Noted, Walk, work
from tests.chaos.system import System

READY_WITHIN = 10  # seconds
WORKERS = 3  # people at work at once


def main() -> int:
    arguments = argparse.ArgumentParser(description=str(__doc__))
    arguments.add_argument("--kills", type=int, default=60)
    arguments.add_argument("--away", type=int, default=60, help="seconds for which the database is stopped")
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    arguments.add_argument("--pause", type=float, default=2.0, help="seconds of work between two kills")
    arguments.add_argument(
        "--spoil", action="store_true", help="break something before checking: it must be found"
    )
    options = arguments.parse_args()
    _say(f"seed {options.seed}, {options.kills} kills")
    with tempfile.TemporaryDirectory() as folder:
        return _run(Path(folder), options)


def _run(var: Path, options: Any) -> int:
    port = _free_port()
    for name in ("DATABASE_URL", "TESTING", "LEGAL_TODAY", "TESTS_OWN_SERVER", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    os.environ |= {"VAR_DIR": str(var), "PORT": str(port), "DEMO": "1", "LOG_LEVEL": "WARNING"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "WEB_CONCURRENCY": "2"}
    var.chmod(0o755)  # the database's own user passes through it
    system, random, noted = System(var, port), Random(options.seed), Noted()
    system.start_database()
    try:
        files, cookies, assignees = _prepare(var, max(options.kills * 3, 12))
        system.start()
        walks = [Walk(uid, cookies, assignees, port, noted) for uid in files]
        stop = threading.Event()
        people = [
            threading.Thread(target=work, args=(walks[n::WORKERS], stop), daemon=True) for n in range(WORKERS)
        ]
        for person in people:
            person.start()
        slow = _kill(system, options, random, var)
        if options.away and not _away(system, options.away, noted):
            slow.append("nobody was at work any more while the database was away")
        stop.set()
        for person in people:
            person.join(60)
        return _judge(system, noted, files, slow, options.spoil)
    finally:
        system.stop()


def _prepare(var: Path, files: int) -> tuple[list[str], dict[str, str], list[str]]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    for name in ("broker", "broker-control", "media"):
        (var / name).mkdir(mode=0o700, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    found = ground.lay(files)
    connections.close_all()
    return found


def _kill(system: System, options: Any, random: Random, var: Path) -> list[str]:
    """Kill so many times; return what took longer than allowed to be ready again."""
    times, slow, meddled = [], [], 0
    for number in range(options.kills):
        until = time.monotonic() + random.uniform(0.2, 2) * options.pause
        while time.monotonic() < until:
            meddled += ground.meddle(var / "broker", random) != "nothing"
            time.sleep(0.2)
        what, begun = system.kill(random, number)
        seconds = system.seconds_to_ready(READY_WITHIN * 6, begun)
        if seconds is None or seconds > READY_WITHIN:
            slow.append(f"{what} killed: ready again after {seconds} s")
        times.append(seconds or READY_WITHIN * 6)
        _say(f"{number + 1:4} {what}: ready again in {times[-1]:.2f} s")
    if times:
        worst = f"{statistics.median(times):.2f} s in the middle, {max(times):.2f} s at worst"
        _say(f"{len(times)} kills; ready again in {worst}; letters meddled with: {meddled}")
    return slow


def _away(system: System, seconds: int, noted: Noted) -> bool:
    """Stop the database for a while, and see it come back; whether anybody met the page that says so."""
    before = noted.refused[503]
    system.stop_database()
    time.sleep(seconds)
    system.start_database()
    found = system.seconds_to_ready(READY_WITHIN * 6)
    refused = noted.refused[503] - before
    _say(f"database away for {seconds} s: {refused} times a page said so; ready again in {found} s")
    return refused > 0


def _judge(system: System, noted: Noted, files: list[str], slow: list[str], spoil: bool) -> int:
    settled = checker.settle(240)
    if spoil:
        _spoil()
    found = slow + ([] if settled else ["the outbox was not empty in time"]) + checker.faults(noted, files)
    acts, unknown = noted.acknowledged.total(), noted.unknown.total()
    _say(f"{acts} acts acknowledged, {unknown} of which nobody can say, refused: {dict(noted.refused)}")
    _say(f"{noted.away} acts answered by the page of 503, {noted.kept} with what was typed")
    if noted.kept != noted.away:
        found.append("a page of 503 lost what was typed")
    for fault in found[:50]:
        _say(f"FAULT {fault}")
    _say(f"faults: {len(found)}")
    return 1 if found or not acts else 0


def _spoil() -> None:
    """Lose the handling of an act, as a careless system would."""
    from nominations.models import Handling

    Handling.objects.filter(action="submit").order_by("pk")[:1].get().delete()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
