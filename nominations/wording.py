"""The way from one text to another, word by word; plain text in, plain parts out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

CONTEXT = 12  # words that stay on either side of a change; a longer unchanged run is left out
STEPS = 20_000_000  # comparisons of a word with a word in one run; what is left over is replaced whole
GAP = "…"

Part = tuple[str, str]  # "same", "del", "ins" or "gap", and a text


@dataclass
class Effort:
    left: int = STEPS


@dataclass(frozen=True)
class _Run:
    """Words that stayed (`same`), or words and what stands in their place."""

    same: bool
    old: list[str]
    new: list[str]

    @property
    def replaced(self) -> int:
        return 0 if self.same else min(len(self.old), len(self.new))


class _Matcher(SequenceMatcher[str]):
    """difflib's matcher, which stops looking for more in common when the effort is spent."""

    def __init__(self, old: list[str], new: list[str], effort: Effort):
        super().__init__(None, old, new, autojunk=False)
        self.effort, self.words, self.times = effort, old, Counter(new)

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        steps = sum(1 + self.times[word] for word in self.words[alo:ahi])
        if steps > self.effort.left:
            return Match(alo, blo, 0)
        self.effort.left -= steps
        return super().find_longest_match(alo, ahi, blo, bhi)


def parts(before: str, after: str, effort: Effort) -> Iterator[Part]:
    """Yield the way from `before` to `after`; a long run that stayed keeps its two ends only."""
    runs = _settled(_runs(_words(before), _words(after), effort))
    for position, run in enumerate(runs):
        if not run.same:
            yield from ((op, _marked(words)) for op, words in (("del", run.old), ("ins", run.new)) if words)
            continue
        head = CONTEXT if position else 0
        tail = CONTEXT if position < len(runs) - 1 else 0
        if len(run.old) - head - tail <= 2 * CONTEXT:
            yield "same", _joined(run.old)
            continue
        if head:
            yield "same", _joined(run.old[:head])
        yield "gap", GAP
        if tail:
            yield "same", _joined(run.old[-tail:])


def _runs(old: list[str], new: list[str], effort: Effort) -> Iterator[_Run]:
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    end = next((n for n in range(shorter - start) if old[-1 - n] != new[-1 - n]), shorter - start)
    if start:
        yield _Run(True, old[:start], old[:start])
    between, instead = old[start : len(old) - end], new[start : len(new) - end]
    for tag, a, b, c, d in _Matcher(between, instead, effort).get_opcodes():
        yield _Run(tag == "equal", between[a:b], instead[c:d])
    if end:
        yield _Run(True, old[-end:], old[-end:])


def _settled(runs: Iterable[_Run]) -> list[_Run]:
    """Join replacements between which only a word or two stayed by chance."""
    settled: list[_Run] = []
    for run in runs:
        if len(settled) > 1 and run.replaced and settled[-1].same:
            first, stayed = settled[-2:]
            few = "\n" not in stayed.old and len(stayed.old) <= 2
            if few and len(stayed.old) < min(first.replaced, run.replaced):
                settled[-2:] = []
                run = _Run(False, first.old + stayed.old + run.old, first.new + stayed.new + run.new)
        settled.append(run)
    return settled


def _words(text: str) -> list[str]:
    return re.findall(r"\S+|\n", text)


def _marked(words: list[str]) -> str:
    """Return changed words as they read; paragraphs split or joined would show nothing else."""
    text = _joined(words)
    return text if text.strip() else f"¶{text}"


def _joined(words: list[str]) -> str:
    return re.sub(r" ?\n ?", "\n", " ".join(words))
