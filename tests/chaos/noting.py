"""What the people saw, kept outside of the database: what was acknowledged, and of what nobody can say."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Noted:
    """By file and step: acts acknowledged, and sent without an answer; by draft: what was written at it."""

    acknowledged: Counter[tuple[str, int]] = field(default_factory=Counter)  # (stream, step of its way)
    unknown: Counter[tuple[str, int]] = field(default_factory=Counter)
    astray: Counter[tuple[str, int]] = field(default_factory=Counter)  # acts that a page did not offer
    refused: Counter[int] = field(default_factory=Counter)  # by status
    written: dict[str, str] = field(default_factory=dict)  # draft → the text last acknowledged
    perhaps: dict[str, list[str]] = field(default_factory=dict)  # draft → texts sent since without an answer
    saved: int = 0  # texts acknowledged
    away: int = 0  # what was answered by the page of 503 …
    kept: int = 0  # … which carried what was typed
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, which: Counter, key: object) -> None:
        with self.lock:
            which[key] += 1

    def without_answer(self, status: int, typed: str, page: str) -> None:
        """Note how an act without an answer ended: by the page that says so, with or without what was typed."""
        with self.lock:
            self.away += status == 503
            self.kept += status == 503 and typed in page
