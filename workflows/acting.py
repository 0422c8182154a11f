"""A click becomes an act: the POST is read, the engine asked, and its answer becomes a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from nominations import remarks, rules
from nominations.actions import Action, Needs, actions_from
from nominations.remarks import LONGEST
from nominations.views import ticking
from permissions import grants, reauth, received
from permissions.models import Appointment
from workflows import asking, engine, triage
from workflows.asking import Subject
from workflows.errors import Busy, StaleState
from workflows.triage import url_of

# What an action asks for that is one field of the same name.
PLAIN: dict[Needs, tuple[str, ...]] = {
    Needs.CODE: ("code",),
    Needs.REMARKS: ("to",),
    Needs.LINE_REMARKS: ("to",),
    Needs.BODY: ("unit",),
    Needs.SUCCESSOR: ("unit",),
    Needs.OFFICER: ("assignee",),
    Needs.OPINION: ("body", "question", "answer_by", "letter_number", "letter_date"),
    Needs.ANSWER: ("opinion", "answer", "said", "letter_number", "letter_date"),
    Needs.LINE: ("line",),
    Needs.PLACE: ("line", "place"),
}


# Those of them that are words of the officer's own; the others name one of what was offered.
IN_WORDS = ("body", "question", "said", "letter_number", "answer_by", "letter_date")


@dataclass(frozen=True)
class Refused:
    """An act that was not valid: what was wrong, by field, and what was typed, to show again."""

    action: str
    errors: dict[str, list[str]]
    typed: QueryDict

    @property
    def unproved(self) -> str:
        """The act for which the person did not prove who they are; "" when that was right."""
        return self.action if "password" in self.errors else ""

    @property
    def all_errors(self) -> list[str]:
        return [message for messages_ in self.errors.values() for message in messages_]


def perform(
    request: HttpRequest, subject: Subject, *, again: Callable[[Refused], HttpResponse]
) -> HttpResponse:
    """Do the posted action on `subject` and answer: the file's page, the form again, or a 409.

    The form posts `task`, `seen`, `action`, `post` and what the action needs (`payload_of`).
    `again` renders the page with what was refused; it is sent with status 422. PermissionDenied
    goes on to the 403 page, which shows its reason.
    """
    officer, name = request.user, received.word(request.POST, "action")
    task = _task(request, subject)
    action = next((a for a in actions_from(task.flow_task.name) if a.name == name), None)
    if action is None:
        raise Http404
    try:
        if action.signs:
            _prove(request, subject, action)
        done = engine.act(
            task,
            name,
            actor=officer,
            post=post_of(request),
            seen=received.word(request.POST, "seen"),
            payload=payload_of(action.needs, request.POST),
        )
    except ValidationError as error:
        return _refused(again, name, error, request)
    except (StaleState, Busy) as error:
        return conflict(request, error, url=url_of(subject))
    stays = rules.may_read(officer, done)
    _tell(request, done, action, linked=stays)
    return redirect(triage.after(officer, done, readable=stays))


def _tell(request: HttpRequest, done: Subject, action: Action, *, linked: bool) -> None:
    """Say what was recorded, with the way back to it: another page may open next."""
    words = _("%(reference)s: “%(action)s” is recorded. Now: %(state)s.") % {
        "reference": done,
        "action": action.label,
        "state": done.get_state_display(),
    }
    if linked:
        see = _("See it, or take it back")
        words = format_html('{} <a href="{}">{}</a>', words, url_of(done), see)
    messages.success(request, words)


def proof_of(request: HttpRequest) -> str:
    """Return what the person owes before signing: "password", "tick" in the demo, "" when just proved."""
    if not reauth.is_owed(request):
        return ""
    return "tick" if reauth.by_tick(request) else "password"


def _refused(
    again: Callable[[Refused], HttpResponse], name: str, error: ValidationError, request: HttpRequest
) -> HttpResponse:
    response = again(Refused(name, by_field(error), request.POST))
    response.status_code = 422
    return response


def tick(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Write the ticks and answers to remarks that the form sent, and go back to the page."""
    try:
        remarks.answer(subject, ticking.answers_of(request.POST), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The remarks are ticked off as marked."))
    return redirect(f"{url_of(subject)}#remarks")


def conflict(request: HttpRequest, error: StaleState | Busy, *, url: str) -> HttpResponse:
    """Return the 409 page: who was first, when, with what; `url` leads back to what is true now."""
    context = {"busy": isinstance(error, Busy), "who": "", "when": None, "what": "", "back_url": url}
    if isinstance(error, StaleState):
        context |= {"who": error.who, "when": error.when, "what": error.what}
    return render(request, "409.html", context, status=409)


def payload_of(needs: Needs, data: QueryDict) -> dict[str, Any]:
    """Return what the form of such an action carries, in the shape of `nominations.payloads`.

    Raises ValidationError at the field whose words hold what no person types, or are far too long.
    Names: `note`, those of `PLAIN`, `chosen`; `remark_text-<n>` and
    `remark_about-<n>`; for each nominee `nominee`, `assessment-<uid>`, `code-<uid>`, `note-<uid>`,
    `points-<uid>-<criterion>`; for each line struck out `strike` (the nominee's uid),
    `strike_reason-<uid>` and, to have it appraised again, `back`.
    """
    payload: dict[str, Any] = {
        name: _lines(data, name) if name in IN_WORDS else received.word(data, name)
        for name in PLAIN.get(needs, ())
    }
    if needs in (Needs.REMARKS, Needs.LINE_REMARKS):
        numbers = [name.removeprefix("remark_text-") for name in data if name.startswith("remark_text-")]
        payload["remarks"] = [
            {
                "about": received.word(data, f"remark_about-{number}"),
                "text": _lines(data, f"remark_text-{number}"),
            }
            for number in numbers
        ]
    elif needs == Needs.APPRAISAL:
        payload["nominees"] = {uid: _conclusion(uid, data) for uid in received.words(data, "nominee")}
    elif needs == Needs.STRIKES:
        payload["strikes"] = {
            uid: _lines(data, f"strike_reason-{uid}") for uid in received.words(data, "strike")
        }
        payload["back"] = received.words(data, "back")
    elif needs == Needs.TIE:
        payload["chosen"] = received.words(data, "chosen")
    payload["note"] = _lines(data, "note")
    return payload


def _lines(data: QueryDict, name: str) -> str:
    return received.lines(data, name, most=LONGEST)


def post_of(request: HttpRequest) -> Appointment | None:
    """Return the post that was chosen, one of the officer's own; None when none was."""
    chosen = received.word(request.POST, "post")
    if not chosen:
        return None
    try:
        return grants.acting_posts(request.user).select_related("unit", "officer").get(uid=chosen)
    except (Appointment.DoesNotExist, ValidationError) as error:
        raise PermissionDenied(_("The chosen post is not one of the posts held.")) from error


def by_field(error: ValidationError) -> dict[str, list[str]]:
    """Return the messages of `error` by field ("" for those of no field)."""
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def _prove(request: HttpRequest, subject: Subject, action: Action) -> None:
    """Ask who signs to have proved who they are; nobody is asked for an act that the rule refuses anyway."""
    if not reauth.is_owed(request):
        return
    refused = asking.why_not(request.user, subject, action) if subject.state == action.source else ""
    if refused:
        raise PermissionDenied(refused)
    if not reauth.proves(request, received.secret(request.POST, "password")):
        raise ValidationError({"password": _("Prove that it is you who signs: the password is not right.")})


def _task(request: HttpRequest, subject: Subject) -> Task:
    """The task that the page showed, also when it has ended since: the engine tells by whom."""
    key = received.key(request.POST, "task")
    task = Task.objects.filter(process=subject.process, pk=key).first() if key else None
    if task is None:
        raise Http404
    return task


def _conclusion(uid: str, data: QueryDict) -> dict[str, Any]:
    prefix = f"points-{uid}-"
    return {
        "assessment": received.word(data, f"assessment-{uid}"),
        "code": received.word(data, f"code-{uid}"),
        "note": _lines(data, f"note-{uid}"),
        "points": {
            name.removeprefix(prefix): value for name, value in data.items() if name.startswith(prefix)
        },
    }
