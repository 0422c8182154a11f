"""For everybody: who was commended, and each published decision as it was printed."""

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from history import checkpoints, clock
from history.ledger import of_stream
from nominations import awards as published
from nominations.models import AwardDecision
from nominations.models.programmes import NomineeKind
from permissions import received
from permissions.fields import Line
from permissions.throttle import limited

PER_PAGE = 25


class LookUp(forms.Form):
    """Narrows the list; everything is optional."""

    q = Line(label=gettext_lazy("Name of the collective or individual"), required=False, max_length=100)
    unit = Line(label=gettext_lazy("Unit that proposed"), required=False, max_length=100)
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args, years: list[int], **options):
        super().__init__(*args, **options)
        self.fields["year"].choices = [("", _("All")), *((year, str(year)) for year in years)]


@login_not_required
@require_safe
@limited
def awards(request: HttpRequest) -> HttpResponse:
    """List who was commended by a published decision, narrowed by name, unit and year."""
    form = LookUp(request.GET or None, years=published.years())
    lines = published.published()
    if form.is_valid():
        wanted = form.cleaned_data
        lines = published.narrowed(lines, words=wanted["q"], unit=wanted["unit"], year=wanted["year"])
    page = received.page(lines, request.GET, per_page=PER_PAGE)
    context = {
        "form": form,
        "page": page,
        "rows": [published.award(line) for line in page],
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "nominations/awards.html", context)


@login_not_required
@require_safe
@limited
def decision(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one published decision: its list as printed, who signed it, and the code by which it can be checked."""
    found = get_object_or_404(published.decisions(), uid=uid)
    printed = [published.award(line) for line in found.printed]
    context = {
        "crumbs": [(_("Published decisions"), reverse("nominations:awards"))],
        "decision": found,
        "signature": published.signature(found),
        "groups": [
            (label, [award for award in printed if award.kind == kind]) for kind, label in NomineeKind.choices
        ],
        "code": _code(found),
    }
    return render(request, "nominations/award_decision.html", context)


def _code(found: AwardDecision) -> dict[str, object] | None:
    """The ledger's code of the day that covers the publication, as the decision bears it on paper."""
    checkpoint = checkpoints.printed_for(of_stream(found.stream)[-1][0])
    if checkpoint is None:
        return None
    return {
        "code": checkpoints.short_code(checkpoint.root),
        "number": checkpoint.number,
        "day": clock.local(checkpoint.at).date(),
    }
