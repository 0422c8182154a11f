"""The Merkle tree of the log (RFC 9162, section 2.1): from its leaves, and from proofs."""

import hashlib
from collections.abc import Sequence


def joined(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that takes one leaf after the other: the complete subtrees on its right edge."""

    def __init__(self) -> None:
        self.size = 0
        self.subtrees: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        node, full = leaf, self.size
        while full & 1:
            node, full = joined(self.subtrees.pop(), node), full >> 1
        self.subtrees.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.subtrees:
            return hashlib.sha256().digest()
        node = self.subtrees[-1]
        for left in reversed(self.subtrees[:-1]):
            node = joined(left, node)
        return node


def split_of(size: int) -> int:
    """Return the largest power of two below `size`: where the standard parts a tree."""
    return 1 << (size - 1).bit_length() - 1


def root_with(leaf: bytes, number: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof of leaf `number` leads to; None if it does not fit the tree."""
    if not 0 <= number < size:
        return None
    if size == 1:
        return None if proof else leaf
    if not proof:
        return None
    middle = split_of(size)
    if number < middle:
        left = root_with(leaf, number, middle, proof[:-1])
        return None if left is None else joined(left, proof[-1])
    right = root_with(leaf, number - middle, size - middle, proof[:-1])
    return None if right is None else joined(proof[-1], right)


def continues(older: int, was: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Check that the tree of `size` leaves continues that of `older` leaves, whose root was `was`."""
    if older == size:
        return was == root and not proof
    if not 0 < older < size:
        return False
    return _both(older, size, True, was, proof) == (was, root)


def _both(
    older: int, size: int, whole: bool, was: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """The roots of the older and of the newer tree that a consistency proof leads to."""
    if older == size:
        if whole:
            return None if proof else (was, was)
        return (proof[0], proof[0]) if len(proof) == 1 else None
    if not proof:
        return None
    middle = split_of(size)
    if older <= middle:
        found = _both(older, middle, whole, was, proof[:-1])
        return found and (found[0], joined(found[1], proof[-1]))
    found = _both(older - middle, size - middle, False, was, proof[:-1])
    return found and (joined(proof[-1], found[0]), joined(proof[-1], found[1]))
