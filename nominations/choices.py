"""What a person chooses for an act: a body, a successor, an officer, a line, a place, the winners of a tie."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nominations import ranking
from nominations.models import DecisionLine, Nominee
from nominations.payloads import note
from nominations.ranking import Tie
from permissions import received
from permissions.catalogue import REVIEWERS
from permissions.models import Officer, Unit, UnitSuccessor


def bodies(day: date) -> QuerySet[Unit]:
    """Return the bodies that may review files on the legal day `day`."""
    return Unit.objects.on(day).filter(kind__in=REVIEWERS)


def body(payload: Mapping[str, Any], day: date) -> tuple[Unit, str]:
    """Return the body named by its key, and the reason in words."""
    unit, text = body_or_intake(payload, day)
    if unit is None:
        raise ValidationError({"unit": _("Choose the body to which the file belongs.")})
    return unit, text


def body_or_intake(payload: Mapping[str, Any], day: date) -> tuple[Unit | None, str]:
    """Return the body named by its key, None for straight to intake, and the reason in words."""
    text = note(payload)
    if not payload.get("unit"):
        return None, text
    unit = bodies(day).filter(pk=received.key(payload, "unit") or 0).first()
    if unit is None:
        raise ValidationError({"unit": _("Choose the body to which the file belongs.")})
    return unit, text


def successors_of(unit: Unit, day: date) -> list[Unit]:
    """Return the units recorded as carrying on for `unit`, those that exist on the legal day `day`."""
    found: list[Unit] = []
    wanted: list[Any] = [unit.pk]
    while wanted:  # a successor may itself have been succeeded
        links = UnitSuccessor.objects.filter(old__in=wanted, on__lte=day).select_related("new")
        news = [new for new in dict.fromkeys(link.new for link in links) if new not in found]
        found += news
        wanted = [new.pk for new in news if new.has_ended(day)]
    return [new for new in found if not new.has_ended(day)]


def successor(payload: Mapping[str, Any], successors: Sequence[Unit]) -> tuple[Unit, str]:
    """Return which of the recorded successors carries on, and the reason in words."""
    text = note(payload)
    if not successors:
        raise ValidationError(
            {"unit": _("No unit is recorded as the successor: the administrator of units records it first.")}
        )
    key = str(payload.get("unit") or "")
    found = next((unit for unit in successors if str(unit.pk) == key), None)
    if found is None:
        raise ValidationError({"unit": _("Choose the unit that carries on.")})
    return found, text


def officer(payload: Mapping[str, Any], able: Sequence[Officer]) -> Officer:
    """Return the officer chosen by uid; only somebody who may do the work on this file."""
    uid = str(payload.get("assignee") or "")
    found = next((item for item in able if str(item.uid) == uid), None)
    if found is None:
        raise ValidationError({"assignee": _("Choose an officer who may handle this file at this step.")})
    return found


def line(payload: Mapping[str, Any], lines: Sequence[DecisionLine]) -> tuple[DecisionLine, str]:
    """Return the line chosen by its nominee's uid, and the reason in words."""
    text = note(payload)
    return _line(payload, lines), text


def place(payload: Mapping[str, Any], lines: Sequence[DecisionLine]) -> tuple[DecisionLine, int, str]:
    """Return a line, its new place among its equals, and the reason in words."""
    text = note(payload)
    chosen = _line(payload, lines)
    places = [item.rank for item in lines if ranking.equal(item, chosen) and item != chosen]
    wanted = received.key(payload, "place")
    if not places:
        raise ValidationError({"line": _("Nobody has the same points: the order is by points.")})
    if wanted not in places:
        raise ValidationError(
            {
                "place": _("Only equals change places: choose %(places)s.")
                % {"places": ", ".join(str(rank) for rank in places)}
            }
        )
    return chosen, wanted, text


def tie(payload: Mapping[str, Any], ties: Sequence[Tie]) -> tuple[Tie, list[Nominee], str]:
    """Return the tie that is decided, who of it goes onto the list, and the reason in words."""
    text = note(payload)
    chosen = {str(uid) for uid in payload.get("chosen") or ()}
    for found in ties:
        members = {str(nominee.uid): nominee for nominee in found.members}
        if chosen and chosen <= members.keys():
            if len(chosen) != found.places:
                raise ValidationError(
                    {"chosen": _("Choose exactly %(places)s of them.") % {"places": found.places}}
                )
            return found, [members[uid] for uid in members if uid in chosen], text
    raise ValidationError({"chosen": _("Choose among the nominees who contend for the last places.")})


def _line(payload: Mapping[str, Any], lines: Sequence[DecisionLine]) -> DecisionLine:
    uid = str(payload.get("line") or "")
    found = next((item for item in lines if str(item.nominee.uid) == uid), None)
    if found is None:
        raise ValidationError({"line": _("Choose a line of the list.")})
    return found
