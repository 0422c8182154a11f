"""One bundle checked whole: manifest, events, checkpoints, keys, contents, attachments, members."""

import base64
import hashlib
import re
from typing import Any

from audit.evidence.offline.ed25519 import is_signed
from audit.evidence.offline.form import canonical_json, is_note, is_shaped, path_of, read_json
from audit.evidence.offline.members import Members, Unreadable
from audit.evidence.offline.tree import continues
from audit.evidence.offline.verdict import Verdict, shown
from audit.evidence.offline.walk import Walk, content_fingerprint

MANIFEST: dict[str, type] = {
    "attachments": bool, "checkpoint": int, "format": str, "log": str, "members": dict, "streams": dict,
    "subject": dict, "whole": bool,
}  # fmt: skip
FORMAT = "evidence 1"
PEM = bytes.fromhex("302a300506032b6570032100")  # stands before the 32 bytes of a key (RFC 8410)


def verify(path: str) -> tuple[Verdict, list[dict[str, Any]]]:
    """Check the bundle at `path`; return the verdict and its checkpoints. Whatever it is given, it answers."""
    verdict, notes = Verdict(), list[dict[str, Any]]()
    try:
        members = Members(path)
        try:
            Checking(members, verdict, notes).run()
        finally:
            members.close()
    except Unreadable as error:
        verdict.fault(error.code, error.where)
    except Exception as error:  # noqa: BLE001 (a bundle is a stranger's: no form of it may end in a crash)
        verdict.fault("unexpected", f"{type(error).__name__}: {error}")
    return verdict, notes


