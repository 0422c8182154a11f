"""What people do in the state machine: each deed in the product and in the reference, side by side."""

from collections import Counter
from random import Random

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from history import clock
from nominations import remarks
from nominations.content import seen_digest
from nominations.models import AwardDecision, Quota
from permissions import grants
from permissions.models import Appointment, Officer, UnitSuccessor
from permissions.units import add_successors
from tests import world as w
from tests.machine import reference as ref
from tests.machine.dice import Dice, standing
from tests.machine.reference_decisions import Decision
from tests.machine.reference_files import File, Person
from tests.machine.reference_round import Book, Line, best_of
from tests.machine.reference_subject import Impossible
from workflows import engine, opening
from workflows.flows import DecisionFlow

# People with two posts, so that the separation of duties has something to refuse.
SECOND_POSTS = (
    ("clerk@commune", "reviewer", "district"),
    ("reviewer@district", "appraiser", "home"),
    ("appraiser@home", "head_of_division", "home"),
    ("unit_head@department", "body_head", "department"),
    ("intake_officer@home", "office_specialist", "office"),
    ("body_head@district", "chairman", "province"),
)
QUOTA = {"individual": 3, "collective": 2}  # small: ties at the edge are frequent
WALKED: Counter[tuple[str, ...]] = Counter()  # every way walked in this run, whatever the example


