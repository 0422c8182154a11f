"""What must hold when the dust has settled: every act that was acknowledged is there once, whole, and was told of."""

import time
from collections import Counter

from tests.chaos.load import Noted


def settle(patience: float) -> bool:
    """Wait until every message of the outbox is delivered; whether it was in time."""
    from workflows.models import OutboxMessage

    until = time.monotonic() + patience
    while time.monotonic() < until:
        if not OutboxMessage.objects.filter(delivered=None).exists():
            return True
        time.sleep(0.5)
    return False


def faults(noted: Noted, files: list[str]) -> list[str]:
    """Return every fault, in words."""
    return [*_acts(noted, files), *_wholeness(), *_history(), *_messages()]


def _acts(noted: Noted, files: list[str]) -> list[str]:
    from history.models import Event

    streams = [f"nomination:{uid}" for uid in files]
    rows = Event.objects.filter(stream__in=streams, action__in={act for _uid, act in noted.acknowledged})
    done = Counter((stream.partition(":")[2], act) for stream, act in rows.values_list("stream", "action"))
    found = [f"astray: {key} was not offered though the file should be there" for key in noted.astray]
    for key in {*done, *noted.acknowledged}:
        sure, perhaps = noted.acknowledged[key], noted.unknown[key]
        if done[key] < sure:
            found.append(f"lost: {key} was acknowledged {sure} times and happened {done[key]} times")
        elif done[key] > sure + perhaps:
            found.append(f"doubled: {key} happened {done[key]} times, sent {sure + perhaps} times")
    return found


def _wholeness() -> list[str]:
    """State and open task are one, and each act of the history has its handling."""
    from viewflow.workflow.models import Task

    from history.models import Event
    from nominations.models import Handling, Nomination

    found, tasks = [], {}
    for task in Task.objects.filter(finished=None):
        tasks.setdefault(task.process_id, []).append(task.flow_task.name)
    for file in Nomination.objects.select_related("process"):
        expected = [] if file.holder_id is None else [file.state]
        if tasks.get(file.process.pk, []) != expected:
            found.append(f"half: {file} is at {file.state}, its tasks are {tasks.get(file.process.pk)}")
    acts = Event.objects.filter(kind="nomination.acted", automatic=False).count()
    handled = Handling.objects.filter(nomination__isnull=False).exclude(action__in=("edit", "open")).count()
    if acts != handled:
        found.append(f"half: {acts} acts in the history, {handled} in the tables")
    return found


def _history() -> list[str]:
    from audit import standing
    from audit.replay import replay
    from history import log
    from history.verifying import verify

    log.seal()
    report = verify()
    standing.check(report)
    undocumented = "0" * 12  # the small world's documents have no bytes
    found = [str(fault) for fault in report.faults if not fault.where.endswith(undocumented)]
    return found + [f"illegal: {item}" for item in replay(walked=True).illegal]


def _messages() -> list[str]:
    from demo.models import Letter
    from workflows.letters import LETTER
    from workflows.models import Notice, OutboxMessage
    from workflows.notices import KINDS

    found = [
        f"not delivered: {m.pk} {m.kind} {m.error}" for m in OutboxMessage.objects.filter(delivered=None)
    ]
    told = Counter(Notice.objects.values_list("message", "officer"))
    found += [f"told twice: {key}" for key, count in told.items() if count != 1]
    hearing = {message for message, _officer in told}
    assigned = OutboxMessage.objects.filter(kind="assigned").values_list("pk", flat=True)
    found += [f"told nobody: {key}" for key in assigned if key not in hearing]
    left = {name.strip("<>").split("@")[0] for name in Letter.objects.values_list("message_id", flat=True)}
    letters = OutboxMessage.objects.filter(kind=LETTER).values_list("uid", flat=True)
    found += [f"never mailed: {uid}" for uid in letters if str(uid) not in left]
    at_once = Notice.objects.filter(wants="immediate", letter=None).count()
    if at_once or not set(Notice.objects.values_list("kind", flat=True)) <= set(KINDS):
        found.append(f"{at_once} notices wait for a letter that nobody wrote")
    return found
