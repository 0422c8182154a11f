"""A long list of nominees: every row is checked in the background, and drafts are written whole or not at all."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from history import clock
from history.models import Event
from nominations import intake
from nominations.file import read
from nominations.models import Nomination, NomineeList, Round
from nominations.models import Nominee as Person
from nominations.states import State
from permissions import books
from permissions.identity import identity_hash
from tests import pages
from workflows import lists, outbox, tasks
from workflows.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_2024")
HEADINGS = ("Loại", "Họ và tên")


def row(number, **changes):
    values = {
        "kind": "Cá nhân",
        "name": f"Người {number}",
        "title": "Công chức",
        "identity": f"0{number:011}",
    }
    values |= {"unit_name": "", "achieved_from": "", "achieved_to": "", "is_direct_worker": "x"}
    return values | changes


def sheet(world, *rows, order=None):
    """Rows as a sheet gives them, under their headings."""
    known = intake.columns(lists._empty(world.units["commune"], world.round).criteria)
    names = order or [column.name for column in known]
    headings = {column.name: column.heading for column in known}
    return [
        (1, [headings[name] for name in names]),
        *(
            (number, [str(cells.get(name, "")) for name in names])
            for number, cells in enumerate(rows, start=2)
        ),
    ]


def bring(world, *rows, **options):
    return lists.bring(
        world["clerk@commune"], world.units["commune"], world.round, sheet(world, *rows, **options)
    )


def deliver():
    """Deliver what waits, as the worker does, until nothing waits any more."""
    count = 0
    while keys := list(
        OutboxMessage.objects.filter(kind=lists.KIND, delivered=None).values_list("pk", flat=True)
    ):
        for key in keys:
            outbox.deliver(key)
            count += 1
    return count


def test_a_list_becomes_drafts_of_a_hundred_each(world, monkeypatch):
    found = bring(world, *[row(n) for n in range(230)])
    assert found.stage == "checking" and not Nomination.objects.exists()
    monkeypatch.setattr(lists, "SOME", 100)
    assert deliver() == 3
    found.refresh_from_db()
    assert (found.stage, found.checked, found.faults) == ("ready", 230, [])
    files = lists.write(found, by=world["clerk@commune"])
    assert [file.nominees.count() for file in files] == [100, 100, 30]
    assert {file.state for file in files} == {State.DRAFT} and {file.revision for file in files} == {2}
    person = Person.objects.get(name="Người 7")
    assert person.identity_hash == identity_hash("000000000007") and person.identity_tail == "007"
    assert person.name_search == "nguoi 7" and person.is_direct_worker and person.position == 8
    assert str(person.achieved_to) == "2024-12-31"
    assert Event.objects.filter(action="open").count() == 3
    found.refresh_from_db()
    assert (found.stage, found.rows, found.nominees) == ("done", [], []), "what was typed is gone"


def test_it_is_what_the_same_rows_in_one_draft_give(world):
    known = intake.columns(lists._empty(world.units["commune"], world.round).criteria)
    points = {column.name: 4 for column in known if column.name.startswith("points_")}
    rows = [row(1, name="Trần  Thị Bé", report="Dòng 1\nDòng 2", **points)]
    found = bring(world, *rows, order=[column.name for column in reversed(known)])
    deliver()
    [file] = lists.write(NomineeList.objects.get(), by=world["clerk@commune"])
    [entry] = intake.check(lists._empty(found.unit, found.round), sheet(world, *rows)).nominees
    kept = read(file)
    [nominee] = kept.nominees
    assert {name: getattr(nominee, name) for name in entry.values} == dict(entry.values)
    assert {code: given for (_n, code), given in kept.points.items()} == dict(entry.points)
    assert len(kept.points) == len(points) > 0


def test_one_bad_row_and_nothing_is_written(world, monkeypatch):
    monkeypatch.setattr(lists, "SOME", 2)
    again = row(1, name="Khác", identity="000000000001")
    found = bring(world, row(1), row(2, identity="12"), row(3), again, row(5, kind="Thú"))
    deliver()
    found.refresh_from_db()
    assert found.stage == "refused" and found.checked == 5
    told = lists.faults_of(found)
    assert [(fault.row, fault.column) for fault in told] == [(3, "identity"), (5, "identity"), (6, "kind")]
    assert "Người 1" in told[1].message, "found over pieces: the same number as a row of an earlier one"
    with pytest.raises(ValidationError):
        lists.write(found, by=world["clerk@commune"])
    assert not Nomination.objects.exists()


def test_a_message_that_comes_twice_checks_nothing_twice(world, monkeypatch):
    monkeypatch.setattr(lists, "SOME", 2)
    bring(world, row(1), row(2), row(3))
    first = OutboxMessage.objects.get()
    deliver()
    for _time in range(2):
        lists.check_some(first)
    found = NomineeList.objects.get()
    assert (found.checked, len(found.nominees), found.stage) == (3, 3, "ready")


def test_a_second_click_gives_the_same_drafts(world):
    found = bring(world, row(1))
    deliver()
    clerk = world["clerk@commune"]
    assert lists.write(found, by=clerk) == lists.write(found, by=clerk)
    assert Nomination.objects.count() == 1


def test_whoever_may_prepare_no_more_writes_nothing(world):
    found = bring(world, *[row(n) for n in range(150)])
    deliver()
    Round.objects.filter(pk=world.round.pk).update(closes=clock.today() - timedelta(days=1))
    with pytest.raises(ValidationError):
        lists.write(found, by=world["clerk@commune"])
    Round.objects.filter(pk=world.round.pk).update(closes=clock.today())
    with pytest.raises(PermissionDenied):
        lists.write(found, by=world["reviewer@district"])
    found.refresh_from_db()
    assert not Nomination.objects.exists() and found.stage == "ready"


def test_it_goes_after_a_day(world):
    found = bring(world, row(1))
    assert lists.forget() == 0
    NomineeList.objects.update(created=clock.now() - lists.KEPT - timedelta(minutes=1))
    assert tasks.forget_attempts() == 1 and not NomineeList.objects.filter(pk=found.pk).exists()
    assert deliver() == 1, "its message finds nothing, and is done"


def as_file(rows):
    content = books.plain("Danh sách", rows[0][1], [cells for _number, cells in rows[1:]])
    return SimpleUploadedFile("danh-sach.xlsx", content)


class TestThePages:
    def test_from_the_sheet_to_the_drafts(self, world):
        client = pages.enter(world["clerk@commune"])
        data = {"unit": world.units["commune"].pk, "round": world.round.pk}
        sent = client.post(
            "/ho-so/danh-sach-dai/", data | {"sheet": as_file(sheet(world, row(1), row(2, name="")))}
        )
        found = NomineeList.objects.get()
        page = f"/ho-so/danh-sach-dai/{found.uid}"
        assert sent["Location"] == page
        assert "data-watch" in client.get(page).content.decode()
        deliver()
        shown = client.get(page).content.decode()
        assert "data-watch" not in shown and "Dòng 3" in shown and "Nội dung cần sửa" in shown
        part = client.get(page, headers={"X-Requested-With": "watch"}).content.decode()
        assert "<html" not in part and "Dòng 3" in part
        marked = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{page}/can-sua").content))
        assert "Dòng" not in str(marked.get_sheet_by_index(0).to_python()[0])
        assert client.post(f"{page}/lap-ho-so").status_code == 422
        assert client.post(f"{page}/bo")["Location"] == "/ho-so/danh-sach-dai/"
        client.post("/ho-so/danh-sach-dai/", data | {"sheet": as_file(sheet(world, row(1), row(2)))})
        deliver()
        page = f"/ho-so/danh-sach-dai/{NomineeList.objects.get().uid}"
        assert client.post(f"{page}/lap-ho-so")["Location"] == page
        [file] = Nomination.objects.all()
        assert file.reference in client.get(page).content.decode()

    def test_nobody_sees_anothers(self, world):
        found = bring(world, row(1))
        page = f"/ho-so/danh-sach-dai/{found.uid}"
        for who in ("clerk2@commune", "unit_head@commune", "auditor@province"):
            client = pages.enter(world[who])
            assert client.get(page).status_code == 404
            assert (
                client.post(f"{page}/bo").status_code == client.post(f"{page}/lap-ho-so").status_code == 404
            )
        assert NomineeList.objects.filter(pk=found.pk).exists()

    @pytest.mark.parametrize("content", [b"", b"no sheet"])
    def test_what_is_no_sheet_is_refused_by_its_content(self, world, content):
        client = pages.enter(world["clerk@commune"])
        data = {"unit": world.units["commune"].pk, "round": world.round.pk}
        sent = client.post("/ho-so/danh-sach-dai/", data | {"sheet": SimpleUploadedFile("a.xlsx", content)})
        assert sent.status_code == 422 and not NomineeList.objects.exists()

    def test_only_whoever_prepares_brings_one(self, world):
        client = pages.enter(world["reviewer@district"])
        assert client.get("/ho-so/danh-sach-dai/").status_code == 200
        data = {"unit": world.units["commune"].pk, "round": world.round.pk}
        sent = client.post("/ho-so/danh-sach-dai/", data | {"sheet": as_file(sheet(world, row(1)))})
        assert sent.status_code == 403 and not NomineeList.objects.exists()


@pytest.mark.proof
def test_five_thousand_are_written_whole(world):
    found = bring(world, *[row(n) for n in range(5000)])
    assert deliver() == 10
    files = lists.write(found, by=world["clerk@commune"])
    assert len(files) == 50 and Person.objects.count() == 5000
