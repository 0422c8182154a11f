"""When a unit ends: what becomes of each post there, decided by a person, recorded as one act, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from history import kinds
from history.ledger import Entry, record
from permissions import appointing, grants, units
from permissions.catalogue import DECISIVE, ROLES
from permissions.errors import Invalid
from permissions.models import Appointment, Officer, Unit, UnitParent, UnitSuccessor
from permissions.text import normalised

ENDS = "ends"  # the other choices are the keys of successors


@dataclass(frozen=True)
class Choice:
    """A post at the unit that reaches its last day, and where it can go on."""

    post: Appointment
    successors: tuple[Unit, ...]  # those on which the role may sit

    @property
    def decisive(self) -> bool:
        return self.post.role in DECISIVE


def successors_of(unit: Unit) -> list[Unit]:
    """Return the units recorded as carrying on for `unit`."""
    links = UnitSuccessor.objects.filter(old=unit).select_related("new").order_by("new__name_sort")
    return [link.new for link in links]


def choices(unit: Unit, on: date) -> list[Choice]:
    """Return the posts at `unit` that hold on the day before `on` and do not end earlier; two statements.

    A post that was cut at the unit's last day when it was given is among them: it too may move.
    """
    reach = Q(valid_to=None) | Q(valid_to__gte=on)
    posts = Appointment.objects.filter(reach, unit=unit, valid_from__lt=on).select_related("officer", "unit")
    after = successors_of(unit)
    return [
        Choice(post, tuple(unit for unit in after if unit.kind in ROLES[post.role].sits_on))
        for post in posts.order_by("officer__name_sort", "pk")
    ]


@transaction.atomic
def end_unit(
    unit: Unit, *, on: date, document: str, decided: Mapping[str, str], by: Officer
) -> tuple[int, int, int]:
    """End `unit` on the legal day `on`, each of its posts as `decided`; return how many ended, moved, are proposed.

    `decided` gives for the uid of each post `ENDS` or the key of a successor. A moved post begins at the
    successor on that day with the same role, position and holder; in a decisive role it is proposed and
    another administrator confirms. Old history keeps the old names: nothing of the past is rewritten.
    Raises PermissionDenied for a unit that `by` does not manage, and Invalid for a post without a
    choice, a missing document, or units that still stand below it.
    """
    if not appointing.managed_units(by).filter(pk=unit.pk).exists():
        raise PermissionDenied(
            _("The posts of %(unit)s are not managed by a post held today.") % {"unit": unit}
        )
    document = normalised(document)
    if not document:
        raise Invalid("document", _("A unit ends by a legal document: name it."))
    locked = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if on <= locked.valid_from or (locked.valid_to and locked.valid_to < on):
        raise Invalid("on", _("A unit ends after its first day, and not later than is recorded already."))
    _no_orphans(locked, on)
    wanted = choices(locked, on)
    moves = [(choice.post, _target(choice, decided, by)) for choice in wanted]
    if locked.valid_to != on:
        links = UnitParent.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=on), unit=locked, valid_from__lt=on
        )
        units.end_parents([(link, on) for link in links.select_related("unit", "parent")], by=by)
        units.change_unit(locked, by=by, valid_to=on)
    counts = _carry_out(moves, on, document, by)
    record(
        Entry(
            stream=f"unit:{locked.code}:{locked.valid_from.isoformat()}",
            kind=kinds.UNIT_ENDED,
            actor=str(by.uid),
            unit=locked.code,
            data={
                "on": on.isoformat(),
                "posts_ended": counts[0],
                "posts_moved": counts[1],
                "proposed": counts[2],
            },
            text={"name": locked.name, "document": document, "by": by.full_name},
        )
    )
    return counts


def _target(choice: Choice, decided: Mapping[str, str], by: Officer) -> Unit | None:
    wanted = decided.get(str(choice.post.uid), "")
    name = choice.post.officer.full_name
    if wanted == ENDS:
        return None
    found = next((unit for unit in choice.successors if str(unit.pk) == wanted), None)
    if found is None:
        raise Invalid(
            "decided",
            _("%(name)s, %(post)s: choose whether the post ends or moves."),
            name=name,
            post=choice.post,
        )
    if choice.post.officer_id == by.pk:
        raise Invalid(
            "decided", _("%(name)s: nobody moves their own post, another administrator does."), name=name
        )
    return found


def _carry_out(
    moves: Sequence[tuple[Appointment, Unit | None]], on: date, document: str, by: Officer
) -> tuple[int, int, int]:
    ended = moved = proposed = 0
    for post, target in moves:
        if post.valid_to is None or post.valid_to > on:
            grants.end_appointment(post, on=on, by=by, reason=document)
        if target is None:
            ended += 1
            continue
        try:
            given = appointing.appoint(
                post.officer,
                post.role,
                target,
                position=post.position,
                document=document,
                valid_from=on,
                by=by,
            )
        except ValidationError as error:
            raise Invalid(
                "decided", f"{post.officer.full_name}, {post}: {' '.join(error.messages)}"
            ) from error
        if isinstance(given, Appointment):
            moved += 1
        else:
            proposed += 1
    return ended, moved, proposed


def _no_orphans(unit: Unit, on: date) -> None:
    below = UnitParent.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), parent=unit).exclude(
        Q(unit__valid_to__isnull=False) & Q(unit__valid_to__lte=on)
    )
    names = list(below.values_list("unit__name", flat=True)[:5])
    if names:
        raise Invalid(
            "on",
            _(
                "Units still stand below it on that day (%(names)s): end them or give them another parent first."
            ),
            names=", ".join(names),
        )
