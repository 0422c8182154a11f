"""The demo: loaded as often as one likes, with something on every desk of the way."""

from io import StringIO

import filetype
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from audit import verification
from demo import people
from demo.days import SESSION_KEY
from history import clock
from nominations import evidence, ranking
from nominations.models import AwardDecision, Evidence, Nomination, Round
from nominations.states import DecisionState, State
from permissions import grants
from permissions.models import Officer
from tests.conftest import cloned
from workflows import inbox
from workflows.models import Notice

# No file can wait for these: they read, manage, or review for a unit that has no clerk in the demo.
DESKS_WITHOUT_WORK = {"auditor", "admin", "admin2", "snv.programme", "rg26.reviewer"}


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo in a database of this module's own."""
    with django_db_blocker.unblock(), cloned():
        call_command("demo_load", stdout=StringIO())
        yield


def test_everything_it_did_is_provable_and_legal(demo):
    _kept, report = verification.run(replayed=True)
    assert report.faults == []


def test_a_second_load_changes_nothing(demo):
    before = (Nomination.objects.count(), AwardDecision.objects.count(), Officer.objects.count())
    out = StringIO()
    call_command("demo_load", stdout=out)
    assert (Nomination.objects.count(), AwardDecision.objects.count(), Officer.objects.count()) == before
    assert " 0 " in out.getvalue().splitlines()[-1]


def test_everybody_holds_a_post_on_their_days_and_finds_something_waiting(demo):
    for group in people.groups():
        for person in group.people:
            officer = Officer.objects.get(username=person.username)
            for item in group.days:
                with clock.legal_day(item.day):
                    assert grants.posts_of(officer).exists(), person
                    if person.username not in DESKS_WITHOUT_WORK:
                        assert inbox.inbox(officer), person


def test_every_desk_of_both_journeys_is_taken(demo):
    waits = set(Nomination.objects.values_list("state", flat=True))
    assert waits >= set(State) - {State.SUPPLEMENT, State.WITHDRAWN, State.WRONG_ROUTE, State.LAPSED}
    decisions = set(AwardDecision.objects.values_list("state", flat=True))
    assert decisions == set(DecisionState) - {DecisionState.PUBLISH, DecisionState.ABANDONED}


def test_both_years_are_there_and_quota_is_left_to_walk_a_file(demo):
    assert set(Nomination.objects.values_list("round__year", flat=True)) == {2024, 2026}
    for round in Round.objects.all():
        left = {kind: count - ranking.used(round)[kind] for kind, count in ranking.quota(round).items()}
        assert all(count >= 1 for count in left.values()), (round, left)


def test_units_have_been_told_of_returns_and_outcomes(demo):
    told = set(Notice.objects.values_list("kind", flat=True))
    assert told == {"returned", "supplement", "rejected", "concluded", "not_awarded"}


def test_the_papers_are_real_documents(demo):
    papers = Evidence.objects.all()
    assert papers.count() > 80
    for paper in papers[:5]:
        assert filetype.guess(evidence.path_of(paper.sha256)).mime == "application/pdf"


def test_the_login_page_offers_everybody(demo):
    response = Client().get(reverse("login"))
    offered = response.content.decode()
    assert all(f'value="{name}"' in offered for name in people.usernames())
    assert [day.value for day in response.context["demo_days"]] == ["2024-11-05", "2026-11-24"]


@pytest.mark.parametrize("username", ["kb24.clerk", "snv.division", "ub.chairman", "vp.records1", "auditor"])
def test_every_page_behind_the_navigation_opens(demo, username):
    client = Client()
    client.post(reverse("demo_login"), {"username": username, "day": "2024-11-05"})
    assert client.session[SESSION_KEY] == "2024-11-05"
    for name in ("workflows:my_work", "nominations:list", "workflows:decisions", "nominations:rounds"):
        assert client.get(reverse(name)).status_code == 200
    for item in client.get(reverse("workflows:my_work")).context["waiting"]:
        assert client.get(item["url"]).status_code == 200


def test_it_refuses_outside_the_demo(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_load", stdout=StringIO())


def test_the_terminal_names_the_people(demo):
    lines = list(people.summary())
    assert sum(line.startswith("  ") for line in lines) == len(people.usernames())
