"""The demo's people and units under the short names of the small world, so that tests need not click what is known."""

from nominations.models import Criterion, Programme
from permissions.models import Officer, Unit
from tests import world as w

# short name → official code, and the demo's people by role
PLACES = {
    "commune": ("30343", {"clerk": "kb24.clerk", "unit_head": "kb24.head", "unit_deputy": "kb24.deputy"}),
    "commune2": ("30586", {"clerk": "ol24.clerk", "unit_head": "ol24.head"}),
    "district": ("886", {"reviewer": "ap24.reviewer1", "reviewer2": "ap24.reviewer2", "body_head": "ap24.head"}),
    "district2": ("891", {"reviewer": "tt24.reviewer1", "body_head": "tt24.head"}),
    "ward": ("30742", {"clerk": "rg26.clerk", "unit_head": "rg26.head"}),
    "new_commune": ("30341", {"clerk": "kb26.clerk", "unit_head": "kb26.head"}),
    "department": (
        "AG.SKHCN",
        {"clerk": "khcn26.clerk", "unit_head": "khcn26.head", "reviewer": "khcn26.reviewer", "body_head": "khcn26.head"},
    ),
    "home": (
        "AG.SNV",
        {
            "intake_officer": "snv.intake", "appraiser": "snv.appraiser1", "appraiser2": "snv.appraiser2",
            "head_of_division": "snv.division", "director": "snv.director",
        },
    ),
    "office": ("AG.VP", {"office_specialist": "vp.specialist1", "records_clerk": "vp.records1"}),
    "province": ("AG.UBND", {"chairman": "ub.chairman"}),
}  # fmt: skip
OLD_CODES = ("30343", "30586", "886", "891")  # codes that were used again after the reform


def build() -> w.World:
    """Return the demo as a small world; its units and people are loaded already."""
    units, people = {}, {}
    for place, (code, staff) in PLACES.items():
        found = Unit.objects.filter(code=code).order_by("valid_from")
        units[place] = found.first() if code in OLD_CODES else found.last()
        people |= {f"{role}@{place}": Officer.objects.get(username=name) for role, name in staff.items()}
    programme = Programme.objects.get()
    rounds = {round.year: round for round in programme.rounds.select_related("rule_set", "programme")}
    criteria = list(Criterion.objects.filter(rule_set=rounds[2024].rule_set))
    return w.World(units, people, programme, rounds, criteria)
