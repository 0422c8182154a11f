"""What an auditor asks of the history."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit import files, wording
from audit.models import SavedSearch
from nominations.models import Round
from permissions.catalogue import ROLE_CHOICES
from permissions.fields import Day, Line
from permissions.models import Officer, Unit
from permissions.text import search_key
from permissions.units import named

ALL = [("", gettext_lazy("All"))]
MOST_PEOPLE = 100  # of one name
NONE = "-"  # the stream of no file


class SearchForm(forms.Form):
    """Narrows the history; everything is optional, and the address holds it all."""

    q = Line(
        label=gettext_lazy("Words"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Names, positions, reasons, numbers; also without accents."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    file = Line(
        label=gettext_lazy("File or decision"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("e.g. HS-2024-00012, DT-2024-003, 12/2024"),
    )
    person = Line(
        label=gettext_lazy("Done by"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Name or user name of the officer."),
    )
    unit = Line(
        label=gettext_lazy("Unit"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Name or official code."),
    )
    since = Day(label=gettext_lazy("From the day"))
    until = Day(label=gettext_lazy("To the day"))
    below = forms.BooleanField(label=gettext_lazy("Also the units below it"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False, choices=[*ALL, *ROLE_CHOICES])
    action = forms.ChoiceField(label=gettext_lazy("Act"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[*ALL, *wording.KINDS.items()]
    )
    round = forms.ChoiceField(label=gettext_lazy("Round"), required=False)

    FOLDED = ("below", "role", "action", "kind", "round")  # shown when they are asked for

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        rounds = Round.objects.select_related("programme").order_by("-year", "programme__code")
        self.fields["round"].choices = [
            *ALL, *((f"{round.programme.code}:{round.year}", str(round)) for round in rounds)
        ]  # fmt: skip
        self.fields["action"].choices = [*ALL, *wording.actions()]

    @property
    def first(self) -> list[Any]:
        """The fields that are always shown."""
        return [self[name] for name in self.fields if name not in self.FOLDED]

    @property
    def folded(self) -> list[Any]:
        return [self[name] for name in self.FOLDED]

    @property
    def unfolded(self) -> bool:
        """Whether one of the other fields is filled in, or wrong."""
        return any(self[name].data or self[name].errors for name in self.FOLDED)

    @property
    def asked(self) -> list[tuple[str, str, str]]:
        """The fields that are filled in: name, label, and what was typed or chosen."""
        found = []
        for field in self:
            if self.cleaned_data.get(field.name) not in (None, "", False):
                choices = dict(getattr(field.field, "choices", ()))
                typed = _("Yes") if field.name == "below" else field.data
                found.append((field.name, str(field.label), str(choices.get(field.data, typed))))
        return found

    def clean_person(self) -> list[str] | None:
        """Return the identities of the officers meant; of nobody, when nobody is."""
        wanted = self.cleaned_data["person"]
        if not wanted:
            return None
        uid = _uid(wanted)
        people = Officer.objects.filter(uid=uid) if uid else _named(wanted)
        found = [str(uid) for uid in people.order_by("pk").values_list("uid", flat=True)[: MOST_PEOPLE + 1]]
        if len(found) > MOST_PEOPLE:
            raise forms.ValidationError(
                ngettext(
                    "More than %(count)s officer has this name: type more of it.",
                    "More than %(count)s officers have this name: type more of it.",
                    MOST_PEOPLE,
                )
                % {"count": MOST_PEOPLE}
            )
        return found

    def clean_unit(self) -> Unit | None:
        wanted = self.cleaned_data["unit"]
        found = named(wanted) if wanted else None
        if wanted and found is None:
            raise forms.ValidationError(_("No unit has this name or code."))
        return found

    def clean_file(self) -> str:
        """Return the stream of the file or decision with this number or identity."""
        wanted = self.cleaned_data["file"]
        if not wanted:
            return ""
        found = files.named(wanted)
        return found.stream if found is not None else NONE

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return values


class SaveForm(forms.ModelForm):
    """Under which name a search is kept."""

    name = Line(label=gettext_lazy("Save this search as"), max_length=80)

    class Meta:
        model = SavedSearch
        fields = ["name"]


def kept(query: QueryDict) -> str:
    """Return the part of an address that is the search itself: what is filled in of the form."""
    asked = {name: query[name] for name in SearchForm.base_fields if query.get(name)}
    return urlencode(asked)


def _named(wanted: str) -> Any:
    key = search_key(wanted)
    return Officer.objects.filter(name_search__contains=key) | Officer.objects.filter(username__iexact=wanted)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
