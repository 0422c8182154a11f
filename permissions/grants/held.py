"""Who holds which right at which unit on which legal day: every question about grants."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _

from history import clock
from permissions.models import Appointment, Delegation, Officer, Unit, UnitClosure, UnitGrant


def units_where(
    officer: Officer, right: str, *, post: Appointment | None = None, day: date | None = None
) -> QuerySet:
    """Return the ids of the units at which `officer` holds `right`, to be used as a subquery.

    `post` narrows to one appointment; `day` is a legal day (default: today). An inactive
    officer holds nothing.
    """
    held = UnitGrant.objects.on(day or clock.today()).filter(
        user=officer, user__is_active=True, permission__codename=right
    )
    if post is not None:
        held = held.filter(appointment=post)
    return held.values("content_object")


def units_under(officer: Officer, right: str, *, day: date | None = None) -> QuerySet:
    """Return the ids of the units at or below which `officer` holds `right` (a subquery).

    A unit that has ended stays below its former ancestors: old files remain in scope.
    """
    ancestors = units_where(officer, right, day=day)
    return UnitClosure.objects.filter(ancestor__in=ancestors).values("unit")


def rights_anywhere(officer: Officer, *, day: date | None = None) -> set[str]:
    """Return the rights that `officer` holds at any unit on the legal day `day`."""
    held = UnitGrant.objects.on(day or clock.today()).filter(user=officer, user__is_active=True)
    return set(held.values_list("permission__codename", flat=True).distinct())


def units_by_right(officer: Officer, *, day: date | None = None) -> dict[str, list[int]]:
    """Return the keys of the units at which `officer` holds each right on the legal day `day`; one statement."""
    held = UnitGrant.objects.on(day or clock.today()).filter(user=officer, user__is_active=True)
    rows = (
        held.order_by()
        .values_list("permission__codename")
        .annotate(units=ArrayAgg("content_object", distinct=True))
    )
    return dict(rows)


def rights_at(officer: Officer, unit: Unit, *, day: date | None = None) -> set[str]:
    """Return the rights that `officer` holds at `unit` on the legal day `day`."""
    held = UnitGrant.objects.on(day or clock.today()).filter(
        user=officer, user__is_active=True, content_object=unit
    )
    return set(held.values_list("permission__codename", flat=True))


def units_with_any(officer: Officer, rights: Iterable[str]) -> QuerySet:
    """Return the ids of the units at which `officer` holds one of `rights` today (a subquery)."""
    held = UnitGrant.objects.on(clock.today()).filter(user=officer, user__is_active=True)
    return held.filter(permission__codename__in=list(rights)).order_by().values("content_object")


def posts_with(officer: Officer, right: str, unit: Unit, *, day: date | None = None) -> QuerySet[Appointment]:
    """Return the posts in which `officer` holds `right` at `unit` today: their own first, then the oldest.

    A post of somebody else is among them while that right of it is delegated to the officer.
    """
    day = day or clock.today()
    held = UnitGrant.objects.on(day).filter(
        user=officer, user__is_active=True, permission__codename=right, content_object=unit
    )
    own_first = Case(When(officer=officer, then=0), default=1)
    posts = Appointment.objects.filter(pk__in=held.values("appointment")).select_related("unit", "officer")
    return posts.order_by(own_first, "valid_from", "pk")


def posts_by_right(officer: Officer, units: Iterable[Unit]) -> dict[tuple[int, str], list[Appointment]]:
    """Return the posts in which `officer` holds a right at one of `units` today; one statement.

    Their own first, then those of which it is delegated; each oldest first. The keys are (primary key of the unit, right).
    """
    held = UnitGrant.objects.on(clock.today()).filter(
        user=officer, user__is_active=True, content_object__in={unit.pk for unit in units}
    )
    found: dict[tuple[int, str], list[Appointment]] = {}
    rows = held.select_related("appointment__unit", "appointment__officer", "permission")
    own_first = Case(When(delegation=None, then=0), default=1)
    for grant in rows.order_by(own_first, "appointment__valid_from", "appointment"):
        posts = found.setdefault((grant.content_object_id, grant.permission.codename), [])
        if grant.appointment not in posts:
            posts.append(grant.appointment)
    return found


def posts_for(officers: Iterable[Officer], right: str, unit: Unit) -> dict[int, Appointment]:
    """Return by officer's key the first post in which each holds `right` at `unit` today; one statement."""
    held = UnitGrant.objects.on(clock.today()).filter(
        user__in=officers, permission__codename=right, content_object=unit
    )
    own_last = Case(When(delegation=None, then=1), default=0)
    rows = held.select_related("appointment__unit").order_by(own_last, "-appointment__valid_from")
    return {grant.user_id: grant.appointment for grant in rows}  # their own, and the oldest, wins


