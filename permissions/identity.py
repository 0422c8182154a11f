"""Identity numbers: kept as a keyed digest, so that equal ones can be matched and none be read."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def identity_hash(number: str) -> str:
    """Return the keyed digest of a 12-digit identity number (a text: it may begin with 0)."""
    return salted_hmac(
        "permissions.identity", number, secret=settings.IDENTITY_KEY, algorithm="sha256"
    ).hexdigest()
