"""Delegations and their grants compared: a delegation never carries more than its post, nor longer than both posts."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import record_many
from permissions import grants
from permissions.catalogue import DELEGABLE, READING, ROLES
from permissions.models import Delegation, Officer, UnitGrant


@dataclass(frozen=True)
class Drift:
    """A running delegation whose grants are not what it, its post and its role say."""

    delegation: Delegation
    missing: tuple[str, ...]  # rights that it should carry
    surplus: tuple[UnitGrant, ...]  # rows that it should not have, or not so
    over: bool  # one of the posts has ended: it ends as well

    def __str__(self) -> str:
        named = [*self.missing, *(grant.permission.codename for grant in self.surplus)]
        what = _("its post has ended") if self.over else ", ".join(named)
        return f"{self.delegation.to_post.officer.full_name} ← {self.delegation.from_post}: {what}"


def find() -> list[Drift]:
    """Compare every delegation that runs on the legal day with its grants; two statements."""
    today = clock.today()
    running = Delegation.objects.on(today).select_related(
        "from_post__officer", "from_post__unit", "to_post__officer", "to_post__unit"
    )
    rows: dict[int, list[UnitGrant]] = {}
    for grant in (
        UnitGrant.objects.on(today)
        .exclude(delegation=None)
        .select_related("permission", "user", "content_object")
    ):
        rows.setdefault(grant.delegation_id or 0, []).append(grant)
    found = [_drift(delegation, rows.get(delegation.pk, [])) for delegation in running.order_by("pk")]
    return [drift for drift in found if drift.missing or drift.surplus or drift.over]


@transaction.atomic
def mend(by: Officer | None = None) -> int:
    """Put right what differs today, and record it; return how many delegations were touched."""
    today = clock.today()
    found = find()
    for drift in found:
        delegation = drift.delegation
        if drift.over:
            grants.end_delegations([delegation], today, by)
            continue
        corrected = set()
        for grant in drift.surplus:
            stays = _placed(delegation, grant) and grant.permission.codename in drift.missing
            grant.valid_to = delegation.valid_to if stays else max(today, grant.valid_from)
            grant.save(update_fields=["valid_to"])
            corrected |= {grant.permission.codename} if stays else set()
        missing = [right for right in drift.missing if right not in corrected]
        made = grants.hand_on(delegation, only=missing, since=today) if missing else []
        entries = [
            grants.entry(kind, delegation.from_post, by, [row.permission.codename], grant=row)
            for kind, rows in ((kinds.GRANT_ENDED, drift.surplus), (kinds.GRANT_MADE, made))
            for row in rows
        ]
        record_many(entries)
    return len(found)


def _drift(delegation: Delegation, rows: list[UnitGrant]) -> Drift:
    today = clock.today()
    post = delegation.from_post
    carried = {right.value for right in ROLES[post.role].rights}
    wanted = {
        right for right in delegation.rights if right in carried and right in {r.value for r in DELEGABLE}
    }
    wanted |= {right.value for right in READING if right.value in carried} if wanted else set()
    right_rows = [
        grant for grant in rows if _in_place(delegation, grant) and grant.permission.codename in wanted
    ]
    over = post.has_ended(today) or delegation.to_post.has_ended(today)
    return Drift(
        delegation,
        tuple(sorted(wanted - {grant.permission.codename for grant in right_rows})),
        tuple(grant for grant in rows if grant not in right_rows),
        over,
    )


def _in_place(delegation: Delegation, grant: UnitGrant) -> bool:
    return _placed(delegation, grant) and grant.valid_to == delegation.valid_to


def _placed(delegation: Delegation, grant: UnitGrant) -> bool:
    """Whether a row is with the taker, at the unit of the post, of that post; whatever its days."""
    return (
        grant.user_id == delegation.to_post.officer_id
        and grant.content_object_id == delegation.from_post.unit_id
        and grant.appointment_id == delegation.from_post_id
    )
