"""The bytes of an event: what its hash covers, column by column."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring as quoted
from typing import Any

from history.canonical import written

# Every column but the two that are not its content: the row's key and the hash itself. In the order
# of RFC 8785, so that the object below is canonical as it is written.
COLUMNS = (
    "action", "actor", "at", "automatic", "behalf", "content_digest", "data", "from_state", "kind",
    "legal_day", "post", "previous", "reason_code", "request_id", "role", "sequence", "step", "stream",
    "text_digest", "to_state", "unit",
)  # fmt: skip
_TEMPLATE = "{" + ",".join(f'"{name}":%s' for name in COLUMNS) + "}"
_SQL = {
    "at": "coalesce(to_char({0}.{1} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), {0}.{1}::text)",
    "legal_day": "coalesce(to_char({0}.{1}, 'YYYY-MM-DD'), {0}.{1}::text)",
}


def event_bytes(row: Sequence[Any]) -> bytes:
    """Return the canonical JSON of an event, from the values of `COLUMNS` in their order."""
    return (_TEMPLATE % tuple([write(value) for write, value in zip(_WRITERS, row, strict=True)])).encode()


def event_hash(row: Sequence[Any]) -> bytes:
    """Return the hash of an event: the leaf hash of its bytes in the Merkle log (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\0" + event_bytes(row)).digest()


def as_object(row: Sequence[Any]) -> dict[str, Any]:
    """Return the event as a JSON object, as it is given away in evidence."""
    found = dict(zip(COLUMNS, row, strict=True))
    return found | {"at": instant(found["at"]), "legal_day": found["legal_day"].isoformat()}


def text_digest(salt: str, body: Mapping[str, Any]) -> str:
    """Return the salted digest by which an event points at its text."""
    return hashlib.sha256(written({"body": body, "salt": salt}).encode()).hexdigest()


def instant(at: datetime) -> str:
    """Return a moment as text: UTC, always with six digits of the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def row_of(event: Any) -> list[Any]:
    """Return the values of `COLUMNS` of a stored event."""
    return [getattr(event, name) for name in COLUMNS]


def rows_sql(prefix: str) -> str:
    """Return the columns for a SELECT, each with its table's name; days and moments as the text that is hashed.

    So no moment that Python cannot hold stops who verifies.
    """
    return ", ".join(_SQL.get(name, "{0}.{1}").format(prefix, name) for name in COLUMNS)


def _moment(at: datetime | str) -> str:
    return f'"{at if isinstance(at, str) else instant(at)}"'


# How a column is written as JSON; every other is text.
_OTHERS: dict[str, Callable[[Any], str]] = {
    "at": _moment,
    "automatic": lambda value: "true" if value else "false",
    "data": written,
    "legal_day": '"{}"'.format,
    "sequence": str,
}
_WRITERS = tuple(_OTHERS.get(name, quoted) for name in COLUMNS)
