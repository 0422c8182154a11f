"""What an officer chose to hear by e-mail, and a notice that is opened: what can still be done, and what cannot."""

import pytest
from django.urls import reverse

from nominations.states import State
from permissions import grants
from tests import pages
from tests import world as w
from workflows import outbox
from workflows.models import Channel, Notice, OutboxMessage, Preference
from workflows.views.preferences import USUAL

pytestmark = pytest.mark.usefixtures("in_2024")
PAGE = reverse("workflows:preferences")
CLERK = "clerk@commune"
SCREEN = {"language": "vi", "density": "roomy", "keyboard": "on", "opens_next": "on"}


@pytest.fixture
def told(world):
    """A returned file, and the clerk's notice of it."""
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(file, "return", world["reviewer@district"], remarks=[{"text": "Bổ sung biên bản"}])
    outbox.deliver(OutboxMessage.objects.get().pk)
    return file, Notice.objects.get(officer=world[CLERK])


def address(notice):
    return reverse("workflows:notice", kwargs={"pk": notice.pk})


def test_only_what_differs_is_kept_and_a_choice_taken_back_leaves_nothing(world):
    client = pages.enter(world[CLERK])
    client.post(PAGE, {**USUAL, **SCREEN, "returned": Channel.NONE, "language": "en"})
    kept = Preference.objects.filter(officer=world[CLERK])
    assert dict(kept.values_list("kind", "channel")) == {"returned": Channel.NONE}
    world[CLERK].refresh_from_db()
    assert world[CLERK].language == "en"
    assert client.get(PAGE).context["form"]["returned"].value() == Channel.NONE
    client.post(PAGE, {**USUAL, **SCREEN})
    assert not kept.exists()
    assert not Preference.objects.exclude(officer=world[CLERK]).exists()


def test_a_choice_that_does_not_exist_is_refused_and_nothing_kept(world):
    client = pages.enter(world[CLERK])
    answer = client.post(PAGE, {**USUAL, **SCREEN, "returned": "pigeon", "concluded": Channel.NONE})
    assert answer.context["form"].errors.keys() == {"returned"}
    assert not Preference.objects.exists()


def test_opening_a_notice_reads_it_and_goes_to_the_file(world, told):
    file, notice = told
    answer = pages.enter(world[CLERK]).get(address(notice))
    assert answer.url == reverse("workflows:nomination", kwargs={"uid": file.uid})
    notice.refresh_from_db()
    assert notice.read_at


def test_the_notice_of_another_is_missing(world, told):
    _file, notice = told
    assert pages.enter(world["unit_head@commune"]).get(address(notice)).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_notice_on_which_nobody_can_act_any_more_says_so(world, told):
    file, notice = told
    w.walk(world, file, State.REVIEW)
    answer = pages.enter(world[CLERK]).get(address(notice))
    assert answer.status_code == 200
    assert str(file.get_state_display()) in answer.content.decode()
    assert reverse("workflows:nomination", kwargs={"uid": file.uid}) in answer.content.decode()


def test_who_may_no_longer_read_the_file_learns_nothing_of_it(world, told):
    file, notice = told
    grants.end_appointment(world.post(CLERK), on=w.D2024)
    answer = pages.enter(world[CLERK]).get(address(notice))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert file.reference not in text and str(file.uid) not in text


def test_how_pages_answer_is_a_persons_own_choice(world):
    client = pages.enter(world[CLERK])
    home = reverse("workflows:my_work")
    assert "js/keys" in client.get(home).content.decode()
    client.post(PAGE, {**USUAL, "language": "vi", "density": "compact"})
    shown = client.get(home).content.decode()
    assert "js/keys" not in shown and "keys-help" not in shown and '<body class="compact">' in shown
    assert "js/keys" in pages.enter(world["unit_head@commune"]).get(home).content.decode(), "nobody else's"


def test_the_settings_lead_to_delegation_and_to_ones_calendar(world):
    page = pages.enter(world[CLERK]).get(PAGE).content.decode().partition("<main")[2]
    for name in ("delegations", "calendar_feed", "notices"):
        assert f'href="{reverse(f"workflows:{name}")}"' in page, name
