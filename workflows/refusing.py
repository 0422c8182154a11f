"""How the engine says no: who was first, or why not; and only to somebody who may read the file."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from nominations import rules
from nominations.actions import Action
from nominations.models import Handling
from nominations.states import EDIT
from permissions.models import Officer
from workflows import asking
from workflows.asking import Subject
from workflows.errors import StaleState


def refusal(actor: Officer, subject: Subject, row: Action | None) -> str:
    """Return why `actor` may not do what `row` says on `subject`; None is an act of another step."""
    if row is None:
        return _("The file is at another step: %(state)s.") % {"state": subject.get_state_display()}
    return asking.why_not(actor, subject, row) or _("The chosen post does not carry this right.")


def stale(actor: Officer, subject: Subject) -> StaleState | PermissionDenied:
    """Say who was first, but only to somebody who may read the file."""
    if not rules.may_read(actor, subject):
        return PermissionDenied(_("This file is not open to the post held."))
    last = subject.handlings.select_related("officer").order_by("-at", "-pk").first()
    if last is None:
        return StaleState(subject)
    return StaleState(
        subject,
        who=last.officer.full_name if last.officer else "",
        when=last.at,
        what=_label(subject, last),
    )


def _label(subject: Subject, handling: Handling) -> str:
    if handling.action == EDIT:
        return _("Edit the draft")
    row = asking.table_of(type(subject)).get((handling.step, handling.action))
    return str(row.label) if row else handling.action
