"""What the first view costs on a bad line: at most 150 kB, compressed, fonts included."""

import gzip

from nominations.states import State
from tests import world as w

MOST = 150_000  # bytes


def weight(page, address):
    """The bytes of everything that a page fetches, as a server that compresses sends them."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    bodies = {}
    for answer in answers:
        kind = answer.headers.get("content-type", "")
        if answer.status == 200:
            body = answer.body()
            bodies[answer.url] = len(body if "font" in kind or "image/png" in kind else gzip.compress(body))
    return sum(bodies.values()), bodies


def test_the_first_view_is_light(in_2024, then):
    draft, file = w.complete_draft(then, "commune", 3), w.complete_draft(then, "commune", 3)
    w.walk(then, file, State.REVIEW)
    in_2024.sign_in("kb24.clerk")
    browser, known = in_2024.page.context.browser, in_2024.page.context.storage_state()
    paths = ["/", "/ho-so/", f"/ho-so/{draft.uid}/du-thao", f"/ho-so/{file.uid}", "/tong-quan/", "/tra-cuu/"]
    for path, state in [("/dang-nhap/", None), *((path, known) for path in paths)]:
        fresh = browser.new_context(storage_state=state)
        total, parts = weight(fresh.new_page(), in_2024.url + path)
        fresh.close()
        assert total <= MOST, (path, total, sorted(parts.items(), key=lambda item: -item[1])[:6])
        assert total > 20_000, "something was fetched"
