"""Who hears about which act: a table, and the notices it leads to."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nominations.models import Nomination
from nominations.states import State
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Officer
from workflows.models import Notice, OutboxMessage


@dataclass(frozen=True)
class Kind:
    """One kind of notice: its sentence, and the rights whose holders at the unit hear of it."""

    name: str
    sentence: str | Promise
    rights: tuple[Right, ...]


PROPOSER = (Right.PREPARE, Right.SIGN_PROPOSAL)

KINDS = {
    kind.name: kind
    for kind in (
        Kind("returned", _("The file was returned: correct it and submit it again."), PROPOSER),
        Kind(
            "sent_back", _("The head sent the draft back: correct it and present it again."), (Right.PREPARE,)
        ),
        Kind("rejected", _("The file was rejected; the legal ground and the reason stand in it."), PROPOSER),
        Kind("concluded", _("The file is concluded: see the outcome of each nominee."), PROPOSER),
    )
}

# What an act on a nomination makes known: (state after the act, action) → kind of notice.
BY_ACT: dict[tuple[str, str], str] = {
    (State.DRAFT, "return"): "returned",
    (State.DRAFT, "send_back"): "sent_back",
    (State.REJECTED, "reject"): "rejected",
    (State.CLOSED, "confirm"): "concluded",
}


def write(message: OutboxMessage) -> None:
    """Write the notices of a message to whoever should hear of it now.

    Idempotent: a message brings each officer at most one notice, however often it is delivered.
    """
    nomination = Nomination.objects.select_related("unit").get(pk=message.payload["nomination"])
    hears = Q()
    for right in KINDS[message.kind].rights:
        hears |= Q(pk__in=grants.holders(right, nomination.unit).values("pk"))
    Notice.objects.bulk_create(
        [
            Notice(message=message, officer=officer, kind=message.kind, nomination=nomination)
            for officer in Officer.objects.filter(hears).order_by("pk")
        ],
        ignore_conflicts=True,
    )
