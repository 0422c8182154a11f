"""What the engine writes into the ledger about an act: names as they were, in the same transaction."""

from collections.abc import Sequence
from typing import Any

from history import kinds
from history.ledger import Entry, record, record_many
from nominations.models import Nomination, Round
from nominations.transitions import Act, Done, Moved
from permissions.models import Appointment, Officer, Unit
from workflows.asking import Subject


def record_act(subject: Subject, before: str, unit: Unit, deed: Act, done: Done) -> None:
    """Append the event of one act on `subject`, which was at `unit` in the state `before`."""
    nomination = isinstance(subject, Nomination)
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
            data={"revision": subject.revision, **done.data},
            text={**_person(deed.actor, deed.post, unit), **done.text},
            **_ids(deed.actor, deed.post, unit),
        )
    )


def record_opening(
    subject: Subject, actor: Officer, post: Appointment, data: dict[str, Any] | None = None
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
                **(data or {}),
            },
            text=_person(actor, post, unit),
            **_ids(actor, post, unit),
        )
    )


def record_moved(
    moved: Sequence[Moved], actor: Officer, post: Appointment, unit: Unit, because: dict[str, str]
) -> None:
    """Append the event of each nomination that another act moved: a publication, the end of a round, a recall."""
    record_many(
        [
            Entry(
                stream=item.nomination.stream,
                kind=kinds.NOMINATION_CLOSED if item.nomination.holder is None else kinds.NOMINATION_ACTED,
                step=item.from_state,
                action=because["action"],
                from_state=item.from_state,
                to_state=item.nomination.state,
                data=because,
                text=_person(actor, post, unit),
                automatic=True,  # a consequence: the act itself is the publication or the closing
                **_ids(actor, post, unit),
            )
            for item in moved
        ]
    )


def record_round_closed(round: Round, actor: Officer, post: Appointment, unit: Unit, files: int) -> None:
    """Append the event of a closed round."""
    record(
        Entry(
            stream=f"round:{round.programme.code}:{round.year}",
            kind=kinds.ROUND_CLOSED,
            action="close_round",
            data={"files": files},
            text=_person(actor, post, unit),
            **_ids(actor, post, unit),
        )
    )


def _ids(actor: Officer, post: Appointment, unit: Unit) -> dict[str, str]:
    return {
        "actor": str(actor.uid),
        "post": str(post.uid),
        "role": post.role,
        "unit": unit.code,
    }


def _person(actor: Officer, post: Appointment, unit: Unit) -> dict[str, str]:
    return {"actor": actor.full_name, "position": post.position, "unit": unit.name}
