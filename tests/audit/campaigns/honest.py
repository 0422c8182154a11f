"""An honest history with everything in it that can be tampered with: what campaigns begin from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings

from audit import indexing
from history import checkpoints, clock, keys
from nominations import evidence, separation_rules
from nominations.models import AwardDecision, Evidence, Nomination
from nominations.states import DecisionState, State
from permissions import accounts, appointing, delegations, grants, ties
from permissions.models import Appointment, Delegation, Officer
from tests import world as w
from tests.conftest import cloned
from workflows import recusing

REMARK = {"remarks": [{"text": "Bổ sung biên bản"}]}
OPINION = {"body": "Công an tỉnh", "question": "Tập thể có vi phạm không?", "answer_by": "19/11/2024"}


@dataclass
class Honest:
    """The world, the files by what became of them, and where the operator keeps what is outside the database."""

    world: w.World
    folder: Path
    files: dict[str, Nomination] = field(default_factory=dict)
    decisions: dict[str, AwardDecision] = field(default_factory=dict)
    lent: dict[str, Delegation] = field(default_factory=dict)
    posts: dict[str, Appointment] = field(default_factory=dict)


@contextmanager
def standing(folder: Path) -> Iterator[Honest]:
    """Make it in a database of its own, on the legal day of 2024, with files under `folder`."""
    ledger = folder / "ledger"
    files = {"LEDGER_KEY_FILE": ledger / "key.pem", "LEDGER_WITNESS_FILE": ledger / "witness.jsonl"}
    with override_settings(MEDIA_ROOT=folder / "media", **files), cloned(), clock.legal_day(w.D2024):
        honest = Honest(w.build(), folder)
        _people(honest)
        checkpoints.make()
        _ways_back(honest)
        checkpoints.make()
        keys.rotate(by="console")
        _decided(honest)
        checkpoints.make()
        _open(honest)
        _near(honest)
        checkpoints.make()
        indexing.catch_up()
        _not_yet_sealed(honest)
        yield honest


def draft(world: w.World, unit: str = "commune", nominees: int | list = 1) -> Nomination:
    """A complete draft whose documents came as uploads, with bytes of their own."""
    file = w.complete_draft(world, unit, nominees)
    Evidence.objects.filter(nomination=file).delete()
    for kind in ("letter", "minutes"):
        attach(file, kind, world[f"clerk@{unit}"])
    return file


def attach(file: Nomination, kind: str, clerk: Officer) -> None:
    """Upload a document with bytes of its own."""
    pdf = b"%%PDF-1.4\n%% %s of %d\n%%%%EOF\n" % (kind.encode(), file.pk)
    evidence.attach(file, SimpleUploadedFile(f"{kind}.pdf", pdf), kind=kind, by=clerk)


def at(honest: Honest, name: str, state: str, unit: str = "commune", nominees: int | list = 1) -> Nomination:
    """A file of `unit` that was walked to `state`, kept under `name`."""
    honest.files[name] = w.walk(honest.world, draft(honest.world, unit, nominees), state)
    return honest.files[name]


def lend(world: w.World, giver: str, taker: str, *rights: str) -> Delegation:
    post = world.post(giver)
    return delegations.give(
        post, world.post(taker), rights, valid_from=w.D2024, valid_to=w.D2024 + timedelta(days=5),
        reason="Đi công tác", document="GUQ 5", by=post.officer,
    )  # fmt: skip


@transaction.atomic
def _people(honest: Honest) -> None:
    """Posts given, proposed, confirmed and ended; delegations that hold and one that was revoked; a tie; a rule."""
    world, first = honest.world, honest.world["system_administrator@province"]
    given = {"position": "Chức vụ", "document": "QĐ 77", "valid_from": w.D2024}
    for name in ("second", "third"):
        world.people[name] = Officer.objects.create_user(name, f"Quản Trị {name}")
        honest.posts[name] = grants.appoint(
            world[name], "system_administrator", world.units["province"], **given
        )
    for name in ("newcomer", "gone", "away", "later"):
        world.people[name] = Officer.objects.create_user(name, f"Lê Thị {name}")
    pending = appointing.appoint(world["newcomer"], "deputy_director", world.units["home"], by=first, **given)
    honest.posts["newcomer"] = appointing.confirm(pending, by=world["second"])
    honest.posts["gone"] = appointing.appoint(
        world["gone"], "reviewer", world.units["district"], by=first, **given
    )
    appointing.end(honest.posts["gone"], on=w.D2024, reason="Chuyển công tác", by=first)
    accounts.suspend(world["gone"], reason="Nghỉ việc", by=first)
    for name, day in (("away", w.D2024), ("later", w.D2024 + timedelta(days=1))):
        honest.posts[name] = appointing.appoint(
            world[name], "reviewer", world.units["district"], by=first, **{**given, "valid_from": day}
        )
    accounts.suspend(world["away"], reason="Đình chỉ công tác", by=first)
    honest.lent["confirm"] = lend(world, "head_of_division@home", "clerk@home", "confirm")
    honest.lent["revoked"] = lend(world, "head_of_division@home", "clerk@home", "compile")
    delegations.end(honest.lent["revoked"], by=world["head_of_division@home"])
    ties.declare(world["reviewer2@district"], "spouse", "Trần Văn B", other=world["clerk2@commune"])
    separation_rules.end(
        "same_post", on=w.D2024 + timedelta(days=1), legal_basis="QĐ 9", by=world["programme_administrator@home"]
    )  # fmt: skip


def _ways_back(honest: Honest) -> None:
    """Files that were returned, supplemented, asked about elsewhere, taken back, withdrawn, rejected; one that somebody keeps away from."""
    world = honest.world
    file = at(honest, "returned", State.REVIEW)
    recusing.recuse(file, world["reviewer2@district"], "Là bạn học cũ")
    w.act(file, "return", world["reviewer@district"], **REMARK)
    w.walk(world, file, State.REVIEW)
    file = at(honest, "supplemented", State.INTAKE, "department")
    w.act(file, "request_supplement", world["intake_officer@home"], **REMARK)
    w.walk(world, file, State.APPRAISE)
    w.act(file, "claim", world["appraiser@home"])
    file = at(honest, "asked", State.APPRAISE, "department")
    for body in ("Công an tỉnh", "Cục Thuế tỉnh"):
        w.act(file, "ask_opinion", world["appraiser@home"], **OPINION | {"body": body})
    answer = {"answer": "agrees", "letter_number": "88/CAT", "letter_date": "05/11/2024"}
    w.act(file, "record_opinion", world["appraiser@home"], opinion=str(file.opinions.first().uid), **answer)
    w.act(at(honest, "withdrawn", State.REVIEW), "withdraw", world["unit_head@commune"], note="Trùng hồ sơ")
    file = at(honest, "rejected", State.REVIEW)
    w.act(file, "recall", world["unit_head@commune"])
    w.walk(world, file, State.REVIEW)
    w.act(file, "reject", world["reviewer@district"], code="incomplete", note="Thiếu")


def _decided(honest: Honest) -> None:
    """A decision with two files behind it, one of them confirmed under a delegation, walked to its publication."""
    world = honest.world
    at(honest, "published", State.AWAIT_DECISION, nominees=2)
    file = at(honest, "lent", State.CONFIRM)
    w.act(file, "confirm", world["clerk@home"], post=world.post("head_of_division@home"))
    honest.decisions["published"] = w.decision(world, DecisionState.PUBLISHED)


def _open(honest: Honest) -> None:
    """What waits: a decision for its signature, files at every step."""
    at(honest, "waiting", State.AWAIT_DECISION)
    honest.decisions["open"] = w.decision(honest.world, DecisionState.SIGN)
    at(honest, "struck", State.AWAIT_DECISION, nominees=2)
    decision = w.decision(honest.world, DecisionState.SIGN)
    line = decision.lines.first()
    strikes = {str(line.nominee.uid): "Đang xem xét kỷ luật"}
    honest.decisions["signed"] = w.act(decision, "sign", honest.world["chairman@province"], strikes=strikes)
    at(honest, "left", State.AWAIT_DECISION)
    abandoned = w.decision(honest.world)
    honest.decisions["abandoned"] = w.act(
        abandoned, "abandon", honest.world["head_of_division@home"], note="Lập lại"
    )
    honest.decisions["submitted"] = w.decision(honest.world, DecisionState.SUBMIT)
    for state in (State.DRAFT, State.SIGN_PROPOSAL, State.REVIEW, State.INTAKE, State.CONFIRM):
        at(honest, state, state)


def _near(honest: Honest) -> None:
    """Files under review whose nominees stand near to somebody who could review them."""
    world = honest.world
    nominees = {
        "own": {"officer": world["reviewer2@district"]},
        "near": {"officer": world["clerk2@commune"]},
        "member": {"kind": "collective", "body": world.units["district"]},
    }
    for name, given in nominees.items():
        at(honest, name, State.REVIEW, nominees=[given])


def _not_yet_sealed(honest: Honest) -> None:
    """The last acts wait for their place in the log."""
    w.walk(honest.world, honest.files[State.REVIEW], State.ENDORSE)
