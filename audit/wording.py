"""What an event says, in words: who did what, about what, from where to where, and why."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import kinds
from history.facts import Fact
from nominations.actions import DECISION_TABLE, NOMINATION_TABLE
from nominations.states import DecisionState, ReasonCode, State
from nominations.story import NAMED, OTHER_ACTS, answered, label

KINDS: dict[str, str | Promise] = {
    kinds.NOMINATION_OPENED: OTHER_ACTS["open"],
    kinds.NOMINATION_ACTED: gettext_lazy("Act on a file"),
    kinds.NOMINATION_RECUSED: gettext_lazy("Kept away from a file"),
    kinds.NOMINATION_READ: gettext_lazy("Read a file"),
    kinds.NOMINATION_CLOSED: gettext_lazy("A file was concluded"),
    kinds.DECISION_OPENED: gettext_lazy("Compiled the list"),
    kinds.DECISION_ACTED: gettext_lazy("Act on a decision"),
    kinds.DECISION_RECUSED: gettext_lazy("Kept away from a decision"),
    kinds.DECISION_READ: gettext_lazy("Read a decision"),
    kinds.ROUND_OPENED: gettext_lazy("Opened a round"),
    kinds.ROUND_EXTENDED: gettext_lazy("Extended a round"),
    kinds.ROUND_CLOSED: gettext_lazy("Closed a round"),
    kinds.RULES_CHANGED: gettext_lazy("Changed rules"),
    kinds.UNIT_CREATED: gettext_lazy("Created a unit"),
    kinds.UNIT_CHANGED: gettext_lazy("Changed a unit"),
    kinds.UNIT_ENDED: gettext_lazy("Ended a unit"),
    kinds.APPOINTMENT_MADE: gettext_lazy("Gave a post"),
    kinds.APPOINTMENT_PROPOSED: gettext_lazy("Proposed a post"),
    kinds.APPOINTMENT_CONFIRMED: gettext_lazy("Confirmed a post"),
    kinds.APPOINTMENT_REFUSED: gettext_lazy("Refused a post"),
    kinds.APPOINTMENT_ENDED: gettext_lazy("Ended a post"),
    kinds.GRANTS_EXPORTED: gettext_lazy("Exported the list of rights"),
    kinds.DELEGATION_GIVEN: gettext_lazy("Gave a delegation"),
    kinds.DELEGATION_ENDED: gettext_lazy("Ended a delegation"),
    kinds.TIE_DECLARED: gettext_lazy("Declared a tie"),
    kinds.TIE_ENDED: gettext_lazy("Ended a declared tie"),
    kinds.GRANT_MADE: gettext_lazy("Gave a right"),
    kinds.GRANT_ENDED: gettext_lazy("Ended a right"),
    kinds.OFFICER_CREATED: gettext_lazy("Made an account"),
    kinds.OFFICER_INVITED: gettext_lazy("Made a one-time link"),
    kinds.OFFICER_PASSWORD_SET: gettext_lazy("Set a password"),
    kinds.OFFICER_SIGNED_IN: gettext_lazy("Signed in to a decisive role"),
    kinds.OFFICER_LOCKED_OUT: gettext_lazy("Was locked out"),
    kinds.OFFICER_UNLOCKED: gettext_lazy("Unlocked an account"),
    kinds.OFFICER_SUSPENDED: gettext_lazy("Suspended an account"),
    kinds.OFFICER_RESTORED: gettext_lazy("Restored an account"),
    kinds.LEDGER_KEY: gettext_lazy("Introduced a signing key"),
    kinds.LEDGER_WITNESSED: gettext_lazy("Mailed a checkpoint to the witnesses"),
    kinds.LEDGER_EXPORTED: gettext_lazy("Exported from the history"),
    kinds.OUTBOX_RETRIED: gettext_lazy("A message that could not be delivered was tried again"),
    kinds.TEXT_ERASED: gettext_lazy("Erased a text by law"),
    kinds.EVIDENCE_STORED: gettext_lazy("Added a document"),
}
READINGS = (kinds.NOMINATION_READ, kinds.DECISION_READ, kinds.LEDGER_EXPORTED, kinds.GRANTS_EXPORTED)
EVIDENCE: dict[str, str | Promise] = {  # what a bundle was of
    "nomination": gettext_lazy("Took the evidence of a file"),
    "decision": gettext_lazy("Took the evidence of a decision, with the files behind it"),
    "all": gettext_lazy("Took the evidence of everything"),
}
NOBODY: dict[str, str | Promise] = {
    "system": gettext_lazy("The system"),
    "console": gettext_lazy("The server's console"),
}
STATES: dict[str, str | Promise] = {**dict(State.choices), **dict(DecisionState.choices)}
TABLES = {"nomination": NOMINATION_TABLE, "decision": DECISION_TABLE}


def actions() -> list[tuple[str, str]]:
    """Return the name of each act with its words; several steps may word it in their own way."""
    found: dict[str, dict[str, None]] = {}
    for table in TABLES.values():
        for row in table.values():
            found.setdefault(row.name, {})[str(row.label)] = None
    return sorted(((name, " / ".join(labels)) for name, labels in found.items()), key=lambda item: item[1])


def what(fact: Fact) -> str:
    """Return what was done, in the words of the table of acts."""
    if fact.about in TABLES and fact.action:
        return label(fact)
    if fact.data.get("document") and fact.kind == kinds.NOMINATION_READ:
        return _("Opened a document of a file")
    if fact.kind == kinds.LEDGER_EXPORTED:
        about = str(fact.data.get("subject", "")).partition(":")[0]
        return str(EVIDENCE.get(about, KINDS[fact.kind]))
    return str(KINDS[fact.kind])


def who(fact: Fact) -> str:
    """Return who did it, by the name of then."""
    if fact.actor in NOBODY:
        return str(NOBODY[fact.actor])
    said = fact.text.get("actor") or fact.text.get("by")
    if not said and fact.kind in (kinds.OFFICER_SIGNED_IN, kinds.OFFICER_PASSWORD_SET, kinds.TIE_DECLARED):
        said = fact.text.get("officer")
    return said or _("(name erased)")


def post(fact: Fact) -> str:
    """Return in which post and at which unit, as they were; for whom, under a delegation."""
    if fact.about not in ("nomination", "decision", "round"):
        return ""
    parts = [fact.text.get("position", ""), fact.text.get("unit", "")]
    if fact.text.get("behalf"):
        parts.append(_("for %(name)s") % {"name": fact.text["behalf"]})
    return ", ".join(part for part in parts if part)


def moved(fact: Fact) -> str:
    """Return from which state to which, if it changed."""
    if not fact.to_state or fact.to_state == fact.from_state:
        return ""
    names = [str(STATES.get(state, state)) for state in (fact.from_state, fact.to_state) if state]
    return " → ".join(names)


def why(fact: Fact) -> str:
    """Return the reason as it was given: the legal ground, the words, the document; which one was added."""
    if fact.kind == kinds.EVIDENCE_STORED:
        return str(fact.text.get("name", ""))
    parts = (answered(fact.data), *_reasons(fact.reason_code, fact.text))
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _reasons(code: str, text: Mapping[str, Any]) -> Iterator[str]:
    if code:
        yield str(ReasonCode(code).label)
    if isinstance(text.get("filters"), dict):
        yield ", ".join(str(value) for value in text["filters"].values())
    for name in (*NAMED, "note", "letter", "reason", "basis", "document"):
        if isinstance(text.get(name), str):
            yield text[name]
    for item in (*text.get("remarks", ()), *text.get("nominees", ()), *text.get("struck", ())):
        about = item.get("about") or item.get("nominee") or item.get("name") or ""
        said = item.get("text") or item.get("note") or item.get("reason") or ""
        if said:
            yield f"{about}: {said}" if about else said
