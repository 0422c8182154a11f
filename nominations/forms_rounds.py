"""What the programme's administrator types: window, quota, criteria, the next round, the rules of procedure."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nominations.models import Criterion, ProcedurePolicy, Round
from nominations.models.programmes import NomineeKind
from nominations.procedure import MOST_SUPPLEMENTS
from permissions.fields import Day, Line

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


class ExtendForm(forms.Form):
    """A later last day of submission, and the document that allows it."""

    closes = Day(label=_("New last day of submission"))
    document = Line(
        label=_("Legal document"),
        max_length=300,
        help_text=_("With number and date, e.g. “Công văn 1234/SNV-TĐKT ngày 20/12/2026”."),
    )

    def __init__(self, data: Any = None, **options: Any):
        super().__init__(data, prefix="extend", **options)
        self.fields["closes"].required = True


class NextRoundForm(forms.Form):
    """The window of the next year's round; the days of `source` a year on are offered."""

    opens = Day(label=_("Opens on"))
    closes = Day(label=_("Last day of submission"))

    def __init__(self, data: Any = None, *, source: Round, **options: Any):
        self.source, self.year = source, source.year + 1
        initial = {"opens": _a_year_on(source.opens), "closes": _a_year_on(source.closes)}
        super().__init__(data, initial=initial, prefix=f"next-{source.pk}", **options)
        for field in self.fields.values():
            field.required = True


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


class ProcedureForm(forms.Form):
    """The rules of procedure from a day on; what is in force is offered."""

    valid_from = Day(label=_("In force from"))
    supplements_at_most = forms.IntegerField(
        label=_("Requests for supplement at most"),
        min_value=0,
        max_value=MOST_SUPPLEMENTS,
        help_text=_("How often a file may be sent back for supplement after it was received."),
    )
    reroute_at_intake = forms.BooleanField(
        label=_("Intake sends a wrongly routed file to the right body"),
        required=False,
        help_text=_("Otherwise a wrongly routed file is returned."),
    )
    legal_basis = Line(label=_("Legal basis"), max_length=300)

    def __init__(self, data: Any = None, *, latest: ProcedurePolicy | None, **options: Any):
        initial = {
            name: getattr(latest, name) for name in ("supplements_at_most", "reroute_at_intake") if latest
        }
        super().__init__(data, initial=initial, **options)
        self.fields["valid_from"].required = True


def _a_year_on(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
