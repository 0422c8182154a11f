"""The fixtures of the core, and a decision with real documents for the evidence."""

import pytest

from nominations.states import DecisionState, State
from tests import world as w
from tests.audit import bundles
from tests.fixtures import in_2024, in_2026, world

__all__ = ["in_2024", "in_2026", "world"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def published(world, in_2024):
    """A published decision over two files with their documents; one nominee was struck out."""
    w.walk(world, bundles.draft(world, nominees=2), State.AWAIT_DECISION)
    w.walk(world, bundles.draft(world, "school"), State.AWAIT_DECISION, points=3)
    decision = w.decision(world, DecisionState.SIGN)
    struck = decision.lines.order_by("rank").last().nominee
    w.act(decision, "sign", world["chairman@province"], strikes={str(struck.uid): "Đang xem xét kỷ luật"})
    return w.walk(world, decision, DecisionState.PUBLISHED)


_kept: dict[str, bytes] = {}


@pytest.fixture
def genuine(request, tmp_path_factory) -> bytes:
    """The bundle of such a decision, made once: whoever changes it needs no database."""
    if "genuine" not in _kept:
        _kept["genuine"] = bundles.bundle(request.getfixturevalue("published"))
    return _kept["genuine"]
