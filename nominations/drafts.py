"""Drafting is editing, not acting: under the file's lock, by expected revision, without an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import clock
from nominations import rules
from nominations.models import Criterion, Evidence, Handling, Nomination, Nominee, Score
from nominations.states import EDIT, Level, State
from permissions.identity import identity_hash
from permissions.models import Appointment, Officer, Unit, UnitClosure

FILE_FIELDS = (
    "letter_number",
    "letter_date",
    "summary",
    "minutes_date",
    "members_present",
    "members_total",
)
NOMINEE_FIELDS = (
    "kind",
    "name",
    "title",
    "unit_name",
    "achieved_from",
    "achieved_to",
    "report",
    "is_direct_worker",
    "is_grassroots",
)


class Conflict(Exception):
    """The draft was edited elsewhere since the form was shown; nothing was written."""

    def __init__(self, nomination: Nomination):
        super().__init__(f"{nomination} is at revision {nomination.revision}")
        self.nomination = nomination


@dataclass(frozen=True)
class NomineeInput:
    """One nominee as typed. `uid` is empty for a new one; `identity` 12 digits, or empty to keep.

    `officer` is the account of the nominee, `body` the unit that a collective is, if there is one:
    separation of duties looks at them.
    """

    values: Mapping[str, Any]
    uid: str = ""
    points: Mapping[str, int] = field(default_factory=dict)
    identity: str = ""
    officer: Officer | None = None
    body: Unit | None = None
    removed: bool = False
    coded: tuple[str, str] = ("", "")  # digest and tail of a number that is known from an earlier file


@transaction.atomic
def save(
    nomination: Nomination,
    *,
    by: Officer,
    expected: int,
    values: Mapping[str, Any],
    nominees: Sequence[NomineeInput] = (),
) -> Nomination:
    """Write a draft whole: fields of the file, nominees, points. Return it with its new revision.

    Raises PermissionDenied when `by` may not edit it now, Conflict when `expected` is not its
    revision, and ValidationError for what a model refuses.
    """
    locked = lock(nomination, by)
    if locked.revision != expected:
        raise Conflict(locked)
    for name in FILE_FIELDS:
        if name in values:
            setattr(locked, name, values[name])
    criteria = _criteria(locked)
    existing = {str(nominee.uid): nominee for nominee in locked.nominees.filter(present=True)}
    for position, entry in enumerate(nominees, start=1):
        _save_nominee(locked, existing, position, entry, criteria, by)
    return touch(locked)


def fill(nomination: Nomination, nominees: Sequence[NomineeInput], *, by: Officer) -> None:
    """Write the nominees of a draft that `by` has just opened in this transaction; four statements.

    Raises ValidationError for what a model refuses.
    """
    criteria = _criteria(nomination)
    rows = []
    for position, entry in enumerate(nominees, start=1):
        nominee = Nominee(nomination=nomination)
        _take(nominee, position, entry, ask_database=False)
        nominee.spell()
        rows.append(nominee)
    Nominee.objects.bulk_create(rows)
    Score.objects.bulk_create(
        score
        for nominee, entry in zip(rows, nominees, strict=True)
        for score in _scores(nominee, entry.points, criteria, by)
    )
    touch(nomination)


def lock(nomination: Nomination, by: Officer) -> Nomination:
    """Lock a draft for editing. Raises PermissionDenied when `by` may not edit it now."""
    locked = (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("round__rule_set", "unit")
        .get(pk=nomination.pk)
    )
    if not Nomination.objects.filter(rules.may_edit(by), pk=locked.pk).exists():
        raise PermissionDenied(
            _("A file is edited as a draft, by the clerk of %(unit)s.") % {"unit": locked.unit}
        )
    remember_author(locked, by)
    if locked.sent_post_id and not locked.opened_at:  # whoever writes has opened it
        locked.opened_at, locked.opened_by = clock.now(), by
        locked.save(update_fields=["opened_at", "opened_by"])
    return locked


def remember_author(nomination: Nomination, by: Officer) -> None:
    """Note that `by` wrote at the draft: who drafted a file handles it at no later level."""
    Handling.objects.update_or_create(
        nomination=nomination,
        officer=by,
        version=nomination.version,
        step=State.DRAFT,
        action=EDIT,
        defaults={"level": Level.PROPOSER, "unit": nomination.unit, "at": clock.now()},
    )


def touch(nomination: Nomination) -> Nomination:
    """Raise the revision of a locked draft: pages that show the old one are out of date."""
    nomination.revision += 1
    nomination.full_clean(exclude=["holder", "due", "received_at"], validate_constraints=False)
    nomination.save()
    return nomination


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: Officer) -> None:
    """Take a document out of a draft; its bytes and its row stay, for versions that hold it."""
    locked = lock(evidence.nomination, by)
    Evidence.objects.filter(pk=evidence.pk).update(present=False)
    touch(locked)


def _criteria(nomination: Nomination) -> dict[str, Criterion]:
    return {c.code: c for c in Criterion.objects.filter(rule_set=nomination.round.rule_set_id)}


def _save_nominee(
    nomination: Nomination,
    existing: Mapping[str, Nominee],
    position: int,
    entry: NomineeInput,
    criteria: Mapping[str, Criterion],
    by: Officer,
) -> None:
    nominee = existing.get(entry.uid) if entry.uid else Nominee(nomination=nomination)
    if nominee is None:
        raise ValidationError({"nominees": _("A nominee in the form is no longer in the file: reload it.")})
    if entry.removed:
        if nominee.pk:
            nominee.present = False
            nominee.save(update_fields=["present"])
        return
    _take(nominee, position, entry)
    nominee.save()
    _save_points(nominee, entry.points, criteria, by)


def _take(nominee: Nominee, position: int, entry: NomineeInput, *, ask_database: bool = True) -> None:
    """Put what was typed into `nominee`, unsaved. Raises ValidationError for what the model refuses.

    Without `ask_database` the constraints, each a statement, are left to the writing itself.
    """
    for name in NOMINEE_FIELDS:
        if name in entry.values:
            setattr(nominee, name, entry.values[name])
    nominee.position = position
    nominee.officer, nominee.body = entry.officer, entry.body
    if coded(entry)[0]:
        nominee.identity_hash, nominee.identity_tail = coded(entry)
    given_later = ["nomination", "officer", "body", "total", "outcome_rank", "uid"]
    nominee.full_clean(exclude=given_later, validate_constraints=ask_database)


def coded(entry: NomineeInput) -> tuple[str, str]:
    """Return digest and last digits of the identity number, typed now or known from before; empty without one."""
    return (identity_hash(entry.identity), entry.identity[-3:]) if entry.identity else entry.coded


def _save_points(
    nominee: Nominee, points: Mapping[str, int], criteria: Mapping[str, Criterion], by: Officer
) -> None:
    scores = _scores(nominee, points, criteria, by)
    Score.objects.filter(nominee=nominee, version=0, level=Level.PROPOSER).exclude(
        criterion__code__in=points
    ).delete()
    Score.objects.bulk_create(
        scores,
        update_conflicts=True,
        unique_fields=["nominee", "version", "level", "criterion"],
        update_fields=["points", "by"],
    )


def _scores(
    nominee: Nominee, points: Mapping[str, int], criteria: Mapping[str, Criterion], by: Officer
) -> list[Score]:
    """The points that the unit claims, unsaved. Raises ValidationError for what a criterion does not give."""
    found = []
    for code, value in points.items():
        criterion = criteria.get(code)
        if criterion is None or not 0 <= value <= criterion.max_points:
            raise ValidationError(
                {
                    "points": _("%(name)s: “%(criterion)s” takes 0 to %(max)s points.")
                    % {
                        "name": nominee.name,
                        "criterion": criterion or code,
                        "max": criterion.max_points if criterion else 0,
                    }
                }
            )
        found.append(
            Score(nominee=nominee, version=0, level=Level.PROPOSER, criterion=criterion, points=value, by=by)
        )
    return found


def accounts(nomination: Nomination) -> QuerySet[Officer]:
    """Return the officers who hold a post at the proposing unit: nominees may be among them."""
    return Officer.objects.filter(
        appointments__in=Appointment.objects.on(clock.today()).filter(unit=nomination.unit_id)
    ).distinct()


def bodies(nomination: Nomination) -> QuerySet[Unit]:
    """Return the proposing unit and those below it that exist today: a collective may be one of them."""
    below = UnitClosure.objects.on(clock.today()).filter(ancestor=nomination.unit_id)
    return Unit.objects.filter(pk__in=below.values("unit"))


def default_period(year: int) -> tuple[date, date]:
    """Return the achievement period that a new nominee of a round begins with: its year."""
    return date(year, 1, 1), date(year, 12, 31)
