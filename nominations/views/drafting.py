"""One request on a draft: what was typed is checked, saved whole or shown again, and never lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from nominations import checks, drafts, intake, remarks, rules, shares, typed
from nominations import file as files
from nominations.drafts import NomineeInput
from nominations.forms import FileForm, nominee_forms
from nominations.models import Nomination, Nominee, Typed
from nominations.models.nominations import EvidenceKind
from nominations.models.programmes import NomineeKind
from nominations.states import EDIT
from nominations.views import ticking
from nominations.views.reading import nomination_for
from permissions import received

Refusals = dict[str, list[str]]


@dataclass(frozen=True)
class Problem:
    """One line of the summary of errors; `anchor` is the id of the field."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Kept:
    """What became of typing that was kept: saved as a file or as it is, and on which revision.

    `uids` are the nominees by the name of the field that holds them; `wrong` is what stands in the way.
    """

    saved: bool
    revision: int
    uids: dict[str, str]
    wrong: Sequence[Problem] = ()


class Editing:
    """A draft under the hands of one officer: its forms, the revision expected, and the answers."""

    def __init__(self, request: HttpRequest, uid):
        self.request = request
        self.rows: str | None = None
        self.nomination = nomination_for(request.user, uid)
        if not Nomination.objects.filter(rules.may_edit(request.user), pk=self.nomination.pk).exists():
            raise PermissionDenied(
                _("A file is edited as a draft, by the clerk of %(unit)s. Now: %(state)s.")
                % {"unit": self.nomination.unit, "state": self.nomination.get_state_display()}
            )
        posted = received.key(request.POST, "revision")
        self.expected = self.nomination.revision if posted is None else posted

    @cached_property
    def file(self) -> files.File:
        return files.read(self.nomination)

    @cached_property
    def unsaved(self) -> Typed | None:
        """What this officer typed before and what could not be saved yet."""
        return typed.of(self.nomination, self.request.user)

    def forms(self, data: Any = None) -> tuple[FileForm, Any]:
        """Return the form of the file and the cards of its nominees."""
        kind = (data or {}).get("extra_kind") or received.word(self.request.GET, "add")
        kind = kind if kind in NomineeKind.values else ""
        start, end = drafts.default_period(self.nomination.round.year)
        usual = {"unit_name": self.nomination.unit.name, "achieved_from": start, "achieved_to": end}
        extra = 1 if kind or not self.file.nominees else 0
        return (
            FileForm(data, nomination=self.nomination),
            nominee_forms(data, self.file, extra=extra, kind=kind, usual=usual),
        )

    def save(
        self,
        *,
        before: Callable[[], Refusals] | None = None,
        more: Sequence[NomineeInput] = (),
        then: str = "",
        refused: Refusals | None = None,
        rows: str | None = None,
    ) -> HttpResponse:
        """Do `before` (its refusals are shown), save what was typed and `more` nominees, and answer.

        Back to the draft, at the anchor `then`; 422 with everything typed when a field or a
        document was refused; 409 with everything typed when the draft was saved elsewhere.
        `rows` are those of a refused sheet, to be corrected on the page.
        """
        self.rows = rows
        sent = self.typed_forms()
        if self.expected != self.nomination.revision:
            return self.conflict(sent)
        refused = dict(refused or {})
        if before:
            refused |= before()
            self.__dict__.pop("file", None)  # the documents have changed
        try:
            if sent and not self._saved(sent, refused, more):
                return self.page(*sent, refused=refused, status=422)
        except drafts.Conflict:
            return self.conflict(sent)
        if refused:
            return self.fresh(refused=refused, status=422)
        messages.success(self.request, _("The draft is saved."))
        return redirect(self._next(then))

    def keep(self) -> Kept:
        """Save what was typed if it can be saved, else keep it as it is; nothing is taken out of the file.

        Raises drafts.Conflict when the draft was saved elsewhere: nothing is written then.
        """
        file_form, cards = self.forms(self.request.POST)
        if self.expected != self.nomination.revision:
            raise drafts.Conflict(self.nomination)
        refused: Refusals = {}
        if not cards.takes_out() and self._saved((file_form, cards), refused, ()):
            self.nomination.refresh_from_db()
            self.__dict__.pop("file", None)
            uids = [str(nominee.uid) for nominee in self.file.nominees]
            names = [form.add_prefix("uid") for form in cards.kept_forms()]
            return Kept(True, self.nomination.revision, dict(zip(names, uids, strict=True)))
        typed.keep(self.nomination, self.request.user, self.request.POST, revision=self.expected)
        return Kept(False, self.expected, {}, problems(file_form, cards, refused))

    def reopened(self) -> HttpResponse:
        """Show the draft, with what was typed and could not be saved yet, if the file is still the same."""
        if self.unsaved and self.unsaved.revision == self.nomination.revision:
            return self.page(*self.forms(typed.fields_of(self.unsaved)))
        return self.page(*self.forms())

    def typed_forms(self) -> tuple[FileForm, Any] | None:
        """The forms as they were sent; None when none were."""
        return self.forms(self.request.POST) if "nominees-TOTAL_FORMS" in self.request.POST else None

    def fresh(self, **options: Any) -> HttpResponse:
        """Show the draft as it is stored now."""
        self.nomination = nomination_for(self.request.user, self.nomination.uid)
        self.expected = self.nomination.revision
        self.__dict__.pop("file", None)
        return self.page(*self.forms(), **options)

    def standing(self) -> dict[str, Any]:
        """How the draft stands as saved: the checks, how much is missing, and what the plan prefers."""
        found, nominees = checks.run(self.file), self.file.nominees
        people = [nominee for nominee in nominees if nominee.kind == NomineeKind.INDIVIDUAL]
        direct, grassroots = [n.is_direct_worker for n in people], [n.is_grassroots for n in nominees]
        return {
            "checks": found,
            "missing": sum(len(result.problems) for result in found),
            "shares": shares.of(direct, grassroots),
        }

    def page(
        self, file_form: FileForm, cards: Any, *, refused: Refusals | None = None, status: int = 200
    ) -> HttpResponse:
        nomination, file = self.nomination, self.file
        names = {nominee.pk: nominee.name for nominee in file.nominees}
        context = {
            "crumbs": [
                (_("Files"), reverse("nominations:list")),
                (nomination.reference, reverse("workflows:nomination", kwargs={"uid": nomination.uid})),
            ],
            "nomination": nomination,
            "file_form": file_form,
            "cards": cards,
            "revision": self.expected,
            "extra_kind": cards.form_kwargs["usual"]["kind"],
            "evidence": [(item, names.get(item.nominee_id, "")) for item in file.evidence],
            "evidence_kinds": EvidenceKind.choices,
            "nominees": file.nominees,
            "kinds": NomineeKind.choices,
            **self.standing(),
            "remarks": ticking.rows(remarks.asked(nomination)),
            "refused": refused or {},
            "problems": problems(file_form, cards, refused or {}),
            "unsaved": self.unsaved,
            "left": self._left(),
            "columns": intake.columns(file.criteria),
            "earlier": intake.earlier(nomination),
            "rows": self.rows if self.rows is not None else self.request.POST.get("rows", ""),
        }
        return render(self.request, "nominations/draft.html", context, status=status)

    def conflict(self, sent: tuple[FileForm, Any] | None) -> HttpResponse:
        """The 409 page: what was typed is shown, to be copied into the draft as it is now."""
        last = self.nomination.handlings.filter(action=EDIT).select_related("officer").order_by("-at").first()
        context = {
            "nomination": self.nomination,
            "typed": typed_values(sent) if sent else [],
            "who": last.officer.full_name if last and last.officer else "",
            "when": last.at if last else None,
        }
        return render(self.request, "nominations/conflict.html", context, status=409)

    def nominee_named(self, field: str) -> Nominee | None:
        """Return the nominee of this file that the form names; None for the whole file."""
        uid = received.word(self.request.POST, field)
        return next((nominee for nominee in self.file.nominees if str(nominee.uid) == uid), None)

    def _left(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What was typed on an older revision than the one that is shown."""
        if self.unsaved is None or self.unsaved.revision == self.nomination.revision:
            return []
        return typed_values(self.forms(typed.fields_of(self.unsaved)))

    def _saved(self, forms: tuple[FileForm, Any], refused: Refusals, more: Sequence[NomineeInput]) -> bool:
        file_form, cards = forms
        if not (file_form.is_valid() & cards.is_valid()):
            return False
        try:
            with transaction.atomic():
                drafts.save(
                    self.nomination,
                    by=self.request.user,
                    expected=self.expected,
                    values=file_form.cleaned_data,
                    nominees=[*cards.as_inputs(), *more],
                )
                typed.forget(self.nomination, self.request.user)
                answers = ticking.answers_of(self.request.POST)
                if answers:
                    remarks.answer(self.nomination, answers, by=self.request.user)
        except ValidationError as error:
            refused["draft"] = error.messages
            return False
        return True

    def _next(self, then: str) -> str:
        url = reverse("nominations:draft", kwargs={"uid": self.nomination.uid})
        add = received.word(self.request.POST, "add")
        if add in NomineeKind.values:
            return f"{url}?add={add}#new-nominee"
        return f"{url}#{then}" if then else url


def problems(file_form: BaseForm, cards: Any, refused: Refusals) -> list[Problem]:
    """Return everything that was refused, in the order of the page, each with the id of its field."""
    found = [Problem("draft", text) for text in refused.get("draft", ())]
    found += _field_problems(file_form, "")
    found += [Problem("nominees", text) for text in cards.non_form_errors()]
    for number, form in enumerate(cards.forms, start=1):
        found += _field_problems(form, _("Nominee %(number)s") % {"number": number} + ": ")
    found += [Problem("nominees-rows", text) for text in refused.get("rows", ())]
    found += [Problem("nominees-earlier", text) for text in refused.get("earlier", ())]
    return found + [Problem("documents", text) for text in refused.get("file", ())]


def typed_values(typed: tuple[FileForm, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what was typed, as (card, [(label, text)]), without what was left empty."""
    file_form, cards = typed
    groups = [(_("Submission letter and review meeting"), file_form)]
    groups += [
        (_("Nominee %(number)s") % {"number": number}, form)
        for number, form in enumerate(cards.forms, start=1)
    ]
    shown = []
    for title, form in groups:
        values = [
            (field.label, str(field.value()))
            for field in form.visible_fields()
            if field.value() not in (None, "", False)
        ]
        shown.append((title, values))
    return shown


def _field_problems(form: BaseForm, prefix: str) -> list[Problem]:
    return [
        Problem(field.id_for_label or field.auto_id, f"{prefix}{field.label}: {message}")
        for field in form
        for message in field.errors
    ] + [Problem("draft", f"{prefix}{message}") for message in form.non_field_errors()]