def post_with(officer: Officer, right: str, unit: Unit) -> Appointment:
    """Return the first post in which `officer` holds `right` at `unit` today (`posts_with`).

    Raises PermissionDenied when there is none.
    """
    post = posts_with(officer, right, unit).first()
    if post is None:
        raise PermissionDenied(_("No post held today carries this right at %(unit)s.") % {"unit": unit})
    return post


def holders(right: str, unit: Unit, *, day: date | None = None) -> QuerySet[Officer]:
    """Return the active persons who hold `right` at `unit` on the legal day `day`; no account that works by itself."""
    held = UnitGrant.objects.on(day or clock.today()).filter(permission__codename=right, content_object=unit)
    return Officer.objects.filter(is_active=True, is_automatic=False, pk__in=held.values("user"))


def officers_with_posts(*, day: date | None = None) -> QuerySet[Officer]:
    """Return the active officers who hold any right at any unit on the legal day `day`."""
    held = UnitGrant.objects.on(day or clock.today()).values("user")
    return Officer.objects.filter(is_active=True, pk__in=held)


def posts_of(officer: Officer, *, day: date | None = None) -> QuerySet[Appointment]:
    """Return the posts that `officer` holds on the legal day `day` (default: today)."""
    return Appointment.objects.on(day or clock.today()).filter(officer=officer).select_related("unit")


def delegation_behind(officer: Officer, right: str | None, post: Appointment) -> Delegation | None:
    """Return the delegation by which `officer` holds `right` of `post` today; None in a post of their own.

    Without a right it is any: what one sent under a delegation one takes back under it.
    """
    if post.officer_id == officer.pk:
        return None
    held = UnitGrant.objects.on(clock.today()).filter(user=officer, user__is_active=True, appointment=post)
    if right is not None:
        held = held.filter(permission__codename=right)
    found = held.exclude(delegation=None).select_related("delegation__to_post", "delegation__from_post")
    grant = found.order_by("-delegation").first()
    return grant.delegation if grant else None


def hold(officer: Officer, post: Appointment, lent: Delegation | None) -> None:
    """Let neither the post nor the account nor the delegation end before the act under way is committed.

    Whoever ends one of them waits for the act, or the act for them; two acts do not wait for each
    other. So the ledger never holds an act after the end of what it was done by. In a transaction;
    raises PermissionDenied when it has ended meanwhile.
    """
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 1 FROM permissions_appointment AS post
            JOIN permissions_officer AS actor ON actor.id = %s
            WHERE post.id = %s AND actor.is_active AND post.valid_from <= %s
              AND (post.valid_to IS NULL OR post.valid_to > %s)
            FOR SHARE OF post, actor
            """,
            [officer.pk, post.pk, today, today],
        )
        stands = cursor.fetchone() is not None
        if stands and lent is not None:
            cursor.execute(
                """
                SELECT 1 FROM permissions_delegation WHERE id = %s AND valid_from <= %s
                AND (valid_to IS NULL OR valid_to > %s) FOR SHARE
                """,
                [lent.pk, today, today],
            )
            stands = cursor.fetchone() is not None
    if not stands:
        raise PermissionDenied(_("The post in which this would be done has just ended."))


def acting_posts(officer: Officer) -> QuerySet[Appointment]:
    """Return the posts in which `officer` may act today: their own, and those of which they hold a delegation."""
    today = clock.today()
    lent = Delegation.objects.on(today).filter(to_post__officer=officer).values("from_post")
    return Appointment.objects.on(today).filter(Q(officer=officer) | Q(pk__in=lent)).select_related("unit")
