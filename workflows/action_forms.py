"""What an action asks for, as a form to fill: the fields that `acting.payload_of` reads."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nominations.actions import Action, Needs
from nominations.models import Opinion
from nominations.payloads import LONGEST
from nominations.states import REJECTION_CODES
from permissions.fields import Day, Line, Paragraphs
from workflows.acting import Refused

GROUNDS = [(code.value, code.label) for code in REJECTION_CODES]
REMARK_ROWS = 3  # at least; there is always an empty one

Choices = Sequence[tuple[Any, Any]]
Builders = Mapping[Needs, Callable[[Action, dict[str, Any]], forms.Form]]


def text(label: Any, **options: Any) -> Paragraphs:
    """A field for some sentences."""
    return Paragraphs(label=label, max_length=LONGEST, rows=3, **options)


class NoteForm(forms.Form):
    """A reason in words."""

    note = text(
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


class ChoiceForm(NoteForm):
    """One thing chosen from a list, and the reason in words."""

    def __init__(
        self, data: Any = None, *, name: str, label: Any, choices: Choices, empty: Any = "–", **options: Any
    ):
        super().__init__(data, **options)
        listed = [*([("", empty)] if empty else []), *choices]
        self.fields[name] = forms.ChoiceField(label=label, choices=listed, required=empty == "–")
        self.order_fields([name, "note"])


class OfficerForm(forms.Form):
    """Who is to handle the file; the least loaded stands first."""

    assignee = forms.ChoiceField(label=_("Officer"))

    def __init__(self, data: Any = None, *, choices: Choices, **options: Any):
        super().__init__(data, **options)
        self.fields["assignee"].choices = choices


class LetterForm(forms.Form):
    """The letter in which something was asked or answered."""

    letter_number = Line(label=_("Number of the letter"), max_length=40, required=False)
    letter_date = Day(label=_("Date of the letter"))


class OpinionForm(LetterForm):
    """Which other body is asked what, until when."""

    body = Line(label=_("Body asked"), max_length=300)
    question = text(_("What it is asked"))
    answer_by = Day(label=_("Answer awaited until"), required=True)
    field_order = ("body", "question", "answer_by", "letter_number", "letter_date")


class AnswerForm(LetterForm):
    """Which of the bodies asked answered, and what."""

    opinion = forms.ChoiceField(label=_("Body asked"))
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[item for item in Opinion.Answer.choices if item[0]],
        widget=forms.RadioSelect,
        help_text=_("No answer in time counts as no objection; it has no letter."),
    )
    said = text(_("What it says, if it does not agree the reason"), required=False)
    field_order = ("opinion", "answer", "said", "letter_number", "letter_date")

    def __init__(self, data: Any = None, *, awaited: Choices, **options: Any):
        super().__init__(data, **options)
        self.fields["opinion"].choices = awaited


class RemarksForm(forms.Form):
    """The points to correct, each about one thing; where the file goes, if there is a choice."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, about: Choices, stops: Choices = (), **options: Any):
        super().__init__(data, **options)
        if len(stops) > 1:
            self.fields["to"] = forms.ChoiceField(
                label=_("Return to"),
                choices=stops,
                widget=forms.RadioSelect,
                initial=stops[0][0],
                required=False,
            )
        typed = sum(
            1 for name, value in (data or {}).items() if name.startswith("remark_text-") and value.strip()
        )
        for number in range(1, max(REMARK_ROWS, typed + 1) + 1):
            self.fields[f"remark_about-{number}"] = forms.ChoiceField(
                label=_("Remark %(number)s, about") % {"number": number}, choices=about, required=False
            )
            self.fields[f"remark_text-{number}"] = text(_("What is to be corrected"), required=False)


class LineRemarksForm(RemarksForm):
    """Why a decision goes back, and remarks on single lines of it."""

    note = text(
        _("Reason"),
        error_messages={"required": _("Write the reason: the other side must know what to do.")},
    )


class PlaceForm(ChoiceForm):
    """A line among equals, its new place, and the reason in words."""

    place = forms.IntegerField(label=_("New place"), min_value=1, required=False)

    def __init__(self, data: Any = None, **options: Any):
        super().__init__(data, **options)
        self.order_fields(["line", "place", "note"])


class TieForm(NoteForm):
    """Who of the equals goes onto the list, and the reason in words."""

    def __init__(self, data: Any = None, *, label: Any, choices: Choices, **options: Any):
        super().__init__(data, **options)
        self.fields["chosen"] = forms.MultipleChoiceField(
            label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
        )
        self.order_fields(["chosen", "note"])


def built(builders: Builders, action: Action, refused: Refused | None) -> forms.Form | None:
    """Return the form in which `action` is done, filled with what was refused; None when a click is all it takes."""
    build = builders.get(action.needs)
    if build is None:
        return None
    data = refused.typed if refused and refused.action == action.name else None
    form = build(action, {"data": data, "auto_id": f"id_{action.name}_%s"})
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
