"""An insider who writes events straight into the ledger: chain, log and names right, the act not."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from history.ledger import Entry, of_stream, record
from history.models import Event
from nominations import separation_rules
from nominations.models import AwardDecision
from permissions import accounts, appointing, delegations, ties
from permissions.models import Appointment, Officer
from tests import world as w
from tests.audit.campaigns import honest as h
from tests.audit.campaigns.attacker import rolled_back
from workflows import recusing

COLUMNS = (
    "stream", "kind", "actor", "behalf", "post", "role", "unit", "step", "action", "from_state", "to_state",
    "reason_code", "content_digest", "data", "automatic",
)  # fmt: skip


@dataclass
class Insider:
    """Somebody with access to the database, a die, and the entries that the system itself would write next."""

    honest: h.Honest
    random: Random
    lawful: dict[str, Entry]

    def entry(self, name: str, **instead: Any) -> Entry:
        """The lawful entry of this name, with something changed in it."""
        return replace(self.lawful[name], **instead)

    def some(self, *names: str) -> Entry:
        return self.lawful[self.random.choice(names)]

    def post(self, post: Appointment, **more: Any) -> dict[str, Any]:
        """The fields of an act done in a post by its holder."""
        own = {
            "actor": str(post.officer.uid),
            "post": str(post.uid),
            "role": post.role,
            "unit": post.unit.code,
        }
        return {**own, **more}

    def someone(self, *but: str) -> str:
        """An officer other than those."""
        uids = sorted(str(uid) for uid in Officer.objects.values_list("uid", flat=True))
        return self.random.choice([uid for uid in uids if uid not in but])

    def a_post(self, **where: Any) -> Appointment:
        """A post held today, drawn among those that fit."""
        found = Appointment.objects.on(w.D2024).filter(officer__is_active=True, **where)
        return self.random.choice(list(found.select_related("officer", "unit").order_by("pk")))

    def write(self, *entries: Entry) -> str:
        """Write events as the system would; return the name of the last."""
        return [f"{event.stream} {event.sequence}" for event in map(record, entries)][-1]


# What the system wrote before some of them.
BEFORE = {"abandon": ("return decision",), "open decision": ("return decision", "abandon")}


def lawful(honest: h.Honest) -> dict[str, Entry]:
    """Return what the system itself writes next, act by act: done through the engine, read, and rolled back."""
    found = {}
    for name, act in {**_acts(honest), **_offices(honest)}.items():
        with rolled_back():
            before = set(Event.objects.values_list("pk", flat=True))
            act()
            told = Event.objects.exclude(pk__in=before).order_by("pk").last()
            text = next(text for event, text in of_stream(told.stream) if event.pk == told.pk)
            found[name] = Entry(text=text, **{column: getattr(told, column) for column in COLUMNS})
    return found


def _acts(honest: h.Honest) -> dict[str, Callable[[], Any]]:
    world, files, decisions = honest.world, honest.files, honest.decisions

    def act(subject: Any, action: str, who: str, **payload: Any) -> Callable[[], Any]:
        return lambda: w.act(subject, action, world[who], **payload)

    note = {"note": "Lý do"}
    head = world.post("head_of_division@home")
    return {
        "open": lambda: w.complete_draft(world),
        "attach": lambda: h.attach(files["draft"], "other", world["clerk@commune"]),
        "propose": act(files["draft"], "propose", "clerk@commune"),
        "submit": act(files["sign_proposal"], "submit", "unit_head@commune"),
        "forward": act(files["near"], "forward", "reviewer@district"),
        "return": act(files["near"], "return", "reviewer@district", **h.REMARK),
        "reject": act(files["near"], "reject", "reviewer@district", code="incomplete", note="Thiếu"),
        "forward own": act(files["own"], "forward", "reviewer@district"),
        "forward returned": act(files["returned"], "forward", "reviewer@district"),
        "claim": act(files["near"], "claim", "reviewer@district"),
        "endorse": act(files["review"], "endorse", "body_head@district"),
        "accept": act(files["intake"], "accept", "intake_officer@home"),
        "supplement": act(files["intake"], "request_supplement", "intake_officer@home", **h.REMARK),
        "withdraw": act(files["intake"], "withdraw", "unit_head@commune", **note),
        "recall": act(files["intake"], "recall", "body_head@district"),
        "assign": act(files["intake"], "assign", "head_of_division@home", assignee=str(world["intake_officer2@home"].uid)),
        "conclude": lambda: w.act(
            files["supplemented"], "conclude", world["appraiser@home"], **w.appraisal(world, files["supplemented"])
        ),
        "ask opinion": act(files["supplemented"], "ask_opinion", "appraiser@home", **h.OPINION),
        "record opinion": act(
            files["asked"], "record_opinion", "appraiser@home", opinion=str(files["asked"].opinions.last().uid),
            answer="disagrees", said="Đang bị thanh tra", letter_number="9/CT", letter_date="05/11/2024",
        ),
        "confirm": act(files["confirm"], "confirm", "head_of_division@home"),
        "confirm lent": lambda: w.act(files["confirm"], "confirm", world["clerk@home"], post=head),
        "submit decision": act(decisions["submitted"], "submit", "director@home"),
        "return decision": act(decisions["submitted"], "return", "director@home", to="compile", **note),
        "sign": act(decisions["open"], "sign", "chairman@province"),
        "issue": act(decisions["signed"], "issue_number", "records_clerk@office"),
        "abandon": lambda: _abandon(world, decisions["submitted"]),
        "open decision": lambda: (_abandon(world, decisions["submitted"]), w.decision(world)),
        "recuse": lambda: recusing.recuse(files["near"], world["reviewer2@district"], "Em ruột"),
    }  # fmt: skip


def _abandon(world: w.World, decision: AwardDecision) -> None:
    w.act(decision, "return", world["director@home"], to="compile", note="Lý do")
    w.act(decision, "abandon", world["head_of_division@home"], note="Lý do")


def _offices(honest: h.Honest) -> dict[str, Callable[[], Any]]:
    world, first = honest.world, honest.world["system_administrator@province"]
    given = {"position": "Chức vụ", "document": "QĐ 78", "valid_from": w.D2024, "by": first}
    tomorrow = w.D2024 + timedelta(days=1)
    rules = {"legal_basis": "QĐ 9", "by": world["programme_administrator@home"]}
    tie = world["reviewer2@district"].ties.get()
    return {
        "appoint": lambda: appointing.appoint(world["newcomer"], "clerk", world.units["home"], **given),
        "appoint decisive": lambda: appointing.appoint(
            world["newcomer"], "chairman", world.units["province"], **given
        ),
        "end post": lambda: appointing.end(
            world.post("clerk2@commune"), on=w.D2024, reason="Nghỉ hưu", by=first
        ),
        "suspend": lambda: accounts.suspend(world["newcomer"], reason="Đình chỉ", by=first),
        "lend": lambda: h.lend(world, "head_of_division@home", "clerk@home", "compile", "confirm"),
        "end lent": lambda: delegations.end(honest.lent["confirm"], by=world["head_of_division@home"]),
        "tie": lambda: ties.declare(world["appraiser@home"], "spouse", "Lê B", other=world["clerk@base"]),
        "end tie": lambda: ties.end(tie, reason="Ly hôn", by=first),
        "end rule": lambda: separation_rules.end("two_levels", on=tomorrow, **rules),
    }


def uid() -> str:
    return str(uuid.uuid4())
