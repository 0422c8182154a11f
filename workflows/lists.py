"""Long lists of nominees: kept, checked in the background piece by piece, written as drafts by their officer's own click.

Checking is nobody's decision and may be done by a worker; opening files is, and is not (ADR 19).
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from history import clock
from nominations import drafts, intake
from nominations.drafts import NomineeInput
from nominations.file import File
from nominations.forms import MOST_NOMINEES
from nominations.models import Criterion, Nomination, NomineeList, Round
from permissions.grids import Row
from permissions.models import Officer, Unit
from workflows import engine, outbox
from workflows.lock import bound_waiting, transaction_or_busy
from workflows.models import OutboxMessage

KIND = "list"  # of the outbox message: {"list": key, "from": rows checked before}
SOME = 500  # rows checked by one message: a second or two, after which the page shows how far it is
KEPT = timedelta(days=1)  # what was typed is personal: it does not wait longer
Stage = NomineeList.Stage


def bring(officer: Officer, unit: Unit, round: Round, rows: list[Row]) -> NomineeList:
    """Keep `rows` of a sheet, the first of which may hold headings, and have them checked; return the list.

    Raises ValidationError when it holds nobody.
    """
    arranged = intake.arranged(rows, columns(round))
    if not arranged:
        raise ValidationError({"file": _("The sheet has no rows below its headings.")})
    with transaction.atomic():
        found = NomineeList.objects.create(
            officer=officer, unit=unit, round=round, rows=arranged, total=len(arranged), created=clock.now()
        )
        _go_on(found)
    return found


def of(officer: Officer) -> QuerySet[NomineeList]:
    """Return the lists that `officer` brought; nobody sees another's."""
    return NomineeList.objects.filter(officer=officer).select_related("unit", "round__programme")


def check_some(message: OutboxMessage) -> None:
    """Check the next rows of a list, and have the rest checked by a message of its own.

    In the transaction that marks the message as delivered: a killed worker leaves the list as it was, and
    a message that comes twice finds its rows checked.
    """
    waiting = NomineeList.objects.filter(pk=message.payload["list"], stage=Stage.CHECKING)
    found = waiting.select_for_update(of=("self",)).select_related("unit", "round", "officer").first()
    if found is None or found.checked != message.payload["from"]:
        return
    file = _empty(found.unit, found.round)
    rows = [(number, cells) for number, cells in found.rows[found.checked : found.checked + SOME]]
    with translation.override(found.officer.language):
        report = intake.checked(file, rows, before=[_input(kept) for kept in found.nominees])
    found.faults += [asdict(fault) for fault in report.faults]
    found.nominees += [_kept(entry) for entry in report.nominees]
    found.checked += len(rows)
    if found.checked == found.total:
        found.stage = Stage.REFUSED if found.faults else Stage.READY
    found.save(update_fields=["faults", "nominees", "checked", "stage"])
    if found.stage == Stage.CHECKING:
        _go_on(found)


def write(found: NomineeList, *, by: Officer) -> list[Nomination]:
    """Open as many drafts as the list needs and write its nominees: all of them or nothing; return the drafts.

    A list that was written already gives its drafts once more. Raises PermissionDenied and ValidationError as
    `engine.open`, Busy, and ValidationError for a list that is not without faults.
    """
    with transaction_or_busy():
        bound_waiting()
        locked = NomineeList.objects.select_for_update(of=("self",)).select_related("unit", "round")
        kept = locked.get(pk=found.pk)
        if kept.stage == Stage.DONE:
            return list(Nomination.objects.filter(uid__in=kept.files).order_by("pk"))
        if kept.stage != Stage.READY:
            raise ValidationError(_("The list is not without faults: correct it and bring it again."))
        files = []
        for nominees in _pieces(kept.nominees):
            file = engine.open_one(Nomination(unit=kept.unit, round=kept.round), by)
            drafts.fill(file, [_input(entry) for entry in nominees], by=by)
            files.append(file)
        kept.stage, kept.files = Stage.DONE, [str(file.uid) for file in files]
        kept.rows, kept.nominees = [], []
        kept.save(update_fields=["stage", "files", "rows", "nominees"])
    return files


def report_of(found: NomineeList) -> intake.Report:
    """Return the rows of a list with what is wrong with them, as the sheet with faults marked shows them."""
    rows = [(number, cells) for number, cells in found.rows]
    return intake.Report(columns(found.round), rows, faults=faults_of(found))


def columns(round: Round) -> list[intake.Column]:
    """Return the columns of a sheet for `round`."""
    return intake.columns(_criteria(round))


def faults_of(found: NomineeList) -> list[intake.Fault]:
    return [intake.Fault(**fault) for fault in found.faults]


def how_many_files(found: NomineeList) -> int:
    """Return how many drafts the list will become."""
    return -(-found.total // MOST_NOMINEES)


def forget() -> int:
    """Drop the lists that are older than a day; return how many. Their drafts, if any, stay."""
    return NomineeList.objects.filter(created__lt=clock.now() - KEPT).delete()[0]


def _go_on(found: NomineeList) -> None:
    outbox.write([OutboxMessage(kind=KIND, payload={"list": found.pk, "from": found.checked})])


def _empty(unit: Unit, round: Round) -> File:
    """A file of `unit` in `round` that holds nobody yet."""
    return File(Nomination(unit=unit, round=round), [], [], _criteria(round), {})


def _criteria(round: Round) -> list[Criterion]:
    return list(Criterion.objects.filter(rule_set=round.rule_set_id))


def _pieces(entries: list[Any]) -> Iterable[list[Any]]:
    return (entries[first : first + MOST_NOMINEES] for first in range(0, len(entries), MOST_NOMINEES))


def _kept(entry: NomineeInput) -> dict[str, Any]:
    """A nominee as the list keeps it: days as text, the identity number as its coded form only."""
    values = {name: str(v) if isinstance(v, date) else v for name, v in entry.values.items()}
    coded = drafts.coded(entry)
    return {"values": values, "points": dict(entry.points), "coded": list(coded)}


def _input(kept: dict[str, Any]) -> NomineeInput:
    days = {name: date.fromisoformat(kept["values"][name]) for name in ("achieved_from", "achieved_to")}
    number, tail = kept["coded"]
    return NomineeInput(kept["values"] | days, points=kept["points"], coded=(number, tail))
