"""The numbers by which people name a file or a draft decision: written, and read as they are typed."""

import re

PREFIXES = {"nomination": ("HS", 5), "decision": ("DT", 3)}  # kind → letters, least number of digits
TYPED = re.compile(r"^(?:hs[- ]?)?(?:(\d{4})[- ])?0*(\d{1,9})$", re.IGNORECASE)


def written(kind: str, year: int, pk: int) -> str:
    """Return the number of a nomination or decision: letters, year of the round, its own number."""
    letters, digits = PREFIXES[kind]
    return f"{letters}-{year}-{pk:0{digits}}"


def typed(text: str) -> tuple[int | None, int] | None:
    """Return year (None when left out) and key of a file's number as typed; None if it is none."""
    match = TYPED.match(text)
    if match is None:
        return None
    year, key = match.groups()
    return (int(year) if year else None), int(key)
