"""What is done with a search: kept under a name, taken away as a file; and the log of readings."""

import csv
import io
import zipfile

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from audit import exporting, replay, verification
from audit.models import Entry, SavedSearch
from history import checkpoints, facts, ledger
from history.ledger import record
from nominations.states import State
from tests import world as w
from tests.audit.desk import DESK, auditor, indexed, shown
from tests.footprint import statements
from tests.pages import enter, page_of

pytestmark = pytest.mark.usefixtures("in_2024")
EXPORT, SAVE = reverse("audit:export"), reverse("audit:search_save")


@pytest.fixture
def file(world):
    made = w.walk(world, w.complete_draft(world), State.REVIEW)
    indexed()
    return made


def sheet(client, query="", form="csv"):
    response = client.post(f"{EXPORT}?{query}", {"format": form})
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
    body = b"".join(response.streaming_content)
    if form == "csv":
        assert body.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def exports():
    return [fact for fact in facts.in_order(kind="ledger.exported")]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_says_what_was_asked_by_whom_and_when_and_holds_every_row(world, file, form):
    checkpoints.make()
    officer = world["auditor@province"]
    lines = sheet(enter(officer), f"file={file.reference}&kind=nomination.acted", form)
    head = lines[: next(n for n, line in enumerate(lines) if not any(line))]
    said = " ".join(str(cell) for line in head for cell in line)
    last = checkpoints.latest()
    assert officer.username in said and file.reference in said and checkpoints.short_code(last.root) in said
    rows = lines[len(head) + 2 :]
    assert [row[-1] for row in rows] == shown(officer, file=file.reference, kind="nomination.acted")
    assert len(rows) == 2 and all(len(row) == 11 for row in rows)


def test_an_export_is_recorded_before_it_leaves(world, file):
    officer = world["auditor@province"]
    response = enter(officer).post(f"{EXPORT}?file={file.reference}", {"format": "csv"})
    (made,) = exports()  # nothing was read of the answer yet
    assert (made.stream, made.actor) == (f"readings:{officer.uid}", str(officer.uid))
    assert made.data["rows"] == Entry.objects.filter(subject=file.stream).count()
    assert made.data["format"] == "csv" and file.reference in made.text["filters"].values()
    assert response.streaming and replay.replay(walked=True).sound


def test_looking_is_no_reading_and_a_wrong_question_no_export(world, file):
    client = enter(world["auditor@province"])
    before = len(list(facts.in_order()))
    client.get(DESK, {"q": "an"})
    assert client.get(EXPORT).status_code == 405
    assert client.post(f"{EXPORT}?since=x").status_code == 302
    assert len(list(facts.in_order())) == before


def test_an_export_holds_only_what_is_in_sight(world, file):
    lines = sheet(enter(auditor(world, "commune2")))
    assert not any(file.stream in str(line) for line in lines)


