"""What the programme's administrator types: window, quota, criteria."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from nominations.forms import Day, Line
from nominations.models import Criterion, Round
from nominations.models.programmes import NomineeKind

MOST = 9999  # awards of a kind in one round
MOST_POINTS = 1000


class RoundForm(forms.Form):
    """The window, both days included, and the quota of each kind."""

    opens = Day(label=_("Opens on"))
    closes = Day(label=_("Last day of submission"))

    def __init__(self, data: Any = None, *, round: Round, quota: dict[str, int], **options: Any):
        initial = {"opens": round.opens, "closes": round.closes}
        initial |= {f"quota_{kind}": count for kind, count in quota.items()}
        super().__init__(data, initial=initial, **options)
        for name in ("opens", "closes"):
            self.fields[name].required = True
        for kind in NomineeKind:
            self.fields[f"quota_{kind}"] = forms.IntegerField(
                label=_("Quota: %(kind)s") % {"kind": kind.label}, min_value=0, max_value=MOST
            )

    @property
    def quotas(self) -> dict[str, int]:
        """The quota of each kind, as typed and valid."""
        return {kind.value: self.cleaned_data[f"quota_{kind}"] for kind in NomineeKind}


class CriterionForm(forms.Form):
    """The words and the points of one criterion."""

    label_vi = Line(label=_("Label in Vietnamese"), max_length=300)
    label_en = Line(label=_("Label in English"), max_length=300)
    max_points = forms.IntegerField(label=_("Maximum points"), min_value=1, max_value=MOST_POINTS)
    min_points = forms.IntegerField(
        label=_("Points needed to be eligible"),
        min_value=0,
        max_value=MOST_POINTS,
        help_text=_("0: the criterion is no condition."),
    )

    def __init__(self, data: Any = None, *, criterion: Criterion, **options: Any):
        initial = {name: getattr(criterion, name) for name in self.base_fields}
        super().__init__(data, initial=initial, **options)


def show_refusal(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what the writer refused at its field; what names no field stands above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)
