"""The decision: what is shown to whom, striking out, signing what was seen, number and date."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from history import checkpoints
from nominations.models import AwardDecision, DecisionLine, Nominee
from nominations.states import DecisionState, Outcome
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")
LIST = reverse("workflows:decisions")
COLLECTIVE = {"kind": "collective", "title": "", "name": "Tổ một cửa"}


def page_of(decision: AwardDecision) -> str:
    return reverse("workflows:decision", kwargs={"uid": decision.uid})


def see(world, who: str, decision: AwardDecision):
    return pages.enter(world[who]).get(page_of(decision))


def send(world, who: str, decision: AwardDecision, action: str, **fields):
    """Open the page and do `action` with its own form, filled with `fields`."""
    client = pages.enter(world[who])
    form = pages.act_form(client.get(page_of(decision)), action)
    return client.post(reverse("workflows:act_decision", kwargs={"uid": decision.uid}), form | fields)


@pytest.fixture
def at_signature(world) -> AwardDecision:
    w.confirmed(world, nominees=[COLLECTIVE, {}, {}])
    return w.decision(world, DecisionState.SIGN)


def test_the_list_is_shown_as_it_is_printed(world, at_signature):
    text = html.unescape(see(world, "chairman@province", at_signature).content.decode())
    for line in at_signature.lines.all():
        for shown in (line.snapshot["name"], line.snapshot["title"], line.snapshot["unit"]):
            assert shown in text
    assert text.index("Tổ một cửa") < text.index(at_signature.lines.last().snapshot["name"])
    assert "1 / 4" in text and "2 / 6" in text  # counts against the quota


@pytest.mark.parametrize(
    ("who", "state", "status"),
    [
        ("head_of_division@home", DecisionState.COMPILE, 200),
        ("auditor@province", DecisionState.COMPILE, 200),
        ("office_specialist@office", DecisionState.COMPILE, 404),
        ("chairman@province", DecisionState.SUBMIT, 404),
        ("office_specialist@office", DecisionState.CHECK, 200),
        ("clerk@commune", DecisionState.SIGN, 404),
        ("clerk@commune", DecisionState.PUBLISHED, 200),
    ],
)
def test_a_draft_is_open_to_whom_it_has_reached_and_a_published_one_to_all(world, who, state, status):
    w.confirmed(world)
    decision = w.decision(world, state)
    response = see(world, who, decision)
    assert response.status_code == status
    listed = decision.reference in pages.enter(world[who]).get(LIST).content.decode()
    assert listed == (status == 200)


def test_there_is_no_page_for_an_unknown_decision(world):
    unknown = "00000000-0000-4000-8000-000000000000"
    url = reverse("workflows:decision", kwargs={"uid": unknown})
    assert pages.enter(world["chairman@province"]).get(url).status_code == 404


def test_the_chairman_strikes_one_line_out_and_signs(world, at_signature):
    struck, kept = at_signature.lines.filter(nominee__kind="individual")
    uid = str(struck.nominee.uid)
    reason = "Chưa đủ thời gian công tác"
    response = send(
        world,
        "chairman@province",
        at_signature,
        "sign",
        strike=[uid],
        **{f"strike_reason-{uid}": reason, f"strike_reason-{kept.nominee.uid}": ""},
    )
    assert response.status_code == 302
    struck.refresh_from_db()
    kept.refresh_from_db()
    assert (struck.struck, struck.reason, kept.struck) == (True, reason, False)
    text = see(world, "chairman@province", at_signature).content.decode()
    assert reason in text and "<del>" in text


def test_striking_out_without_a_reason_keeps_the_form_and_signs_nothing(world, at_signature):
    line = at_signature.lines.first()
    uid = str(line.nominee.uid)
    response = send(world, "chairman@province", at_signature, "sign", strike=[uid])
    at_signature.refresh_from_db()
    assert response.status_code == 422 and at_signature.state == DecisionState.SIGN
    text = response.content.decode()
    assert re.search(rf'<input[^>]*value="{uid}"[^>]*checked', text)
    assert f'id="id_strike_reason-{uid}_error"' in text and 'role="alert"' in text


def test_what_was_typed_is_kept_when_every_line_would_be_struck(world, at_signature):
    uids = [str(line.nominee.uid) for line in at_signature.lines.all()]
    reasons = {f"strike_reason-{uid}": f"lý do {n}" for n, uid in enumerate(uids)}
    response = send(world, "chairman@province", at_signature, "sign", strike=uids, **reasons)
    assert response.status_code == 422
    assert all(reason in response.content.decode() for reason in reasons.values())
    assert not DecisionLine.objects.filter(struck=True).exists()


def test_only_the_signer_gets_boxes(world, at_signature):
    assert 'name="strike"' in see(world, "chairman@province", at_signature).content.decode()
    assert 'name="strike"' not in see(world, "director@home", at_signature).content.decode()


def test_the_second_signer_is_told_who_was_first(world, at_signature):
    client = pages.enter(world["chairman@province"])
    form = pages.act_form(client.get(page_of(at_signature)), "sign")
    w.act(at_signature, "sign", world["deputy_chairman@province"])
    response = client.post(reverse("workflows:act_decision", kwargs={"uid": at_signature.uid}), form)
    assert response.status_code == 409
    assert world["deputy_chairman@province"].full_name in response.content.decode()


def test_returning_needs_a_reason_and_tells_it(world, at_signature):
    refused = send(world, "chairman@province", at_signature, "return", note=" ")
    assert refused.status_code == 422
    assert send(world, "chairman@province", at_signature, "return", note="Rà soát dòng 2").status_code == 302
    assert "Rà soát dòng 2" in see(world, "head_of_division@home", at_signature).content.decode()


def test_number_and_date_after_issue_and_the_outcome_after_publication(world, at_signature):
    send(world, "chairman@province", at_signature, "sign")
    send(world, "records_clerk@office", at_signature, "issue_number")
    assert "01/QĐ-UBND" in see(world, "records_clerk@office", at_signature).content.decode()
    assert send(world, "records_clerk@office", at_signature, "publish").status_code == 302
    text = see(world, "clerk@commune", at_signature).content.decode()
    assert "01/QĐ-UBND" in text and "05/11/2024" in text
    assert set(Nominee.objects.values_list("outcome", flat=True)) == {Outcome.AWARDED}
    assert "state-awarded" in text


def test_a_decision_is_compiled_by_one_click(world):
    w.confirmed(world)
    client = pages.enter(world["head_of_division@home"])
    response = client.post(reverse("workflows:open_decision"), {"round": world.round.pk})
    decision = AwardDecision.objects.get()
    assert response.url == page_of(decision)
    again = client.post(reverse("workflows:open_decision"), {"round": world.round.pk}, follow=True)
    assert AwardDecision.objects.count() == 1
    assert [m.level_tag for m in again.context["messages"]] == ["success", "error"]  # nobody waits any more


def test_others_do_not_compile(world):
    w.confirmed(world)
    for who in ("director@home", "clerk@commune", "chairman@province"):
        response = pages.enter(world[who]).post(reverse("workflows:open_decision"), {"round": world.round.pk})
        assert response.status_code == 403
    wrong = pages.enter(world["head_of_division@home"]).post(
        reverse("workflows:open_decision"), {"round": "x"}
    )
    assert wrong.status_code == 404 and not AwardDecision.objects.exists()


def test_a_published_decision_bears_the_code_of_the_ledger(world):
    w.confirmed(world)
    decision = w.decision(world, DecisionState.ISSUE_NUMBER)
    assert "Mã sổ cái" not in facts(world, decision)
    w.act(decision, "issue_number", world["records_clerk@office"])
    w.act(decision, "publish", world["records_clerk@office"])
    assert facts(world, decision)["Mã sổ cái"] == "có sau khi công bố ít phút"
    made = checkpoints.make()
    assert facts(world, decision)["Mã sổ cái"].startswith(checkpoints.short_code(made.root))


def facts(world, decision) -> dict[str, str]:
    shown = see(world, "chairman@province", decision).context["facts"]
    return {str(fact["label"]): str(fact["value"]) for fact in shown}


def test_a_file_is_linked_only_for_whom_it_is_open(world):
    file = w.confirmed(world)
    decision = w.decision(world, DecisionState.PUBLISHED)
    link = reverse("workflows:nomination", kwargs={"uid": file.uid})
    assert link in see(world, "clerk@commune", decision).content.decode()
    assert link not in see(world, "clerk@commune2", decision).content.decode()


@pytest.mark.parametrize(("who", "statements"), [("chairman@province", 18), ("clerk@commune", 13)])
@pytest.mark.parametrize("nominees", [1, 5])
def test_the_page_costs_the_same_for_one_line_and_for_five(
    world, django_assert_num_queries, who, statements, nominees
):
    w.confirmed(world, nominees=nominees)
    reader = world[who]
    decision = w.decision(
        world, DecisionState.SIGN if who == "chairman@province" else DecisionState.PUBLISHED
    )
    client = pages.enter(reader)
    with django_assert_num_queries(statements):
        client.get(page_of(decision))


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_however_long(world, django_assert_num_queries, count):
    for _ in range(count):
        w.confirmed(world)
        w.decision(world, DecisionState.PUBLISHED)
    client = pages.enter(world["head_of_division@home"])
    with django_assert_num_queries(7):
        client.get(LIST)


def test_late_decisions_are_listed_for_whoever_may_read_them(world):
    for _ in range(2):
        w.confirmed(world)
        late = w.decision(world)
    AwardDecision.objects.filter(pk=late.pk).update(due=w.D2024 - timedelta(days=1))
    page = reverse("workflows:decisions")

    def listed(who, **due):
        rows = pages.enter(world[who]).get(page, due).context["rows"]
        return {row["decision"].pk for row in rows}

    assert listed("head_of_division@home", due="late") == {late.pk}
    assert len(listed("head_of_division@home", due="anything")) == 2
    assert listed("head_of_division@home", due="soon") == set()
    assert listed("reviewer@district", due="late") == set()
