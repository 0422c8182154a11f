"""All rounds: their windows and what is used of their quotas; and the next year's, opened as a copy."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nominations import programmes, rules
from nominations.forms_rounds import NextRoundForm
from nominations.models import DecisionLine, Round
from nominations.models.programmes import NomineeKind
from nominations.views.rounds import meters, state_of
from permissions.fields import show_refusal


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Show every round."""
    return _show(request)


@require_http_methods(["GET", "HEAD", "POST"])
def open_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the round of the year after this one as a copy of it."""
    if request.method != "POST":
        return redirect("nominations:rounds")
    source = get_object_or_404(Round.objects.select_related("rule_set"), pk=pk)
    if not Round.objects.filter(rules.may_manage(request.user), pk=pk).exists():
        raise PermissionDenied(_("Changing a round belongs to the programme administrator."))
    form = NextRoundForm(request.POST, source=source)
    if form.is_valid():
        try:
            opened = programmes.open_next(source, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            copied = {"year": opened.year, "source": source.year}
            messages.success(
                request,
                _("The round of %(year)s is a copy of %(source)s: its quota and criteria can be edited here.")
                % copied,
            )
            return redirect("nominations:round", pk=opened.pk)
    return _show(request, refused=form)


def _show(request: HttpRequest, *, refused: NextRoundForm | None = None) -> HttpResponse:
    """Render the rounds; with a refused form, as a 422."""
    found = list(
        Round.objects.select_related("programme")
        .prefetch_related("quotas")
        .annotate(managed=rules.may_manage(request.user))
    )
    lines = DecisionLine.objects.filter(live=True).order_by().values_list("decision__round", "nominee__kind")
    used = {(round, kind): count for round, kind, count in lines.annotate(Count("pk"))}
    forms = _next_forms(found, refused)
    rows = [
        {
            "round": round,
            "state": state_of(round),
            "meters": meters(
                {quota.kind: quota.count for quota in round.quotas.all()},
                Counter({kind.value: used.get((round.pk, kind.value), 0) for kind in NomineeKind}),
            ),
            "next_form": forms.get(round.pk),
        }
        for round in found
    ]
    return render(request, "nominations/rounds.html", {"rows": rows}, status=422 if refused else 200)


def _next_forms(found: list[Round], refused: NextRoundForm | None) -> dict[int, NextRoundForm]:
    """A form for the newest round of each programme that goes on, if it is managed; or the refused one."""
    newest: dict[int, Round] = {}
    for round in found:  # the newest first
        newest.setdefault(round.programme_id, round)
    offered = {
        round.pk: NextRoundForm(source=round)
        for round in newest.values()
        if round.managed and round.year < round.programme.last_year
    }
    return offered | ({refused.source.pk: refused} if refused else {})
