"""What happens in the state machine: deeds of people and what befalls them, each in the product and the reference."""

from collections.abc import Callable
from random import Random

from django.core.exceptions import PermissionDenied, ValidationError

from nominations import remarks
from nominations.models import AwardDecision
from permissions import grants
from permissions.models import Appointment, Officer
from tests import world as w
from tests.machine import reference as ref
from tests.machine.dice import standing
from tests.machine.journeys import Country
from tests.machine.reference_decisions import Decision
from tests.machine.reference_files import File, Person
from tests.machine.reference_round import Line, best_of
from workflows import engine, opening
from workflows.flows import DecisionFlow

ENDING = {"withdraw", "reject", "wrong_route", "abandon"}
MOST_ENDS = 4  # posts that end in one example


def begin(country: Country, random: Random) -> None:
    """Some files wait for the decision already and one is on its way: the far end is reached too."""
    for target in ("await_decision", "await_decision", "await_decision", "intake"):
        open_file(country, random)
        stored, model = country.files[-1]
        while model.state != target and not model.ended:
            who, action = next((who, name) for who, name in model.ways() if name in ref.ONWARD)
            country.do(stored, model, who, action, random)


def happen(country: Country, random: Random) -> None:
    """One thing, by its weight."""
    random.choices(list(HAPPENINGS), list(HAPPENINGS.values()))[0](country, random)


def open_file(country: Country, random: Random) -> None:
    if len(country.open_files()) > 6:
        return
    place = random.choice(sorted(ref.ROUTES[country.land.reformed]))
    kinds = random.choices(("individual", "collective"), (3, 1), k=random.choice((1, 1, 2, 3)))
    kinds = kinds if kinds.count("collective") < 3 else kinds[:2]
    clerk = f"clerk@{place}"
    may = country.land.holds(clerk, ("clerk", place))
    try:
        stored = w.complete_draft(country.world, place, [{"kind": kind} for kind in kinds])
    except PermissionDenied:
        assert not may
        return
    except ValidationError:
        assert may and country.land.year in country.land.closed
        return
    assert may and country.land.year not in country.land.closed
    people = {str(nominee.uid): Person(nominee.kind) for nominee in stored.nominees.all()}
    model = File(
        country.land,
        "draft",
        handled=[(clerk, "proposer")],
        unit=place,
        year=country.land.year,
        nominees=people,
    )
    country.books[model.year].files.append(model)
    country.files.append((stored, model))


def act_legally(country: Country, random: Random) -> None:
    """One of the ways of the reference: mostly onward; else the one walked least, what ends a file seldom."""
    subjects = [(s, m, ways) for s, m in country.subjects() if (ways := m.ways())]
    if not subjects:
        return
    decisions = [item for item in subjects if isinstance(item[1], Decision)]
    mood = random.random()
    if mood < 0.75:
        subjects = [random.choice(decisions if decisions and random.random() < 0.4 else subjects)]
    ways = [(s, m, *way) for s, m, ways in subjects for way in ways]
    answers = [way for way in ways if way[3] in ("grant_recall", "decline_recall")]
    if answers and random.random() < 0.4:
        ways = answers
    elif mood < 0.4:
        ways = [way for way in ways if way[3] in ref.ONWARD] or ways
    some = random.sample(ways, len(ways) if mood > 0.75 else min(4, len(ways)))
    country.do(*min(some, key=lambda way: seldom(country, *way)), random)


def seldom(country: Country, _stored, model, _who: str, action: str) -> int:
    times = country.walked[model.way(action)]
    return 1 + 6 * times if action in ENDING else times


def act_anyhow(country: Country, random: Random) -> None:
    """Anybody, anything: most of it must be refused and leave no trace."""
    if not country.subjects():
        return
    stored, model = random.choice(country.subjects())
    names = sorted(model.acts) if random.random() < 0.5 else []
    action = random.choice(names or sorted({name for _state, name in model.table}))
    handlers = sorted({who for who, _level in model.past()})
    who = random.choice(handlers if random.random() < 0.3 else sorted(country.land.posts))
    country.do(stored, model, who, action, random)


def open_page(country: Country, random: Random) -> None:
    """Somebody looks at a file; only whoever acts there opens it, and its sender may then ask for it."""
    waiting = [(s, m) for s, m in country.subjects() if not m.ended and not m.opened]
    decisions = [item for item in waiting if isinstance(item[1], Decision)]
    if waiting:
        stored, model = random.choice(decisions if decisions and random.random() < 0.4 else waiting)
        duty = model.on_duty()
        who = random.choice(duty if duty and random.random() < 0.8 else sorted(country.land.posts))
        stored.refresh_from_db()
        first = model.open(who)
        assert opening.mark(stored, country.world[who]) == first, (who, model)
        if first and "request_recall" in model.acts and random.random() < 0.5:
            country.do(stored, model, model.sent.who, "request_recall", random)