class Country:
    """The small world with its reference beside it."""

    def __init__(self):
        self.block = transaction.atomic()
        self.block._from_testcase = True  # as Django's TestCase does: the engine's is the outermost
        self.block.__enter__()
        self._day(w.D2024)
        self.world = w.build()
        Quota.objects.bulk_update(
            [Quota(pk=quota.pk, count=QUOTA[quota.kind]) for quota in Quota.objects.all()], ["count"]
        )
        units = self.world.units
        add_successors(
            UnitSuccessor(old=units[old], new=units[new], on=w.REFORM, source="NQ 1/2025")
            for old, news in ref.SUCCESSORS.items()
            for new in news
        )
        posts = {who: {(who.split("@")[0].rstrip("2"), who.split("@")[1])} for who in self.world.people}
        self.land = ref.Land(posts, QUOTA)
        for who, role, place in SECOND_POSTS:
            self._appoint(who, role, place, w.OLD)
        self.books = {year: Book(self.land, year) for year in (2024, 2026)}
        self.files: list[tuple] = []
        self.decisions: list[tuple] = []
        self.walked: Counter[tuple[str, ...]] = Counter()
        self.ends = self.newcomers = 0
        self.because: Exception | None = None  # the last refusal of the engine

    def close(self) -> None:
        self.day.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def _day(self, day) -> None:
        self.today, self.day = day, clock.legal_day(day)
        self.day.__enter__()

    def _appoint(self, who: str, role: str, place: str, start) -> None:
        grants.appoint(
            self.world[who], role, self.world.units[place], position=role, document="QĐ", valid_from=start
        )
        self.land.posts[who].add((role, place))

    def subjects(self) -> list[tuple]:
        return [*self.files, *self.decisions]

    def open_files(self) -> list[tuple]:
        return [(stored, model) for stored, model in self.files if not model.ended]

    def gaps(self) -> list[tuple]:
        """What waits for nobody, by the reference."""
        return [(s, m) for s, m in self.subjects() if not m.ended and not m.awaited()]

    # what people do

    def begin(self, seed: int) -> None:
        random = Random(seed)
        for target in ("await_decision", "await_decision", "intake"):
            self.open_file(random.randrange(2**32))
            stored, model = self.files[-1]
            while model.state != target and not model.ended:
                who, action = next((who, name) for who, name in model.ways() if name in ref.ONWARD)
                self.do(stored, model, who, action, random.randrange(2**32))

    def open_file(self, seed: int) -> None:
        random = Random(seed)
        place = random.choice(sorted(ref.ROUTES[self.land.reformed]))
        kinds = random.choices(("individual", "collective"), (3, 1), k=random.choice((1, 1, 2, 3)))
        kinds = kinds if kinds.count("collective") < 3 else kinds[:2]
        clerk = f"clerk@{place}"
        may = self.land.holds(clerk, ("clerk", place))
        try:
            stored = w.complete_draft(self.world, place, [{"kind": kind} for kind in kinds])
        except PermissionDenied:
            assert not may
            return
        except ValidationError:
            assert may and self.land.year in self.land.closed
            return
        assert may and self.land.year not in self.land.closed
        people = {str(nominee.uid): Person(nominee.kind) for nominee in stored.nominees.all()}
        model = File(
            self.land,
            "draft",
            handled=[(clerk, "proposer")],
            unit=place,
            year=self.land.year,
            nominees=people,
        )
        self.books[model.year].files.append(model)
        self.files.append((stored, model))

    def act_legally(self, seed: int, *, onward: bool = False, rarely: bool = False) -> None:
        """One of the ways of the reference: of three of one subject, or of all, the one walked least so far."""
        random = Random(seed)
        subjects = [(s, m, ways) for s, m in self.subjects() if (ways := m.ways())]
        if not subjects:
            return
        if not rarely:
            subjects = [random.choice(subjects)]
        ways = [(s, m, *way) for s, m, ways in subjects for way in ways]
        if onward:
            ways = [way for way in ways if way[3] in ref.ONWARD] or ways
        some = random.sample(ways, len(ways) if rarely else min(3, len(ways)))
        self.do(*min(some, key=lambda way: self.walked[way[1].way(way[3])]), seed)

    def act_anyhow(self, seed: int) -> None:
        random = Random(seed)
        if not self.subjects():
            return
        stored, model = random.choice(self.subjects())
        names = sorted(model.acts) if random.random() < 0.5 else []
        action = random.choice(names or sorted({name for _state, name in model.table}))
        handlers = sorted({who for who, _level in model.past()})
        who = random.choice(handlers if random.random() < 0.3 else sorted(self.land.posts))
        self.do(stored, model, who, action, seed)

    def do(self, stored, model, who: str, action: str, seed: int) -> None:
        """Do it in the product, follow it in the reference, compare what came of it."""
        stored.refresh_from_db()
        payload, choice = Dice(self.world, seed).ask(stored, model, action)
        way, said = model.way(action), (who, action, choice, model)
        came = self._engine(stored, who, action, payload)
        if model.ended:
            assert came in ("denied", "stale"), said
            return
        if not model.may(who, action):
            assert came == "denied", said
            return
        try:
            model.act(who, action, choice)
        except Impossible:
            assert came == "invalid", said
            return
        assert came == "done", (came, self.because, *said)
        self.walked[way] += 1
        WALKED[way] += 1
        if isinstance(model, Decision):
            model.rank(standing(stored))
            model.book.list_again()

    def _engine(self, stored, who: str, action: str, payload: dict) -> str:
        task = w.task(stored)
        try:
            engine.act(task, action, actor=self.world[who], payload=payload, seen=seen_digest(stored))
        except PermissionDenied as error:
            self.because = error
            return "denied"
        except ValidationError as error:
            self.because = error
            return "invalid"
        except engine.StaleState:
            return "stale"
        return "done"

    def open_page(self, seed: int) -> None:
        random = Random(seed)
        waiting = [(s, m) for s, m in self.subjects() if not m.ended]
        if waiting:
            stored, model = random.choice(waiting)
            duty = model.on_duty()
            who = random.choice(duty if duty and random.random() < 0.8 else sorted(self.land.posts))
            stored.refresh_from_db()
            assert opening.mark(stored, self.world[who]) == model.open(who), (who, model)

    def tick_off(self, seed: int) -> None:
        random = Random(seed)
        asked = [(s, m) for s, m in self.subjects() if not m.ended and m.asked()]
        if not asked:
            return
        stored, model = random.choice(asked)
        stored.refresh_from_db()
        duty = model.on_duty()
        who = random.choice(duty if duty and random.random() < 0.8 else sorted(self.land.posts))
        mine = who in duty
        rows = list(remarks.asked(stored).order_by("pk"))
        assert [row.status == "done" for row in rows] == [remark.ticked for remark in model.asked()]
        some = random.sample(range(len(rows)), len(rows) if random.random() < 0.8 else 1)
        try:
            remarks.answer(stored, {rows[n].pk: (True, "Đã sửa") for n in some}, by=self.world[who])
        except PermissionDenied:
            assert not mine
            return
        assert mine
        for n in some:
            model.asked()[n].ticked = True

    def open_decision(self, seed: int) -> None:
        random = Random(seed)
        book = self.books[random.choice((2024, 2026) if self.land.reformed else (2024,))]
        compilers = self.land.holders(frozenset({"head_of_division"}), "home")
        who = random.choice(compilers if compilers and random.random() < 0.8 else sorted(self.land.posts))
        allowed = who in compilers and book.year not in self.land.closed
        best, waiting = book.best(), book.waiting()
        try:
            decision = AwardDecision(round=self.world.rounds[book.year])
            stored = engine.open(DecisionFlow, decision, actor=self.world[who])
        except PermissionDenied:
            assert not allowed
            return
        except ValidationError:
            assert allowed and not any(best.values())
            return
        assert allowed
        uids = best_of(best, waiting, standing(stored))
        model = Decision(self.land, "compile", handled=[(who, "appraisal")], book=book)
        model.lines = {uid: Line(uid, waiting[uid]) for uid in uids}
        model.rank(uids)
        book.decisions.append(model)
        book.list_again()
        self.decisions.append((stored, model))

    def close_round(self, seed: int) -> None:
        random = Random(seed)
        book = self.books[random.choice((2024, 2026) if self.land.reformed else (2024,))]
        who = random.choice(("programme_administrator@home", "head_of_division2@home", "appraiser2@home"))
        role = who.split("@")[0].rstrip("2")
        allowed = role != "appraiser" and self.land.holds(who, (role, "home"))
        try:
            engine.close_round(self.world.rounds[book.year], actor=self.world[who])
        except engine.StaleState:
            assert book.year in self.land.closed
            return
        except PermissionDenied:
            assert not allowed
            return
        except ValidationError:
            assert allowed and book.busy()
            return
        assert allowed and not book.busy() and book.year not in self.land.closed
        self.land.closed.add(book.year)
        for file in book.files:
            file.round_closed()

    # what happens to them

    def end_post(self, seed: int) -> None:
        """Somebody's post ends today, more often of one in whose hands a file is: it frees itself."""
        random = Random(seed)
        self.ends += 1
        posts = [(who, post) for who, held in sorted(self.land.posts.items()) for post in sorted(held)
                 if self.land.exists(post[1]) and not who.startswith("new")]  # fmt: skip
        hands = [m.hands[:2] for _s, m in self.open_files() if m.hands and m.assigned()]
        who, (role, place) = random.choice(hands if hands and random.random() < 0.5 else posts)
        if who.startswith("new@"):
            return
        post = Appointment.objects.on(self.today).get(
            officer=self.world[who], role=role, unit=self.world.units[place]
        )
        grants.end_appointment(post, on=self.today)
        self.land.posts[who].discard((role, place))

    def fill_gap(self, seed: int) -> None:
        """Somebody new is appointed where a file waits for nobody."""
        _stored, model = Random(seed).choice(self.gaps())
        place = model.place
        if not self.land.exists(place):
            return
        roles = {role for row in model.acts.values() if row.duty for role in row.roles}
        self.newcomers += 1
        who = f"new{self.newcomers}@{place}"
        self.world.people[who] = Officer.objects.create_user(f"new{self.newcomers}", "Lê Văn Mới")
        self.land.posts[who] = set()
        self._appoint(who, sorted(roles or {"head_of_division"})[0], place, self.today)

    def reform(self) -> None:
        """The legal day moves past 1 July 2025: districts and old communes are no more."""
        self.day.__exit__(None, None, None)
        self._day(w.D2026)
        self.land.reformed = True
