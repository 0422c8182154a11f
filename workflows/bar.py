"""The action bar of a file or decision: what one may do here, in what form, and why not the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext as _

from nominations.actions import Condition, actions_from
from permissions.models import Appointment, Officer
from workflows import asking
from workflows.asking import Answer, Subject

SITUATIONS = (
    Condition.BODY_ENDED,
    Condition.UNIT_ENDED,
    Condition.ASKED,
)  # they concern nobody until they arise


@dataclass(frozen=True)
class Item:
    """One line of the bar; `templates/components/action_bar.html` draws it."""

    name: str
    label: str
    tone: str = "secondary"
    effects: str = ""
    allowed: bool = True
    why_not: str = ""
    url: str = ""
    task: int | str = ""
    posts: tuple[tuple[str, str], ...] = field(default=())
    form: BaseForm | None = None
    form_id: str = ""
    href: str = ""
    lent: bool = False  # the one post in which it is done is somebody else's: the bar says so
    proof: str = ""  # what the person proves before signing: "password", or "tick" in the demo
    wrong: bool = False  # it was tried and not right


def items(
    answers: Sequence[Answer],
    *,
    reader: Officer,
    task: Any,
    url: str,
    forms: Mapping[str, BaseForm | None],
    form_ids: Mapping[str, str] | None = None,
    proof: str = "",
    wrong: str = "",
) -> list[Item]:
    """Return the bar of `reader` for `answers`: the allowed actions, then those that are off, by their reason.

    `url` takes the POST, `task` is the open task; `forms` and `form_ids` are by action name; `proof` is what
    is owed for an act that signs, `wrong` the act for which it was not right.
    """
    allowed = [
        Item(
            answer.action.name,
            str(answer.action.label),
            answer.action.tone,
            str(answer.action.effects),
            url=url,
            task=task.pk if task else "",
            form=forms.get(answer.action.name),
            form_id=(form_ids or {}).get(answer.action.name, ""),
            lent=len(answer.posts) == 1 and answer.posts[0].officer_id != reader.pk,
            proof=proof if answer.action.signs else "",
            wrong=wrong == answer.action.name,
            posts=tuple((str(post.uid), _named(post, reader)) for post in answer.posts),
        )
        for answer in answers
        if answer.allowed
    ]
    off: dict[str, list[str]] = {}
    for answer in answers:
        if not answer.allowed and _worth_a_word(answer):
            off.setdefault(answer.why_not, []).append(str(answer.action.label))
    return allowed + [Item("", " · ".join(labels), allowed=False, why_not=why) for why, labels in off.items()]


def _named(post: Appointment, reader: Officer) -> str:
    """A post as the reader chooses it; somebody else's says by whose delegation."""
    if post.officer_id == reader.pk:
        return str(post)
    return _("%(post)s (delegated by %(name)s)") % {"post": post, "name": post.officer.full_name}


def _worth_a_word(answer: Answer) -> bool:
    """Whether the reason why not helps: of the steps' own acts always, of the rest only where one could wait for it."""
    if not answer.action.option:
        return answer.failed is None or answer.failed.key not in SITUATIONS
    return (
        answer.theirs
        and answer.failed is not None
        and answer.failed.key in (Condition.OFF_DECISION, Condition.NOT_ASKED)
    )


def waiting_for(subject: Subject, answers: Sequence[Answer]) -> str:
    """Return who acts now, in words; "" when it is the reader, or when nobody does any more."""
    if subject.holder is None or asking.has_duty(answers):
        return ""
    duty = next((action for action in actions_from(subject.state) if not action.option), None)
    if duty is None:
        return str(subject.holder)
    names = ", ".join(officer.full_name for officer in asking.who_can(subject, duty))
    if not names:
        return _("%(unit)s (nobody holds this post today)") % {"unit": subject.holder}
    return _("%(names)s, %(unit)s") % {"names": names, "unit": subject.holder}
