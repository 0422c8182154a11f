"""What an action asks for, as a form to fill: the fields that `acting.payload_of` reads."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nominations.actions import Action, Needs
from nominations.models import Criterion, Nominee
from nominations.payloads import LONGEST
from nominations.states import REJECTION_CODES, Assessment
from workflows.acting import Refused

GROUNDS = [(code.value, code.label) for code in REJECTION_CODES]
REMARK_ROWS = 3  # at least; there is always an empty one


def _text(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, strip=False, widget=forms.Textarea(attrs={"rows": 3}), **options
    )


class NoteForm(forms.Form):
    """A reason in words."""

    note = _text(
        _("Reason"),
        error_messages={"required": _("Write the reason: the other side must know what to do.")},
    )


class CodeForm(NoteForm):
    """A legal ground, and the reason in words."""

    code = forms.ChoiceField(
        label=_("Legal ground"),
        choices=[("", "–"), *GROUNDS],
        error_messages={"required": _("Choose the legal ground of the rejection.")},
    )
    field_order = ("code", "note")


class RemarksForm(forms.Form):
    """The points to correct, each about a nominee or about the whole file."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, nominees: Sequence[Nominee], **options: Any):
        super().__init__(data, **options)
        about = [("", _("The whole file")), *((str(nominee.uid), nominee.name) for nominee in nominees)]
        typed = sum(
            1 for name, text in (data or {}).items() if name.startswith("remark_text-") and text.strip()
        )
        for number in range(1, max(REMARK_ROWS, typed + 1) + 1):
            self.fields[f"remark_nominee-{number}"] = forms.ChoiceField(
                label=_("Remark %(number)s, about") % {"number": number},
                choices=about,
                required=False,
            )
            self.fields[f"remark_text-{number}"] = _text(_("What is to be corrected"), required=False)


class AppraisalForm(forms.Form):
    """A conclusion on every nominee: eligible or not, points by criterion, remark, legal ground."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        nominees: Sequence[Nominee],
        criteria: Sequence[Criterion],
        points: dict[tuple[int, str], int],
        **options: Any,
    ):
        super().__init__(data, **options)
        self.criteria = criteria
        for nominee in nominees:
            self._add(nominee, points)

    def _add(self, nominee: Nominee, points: dict[tuple[int, str], int]) -> None:
        uid = nominee.uid
        self.fields[f"assessment-{uid}"] = forms.ChoiceField(
            label=_("Conclusion"),
            choices=[c for c in Assessment.choices if c[0]],
            widget=forms.RadioSelect,
            initial=nominee.assessment,
            required=False,
        )
        self.fields[f"code-{uid}"] = forms.ChoiceField(
            label=_("Legal ground, if not eligible"),
            choices=[("", "–"), *GROUNDS],
            required=False,
            initial=nominee.outcome_code,
        )
        self.fields[f"note-{uid}"] = _text(
            _("Appraiser's remark, if not eligible the reason"),
            required=False,
            initial=nominee.assessment_note,
        )
        for criterion in self.criteria:
            self.fields[f"points-{uid}-{criterion.code}"] = forms.IntegerField(
                min_value=0,
                max_value=criterion.max_points,
                required=False,
                initial=points.get((nominee.pk, criterion.code)),
            )

    def of(self, nominee: Nominee) -> list[forms.BoundField]:
        """Return the fields of one nominee without the points."""
        return [self[f"{name}-{nominee.uid}"] for name in ("assessment", "code", "note")]

    def points_of(self, nominee: Nominee, criterion: Criterion) -> forms.BoundField:
        return self[f"points-{nominee.uid}-{criterion.code}"]


def form_for(
    action: Action, nominees: Sequence[Nominee], refused: Refused | None = None
) -> forms.Form | None:
    """Return the form in which `action` is done; None when a click is all it takes."""
    data = refused.typed if refused and refused.action == action.name else None
    form: forms.Form
    if action.needs == Needs.NOTE:
        form = NoteForm(data, auto_id=f"id_{action.name}_%s")
    elif action.needs == Needs.CODE:
        form = CodeForm(data, auto_id=f"id_{action.name}_%s")
    elif action.needs == Needs.REMARKS:
        form = RemarksForm(data, nominees=nominees, auto_id=f"id_{action.name}_%s")
    else:
        return None
    if refused and data is not None:
        show_errors(form, refused)
    return form


def show_errors(form: forms.Form, refused: Refused) -> None:
    """Put what the engine refused at its field, once."""
    for name, texts in refused.errors.items():
        field = name if name in form.fields else None
        known = form.errors.get(field, []) if field else form.non_field_errors()
        for text in texts:
            if text not in known:
                form.add_error(field, text)
