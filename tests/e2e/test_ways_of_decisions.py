"""Every way of a draft decision in a real browser, and how a round ends."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from nominations.models import AwardDecision, Nomination, Nominee, RegisterNumber, Round
from nominations.states import DecisionState, Outcome, State
from tests import world as w
from workflows import engine, outbox
from workflows.models import OutboxMessage

pytestmark = pytest.mark.proof  # the same ways are walked by the engine in every run

NAMES = ("Trần Thị Ngọc Ánh", "Đặng Văn Đạt", "Chau Sóc Kha", "Néang Sa Rây")


def confirmed(then, names, unit="commune", less=0):
    return w.confirmed(then, unit, [{"name": name} for name in names], less=less)


def as_person(someone, username, decision):
    someone.sign_in(username)
    someone.page.goto(f"{someone.url}/quyet-dinh/{decision.uid}")
    return someone.page


def uid(name) -> str:
    return str(Nominee.objects.get(name=name).uid)


def on_list(decision) -> list[str]:
    return [line.snapshot["name"] for line in decision.lines.filter(live=True).order_by("rank")]


def test_equals_at_the_edge_are_decided_and_the_list_is_put_right(in_2024, then):
    someone = in_2024
    confirmed(then, NAMES[:3])
    then.round.quotas.filter(kind="individual").update(count=2)
    decision = w.decision(then)
    page = as_person(someone, "snv.division", decision)
    expect(page.locator("main")).to_contain_text("bằng điểm ở ranh giới chỉ tiêu")
    page.shot("a-tie")
    someone.act("propose")
    assert AwardDecision.objects.get().state == DecisionState.COMPILE
    page.goto(f"{someone.url}/quyet-dinh/{decision.uid}")
    someone.act("settle_tie", chosen=f"{uid(NAMES[1])} {uid(NAMES[2])}", note="Trực tiếp ở cơ sở")
    assert set(on_list(decision)) == set(NAMES[1:3])
    expect(page.locator("#left-off")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Trực tiếp ở cơ sở")
    second = on_list(decision)[1]
    someone.act("reorder", line=uid(second), place="1", note="Thâm niên công tác")
    assert on_list(decision)[0] == second
    someone.act("leave_off", line=uid(second), note="Chờ xác minh")
    someone.act("restore", line=uid(second), note="Đã xác minh")
    assert second in on_list(decision)
    page.shot("the-list-put-right")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{someone.url}/quyet-dinh/{decision.uid}")
    page.shot("on-a-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    as_person(someone, "snv.director", decision)
    assert not someone.may("leave_off")


def test_a_nominee_is_recalled_to_appraisal_and_comes_again(in_2024, then):
    someone = in_2024
    file, _other = confirmed(then, NAMES[:1]), confirmed(then, NAMES[1:2], "commune2")
    decision = w.decision(then)
    page = as_person(someone, "snv.division", decision)
    someone.act("recall_nominee", line=uid(NAMES[0]), note="Xem lại sáng kiến")
    assert on_list(decision) == [NAMES[1]]
    someone.sign_in("snv.appraiser1")
    page.goto(f"{someone.url}/ho-so/{file.uid}")
    expect(page.locator("main")).to_contain_text("về thẩm định lại")
    page.shot("to-be-appraised-again")
    someone.appraise_all()
    w.walk(then, file, State.AWAIT_DECISION)
    as_person(someone, "snv.division", decision)
    someone.act("refill")
    assert set(on_list(decision)) == set(NAMES[:2])


def test_sent_back_by_the_office_with_remarks_per_line(in_2024, then):
    someone = in_2024
    confirmed(then, NAMES[:2])
    decision = w.decision(then, DecisionState.CHECK)
    page = as_person(someone, "vp.specialist1", decision)
    someone.act(
        "return",
        note="Danh sách chưa đúng thể thức",
        **{"remark_about-1": uid(NAMES[1]), "remark_text-1": "Chức vụ chưa đúng quyết định bổ nhiệm"},
    )
    page = as_person(someone, "snv.division", decision)
    expect(page.locator("#remarks")).to_contain_text(NAMES[1])
    page.shot("remarks-per-line")
    assert not someone.may("propose")
    someone.tick("Đã chỉnh sửa")
    someone.act("propose")
    assert AwardDecision.objects.get().state == DecisionState.SUBMIT


def test_struck_out_to_be_appraised_again(in_2024, then):
    someone = in_2024
    _stays, again = confirmed(then, NAMES[:1]), confirmed(then, NAMES[1:2], "commune2")
    decision = w.decision(then, DecisionState.SIGN)
    page = as_person(someone, "ub.chairman", decision)
    someone.strike(NAMES[1], "Xem lại điểm tiêu chí")
    page.locator("tr", has_text=NAMES[1]).locator("[name=back]").check()
    page.shot("striking-out")
    someone.act("sign")
    again.refresh_from_db()
    assert again.state == State.APPRAISE
    assert AwardDecision.objects.get().state == DecisionState.ISSUE_NUMBER


def test_a_void_number_stays_in_the_register(in_2024, then):
    someone = in_2024
    confirmed(then, NAMES[:1])
    decision = w.decision(then, DecisionState.PUBLISH)
    as_person(someone, "snv.division", decision)
    assert not someone.may("void_number")
    page = as_person(someone, "vp.records1", decision)
    someone.act("void_number", note="Ghi nhầm trích yếu")
    someone.act("issue_number")
    expect(page.locator("main")).to_contain_text("02/QĐ-UBND")
    page.goto(f"{someone.url}/so-van-ban/")
    expect(page.locator("main")).to_contain_text("Ghi nhầm trích yếu")
    page.shot("register")
    states = list(RegisterNumber.objects.order_by("number").values_list("number", "state"))
    assert states == [(1, "void"), (2, "used")]
    someone.sign_in("kb24.clerk")
    assert page.goto(f"{someone.url}/so-van-ban/").status == 403


def test_two_decisions_of_a_round_and_its_end_with_reasons(in_2024, then):
    someone, page = in_2024, in_2024.page
    one = confirmed(then, NAMES[:1])
    w.decision(then, DecisionState.PUBLISHED)
    two = confirmed(then, NAMES[1:3], less=3)
    then.round.quotas.filter(kind="individual").update(count=2)
    someone.sign_in("snv.division")
    page.locator("form[action='/quyet-dinh/moi'] button").first.click()
    decision = AwardDecision.objects.latest("pk")
    someone.act("settle_tie", chosen=uid(NAMES[1]), note="Trực tiếp ở cơ sở")
    w.walk(then, decision, DecisionState.PUBLISHED)
    draft = w.complete_draft(then, "commune2")
    page.goto(f"{someone.url}/dot-xet/{then.round.pk}")
    page.shot("before-the-end-of-the-round")
    page.locator("details:has(form[action$='/ket-thuc']) > summary").click()
    page.locator("form[action$='/ket-thuc'] button").click()
    states = dict(Nomination.objects.values_list("pk", "state"))
    assert states == {one.pk: State.CLOSED, two.pk: State.CLOSED, draft.pk: State.LAPSED}
    assert Nominee.objects.get(name=NAMES[2]).outcome == Outcome.NOT_SELECTED
    for message in OutboxMessage.objects.filter(delivered=None):
        outbox.deliver(message.pk)
    someone.sign_in("kb24.head")
    page.goto(f"{someone.url}/thong-bao/")
    expect(page.locator("main")).to_contain_text(f"{NAMES[2]}: Không được chọn")
    page.shot("not-awarded")


def test_a_window_is_extended_and_the_next_round_opened_as_a_copy(in_2026, now):
    someone, page = in_2026, in_2026.page
    round = now.rounds[2026]
    someone.sign_in("snv.division")
    page.goto(f"{someone.url}/dot-xet/{round.pk}")
    assert page.locator("form[action$='/gia-han']").count() == 0
    someone.sign_in("snv.programme")
    page.goto(f"{someone.url}/dot-xet/{round.pk}")
    form = page.locator("form[action$='/gia-han']")
    page.locator("details:has(form[action$='/gia-han']) > summary").click()
    later = round.closes + timedelta(days=10)
    form.locator("[name$=closes]").fill(f"{later:%d/%m/%Y}")
    form.locator("[name$=document]").fill("Công văn 1234/SNV-TĐKT ngày 20/12/2026")
    page.shot("extending")
    form.locator("button").click()
    assert Round.objects.get(pk=round.pk).closes == later
    page.goto(f"{someone.url}/dot-xet/")
    page.locator("details:has(form[action$='/nam-sau']) > summary").first.click()
    page.shot("next-year")
    page.locator("form[action$='/nam-sau'] button").first.click()
    copy = Round.objects.get(year=2027)
    assert dict(copy.quotas.values_list("kind", "count")) == {"collective": 4, "individual": 6}
    assert copy.rule_set_id != round.rule_set_id


def test_every_page_has_one_heading_and_labelled_fields(in_2024, then):
    someone, page = in_2024, in_2024.page
    file = w.walk(then, w.complete_draft(then), State.INTAKE)
    w.act(file, "return", then["intake_officer@home"], to="draft", remarks=[{"text": "Bổ sung"}])
    confirmed(then, NAMES[:3], "commune2")
    then.round.quotas.filter(kind="individual").update(count=2)
    decision = w.decision(then)
    seen = {
        "kb24.clerk": [f"/ho-so/{file.uid}", f"/ho-so/{file.uid}/du-thao"],
        "snv.division": [f"/quyet-dinh/{decision.uid}", "/phan-cong/", "/so-van-ban/", "/dot-xet/"],
        "snv.programme": ["/dot-xet/quy-dinh", f"/dot-xet/{then.round.pk}"],
    }
    for username, paths in seen.items():
        someone.sign_in(username)
        for path in paths:
            page.goto(f"{someone.url}{path}")
            assert page.locator("h1").count() == 1, path
            assert page.evaluate(UNLABELLED) == [], path
            assert page.evaluate(DOUBLE) == [], path
    assert engine.task_of(file)


UNLABELLED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  .filter(n => !n.labels.length && !n.getAttribute("aria-label")).map(n => n.name)"""
DOUBLE = """() => { const ids = [...document.querySelectorAll("[id]")].map(n => n.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at); }"""
