"""The form of each action on a decision, with what can be chosen in this very list."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from nominations import ranking
from nominations.actions import Action, Needs
from nominations.models import AwardDecision, DecisionLine
from nominations.models.programmes import NomineeKind
from nominations.ranking import Tie
from nominations.states import DecisionState
from workflows.acting import Refused
from workflows.action_forms import (
    Builders,
    ChoiceForm,
    Choices,
    LineRemarksForm,
    NoteForm,
    PlaceForm,
    TieForm,
    built,
)


class Forms:
    """The forms of one decision's action bar. `standing` and `left_off` are its lines, `ties` the undecided ones."""

    def __init__(
        self,
        decision: AwardDecision,
        standing: Sequence[DecisionLine],
        left_off: Sequence[DecisionLine],
        ties: Sequence[Tie],
        refused: Refused | None = None,
    ):
        self.decision, self.refused = decision, refused
        self.standing, self.left_off, self.ties = standing, left_off, ties

    def of(self, action: Action) -> forms.Form | None:
        """Return the form in which `action` is done; None when a click is all it takes."""
        return built(self.builders, action, self.refused)

    def has_something_to(self, action: Action) -> bool:
        """Whether there is anything to choose: a draft without ties has none to decide."""
        found: dict[str, Callable[[], Any]] = {
            "settle_tie": lambda: self.ties,
            "reorder": self._equals,
            "leave_off": lambda: self.standing,
            "recall_nominee": lambda: self.standing,
            "restore": lambda: self.left_off,
            "refill": lambda: ranking.within_quota(self.decision.round, besides=self.decision),
        }
        return action.name not in found or bool(found[action.name]())

    @property
    def builders(self) -> Builders:
        return {
            Needs.NOTE: lambda _action, options: NoteForm(**options),
            Needs.LINE_REMARKS: self._remarks,
            Needs.LINE: self._line,
            Needs.PLACE: self._place,
            Needs.TIE: self._tie,
        }

    def _remarks(self, action: Action, options: dict[str, Any]) -> forms.Form:
        stops = [(state, DecisionState(state).label) for state in action.targets]
        about = [("", _("No line: the reason says it")), *_named(self.standing)]
        return LineRemarksForm(about=about, stops=stops, **options)

    def _line(self, action: Action, options: dict[str, Any]) -> forms.Form:
        lines = self.left_off if action.name == "restore" else self.standing
        return ChoiceForm(name="line", label=_("Nominee"), choices=_named(lines), **options)

    def _place(self, _action: Action, options: dict[str, Any]) -> forms.Form:
        return PlaceForm(name="line", label=_("Nominee"), choices=_named(self._equals()), **options)

    def _tie(self, _action: Action, options: dict[str, Any]) -> forms.Form:
        tie = self.ties[0]
        label = _("%(kind)s: choose %(places)s") % {
            "kind": NomineeKind(tie.kind).label,
            "places": tie.places,
        }
        members = [
            (str(nominee.uid), f"{nominee.name}, {nominee.unit_name} ({nominee.total})")
            for nominee in tie.members
        ]
        return TieForm(label=label, choices=members, **options)

    def _equals(self) -> list[DecisionLine]:
        """The lines that share kind and points with another one."""
        return [
            line
            for line in self.standing
            if any(ranking.equal(line, other) and line.pk != other.pk for other in self.standing)
        ]


def _named(lines: Sequence[DecisionLine]) -> Choices:
    return [(str(line.nominee.uid), f"{line.rank}. {line.snapshot['name']}") for line in lines]
