"""When somebody whose step it is opens a file, its sender can no longer take it back unasked."""

from django.db.models import Q
from django.db.models.functions import Now

from nominations import rules
from nominations.actions import actions_from
from permissions.models import Officer
from workflows.asking import Subject


def mark(subject: Subject, officer: Officer) -> bool:
    """Note that `officer` opened `subject`, once for each stay at a step; return whether this was it.

    Only whoever has a duty there, and did not send it there, opens it in this sense. The
    revision shown must still stand, so that an opening and a recall at once cannot both win.
    """
    if subject.opened_at or subject.sent_post_id is None:
        return False
    subjects = type(subject)._default_manager.filter(pk=subject.pk)
    here = subjects.filter(rules.duties(officer, actions_from(subject.state)))
    if not here.exclude(Q(sent_post__officer=officer) | Q(sent_by=officer)).exists():
        return False
    # No join here: a row that a recall holds is looked at again, as it then is, before it is written.
    still = subjects.filter(revision=subject.revision, opened_at=None)
    return bool(still.update(opened_at=Now(), opened_by=officer))
