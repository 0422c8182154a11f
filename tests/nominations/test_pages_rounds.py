"""Rounds: what everybody sees, what only some see, and what the programme's administrator changes."""

from datetime import date

import pytest
from django.urls import reverse

from history import clock, kinds
from history.models import Event
from nominations.models import Criterion, Quota
from nominations.states import DecisionState, Outcome, State
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")


def url(name: str, world, *more) -> str:
    return reverse(name, args=[world.round.pk, *more])


def see(world, who: str):
    response = pages.enter(world[who]).get(url("nominations:round", world))
    assert response.status_code == 200
    return response


def window(**changes) -> dict[str, str]:
    typed = {"opens": "01/09/2024", "closes": "31/12/2024", "quota_collective": "4", "quota_individual": "6"}
    return typed | changes


def criterion(**changes) -> dict[str, str]:
    typed = {"label_vi": "Nhiệm vụ", "label_en": "Tasks", "max_points": "50", "min_points": "25"} | changes
    return {f"task_completion-{name}": value for name, value in typed.items()}


def test_everybody_sees_window_quota_and_criteria(world):
    w.confirmed(world, nominees=2)
    w.decision(world)
    text = see(world, "clerk@station").content.decode()
    assert "01/09/2024" in text and "31/12/2024" in text
    assert "2 / 6" in text and "0 / 4" in text
    for item in world.criteria:
        assert item.label_vi in text


def test_the_ranking_is_not_for_everybody(world):
    w.confirmed(world, less=5)
    best = w.confirmed(world, "commune2")
    for who in ("head_of_division@home", "appraiser@home", "auditor@province"):
        groups = see(world, who).context["ranking"]
        ranked = [row["nominee"].nomination_id for group in groups for row in group["rows"]]
        assert len(ranked) == 2 and ranked[0] == best.pk
    for who in ("clerk@commune", "chairman@province", "reviewer@district"):
        assert see(world, who).context["ranking"] is None


def test_the_ranking_shows_where_the_quota_ends(world):
    Quota.objects.filter(round=world.round, kind="individual").update(count=1)
    w.confirmed(world, less=5)
    w.confirmed(world, "commune2")
    groups = see(world, "head_of_division@home").context["ranking"]
    assert [[row["fits"] for row in group["rows"]] for group in groups] == [[], [True, False]]


def test_the_administrator_changes_window_and_quota_and_it_is_recorded(world):
    client = pages.enter(world["programme_administrator@home"])
    response = client.post(
        url("nominations:round_change", world), window(closes="15012025", quota_individual="8")
    )
    assert response.status_code == 302
    world.round.refresh_from_db()
    assert world.round.closes == date(2025, 1, 15)
    assert Quota.objects.get(round=world.round, kind="individual").count == 8
    assert Event.objects.filter(
        kind=kinds.RULES_CHANGED, actor=world["programme_administrator@home"].uid
    ).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("closes", "01/08/2024"), ("closes", "31/02/2024"), ("quota_collective", "-1"), ("opens", "")],
)
def test_a_fault_stands_at_its_field_and_nothing_is_changed(world, field, value):
    client = pages.enter(world["programme_administrator@home"])
    response = client.post(url("nominations:round_change", world), window(**{field: value}))
    assert response.status_code == 422
    assert field in response.context["round_form"].errors
    assert f'id="id_{field}_error"' in response.content.decode()
    world.round.refresh_from_db()
    assert world.round.closes == date(2024, 12, 31)


def test_the_quota_is_not_lowered_below_what_is_signed(world):
    w.confirmed(world, nominees=2)
    w.decision(world, DecisionState.ISSUE_NUMBER)
    client = pages.enter(world["programme_administrator@home"])
    response = client.post(url("nominations:round_change", world), window(quota_individual="1"))
    assert response.status_code == 422 and "quota_individual" in response.context["round_form"].errors


def test_criteria_are_changed_until_a_file_is_submitted(world):
    client = pages.enter(world["programme_administrator@home"])
    target = url("nominations:criterion_change", world, "task_completion")
    assert client.post(target, criterion(min_points="60")).status_code == 422
    assert client.post(target, criterion()).status_code == 302
    assert Criterion.objects.get(code="task_completion").max_points == 50
    w.walk(world, w.complete_draft(world), State.REVIEW)
    assert client.post(target, criterion(max_points="45")).status_code == 422
    assert Criterion.objects.get(code="task_completion").max_points == 50
    assert all(row["form"] is None for row in see(world, "programme_administrator@home").context["criteria"])


@pytest.mark.parametrize("who", ["head_of_division@home", "clerk@commune", "system_administrator@province"])
def test_others_see_no_form_and_change_nothing(world, who):
    assert see(world, who).context["round_form"] is None
    client = pages.enter(world[who])
    assert client.post(url("nominations:round_change", world), window()).status_code == 403
    target = url("nominations:criterion_change", world, "task_completion")
    assert client.post(target, criterion()).status_code == 403


def test_a_round_is_not_closed_while_a_file_is_on_its_way(world):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    client = pages.enter(world["programme_administrator@home"])
    response = client.post(url("workflows:close_round", world))
    assert response.status_code == 422
    assert file.reference in response.content.decode()
    world.round.refresh_from_db()
    assert world.round.closed_on is None


def test_closing_a_round_gives_the_others_their_outcome(world):
    file = w.confirmed(world)
    client = pages.enter(world["programme_administrator@home"])
    response = client.post(url("workflows:close_round", world), follow=True)
    assert response.status_code == 200
    assert file.nominees.get().outcome == Outcome.NOT_SELECTED
    world.round.refresh_from_db()
    assert world.round.closed_on == clock.today()
    assert see(world, "programme_administrator@home").context["round_form"] is None
    assert client.post(url("workflows:close_round", world)).status_code == 409


def test_others_do_not_close_it(world):
    for who in ("director@home", "clerk@commune"):
        assert see(world, who).context["closing"] is None
        assert pages.enter(world[who]).post(url("workflows:close_round", world)).status_code == 403


def test_the_pages_cost_the_same_however_many_wait(world, django_assert_num_queries):
    client = pages.enter(world["head_of_division@home"])
    for more in (1, 5):
        for _ in range(more):
            w.confirmed(world)
        with django_assert_num_queries(13):
            client.get(url("nominations:round", world))
        with django_assert_num_queries(6):
            client.get(reverse("nominations:rounds"))
