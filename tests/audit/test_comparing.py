"""Versions beside each other, and what was endorsed beside what was signed: from frozen contents and the ledger alone."""

import pytest
from django.urls import reverse

from nominations.models import DecisionLine, Evidence, Quota, Score
from nominations.states import DecisionState, State
from tests import world as w
from tests.pages import enter
from tests.workflows.test_statements_pages import cost
from tests.workflows.ways import REMARK

pytestmark = pytest.mark.usefixtures("in_2024")


@pytest.fixture
def auditor(world):
    return enter(world["auditor@province"])


def page(name, subject):
    kind = subject.stream.partition(":")[0]
    return reverse(f"audit:{name}", kwargs={"kind": kind, "uid": subject.uid})


def changes(groups):
    """What the page says changed, by the stable name of each, without the uid."""
    return {
        ":".join(part for part in change.about.split(":") if "-" not in part): change
        for group in groups
        for change in group["changes"]
    }


def two_versions(world):
    """A file that was returned, corrected word by word, score by score and document by document, and sent again."""
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    w.act(file, "return", world["reviewer@district"], **REMARK)
    file.nominees.update(report="Báo cáo thành tích xuất sắc")
    proposed = Score.objects.filter(nominee__nomination=file, version=0, criterion=world.criteria[0])
    proposed.update(points=world.criteria[0].max_points - 1)
    Evidence.objects.filter(nomination=file, kind="letter").update(sha256="1" * 64)
    Evidence.objects.filter(nomination=file, kind="minutes").update(present=False)
    Evidence.objects.create(
        nomination=file, kind="minutes", name="bien-ban-2.pdf", media_type="application/pdf", size=5,
        sha256="2" * 64, uploaded_by=world["clerk@commune"],
    )  # fmt: skip
    return w.walk(world, file, State.REVIEW)


def test_two_versions_word_by_word_score_by_score_and_document_by_document(world, auditor):
    response = auditor.get(page("file_compare", two_versions(world)))
    found = changes(response.context["groups"])
    assert ("ins", "xuất sắc") in found["nominee:report"].parts
    assert found[f"nominee:points:{world.criteria[0].code}"].after == str(world.criteria[0].max_points - 1)
    fates = [(row[1].text[:1], row[2].text[:1], row[3].text) for row in response.context["papers"].rows]
    assert sorted(fate[:2] for fate in fates) == [("0", "1"), ("0", "–"), ("–", "2")]
    assert len({fate[2] for fate in fates}) == 3


def test_any_two_versions_can_be_chosen_and_the_same_ones_do_not_differ(world, auditor):
    file = two_versions(world)
    assert auditor.get(page("file_compare", file), {"before": 1, "after": 1}).context["count"] == 0
    there = auditor.get(page("file_compare", file), {"before": 1, "after": 2}).context
    back = auditor.get(page("file_compare", file), {"before": 2, "after": 1}).context
    assert there["count"] == back["count"] > 0
    assert {change.kind for change in changes(back["groups"]).values()} >= {"changed"}


@pytest.mark.parametrize("asked", [{"before": "9"}, {"after": "x"}])
def test_a_version_that_does_not_exist_is_refused_at_its_field(world, auditor, asked):
    response = auditor.get(page("file_compare", two_versions(world)), asked)
    assert response.status_code == 422 and set(response.context["form"].errors) == set(asked)


def test_with_one_version_there_is_nothing_to_compare(world, auditor):
    response = auditor.get(page("file_compare", w.walk(world, w.complete_draft(world), State.REVIEW)))
    assert response.status_code == 200 and response.context["groups"] is None


def test_appraised_points_are_compared_where_both_versions_were_appraised(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.CONFIRM)
    w.act(file, "send_back", world["head_of_division@home"], **REMARK)
    w.tick(file, world["appraiser@home"])
    w.act(file, "request_supplement", world["appraiser@home"], **REMARK)
    w.walk(world, file, State.CONFIRM, points=2)
    found = changes(auditor.get(page("file_compare", file)).context["groups"])
    changed = found[f"nominee:appraised:{world.criteria[0].code}"]
    assert int(changed.before) - int(changed.after) == 2


