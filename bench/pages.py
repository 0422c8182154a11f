"""Every page at 100,000 files and 1,000,000 events: statements, flat in the rows, and how long the server takes.

Sixteen people load a page a second each from the real web server, on the same machine; beside it a page of
nothing, the look of life, says what the machine itself costs.
"""

import contextlib
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from bench.running import options_of, running

FILES, EVENTS = 100_000, 1_000_000
PEOPLE = 16
SECONDS = 60
STATEMENTS = 12
ROOT = Path(__file__).parents[1]


def main() -> int:
    options = options_of(str(__doc__))
    with running():
        from django.conf import settings
        from django.core.management import call_command

        from bench.ground import MINE, province
        from bench.history import fill
        from bench.measuring import Report

        report = Report()
        files, events = max(int(FILES * options.scale), 2_000), max(int(EVENTS * options.scale), 2_000)
        with tempfile.TemporaryDirectory() as folder, province(files // 5) as ground:
            settings.LEDGER_KEY_FILE = Path(folder) / "key.pem"
            settings.LEDGER_WITNESS_FILE = Path(folder) / "witness.jsonl"
            settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
            call_command("collectstatic", verbosity=0, interactive=False)
            ground.grow(files - files // 5 - MINE)
            _names()
            fill(events)
            _indexed()
            pages = _pages(ground)
            report.say(f"{files:,} files, {events:,} events")
            _statements(report, pages)
            _times(report, pages, max(int(SECONDS * min(options.scale * 2, 1)), 5))
    return min(report.missed, 1)


def _names() -> None:
    """People of their own names, so that a search finds some and not all; files of ten years."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO nominations_round (programme_id, rule_set_id, year, opens, closes)"
            " SELECT r.programme_id, r.rule_set_id, y, r.opens, r.closes FROM nominations_round r, generate_series(2015, 2023) y"
            " WHERE r.year = 2024"
        )
        cursor.execute(
            "UPDATE nominations_nomination SET round_id = r.id FROM nominations_round r"
            " WHERE r.year = 2015 + mod(nominations_nomination.id, 10) AND holder_id IS NULL"
        )
        cursor.execute(
            "UPDATE nominations_nominee SET name = 'Nguyễn Văn ' || id, name_search = 'nguyen van ' || id"
        )
        cursor.execute("VACUUM ANALYZE")


def _indexed() -> None:
    """The index of the history as in earnest, where a clock keeps it up: the newest events are in it."""
    from audit import indexing
    from audit.models import Indexed
    from history.models import Leaf

    Indexed.objects.update(leaves=max(Leaf.objects.count() - 20_000, 0))
    indexing.catch_up()


def _pages(ground: Any) -> list[tuple[str, str, Any]]:
    """What is asked: name, address, by whom."""
    from django.urls import reverse

    from nominations.models import Nomination

    people = ground.readers
    clerk, reviewer, auditor = people["one unit"], people["50 units"], people["province-wide"]
    waiting = Nomination.objects.filter(unit__code__in=[f"C{n}" for n in range(1, 51)]).latest("pk")
    pages = []
    for name, who, more in (
        ("workflows:my_work", clerk, {}),
        ("workflows:my_work", reviewer, {}),
        ("nominations:list", clerk, {}),
        ("nominations:list", auditor, {}),
        ("nominations:list", reviewer, {"state": "review"}),
        ("nominations:list", auditor, {"q": "nguyen van 777"}),
        ("nominations:list", auditor, {"due": "late"}),
        ("nominations:find", reviewer, {"q": "nguyen van 777"}),
        ("nominations:find", auditor, {"q": "nguyen van 777"}),
        ("nominations:overview", reviewer, {}),
        ("nominations:overview", auditor, {}),
        ("workflows:batches", reviewer, {}),
        ("workflows:decisions", reviewer, {}),
        ("nominations:rounds", reviewer, {}),
        ("workflows:notices", reviewer, {}),
        ("workflows:preferences", reviewer, {}),
        ("workflows:guides", reviewer, {}),
        ("audit:desk", auditor, {}),
        ("nominations:awards", auditor, {}),
    ):
        address = reverse(name) + (f"?{urlencode(more)}" if more else "")
        if name == "workflows:guides":
            address = reverse("workflows:guide", kwargs={"name": "xet-duyet"})
        pages.append((f"{name.partition(':')[2]} ({who}{', filtered' if more else ''})", address, who))
    file = reverse("workflows:nomination", kwargs={"uid": waiting.uid})
    return [*pages, ("nomination (50 units)", file, reviewer)]


def _client(officer: Any) -> Any:
    """Somebody who has signed in."""
    from django.test import Client

    from permissions.sessions import CONFIRMED, SEEN, SIGNED_IN

    client, now = Client(), int(time.time())
    client.force_login(officer, backend="permissions.backends.PasswordBackend")
    session = client.session
    session.update({SIGNED_IN: now, CONFIRMED: now, SEEN: now})
    session.save()
    return client


def _statements(report: Any, pages: list[tuple[str, str, Any]]) -> None:
    from bench.measuring import statements

    for name, address, officer in pages:
        client = _client(officer)
        status = client.get(address).status_code
        asked = statements(lambda client=client, address=address: client.get(address))
        report.fact(f"{name}: answers {status}", status == 200)
        report.figure(f"{name}: statements", len(asked), "statements", STATEMENTS)


def _times(report: Any, pages: list[tuple[str, str, Any]], seconds: int) -> None:
    """Load pages as people do, and report the 95th percentile of each page."""
    cookies = {officer.pk: _client(officer).cookies["sessionid"].value for _n, _a, officer in pages}
    asked = [(name, address, cookies[officer.pk]) for name, address, officer in pages]
    with _server() as port:
        for _name, address, cookie in asked:
            _load(port, address, cookie)  # once before: what is made once is made
        times: dict[str, list[float]] = defaultdict(list)
        alive: list[float] = []
        until = time.monotonic() + seconds

        def person(number: int) -> None:
            dice = random.Random(number)  # noqa: S311 – the same walk each time
            time.sleep(dice.random())
            while time.monotonic() < until:
                begun = time.monotonic()
                name, address, cookie = dice.choice(asked)
                times[name].append(_load(port, address, cookie))
                time.sleep(max(0.0, 1 - (time.monotonic() - begun)))

        people = [threading.Thread(target=person, args=(number,)) for number in range(PEOPLE)]
        for one in people:
            one.start()
        while time.monotonic() < until:
            alive.append(_load(port, "/livez", ""))
            time.sleep(0.2)
        for one in people:
            one.join()
    report.say(f"{PEOPLE} people, a page a second each, {seconds} s; milliseconds at the 95th percentile")
    report.say(f"         a page of nothing: {_p95(alive):.1f} ms")
    for name, values in sorted(times.items(), key=lambda item: -_p95(item[1])):
        middle = statistics.median(values)
        report.figure(f"{name} (in the middle {middle:.0f} ms, {len(values)} times)", _p95(values), "ms", 100)


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)] if values else 0.0


def _load(port: int, address: str, cookie: str) -> float:
    """Ask for a page; return how many milliseconds the answer took."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    begun = time.perf_counter()
    line.request("GET", address, headers={"Cookie": f"sessionid={cookie}"} if cookie else {})
    answer = line.getresponse()
    answer.read()
    taken = (time.perf_counter() - begun) * 1000
    line.close()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    return taken


@contextlib.contextmanager
def _server() -> Iterator[int]:
    """The web server as it runs in earnest, on the benchmark's database."""
    from django.db import connection

    options = connection.settings_dict
    host = options["OPTIONS"].get("host") or options["HOST"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"postgresql://{options['USER'] or 'postgres'}@/{options['NAME']}?host={quote(host, safe='')}"
    settings = "bench.settings"
    environment = {
        **os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": settings, "PORT": str(port),
        "PUBLIC_PER_MINUTE": "100000", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}", "config.asgi"]  # fmt: skip
    with subprocess.Popen(  # noqa: S603 – our own server
        command, cwd=ROOT, env=environment
    ) as server:
        try:
            for _try in range(150):
                with contextlib.suppress(OSError):
                    _load(port, "/livez", "")
                    break
                time.sleep(0.2)
            yield port
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
