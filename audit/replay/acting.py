"""What holds for every act: the post and its right, the way, separation of duties, and the sender's own."""

from django.utils.translation import gettext as _

from audit import law
from audit.replay.known import File, Known
from history.facts import Fact


def post_faults(fact: Fact, known: Known, right: str, seat: str) -> list[str]:
    """Return why `fact` was not done in a post that carries `right` at the unit `seat` on that day."""
    people, day = known.people, fact.legal_day
    post = people.posts.get(fact.post)
    if post is None:
        return [_("the post in which it was done does not exist")]
    faults = []
    if fact.actor in people.suspended:
        faults.append(_("the account was suspended"))
    if fact.actor in people.automatic and "deemed" not in fact.data:
        faults.append(_("an account that works by itself did what a person does"))
    if not post.hold(day):
        faults.append(_("the post was not held on that day"))
    if (post.role, post.unit) != (fact.role, fact.unit if right else post.unit):
        faults.append(_("the post is another role or at another unit than the event says"))
    if right and seat != post.unit:
        faults.append(_("the post is not at the unit that may do this"))
    if right and not post.carries(right):
        faults.append(_("the role does not carry the right to do this"))
    if fact.actor != post.officer:
        faults += _delegation_faults(fact, known, right)
    elif fact.behalf:
        faults.append(_("it was done for somebody else in a post of one's own"))
    return faults


def _delegation_faults(fact: Fact, known: Known, right: str) -> list[str]:
    lent = known.people.lent.get(fact.data.get("delegation", ""))
    if lent is None:
        return [_("the post is somebody else's, and nobody delegated it")]
    fits = lent.taker == fact.actor and lent.from_post == fact.post and lent.giver == fact.behalf
    if not fits or not lent.hold(fact.legal_day):
        return [_("the delegation is for somebody else, another post or other days")]
    if right and right not in lent.rights:
        return [_("the delegation does not hand on this right")]
    return []


def separation_faults(fact: Fact, known: Known, row: law.Row, file: File, behind: list[File]) -> list[str]:
    """Return what kept the actor apart from a file, or from a decision with the files `behind` its list."""
    people, day, level = known.people, fact.legal_day, row.level("")
    faults = []
    if any(fact.actor in item.recused for item in [file, *behind]):
        faults.append(_("the officer had declared to keep away"))
    twice = any(_handled_elsewhere(fact.actor, level, item) for item in [file, *behind])
    if twice and people.in_force("two_levels", day):
        faults.append(_("nobody handles two levels of one file"))
    if row.right != "prepare" and file.state not in law.WRITING:
        parties = [party for item in behind for party in item.parties] if behind else file.parties
        on_list = {line["nominee"] for line in file.lines}
        for party in parties:
            if on_list and party["uid"] not in on_list:
                continue
            ground = people.near(fact.actor, party, day)
            if ground and not (ground == "member" and level == "proposer"):
                faults.append(
                    {
                        "nominee": _("nobody judges a file in which they are a nominee"),
                        "relative": _("nobody judges a file in which somebody near to them is a nominee"),
                        "member": _("nobody judges a collective of which they are a member"),
                    }[ground]
                )
                break
    concluded = row.source in law.FOUR_EYES and file.concluded.get(file.version) == fact.actor
    if concluded and row.seat == "holder" and people.in_force("four_eyes", day):
        faults.append(_("nobody confirms an appraisal that they concluded"))
    return faults


def _handled_elsewhere(actor: str, level: str, file: File) -> bool:
    for officer, at, unit in file.handled:
        if officer != actor:
            continue
        if at != level or (level == "review" and file.state in law.LEVELS and unit != file.holder):
            return True
    return False


def path_faults(fact: Fact, row: law.Row, file: File, holder: str | None) -> list[str]:
    """Return what is wrong with where an act led; `holder` is the unit that should hold it, None if open."""
    faults = []
    if fact.to_state not in row.targets:
        faults.append(_("the act does not lead to “%(state)s”") % {"state": fact.to_state})
    return faults + carried_faults(fact, file, holder)


def carried_faults(fact: Fact, file: File, holder: str | None) -> list[str]:
    """Return what an act changed by the way: who holds the file, whose it is, the version that is judged."""
    faults, after = [], fact.after
    unit = fact.data.get("unit", "") if fact.action == "hand_over" else file.unit
    if (holder is not None and after.get("holder", "") != holder) or after.get("unit", file.unit) != unit:
        faults.append(_("it went to a unit to which it does not lead"))
    frozen = not fact.automatic and fact.action in law.FREEZES[fact.about]
    if after.get("version", file.version) != file.version + frozen:
        faults.append(_("it speaks of another version than the one that was frozen"))
    return faults


def sender_faults(fact: Fact, known: Known, file: File) -> list[str]:
    """Return why this was not the sender's own file to take back."""
    sent = file.moved
    if sent is None:
        return [_("nobody can take it back")]
    post = known.people.posts.get(fact.post)
    if fact.post != sent.post or (fact.actor != sent.actor and post and fact.actor != post.officer):
        return [_("only whoever sent it takes it back, in the same post")]
    if fact.action == "recall" and fact.to_state != sent.from_state:
        return [_("it comes back to the step from which it was sent")]
    return []
