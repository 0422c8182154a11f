"""Whatever the verifier is given, it answers with a verdict: nothing crashes it, nothing is unpacked."""

import io
import json
import os
import zipfile

import pytest

from audit.evidence.offline import main as command
from audit.evidence.offline.checking import verify
from history.canonical import canonical
from tests.audit import bundles

DEEP = b"[" * 200_000 + b"]" * 200_000


@pytest.fixture
def fault(tmp_path):
    """The first fault of whatever bytes a bundle is said to be."""

    def ask(data):
        path = tmp_path / "hostile.zip"
        path.write_bytes(bundles.packed(data) if isinstance(data, dict) else data)
        verdict, _notes = verify(str(path))
        assert verdict.faults and not verdict.sound
        assert command.told(verdict)
        return verdict.faults[0]

    return ask


@pytest.fixture
def members(genuine):
    return bundles.unpacked(genuine)


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"PK\3\4" + b"\0" * 100, b"\0" * 10_000, b"{}", bundles.packed({})]
)
def test_what_is_no_bundle(fault, data):
    assert fault(data).code in ("no_bundle", "member_missing")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"1e999",
        b"9" * 5000,
        DEEP,
        b"\xff\xfe",
        b'{"a":1,"a":1}',
        b'"\\ud800"',
        b"{}",
    ],
)
@pytest.mark.parametrize(
    "name", ["manifest.json", "checkpoints.jsonl", "events.jsonl", "manifest.sig", "public-key.pem"]
)
def test_members_that_are_nonsense(fault, members, name, data):
    fault(members | {name: data})


@pytest.mark.parametrize(
    "change",
    [
        {"checkpoint": -1}, {"checkpoint": 2**53 - 1}, {"checkpoint": True}, {"format": "evidence 2"}, {"members": []},
        {"streams": {"ledger": 0}}, {"streams": {"ledger": True}}, {"streams": []}, {"streams": {}}, {"subject": {}},
        {"subject": {"about": "\x1b[2J", "reference": "\x1b[2J", "stream": "ledger"}}, {"whole": True},
        {"log": "\ud800"}, {"members": {"events.jsonl": 5}}, {"members": {"../../etc/passwd": {"sha256": "", "size": 0}}},
    ],
)  # fmt: skip
def test_manifests_of_another_form(fault, members, change):
    manifest = json.loads(members["manifest.json"]) | change
    found = fault(members | {"manifest.json": json.dumps(manifest).encode()})
    assert "\x1b" not in f"{found}"


@pytest.mark.parametrize(
    "change",
    [
        {"leaf": -1}, {"leaf": 2**53 - 1}, {"leaf": "1"}, {"leaf": True}, {"proof": ["0" * 64] * 200}, {"proof": [5]},
        {"proof": "0" * 64}, {"text": 5}, {"text": {}}, {"text": {"body": [], "salt": ""}}, {"event": None}, {"event": {}},
        {"more": 1},
    ],
)  # fmt: skip
def test_lines_of_another_form(fault, members, change):
    found = bundles.with_lines(members, lambda lines: lines[5].update(change))
    assert fault(found).code in ("line_shape", "order", "not_in_log", "post_unknown")


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 0}, {"sequence": 2**53 - 1}, {"sequence": "1"}, {"data": []}, {"automatic": 1}, {"at": "now"},
        {"legal_day": "2024-1-1"}, {"stream": 5}, {"previous": "z" * 64}, {"stream": "\x1b[2J\n"}, {"more": 1},
    ],
)  # fmt: skip
def test_events_of_another_form(fault, members, change):
    found = fault(bundles.with_lines(members, lambda lines: lines[5]["event"].update(change)))
    assert "\x1b" not in found.where and "\n" not in found.where


@pytest.mark.parametrize(
    "change", [{"size": 0}, {"size": 2**53 - 1}, {"number": -5}, {"root": "z"}, {"key": ""}, {"at": ""}]
)
def test_checkpoints_of_another_form(fault, members, change):
    made = [json.loads(line) for line in members["checkpoints.jsonl"].splitlines()]
    made[-1]["note"] |= change
    fault(members | {"checkpoints.jsonl": b"".join(canonical(item) + b"\n" for item in made)})


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/etc/passwd",
        "C:\\x",
        "contents/../../x",
        "contents/x.json",
        "attachments/",
        "x" * 9000,
    ],
)
def test_names_that_lead_elsewhere(fault, members, tmp_path, name):
    if name == "attachments/":  # some programs pack the folders too: harmless
        verdict, _notes = verify(_written(tmp_path, bundles.packed(members | {name: b""})))
        assert verdict.sound
        return
    assert fault(members | {name: b"x"}).code == "member_strange"
    assert (
        os.listdir(tmp_path) == sorted(os.listdir(tmp_path))
        and not (tmp_path.parent / "outside.txt").exists()
    )


def test_a_member_that_is_there_twice(fault, members):
    out = io.BytesIO()
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr("events.jsonl", members["events.jsonl"])
    assert fault(out.getvalue()).code == "member_strange"


def test_a_member_that_says_it_is_encrypted(fault, members):
    data = bytearray(bundles.packed(members))
    at = data.index(b"PK\1\2")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\1\2", at + 1)
    assert fault(bytes(data)).code == "member_broken"


def test_one_line_without_an_end(tmp_path, members, monkeypatch):
    monkeypatch.setattr("audit.evidence.offline.members.LONGEST", 1_000)
    verdict, _notes = verify(_written(tmp_path, bundles.packed(members | {"events.jsonl": b"[" * 5_000})))
    assert not verdict.sound


def test_a_link_out_of_the_folder_is_not_followed(tmp_path, members):
    folder = tmp_path / "unpacked"
    for name, data in members.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / ".DS_Store").write_bytes(b"the system's own")
    assert verify(str(folder))[0].sound
    for name in ("events.jsonl", next(name for name in members if name.startswith("attachments/"))):
        (tmp_path / "elsewhere").write_bytes(members[name])
        (folder / name).unlink()
        (folder / name).symlink_to(tmp_path / "elsewhere")
        assert not verify(str(folder))[0].sound
        (folder / name).unlink()
        (folder / name).write_bytes(members[name])
    os.mkfifo(folder / "contents" / ("0" * 64 + ".json"))  # to read it would be to wait for ever
    assert verify(str(folder))[0].faults[0].code == "member_strange"


def test_nothing_at_all(tmp_path):
    assert verify(str(tmp_path / "nowhere.zip"))[0].faults[0].code == "no_bundle"
    assert verify(str(tmp_path))[0].faults[0].code == "member_missing"


def _written(tmp_path, data):
    (tmp_path / "hostile.zip").write_bytes(data)
    return str(tmp_path / "hostile.zip")
