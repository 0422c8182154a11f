"""The numbers by which people name a file or a decision: written, and read as they are typed."""

import re
from typing import Any
from uuid import UUID

PREFIXES = {"nomination": ("HS", 5), "decision": ("DT", 3)}  # kind → letters, least number of digits
TYPED = re.compile(r"^(?:hs[- ]?)?(?:(\d{4})[- ])?0*(\d{1,9})$", re.IGNORECASE)

CITED = re.compile(r"0*(\d{1,9})/(\d{4})(?:/\S+)?")  # a decision's number in its register: 12/2026/QĐ-UBND


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


def read(text: str) -> tuple[str, int, int] | None:
    """Return kind, year and key of a number written in full ("HS-2024-00012"); None if it is none."""
    for kind, (letters, _digits) in PREFIXES.items():
        match = re.fullmatch(rf"{letters}-(\d{{4}})-0*(\d{{1,9}})", text.strip(), re.IGNORECASE)
        if match:
            return kind, int(match[1]), int(match[2])
    return None


def named(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what a number or an identity may name: kinds, each with the columns of the row; nothing if it is neither."""
    text = text.strip()
    try:
        return [(kind, {"uid": UUID(text)}) for kind in PREFIXES]
    except ValueError:
        pass
    if full := read(text):
        kind, year, pk = full
        return [(kind, {"pk": pk, "round__year": year})]
    if cited := CITED.fullmatch(text):
        number, taken_in = map(int, cited.groups())
        return [("decision", {"register_number__number": number, "register_number__year": taken_in})]
    if short := typed(text):
        begun, pk = short
        return [("nomination", {"pk": pk} | ({"round__year": begun} if begun else {}))]
    return []
