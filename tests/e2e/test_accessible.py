"""Every page of the resolver in each language and width: nothing that axe finds, no error, no shift, nothing from elsewhere."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import resolve, reverse

from history import clock
from nominations import evidence
from nominations.models import AwardDecision, Evidence, Nomination
from tests import world as w
from tests.nominations.test_previews import word
from tests.pages import enter
from tests.permissions import addresses
from tests.permissions.addresses import READERS, every
from tests.permissions.test_urls import things
from workflows import guides

EVERY_STATE = ("workflows:nomination", "workflows:decision", "nominations:draft")
WIDTHS = (1280, 768, 390)
ZOOMED = (640, 320)  # what is left of 1280 at 200 % and at 400 %
WAYS = (("vi", "light"), ("en", "dark"))
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
ERRORS = ("400", "403", "403_csrf", "404", "405", "409", "429", "500", "503")
SHIFT = """() => new Promise((done) => {
  let all = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) all += one.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(all), 50);
})"""


@dataclass(frozen=True)
class Seen:
    name: str
    path: str
    cookie: str


@pytest.fixture
def world(cloned_db):
    with clock.legal_day(w.D2024):
        yield w.build()


def pages_of(world):
    """Every page that somebody gets, with who gets it; of a file and a decision one in each state."""
    found, seen = things(world), []
    report = SimpleUploadedFile("bao-cao.docx", word())
    evidence.attach(found[Nomination][0], report, kind="report", by=world["clerk@commune"], nominee=None)
    clients = {who: enter(world[who]) for who in READERS if who in world.people}
    for address in every():
        for place in places_of(address, found, world):
            status = clients["clerk@commune"].get(place).status_code
            who = (
                next((who for who in clients if shows(clients[who], place)), None) if status != 405 else None
            )
            if who:
                seen.append(Seen(address.name, place, clients[who].cookies["sessionid"].value))
            if address.name not in EVERY_STATE and (who or status == 405):
                break
    return seen


def places_of(address, found, world):
    """Where the pages of an address are to be found."""
    if address.name.startswith("demo") or address.name in ("logout", "livez", "readyz"):
        return []
    if address.name == "nominations:evidence_words":
        return [reverse(address.name, kwargs={"uid": Evidence.objects.latest("pk").uid})]
    if address.name == "workflows:guide":
        return [reverse(address.name, kwargs={"name": name}) for name in guides.names()]
    places = addresses.places_of(address, found, world)
    return places if address.name in EVERY_STATE else places[:3]


def shows(client, place):
    answer = client.get(place)
    return (
        answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and not answer.streaming
    )


def look(context, base, seen):
    """Return what is wrong with one page in each way and width."""
    faults, page = [], context.new_page()
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", lambda sent: None if sent.url.startswith((base, "data:")) else faults.append(sent.url))
    for language, scheme in WAYS:
        host = {"url": base}
        context.add_cookies(
            [
                {"name": "sessionid", "value": seen.cookie, **host},
                {"name": "django_language", "value": language, **host},
            ]
        )
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{base}{seen.path}")
            where = f"{language} {scheme} {width}"
            shift = page.evaluate(SHIFT)
            if shift > 0.05:  # below it nobody sees it: a line that breaks elsewhere once the font is there
                faults.append(f"{where}: moves by {shift:.3f}")
            if page.evaluate(WIDER):
                faults.append(f"{where}: wider than the screen")
            faults += [f"{where}: {fault}" for fault in violations(page)]
        for zoomed in ZOOMED:
            page.set_viewport_size({"width": zoomed, "height": 450})
            if page.evaluate(WIDER):
                faults.append(f"{language}: wider than the screen at {1280 * 100 // zoomed} %")
    page.close()
    return faults


def violations(page):
    """What axe finds on the page that is open."""
    return [
        f"{found['id']} {[node['target'] for node in found['nodes']][:3]}"
        for found in Axe().run(page).response["violations"]
    ]


def examine(world, browser, live_url):
    pages, wrong = pages_of(world), []
    context = browser.new_context(locale="vi-VN")
    for seen in pages:
        faults = look(context, live_url, seen)
        if faults:
            wrong += [f"{seen.name} {seen.path}: {fault}" for fault in faults]
    context.close()
    return len(pages), "\n".join(wrong)


@pytest.mark.proof
def test_every_page_is_for_everybody(world, browser, live_url, capsys):
    count, wrong = examine(world, browser, live_url)
    with capsys.disabled():
        print(f"\naxe: {count} pages, each in {len(WAYS)} ways at {len(WIDTHS)} widths", end="")
    assert not wrong, wrong
    assert count > 70


class Forms(HTMLParser):
    """The forms of a page that send something: where to, and the fields that are hidden."""

    def __init__(self, here):
        super().__init__()
        self.here, self.found = here, []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            self.found.append((urljoin(self.here, given.get("action") or ""), {}))
        elif tag == "input" and given.get("type") == "hidden" and self.found and given.get("name"):
            self.found[-1][1][given["name"]] = given.get("value", "")


def asked(world):
    """Every page as in `pages_of`, and the open files and decisions once more by whoever acts there."""
    pages = [(seen.path, seen.cookie) for seen in pages_of(world)]
    for subject in [
        *Nomination.objects.filter(state__in=w.WAY),
        *AwardDecision.objects.filter(state__in=w.WAY),
    ]:
        kind = "nomination" if isinstance(subject, Nomination) else "decision"
        cookie = enter(world.walker(subject)).cookies["sessionid"].value
        pages.append((reverse(f"workflows:{kind}", kwargs={"uid": subject.uid}), cookie))
    for path, cookie in reversed(pages):
        client = Client()
        client.cookies["sessionid"] = cookie
        yield path, client


def refusals(world):
    """What every form of every page answers when nothing was filled in; each kind of refusal once."""
    found = {}
    for path, client in asked(world):
        forms = Forms(path)
        forms.feed(client.get(path).content.decode())
        for action, hidden in reversed(forms.found):  # what goes on with a file comes first in its page
            if "dang-xuat" in action or "setlang" in action:
                continue
            answer = client.post(action, hidden)
            if answer.status_code not in (200, 302, 405) and answer["Content-Type"].startswith("text/html"):
                kind = (answer.status_code, resolve(urlsplit(action).path).view_name)
                found.setdefault(kind, (action, answer.content.decode()))
    return found


def answering(html):
    return lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")


@pytest.mark.proof
def test_what_is_refused_is_for_everybody(world, browser, live_url, capsys):
    shown = refusals(world)
    request = enter(world["clerk@commune"]).get("/").wsgi_request
    shown |= {
        (int(name[:3]), name): (f"/{name}", render_to_string(f"{name}.html", {"seconds": 7}, request))
        for name in ERRORS
    }
    page, wrong = browser.new_context(locale="vi-VN").new_page(), []
    for (status, name), (path, html) in shown.items():
        address = f"{live_url}{path}"
        page.route(address, answering(html))
        for scheme, width in (("light", 1280), ("dark", 390)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            faults = violations(page) + (["wider than the screen"] if page.evaluate(WIDER) else [])
            wrong += [f"{status} {name} {scheme} {width}: {fault}" for fault in faults]
        page.unroute(address)
    with capsys.disabled():
        print(f"\naxe: {len(shown)} refusals: {sorted(shown)}", end="")
    assert not wrong, "\n".join(wrong)
    assert len(shown) > len(ERRORS) + 10
