"""Ed25519 signatures, checked with whole numbers alone (RFC 8032, section 5.1)."""

import hashlib

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME
HALF_TURN = pow(2, (PRIME - 1) // 4, PRIME)  # a square root of -1

Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z
NEUTRAL: Point = (0, 1, 1, 0)


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Check the signature of a message; False for whatever is no key and no signature."""
    key = point_of(public)
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or scalar >= ORDER:
        return False
    challenge = hashlib.sha512(signature[:32] + public + message).digest()
    negated = (PRIME - key[0], key[1], key[2], PRIME - key[3])
    found = _sum_of(scalar, BASE, int.from_bytes(challenge, "little") % ORDER, negated)
    return _bytes_of(found) == signature[:32]


def point_of(encoded: bytes) -> Point | None:
    """Return the point that 32 bytes stand for; None if there is none (section 5.1.3)."""
    if len(encoded) != 32:
        return None
    value = int.from_bytes(encoded, "little")
    sign, y = value >> 255, value & (1 << 255) - 1
    if y >= PRIME:
        return None
    above, below = (y * y - 1) % PRIME, (CURVE * y * y + 1) % PRIME
    x = above * pow(below, 3, PRIME) * pow(above * pow(below, 7, PRIME), (PRIME - 5) // 8, PRIME) % PRIME
    if (below * x * x - above) % PRIME:
        x = x * HALF_TURN % PRIME
    if (below * x * x - above) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def _added(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % PRIME
    b = (one[1] + one[0]) * (two[1] + two[0]) % PRIME
    c = 2 * one[3] * two[3] * CURVE % PRIME
    d = 2 * one[2] * two[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _sum_of(times: int, one: Point, more: int, two: Point) -> Point:
    """Return times·one + more·two, bit by bit."""
    choices = (NEUTRAL, one, two, _added(one, two))
    found = NEUTRAL
    for bit in reversed(range(max(times.bit_length(), more.bit_length()))):
        found = _added(found, found)
        chosen = (times >> bit & 1) | (more >> bit & 1) << 1
        if chosen:
            found = _added(found, choices[chosen])
    return found


def _bytes_of(point: Point) -> bytes:
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_of((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little")) or NEUTRAL
