"""One way to turn content into bytes and a digest (RFC 8785, SHA-256)."""

import hashlib
from typing import Any

import orjson
import rfc8785

LARGEST = 2**53 - 1  # what JSON's numbers hold exactly


def canonical(content: Any) -> bytes:
    """Return the canonical JSON (RFC 8785) of `content`: the same content, the same bytes.

    Raises rfc8785.CanonicalizationError for what JSON cannot hold (dates: pass ISO text).
    """
    return rfc8785.dumps(content)


def digest(content: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `content`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def written(content: Any) -> str:
    """Return the canonical JSON of what `check_plain` accepts: with ASCII keys and whole numbers the fast encoder agrees.

    Raises TypeError for anything that JSON cannot hold.
    """
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def check_plain(content: Any) -> None:
    """Refuse what two encoders could write differently, before it is stored for ever.

    Raises ValueError for a number that is not whole or beyond 2^53, a key that is not ASCII text,
    text that is not Unicode, a NUL (which the database cannot hold), and any other type.
    """
    match content:
        case None | bool():
            pass
        case int():
            if abs(content) > LARGEST:
                raise ValueError(f"{content} is beyond what JSON holds exactly.")
        case str():
            content.encode()  # a lone surrogate is no Unicode: UnicodeEncodeError is a ValueError
            if "\0" in content:
                raise ValueError("Text with a NUL cannot be stored.")
        case dict():
            for key, value in content.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise ValueError(f"{key!r} is not an ASCII key.")
                check_plain(value)
        case list() | tuple():
            for value in content:
                check_plain(value)
        case _:
            raise ValueError(f"{type(content).__name__} has no canonical form here: pass text.")
