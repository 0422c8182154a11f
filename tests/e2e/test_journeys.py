"""The whole way in a real browser, as each person on it."""

import pytest
from playwright.sync_api import expect

from nominations.models import AwardDecision, Nomination, NominationVersion, RegisterNumber
from nominations.states import DecisionState, Outcome, State
from workflows import outbox
from workflows.models import Notice, OutboxMessage

TWO = (
    {"kind": "individual", "name": "Trần Thị Ngọc Ánh"},
    {"kind": "individual", "name": "Đặng Văn Đạt", "less": 3},
)


def _state(url: str) -> str:
    return Nomination.objects.get(uid=url.rsplit("/", 1)[1]).state


def _to_the_decision(someone, url: str) -> None:
    """From intake to "waiting for the decision", at Home Affairs."""
    page = someone.page
    for username, action in (("snv.intake", "accept"), ("snv.appraiser1", ""), ("snv.division", "confirm")):
        someone.sign_in(username)
        page.goto(url)
        page.shot(username)
        someone.act(action) if action else someone.appraise_all()
    assert _state(url) == State.AWAIT_DECISION


def _decide(someone, *, strike: str = "") -> None:
    """From compiling to publication, as Home Affairs, the Office, the Chairman and the clerk."""
    page, year = someone.page, someone.day[:4]
    someone.sign_in("snv.division")
    with page.expect_navigation():
        page.locator("form[action='/quyet-dinh/moi'] button", has_text=year).first.click()
    url = page.url
    someone.act("propose")
    for username, action in (
        ("snv.director", "submit"),
        ("vp.specialist1", "pass"),
        ("ub.chairman", "sign"),
        ("vp.records1", "issue_number"),
        ("vp.records1", "publish"),
    ):
        someone.sign_in(username)
        page.goto(url)
        if action == "sign" and strike:
            someone.strike(strike, "Đã được khen thưởng cùng thành tích")
        page.shot(f"{username}-{action}")
        someone.act(action)
    assert AwardDecision.objects.get(uid=url.rsplit("/", 1)[1]).state == DecisionState.PUBLISHED
    page.goto(url)
    page.shot("published")
    expect(page.locator("main")).to_contain_text("01/QĐ-UBND")


def test_three_levels_2024_one_nominee_struck_out(in_2024):
    """Commune → district → Home Affairs → Chairman, who strikes out one of two."""
    someone, page = in_2024, in_2024.page
    someone.sign_in("kb24.clerk")
    page.shot("work-of-the-clerk")
    url = someone.new_file()
    someone.write(TWO)
    page.shot("draft")
    page.goto(url)
    someone.act("propose")
    assert not someone.may("submit")  # the clerk does not sign
    someone.sign_in("kb24.head")
    page.goto(url)
    page.shot("before-the-signature")
    someone.act("submit")
    assert _state(url) == State.REVIEW
    someone.sign_in("tt24.reviewer1")  # of another district
    assert page.goto(url).status == 404
    for username, action in (("ap24.reviewer1", "forward"), ("ap24.head", "endorse")):
        someone.sign_in(username)
        page.goto(url)
        page.shot(username)
        someone.act(action)
    _to_the_decision(someone, url)
    _decide(someone, strike="Đặng Văn Đạt")
    file = Nomination.objects.get(uid=url.rsplit("/", 1)[1])
    outcomes = dict(file.nominees.values_list("name", "outcome"))
    assert outcomes == {"Trần Thị Ngọc Ánh": Outcome.AWARDED, "Đặng Văn Đạt": Outcome.STRUCK_OUT}
    assert file.state == State.CLOSED
    assert [leg.unit.code for leg in file.legs.select_related("unit")] == ["886"]
    assert str(RegisterNumber.objects.get()) == "01/QĐ-UBND"


