"""A round: window, quota and criteria for everybody; the ranking and the edit forms for whom they concern."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from history import clock
from nominations import programmes, ranking, rules
from nominations.forms_rounds import CriterionForm, ExtendForm, RoundForm
from nominations.models import Criterion, Nominee, Round
from nominations.models.programmes import NomineeKind
from nominations.states import NOT_SUBMITTED, State
from permissions import grants
from permissions.catalogue import Right
from permissions.fields import show_refusal
from permissions.models import Officer


@require_safe
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one round."""
    return show(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the window and the quota."""
    if request.method != "POST":
        return redirect("nominations:round", pk=pk)
    round = _managed(request, pk)
    form = RoundForm(request.POST, round=round, quota=ranking.quota(round))

    def write() -> None:
        data = form.cleaned_data
        programmes.change_round(
            round, opens=data["opens"], closes=data["closes"], quotas=form.quotas, by=request.user
        )

    return _save(request, pk, form, write, round_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Extend the window by a legal document."""
    if request.method != "POST":
        return redirect("nominations:round", pk=pk)
    round = _managed(request, pk)
    form = ExtendForm(request.POST)

    def write() -> None:
        programmes.extend_window(round, by=request.user, **form.cleaned_data)

    return _save(request, pk, form, write, extend_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def change_criterion(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Change the words and the points of a criterion."""
    if request.method != "POST":
        return redirect("nominations:round", pk=pk)
    round = _managed(request, pk)
    criterion = get_object_or_404(Criterion, rule_set=round.rule_set_id, code=code)
    form = criterion_form(criterion, request.POST)

    def write() -> None:
        programmes.change_criterion(round, criterion, by=request.user, **form.cleaned_data)

    return _save(request, pk, form, write, criterion_form_of=(code, form))


def show(
    request: HttpRequest,
    pk: int,
    *,
    round_form: RoundForm | None = None,
    extend_form: ExtendForm | None = None,
    criterion_form_of: tuple[str, CriterionForm] | None = None,
    on_the_way: Sequence[str] = (),
) -> HttpResponse:
    """Render the page of a round; with a refused form or `on_the_way`, as a 422."""
    round = get_object_or_404(Round.objects.select_related("programme__appraising_unit", "rule_set"), pk=pk)
    officer, quota, used = request.user, ranking.quota(round), ranking.used(round)
    manages = _is(rules.may_manage(officer), pk) and not round.closed_on
    closes, compiles = _is(rules.may_close(officer), pk), _is(rules.may_compile(officer), pk)
    criteria = list(round.rule_set.criteria.all())
    fixed = round.rule_set.rounds.filter(nominations__version__gte=1).exists()
    code, refused = criterion_form_of or ("", None)
    context = {
        "crumbs": [(_("Rounds"), reverse("nominations:rounds"))],
        "round": round,
        "state": state_of(round),
        "meters": meters(quota, used),
        "criteria": [
            {"criterion": item, "form": _criterion(item, code, refused) if manages and not fixed else None}
            for item in criteria
        ],
        "total_points": sum(item.max_points for item in criteria),
        "fixed": fixed,
        "ranking": _ranking(round, quota, used) if compiles or _sees_ranking(officer, round) else None,
        "may_compile": compiles,
        "round_form": (round_form or RoundForm(round=round, quota=quota)) if manages else None,
        "extend_form": (extend_form or ExtendForm()) if manages else None,
        "closing": _closing(round) if closes else None,
        "on_the_way": on_the_way,
    }
    status = 422 if round_form or extend_form or refused or on_the_way else 200
    return render(request, "nominations/round.html", context, status=status)


def state_of(round: Round) -> tuple[str, str]:
    """Return where the round stands on the legal day: a tone of the badge, and its word."""
    if round.closed_on:
        return "closed", _("Closed")
    today = clock.today()
    if today < round.opens:
        return "none", _("Not yet open")
    return ("eligible", _("Taking files")) if today <= round.closes else ("sign", _("Window over"))


def meters(quota: dict[str, int], used: Counter[str]) -> list[dict[str, Any]]:
    """Return for each kind what the quota meter shows."""
    return [
        {
            "label": kind.label,
            "used": used[kind.value],
            "quota": quota.get(kind.value, 0),
            "left": quota.get(kind.value, 0) - used[kind.value],
        }
        for kind in NomineeKind
    ]


def criterion_form(criterion: Criterion, data: Any = None) -> CriterionForm:
    """Return the form of one criterion, told apart from the others on the page by its code."""
    return CriterionForm(data, criterion=criterion, prefix=criterion.code)


def _criterion(criterion: Criterion, code: str, refused: CriterionForm | None) -> CriterionForm:
    return refused if refused and criterion.code == code else criterion_form(criterion)


def _ranking(round: Round, quota: dict[str, int], used: Counter[str]) -> list[dict[str, Any]]:
    """Who waits for a decision, by kind and rank, with who fits into what is left of the quota."""
    waiting: dict[str, list[Nominee]] = {kind.value: [] for kind in NomineeKind}
    for nominee in ranking.candidates(round):
        waiting[nominee.kind].append(nominee)
    return [
        {
            "label": kind.label,
            "rows": [
                {"rank": rank, "nominee": nominee, "fits": rank <= quota[kind] - used[kind]}
                for rank, nominee in enumerate(waiting[kind], start=1)
            ],
        }
        for kind in NomineeKind
    ]


def _sees_ranking(officer: Officer, round: Round) -> bool:
    """Whether the officer reads at the appraising unit, or audits it: the ranking is not for everybody."""
    unit = round.programme.appraising_unit_id
    reads = grants.units_where(officer, Right.READ).filter(content_object=unit)
    audits = grants.units_under(officer, Right.AUDIT).filter(unit=unit)
    return reads.exists() or audits.exists()


def _closing(round: Round) -> dict[str, int]:
    """What closing the round would end."""
    counts = dict(round.nominations.order_by().values_list("state").annotate(Count("pk")))
    return {
        "drafts": sum(counts.get(state, 0) for state in NOT_SUBMITTED),
        "waiting": counts.get(State.AWAIT_DECISION, 0),
    }


def _is(rule: Any, pk: int) -> bool:
    return Round.objects.filter(rule, pk=pk).exists()


def _managed(request: HttpRequest, pk: int) -> Round:
    round = get_object_or_404(Round, pk=pk)
    if not _is(rules.may_manage(request.user), pk):
        raise PermissionDenied(_("Changing a round belongs to the programme administrator."))
    return round


def _save(
    request: HttpRequest, pk: int, form: forms.BaseForm, write: Callable[[], None], **refused: Any
) -> HttpResponse:
    if form.is_valid():
        try:
            write()
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The change is recorded."))
            return redirect("nominations:round", pk=pk)
    return show(request, pk, **refused)
