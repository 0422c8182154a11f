"""The content of a file as canonical data: what a version freezes, and what a digest covers."""

from typing import Any

from history.canonical import digest
from nominations.file import File
from nominations.models import AwardDecision, DecisionLine, Evidence, Nomination, Nominee


def nomination_content(file: File) -> dict[str, Any]:
    """Return all that the unit submits, as plain data with stable order."""
    nomination = file.nomination
    uids = {nominee.pk: str(nominee.uid) for nominee in file.nominees}
    return {
        "nomination": str(nomination.uid),
        "unit": nomination.unit.code,
        "unit_name": nomination.unit.name,
        "letter": {"number": nomination.letter_number, "date": _iso(nomination.letter_date)},
        "summary": nomination.summary,
        "minutes": {
            "date": _iso(nomination.minutes_date),
            "present": nomination.members_present,
            "total": nomination.members_total,
        },
        "nominees": [_nominee(nominee, file) for nominee in file.nominees],
        "evidence": [_evidence(item, uids) for item in file.evidence],
    }


def decision_content(decision: AwardDecision, lines: list[DecisionLine]) -> dict[str, Any]:
    """Return the list as it is presented, signed and published, as plain data."""
    return {
        "decision": str(decision.uid),
        "round": {"programme": decision.round.programme.code, "year": decision.round.year},
        "lines": [
            {
                "nominee": line.snapshot,
                "rank": line.rank,
                "struck": line.struck,
                "reason": line.reason,
            }
            for line in lines
        ],
    }


def line_snapshot(nominee: Nominee) -> dict[str, Any]:
    """Return what a decision prints of a nominee, as it is now."""
    return {
        "uid": str(nominee.uid),
        "kind": nominee.kind,
        "name": nominee.name,
        "title": nominee.title,
        "unit": nominee.unit_name,
        "total": nominee.total,
        "direct_worker": nominee.is_direct_worker,
        "grassroots": nominee.is_grassroots,
        "file": nominee.nomination.reference,
    }


def seen_digest(subject: Nomination | AwardDecision) -> str:
    """Return the digest of what a page shows of a file or decision.

    The revision is raised by every edit and every act under the lock, so it stands for the
    content; a click that carries another digest acts on something the person did not see.
    """
    return digest({"uid": str(subject.uid), "state": str(subject.state), "revision": subject.revision})


def _nominee(nominee: Nominee, file: File) -> dict[str, Any]:
    return {
        "uid": str(nominee.uid),
        "kind": nominee.kind,
        "name": nominee.name,
        "title": nominee.title,
        "unit": nominee.unit_name,
        "identity": nominee.identity_hash,
        "officer": str(nominee.officer.uid) if nominee.officer else "",
        "body": nominee.body.code if nominee.body else "",
        "body_name": nominee.body.name if nominee.body else "",
        "from": _iso(nominee.achieved_from),
        "to": _iso(nominee.achieved_to),
        "report": nominee.report,
        "direct_worker": nominee.is_direct_worker,
        "grassroots": nominee.is_grassroots,
        "points": {
            criterion.code: file.points[nominee.pk, criterion.code]
            for criterion in file.criteria
            if (nominee.pk, criterion.code) in file.points
        },
    }


def _evidence(item: Evidence, uids: dict[int, str]) -> dict[str, Any]:
    return {
        "uid": str(item.uid),
        "kind": item.kind,
        "nominee": uids.get(item.nominee_id) if item.nominee_id else None,
        "name": item.name,
        "sha256": item.sha256,
        "size": item.size,
    }


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None
