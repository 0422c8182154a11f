"""What the hashes cover: canonical JSON (RFC 8785), the columns of an event, the salted digest of a text."""

import hashlib
import json
import re
from typing import Any

LARGEST = 2**53 - 1  # what JSON's numbers hold exactly
HASH = re.compile(r"[0-9a-f]{64}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
COLUMNS: dict[str, type] = {
    "action": str, "actor": str, "at": str, "automatic": bool, "behalf": str, "content_digest": str, "data": dict,
    "from_state": str, "kind": str, "legal_day": str, "post": str, "previous": str, "reason_code": str,
    "request_id": str, "role": str, "sequence": int, "step": str, "stream": str, "text_digest": str, "to_state": str,
    "unit": str,
}  # fmt: skip
NOTE: dict[str, type] = {
    "at": str, "key": str, "log": str, "number": int, "root": str, "signature": str, "size": int,
}  # fmt: skip
KEY: dict[str, type] = {"key": str, "public": str, "replaces": str, "signature": str}


def read_json(raw: bytes) -> Any:
    """Return what JSON text says. Raises ValueError for what could be read in two ways, or is none."""
    try:
        return json.loads(
            raw.decode(),
            object_pairs_hook=_unique,
            parse_int=_whole,
            parse_float=_refused,
            parse_constant=_refused,
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def canonical_json(value: Any) -> bytes:
    """Return the canonical JSON of what `read_json` returned: keys sorted, no spaces, nothing escaped in vain.

    Raises ValueError for text that is not Unicode.
    """
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def event_hash(event: dict[str, Any]) -> bytes:
    """Return the hash of an event: that of its leaf in the log."""
    return hashlib.sha256(b"\0" + canonical_json(event)).digest()


def text_digest(salt: str, body: Any) -> str:
    """Return the digest by which an event points at its names and words."""
    return hashlib.sha256(canonical_json({"body": body, "salt": salt})).hexdigest()


def is_shaped(value: Any, fields: dict[str, type]) -> bool:
    """Check that `value` is an object with exactly these fields of these types."""
    return (
        isinstance(value, dict)
        and value.keys() == fields.keys()
        and all(type(value[name]) is kind for name, kind in fields.items())
    )


def is_event(value: Any) -> bool:
    """Check that `value` has the columns of an event, each in its form."""
    return bool(
        is_shaped(value, COLUMNS)
        and value["sequence"] > 0
        and MOMENT.fullmatch(value["at"])
        and DAY.fullmatch(value["legal_day"])
        and all(
            not value[name] or is_hash(value[name]) for name in ("content_digest", "previous", "text_digest")
        )
    )


def is_line(value: Any, *, proven: bool) -> bool:
    """Check that `value` is an event with its text, if it has one still, and its place; `proven` with a proof."""
    if not isinstance(value, dict):
        return False
    text = value.get("text", "")
    fields = {"event": dict, "leaf": int, "text": type(None) if text is None else dict}
    whole = is_shaped(value, fields | ({"proof": list} if proven else {}))
    return (
        whole and is_event(value["event"]) and (text is None or is_shaped(text, {"body": dict, "salt": str}))
    )


def is_note(value: Any) -> bool:
    """Check that `value` is a checkpoint as it is signed."""
    return bool(
        is_shaped(value, NOTE)
        and value["size"] > 0
        and MOMENT.fullmatch(value["at"])
        and is_hash(value["key"])
        and is_hash(value["root"])
        and re.fullmatch(r"[0-9a-f]{128}", value["signature"])
    )


def is_hash(value: Any) -> bool:
    """Check that `value` is a SHA-256 in hexadecimal digits."""
    return isinstance(value, str) and HASH.fullmatch(value) is not None


def path_of(value: Any) -> list[bytes]:
    """Return the hashes of a proof. Raises ValueError if it is none."""
    if not (isinstance(value, list) and len(value) <= 128 and all(map(is_hash, value))):
        raise ValueError("no proof")
    return [bytes.fromhex(item) for item in value]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key that is there twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise ValueError("a number beyond 2^53")
    return int(digits)


def _refused(text: str) -> Any:
    raise ValueError(f"{text[:20]} is no whole number")
