"""What must hold when the dust has settled: every act that was acknowledged is there once, whole, and was told of."""

import re
import time
from collections import Counter, defaultdict
from datetime import datetime

from tests.chaos.load import WAYS
from tests.chaos.noting import Noted


def settle(patience: float) -> bool:
    """Wait until every message of the outbox is delivered; whether it was in time."""
    from workflows.models import OutboxMessage

    until = time.monotonic() + patience
    while time.monotonic() < until:
        if not OutboxMessage.objects.filter(delivered=None).exists():
            return True
        time.sleep(0.5)
    return False


def faults(noted: Noted, streams: list[str], left: set[str]) -> list[str]:
    """Return every fault, in words; `left` are the identities of the letters that left."""
    return [
        *_acts(noted, streams),
        *_drafts(noted),
        *_wholeness(),
        *_registers(),
        *_history(),
        *_messages(),
        *_notices(),
        *_letters(left),
    ]


def _acts(noted: Noted, streams: list[str]) -> list[str]:
    """What happened to each file is its way, step by step: once where acknowledged, else at most as often as sent."""
    from history.models import Event

    done: dict[str, list[str]] = defaultdict(list)
    rows = Event.objects.filter(stream__in=streams, automatic=False).order_by("stream", "sequence")
    for stream, action in rows.values_list("stream", "action"):
        if action in {name for _who, name in WAYS[stream.partition(":")[0]]}:
            done[stream].append(action)
    found = [f"astray: {key} was not offered though the file should be there" for key in noted.astray]
    for stream in streams:
        way = WAYS[stream.partition(":")[0]]
        expected = "".join(
            _times(name, noted.acknowledged[stream, step], noted.unknown[stream, step])
            for step, (_who, name) in enumerate(way)
        )
        happened = "".join(f"{name};" for name in done[stream])
        if not re.fullmatch(expected, happened):
            found.append(f"lost or doubled: {stream}: {happened} but the people saw {expected}")
    return found


def _times(name: str, sure: int, perhaps: int) -> str:
    return f"(?:{name};){{{sure},{sure + perhaps}}}"


def _drafts(noted: Noted) -> list[str]:
    """A draft holds what was acknowledged last, or what was sent since without an answer."""
    from nominations.models import Nomination

    found = []
    for stream, typed in noted.written.items():
        held = Nomination.objects.get(uid=stream.partition(":")[2]).summary
        if held not in (typed, *noted.perhaps.get(stream, ())):
            found.append(f"draft: {stream} holds {held!r}, acknowledged was {typed!r}")
    return found


def _wholeness() -> list[str]:
    """State and open task are one, each act of the history has its handling, and a publication its awards."""
    from viewflow.workflow.models import Task

    from history.models import Event
    from nominations.models import AwardDecision, DecisionLine, Handling, Nomination

    found, tasks = [], defaultdict(list)
    for task in Task.objects.filter(finished=None):
        tasks[task.process_id].append(task.flow_task.name)
    for model in (Nomination, AwardDecision):
        for subject in model.objects.select_related("process"):
            expected = [] if subject.holder_id is None else [subject.state]
            if tasks.get(subject.process.pk, []) != expected:
                found.append(
                    f"half: {subject} is at {subject.state}, its tasks are {tasks[subject.process.pk]}"
                )
    for about in ("nomination", "decision"):
        acts = Event.objects.filter(kind=f"{about}.acted", automatic=False).count()
        handled = Handling.objects.filter(**{f"{about}__isnull": False}).exclude(action__in=("edit", "open"))
        if acts != handled.count():
            found.append(f"half: {acts} acts of a {about} in the history, {handled.count()} in the tables")
    lines = DecisionLine.objects.filter(decision__state="published", live=True)
    for line in lines.exclude(nominee__outcome="awarded", nominee__nomination__state="closed"):
        found.append(f"half: {line.nominee.uid} stands on a published decision and is not awarded")
    return found


def _registers() -> list[str]:
    """Numbers run from one on without a gap; a decision bears one number in force, if it bears any."""
    from nominations.models import AwardDecision, RegisterNumber

    numbers = sorted(RegisterNumber.objects.values_list("number", flat=True))
    found = [] if numbers == list(range(1, len(numbers) + 1)) else [f"register: the numbers are {numbers}"]
    used = Counter(RegisterNumber.objects.filter(state="used").values_list("decision", flat=True))
    numbered = AwardDecision.objects.filter(state__in=("publish", "published")).values_list("pk", flat=True)
    if used != Counter(numbered):
        found.append("register: a decision bears no number, or two")
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
    """Each act that makes something known has its message, and no act two; each is delivered."""
    from history.models import Event
    from workflows.letters import LETTER
    from workflows.models import OutboxMessage
    from workflows.notices import kind_of

    found = [f"messages: {m.pk} {m.kind} is not delivered: {m.error}" for m in OutboxMessage.objects.filter(delivered=None)]  # fmt: skip
    acted = Event.objects.filter(kind__in=("nomination.acted", "decision.acted"), automatic=False)
    told = Counter(kind_of(state, action) for state, action in acted.values_list("to_state", "action"))
    told["concluded"] += Event.objects.filter(kind="nomination.closed").count()
    del told[None]
    written = OutboxMessage.objects.exclude(kind=LETTER).exclude(kind__startswith="due_")
    kinds = Counter(written.values_list("kind", flat=True))
    if told != kinds:
        found.append(f"messages: the acts make known {dict(told)}, written are {dict(kinds)}")
    return found


def _notices() -> list[str]:
    """Nobody is told twice, and somebody of each act, unless the file moved on before the message was delivered."""
    from history.models import Event
    from nominations.models import Nomination
    from workflows.models import Notice, OutboxMessage
    from workflows.notices import KINDS

    told = Counter(Notice.objects.values_list("message", "officer"))
    found = [f"told twice: {key}" for key, count in told.items() if count != 1]
    hearing = {message for message, _officer in told}
    acts: dict[str, list[datetime]] = defaultdict(list)
    for stream, at in Event.objects.values_list("stream", "at"):
        acts[stream].append(at)
    streams = {file.pk: file.stream for file in Nomination.objects.all()}
    for message in OutboxMessage.objects.filter(kind__in=("assigned", "withdrawn", "number_void")):
        moved = acts[streams.get(message.payload.get("nomination"), "")]
        until = message.delivered or message.created  # one not delivered is a fault of its own
        over = message.kind == "assigned" and any(message.created < at < until for at in moved)
        if message.pk not in hearing and message.delivered and not over:
            found.append(f"told nobody: {message.pk} {message.kind}")
    if not set(Notice.objects.values_list("kind", flat=True)) <= set(KINDS):
        found.append("a notice is of no known kind")
    return found


def _letters(left: set[str]) -> list[str]:
    """Every letter that was written left at least once, and each notice that wants one at once has one."""
    from workflows.letters import LETTER
    from workflows.models import Notice, OutboxMessage

    letters = OutboxMessage.objects.filter(kind=LETTER).values_list("uid", flat=True)
    found = [f"never mailed: {uid}" for uid in letters if str(uid) not in left]
    at_once = Notice.objects.filter(wants="immediate", letter=None).count()
    return found + (
        [f"never mailed: {at_once} notices wait for a letter that nobody wrote"] if at_once else []
    )
