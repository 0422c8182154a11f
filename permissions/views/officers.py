"""Officers: the list, each one's page, a new account; suspended and restored, invited and let in again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from history import clock, kinds
from history.ledger import Entry, record
from permissions import accounts, audit, reauth, received
from permissions.catalogue import DECISIVE, ROLE_CHOICES
from permissions.fields import Identity, Line, show_refusal
from permissions.identity import identity_hash
from permissions.models import Appointment, Officer
from permissions.tables import Cell, Table
from permissions.text import search_key
from permissions.views.landing import check

PER_PAGE = 50


class OfficerFilter(forms.Form):
    q = Line(label=gettext_lazy("Name, user name or unit"), required=False, max_length=100)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), required=False, choices=[("", gettext_lazy("All")), *ROLE_CHOICES]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("active", gettext_lazy("Active, with a post")),
            ("idle", gettext_lazy("Active, without a post")),
            ("suspended", gettext_lazy("Suspended")),
        ],
    )


class OfficerForm(forms.Form):
    username = forms.RegexField(
        r"^[a-z0-9._-]+$",
        label=gettext_lazy("User name"),
        max_length=60,
        help_text=gettext_lazy("Lower-case letters, digits and dots, no accents."),
    )
    full_name = Line(label=gettext_lazy("Full name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    identity = Identity(
        help_text=gettext_lazy("Only a coded form of it is stored; it shows that a nominee is the officer.")
    )
    is_automatic = forms.BooleanField(
        label=gettext_lazy("Works by itself"),
        required=False,
        help_text=gettext_lazy(
            "An account of the system's own: nobody signs in with it. In its posts it does what counts as done when a time limit is over."
        ),
    )

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        if Officer.objects.filter(username=name).exists():
            raise ValidationError(_("This user name is taken: choose another."))
        return name


class ReasonForm(forms.Form):
    reason = Line(label=gettext_lazy("Reason"), max_length=300)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the officers, narrowed by words, role and state."""
    check(request)
    form = OfficerFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = received.page(_found(wanted), request.GET, per_page=PER_PAGE)
    posts = _posts(page.object_list)
    context = {
        "form": form,
        "page": page,
        "table": Table(
            _("Officers"),
            [_("Officer"), _("Posts today"), _("State")],
            [_row(officer, posts.get(officer.pk, [])) for officer in page.object_list],
        ),
    }
    return render(request, "permissions/officers.html", context)


