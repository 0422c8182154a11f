"""What people type into a draft and into the list's filters, made regular and checked field by field."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from nominations.drafts import FILE_FIELDS, NOMINEE_FIELDS, NomineeInput, accounts, bodies
from nominations.file import File
from nominations.models import Criterion, Nomination, Round
from nominations.models.programmes import NomineeKind
from nominations.states import State
from permissions import received
from permissions.fields import Day, Identity, Line, Paragraphs
from permissions.models import Officer, Unit

MOST_NOMINEES = 100
MOST_OFFERED = 100  # units in a list to choose from


class ListFilter(forms.Form):
    """Narrows the list of files; everything is optional."""

    q = Line(
        label=_("File number, nominee or unit"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *State.choices])
    round = forms.ModelChoiceField(
        Round.objects.none(), label=_("Round"), required=False, empty_label=_("All")
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Proposing unit"), required=False, empty_label=_("All")
    )
    due = forms.ChoiceField(
        label=_("Time limit"),
        required=False,
        choices=[("", _("All")), ("late", _("Overdue")), ("soon", _("Due within two working days"))],
    )

    def __init__(self, *args: Any, units: Sequence[Unit] = (), **options: Any):
        """`units` are those offered to choose from; more than `MOST_OFFERED` are found by their name instead."""
        super().__init__(*args, **options)
        self.fields["round"].queryset = Round.objects.select_related("programme")
        field = self.fields["unit"]
        field.queryset = Unit.objects.all()
        wanted = received.key(self.data, "unit")
        if wanted and not any(unit.pk == wanted for unit in units[:MOST_OFFERED]):
            units = [*Unit.objects.filter(pk=wanted), *units]
        if len(units) > MOST_OFFERED and not wanted:
            field.widget = forms.HiddenInput()
        field.choices = [("", _("All")), *((unit.pk, unit.name) for unit in units[:MOST_OFFERED])]


class NewNomination(forms.Form):
    """For which unit, in which round."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Proposing unit"), empty_label=None)
    round = forms.ModelChoiceField(Round.objects.none(), label=_("Round"), empty_label=None)

    def __init__(self, *args: Any, units: QuerySet[Unit], rounds: QuerySet[Round], **options: Any):
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units
        self.fields["round"].queryset = rounds


class ListSheet(NewNomination):
    """The same, with a sheet of many nominees."""

    sheet = forms.FileField(
        label=_("List as XLSX"), widget=forms.FileInput(attrs={"accept": ".xlsx"}), allow_empty_file=True
    )


class FileForm(forms.Form):
    """The submission letter and the review meeting: what stands once in a file."""

    letter_number = Line(
        label=_("Number of the submission letter"),
        max_length=40,
        required=False,
        help_text=_("e.g. 15/TTr-UBND"),
    )
    letter_date = Day(label=_("Date of the submission letter"))
    summary = Paragraphs(label=_("Summary of the proposal"), max_length=4000, required=False, rows=4)
    minutes_date = Day(label=_("Date of the review meeting"))
    members_present = forms.IntegerField(
        label=_("Members present"), min_value=0, max_value=999, required=False
    )
    members_total = forms.IntegerField(label=_("Members in all"), min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, nomination: Nomination, **options: Any):
        initial = {name: getattr(nomination, name) for name in FILE_FIELDS}
        super().__init__(*args, initial=initial, **options)


