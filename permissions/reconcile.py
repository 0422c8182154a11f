"""Posts and their grants compared: what a changed catalogue or a slip has left apart is put right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import Entry, record_many
from permissions import grants
from permissions.catalogue import ROLES, Right
from permissions.models import Appointment, Officer, UnitGrant

Days = tuple[date, date | None]
Kind = Literal["missing", "surplus", "dates"]
ONE_DAY = timedelta(days=1)
BATCH = 1000  # rows in one statement


@dataclass(frozen=True)
class Drift:
    """A right of a post that is not as the post and its role say; `grant` is the row, if there is one."""

    kind: Kind
    appointment: Appointment
    right: str
    detail: str
    grant: UnitGrant | None = None

    @property
    def key(self) -> tuple[str, int, str, int | None]:
        """What tells one drift from another, however often it is found."""
        return self.kind, self.appointment.pk, self.right, self.grant.pk if self.grant else None

    def __str__(self) -> str:
        post = self.appointment
        right = Right(self.right).label if self.right in Right.values else self.right
        return f"{post.officer.full_name} ({post.officer.username}), {post}, “{right}”: {self.detail}"


@dataclass(frozen=True)
class _Change:
    """A grant as it now is, and the days it had before."""

    kind: str
    appointment: Appointment
    right: str
    grant: UnitGrant
    before: Days | None = None


def find(day: date | None = None) -> list[Drift]:
    """Compare every post with its grants as of the legal day `day` (default: today), in two statements.

    - missing: the role carries the right, and no grant gives it to the officer at the unit. It is
      to be held from `day`, or from the post's first day when that is later: nobody acted before
      with a right that did not exist. So a grant may begin later than its post, never earlier.
    - surplus: the grant lasts beyond `day`, and the role does not carry its right.
    - dates: the grant begins before the post or ends on another day than it; or it lasts beyond
      `day` in another officer's hands or at another unit (the right may be missing here as well).

    A post that is over by `day` gains nothing, neither a right nor days; it may lose what is too
    much. What has ended is history and left alone.
    """
    day = day or clock.today()
    return [drift for post in _posts() for drift in _drifts(post, day)]


@transaction.atomic
def mend(drifts: Iterable[Drift], by: Officer | None = None) -> int:
    """Put right what still differs today of `drifts`, and record it; return how many.

    The posts are locked and compared again: what somebody else has put right meanwhile is
    left alone. Missing rights are given from today; surplus ones end today; a grant in
    another's hands or at another unit ends today as well, while the right is given here.
    Each officer's stream says per post what was given (`grant.made`) and taken (`grant.ended`).
    Raises RuntimeError when a right has no permission row: a migration is lacking.
    """
    wanted = {drift.key: drift.appointment.pk for drift in drifts}
    if not wanted:
        return 0
    day = clock.today()
    posts = _posts().filter(pk__in=set(wanted.values())).order_by("pk")
    held = [
        drift
        for post in posts.select_for_update(of=("self",), no_key=True)
        for drift in _drifts(post, day)
        if drift.key in wanted
    ]
    changes = [*_change(held, day), *_make([drift for drift in held if drift.grant is None], day)]
    record_many(_entries(changes, by))
    return len(held)


def _posts() -> QuerySet[Appointment]:
    own = UnitGrant.objects.filter(delegation=None)  # what is delegated follows `permissions.delegations`
    rows = own.select_related("permission", "user", "content_object").order_by("pk")
    return Appointment.objects.select_related("officer", "unit").prefetch_related(Prefetch("grants", rows))


def _drifts(post: Appointment, day: date) -> Iterator[Drift]:
    """Compare one post with its grants; the database holds at most one row a right in its place."""
    carried = {Right(right).value for right in ROLES[post.role].rights}
    given = set()
    for grant in post.grants.all():
        right = grant.permission.codename
        if right not in carried:
            if _lasts(grant, day):
                yield Drift("surplus", post, right, _("the role does not carry this right"), grant)
        elif not _in_place(post, grant):
            if _lasts(grant, day):
                where = {"officer": grant.user.full_name, "unit": grant.content_object}
                yield Drift("dates", post, right, _("held by %(officer)s at %(unit)s") % where, grant)
        else:
            given.add(right)
            days = _days(post, grant, day)
            if days != (grant.valid_from, grant.valid_to):
                yield Drift("dates", post, right, _said(grant, days), grant)
    if post.valid_to is None or post.valid_to > day:
        start = max(day, post.valid_from)
        for right in sorted(carried - given):
            yield Drift("missing", post, right, _("missing, held from %(day)s") % {"day": _on(start)})


def _in_place(post: Appointment, grant: UnitGrant) -> bool:
    return (grant.user_id, grant.content_object_id) == (post.officer_id, post.unit_id)


def _end(grant: UnitGrant, day: date) -> date:
    """Where a grant ends that is to end on `day`.

    A row is never deleted: one that began earlier ends on `day`, one of today or still to begin
    ends on its first day and so never held.
    """
    return max(day, grant.valid_from)


def _lasts(grant: UnitGrant, day: date) -> bool:
    return grant.valid_to is None or grant.valid_to > _end(grant, day)


def _days(post: Appointment, grant: UnitGrant, day: date) -> Days:
    """Return the days that a grant in its place should have.

    A row is one stretch: a grant of a running post that ended too early is held again without
    a gap, and the event keeps its former days. A row wholly after its post never held.
    """
    end = post.valid_to
    if end and end <= day and grant.valid_to:
        end = min(end, grant.valid_to)  # the post is over: no days are added
    start = max(grant.valid_from, post.valid_from)
    return (min(start, end) if end else start), end


def _make(missing: Sequence[Drift], day: date) -> list[_Change]:
    """Give the missing rights from `day` on, in one or two statements."""
    if not missing:
        return []
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.filter(
            content_type__app_label="permissions", content_type__model="unit"
        )
    }
    if lacking := {drift.right for drift in missing} - permissions.keys():
        raise RuntimeError(f"Rights without a permission row: {sorted(lacking)}; run the migrations.")
    rows = [
        UnitGrant(
            user=drift.appointment.officer,
            permission=permissions[drift.right],
            content_object=drift.appointment.unit,
            appointment=drift.appointment,
            valid_from=max(day, drift.appointment.valid_from),
            valid_to=drift.appointment.valid_to,
        )
        for drift in missing
    ]
    UnitGrant.objects.bulk_create(rows, batch_size=BATCH)
    return [
        _Change(kinds.GRANT_MADE, drift.appointment, drift.right, row)
        for drift, row in zip(missing, rows, strict=True)
    ]


def _change(drifts: Sequence[Drift], day: date) -> list[_Change]:
    """Give the rows of `drifts` the days they should have; what only grows longer is made, not ended."""
    changes = []
    for drift in drifts:
        post, grant = drift.appointment, drift.grant
        if grant is None:
            continue
        before = grant.valid_from, grant.valid_to
        if drift.kind == "dates" and _in_place(post, grant):
            grant.valid_from, grant.valid_to = _days(post, grant, day)
        else:
            grant.valid_to = _end(grant, day)
        longer = (grant.valid_to or date.max) > (before[1] or date.max)
        kind = kinds.GRANT_MADE if longer else kinds.GRANT_ENDED
        changes.append(_Change(kind, post, drift.right, grant, before))
    rows = [change.grant for change in changes]
    UnitGrant.objects.bulk_update(rows, ["valid_from", "valid_to"], batch_size=BATCH)
    return changes


def _entries(changes: Sequence[_Change], by: Officer | None) -> list[Entry]:
    """One event for the rights of a post that changed alike, in the style of the post's own events."""
    alike: dict[tuple, list[_Change]] = {}
    for change in changes:
        grant = change.grant
        days = grant.valid_from, grant.valid_to, change.before
        key = (change.kind, change.appointment.pk, grant.user_id, grant.content_object_id, *days)
        alike.setdefault(key, []).append(change)
    entries = []
    for same in alike.values():
        one = same[0]
        was: dict[str, Any] = {"before": _stated(one.before)} if one.before else {}
        rights = sorted(change.right for change in same)
        entries.append(grants.entry(one.kind, one.appointment, by, rights, grant=one.grant, **was))
    return entries


def _stated(days: Days) -> dict[str, str | None]:
    return {"from": days[0].isoformat(), "to": days[1].isoformat() if days[1] else None}


def _said(grant: UnitGrant, days: Days) -> str:
    held = _span((grant.valid_from, grant.valid_to))
    return _("dated %(held)s instead of %(wanted)s") % {"held": held, "wanted": _span(days)}


def _span(days: Days) -> str:
    """The first and the last day, as people read them."""
    return f"{_on(days[0])} – {_on(days[1] - ONE_DAY) if days[1] else '…'}"


def _on(day: date) -> str:
    return f"{day:%d/%m/%Y}"
