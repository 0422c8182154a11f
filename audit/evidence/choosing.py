"""Which events belong to the evidence of a file, of a decision, or of everything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from history import extract, keys, kinds
from nominations import procedure, separation_rules
from nominations.models import AwardDecision, Nomination

# What an auditor checks a role by: the post itself; and, where they audit the province, how a decisive one came about,
# and whether the account was open.
POST = (kinds.APPOINTMENT_MADE, kinds.APPOINTMENT_ENDED)
PROPOSAL = (kinds.APPOINTMENT_PROPOSED, kinds.APPOINTMENT_CONFIRMED, kinds.APPOINTMENT_REFUSED)
ACCOUNT = (kinds.OFFICER_SUSPENDED, kinds.OFFICER_RESTORED)
LISTING = (kinds.DECISION_OPENED, kinds.DECISION_ACTED)
UNIT = (kinds.UNIT_CREATED, kinds.UNIT_CHANGED, kinds.UNIT_ENDED)


@dataclass(frozen=True)
class Subject:
    """What evidence is given of: a nomination, a decision, or everything."""

    about: str
    stream: str = ""
    reference: str = ""


EVERYTHING = Subject("all")


@dataclass(frozen=True)
class Chosen:
    """Events by their places in the log, and the streams that are told from their first event to the last."""

    leaves: Sequence[int]
    streams: frozenset[str]
    listed: frozenset[str]  # the files and decisions whose contents and attachments go along

    @property
    def whole(self) -> bool:
        """Whether it is the whole log: then nothing needs a proof of its own."""
        return isinstance(self.leaves, range)


def subject_of(row: Nomination | AwardDecision) -> Subject:
    """Return a file or a decision as the subject of evidence."""
    return Subject("nomination" if isinstance(row, Nomination) else "decision", row.stream, row.reference)


def choose(subject: Subject, size: int, *, personnel: bool) -> Chosen:
    """Choose from the log of `size` events, however many have come since.

    The posts of the acts belong to the proof. How the officers came to them, and why an account was closed, is for
    those who audit the province: `personnel` says whether it goes along.
    """
    if subject == EVERYTHING:
        return Chosen(range(size), frozenset(), frozenset())
    listed = {subject.stream}
    if subject.about == "decision":
        listed |= _files_behind(_events(extract.leaves(size, stream=subject.stream)))
    acts = _events(extract.leaves(size, stream__in=listed))
    streams = listed | _rules_of(acts) | {f"delegation:{uid}" for uid in _lent(acts)}
    found = set(extract.leaves(size, stream__in=streams)) | _posts(acts, streams, size)
    if personnel:
        found |= _personnel(acts, size)
    found |= set(extract.leaves(size, kind__in=UNIT, unit__in={act["unit"] for act in acts}))
    return Chosen(sorted(_with_erasures(found, size)), frozenset(streams), frozenset(listed))


def _events(leaves: Iterable[int]) -> list[dict[str, Any]]:
    return [item.event for item in extract.taken(leaves)]


def _files_behind(acts: list[dict[str, Any]]) -> set[str]:
    """The files of those whom the decision presents, as its last event tells it."""
    lists = (act["data"].get("after", {}) for act in acts if act["kind"] in LISTING)
    told = [after["lines"] for after in lists if "lines" in after]
    return {f"nomination:{line['file']}" for line in told[-1]} if told else set()


def _rules_of(acts: list[dict[str, Any]]) -> set[str]:
    """The streams of what was laid down for everybody: programme, round, procedure, separation; and of the keys."""
    rounds = [act["data"]["round"] for act in acts if "round" in act["data"]]
    return {
        keys.STREAM,
        procedure.STREAM,
        separation_rules.STREAM,
        *(f"programme:{opened['programme']}" for opened in rounds),
        *(f"round:{opened['programme']}:{opened['year']}" for opened in rounds),
    }


def _lent(acts: list[dict[str, Any]]) -> set[str]:
    return {act["data"]["delegation"] for act in acts if "delegation" in act["data"]}


def _posts(acts: list[dict[str, Any]], streams: set[str], size: int) -> set[int]:
    """The posts in which the acts were done, and those to which one was lent."""
    lendings = _events(extract.leaves(size, stream__in={s for s in streams if s.startswith("delegation:")}))
    posts = {act["post"] for act in acts} | {item["data"]["to_post"] for item in lendings}
    return set(extract.leaves(size, stream__in=_officers(acts), kind__in=POST, post__in=posts - {""}))


def _personnel(acts: list[dict[str, Any]], size: int) -> set[int]:
    """How the officers came to their roles, and when their accounts were closed."""
    roles = {act["role"] for act in acts} - {""}
    found = extract.leaves(size, stream__in=_officers(acts), kind__in=PROPOSAL, role__in=roles)
    return {*found, *extract.leaves(size, stream__in=_officers(acts), kind__in=ACCOUNT)}


def _officers(acts: list[dict[str, Any]]) -> set[str]:
    return {f"officer:{uid}" for act in acts for uid in (act["actor"], act["behalf"]) if uid}


def _with_erasures(found: set[int], size: int) -> set[int]:
    """Add the events that tell of erased texts: without one an empty text is a fault."""
    fresh = found
    while fresh:
        events = extract.taken(sorted(fresh))
        erased = [
            item.event["text_digest"] for item in events if item.text is None and item.event["text_digest"]
        ]
        told = extract.leaves(size, kind=kinds.TEXT_ERASED, data__text__in=erased) if erased else []
        fresh = set(told) - found
        found = found | fresh
    return found
