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
    page.wait_for_load_state()  # the keys answer once the page's module has run
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


def test_a_batch_goes_on_by_itself_once_started(in_2024, then, monkeypatch):
    monkeypatch.setattr("workflows.views.batches.SOME", 1)  # three requests for three files
    files = [w.walk(then, w.complete_draft(then), State.REVIEW) for _ in range(3)]
    page, hand = home(in_2024, "ap24.reviewer1"), Hand()
    hand.click(page.locator("main a[href='/xu-ly-nhieu/']"))
    hand.click(page.locator("[data-choose=all]"))
    expect(page.locator("[data-chosen]")).to_contain_text("3")
    hand.click(page.locator("main form button.btn-primary"))
    assert set(Nomination.objects.values_list("state", flat=True)) == {State.REVIEW}, "nothing yet"
    hand.click(page.locator("[data-go]"))
    expect(page.locator("#batch-form")).to_have_count(0, timeout=15_000)
    assert set(Nomination.objects.values_list("state", flat=True)) == {State.ENDORSE}
    expect(page.locator("#batch .row-link")).to_have_count(len(files))
    assert hand.steps == 4


def test_a_search_answers_while_one_types(in_2024, then):
    file = w.walk(then, w.complete_draft(then, "commune", [{"name": "Néang Sóc Kha"}]), State.REVIEW)
    page = home(in_2024, "ap24.reviewer1")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("neang soc")
    expect(page.locator("#found .row-link").first).to_have_attribute("href", f"/ho-so/{file.uid}")
    assert "q=neang" in page.url, "the address can be given to somebody"


def test_keys_walk_through_a_list_with_chosen_columns_too(in_2024, then):
    file = w.walk(then, w.complete_draft(then), State.REVIEW)
    page = home(in_2024, "ap24.reviewer1")
    page.goto(f"{in_2024.url}/ho-so/?cols=reference&cols=state")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("h1")).to_contain_text(file.unit.name)
