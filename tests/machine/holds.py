"""What must hold after every step of the state machine."""

from collections import Counter

from django.db.models import Count
from viewflow.workflow.models import Task

from audit import asof, standing
from audit.replay import replay
from history.models import Event, StreamHead
from history.verifying import verify
from nominations import opinions, ranking
from nominations.conditions import assigned
from nominations.models import DecisionLine, Nomination, Nominee, Opinion, RegisterNumber, RouteLeg
from nominations.states import WRITING, Outcome
from tests.machine.journeys import QUOTA, Country
from workflows import stuck


def check(country: Country) -> None:
    _state_and_open_task_are_one(country)
    _files_know_their_way(country)
    _opinions_are_known(country)
    _who_waits_for_a_decision(country)
    _acts_are_events(country)
    _outcomes_and_quota_hold(country)
    _numbers_run_without_a_gap(country)
    country.photographs |= _photographs(country)


def _state_and_open_task_are_one(country: Country) -> None:
    tasks: dict[int, list[str]] = {}
    for task in Task.objects.filter(finished=None):
        tasks.setdefault(task.process_id, []).append(task.flow_task.name)
    for stored, model in country.subjects():
        stored.refresh_from_db()
        assert stored.state == model.state, model
        assert tasks.get(stored.process.pk, []) == ([] if model.ended else [model.state])
        assert (stored.holder_id is None) == model.ended
        if not model.ended:
            assert country.world.units[model.place].pk == stored.holder_id, model
            assert (stored.sent_post_id is None) == (model.sent is None)
            assert bool(stored.opened_at) == model.opened
            assert stored.recall == model.recall


def _files_know_their_way(country: Country) -> None:
    """Version, supplement, leg of the route, and in whose hands: `stored` was read again just before."""
    hands = dict(Nomination.objects.filter(assigned()).values_list("pk", "assigned_post__officer"))
    standing = RouteLeg.objects.filter(arrived__isnull=False, left=None).values_list("nomination", "unit")
    legs = dict(standing.order_by("version", "n"))
    for stored, model in country.open_files():
        kept = (stored.version, stored.supplements, stored.resume_at)
        assert kept == (model.version, model.supplements, model.resume), model
        who = model.assigned()
        assert hands.get(stored.pk) == (country.world[who].pk if who else None), model
        here = None if model.here is None else country.world.units[model.route[model.here]].pk
        assert legs.get(stored.pk) == here, model


def _opinions_are_known(country: Country) -> None:
    """What was answered, what is awaited, and what nobody waits for any more."""
    told: dict[int, list[tuple[str, bool]]] = {}
    for item in Opinion.objects.select_related("nomination"):
        told.setdefault(item.nomination_id, []).append((item.answer, opinions.is_void(item, item.nomination)))
    for stored, model in country.files:
        wanted = [(item.answer, item.void or (model.ended and not item.answer)) for item in model.opinions]
        assert told.get(stored.pk, []) == wanted, model


def _who_waits_for_a_decision(country: Country) -> None:
    for year, book in country.books.items():
        uids = ranking.candidates(country.world.rounds[year]).values_list("uid", flat=True)
        assert {str(uid) for uid in uids} == set(book.waiting())


def _acts_are_events(country: Country) -> None:
    counts = dict(Event.objects.order_by().values_list("stream").annotate(Count("pk")))
    for stored, model in country.subjects():
        assert counts[stored.stream] == model.events, model


def _outcomes_and_quota_hold(country: Country) -> None:
    outcomes = {str(uid): outcome for uid, outcome in Nominee.objects.values_list("uid", "outcome")}
    for _stored, model in country.files:
        found = {uid: outcomes[uid] for uid in model.nominees}
        assert found == {uid: person.outcome for uid, person in model.nominees.items()}, model
        assert not (model.ended and Outcome.PENDING in found.values())
    for year, kind, live, awarded in _taken():
        assert live <= QUOTA[kind] and awarded <= QUOTA[kind], year


def _taken():
    lines = DecisionLine.objects.filter(live=True).values_list("decision__round__year", "nominee__kind")
    live = Counter(lines.order_by())
    people = Nominee.objects.filter(outcome=Outcome.AWARDED).order_by()
    awarded = Counter(people.values_list("nomination__round__year", "kind"))
    standing = Counter(DecisionLine.objects.filter(live=True).values_list("nominee", flat=True))
    assert not standing or max(standing.values()) == 1, "a nominee stands on one live line"
    return [(*key, live[key], awarded[key]) for key in live | awarded]


def _numbers_run_without_a_gap(country: Country) -> None:
    numbers: dict[int, list[str]] = {}
    for row in RegisterNumber.objects.order_by("year", "number"):
        numbers.setdefault(row.year, []).append(row.state)
        assert row.number == len(numbers[row.year])
    assert numbers == {year: states for year, states in country.land.numbers.items() if states}
    for stored, model in country.decisions:
        number = stored.register_number
        assert ((number.year, number.number) if number else None) == model.number


def nobody_waits_unnamed(country: Country) -> None:
    """Each open file has somebody on duty, or the report of stuck files names it; and no other."""
    named = {gap.subject for gap in stuck.report() if gap.sentence}
    assert named == {stored for stored, _model in country.gaps()}


def everything_was_legal(country: Country) -> None:
    """The auditor's own tables, reading the ledger alone, find no act that the law did not allow.

    And each file, as it was after each of its events, is what was photographed then.
    """
    for (stream, sequence), photograph in country.photographs.items():
        then = asof.snapshot(asof.at(stream, sequence=sequence).file)
        if (
            photograph["state"] in WRITING
        ):  # drafting is no event: whom the unit names is told when it submits
            then["nominees"] = photograph["nominees"]
        assert {name: then[name] for name in photograph} == photograph, (stream, sequence)
    assert [str(item) for item in replay(walked=True).illegal] == []
    report = verify()
    standing.check(report)
    undocumented = "0" * 12  # the small world's documents have no bytes
    assert [str(fault) for fault in report.faults if not fault.where.endswith(undocumented)] == []


def _photographs(country: Country) -> dict[tuple[str, int], dict]:
    """How each file to which something just happened stands in the tables, by stream and sequence."""
    streams = {stored.stream: stored for stored, _model in country.subjects()}
    found = {}
    for stream, sequence in StreamHead.objects.filter(stream__in=streams).values_list("stream", "sequence"):
        if (stream, sequence) not in country.photographs:
            stored = streams[stream]
            found[stream, sequence] = standing.tables(stored)
    return found
