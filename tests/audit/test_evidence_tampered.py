"""Whoever changes a bundle is found out, and told at which event."""

import copy
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.evidence.offline.checking import verify
from history.canonical import canonical
from tests.audit import bundles
from tests.audit.bundles import lines, place, with_lines


@pytest.fixture
def found(tmp_path):
    """The first fault of a bundle, as (code, where); None when there is none."""

    def ask(members):
        path = tmp_path / "changed.zip"
        path.write_bytes(bundles.packed(members) if isinstance(members, dict) else members)
        verdict, _notes = verify(str(path))
        return (verdict.faults[0].code, verdict.faults[0].where) if verdict.faults else None

    return ask


@pytest.fixture
def members(genuine):
    return bundles.unpacked(genuine)


@pytest.fixture
def stream(members):
    return json.loads(members["manifest.json"])["subject"]["stream"]


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_the_genuine_one_is_sound(found, genuine, members):
    assert found(genuine) is None
    assert found(members) is None  # packed by somebody else, which changes no member


def test_a_byte_flipped_in_any_member(found, members):
    for name, data in members.items():
        for at in {0, len(data) // 3, len(data) // 2, len(data) - 2}:
            assert found(members | {name: flipped(data, at)}), (name, at)


def test_a_byte_flipped_in_the_zip_itself(found, genuine, members):
    for at in range(0, len(genuine), 211):
        changed = flipped(genuine, at)
        # Harmless is only what no reader looks at, such as the moment of a member: it reads the same.
        assert found(changed) or bundles.unpacked(changed) == members, at


def test_a_member_taken_out(found, members):
    for name in members:
        assert found({other: data for other, data in members.items() if other != name}), name


def test_a_byte_flipped_in_a_document_names_its_event(found, members):
    for name in [name for name in members if name.startswith("attachments/")]:
        code, where = found(members | {name: flipped(members[name], 20)})
        stored = next(
            line["event"]
            for line in lines(members)
            if line["event"]["data"].get("sha256") == name.removeprefix("attachments/")
        )
        assert (code, where) == ("attachment_changed", f"{stored['stream']} {stored['sequence']}")
        without = {other: data for other, data in members.items() if other != name}
        assert found(without) == ("attachment_missing", where)


def test_a_word_changed_in_a_content_names_the_event_that_froze_it(found, members):
    for name in [name for name in members if name.startswith("contents/")]:
        code, where = found(members | {name: members[name].replace("Nguyễn".encode(), "Nguyên".encode(), 1)})
        digest = name.removeprefix("contents/").removesuffix(".json")
        froze = next(line["event"] for line in lines(members) if line["event"]["content_digest"] == digest)
        assert (code, where) == ("content_changed", f"{froze['stream']} {froze['sequence']}")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda line: line["event"].update(actor="another"), "not_in_log"),
        (lambda line: line["event"].update(at="2024-11-05T00:00:00.000000Z"), "not_in_log"),
        (lambda line: line["event"]["data"].update(revision=99), "not_in_log"),
        (lambda line: line["event"].update(previous="0" * 64), "not_in_log"),
        (lambda line: line["text"]["body"].update(actor="Người Khác"), "text_changed"),
        (lambda line: line["text"].update(salt="0" * 32), "text_changed"),
        (lambda line: line.update(text=None), "text_missing"),
        (lambda line: line.update(proof=line["proof"][1:]), "not_in_log"),
        (lambda line: line["proof"].reverse(), "not_in_log"),
        (lambda line: line.update(leaf=line["leaf"] - 1), "order"),
    ],
)
def test_an_event_that_was_changed_is_named(found, members, stream, change, code):
    def at_the_fourth(found_lines):
        change(found_lines[place(found_lines, stream, 4)])

    assert found(with_lines(members, at_the_fourth)) == (code, f"{stream} 4")


def test_an_event_taken_out_is_missed_by_the_next_one(found, members, stream):
    def without(found_lines):
        del found_lines[place(found_lines, stream, 3)]

    assert found(with_lines(members, without)) == ("gap", f"{stream} 4")


def test_the_last_event_taken_out_is_missed(found, members, stream):
    last = json.loads(members["manifest.json"])["streams"][stream]

    def without(found_lines):
        del found_lines[place(found_lines, stream, last)]

    assert found(with_lines(members, without)) == ("stream_end", f"{stream} {last}")


