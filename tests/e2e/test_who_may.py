"""Who may act, and why not, in a real browser: delegated, kept away from, explained; posts by two administrators."""

from playwright.sync_api import expect

from nominations.models import Handling
from nominations.states import State
from permissions.models import Delegation, Officer, PendingAppointment
from tests import world as w


def test_a_head_delegates_and_the_act_names_both(in_2024, then):
    someone, page = in_2024, in_2024.page
    file = w.walk(then, w.complete_draft(then), State.CONFIRM)
    someone.sign_in("snv.division")
    page.goto(f"{someone.url}/uy-quyen/")
    page.locator("main a.btn-primary").first.click()
    taker = Officer.objects.get(username="snv.intake")
    page.fill("#q", taker.full_name)
    page.locator("main form[role=search] button").click()
    page.select_option("[name=to_post]", index=1)
    page.check("[name=rights][value=confirm]")
    page.fill("[name=last_day]", "08/11/2024")
    page.fill("[name=reason]", "Đi công tác")
    page.fill("[name=document]", "Giấy ủy quyền số 5")
    page.shot("delegating")
    page.locator("main form.round-form button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("Giấy ủy quyền số 5")
    page.shot("delegation")
    made = Delegation.objects.get()
    someone.sign_in("snv.intake")
    page.goto(f"{someone.url}/ho-so/{file.uid}")
    page.shot("the-file-under-a-delegation")
    someone.act("confirm")
    handling = Handling.objects.get(delegation=made)
    assert handling.on_behalf_of == made.from_post.officer
    page.goto(f"{someone.url}/uy-quyen/{made.uid}")
    expect(page.locator("main")).to_contain_text(file.reference)
    page.locator("main form button.btn-danger").click()
    page.shot("ended")
    made.refresh_from_db()
    assert made.ended_by == taker


def test_why_not_and_keeping_away(in_2024, then):
    someone, page = in_2024, in_2024.page
    file = w.walk(then, w.complete_draft(then), State.APPRAISE)
    someone.sign_in("snv.division")
    page.goto(f"{someone.url}/ho-so/{file.uid}")
    page.locator("a[href$='/vi-sao']").click()
    page.shot("why-not")
    expect(page.locator("main")).to_contain_text(Officer.objects.get(username="snv.appraiser1").full_name)
    someone.sign_in("snv.appraiser1")
    page.goto(f"{someone.url}/ho-so/{file.uid}/vi-sao#recuse")
    page.locator("#recuse summary").click()
    page.fill("[name=note]", "Là họ hàng của người được đề nghị")
    page.shot("keeping-away")
    page.locator("#recuse button.btn-danger").click()
    page.goto(f"{someone.url}/ho-so/{file.uid}")
    page.shot("kept-away")
    expect(page.locator("main")).to_contain_text("Là họ hàng của người được đề nghị")
    assert page.locator("button[name=action][value=conclude]").count() == 0


def test_a_decisive_post_by_two_administrators_at_390_pixels(in_2024):
    someone, page = in_2024, in_2024.page
    page.set_viewport_size({"width": 390, "height": 844})
    officer = Officer.objects.get(username="snv.deputy")
    someone.sign_in("admin")
    page.goto(f"{someone.url}/quan-tri/can-bo/{officer.uid}/chuc-vu?q=AG.UBND")
    page.select_option("[name=unit]", index=1)
    page.select_option("[name=role]", "deputy_chairman")
    page.fill("[name=position]", "Phó Chủ tịch UBND tỉnh")
    page.fill("[name=document]", "Quyết định số 12/QĐ-TTg")
    page.shot("proposing")
    page.locator("main form.round-form button.btn-primary").click()
    page.goto(f"{someone.url}/quan-tri/xac-nhan/")
    page.shot("proposed")
    assert page.locator("main form button.btn-primary").count() == 0, "not by who proposed it"
    someone.sign_in("admin2")
    page.goto(f"{someone.url}/quan-tri/xac-nhan/")
    page.locator("main form button.btn-primary").click()
    page.goto(f"{someone.url}/quan-tri/can-bo/{officer.uid}")
    page.shot("confirmed")
    assert PendingAppointment.objects.get().status == "confirmed"
    expect(page.locator("main")).to_contain_text("Phó Chủ tịch UBND tỉnh")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing is cut off"
