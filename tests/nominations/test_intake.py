"""Nominees from rows: checked as typed ones are, every bad row told at once, all of them or none; and last year's people."""

import io
import unicodedata
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from nominations import file, intake, sheets
from nominations.forms import MOST_NOMINEES
from nominations.models import Nomination, Round
from permissions import grids
from permissions.identity import identity_hash
from tests import pages
from tests import world as w

pytestmark = pytest.mark.usefixtures("in_2024")
GOOD = ["Cá nhân", "Trần Thị Ánh", "Công chức", "", "079123456789", "01/01/2024", "31/10/2024", "x", ""]
POINTS = ["38", "18", "20", "10", "5"]


@pytest.fixture
def nomination(world) -> Nomination:
    return w.complete_draft(world, "commune", 1)


def row(**changed):
    places = {name: place for place, name in enumerate(intake.FIELDS)}
    cells = [*GOOD, *POINTS, "Báo cáo"]
    for name, value in changed.items():
        cells[places[name]] = value
    return cells


def checked(nomination, *rows):
    return intake.check(file.read(nomination), list(enumerate(map(list, rows), start=1)))


def send(client, nomination, rows="", **more):
    fields = pages.draft_fields(client.get(pages.draft_of(nomination)))
    url = reverse("nominations:rows_add", kwargs={"uid": nomination.uid})
    return client.post(url, fields | {"rows": rows} | more)


def test_thirty_rows_from_the_clipboard_are_thirty_nominees(clerk, nomination):
    rows = [row(name=f"Người {n}", identity=f"0791234567{n:02}") for n in range(30)]
    answer = send(clerk, nomination, intake.join(rows))
    assert answer.status_code == 302 and nomination.nominees.filter(present=True).count() == 31
    last = nomination.nominees.get(position=31)
    assert (last.name, last.unit_name, last.achieved_to) == (
        "Người 29",
        nomination.unit.name,
        date(2024, 10, 31),
    )
    assert (last.is_direct_worker, last.is_grassroots, last.report) == (True, False, "Báo cáo")
    assert last.identity_hash == identity_hash("079123456729")
    assert sorted(last.scores.values_list("points", flat=True)) == sorted(map(int, POINTS))


def test_no_two_columns_have_one_heading(nomination):
    known = [column.heading for column in intake.columns(file.read(nomination).criteria)]
    assert len({heading.casefold() for heading in known}) == len(known) > 10


def test_headings_may_stand_in_any_order(nomination):
    report = checked(nomination, ["Đơn vị, tên ghi trên bằng", "x"], ["không", "phải"])
    assert report.faults, "words that are no headings are a row"
    headings = {column.name: column.heading for column in report.columns}
    report = checked(nomination, [headings["title"], headings["name"] + " *"], ["Công chức", "Lý Văn Bé"])
    assert not report.faults
    assert [(n.values["name"], n.values["title"]) for n in report.nominees] == [("Lý Văn Bé", "Công chức")]


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"identity": "79123456789"}, "identity"),  # the leading zero was lost
        ({"identity": "07912345678a"}, "identity"),
        ({"achieved_from": "31/02/2024"}, "achieved_from"),
        ({"achieved_from": "01/01/1900"}, "achieved_from"),  # a spreadsheet's day of an empty cell
        ({"achieved_to": "01/01/2023"}, "achieved_to"),
        ({"kind": "Nhóm"}, "kind"),
        ({"is_direct_worker": "có lẽ"}, "is_direct_worker"),
        ({"name": ""}, "name"),
        ({"kind": "Tập thể"}, "identity"),  # a collective has no number
    ],
)
def test_each_bad_cell_is_named_with_row_column_and_value(nomination, changed, column):
    report = checked(nomination, row(name="Lý Thị Hoa", identity=""), row(**changed))
    assert [(fault.row, fault.column) for fault in report.faults] == [(2, column)]
    (fault,) = report.faults
    assert fault.heading in str(fault) and "2" in str(fault) and fault.value in str(fault) and fault.message


def test_people_who_stand_there_twice_are_found_however_they_are_written(nomination):
    name = "Nguyễn Thị Ánh"
    report = checked(
        nomination,
        row(name=name, identity=""),
        row(name=unicodedata.normalize("NFD", name.upper()), identity=""),
        row(name="Một"),
        row(name="Hai"),  # the same number
    )
    assert [(fault.row, fault.column) for fault in report.faults] == [(2, "name"), (4, "identity")]


def test_one_bad_row_adds_nobody_and_what_was_pasted_stays_to_be_corrected(clerk, nomination):
    rows = intake.join([row(name="Một", identity=""), row(name="Hai", identity="123")])
    answer = send(clerk, nomination, rows)
    assert answer.status_code == 422 and nomination.nominees.count() == 1
    shown = answer.content.decode()
    assert "Hai\t" in answer.context["rows"] and "123" in shown and 'id="rows-errors"' in shown