def test_who_hides_the_last_event_in_the_manifest_too_cannot_sign_it(found, members, stream):
    changed = with_lines(
        members,
        lambda found_lines: found_lines.pop(place(found_lines, stream, _last(members, stream))) and None,
    )
    assert found(
        _retold(changed, lambda manifest: manifest["streams"].update({stream: _last(members, stream) - 1}))
    ) == (
        "manifest_signature",
        "manifest.json",
    )


def test_two_events_swapped_are_named(found, members, stream):
    def swap(found_lines):
        one, two = place(found_lines, stream, 3), place(found_lines, stream, 4)
        found_lines[one], found_lines[two] = found_lines[two], found_lines[one]

    assert found(with_lines(members, swap)) == ("gap", f"{stream} 4")

    def swap_places(found_lines):
        one, two = (found_lines[place(found_lines, stream, number)] for number in (3, 4))
        one["event"]["sequence"], two["event"]["sequence"] = 4, 3

    assert found(with_lines(members, swap_places)) == ("not_in_log", f"{stream} 4")


def test_the_post_of_an_act_cannot_be_left_out(found, members, stream):
    signed = next(line["event"] for line in lines(members) if line["event"]["action"] == "sign")

    def without(found_lines):
        return [
            line
            for line in found_lines
            if not (line["event"]["kind"] == "appointment.made" and line["event"]["post"] == signed["post"])
        ]

    assert found(with_lines(members, without)) == ("post_unknown", f"{stream} {signed['sequence']}")


def test_a_file_behind_the_list_cannot_be_left_out(found, members):
    file = next(
        line["event"]["stream"]
        for line in lines(members)
        if line["event"]["stream"].startswith("nomination:")
    )
    changed = with_lines(members, lambda all_: [line for line in all_ if line["event"]["stream"] != file])
    code, where = found(_retold(changed, lambda manifest: manifest["streams"].pop(file)))
    assert (code, where.startswith("decision:")) == ("file_missing", True)


def test_a_checkpoint_forged_by_another_key(found, members):
    """The log's own events name the key: nobody else's signature counts."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    made = [json.loads(line) for line in members["checkpoints.jsonl"].splitlines()]
    note = made[-1]["note"]
    note |= {"root": "0" * 64, "key": hashlib.sha256(public).hexdigest()}
    unsigned = {name: value for name, value in note.items() if name != "signature"}
    note["signature"] = key.sign(canonical(unsigned)).hex()
    text = b"".join(canonical(item) + b"\n" for item in made)
    code, _where = found(members | {"checkpoints.jsonl": text})
    assert code == "not_in_log"
    genuine_root = json.loads(members["checkpoints.jsonl"].splitlines()[-1])["note"]["root"]
    note["root"] = genuine_root
    unsigned["root"] = genuine_root
    note["signature"] = key.sign(canonical(unsigned)).hex()
    text = b"".join(canonical(item) + b"\n" for item in made)
    assert found(members | {"checkpoints.jsonl": text}) == ("checkpoint_key", f"checkpoint {note['number']}")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"size": 1}, "not_in_log"),
        ({"log": "Elsewhere"}, "checkpoint_key"),
        ({"at": "2030-01-01T00:00:00.000000Z"}, "checkpoint_signature"),
        ({"signature": "0" * 128}, "checkpoint_signature"),
    ],
)
def test_a_checkpoint_that_was_changed(found, members, change, code):
    made = [json.loads(line) for line in members["checkpoints.jsonl"].splitlines()]
    made[-1]["note"] |= change
    text = b"".join(canonical(item) + b"\n" for item in made)
    assert found(members | {"checkpoints.jsonl": text})[0] == code


def _last(members, stream):
    return json.loads(members["manifest.json"])["streams"][stream]


def _retold(members, change):
    """The manifest rewritten to fit: all that a forger without the key can do."""
    manifest = copy.deepcopy(json.loads(members["manifest.json"]))
    change(manifest)
    for name in manifest["members"]:
        data = members[name]
        manifest["members"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    return members | {"manifest.json": canonical(manifest)}
