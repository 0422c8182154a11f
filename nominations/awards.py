"""What the province has published: who was commended, by which decision; nothing beyond what the decision prints."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from nominations.models import AwardDecision, DecisionLine
from nominations.signatures import written
from nominations.states import DecisionState
from permissions.text import search_key

WITH = ("decision__round__programme", "decision__register_number__register")


@dataclass(frozen=True)
class Award:
    """One line of a published decision, as it was printed."""

    name: str
    title: str
    unit: str
    kind: str
    decision: AwardDecision


def published() -> QuerySet[DecisionLine]:
    """Return the lines that stand on published decisions, the newest decision first, each list in its order."""
    lines = DecisionLine.objects.filter(live=True, decision__state=DecisionState.PUBLISHED)
    return lines.select_related(*WITH).order_by(
        "-decision__published_on", "-decision", "nominee__kind", "rank", "pk"
    )


def years() -> list[int]:
    """Return the years of rounds with a published decision, the latest first; one statement."""
    found = AwardDecision.objects.filter(state=DecisionState.PUBLISHED).order_by("-round__year")
    return list(found.values_list("round__year", flat=True).distinct())


def narrowed(
    lines: QuerySet[DecisionLine], *, words: str, unit: str, year: int | None
) -> QuerySet[DecisionLine]:
    """Return the lines with these words in the name, and in the name of the unit; in any case, without diacritics."""
    query = Q()
    if words:
        query &= Q(nominee__name_search__contains=search_key(words))
    if unit:
        query &= Q(nominee__nomination__unit__name_search__contains=search_key(unit))
    if year:
        query &= Q(decision__round__year=year)
    return lines.filter(query)


def award(line: DecisionLine) -> Award:
    """Return what is printed of a line: never a point, a rank, a reason or a number of identity."""
    told = line.snapshot
    return Award(told["name"], told["title"], told["unit"], told["kind"], line.decision)


def decisions() -> QuerySet[AwardDecision]:
    """Return the published decisions with their lists as printed; two statements, however many lines."""
    lines = Prefetch("lines", published(), to_attr="printed")
    found = AwardDecision.objects.filter(state=DecisionState.PUBLISHED)
    return found.select_related("round__programme", "register_number__register").prefetch_related(lines)


def signature(decision: AwardDecision) -> str:
    """Return who signed it, with the position in which it was signed."""
    position = written(decision.signed_form, decision.signed_for, decision.signed_position)
    return f"{position}: {decision.signed_by_name}"