def test_more_than_a_file_holds_is_refused(nomination):
    report = checked(nomination, *[row(name=f"Người {n}", identity="") for n in range(MOST_NOMINEES)])
    assert [fault.row for fault in report.faults] == [MOST_NOMINEES], "one is there already"


def test_five_thousand_rows_are_checked_in_one_pass_without_a_statement(
    nomination, django_assert_num_queries
):
    known = file.read(nomination)
    rows = [(n, row(name=f"Người {n}", identity="1")) for n in range(1, 5001)]
    with django_assert_num_queries(0):
        report = intake.check(known, rows)
    assert len({fault.row for fault in report.faults}) == 5000


def test_an_xlsx_file_does_the_same_and_is_refused_by_content(clerk, nomination):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for place, column in enumerate(intake.columns(file.read(nomination).criteria)):
            sheet.write_string(0, place, column.heading)
        for place, cell in enumerate(row(name="Từ tệp")):
            sheet.write_string(1, place, cell)
    upload = SimpleUploadedFile("danh-sach.xlsx", buffer.getvalue())
    assert send(clerk, nomination, rows_file=upload).status_code == 302
    assert nomination.nominees.filter(name="Từ tệp").exists()
    refused = send(clerk, nomination, rows_file=SimpleUploadedFile("danh-sach.xlsx", b"no sheet"))
    assert refused.status_code == 422 and nomination.nominees.count() == 2


def test_the_template_can_be_filled_and_the_annotated_sheet_says_what_is_wrong(clerk, nomination):
    url = reverse("nominations:rows_template", kwargs={"uid": nomination.uid})
    columns = intake.columns(file.read(nomination).criteria)
    empty = CalamineWorkbook.from_filelike(io.BytesIO(clerk.get(url).content)).get_sheet_by_index(0)
    assert empty.to_python()[0] == [column.heading for column in columns]
    report = checked(nomination, row(name="Hai", identity="123"))
    url = reverse("nominations:rows_annotated", kwargs={"uid": nomination.uid})
    content = clerk.post(url, {"rows": intake.join([cells for _n, cells in report.rows])}).content
    sheet = grids.read(content)
    assert sheet[0][1][1] == "Hai" and report.faults[0].message in sheet[0][1][-1]
    assert sheets.annotated(report)


def test_people_of_last_year_are_taken_over_but_not_what_they_did(world, nomination):
    old = nomination.nominees.get()
    old.identity_hash, old.identity_tail, old.report = identity_hash("079123456789"), "789", "Năm ngoái"
    old.save()
    later = Round.objects.create(
        programme=world.round.programme, rule_set=world.round.rule_set, year=2025,
        opens=date(2025, 1, 1), closes=date(2025, 12, 31),
    )  # fmt: skip
    (found,) = intake.earlier(Nomination(unit=nomination.unit, round=later))
    assert found == old and intake.earlier(nomination) == []
    taken = intake.copied(found)
    assert taken.coded == (old.identity_hash, "789") and "report" not in taken.values and not taken.points


def test_people_of_last_year_are_added_by_one_request(world, clerk, nomination):
    """Last year's file is made of this one: the same unit and people, a round before."""
    nomination.nominees.update(name="Lê Năm Ngoái", title="Văn thư", name_search="le nam ngoai")
    before = Round.objects.create(
        programme=world.round.programme, rule_set=world.round.rule_set, year=2023,
        opens=date(2023, 1, 1), closes=date(2023, 12, 31),
    )  # fmt: skip
    Nomination.objects.filter(pk=nomination.pk).update(round=before)
    old, now = nomination.nominees.get(), w.complete_draft(world, "commune", 1)
    shown = clerk.get(pages.draft_of(now))
    assert f'value="{old.uid}"' in shown.content.decode()
    url = reverse("nominations:rows_copy", kwargs={"uid": now.uid})
    answer = clerk.post(url, pages.draft_fields(shown) | {"earlier": str(old.uid)})
    assert answer.status_code == 302
    added = now.nominees.exclude(name=now.nominees.first().name).get()
    assert (added.name, added.title, added.report) == ("Lê Năm Ngoái", "Văn thư", "")
    assert added.uid != old.uid and old.nomination_id == nomination.pk


def test_only_the_own_units_people_can_be_taken_over(world, clerk, nomination):
    other = w.complete_draft(world, "commune2", 1)
    fields = pages.draft_fields(clerk.get(pages.draft_of(nomination)))
    url = reverse("nominations:rows_copy", kwargs={"uid": nomination.uid})
    answer = clerk.post(url, fields | {"earlier": str(other.nominees.get().uid)})
    assert answer.status_code == 422 and nomination.nominees.count() == 1
