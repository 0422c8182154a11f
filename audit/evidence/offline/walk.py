"""The events of a bundle, one after the other in the order of the log: form, place, chain, text, post."""

from typing import Any

from audit.evidence.offline.form import (
    KEY,
    canonical_json,
    event_hash,
    is_hash,
    is_line,
    is_shaped,
    path_of,
    read_json,
    text_digest,
)
from audit.evidence.offline.shapes import ACTS, belongs, moves_nothing
from audit.evidence.offline.tree import Tree, root_with
from audit.evidence.offline.verdict import Verdict


class Walk:
    """What the events say, gathered on one walk over them."""

    def __init__(self, verdict: Verdict, streams: dict[str, int], size: int, root: bytes, whole: bool):
        self.verdict, self.streams = verdict, streams
        self.size, self.root, self.whole = size, root, whole
        self.tree = Tree()  # of a bundle that holds the whole log
        self.roots: dict[int, bytes] = {}  # by size, those asked for
        self.last = -1
        self.heads: dict[str, tuple[int, str]] = {}
        self.keys: list[tuple[int, str, dict[str, Any]]] = []  # leaf, event, key
        self.posts: dict[str, dict[str, Any]] = {}
        self.lent: dict[str, dict[str, Any]] = {}
        self.frozen: dict[str, list[dict[str, Any]]] = {}  # digest of a content → the events that name it
        self.stored: dict[str, dict[str, str]] = {}  # stream → SHA-256 of an attachment → event
        self.lines: dict[str, tuple[str, list[str]]] = {}  # decision → last event, files behind its list
        self.untold: dict[str, str] = {}  # digest of a text that is not there → event
        self.erased: set[str] = set()

    def take(self, number: int, raw: bytes) -> None:
        """Look at one line."""
        try:
            item = read_json(raw)
            if not is_line(item, proven=not self.whole):
                raise ValueError("another form")
            event, leaf, text = item["event"], item["leaf"], item["text"]
            written, hashed = canonical_json(item), event_hash(event)
            proof = [] if self.whole else path_of(item["proof"])
        except ValueError:
            self.verdict.fault("line_shape", f"events.jsonl {number}")
            return
        name = f"{event['stream']} {event['sequence']}"
        self.verdict.events += 1
        if written != raw:
            self.verdict.fault("not_canonical", name)
        self._place(name, leaf, hashed, proof)
        self._chain(name, event, hashed.hex())
        self._text(name, event, text)
        self._learn(name, leaf, event)

    def _place(self, name: str, leaf: int, hashed: bytes, proof: list[bytes]) -> None:
        if leaf <= self.last:
            self.verdict.fault("order", name)
        elif self.whole and leaf != self.last + 1:
            self.verdict.fault("log_gap", name)
        self.last = max(leaf, self.last)
        if self.whole:
            self.tree.add(hashed)
            if self.tree.size in self.roots:
                self.roots[self.tree.size] = self.tree.root()
        elif root_with(hashed, leaf, self.size, proof) != self.root:
            self.verdict.fault("not_in_log", name)

    def _chain(self, name: str, event: dict[str, Any], hashed: str) -> None:
        stream, sequence = event["stream"], event["sequence"]
        before, last = self.heads.get(stream, (0, ""))
        every = self.whole or stream in self.streams
        if (every and sequence != before + 1) or sequence <= before:
            self.verdict.fault("gap", name)
        elif sequence == before + 1 and event["previous"] != last:
            self.verdict.fault("chain", name)
        self.heads[stream] = sequence, hashed

    def _text(self, name: str, event: dict[str, Any], text: dict[str, Any] | None) -> None:
        if text is not None:
            if text_digest(text["salt"], text["body"]) != event["text_digest"]:
                self.verdict.fault("text_changed", name)
        elif event["text_digest"]:
            self.untold[event["text_digest"]] = name

    def _learn(self, name: str, leaf: int, event: dict[str, Any]) -> None:
        """What other events, contents and checkpoints are compared with."""
        kind, data, stream = event["kind"], event["data"], event["stream"]
        about, _colon, key = stream.partition(":")
        if not belongs(kind, stream):
            self.verdict.fault("kind_stream", name)
        elif kind not in ACTS and not moves_nothing(event):
            self.verdict.fault("kind_shape", name)
        elif kind == "ledger.key":
            if is_shaped(data, KEY):
                self.keys.append((leaf, name, data))
            else:
                self.verdict.fault("line_shape", name)
        elif kind == "text.erased":
            self.erased.add(str(data.get("text")))
        elif kind in ("appointment.made", "appointment.ended"):
            self.posts[event["post"]] = {**data, "officer": key, "role": event["role"]}
        elif about == "delegation":
            self.lent[key] = {**data, "post": event["post"]}
        elif kind == "evidence.stored" and is_hash(data.get("sha256")):
            self.stored.setdefault(stream, {})[data["sha256"]] = name
        elif kind in ACTS:
            self._act(name, about, stream, event)

    def _act(self, name: str, about: str, stream: str, event: dict[str, Any]) -> None:
        """Whatever moves a file or decision is done in a post, also what follows from another act."""
        self._post(name, event)
        after = event["data"].get("after")
        after = after if isinstance(after, dict) else {}
        if about == "decision" and isinstance(after.get("lines"), list):
            files = [str(line.get("file")) for line in after["lines"] if isinstance(line, dict)]
            self.lines[stream] = name, files
        if event["content_digest"]:
            told = {"event": name, "stream": stream, "after": _fingerprint(about, after)}
            self.frozen.setdefault(event["content_digest"], []).append(told)

    def _post(self, name: str, event: dict[str, Any]) -> None:
        """The post is in the bundle, with that role, on that day, of the actor or lent to the actor."""
        post, day = self.posts.get(event["post"]), event["legal_day"]
        if post is None:
            self.verdict.fault("post_unknown", name)
            return
        own = post["officer"] == event["actor"]
        lent = self.lent.get(str(event["data"].get("delegation")))
        borrowed = lent is not None and (
            (lent["post"], lent.get("taker"), lent.get("giver"))
            == (event["post"], event["actor"], post["officer"])
            and event["behalf"] == post["officer"]
            and _hold(lent, day)
        )
        if not (own or borrowed) or post["role"] != event["role"] or not _hold(post, day):
            self.verdict.fault("post_other", name)

    def end(self) -> None:
        """What can be said only after the last event."""
        for stream, last in sorted(self.streams.items()):
            sequence = self.heads.get(stream, (0, ""))[0]
            if sequence < last:
                self.verdict.fault("stream_end", f"{stream} {sequence + 1}")
            elif sequence > last:
                self.verdict.fault("manifest_shape", stream)
        for digest, name in self.untold.items():
            if digest in self.erased:
                self.verdict.erased += 1
            else:
                self.verdict.fault("text_missing", name)
        if self.whole and self.tree.size != self.size:
            self.verdict.fault("log_end" if self.tree.size < self.size else "order", f"log {self.tree.size}")
        for name, files in self.lines.values():
            for file in files:
                if not self.whole and f"nomination:{file}" not in self.streams:
                    self.verdict.fault("file_missing", name)


def _hold(dated: dict[str, Any], day: str) -> bool:
    start, end = dated.get("from"), dated.get("to")
    return isinstance(start, str) and start <= day and (end is None or day < str(end))


def _fingerprint(about: str, after: dict[str, Any]) -> str | None:
    """Who stood on the file or list when the content was frozen, to be compared with the content; None if untold."""
    told = after.get("nominees" if about == "nomination" else "lines")
    if isinstance(told, dict):
        return text_digest("", sorted(told))
    if isinstance(told, list):
        rows = [
            [item.get("nominee"), item.get("rank"), item.get("live")]
            for item in told
            if isinstance(item, dict)
        ]
        return text_digest("", rows)
    return None


def content_fingerprint(about: str, content: dict[str, Any]) -> str:
    """Return the same of a frozen content. Raises KeyError, TypeError or AttributeError for another form."""
    if about == "nomination":
        return text_digest("", sorted(item["uid"] for item in content["nominees"]))
    return text_digest(
        "", [[line["nominee"]["uid"], line["rank"], not line["struck"]] for line in content["lines"]]
    )
