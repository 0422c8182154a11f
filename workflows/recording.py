"""What the engine writes into the ledger about an act: names as they were, in the same transaction."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from history import kinds
from history.ledger import Entry, record, record_many
from nominations.models import Nomination, Round
from nominations.signatures import Signature, signed
from nominations.transitions import Act, Done, Moved
from permissions.models import Appointment, Delegation, Officer, Unit
from workflows import facts
from workflows.asking import Subject


def record_act(
    subject: Subject, before: str, was_due: date | None, unit: Unit, deed: Act, done: Done
) -> None:
    """Append the event of one act on `subject`, which was at `unit` in the state `before`, due on the day `was_due`."""
    nomination = isinstance(subject, Nomination)
    content: dict[str, Any] = {}
    text = {**_person(deed.signature, unit), **done.text}
    nominees = None
    if isinstance(subject, Nomination) and deed.action.name in facts.CONTENT:
        nominees = facts.judged(subject)
        content["authors"] = facts.authors(subject)
        text["parties"] = facts.parties(nominees)
    record(
        Entry(
            stream=subject.stream,
            kind=kinds.NOMINATION_ACTED if nomination else kinds.DECISION_ACTED,
            step=before,
            action=deed.action.name,
            from_state=before,
            to_state=subject.state,
            reason_code=done.reason_code,
            content_digest=done.content_digest,
            data={
                "revision": subject.revision,
                **_lent(deed.delegation),
                **done.data,
                **content,
                **({"deemed": dict(deed.deemed)} if deed.deemed else {}),
                **({"was_due": was_due.isoformat()} if was_due else {}),
                **_due(subject),
                "after": facts.after(subject, nominees),
            },
            text=text,
            automatic=deed.deemed is not None,
            **_ids(deed.actor, deed.post, unit, deed.delegation),
        )
    )


def record_opening(
    subject: Subject,
    actor: Officer,
    post: Appointment,
    lent: Delegation | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Append the first event of a nomination or decision."""
    nomination = isinstance(subject, Nomination)
    unit = subject.holder
    record(
        Entry(
            stream=subject.stream,
            kind=kinds.NOMINATION_OPENED if nomination else kinds.DECISION_OPENED,
            action="open",
            to_state=subject.state,
            data={
                "round": {"programme": subject.round.programme.code, "year": subject.round.year},
                "reference": subject.reference,
                **_lent(lent),
                **(data or {}),
                **_due(subject),
                "after": facts.after(subject),
            },
            text=_person(signed(actor, post, None, lent), unit),
            **_ids(actor, post, unit, lent),
        )
    )


def record_moved(
    moved: Sequence[Moved],
    actor: Officer,
    post: Appointment,
    unit: Unit,
    because: dict[str, str],
    lent: Delegation | None = None,
) -> None:
    """Append the event of each nomination that another act moved: a publication, the end of a round, a recall."""
    if not moved:
        return
    signature = signed(actor, post, None, lent)
    after = facts.after_each([item.nomination for item in moved])
    record_many(
        [
            Entry(
                stream=item.nomination.stream,
                kind=kinds.NOMINATION_CLOSED if item.nomination.holder is None else kinds.NOMINATION_ACTED,
                step=item.from_state,
                action=because["action"],
                from_state=item.from_state,
                to_state=item.nomination.state,
                data={**because, **_lent(lent), **_due(item.nomination), "after": after[item.nomination.pk]},
                text=_person(signature, unit),
                automatic=True,  # a consequence: the act itself is the publication or the closing
                **_ids(actor, post, unit, lent),
            )
            for item in moved
        ]
    )


def record_round_closed(
    round: Round, actor: Officer, post: Appointment, unit: Unit, files: int, lent: Delegation | None = None
) -> None:
    """Append the event of a closed round."""
    record(
        Entry(
            stream=f"round:{round.programme.code}:{round.year}",
            kind=kinds.ROUND_CLOSED,
            action="close_round",
            data={"files": files, **_lent(lent)},
            text=_person(signed(actor, post, None, lent), unit),
            **_ids(actor, post, unit, lent),
        )
    )


def record_recusal(subject: Subject, officer: Officer, reason: str) -> None:
    """Append that `officer` keeps away from `subject`; it needs no post: nothing is decided.

    A file in their hands was given free, which the ledger says too.
    """
    nomination = isinstance(subject, Nomination)
    record(
        Entry(
            stream=subject.stream,
            kind=kinds.NOMINATION_RECUSED if nomination else kinds.DECISION_RECUSED,
            actor=str(officer.uid),
            step=subject.state,
            action="recuse",
            text={"actor": officer.full_name, "note": reason},
        )
    )


def _ids(actor: Officer, post: Appointment, unit: Unit, lent: Delegation | None) -> dict[str, str]:
    """The opaque identities of an event; under a delegation also whose power it is."""
    return {
        "actor": str(actor.uid),
        "behalf": str(post.officer.uid) if lent else "",
        "post": str(post.uid),
        "role": post.role,
        "unit": unit.code,
    }


def _due(subject: Subject) -> dict[str, str]:
    """Until when the step to which it came is due, as it was counted then."""
    return {"due": subject.due.isoformat()} if subject.due else {}


def _lent(lent: Delegation | None) -> dict[str, str]:
    return {"delegation": str(lent.uid)} if lent else {}


def _person(signature: Signature, unit: Unit) -> dict[str, str]:
    """Names and positions as they were, in the form in which the act is signed."""
    named = {"actor": signature.name, "position": signature.written, "unit": unit.name}
    return named | ({"behalf": signature.head_name} if signature.head_name else {})
