"""Documents of a file: added to and taken out of a draft, and shown to who may read the file."""

import logging

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from nominations import drafts, evidence, readings, rules
from nominations.models import Evidence, Nomination
from nominations.views.drafting import Editing
from permissions import received

logger = logging.getLogger(__name__)

# The document may run nothing, fetch nothing, and be framed by our own pages only.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
WORDS = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; frame-ancestors 'self';"
    " base-uri 'none'; form-action 'none'"
)
SANDBOX = "; sandbox"  # not for PDF: browsers refuse to open their PDF reader in a sandbox


def add(request: HttpRequest, uid) -> HttpResponse:
    """Save what was typed in the draft, and add the chosen documents to it."""
    editing = Editing(request, uid)
    if request.method != "POST":
        return redirect("nominations:draft", uid=uid)
    uploads = request.FILES.getlist("file")
    if not uploads:
        return editing.save(refused={"file": [_("Choose one file or more, then add them.")]})
    return editing.save(before=lambda: _attach_all(editing, uploads), then="documents")


def remove(request: HttpRequest, uid) -> HttpResponse:
    """Save what was typed in the draft, and take one document out of it."""
    document = get_object_or_404(Evidence.objects.select_related("nomination"), uid=uid)
    editing = Editing(request, document.nomination.uid)
    if request.method != "POST":
        return redirect("nominations:draft", uid=document.nomination.uid)

    def take_out() -> dict[str, list[str]]:
        drafts.remove_evidence(document, by=request.user)
        editing.expected += 1
        return {}

    return editing.save(before=take_out, then="documents")


@require_safe
@xframe_options_sameorigin
def download(request: HttpRequest, uid) -> FileResponse:
    """Send a document to who may read its file, also one taken out later: versions hold it."""
    document = _opened(request, uid)
    shown = document.media_type in evidence.IN_PLACE
    response = FileResponse(
        evidence.path_of(document.sha256).open("rb"),
        as_attachment=not shown,
        filename=document.name,
        content_type=document.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    is_pdf = document.media_type == "application/pdf"
    response["Content-Security-Policy"] = POLICY if is_pdf else POLICY + SANDBOX
    return response


@require_safe
@xframe_options_sameorigin
def words(request: HttpRequest, uid) -> HttpResponse:
    """Show the words of a Word or Excel document to who may read its file: it is the same as opening it."""
    document = _opened(request, uid)
    if document.media_type not in evidence.IN_WORDS:
        raise Http404
    from nominations import previews  # not before words are asked for: what reads them takes a while to load

    try:
        preview = previews.of(evidence.path_of(document.sha256), document.media_type)
    except previews.Unreadable:
        preview = None
    url = reverse("nominations:evidence", kwargs={"uid": uid})
    context = {"name": document.name, "preview": preview, "url": url}
    response = render(request, "nominations/evidence_text.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = WORDS
    return response


def _opened(request: HttpRequest, uid) -> Evidence:
    """Return a document that the reader may open, whose bytes are there; an auditor's opening is recorded."""
    document = get_object_or_404(
        Evidence.objects.select_related("nomination__round"),
        nomination__in=rules.nominations_for(request.user).order_by().values("pk"),
        uid=uid,
    )
    if not evidence.path_of(document.sha256).is_file():  # a restored database without its documents
        logger.error("document lost: evidence=%s sha256=%s", document.uid, document.sha256)
        raise Http404(_("The document is recorded, but its bytes are not in the store."))
    seen = readings.scope(request.user, Nomination)
    if Nomination.objects.filter(pk=document.nomination_id).filter(seen).exists():
        readings.note(request.user, document.nomination, document=str(document.uid))
    return document


def _attach_all(editing: Editing, uploads: list) -> dict[str, list[str]]:
    """Add each document; return why some were refused. The good ones stay."""
    refused: list[str] = []
    for upload in uploads:
        try:
            evidence.attach(
                editing.nomination,
                upload,
                kind=received.word(editing.request.POST, "evidence_kind"),
                by=editing.request.user,
                nominee=editing.nominee_named("evidence_nominee"),
            )
            editing.expected += 1
        except ValidationError as error:
            refused += [f"{upload.name}: {message}" for message in error.messages]
    return {"file": refused} if refused else {}