def test_returned_corrected_and_submitted_again_as_version_2(in_2024):
    someone, page = in_2024, in_2024.page
    someone.sign_in("kb24.clerk")
    url = someone.new_file()
    someone.write(TWO[:1])
    page.goto(url)
    someone.act("propose")
    someone.sign_in("kb24.head")
    page.goto(url)
    someone.act("submit")
    someone.sign_in("ap24.reviewer1")
    page.goto(url)
    someone.act("return", **{"remark_text-1": "Bổ sung thời gian tính thành tích"})
    assert _state(url) == State.DRAFT
    for message in OutboxMessage.objects.all():
        outbox.deliver(message.pk)
    assert set(Notice.objects.values_list("officer__username", flat=True)) == {
        "kb24.clerk",
        "kb24.head",
        "kb24.deputy",
    }
    someone.sign_in("kb24.clerk")
    page.goto(f"{someone.url}/thong-bao/")
    page.shot("notice")
    page.goto(url)
    expect(page.locator("main")).to_contain_text("Bổ sung thời gian tính thành tích")
    assert not someone.may("propose")  # not before the remark is ticked off
    assert "nhận xét" in someone.why_not("Trình thủ trưởng ký")
    page.goto(f"{url}/du-thao")
    page.fill("[name=nominees-0-name]", "Trần Thị Ngọc Ánh Mai")
    someone.tick("Đã ghi thời gian")
    page.goto(url)
    page.shot("ticked-off")
    someone.act("propose")
    someone.sign_in("kb24.head")
    page.goto(url)
    someone.act("submit")
    versions = NominationVersion.objects.order_by("number")
    names = [version.content["nominees"][0]["name"] for version in versions]
    assert names == ["Trần Thị Ngọc Ánh", "Trần Thị Ngọc Ánh Mai"]
    assert _state(url) == State.REVIEW


def test_two_levels_2026_the_deputy_signs_for_a_head_who_is_nominee(in_2026):
    """A ward's file goes straight to intake; the head is a nominee, so the deputy signs."""
    someone, page = in_2026, in_2026.page
    someone.sign_in("rg26.clerk")
    url = someone.new_file()
    head = "Lý Vĩnh Phước Tường"
    someone.write([{"kind": "individual", "name": head, "account": head}])
    page.goto(url)
    someone.act("propose")
    someone.sign_in("rg26.head")
    page.goto(url)
    page.shot("the-head-may-not")
    assert not someone.may("submit")
    someone.sign_in("rg26.deputy")
    page.goto(url)
    someone.act("submit")
    assert _state(url) == State.INTAKE
    _to_the_decision(someone, url)
    _decide(someone)
    assert Nomination.objects.get().nominees.get().outcome == Outcome.AWARDED


@pytest.mark.proof
def test_a_departments_base_unit_2026(in_2026):
    """Centre → its department → Home Affairs; a collective and a person, one not eligible."""
    someone, page = in_2026, in_2026.page
    someone.sign_in("cds26.clerk")
    url = someone.new_file()
    someone.write(
        [
            {"kind": "collective", "name": "Phòng Hành chính - Tổng hợp"},
            {"kind": "individual", "name": "Kiều Văn An"},
        ]
    )
    page.goto(url)
    someone.act("propose")
    for username, action in (
        ("cds26.head", "submit"),
        ("khcn26.reviewer", "forward"),
        ("khcn26.head", "endorse"),
        ("snv.intake", "accept"),
    ):
        someone.sign_in(username)
        page.goto(url)
        someone.act(action)
    someone.sign_in("snv.appraiser1")
    page.goto(url)
    someone.appraise_all(ineligible=["Kiều Văn An"])
    someone.sign_in("snv.division")
    page.goto(url)
    page.shot("confirming")
    someone.act("confirm")
    _decide(someone)
    outcomes = dict(Nomination.objects.get().nominees.values_list("name", "outcome"))
    assert outcomes == {
        "Phòng Hành chính - Tổng hợp": Outcome.AWARDED,
        "Kiều Văn An": Outcome.INELIGIBLE,
    }


def test_the_same_pages_on_a_phone(in_2024):
    """Nothing runs off the side at 390 px, from the login page to the file."""
    someone, page = in_2024, in_2024.page
    page.set_viewport_size({"width": 390, "height": 844})
    someone.sign_in("kb24.clerk")
    url = someone.new_file()
    someone.write(TWO[:1])
    for path in ("/", "/ho-so/", url, f"{url}/du-thao", "/quyet-dinh/", "/dot-xet/", "/thong-bao/"):
        page.goto(path if path.startswith("http") else f"{someone.url}{path}")
        page.shot(path.strip("/").rsplit("/", 1)[-1] or "home")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
