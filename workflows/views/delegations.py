"""Delegations: what one has given and taken, a new one, and every act done under one."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from history import clock
from history.ledger import under_delegation
from permissions import delegations, grants, reauth, received
from permissions.catalogue import Right, SignatureForm
from permissions.fields import Day, Line, show_refusal
from permissions.models import Appointment, Delegation, Officer
from permissions.tables import Cell, Table
from permissions.text import search_key
from workflows.views import delegated_acts

PER_PAGE = 50
MOST_TAKERS = 100  # in the list to choose from; the search narrows it


class GiveForm(forms.Form):
    """What is handed on: to whom, which rights, for which days, why, by which document."""

    to_post = forms.ChoiceField(label=gettext_lazy("To"))
    rights = forms.MultipleChoiceField(label=gettext_lazy("Rights"), widget=forms.CheckboxSelectMultiple)
    form = forms.ChoiceField(
        label=gettext_lazy("Form of the signature"),
        choices=[(form.value, form.label) for form in (SignatureForm.TUQ, SignatureForm.TL)],
        help_text=gettext_lazy("The deputy of the same body always signs KT."),
    )
    valid_from = Day(label=gettext_lazy("First day"), required=True)
    last_day = Day(label=gettext_lazy("Last day"), required=True)
    reason = Line(label=gettext_lazy("Reason"), max_length=300)
    document = Line(label=gettext_lazy("Document of the delegation"), max_length=200)

    def __init__(self, data: Any = None, *, post: Appointment, takers: list[Appointment]):
        super().__init__(data, initial={"valid_from": clock.today(), "form": SignatureForm.TUQ})
        self.takers = {str(taker.uid): taker for taker in takers}
        named = [(uid, f"{taker.officer.full_name}, {taker}") for uid, taker in self.takers.items()]
        self.fields["to_post"].choices = [("", _("Choose")), *named]
        self.fields["rights"].choices = [(r.value, r.label) for r in delegations.delegable(post)]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what the officer has given and taken, and the posts from which they may give."""
    mine = delegations.of_interest_to(request.user)
    given = mine.filter(from_post__officer=request.user).order_by("-valid_from", "-pk")
    taken = mine.filter(to_post__officer=request.user).order_by("-valid_from", "-pk")
    others = mine.exclude(Q(from_post__officer=request.user) | Q(to_post__officer=request.user))
    page = received.page(others.order_by("-valid_from", "-pk"), request.GET, per_page=PER_PAGE)
    context = {
        "given": _table(_("Delegations given"), given),
        "taken": _table(_("Delegations taken"), taken),
        "others": _table(_("Delegations of the units managed"), page.object_list),
        "page": page,
        "posts": [post for post in grants.posts_of(request.user) if delegations.delegable(post)],
    }
    return render(request, "workflows/delegations.html", context)


@reauth.required
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, uid) -> HttpResponse:
    """Hand on rights of one of the officer's own posts."""
    post = get_object_or_404(grants.posts_of(request.user).select_related("unit", "officer"), uid=uid)
    wanted = received.line(request.GET, "q", most=100)
    takers = _takers(post, wanted, received.word(request.POST, "to_post"))
    form = GiveForm(request.POST or None, post=post, takers=takers)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = delegations.give(
                post,
                form.takers[values["to_post"]],
                values["rights"],
                valid_from=values["valid_from"],
                valid_to=values["last_day"] + timedelta(days=1),
                reason=values["reason"],
                document=values["document"],
                form=values["form"],
                by=request.user,
            )
        except ValidationError as error:
            if "valid_to" in getattr(error, "error_dict", {}):
                error.error_dict["last_day"] = error.error_dict.pop("valid_to")
            show_refusal(form, error)
        else:
            messages.success(request, _("The delegation is recorded."))
            return redirect("workflows:delegation", uid=made.uid)
    context = {"post": post, "form": form, "q": wanted, "crumbs": _crumbs()}
    return render(request, "workflows/delegation_new.html", context, status=422 if form.errors else 200)


@require_safe
def delegation(request: HttpRequest, uid) -> HttpResponse:
    """Show one delegation and every act done under it."""
    found = _one(request.user, uid)
    acts = under_delegation(
        str(found.uid), by=str(found.to_post.officer.uid), behalf=str(found.from_post.officer.uid)
    )
    page = received.page(acts, request.GET, per_page=PER_PAGE)
    context = {
        "delegation": found,
        "crumbs": _crumbs(),
        "acts": delegated_acts.table(request.user, list(page.object_list)),
        "page": page,
        "running": not found.has_ended(clock.today()),
        "may_end": delegations.of_interest_to(request.user).filter(pk=found.pk).exists(),
    }
    return render(request, "workflows/delegation.html", context)


@require_POST
def end(request: HttpRequest, uid) -> HttpResponse:
    """End a delegation at once."""
    found = _one(request.user, uid)
    try:
        delegations.end(found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The delegation has ended; from now on it carries nothing."))
    return redirect("workflows:delegation", uid=found.uid)


def _one(officer: Officer, uid: Any) -> Delegation:
    """The delegation, for giver, taker, administrators of its unit and auditors in scope; else as if missing."""
    audited = Q(from_post__unit__in=grants.units_under(officer, Right.AUDIT))
    found = delegations.of_interest_to(officer).filter(uid=uid).first()
    if found is None:
        every = Delegation.objects.filter(audited, uid=uid)
        found = every.select_related(
            "from_post__officer", "from_post__unit", "to_post__officer", "to_post__unit"
        ).first()
    if found is None:
        raise Http404
    return found


def _takers(post: Appointment, wanted: str, chosen: str) -> list[Appointment]:
    """The posts to choose from, narrowed by the words `wanted`; the one `chosen` already is always among them."""
    every = found = delegations.takers(post, clock.today())
    if wanted:
        key = search_key(wanted)
        found = every.filter(Q(officer__name_search__contains=key) | Q(unit__name_search__contains=key))
    takers = list(found.order_by("officer__name_sort", "pk")[:MOST_TAKERS])
    if not chosen or any(str(taker.uid) == chosen for taker in takers):
        return takers
    try:
        return [*every.filter(uid=chosen), *takers]
    except ValidationError:  # no identifier at all: the form says so
        return takers


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Delegations"), reverse("workflows:delegations"))]


def _table(caption: str, rows: QuerySet[Delegation] | list[Delegation]) -> Table:
    heads = [_("Delegation"), _("From"), _("To"), _("Days"), _("State")]
    return Table(caption, heads, [_row(item) for item in rows])


def _row(item: Delegation) -> list[Cell]:
    today = clock.today()
    url = reverse("workflows:delegation", kwargs={"uid": item.uid})
    tone, word = ("eligible", _("In force"))
    if item.has_ended(today):
        tone, word = "closed", _("Ended")
    elif item.valid_from > today:
        tone, word = "none", _("Not yet in force")
    return [
        Cell(", ".join(item.right_labels), url, f"{item.form}. · {item.document}"),
        Cell(item.from_post.officer.full_name, meta=str(item.from_post)),
        Cell(item.to_post.officer.full_name, meta=str(item.to_post)),
        Cell(
            _("never held") if item.never_held else f"{item.valid_from:%d/%m/%Y} – {item.last_day:%d/%m/%Y}"
        ),
        Cell(word, tone=tone),
    ]
