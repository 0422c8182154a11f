"""Every way back of a file in a real browser, each with the refused neighbour beside it."""

import pytest
from playwright.sync_api import expect

from nominations.models import Nomination, Remark
from nominations.states import Outcome, State
from tests import world as w
from workflows import outbox
from workflows.models import OutboxMessage

pytestmark = pytest.mark.proof  # the same ways are walked by the engine in every run


def url_of(someone, file) -> str:
    return f"{someone.url}/ho-so/{file.uid}"


def as_person(someone, username, file):
    """Sign in and open the file; return the page."""
    someone.sign_in(username)
    someone.page.goto(url_of(someone, file))
    return someone.page


def state(file) -> str:
    return Nomination.objects.get(pk=file.pk).state


def deliver() -> None:
    for message in OutboxMessage.objects.filter(delivered=None):
        outbox.deliver(message.pk)


def test_a_supplement_is_asked_for_once_and_comes_straight_back(in_2024, then):
    someone, file = in_2024, w.walk(then, w.complete_draft(then), State.INTAKE)
    document = file.evidence.first()
    page = as_person(someone, "snv.intake", file)
    someone.act(
        "request_supplement",
        **{
            "remark_about-1": f"document:{document.uid}",
            "remark_text-1": "Thiếu trang ghi kết quả kiểm phiếu",
        },
    )
    assert state(file) == State.SUPPLEMENT
    page = as_person(someone, "kb24.clerk", file)
    page.shot("to-be-supplemented")
    assert not someone.may("propose")
    page.goto(f"{url_of(someone, file)}/du-thao")
    page.fill("[name=summary]", "Đề nghị khen thưởng, có bổ sung biên bản.")
    page.shot("draft-with-remarks")
    someone.tick("Đã bổ sung trang 2")
    page.goto(url_of(someone, file))
    someone.act("propose")
    page = as_person(someone, "kb24.head", file)
    someone.act("submit")
    assert state(file) == State.INTAKE  # not through the district again
    page = as_person(someone, "snv.intake", file)
    page.locator("#changes summary").click()
    expect(page.locator("#changes")).to_contain_text("biên bản")
    page.shot("supplemented")
    assert not someone.may("request_supplement")
    assert "1 lần" in someone.why_not("Yêu cầu bổ sung")
    someone.act("accept")


def test_returned_to_the_body_before_and_sent_on_again(in_2024, then):
    someone, file = in_2024, w.walk(then, w.complete_draft(then), State.APPRAISE)
    page = as_person(someone, "snv.appraiser1", file)
    someone.act("return", to="endorse", **{"remark_text-1": "Tờ trình của huyện chưa nêu kết quả xét"})
    assert state(file) == State.ENDORSE
    page = as_person(someone, "ap24.head", file)
    assert not someone.may("endorse")
    page.shot("back-at-the-district")
    someone.tick("Đã bổ sung tờ trình")
    someone.act("endorse")
    assert state(file) == State.INTAKE
    assert Remark.objects.get().answer == "Đã bổ sung tờ trình"
    page = as_person(someone, "snv.intake", file)
    expect(page.locator("main")).to_contain_text("Đã bổ sung tờ trình")


def test_the_wrong_route_names_the_right_body(in_2024, then):
    someone, file = in_2024, w.walk(then, w.complete_draft(then), State.INTAKE)
    right = then.units["district2"]
    as_person(someone, "snv.intake", file)
    someone.act("wrong_route", unit=str(right.pk), note="Đơn vị thuộc huyện khác")
    deliver()
    page = as_person(someone, "kb24.head", file)
    expect(page.locator("main")).to_contain_text(f"Đúng tuyến: {right.name}")
    assert Nomination.objects.get().nominees.get().outcome == Outcome.NOT_CONSIDERED
    page.goto(f"{someone.url}/thong-bao/")
    expect(page.locator("main")).to_contain_text("không đúng tuyến trình")
    page.shot("notice-of-the-wrong-route")


def test_intake_sends_a_file_on_to_the_right_body(in_2024, then):
    someone, file = in_2024, w.walk(then, w.complete_draft(then), State.INTAKE)
    as_person(someone, "snv.intake", file)
    someone.act("reroute", unit=str(then.units["district2"].pk), note="Thuộc huyện Tri Tôn")
    assert state(file) == State.REVIEW
    page = as_person(someone, "tt24.reviewer1", file)
    page.shot("sent-on")
    someone.act("forward")
    as_person(someone, "ap24.reviewer2", file)
    assert not someone.may("forward")


