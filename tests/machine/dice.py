"""What is asked for with an act: chosen by dice, mostly sensible, as the reference and as the engine name it."""

from collections.abc import Callable
from random import Random
from typing import Any

from history import clock
from nominations.models import AwardDecision, Nomination
from tests import world as w
from tests.machine import reference as ref
from tests.machine.reference_decisions import Decision
from tests.machine.reference_files import File
from tests.machine.reference_round import Line

Asked = tuple[dict[str, Any], dict[str, Any]]  # payload of the engine, choice of the reference
NOT_STOPS = ("draft", "endorse", "supplement", "confirm", "closed", "")


class Dice:
    """The choices of one act; `world` names people and places."""

    def __init__(self, world: w.World, random: Random):
        self.world, self.random = world, random

    def sensible(self) -> bool:
        return self.random.random() < 0.9

    def one_of(self, likely: list, others: list) -> Any:
        return self.random.choice(likely if likely and (self.sensible() or not others) else others)

    def ask(self, stored: Nomination | AwardDecision, model: File | Decision, action: str) -> Asked:
        """Return what the act asks for, and the same as the reference names it."""
        asks: dict[str, Callable[[Any, Any, str], Asked]] = {
            "return": self.give_back,
            "send_back": self.give_back,
            "request_supplement": self.give_back,
            "reroute": self.body,
            "wrong_route": self.body,
            "hand_over": self.successor,
            "assign": self.officer,
            "conclude": self.conclude,
            "ask_opinion": self.ask_opinion,
            "record_opinion": self.record_opinion,
            "settle_tie": self.tie,
            "reorder": self.place,
            "leave_off": self.line,
            "recall_nominee": self.line,
            "restore": self.line,
            "refill": self.refill,
            "sign": self.strikes,
        }
        here = model.acts.get(action) is not None
        payload, choice = asks[action](stored, model, action) if here and action in asks else ({}, {})
        note = "Lý do" if self.random.random() < 0.97 else ""
        return {"note": note, "code": "below_standard", **payload}, {"note": bool(note), **choice}

    # on files

    def give_back(self, stored: Any, model: Any, action: str) -> Asked:
        if isinstance(model, Decision):
            return self.decision_back(stored, model)
        stops = [] if action == "request_supplement" else [stop[0] for stop in model.stops(action)]
        wrong = sorted(set(NOT_STOPS) - set(stops) - {""})
        to = self.one_of(stops, wrong)
        about = ["", "summary", *(f"nominee:{uid}" for uid in model.nominees)]
        count = self.random.choice((1, 1, 1, 2, 3)) if self.sensible() else 0
        items = [{"about": self.random.choice(about), "text": "Bổ sung"} for _ in range(count)]
        return {"to": to, "remarks": items}, {"to": to, "remarks": count}

    def body(self, stored: Any, model: Any, action: str) -> Asked:
        bodies = sorted(ref.BODIES[model.land.reformed])
        if action == "reroute" and model.state != "intake":
            bodies += [""] * len(bodies)
        place = self.one_of(bodies, [*sorted(self.world.units), ""])
        return {"unit": str(self.world.units[place].pk) if place else ""}, {"place": place}

    def successor(self, stored: Any, model: Any, action: str) -> Asked:
        place = self.one_of(ref.SUCCESSORS.get(model.unit, []), sorted(self.world.units))
        return {"unit": str(self.world.units[place].pk)}, {"place": place}

    def officer(self, stored: Any, model: Any, action: str) -> Asked:
        who = self.one_of(model.able(), sorted(model.land.posts))
        return {"assignee": str(self.world[who].uid)}, {"officer": who}

    def conclude(self, stored: Any, model: Any, action: str) -> Asked:
        payload = w.appraisal(self.world, stored)
        choice = {}
        best = sum(criterion.max_points for criterion in self.world.criteria)
        first = self.world.criteria[0].code
        for uid, entry in payload["nominees"].items():
            less = self.random.randrange(3)
            entry["points"] = {**entry["points"], first: entry["points"][first] - less}
            eligible = self.random.random() < 0.85
            if not eligible:
                entry |= {"assessment": "ineligible", "code": "below_standard", "note": "Không đủ điều kiện"}
            choice[uid] = ("eligible" if eligible else "ineligible", best - less)
        return payload, choice

    def ask_opinion(self, stored: Any, model: Any, action: str) -> Asked:
        whole = self.sensible()
        payload = {
            "body": "Công an tỉnh",
            "question": "Có vi phạm không?" if whole else "",
            "answer_by": clock.today().isoformat(),
        }
        return payload, {"whole": whole}

    def record_opinion(self, stored: Any, model: Any, action: str) -> Asked:
        open_ones = [n for n, opinion in enumerate(model.opinions) if opinion.open]
        which = self.one_of(open_ones, [*range(len(model.opinions)), None])
        answer, whole = self.random.choice(("agrees", "disagrees", "none")), self.sensible()
        letter = (answer == "none") != whole
        given = {"letter_number": "12/CAT", "letter_date": "04/11/2024"} if letter else {}
        uid = "" if which is None else str(stored.opinions.order_by("pk")[which].uid)
        payload = {"opinion": uid, "answer": answer, "said": "Có ý kiến", **given}
        return payload, {"which": which, "answer": answer, "whole": whole}

    # on decisions

    def decision_back(self, stored: Any, model: Decision) -> Asked:
        to = self.one_of(["compile", "check"] if model.state == "sign" else ["compile"], ["sign", "publish"])
        lines = [line.uid for line in model.lines.values() if line.on_the_list]
        about = self.random.sample(lines, self.random.randrange(min(3, len(lines) + 1)))
        items = [{"about": uid, "text": "Kiểm tra lại"} for uid in about]
        return {"to": to, "remarks": items}, {"to": to, "remarks": 1 + len(items)}

    def tie(self, stored: Any, model: Decision, action: str) -> Asked:
        ties = model.ties()
        chosen: list[str] = []
        if ties:
            places, members = self.random.choice(ties)
            count = places if self.sensible() else places - 1
            chosen = self.random.sample(sorted(members), count)
        elif model.lines:
            chosen = [self.random.choice(sorted(model.lines))]
        return {"chosen": chosen}, {"chosen": chosen}

    def place(self, stored: Any, model: Decision, action: str) -> Asked:
        pairs = [(a.uid, b.uid) for a in model.standing() for b in model.equals(a)]
        uids = sorted(model.lines)
        line, there = self.one_of(pairs, [(self.random.choice(uids), self.random.choice(uids))])
        rank = stored.lines.get(nominee__uid=there).rank
        equals = model.equals(model.lines[line])
        by_rank = {item.rank: str(item.nominee.uid) for item in stored.lines.filter(live=True).select_related("nominee")
                   if str(item.nominee.uid) in {other.uid for other in equals}}  # fmt: skip
        return {"line": line, "place": rank}, {"line": line, "there": by_rank.get(rank, "")}

    def line(self, stored: Any, model: Decision, action: str) -> Asked:
        wanted: Callable[[Line], bool] = (
            (lambda line: line.left_off) if action == "restore" else (lambda line: line.live)
        )
        likely = [line.uid for line in model.lines.values() if wanted(line)]
        uid = self.one_of(likely, [*sorted(model.lines), ""])
        return {"line": uid}, {"line": uid}

    def refill(self, stored: Any, model: Decision, action: str) -> Asked:
        before = {line.uid for line in model.standing()}
        return {}, {"added": lambda: [uid for uid in standing(stored) if uid not in before]}

    def strikes(self, stored: Any, model: Decision, action: str) -> Asked:
        live = sorted(line.uid for line in model.standing())
        count = self.random.randint(0, len(live)) if self.random.random() < 0.4 else 0
        struck = {uid: self.random.random() < 0.5 for uid in self.random.sample(live, count)}
        payload = {
            "strikes": dict.fromkeys(struck, "Lý do"),
            "back": [uid for uid, back in struck.items() if back],
        }
        return payload, {"strikes": struck}


def standing(stored: AwardDecision) -> list[str]:
    """The nominees who stand on the stored list, by kind and rank."""
    lines = stored.lines.filter(live=True).order_by("nominee__kind", "rank")
    return [str(uid) for uid in lines.values_list("nominee__uid", flat=True)]
