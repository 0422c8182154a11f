"""How few steps the daily acts take: counted from home, as clicks, keys and fields."""

from playwright.sync_api import Locator, expect

from nominations.models import AwardDecision, Nomination, Quota, Score
from nominations.states import DecisionState, State
from tests import world as w


class Hand:
    """Counts what a person does."""

    def __init__(self):
        self.steps = 0

    def click(self, place: Locator) -> None:
        self.steps += 1
        place.click()

    def press(self, page, keys: str) -> None:
        self.steps += 1
        page.keyboard.press(keys)


def home(someone, username):
    someone.sign_in(username)
    someone.page.goto(f"{someone.url}/")
    return someone.page


def test_a_reviewer_forwards_a_clean_file_in_two_and_the_next_one_opens(in_2024, then):
    first = w.walk(then, w.complete_draft(then), State.REVIEW)
    second = w.walk(then, w.complete_draft(then), State.REVIEW)
    page, hand = home(in_2024, "ap24.reviewer1"), Hand()
    hand.click(page.locator("main .row-link").first)
    hand.click(page.locator("form:has(input[value=forward]) button"))
    expect(page.locator(".note-success")).to_contain_text(first.reference)
    assert hand.steps <= 3
    first.refresh_from_db()
    assert first.state == State.ENDORSE
    assert str(second.uid) in page.url, "the next file opens"


def test_the_same_by_keys_alone(in_2024, then):
    file = w.walk(then, w.complete_draft(then), State.REVIEW)
    page, hand = home(in_2024, "ap24.reviewer1"), Hand()
    for key in ("j", "o"):
        hand.press(page, key)
    expect(page.locator("h1")).to_contain_text(file.unit.name)
    hand.press(page, "a")
    with page.expect_navigation():
        hand.press(page, "Enter")
    file.refresh_from_db()
    assert file.state == State.ENDORSE and hand.steps == 4


def test_the_chairman_signs_a_decision_of_ten_in_three(in_2024, then):
    Quota.objects.filter(round=then.round).update(count=10)
    w.confirmed(then, "commune", 10)
    decision = w.decision(then, DecisionState.SIGN)
    assert decision.lines.filter(live=True).count() == 10
    page, hand = home(in_2024, "ub.chairman"), Hand()
    hand.click(page.locator("main .row-link").first)
    proof = page.locator(".action-now input[name=password]")
    if proof.count():
        hand.click(proof)
    hand.click(page.locator("button[name=action][value=sign]").first)
    expect(page.locator(".note-success")).to_be_visible()
    assert AwardDecision.objects.get().state == DecisionState.ISSUE_NUMBER and hand.steps <= 5


def test_a_head_sees_why_a_nominee_fails_in_one(in_2024, then):
    file = w.walk(then, w.complete_draft(then), State.SIGN_PROPOSAL)
    nominee = file.nominees.get()
    Score.objects.filter(nominee=nominee, criterion__code="reform_index").update(points=1)
    page, hand = home(in_2024, "kb24.head"), Hand()
    hand.click(page.locator("main .row-link").first)
    expect(page.locator(".check-bad").filter(has_text=nominee.name)).to_be_visible()
    assert hand.steps <= 2
    assert Nomination.objects.get().state == State.SIGN_PROPOSAL
