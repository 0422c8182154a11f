"""How the list of a draft decision is put right: left off, restored, recalled, reordered, filled, ties decided."""

from collections.abc import Iterable
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nominations import choices, ranking
from nominations.content import line_snapshot
from nominations.models import AwardDecision, DecisionLine, Nominee
from nominations.transitions.act import Act, Done
from nominations.transitions.decision import hold_waiting, lines_of, to_appraise_again


def leave_off(decision: AwardDecision, act: Act) -> Done:
    line, text = choices.line(act.payload, _standing(decision))
    _off([line], text)
    return _changed(decision, act, line, text)


def restore(decision: AwardDecision, act: Act) -> Done:
    """Put a nominee who was left off back onto the list, if there is a place and nothing else stands against it."""
    line, text = choices.line(act.payload, list(ranking.left_off(decision)))
    hold_waiting(decision)
    nominee = ranking.candidates(decision.round).filter(pk=line.nominee_id).first()
    if nominee is None:
        raise ValidationError(
            {"line": _("%(name)s no longer waits for a decision.") % {"name": line.nominee}}
        )
    if not ranking.places_left(decision.round)[nominee.kind]:
        raise ValidationError({"line": _("The quota is full: leave another nominee off first.")})
    _put(decision, [nominee])
    return _changed(decision, act, line, text)


def recall_nominee(decision: AwardDecision, act: Act) -> Done:
    """Take a nominee's whole file off the draft, to be appraised again (the files behind it are locked)."""
    standing = _standing(decision)
    line, text = choices.line(act.payload, standing)
    file = line.nominee.nomination_id
    elsewhere = (
        DecisionLine.objects.filter(nominee__nomination=file, live=True)
        .exclude(decision=decision)
        .filter(decision__published_on=None)
        .select_related("decision__round")
        .first()
    )
    if elsewhere:
        raise ValidationError(
            {"line": _("%(name)s of the same file stands on decision %(decision)s: decide that one first.")
             % {"name": elsewhere.nominee, "decision": elsewhere.decision}}
        )  # fmt: skip
    others = [item for item in standing if item.nominee.nomination_id == file and item != line]
    _off([line], text, back=True)
    with_it = _("With the file of %(name)s, recalled to appraisal.") % {"name": line.snapshot["name"]}
    _off(others, with_it, back=True)
    to_appraise_again([line.nominee_id])
    return _changed(decision, act, line, text)


def reorder(decision: AwardDecision, act: Act) -> Done:
    """Give a line another place among those of its kind with the same points."""
    standing = _standing(decision)
    line, place_, text = choices.place(act.payload, standing)
    equals = [item for item in standing if ranking.equal(item, line)]
    ranks = [item.rank for item in equals]
    equals.remove(line)
    equals.insert(ranks.index(place_), line)
    for rank, item in zip(ranks, equals, strict=True):
        item.rank = rank
    DecisionLine.objects.bulk_update(equals, ["rank"])
    return _changed(decision, act, line, text, place=place_)


def settle_tie(decision: AwardDecision, act: Act) -> Done:
    """Decide who of the equals at the quota's edge goes onto the list; the others are left off with the reason."""
    hold_waiting(decision)
    tie, chosen, text = choices.tie(act.payload, ranking.ties_at_the_edge(decision))
    out = [nominee for nominee in tie.members if nominee not in chosen]
    _put(decision, tie.members)
    _off(decision.lines.filter(nominee__in=out), text)
    _renumber(decision)
    _touched(decision, act)
    return Done(
        data={"chosen": [str(n.uid) for n in chosen], "left_off": [str(n.uid) for n in out]},
        text={"note": text, "chosen": [n.name for n in chosen], "left_off": [n.name for n in out]},
    )


def refill(decision: AwardDecision, act: Act) -> Done:
    """Add the best of those who wait, within what is left of the quota."""
    hold_waiting(decision)
    chosen = [nominee for _rank, nominee in ranking.within_quota(decision.round, besides=decision)]
    if not chosen:
        raise ValidationError({"lines": _("Nobody waits within what is left of the quota.")})
    _put(decision, chosen)
    _renumber(decision)
    _touched(decision, act)
    return Done(
        data={"added": [str(nominee.uid) for nominee in chosen]},
        text={"added": [nominee.name for nominee in chosen]},
    )


def _put(decision: AwardDecision, nominees: Iterable[Nominee]) -> None:
    """Let these nominees stand on the list, behind those who stand there already, until it is numbered anew."""
    last = max(decision.lines.values_list("rank", flat=True), default=0)
    on_it = set(decision.lines.filter(live=True).values_list("nominee", flat=True))
    DecisionLine.objects.bulk_create(
        [
            DecisionLine(
                decision=decision, nominee=nominee, rank=last + n, snapshot=line_snapshot(nominee), live=True
            )
            for n, nominee in enumerate(nominees, start=1)
            if nominee.pk not in on_it
        ],
        update_conflicts=True,
        unique_fields=["decision", "nominee"],
        update_fields=["rank", "snapshot", "live", "struck", "back", "reason"],
    )


def _touched(decision: AwardDecision, act: Act) -> None:
    """Raise the revision: pages that show another list are out of date.

    Whoever changes the list has opened it: its sender, who knows another list, cannot take it back.
    """
    decision.revision += 1
    if decision.sent_post_id and not decision.opened_at:
        decision.opened_at, decision.opened_by = act.now, act.actor
    decision.save(update_fields=["revision", "opened_at", "opened_by"])


def _standing(decision: AwardDecision) -> list[DecisionLine]:
    return [line for line in lines_of(decision) if line.live]


def _off(lines: Iterable[DecisionLine], reason: str, *, back: bool = False) -> None:
    keys = [line.pk for line in lines]
    DecisionLine.objects.filter(pk__in=keys).update(live=False, reason=reason, back=back)


def _renumber(decision: AwardDecision) -> None:
    """Number the lines of each kind by points; among equals the order they have stays."""
    rank: dict[str, int] = {}
    lines = sorted(_standing(decision), key=lambda line: (-line.snapshot["total"], line.rank, line.pk))
    for line in lines:
        kind = line.snapshot["kind"]
        rank[kind] = rank.get(kind, 0) + 1
        line.rank = rank[kind]
    DecisionLine.objects.bulk_update(sorted(lines, key=attrgetter("pk")), ["rank"])


def _changed(decision: AwardDecision, act: Act, line: DecisionLine, text: str, **data: int) -> Done:
    if not data:
        _renumber(decision)
    _touched(decision, act)
    return Done(
        data={"line": line.snapshot["uid"], **data}, text={"note": text, "line": line.snapshot["name"]}
    )
