"""A list of officers and posts: every fault at once with its remedy, nothing half-imported."""

import io
import unicodedata
from datetime import date, datetime

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from permissions import grids, import_checks, importing, sheets
from permissions.catalogue import ROLES
from permissions.models import Appointment, Officer, PendingAppointment
from tests import world as w
from tests.pages import enter

pytestmark = pytest.mark.usefixtures("in_2024")
GOOD = [
    "le.thi.tu",
    "Lê Thị Tư",
    "",
    "089123456789",
    "reviewer",
    "883",
    "Chuyên viên",
    "05/11/2024",
    "",
    "QĐ 5",
]


def book(*rows, heads=True):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as file:
        sheet = file.add_worksheet()
        day = file.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate([importing.NAMES, *rows] if heads else rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), day)
                else:
                    write = sheet.write_string if isinstance(value, str) else sheet.write
                    write(number, place, value)
    return buffer.getvalue()


def changed(**values):
    return [values.get(name, cell) for name, cell in zip(importing.NAMES, GOOD, strict=True)]


def checked(world, *rows):
    return import_checks.check(importing.read(book(*rows)), world["system_administrator@province"])


def test_a_good_list_makes_officers_posts_and_proposals(world):
    rows = [
        GOOD,
        changed(role="body_head", position="Chủ tịch"),
        changed(username="ong.ba", full_name="Ông Ba", identity="", role="chairman", unit="AG.UBND"),
        changed(
            username="clerk.home",
            full_name=world["clerk@home"].full_name,
            identity="",
            unit="AG.SNV",
            role="appraiser",
        ),
    ]
    report = checked(world, *rows)
    assert report.faults == []
    by = world["system_administrator@province"]
    assert importing.write(report, by) == (2, 3, 1)
    officer = Officer.objects.get(username="le.thi.tu")
    assert set(officer.appointments.values_list("role", flat=True)) == {"reviewer", "body_head"}
    assert officer.appointments.first().granted_by == by and officer.identity_hash
    assert PendingAppointment.objects.get().officer.username == "ong.ba"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"username": ""}, "username"),
        ({"username": "Lê Tư"}, "username"),
        ({"full_name": ""}, "full_name"),
        ({"username": "clerk.home"}, "full_name"),  # known under another name
        ({"email": "không phải"}, "email"),
        ({"identity": 89123456789}, "identity"),  # a number: the leading zero is lost
        ({"identity": "08912345678x"}, "identity"),
        ({"role": "vua"}, "role"),
        ({"role": "chairman"}, "role"),  # cannot sit on a district
        ({"unit": "999"}, "unit"),
        ({"unit": "30292"}, "unit"),  # does not exist yet on that day
        ({"position": ""}, "position"),
        ({"first": "hôm qua"}, "first"),
        ({"first": "31/02/2024"}, "first"),
        ({"last": "04/11/2024"}, "first"),
        ({"document": ""}, "document"),
        ({"username": "system_administrator.province", "full_name": ""}, "username"),  # oneself
    ],
)
def test_each_fault_is_named_at_its_cell_with_a_remedy(world, changes, column):
    report = checked(world, changed(**changes))
    assert column in {fault.column for fault in report.faults}
    assert all(fault.row == 2 and fault.message for fault in report.faults)
    with pytest.raises(ValidationError):
        importing.write(report, world["system_administrator@province"])
    assert not Officer.objects.filter(username="le.thi.tu").exists()


def test_every_bad_row_is_reported_at_once_and_nothing_is_written(world):
    before = Appointment.objects.count()
    report = checked(world, GOOD, changed(role="vua"), GOOD, changed(unit="999", document=""))
    assert [(fault.row, fault.column) for fault in report.faults] == [
        (3, "role"), (4, "role"), (5, "document"), (5, "unit"),
    ]  # fmt: skip
    assert Appointment.objects.count() == before


def test_decomposed_letters_days_of_excel_and_labels_of_roles_are_understood(world):
    row = changed(
        full_name=unicodedata.normalize("NFD", "Lê Thị Tư"),
        first=date(2024, 11, 5),
        role=str(ROLES["reviewer"].label).upper(),
    )
    report = checked(world, row)
    assert report.faults == []
    assert report.lines[0].cells["full_name"] == "Lê Thị Tư" and report.lines[0].first == w.D2024


@pytest.mark.parametrize("content", [b"", b"a,b,c\n1,2,3", b"PK\x03\x04 not really", b"%PDF-1.7"])
def test_what_is_no_workbook_by_its_content_is_refused(db, content):
    with pytest.raises(ValidationError):
        importing.read(content)


def test_a_trap_that_unpacks_without_end_is_refused(db, monkeypatch):
    monkeypatch.setattr(grids, "UNPACKED", 100)
    with pytest.raises(ValidationError):
        importing.read(book(GOOD))


def test_a_list_of_2500_rows_is_checked_in_a_fixed_number_of_statements(world, django_assert_max_num_queries):
    rows = [changed(username=f"o{n}", full_name=f"Người {n}", identity="") for n in range(2500)]
    lines = importing.read(book(*rows))
    with django_assert_max_num_queries(10):
        report = import_checks.check(lines, world["system_administrator@province"])
    assert report.faults == [] and len(report.new_officers) == 2500


def test_the_template_has_the_columns_and_the_annotated_list_says_what_is_wrong(world):
    empty = CalamineWorkbook.from_filelike(io.BytesIO(sheets.template(list(world.units.values()))))
    assert len(empty.get_sheet_by_index(0).to_python()[0]) == len(importing.NAMES)
    report = checked(world, changed(role="=1+1"))
    back = CalamineWorkbook.from_filelike(io.BytesIO(sheets.annotated(report.lines, report.faults)))
    row = back.get_sheet_by_index(0).to_python()[1]
    assert row[4] == "=1+1" and report.faults[0].message in row[len(importing.NAMES)]


def test_on_the_pages_it_is_checked_previewed_and_carried_out(world):
    client = enter(world["system_administrator@province"])
    url = reverse("permissions:import")
    upload = lambda content: client.post(url, {"file": SimpleUploadedFile("x.xlsx", content)})  # noqa: E731
    assert client.post(url).status_code == 422
    assert upload(b"a,b").status_code == 422
    bad = upload(book(changed(role="vua")))
    assert bad.status_code == 422 and "vua" in bad.content.decode()
    marked = client.post(reverse("permissions:import_annotated"), {"carried": bad.context["carried"]})
    assert marked["Content-Type"].endswith("sheet")
    good = upload(book(GOOD))
    assert good.status_code == 200 and not Officer.objects.filter(username="le.thi.tu").exists()
    carry = reverse("permissions:import_carry_out")
    assert client.post(carry, {"carried": good.context["carried"] + "x"}).status_code == 422
    assert client.post(carry, {"carried": good.context["carried"]}).status_code == 302
    assert Officer.objects.get(username="le.thi.tu").appointments.exists()
    again = client.post(carry, {"carried": good.context["carried"]})
    assert again.status_code == 422, "sent twice it changes nothing"
    assert client.get(reverse("permissions:import_template"))["Content-Type"].endswith("sheet")
