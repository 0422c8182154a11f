"""The fixtures of the core."""

from tests.fixtures import in_2024, in_2026, world

__all__ = ["in_2024", "in_2026", "world"]