class NomineeForm(forms.Form):
    """One nominee, as it is to be printed, with its report and the points the unit claims."""

    use_required_attribute = False

    uid = Line(required=False, max_length=36, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Kind of nominee"),
        choices=NomineeKind.choices,
        widget=forms.RadioSelect,
        initial=NomineeKind.INDIVIDUAL,
    )
    name = Line(label=_("Name, as to be printed"), max_length=200)
    title = Line(
        label=_("Position, as to be printed"),
        max_length=200,
        required=False,
        help_text=_("For an individual: the position held, without the unit."),
    )
    unit_name = Line(label=_("Unit, as to be printed"), max_length=300)
    identity = Identity()
    account = forms.ModelChoiceField(
        Officer.objects.none(),
        to_field_name="uid",
        label=_("Account in this system"),
        required=False,
        empty_label=_("None"),
        help_text=_("For a nominee who signs in here: they may then neither sign nor judge this file."),
    )
    body = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Body in the register of units"),
        required=False,
        empty_label=_("None"),
        help_text=_("For a collective that is a body of its own: its members may then not judge this file."),
    )
    achieved_from = Day(label=_("Achievements from"))
    achieved_to = Day(label=_("Achievements to"))
    is_direct_worker = forms.BooleanField(label=_("Works directly on the task"), required=False)
    is_grassroots = forms.BooleanField(label=_("Works at the grassroots"), required=False)
    report = Paragraphs(label=_("Achievement report"), max_length=20000, required=False, rows=8)

    def __init__(
        self,
        *args: Any,
        criteria: Sequence[Criterion],
        accounts: QuerySet[Officer],
        account_choices: Sequence[tuple[str, Any]],
        bodies: QuerySet[Unit],
        body_choices: Sequence[tuple[Any, str]],
        usual: Mapping[str, Any],
        **options: Any,
    ):
        super().__init__(*args, **options)
        self.criteria = criteria
        self.fields["account"].queryset = accounts
        self.fields["account"].choices = account_choices  # read once, not once a card
        self.fields["body"].queryset = bodies
        self.fields["body"].choices = body_choices
        for name, value in usual.items():
            self.fields[name].initial = value
        for criterion in criteria:
            self.fields[f"points_{criterion.code}"] = forms.IntegerField(
                label=str(criterion),
                required=False,
                min_value=0,
                max_value=criterion.max_points,
                help_text=_points_help(criterion),
            )
        tail = self.initial.get("identity_tail")
        self.fields["identity"].help_text = (
            _("Stored, ending in %(tail)s. Leave empty to keep it.") % {"tail": tail}
            if tail
            else _("12 digits, with the leading zero. Only a coded form of it is stored.")
        )

    @property
    def point_fields(self) -> list[forms.BoundField]:
        return [self[f"points_{criterion.code}"] for criterion in self.criteria]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("achieved_from"), data.get("achieved_to")
        if start and end and end < start:
            self.add_error("achieved_to", _("The period ends before it begins."))
        if data.get("kind") == NomineeKind.COLLECTIVE and data.get("identity"):
            self.add_error("identity", _("A collective has no personal identity number: clear the field."))
        return data

    def as_input(self) -> NomineeInput:
        """Return what drafts.save takes."""
        removed = bool(self.data.get(self.add_prefix(DELETION_FIELD_NAME)))
        if removed:
            return NomineeInput({}, uid=self["uid"].value() or "", removed=True)
        data = self.cleaned_data
        points = {c.code: data[f"points_{c.code}"] for c in self.criteria}
        return NomineeInput(
            {name: data[name] for name in NOMINEE_FIELDS},
            uid=data["uid"],
            identity=data["identity"],
            officer=data["account"],
            body=data["body"] if data["kind"] == NomineeKind.COLLECTIVE else None,
            points={code: value for code, value in points.items() if value is not None},
        )


class _NomineeForms(BaseFormSet):
    """The nominees of a file, each on its card."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = _("Take this nominee out of the file when saving")

    def clean(self) -> None:
        seen: dict[str, int] = {}
        for number, form in enumerate(self.forms, start=1):
            identity = getattr(form, "cleaned_data", {}).get("identity")
            if not identity or self._should_delete_form(form):
                continue
            if identity in seen:
                form.add_error(
                    "identity", _("Nominee %(number)s has the same number.") % {"number": seen[identity]}
                )
            seen.setdefault(identity, number)

    def as_inputs(self) -> list[NomineeInput]:
        """Return the nominees to save, in order; an untouched empty card is none."""
        inputs = [form.as_input() for form in self.kept_forms()]
        return [entry for entry in inputs if entry.uid or not entry.removed]

    def kept_forms(self) -> list[forms.Form]:
        """The cards that are more than an untouched empty one."""
        return [form for form in self.forms if form["uid"].value() or form.has_changed()]

    def takes_out(self) -> bool:
        """Whether some nominee is marked to be taken out of the file."""
        return any(self._should_delete_form(form) for form in self.forms if form.is_valid())


def nominee_forms(data: Any, file: File, *, extra: int, kind: str, usual: Mapping[str, Any]) -> _NomineeForms:
    """Return the cards of the nominees of `file`, and `extra` empty ones of `kind` with the `usual` values."""
    factory = formset_factory(
        NomineeForm,
        formset=_NomineeForms,
        extra=extra,
        can_delete=True,
        max_num=MOST_NOMINEES,
        absolute_max=MOST_NOMINEES,
        validate_max=True,
    )
    people = accounts(file.nomination)
    account_choices = [
        ("", _("None")),
        *((str(uid), name) for uid, name in people.values_list("uid", "full_name")),
    ]
    units = bodies(file.nomination)
    body_choices = [("", _("None")), *units.values_list("pk", "name")]
    initial = [_initial(nominee, file) for nominee in file.nominees]
    return factory(
        data,
        prefix="nominees",
        initial=initial,
        form_kwargs={
            "criteria": file.criteria,
            "accounts": people,
            "account_choices": account_choices,
            "bodies": units,
            "body_choices": body_choices,
            "usual": {**usual, "kind": kind or NomineeKind.INDIVIDUAL},
        },
    )


def _initial(nominee: Any, file: File) -> dict[str, Any]:
    initial = {name: getattr(nominee, name) for name in NOMINEE_FIELDS}
    points = {f"points_{c.code}": file.points.get((nominee.pk, c.code)) for c in file.criteria}
    account = nominee.officer.uid if nominee.officer else None
    return {
        **initial,
        **points,
        "uid": str(nominee.uid),
        "identity_tail": nominee.identity_tail,
        "body": nominee.body_id,
        "account": account,
    }


def _points_help(criterion: Criterion) -> str:
    if criterion.min_points:
        return _("0 to %(max)s points; from %(min)s on the condition is met.") % {
            "max": criterion.max_points,
            "min": criterion.min_points,
        }
    return _("0 to %(max)s points") % {"max": criterion.max_points}


__all__ = ["FileForm", "ListFilter", "NewNomination", "NomineeForm", "nominee_forms"]
