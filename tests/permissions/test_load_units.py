"""The units of An Giang load as they are told, twice as well as once, and never in part."""

import itertools
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from history import kinds
from history.models import Event
from permissions.catalogue import UnitKind
from permissions.models import Unit, UnitClosure, UnitParent, UnitSuccessor
from permissions.unit_files import PARENTS, SUCCESSORS, UNITS

pytestmark = pytest.mark.django_db

D2024, LAST_DAY, REFORM = date(2024, 11, 24), date(2025, 6, 30), date(2025, 7, 1)

MINIMAL = {
    UNITS: [
        "code,kind,name,name_en,valid_from,valid_to,source",
        "P,province,Tỉnh,,2004-01-01,,test",
        "D,district,Huyện Châu Thành,,2004-01-01,,test",
        "C,commune,Xã Một,,2004-01-01,,test",
    ],
    PARENTS: [
        "unit_code,unit_valid_from,parent_code,parent_valid_from,valid_from,valid_to,source",
        "D,2004-01-01,P,2004-01-01,2004-01-01,,test",
        "C,2004-01-01,D,2004-01-01,2004-01-01,,test",
    ],
    SUCCESSORS: ["old_code,old_valid_from,new_code,new_valid_from,on,source"],
}


@pytest.fixture
def folder(tmp_path):
    """A folder with three small files; `folder.load(file=lines)` replaces some and loads."""
    return Folder(tmp_path)


