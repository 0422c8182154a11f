"""Opening a file again, one sees at once what others did to it since."""

import pytest

from nominations.models import Look
from nominations.states import State
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")
NEWS, MARK = 'id="news"', "tag-new"


def look(client, file) -> str:
    return client.get(pages.page_of(file)).content.decode()


def test_what_others_did_since_is_news_once(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    clerk, reviewer = pages.enter(world["clerk@commune"]), pages.enter(world["reviewer@district"])
    assert NEWS not in look(clerk, file), "the first look has nothing to compare with"
    assert NEWS not in look(reviewer, file)
    w.act(file, "forward", world["reviewer@district"])
    told = look(clerk, file)
    assert NEWS in told and told.count(MARK) == 1 and world["reviewer@district"].full_name in told
    assert NEWS not in look(clerk, file), "seen now"
    assert NEWS not in look(reviewer, file), "their own act is no news to them"


def test_nobodys_look_is_anothers(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    clerk, head = pages.enter(world["clerk@commune"]), pages.enter(world["unit_head@commune"])
    look(clerk, file), look(head, file)
    w.act(file, "forward", world["reviewer@district"])
    look(head, file)
    assert NEWS in look(clerk, file)
    assert Look.objects.count() == 2


def test_whoever_may_not_read_it_leaves_no_look(world):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    assert pages.enter(world["reviewer@district2"]).get(pages.page_of(file)).status_code == 404
    assert not Look.objects.exists()
