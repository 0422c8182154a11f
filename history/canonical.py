"""One way to turn content into bytes and a digest (RFC 8785, SHA-256)."""

import hashlib
from typing import Any

import rfc8785


def canonical(content: Any) -> bytes:
    """Return the canonical JSON (RFC 8785) of `content`: the same content, the same bytes.

    Raises rfc8785.CanonicalizationError for what JSON cannot hold (dates: pass ISO text).
    """
    return rfc8785.dumps(content)


def digest(content: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `content`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()
