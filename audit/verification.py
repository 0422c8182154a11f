"""A verification of everything: ledger, tables, documents, and if wanted every act judged again; its result is kept."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from audit import replay, standing, standing_index, verified
from audit.models import Verification
from history import checkpoints
from history.models import Checkpoint
from history.report import Fault, Report
from history.snapshot import snapshot
from history.verifying import verify

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)  # how often everything is read again
MOST_KEPT = 20  # faults kept in words; the rest is counted


def run(*, full: bool = True, replayed: bool = False) -> tuple[Verification, Report]:
    """Verify and keep the result, whatever is found.

    `full` reads every event; otherwise those after the last checkpoint that a verification found good, if
    there is one. `replayed` also judges every event again. What the tables hold is always compared whole
    when `full`.
    """
    began, now = time.monotonic(), timezone.now()
    report, verdict, last = Report(), replay.Verdict(), None
    outside = checkpoints.kept_outside()
    with snapshot():
        with report.part("log"):
            verify(None if full else verified.last_good(), outside, report)
            last = checkpoints.latest()
        if full:
            with report.part("tables"):
                standing.check(report)
            with report.part("index"):
                standing_index.check(report)
        if replayed:
            with report.part("replay"):
                verdict = replay.replay(walked=settings.LEGAL_DAY_MAY_BE_SET)
    report.count += verdict.count
    report.faults += [Fault(item.event, "; ".join(item.why)) for item in verdict.illegal]
    kept = Verification.objects.create(
        full=full,
        replayed=replayed,
        checkpoint=last.number if last else None,
        size=report.size,
        events=report.events,
        console=verdict.console,
        count=report.count,
        faults=[str(fault) for fault in report.faults[:MOST_KEPT]],
        seconds=time.monotonic() - began,
    )
    _remember(full, now, last if report.sound else None)
    return kept, report


def run_if_due() -> int:
    """Verify what is new, or everything and every act when that is a day ago; return how many faults were found.

    Only one runs at a time: another returns 0 at once.
    """
    with _alone() as alone:
        if not alone:
            return 0
        is_due = verified.recall().is_older(timezone.now() - EVERY)
        kept, _report = run(full=is_due, replayed=is_due)
    if kept.count:
        logger.error("The ledger does not hold: %s faults, the first: %s", kept.count, kept.faults[0])
    return kept.count


def state() -> dict[str, Any]:
    """Return what whoever watches the machine wants to know: the last checkpoint, and what was verified."""
    last, whole, checkpoint = latest(), latest(full=True), checkpoints.latest()
    return {
        "checkpoint": checkpoint.number if checkpoint else None,
        "signed_at": checkpoint.at.isoformat() if checkpoint else None,
        "verified_at": last.at.isoformat() if last else None,
        "verified_whole_at": whole.at.isoformat() if whole else None,
        "sound": not (last.count or (whole and whole.count)) if last else None,
    }


def latest(*, full: bool | None = None) -> Verification | None:
    """Return the last verification, or the last full one; none from days to come, which somebody else wrote."""
    found = Verification.objects.filter(at__lte=timezone.now()).order_by("-at", "-pk")
    return (found if full is None else found.filter(full=full)).first()


def latest_of_both() -> tuple[Verification | None, Verification | None]:
    """Return the last full verification and the last of what was new, in one statement (`latest`)."""
    found = (
        Verification.objects.filter(at__lte=timezone.now()).order_by("full", "-at", "-pk").distinct("full")
    )
    kinds = {row.full: row for row in found}
    return kinds.get(True), kinds.get(False)


def _remember(full: bool, now: datetime, good: Checkpoint | None) -> None:
    known = verified.recall()
    if full:
        known = replace(known, whole_at=now.isoformat())
    if good:
        known = replace(known, number=good.number, root=good.root)
    verified.remember(known)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else verifies; held by the session, since what is read is read in a transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('audit.verification'))")
        alone = cursor.fetchone()[0]
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('audit.verification'))")
