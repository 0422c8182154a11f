"""What a verification found: faults at events and members, and what it was compared with."""

from dataclasses import dataclass, field
from typing import Any

from audit.evidence.offline.words import WORDS

MOST_FAULTS = 100  # kept; the rest is counted


@dataclass(frozen=True)
class Wrong:
    """One fault: what is wrong, at which event, checkpoint or member."""

    code: str
    where: str

    def told(self) -> dict[str, str]:
        """Return it for a machine."""
        vietnamese, english = WORDS[self.code]
        return {"code": self.code, "where": self.where, "vi": vietnamese, "en": english}


@dataclass
class Verdict:
    """The result; the first fault is the one that names its place best."""

    faults: list[Wrong] = field(default_factory=list)
    count: int = 0
    subject: dict[str, Any] = field(default_factory=dict)
    checkpoint: dict[str, Any] = field(default_factory=dict)
    short_code: str = ""
    keys: list[str] = field(
        default_factory=list
    )  # fingerprints, in the order in which one handed over to the next
    events: int = 0
    erased: int = 0
    contents: int = 0
    attachments: int = 0
    with_attachments: bool = True
    pinned: str = ""  # what it was compared with
    pinned_size: int = 0  # how much of the log that covers
    pinned_key: bool = False

    def fault(self, code: str, where: str) -> None:
        """Note a fault."""
        self.count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Wrong(code, shown(where)))

    @property
    def sound(self) -> bool:
        return not self.count

    def told(self) -> dict[str, Any]:
        """Return everything for a machine."""
        names = (
            "subject", "checkpoint", "short_code", "keys", "events", "erased", "contents", "attachments", "with_attachments",
            "pinned", "pinned_size", "pinned_key", "count",
        )  # fmt: skip
        faults = [fault.told() for fault in self.faults]
        return {"sound": self.sound, "faults": faults} | {name: getattr(self, name) for name in names}


def shown(text: str) -> str:
    """Return what a hostile bundle may make us print: short, on one line, nothing that steers a terminal."""
    return "".join(char if char.isprintable() else "?" for char in str(text)[:200])
