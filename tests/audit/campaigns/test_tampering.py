"""Whoever owns the database changes something, with triggers off: verification finds all of it, and names it."""

from collections import Counter
from fnmatch import fnmatchcase
from itertools import cycle, groupby, islice
from random import Random

import pytest

from audit import standing, standing_index, verification
from history.report import Report
from history.verifying import verify
from tests.audit.campaigns import documents, tampering
from tests.audit.campaigns.attacker import Refused, undone


def verified(whole: bool = True) -> Report:
    """Everything that a full verification looks at; if not `whole`, the tables only where nothing was found before."""
    if whole:
        return verification.run(replayed=True)[1]
    report = verify()
    if report.sound:
        standing.check(report)
        standing_index.check(report)
    return report


def judge(honest, kind: tampering.Kind, seed: str, whole: bool) -> str:
    """Tamper once; return "" when it was found and named, else what was wrong with that."""
    with documents.kept(honest), undone():
        try:
            named = kind(honest, Random(seed))
        except Refused:
            return "refused by the constraints of the database"
        report = verified(whole)
    if report.sound:
        return "not found"
    if not any(fnmatchcase(fault.where, pattern) for fault in report.faults for pattern in named):
        return f"none of {named} was named: {[str(fault) for fault in report.faults]}"
    return ""


def campaign(honest, kinds: dict[str, tampering.Kind], count: int, seed: int, whole: bool = True) -> None:
    """Each of `kinds` in turn, `count` mutations in all."""
    wrong, done = {}, Counter()
    for number, (name, kind) in enumerate(islice(cycle(sorted(kinds.items())), count)):
        done[name.partition(".")[0]] += 1
        problem = judge(honest, kind, f"{seed} {number}", whole or "history_event" in name)
        if problem:
            wrong[f"{name} ({seed} {number})"] = problem
    print(f"\n{count} mutations of {len(kinds)} kinds, {count - len(wrong)} found and named: {dict(done)}")
    assert not wrong, "\n".join(f"{name}: {problem}" for name, problem in wrong.items())
    assert verified().sound, "everything was undone"


@pytest.fixture
def seed(request) -> int:
    return request.config.getoption("--hypothesis-seed")


def test_the_honest_history_is_sound(honest):
    assert verified().faults == []


def test_tampering_in_every_table_and_every_way_is_found_and_named(honest, seed):
    """One column of each table by chance, and every other way once."""
    random, kinds = Random(seed), tampering.kinds()
    flips = {name: kind for name, kind in kinds.items() if name.startswith("flip")}
    tables = groupby(sorted(flips), key=lambda name: name.partition(".")[0])
    chosen = {random.choice(list(names)) for _table, names in tables}
    some = {name: kind for name, kind in kinds.items() if name not in flips or name in chosen}
    campaign(honest, some, len(some), seed, whole=False)


@pytest.mark.proof
def test_a_thousand_mutations_are_found_and_named(honest, seed, request):
    """Every column of the ledger and every compared one, and every other way, in turn."""
    campaign(honest, tampering.kinds(), request.config.getoption("--tampering"), seed)