def test_no_cell_is_a_formula(world, file):
    with transaction.atomic():
        record(
            ledger.Entry(
                stream="officer:1", kind="officer.suspended", actor="x",
                text={"officer": "=1+1", "by": "@SUM(A1)", "reason": "-2+3"},
            )
        )  # fmt: skip
    indexed()
    client = enter(world["auditor@province"])
    (row,) = [line for line in sheet(client, "kind=officer.suspended") if line and line[-1] == "officer:1 1"]
    assert {"'=1+1", "'@SUM(A1)", "'-2+3"} <= set(row)
    assert not any(cell[:1] in "=+-@" for cell in row if cell)
    response = client.post(f"{EXPORT}?kind=officer.suspended", {"format": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as book:
        text = book.read("xl/worksheets/sheet1.xml")
    assert b"=1+1" in text
    assert b"<f>" not in text


def test_a_long_export_ends_at_the_most_and_says_so(world, file, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 20)
    lines = sheet(enter(world["auditor@province"]))
    assert len([line for line in lines if line and len(line) == 11]) == 1 + 20
    assert any(cell.startswith("20") and len(cell) > 2 for line in lines[:8] for cell in line)
    assert exports()[-1].data["rows"] == 20


def test_a_search_is_kept_opened_replaced_and_forgotten_by_its_owner_alone(world, file):
    owner, other = enter(world["auditor@province"]), enter(auditor(world, "province"))
    owner.post(f"{SAVE}?q=an&kind=nomination.acted&before=1-1&evil=1", {"name": "Tìm  an"})
    kept = SavedSearch.objects.get()
    assert (kept.name, kept.query) == ("Tìm an", "q=an&kind=nomination.acted")
    link = f'href="{DESK}?q=an&amp;kind=nomination.acted"'
    assert link in owner.get(DESK).content.decode() and link not in other.get(DESK).content.decode()
    owner.post(f"{SAVE}?q=binh", {"name": "Tìm an"})
    other.post(f"{SAVE}?q=khac", {"name": "Tìm an"})
    assert list(SavedSearch.objects.order_by("pk").values_list("query", flat=True)) == ["q=binh", "q=khac"]
    forget = reverse("audit:search_forget", kwargs={"pk": kept.pk})
    assert other.post(forget).status_code == 404 and owner.get(forget).status_code == 405
    assert owner.post(forget).status_code == 302
    assert SavedSearch.objects.get().query == "q=khac"


@pytest.mark.parametrize(("query", "name"), [("", "x"), ("q=an", ""), ("q=an", "x" * 81)])
def test_a_search_without_a_question_or_a_name_is_not_kept(world, file, query, name):
    assert enter(world["auditor@province"]).post(f"{SAVE}?{query}", {"name": name}).status_code == 302
    assert not SavedSearch.objects.exists()


def readings_of(officer, name, uid):
    return enter(officer).get(reverse(f"audit:{name}", kwargs={"uid": uid}))


def test_who_opened_a_file_and_what_an_officer_opened(world, file):
    looker = auditor(world, "district")
    assert enter(looker).get(page_of(file)).status_code == 200
    indexed()
    of_file = readings_of(world["auditor@province"], "nomination_readings", file.uid)
    (row,) = of_file.context["table"].rows
    assert row[1].text == looker.full_name
    (row,) = readings_of(world["auditor@province"], "officer_readings", looker.uid).context["table"].rows
    assert row[2].text == file.reference and str(file.uid) in row[2].url
    own = readings_of(looker, "officer_readings", looker.uid)
    assert len(own.context["table"].rows) == 1


def test_the_desk_leads_to_the_readings_of_whom_and_what_was_asked_for(world, file):
    clerk, looker = world["clerk@commune"], world["auditor@province"]
    url = reverse("audit:officer_readings", kwargs={"uid": clerk.uid})
    of_file = reverse("audit:nomination_readings", kwargs={"uid": file.uid})
    asked = {"person": clerk.username, "file": file.reference}
    assert [link for _label, link in enter(looker).get(DESK, asked).context["logs"]] == [url, of_file]
    assert enter(auditor(world, "commune2")).get(DESK, asked).context["logs"] == []


def test_an_export_is_among_what_an_officer_read(world, file):
    officer = world["auditor@province"]
    sheet(enter(officer), "q=an")
    indexed()
    assert len(readings_of(officer, "officer_readings", officer.uid).context["table"].rows) == 1
    (row,) = enter(officer).get(DESK, {"kind": "ledger.exported"}).context["table"].rows
    assert row[4].text == "an"


def test_readings_out_of_sight_are_missing(world, file):
    there = auditor(world, "commune2")
    w.confirmed(world)
    decision = w.decision(world, "compile")
    for name, uid in (
        ("nomination_readings", file.uid),
        ("decision_readings", decision.uid),
        ("officer_readings", world["clerk@commune"].uid),
    ):
        assert readings_of(there, name, uid).status_code == 404
        assert readings_of(world["auditor@province"], name, uid).status_code == 200
    assert readings_of(there, "officer_readings", world["clerk@commune2"].uid).status_code == 200


def test_readings_are_flat(world, file):
    client, url = (
        enter(world["auditor@province"]),
        reverse("audit:nomination_readings", kwargs={"uid": file.uid}),
    )

    def cost():
        client.get(page_of(file))
        indexed()
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(statements(captured))

    assert cost() == cost() == 10


def test_the_desk_says_how_far_the_ledger_is_proved(world, file):
    client = enter(world["auditor@province"])
    nothing = client.get(DESK).context["status"]
    assert [fact["value"] for fact in nothing.facts[:3]] == ["", "", ""] and nothing.faults == 0
    made = checkpoints.make()
    kept, report = verification.run()
    told = client.get(DESK).context["status"]
    assert checkpoints.short_code(made.root) in told.facts[0]["value"] and told.facts[1]["value"]
    assert told.faults == report.count
    kept.count = 3
    kept.save()
    assert client.get(DESK).context["status"].faults == 3
