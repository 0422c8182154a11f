"""How long a task may take: it is interrupted first, and its process ended when that does not help.

A worker does its tasks itself, in no child: of the pool's children one that is killed while it waits for work keeps
the lock of their common pipe for ever, and its successors wait behind it in silence.
"""

import faulthandler
import signal
import sys
from types import FrameType
from typing import Any

from celery import signals
from celery.exceptions import SoftTimeLimitExceeded


def watch(**_said: Any) -> None:
    """Let the tasks of this worker have their limits."""
    signal.signal(signal.SIGALRM, _interrupt)
    signals.task_prerun.connect(begin)
    signals.task_postrun.connect(end)


def begin(task: Any, **_said: Any) -> None:
    """Begin the time of `task`: its own limits in seconds, else those of the settings."""
    signal.setitimer(signal.ITIMER_REAL, task.soft_time_limit or task.app.conf.task_soft_time_limit)
    # By a thread that needs nothing of Python's: also for code that never comes back to it.
    hard = task.time_limit or task.app.conf.task_time_limit
    faulthandler.dump_traceback_later(hard, exit=True, file=sys.__stderr__)  # Celery's own is no file


def end(**_said: Any) -> None:
    """The task is done."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    faulthandler.cancel_dump_traceback_later()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise SoftTimeLimitExceeded
