"""The verifier takes no event for what its kind is not, and no act without a post: however well it is chained and sealed."""

from dataclasses import replace

import pytest
from django.db import transaction

from audit import law
from audit.evidence.offline import shapes
from audit.evidence.offline.checking import verify
from history.kinds import KINDS
from history.ledger import Entry, of_stream, record
from tests.audit import bundles

NOBODY = {"actor": "system", "behalf": "", "post": "", "role": "", "unit": ""}
COLUMNS = ("stream", "kind", "actor", "post", "role", "unit", "step", "action", "from_state", "to_state", "content_digest", "data", "automatic")  # fmt: skip


@pytest.fixture
def told(published, tmp_path):
    """Write events behind the back of the write path, bundle the decision (or all): what the verifier says of them."""

    def ask(*entries, row=published):
        with transaction.atomic():
            names = [f"{event.stream} {event.sequence}" for event in map(record, entries)]
        path = tmp_path / "forged.zip"
        path.write_bytes(bundles.bundle(row))
        faults = [(fault.code, fault.where) for fault in verify(str(path))[0].faults]
        assert {where for _code, where in faults} <= set(names)
        return [code for code, _where in faults]

    return ask


@pytest.fixture
def acts(published):
    """The acts of the decision and of one file behind it, by their action, as they could be written once more."""
    file = published.lines.first().nominee.nomination
    found = {}
    for subject in (file, published):
        for event, text in of_stream(subject.stream):
            entry = Entry(text=text, **{name: getattr(event, name) for name in COLUMNS})
            found[event.kind, event.action] = replace(entry, content_digest="")
    return found


@pytest.fixture
def file(acts):
    return acts["nomination.closed", "publish"].stream


def test_an_honest_act_once_more_is_no_fault_of_the_evidence(told, acts):
    """What the law allows is for the replay to say: here it stands beside what is forged below."""
    assert told(acts["decision.acted", "pass"], acts["nomination.closed", "publish"]) == []


@pytest.mark.parametrize(
    "kind", ["ledger.witnessed", "officer.signed_in", "decision.acted", "nomination.read"]
)
def test_a_kind_that_has_no_place_on_a_file(told, acts, kind):
    assert told(replace(acts["nomination.closed", "publish"], kind=kind, **NOBODY)) == ["kind_stream"]


@pytest.mark.parametrize("about", ["procedure", "programme", "round"])
def test_a_reading_that_lays_down_the_law(told, published, about):
    code = published.round.programme.code
    stream = {"programme": f"programme:{code}", "round": f"round:{code}:{published.round.year}"}.get(
        about, about
    )
    forged = Entry(stream=stream, kind="nomination.read", actor="system", data={"routes": [], "quotas": {}})
    assert told(forged) == ["kind_stream"]


@pytest.mark.parametrize("kind", ["decision.recused", "nomination.recused"])
@pytest.mark.parametrize(
    "more",
    [
        {"action": "sign"}, {"to_state": "issue_number"}, {"from_state": "sign"}, {"content_digest": "0" * 64},
        {"data": {"after": {"lines": []}}},
    ],
)  # fmt: skip
def test_a_recusal_that_does_something(told, published, file, kind, more):
    stream = published.stream if kind.startswith("decision") else file
    recused = Entry(stream=stream, kind=kind, actor="system", step="publish", action="recuse")
    assert told(recused, replace(recused, **more)) == ["kind_shape"]


def test_a_recusal_is_none(told, published):
    recused = Entry(
        stream=published.stream, kind="decision.recused", actor="system", step="publish", action="recuse"
    )
    assert told(recused) == []


@pytest.mark.parametrize("more", [{"to_state": "closed"}, {"action": "submit"}, {"content_digest": "0" * 64}])
def test_a_document_that_does_something(told, acts, more):
    assert told(replace(acts["evidence.stored", "attach"], **more)) == ["kind_shape"]


@pytest.mark.parametrize(
    "act",
    [("decision.acted", "sign"), ("decision.opened", "open"), ("nomination.acted", "confirm"), ("nomination.closed", "publish")],
)  # fmt: skip
@pytest.mark.parametrize("post", ["", "nobody's"])
def test_an_act_without_a_post(told, acts, act, post):
    """Also what follows by itself stands in the post of the act that it follows."""
    assert told(replace(acts[act], post=post)) == ["post_unknown"]


def test_a_post_given_where_no_post_is_given(told, acts, published):
    """An appointment among the acts of a file gives nobody a post."""
    forged = Entry(stream=published.stream, kind="appointment.made", actor="system", post="p", role="chairman",
                   data={"from": "2024-01-01", "to": None})  # fmt: skip
    signed = replace(acts["decision.acted", "sign"], actor=published.stream.partition(":")[2], post="p")
    assert told(forged, signed) == ["kind_stream", "post_unknown"]


def test_the_verifier_and_the_law_know_the_same_kinds():
    """The program that goes out has tables of its own."""
    assert shapes.STREAMS == law.STREAMS
    assert set().union(*shapes.STREAMS.values()) == KINDS
    assert shapes.ACTS == law.ACTS
    beside = law.STREAMS["nomination:"] | law.STREAMS["decision:"]
    assert {kind: {action} for kind, action in shapes.BESIDE.items()} == {
        kind: law.CALLED[kind] for kind in beside - law.ACTS
    }
