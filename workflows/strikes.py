"""The signer's form: beside each line a box that strikes it out, and the reason."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

from nominations.models import DecisionLine
from nominations.payloads import LONGEST
from permissions.fields import Paragraphs


class Checkbox(forms.CheckboxInput):
    """One of many boxes of one name (`strike`, `back`); its value is the nominee's uid.

    Templates tell a checkbox by the name of this class (Django's `BoundField.widget_type`).
    """

    def __init__(self, name: str, uid: str):
        super().__init__(attrs={"value": uid, "id": f"{name}-{uid}"})
        self.uid = uid

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        return self.uid in data.getlist("strike")


class StrikeForm(forms.Form):
    """The fields that `acting.payload_of` reads: `strike`, `strike_reason-<uid>` and `back`."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, lines: Sequence[DecisionLine], **options: Any):
        super().__init__(data, **options)
        self.uids = [str(line.nominee.uid) for line in lines]
        for line in lines:
            uid, name = str(line.nominee.uid), line.snapshot["name"]
            hidden = format_html('<span class="visually-hidden">: {}</span>', name)
            self.fields[f"strike-{uid}"] = forms.BooleanField(
                label=format_html("{}{}", _("Strike out"), hidden),
                required=False,
                widget=Checkbox("strike", uid),
            )
            self.fields[f"strike_reason-{uid}"] = Paragraphs(
                label=format_html("{}{}", _("Why it is struck out"), hidden),
                required=False,
                max_length=LONGEST,
                rows=2,
            )
            self.fields[f"back-{uid}"] = forms.BooleanField(
                label=format_html("{}{}", _("Not for good: have it appraised again"), hidden),
                required=False,
                widget=Checkbox("back", uid),
            )

    def add_prefix(self, field_name: str) -> str:
        """Let every box have the one name of its list."""
        name, dash, _uid = field_name.partition("-")
        return name if dash and name in ("strike", "back") else super().add_prefix(field_name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for uid in self.uids:
            if cleaned.get(f"strike-{uid}") and not cleaned.get(f"strike_reason-{uid}", "").strip():
                self.add_error(f"strike_reason-{uid}", _("Write why the line is struck out."))
        return cleaned

    def of(self, line: DecisionLine) -> tuple[forms.BoundField, ...]:
        """Return the box, the reason and the box "appraise again" of one line."""
        uid = line.nominee.uid
        return self[f"strike-{uid}"], self[f"strike_reason-{uid}"], self[f"back-{uid}"]