def test_withdrawn_by_the_head_and_by_nobody_else(in_2024, then):
    someone = in_2024
    one, two = w.walk(then, w.complete_draft(then), State.REVIEW), w.confirmed(then)
    as_person(someone, "kb24.clerk", one)
    assert not someone.may("withdraw")
    page = as_person(someone, "kb24.head", one)
    page.locator("details.action-ends > summary").click()
    page.shot("before-withdrawing")
    someone.act("withdraw", note="Đơn vị rút để bổ sung thành tích")
    assert state(one) == State.WITHDRAWN
    decision = w.decision(then)
    as_person(someone, "kb24.head", two)
    assert not someone.may("withdraw")
    assert "dự thảo quyết định" in someone.why_not("Rút hồ sơ")
    w.act(decision, "abandon", then["head_of_division@home"], note="Lập lại")
    page.goto(url_of(someone, two))
    someone.act("withdraw", note="Đơn vị rút")
    assert state(two) == State.WITHDRAWN
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(url_of(someone, two))
    page.shot("withdrawn")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_taken_back_unopened_and_asked_for_once_opened(in_2024, then):
    someone, file = in_2024, w.walk(then, w.complete_draft(then), State.REVIEW)
    as_person(someone, "kb24.clerk", file)
    assert not someone.may("recall")
    as_person(someone, "kb24.head", file)
    someone.act("recall")
    assert state(file) == State.SIGN_PROPOSAL
    someone.page.goto(url_of(someone, file))
    someone.act("submit")
    as_person(someone, "ap24.reviewer1", file)  # opens it
    page = as_person(someone, "kb24.head", file)
    assert not someone.may("recall")
    someone.act("request_recall", note="Ký nhầm hồ sơ")
    page = as_person(someone, "ap24.reviewer1", file)
    expect(page.locator("main")).to_contain_text("Ký nhầm hồ sơ")
    page.shot("asked-back")
    someone.act("decline_recall", note="Đang xét")
    as_person(someone, "kb24.head", file)
    assert not someone.may("request_recall")
    assert state(file) == State.REVIEW


def test_assigned_by_load_and_left_alone_by_the_others(in_2024, then):
    someone = in_2024
    busy, file = (w.walk(then, w.complete_draft(then), State.APPRAISE) for _ in range(2))
    w.act(busy, "claim", then["appraiser@home"])
    page = as_person(someone, "snv.division", file)
    options = page.locator("[name=assignee] option").all_text_contents()
    assert options[0].startswith("Mách Ta Rết") and "(1 hồ sơ)" in options[1]
    someone.act("assign", assignee=str(then["appraiser2@home"].uid))
    page.goto(f"{someone.url}/phan-cong/")
    page.shot("assignment")
    expect(page.locator("main")).to_contain_text("2 hồ sơ đã phân công")
    as_person(someone, "snv.appraiser1", file)
    assert not someone.may("conclude")
    assert "Mách Ta Rết" in someone.why_not("Kết luận")
    assert page.goto(f"{someone.url}/phan-cong/").status == 403
    as_person(someone, "snv.appraiser2", file)
    someone.act("release")
    as_person(someone, "snv.appraiser1", file)
    someone.act("claim")
    assert someone.may("conclude")


def test_a_department_itself_goes_straight_to_intake(in_2026, now):
    someone, page = in_2026, in_2026.page
    someone.sign_in("khcn26.clerk")
    url = someone.new_file()
    someone.write([{"kind": "individual", "name": "Giang Thế Lập"}])
    page.goto(url)
    someone.act("propose")
    someone.sign_in("khcn26.head")
    page.goto(url)
    someone.act("submit")
    file = Nomination.objects.get()
    assert (file.state, file.legs.count()) == (State.INTAKE, 0)
    someone.sign_in("khcn26.reviewer")
    page.goto(url)
    assert not someone.may("forward")  # nobody reviews the department's own file


def test_rejected_on_a_legal_ground(in_2024, then):
    someone, file = in_2024, w.walk(then, w.complete_draft(then), State.REVIEW)
    page = as_person(someone, "ap24.reviewer1", file)
    someone.act("reject", code="below_standard", note="Chỉ số cải cách hành chính xếp loại trung bình")
    assert state(file) == State.REJECTED
    deliver()
    page = as_person(someone, "kb24.clerk", file)
    expect(page.locator("main")).to_contain_text("xếp loại trung bình")
    page.shot("rejected")
    assert not page.locator(".action-bar form").count()


def test_files_of_units_that_have_ended_are_led_on_by_home_affairs(in_2026, then):
    """Two files of 2024, walked in 2026: the district and the commune where they wait no longer exist."""
    someone = in_2026
    reviewed, draft = w.walk(then, w.complete_draft(then), State.REVIEW), w.complete_draft(then)
    as_person(someone, "snv.appraiser1", reviewed)
    assert not someone.may("reroute")
    page = as_person(someone, "snv.division", reviewed)
    someone.act("reroute", note="Cấp huyện kết thúc hoạt động từ 01/07/2025")
    assert state(reviewed) == State.INTAKE
    page.goto(url_of(someone, reviewed))
    page.shot("led-on")
    successor = then.units["commune"].successors.select_related("new").first().new
    page.goto(url_of(someone, draft))
    assert page.locator("h1").inner_text()  # Home Affairs reads what has lost its unit
    someone.act("hand_over", unit=str(successor.pk), note=f"Bàn giao cho {successor.name}")
    draft.refresh_from_db()
    assert (draft.unit, draft.holder) == (successor, successor)
