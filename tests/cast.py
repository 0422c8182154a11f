"""The cast of the tests: units before and after the reform, and one person a post (two where rules need two)."""

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.models import Permission

from history import kinds
from history.ledger import Entry, record_many
from permissions import grants
from permissions.catalogue import ROLES, UnitKind
from permissions.models import Appointment, Officer, Unit, UnitGrant, UnitParent
from permissions.text import name_sort_key, search_key
from permissions.units import add_units, set_parents

OLD, REFORM = date(2004, 1, 1), date(2025, 7, 1)

# short name → code, kind, name, short name of the parent, first day, day after the last
UNITS: dict[str, tuple[str, UnitKind, str, str, date, date | None]] = {
    "province": ("AG.UBND", UnitKind.PROVINCE, "Ủy ban nhân dân tỉnh An Giang", "", OLD, None),
    "office": ("AG.VP", UnitKind.OFFICE, "Văn phòng Ủy ban nhân dân tỉnh", "province", OLD, None),
    "home": ("AG.SNV", UnitKind.DEPARTMENT, "Sở Nội vụ", "province", OLD, None),
    "department": ("AG.SYT", UnitKind.DEPARTMENT, "Sở Y tế", "province", OLD, None),
    "base": ("AG.SYT.01", UnitKind.DEPARTMENT_UNIT, "Bệnh viện Đa khoa khu vực", "department", OLD, None),
    "agency": ("AG.THUE", UnitKind.VERTICAL_AGENCY, "Thuế tỉnh", "province", OLD, None),
    "front": ("AG.MTTQ", UnitKind.MASS_ORGANISATION, "Ủy ban Mặt trận Tổ quốc tỉnh", "province", OLD, None),
    "district": ("883", UnitKind.DISTRICT, "Thành phố Long Xuyên", "province", OLD, REFORM),
    "district2": ("886", UnitKind.DISTRICT, "Huyện An Phú", "province", OLD, REFORM),
    "school": ("883.01", UnitKind.DISTRICT_UNIT, "Phòng Giáo dục và Đào tạo", "district", OLD, REFORM),
    "commune": ("30280", UnitKind.COMMUNE, "Phường Mỹ Bình", "district", OLD, REFORM),
    "commune2": ("30337", UnitKind.COMMUNE, "Thị trấn An Phú", "district2", OLD, REFORM),
    "station": ("30280.01", UnitKind.COMMUNE_UNIT, "Trạm Y tế Mỹ Bình", "commune", OLD, REFORM),
    "new_commune": ("30292", UnitKind.COMMUNE, "Phường Long Xuyên", "province", REFORM, None),
    "new_commune2": ("30373", UnitKind.COMMUNE, "Xã An Phú", "province", REFORM, None),
    "new_station": ("30292.01", UnitKind.COMMUNE_UNIT, "Trạm Y tế Long Xuyên", "new_commune", REFORM, None),
}

PROPOSING = ("clerk", "unit_head", "unit_deputy")
REVIEWING = (*PROPOSING, "reviewer", "body_head")
# who sits where; a number after the role makes a second person in the same post
STAFF: dict[str, tuple[str, ...]] = {
    "province": ("chairman", "deputy_chairman", "auditor", "system_administrator"),
    "office": (*PROPOSING, "office_specialist", "office_specialist2", "records_clerk", "records_clerk2"),
    "home": (
        *REVIEWING,
        "intake_officer",
        "intake_officer2",
        "appraiser",
        "appraiser2",
        "head_of_division",
        "head_of_division2",
        "director",
        "deputy_director",
        "programme_administrator",
    ),
    "department": REVIEWING,
    "base": PROPOSING,
    "agency": PROPOSING,
    "front": PROPOSING,
    "district": (*REVIEWING, "reviewer2", "body_head2"),
    "district2": REVIEWING,
    "school": PROPOSING,
    "commune": (*REVIEWING, "clerk2"),
    "commune2": REVIEWING,
    "station": PROPOSING,
    "new_commune": (*REVIEWING, "clerk2"),
    "new_commune2": REVIEWING,
    "new_station": PROPOSING,
}
FAMILY = ("Nguyễn", "Trần", "Lê", "Châu", "Néang", "Phạm", "Đặng", "Huỳnh")
GIVEN = ("An", "Bình", "Chi", "Đức", "Hà", "Khánh", "Lan", "Minh", "Oanh", "Phúc", "Sóc", "Tú", "Vy")


def add_all_units() -> dict[str, Unit]:
    """Store the units and their dated tree, by short name."""
    stored = add_units(
        Unit(code=code, kind=kind, name=name, valid_from=start, valid_to=end)
        for code, kind, name, _parent, start, end in UNITS.values()
    )
    units = dict(zip(UNITS, stored, strict=True))
    set_parents(
        UnitParent(unit=units[name], parent=units[row[3]], valid_from=row[4], valid_to=row[5])
        for name, row in UNITS.items()
        if row[3]
    )
    return units


def add_all_people(units: Mapping[str, Unit]) -> dict[str, Officer]:
    """Everybody with the rows that `grants.appoint` writes (compared in tests/test_world.py)."""
    seats = {f"{role}@{place}": (role.rstrip("2"), place) for place, roles in STAFF.items() for role in roles}
    officers = []
    for number, who in enumerate(seats):
        name = f"{FAMILY[number % len(FAMILY)]} Thị {GIVEN[number % len(GIVEN)]} {number}"
        officer = Officer(
            username=who.replace("@", "."),
            full_name=name,
            name_sort=name_sort_key(name),
            name_search=search_key(name),
            password="!" + "0" * 40,
        )
        officers.append(officer)
    people = dict(zip(seats, Officer.objects.bulk_create(officers), strict=True))
    posts = Appointment.objects.bulk_create(
        [
            Appointment(
                officer=people[who],
                role=role,
                unit=units[place],
                position=f"{role}, {place}",
                document="QĐ 1/2004",
                valid_from=units[place].valid_from,
                valid_to=units[place].valid_to,
            )
            for who, (role, place) in seats.items()
        ]
    )
    rights = {p.codename: p for p in Permission.objects.filter(content_type__model="unit")}
    UnitGrant.objects.bulk_create(
        [
            UnitGrant(
                user=post.officer,
                permission=rights[right.value],
                content_object=post.unit,
                appointment=post,
                valid_from=post.valid_from,
                valid_to=post.valid_to,
            )
            for post in posts
            for right in sorted(ROLES[post.role].rights)
        ]
    )
    record_many([_told(post) for post in posts])
    return people


def _told(post: Appointment) -> Entry:
    """The event that `grants.appoint` writes."""
    rights = [right.value for right in sorted(ROLES[post.role].rights)]
    return grants.entry(kinds.APPOINTMENT_MADE, post, None, rights)
