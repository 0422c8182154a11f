"""Which kinds of event a stream tells of, and what moves a file or decision: nothing is learned from anything else."""

from typing import Any

# By what stands before the key of a stream; one without a colon is the only one of its name.
STREAMS: dict[str, set[str]] = {
    "nomination:": {"nomination.opened", "nomination.acted", "nomination.recused", "nomination.closed", "evidence.stored"},
    "decision:": {"decision.opened", "decision.acted", "decision.recused"},
    "readings:": {"nomination.read", "decision.read", "ledger.exported"},
    "programme:": {"rules.changed"},
    "round:": {"round.opened", "round.extended", "round.closed", "rules.changed"},
    "procedure": {"rules.changed"},
    "deadlines": {"rules.changed"},
    "calendar": {"rules.changed"},
    "outbox": {"outbox.retried"},
    "separation": {"rules.changed"},
    "unit:": {"unit.created", "unit.changed", "unit.ended"},
    "officer:": {
        "officer.created", "officer.invited", "officer.password_set", "officer.signed_in", "officer.locked_out",
        "officer.unlocked", "officer.suspended", "officer.restored", "appointment.proposed", "appointment.confirmed",
        "appointment.refused", "appointment.made", "appointment.ended", "grant.made", "grant.ended", "grants.exported",
        "tie.declared", "tie.ended",
    },
    "delegation:": {"delegation.given", "delegation.ended"},
    "ledger": {"ledger.key", "ledger.witnessed"},
    "erasures": {"text.erased"},
}  # fmt: skip
ACTS = {"nomination.opened", "nomination.acted", "nomination.closed", "decision.opened", "decision.acted"}
BESIDE = {"nomination.recused": "recuse", "decision.recused": "recuse", "evidence.stored": "attach"}


def belongs(kind: str, stream: str) -> bool:
    """Check that an event of this kind has its place in such a stream."""
    about, colon, key = stream.partition(":")
    return kind in STREAMS.get(about + colon, ()) and bool(key) == bool(colon)


def moves_nothing(event: dict[str, Any]) -> bool:
    """Check that an event leads nowhere and freezes nothing, and is called what its kind is called on a file."""
    moved = event["from_state"] or event["to_state"] or event["content_digest"] or "after" in event["data"]
    return not moved and event["action"] == BESIDE.get(event["kind"], event["action"])
