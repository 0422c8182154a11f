"""Readings by auditors are recorded: who opened which file, decision or document, and when."""

from django.db import transaction
from django.db.models import Case, Q

from history import kinds
from history.ledger import Entry, record
from nominations import rules
from nominations.models import AwardDecision, Nomination
from permissions import grants
from permissions.catalogue import Right
from permissions.models import Officer

# Which unit an auditor must stand at or above, by what is read.
SCOPES = {Nomination: "unit", AwardDecision: "round__programme__deciding_unit"}


def by_audit(officer: Officer, model: type[Nomination] | type[AwardDecision]) -> Case:
    """Return the column that says whether a row of `model` is in the officer's scope as an auditor."""
    return rules.true_if(scope(officer, model))


def scope(officer: Officer, model: type[Nomination] | type[AwardDecision]) -> Q:
    """Return the rows of `model` that the officer reads as an auditor."""
    return Q(**{f"{SCOPES[model]}__in": grants.units_under(officer, Right.AUDIT)})


def note(officer: Officer, subject: Nomination | AwardDecision, *, document: str = "") -> None:
    """Record that an auditor opened `subject`, or the document `document` of it (its uid).

    One stream an officer, so that what somebody read can be listed and nothing be left out; it is
    no part of the file's own story.
    """
    nomination = isinstance(subject, Nomination)
    with transaction.atomic():
        record(
            Entry(
                stream=f"readings:{officer.uid}",
                kind=kinds.NOMINATION_READ if nomination else kinds.DECISION_READ,
                actor=str(officer.uid),
                role="auditor",
                step=subject.state,
                data={"subject": subject.stream} | ({"document": document} if document else {}),
                text={"actor": officer.full_name, "subject": subject.reference},
            )
        )
