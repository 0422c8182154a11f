"""How long it took to be at work again after each kill, by what was killed."""

import statistics
from collections import defaultdict


class Times:
    """Notes the seconds of each kill; what took longer than `within` is slow."""

    def __init__(self, within: float):
        self.within, self.last, self.slow = within, "", list[str]()
        self.by_kind: dict[str, list[float]] = defaultdict(list)

    def note(self, kind: str, seconds: float | None) -> None:
        """Take over one kill; None is longer than anybody waited."""
        self.last = f"{kind}: at work again in {f'{seconds:.2f} s' if seconds else 'no time'}"
        if seconds is None or seconds > self.within:
            self.slow.append(f"{kind} killed: at work again after {seconds} s")
        self.by_kind[kind].append(seconds if seconds is not None else float("inf"))

    def faults(self) -> list[str]:
        """Return what was slow, where it was more than one in twenty, or three times as long: a machine may hesitate."""
        every = [one for times in self.by_kind.values() for one in times]
        often = len(self.slow) * 20 > len(every)
        return self.slow if often or max(every, default=0) > 3 * self.within else []

    def table(self) -> str:
        """Return a line for each kind, and one for all."""
        lines = [self._line(kind, times) for kind, times in sorted(self.by_kind.items())]
        return "\n".join(
            [*lines, self._line("all", [one for times in self.by_kind.values() for one in times])]
        )

    @staticmethod
    def _line(name: str, times: list[float]) -> str:
        if not times:
            return f"{name}: none"
        p95 = sorted(times)[min(int(len(times) * 0.95), len(times) - 1)]
        return (
            f"  {name:15} {len(times):4} kills, at work again in {statistics.median(times):5.2f} s in the middle, "
            f"{p95:5.2f} s at the 95th percentile, {max(times):5.2f} s at worst"
        )
