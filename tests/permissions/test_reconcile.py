"""Posts and grants compared: what is missing is given, what is too much is taken, and nothing twice."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from history import clock
from history.models import Event
from permissions import grants, reconcile
from permissions.catalogue import Right
from permissions.models import Officer, UnitGrant
from tests import world as w

TODAY = date(2024, 6, 10)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
FROM, TO = date(2024, 3, 1), date(2024, 9, 1)


@pytest.fixture(autouse=True)
def today():
    with clock.legal_day(TODAY):
        yield


@pytest.fixture
def post(world):
    """A reviewer's post from FROM to TO; today lies in the middle of it."""
    return appoint(world, "newcomer")


def appoint(world, name, start=FROM, end=TO):
    officer = Officer.objects.create_user(name, "Lê Văn Mới")
    return grants.appoint(
        officer, "reviewer", world.units["department"], position="Chuyên viên", document="QĐ 12/QĐ-UBND",
        valid_from=start, valid_to=end,
    )  # fmt: skip


def row(post, right, start=FROM, end=TO, **fields):
    """A grant written behind everybody's back."""
    fields = {"user": post.officer, "content_object": post.unit, **fields}
    permission = Permission.objects.get(codename=right, content_type__model="unit")
    return UnitGrant.objects.create(
        permission=permission, appointment=post, valid_from=start, valid_to=end, **fields
    )


def rows(post, right):
    return list(post.grants.filter(permission__codename=right).order_by("pk"))


def lose(post, *rights):
    post.grants.filter(permission__codename__in=rights).delete()


def found():
    return [(drift.kind, drift.appointment, drift.right) for drift in reconcile.find()]


def recorded(officer):
    """The events of an officer's grants; those of posts are another story (test_grants.py)."""
    return list(
        Event.objects.filter(stream=f"officer:{officer.uid}", kind__startswith="grant.").order_by("sequence")
    )


@pytest.mark.parametrize("day", [w.OLD, w.D2024, w.REFORM, w.D2026])
def test_a_fresh_world_has_nothing_to_put_right(world, post, day):
    with clock.legal_day(day):
        assert reconcile.find() == []
        assert reconcile.mend([]) == 0
    assert not recorded(post.officer)


def test_a_missing_right_is_given_from_today_and_recorded_once(world, post):
    lose(post, "read", "review")
    drifts = reconcile.find()
    assert found() == [("missing", post, "read"), ("missing", post, "review")]
    assert grants.rights_at(post.officer, post.unit) == set()
    assert reconcile.mend(drifts) == 2
    assert grants.rights_at(post.officer, post.unit) == {"read", "review"}
    assert grants.rights_at(post.officer, post.unit, day=YESTERDAY) == set(), "nothing is given retroactively"
    assert grants.rights_at(post.officer, post.unit, day=TO) == set()
    assert reconcile.find() == [], "a right newer than its post is no drift"
    assert reconcile.mend(drifts) == 0, "what was found before is compared again"
    (event,) = recorded(post.officer)
    assert (event.kind, event.actor, event.post, event.role) == (
        "grant.made", "system", str(post.uid), "reviewer",
    )  # fmt: skip
    assert event.data == {"from": "2024-06-10", "to": "2024-09-01", "rights": ["read", "review"]}


def test_who_puts_it_right_is_recorded(world, post):
    lose(post, "review")
    reconcile.mend(reconcile.find(), by=world["system_administrator@province"])
    (event,) = recorded(post.officer)
    assert event.actor == str(world["system_administrator@province"].uid)


def test_only_what_is_asked_for_is_put_right(world, post):
    other = appoint(world, "other")
    lose(post, "review")
    lose(other, "review")
    assert reconcile.mend([drift for drift in reconcile.find() if drift.appointment == other]) == 1
    assert found() == [("missing", post, "review")]


def test_a_post_still_to_begin_gets_a_new_right_from_its_first_day(world):
    start = date(2024, 8, 1)
    post = appoint(world, "newcomer", start=start, end=None)
    lose(post, "review")
    assert reconcile.mend(reconcile.find()) == 1
    (grant,) = rows(post, "review")
    assert (grant.valid_from, grant.valid_to) == (start, None)
    assert reconcile.find() == []


def test_the_days_of_a_post_decide_whether_it_is_over(world, post):
    lose(post, "review")
    with clock.legal_day(TO - timedelta(days=1)):
        assert found() == [("missing", post, "review")]
    with clock.legal_day(TO):
        assert found() == []
    assert [drift.right for drift in reconcile.find(FROM)] == ["review"]


def test_a_past_post_is_left_alone(world, post):
    """It gains neither a right nor days; its surplus has ended with it."""
    lose(post, "read")
    post.grants.update(valid_to=date(2024, 5, 1))
    row(post, Right.AUDIT)
    with clock.legal_day(TO):
        assert reconcile.find() == []


