"""The open task of a file, and one act of many to be done at such tasks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from workflows.asking import Subject


@dataclass(frozen=True)
class Step:
    """One act of many: at which task, which action, with what, on what was shown."""

    task: Task
    action: str
    seen: str
    payload: Mapping[str, Any] = field(default_factory=dict)


def task_of(subject: Subject) -> Task | None:
    """Return the one open task of `subject`; None when it has ended."""
    return (
        Task.objects.filter(process=subject.process, finished=None)
        .exclude(status__in=(STATUS.DONE, STATUS.CANCELED))
        .first()
    )


def tasks_of(processes: QuerySet[Process]) -> QuerySet[Task]:
    """Return the open tasks of `processes`."""
    waiting = Task.objects.filter(process__in=processes.values("pk"), finished=None)
    return waiting.exclude(status__in=(STATUS.DONE, STATUS.CANCELED))