def signed_with_a_strike(world):
    """A decision over a file of two, one of whom the Chairman struck out."""
    file = w.confirmed(world, nominees=2)
    decision = w.decision(world, DecisionState.SIGN)
    struck = decision.lines.order_by("rank").last()
    w.act(decision, "sign", world["chairman@province"], strikes={str(struck.nominee.uid): "Chưa đủ căn cứ"})
    return file, decision, struck


def test_a_strike_by_the_signer_stands_on_the_page_of_the_decision_and_of_the_file(world, auditor):
    file, decision, struck = signed_with_a_strike(world)
    for subject in (file, decision):
        (section,) = auditor.get(page("file_signed", subject)).context["sections"]
        assert (section["endorsed"], section["stand"], section["struck"], section["left_out"]) == (2, 1, 1, 0)
        found = changes(section["groups"])
        assert "Chưa đủ căn cứ" in found["nominee:place"].after
        assert {group["title"] for group in section["groups"]} >= {struck.nominee.name}
        assert [told["endorsed"] for told in section["endorsements"]] == [True]
    versions = changes(auditor.get(page("file_compare", decision)).context["groups"])
    assert "Chưa đủ căn cứ" in versions["nominee:place"].after


def test_what_was_supplemented_after_the_endorsement_is_a_difference(world, auditor):
    file = w.walk(world, w.complete_draft(world), State.INTAKE)
    w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
    file.nominees.update(title="Chức vụ mới")
    w.walk(world, file, State.AWAIT_DECISION)
    w.decision(world, DecisionState.PUBLISHED)
    (section,) = auditor.get(page("file_signed", file)).context["sections"]
    assert section["endorsements"][0]["version"] == 1
    assert changes(section["groups"])["nominee:title"].after == "Chức vụ mới"


def test_whom_the_appraisal_left_out_is_said_not_to_stand_on_the_list(world, auditor):
    file = w.walk(world, w.complete_draft(world, nominees=2), State.APPRAISE)
    w.act(file, "conclude", world["appraiser@home"], **w.appraisal(world, file, n2="violation"))
    w.walk(world, file, State.AWAIT_DECISION)
    decision = w.decision(world, DecisionState.PUBLISHED)
    for subject in (file, decision):
        (section,) = auditor.get(page("file_signed", subject)).context["sections"]
        assert (section["stand"], section["struck"], section["left_out"]) == (1, 0, 1)


def test_a_file_without_a_reviewing_body_is_compared_with_what_its_unit_signed(world, auditor):
    file = w.confirmed(world, "department")
    w.decision(world, DecisionState.PUBLISHED)
    (section,) = auditor.get(page("file_signed", file)).context["sections"]
    assert [told["endorsed"] for told in section["endorsements"]] == [False]


def test_before_anything_is_signed_there_is_no_section(world, auditor):
    file = w.confirmed(world)
    decision = w.decision(world, DecisionState.SIGN)
    for subject in (file, decision):
        response = auditor.get(page("file_signed", subject))
        assert response.status_code == 200 and response.context["sections"] == []


def test_what_was_signed_is_the_frozen_list_whatever_the_tables_say_today(world, auditor):
    _file, decision, struck = signed_with_a_strike(world)
    DecisionLine.objects.filter(pk=struck.pk).update(reason="Lý do khác")
    (section,) = auditor.get(page("file_signed", decision)).context["sections"]
    assert "Chưa đủ căn cứ" in changes(section["groups"])["nominee:place"].after


def test_the_pages_cost_the_same_for_many_files_and_nominees(world, auditor):
    Quota.objects.filter(round=world.round).update(count=400)
    costs = []
    for files in (1, 4):
        for _ in range(files):
            file = w.confirmed(world, nominees=files)
        decision = w.decision(world, DecisionState.PUBLISHED)
        costs.append(
            [
                cost(auditor, page(name, subject))
                for name in ("file_compare", "file_signed")
                for subject in (file, decision)
            ]
        )
    assert costs == [[9, 10, 13, 12]] * 2