class Folder:
    def __init__(self, path: Path):
        self.path = path
        self.lines = {name: list(lines) for name, lines in MINIMAL.items()}

    def load(self, **changes: list[str]) -> None:
        self.lines |= {f"{name}.csv": [self.lines[f"{name}.csv"][0], *rows] for name, rows in changes.items()}
        for name, lines in self.lines.items():
            (self.path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        call_command("load_units", self.path, verbosity=0)

    def refused(self, **changes: list[str]) -> list[str]:
        """Load what must be refused; return the lines of the refusal after its heading."""
        before = world()
        with translation.override("en"), pytest.raises(CommandError) as refusal:
            self.load(**changes)
        assert world() == before
        return str(refusal.value).splitlines()[1:]


def world() -> tuple:
    models = (Unit, UnitParent, UnitSuccessor, UnitClosure)
    return (
        *(sorted(model.objects.values_list(*(f.attname for f in model._meta.fields)), key=str)
          for model in models),
        Event.objects.count(),
    )  # fmt: skip


def above(code: str, day: date) -> list[str]:
    """The codes of a unit's ancestors on a day, nearest first."""
    rows = UnitClosure.objects.on(day).filter(unit__code=code, depth__gte=1).order_by("depth")
    return list(rows.values_list("ancestor__code", flat=True))


def where(problem: str) -> tuple[str, int, str]:
    """The file, row and column that a line of the refusal names."""
    place = problem.split(": ")[0].replace(",", "").split()
    return place[0], int(place[2]), place[4]


def test_an_giang_before_and_after_the_reform():
    call_command("load_units")
    communes = Unit.objects.filter(kind=UnitKind.COMMUNE)
    districts = Unit.objects.filter(kind=UnitKind.DISTRICT)
    assert (districts.on(D2024).count(), communes.on(D2024).count()) == (11, 156)
    assert (districts.on(LAST_DAY).count(), communes.on(LAST_DAY).count()) == (11, 155)
    assert (districts.on(REFORM).count(), communes.on(REFORM).count()) == (0, 102)
    assert set(Unit.objects.values_list("kind", flat=True)) == set(UnitKind.values)
    assert set(Unit.objects.filter(name__contains="Châu Thành").values_list("code", flat=True)) == {
        "892", "30880",
    }  # fmt: skip


def test_who_manages_whom_changes_with_the_reform():
    call_command("load_units")
    assert above("30343", LAST_DAY) == ["886", "AG.UBND"]
    assert above("30343", REFORM) == []  # it ended; the new commune has another code
    assert above("30341", REFORM) == ["AG.UBND"]
    assert above("30313", LAST_DAY) == ["883", "AG.UBND"]  # untouched by the reform:
    assert above("30313", REFORM) == ["AG.UBND"]  # the same unit under another parent
    assert above("AG.TH-A-KHANH-BINH", LAST_DAY) == ["886", "AG.UBND"]
    assert above("AG.TH-A-KHANH-BINH", REFORM) == ["30341", "AG.UBND"]


def test_every_unit_has_one_parent_on_each_of_its_days():
    call_command("load_units")
    for unit in Unit.objects.exclude(kind=UnitKind.PROVINCE).prefetch_related("parents"):
        links = sorted(unit.parents.all(), key=lambda link: link.valid_from)
        days = [(link.valid_from, link.valid_to) for link in links]
        told_from = date(2023, 4, 10) if links[0].parent.code == "890" else unit.valid_from
        assert days[0][0] == told_from, unit.code
        assert days[-1][1] == unit.valid_to, unit.code
        assert all(one[1] == other[0] for one, other in itertools.pairwise(days)), unit.code


def test_every_commune_that_ended_has_successors_and_some_have_several():
    call_command("load_units")
    ended = Unit.objects.filter(kind=UnitKind.COMMUNE, valid_to__isnull=False)
    assert not ended.filter(successors=None).exists()
    split = Unit.objects.get(code="30358", valid_from=date(2004, 1, 1))
    assert {item.new.name for item in split.successors.all()} == {"Xã An Phú", "Xã Nhơn Hội", "Xã Phú Hữu"}


def test_a_second_load_writes_nothing():
    call_command("load_units")
    before = world()
    call_command("load_units")
    assert world() == before


def test_each_new_unit_link_and_successor_is_an_event(folder):
    folder.load(
        units=[*MINIMAL[UNITS][1:3], "C,commune,Xã Một,,2004-01-01,2025-07-01,test",
               "N,commune,Xã Mới,,2025-07-01,,test"],
        parents=["D,2004-01-01,P,2004-01-01,2004-01-01,,test"],
        successors=["C,2004-01-01,N,2025-07-01,2025-07-01,test"],
    )  # fmt: skip
    assert Event.objects.filter(kind=kinds.UNIT_CREATED).count() == 4
    link, successor = Event.objects.filter(kind=kinds.UNIT_CHANGED).order_by("pk")
    assert (link.unit, link.data["parent"]) == ("D", "P")
    assert (successor.unit, successor.data["successor"]) == ("C", "N")


def test_a_changed_row_changes_the_unit_and_says_what_it_was(folder):
    folder.load()
    folder.load(units=[*MINIMAL[UNITS][1:3], "C,commune,Phường Một,,2004-01-01,,Nghị quyết 1"])
    assert Unit.objects.get(code="C").name == "Phường Một"
    event = Event.objects.filter(kind=kinds.UNIT_CHANGED).latest("pk")
    assert event.data["before"] == {"name": "Xã Một", "source": "test"}


def test_a_reform_told_later_ends_what_is_stored_and_begins_what_is_new(folder):
    folder.load()
    folder.load(
        units=[
            MINIMAL[UNITS][1],
            "D,district,Huyện Châu Thành,,2004-01-01,2025-07-01,test",
            "C,commune,Xã Một,,2004-01-01,2025-07-01,test",
            "C,commune,Phường Một,,2025-07-01,,test",
        ],
        parents=[
            "D,2004-01-01,P,2004-01-01,2004-01-01,2025-07-01,test",
            "C,2004-01-01,D,2004-01-01,2004-01-01,2025-07-01,test",
            "C,2025-07-01,P,2004-01-01,2025-07-01,,test",
        ],
        successors=["C,2004-01-01,C,2025-07-01,2025-07-01,test"],
    )
    assert above("C", LAST_DAY) == ["D", "P"]
    assert above("C", REFORM) == ["P"]
    assert not UnitClosure.objects.on(REFORM).filter(unit__code="D").exists()


def test_what_the_files_do_not_name_is_left_alone(folder):
    folder.load()
    folder.load(units=MINIMAL[UNITS][1:3], parents=[])
    assert Unit.objects.on(REFORM).filter(code="C").exists()
    assert above("C", REFORM) == ["D", "P"]


def test_all_bad_rows_are_named_at_once_and_nothing_is_written(folder):
    problems = folder.refused(
        units=[
            *MINIMAL[UNITS][1:3],
            "C,commune,Xa\u0303 Một,,2004-01-01,,test",  # NFD
            "E,village,Ấp Một,,2004-01-01,,test",
            "F,commune,Xã Hai,,01/07/2025,,test",
            "G,commune,Xã Ba,,2025-07-01,2025-07-01,",
            "D,district,Huyện Khác,,2025-01-01,,test",
        ],
        parents=[
            "D,2004-01-01,P,2004-01-01,2004-01-01,,test",
            "D,2004-01-01,P,2004-01-01,2010-01-01,,test",
            "C,2004-01-01,C,2004-01-01,2004-01-01,,test",
            "X,2004-01-01,D,2004-01-01,2004-01-01,,test",
            "C,2004-01-01,D,2004-01-01,2003-01-01,,test",
        ],
        successors=["C,2004-01-01,D,2004-01-01,2003-01-01,test"],
    )
    assert [where(problem) for problem in problems] == [
        (UNITS, 4, "name"),
        (UNITS, 5, "kind"),
        (UNITS, 6, "valid_from"),
        (UNITS, 7, "source"),
        (UNITS, 7, "valid_to"),
        (UNITS, 8, "code"),
        (PARENTS, 3, "valid_from"),
        (PARENTS, 4, "parent_code"),
        (PARENTS, 5, "unit_code"),
        (PARENTS, 6, "valid_from"),  # before the unit began
        (PARENTS, 6, "valid_from"),  # and before its parent did
        (SUCCESSORS, 2, "on"),
        (SUCCESSORS, 2, "on"),
    ]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"units": [*MINIMAL[UNITS][1:], "C,commune,Xã Hai,,2004-01-01,,test"]}, (UNITS, 5, "code")),
        ({"units": [*MINIMAL[UNITS][1:], "E,commune,Xã Hai,,2004-01-01"]}, (UNITS, 5, "*")),
        ({"units": [*MINIMAL[UNITS][1:], "E,commune,Xã Hai,,2004-01-01,,test,more"]}, (UNITS, 5, "*")),
    ],
    ids=["the same key twice", "a cell too few", "a cell too many"],
)
def test_a_row_that_cannot_be_told_apart_is_refused(folder, changes, place):
    assert where(folder.refused(**changes)[0]) == place


