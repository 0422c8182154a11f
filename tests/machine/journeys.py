"""The country of the state machine: the product and the reference side by side, and an act done in both."""

from collections import Counter
from random import Random

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from history import clock, kinds
from nominations.content import seen_digest
from nominations.models import Quota
from nominations.programme_rows import record_change
from permissions import grants
from permissions.models import UnitSuccessor
from permissions.units import add_successors
from tests import world as w
from tests.machine import reference as ref
from tests.machine.dice import Dice, standing
from tests.machine.reference_decisions import Decision
from tests.machine.reference_round import Book
from tests.machine.reference_subject import Impossible
from workflows import engine

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
        self.dawn(w.D2024)
        self.world = w.build()
        Quota.objects.bulk_update(
            [Quota(pk=quota.pk, count=QUOTA[quota.kind]) for quota in Quota.objects.all()], ["count"]
        )
        for round in self.world.rounds.values():
            record_change(kinds.RULES_CHANGED, round, None, {"quotas": QUOTA})
        units = self.world.units
        add_successors(
            UnitSuccessor(old=units[old], new=units[new], on=w.REFORM, source="NQ 1/2025")
            for old, news in ref.SUCCESSORS.items()
            for new in news
        )
        posts = {who: {(who.split("@")[0].rstrip("2"), who.split("@")[1])} for who in self.world.people}
        self.land = ref.Land(posts, QUOTA)
        for who, role, place in SECOND_POSTS:
            self.appoint(who, role, place, w.OLD)
        self.books = {year: Book(self.land, year) for year in (2024, 2026)}
        self.files: list[tuple] = []
        self.decisions: list[tuple] = []
        self.photographs: dict[tuple[str, int], dict] = {}  # (stream, sequence) → as the tables stood
        self.walked: Counter[tuple[str, ...]] = Counter()
        self.ends = self.newcomers = 0
        self.because: Exception | None = None  # the last refusal of the engine

    def close(self) -> None:
        self.day.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def dawn(self, day) -> None:
        self.today, self.day = day, clock.legal_day(day)
        self.day.__enter__()

    def appoint(self, who: str, role: str, place: str, start) -> None:
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

    def do(self, stored, model, who: str, action: str, random: Random) -> None:
        """Do it in the product, follow it in the reference, compare what came of it."""
        stored.refresh_from_db()
        payload, choice = Dice(self.world, random).ask(stored, model, action)
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
