"""How the engine says no: someone was first. (Not allowed and not valid are Django's own.)"""

from datetime import datetime


class StaleState(Exception):
    """The file moved on, or changed, since the page was shown."""

    def __init__(self, subject, *, who: str = "", when: datetime | None = None, what: str = ""):
        super().__init__(f"{subject}: {what or 'changed'} by {who or 'somebody'} at {when}")
        self.subject, self.who, self.when, self.what = subject, who, when, what


class Busy(Exception):
    """Another act on the same file is under way and has not ended within the lock's time."""


class OneRefused(Exception):
    """One of many acts was refused, so none was done; `error` is why, `process` the key of the file's process."""

    def __init__(self, process: int, error: Exception):
        super().__init__(str(error))
        self.process, self.error = process, error
