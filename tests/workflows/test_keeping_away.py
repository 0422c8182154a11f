"""Keeping away: recusal, declared ties, the members of a collective, and the dated rules behind them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from history import clock
from history.models import Event
from nominations import separation_rules
from nominations.models import DecisionLine, Nominee, Recusal, SeparationKind, SeparationRule
from nominations.models.programmes import NomineeKind
from nominations.states import DecisionState, State
from permissions import ties
from permissions.identity import identity_hash
from tests import world as w
from tests.pages import enter
from workflows import asking, explaining, recusing, stuck
from workflows.acting import url_of
from workflows.inbox import inbox
from workflows.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_2024")
NUMBER = "089123456789"


def barred_by(officer, subject):
    """The kind of part that bars every duty of the step; None when it is the officer's."""
    answers = [a for a in asking.ask(officer, subject) if not a.action.option]
    assert {bool(answer.theirs) for answer in answers} != {True, False}
    waits = subject.uid in {item.uid for item in inbox(officer)}
    assert waits == answers[0].theirs
    return None if answers[0].theirs else answers[0].failed.kind


def at(world, state):
    return w.walk(world, w.complete_draft(world), state)


# --- recusal


def test_who_recuses_handles_the_file_no_more_and_others_are_told(world):
    file, officer = at(world, State.APPRAISE), world["appraiser@home"]
    w.act(file, "claim", officer)
    recusing.recuse(file, officer, "Là bạn học cũ")
    file.refresh_from_db()
    assert file.assigned_post is None, "given free for somebody else"
    assert barred_by(officer, file) == "recused"
    assert barred_by(world["appraiser2@home"], file) is None
    event = Event.objects.filter(stream=file.stream).latest("sequence")
    assert (event.kind, event.actor, event.to_state) == ("nomination.recused", str(officer.uid), "")
    assert OutboxMessage.objects.filter(kind="recused").exists()
    with pytest.raises(PermissionDenied):
        recusing.recuse(file, officer, "Lần nữa")
    with pytest.raises(PermissionDenied):
        w.act(file, "conclude", officer, **w.appraisal(world, file))


def test_a_recusal_from_a_file_holds_for_the_decision_with_its_nominee(world):
    file = w.confirmed(world)
    recusing.recuse(file, world["director@home"], "Cháu ruột")
    decision = w.decision(world, DecisionState.SUBMIT)
    assert barred_by(world["director@home"], decision) == "recused"
    assert barred_by(world["deputy_director@home"], decision) is None
    DecisionLine.objects.filter(decision=decision).update(live=False)
    assert barred_by(world["director@home"], decision) is None, "no nominee of that file stands on it"


def test_a_reason_is_owed_and_only_whom_it_may_concern_recuses(world):
    file = at(world, State.REVIEW)
    with pytest.raises(ValidationError):
        recusing.recuse(file, world["reviewer@district"], " ")
    for stranger in ("appraiser@home", "reviewer@district2", "auditor@province"):
        with pytest.raises(PermissionDenied):
            recusing.recuse(file, world[stranger], "Không liên quan")
    assert not Recusal.objects.exists()


def test_an_ended_file_concerns_nobody(world):
    file = at(world, State.REVIEW)
    w.act(file, "reject", world["reviewer@district"], code="violation", note="Vi phạm")
    with pytest.raises(ValidationError):
        recusing.recuse(file, world["reviewer@district"], "Muộn")


