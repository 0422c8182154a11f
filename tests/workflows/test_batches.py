"""One act on many files: chosen once, each done by itself, every refusal kept with its file, and nothing twice."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.models import Event
from nominations.content import seen_digest
from nominations.models import Nomination, Quota
from nominations.states import State
from permissions.sessions import CONFIRMED
from tests import world as w
from tests.footprint import statements
from tests.pages import enter
from workflows import batches, engine
from workflows.batches import BATCHED
from workflows.models import Batch, Result

pytestmark = pytest.mark.usefixtures("in_2024")
FORWARD = BATCHED["review.forward"]
REVIEWER = "reviewer@district"
PAGE = reverse("workflows:batches")


@pytest.fixture
def files(world):
    Quota.objects.filter(round=world.round).update(count=40)
    return [w.walk(world, w.complete_draft(world), State.REVIEW) for _ in range(4)]


def chosen(files):
    return {str(file.uid): seen_digest(file) for file in files}


def results(batch):
    return {item.nomination: item.result for item in batch.items.select_related("nomination")}


def test_each_file_goes_on_as_if_it_stood_alone(world, files):
    before = Event.objects.count()
    batch = batches.begin(world[REVIEWER], FORWARD, chosen(files))
    assert Event.objects.count() == before, "nothing is done before the run"
    assert batches.go_on(batch, 3) == 1
    assert batches.go_on(batch, 3) == 0
    assert set(results(batch).values()) == {Result.DONE}
    assert set(Nomination.objects.values_list("state", flat=True)) == {State.ENDORSE}
    assert Event.objects.count() == before + 4


def test_a_refusal_stays_with_its_file_and_stops_no_other(world, files):
    batch = batches.begin(world[REVIEWER], FORWARD, chosen(files))
    w.act(files[0], "claim", world["reviewer2@district"])  # now in another's hands
    w.act(files[1], "return", world[REVIEWER], remarks=[{"text": "Thiếu biên bản"}])
    assert batches.go_on(batch, 10) == 0
    found = results(batch)
    assert found[files[2]] == found[files[3]] == Result.DONE
    assert found[files[0]] != Result.DONE and found[files[1]] == Result.FIRST
    assert all(item.words for item in batch.items.exclude(result=Result.DONE)), "each says why"


def test_what_was_done_before_the_server_fell_is_noted_and_not_done_again(world, files):
    batch = batches.begin(world[REVIEWER], FORWARD, chosen(files))
    first = batch.items.first()
    engine.act(
        engine.task_of(first.nomination), "forward", actor=world[REVIEWER], seen=first.seen
    )  # and the server falls before the result is written
    before = Event.objects.filter(stream=first.nomination.stream).count()
    assert batches.go_on(batch, 10) == 0
    assert set(results(batch).values()) == {Result.DONE}
    assert Event.objects.filter(stream=first.nomination.stream).count() == before


def test_only_what_is_ones_own_to_do_is_taken(world, files):
    stranger = batches.begin(world["reviewer@district2"], FORWARD, chosen(files))
    assert stranger.items.count() == 0
    with pytest.raises(ValidationError):
        batches.begin(world[REVIEWER], FORWARD, {})
    with pytest.raises(ValidationError):
        batches.begin(world[REVIEWER], FORWARD, {f"{n:036}": "" for n in range(batches.MOST + 1)})


def test_a_file_that_cannot_go_on_says_so_before_it_is_chosen(world, files):
    w.act(files[0], "forward", world[REVIEWER])
    w.act(files[0], "return", world.walker(files[0]), to="review", remarks=[{"text": "Thiếu"}])
    seen = {chance.nomination: chance for chance in batches.chances(world[REVIEWER], FORWARD)}
    assert not seen[files[0]].allowed and seen[files[0]].why_not
    assert all(seen[file].allowed for file in files[1:])
    assert "disabled" in enter(world[REVIEWER]).get(PAGE, {"act": "review.forward"}).content.decode()


def test_the_pages_cost_the_same_for_one_file_and_for_many(world, files):
    client, costs = enter(world[REVIEWER]), []
    for count in (1, 4):
        batch = batches.begin(world[REVIEWER], FORWARD, chosen(files[:count]))
        for url in (PAGE, reverse("workflows:batch", kwargs={"uid": batch.uid})):
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            costs.append(len(statements(captured)))
    assert costs[:2] == costs[2:] == [10, 6]


def test_from_the_page_to_the_results(world, files):
    client = enter(world[REVIEWER])
    values = [f"{uid}:{seen}" for uid, seen in chosen(files).items()]
    answer = client.post(PAGE, {"act": "review.forward", "file": values})
    batch = Batch.objects.get()
    assert answer.url == reverse("workflows:batch", kwargs={"uid": batch.uid})
    go = reverse("workflows:batch_go", kwargs={"uid": batch.uid})
    assert client.get(go).status_code == 302 and Nomination.objects.filter(state=State.ENDORSE).count() == 0
    assert enter(world["reviewer2@district"]).post(go).status_code == 404, "nobody goes on with another's"
    part = client.post(go, headers={"X-Requested-With": "batch"}).content.decode()
    assert "<html" not in part and "batch-form" not in part
    assert set(results(batch).values()) == {Result.DONE}


def test_a_signature_is_proved_once_and_again_after_some_minutes(world, files):
    for file in files:
        w.walk(world, file, State.ENDORSE)
    head = world.walker(files[0])
    head.set_password("một mật khẩu rất dài")
    head.save()
    client = enter(head)
    batch = batches.begin(head, BATCHED["endorse.endorse"], chosen(files))
    go = reverse("workflows:batch_go", kwargs={"uid": batch.uid})
    session = client.session
    session[CONFIRMED] = 0
    session.save()
    assert client.post(go).status_code == 422 and batch.items.filter(result=Result.DONE).count() == 0
    assert client.post(go, {"password": "một mật khẩu rất dài"}).status_code == 302
    assert set(results(batch).values()) == {Result.DONE}
