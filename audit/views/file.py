"""The pages of one file for an auditor: its timeline, the file as it was, its versions compared."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import as_it_was, differences, files, signed, timeline
from history import clock
from history.told import timeline as told_of


@require_safe
def file_timeline(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """Show everything that happened to a file, the newest first."""
    subject = files.opened(request.user, kind, uid)
    values = timeline.context(subject, told_of(subject.stream), clock.now())
    return render(request, "audit/timeline.html", values)


@require_safe
def file_at(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """Show the file as it was after an event or at the end of a day."""
    subject = files.opened(request.user, kind, uid)
    told = told_of(subject.stream)
    form = as_it_was.Moment(request.GET, last=len(told))
    values = as_it_was.context(subject, told, form)
    return render(request, "audit/file_at.html", values, status=200 if form.is_valid() else 422)


@require_safe
def file_compare(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """Compare any two frozen versions."""
    subject = files.opened(request.user, kind, uid)
    facts = [item.fact for item in told_of(subject.stream)]
    form = differences.Pair(request.GET, numbers=differences.numbers(facts))
    values = differences.between_versions(subject, facts, form)
    refused = len(values["versions"]) > 1 and not form.is_valid()
    return render(request, "audit/compare.html", values, status=422 if refused else 200)


@require_safe
def file_signed(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """Compare what the last reviewing body endorsed with what the Chairman signed."""
    subject = files.opened(request.user, kind, uid)
    return render(request, "audit/signed.html", signed.context(subject))
