"""The public look-up: what was published and how it was printed, for everybody, and nothing else of anybody."""

import unicodedata

import pytest
from django.test import Client
from django.urls import reverse

from nominations.models import DecisionLine, Nominee
from nominations.states import DecisionState
from permissions import throttle
from permissions.models import Visit
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")
LIST = reverse("nominations:awards")
NAMES = ("Đặng Thị Bưởi", "Néang Sóc Thia", "Trần Văn Struck")


@pytest.fixture
def decision(world):
    """A published decision; of its three the signer struck the third off."""
    for number, name in enumerate(NAMES):
        w.confirmed(world, "commune", [{"name": name, "title": f"Chức vụ {number}"}], less=number)
    found = w.decision(world, DecisionState.SIGN)
    struck = found.lines.get(nominee__name=NAMES[2])
    w.act(found, "sign", world["chairman@province"], strikes={str(struck.nominee.uid): "Lý do kín"})
    w.walk(world, found, DecisionState.PUBLISHED)
    return found


def page_of(decision):
    return reverse("nominations:award_decision", kwargs={"uid": decision.uid})


def names(**asked):
    response = Client().get(LIST, asked)
    assert response.status_code == 200
    return [row.name for row in response.context["rows"]]


def test_whoever_was_commended_is_found_without_signing_in(decision):
    assert names() == list(NAMES[:2])
    for asked in ("dang thi buoi", "ĐẶNG THỊ", unicodedata.normalize("NFD", "Đặng"), "bưởi"):
        assert names(q=asked) == [NAMES[0]], asked
    assert names(q="không có ai") == []
    assert names(unit="khong co don vi nay") == []


def test_years_and_units_narrow_it(world, decision):
    assert names(year="2024") == list(NAMES[:2])
    assert names(year="2025") == list(NAMES[:2]), "a year without a decision is no choice: the form says so"
    unit = decision.lines.first().nominee.nomination.unit
    assert names(unit=unit.name[:8]) == list(NAMES[:2])
    assert names(unit=unit.name, q="Bưởi", year="2024") == [NAMES[0]]


def test_nothing_is_told_beyond_what_the_decision_prints(world, decision):
    Nominee.objects.filter(name=NAMES[0]).update(identity_tail="987", outcome_note="Ghi chú kín")
    line = DecisionLine.objects.get(decision=decision, nominee__name=NAMES[0])
    for path in (LIST, page_of(decision)):
        text = Client().get(path).content.decode()
        assert NAMES[0] in text and "Chức vụ 0" in text
        hidden = (NAMES[2], "Lý do kín", "Ghi chú kín", "987", str(line.nominee.uid), line.snapshot["file"])
        assert [word for word in hidden if word in text] == []


def test_what_is_not_published_is_as_missing(world, decision):
    w.confirmed(world, nominees=[{"name": "Lê Chưa Ban Hành"}])
    waits = w.decision(world)
    for state in (
        DecisionState.COMPILE,
        DecisionState.SIGN,
        DecisionState.ISSUE_NUMBER,
        DecisionState.PUBLISH,
    ):
        w.walk(world, waits, state)
        assert Client().get(page_of(waits)).status_code == 404
        assert "Lê Chưa Ban Hành" not in names()
    assert pages.enter(world["chairman@province"]).get(page_of(waits)).status_code == 404
    w.walk(world, waits, DecisionState.PUBLISHED)
    assert Client().get(page_of(waits)).status_code == 200


def test_a_decision_shows_its_number_its_signer_and_its_list_in_order(decision):
    decision.refresh_from_db()
    response = Client().get(page_of(decision))
    text = response.content.decode()
    assert str(decision.register_number) in text and decision.signed_by_name in text
    assert [award.name for _label, awards in response.context["groups"] for award in awards] == list(
        NAMES[:2]
    )


def test_both_languages(decision):
    client = Client()
    client.cookies["django_language"] = "en"
    assert "Who was commended" in client.get(LIST).content.decode()
    assert "Who was commended" not in Client().get(LIST).content.decode()


def test_an_address_asks_only_so_often(decision, settings):
    settings.PUBLIC_PER_MINUTE, minutes = 3, 0
    while minutes != 1:  # again, should a minute end in between
        Visit.objects.all().delete()
        answers = [Client().get(path) for path in (LIST, page_of(decision), LIST, LIST, page_of(decision))]
        minutes = Visit.objects.values("minute").distinct().count()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert NAMES[0] not in answers[-1].content.decode()
    assert Client().get(LIST, REMOTE_ADDR="203.0.113.9").status_code == 200, "another address is not kept out"


def test_no_address_is_kept_and_old_counts_are_forgotten(decision):
    Client().get(LIST, REMOTE_ADDR="203.0.113.9")
    assert not Visit.objects.filter(address__contains="203.0.113").exists()
    assert throttle.forget() == 0
    Visit.objects.update(minute="2020-01-01T00:00:00Z")
    assert throttle.forget() >= 1 and not Visit.objects.exists()


def test_the_pages_cost_the_same_however_many_there_are(world, decision, django_assert_num_queries):
    for path, count in ((LIST, 4), (page_of(decision), 5)):
        client = Client()
        client.get(path)
        with django_assert_num_queries(count):
            client.get(path)
