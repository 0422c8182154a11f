"""Form fields shared by the rooms: Vietnamese text made regular, and dates as offices write them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from permissions import foreign
from permissions.text import normalised, normalised_lines

DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)  # of whatever an office writes down
LONGEST_DAY = 40  # characters of a date, with its blanks


class Line(forms.CharField):
    """One line of Vietnamese text, NFC, without stray white space; of a length that its column can hold."""

    made = staticmethod(normalised)

    def __init__(self, *, max_length: int, **options: Any):
        # Not stripped by Django: that would take control characters at the ends away in silence.
        super().__init__(max_length=max_length, strip=False, **options)

    def to_python(self, value: Any) -> str:
        return foreign.regular(super().to_python(value), self.made, most=self.max_length)


class Paragraphs(Line):
    """Long text, NFC, with its paragraphs."""

    made = staticmethod(normalised_lines)

    def __init__(self, *, rows: int, max_length: int, **options: Any):
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, widget=widget, **options)


class Day(forms.DateField):
    """A date as offices write it: dd/mm/yyyy; a phone's bare digits (24112026) do as well."""

    def __init__(self, **options: Any):
        widget = forms.DateInput(
            format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "class": "date"}
        )
        options.setdefault("help_text", _("dd/mm/yyyy"))
        options.setdefault("required", False)
        super().__init__(input_formats=DATE_FORMATS, widget=widget, **options)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and len(value) > LONGEST_DAY:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        day = super().to_python(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(
                _("Enter a day from %(first)s to %(last)s: this year is mistyped."),
                code="range",
                params={"first": f"{FIRST_DAY:%d/%m/%Y}", "last": f"{LAST_DAY:%d/%m/%Y}"},
            )
        return day


class Identity(forms.CharField):
    """A personal identity number: 12 digits, a text, since it may begin with 0."""

    def __init__(self, **options: Any):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        options = {"label": _("Personal identity number"), "required": False, "max_length": 20} | options
        super().__init__(widget=widget, **options)

    def clean(self, value: Any) -> str:
        number = super().clean(value).replace(" ", "").replace(".", "")
        if not number or (number.isascii() and number.isdigit() and len(number) == 12):
            return number
        if number.isascii() and number.isdigit() and len(number) == 11:
            raise forms.ValidationError(
                _("This has 11 digits, a personal identity number 12: was the leading zero lost?")
            )
        raise forms.ValidationError(_("A personal identity number has 12 digits and nothing else."))


def show_refusal(form: forms.BaseForm, error: forms.ValidationError) -> None:
    """Put what the writer refused at its field; what names no field stands above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)
