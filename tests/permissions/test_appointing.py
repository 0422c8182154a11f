"""Posts are given by administrators, never to themselves; decisive ones by two of them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse

from history.models import Event
from permissions import appointing, grants
from permissions.management.commands import appoint
from permissions.models import Appointment, Officer, PendingAppointment
from permissions.sessions import CONFIRMED
from tests import world as w
from tests.pages import enter

pytestmark = pytest.mark.usefixtures("in_2024")
GIVEN = {"position": "Chức vụ", "document": "QĐ 77", "valid_from": w.D2024}


@pytest.fixture
def second(world):
    """A second system administrator; a third one stands by."""
    made = []
    for number in (2, 3):
        officer = Officer.objects.create_user(f"quan.tri.{number}", f"Quản Trị {number}")
        grants.appoint(
            officer, "system_administrator", world.units["province"], position="Quản trị", document="QĐ 1",
            valid_from=w.OLD,
        )  # fmt: skip
        made.append(officer)
    return made[0]


@pytest.fixture
def first(world):
    return world["system_administrator@province"]


@pytest.fixture
def newcomer(db):
    return Officer.objects.create_user("moi", "Người Mới")


def propose(world, newcomer, first, role="chairman"):
    return appointing.appoint(newcomer, role, world.units["province"], by=first, **GIVEN)


def test_an_ordinary_post_holds_at_once_and_names_who_gave_it(world, first, newcomer):
    post = appointing.appoint(newcomer, "reviewer", world.units["district"], by=first, **GIVEN)
    assert isinstance(post, Appointment) and post.granted_by == first
    assert "review" in grants.rights_at(newcomer, world.units["district"])


@pytest.mark.parametrize(
    "role", ["chairman", "deputy_chairman", "director", "deputy_director", "auditor", "system_administrator"]
)
def test_a_decisive_post_gives_nothing_until_another_administrator_confirms(
    world, first, second, newcomer, role
):
    unit = world.units["home" if "director" in role else "province"]
    pending = appointing.appoint(newcomer, role, unit, by=first, **GIVEN)
    assert isinstance(pending, PendingAppointment)
    assert grants.rights_anywhere(newcomer) == set()
    with pytest.raises(PermissionDenied):
        appointing.confirm(pending, by=first)
    post = appointing.confirm(pending, by=second)
    assert post.granted_by == second and grants.posts_of(newcomer).get() == post
    kinds = list(Event.objects.filter(stream=f"officer:{newcomer.uid}").values_list("kind", flat=True))
    assert kinds == ["appointment.proposed", "appointment.made", "appointment.confirmed"]


def test_the_second_of_two_who_confirm_is_told_and_gives_nothing_twice(world, first, second, newcomer):
    pending = propose(world, newcomer, first)
    appointing.confirm(pending, by=second)
    third = Officer.objects.get(username="quan.tri.3")
    with pytest.raises(appointing.Decided):
        appointing.confirm(pending, by=third)
    with pytest.raises(appointing.Decided):
        appointing.refuse(pending, reason="Muộn", by=third)
    assert newcomer.appointments.count() == 1


def test_it_is_refused_with_a_reason_and_can_be_proposed_anew(world, first, second, newcomer):
    pending = propose(world, newcomer, first)
    with pytest.raises(ValidationError):
        propose(world, newcomer, first)
    with pytest.raises(ValidationError):
        appointing.refuse(pending, reason=" ", by=second)
    appointing.refuse(pending, reason="Sai người", by=second)
    assert grants.rights_anywhere(newcomer) == set()
    assert propose(world, newcomer, first).pk != pending.pk


def test_nobody_gives_confirms_or_ends_their_own(world, first, second):
    with pytest.raises(PermissionDenied):
        appointing.appoint(first, "clerk", world.units["home"], by=first, **GIVEN)
    pending = appointing.appoint(second, "chairman", world.units["province"], by=first, **GIVEN)
    with pytest.raises(PermissionDenied):
        appointing.confirm(pending, by=second)
    with pytest.raises(PermissionDenied):
        appointing.end(first.appointments.get(), on=w.D2024, reason="Nghỉ", by=first)


@pytest.mark.parametrize("who", ["chairman@province", "director@home", "auditor@province", "clerk@commune"])
def test_nobody_else_manages_posts(world, newcomer, who):
    with pytest.raises(PermissionDenied):
        appointing.appoint(newcomer, "clerk", world.units["home"], by=world[who], **GIVEN)
    with pytest.raises(PermissionDenied):
        appointing.end(world.post("clerk@home"), on=w.D2024, reason="x", by=world[who])


@pytest.mark.parametrize(
    ("role", "changes", "field"),
    [
        ("chairman", {}, "role"),  # cannot sit there
        ("clerk", {"position": " "}, "position"),
        ("clerk", {"document": ""}, "document"),
        ("clerk", {"valid_from": w.OLD - timedelta(days=1)}, "valid_from"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(world, first, newcomer, role, changes, field):
    with pytest.raises(ValidationError) as caught:
        appointing.appoint(newcomer, role, world.units["home"], by=first, **(GIVEN | changes))
    assert list(caught.value.message_dict) == [field]


def test_a_post_ends_at_once_with_its_reason_but_not_in_the_past(world, first):
    post = world.post("reviewer@district")
    with pytest.raises(ValidationError):
        appointing.end(post, on=w.D2024 - timedelta(days=1), reason="QĐ 8", by=first)
    with pytest.raises(ValidationError):
        appointing.end(post, on=w.D2024, reason="", by=first)
    appointing.end(post, on=w.D2024, reason="QĐ 8", by=first)
    assert not grants.rights_anywhere(post.officer)
    with pytest.raises(ValidationError):
        appointing.end(post, on=w.D2024 + timedelta(days=3), reason="QĐ 8", by=first)


def test_two_administrators_have_to_remain(world, first, second):
    third = Officer.objects.get(username="quan.tri.3")
    appointing.end(third.appointments.get(), on=w.D2024, reason="QĐ 8", by=first)
    with pytest.raises(ValidationError):
        appointing.end(second.appointments.get(), on=w.D2024, reason="QĐ 8", by=first)


def test_the_console_gives_decisive_posts_only_until_there_are_two_administrators(
    world, monkeypatch, second, capsys
):
    monkeypatch.setattr(appoint, "getpass", lambda prompt: "cá rô kho tộ sáng nay")
    call_command(
        "appoint", "ong.moi", "chairman", "AG.UBND", name="Ông Mới", position="Chủ tịch", document="QĐ 9"
    )
    officer = Officer.objects.get(username="ong.moi")
    assert not officer.appointments.exists()
    assert officer.pending_appointments.get().proposed_by is None
    appointing.confirm(officer.pending_appointments.get(), by=second)
    assert officer.appointments.get().role == "chairman"


# --- the pages

PAGES = ["landing", "officers", "officer_new", "pending", "audit", "holders", "import", "units"]


@pytest.mark.parametrize(
    "who", ["chairman@province", "auditor@province", "programme_administrator@home", "clerk@commune"]
)
def test_the_administrators_pages_are_theirs_alone(world, who):
    client, administrator = enter(world[who]), enter(world["system_administrator@province"])
    for name in PAGES:
        url = reverse(f"permissions:{name}")
        assert client.get(url).status_code == 403, name
        assert administrator.get(url).status_code == 200, name
    officer = reverse("permissions:officer", kwargs={"uid": world["clerk@home"].uid})
    assert client.get(officer).status_code == 403
    assert administrator.get(officer).status_code == 200


def test_an_administrator_opens_no_file(world):
    file = w.walk(world, w.complete_draft(world), "review")
    client = enter(world["system_administrator@province"])
    assert client.get(reverse("workflows:nomination", kwargs={"uid": file.uid})).status_code == 404


def test_an_officer_is_made_invited_given_a_post_and_suspended_on_the_pages(world, first, second):
    client = enter(first)
    new = {"username": "le.thi.tu", "full_name": "Lê Thị Tư", "email": "", "identity": "089123456789"}
    assert (
        client.post(reverse("permissions:officer_new"), new | {"username": "clerk.home"}).status_code == 422
    )
    assert client.post(reverse("permissions:officer_new"), new).status_code == 302
    officer = Officer.objects.get(username="le.thi.tu")
    assert officer.identity_hash and not officer.has_usable_password()
    at = {"uid": officer.uid}
    invited = client.post(reverse("permissions:invite", kwargs=at))
    assert "/dang-nhap/mat-khau/" in invited.content.decode()
    post = {
        "unit": world.units["district"].pk, "role": "reviewer", "position": "Chuyên viên",
        "valid_from": "05/11/2024", "last_day": "31/12/2024", "document": "QĐ 5",
    }  # fmt: skip
    url = reverse("permissions:post_new", kwargs=at)
    assert client.post(url, post | {"last_day": "01/11/2024"}).status_code == 422
    assert client.post(url, post).status_code == 302
    given = officer.appointments.get()
    assert (given.last_day.isoformat(), given.granted_by) == ("2024-12-31", first)
    page = client.get(reverse("permissions:officer", kwargs=at)).content.decode()
    assert "Thành phố Long Xuyên" in page and "QĐ 5" in page
    end = reverse("permissions:post_end", kwargs={"uid": given.uid})
    assert client.post(end, {"on": "04/11/2024", "reason": "x"}).status_code == 422
    assert client.post(end, {"on": "05/11/2024", "reason": "QĐ 6"}).status_code == 302
    suspend = reverse("permissions:set_active", kwargs=at)
    assert client.post(suspend, {"reason": ""}).status_code == 422
    assert client.post(suspend, {"reason": "Nghỉ việc"}).status_code == 302
    officer.refresh_from_db()
    assert not officer.is_active


def test_a_proposal_is_confirmed_on_the_page_by_another(world, first, second, newcomer):
    pending = propose(world, newcomer, first)
    url = reverse("permissions:confirm_post", kwargs={"uid": pending.uid})
    mine, others = enter(first), enter(second)
    assert url not in mine.get(reverse("permissions:pending")).content.decode()
    assert mine.post(url).status_code == 403
    assert url in others.get(reverse("permissions:pending")).content.decode()
    assert others.post(url).status_code == 302
    assert newcomer.appointments.get().role == "chairman"
    late = others.post(url, follow=True).content.decode()
    assert second.full_name in late


def test_giving_a_role_asks_for_the_proof_again_and_keeps_the_form(world, first, newcomer):
    client = enter(first)
    session = client.session
    session[CONFIRMED] = 0
    session.save()
    url = reverse("permissions:post_new", kwargs={"uid": newcomer.uid})
    assert client.get(url).url.startswith(reverse("confirm"))
    asked = client.post(url, {"position": "Chuyên viên chính"})
    assert asked.status_code == 401 and "Chuyên viên chính" in asked.content.decode()


@pytest.mark.parametrize(
    ("name", "most"), [("officers", 9), ("audit", 9), ("units", 8), ("landing", 5), ("pending", 5)]
)
def test_the_lists_cost_the_same_however_long(world, first, django_assert_max_num_queries, name, most):
    client = enter(first)
    url = reverse(f"permissions:{name}")
    client.get(url)
    with django_assert_max_num_queries(most):
        client.get(url)
    for number in range(30):
        officer = Officer.objects.create_user(f"n{number}", f"Người {number}")
        grants.appoint(officer, "clerk", world.units["home"], position="x", document="y", valid_from=w.OLD)
    with django_assert_max_num_queries(most):
        client.get(url)
