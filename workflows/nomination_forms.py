"""The form of each action on a nomination, with what can be chosen in this very file."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history import clock
from nominations import choices, opinions, remarks, stops
from nominations.actions import Action, Needs
from nominations.assignment import candidates
from nominations.file import File
from workflows.acting import Refused
from workflows.action_forms import (
    AnswerForm,
    Builders,
    ChoiceForm,
    Choices,
    CodeForm,
    NoteForm,
    OfficerForm,
    OpinionForm,
    RemarksForm,
    built,
)

USUAL = timedelta(days=14)  # offered as the time to answer: ten working days of an ordinary calendar


class Forms:
    """The forms of one file's action bar; what several of them need is read once."""

    def __init__(self, file: File, refused: Refused | None = None):
        self.file, self.nomination, self.refused = file, file.nomination, refused

    def of(self, action: Action) -> forms.Form | None:
        """Return the form in which `action` is done; None when a click is all it takes."""
        return built(self.builders, action, self.refused)

    @property
    def builders(self) -> Builders:
        return {
            Needs.NOTE: lambda _action, options: NoteForm(**options),
            Needs.CODE: lambda _action, options: CodeForm(**options),
            Needs.REMARKS: self._remarks,
            Needs.BODY: self._body,
            Needs.SUCCESSOR: self._successor,
            Needs.OFFICER: self._officer,
            Needs.OPINION: self._opinion,
            Needs.ANSWER: self._answer,
        }

    def _remarks(self, action: Action, options: dict[str, Any]) -> forms.Form:
        found = stops.ways_back(self.nomination, action, self.file.legs, clock.today())
        return RemarksForm(about=self._about, stops=[(stop.state, stop.label) for stop in found], **options)

    def _body(self, action: Action, options: dict[str, Any]) -> forms.Form:
        empty = _("Straight to intake") if len(action.targets) > 1 else "–"
        return ChoiceForm(
            name="unit",
            label=_("Body to which the file belongs"),
            choices=self._bodies,
            empty=empty,
            **options,
        )

    def _successor(self, _action: Action, options: dict[str, Any]) -> forms.Form:
        found = [(unit.pk, unit.name) for unit in choices.successors_of(self.nomination.unit, clock.today())]
        return ChoiceForm(name="unit", label=_("Unit that carries on"), choices=found, **options)

    def _officer(self, _action: Action, options: dict[str, Any]) -> forms.Form:
        return OfficerForm(
            choices=[
                (
                    str(item.officer.uid),
                    ngettext("%(name)s (%(count)s file)", "%(name)s (%(count)s files)", item.load)
                    % {"name": item.officer.full_name, "count": item.load},
                )
                for item in candidates(self.nomination)
            ],
            **options,
        )

    def _opinion(self, _action: Action, options: dict[str, Any]) -> forms.Form:
        return OpinionForm(initial={"answer_by": clock.today() + USUAL}, **options)

    def _answer(self, _action: Action, options: dict[str, Any]) -> forms.Form:
        return AnswerForm(
            awaited=[(str(item.uid), item.body) for item in opinions.awaited(self.nomination)], **options
        )

    @cached_property
    def _bodies(self) -> Choices:
        found = choices.bodies(clock.today())
        return [(unit.pk, f"{unit.name} · {unit.code}") for unit in found]

    @cached_property
    def _about(self) -> Choices:
        """What a remark can be about, grouped: the file, each nominee, the documents."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for about in remarks.possible(self.file.nominees, self.file.evidence):
            if about.evidence:
                title = _("Documents")
            else:
                title = about.nominee.name if about.nominee else _("The file")
            groups.setdefault(title, []).append((about.key, about.label or _("The whole file")))
        return list(groups.items())
