"""In whose hands a file is at its step: claimed, assigned, given free."""

from nominations import choices
from nominations.assignment import WORK, candidates
from nominations.models import Nomination
from nominations.transitions.act import Act, Done
from permissions import grants
from permissions.models import Appointment

HANDS = ("assigned_post", "assigned_step", "revision")


def claim(nomination: Nomination, act: Act) -> Done:
    _give(nomination, act.post)
    return Done()


def release(nomination: Nomination, act: Act) -> Done:
    _give(nomination, None)
    return Done()


def assign(nomination: Nomination, act: Act) -> Done:
    """Put the file into the hands of an officer who may do this step; the head of the step chooses."""
    officer = choices.officer(act.payload, [item.officer for item in candidates(nomination)])
    work = WORK[nomination.state]
    post = grants.posts_with(officer, str(work.right), act.post.unit).first()
    _give(nomination, post)
    hands = {"hands": str(post.uid)} if post else {}
    return Done(data={"to": str(officer.uid), **hands}, text={"to": officer.full_name})


def _give(nomination: Nomination, post: Appointment | None) -> None:
    nomination.assigned_post = post
    nomination.assigned_step = nomination.state if post else ""
    nomination.revision += 1
    nomination.save(update_fields=HANDS)
