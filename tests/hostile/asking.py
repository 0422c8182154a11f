"""Asks a page, a form or an address with what nobody types, and judges the answer; nothing that was written stays."""

import copy
import inspect
import re
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from tests.hostile.english import fragments
from tests.hostile.forms import Form, Page
from tests.hostile.values import NAMES, VALUES

KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
LONG_FORM = 4  # fields
SLOWEST = 10  # seconds of one answer: a generous bound, far below what a pile of marks once took
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
READ = re.compile(r'request\.GET\b[^\n]{0,20}?"(\w+)"')
HIDDEN = re.compile(r"<(script|style|textarea|option)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """One request: by whom, what, and in words where the hostile value stands."""

    client: Client
    method: str
    path: str
    data: Any
    where: str
    then: str = ""  # the page to look at afterwards


@dataclass
class Asker:
    """Asks questions and keeps what was wrong with the answers."""

    asked: int = 0
    slowest: float = 0
    wrong: list[str] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def ask(self, question: Question) -> None:
        client = copy.copy(question.client)
        client.cookies = copy.deepcopy(question.client.cookies)
        client.raise_request_exception = False
        failed: list[str] = []

        def note(**_: Any) -> None:
            failed.append(traceback.format_exc(limit=-3))

        got_request_exception.connect(note)
        begun = time.monotonic()
        block = transaction.atomic()
        # An act insists on being outermost: this block is the test's, as the fixture's is.
        block._from_testcase = True
        try:
            with block:
                answer = getattr(client, question.method)(question.path, question.data)
                self._judge(question, answer, failed)
                after = answer.headers.get("Location") or question.then
                if answer.status_code < 400 and after.startswith("/"):
                    self._judge(question, client.get(after), failed)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                transaction.set_rollback(True)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is a finding)
            self.wrong.append(f"{question.where}: {type(error).__name__}: {error} {''.join(failed)}")
        finally:
            got_request_exception.disconnect(note)
        lasted = time.monotonic() - begun
        self.asked, self.slowest = self.asked + 1, max(self.slowest, lasted)
        if lasted > SLOWEST:
            self.wrong.append(f"{question.where}: took {lasted:.1f} s")

    def report(self) -> str:
        """What was wrong, each kind of it once with how often it was met."""
        kinds: dict[str, list[str]] = {}
        for text in self.wrong:
            kinds.setdefault(re.sub(r"\S+=\S+", "", text)[-120:], []).append(text)
        found = sorted(kinds.values(), key=len, reverse=True)
        return f"{self.asked} asked: " + "\n".join(f"{len(texts)} × {texts[0]}" for texts in found)

    def _judge(self, question: Question, answer: Any, failed: list[str]) -> None:
        status = answer.status_code
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status >= 500:
            self.wrong.append(f"{question.where}: {status} {''.join(failed)}")
            return
        kind = answer.headers.get("Content-Type", "")
        if answer.streaming or status in (301, 302, 204, 304):
            return
        if status >= 400 and not kind.startswith(("text/html", "application/json")):
            self.wrong.append(f"{question.where}: {status} as {kind or 'nothing'}")
        if kind.startswith("text/html"):
            text = answer.content.decode()
            if "<html" in text and '<html lang="vi"' not in text:
                self.wrong.append(f"{question.where}: {status} in another language")
            if status >= 400 and "<h1" not in text:
                self.wrong.append(f"{question.where}: a bare {status}")
            bare = HIDDEN.sub(" ", text)
            self.wrong += [f"{question.where}: says “{words}”" for words in fragments() if words in bare]


def of_form(
    client: Client, form: Form, here: str, where: str, known: frozenset[str] = frozenset()
) -> Iterator[Question]:
    """Every field of a form with every value; each missing; each doubled; its files under every name.

    Fields that are `known`, and what is typed into a long form, are asked together, each with another value at a time.
    Of fields that differ by a key only, as those of a table's rows do, the first is asked.
    """
    names = list({KEY.sub("#", name): name for name in reversed(form.fields)}.values())[::-1]
    together = [n for n in names if n in known or (len(names) > LONG_FORM and n not in form.hidden)]
    kinds = list(VALUES)
    for shift in range(len(kinds) if together else 0):
        change = {n: [VALUES[kinds[(at + shift) % len(kinds)]]] for at, n in enumerate(together)}
        yield _form(client, form, here, f"{where} {together[0]}={kinds[shift]} and so on", change)
    for name in names:
        if name not in together:
            for kind, value in VALUES.items():
                yield _form(client, form, here, f"{where} {name}={kind}", {name: [value]})
        yield _form(client, form, here, f"{where} without {name}", {name: []})
        yield _form(client, form, here, f"{where} {name} twice", {name: [*form.fields[name], "x\x00", ""]})
    for name in form.files:
        for title in NAMES:
            upload = SimpleUploadedFile("x.pdf", PDF)
            upload._name = title  # as sent: the setter would make it harmless
            yield _form(client, form, here, f"{where} {name} named {title[:20]!r}", {name: [upload]})


def _form(client: Client, form: Form, here: str, where: str, change: dict[str, list[Any]]) -> Question:
    data = {name: values for name, values in (form.sent() | change).items() if values}
    if form.method == "get":
        return Question(client, "get", f"{form.action.partition('?')[0]}?{query(data)}", None, where)
    return Question(
        client, "post", form.action, {n: [_text(v) for v in vs] for n, vs in data.items()}, where, here
    )


def _text(value: Any) -> Any:
    return (
        value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if isinstance(value, str) else value
    )


def query(data: dict[str, list[str]]) -> str:
    pairs = [
        (name, value.encode("utf-8", "surrogatepass")) for name, values in data.items() for value in values
    ]
    return urlencode(pairs)


def of_query(client: Client, path: str, names: set[str], where: str) -> Iterator[Question]:
    """A page with every value in every parameter that it may know."""
    for name in sorted(names):
        for kind, value in VALUES.items():
            yield Question(client, "get", f"{path}?{query({name: [value]})}", None, f"{where} ?{name}={kind}")
        twice = query({name: ["1", VALUES["NUL"]]})
        yield Question(client, "get", f"{path}?{twice}", None, f"{where} ?{name} twice")


def of_path(client: Client, path: str, where: str) -> Iterator[Question]:
    """An address with every value in the place of each of its parts that names something."""
    part = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)", path)
    if part is None:
        return
    for kind, value in VALUES.items():
        put = quote(value[:3000].encode("utf-8", "surrogatepass"), safe="")
        for method in ("get", "post") if kind == "identity" else ("get",):
            yield Question(
                client, method, path[: part.start()] + put + path[part.end() :], None, f"{where} /{kind}/"
            )


@cache
def read_by(path: str) -> frozenset[str]:
    """The names of the parameters that the view's own module reads."""
    try:
        view = inspect.unwrap(resolve(path).func)
    except Resolver404:
        return frozenset()
    module = inspect.getmodule(getattr(view, "view_class", view))
    return frozenset(READ.findall(inspect.getsource(module))) if module else frozenset()


def page_of(client: Client, path: str) -> Page | None:
    """The page at `path`, if the person gets one."""
    answer = client.get(path)
    if answer.status_code != 200 or answer.streaming or not answer["Content-Type"].startswith("text/html"):
        return None
    return Page(path, answer.content.decode())
