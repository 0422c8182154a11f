"""Does an event stand where one of its kind belongs, and say nothing else? Whatever it may not say, others would learn."""

from typing import Any

from django.utils.translation import gettext as _

from audit import law
from history.facts import Fact


def shape_faults(fact: Fact) -> list[str]:
    """Return why an event in its own stream is not of the shape of its kind."""
    called = fact.action in law.CALLED.get(fact.kind, {""})
    if fact.kind in law.BEGINS:
        fits = called and _opens(fact)
    elif fact.kind in law.ACTS:
        fits = _moves(fact)
    else:
        fits = called and _moves_nothing(fact)
    if fits and (fact.kind in law.FOLLOWS or not fact.automatic):
        return []
    return [_("it says what no event of its kind says")]


def _moves(fact: Fact) -> bool:
    """From a state to a state; what follows by itself freezes nothing, and where it ends a file it is called so."""
    follows = fact.automatic and "deemed" not in fact.data
    if follows and fact.about == "decision":
        return False  # nothing that another act does moves a decision
    ended = fact.automatic and fact.to_state in law.ENDED
    moves = bool(fact.from_state and fact.to_state) and ended == (fact.kind == "nomination.closed")
    return moves and not (follows and fact.content_digest)


def _opens(fact: Fact) -> bool:
    """Where every file begins: at the unit that opened it, with nothing frozen and nobody judged."""
    stands: dict[str, Any] = {"holder": fact.unit, "version": 0}
    if fact.about == "nomination":
        stands |= {"unit": fact.unit, "nominees": {}}
    else:
        stands |= {"lines": fact.after.get("lines")}
    told = fact.step, fact.from_state, fact.to_state, fact.content_digest, fact.after
    return told == ("", "", law.BEGINS[fact.kind], "", stands)


def _moves_nothing(fact: Fact) -> bool:
    return not (fact.from_state or fact.to_state or fact.content_digest or "after" in fact.data)
