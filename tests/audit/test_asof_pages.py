"""The file as it was: after every event the page agrees with the state the file had then, on whatever way it went."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from history import clock
from history.models import Event
from nominations.models import DecisionLine, Nomination, NominationVersion, Quota
from nominations.states import DecisionState, State
from tests import world as w
from tests.pages import enter
from tests.workflows.test_statements_pages import cost
from tests.workflows.ways import REMARK

pytestmark = pytest.mark.usefixtures("in_2024")


def page_at(client, subject, **asked):
    kind = subject.stream.partition(":")[0]
    return client.get(reverse("audit:file_at", kwargs={"kind": kind, "uid": subject.uid}), asked)


def last_of(subject):
    return Event.objects.filter(stream=subject.stream).order_by("-sequence").first().sequence


def snapshot(subject):
    """What the tables say now, as the page would say it of this moment."""
    subject.refresh_from_db()
    said = {
        "state": subject.state,
        "holder": subject.holder.name if subject.holder else "",
        "version": subject.version,
    }
    if isinstance(subject, Nomination):
        rows = subject.nominees.filter(present=True).order_by("position")
        return said | {
            "nominees": [
                (nominee.name, nominee.assessment, nominee.total, nominee.outcome) for nominee in rows
            ]
            if subject.version or subject.state == State.SIGN_PROPOSAL
            else []
        }
    lines = DecisionLine.objects.filter(decision=subject).order_by("nominee__kind", "rank", "pk")
    return said | {
        "lines": [(line.rank, line.snapshot["name"], line.struck) for line in lines if line.is_presented]
    }


def shown(response):
    """The same of a page."""
    context = response.context
    said = {name: context[name] for name in ("state", "holder", "version")}
    if context["cards"] is not None:
        cards = [card["nominee"] for card in context["cards"]]
        return said | {"nominees": [(n.name, n.assessment, n.total, n.outcome) for n in cards]}
    return said | {
        "lines": [
            (line["rank"], line["name"], line["struck"])
            for group in context["groups"]
            for line in group["lines"]
        ]
    }


@pytest.fixture
def auditor(world):
    return enter(world["auditor@province"])


def test_after_every_event_the_page_agrees_with_the_file_as_it_stood_then(world, auditor):
    """A journey with a return, a new version, a supplement, a strike by the signer and a publication."""
    file, seen = w.complete_draft(world, nominees=2), {}

    def note(*subjects):
        for subject in subjects:
            seen[subject.stream, last_of(subject)] = (subject, snapshot(subject))

    def step(subject, action, who, *also, **payload):
        w.tick(subject, world[who])
        w.act(subject, action, world[who], **payload)
        note(subject, *also)

    note(file)
    step(file, "propose", "clerk@commune")
    step(file, "submit", "unit_head@commune")
    step(file, "return", "reviewer@district", **REMARK)
    step(file, "propose", "clerk@commune")
    step(file, "submit", "unit_head@commune")
    step(file, "claim", "reviewer@district")
    step(file, "forward", "reviewer@district")
    step(file, "endorse", "body_head@district")
    step(file, "request_supplement", "intake_officer@home", **REMARK)
    step(file, "propose", "clerk@commune")
    step(file, "submit", "unit_head@commune")
    step(file, "accept", "intake_officer@home")
    step(file, "conclude", "appraiser@home", **w.appraisal(world, file))
    step(file, "confirm", "head_of_division@home")
    decision = w.decision(world)
    note(decision)
    step(decision, "propose", "head_of_division@home")
    step(decision, "submit", "director@home")
    step(decision, "pass", "office_specialist@office")
    struck = decision.lines.order_by("rank").last()
    strikes = {str(struck.nominee.uid): "Chưa đủ căn cứ"}
    step(decision, "sign", "chairman@province", file, strikes=strikes)
    step(decision, "issue_number", "records_clerk@office")
    step(decision, "publish", "records_clerk@office", file)

    assert len(seen) > 18
    for (_stream, number), (subject, then) in seen.items():
        response = page_at(auditor, subject, event=number)
        assert shown(response) == then, (subject, number)
    assert page_at(auditor, file).context["number"] == last_of(file)  # without a choice: as it stands
    assert shown(page_at(auditor, file)) == snapshot(file)


def test_the_content_is_that_of_the_version_of_the_time_and_its_digest_is_said_to_match(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    first = last_of(file)
    w.act(file, "return", world["reviewer@district"], **REMARK)
    file.nominees.update(report="Báo cáo viết lại", name="Tên viết lại")
    w.walk(world, file, State.REVIEW)
    before, now = page_at(auditor, file, event=first).context, page_at(auditor, file).context
    assert [card["nominee"].report for card in before["cards"]] == ["Báo cáo thành tích"]
    assert [card["nominee"].report for card in now["cards"]] == ["Báo cáo viết lại"]
    assert before["frozen"].sound and now["frozen"].sound
    assert before["frozen"].digest != now["frozen"].digest


def test_a_content_that_was_changed_does_not_match_and_the_page_says_so(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    assert 'class="unsound"' not in page_at(auditor, file).content.decode()
    version = NominationVersion.objects.get(nomination=file)
    version.content["summary"] = "Khác"
    NominationVersion.objects.filter(pk=version.pk).update(content=version.content)
    response = page_at(auditor, file)
    assert not response.context["frozen"].sound
    assert 'class="unsound"' in response.content.decode()
    NominationVersion.objects.filter(pk=version.pk).delete()
    response = page_at(auditor, file)
    assert response.status_code == 200 and response.context["frozen"] is None


def test_points_appraised_later_are_not_shown_earlier(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.APPRAISE)
    before = last_of(file)
    w.walk(world, file, State.CONFIRM, points=3)
    assert [card["appraised_total"] for card in page_at(auditor, file, event=before).context["cards"]] == [
        None
    ]
    best = sum(criterion.max_points for criterion in world.criteria)
    assert [card["appraised_total"] for card in page_at(auditor, file).context["cards"]] == [best - 3]


def test_what_is_written_at_a_draft_is_not_told_before_it_is_signed(world, auditor):
    file = w.complete_draft(world)
    response = page_at(auditor, file)
    assert response.context["cards"] == [] and response.context["writing"]
    assert file.nominees.first().name not in response.content.decode()


def test_whoever_signed_a_proposal_saw_what_they_signed(world, auditor):
    """It could not be edited any more: what waited is what was frozen next; unless it went back instead."""
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    first = last_of(file)
    assert page_at(auditor, file, event=first).context["writing"]  # not signed yet: nobody can tell
    w.act(file, "send_back", world["unit_head@commune"], **REMARK)
    file.nominees.update(report="Báo cáo viết lại")
    w.walk(world, file, State.SIGN_PROPOSAL)
    second = last_of(file)
    w.walk(world, file, State.REVIEW)
    went_back, signed = (page_at(auditor, file, event=number).context for number in (first, second))
    assert went_back["cards"] == [] and went_back["writing"]
    assert [card["nominee"].report for card in signed["cards"]] == ["Báo cáo viết lại"]
    assert (signed["version"], signed["content_version"], signed["frozen"].sound) == (0, 1, True)


def test_in_whose_hands_it_was(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(file, "claim", world["reviewer@district"])
    claimed = last_of(file)
    w.act(file, "release", world["reviewer@district"])
    assert page_at(auditor, file, event=claimed).context["hands"] == world["reviewer@district"].full_name
    assert page_at(auditor, file).context["hands"] == ""


def test_by_day_it_is_the_file_at_the_end_of_that_day(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    today = timezone.localdate(timezone=clock.VIETNAM)
    assert shown(page_at(auditor, file, day=f"{today:%d/%m/%Y}")) == snapshot(file)


def test_before_the_file_existed_the_page_says_so(world, auditor):
    file = w.complete_draft(world)
    response = page_at(auditor, file, day="01/01/2020")
    assert response.status_code == 200 and response.context["standing"] is None
    assert "?event=1" in response.content.decode()


@pytest.mark.parametrize(
    "asked", [{"day": "31/02/2024"}, {"day": "hôm qua"}, {"event": "0"}, {"event": "99"}, {"event": "x"}]
)
def test_a_day_or_number_that_cannot_be_is_refused_at_its_field(world, auditor, asked):
    response = page_at(auditor, w.complete_draft(world), **asked)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(asked)


def test_a_day_to_come_is_refused(world, auditor):
    tomorrow = timezone.localdate(timezone=clock.VIETNAM) + timedelta(days=1)
    response = page_at(auditor, w.complete_draft(world), day=f"{tomorrow:%d/%m/%Y}")
    assert response.status_code == 422 and "day" in response.context["form"].errors


def test_the_page_costs_the_same_for_many_nominees_and_lines(world, auditor):
    Quota.objects.filter(round=world.round).update(count=400)
    costs = []
    for count in (1, 6):
        file = w.confirmed(world, nominees=count)
        decision = w.decision(world, DecisionState.SUBMIT)
        costs.append([cost(auditor, page(subject)) for subject in (file, decision)])
        w.walk(world, decision, DecisionState.PUBLISHED)
    assert costs == [[11, 10]] * 2


def page(subject):
    kind = subject.stream.partition(":")[0]
    return reverse("audit:file_at", kwargs={"kind": kind, "uid": subject.uid})