def test_a_stored_code_is_not_given_to_another_unit_in_the_same_days(folder):
    folder.load()
    problems = folder.refused(units=["C,commune,Xã Khác,,2025-07-01,,test"], parents=[])
    assert [where(problem) for problem in problems] == [(UNITS, 2, "code")]


def test_a_stored_parent_is_not_rewritten(folder):
    folder.load()
    problems = folder.refused(parents=["C,2004-01-01,P,2004-01-01,2004-01-01,,test"])
    assert [where(problem) for problem in problems] == [(PARENTS, 2, "parent_code")]


def test_a_circle_of_parents_is_refused(folder):
    folder.refused(
        parents=[
            "D,2004-01-01,C,2004-01-01,2004-01-01,,test",
            "C,2004-01-01,D,2004-01-01,2004-01-01,,test",
        ]
    )


def test_a_missing_file_and_wrong_columns_are_refused(folder, tmp_path):
    with pytest.raises(CommandError):
        call_command("load_units", tmp_path / "nowhere")
    folder.lines[PARENTS][0] = "unit,parent"
    assert where(folder.refused()[0]) == (PARENTS, 1, "*")


def test_a_file_saved_by_a_spreadsheet_loads(folder):
    folder.load()
    before = world()
    for name, lines in folder.lines.items():
        (folder.path / name).write_bytes("\r\n".join(lines).encode("utf-8-sig"))  # a mark first, CRLF
    call_command("load_units", folder.path, verbosity=0)
    assert world() == before
