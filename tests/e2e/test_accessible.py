"""Every page of the resolver in each language and width: nothing that axe finds, no error, no shift, nothing from elsewhere."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from history import clock
from tests import world as w
from tests.pages import enter
from tests.permissions.addresses import NAMES, every, url
from tests.permissions.test_urls import things
from workflows import guides

# Who is asked for a page until one may see it: each kind of reader there is.
READERS = (
    "clerk@commune", "unit_head@commune", "reviewer@district", "unit_head@district", "intake_officer@home",
    "appraiser@home", "head_of_division@home", "director@home", "office_clerk@office", "chairman@province",
    "records_clerk@office", "programme_administrator@home", "system_administrator@province", "auditor@province",
)  # fmt: skip
EVERY_STATE = ("workflows:nomination", "workflows:decision", "nominations:draft")
WIDTHS = (1280, 768, 390)
WAYS = (("vi", "light"), ("en", "dark"))
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
    if address.name == "workflows:guide":
        return [reverse(address.name, kwargs={"name": name}) for name in guides.names()]
    if not address.takes:
        return [url(address)]
    if address.name in NAMES:
        things_ = found[NAMES[address.name]]
        return [url(address, thing) for thing in (things_ if address.name in EVERY_STATE else things_[:3])]
    return [url(address, world.round)] if address.takes == ("pk",) else []


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
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append(f"{where}: wider than the screen")
            for found in Axe().run(page).response["violations"]:
                targets = [node["target"] for node in found["nodes"]][:3]
                faults.append(f"{where}: {found['id']} {targets}")
    page.close()
    return faults


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
