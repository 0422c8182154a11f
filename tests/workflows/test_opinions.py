"""The written opinion of another body: asked for at the appraisal, awaited, recorded, and void when nobody waits for it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from audit import standing
from audit.replay import replay
from history import clock
from history.ledger import of_stream
from history.report import Report
from history.verifying import verify
from nominations import opinions
from nominations.states import State
from tests import pages
from tests import world as w
from tests.workflows.ways import REMARK, at, refused
from workflows import asking

pytestmark = pytest.mark.usefixtures("in_2024")
APPRAISER = "appraiser@home"
ASKED = {"body": "Công an tỉnh", "question": "Tập thể có vi phạm không?", "answer_by": "19/11/2024"}
REPLY = {
    "answer": "agrees",
    "said": "Không vi phạm",
    "letter_number": "88/CAT-PX01",
    "letter_date": "05/11/2024",
}


def ask(world, file, body="Công an tỉnh", **given):
    w.act(file, "ask_opinion", world[APPRAISER], **ASKED | {"body": body} | given)
    return file.opinions.get(body=body)


def record(world, file, opinion, **given):
    return w.act(file, "record_opinion", world[APPRAISER], opinion=str(opinion.uid), **REPLY | given)


def conclude(world, file):
    return w.act(file, "conclude", world[APPRAISER], **w.appraisal(world, file))


def illegal():
    return [str(item) for item in replay(walked=True).illegal]


def test_the_file_stays_in_place_and_cannot_be_concluded_until_every_answer_is_recorded(world):
    file = at(world, State.APPRAISE)
    since, task = file.since, w.task(file)
    police, taxes = ask(world, file), ask(world, file, "Cục Thuế tỉnh")
    assert (file.state, file.since, w.task(file)) == (State.APPRAISE, since, task)
    for opinion in (police, taxes):
        with refused():
            conclude(world, file)
        record(world, file, opinion)
    assert conclude(world, file).state == State.CONFIRM
    assert illegal() == []


def test_who_must_wait_reads_for_whom_and_what_to_do(world):
    file = at(world, State.APPRAISE)
    ask(world, file)
    [answer] = [a for a in asking.ask(world[APPRAISER], file) if a.action.name == "conclude"]
    assert "Công an tỉnh" in answer.why_not
    assert answer.theirs, "it stays the appraiser's, in the inbox too"


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("return", REMARK | {"to": "intake"}),
        ("request_supplement", REMARK),
    ],
)
def test_an_open_one_keeps_nobody_from_sending_the_file_back(world, action, given):
    file = at(world, State.APPRAISE)
    opinion = ask(world, file)
    w.act(file, action, world[APPRAISER], **given)
    assert not opinions.is_void(opinion, file)
    w.walk(world, file, State.APPRAISE)
    with refused():
        conclude(world, file)
    record(world, file, opinion)
    assert conclude(world, file).state == State.CONFIRM
    assert illegal() == []


def test_a_new_version_of_the_whole_file_leaves_an_open_one_void(world):
    file = at(world, State.APPRAISE)
    opinion = ask(world, file)
    w.act(file, "return", world[APPRAISER], to="intake", **REMARK)
    w.tick(file, world["intake_officer@home"])
    w.act(file, "return", world["intake_officer@home"], to="draft", **REMARK)
    w.walk(world, file, State.APPRAISE)
    assert opinions.is_void(opinion, file)
    with refused():  # nothing of this version is awaited
        record(world, file, opinion)
    again = ask(world, file, "Cục Thuế tỉnh")
    with refused(ValidationError):
        record(world, file, opinion)
    record(world, file, again)
    assert conclude(world, file).state == State.CONFIRM
    assert illegal() == []


def test_the_end_of_the_file_leaves_an_open_one_void(world):
    file = at(world, State.APPRAISE)
    opinion = ask(world, file)
    w.act(file, "withdraw", world["unit_head@commune"], note="Thôi")
    assert opinions.is_void(opinion, file)
    page = pages.enter(world[APPRAISER]).get(pages.page_of(file))
    [row] = page.context["opinions"]
    assert row["void"] and not row["open"]


def test_only_the_appraiser_asks_and_records_and_only_at_the_appraisal(world):
    file = at(world, State.APPRAISE)
    others = (
        "head_of_division@home",
        "intake_officer@home",
        "clerk@commune",
        "reviewer@district",
        "chairman@province",
    )
    for who in others:
        with refused():
            w.act(file, "ask_opinion", world[who], **ASKED)
    opinion = ask(world, file)
    for who in others:
        with refused():
            w.act(file, "record_opinion", world[who], opinion=str(opinion.uid), **REPLY)
    earlier = at(world, State.INTAKE)
    with refused():
        w.act(earlier, "ask_opinion", world[APPRAISER], **ASKED)


def test_a_file_in_somebody_elses_hands_is_left_alone(world):
    file = at(world, State.APPRAISE)
    w.act(file, "claim", world["appraiser2@home"])
    with refused():
        w.act(file, "ask_opinion", world[APPRAISER], **ASKED)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"body": " "}, "body"),
        ({"body": "C" * 301}, "body"),
        ({"question": ""}, "question"),
        ({"question": "H" * 2001}, "question"),
        ({"answer_by": ""}, "answer_by"),
        ({"answer_by": "4/11/2024"}, "answer_by"),
        ({"answer_by": "mai"}, "answer_by"),
        ({"letter_number": "1" * 41}, "letter_number"),
        ({"letter_date": "6/11/2024"}, "letter_date"),
        ({"letter_date": "31/11/2024"}, "letter_date"),
    ],
)
def test_what_is_wrong_with_a_question_is_named_at_its_field(world, given, field):
    file = at(world, State.APPRAISE)
    with refused(ValidationError) as _:
        w.act(file, "ask_opinion", world[APPRAISER], **ASKED | given)
    with pytest.raises(ValidationError) as error:
        opinions.question(ASKED | given, w.D2024)
    assert set(error.value.message_dict) == {field}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"opinion": "x"}, "opinion"),
        ({"answer": ""}, "answer"),
        ({"answer": "maybe"}, "answer"),
        ({"letter_number": ""}, "letter_number"),
        ({"letter_date": ""}, "letter_date"),
        ({"letter_date": "6/11/2024"}, "letter_date"),
        ({"answer": "disagrees", "said": " "}, "said"),
        ({"said": "H" * 2001}, "said"),
        ({"answer": "none", "letter_number": "", "letter_date": ""}, "answer"),  # the day is not past
    ],
)
def test_what_is_wrong_with_an_answer_is_named_at_its_field(world, given, field):
    file = at(world, State.APPRAISE)
    opinion = ask(world, file)
    payload = {"opinion": str(opinion.uid)} | REPLY | given
    with refused(ValidationError):
        w.act(file, "record_opinion", world[APPRAISER], **payload)
    with pytest.raises(ValidationError) as error:
        opinions.reply(payload, [opinion], w.D2024)
    assert set(error.value.message_dict) == {field}


def test_an_answer_is_recorded_once(world):
    file = at(world, State.APPRAISE)
    first, _second = ask(world, file), ask(world, file, "Cục Thuế tỉnh")
    record(world, file, first)
    with refused(ValidationError):
        record(world, file, first, answer="disagrees")
    first.refresh_from_db()
    assert first.answer == "agrees"


def test_no_answer_in_time_is_recorded_from_the_day_after_and_has_no_letter(world):
    file = at(world, State.APPRAISE)
    opinion = ask(world, file, answer_by="06/11/2024")
    none = {"answer": "none", "said": "", "letter_number": "", "letter_date": ""}
    with clock.legal_day(w.D2024 + timedelta(days=1)), refused(ValidationError):
        record(world, file, opinion, **none)
    with clock.legal_day(w.D2024 + timedelta(days=2)):
        with refused(ValidationError):
            record(world, file, opinion, **none | {"letter_number": "1/CAT"})
        record(world, file, opinion, **none)
        assert conclude(world, file).state == State.CONFIRM
    assert illegal() == []


def test_the_words_are_text_and_the_data_says_only_which_and_until_when(world):
    file = at(world, State.APPRAISE)
    opinion = ask(world, file, letter_number="12/SNV", letter_date="05/11/2024")
    record(world, file, opinion, answer="disagrees", said="Đang bị xem xét kỷ luật")
    (_asked, asked), (_recorded, recorded) = of_stream(file.stream)[-2:]
    assert (asked["body"], asked["note"], asked["letter"]) == (
        "Công an tỉnh",
        ASKED["question"],
        "12/SNV, 05/11/2024",
    )
    assert recorded["note"] == "Đang bị xem xét kỷ luật"
    uid = str(opinion.uid)
    assert {key: _asked.data[key] for key in ("opinion", "answer_by")} == {
        "opinion": uid,
        "answer_by": "2024-11-19",
    }
    assert {key: _recorded.data[key] for key in ("opinion", "answer")} == {
        "opinion": uid,
        "answer": "disagrees",
    }
    assert "Công an" not in str(_asked.data) + str(_recorded.data)


def test_the_auditor_sees_an_answer_that_was_changed_in_the_table(world):
    file = at(world, State.APPRAISE)
    opinion = ask(world, file)
    record(world, file, opinion, answer="disagrees")
    report = verify()
    standing.check(report)
    sound = {str(fault) for fault in report.faults}
    file.opinions.update(answer="agrees")
    changed = Report()
    standing.check(changed)
    assert any("opinions" in str(fault) for fault in {*map(str, changed.faults)} - sound)


def test_the_page_tells_who_was_asked_what_and_what_was_answered(world):
    file = at(world, State.APPRAISE)
    client = pages.enter(world[APPRAISER])
    assert (
        "opinions" not in client.get(pages.page_of(file)).context
        or not client.get(pages.page_of(file)).context["opinions"]
    )
    assert pages.send(client, file, "ask_opinion", **ASKED).status_code == 302
    page = client.get(pages.page_of(file))
    [row] = page.context["opinions"]
    assert (row["body"], row["open"], row["late"]) == ("Công an tỉnh", True, False)
    shown = page.content.decode()
    assert ASKED["question"] in shown and "19/11/2024" in shown
    assert 'value="conclude"' not in shown
    opinion = file.opinions.get()
    sent = pages.send(client, file, "record_opinion", opinion=str(opinion.uid), **REPLY | {"letter_date": ""})
    assert sent.status_code == 422 and sent.context["refused"].errors["letter_date"]
    assert "88/CAT-PX01" in sent.content.decode(), "what was typed is still there"
    assert pages.send(client, file, "record_opinion", opinion=str(opinion.uid), **REPLY).status_code == 302
    page = client.get(pages.page_of(file))
    [row] = page.context["opinions"]
    assert (row["open"], row["reply"], row["said"]) == (False, "88/CAT-PX01, 05/11/2024", "Không vi phạm")
    assert 'value="conclude"' in page.content.decode()
    assert any(
        event["reason"].startswith("Công an tỉnh: Đồng ý: Không vi phạm") for event in page.context["events"]
    )


def test_an_answer_whose_day_is_past_is_marked_in_words(world):
    file = at(world, State.APPRAISE)
    ask(world, file, answer_by="06/11/2024")
    with clock.legal_day(w.D2024 + timedelta(days=2)):
        page = pages.enter(world[APPRAISER]).get(pages.page_of(file))
    [row] = page.context["opinions"]
    assert row["late"]
