"""What stands after an act, for the ledger: enough to tell, years later and from the ledger alone, how a file was."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from nominations import rules
from nominations.models import AwardDecision, DecisionLine, Handling, Nomination, Nominee
from nominations.states import EDIT
from workflows.asking import Subject

# The acts on whose content others judge: who stands near to it is noted with them.
CONTENT = ("propose", "submit")
OUTCOME = ("assessment", "total", "outcome", "outcome_rank")  # what became of a nominee


def after(subject: Subject, nominees: Iterable[Nominee] | None = None) -> dict[str, Any]:
    """Return the facts of one file or decision as they stand; one statement, none where `nominees` are known."""
    if isinstance(subject, Nomination):
        if nominees is None:
            return after_each([subject])[subject.pk]
        return _after(
            subject, {str(item.uid): {name: getattr(item, name) for name in OUTCOME} for item in nominees}
        )
    return _after_decision(subject)


def after_each(nominations: Iterable[Nomination]) -> dict[int, dict[str, Any]]:
    """Return the facts of many nominations by key: where each waits, whose it is, and what became of whom."""
    files = {nomination.pk: nomination for nomination in nominations}
    outcomes: dict[int, dict[str, Any]] = defaultdict(dict)
    nominees = Nominee.objects.filter(nomination__in=files, present=True).order_by(
        "nomination", "position", "pk"
    )
    for nomination, uid, *values in nominees.values_list("nomination", "uid", *OUTCOME):
        outcomes[nomination][str(uid)] = dict(zip(OUTCOME, values, strict=True))
    return {pk: _after(file, outcomes[pk]) for pk, file in files.items()}


def judged(nomination: Nomination) -> list[Nominee]:
    """Return the nominees of a file with whom they are: their account, their body."""
    found = nomination.nominees.filter(present=True).select_related("officer", "body")
    return list(found.order_by("position", "pk"))


def _after(file: Nomination, nominees: dict[str, Any]) -> dict[str, Any]:
    return {
        "holder": file.holder.code if file.holder else "",
        "unit": file.unit.code,
        "version": file.version,
        "nominees": nominees,
    }


def parties(nominees: Iterable[Nominee]) -> list[dict[str, str]]:
    """Return who is judged, by what separation of duties looks at: the account, the identity, the body."""
    return [
        {
            "uid": str(nominee.uid),
            "kind": nominee.kind,
            "officer": str(nominee.officer.uid) if nominee.officer else "",
            "identity": nominee.identity_hash,
            "body": nominee.body.code if nominee.body else "",
            "name": nominee.name_search if nominee.kind == "collective" and not nominee.body else "",
        }
        for nominee in nominees
    ]


def authors(nomination: Nomination) -> list[str]:
    """Return who wrote at the draft: writing is no event of its own, but it makes an author."""
    written = Handling.objects.filter(nomination=nomination, action=EDIT).order_by("officer__uid")
    return [str(uid) for uid in written.values_list("officer__uid", flat=True).distinct()]


def _after_decision(decision: AwardDecision) -> dict[str, Any]:
    lines = DecisionLine.objects.filter(rules.on_the_list(), decision=decision)
    rows = lines.order_by("nominee__kind", "rank", "pk").values_list(
        "nominee__uid", "nominee__nomination__uid", "rank", "live"
    )
    return {
        "holder": decision.holder.code if decision.holder else "",
        "version": decision.version,
        "lines": [
            {"nominee": str(nominee), "file": str(file), "rank": rank, "live": live}
            for nominee, file, rank, live in rows
        ],
    }