@require_safe
def officer(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show an officer: account, posts, and what they may do where, since when and by whom."""
    check(request)
    found = get_object_or_404(Officer, uid=uid)
    return _page(request, found)


@reauth.required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; it has no password until its one-time link is used."""
    check(request)
    form = OfficerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with transaction.atomic():
            made = Officer.objects.create_user(
                values["username"], values["full_name"], email=values["email"],
                identity_hash=identity_hash(values["identity"]) if values["identity"] else "",
                is_automatic=values["is_automatic"],
            )  # fmt: skip
            texts = {"officer": made.full_name, "by": request.user.full_name}
            record(
                Entry(
                    stream=f"officer:{made.uid}",
                    kind=kinds.OFFICER_CREATED,
                    actor=str(request.user.uid),
                    data={"automatic": True} if made.is_automatic else {},
                    text=texts,
                )
            )
        messages.success(request, _("The account is made: give it a post, and hand over its one-time link."))
        return redirect("permissions:officer", uid=made.uid)
    return render(
        request,
        "permissions/officer_new.html",
        {"form": form, "crumbs": crumbs()},
        status=422 if form.errors else 200,
    )


@reauth.required
@require_POST
def invite(request: HttpRequest, uid: Any) -> HttpResponse:
    """Make a one-time link and show it once."""
    check(request)
    found = get_object_or_404(Officer, uid=uid)
    link = request.build_absolute_uri(accounts.invitation(found, by=request.user))
    return _page(request, found, link=link)


@require_POST
def unlock(request: HttpRequest, uid: Any) -> HttpResponse:
    """Let an account in again that failures locked out."""
    check(request)
    found = get_object_or_404(Officer, uid=uid)
    accounts.unlock(found, by=request.user)
    messages.success(request, _("The account can sign in again."))
    return redirect("permissions:officer", uid=found.uid)


@reauth.required
@require_POST
def set_active(request: HttpRequest, uid: Any) -> HttpResponse:
    """Suspend an account, or restore it; at once, with a reason."""
    check(request)
    found = get_object_or_404(Officer, uid=uid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refused=form)
    change = accounts.suspend if found.is_active else accounts.restore
    try:
        change(found, reason=form.cleaned_data["reason"], by=request.user)
    except ValidationError as error:
        show_refusal(form, error)
        return _page(request, found, refused=form)
    messages.success(request, _("It is done and holds from this moment."))
    return redirect("permissions:officer", uid=found.uid)


def crumbs() -> list[tuple[str, str]]:
    return [
        (_("Administration"), reverse("permissions:landing")),
        (_("Officers"), reverse("permissions:officers")),
    ]


def _page(
    request: HttpRequest, found: Officer, *, link: str = "", refused: ReasonForm | None = None
) -> HttpResponse:
    posts = found.appointments.select_related("unit", "granted_by").order_by("-valid_from", "-pk")
    rights = list(audit.find(clock.today(), officer=found))
    context = {
        "crumbs": crumbs(),
        "officer": found,
        "posts": Table(
            _("Posts, the newest first"),
            [_("Post"), _("Days"), _("Legal document"), _("State")],
            [_post_row(post) for post in posts],
        ),
        "rights": Table(
            _("What the officer may do today"),
            [_("Right"), _("Where"), _("Since"), _("By")],
            [_right_row(row) for row in audit.rows(rights)],
        ),
        "pending": found.pending_appointments.filter(status="pending").select_related("unit"),
        "is_self": found.pk == request.user.pk,
        "locked": accounts.is_locked_out(found),
        "link": link,
        "form": refused or ReasonForm(),
    }
    return render(request, "permissions/officer.html", context, status=422 if refused else 200)


def _found(wanted: dict[str, Any]) -> QuerySet[Officer]:
    found = Officer.objects.order_by("name_sort", "username")
    held = Appointment.objects.on(clock.today()).filter(officer=OuterRef("pk"))
    if wanted.get("q"):
        key = search_key(wanted["q"])
        at = Exists(held.filter(unit__name_search__contains=key))
        found = found.filter(Q(name_search__contains=key) | Q(username__icontains=wanted["q"]) | Q(at))
    if wanted.get("role"):
        found = found.filter(Exists(held.filter(role=wanted["role"])))
    if wanted.get("state"):
        found = found.filter(is_active=wanted["state"] != "suspended")
        if wanted["state"] != "suspended":
            found = found.filter(Exists(held) if wanted["state"] == "active" else ~Exists(held))
    return found


def _posts(officers: Any) -> dict[int, list[Appointment]]:
    posts: dict[int, list[Appointment]] = {}
    rows = Appointment.objects.on(clock.today()).filter(officer__in=list(officers)).select_related("unit")
    for post in rows:
        posts.setdefault(post.officer_id, []).append(post)
    return posts


def _row(officer: Officer, posts: list[Appointment]) -> list[Cell]:
    url = reverse("permissions:officer", kwargs={"uid": officer.uid})
    state = ("eligible", _("Active")) if officer.is_active else ("rejected", _("Suspended"))
    if officer.is_active and officer.is_automatic:
        state = ("eligible", _("Works by itself"))
    return [
        Cell(officer.full_name, url, officer.username),
        Cell("; ".join(f"{post.role_label}, {post.unit}" for post in posts) or _("none")),
        Cell(state[1], tone=state[0]),
    ]


def _post_row(post: Appointment) -> list[Cell]:
    today = clock.today()
    last = f"{post.last_day:%d/%m/%Y}" if post.last_day else "…"
    days = _("never held") if post.never_held else f"{post.valid_from:%d/%m/%Y} – {last}"
    tone, word, url = "eligible", _("In office"), reverse("permissions:post_end", kwargs={"uid": post.uid})
    if post.has_ended(today):
        tone, word, url = "closed", _("Ended"), ""
    elif post.valid_from > today:
        tone, word = "none", _("To come")
    by = _("given by %(name)s") % {"name": post.granted_by.full_name} if post.granted_by else ""
    two = _("decisive") if post.role in DECISIVE else ""
    return [
        Cell(f"{post.role_label}, {post.unit}", url, " · ".join(filter(None, [post.position, two]))),
        Cell(days),
        Cell(post.document, meta=by),
        Cell(word, tone=tone),
    ]


def _right_row(row: audit.Row) -> list[Cell]:
    last = f" – {row.last_day:%d/%m/%Y}" if row.last_day else ""
    by = row.granted_by
    if row.delegated_by:
        by = _("delegated by %(name)s") % {"name": row.delegated_by}
    return [
        Cell(row.right_label),
        Cell(row.unit, meta=row.unit_code),
        Cell(f"{row.valid_from:%d/%m/%Y}{last}"),
        Cell(row.delegation_document or row.document, meta=by),
    ]
