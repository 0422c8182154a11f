"""What a finding is asked for: the scope of an auditor's post, a period, a programme, and its parameters."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.files import MODELS
from history import kinds
from history.clock import VIETNAM, midnight
from nominations import readings
from nominations.models import Programme
from permissions.fields import Day
from permissions.models import Officer

PERIOD = timedelta(days=365)
FIRST_YEAR, LAST_YEAR = (
    2000,
    2100,
)  # of what may be asked: no database reckons with every day that one can type
KINDS = (  # what happens to a file; an index leads to each kind by time
    kinds.NOMINATION_OPENED,
    kinds.NOMINATION_ACTED,
    kinds.NOMINATION_CLOSED,
    kinds.NOMINATION_RECUSED,
    kinds.DECISION_OPENED,
    kinds.DECISION_ACTED,
    kinds.DECISION_RECUSED,
)


@dataclass(frozen=True)
class Parameter:
    """A whole number that a finding is asked with, or a yes or no."""

    name: str
    label: str | Promise
    default: int | bool
    least: int = 1
    most: int = 1000


@dataclass(frozen=True)
class Ask:
    """A question as it was asked, whole and valid."""

    officer: Officer
    programme: Programme | None
    first: date
    last: date
    values: dict[str, Any]

    def subjects(self, kind: str) -> QuerySet[Any]:
        """Return the nominations or decisions in the auditor's scope, of the programme if one was chosen."""
        model = MODELS[kind]
        found = model._default_manager.filter(readings.scope(self.officer, model))
        return found.filter(round__programme=self.programme) if self.programme else found

    def only(self) -> Q:
        """Return which events are asked: those of the files and decisions in scope, in the period."""
        streams = Q()
        for kind in MODELS:
            name = Concat(Value(f"{kind}:"), Cast("uid", CharField()))
            streams |= Q(stream__in=self.subjects(kind).order_by().annotate(name=name).values("name"))
        return Q(kind__in=KINDS) & streams & self.within("at")

    def within(self, column: str) -> Q:
        """Return that the moment in `column` lies in the period, by the days of Việt Nam."""
        return Q(
            **{
                f"{column}__gte": midnight(self.first),
                f"{column}__lt": midnight(self.last + timedelta(days=1)),
            }
        )


class AskForm(forms.Form):
    """The period, the programme and the parameters of one finding, all in the address."""

    first = Day(label=gettext_lazy("From the day"), required=True)
    last = Day(label=gettext_lazy("To the day"), required=True)
    programme = forms.ModelChoiceField(
        Programme.objects.all(),
        label=gettext_lazy("Programme"),
        required=False,
        empty_label=gettext_lazy("All"),
    )

    def __init__(self, asked: QueryDict, *, parameters: tuple[Parameter, ...]):
        today = timezone.localdate(timezone=VIETNAM)
        usual: dict[str, Any] = {"first": f"{today - PERIOD:%d/%m/%Y}", "last": f"{today:%d/%m/%Y}"}
        ticked = {item.name: item.default for item in parameters if isinstance(item.default, bool)}
        usual |= {item.name: item.default for item in parameters if item.name not in ticked}
        super().__init__({**usual, **(asked.dict() or ticked)})
        for item in parameters:
            self.fields[item.name] = _field(item)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        for name in ("first", "last"):
            if found.get(name) and not FIRST_YEAR <= found[name].year <= LAST_YEAR:
                years = {"first": FIRST_YEAR, "last": LAST_YEAR}
                self.add_error(name, _("Choose a day in the years %(first)s to %(last)s.") % years)
        if first and last and last < first:
            self.add_error("last", _("The period ends before it begins: choose a later day."))
        return found

    def ask(self, officer: Officer) -> Ask:
        """Return the question; the form is valid."""
        values = dict(self.cleaned_data)
        first, last, programme = (values.pop(name) for name in ("first", "last", "programme"))
        return Ask(officer, programme, first, last, values)


def _field(item: Parameter) -> forms.Field:
    if isinstance(item.default, bool):
        return forms.BooleanField(label=str(item.label), required=False)
    return forms.IntegerField(label=str(item.label), min_value=item.least, max_value=item.most)
