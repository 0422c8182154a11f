"""The peers: viewflow's own queue, and guardian's own list of objects, asked as their books say."""

from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models import QuerySet
from guardian.shortcuts import get_objects_for_user
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from nominations.models import Nomination
from nominations.newest import question
from nominations.rules import Held
from permissions.models import Officer
from workflows.flows import NominationFlow

VIEW = "nominations.view_nomination"


def queue(officer: Officer) -> list[Task]:
    """Return what viewflow's queue holds for a person: `Task.objects.queue` without the right to see the flow.

    A new object each time, since viewflow keeps what it read of the person on it.
    """
    person: Any = Officer.objects.get(pk=officer.pk)
    person.is_superuser = False
    person.get_all_permissions = set
    person.groups = SimpleNamespace(all=Group.objects.none)
    tasks = Task.objects.coerce_for([NominationFlow]).user_queue(person)
    return list(tasks.filter(status=STATUS.NEW))


def permit(officer: Officer, held: Held) -> int:
    """Write for guardian the permissions on single files that say what `officer` may read; return how many."""
    permission = Permission.objects.get(codename="view_nomination")
    asked = question(officer, held, limit=10_000_000)
    if asked is None:
        return 0
    sql, values = asked
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO bench_nominationpermission (user_id, permission_id, content_object_id)
                SELECT {officer.pk}, {permission.pk}, nomination_id FROM ({sql}) AS readable""",
            values,
        )
        return cursor.rowcount


def objects(officer: Officer) -> QuerySet[Nomination]:
    """Return guardian's list for the same page: the first 25 in the list's real order."""
    found = get_objects_for_user(
        officer, VIEW, Nomination, use_groups=False, with_superuser=False, accept_global_perms=False
    )
    return found.order_by("-since", "-pk")[:25]
