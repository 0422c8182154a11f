"""The clock that starts regular work: however many of it run, one at a time speaks, holding a lock of the database's."""

import logging
from datetime import timedelta
from time import monotonic
from typing import Any

import psycopg
from celery.beat import Scheduler
from django.db import connection

logger = logging.getLogger(__name__)

LOCK = 6_820_417  # of the advisory lock; any number, the same in every process
RETRY = 2.0  # seconds between two looks of who does not hold it
WRITE_EVERY = 10.0  # seconds between two signs of life
DJANGOS_OWN = ("context", "cursor_factory", "prepare_threshold", "server_side_binding")
NOTICE_A_SILENCE: dict[str, Any] = {
    "connect_timeout": 5,  # seconds, as the next three
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # milliseconds
}
SIGN_OF_LIFE = """
INSERT INTO workflows_pulse (name, at) VALUES ('beat', clock_timestamp())
ON CONFLICT (name) DO UPDATE SET at = excluded.at
"""


class OneBeat(Scheduler):
    """Sends what is due while it holds the lock; a second one waits, and takes over when the first is gone.

    It keeps nothing on disk: when it begins everything is due at once, which every task takes lightly.
    """

    def __init__(self, *args: Any, **options: Any):
        self._session: psycopg.Connection[Any] | None = None
        self._written = 0.0
        super().__init__(*args, **options)

    def setup_schedule(self) -> None:
        self.install_default_entries(self.schedule)
        self.merge_inplace(self.app.conf.beat_schedule)
        for entry in self.schedule.values():
            entry.last_run_at = entry.default_now() - timedelta(days=1)

    def tick(self, *args: Any, **options: Any) -> float:
        """Send what is due, if it is for this one to do; return the seconds until the next look."""
        if not self.holds_lock():
            return RETRY
        return min(super().tick(*args, **options), RETRY)

    def holds_lock(self) -> bool:
        """Whether this process holds the lock, asking for it if nobody does; False while the database is away."""
        try:
            if self._session is None or self._session.closed:
                self._session = psycopg.connect(**_parameters())
                locked = self._session.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
                if not locked or not locked[0]:
                    self._session.close()
                    return False
                logger.warning("beat: this one speaks from now on")
            if monotonic() - self._written > WRITE_EVERY:
                self._session.execute(SIGN_OF_LIFE)
                self._written = monotonic()
            else:
                self._session.execute("SELECT 1")
        except psycopg.Error as error:
            logger.error("beat: the database is away: %s", error)
            if self._session is not None:
                self._session.close()
            self._session = None
            return False
        return True

    def close(self) -> None:
        super().close()
        if self._session is not None:
            self._session.close()


def _parameters() -> dict[str, Any]:
    """The parameters of Django's own connection, its certificates among them, but for a session of our own.

    No request returns or resets it. It learns within half a minute that the database's machine is gone without a word.
    """
    known = connection.get_connection_params()
    ours = {name: value for name, value in known.items() if name not in DJANGOS_OWN}
    return NOTICE_A_SILENCE | ours | {"autocommit": True}