class Checking:
    """One verification, in the order in which a fault names its place best."""

    def __init__(self, members: Members, verdict: Verdict, notes: list[dict[str, Any]]):
        self.members, self.verdict, self.notes = members, verdict, notes
        self.manifest: dict[str, Any] = {}
        self.proofs: list[list[bytes]] = []

    def run(self) -> None:
        self._manifest()
        self._notes()
        used = self.notes[-1]
        streams = {} if self.manifest["whole"] else self.manifest["streams"]
        root = bytes.fromhex(used["root"])
        walk = Walk(self.verdict, streams, used["size"], root, self.manifest["whole"])
        walk.roots = {note["size"]: b"" for note in self.notes}
        for number, line in enumerate(self.members.lines("events.jsonl"), start=1):
            walk.take(number, line)
        walk.end()
        self._keys(walk)
        self._checkpoints(walk)
        self._contents(walk)
        self._attachments(walk)
        self._signed(walk)
        self._members()

    def _manifest(self) -> None:
        found = self.members.json("manifest.json")
        streams = found.get("streams") if isinstance(found, dict) else None
        if not is_shaped(found, MANIFEST) or found["format"] != FORMAT or not isinstance(streams, dict):
            raise Unreadable("manifest_shape", "manifest.json")
        subject = found["subject"]
        shaped = is_shaped(subject, {"about": str, "reference": str, "stream": str})
        if not shaped or not all(type(last) is int and last > 0 for last in streams.values()):
            raise Unreadable("manifest_shape", "manifest.json")
        self.manifest = found
        self.verdict.subject = {name: shown(value) for name, value in subject.items()}
        self.verdict.with_attachments = found["attachments"]
        if not found["whole"]:
            for stream in (subject["stream"], "ledger"):  # the whole story, and every key
                if stream not in streams:
                    self.verdict.fault("stream_missing", stream)

    def _notes(self) -> None:
        """The checkpoints, from the oldest to the one under which everything is proven."""
        for number, line in enumerate(self.members.lines("checkpoints.jsonl"), start=1):
            where = f"checkpoints.jsonl {number}"
            try:
                item = read_json(line)
                if not is_shaped(item, {"consistency": list, "note": dict}) or not is_note(item["note"]):
                    raise ValueError("another form")
                proof = path_of(item["consistency"])
            except ValueError as error:
                raise Unreadable("line_shape", where) from error
            note = item["note"]
            if self.notes and (
                note["number"] <= self.notes[-1]["number"] or note["size"] < self.notes[-1]["size"]
            ):
                self.verdict.fault("checkpoint_order", f"checkpoint {note['number']}")
            self.notes.append(note)
            self.proofs.append(proof)
        if not self.notes or self.notes[-1]["number"] != self.manifest["checkpoint"]:
            raise Unreadable("checkpoint_order", "checkpoints.jsonl")
        self.verdict.checkpoint = self.notes[-1]
        self.verdict.short_code = short_code(self.notes[-1]["root"])

    def _keys(self, walk: Walk) -> None:
        """Each key is the one that its fingerprint says, handed over by the key before it."""
        before: dict[str, Any] = {}
        for _leaf, name, key in walk.keys:
            self.verdict.keys.append(key["key"])
            public = _bytes(key["public"])
            if hashlib.sha256(public).hexdigest() != key["key"]:
                self.verdict.fault("key_chain", name)
            elif before:
                said = {"log": self.manifest["log"], "public": key["public"], "replaces": before["key"]}
                handed = is_signed(_bytes(before["public"]), _bytes(key["signature"]), canonical_json(said))
                if key["replaces"] != before["key"] or not handed:
                    self.verdict.fault("key_chain", name)
            elif key["replaces"]:
                self.verdict.fault("key_chain", name)
            before = key

    def _checkpoints(self, walk: Walk) -> None:
        """Each checkpoint is signed by the key of its time, and the log goes on from it to the last one."""
        used = self.notes[-1]
        for note, proof in zip(self.notes, self.proofs, strict=True):
            where, root = f"checkpoint {note['number']}", bytes.fromhex(note["root"])
            known = [key for leaf, _name, key in walk.keys if leaf < note["size"]]
            message = canonical_json({name: value for name, value in note.items() if name != "signature"})
            if note["log"] != self.manifest["log"] or not known or known[-1]["key"] != note["key"]:
                self.verdict.fault("checkpoint_key", where)
            elif not is_signed(_bytes(known[-1]["public"]), _bytes(note["signature"]), message):
                self.verdict.fault("checkpoint_signature", where)
            if walk.whole:
                if walk.roots.get(note["size"]) != root:
                    self.verdict.fault("checkpoint_root", where)
            elif not continues(note["size"], root, used["size"], bytes.fromhex(used["root"]), proof):
                self.verdict.fault("consistency", where)

    def _contents(self, walk: Walk) -> None:
        """Each content that an event froze is there, byte for byte, and is of that file or list."""
        for digest, events in walk.frozen.items():
            first, member = events[0]["event"], f"contents/{digest}.json"
            if member not in self.members.names:
                self.verdict.fault("content_missing", first)
                continue
            raw = self.members.read(member)
            if hashlib.sha256(raw).hexdigest() != digest:
                self.verdict.fault("content_changed", first)
                continue
            self.verdict.contents += 1
            content = read_json(raw)
            about = first.partition(":")[0]
            for told in events:
                uid = told["stream"].partition(":")[2]
                if not _is_of(about, uid, content, told["after"]):
                    self.verdict.fault("content_other", told["event"])
            if about == "nomination":
                stored = walk.stored.get(events[0]["stream"], {})
                if any(item["sha256"] not in stored for item in content["evidence"]):
                    self.verdict.fault("attachment_untold", first)

    def _attachments(self, walk: Walk) -> None:
        """Each attachment of which an event tells is there, byte for byte, unless the bundle goes without."""
        if not self.manifest["attachments"]:
            return
        told = {digest: name for stored in walk.stored.values() for digest, name in stored.items()}
        for digest, name in told.items():
            member = f"attachments/{digest}"
            if member not in self.members.names:
                self.verdict.fault("attachment_missing", name)
                continue
            try:
                same = self.members.digest(member)[1] == digest
            except Unreadable:
                same = False
            self.verdict.attachments += same
            if not same:
                self.verdict.fault("attachment_changed", name)

    def _signed(self, walk: Walk) -> None:
        """The manifest was signed with the key of the checkpoint: nobody else left anything out."""
        key = walk.keys[-1][2] if walk.keys else {"public": ""}
        digest = hashlib.sha256(self.members.read("manifest.json")).hexdigest()
        said = {"checkpoint": self.manifest["checkpoint"], "log": self.manifest["log"], "manifest": digest}
        signature = _bytes(self.members.read("manifest.sig").decode("ascii", "replace").strip())
        if not is_signed(_bytes(key["public"]), signature, canonical_json(said)):
            self.verdict.fault("manifest_signature", "manifest.json")
        wanted = base64.b64encode(PEM + _bytes(key["public"])).decode()
        if wanted not in self.members.read("public-key.pem").decode("ascii", "replace"):
            self.verdict.fault("key_file", "public-key.pem")

    def _members(self) -> None:
        told = self.manifest["members"]
        for name in self.members.strange:
            self.verdict.fault("member_strange", name)
        for name in sorted(self.members.names - set(told) - {"manifest.json", "manifest.sig"}):
            self.verdict.fault("member_strange", name)
        for name, known in sorted(told.items()):
            if not is_shaped(known, {"sha256": str, "size": int}):
                self.verdict.fault("manifest_shape", name)
            elif name not in self.members.names:
                self.verdict.fault("member_missing", name)
            elif self.members.digest(name) != (known["size"], known["sha256"]):
                self.verdict.fault("member_changed", name)


def short_code(root: str) -> str:
    """Return the first 60 bits of a root as they are printed on paper."""
    letters = base64.b32encode(bytes.fromhex(root))[:12].decode()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def _is_of(about: str, uid: str, content: Any, after: str | None) -> bool:
    """Whether a content is of that file or decision, with those who stood on it when it was frozen."""
    try:
        return content[about] == uid and after in (None, content_fingerprint(about, content))
    except (KeyError, TypeError, AttributeError):
        return False


def _bytes(text: str) -> bytes:
    """The bytes of a key or a signature; none for what is neither."""
    return bytes.fromhex(text) if re.fullmatch(r"([0-9a-f]{64}){1,2}", text) else b""
