"""One act on many files: what would become of each, the run in pieces, and what became of each."""

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from history import clock
from nominations.content import seen_digest
from nominations.states import State
from nominations.views.rows import names_of, title_of
from permissions import reauth, received
from workflows import acting, batches
from workflows.batches import BATCHED, Chance
from workflows.models import Batch, Result

SHOWN = 60  # files on the page, unless all are asked for
SOME = 10  # files done by one request: some seconds at most


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Choose an act and the files; nothing is done before the run begins."""
    keys = batches.offered(request.user)
    wanted = received.word(request.POST, "act") or received.word(request.GET, "act")
    if request.method == "POST" and wanted in BATCHED:
        pairs = (value.partition(":") for value in received.words(request.POST, "file"))
        chosen = {uid: seen for uid, _colon, seen in pairs if len(uid) == 36}
        try:
            batch = batches.begin(request.user, BATCHED[wanted], chosen)
        except ValidationError as error:
            return _page(request, keys, wanted, error.messages)
        return redirect("workflows:batch", uid=batch.uid)
    return _page(request, keys, wanted if wanted in keys else next(iter(keys), ""))


@require_safe
def batch(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show how far the batch is, and what became of each file."""
    return _progress(request, get_object_or_404(batches.of(request.user), uid=uid))


@require_http_methods(["GET", "HEAD", "POST"])
def go_on(request: HttpRequest, uid: Any) -> HttpResponse:
    """Do the next files of the batch; a signature asks first who signs."""
    found = get_object_or_404(batches.of(request.user), uid=uid)
    if request.method != "POST":
        return redirect("workflows:batch", uid=uid)
    owed = batches.action_of(found).signs and reauth.is_owed(request)
    if owed and not reauth.proves(request, received.secret(request.POST, "password")):
        wrong = _("Prove that it is you who signs: the password is not right.")
        return _progress(request, found, wrong=wrong, status=422)
    batches.go_on(found, SOME)
    if (
        request.headers.get("X-Requested-With") == "batch"
    ):  # the page goes on by itself and takes the new part
        return _progress(request, found)
    return redirect("workflows:batch", uid=uid)


def _page(request: HttpRequest, keys: dict[str, int], wanted: str, errors: Any = ()) -> HttpResponse:
    action = BATCHED.get(wanted)
    most = batches.MOST if received.word(request.GET, "all") else SHOWN
    chances = batches.chances(request.user, action, most) if action else []
    names = names_of(chance.nomination.pk for chance in chances)
    context = {
        "crumbs": [(_("My work"), reverse("workflows:my_work"))],
        "acts": [
            {"key": key, "label": label, "count": keys[key], "here": key == wanted}
            for key, label in batches.choices(list(keys))
        ],
        "wanted": wanted,
        "action": action,
        "targets": _(" or ").join(str(State(target).label) for target in action.targets) if action else "",
        "rows": [_row(chance, names.get(chance.nomination.pk, [])) for chance in chances],
        "more": min(keys.get(wanted, 0), batches.MOST) - len(chances),
        "errors": errors,
        "unfinished": batches.unfinished(request.user),
        "today": clock.today(),
    }
    return render(request, "workflows/batch_new.html", context, status=422 if errors else 200)


def _row(chance: Chance, names: list[str]) -> dict[str, Any]:
    file = chance.nomination
    return {
        "value": f"{file.uid}:{seen_digest(file)}",
        "url": reverse("workflows:nomination", kwargs={"uid": file.uid}),
        "title": title_of(names),
        "reference": file.reference,
        "unit": file.unit.name,
        "due": file.due,
        "allowed": chance.allowed,
        "why_not": chance.why_not,
    }


def _progress(request: HttpRequest, found: Batch, *, wrong: str = "", status: int = 200) -> HttpResponse:
    action = batches.action_of(found)
    items = list(found.items.select_related("nomination__round", "nomination__unit"))
    names = names_of(item.nomination_id for item in items)
    results = Counter(item.result for item in items)
    waiting, done = results[Result.WAITING], results[Result.DONE]
    context = {
        "crumbs": [(_("Many files at once"), reverse("workflows:batches"))],
        "batch": found,
        "action": action,
        "total": len(items),
        "waiting": waiting,
        "settled": len(items) - waiting,
        "done": done,
        "refused": len(items) - waiting - done,
        "proof": acting.proof_of(request) if action.signs and waiting else "",
        "wrong": wrong,
        "items": [
            {
                "url": reverse("workflows:nomination", kwargs={"uid": item.nomination.uid}),
                "title": title_of(names.get(item.nomination_id, [])),
                "reference": item.nomination.reference,
                "unit": item.nomination.unit.name,
                "result": item.result,
                "label": item.get_result_display(),
                "words": item.words,
            }
            for item in items
        ],
    }
    part = request.headers.get("X-Requested-With") == "batch"
    template = "workflows/batch_progress.html" if part else "workflows/batch.html"
    return render(request, template, context, status=status)
