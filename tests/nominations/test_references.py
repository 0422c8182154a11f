"""What people type to name a file or a decision: one way of reading it for whoever asks."""

from uuid import UUID

import pytest

from nominations.references import named, written

UID = "7e57ab1e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("HS-2024-00012", [("nomination", {"pk": 12, "round__year": 2024})]),
        (" hs-2024-12 ", [("nomination", {"pk": 12, "round__year": 2024})]),
        ("2024-12", [("nomination", {"pk": 12, "round__year": 2024})]),
        ("12", [("nomination", {"pk": 12})]),
        ("DT-2024-003", [("decision", {"pk": 3, "round__year": 2024})]),
        ("12/2024", [("decision", {"register_number__number": 12, "register_number__year": 2024})]),
        ("05/2024/QĐ-UBND", [("decision", {"register_number__number": 5, "register_number__year": 2024})]),
        (UID, [("nomination", {"uid": UUID(UID)}), ("decision", {"uid": UUID(UID)})]),
        *((text, []) for text in ("", "x", "XX-2024-1", "12/24", "12/2024 x", "1" * 30, "HS-2024-")),
    ],
)
def test_numbers_and_identities_are_read_as_they_are_typed(text, meant):
    assert named(text) == meant


@pytest.mark.parametrize("kind", ["nomination", "decision"])
def test_what_is_written_is_read(kind):
    assert named(written(kind, 2024, 7)) == [(kind, {"pk": 7, "round__year": 2024})]