@pytest.mark.parametrize(
    ("start", "end", "ends"),
    [
        (FROM, None, TODAY),
        (FROM, TO, TODAY),
        (YESTERDAY, None, TODAY),
        (TODAY, None, TODAY),
        (date(2024, 8, 1), TO, date(2024, 8, 1)),
    ],
)
def test_a_right_that_the_role_does_not_carry_ends(world, post, start, end, ends):
    """Today, or on its own first day when that is later: then it never held."""
    grant = row(post, Right.AUDIT, start, end)
    assert found() == [("surplus", post, "audit")]
    assert reconcile.mend(reconcile.find()) == 1
    grant.refresh_from_db()
    assert (grant.valid_from, grant.valid_to) == (start, ends), "rows keep their history"
    assert reconcile.find() == []
    (event,) = recorded(post.officer)
    before = {"from": start.isoformat(), "to": end.isoformat() if end else None}
    assert event.kind == "grant.ended"
    assert event.data == {
        "from": start.isoformat(), "to": ends.isoformat(), "rights": ["audit"], "before": before,
    }  # fmt: skip


def test_a_surplus_that_has_ended_is_history(world, post):
    row(post, Right.AUDIT, FROM, TODAY)
    assert reconcile.find() == []


@pytest.mark.parametrize(
    ("start", "end", "days", "kind"),
    [
        (FROM, None, (FROM, TO), "grant.ended"),
        (FROM, date(2024, 8, 1), (FROM, TO), "grant.made"),
        (FROM, date(2024, 5, 1), (FROM, TO), "grant.made"),
        (YESTERDAY, date(2024, 12, 1), (YESTERDAY, TO), "grant.ended"),
        (date(2024, 2, 1), TO, (FROM, TO), "grant.ended"),
        (date(2024, 10, 1), None, (TO, TO), "grant.ended"),
    ],
)
def test_wrong_days_are_corrected_and_the_former_ones_kept_in_history(world, post, start, end, days, kind):
    lose(post, "review")
    grant = row(post, Right.REVIEW, start, end)
    assert found() == [("dates", post, "review")]
    assert reconcile.mend(reconcile.find()) == 1
    grant.refresh_from_db()
    assert (grant.valid_from, grant.valid_to) == days
    assert reconcile.find() == []
    (event,) = recorded(post.officer)
    assert event.kind == kind
    assert event.data["before"] == {"from": start.isoformat(), "to": end.isoformat() if end else None}


def test_a_grant_that_outlasts_a_past_post_ends_with_it(world, post):
    post.grants.filter(permission__codename="review").update(valid_to=None)
    with clock.legal_day(w.D2024):
        assert grants.rights_at(post.officer, post.unit) == {"review"}
        assert found() == [("dates", post, "review")]
        assert reconcile.mend(reconcile.find()) == 1
        assert grants.rights_at(post.officer, post.unit) == set()
        assert reconcile.find() == []


@pytest.mark.parametrize("wrong", ["officer", "unit"])
def test_a_grant_in_other_hands_or_at_another_unit_ends_and_the_right_is_given_here(world, post, wrong):
    other = world["clerk@home"]
    field = {"user": other} if wrong == "officer" else {"content_object": world.units["home"]}
    lose(post, "review")
    astray = row(post, Right.REVIEW, **field)
    assert found() == [("dates", post, "review"), ("missing", post, "review")]
    assert reconcile.mend(reconcile.find()) == 2
    astray.refresh_from_db()
    assert (astray.valid_from, astray.valid_to) == (FROM, TODAY)
    assert "review" in grants.rights_at(post.officer, post.unit)
    assert "review" not in grants.rights_at(astray.user, astray.content_object)
    assert reconcile.find() == []
    ended = [event for event in recorded(astray.user) if event.kind == "grant.ended"]
    assert [(event.unit, event.data["rights"]) for event in ended] == [
        (astray.content_object.code, ["review"])
    ]
    assert recorded(post.officer)[-1].kind == "grant.made"


def test_comparing_and_mending_cost_the_same_for_20_posts_and_for_120(world, django_assert_num_queries):
    costs = []
    for number in (20, 120):
        posts = [appoint(world, f"newcomer.{number}.{i}") for i in range(number)]
        UnitGrant.objects.filter(appointment__in=posts, permission__codename="read").delete()
        UnitGrant.objects.filter(appointment__in=posts).update(valid_to=None)
        with django_assert_num_queries(2):
            drifts = reconcile.find()
        with CaptureQueriesContext(
            connection,
        ) as mending:
            assert reconcile.mend(drifts) == len(drifts) == 2 * number
        costs.append(len(mending))
    assert costs[0] == costs[1] <= 12


def test_the_command_only_reports_when_asked_to_check(world, post, capsys):
    call_command("reconcile_grants", check=True)
    assert capsys.readouterr().out == ""
    lose(post, "review")
    with pytest.raises(SystemExit) as stopped:
        call_command("reconcile_grants", check=True)
    assert stopped.value.code == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert "newcomer" in line and str(Right.REVIEW.label) in line and "10/06/2024" in line
    assert not rows(post, "review"), "nothing is written"


def test_the_command_puts_right_what_it_lists_and_says_how_many(world, post, capsys):
    lose(post, "read", "review")
    call_command("reconcile_grants")
    listed = capsys.readouterr().out.splitlines()
    assert len(listed) == 3 and "2" in listed[-1]
    assert reconcile.find() == []
    call_command("reconcile_grants")
    (line,) = capsys.readouterr().out.splitlines()
    assert "0" in line


def test_at_the_start_it_speaks_only_of_what_it_put_right(world, post, capsys):
    call_command("reconcile_grants", verbosity=0)
    assert capsys.readouterr().out == ""
    lose(post, "review")
    call_command("reconcile_grants", verbosity=0)
    (line,) = capsys.readouterr().out.splitlines()
    assert "1" in line
