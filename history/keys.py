"""The key that signs checkpoints: a file of the operator's, its public half and each rotation in the log."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from history import kinds
from history.canonical import written
from history.ledger import Entry, record
from history.models import Event, Leaf

STREAM = "ledger"


@dataclass(frozen=True)
class Introduced:
    """A public key that the log knows, and from which of its leaves on it signs."""

    key: str  # fingerprint: SHA-256 of the 32 bytes
    public: str  # 64 hexadecimal digits
    replaces: str = ""
    signature: str = ""  # of the key it replaces, over `introduction`


def fingerprint(public: bytes) -> str:
    """Return the SHA-256 of a public key's 32 bytes: what the operator writes down and compares."""
    return hashlib.sha256(public).hexdigest()


def introduction(public: str, replaces: str) -> bytes:
    """Return what the old key signs to hand over to the new one."""
    return written({"log": settings.LEDGER_NAME, "public": public, "replaces": replaces}).encode()


def introduced() -> list[Introduced]:
    """Return the keys that the log knows, in the order of their introduction."""
    rows = Event.objects.filter(stream=STREAM, kind=kinds.LEDGER_KEY).order_by("sequence")
    return [Introduced(**data) for data in rows.values_list("data", flat=True)]


def is_signed(public: str, signature: str, message: bytes) -> bool:
    """Check an Ed25519 signature (RFC 8032); both are hexadecimal."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fault_of(before: Introduced | None, key: Introduced) -> str:
    """Return what is wrong with a key after the one `before` it, which handed over to it; "" if nothing."""
    told = {"key": key.key[:16]}
    if fingerprint(bytes.fromhex(key.public)) != key.key:
        return _("key %(key)s is not the fingerprint of its public half") % told
    if before is None:
        return _("the first key %(key)s replaces another") % told if key.replaces else ""
    message = introduction(key.public, before.key)
    if key.replaces != before.key or not is_signed(before.public, key.signature, message):
        return _("key %(key)s was not handed over by the key before it") % told
    return ""


def signed(message: bytes, key: str) -> str:
    """Return the signature of `message` by the key in force, whose fingerprint is `key`. In a transaction.

    Raises RuntimeError when another key signs by now.
    """
    private = signing_key()
    if fingerprint(_public(private)) != key:
        raise RuntimeError(f"Another key than {key} signs by now: make a checkpoint with it first.")
    return private.sign(message).hex()


def signing_key() -> Ed25519PrivateKey:
    """Return the private key, made at the first use; its public half is in the log. In a transaction.

    Raises RuntimeError when the file holds another key than the one that the log knows last.
    """
    one_at_a_time()
    path = settings.LEDGER_KEY_FILE
    known = introduced()
    following = _next(path)
    if following.exists() and known and _public(_read(following)).hex() == known[-1].public:
        _swap(known[-1].replaces)  # a rotation whose event stands, and whose file waits
    if known and not path.exists():
        raise RuntimeError(
            f"{path} is missing: this log is signed by {known[-1].key}. Bring it back from the copy."
        )
    private = _read(path) if path.exists() else _made(path)
    public = _public(private).hex()
    if not known:
        _introduce(Introduced(fingerprint(_public(private)), public))
    elif known[-1].public != public:
        raise RuntimeError(f"{path} holds another key than the one that signs this log: {known[-1].key}.")
    return private


@transaction.atomic
def rotate(*, by: str) -> str:
    """Hand over to a new key, signed by the old one and recorded; return its fingerprint.

    The old file is kept beside it under its fingerprint.
    """
    old = signing_key()
    before = introduced()[-1]
    path = settings.LEDGER_KEY_FILE
    new = _public(_made(_next(path)))
    signature = old.sign(introduction(new.hex(), before.key)).hex()
    _introduce(Introduced(fingerprint(new), new.hex(), before.key, signature), by)
    transaction.on_commit(_finish)
    return fingerprint(new)


def is_sealed(size: int) -> bool:
    """Whether the introduction of the key in force has its place in the log of `size` events."""
    last = Event.objects.filter(stream=STREAM, kind=kinds.LEDGER_KEY).order_by("-sequence").values("pk")[:1]
    return Leaf.objects.filter(event__in=last, number__lt=size).exists()


@transaction.atomic
def _finish() -> None:
    """Take the new key into use, unless whoever signed meanwhile has done so."""
    signing_key()


def _swap(before: str) -> None:
    """Put the next key into its place, and the one before it aside under its fingerprint. Under the lock."""
    path = settings.LEDGER_KEY_FILE
    aside = path.with_suffix(f".{before[:16]}.pem")
    if path.exists() and not aside.exists():
        os.replace(path, aside)
    os.replace(_next(path), path)


def _introduce(key: Introduced, by: str = "system") -> None:
    record(Entry(stream=STREAM, kind=kinds.LEDGER_KEY, actor=by, data=vars(key)))


def _public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def _next(path: Path) -> Path:
    return path.with_suffix(".next.pem")


def _read(path: Path) -> Ed25519PrivateKey:
    private = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(private, Ed25519PrivateKey):
        raise RuntimeError(f"{path} holds no Ed25519 key.")
    return private


def _made(path: Path) -> Ed25519PrivateKey:
    private = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return private


def one_at_a_time() -> None:
    """Held until the end of the transaction: whoever signs and whoever rotates wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('history.keys'))")
