"""The bundle: events with their proofs, contents, attachments, checkpoints, keys, and what checks them."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from audit.evidence import offline
from audit.evidence.archive import Archive
from audit.evidence.choosing import EVERYTHING, Chosen, Subject, choose
from history import checkpoints, extract, keys, kinds, log
from history.canonical import canonical, written
from history.merkle import consistency_proof
from history.models import Checkpoint
from history.snapshot import snapshot
from nominations import evidence
from nominations.models import DecisionVersion, NominationVersion

FORMAT = "evidence 1"
CHUNK = 1024 * 1024
GUIDE = Path(__file__).parent / "DOC-TRUOC.txt"
TRIES = 50  # while another process gives events their places


@dataclass
class Told:
    """What the events that were written name: the heads of their streams, contents, attachments."""

    events: int = 0
    heads: dict[str, int] = field(default_factory=dict)
    contents: set[str] = field(default_factory=set)
    attachments: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Built:
    """A bundle that was written: under which checkpoint it is proven, and which files and decisions are whole in it."""

    checkpoint: Checkpoint
    listed: frozenset[str]


def build(subject: Subject, out: IO[bytes], *, attachments: bool = True, personnel: bool = True) -> Built:
    """Write the bundle of `subject` to `out`, and return what it is proven by and holds.

    One that covers every event of the subject is signed first if there is none. `attachments` False leaves
    the bytes of the documents out: their digests stay. `personnel` False leaves out what only whoever audits
    the province sees of the officers (`choosing.choose`). Raises RuntimeError when the log cannot be signed.
    """
    for _attempt in range(TRIES):
        if used := _covering(subject):
            with snapshot():
                chosen = choose(subject, used.size, personnel=personnel)
                # of an empty text the bundle has to say why: what was erased meanwhile, the next checkpoint covers
                if not any(leaf in chosen.leaves for leaf in extract.emptied_since(used.size)):
                    _write(Archive(out), subject, chosen, used, attachments)
                    return Built(used, chosen.listed)
        time.sleep(0.1)
    raise RuntimeError("The log does not come to rest: events of the subject wait for their places.")


def _covering(subject: Subject) -> Checkpoint | None:
    """The last checkpoint, if it covers what has happened to the subject."""
    checkpoints.make()
    last = checkpoints.latest()
    covers = last and (subject == EVERYTHING or extract.is_covered(subject.stream, last.size))
    return last if covers else None


def _write(archive: Archive, subject: Subject, chosen: Chosen, used: Checkpoint, attachments: bool) -> None:
    archive.add("DOC-TRUOC.txt", GUIDE.read_bytes())
    archive.add("verify.py", offline.source().encode())
    told = _events(archive, chosen, used)
    _checkpoints(archive, chosen, used)
    _contents(archive, chosen, told)
    if attachments:
        _attachments(archive, told)
    _sealed(archive, subject, chosen, told, used, attachments)
    archive.close()


def _events(archive: Archive, chosen: Chosen, used: Checkpoint) -> Told:
    told = Told()
    with archive.member("events.jsonl") as write:
        for item in extract.taken(chosen.leaves, proven_in=0 if chosen.whole else used.size):
            write(item.line)
            event, stream = item.event, item.event["stream"]
            told.events += 1
            if stream in chosen.streams:
                told.heads[stream] = event["sequence"]
            if chosen.whole or stream in chosen.listed:
                told.contents |= {event["content_digest"]} - {""}
                if event["kind"] == kinds.EVIDENCE_STORED:
                    told.attachments.add(event["data"]["sha256"])
    return told


def _checkpoints(archive: Archive, chosen: Chosen, used: Checkpoint) -> None:
    """The notes, each with the proof that the log went on from it; where the whole log is there it proves itself."""
    known = checkpoints.known_for(None if chosen.whole else chosen.leaves, used)
    with archive.member("checkpoints.jsonl") as write:
        for item in known:
            proof = [] if chosen.whole else consistency_proof(item.size, used.size, log.read)
            line = {"consistency": [node.hex() for node in proof], "note": asdict(checkpoints.note_of(item))}
            write(written(line).encode() + b"\n")
    signer = next(item for item in keys.introduced() if item.key == used.key)
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer.public))
    archive.add("public-key.pem", public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _contents(archive: Archive, chosen: Chosen, told: Told) -> None:
    """The frozen contents that the events name, each once, under its digest."""
    left = set(told.contents)
    for version in _versions(chosen):
        if version.digest in left:
            left.discard(version.digest)
            archive.add(f"contents/{version.digest}.json", canonical(version.content))


def _versions(chosen: Chosen) -> Iterator[NominationVersion | DecisionVersion]:
    uids = {stream.partition(":")[2] for stream in chosen.listed}
    nominations, decisions = NominationVersion.objects.all(), DecisionVersion.objects.all()
    if not chosen.whole:
        nominations = nominations.filter(nomination__uid__in=uids)
        decisions = decisions.filter(decision__uid__in=uids)
    yield from nominations.order_by("digest", "pk").iterator()
    yield from decisions.order_by("digest", "pk").iterator()


def _attachments(archive: Archive, told: Told) -> None:
    """The documents that were stored; one whose bytes are lost is left out, and the verification names it."""
    for sha256 in sorted(told.attachments):
        path = evidence.path_of(sha256)
        if path.exists():
            with path.open("rb") as file, archive.member(f"attachments/{sha256}", packed=False) as write:
                while chunk := file.read(CHUNK):
                    write(chunk)


def _sealed(
    archive: Archive, subject: Subject, chosen: Chosen, told: Told, used: Checkpoint, attachments: bool
) -> None:
    """The manifest, signed: whoever passes the bundle on cannot leave anything out."""
    manifest = canonical(
        {
            "format": FORMAT,
            "log": used.log,
            "subject": asdict(subject),
            "checkpoint": used.number,
            "whole": chosen.whole,
            "attachments": attachments,
            "streams": told.heads,
            "members": archive.members,
        }
    )
    archive.add("manifest.json", manifest)
    said = {
        "checkpoint": used.number,
        "log": used.log,
        "manifest": archive.members["manifest.json"]["sha256"],
    }
    archive.add("manifest.sig", (keys.signed(written(said).encode(), used.key) + "\n").encode())
