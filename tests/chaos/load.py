"""People at work: each takes files along their way, reads a page, sends its form, and notes what the page answered."""

import http.client
import threading
import time
import urllib.parse
from dataclasses import dataclass

from tests.chaos.noting import Noted
from tests.chaos.page import form_called, form_of

Way = tuple[tuple[str, str], ...]
ASSIGN = ("head_of_division@home", "assign")
CLERK = "clerk@commune"
# The way of every file: who does what; taken back once, put into hands again and again, and withdrawn.
OF_FILES: Way = (
    ("body_head@district", "assign"), ("reviewer@district", "release"), ("reviewer@district", "claim"),
    ("reviewer@district", "forward"), ("reviewer@district", "recall"), ("reviewer@district", "forward"),
    ("body_head@district", "endorse"), ("intake_officer@home", "accept"), ASSIGN, ASSIGN,
    ("unit_head@commune", "withdraw"),
)  # fmt: skip
# The way of every decision: one number is taken, voided, and another taken.
OF_DECISIONS: Way = (
    ("head_of_division@home", "propose"), ("director@home", "submit"), ("office_specialist@office", "pass"),
    ("chairman@province", "sign"), ("records_clerk@office", "issue_number"), ("records_clerk@office", "void_number"),
    ("records_clerk@office", "issue_number"), ("records_clerk@office", "publish"),
)  # fmt: skip
WAYS = {"nomination": OF_FILES, "decision": OF_DECISIONS}
PAGES = {"nomination": "ho-so", "decision": "quyet-dinh"}
AT_ONCE = 4  # files in the hands of one person
UNSURE = (0, 500, 502, 503)  # the ground may have given way after the act: its page will show it


@dataclass
class Site:
    """The address, and the session of each person."""

    port: int
    cookies: dict[str, str]
    assignees: dict[str, list[str]]  # by who assigns

    def ask(self, who: str, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Return status and text of an answer; status 0 when the connection broke and nobody can say."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": f"sessionid={self.cookies[who]}; csrftoken={'c' * 32}"}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": "c" * 32})
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "http://127.0.0.1/"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()


class Walk:
    """One file or decision on its way; an act is sent again only after its page was read again, as a person would."""

    def __init__(self, stream: str, site: Site, noted: Noted):
        self.stream, self.site, self.noted, self.step = stream, site, noted, 0
        self.about, _colon, self.uid = stream.partition(":")

    @property
    def ended(self) -> bool:
        return self.step >= len(WAYS[self.about])

    def go_on(self) -> None:
        """Try the next act once."""
        who, action = WAYS[self.about][self.step]
        key, page = (self.stream, self.step), f"/{PAGES[self.about]}/{self.uid}"
        status, text = self.site.ask(who, "GET", page)
        if status != 200:
            self.noted.note(self.noted.refused, status)
            time.sleep(0.2)
            return
        fields = form_of(text, action)
        if fields is None:
            if not self.noted.unknown[key]:
                self.noted.note(self.noted.astray, key)
            self.step += 1  # an act of which nobody could say has happened: the page shows where the file is
            return
        able = self.site.assignees.get(who, [""])
        fields |= {"note": f"Lý do {self.step}", "assignee": able[self.step % len(able)]}
        status, text = self.site.ask(who, "POST", f"{page}/xu-ly", fields)
        if status == 302:
            self.noted.note(self.noted.acknowledged, key)
            self.step += 1
        elif status in UNSURE:
            self.noted.note(self.noted.unknown, key)
            self.noted.without_answer(status, fields["note"], text)
        else:
            self.noted.note(self.noted.refused, status)


class Draft:
    """One draft at which a clerk writes, again and again."""

    ended = False

    def __init__(self, stream: str, site: Site, noted: Noted):
        self.stream, self.site, self.noted, self.times = stream, site, noted, 0

    def go_on(self) -> None:
        """Open it, write another summary, save."""
        page = f"/ho-so/{self.stream.partition(':')[2]}/du-thao"
        status, text = self.site.ask(CLERK, "GET", page)
        fields = form_called(text, "draft") if status == 200 else None
        if fields is None:
            self.noted.note(self.noted.refused, status)
            time.sleep(0.2)
            return
        self.times += 1
        typed = f"Tóm tắt lần {self.times}\nDòng hai"
        status, text = self.site.ask(CLERK, "POST", page, fields | {"summary": typed})
        with self.noted.lock:
            if status == 302:
                self.noted.written[self.stream], self.noted.perhaps[self.stream] = typed, []
                self.noted.saved += 1
            elif status in UNSURE:
                self.noted.perhaps.setdefault(self.stream, []).append(typed)
            else:
                self.noted.refused[status] += 1
        if status in UNSURE:
            self.noted.without_answer(status, typed, text)
        time.sleep(0.1)


def work(walks: list[Walk] | list[Draft], stop: threading.Event) -> None:
    """Take the walks along, a few at a time, one act of each in turn, until they are done or it is time to stop."""
    for begin in range(0, len(walks), AT_ONCE):
        few = walks[begin : begin + AT_ONCE]
        while not stop.is_set() and any(not walk.ended for walk in few):
            for walk in few:
                if not walk.ended and not stop.is_set():
                    walk.go_on()
