"""A window extended by a legal document, and the next year's round opened as a copy."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from history import clock, kinds, ledger
from nominations import programmes
from nominations.models import Criterion, Quota, Round, RuleSet
from nominations.states import State
from tests import world as w
from workflows import engine

pytestmark = pytest.mark.usefixtures("in_2026")
ADMINISTRATOR = "programme_administrator@home"
DOCUMENT = "Công văn 1234/SNV-TĐKT ngày 20/12/2026"
LATER = date(2027, 1, 15)
OTHERS = ["director@home", "clerk@new_commune", "system_administrator@province"]


def extend(world, who: str = ADMINISTRATOR, **changes) -> None:
    given = {"closes": LATER, "document": DOCUMENT} | changes
    programmes.extend_window(world.round, **given, by=world[who])
    world.round.refresh_from_db()


def open_next(world, who: str = ADMINISTRATOR, *, source: int = 2026, **changes) -> Round:
    given = {"opens": date(2027, 9, 1), "closes": date(2027, 12, 31)} | changes
    return programmes.open_next(world.rounds[source], **given, by=world[who])


def events(year: int) -> list:
    return ledger.of_stream(f"round:cchc:{year}")


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Round, RuleSet, Criterion, Quota))


def test_a_window_is_extended_and_the_document_is_recorded(world):
    extend(world)
    assert world.round.closes == LATER
    event, text = events(2026)[-1]
    assert event.kind == kinds.ROUND_EXTENDED
    assert event.actor == str(world[ADMINISTRATOR].uid)
    assert event.data == {"before": "2026-12-31", "closes": "2027-01-15"}
    assert text == {"document": DOCUMENT, "by": world[ADMINISTRATOR].full_name}


def test_an_extended_window_takes_files_again_after_it_was_over(world):
    draft = w.complete_draft(world, "new_commune")
    with clock.legal_day(date(2027, 1, 5)):
        with pytest.raises(ValidationError):
            w.walk(world, draft, State.INTAKE)
        programmes.extend_window(world.rounds[2026], closes=LATER, document=DOCUMENT, by=world[ADMINISTRATOR])
        w.walk(world, draft, State.INTAKE)
    assert draft.state == State.INTAKE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("closes", date(2026, 12, 31)),  # the stored day
        ("closes", date(2026, 12, 1)),
        ("document", ""),
        ("document", " \u200b "),
    ],
)
def test_an_extension_names_its_fault_and_changes_nothing(world, field, value):
    with pytest.raises(ValidationError) as refused:
        extend(world, **{field: value})
    assert list(refused.value.message_dict) == [field]
    world.round.refresh_from_db()
    assert world.round.closes == date(2026, 12, 31)
    assert len(events(2026)) == 1


def test_a_closed_round_is_not_extended(world):
    engine.close_round(world.round, actor=world[ADMINISTRATOR])
    with pytest.raises(ValidationError):
        extend(world)
    assert kinds.ROUND_EXTENDED not in [event.kind for event, _text in events(2026)]


@pytest.mark.parametrize("who", OTHERS)
def test_others_extend_nothing(world, who):
    with pytest.raises(PermissionDenied):
        extend(world, who)
    assert Round.objects.get(year=2026).closes == date(2026, 12, 31)


def test_the_next_round_is_a_copy_with_its_own_quota_and_criteria(world):
    Quota.objects.filter(round=world.round, kind="individual").update(count=9)
    opened = open_next(world)
    assert (opened.year, opened.opens, opened.closes) == (2027, date(2027, 9, 1), date(2027, 12, 31))
    assert dict(opened.quotas.values_list("kind", "count")) == {"collective": 4, "individual": 9}
    old, new = world.round.rule_set, opened.rule_set
    assert (new.number, new.valid_from, new.legal_basis) == (2, opened.opens, old.legal_basis)
    fields = ("position", *programmes.CRITERION)
    assert list(new.criteria.values_list(*fields)) == list(old.criteria.values_list(*fields))


def test_opening_the_next_round_is_recorded(world):
    opened = open_next(world)
    [(event, text)] = events(2027)
    assert event.kind == kinds.ROUND_OPENED
    assert event.data["copied_from"] == 2026
    assert event.data["quotas"] == {"collective": 4, "individual": 6}
    assert (event.data["opens"], event.data["closes"]) == ("2027-09-01", "2027-12-31")
    assert event.data["rule_set"]["number"] == opened.rule_set.number
    codes = [row["code"] for row in event.data["rule_set"]["criteria"]]
    assert codes == [criterion.code for criterion in world.criteria]
    assert text == {"by": world[ADMINISTRATOR].full_name}


def test_next_years_criteria_are_edited_while_last_years_are_fixed(world):
    w.walk(world, w.complete_draft(world, "new_commune"), State.INTAKE)
    opened = open_next(world)

    def change(round: Round) -> None:
        criterion = round.rule_set.criteria.get(code="initiative")
        programmes.change_criterion(
            round,
            criterion,
            label_vi="Mới",
            label_en="New",
            max_points=30,
            min_points=0,
            by=world[ADMINISTRATOR],
        )

    change(opened)
    with pytest.raises(ValidationError):
        change(world.round)
    points = Criterion.objects.filter(code="initiative").order_by("rule_set__number")
    assert list(points.values_list("max_points", flat=True)) == [25, 30]


def test_a_closed_round_is_copied_too(world):
    engine.close_round(world.round, actor=world[ADMINISTRATOR])
    assert open_next(world).closed_on is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("opens", date(2025, 12, 31)),
        ("opens", date(2028, 1, 1)),
        ("closes", date(2027, 8, 31)),
        ("closes", date(2029, 1, 1)),
    ],
)
def test_a_window_fits_its_year_or_nothing_is_written(world, field, value):
    before = written()
    days = {field: value} | ({"closes": value} if field == "opens" and value.year == 2028 else {})
    with pytest.raises(ValidationError) as refused:
        open_next(world, **days)
    assert list(refused.value.message_dict) == [field]
    assert written() == before and not events(2027)


def test_a_window_may_reach_into_the_years_beside(world):
    opened = open_next(world, opens=date(2026, 12, 1), closes=date(2028, 1, 15))
    assert opened.year == 2027


def test_only_the_newest_round_is_copied_and_once(world):
    with pytest.raises(ValidationError, match="2026"):
        open_next(world, source=2024)
    open_next(world)
    before = written()
    with pytest.raises(ValidationError, match="2027"):
        open_next(world)
    assert written() == before


def test_no_round_is_opened_beyond_the_programme(world):
    world.programme.last_year = 2026
    world.programme.save()
    before = written()
    with pytest.raises(ValidationError, match="2026"):
        open_next(world)
    assert written() == before


@pytest.mark.parametrize("who", OTHERS)
def test_others_open_nothing(world, who):
    before = written()
    with pytest.raises(PermissionDenied):
        open_next(world, who)
    assert written() == before
