"""Delegation: given by the holder of a post, for a time, never more than is held; ended by them at any time."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from history import clock, kinds
from history.ledger import record
from permissions import grants
from permissions.catalogue import DELEGABLE, DEPUTIES, ROLES, Right, SignatureForm
from permissions.errors import Invalid
from permissions.models import Appointment, Delegation, Officer, UnitClosure
from permissions.text import normalised

LONGEST = 366  # calendar days; whoever is away longer is replaced by an appointment


def delegable(post: Appointment) -> list[Right]:
    """Return the rights that the holder of `post` may hand on, in the order of the catalogue.

    Only what the post itself carries: what was delegated to its holder is not handed on again
    (Decree 30/2020/NĐ-CP, Art. 13: no re-delegation).
    """
    return [right for right in Right if right in DELEGABLE & ROLES[post.role].rights]


def form_of(from_post: Appointment, to_post: Appointment, chosen: str = "") -> SignatureForm:
    """Return the form of signatures under a delegation: KT. for the deputy of the same body, else as chosen."""
    if from_post.unit_id == to_post.unit_id and DEPUTIES.get(to_post.role) == from_post.role:
        return SignatureForm.KT
    return SignatureForm.TL if chosen == SignatureForm.TL else SignatureForm.TUQ


def takers(post: Appointment, day: date) -> QuerySet[Appointment]:
    """Return the posts to which `post` may hand on: of others, in office on `day`, at its unit or below it."""
    below = UnitClosure.objects.on(day).filter(ancestor=post.unit_id).values("unit")
    posts = Appointment.objects.on(day).filter(unit__in=below, officer__is_active=True)
    return posts.exclude(officer=post.officer_id).select_related("officer", "unit")


@transaction.atomic
def give(
    from_post: Appointment,
    to_post: Appointment,
    rights: Collection[str],
    *,
    valid_from: date,
    valid_to: date,
    reason: str,
    document: str,
    by: Officer,
    form: str = "",
) -> Delegation:
    """Hand on `rights` of `from_post` to the holder of `to_post` from one legal day to another (half-open).

    `form` is asked only where both TUQ. and TL. are possible. Raises PermissionDenied for a post
    that is not `by`'s own today, and Invalid for a right that the post does not carry or that is
    not handed on, a post that may not take it, or days outside of the two posts.
    """
    posts = {
        post.pk: post
        for post in Appointment.objects.select_for_update(of=("self",))
        .select_related("officer", "unit")
        .filter(pk__in=[from_post.pk, to_post.pk])
        .order_by("pk")
    }
    giver, taker = posts[from_post.pk], posts[to_post.pk]
    if giver.officer_id != by.pk or not grants.posts_of(by).filter(pk=giver.pk).exists():
        raise PermissionDenied(_("A post is delegated by whoever holds it today, and by nobody else."))
    _check_rights(giver, rights)
    _check_days(giver, taker, valid_from, valid_to)
    if not takers(giver, valid_from).filter(pk=taker.pk).exists():
        raise Invalid("to_post", _("Choose a post of another officer, at the same unit or below it."))
    for field, text in (("reason", reason), ("document", document)):
        if not normalised(text):
            raise Invalid(field, _("A delegation states its reason and its document: fill in both."))
    delegation = Delegation.objects.create(
        from_post=giver,
        to_post=taker,
        rights=[right.value for right in Right if right in set(rights)],
        form=form_of(giver, taker, form),
        reason=normalised(reason),
        document=normalised(document),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    grants.hand_on(delegation)
    record(grants.delegation_entry(kinds.DELEGATION_GIVEN, delegation, by))
    return delegation


@transaction.atomic
def end(delegation: Delegation, *, by: Officer) -> Delegation:
    """End a delegation at once; by whoever gave it, who took it, or who manages the accounts of its unit.

    Raises PermissionDenied for anybody else, and Invalid when it has ended already.
    """
    today = clock.today()
    locked = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("from_post__officer", "from_post__unit", "to_post__officer", "to_post__unit")
        .get(pk=delegation.pk)
    )
    if not of_interest_to(by).filter(pk=locked.pk).exists():
        raise PermissionDenied(_("A delegation is ended by whoever gave or took it, or by an administrator."))
    if locked.has_ended(today):
        raise Invalid("delegation", _("This delegation has ended already."))
    grants.end_delegations([locked], today, by)
    return locked


def of_interest_to(officer: Officer) -> QuerySet[Delegation]:
    """Return the delegations that `officer` gave or took, and those of the units whose accounts they manage."""
    managed = grants.units_under(officer, Right.MANAGE_ACCOUNTS)
    mine = Q(from_post__officer=officer) | Q(to_post__officer=officer)
    every = Delegation.objects.filter(mine | Q(from_post__unit__in=managed))
    return every.select_related("from_post__officer", "from_post__unit", "to_post__officer", "to_post__unit")


def _check_rights(post: Appointment, rights: Collection[str]) -> None:
    wanted, held = set(rights), {right.value for right in ROLES[post.role].rights}
    if not wanted:
        raise Invalid("rights", _("Choose at least one right."))
    for right in sorted(wanted):
        if right not in held:
            raise Invalid("rights", _("“%(post)s” does not carry every right chosen."), post=post)
        if right not in DELEGABLE:
            raise Invalid("rights", _("“%(right)s” is not handed on."), right=Right(right).label)


def _check_days(giver: Appointment, taker: Appointment, start: date, end_: date) -> None:
    if start < clock.today():
        raise Invalid("valid_from", _("A delegation begins today at the earliest."))
    if not start < end_:
        raise Invalid("valid_to", _("A delegation lasts at least one day."))
    if (end_ - start).days > LONGEST:
        raise Invalid(
            "valid_to", _("A delegation lasts %(most)s days at most: appoint somebody instead."), most=LONGEST
        )
    for post in (giver, taker):
        if start < post.valid_from or (post.valid_to and end_ > post.valid_to):
            raise Invalid("valid_to", _("A delegation lies within the days of “%(post)s”."), post=post)