def test_a_decision_is_recused_from_as_a_whole(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    recusing.recuse(decision, world["chairman@province"], "Em ruột")
    assert barred_by(world["chairman@province"], decision) == "recused"
    assert barred_by(world["deputy_chairman@province"], decision) is None
    recusing.recuse(decision, world["deputy_chairman@province"], "Con rể")
    (gap,) = stuck.report()
    assert gap.subject == decision


def test_it_is_declared_on_the_page_and_cannot_be_declared_twice(world):
    file, officer = at(world, State.REVIEW), world["reviewer@district"]
    client = enter(officer)
    page = client.get(reverse("workflows:explain_nomination", kwargs={"uid": file.uid})).content.decode()
    url = reverse("workflows:recuse_nomination", kwargs={"uid": file.uid})
    assert url in page
    assert client.post(url, {"note": ""}).status_code == 422
    assert client.post(url, {"note": "Anh em kết nghĩa"}).status_code == 302
    assert (
        url
        not in client.get(reverse("workflows:explain_nomination", kwargs={"uid": file.uid})).content.decode()
    )
    assert client.post(url, {"note": "Lần hai"}).status_code == 403
    shown = client.get(reverse("workflows:nomination", kwargs={"uid": file.uid})).content.decode()
    assert "Anh em kết nghĩa" in shown, "the story tells it"


def test_the_way_to_the_declaration_is_shown_only_where_it_leads_somewhere(world):
    """On the page of a file and of a decision, to whom it may concern, until it is declared."""
    file = at(world, State.REVIEW)
    w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    for subject, who, others in (
        (file, "reviewer@district", ("auditor@province",)),
        (decision, "chairman@province", ("auditor@province",)),
    ):
        page, why = url_of(subject), f"{url_of(subject)}/vi-sao"
        client = enter(world[who])
        assert f"{why}#recuse" in client.get(page).content.decode()
        assert 'id="recuse"' in client.get(why).content.decode()
        recusing.recuse(subject, world[who], "Họ hàng")
        for reader in (client, *(enter(world[other]) for other in others)):
            shown = reader.get(page)
            assert shown.status_code == 200 and f"{why}#recuse" not in shown.content.decode()
            assert 'id="recuse"' not in reader.get(why).content.decode()


# --- declared ties


@pytest.mark.parametrize("way", ["identity", "account", "other way round"])
def test_who_is_near_to_a_nominee_judges_nobody_in_the_file(world, way):
    file = at(world, State.APPRAISE)
    officer, near = world["appraiser@home"], world["clerk2@commune"]
    nominee = file.nominees.get()
    nominee.officer, nominee.identity_hash = near, identity_hash(NUMBER)
    if way == "identity":
        nominee.officer = None
        ties.declare(officer, "spouse", "Vợ", identity=NUMBER)
    elif way == "account":
        ties.declare(officer, "sibling", near.full_name, other=near)
    else:
        ties.declare(near, "sibling", officer.full_name, other=officer)
    nominee.save()
    assert barred_by(officer, file) == "relative"
    assert barred_by(world["appraiser2@home"], file) is None
    why = explaining.explain(
        officer, file, next(a for a in asking.actions_from("appraise") if a.name == "conclude")
    )
    assert nominee.name in why.unmet[0].because


def test_a_tie_binds_for_its_days_and_is_ended_by_somebody_else(world):
    file, officer = at(world, State.APPRAISE), world["appraiser@home"]
    file.nominees.update(identity_hash=identity_hash(NUMBER))
    tie = ties.declare(officer, "spouse", "Vợ", identity=NUMBER)
    with pytest.raises(PermissionDenied):
        ties.end(tie, reason="Ly hôn", by=officer)
    with pytest.raises(ValidationError):
        ties.end(tie, reason="", by=world["system_administrator@province"])
    ties.end(tie, reason="Ly hôn", by=world["system_administrator@province"])
    assert barred_by(officer, file) is None
    kinds = list(Event.objects.filter(stream=f"officer:{officer.uid}").values_list("kind", flat=True))
    assert kinds[-2:] == ["tie.declared", "tie.ended"]
    assert NUMBER not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("values", [{}, {"identity": NUMBER}])
def test_a_tie_names_somebody_else(world, values):
    officer = world["appraiser@home"]
    officer.identity_hash = identity_hash(NUMBER)
    officer.save()
    with pytest.raises(ValidationError):
        ties.declare(officer, "other", "Ai đó", **values)


def test_the_page_of_ties_is_ones_own_and_the_administrators(world):
    officer = world["appraiser@home"]
    url = reverse("permissions:ties")
    fields = {"relation": "child", "name": "Nguyễn Văn Con", "identity": NUMBER}
    client = enter(officer)
    assert client.post(url, fields | {"identity": "89123456789"}).status_code == 422
    assert client.post(url, fields | {"account": "nobody"}).status_code == 422
    assert client.post(url, fields).status_code == 302
    page = client.get(url).content.decode()
    assert "Nguyễn Văn Con" in page and "…789" in page and NUMBER not in page
    assert "Nguyễn Văn Con" not in enter(world["appraiser2@home"]).get(url).content.decode()
    administrator = enter(world["system_administrator@province"])
    assert "Nguyễn Văn Con" in administrator.get(url).content.decode()
    end = reverse("permissions:tie_end", kwargs={"uid": officer.ties.get().uid})
    assert enter(world["appraiser2@home"]).post(end, {"reason": "x"}).status_code == 404
    assert administrator.post(end, {"reason": ""}).status_code == 422
    assert administrator.post(end, {"reason": "Khai nhầm"}).status_code == 302
    assert officer.ties.get().has_ended(w.D2024)


# --- members of a collective


@pytest.mark.parametrize("by", ["body", "name"])
def test_a_member_of_the_collective_does_not_judge_it(world, by):
    file = at(world, State.APPRAISE)
    home = world.units["home"]
    changes = {"body": home} if by == "body" else {"name_search": home.name_search}
    file.nominees.update(kind=NomineeKind.COLLECTIVE, **changes)
    assert barred_by(world["appraiser@home"], file) == "member"
    file.nominees.update(body=world.units["commune"])
    assert barred_by(world["appraiser@home"], file) is None


def test_the_head_signs_the_proposal_of_their_own_collective(world):
    file = at(world, State.SIGN_PROPOSAL)
    file.nominees.update(kind=NomineeKind.COLLECTIVE, body=world.units["commune"])
    assert barred_by(world["unit_head@commune"], file) is None


def test_the_same_unit_and_position_is_pointed_out_and_bars_nobody(world):
    file = at(world, State.APPRAISE)
    post = world.post("appraiser@home")
    Nominee.objects.filter(nomination=file).update(title=post.position, unit_name=post.unit.name)
    name = file.nominees.get().name
    url = reverse("workflows:nomination", kwargs={"uid": file.uid})
    assert barred_by(post.officer, file) is None
    page = enter(post.officer).get(url)
    assert page.context["neighbours"] == [name]
    assert page.content.decode().count(f"{url}/vi-sao#recuse") == 2, "beside the names, and with the acts"
    assert enter(world["unit_head@commune"]).get(url).context["neighbours"] == []


# --- the rules


def test_a_rule_binds_while_it_is_in_force(world):
    file = at(world, State.APPRAISE)
    file.nominees.update(officer=world["appraiser@home"])
    assert barred_by(world["appraiser@home"], file) == "nominee"
    by, tomorrow = world["programme_administrator@home"], w.D2024 + timedelta(days=1)
    separation_rules.end(SeparationKind.NOMINEE, on=tomorrow, legal_basis="QĐ 12", by=by)
    assert barred_by(world["appraiser@home"], file) == "nominee", "nobody lifts what bars today"
    with clock.legal_day(tomorrow):
        assert barred_by(world["appraiser@home"], file) is None
        later = tomorrow + timedelta(days=3)
        separation_rules.begin(SeparationKind.NOMINEE, valid_from=later, legal_basis="QĐ 13", by=by)
    with clock.legal_day(later):
        assert barred_by(world["appraiser@home"], file) == "nominee"
    events = Event.objects.filter(stream="separation")
    assert [event.action for event in events.order_by("sequence")] == ["end", "begin"]


@pytest.mark.parametrize("kind", ["two_levels", "nominee", "relative", "member", "four_eyes"])
def test_every_rule_is_in_force_from_the_first_day_with_its_basis(db, kind):
    rule = SeparationRule.objects.get(kind=kind)
    assert rule.valid_to is None and rule.legal_basis


@pytest.mark.parametrize(
    ("who", "change", "error"),
    [
        ("system_administrator@province", {}, PermissionDenied),
        ("head_of_division@home", {}, PermissionDenied),
        ("programme_administrator@home", {"on": w.D2024}, ValidationError),
        ("programme_administrator@home", {"legal_basis": ""}, ValidationError),
    ],
)
def test_a_rule_is_changed_by_whom_it_belongs_to_by_document_from_tomorrow(world, who, change, error):
    values = {"on": w.D2024 + timedelta(days=1), "legal_basis": "QĐ 12"} | change
    with pytest.raises(error):
        separation_rules.end(SeparationKind.NOMINEE, by=world[who], **values)
    assert SeparationRule.objects.get(kind="nominee").valid_to is None


def test_a_rule_does_not_begin_twice_nor_end_before_it_began(world):
    by, day = world["programme_administrator@home"], w.D2024 + timedelta(days=1)
    with pytest.raises(ValidationError):
        separation_rules.begin("nominee", valid_from=day, legal_basis="QĐ 12", by=by)
    separation_rules.end("nominee", on=day, legal_basis="QĐ 12", by=by)
    with pytest.raises(ValidationError):
        separation_rules.end("nominee", on=day + timedelta(days=2), legal_basis="QĐ 12", by=by)


def test_the_page_shows_the_rules_to_all_and_the_form_to_whom_it_belongs(world):
    url = reverse("nominations:separation")
    shown = enter(world["clerk@commune"]).get(url)
    assert shown.status_code == 200 and shown.context["form"] is None
    client = enter(world["programme_administrator@home"])
    fields = {"kind": "four_eyes", "change": "end", "valid_from": "01/12/2024", "legal_basis": "QĐ 12"}
    assert client.post(url, fields | {"valid_from": "01/11/2024"}).status_code == 422
    assert client.post(url, fields).status_code == 302
    assert enter(world["clerk@commune"]).post(url, fields).status_code == 403
