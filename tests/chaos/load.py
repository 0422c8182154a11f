"""People at work: each takes files along their way, reads a page, sends its form, and notes what the page answered."""

import http.client
import re
import threading
import time
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from html import unescape

FORM = re.compile(r"<form.*?</form>", re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')
ASSIGN = ("head_of_division@home", "assign")
# The way of every file: who does what; taken back once, put into hands again and again, and withdrawn.
WAY = (
    ("reviewer@district", "claim"), ("reviewer@district", "release"), ("reviewer@district", "forward"),
    ("reviewer@district", "recall"), ("reviewer@district", "forward"), ("body_head@district", "endorse"),
    ("intake_officer@home", "accept"), ASSIGN, ASSIGN, ASSIGN, ("unit_head@commune", "withdraw"),
)  # fmt: skip


@dataclass
class Noted:
    """What the people saw, kept outside of the database: acts acknowledged, and acts of which nobody can say."""

    acknowledged: Counter[tuple[str, str]] = field(default_factory=Counter)  # (file, act)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)  # by status
    astray: Counter[tuple[str, str]] = field(default_factory=Counter)  # acts that a page did not offer
    away: int = 0  # acts that were answered by the page of 503 …
    kept: int = 0  # … which carried what was typed
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, which: Counter, key: object) -> None:
        with self.lock:
            which[key] += 1


class Walk:
    """One file on its way; an act is sent again only after its page was read again, as a person would."""

    def __init__(self, uid: str, cookies: dict[str, str], assignees: list[str], port: int, noted: Noted):
        self.uid, self.cookies, self.assignees, self.port, self.noted = uid, cookies, assignees, port, noted
        self.step = 0

    @property
    def ended(self) -> bool:
        return self.step >= len(WAY)

    def go_on(self) -> None:
        """Try the next act once."""
        who, action = WAY[self.step]
        status, text = self._ask(who, "GET", f"/ho-so/{self.uid}")
        if status != 200:
            self.noted.note(self.noted.refused, status)
            time.sleep(0.2)
            return
        fields = _form(text, action)
        if fields is None:
            if not self.noted.unknown[self.uid, action]:
                self.noted.note(self.noted.astray, (self.uid, action))
            self.step += 1  # an act of which nobody could say has happened: the page shows where the file is
            return
        fields |= {"note": f"Lý do {self.step}", "assignee": self.assignees[self.step % len(self.assignees)]}
        status, text = self._ask(who, "POST", f"/ho-so/{self.uid}/xu-ly", fields)
        if status == 302:
            self.noted.note(self.noted.acknowledged, (self.uid, action))
            self.step += 1
        elif status in (0, 500, 503):  # the ground may have given way after the act: its page will show it
            self.noted.note(self.noted.unknown, (self.uid, action))
            with self.noted.lock:
                self.noted.away += status == 503
                self.noted.kept += status == 503 and fields["note"] in text
        else:
            self.noted.note(self.noted.refused, status)

    def _ask(self, who: str, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Return status and text of an answer; status 0 when the connection broke and nobody can say."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": f"sessionid={self.cookies[who]}; csrftoken={'c' * 32}"}
        body = None
        if fields is not None:
            fields = {**fields, "csrfmiddlewaretoken": "c" * 32}
            body = urllib.parse.urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "http://127.0.0.1/"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()


def work(walks: list[Walk], stop: threading.Event) -> None:
    """Take the walks along, one act of each in turn, until they are done or it is time to stop."""
    while not stop.is_set() and any(not walk.ended for walk in walks):
        for walk in walks:
            if not walk.ended and not stop.is_set():
                walk.go_on()


def _form(text: str, action: str) -> dict[str, str] | None:
    for form in FORM.findall(text):
        fields = {}
        for tag in HIDDEN.findall(form):
            known = dict(ATTRIBUTE.findall(tag))
            fields[known["name"]] = unescape(known.get("value", ""))
        if fields.get("action") == action:
            return fields
    return None
