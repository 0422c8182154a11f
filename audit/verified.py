"""What was verified last, kept beside the witness file: whoever owns the database does not decide when to look again."""

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from history.models import Checkpoint

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verified:
    """When everything was read last (ISO, UTC; "" never), and the last checkpoint that was found good."""

    whole_at: str = ""
    number: int = 0
    root: str = ""

    def is_older(self, than: datetime) -> bool:
        """Whether everything was read last before this moment."""
        return not self.whole_at or datetime.fromisoformat(self.whole_at) < than


def recall() -> Verified:
    """Return what is known; nothing is, where the file is missing or nobody can read it: then everything is read."""
    try:
        return Verified(**json.loads(_path().read_text()))
    except (OSError, ValueError, TypeError):
        return Verified()


def remember(verified: Verified) -> None:
    """Keep it, whole or not at all; where nobody may write, everything is read again next time."""
    fresh = _path().with_suffix(".new")
    try:
        fresh.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.write_text(json.dumps(asdict(verified)))
        os.replace(fresh, _path())
    except OSError as error:
        logger.warning("what was verified is not remembered: %s", error)


def last_good() -> Checkpoint | None:
    """Return the last checkpoint that a sound verification covered, as it was then; None when it is not there any more."""
    known = recall()
    return Checkpoint.objects.filter(number=known.number, root=known.root).first()


def _path() -> Path:
    return settings.LEDGER_WITNESS_FILE.with_name("verified.json")
