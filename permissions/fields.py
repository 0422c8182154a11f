"""Form fields shared by the rooms: Vietnamese text made regular, and dates as offices write them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from permissions.text import normalised, normalised_lines

DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d")


class Line(forms.CharField):
    """One line of Vietnamese text, NFC, without stray white space."""

    def to_python(self, value: Any) -> str:
        return normalised(super().to_python(value))


class Paragraphs(forms.CharField):
    """Long text, NFC, with its paragraphs."""

    def __init__(self, *, rows: int, **options: Any):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)

    def to_python(self, value: Any) -> str:
        return normalised_lines(super().to_python(value))


class Day(forms.DateField):
    """A date as offices write it: dd/mm/yyyy; a phone's bare digits (24112026) do as well."""

    def __init__(self, **options: Any):
        widget = forms.DateInput(
            format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "class": "date"}
        )
        options.setdefault("help_text", _("dd/mm/yyyy"))
        options.setdefault("required", False)
        super().__init__(input_formats=DATE_FORMATS, widget=widget, **options)


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
