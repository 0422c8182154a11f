"""Evidence as a download, for whoever audits the unit; an export is recorded before its bytes leave."""

import logging
import tempfile
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit import sight
from audit.evidence.choosing import EVERYTHING, Subject, subject_of
from audit.evidence.exporting import export
from nominations import readings
from nominations.models import AwardDecision, Nomination
from permissions import received

logger = logging.getLogger(__name__)


@require_POST
def nomination(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Send the evidence of a file."""
    return _sent(request, _audited(request, Nomination, uid))


@require_POST
def decision(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Send the evidence of a decision and of the files behind its list."""
    return _sent(request, _audited(request, AwardDecision, uid))


@require_POST
def everything(request: HttpRequest) -> HttpResponseBase:
    """Send the whole log, to whoever audits the whole province."""
    if not sight.is_of_everything(request.user):
        raise Http404
    return _sent(request, EVERYTHING)


def _audited(request: HttpRequest, model: type[Nomination] | type[AwardDecision], uid: UUID) -> Subject:
    """The subject, if the officer audits it; else as missing as what does not exist."""
    audited = model.objects.select_related("round").filter(readings.scope(request.user, model))
    return subject_of(get_object_or_404(audited, uid=uid))


def _sent(request: HttpRequest, subject: Subject) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        export(subject, file, by=request.user, attachments=not received.word(request.POST, "digests_only"))
    except RuntimeError as error:  # another key, or a log that does not continue what was kept outside
        file.close()
        logger.error("no evidence of %s: %s", subject.stream or subject.about, error)
        said = _(
            "The evidence cannot be made, since the ledger cannot be signed. Tell whoever runs the server."
        )
        messages.error(request, said)
        uid = subject.stream.partition(":")[2]
        return redirect(f"workflows:{subject.about}", uid=uid) if uid else redirect("workflows:my_work")
    name = f"chung-cu-{subject.reference or 'toan-bo'}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response
