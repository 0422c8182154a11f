"""When somebody whose step it is opens a file, its sender can no longer take it back unasked."""

from history import clock
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
    here = type(subject)._default_manager.filter(
        rules.duties(officer, actions_from(subject.state)),
        pk=subject.pk,
        revision=subject.revision,
        opened_at=None,
    )
    found = here.exclude(sent_post__officer=officer).values_list("pk", flat=True)
    changed = (
        type(subject)
        ._default_manager.filter(pk__in=list(found), revision=subject.revision, opened_at=None)
        .update(opened_at=clock.now(), opened_by=officer)
    )
    return bool(changed)
