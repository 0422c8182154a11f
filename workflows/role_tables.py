"""The roles as tables for the documentation: what each may do, where it sits, and at which step."""

from collections.abc import Iterator

from django.utils import translation

from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS, Action, Seat
from permissions.catalogue import DELEGABLE, DEPUTIES, ROLES, Right, Role, UnitKind

SEATS = {
    Seat.HOLDER: "where it waits",
    Seat.PROPOSER: "at the proposing unit",
    Seat.HOME: "at Home Affairs",
    Seat.SENDER: "in the post that sent it",
}


def roles() -> str:
    """Return every role with the kinds of unit it sits on and its rights."""
    return _table("| Role | Name | Sits on | Rights |", (_role(role) for role in ROLES.values()))


def rights() -> str:
    """Return every right with who holds it, and whether it can be delegated."""
    return _table(
        "| Right | Name | Roles | Delegable |",
        (
            f"| `{right.value}` | {label(right.label)} | {_codes(_with(right)) or '–'} "
            f"| {'yes' if right in DELEGABLE else 'no'} |"
            for right in Right
        ),
    )


def steps() -> str:
    """Return role × right × step: at which step of which flow a role does what, held where."""
    rows = []
    for role in ROLES.values():
        for kind, actions in (("nomination", NOMINATION_ACTIONS), ("decision", DECISION_ACTIONS)):
            rows += _steps(role, kind, actions)
    return _table("| Role | Flow | Step | Right | Held | Acts |", rows)


def label(text: object) -> str:
    """Return a label of the catalogue in English, the language of the documentation."""
    with translation.override("en"):
        return str(text)


def _role(role: Role) -> str:
    sits = _codes(kind.value for kind in UnitKind if kind in role.sits_on)
    rights = _codes(right.value for right in Right if right in role.rights)
    deputy = f"; deputy of `{DEPUTIES[role.name]}`" if role.name in DEPUTIES else ""
    return f"| `{role.name}` | {label(role.label)}{deputy} | {sits} | {rights or '–'} |"


def _steps(role: Role, kind: str, actions: tuple[Action, ...]) -> Iterator[str]:
    found: dict[tuple[str, str, Seat], list[str]] = {}
    for action in actions:
        if action.right in role.rights:
            found.setdefault((action.source, str(action.right), action.seat), []).append(action.name)
    for (step, right, seat), names in found.items():
        yield f"| `{role.name}` | {kind} | `{step}` | `{right}` | {SEATS[seat]} | {_codes(names)} |"


def _with(right: Right) -> list[str]:
    return [role.name for role in ROLES.values() if right in role.rights]


def _codes(names: Iterator[str] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: str, rows: Iterator[str] | list[str]) -> str:
    rule = "|" + " --- |" * (head.count("|") - 1)
    return "\n".join([head, rule, *rows]) + "\n"
