"""Every address of the site, from the resolver; and for each kind of id one that exists but is closed, and one that does not exist."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from audit.models import SavedSearch
from demo.models import Letter
from nominations.models import AwardDecision, Evidence, Nomination, NomineeList, SavedFilter
from permissions.models import Appointment, DeclaredTie, Delegation, Officer, PendingAppointment, Unit
from workflows.models import Batch, Notice, OutboxMessage

NOWHERE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its full name, the names of what it takes, and what it lays down itself.

    Two patterns of one name are told apart by what they lay down, which stands behind the name.
    """

    name: str
    takes: tuple[str, ...]
    given: dict[str, str] = field(default_factory=dict)


def every() -> list[Address]:
    """Return all named addresses; one without a name could not be tested and fails here."""
    return sorted(_walk(get_resolver(), ""), key=lambda address: address.name)


def _walk(resolver: URLResolver, space: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, inner)
        else:
            assert isinstance(pattern, URLPattern) and pattern.name, f"{pattern} has no name: give it one"
            given = {name: value for name, value in pattern.default_args.items() if isinstance(value, str)}
            yield Address(
                " ".join([f"{space}{pattern.name}", *given.values()]),
                tuple(pattern.pattern.converters or pattern.pattern.regex.groupindex),
                given,
            )


# What the id of an address names: the model whose uid (or key) it is. A new address with an id needs its row.
NAMES: dict[str, type] = {
    **dict.fromkeys(
        (
            "workflows:nomination", "workflows:act_nomination", "workflows:tick_nomination", "nominations:draft",
            "nominations:evidence_add", "workflows:explain_nomination", "workflows:recuse_nomination",
            "audit:evidence_nomination", "audit:file_timeline nomination", "audit:file_at nomination",
            "audit:file_compare nomination", "audit:file_signed nomination", "nominations:draft_keep",
            "nominations:draft_give_up", "nominations:rows_add", "nominations:rows_annotated",
            "nominations:rows_template", "nominations:rows_copy",
        ),
        Nomination,
    ),
    **dict.fromkeys(
        (
            "workflows:decision", "workflows:act_decision", "workflows:tick_decision", "workflows:explain_decision",
            "workflows:recuse_decision", "audit:evidence_decision", "audit:file_timeline decision", "audit:file_at decision",
            "audit:file_compare decision", "audit:file_signed decision", "nominations:award_decision",
        ),
        AwardDecision,
    ),
    **dict.fromkeys(("nominations:evidence", "nominations:evidence_words", "nominations:evidence_remove"), Evidence),
    **dict.fromkeys(("workflows:delegation", "workflows:delegation_end"), Delegation),
    **dict.fromkeys(("workflows:delegate", "permissions:post_end"), Appointment),
    **dict.fromkeys(
        (
            "permissions:officer", "permissions:invite", "permissions:unlock", "permissions:set_active",
            "permissions:post_new",
        ),
        Officer,
    ),
    **dict.fromkeys(("permissions:confirm_post", "permissions:refuse_post"), PendingAppointment),
    "permissions:tie_end": DeclaredTie,
    "audit:nomination_readings": Nomination,
    "audit:decision_readings": AwardDecision,
    "audit:officer_readings": Officer,
    "audit:search_forget": SavedSearch,
    "nominations:filter_drop": SavedFilter,
    "workflows:notice": Notice,
    **dict.fromkeys(("workflows:batch", "workflows:batch_go"), Batch),
    **dict.fromkeys(
        ("workflows:list", "workflows:list_write", "workflows:list_annotated", "workflows:list_drop"), NomineeList
    ),
    "demo_letter": Letter,
    "workflows:delivery_retry": OutboxMessage,
    **dict.fromkeys(("permissions:unit", "permissions:add_successor", "permissions:unit_end"), Unit),
}  # fmt: skip
# Open to everybody who signs in, or to nobody in particular: there is nothing to hide behind their ids.
OPEN = {
    "nominations:round", "nominations:round_change", "nominations:round_extend", "nominations:round_next",
    "nominations:criterion_change", "workflows:close_round", "password_set", "audit:finding",
    "nominations:overview_export",  # the name of a picture; it counts what one may read
    "workflows:guide",
    "workflows:list_template",  # the criteria of a round, which everybody may read
    "workflows:calendar_file",  # a secret nobody can guess
}  # fmt: skip


# Who is asked for a page until one may see it: each kind of reader there is.
READERS = (
    "clerk@commune", "unit_head@commune", "reviewer@district", "unit_head@district", "intake_officer@home",
    "appraiser@home", "head_of_division@home", "director@home", "office_clerk@office", "chairman@province",
    "records_clerk@office", "programme_administrator@home", "system_administrator@province", "auditor@province",
)  # fmt: skip


def places_of(address: Address, found: dict[type, list[Any]], world: Any) -> list[str]:
    """Return the paths of an address: one for each thing of its kind that was `found`; [] when it takes what nobody names."""
    if not address.takes:
        return [url(address)]
    if address.name in NAMES:
        return [url(address, thing) for thing in found[NAMES[address.name]]]
    return [url(address, world.round)] if address.takes == ("pk",) else []


def url(address: Address, thing: Any = None) -> str:
    """Return the address of `thing`; of what does not exist without one."""
    name = address.name.split()[0]
    if not address.takes:
        return reverse(name, kwargs=address.given or None)
    (key,) = address.takes
    if key == "pk":
        return reverse(name, kwargs={"pk": thing.pk if thing else 999_999_999})
    return reverse(name, kwargs={**address.given, key: thing.uid if thing else uuid.UUID(NOWHERE)})