def tick_off(country: Country, random: Random) -> None:
    """Somebody says what was done about remarks; only whoever acts there may."""
    asked = [(s, m) for s, m in country.subjects() if not m.ended and m.asked()]
    if not asked:
        return
    stored, model = random.choice(asked)
    stored.refresh_from_db()
    duty = model.on_duty()
    who = random.choice(duty if duty and random.random() < 0.8 else sorted(country.land.posts))
    mine = who in duty
    rows = list(remarks.asked(stored).order_by("pk"))
    assert [row.status == "done" for row in rows] == [remark.ticked for remark in model.asked()]
    some = random.sample(range(len(rows)), len(rows) if random.random() < 0.8 else 1)
    try:
        remarks.answer(stored, {rows[n].pk: (True, "Đã sửa") for n in some}, by=country.world[who])
    except PermissionDenied:
        assert not mine
        return
    assert mine
    for n in some:
        model.asked()[n].ticked = True


def open_decision(country: Country, random: Random) -> None:
    book = country.books[random.choice((2024, 2026) if country.land.reformed else (2024,))]
    compilers = country.land.holders(frozenset({"head_of_division"}), "home")
    who = random.choice(compilers if compilers and random.random() < 0.8 else sorted(country.land.posts))
    allowed = who in compilers and book.year not in country.land.closed
    best, waiting = book.best(), book.waiting()
    try:
        decision = AwardDecision(round=country.world.rounds[book.year])
        stored = engine.open(DecisionFlow, decision, actor=country.world[who])
    except PermissionDenied:
        assert not allowed
        return
    except ValidationError:
        assert allowed and not any(best.values())
        return
    assert allowed
    uids = best_of(best, waiting, standing(stored))
    model = Decision(country.land, "compile", handled=[(who, "appraisal")], book=book)
    model.lines = {uid: Line(uid, waiting[uid]) for uid in uids}
    model.rank(uids)
    book.decisions.append(model)
    book.list_again()
    country.decisions.append((stored, model))


def close_round(country: Country, random: Random) -> None:
    book = country.books[random.choice((2024, 2026) if country.land.reformed else (2024,))]
    who = random.choice(("programme_administrator@home", "head_of_division2@home", "appraiser2@home"))
    role = who.split("@")[0].rstrip("2")
    allowed = role != "appraiser" and country.land.holds(who, (role, "home"))
    try:
        engine.close_round(country.world.rounds[book.year], actor=country.world[who])
    except engine.StaleState:
        assert book.year in country.land.closed
        return
    except PermissionDenied:
        assert not allowed
        return
    except ValidationError:
        assert allowed and book.busy()
        return
    assert allowed and not book.busy() and book.year not in country.land.closed
    country.land.closed.add(book.year)
    for file in book.files:
        file.round_closed()


def end_post(country: Country, random: Random) -> None:
    """Somebody's post ends today, more often of one in whose hands a file is: it frees itself."""
    if country.ends == MOST_ENDS:
        return
    country.ends += 1
    posts = [(who, post) for who, held in sorted(country.land.posts.items()) for post in sorted(held)
             if country.land.exists(post[1]) and not who.startswith("new")]  # fmt: skip
    hands = [m.hands[:2] for _s, m in country.open_files() if m.hands and m.assigned()]
    who, (role, place) = random.choice(hands if hands and random.random() < 0.5 else posts)
    if who.startswith("new"):
        return
    post = Appointment.objects.on(country.today).get(
        officer=country.world[who], role=role, unit=country.world.units[place]
    )
    grants.end_appointment(post, on=country.today)
    country.land.posts[who].discard((role, place))


def fill_gap(country: Country, random: Random) -> None:
    """Somebody new is appointed where a file waits for nobody."""
    if not country.gaps():
        return
    _stored, model = random.choice(country.gaps())
    place = model.place
    if not country.land.exists(place):
        return
    roles = {role for row in model.acts.values() if row.duty for role in row.roles}
    country.newcomers += 1
    who = f"new{country.newcomers}@{place}"
    country.world.people[who] = Officer.objects.create_user(f"new{country.newcomers}", "Lê Văn Mới")
    country.land.posts[who] = set()
    country.appoint(who, sorted(roles or {"head_of_division"})[0], place, country.today)


def reform(country: Country, random: Random) -> None:
    """The legal day moves past 1 July 2025: districts and old communes are no more."""
    if country.land.reformed or sum(country.walked.values()) < 40:
        return
    country.day.__exit__(None, None, None)
    country.dawn(w.D2026)
    country.land.reformed = True


HAPPENINGS: dict[Callable[[Country, Random], None], float] = {
    act_legally: 60,
    act_anyhow: 10,
    open_page: 14,
    tick_off: 8,
    open_file: 5,
    open_decision: 5,
    fill_gap: 2,
    end_post: 1,
    reform: 1.5,
    close_round: 0.5,
}
