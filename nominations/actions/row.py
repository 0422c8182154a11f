"""What one row of the action table says: from where to where, by which right held where, and on what conditions."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nominations.states import LEVELS, Level
from permissions.catalogue import Right


class Needs(StrEnum):
    """What an action asks of the person, besides the click."""

    NOTHING = "nothing"
    NOTE = "note"  # a reason in words
    REMARKS = "remarks"  # itemised remarks, and to which earlier step the file goes
    CODE = "code"  # a legal reason code and a reason in words
    APPRAISAL = "appraisal"  # conclusion, points and remark for each nominee
    BODY = "body"  # the body to which the file belongs, and a reason
    SUCCESSOR = "successor"  # the unit that carries on, and a reason
    OFFICER = "officer"  # who is to handle the file
    OPINION = "opinion"  # which other body is asked what, until when
    ANSWER = "answer"  # which of the bodies asked answered what
    STRIKES = "strikes"  # optionally: lines struck out, each with a reason
    LINE_REMARKS = "line_remarks"  # a reason, optionally remarks on single lines, and to which earlier step
    LINE = "line"  # a line of the list, and a reason
    PLACE = "place"  # a line among equals, its new place, and a reason
    TIE = "tie"  # who of the equals goes onto the list, and a reason


class Seat(StrEnum):
    """Where the right of an action must be held."""

    HOLDER = "holder"  # at the unit where the file waits
    PROPOSER = "proposer"  # at the unit that proposes
    HOME = "home"  # at the body that appraises the round
    SENDER = "sender"  # in the very post in which the file was sent here; no other right is asked


class Condition(StrEnum):
    """What must be true of the file, whoever acts; `rules.CONDITIONS` says it as a Q."""

    REMARKS_DONE = "remarks_done"  # every remark made to this step is ticked off
    SUPPLEMENT_LEFT = "supplement_left"  # the rules of procedure allow one more supplement
    REROUTE_ALLOWED = "reroute_allowed"  # the rules of procedure let intake send the file on
    OFF_DECISION = "off_decision"  # no nominee stands on an open decision
    UNOPENED = "unopened"  # nobody who acts here has opened it since it came
    OPENED = "opened"
    NOT_ASKED = "not_asked"  # it was not asked back since it came
    ASKED = "asked"  # the sender asks for it back
    UNASSIGNED = "unassigned"
    MINE = "mine"  # assigned to whoever acts
    BODY_ENDED = "body_ended"  # the unit where it waits no longer exists
    UNIT_ENDED = "unit_ended"  # the unit that proposed no longer exists
    OPINION_OPEN = "opinion_open"  # another body was asked for its opinion and has not answered
    OPINIONS_IN = "opinions_in"  # no opinion is awaited


@dataclass(frozen=True)
class Action:
    """One row of the specification."""

    name: str
    source: str
    targets: tuple[str, ...]
    right: Right | None
    label: str | Promise
    needs: Needs = Needs.NOTHING
    option: bool = False  # a button only; it puts nothing into an inbox
    tone: str = "secondary"  # how prominent the button is: primary, secondary, danger
    effects: str | Promise = ""  # the sentence beside the button: what will happen
    seat: Seat = Seat.HOLDER
    requires: tuple[Condition, ...] = ()
    signs: bool = False  # who does it proves again who they are
    files: bool = False  # of a decision: it also touches the files behind the list

    @property
    def key(self) -> tuple[str, str]:
        return (self.source, self.name)

    @property
    def stays(self) -> bool:
        """Whether the file stays at its step: the open task stays open."""
        return self.targets == (self.source,)

    def level(self, sent_from: str = "") -> Level:
        """The level at which the act handles the file; `sent_from` is the step it was sent from."""
        if self.seat == Seat.PROPOSER:
            return Level.PROPOSER
        if self.seat == Seat.HOME:
            return Level.APPRAISAL
        return LEVELS[sent_from] if self.seat == Seat.SENDER else LEVELS[self.source]


def recall(state: str, *origins: str) -> Action:
    """The row by which the sender takes back what nobody has opened yet."""
    return Action(
        "recall", state, origins, None, _("Take the file back"), option=True, seat=Seat.SENDER,
        requires=(Condition.UNOPENED,),
        effects=_("Nobody has opened it yet: it comes back to the step from which it was sent."),
    )  # fmt: skip


def recalls(state: str, right: Right, *origins: str) -> Iterator[Action]:
    """The rows of a recall: at once while unopened; afterwards asked for, granted or declined."""
    yield recall(state, *origins)
    yield Action(
        "request_recall", state, (state,), None, _("Ask for the file back"), Needs.NOTE, option=True,
        seat=Seat.SENDER, requires=(Condition.OPENED, Condition.NOT_ASKED),
        effects=_("It has been opened: whoever holds it now decides whether to give it back."),
    )  # fmt: skip
    yield Action(
        "grant_recall", state, origins, right, _("Give the file back to the sender"), option=True,
        requires=(Condition.ASKED,),
        effects=_("The sender asked for it: it returns to the step from which it was sent."),
    )  # fmt: skip
    yield Action(
        "decline_recall", state, (state,), right, _("Keep the file"), Needs.NOTE, option=True,
        requires=(Condition.ASKED,), effects=_("The sender is told why the file is not given back."),
    )  # fmt: skip
