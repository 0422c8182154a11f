"""The Merkle tree of RFC 9162, section 2.1: roots, and proofs that an entry or an older tree is in it."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

EMPTY = hashlib.sha256().digest()

Place = tuple[int, int]  # level above the leaves, position within the level: a complete subtree
Read = Callable[[Sequence[Place]], dict[Place, bytes]]
T = TypeVar("T")


def parent(left: bytes, right: bytes) -> bytes:
    """Return the hash of an interior node."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Growing:
    """A tree that grows leaf by leaf and knows its root: the complete subtrees of its right edge."""

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()):
        self.size = size
        self.edge = list(edge)  # from the largest subtree to the smallest: the one bits of the size

    def add(self, leaf: bytes) -> list[tuple[Place, bytes]]:
        """Add a leaf; return the interior nodes that it completes, lowest first."""
        completed = []
        node, level, position = leaf, 0, self.size
        while position & 1:
            node = parent(self.edge.pop(), node)
            level, position = level + 1, position >> 1
            completed.append(((level, position), node))
        self.edge.append(node)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the tree's hash, as RFC 9162 defines it."""
        if not self.edge:
            return EMPTY
        node = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            node = parent(left, node)
        return node


def edge_of(size: int) -> list[Place]:
    """Return the complete subtrees that make up a tree of `size` leaves, from the largest on."""
    places, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            places.append((level, start >> level))
            start += 1 << level
    return places


def inclusion_proof(number: int, size: int, read: Read) -> list[bytes]:
    """Return PATH(number, D[size]): what proves that leaf `number` (from 0) is in the tree of `size` leaves.

    `read` gives the hashes of complete subtrees; it is asked once. Raises ValueError outside the tree.
    """
    return inclusion_proofs([number], size, read)[0]


def inclusion_proofs(numbers: Sequence[int], size: int, read: Read) -> list[list[bytes]]:
    """Return the inclusion proofs of many leaves; `read` is asked once for all."""
    for number in numbers:
        if not 0 <= number < size:
            raise ValueError(f"Leaf {number} is not in a tree of {size}.")
    paths = [_path(number, 0, size) for number in numbers]
    hashes = _hashes(sorted({span for path in paths for span in path}), read)
    return [[hashes[span] for span in path] for path in paths]


def consistency_proof(older: int, size: int, read: Read) -> list[bytes]:
    """Return PROOF(older, D[size]): what proves that the tree of `size` leaves continues that of `older`."""
    if not 0 < older <= size:
        raise ValueError(f"A tree of {older} is not the beginning of a tree of {size}.")
    spans = _subproof(older, 0, size, True)
    hashes = _hashes(spans, read)
    return [hashes[span] for span in spans]


def root_from_inclusion(leaf: bytes, number: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to (RFC 9162, section 2.1.3.2); None if it cannot fit."""
    if not 0 <= number < size:
        return None
    at, last, node = number, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            node = parent(step, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = parent(node, step)
        at, last = at >> 1, last >> 1
    return node if last == 0 else None


def is_consistent(older: int, older_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Check that the tree of `size` leaves continues that of `older` (RFC 9162, section 2.1.4.2)."""
    if older == size:
        return not path and older_root == root
    if not 0 < older < size or not path:
        return False
    steps = list(path) if older & (older - 1) else [older_root, *path]
    at, last = older - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was, now = parent(step, was), parent(step, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = parent(now, step)
        at, last = at >> 1, last >> 1
    return last == 0 and was == older_root and now == root


Range = tuple[int, int]  # first leaf, and the one after the last


def _split(start: int, end: int) -> int:
    """The largest power of two below the number of leaves: where RFC 9162 parts a tree."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _path(number: int, start: int, end: int) -> list[Range]:
    if end - start == 1:
        return []
    middle = _split(start, end)
    if number < middle:
        return [*_path(number, start, middle), (middle, end)]
    return [*_path(number, middle, end), (start, middle)]


def _subproof(older: int, start: int, end: int, whole: bool) -> list[Range]:
    if older == end:
        return [] if whole else [(start, end)]
    middle = _split(start, end)
    if older <= middle:
        return [*_subproof(older, start, middle, whole), (middle, end)]
    return [*_subproof(older, middle, end, False), (start, middle)]


def _complete(span: Range) -> list[Place]:
    """The complete subtrees of a range that begins where RFC 9162 begins one."""
    start, end = span
    return [(level, (start >> level) + position) for level, position in edge_of(end - start)]


def _hashes(spans: Sequence[Range], read: Read) -> dict[Range, bytes]:
    wanted = {span: _complete(span) for span in spans}
    known = read(sorted({place for places in wanted.values() for place in places}))
    return {span: Growing(edge=[known[place] for place in places]).root() for span, places in wanted.items()}
